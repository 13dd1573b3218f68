"""From cells back to rules."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from ._build cimport rule_t
from ._hash cimport text_t
from ._state cimport State


cdef class Patterns:
    cdef State state
    cdef uint32_t* ids          # of each rule: severity, source, name, client
    cdef const uint8_t** records[3]

    cdef void gather(self) noexcept nogil
    cdef const uint8_t* gather_counts(self, const uint8_t* record, int part) noexcept nogil
    cdef void gather_bucket(self, const uint8_t* bucket) noexcept nogil
    cdef uint32_t put_cell(
        self, const uint8_t* at, uint32_t first, uint64_t size, uint64_t big,
        uint32_t severity, uint32_t source, uint32_t name
    ) noexcept nogil
    cdef void put(self, uint64_t first, uint64_t size, uint32_t severity, uint32_t source, uint32_t name) noexcept nogil
    cdef text_t field(self, uint64_t ordinal, int part) noexcept nogil
    cdef void read(self, uint64_t ordinal, rule_t* rule) noexcept nogil
