-- Append versions to the stream, each exactly once and without a gap.
-- KEYS: lease, version, base, changes. ARGV: my mark, history, milliseconds, the field, then version and changes of each
-- Returns the newest version; -1 when the lease is not mine, -2 when the history is another, -3 at a gap.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return -1
end
local newest = tonumber(redis.call('GET', KEYS[2]) or nil)
if not newest or redis.call('HGET', KEYS[3], 'history') ~= ARGV[2] then
    return -2
end
for i = 5, #ARGV, 2 do
    local version = tonumber(ARGV[i])
    if version > newest + 1 then
        return -3
    elseif version == newest + 1 then
        redis.call('XADD', KEYS[4], ARGV[i] .. '-0', ARGV[4], ARGV[i + 1])
        redis.call('SET', KEYS[2], ARGV[i])
        newest = version
    end
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return newest
