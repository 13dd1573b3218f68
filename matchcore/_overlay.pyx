"""The changes that lie over an index; `_overlay.pxd` says how readers and writer share them."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy

from ._grow cimport grow
from ._hash cimport fold, hash_pair, same_bytes, text_t
from ._layout cimport CLIENT, RULE, event_t, index_t
from ._lookup cimport find_text, hash_in, text_at
from ._platform cimport MC_K2, MC_K3, mc_acquire32, mc_acquire64, mc_release32, mc_release64

cdef enum:
    ARENA = 1 << 16
    RULE_ID = 3             # in added_t.text, behind severity, source and name

cdef uint64_t NEVER = ~<uint64_t>0


# ── making one ───────────────────────────────────────────────────────────────

cdef uint64_t power_of_two(uint64_t least) noexcept nogil:
    cdef uint64_t size = 64
    while size < least:
        size *= 2
    return size


cdef class Overlay:
    """Owns the memory of an overlay; freed when no reader holds it any more."""

    def __dealloc__(self):
        cdef arena_t* arena = self.state.arenas
        cdef arena_t* former
        free(self.state.rules)
        free(self.state.heads)
        free(self.state.id_heads)
        free(self.state.clients)
        free(self.state.client_heads)
        free(self.state.tomb_ordinals)
        free(self.state.tomb_died)
        while arena != NULL:
            former = arena.former
            free(arena)
            arena = former

    def __sizeof__(self):
        cdef overlay_t* o = &self.state
        return object.__sizeof__(self) + (
            o.room * (sizeof(added_t) + sizeof(new_client_t)) + 3 * (o.mask + 1) * sizeof(uint32_t)
            + o.tomb_room * (sizeof(uint32_t) + sizeof(uint64_t)) + text_size_of(o)
        )


cdef Overlay new_overlay(const index_t* base, object memory, uint64_t rules, uint64_t tombs):
    """An empty overlay with room for so many rules and tombstones.

    The tables are zero pages until they are used, so generous room costs little.
    """
    cdef Overlay overlay = Overlay.__new__(Overlay)
    cdef overlay_t* state = &overlay.state
    if rules > 0x7fffffff or tombs > 0x3fffffff:
        raise OverflowError("too many changes for one overlay")
    overlay.memory = memory
    overlay.index = base[0]
    state.base = &overlay.index
    state.room = <uint32_t>power_of_two(rules)
    state.mask = state.room - 1
    state.tomb_room = <uint32_t>power_of_two(2 * tombs)
    state.rules = <added_t*>calloc(state.room, sizeof(added_t))
    state.heads = <uint32_t*>calloc(state.room, sizeof(uint32_t))
    state.id_heads = <uint32_t*>calloc(state.room, sizeof(uint32_t))
    state.clients = <new_client_t*>calloc(state.room, sizeof(new_client_t))
    state.client_heads = <uint32_t*>calloc(state.room, sizeof(uint32_t))
    state.tomb_ordinals = <uint32_t*>calloc(state.tomb_room, sizeof(uint32_t))
    state.tomb_died = <uint64_t*>calloc(state.tomb_room, sizeof(uint64_t))
    if (state.rules == NULL or state.heads == NULL or state.id_heads == NULL or state.clients == NULL
            or state.client_heads == NULL or state.tomb_ordinals == NULL or state.tomb_died == NULL):
        raise MemoryError
    return overlay


# ── reading ──────────────────────────────────────────────────────────────────

cdef bint keys_room(keys_t* keys, uint64_t more) noexcept nogil:
    """Make room for more keys; False when memory is out."""
    return grow(<void**>&keys.items, &keys.room, keys.size + more, sizeof(uint64_t))


cdef bint sees(const added_t* rule, uint64_t version) noexcept nogil:
    return rule.born <= version < mc_acquire64(&rule.died)


cdef inline uint64_t pattern_hash(
    uint64_t severity, uint64_t source, uint64_t name, uint32_t wildcards
) noexcept nogil:
    """Hash the fields of a pattern that are not wildcards."""
    severity = 0 if wildcards & 1 else severity
    source = 0 if wildcards & 2 else source
    name = 0 if wildcards & 4 else name
    return fold(hash_pair(source, name) ^ MC_K3 ^ wildcards, severity ^ MC_K2)


cdef inline bint same_text(const text_t* a, const text_t* b) noexcept nogil:
    return a.size == b.size and same_bytes(a.data, b.data, a.size)


cdef inline bint same_pattern(const added_t* rule, const event_t* event) noexcept nogil:
    return (
        (rule.wildcards & 1 or same_text(&rule.text[0], &event.severity))
        and (rule.wildcards & 2 or same_text(&rule.text[1], &event.source))
        and (rule.wildcards & 4 or same_text(&rule.text[2], &event.name))
    )


cdef bint match_overlay(
    const overlay_t* overlay, const event_t* event, uint64_t version, keys_t* keys
) noexcept nogil:
    """Append the keys of the added rules that match; False when memory is out."""
    cdef uint64_t severity = hash_in(overlay.base, &event.severity)
    cdef uint64_t h
    cdef uint32_t shapes = mc_acquire32(&overlay.shapes)
    cdef uint32_t wildcards, at
    cdef const added_t* rule
    for wildcards in range(8):
        if not shapes >> wildcards & 1:
            continue
        h = pattern_hash(severity, event.source_hash, event.name_hash, wildcards)
        at = mc_acquire32(&overlay.heads[h & overlay.mask])
        while at:
            rule = &overlay.rules[at - 1]
            if rule.hash == h and rule.wildcards == wildcards and sees(rule, version) and same_pattern(rule, event):
                if not keys_room(keys, 1):
                    return False
                keys.items[keys.size] = <uint64_t>rule.client << 32 | (overlay.base.counts[RULE] + at - 1)
                keys.size += 1
            at = rule.next
    return True


cdef inline uint32_t tomb_slot(const overlay_t* overlay, uint32_t ordinal) noexcept nogil:
    """The slot that holds a base ordinal, or the empty one where it would stand."""
    cdef uint32_t i = <uint32_t>((ordinal * MC_K3) >> 32) & (overlay.tomb_room - 1)
    cdef uint32_t known = mc_acquire32(&overlay.tomb_ordinals[i])
    while known and known != ordinal + 1:
        i = (i + 1) & (overlay.tomb_room - 1)
        known = mc_acquire32(&overlay.tomb_ordinals[i])
    return i


cdef bint is_removed(const overlay_t* overlay, uint32_t ordinal, uint64_t version) noexcept nogil:
    """Whether a version no longer sees a rule of the base."""
    cdef uint32_t i = tomb_slot(overlay, ordinal)
    return overlay.tomb_ordinals[i] != 0 and overlay.tomb_died[i] <= version


cdef uint64_t keep_live(
    const overlay_t* overlay, uint64_t version, uint64_t* keys, uint64_t size
) noexcept nogil:
    """Drop the keys of removed base rules, in place; return how many are left."""
    cdef uint64_t i, kept = 0
    if mc_acquire32(&overlay.tomb_count) == 0:
        return size
    for i in range(size):
        if not is_removed(overlay, <uint32_t>keys[i], version):
            keys[kept] = keys[i]
            kept += 1
    return kept


cdef uint64_t find_rule(
    const index_t* base, const overlay_t* overlay, const text_t* id, uint64_t version
) noexcept nogil:
    """The ordinal + 1 of a rule that the version sees, or 0."""
    cdef uint64_t h = hash_in(base, id), ordinal
    cdef uint32_t at
    if overlay != NULL:
        at = mc_acquire32(&overlay.id_heads[h & overlay.mask])
        while at:
            if sees(&overlay.rules[at - 1], version) and same_text(&overlay.rules[at - 1].text[RULE_ID], id):
                return base.counts[RULE] + at
            at = overlay.rules[at - 1].next_id
    ordinal = find_text(&base.strings[RULE], id, h)
    if ordinal and overlay != NULL and is_removed(overlay, <uint32_t>(ordinal - 1), version):
        return 0
    return ordinal


cdef uint64_t find_client(const index_t* base, const overlay_t* overlay, const text_t* id) noexcept nogil:
    """The ordinal + 1 of a client, or 0."""
    cdef uint64_t h = hash_in(base, id)
    cdef uint64_t ordinal = find_text(&base.strings[CLIENT], id, h)
    cdef uint32_t at
    if ordinal or overlay == NULL:
        return ordinal
    at = mc_acquire32(&overlay.client_heads[h & overlay.mask])
    while at:
        if same_text(&overlay.clients[at - 1].id, id):
            return base.counts[CLIENT] + at
        at = overlay.clients[at - 1].next
    return 0


cdef text_t rule_text(const index_t* base, const overlay_t* overlay, uint64_t ordinal) noexcept nogil:
    if ordinal < base.counts[RULE]:
        return text_at(&base.strings[RULE], ordinal)
    return overlay.rules[ordinal - base.counts[RULE]].text[RULE_ID]


cdef text_t client_text(const index_t* base, const overlay_t* overlay, uint64_t ordinal) noexcept nogil:
    if ordinal < base.counts[CLIENT]:
        return text_at(&base.strings[CLIENT], ordinal)
    return overlay.clients[ordinal - base.counts[CLIENT]].id


# ── writing: one writer at a time, and nothing here can fail ─────────────────

cdef bint has_room(const overlay_t* overlay, uint64_t rules, uint64_t removals) noexcept nogil:
    return overlay.count + rules <= overlay.room and 2 * (overlay.tomb_count + removals) <= overlay.tomb_room


cdef bint reserve_text(overlay_t* overlay, uint64_t size) noexcept nogil:
    """Make room for so many bytes of strings; False when memory is out."""
    cdef uint64_t room = max(<uint64_t>ARENA, size)
    cdef arena_t* arena
    if size <= overlay.arena_left:
        return True
    arena = <arena_t*>malloc(sizeof(arena_t) + room)
    if arena == NULL:
        return False
    arena.former = overlay.arenas
    overlay.arenas = arena
    overlay.arena_next = <uint8_t*>(arena + 1)
    overlay.arena_left = room
    return True


cdef text_t keep_text(overlay_t* overlay, const text_t* text) noexcept nogil:
    cdef text_t kept
    kept.data = overlay.arena_next
    kept.size = text.size
    if text.size:
        memcpy(overlay.arena_next, text.data, text.size)
    overlay.arena_next += text.size
    overlay.arena_left -= text.size
    return kept


cdef void remove_rule(overlay_t* overlay, const text_t* id, uint64_t version) noexcept nogil:
    """From `version` on no rule has this id; that none had it is no error."""
    cdef uint64_t h = hash_in(overlay.base, id), ordinal
    cdef uint32_t at = overlay.id_heads[h & overlay.mask]
    cdef added_t* rule
    while at:
        rule = &overlay.rules[at - 1]
        if rule.died == NEVER and same_text(&rule.text[RULE_ID], id):
            mc_release64(&rule.died, version)
            overlay.live -= 1
            return
        at = rule.next_id
    ordinal = find_text(&overlay.base.strings[RULE], id, h)
    if ordinal:
        add_tomb(overlay, <uint32_t>(ordinal - 1), version)


cdef void add_tomb(overlay_t* overlay, uint32_t ordinal, uint64_t version) noexcept nogil:
    cdef uint32_t i = tomb_slot(overlay, ordinal)
    if overlay.tomb_ordinals[i]:
        return
    overlay.tomb_died[i] = version
    mc_release32(&overlay.tomb_ordinals[i], ordinal + 1)
    mc_release32(&overlay.tomb_count, overlay.tomb_count + 1)


cdef inline bint is_wildcard(const text_t* text) noexcept nogil:
    return text.size == 1 and text.data[0] == c"*"


cdef void add_rule(
    overlay_t* overlay, const text_t* fields, const text_t* client_id, uint64_t version
) noexcept nogil:
    """From `version` on there is this rule; no rule has its id before.

    `fields` are severity, source, name and rule id.
    """
    cdef added_t* rule = &overlay.rules[overlay.count]
    cdef uint64_t id_hash = hash_in(overlay.base, &fields[RULE_ID])
    cdef uint32_t i
    rule.born = version
    rule.died = NEVER
    rule.wildcards = 0
    for i in range(4):
        rule.text[i] = keep_text(overlay, &fields[i])
        if i != RULE_ID and is_wildcard(&fields[i]):
            rule.wildcards |= 1 << i
    rule.client = client_ordinal(overlay, client_id)
    rule.hash = pattern_hash(
        hash_in(overlay.base, &fields[0]), hash_in(overlay.base, &fields[1]), hash_in(overlay.base, &fields[2]),
        rule.wildcards,
    )
    rule.next = overlay.heads[rule.hash & overlay.mask]
    rule.next_id = overlay.id_heads[id_hash & overlay.mask]
    mc_release32(&overlay.count, overlay.count + 1)
    overlay.live += 1
    mc_release32(&overlay.heads[rule.hash & overlay.mask], overlay.count)
    mc_release32(&overlay.id_heads[id_hash & overlay.mask], overlay.count)
    mc_release32(&overlay.shapes, overlay.shapes | <uint32_t>1 << rule.wildcards)


cdef uint32_t client_ordinal(overlay_t* overlay, const text_t* id) noexcept nogil:
    """The ordinal of a client, which is added when nobody knows it."""
    cdef uint64_t known = find_client(overlay.base, overlay, id)
    cdef uint64_t head
    cdef new_client_t* client
    if known:
        return <uint32_t>(known - 1)
    head = hash_in(overlay.base, id) & overlay.mask
    client = &overlay.clients[overlay.client_count]
    client.id = keep_text(overlay, id)
    client.next = overlay.client_heads[head]
    mc_release32(&overlay.client_count, overlay.client_count + 1)
    mc_release32(&overlay.client_heads[head], overlay.client_count)
    return <uint32_t>(overlay.base.counts[CLIENT] + overlay.client_count - 1)


cdef uint64_t text_size_of(const overlay_t* overlay) noexcept nogil:
    """The bytes of all strings, dead rules' too."""
    cdef uint64_t size = 0
    cdef uint32_t i, j
    for i in range(overlay.count):
        for j in range(4):
            size += overlay.rules[i].text[j].size
    for i in range(overlay.client_count):
        size += overlay.clients[i].id.size
    return size


cdef bint copy_live(overlay_t* target, const overlay_t* source, uint64_t version) noexcept nogil:
    """Bring what lives, and every tombstone, into an overlay that has the room; False when memory is out."""
    cdef text_t client
    cdef uint32_t i
    if not copy_clients(target, source):
        return False
    for i in range(source.count):
        if source.rules[i].died == NEVER:
            client = client_text(source.base, source, source.rules[i].client)
            add_rule(target, source.rules[i].text, &client, version)
    for i in range(source.tomb_room):
        if source.tomb_ordinals[i]:
            add_tomb(target, source.tomb_ordinals[i] - 1, source.tomb_died[i])
    return True


cdef bint copy_clients(overlay_t* target, const overlay_t* source) noexcept nogil:
    """Bring the clients of live rules, in their order, so that the order of results stays."""
    cdef uint8_t* used = <uint8_t*>calloc(source.client_count + 1, 1)
    cdef uint64_t known = source.base.counts[CLIENT]
    cdef uint32_t i
    if used == NULL:
        return False
    for i in range(source.count):
        if source.rules[i].died == NEVER and source.rules[i].client >= known:
            used[source.rules[i].client - known] = 1
    for i in range(source.client_count):
        if used[i]:
            client_ordinal(target, &source.clients[i].id)
    free(used)
    return True
