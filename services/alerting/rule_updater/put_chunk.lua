-- Store a chunk of a base that is being written; it goes by itself when the base is never published.
-- KEYS: lease, chunk. ARGV: my mark, seconds, bytes
-- Returns 1; -1 when the lease is not mine.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return -1
end
redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[2])
return 1
