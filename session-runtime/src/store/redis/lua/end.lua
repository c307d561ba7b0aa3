-- Ends a living session; with a third argument only one of that user.
local now, grace, of = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]

local session = redis.call('HMGET', key, 'life', 'ended', 'user')
local life = life_of(session[1])
if not is_alive(life, session[2], now) or of and session[3] ~= of then
  return { 'gone' }
end
bury(life, now, grace)
return { 'ended', session[3] or nil }
