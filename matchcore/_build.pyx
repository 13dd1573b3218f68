"""Compiling rules into a snapshot, without Python objects.

`builder_add` interns the strings of one rule at a time, so that the input is read
once and never kept. `builder_finish` sorts the rules into cells, in the order in
which the cells are laid out, and writes the buffer front to back.
"""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcpy, memset

from ._format cimport checksum
from ._hash cimport hash_pair, hash_text, reduce_range, same_bytes, text_t
from ._layout cimport (
    ALIGNMENT, BIGS, BLOCK, BUCKET_SIZE, CLIENT, CLIENT_BLOCKS, ENTRIES, FIELD_HEADER, FORMAT,
    HEADER_SIZE, MAX_RULES, NAME, PAIRS, PARTS, RULE, RULE_BLOCKS, SECTIONS, SEVERITY,
    SLOTS, SOURCE, header_t, slot_table_t,
)
from ._lookup cimport read_text
from ._platform cimport MC_LOW32, mc_load64, mc_map, mc_prefetch, mc_store32, mc_store64, mc_unmap

cdef enum:
    AHEAD = 12              # slots prefetched before they are written
    TAG_BITS = 6            # at least, in a slot
    DIGIT_BITS = 11         # of the radix sort
    SMALL = 24              # below it insertion beats merging


# ── strings ──────────────────────────────────────────────────────────────────

cdef bint grow(void** array, uint64_t* room, uint64_t wanted, size_t item) noexcept nogil:
    """Make an array hold `wanted` items, doubling it."""
    cdef uint64_t size = room[0] if room[0] else 64
    cdef void* grown
    if wanted <= room[0]:
        return True
    while size < wanted:
        size *= 2
    grown = realloc(array[0], size * item)
    if grown == NULL:
        return False
    array[0] = grown
    room[0] = size
    return True


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
    for i in range(4):
        id = 0
        if i == CLIENT or fields[i].size != 1 or fields[i].data[0] != c"*":
            if fields[i].size > MC_LOW32:
                return TOO_LARGE
            id = intern(&builder.strings[i], fields[i], hash_in(builder, fields[i]))
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


# ── sorting rules into cells ─────────────────────────────────────────────────

cdef struct element_t:      # a rule on its way to its cell; compared from top to bottom
    uint64_t group          # pairs: the pair's hash; other cells: the field's id
    uint64_t pair           # source id << 32 | name id
    uint64_t client         # severity id << 32 | client ordinal
    uint64_t ordinal


cdef inline bint before(const element_t* a, const element_t* b) noexcept nogil:
    if a.group != b.group:
        return a.group < b.group
    if a.pair != b.pair:
        return a.pair < b.pair
    if a.client != b.client:
        return a.client < b.client
    return a.ordinal < b.ordinal


cdef inline bint same_cell(const element_t* a, const element_t* b) noexcept nogil:
    return a.group == b.group and a.pair == b.pair and a.client >> 32 == b.client >> 32


cdef void sort_elements(
    element_t* elements, element_t* spare, uint64_t size, uint32_t shift, uint32_t bits
) noexcept nogil:
    """Sort by the group's `bits` above `shift` with a radix sort, and the ties by comparing."""
    cdef uint64_t start = 0, end
    if size <= SMALL:
        insert_sort(elements, size)
        return
    radix_sort(elements, spare, size, shift, bits)
    while start < size:
        end = start + 1
        while end < size and elements[end].group >> shift == elements[start].group >> shift:
            end += 1
        if end > start + 1:
            merge_sort(elements + start, spare, end - start)
        start = end


cdef void radix_sort(
    element_t* elements, element_t* spare, uint64_t size, uint32_t shift, uint32_t bits
) noexcept nogil:
    cdef element_t* source = elements
    cdef element_t* target = spare
    cdef uint32_t done = 0
    while done < bits:
        radix_pass(source, target, size, shift + done, min(<uint32_t>DIGIT_BITS, bits - done))
        source, target = target, source
        done += DIGIT_BITS
    if source != elements:
        memcpy(elements, source, size * sizeof(element_t))


cdef void radix_pass(
    const element_t* elements, element_t* out, uint64_t size, uint32_t shift, uint32_t bits
) noexcept nogil:
    cdef uint64_t starts[2048]
    cdef uint64_t i, digit, mask = (<uint64_t>1 << bits) - 1, sum = 0, count
    memset(starts, 0, sizeof(starts))
    for i in range(size):
        starts[elements[i].group >> shift & mask] += 1
    for i in range(mask + 1):
        count = starts[i]
        starts[i] = sum
        sum += count
    for i in range(size):
        digit = elements[i].group >> shift & mask
        out[starts[digit]] = elements[i]
        starts[digit] += 1


cdef void merge_sort(element_t* elements, element_t* spare, uint64_t size) noexcept nogil:
    cdef uint64_t width = SMALL, start = 0
    while start < size:
        insert_sort(elements + start, min(<uint64_t>SMALL, size - start))
        start += SMALL
    while width < size:
        start = 0
        while start + width < size:
            merge_halves(elements + start, width, min(2 * width, size - start), spare)
            start += 2 * width
        width *= 2


cdef void insert_sort(element_t* elements, uint64_t size) noexcept nogil:
    cdef uint64_t i, j
    cdef element_t element
    for i in range(1, size):
        if not before(&elements[i], &elements[i - 1]):
            continue
        element = elements[i]
        j = i
        while j > 0 and before(&element, &elements[j - 1]):
            elements[j] = elements[j - 1]
            j -= 1
        elements[j] = element


cdef void merge_halves(element_t* elements, uint64_t middle, uint64_t size, element_t* spare) noexcept nogil:
    """Merge two sorted halves; input that is in order already costs one comparison."""
    cdef uint64_t i = 0, j = middle, k = 0
    if not before(&elements[middle], &elements[middle - 1]):
        return
    memcpy(spare, elements, middle * sizeof(element_t))
    while i < middle and j < size:
        if before(&elements[j], &spare[i]):
            elements[k] = elements[j]
            j += 1
        else:
            elements[k] = spare[i]
            i += 1
        k += 1
    memcpy(elements + k, spare + i, (middle - i) * sizeof(element_t))


# ── laying out ───────────────────────────────────────────────────────────────

cdef struct plan_t:         # what is decided before the buffer is allocated
    element_t* elements     # of all rules, in the order of `entries` but for the bigs
    uint64_t starts[6]      # where the elements begin of: *, severity, source, name, pair cells; the end
    uint32_t* counts[3]     # how many counts each field record has, by id - 1
    uint64_t cells[32]      # pair cells by the bit length of their number of rules + 1
    header_t header
    uint64_t bigs


cdef struct writer_t:       # a walk over all cells, writing
    uint8_t* data
    const header_t* header
    uint64_t next_entry
    uint64_t next_big
    element_t** big_elements


cdef inline uint32_t bit_length(uint64_t value) noexcept nogil:
    cdef uint32_t bits = 0
    while value:
        bits += 1
        value >>= 1
    return bits


cdef build_status builder_finish(builder_t* builder, int64_t version, built_t* built) noexcept nogil:
    cdef plan_t plan
    cdef build_status status
    cdef int i
    memset(&plan, 0, sizeof(plan_t))
    memset(built, 0, sizeof(built_t))
    status = make_plan(builder, version, &plan)
    if status == BUILT:
        status = write_snapshot(builder, &plan, built)
    free(plan.elements)
    for i in range(3):
        free(plan.counts[i])
    if status != BUILT and built.data != NULL:
        mc_unmap(built.data)
        built.data = NULL
    return status


cdef build_status make_plan(const builder_t* builder, int64_t version, plan_t* plan) noexcept nogil:
    cdef header_t* header = &plan.header
    cdef int i
    memcpy(header.magic, b"MATCHCOR", 8)
    header.format = FORMAT
    header.header_size = HEADER_SIZE
    header.version = version
    header.seed = builder.seed
    header.hash_mask = builder.hash_mask
    for i in range(4):
        header.counts[i] = builder.strings[i].count
    header.counts[RULE] = builder.count
    if not sort_rules(builder, plan) or not count_cells(builder, plan):
        return NO_MEMORY
    if not choose_widths(plan):
        return TOO_LARGE
    place_sections(builder, plan)
    return BUILT


cdef inline int class_of(const builder_t* builder, uint64_t rule) noexcept nogil:
    """0: all wild; 1: only a severity; 2: a source; 3: a name; 4: source and name."""
    cdef int source = builder.ids[SOURCE][rule] != 0
    cdef int name = builder.ids[NAME][rule] != 0
    if source or name:
        return 1 + source + 2 * name
    return builder.ids[SEVERITY][rule] != 0


cdef bint sort_rules(const builder_t* builder, plan_t* plan) noexcept nogil:
    """Fill plan.elements and plan.starts."""
    cdef uint64_t filled[5]
    cdef uint64_t i, size
    cdef uint32_t bits
    cdef int kind
    cdef element_t* spare = <element_t*>malloc((builder.count + 1) * sizeof(element_t))
    plan.elements = <element_t*>malloc((builder.count + 1) * sizeof(element_t))
    if plan.elements == NULL or spare == NULL:
        free(spare)
        return False
    for i in range(builder.count):
        plan.starts[class_of(builder, i) + 1] += 1
    for kind in range(5):
        plan.starts[kind + 1] += plan.starts[kind]
        filled[kind] = plan.starts[kind]
    for i in range(builder.count):
        kind = class_of(builder, i)
        set_element(builder, i, kind, &plan.elements[filled[kind]])
        filled[kind] += 1
    for kind in range(5):
        size = plan.starts[kind + 1] - plan.starts[kind]
        bits = min(<uint32_t>33, bit_length(size) + 1)
        if kind < 4:
            bits = bit_length(builder.strings[kind - 1].count) if kind else 1
        sort_elements(plan.elements + plan.starts[kind], spare, size, 64 - bits if kind == 4 else 0, bits)
    free(spare)
    return True


cdef void set_element(const builder_t* builder, uint64_t rule, int kind, element_t* element) noexcept nogil:
    cdef uint64_t severity = builder.ids[SEVERITY][rule]
    cdef uint64_t source = builder.ids[SOURCE][rule]
    cdef uint64_t name = builder.ids[NAME][rule]
    if kind == 4:
        element.group = hash_pair(
            builder.strings[SOURCE].hashes[source - 1], builder.strings[NAME].hashes[name - 1]
        ) & builder.hash_mask
    elif kind == 3:
        element.group = name
    elif kind == 2:
        element.group = source
    else:
        element.group = severity
    element.pair = source << 32 | name
    element.client = severity << 32 | (builder.ids[CLIENT][rule] - 1)
    element.ordinal = rule


cdef inline uint64_t cell_end(const element_t* elements, uint64_t start, uint64_t end) noexcept nogil:
    cdef uint64_t i = start + 1
    while i < end and same_cell(&elements[start], &elements[i]):
        i += 1
    return i


cdef bint count_cells(const builder_t* builder, plan_t* plan) noexcept nogil:
    """Fill plan.counts, plan.cells, and the bigs of the field records."""
    cdef uint64_t start, end
    cdef int kind
    cdef uint32_t big = <uint32_t>MC_LOW32 >> max(1, bit_length(builder.strings[SEVERITY].count))
    for kind in range(3):
        plan.counts[kind] = <uint32_t*>calloc(builder.strings[kind].count + 1, sizeof(uint32_t))
        if plan.counts[kind] == NULL:
            return False
        start = plan.starts[kind + 1]
        while start < plan.starts[kind + 2]:
            end = cell_end(plan.elements, start, plan.starts[kind + 2])
            plan.counts[kind][plan.elements[start].group - 1] += 1
            plan.bigs += end - start >= big
            start = end
    start = plan.starts[4]
    while start < plan.starts[5]:
        end = cell_end(plan.elements, start, plan.starts[5])
        plan.cells[bit_length(end - start + 1) - 1] += 1
        start = end
    return True


cdef bint choose_widths(plan_t* plan) noexcept nogil:
    """Give every bit field the width that these rules need."""
    cdef header_t* header = &plan.header
    cdef uint64_t cells = 0, bigs = 0
    cdef uint32_t key_bits, count_bits = 31, client_bits, i
    header.wild = plan.starts[1]
    header.severity_bits = <uint8_t>max(1, bit_length(header.counts[SEVERITY]))
    header.name_bits = <uint8_t>max(1, bit_length(header.counts[NAME]))
    header.source_bits = <uint8_t>max(1, bit_length(header.counts[SOURCE]))
    key_bits = header.severity_bits + header.name_bits + header.source_bits
    if key_bits > 62:
        return False
    for i in range(32):
        cells += plan.cells[i]
    # The narrowest count that leaves at most one cell in 128 to the bigs.
    while count_bits > 1 and (bigs + plan.cells[count_bits - 1]) * 128 <= cells:
        count_bits -= 1
        bigs += plan.cells[count_bits]
    header.pair_bytes = <uint8_t>min(8, max(4, (key_bits + count_bits + 7) // 8))
    for i in range(min(<uint32_t>32, 8 * header.pair_bytes - key_bits), 32):
        plan.bigs += plan.cells[i]
    header.ordinal_bits = <uint8_t>max(1, bit_length(header.counts[RULE]))
    client_bits = max(1, bit_length(header.counts[CLIENT]))
    header.entry_bytes = <uint8_t>((header.ordinal_bits + client_bits + 7) // 8)
    header.buckets = 1 + cells * 5 // 4 // ((BUCKET_SIZE - 4) // header.pair_bytes)
    return True


cdef void place_sections(const builder_t* builder, plan_t* plan) noexcept nogil:
    cdef header_t* header = &plan.header
    cdef uint64_t at = HEADER_SIZE
    cdef int i
    for i in range(3):
        header.sections[i].size = fields_size(&builder.strings[i], plan.counts[i])
    header.sections[CLIENT].size = texts_size(&builder.strings[CLIENT])
    header.sections[RULE].size = builder.texts_size
    header.sections[CLIENT_BLOCKS].size = (header.counts[CLIENT] + BLOCK - 1) // BLOCK * 8
    header.sections[RULE_BLOCKS].size = (header.counts[RULE] + BLOCK - 1) // BLOCK * 8
    for i in range(PARTS):
        size_slots(header, i)
    header.sections[PAIRS].size = bucket_total(plan) * BUCKET_SIZE
    header.sections[ENTRIES].size = header.counts[RULE] * header.entry_bytes
    header.sections[BIGS].size = plan.bigs * 16
    for i in range(SECTIONS):
        header.sections[i].offset = at
        # Eight bytes stay free behind a section: readers load whole words.
        at = (at + header.sections[i].size + 8 + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT
    header.size = at


cdef uint64_t fields_size(const interner_t* strings, const uint32_t* counts) noexcept nogil:
    cdef uint64_t size = 0, i
    for i in range(strings.count):
        size += FIELD_HEADER + (strings.offsets[i + 1] - strings.offsets[i] + 3) // 4 * 4 + 4 * <uint64_t>counts[i]
    return size


cdef uint64_t texts_size(const interner_t* strings) noexcept nogil:
    cdef uint64_t size = 0, i, text
    for i in range(strings.count):
        text = strings.offsets[i + 1] - strings.offsets[i]
        size += text + max(<uint32_t>1, (bit_length(text) + 6) // 7)
    return size


cdef void size_slots(header_t* header, int part) noexcept nogil:
    # Fields are looked up by every event and are few: a low load. Ids are many.
    cdef slot_table_t* slots = &header.slots[part]
    cdef uint64_t count = header.counts[part]
    cdef uint64_t refs = header.sections[part].size // 4 if part <= NAME else count
    slots.count = count * 5 // 3 + 2 if part <= NAME else count * 5 // 4 + 2
    slots.ref_bits = max(1, bit_length(refs))
    slots.width = max(4, (slots.ref_bits + TAG_BITS + 7) // 8)
    header.sections[SLOTS + part].size = slots.count * slots.width


cdef uint64_t bucket_total(const plan_t* plan) noexcept nogil:
    """How many buckets the pair cells fill, those behind the last home included."""
    cdef uint64_t bucket = 0, home, start = plan.starts[4]
    cdef uint32_t used = 0, room = (BUCKET_SIZE - 4) // plan.header.pair_bytes
    while start < plan.starts[5]:
        home = reduce_range(plan.elements[start].group, plan.header.buckets)
        if home > bucket:
            bucket = home
            used = 0
        elif used == room:
            bucket += 1
            used = 0
        used += 1
        start = cell_end(plan.elements, start, plan.starts[5])
    return max(bucket + 1, plan.header.buckets)


# ── writing ──────────────────────────────────────────────────────────────────

cdef build_status write_snapshot(builder_t* builder, plan_t* plan, built_t* built) noexcept nogil:
    cdef header_t* header = &plan.header
    cdef uint8_t* data = <uint8_t*>mc_map(header.size)
    cdef writer_t writer
    cdef build_status status
    built.data = data
    built.size = header.size
    if data == NULL:
        return NO_MEMORY
    status = write_ids(builder, header, data, built)
    if status != BUILT:
        return status
    write_clients(&builder.strings[CLIENT], header, data)
    writer.data = data
    writer.header = header
    writer.next_entry = 0
    writer.next_big = 0
    writer.big_elements = <element_t**>malloc((plan.bigs + 1) * sizeof(element_t*))
    if writer.big_elements == NULL:
        return NO_MEMORY
    write_entries(&writer, plan.elements, plan.starts[1])
    write_fields(builder, plan, &writer, SEVERITY)
    write_fields(builder, plan, &writer, SOURCE)
    write_fields(builder, plan, &writer, NAME)
    write_pairs(plan, &writer)
    write_bigs(&writer)
    free(writer.big_elements)
    memcpy(data, header, sizeof(header_t))
    header.checksum = checksum(data, header.size)
    memcpy(data, header, sizeof(header_t))
    return BUILT


cdef inline uint64_t put_ref(
    uint8_t* slots, const slot_table_t* table, uint64_t h, uint64_t ref, uint64_t probe
) noexcept nogil:
    """Store a reference in the first empty slot from a probe on.

    Returns 0, or the reference met on the way that has the same tag, and then
    nothing is stored: the caller compares the strings and goes on behind it.
    """
    cdef uint64_t mask = ~<uint64_t>0 >> (64 - 8 * table.width)
    cdef uint64_t refs = (<uint64_t>1 << table.ref_bits) - 1
    cdef uint64_t tag = h << table.ref_bits & mask & ~refs
    cdef uint64_t i = reduce_range(h, table.count) + probe
    cdef uint64_t slot, word
    cdef uint8_t* p
    if i >= table.count:
        i -= table.count
    p = slots + i * table.width
    word = mc_load64(p)
    slot = word & mask
    if slot == 0:
        mc_store64(p, word | tag | ref)
        return 0
    return slot & refs if slot & ~refs == tag else <uint64_t>~0


cdef void put_distinct(uint8_t* slots, const slot_table_t* table, uint64_t h, uint64_t ref) noexcept nogil:
    cdef uint64_t probe = 0
    while put_ref(slots, table, h, ref, probe):
        probe += 1


cdef build_status write_ids(builder_t* builder, const header_t* header, uint8_t* data, built_t* built) noexcept nogil:
    """Write the rule ids, their blocks and slots, and look for duplicates."""
    cdef const slot_table_t* table = &header.slots[RULE]
    cdef uint8_t* slots = data + header.sections[SLOTS + RULE].offset
    cdef uint64_t i, met, probe
    if builder.count == 0:
        return BUILT
    memcpy(data + header.sections[RULE].offset, builder.texts, builder.texts_size)
    memcpy(data + header.sections[RULE_BLOCKS].offset, builder.blocks, header.sections[RULE_BLOCKS].size)
    for i in range(builder.count):
        if i + AHEAD < builder.count:
            mc_prefetch(slots + reduce_range(builder.hashes[i + AHEAD], table.count) * table.width)
        probe = 0
        while True:
            met = put_ref(slots, table, builder.hashes[i], i + 1, probe)
            if met == 0:
                break
            if met != <uint64_t>~0 and builder.hashes[met - 1] == builder.hashes[i] and same_id(builder, i, met - 1):
                built.position = i
                built.former = met - 1
                return DUPLICATE
            probe += 1
    return BUILT


cdef bint same_id(const builder_t* builder, uint64_t a, uint64_t b) noexcept nogil:
    cdef text_t left = builder_id(builder, a)
    cdef text_t right = builder_id(builder, b)
    return left.size == right.size and same_bytes(left.data, right.data, left.size)


cdef text_t builder_id(const builder_t* builder, uint64_t rule) noexcept nogil:
    cdef const uint8_t* p = builder.texts + builder.blocks[rule // BLOCK]
    cdef uint64_t _i
    for _i in range(rule % BLOCK):
        read_text(&p)
    return read_text(&p)


cdef void write_clients(const interner_t* strings, const header_t* header, uint8_t* data) noexcept nogil:
    cdef uint8_t* records = data + header.sections[CLIENT].offset
    cdef uint64_t at = 0, i
    for i in range(strings.count):
        if i % BLOCK == 0:
            mc_store64(data + header.sections[CLIENT_BLOCKS].offset + i // BLOCK * 8, at)
        at += write_text(
            records + at, strings.bytes + strings.offsets[i], strings.offsets[i + 1] - strings.offsets[i]
        )
        put_distinct(
            data + header.sections[SLOTS + CLIENT].offset, &header.slots[CLIENT], strings.hashes[i], i + 1
        )


cdef inline uint32_t write_cell(
    writer_t* writer, element_t* elements, uint64_t size, uint64_t big, const uint8_t* at
) noexcept nogil:
    """Write a cell's entries, or put them off when they are too many; return its count field."""
    if size < big:
        write_entries(writer, elements, size)
        return <uint32_t>size
    cdef uint8_t* record = writer.data + writer.header.sections[BIGS].offset + writer.next_big * 16
    mc_store64(record, at - writer.data)
    mc_store32(record + 12, <uint32_t>size)
    writer.big_elements[writer.next_big] = elements
    writer.next_big += 1
    return <uint32_t>big


cdef inline void write_entries(writer_t* writer, const element_t* elements, uint64_t size) noexcept nogil:
    cdef const header_t* header = writer.header
    cdef uint8_t* p = writer.data + header.sections[ENTRIES].offset + writer.next_entry * header.entry_bytes
    cdef uint64_t i
    for i in range(size):
        mc_store64(p, (elements[i].client & MC_LOW32) << header.ordinal_bits | elements[i].ordinal)
        p += header.entry_bytes
    writer.next_entry += size


cdef void write_fields(const builder_t* builder, plan_t* plan, writer_t* writer, int part) noexcept nogil:
    """Write the field records of a list, the entries of their cells, and the slots."""
    cdef const header_t* header = &plan.header
    cdef const interner_t* strings = &builder.strings[part]
    cdef uint8_t* records = writer.data + header.sections[part].offset
    cdef uint64_t at = 0, i, size, start = plan.starts[part + 1]
    for i in range(strings.count):
        size = strings.offsets[i + 1] - strings.offsets[i]
        mc_store32(records + at, <uint32_t>(i + 1))
        mc_store32(records + at + 4, <uint32_t>size)
        mc_store32(records + at + 8, plan.counts[part][i])
        mc_store32(records + at + 12, <uint32_t>writer.next_entry if plan.counts[part][i] else 0)
        memcpy(records + at + FIELD_HEADER, strings.bytes + strings.offsets[i], size)
        put_distinct(
            writer.data + header.sections[SLOTS + part].offset, &header.slots[part], strings.hashes[i], at // 4 + 1
        )
        at += FIELD_HEADER + (size + 3) // 4 * 4
        at += write_counts(plan, writer, records + at, plan.counts[part][i], &start)


cdef uint64_t write_counts(
    plan_t* plan, writer_t* writer, uint8_t* out, uint32_t counts, uint64_t* start
) noexcept nogil:
    cdef uint32_t severity_bits = plan.header.severity_bits
    cdef uint32_t size, _i
    cdef uint64_t end
    for _i in range(counts):
        end = cell_end(plan.elements, start[0], plan.starts[5])
        size = write_cell(
            writer, plan.elements + start[0], end - start[0], <uint32_t>MC_LOW32 >> severity_bits, out
        )
        mc_store32(out, size << severity_bits | <uint32_t>(plan.elements[start[0]].client >> 32))
        out += 4
        start[0] = end
    return 4 * <uint64_t>counts


cdef void write_pairs(plan_t* plan, writer_t* writer) noexcept nogil:
    cdef const header_t* header = &plan.header
    cdef uint8_t* pairs = writer.data + header.sections[PAIRS].offset
    cdef uint32_t key_bits = header.severity_bits + header.name_bits + header.source_bits
    cdef uint32_t used = 0, room = (BUCKET_SIZE - 4) // header.pair_bytes
    cdef uint64_t big = (~<uint64_t>0 >> (64 - 8 * header.pair_bytes)) >> key_bits
    cdef uint64_t start = plan.starts[4], end, bucket = 0, home, last
    cdef uint64_t slot
    cdef uint8_t* p
    last = header.sections[PAIRS].size // BUCKET_SIZE
    mc_store32(pairs, <uint32_t>writer.next_entry)
    while start < plan.starts[5]:
        end = cell_end(plan.elements, start, plan.starts[5])
        home = reduce_range(plan.elements[start].group, header.buckets)
        while bucket < home:
            bucket += 1
            used = 0
            mc_store32(pairs + bucket * BUCKET_SIZE, <uint32_t>writer.next_entry)
        if used == room:
            pairs[bucket * BUCKET_SIZE + 3] |= 0x80
            bucket += 1
            used = 0
            mc_store32(pairs + bucket * BUCKET_SIZE, <uint32_t>writer.next_entry)
        p = pairs + bucket * BUCKET_SIZE + 4 + used * header.pair_bytes
        slot = pair_key(header, &plan.elements[start])
        slot |= <uint64_t>write_cell(writer, plan.elements + start, end - start, big, p) << key_bits
        memcpy(p, &slot, header.pair_bytes)
        used += 1
        start = end
    while bucket + 1 < last:
        bucket += 1
        mc_store32(pairs + bucket * BUCKET_SIZE, <uint32_t>writer.next_entry)


cdef inline uint64_t pair_key(const header_t* header, const element_t* element) noexcept nogil:
    return (
        element.client >> 32
        | (element.pair & MC_LOW32) << header.severity_bits
        | (element.pair >> 32) << (header.severity_bits + header.name_bits)
    )


cdef void write_bigs(writer_t* writer) noexcept nogil:
    cdef uint8_t* p = writer.data + writer.header.sections[BIGS].offset
    cdef uint64_t i, size
    for i in range(writer.next_big):
        size = mc_load64(p + 8) >> 32
        mc_store32(p + 8, <uint32_t>writer.next_entry)
        write_entries(writer, writer.big_elements[i], size)
        p += 16
