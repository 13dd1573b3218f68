"""What a view consists of: an index, the overlay on it, and the version it sees."""

from libc.stdint cimport uint64_t

from cpython.unicode cimport PyUnicode_DecodeUTF8

from ._hash cimport text_t
from ._layout cimport index_t
from ._memory cimport Memory
from ._overlay cimport Overlay, overlay_t


cdef class State:
    cdef index_t index          # by value: one dependent load less for every match
    cdef const overlay_t* delta  # NULL in an Index
    cdef uint64_t seen          # the version
    cdef uint64_t size          # rules
    cdef Memory memory          # keeps index
    cdef Overlay overlay        # keeps delta

    cdef void fill(self, Memory memory, const index_t* index, uint64_t version, uint64_t size)
    cdef uint64_t ordinal_end(self) noexcept nogil
    cdef bint lives(self, uint64_t ordinal) noexcept nogil
    cdef str rule_id_of(self, uint64_t ordinal)
    cdef str client_id_of(self, uint64_t ordinal)
    cdef bint keeps_clients(self, uint64_t ordinal) noexcept
    cdef str client_name(self, uint64_t ordinal)
    cdef bytes client_key(self, uint64_t ordinal)
    cdef uint64_t client_end(self) noexcept nogil
    cdef list client_ordinals(self, object clients)


cdef inline str text(text_t value):
    return PyUnicode_DecodeUTF8(<const char*>value.data, <Py_ssize_t>value.size, NULL)
