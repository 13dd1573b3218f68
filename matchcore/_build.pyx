"""Compiling rules into a snapshot, without Python objects.

`builder_add` interns the strings of one rule at a time, so that the input is read
once and never kept. `builder_finish` sorts the rules into cells, in the order in
which the cells are laid out (`_plan`), and writes the buffer front to back (`_write`).
"""

from libc.stdint cimport int64_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcpy, memset

from ._grow cimport grow
from ._hash cimport hash_text, same_bytes, text_t
from ._layout cimport BLOCK, CLIENT, MAX_RULES
from ._plan cimport free_plan, make_plan, plan_t
from ._platform cimport MC_LOW32, mc_prefetch, mc_unmap
from ._write cimport write_snapshot


# ── strings ──────────────────────────────────────────────────────────────────

cdef bint grow_slots(interner_t* strings) noexcept nogil:
    cdef uint64_t size = 2 * (strings.mask + 1) if strings.slots != NULL else 64
    cdef uint64_t* slots = <uint64_t*>calloc(size, sizeof(uint64_t))
    cdef uint64_t id
    if slots == NULL:
        return False
    free(strings.slots)
    strings.slots = slots
    strings.mask = size - 1
    for id in range(1, strings.count + 1):
        put_slot(strings, strings.hashes[id - 1], id)
    return True


cdef inline void put_slot(interner_t* strings, uint64_t h, uint64_t id) noexcept nogil:
    cdef uint64_t i = h & strings.mask
    while strings.slots[i]:
        i = (i + 1) & strings.mask
    strings.slots[i] = (h & ~MC_LOW32) | id


cdef inline uint32_t intern(interner_t* strings, const text_t* text, uint64_t h) noexcept nogil:
    """The id of a string, from 1; 0 when memory is out."""
    cdef uint64_t i, slot, id, at
    if 2 * strings.count >= strings.mask and not grow_slots(strings):
        return 0
    i = h & strings.mask
    while True:
        slot = strings.slots[i]
        if slot == 0:
            return add_string(strings, text, h)
        if (slot ^ h) >> 32 == 0:
            id = slot & MC_LOW32
            at = strings.offsets[id - 1]
            if strings.offsets[id] - at == text.size and same_bytes(strings.bytes + at, text.data, text.size):
                return <uint32_t>id
        i = (i + 1) & strings.mask


cdef uint32_t add_string(interner_t* strings, const text_t* text, uint64_t h) noexcept nogil:
    cdef uint64_t at = strings.offsets[strings.count] if strings.count else 0
    cdef uint64_t room = strings.room
    if not grow(<void**>&strings.hashes, &room, strings.count + 2, sizeof(uint64_t)):
        return 0
    if not grow(<void**>&strings.offsets, &strings.room, strings.count + 2, sizeof(uint64_t)):
        return 0
    if not grow(<void**>&strings.bytes, &strings.bytes_room, at + text.size + 1, 1):
        return 0
    memcpy(strings.bytes + at, text.data, text.size)
    strings.hashes[strings.count] = h
    strings.offsets[strings.count] = at
    strings.offsets[strings.count + 1] = at + text.size
    strings.count += 1
    put_slot(strings, h, strings.count)
    return <uint32_t>strings.count


cdef void free_interner(interner_t* strings) noexcept nogil:
    free(strings.slots)
    free(strings.hashes)
    free(strings.offsets)
    free(strings.bytes)


# ── collecting rules ─────────────────────────────────────────────────────────

cdef void builder_init(builder_t* builder, uint64_t seed, uint64_t hash_mask) noexcept nogil:
    memset(builder, 0, sizeof(builder_t))
    builder.seed = seed
    builder.hash_mask = hash_mask


cdef void builder_free(builder_t* builder) noexcept nogil:
    cdef int i
    for i in range(4):
        free_interner(&builder.strings[i])
        free(builder.ids[i])
    free(builder.hashes)
    free(builder.texts)
    free(builder.blocks)
    memset(builder, 0, sizeof(builder_t))


cdef bint builder_reserve(builder_t* builder, uint64_t rules) noexcept nogil:
    """Make room for so many rules in all."""
    cdef uint64_t room, blocks_room = (builder.room + BLOCK - 1) // BLOCK
    cdef int i
    for i in range(4):
        room = builder.room
        if not grow(<void**>&builder.ids[i], &room, rules, sizeof(uint32_t)):
            return False
    if not grow(<void**>&builder.blocks, &blocks_room, (room + BLOCK - 1) // BLOCK, sizeof(uint64_t)):
        return False
    return grow(<void**>&builder.hashes, &builder.room, rules, sizeof(uint64_t))


cdef build_status builder_add(builder_t* builder, const rule_t* rule) noexcept nogil:
    cdef const text_t* fields[4]
    cdef uint64_t hashes[4]
    cdef uint32_t id
    cdef int i
    if builder.count == MAX_RULES:
        return TOO_LARGE
    if builder.count == builder.room and not builder_reserve(builder, builder.count + 1):
        return NO_MEMORY
    fields[0] = &rule.severity
    fields[1] = &rule.source
    fields[2] = &rule.name
    fields[3] = &rule.client_id
    for i in range(4):          # all slots are asked for before the first is looked at
        if fields[i].size > MC_LOW32:
            return TOO_LARGE
        hashes[i] = hash_in(builder, fields[i])
        mc_prefetch(builder.strings[i].slots + (hashes[i] & builder.strings[i].mask))
    for i in range(4):
        id = 0
        if i == CLIENT or fields[i].size != 1 or fields[i].data[0] != c"*":
            id = intern(&builder.strings[i], fields[i], hashes[i])
            if id == 0:
                return NO_MEMORY
        builder.ids[i][builder.count] = id
    return add_text(builder, &rule.rule_id)


cdef inline uint64_t hash_in(const builder_t* builder, const text_t* text) noexcept nogil:
    return hash_text(text.data, text.size, builder.seed) & builder.hash_mask


cdef build_status add_text(builder_t* builder, const text_t* rule_id) noexcept nogil:
    if rule_id.size > MC_LOW32:
        return TOO_LARGE
    if not grow(<void**>&builder.texts, &builder.texts_room, builder.texts_size + rule_id.size + 5, 1):
        return NO_MEMORY
    builder.hashes[builder.count] = hash_in(builder, rule_id)
    if builder.count % BLOCK == 0:
        builder.blocks[builder.count // BLOCK] = builder.texts_size
    builder.texts_size += write_text(builder.texts + builder.texts_size, rule_id.data, rule_id.size)
    builder.count += 1
    return BUILT


cdef build_status builder_finish(builder_t* builder, int64_t version, built_t* built) noexcept nogil:
    cdef plan_t plan
    cdef build_status status
    memset(&plan, 0, sizeof(plan_t))
    memset(built, 0, sizeof(built_t))
    status = make_plan(builder, version, &plan)
    if status == BUILT:
        status = write_snapshot(builder, &plan, built)
    free_plan(&plan)
    if status != BUILT and built.data != NULL:
        mc_unmap(built.data)
        built.data = NULL
    return status
