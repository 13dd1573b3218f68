"""What a match returns."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from ._layout cimport runs_t
from ._state cimport State


cdef class _Keys:                # (client << 32 | rule), apart from Matches: most results never have any
    cdef uint64_t* items
    cdef uint64_t size


cdef class Matches:
    cdef State state
    cdef _Keys keys_found        # the overlay's until `collect`, then all, sorted
    cdef dict texts
    cdef uint32_t first[8]      # the runs of a runs_t
    cdef uint32_t size[8]
    cdef uint8_t run_count
    cdef bint collected

    cdef int collect(self) except -1
    cdef int collect_alone(self) except -1
    cdef uint64_t runs_size(self) noexcept
    cdef uint64_t group_end(self, uint64_t start) noexcept
    cdef tuple rule_ids(self, uint64_t start, uint64_t end)
    cdef dict as_dict(self)
    cdef dict read_texts(self)
    cdef bint find_range(self, object client_id, uint64_t* start, uint64_t* end) except -1
    cdef int restrict(self, object limit, object clients) except -1
    cdef int keep_clients(self, list ordinals) except -1


cdef Matches new_matches(State state, const runs_t* runs)
cdef _Keys new_keys(uint64_t size)
cdef Matches NOTHING            # of a view without overlay: all such results are equal
