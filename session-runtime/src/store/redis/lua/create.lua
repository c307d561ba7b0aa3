-- Keeps a new session: its life, and the fields and values that follow in ARGV, pair by pair.
local secret, lasts, life = ARGV[1], tonumber(ARGV[2]), ARGV[3]

if redis.call('EXISTS', key) == 1 then
  -- Whoever asks again, because the first answer was lost, is told whether it is their own.
  local kept = redis.call('HMGET', key, 'secret', 'life', 'ended')
  local known = life_of(kept[2])
  local is_own = kept[1] == secret and known and known.generation == '0' and not kept[3]
  return { 'exists', is_own and 1 or 0 }
end
redis.call('HSET', key, 'secret', secret, 'life', life)
for first = 4, #ARGV, PIECE do
  redis.call('HSET', key, unpack(ARGV, first, math.min(first + PIECE - 1, #ARGV)))
end
forget_after(lasts)
return { 'created' }
