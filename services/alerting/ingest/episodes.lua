-- Finds the episode that each of some alerts belongs to, and remembers what was said of it.
--
-- An episode is what a person calls "it happened": from an alert's first firing to its resolving. Its name is the time
-- at which its first firing said to have started. Times are integers of Unix microseconds, kept as the text that they
-- came as: Lua's numbers compare them well enough, but do not write them well.
--
-- KEYS[1]      the integration's open episodes: sorted by the time until which they fire
-- KEYS[2...]   an alert's episode: {opened, closed, ends, updated, shown}
-- ARGV[1]      now
-- ARGV[2]      milliseconds that an episode is remembered beyond its end
-- ARGV[3...]   five for each alert: fingerprint, "1" for firing, startsAt, endsAt, what is shown of it
-- Returns      the name of each alert's episode
local open, now, memory = KEYS[1], ARGV[1], tonumber(ARGV[2])
local names = {}
redis.call('ZREMRANGEBYSCORE', open, '-inf', '(' .. now)
for number = 2, #KEYS do
    local key, at = KEYS[number], 3 + (number - 2) * 5
    local fingerprint, firing, starts, ends = ARGV[at], ARGV[at + 1] == '1', ARGV[at + 2], ARGV[at + 3]
    local known = redis.call('HMGET', key, 'opened', 'closed', 'ends')
    local opened, closed = known[1], known[2]
    local lasts = memory
    if firing then
        if not opened or (closed and tonumber(starts) > tonumber(closed)) then
            redis.call('DEL', key)
            opened, closed, known = starts, false, {}
        end
        if not closed then
            -- The replicas of a pair do not agree on the end: the later one counts.
            if known[3] and tonumber(known[3]) > tonumber(ends) then
                ends = known[3]
            end
            redis.call('HSET', key, 'opened', opened, 'ends', ends, 'updated', now, 'shown', ARGV[at + 4])
            redis.call('ZADD', open, ends, fingerprint)
            lasts = memory + math.max(0, math.floor((tonumber(ends) - tonumber(now)) / 1000))
        end
    elseif not opened then
        -- Nobody heard of its firing; a late replica may still tell of it.
        opened = starts
        redis.call('HSET', key, 'opened', starts, 'closed', ends)
    elseif tonumber(ends) >= tonumber(opened) and not (closed and tonumber(closed) >= tonumber(ends)) then
        redis.call('HSET', key, 'closed', ends)
        redis.call('HDEL', key, 'shown')
        redis.call('ZREM', open, fingerprint)
    end
    -- Never sooner than what was said before.
    lasts = math.min(lasts, 30 * 24 * 3600 * 1000)
    if redis.call('PTTL', key) < lasts then
        redis.call('PEXPIRE', key, string.format('%d', lasts))
    end
    names[number - 1] = opened
end
if redis.call('ZCARD', open) > 0 then
    redis.call('PEXPIRE', open, 31 * 24 * 3600 * 1000)
end
return names
