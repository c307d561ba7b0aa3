-- Removes the values of these fields and returns them, pair by pair.
local generation, now = ARGV[1], tonumber(ARGV[2])

local session = redis.call('HMGET', key, 'expires', 'ended', 'generation')
if not is_alive(session[1], session[2], now) then
  return { 'gone' }
end
if session[3] ~= generation then
  return { 'superseded' }
end
local values = {}
for i = 3, #ARGV do
  local value = redis.call('HGET', key, ARGV[i])
  if value then
    redis.call('HDEL', key, ARGV[i])
    values[#values + 1] = ARGV[i]
    values[#values + 1] = value
  end
end
return { 'values', values }
