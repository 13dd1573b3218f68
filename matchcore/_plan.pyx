"""What is decided about a snapshot before it is written: cells, widths, and where everything lies."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy

from ._build cimport BUILT, NO_MEMORY, TOO_LARGE, build_status, builder_t, interner_t
from ._hash cimport hash_pair, reduce_range
from ._layout cimport (
    ALIGNMENT, BIGS, BLOCK, BUCKET_SIZE, CLIENT, CLIENT_BLOCKS, ENTRIES, FIELD_HEADER, FORMAT,
    HEADER_SIZE, NAME, PAIRS, PARTS, RULE, RULE_BLOCKS, SECTIONS, SEVERITY, SLOTS, SOURCE, header_t,
    slot_table_t,
)
from ._platform cimport MC_LOW32
from ._sort cimport element_t, sort_elements

cdef enum:
    TAG_BITS = 6            # at least, in a slot


cdef void free_plan(plan_t* plan) noexcept nogil:
    cdef int i
    free(plan.elements)
    for i in range(3):
        free(plan.counts[i])


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
