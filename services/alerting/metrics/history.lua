-- Adds a sample to the history, unless there is one of the same time already: of several processes, the first is heard.
--
-- What time it is, this server says, so that clocks that differ do no harm. An entry's id is the beginning of its step,
-- in milliseconds.
--
-- KEYS         streams
-- ARGV[1]      the sample
-- ARGV[2...]   two for each stream: seconds from one entry to the next, and how many are kept
-- Returns      the milliseconds since the first stream's step began, and in how many streams the sample is
local time = redis.call('TIME')
local now = tonumber(time[1])
local taken = 0
for number = 1, #KEYS do
    local step, most = tonumber(ARGV[number * 2]), tonumber(ARGV[number * 2 + 1])
    local begin = (now - now % step) * 1000
    local last = redis.call('XREVRANGE', KEYS[number], '+', '-', 'COUNT', 1)[1]
    if not last or tonumber(string.match(last[1], '^%d+')) < begin then
        redis.call('XADD', KEYS[number], 'MAXLEN', most, string.format('%d-0', begin), 'sample', ARGV[1])
        redis.call('EXPIRE', KEYS[number], step * most)
        taken = taken + 1
    end
end
return {now % tonumber(ARGV[2]) * 1000 + math.floor(tonumber(time[2]) / 1000), taken}
