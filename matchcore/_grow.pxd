"""Arrays that grow."""

from libc.stdint cimport uint64_t
from libc.stdlib cimport realloc


cdef inline bint grow(void** array, uint64_t* room, uint64_t wanted, size_t item) noexcept nogil:
    """Make an array hold `wanted` items, doubling it; False when memory is out."""
    cdef uint64_t size = room[0] if room[0] else 64
    cdef void* grown
    if wanted <= room[0]:
        return True
    while size < wanted:
        size *= 2
    grown = realloc(array[0], size * item)
    if grown == NULL:
        return False
    array[0] = grown
    room[0] = size
    return True
