"""What a match returns."""

from libc.stdint cimport uint64_t

from ._layout cimport runs_t
from ._state cimport State


cdef class Matches:
    cdef State state
    cdef runs_t runs
    cdef uint64_t* found        # (client << 32 | rule): the overlay's until `collect`, then all, sorted
    cdef uint64_t found_size
    cdef bint collected
    cdef dict texts

    cdef int collect(self) except -1
    cdef int collect_alone(self) except -1
    cdef bint exact(self) noexcept
    cdef uint64_t group_end(self, uint64_t start) noexcept
    cdef tuple rule_ids(self, uint64_t start, uint64_t end)
    cdef str client(self, uint64_t at)
    cdef dict as_dict(self)
    cdef bint find_client(self, object client_id, uint64_t* start, uint64_t* end) except -1
    cdef int restrict(self, object limit, object clients) except -1
    cdef int keep_clients(self, list ordinals) except -1


cdef Matches NOTHING            # of a view without overlay: all such results are equal
