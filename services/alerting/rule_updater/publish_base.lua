-- Put a base in the place of the former one, once all of its chunks are there.
-- KEYS: lease, version, base, changes
-- ARGV: my mark, the history that it continues or '', what the chunks' keys begin with, seconds that the former chunks
--       stay, the new version, its chunks, its bytes, then the fields and values of the new hash
-- Returns 1; -1 when the lease is not mine, -2 when the history is another, -4 when a chunk is gone.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return -1
end
local former = redis.call('HMGET', KEYS[3], 'version', 'chunks', 'history')
local continues = ARGV[2] ~= ''
if continues and former[3] ~= ARGV[2] then
    return -2
end
local chunks, bytes = tonumber(ARGV[6]), 0
for n = 0, chunks - 1 do
    bytes = bytes + redis.call('STRLEN', ARGV[3] .. ARGV[5] .. ':' .. n)
end
if bytes ~= tonumber(ARGV[7]) then
    return -4
end
for n = 0, chunks - 1 do
    redis.call('PERSIST', ARGV[3] .. ARGV[5] .. ':' .. n)
end
-- Readers in the middle of the former base finish.
for n = 0, (tonumber(former[2] or nil) or 0) - 1 do
    if former[1] ~= ARGV[5] or n >= chunks then
        redis.call('EXPIRE', ARGV[3] .. tostring(former[1]) .. ':' .. n, ARGV[4])
    end
end
redis.call('DEL', KEYS[3])
redis.call('HSET', KEYS[3], unpack(ARGV, 8))
if continues then
    -- And then they follow: what the former base needs stays until the next one.
    redis.call('XTRIM', KEYS[4], 'MINID', former[1] .. '-1')
else
    redis.call('DEL', KEYS[4])
    redis.call('SET', KEYS[2], ARGV[5])
end
return 1
