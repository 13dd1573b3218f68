"""Opening and verifying the bytes of a snapshot; the layout is in `_layout.pxd`.

`open_index` reads the header only: it costs the same whatever the size, and after
it no section reaches outside the buffer. `verify_index` walks everything once.
Both return NULL, or what is wrong.
"""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcmp, memcpy, memset

from ._hash cimport fold
from ._layout cimport (
    ALIGNMENT, BIGS, BLOCK, BUCKET_SIZE, CLIENT, CLIENT_BLOCKS, ENTRIES, FIELD_HEADER, FORMAT,
    HEADER_SIZE, MAX_RULES, NAME, OVERFLOW_BIT, PAIRS, PARTS, RULE, RULE_BLOCKS, SECTIONS, SEVERITY,
    SLOTS, SOURCE, header_t, index_t, section_at_t, slot_table_t, strings_t,
)
from ._lookup cimport entry_key, padded, pair_slot
from ._platform cimport MC_K3, MC_LOW32, mc_load32, mc_load64
from ._utf8 cimport utf8_valid

cdef enum:
    CHECKSUM_AT = 24


cdef uint64_t checksum(const uint8_t* data, uint64_t size) noexcept nogil:
    """Digest a buffer of a multiple of 64 bytes, its checksum field taken as 0."""
    cdef uint8_t head[64]
    cdef uint64_t lanes[4]
    cdef uint64_t at
    cdef int i
    for i in range(4):
        lanes[i] = MC_K3 * <uint64_t>(i + 1)
    memcpy(head, data, 64)
    memset(head + CHECKSUM_AT, 0, 8)
    mix_block(head, lanes)
    for at in range(64, size, 64):
        mix_block(data + at, lanes)
    return fold(lanes[0] ^ size, lanes[1] ^ MC_K3) ^ fold(lanes[2] ^ size, lanes[3] ^ MC_K3)


cdef inline void mix_block(const uint8_t* block, uint64_t* lanes) noexcept nogil:
    # Four chains of dependent multiplications, so that they overlap. Adding the
    # words keeps a word equal to a constant from annihilating its lane.
    cdef uint64_t low, high
    cdef int i
    for i in range(4):
        low = mc_load64(block + 16 * i)
        high = mc_load64(block + 16 * i + 8)
        lanes[i] = fold(low ^ lanes[i], high ^ MC_K3) + low + (high << 1 | high >> 63)


cdef const char* open_index(const uint8_t* data, uint64_t size, index_t* index) noexcept nogil:
    cdef header_t header
    cdef const char* fault
    if size < HEADER_SIZE:
        return b"shorter than a header"
    memcpy(&header, data, sizeof(header_t))
    if memcmp(header.magic, b"MATCHCOR", 8) != 0:
        return b"not a matchcore snapshot"
    if header.format != FORMAT or header.header_size != HEADER_SIZE:
        return b"written in another version of the format"
    if header.size != size or size % ALIGNMENT:
        return b"truncated, or followed by something else"
    fault = check_header(&header)
    if fault != NULL:
        return fault
    read_header(data, &header, index)
    return NULL


cdef const char* check_header(const header_t* header) noexcept nogil:
    cdef int i
    cdef uint32_t key_bits = header.severity_bits + header.name_bits + header.source_bits
    if header.version < 0:
        return b"the version is out of range"
    if not sections_fit(header):
        return b"a section lies out of place"
    for i in range(PARTS):
        if header.counts[i] > MAX_RULES:
            return b"a count is out of range"
        if not slots_fit(&header.slots[i], &header.sections[SLOTS + i]):
            return b"a slot table has a wrong shape"
    if not (1 <= header.severity_bits <= 31 and 1 <= header.name_bits <= 31 and 1 <= header.source_bits <= 31):
        return b"a width is out of range"
    if not (4 <= header.pair_bytes <= 8 and key_bits < 8 * <uint32_t>header.pair_bytes):
        return b"a width is out of range"
    if not (1 <= header.ordinal_bits <= 31 and 1 <= header.entry_bytes <= 8 and
            header.ordinal_bits < 8 * <uint32_t>header.entry_bytes):
        return b"a width is out of range"
    return check_sizes(header)


cdef const char* check_sizes(const header_t* header) noexcept nogil:
    cdef uint64_t rules = header.counts[RULE]
    if header.sections[ENTRIES].size != rules * header.entry_bytes or header.wild > rules:
        return b"the entries do not fit the number of rules"
    if header.sections[RULE_BLOCKS].size != blocks_of(rules) * 8:
        return b"the blocks do not fit the number of rules"
    if header.sections[CLIENT_BLOCKS].size != blocks_of(header.counts[CLIENT]) * 8:
        return b"the blocks do not fit the number of clients"
    if header.sections[PAIRS].size % BUCKET_SIZE or header.sections[BIGS].size % 16:
        return b"a section has a wrong size"
    if header.buckets < 1 or header.buckets > header.sections[PAIRS].size // BUCKET_SIZE:
        return b"the pairs have a wrong number of buckets"
    return NULL


cdef inline uint64_t blocks_of(uint64_t count) noexcept nogil:
    return (count + BLOCK - 1) // BLOCK


cdef bint sections_fit(const header_t* header) noexcept nogil:
    """Each section begins where the one before ends, with 8 bytes between for loads of a whole word."""
    cdef uint64_t at = HEADER_SIZE, size
    cdef int i
    for i in range(SECTIONS):
        size = header.sections[i].size
        if header.sections[i].offset != at or size > header.size - at:
            return False
        at = (at + size + 8 + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT
        if at > header.size:
            return False
    return at == header.size


cdef bint slots_fit(const slot_table_t* slots, const section_at_t* section) noexcept nogil:
    return (
        4 <= slots.width <= 8
        and 1 <= slots.ref_bits < 8 * slots.width
        and 1 <= slots.count <= <uint64_t>1 << 40
        and slots.count * slots.width == section.size
    )


cdef inline uint64_t low_bits(uint32_t count) noexcept nogil:
    return ~<uint64_t>0 >> (64 - count)


cdef void read_header(const uint8_t* data, const header_t* header, index_t* index) noexcept nogil:
    cdef int i
    memset(index, 0, sizeof(index_t))
    index.data = data
    index.size = header.size
    index.version = header.version
    index.seed = header.seed
    index.hash_mask = header.hash_mask
    for i in range(PARTS):
        index.counts[i] = header.counts[i]
        read_strings(data, header, i, &index.strings[i])
    index.strings[CLIENT].blocks = data + header.sections[CLIENT_BLOCKS].offset
    index.strings[RULE].blocks = data + header.sections[RULE_BLOCKS].offset
    index.pairs = data + header.sections[PAIRS].offset
    index.buckets = header.buckets
    index.bucket_total = header.sections[PAIRS].size // BUCKET_SIZE
    index.severity_bits = header.severity_bits
    index.source_shift = header.severity_bits + header.name_bits
    index.key_bits = index.source_shift + header.source_bits
    index.key_mask = low_bits(index.key_bits) & ~low_bits(header.severity_bits)
    index.pair_bytes = header.pair_bytes
    index.pair_mask = low_bits(8 * header.pair_bytes)
    index.bucket_slots = (BUCKET_SIZE - 4) // header.pair_bytes
    index.big_count = index.pair_mask >> index.key_bits
    index.entries = data + header.sections[ENTRIES].offset
    index.entry_bytes = header.entry_bytes
    index.entry_mask = low_bits(8 * header.entry_bytes)
    index.ordinal_bits = header.ordinal_bits
    index.ordinal_mask = low_bits(header.ordinal_bits)
    index.wild = header.wild
    index.bigs = data + header.sections[BIGS].offset
    index.bigs_count = header.sections[BIGS].size // 16


cdef void read_strings(const uint8_t* data, const header_t* header, int part, strings_t* strings) noexcept nogil:
    strings.records = data + header.sections[part].offset
    strings.slots = data + header.sections[SLOTS + part].offset
    strings.slot_count = header.slots[part].count
    strings.slot_width = header.slots[part].width
    strings.ref_bits = header.slots[part].ref_bits
    strings.slot_mask = low_bits(8 * strings.slot_width)
    strings.ref_mask = low_bits(strings.ref_bits)


# ── verification ─────────────────────────────────────────────────────────────

cdef struct walk_t:         # a walk over all cells, in the order of their entries
    uint64_t next_entry
    uint64_t bigs           # met so far


cdef const char* verify_index(const index_t* index) noexcept nogil:
    cdef header_t header
    cdef const char* fault
    memcpy(&header, index.data, sizeof(header_t))
    if checksum(index.data, index.size) != header.checksum:
        return b"the checksum is wrong"
    if not padding_is_zero(index.data, &header):
        return b"there is something between the sections"
    fault = verify_cells(index, &header)
    if fault == NULL:
        fault = verify_texts(index, CLIENT, header.sections[CLIENT].size)
    if fault == NULL:
        fault = verify_texts(index, RULE, header.sections[RULE].size)
    if fault == NULL:
        fault = verify_text_slots(&index.strings[CLIENT], index.counts[CLIENT])
    if fault == NULL:
        fault = verify_text_slots(&index.strings[RULE], index.counts[RULE])
    if fault == NULL:
        fault = verify_entries(index)
    return fault


cdef bint padding_is_zero(const uint8_t* data, const header_t* header) noexcept nogil:
    cdef uint64_t end, at
    cdef int i
    for at in range(sizeof(header_t), <uint64_t>HEADER_SIZE):
        if data[at]:
            return False
    for i in range(SECTIONS):
        end = header.size
        if i + 1 < SECTIONS:
            end = header.sections[i + 1].offset
        for at in range(header.sections[i].offset + header.sections[i].size, end):
            if data[at]:
                return False
    return True


cdef const char* verify_cells(const index_t* index, const header_t* header) noexcept nogil:
    cdef walk_t walk
    cdef const char* fault
    cdef int part
    walk.next_entry = index.wild
    walk.bigs = 0
    for part in range(SEVERITY, NAME + 1):
        fault = verify_fields(index, part, header.sections[part].size, &walk)
        if fault != NULL:
            return fault
    fault = verify_pairs(index, &walk)
    if fault != NULL:
        return fault
    return verify_bigs(index, &walk)


cdef const char* verify_fields(
    const index_t* index, int part, uint64_t size, walk_t* walk
) noexcept nogil:
    """Check a list of field records and that its slots name each of them once."""
    cdef uint8_t* starts = <uint8_t*>calloc(size // 32 + 1, 1)     # a bit for every 4 bytes
    cdef const char* fault
    if starts == NULL:
        return b"not enough memory to verify"
    fault = verify_records(index, part, size, walk, starts)
    if fault == NULL:
        fault = verify_field_slots(&index.strings[part], index.counts[part], size, starts)
    free(starts)
    return fault


cdef const char* verify_records(
    const index_t* index, int part, uint64_t size, walk_t* walk, uint8_t* starts
) noexcept nogil:
    cdef const uint8_t* records = index.strings[part].records
    cdef uint64_t at = 0, i, end
    cdef uint32_t text_size, counts
    for i in range(index.counts[part]):
        if size - at < FIELD_HEADER:
            return b"a field record is cut short"
        text_size = mc_load32(records + at + 4)
        counts = mc_load32(records + at + 8)
        end = at + FIELD_HEADER + ((<uint64_t>text_size + 3) & ~<uint64_t>3) + 4 * <uint64_t>counts
        if mc_load32(records + at) != i + 1 or end > size:
            return b"a field record has a wrong id or size"
        if not utf8_valid(records + at + FIELD_HEADER, text_size):
            return b"a field is not UTF-8"
        if text_size == 1 and records[at + FIELD_HEADER] == c"*":
            return b"a field is the wildcard"
        if not verify_counts(index, records + at, <uint32_t>(i + 1 if part == SEVERITY else 0), walk):
            return b"a field's counts are wrong"
        starts[at // 32] |= <uint8_t>(1 << (at // 4 % 8))
        at = end
    if at != size:
        return b"bytes behind the last field record"
    return NULL


cdef bint verify_counts(
    const index_t* index, const uint8_t* record, uint32_t only_severity, walk_t* walk
) noexcept nogil:
    cdef uint32_t counts = mc_load32(record + 8)
    cdef const uint8_t* p = record + FIELD_HEADER + padded(mc_load32(record + 4))
    cdef uint32_t severity, _i
    cdef int64_t former = -1
    if counts and mc_load32(record + 12) != walk.next_entry:
        return False
    for _i in range(counts):
        severity = mc_load32(p) & ((<uint32_t>1 << index.severity_bits) - 1)
        if severity <= former or severity > index.counts[SEVERITY]:
            return False
        if only_severity and severity != only_severity:
            return False
        if not verify_cell(index, p, mc_load32(p) >> index.severity_bits,
                           <uint32_t>MC_LOW32 >> index.severity_bits, walk):
            return False
        former = severity
        p += 4
    return True


cdef bint verify_cell(
    const index_t* index, const uint8_t* at, uint64_t size, uint64_t big, walk_t* walk
) noexcept nogil:
    """Step over a cell's entries: behind the former ones, or named by the next big."""
    if size == big:
        if walk.bigs == index.bigs_count:
            return False
        if mc_load64(index.bigs + walk.bigs * 16) != <uint64_t>(at - index.data):
            return False
        walk.bigs += 1
        return True
    walk.next_entry += size
    return size > 0 and walk.next_entry <= index.counts[RULE]


cdef const char* verify_field_slots(
    const strings_t* strings, uint64_t count, uint64_t size, uint8_t* starts
) noexcept nogil:
    cdef uint64_t i, slot, at, used = 0
    for i in range(strings.slot_count):
        slot = mc_load64(strings.slots + i * strings.slot_width) & strings.slot_mask
        if slot == 0:
            continue
        at = ((slot & strings.ref_mask) - 1) * 4
        if slot & strings.ref_mask == 0 or at >= size or not starts[at // 32] >> (at // 4 % 8) & 1:
            return b"a slot does not lead to a field record"
        starts[at // 32] &= <uint8_t>~(1 << (at // 4 % 8))
        used += 1
    if used != count or used == strings.slot_count:
        return b"a slot table lacks a field"
    return NULL


cdef const char* verify_pairs(const index_t* index, walk_t* walk) noexcept nogil:
    cdef uint64_t bucket
    cdef const uint8_t* line
    for bucket in range(index.bucket_total):
        line = index.pairs + bucket * BUCKET_SIZE
        if mc_load32(line) & ~<uint32_t>OVERFLOW_BIT != walk.next_entry:
            return b"a bucket has a wrong first entry"
        if not verify_bucket(index, line, walk):
            return b"a pair is wrong"
    if mc_load32(index.pairs + (index.bucket_total - 1) * BUCKET_SIZE) & <uint32_t>OVERFLOW_BIT:
        return b"the last bucket overflows"
    return NULL


cdef bint verify_bucket(const index_t* index, const uint8_t* line, walk_t* walk) noexcept nogil:
    cdef uint32_t i
    cdef uint64_t slot, severity, name, source
    cdef bint ended = False
    for i in range(index.bucket_slots):
        slot = pair_slot(index, line, i)
        if slot == 0:
            ended = True
            continue
        severity = slot & low_bits(index.severity_bits)
        name = (slot & low_bits(index.source_shift)) >> index.severity_bits
        source = (slot & low_bits(index.key_bits)) >> index.source_shift
        if ended or severity > index.counts[SEVERITY]:
            return False
        if not (1 <= name <= index.counts[NAME] and 1 <= source <= index.counts[SOURCE]):
            return False
        if not verify_cell(index, line + 4 + i * index.pair_bytes, slot >> index.key_bits, index.big_count, walk):
            return False
    return True


cdef const char* verify_bigs(const index_t* index, const walk_t* walk) noexcept nogil:
    cdef uint64_t i, address, former = 0, next_entry = walk.next_entry
    if walk.bigs != index.bigs_count:
        return b"a big cell belongs to no pattern"
    for i in range(index.bigs_count):
        address = mc_load64(index.bigs + i * 16)
        if address <= former or mc_load32(index.bigs + i * 16 + 8) != next_entry:
            return b"a big cell is out of place"
        former = address
        next_entry += mc_load32(index.bigs + i * 16 + 12)
        if next_entry > index.counts[RULE]:
            return b"a big cell is too large"
    if next_entry != index.counts[RULE]:
        return b"rules that no pattern leads to"
    return NULL


cdef const char* verify_texts(const index_t* index, int part, uint64_t size) noexcept nogil:
    """Check a list of text records and its blocks."""
    cdef const strings_t* strings = &index.strings[part]
    cdef uint64_t at = 0, i, text_size
    cdef int shift
    for i in range(index.counts[part]):
        if i % BLOCK == 0 and mc_load64(strings.blocks + i // BLOCK * 8) != at:
            return b"a block does not begin at its record"
        text_size = 0
        shift = 0
        while True:
            if at >= size or shift > 28:
                return b"a text record is cut short"
            text_size |= <uint64_t>(strings.records[at] & 0x7f) << shift
            shift += 7
            at += 1
            if not strings.records[at - 1] & 0x80:
                break
        if text_size == 0 or text_size > size - at:
            return b"a text record has a wrong size"
        if not utf8_valid(strings.records + at, text_size):
            return b"an id is not UTF-8"
        at += text_size
    if at != size:
        return b"bytes behind the last text record"
    return NULL


cdef const char* verify_text_slots(const strings_t* strings, uint64_t count) noexcept nogil:
    cdef uint8_t* seen = <uint8_t*>calloc(count // 8 + 1, 1)
    cdef uint64_t i, slot, used = 0
    cdef const char* fault = NULL
    if seen == NULL:
        return b"not enough memory to verify"
    for i in range(strings.slot_count):
        slot = mc_load64(strings.slots + i * strings.slot_width) & strings.slot_mask
        if slot == 0:
            continue
        slot &= strings.ref_mask
        if slot == 0 or slot > count or seen[(slot - 1) // 8] >> ((slot - 1) % 8) & 1:
            fault = b"a slot does not lead to a text record"
            break
        seen[(slot - 1) // 8] |= <uint8_t>(1 << ((slot - 1) % 8))
        used += 1
    free(seen)
    if fault == NULL and (used != count or used >= strings.slot_count):
        fault = b"a slot table lacks an id"
    return fault


cdef const char* verify_entries(const index_t* index) noexcept nogil:
    """Every rule stands in exactly one cell, with a client that exists."""
    cdef uint64_t rules = index.counts[RULE]
    cdef uint8_t* seen = <uint8_t*>calloc(rules // 8 + 1, 1)
    cdef uint64_t i, key, ordinal
    cdef const char* fault = NULL
    if seen == NULL:
        return b"not enough memory to verify"
    for i in range(rules):
        key = entry_key(index, i)
        ordinal = key & MC_LOW32
        if ordinal >= rules or key >> 32 >= index.counts[CLIENT] or seen[ordinal // 8] >> (ordinal % 8) & 1:
            fault = b"an entry is wrong"
            break
        seen[ordinal // 8] |= <uint8_t>(1 << (ordinal % 8))
    free(seen)
    return fault
