-- Records jobs, and forgets the oldest when there are too many.
--
-- KEYS[1]      the ids, which sort by time
-- KEYS[2]      the records, by id
-- ARGV[1]      how many are kept
-- ARGV[2]      for how many seconds after the last one
-- ARGV[3...]   two for each job: its id and its record
for at = 3, #ARGV, 2 do
    redis.call('ZADD', KEYS[1], 0, ARGV[at])
    redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1])
end
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1 - ARGV[1])) do
    redis.call('ZREM', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
