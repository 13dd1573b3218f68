"""What is decided about a snapshot before it is written."""

from libc.stdint cimport int64_t, uint32_t, uint64_t

from ._build cimport build_status, builder_t
from ._layout cimport header_t
from ._sort cimport element_t, same_cell

cdef struct plan_t:         # what is decided before the buffer is allocated
    element_t* elements     # of all rules, in the order of `entries` but for the bigs
    uint64_t starts[6]      # where the elements begin of: *, severity, source, name, pair cells; the end
    uint32_t* counts[3]     # how many counts each field record has, by id - 1
    uint64_t cells[32]      # pair cells by the bit length of their number of rules + 1
    header_t header
    uint64_t bigs


cdef build_status make_plan(const builder_t* builder, int64_t version, plan_t* plan) noexcept nogil
cdef void free_plan(plan_t* plan) noexcept nogil


cdef inline uint32_t bit_length(uint64_t value) noexcept nogil:
    cdef uint32_t bits = 0
    while value:
        bits += 1
        value >>= 1
    return bits


cdef inline uint64_t cell_end(const element_t* elements, uint64_t start, uint64_t end) noexcept nogil:
    cdef uint64_t i = start + 1
    while i < end and same_cell(&elements[start], &elements[i]):
        i += 1
    return i
