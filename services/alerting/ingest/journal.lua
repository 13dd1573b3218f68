-- Adds to the figures of some integrations, and to the alerts that were refused.
--
-- Integrations are named by whoever sends, so what is kept is bounded: of too many, those that were not heard of for the
-- longest time are forgotten; and all that nobody was heard of for so long.
--
-- KEYS[1]      the integrations, sorted by when they were last heard of
-- KEYS[2]      the last refused alerts of all of them, newest first
-- ARGV[1]      how many integrations are kept
-- ARGV[2]      how many refused alerts of each are kept
-- ARGV[3]      how many refused alerts of all of them are kept
-- ARGV[4]      for how many seconds
-- ARGV[5]      now, in seconds
-- ARGV[6...]   for each integration: its name; when it was last heard of, in seconds; its format; how many alerts were
--              accepted; the last of them in JSON, and when, in microseconds, or two empty strings; how many alerts were
--              refused, and when the last one was; how many refused ones follow; and those in JSON, the oldest first
local all, refused = KEYS[1], KEYS[2]
local seconds, now = tonumber(ARGV[4]), tonumber(ARGV[5])
local at = 6
while at <= #ARGV do
    local name = ARGV[at]
    local key = all .. ':' .. name
    redis.call('ZADD', all, 'GT', ARGV[at + 1], name)
    redis.call('HSET', key, 'format', ARGV[at + 2])
    redis.call('HINCRBY', key, 'accepted', ARGV[at + 3])
    -- Another process may have told of a later one.
    local function newer(field, value)
        return value ~= '' and tonumber(redis.call('HGET', key, field) or 0) <= tonumber(value)
    end
    if newer('last_at', ARGV[at + 5]) then
        redis.call('HSET', key, 'last', ARGV[at + 4], 'last_at', ARGV[at + 5])
    end
    redis.call('HINCRBY', key, 'rejected', ARGV[at + 6])
    if newer('rejected_at', ARGV[at + 7]) then
        redis.call('HSET', key, 'rejected_at', ARGV[at + 7])
    end
    redis.call('EXPIRE', key, seconds)
    local number = tonumber(ARGV[at + 8])
    for place = at + 9, at + 8 + number do
        redis.call('LPUSH', key .. ':rejects', ARGV[place])
        redis.call('LPUSH', refused, ARGV[place])
    end
    if number > 0 then
        redis.call('LTRIM', key .. ':rejects', 0, ARGV[2] - 1)
        redis.call('EXPIRE', key .. ':rejects', seconds)
        redis.call('LTRIM', refused, 0, ARGV[3] - 1)
        redis.call('EXPIRE', refused, seconds)
    end
    at = at + 9 + number
end
redis.call('ZREMRANGEBYSCORE', all, '-inf', now - seconds)
for _, name in ipairs(redis.call('ZRANGE', all, 0, -1 - ARGV[1])) do
    redis.call('ZREM', all, name)
    redis.call('DEL', all .. ':' .. name, all .. ':' .. name .. ':rejects')
end
redis.call('EXPIRE', all, seconds)
