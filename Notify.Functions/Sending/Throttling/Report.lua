-- What became of requests to a provider. The same rules as GateState, in whole microseconds.
-- KEYS[1]: the provider's state. ARGV: now (empty: this server's clock), succeeded, failed, limited, pause, minimum, ratio (thousandths), break, longest break, probes, length of a bucket, unused requests,
--   refused for the account's sake, why.
-- Returns 1 where the circuit has opened, 2 where it stays open, 3 where it is closed again, else 0.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local key = KEYS[1]
local succeeded, failed, limited, pause = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1', tonumber(ARGV[5])
local refused, why = tonumber(ARGV[13]), ARGV[14]
local minimum, ratio, length, longest, maxProbes, bucket, unused = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])

local function set(...)
  local args = {...}
  for i = 2, #args, 2 do
    args[i] = string.format('%.0f', args[i])
  end
  redis.call('HSET', key, unpack(args))
  redis.call('PEXPIRE', key, 604800000)
end

local state = redis.call('HMGET', key, 'open', 'break', 'good', 'hold', 'factor', 'factorAt', 'probes', 'at', 'tokens', 'refused')
for field = 1, 10 do
  state[field] = tonumber(state[field] or 0)
end
local open, lastBreak, good, hold, factor, factorAt, probes, at, tokens, inARow = unpack(state)

local function openFor(time, reason)
  set('open', now + time, 'break', time, 'good', 0, 'probes', 0, 'probesUntil', 0, 'refused', 0)
  if reason ~= '' then
    redis.call('HSET', key, 'why', reason)
  end
end

if limited then
  set('hold', math.max(hold, now + pause), 'tokens', 0, 'at', math.max(at, now))
  if factor == 0 then
    factor = 1000
  end
  if now - factorAt >= 1000000 then
    factor = math.min(1000, factor + math.floor(math.max(0, now - factorAt) * 10 / 1000000))
    set('factor', math.max(100, math.floor(factor / 2)), 'factorAt', now)
  end
end
if open == 0 then
  if unused > 0 and not limited then
    set('tokens', tokens + unused * 1000000)
  end
  local epoch = math.floor(now / bucket)
  local all, bad = succeeded + failed, failed
  local ownAll, ownBad = all, bad
  local own = 'w' .. (epoch % 6)
  for i = 0, 5 do
    local value = redis.call('HGET', key, 'w' .. i)
    if value then
      local at, a, b = string.match(value, '(%d+) (%d+) (%d+)')
      if tonumber(at) > epoch - 6 then
        all, bad = all + a, bad + b
        if 'w' .. i == own then
          ownAll, ownBad = ownAll + a, ownBad + b
        end
      end
    end
  end
  -- What concerns the account concerns every message: it is refused where nothing else goes, or some in a row.
  inARow = succeeded > 0 and succeeded >= refused and 0 or inARow + refused
  local isRefused = refused > 0 and (inARow >= maxProbes or all == bad)
  if isRefused or (failed > 0 and all >= minimum and bad * 1000 >= ratio * all) then
    redis.call('HDEL', key, 'w0', 'w1', 'w2', 'w3', 'w4', 'w5', 'why')
    openFor(length, isRefused and why or '')
    return 1
  end
  set('refused', inARow)
  redis.call('HSET', key, own, string.format('%.0f %.0f %.0f', epoch, ownAll, ownBad))
  redis.call('PEXPIRE', key, 604800000)
  return 0
end
if now < open then
  return 0
end
if failed > 0 or refused > succeeded then
  -- Why the account is refused stays true until something is taken.
  openFor(math.min(lastBreak * 2, longest), why)
  return 2
end
good = good + succeeded + refused
if good >= maxProbes then
  set('open', 0, 'good', 0, 'probes', 0, 'probesUntil', 0)
  redis.call('HDEL', key, 'why')
  return 3
end
set('good', good, 'probes', math.max(0, probes - unused))
return 0
