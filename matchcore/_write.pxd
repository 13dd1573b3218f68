"""Writing a snapshot as planned."""

from libc.stdint cimport uint8_t, uint64_t

from ._build cimport build_status, builder_t, built_t
from ._hash cimport text_t
from ._plan cimport plan_t

cdef build_status write_snapshot(builder_t* builder, plan_t* plan, built_t* built) noexcept nogil
cdef text_t builder_id(const builder_t* builder, uint64_t rule) noexcept nogil
