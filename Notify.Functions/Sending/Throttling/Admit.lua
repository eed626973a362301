-- Who may ask which provider, and when. The same rules as GateState, in whole microseconds.
-- KEYS: the providers' states, in order of preference, all in one slot.
-- ARGV: now (empty: this server's clock), urgent, depth, horizon, probes, life of a probe; then for each provider: requests, interval of bulk, interval of urgent, has a turn.
-- Returns candidate (from 1; 0: none), considered, granted, wait, interval, later, interval of later, reopens, are probes.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local urgent = ARGV[2] == '1'
local depth, horizon, maxProbes, probeLife = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local reopens = -1

local function set(key, ...)
  local args = {...}
  for i = 2, #args, 2 do
    args[i] = string.format('%.0f', args[i])
  end
  redis.call('HSET', key, unpack(args))
  redis.call('PEXPIRE', key, 604800000)
end

local function closed(wait)
  if reopens < 0 or wait < reopens then
    reopens = wait
  end
end

for i, key in ipairs(KEYS) do
  local at = 6 + (i - 1) * 4
  local requests, bulkInterval, urgentInterval, hasTurn = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), ARGV[at + 4] == '1'
  local state = redis.call('HMGET', key, 'open', 'probes', 'probesUntil', 'hold', 'factor', 'factorAt', 'gateB', 'planB', 'gateU', 'planU')
  for field = 1, 10 do
    state[field] = tonumber(state[field] or 0)
  end
  local open, probes, probesUntil, hold, factor, factorAt, gateB, planB, gateU, planU = unpack(state)
  local admits = true
  if open > 0 then
    if now >= probesUntil then
      probes = 0
    end
    if now < open then
      admits = false
      closed(open - now)
    elseif probes >= maxProbes then
      admits = false
      closed(2000000)
    else
      requests = math.min(requests, maxProbes - probes)
    end
  end
  if admits then
    if factor == 0 then
      factor = 1000
    end
    factor = math.min(1000, factor + math.floor(math.max(0, now - factorAt) * 10 / 1000000))
    local earliest = math.max(hold, now - depth)
    -- Urgent requests have a share of their own, and the other one where no bulk waits for it.
    local own = urgent and not (planB <= now and math.max(gateB, earliest) < math.max(gateU, earliest))
    local gate = own and gateU or gateB
    local plan = urgent and planU or planB
    local interval = math.floor((own and urgentInterval or bulkInterval) * 1000 / factor)
    local start = math.max(gate, earliest)
    local patience = now + horizon * (hasTurn and 2 or 1)
    local granted = 0
    if (hasTurn or plan <= now) and start <= patience then
      granted = interval == 0 and requests or math.min(requests, math.floor((patience - start) / interval) + 1)
    end
    gate = granted > 0 and start + granted * interval or gate
    local rest = requests - granted
    local laterInterval = math.floor((urgent and urgentInterval or bulkInterval) * 1000 / factor)
    local later = math.max(gate, earliest, now)
    if rest > 0 and not hasTurn then
      later = math.max(plan, later)
      set(key, urgent and 'planU' or 'planB', later + rest * laterInterval)
    end
    if granted > 0 then
      set(key, own and 'gateU' or 'gateB', gate)
      if open > 0 then
        set(key, 'probes', probes + granted, 'probesUntil', now + probeLife)
      end
    end
    return {i, requests, granted, start - now, open > 0 and 0 or interval, later - now, laterInterval, 0, open > 0 and 1 or 0}
  end
end
return {0, 0, 0, 0, 0, 0, 0, reopens, 0}
