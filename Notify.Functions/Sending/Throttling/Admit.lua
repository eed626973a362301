-- Who may ask which provider now, who waits, and who comes again when. The same rules as GateState, in whole microseconds and millionths of a request.
-- KEYS: the providers' states, in order of preference, all in one slot.
-- ARGV: now (empty: this server's clock), class (1 critical, 2 high, 3 the rest), mode (enter, pass, wait, leave, only), ticket, since (0: now),
--   depth, patience, farthest plan of critical and high, of the rest, life of a ticket, probes, life of a probe, the classes' shares (thousandths);
--   then for each provider: requests, rate (thousandths; 0: none).
-- Returns candidate (from 1; 0: none), considered, granted, kept, again, later, interval of later, reopens, are probes, since, why.
local TOKEN = 1000000
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local class, mode, ticket, since = tonumber(ARGV[2]), ARGV[3], 't' .. ARGV[4], tonumber(ARGV[5])
local depth, patience, farUrgent, farRest, life = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local maxProbes, probeLife = tonumber(ARGV[11]), tonumber(ARGV[12])
local shares = {tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])}
local plans = {'planC', 'planH', 'planR'}
local reopens, why = -1, ''
if since == 0 then
  since = now
end

local function set(key, ...)
  local args = {...}
  for i = 2, #args, 2 do
    args[i] = string.format('%.0f', args[i])
  end
  redis.call('HSET', key, unpack(args))
  redis.call('PEXPIRE', key, 604800000)
end

local function clamp(value, least, most)
  return math.max(least, math.min(value, most))
end

for i, key in ipairs(KEYS) do
  local at = 15 + (i - 1) * 2
  local requests, rate = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local state, tickets = {}, {}
  local all = redis.call('HGETALL', key)
  for field = 1, #all, 2 do
    if all[field] == 'why' then
      state.why = all[field + 1]
    elseif string.sub(all[field], 1, 1) == 't' and #all[field] > 10 then
      tickets[all[field]] = all[field + 1]
    else
      state[all[field]] = tonumber(all[field + 1])
    end
  end
  local function get(name)
    return state[name] or 0
  end
  local open, probes = get('open'), get('probes')
  local admits = true
  if open > 0 then
    if now >= get('probesUntil') then
      probes = 0
    end
    local wait = now < open and open - now or probes >= maxProbes and 2000000 or 0
    if wait > 0 then
      admits = false
      if i == 1 then
        why = state.why or ''
      end
      if reopens < 0 or wait < reopens then
        reopens = wait
      end
    else
      requests = math.min(requests, maxProbes - probes)
    end
  end
  if admits then
    local granted, kept, again, later, interval = requests, 0, 0, 0, 0
    if rate > 0 then
      local factor = get('factor')
      if factor == 0 then
        factor = 1000
      end
      factor = math.min(1000, factor + math.floor(math.max(0, now - get('factorAt')) * 10 / 1000000))
      local pace = math.max(1, math.floor(rate * factor / 1000))
      local hold = get('hold')
      local full = math.max(TOKEN, math.floor(depth * pace / 1000))
      local passed = math.min(math.max(0, now - math.max(get('at'), hold)), math.floor(full * 1000 / pace) + 1)
      local gained = math.floor(passed * pace / 1000)
      local tokens = math.min(get('tokens') + gained, full)
      -- Tickets.
      local waiting, ahead = {0, 0, 0}, 0
      local known = tickets[ticket]
      for name, value in pairs(tickets) do
        local k, s, n, seen = string.match(value, '^(%d+) (%d+) (%d+) (%d+)$')
        k, s, n = tonumber(k), tonumber(s), tonumber(n)
        if name ~= ticket then
          if tonumber(seen) < now - life then
            redis.call('HDEL', key, name)
          else
            waiting[k] = waiting[k] + n
            if k == class and (s < since or (s == since and name < ticket)) then
              ahead = ahead + n
            end
          end
        end
      end
      waiting[class] = waiting[class] + requests
      -- Shares of those who wait.
      local credit, due, others, dueAbove, waitingAbove, sharesOfOthers = {0, get('creditH'), get('creditR')}, {0, 0, 0}, 0, 0, 0, 0
      local above = 0
      for k = 1, 3 do
        if k > 1 then
          credit[k] = waiting[k] == 0 and get(plans[k]) <= now and 0 or math.min(credit[k] + math.floor(gained * shares[k] / 1000), math.max(TOKEN, math.floor(pace * shares[k] / 2)))
          due[k] = math.min(waiting[k], math.floor(credit[k] / TOKEN))
        end
        if k ~= class then
          others = others + due[k]
          sharesOfOthers = sharesOfOthers + (waiting[k] > 0 and shares[k] or 0)
        end
        if k < class then
          dueAbove = dueAbove + due[k]
          above = above + waiting[k] - due[k]
          waitingAbove = waitingAbove + waiting[k]
        end
      end
      local budget = now < hold and 0 or math.floor(tokens / TOKEN)
      local mine = clamp(math.max(math.min(due[class], budget - dueAbove), budget - others - above), 0, waiting[class])
      granted = clamp(mine - ahead, 0, requests)
      tokens = tokens - granted * TOKEN
      credit[class] = math.max(0, credit[class] - granted * TOKEN)
      -- What is left waits here, or comes again.
      local left = requests - granted
      local own = math.max(1, math.floor(pace * (waitingAbove > 0 and shares[class] or 1000 - sharesOfOthers) / 1000))
      local held = math.max(0, hold - now)
      if mode == 'enter' then
        local worth = math.floor(math.max(0, patience * (class == 1 and 2 or 1) - held) * own / 1000000000)
        kept = clamp(math.max(1, worth) - ahead, 0, left)
      elseif mode == 'wait' then
        kept = left
      end
      local name = plans[class]
      interval = math.floor(1000000000 / own)
      if left > kept and mode ~= 'only' then
        local far = class == 3 and farRest or farUrgent
        later = math.min(math.max(get(name) - now, held + math.floor((ahead + kept + 1) * 1000000000 / own)), far)
        set(key, name, math.min(math.max(get(name), now + later) + math.floor((left - kept) * 1000000000 / own), now + far))
      end
      if kept > 0 then
        redis.call('HSET', key, ticket, string.format('%d %.0f %d %.0f', class, since, kept, now))
      elseif known then
        redis.call('HDEL', key, ticket)
      end
      local needed = ((others + above + ahead + 1) * TOKEN - tokens) * 1000
      if class > 1 then
        -- By the share of its class, which may come sooner.
        needed = math.min(needed, math.max(((dueAbove + ahead + 1) * TOKEN - tokens) * 1000, math.floor(((ahead + 1) * TOKEN - credit[class]) * 1000000 / shares[class])))
      end
      again = held > 0 and clamp(held, 20000, 1000000) or clamp(math.floor(needed / pace), 20000, math.floor(depth / 2))
      set(key, 'tokens', tokens, 'at', math.max(get('at'), now), 'creditH', credit[2], 'creditR', credit[3])
    end
    if open > 0 and granted > 0 then
      set(key, 'probes', probes + granted, 'probesUntil', now + probeLife)
    end
    return {i, requests, granted, kept, again, later, interval, 0, open > 0 and 1 or 0, since, ''}
  end
end
return {0, 0, 0, 0, 0, 0, 0, reopens, 0, since, why}
