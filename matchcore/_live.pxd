"""Rules that change while they are matched."""

from libc.stdint cimport uint64_t

from ._index cimport View


cdef class LiveIndex:
    cdef list cell              # one item, the current View: replacing it is atomic
    cdef object writing         # held by whoever replaces it
    cdef object compacting
    cdef list journal           # the changes since a compaction began; None when there is none

    cdef View view(self)
    cdef int publish(self, View view) except -1
    cdef int change(self, tuple upserts, tuple deletes, object version) except -1
    cdef View move(self, View view, tuple upserts, tuple deletes, uint64_t version)
