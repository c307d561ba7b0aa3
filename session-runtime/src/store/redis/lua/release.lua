-- Gives a lease back, if it is still this one.
if redis.call('HGET', key, 'lease') == ARGV[1] then
  redis.call('HDEL', key, 'lease', 'lease_until')
end
return { 'released' }
