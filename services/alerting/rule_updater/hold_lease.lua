-- Take the lease, or keep it. Returns the holder's mark, or nil when somebody else has it.
-- KEYS: lease, its counter. ARGV: my mark or '', milliseconds, my name
local holder = redis.call('GET', KEYS[1])
if holder == ARGV[1] then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return holder
elseif holder then
    return false
end
local mark = redis.call('INCR', KEYS[2]) .. ' ' .. ARGV[3]
redis.call('SET', KEYS[1], mark, 'PX', ARGV[2])
return mark
