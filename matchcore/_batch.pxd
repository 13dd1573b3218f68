"""Matching many events at once, without the GIL."""

from libc.stdint cimport uint32_t, uint64_t

from ._layout cimport event_t, index_t
from ._overlay cimport keys_t, overlay_t

cdef struct batch_t:        # results, growing
    uint64_t events
    uint64_t offsets_room
    uint64_t* offsets       # events + 1
    uint64_t size           # matches
    uint64_t room
    uint32_t* rules
    uint32_t* clients
    keys_t keys             # scratch
    keys_t spare

cdef void batch_free(batch_t* batch) noexcept nogil
cdef bint match_events(
    const index_t* index, const overlay_t* overlay, uint64_t version,
    event_t* events, uint64_t count, batch_t* batch
) noexcept nogil
