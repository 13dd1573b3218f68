"""The compiled matcher: views and indexes."""

from libc.stdint cimport uint32_t, uint64_t

from ._layout cimport event_t, index_t, runs_t
from ._matches cimport Matches
from ._memory cimport Memory
from ._overlay cimport Overlay
from ._state cimport State


cdef class View(State):
    cdef Matches find(self, object severity, object source, object name)
    cdef Matches find_changed(self, const event_t* event, const runs_t* runs)
    cdef Matches restricted(self, Matches matches, object limit, object clients)
    cdef tuple reason(self, uint64_t key, uint32_t wildcards)


cdef class Index(View):
    pass


cdef View view_of(Memory memory, const index_t* index, Overlay overlay, uint64_t version, uint64_t size)
cdef Index new_index(Memory memory, bint verify)
cdef Index compile_view(View view)
