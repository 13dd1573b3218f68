"""The matches of many events, as numpy arrays over the memory that they were written to."""

from libc.stdint cimport uint64_t

from ._batch cimport batch_t
from ._matches cimport Matches
from ._state cimport State


cdef class MatchBatch:
    cdef State state
    cdef readonly object offsets
    cdef readonly object rule_ordinals
    cdef readonly object client_ordinals

    cdef Matches one(self, uint64_t i)


cdef MatchBatch new_result(State state, batch_t* batch)
