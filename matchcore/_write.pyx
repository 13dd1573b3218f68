"""Writing a snapshot as planned, front to back."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

from ._build cimport (
    BUILT, DUPLICATE, NO_MEMORY, build_status, builder_t, built_t, interner_t, write_text,
)
from ._format cimport checksum
from ._hash cimport reduce_range, same_bytes, text_t
from ._layout cimport (
    BIGS, BLOCK, BUCKET_SIZE, CLIENT, CLIENT_BLOCKS, ENTRIES, FIELD_HEADER, NAME, PAIRS, RULE,
    RULE_BLOCKS, SEVERITY, SLOTS, SOURCE, header_t, slot_table_t,
)
from ._lookup cimport read_text
from ._plan cimport cell_end, plan_t
from ._platform cimport MC_LOW32, mc_load64, mc_map, mc_prefetch, mc_store32, mc_store64
from ._sort cimport element_t

cdef enum:
    AHEAD = 12              # slots prefetched before they are written


cdef struct writer_t:       # a walk over all cells, writing
    uint8_t* data
    const header_t* header
    uint64_t next_entry
    uint64_t next_big
    element_t** big_elements


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
