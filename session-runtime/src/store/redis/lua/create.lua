-- Keeps a new session: the fields and values of ARGV, pair by pair.
local secret, lasts = ARGV[1], tonumber(ARGV[2])

if redis.call('EXISTS', key) == 1 then
  -- The same question again, whose first answer was lost on the way.
  local kept = redis.call('HMGET', key, 'secret', 'generation', 'ended')
  if kept[1] == secret and kept[2] == '0' and not kept[3] then
    return { 'created' }
  end
  return { 'exists' }
end
redis.call('HSET', key, 'secret', secret, 'generation', '0')
for i = 3, #ARGV, 2 do
  redis.call('HSET', key, ARGV[i], ARGV[i + 1])
end
forget_after(lasts)
return { 'created' }
