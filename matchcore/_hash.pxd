"""The hash of a snapshot: folded 128-bit multiplication under a random seed.

A snapshot stores its seed, so that another process finds the same slots, and
nobody can choose strings that collide in a table they have not seen.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from ._platform cimport MC_K0, MC_K1, MC_K2, mc_load32, mc_load64, mc_multiply


cdef struct text_t:      # UTF-8 bytes that somebody else owns
    const uint8_t* data
    size_t size


cdef inline uint64_t fold(uint64_t a, uint64_t b) noexcept nogil:
    cdef uint64_t low
    cdef uint64_t high = mc_multiply(a, b, &low)
    return low ^ high


cdef inline uint64_t hash_text(const uint8_t* p, size_t size, uint64_t seed) noexcept nogil:
    cdef uint64_t a, b, low, high
    cdef size_t left = size
    while left > 16:
        seed = fold(mc_load64(p) ^ MC_K0, mc_load64(p + 8) ^ seed)
        p += 16
        left -= 16
    if left >= 8:
        a = mc_load64(p)
        b = mc_load64(p + left - 8)
    elif left >= 4:
        a = mc_load32(p)
        b = mc_load32(p + left - 4)
    elif left > 0:
        a = (<uint64_t>p[0] << 16) | (<uint64_t>p[left >> 1] << 8) | p[left - 1]
        b = 0
    else:
        a = 0
        b = 0
    high = mc_multiply(a ^ MC_K1, b ^ seed, &low)
    return fold(low ^ MC_K0 ^ size, high ^ MC_K2)


cdef inline uint64_t hash_pair(uint64_t source, uint64_t name) noexcept nogil:
    """Combine two hashes; (a, b) and (b, a) differ."""
    return fold(source ^ MC_K2, name ^ MC_K1)


cdef inline uint64_t reduce_range(uint64_t h, uint64_t count) noexcept nogil:
    """Map a hash to 0 .. count-1, monotonic in the hash (Lemire's fastrange)."""
    cdef uint64_t low
    return mc_multiply(h, count, &low)


cdef inline bint same_bytes(const uint8_t* a, const uint8_t* b, size_t size) noexcept nogil:
    """Compare without a call: most alert fields are shorter than 16 bytes."""
    while size > 16:
        if mc_load64(a) != mc_load64(b) or mc_load64(a + 8) != mc_load64(b + 8):
            return False
        a += 16
        b += 16
        size -= 16
    if size >= 8:
        return mc_load64(a) == mc_load64(b) and mc_load64(a + size - 8) == mc_load64(b + size - 8)
    if size >= 4:
        return mc_load32(a) == mc_load32(b) and mc_load32(a + size - 4) == mc_load32(b + size - 4)
    if size == 0:
        return True
    return a[0] == b[0] and a[size >> 1] == b[size >> 1] and a[size - 1] == b[size - 1]
