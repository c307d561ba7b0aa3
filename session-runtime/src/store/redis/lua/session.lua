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

-- What the field `life` says, or nothing where there is no session. The generation stays a text, and is compared as one.
local function life_of(text)
  if not text then
    return nil
  end
  local generation, created, touched, expires, idle, ends =
    string.match(text, '^(%d+) (%d+) (%d+) (%d+) (%d+) ([%d-]+)$')
  return {
    generation = generation,
    created = tonumber(created),
    touched = tonumber(touched),
    expires = tonumber(expires),
    idle = tonumber(idle),
    ends = tonumber(ends), -- nothing where it says `-`
  }
end

local function keep(life)
  local ends = life.ends and whole(life.ends) or '-'
  local numbers = { whole(life.created), whole(life.touched), whole(life.expires), whole(life.idle), ends }
  redis.call('HSET', key, 'life', life.generation .. ' ' .. table.concat(numbers, ' '))
end

local function is_alive(life, ended, now)
  return life and not ended and now <= life.expires
end

-- Extends the session's life.
local function touch(life, now)
  local expires = now + life.idle
  life.touched, life.expires = now, life.ends and math.min(expires, life.ends) or expires
  keep(life)
  forget_after(life.expires - now)
end

-- Leaves of a session only what tells its secrets from a stranger's.
local function bury(life, now, grace)
  local names = { 'secret', 'old', 'old_at' }
  local kept = redis.call('HMGET', key, unpack(names))
  redis.call('DEL', key)
  redis.call('HSET', key, 'ended', '1')
  life.expires = now + grace
  keep(life)
  for i, name in ipairs(names) do
    if kept[i] then
      redis.call('HSET', key, name, kept[i])
    end
  end
  forget_after(grace)
end
