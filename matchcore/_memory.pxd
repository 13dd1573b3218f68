"""The bytes of a snapshot and who owns them."""

from libc.stdint cimport uint8_t, uint64_t


cdef class Memory:
    cdef const uint8_t* data
    cdef uint64_t size
    cdef uint8_t* owned         # NULL when the bytes are another object's
    cdef Py_buffer lent
    cdef list client_names      # clients' ids as far as they were read, by ordinal; None before
    cdef list client_keys       # the same as bytes

    cdef object own_size(self)


cdef Memory own_memory(uint8_t* data, uint64_t size)
cdef Memory borrow_memory(object exporter)
