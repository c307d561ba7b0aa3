-- The ordinary commit: values are set and removed, and nothing else changes. What it finds otherwise than the request has loaded it
-- leaves alone, and answers 0; commit.lua is asked then, which tells why, and costs the server twice as much.
-- It does without session.lua, whose functions would be made anew at each call, and reads of a life what it needs.
local key, generation, now, lease = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3]

-- Two lists, each after the number of its items, and then fields and values that are set, pair by pair.
local expected_end = 4 + tonumber(ARGV[4])
local removed = expected_end + 1
local removed_end = removed + tonumber(ARGV[removed])

local names = { 'life', 'ended', 'lease' }
for i = 5, expected_end, 2 do
  names[#names + 1] = ARGV[i]
end
local session = redis.call('HMGET', key, unpack(names))
if not session[1] or session[2] then
  return 0
end
local loaded, expires = string.match(session[1], '^(%d+) %d+ %d+ (%d+)')
if loaded ~= generation or now > tonumber(expires) or lease ~= '' and session[3] ~= lease then
  return 0
end
for i = 4, #names do
  local value = session[i]
  if (value and '=' .. value or '-') ~= ARGV[2 * i - 2] then
    return 0
  end
end

if lease ~= '' then
  redis.call('HDEL', key, 'lease', 'lease_until')
end
if removed_end > removed then
  redis.call('HDEL', key, unpack(ARGV, removed + 1, removed_end))
end
if #ARGV > removed_end then
  redis.call('HSET', key, unpack(ARGV, removed_end + 1))
end
return 1
