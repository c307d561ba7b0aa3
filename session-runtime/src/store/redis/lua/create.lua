-- Keeps a new session: the fields and values of ARGV, pair by pair.
local secret, lasts = ARGV[1], tonumber(ARGV[2])

if redis.call('EXISTS', key) == 1 then
  -- Whoever asks again, because the first answer was lost, is told whether it is their own.
  local kept = redis.call('HMGET', key, 'secret', 'generation', 'ended')
  local is_own = kept[1] == secret and kept[2] == '0' and not kept[3]
  return { 'exists', is_own and 1 or 0 }
end
redis.call('HSET', key, 'secret', secret, 'generation', '0')
for first = 3, #ARGV, PIECE do
  redis.call('HSET', key, unpack(ARGV, first, math.min(first + PIECE - 1, #ARGV)))
end
forget_after(lasts)
return { 'created' }
