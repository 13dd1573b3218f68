"""Opening and verifying the bytes of a snapshot; the layout is in `_layout.pxd`."""

from libc.stdint cimport uint8_t, uint64_t

from ._layout cimport index_t


cdef uint64_t checksum(const uint8_t* data, uint64_t size) noexcept nogil
cdef const char* open_index(const uint8_t* data, uint64_t size, index_t* index) noexcept nogil
cdef const char* verify_index(const index_t* index) noexcept nogil
