-- Removes the values of these fields and returns them, pair by pair.
local generation, now = ARGV[1], tonumber(ARGV[2])

local session = redis.call('HMGET', key, 'life', 'ended')
local life = life_of(session[1])
if not is_alive(life, session[2], now) then
  return { 'gone' }
end
if life.generation ~= generation then
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
