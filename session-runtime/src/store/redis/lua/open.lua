-- Loads a session, extends its life if that is due, and leases it if that is asked for.
local secret, refresh, lease, lease_until = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local grace, now = tonumber(ARGV[5]), tonumber(ARGV[6])

local all = redis.call('HGETALL', key)
local session = {}
for i = 1, #all, 2 do
  session[all[i]] = all[i + 1]
end

local life = life_of(session.life)
if not life or now > life.expires then
  return { 'unknown' }
end
local is_present = session.secret == secret
local is_old = session.old == secret
if session.ended then
  return { (is_present or is_old) and 'ended' or 'unknown' }
end
if is_old and math.max(now - tonumber(session.old_at), 0) <= grace then
  if session.old_reads == '1' then
    return { 'superseded', all }
  end
  return { 'superseded' }
end
if not is_present then
  return { 'unknown' }
end

if lease ~= '' then
  -- It may be one's own already, if the answer was lost on the way.
  local is_held = session.lease and session.lease ~= lease and now <= tonumber(session.lease_until)
  if is_held then
    return { 'leased' }
  end
  redis.call('HSET', key, 'lease', lease, 'lease_until', lease_until)
end

local tenth = math.floor(life.idle / 10)
local ago = math.max(now - life.touched, 0)
local is_due = refresh == 'each' or refresh == 'tenth' and ago > 0 and ago >= tenth
if not is_due then
  return { 'alive', 0, 0, all }
end
touch(life, now)
local is_index_due = session.user and now - tonumber(session.indexed or 0) >= tenth
if is_index_due then
  redis.call('HSET', key, 'indexed', whole(now))
end
return { 'alive', 1, is_index_due and 1 or 0, redis.call('HGETALL', key) }
