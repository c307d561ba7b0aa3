-- Applies what a request has changed, if the session is still what the request has loaded.
local generation, lease, now, grace = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local is_cleared, user, label = ARGV[5] == '1', ARGV[6], ARGV[7]
local secret, keeps_user = ARGV[8], ARGV[9]
local idle, ends, is_ending = ARGV[10], ARGV[11], ARGV[12] == '1'

-- Then four lists, each after the number of its items. They are passed on as they stand in ARGV.
local at = 13
local function list()
  local first = at + 1
  at = first + tonumber(ARGV[at])
  return first, at - 1
end
local expected, expected_end = list()
local removed, removed_end = list()
local set, set_end = list()
local passing, passing_end = list()

local names = { 'life', 'ended', 'lease' }
for i = expected, expected_end, 2 do
  names[#names + 1] = ARGV[i]
end
local session = redis.call('HMGET', key, unpack(names, 1, math.min(PIECE, #names)))
for first = PIECE + 1, #names, PIECE do
  local more = redis.call('HMGET', key, unpack(names, first, math.min(first + PIECE - 1, #names)))
  for i = 1, #more do
    session[first + i - 1] = more[i]
  end
end
local life = life_of(session[1])
if not is_alive(life, session[2], now) then
  return { 'gone' }
end
if life.generation ~= generation then
  return { 'superseded' }
end
if lease ~= '' and session[3] ~= lease then
  return { 'lease_lost' }
end
for i = 4, #names do
  local value = session[i]
  if (value and '=' .. value or '-') ~= ARGV[expected + 2 * (i - 4) + 1] then
    return { 'conflict', names[i] }
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
for first = removed, removed_end, PIECE do
  redis.call('HDEL', key, unpack(ARGV, first, math.min(first + PIECE - 1, removed_end)))
end
for first = set, set_end, PIECE do
  redis.call('HSET', key, unpack(ARGV, first, math.min(first + PIECE - 1, set_end)))
end

if is_ending then
  local passes = {}
  for i = passing, passing_end do
    passes[ARGV[i]] = true
  end
  local is_empty = true
  for _, field in ipairs(redis.call('HKEYS', key)) do
    is_empty = is_empty and (not is_value(field) or passes[field] or false)
  end
  if is_empty then
    bury(life, now, grace)
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
  life.generation = whole(tonumber(life.generation) + 1)
end
if idle ~= '' then
  life.idle, life.ends = tonumber(idle), ends ~= '-' and tonumber(string.sub(ends, 2)) or nil
  touch(life, now)
elseif secret ~= '' then
  keep(life)
end
if idle == '' and user == '' then
  return { 'applied' }
end

-- The user's index is another key, so the store tells it until when the entry holds.
local kept = redis.call('HGET', key, 'user')
if not kept then
  return { 'applied' }
end
redis.call('HSET', key, 'indexed', whole(now))
return { 'applied', kept, whole(life.expires), whole(life.idle) }
