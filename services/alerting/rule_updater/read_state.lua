-- What is there, at one moment: the newest version, the base's hash, how many bytes its chunks have, and of the
-- stream its first id, last id and length.
-- KEYS: version, base, changes. ARGV: what the chunks' keys begin with
local base = redis.call('HGETALL', KEYS[2])
local about = redis.call('HMGET', KEYS[2], 'version', 'chunks')
local bytes = 0
for n = 0, (tonumber(about[2] or nil) or 0) - 1 do
    bytes = bytes + redis.call('STRLEN', ARGV[1] .. tostring(about[1]) .. ':' .. n)
end
local first = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)
local last = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)
return {
    redis.call('GET', KEYS[1]), base, bytes,
    first[1] and first[1][1] or false, last[1] and last[1][1] or false, redis.call('XLEN', KEYS[3]),
}
