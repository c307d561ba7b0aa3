-- Notes under a user that a session is theirs until then, and drops notes of which the time has passed.
local index, session = KEYS[1], ARGV[1]
local holds_until, now, wanted = ARGV[2], ARGV[3], tonumber(ARGV[4])

redis.call('ZREMRANGEBYSCORE', index, '-inf', '(' .. now)
redis.call('ZADD', index, holds_until, session)
if redis.call('PTTL', index) < wanted then
  redis.call('PEXPIRE', index, ARGV[4])
end
return { 'noted' }
