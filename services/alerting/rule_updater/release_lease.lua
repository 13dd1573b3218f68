-- Give the lease back, if it is still mine. KEYS: lease. ARGV: my mark
if redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('DEL', KEYS[1])
end
return 0
