"""Whether bytes are UTF-8, as inline C: nothing here exists at run time.

What is accepted is what RFC 3629 allows, which is what Python's and protobuf's strict decoders accept:

    bytes  code points          first    second   third    fourth
    1      U+0000  to U+007F    00..7F
    2      U+0080  to U+07FF    C2..DF   80..BF
    3      U+0800  to U+FFFF    E0..EF   80..BF   80..BF             but not below U+0800, nor a surrogate
    4      U+10000 to U+10FFFF  F0..F4   80..BF   80..BF   80..BF    but not below U+10000, nor above U+10FFFF
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy


cdef inline bint utf8_valid(const uint8_t* p, size_t n) noexcept nogil:
    """Whether n bytes are UTF-8; p may be NULL when n is 0."""
    return is_ascii(p, n) or is_utf8(p, n)


cdef inline bint is_ascii(const uint8_t* p, size_t n) noexcept nogil:
    # Loads that overlap cover any size without a loop over the last bytes; most strings take two of them.
    if n >= 8:
        return is_long_ascii(p, n)
    if n >= 4:
        return ((load32(p) | load32(p + n - 4)) & 0x80808080U) == 0
    return n == 0 or (p[0] | p[n >> 1] | p[n - 1]) < 0x80


cdef inline bint is_long_ascii(const uint8_t* p, size_t n) noexcept nogil:
    cdef uint64_t seen = load64(p + n - 8)
    cdef size_t i = 0
    while i < n - 8:
        seen |= load64(p + i)
        i += 8
    return (seen & 0x8080808080808080ULL) == 0


cdef inline bint is_utf8(const uint8_t* p, size_t n) noexcept nogil:
    # Each branch steps by a constant: a computed size would make every character wait for the one before it.
    while n > 0:
        if p[0] < 0x80:
            if n >= 8 and (load64(p) & 0x8080808080808080ULL) == 0:
                p += 8
                n -= 8
            else:
                p += 1
                n -= 1
        elif p[0] < 0xE0:
            if n < 2 or not is_two(p):
                return False
            p += 2
            n -= 2
        elif p[0] < 0xF0:
            if n < 3 or not is_three(p):
                return False
            p += 3
            n -= 3
        else:
            if n < 4 or not is_four(p):
                return False
            p += 4
            n -= 4
    return True


cdef inline bint is_tail(uint8_t byte) noexcept nogil:
    return (byte & 0xC0) == 0x80


cdef inline bint is_two(const uint8_t* p) noexcept nogil:
    return p[0] >= 0xC2 and is_tail(p[1])


cdef inline bint is_three(const uint8_t* p) noexcept nogil:
    cdef uint32_t point = (p[0] & 0x0FU) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU)
    return is_tail(p[1]) and is_tail(p[2]) and point >= 0x800 and (point & 0xF800U) != 0xD800


cdef inline bint is_four(const uint8_t* p) noexcept nogil:
    # A first byte of F8 or more has the bit 0x08 set, which makes the point too large.
    cdef uint32_t point = (p[0] & 0x0FU) << 18 | (p[1] & 0x3FU) << 12 | (p[2] & 0x3FU) << 6 | (p[3] & 0x3FU)
    return is_tail(p[1]) and is_tail(p[2]) and is_tail(p[3]) and 0x10000 <= point <= 0x10FFFF


# A cast would be undefined where p is not aligned; compilers make one load of the copy.

cdef inline uint32_t load32(const uint8_t* p) noexcept nogil:
    cdef uint32_t word
    memcpy(&word, p, 4)
    return word


cdef inline uint64_t load64(const uint8_t* p) noexcept nogil:
    cdef uint64_t word
    memcpy(&word, p, 8)
    return word
