"""Compiling rules into a snapshot, without Python objects."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

from libc.string cimport memcpy

from ._hash cimport text_t

cdef struct rule_t:         # a rule's five fields, in the order of `Rule`
    text_t rule_id
    text_t client_id
    text_t severity
    text_t source
    text_t name

cdef struct interner_t:     # distinct strings, numbered from 1 by first appearance
    uint64_t* slots         # high half of the hash │ id (32 bits); 0 when empty
    uint64_t mask           # slots - 1, a power of two less one
    uint64_t count
    uint64_t room           # of hashes and offsets
    uint64_t* hashes        # by id - 1
    uint64_t* offsets       # by id - 1, and one behind the last
    uint8_t* bytes
    uint64_t bytes_room

cdef struct builder_t:
    uint64_t seed
    uint64_t hash_mask
    interner_t strings[4]   # severities, sources, names, clients
    uint64_t count          # rules
    uint64_t room
    uint32_t* ids[4]        # of each rule: severity, source, name (0 for *), client (from 1)
    uint64_t* hashes        # of each rule id
    uint8_t* texts          # the rule ids as text records
    uint64_t texts_size
    uint64_t texts_room
    uint64_t* blocks

cdef enum build_status:
    BUILT
    NO_MEMORY
    TOO_LARGE
    DUPLICATE

cdef struct built_t:
    uint8_t* data           # from mc_map, the caller's to release
    uint64_t size
    uint64_t position       # of a duplicate rule id, and of the rule that had it first
    uint64_t former

cdef void builder_init(builder_t* builder, uint64_t seed, uint64_t hash_mask) noexcept nogil
cdef void builder_free(builder_t* builder) noexcept nogil
cdef bint builder_reserve(builder_t* builder, uint64_t rules) noexcept nogil
cdef build_status builder_add(builder_t* builder, const rule_t* rule) noexcept nogil
cdef build_status builder_finish(builder_t* builder, int64_t version, built_t* built) noexcept nogil


cdef inline uint64_t write_text(uint8_t* out, const uint8_t* data, uint64_t size) noexcept nogil:
    """Write a text record, at most size + 5 bytes; return how many."""
    cdef uint64_t left = size, i = 0
    while left > 0x7f:
        out[i] = <uint8_t>(left & 0x7f | 0x80)
        left >>= 7
        i += 1
    out[i] = <uint8_t>left
    memcpy(out + i + 1, data, size)
    return i + 1 + size
