-- Applies what a request has changed, if the session is still what the request has loaded.
local at = 0
local function argument()
  at = at + 1
  return ARGV[at]
end
local function list()
  local items = {}
  for i = 1, tonumber(argument()) do
    items[i] = argument()
  end
  return items
end

local generation, lease = argument(), argument()
local now, grace = tonumber(argument()), tonumber(argument())
local is_cleared, user, label = argument() == '1', argument(), argument()
local secret, keeps_user = argument(), argument()
local idle, ends = argument(), argument()
local is_ending, expected, removed, set, passing = argument() == '1', list(), list(), list(), list()

local session = redis.call('HMGET', key, 'expires', 'ended', 'generation', 'lease')
if not is_alive(session[1], session[2], now) then
  return { 'gone' }
end
if session[3] ~= generation then
  return { 'superseded' }
end
if lease ~= '' and session[4] ~= lease then
  return { 'lease_lost' }
end
for i = 1, #expected, 2 do
  local value = redis.call('HGET', key, expected[i])
  if (value and '=' .. value or '-') ~= expected[i + 1] then
    return { 'conflict', expected[i] }
  end
end

-- From here on the commit happens.
local function is_value(field)
  return string.sub(field, 1, 2) == 'v:'
end
if lease ~= '' then
  redis.call('HDEL', key, 'lease', 'lease_until')
end
if is_cleared then
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if is_value(field) then
      redis.call('HDEL', key, field)
    end
  end
end
for _, field in ipairs(removed) do
  redis.call('HDEL', key, field)
end
for i = 1, #set, 2 do
  redis.call('HSET', key, set[i], set[i + 1])
end

if is_ending then
  local passes = {}
  for _, field in ipairs(passing) do
    passes[field] = true
  end
  local is_empty = true
  for _, field in ipairs(redis.call('HKEYS', key)) do
    is_empty = is_empty and (not is_value(field) or passes[field] or false)
  end
  if is_empty then
    bury(now, grace)
    return { 'ended' }
  end
end

-- A change is nothing, '-' for a field that goes, or '=' and its text.
local function change(field, to)
  if to == '-' then
    redis.call('HDEL', key, field)
  elseif to ~= '' then
    redis.call('HSET', key, field, string.sub(to, 2))
  end
end
change('user', user)
change('label', label)
if secret ~= '' then
  local old = redis.call('HGET', key, 'secret')
  redis.call('HSET', key, 'old', old, 'old_at', whole(now), 'old_reads', keeps_user, 'secret', secret)
  redis.call('HINCRBY', key, 'generation', 1)
end
if idle ~= '' then
  redis.call('HSET', key, 'idle', idle)
  change('ends', ends)
  touch(now, idle, ends ~= '-' and string.sub(ends, 2) or nil)
end
if idle == '' and user == '' then
  return { 'applied' }
end

-- The user's index is another key, so the store tells it until when the entry holds.
local kept = redis.call('HMGET', key, 'user', 'expires', 'idle')
if not kept[1] then
  return { 'applied' }
end
redis.call('HSET', key, 'indexed', whole(now))
return { 'applied', kept[1], kept[2], kept[3] }
