"""The changes that lie over an index: added rules, and tombstones of removed ones.

Every rule and tombstone carries the versions between which it counts, so readers
of different versions share one overlay: a reader looks at what its own version
sees, and a writer only ever appends. Nothing a reader may hold is moved or freed;
when the room is used up, the writer starts another overlay.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from ._hash cimport text_t
from ._layout cimport event_t, index_t

cdef struct added_t:            # a rule of the overlay
    uint64_t hash               # of its pattern's fixed fields
    uint64_t born               # the first version that sees it
    uint64_t died               # the first version that does not; all ones while it lives
    text_t text[4]              # severity, source, name, rule id
    uint32_t client             # ordinal
    uint32_t wildcards          # bit 0: severity is *, bit 1: source, bit 2: name
    uint32_t next               # the rule + 1 that shares the pattern's chain
    uint32_t next_id            # the rule + 1 that shares the id's chain

cdef struct new_client_t:       # a client that the base does not know
    text_t id
    uint32_t next

cdef struct arena_t:            # a piece of memory for strings
    arena_t* former

cdef struct keys_t:             # matches as (client ordinal << 32 | rule ordinal)
    uint64_t* items
    uint64_t size
    uint64_t room

cdef struct overlay_t:
    const index_t* base
    uint64_t mask               # of the chains' heads
    uint32_t room               # for rules, and as many clients
    uint32_t count              # of rules, dead ones too
    uint32_t client_count
    uint32_t live               # of rules, for the writer
    uint32_t shapes             # bit w is set when a rule has the wildcards w
    added_t* rules
    uint32_t* heads             # of the patterns' chains: rule + 1, or 0
    uint32_t* id_heads
    new_client_t* clients
    uint32_t* client_heads
    uint32_t tomb_room          # slots, a power of two
    uint32_t tomb_count
    uint32_t* tomb_ordinals     # base ordinal + 1, or 0
    uint64_t* tomb_died         # the first version that does not see the base rule
    arena_t* arenas
    uint8_t* arena_next
    uint64_t arena_left


cdef class Overlay:
    cdef overlay_t state
    cdef index_t index          # the base, and
    cdef object memory          # what keeps its bytes


cdef Overlay new_overlay(const index_t* base, object memory, uint64_t rules, uint64_t tombs)
cdef bint keys_room(keys_t* keys, uint64_t more) noexcept nogil
cdef bint match_overlay(
    const overlay_t* overlay, const event_t* event, uint64_t version, keys_t* keys
) noexcept nogil
cdef bint is_removed(const overlay_t* overlay, uint32_t ordinal, uint64_t version) noexcept nogil
cdef uint64_t keep_live(const overlay_t* overlay, uint64_t version, uint64_t* keys, uint64_t size) noexcept nogil
cdef uint64_t find_rule(
    const index_t* base, const overlay_t* overlay, const text_t* id, uint64_t version
) noexcept nogil
cdef uint64_t find_client(const index_t* base, const overlay_t* overlay, const text_t* id) noexcept nogil
cdef text_t rule_text(const index_t* base, const overlay_t* overlay, uint64_t ordinal) noexcept nogil
cdef text_t client_text(const index_t* base, const overlay_t* overlay, uint64_t ordinal) noexcept nogil
cdef bint sees(const added_t* rule, uint64_t version) noexcept nogil
cdef bint has_room(const overlay_t* overlay, uint64_t rules, uint64_t removals) noexcept nogil
cdef bint reserve_text(overlay_t* overlay, uint64_t size) noexcept nogil
cdef void remove_rule(overlay_t* overlay, const text_t* id, uint64_t version) noexcept nogil
cdef void add_rule(
    overlay_t* overlay, const text_t* fields, const text_t* client_id, uint64_t version
) noexcept nogil
cdef bint copy_live(overlay_t* target, const overlay_t* source, uint64_t version) noexcept nogil
cdef uint64_t text_size_of(const overlay_t* overlay) noexcept nogil
