-- What every script here knows of a session: one hash, whose fields keys.rs names.
local key = KEYS[1]

-- In seconds: Redis forgets later than the question's clock says, so that clocks may differ.
local MARGIN = 300
-- Redis counts in milliseconds, and refuses what does not fit.
local LONGEST = 1e11

-- How many items of a list one command is given: Lua has room for some thousands. It is even, so that pairs stay together.
local PIECE = 1000

local function whole(number)
  return string.format('%.0f', number)
end

local function forget_after(seconds)
  local kept = math.min(math.max(seconds, 0), LONGEST) + MARGIN
  redis.call('PEXPIRE', key, whole(kept * 1000))
end

local function is_alive(expires, ended, now)
  return expires and not ended and now <= tonumber(expires)
end

-- Extends the session's life. `ends` is its last second at all, or nothing.
local function touch(now, idle, ends)
  local expires = now + tonumber(idle)
  if ends then
    expires = math.min(expires, tonumber(ends))
  end
  redis.call('HSET', key, 'touched', whole(now), 'expires', whole(expires))
  forget_after(expires - now)
  return expires
end

-- Leaves of a session only what tells its secrets from a stranger's.
local function bury(now, grace)
  local names = { 'secret', 'old', 'old_at', 'generation', 'created', 'touched' }
  local kept = redis.call('HMGET', key, unpack(names))
  redis.call('DEL', key)
  redis.call('HSET', key, 'ended', '1', 'expires', whole(now + grace))
  for i, name in ipairs(names) do
    if kept[i] then
      redis.call('HSET', key, name, kept[i])
    end
  end
  forget_after(grace)
end
