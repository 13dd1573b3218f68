"""From an event to its runs of entries: the hot path, inline and without the GIL.

All loads that can miss the cache are issued before the first is waited for: the
two field slots and the pair bucket are found from hashes alone, and the strings
are compared afterwards, so an answer is exact at a dependency depth of two.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from ._hash cimport hash_pair, hash_text, reduce_range, same_bytes, text_t
from ._layout cimport (
    BLOCK, BUCKET_SIZE, FIELD_HEADER, NAME, OVERFLOW_BIT, SEVERITY, SOURCE,
    event_t, index_t, runs_t, strings_t,
)
from ._platform cimport MC_LOW32, mc_load32, mc_load64, mc_lowest_bit, mc_prefetch, mc_unlikely


cdef inline uint64_t hash_in(const index_t* index, const text_t* text) noexcept nogil:
    return hash_text(text.data, text.size, index.seed) & index.hash_mask


cdef inline uint32_t padded(uint32_t size) noexcept nogil:
    return (size + 3) & ~<uint32_t>3


cdef inline text_t read_text(const uint8_t** cursor) noexcept nogil:
    """Read the text record at the cursor and step over it."""
    cdef text_t text
    cdef const uint8_t* p = cursor[0]
    cdef size_t size = p[0] & 0x7f
    cdef int shift = 7
    while p[0] & 0x80:
        p += 1
        size |= <size_t>(p[0] & 0x7f) << shift
        shift += 7
    text.data = p + 1
    text.size = size
    cursor[0] = text.data + size
    return text


cdef inline text_t text_at(const strings_t* strings, uint64_t ordinal) noexcept nogil:
    """The client or rule id of an ordinal, which must be in range."""
    cdef const uint8_t* p = strings.records + mc_load64(strings.blocks + (ordinal // BLOCK) * 8)
    cdef uint64_t _i
    for _i in range(ordinal % BLOCK):
        read_text(&p)
    return read_text(&p)


cdef inline const uint8_t* slot_at(const strings_t* strings, uint64_t h) noexcept nogil:
    """The slot where the search for a hash begins."""
    return strings.slots + reduce_range(h, strings.slot_count) * strings.slot_width


cdef inline uint64_t next_ref(const strings_t* strings, uint64_t h, uint64_t* probe) noexcept nogil:
    """The next reference (from 1) whose tag fits the hash, or 0; the first probe is 0."""
    cdef uint64_t home = reduce_range(h, strings.slot_count)
    cdef uint64_t tag = (h << strings.ref_bits) & strings.slot_mask & ~strings.ref_mask
    cdef uint64_t i, slot
    while probe[0] < strings.slot_count:
        i = home + probe[0]
        if i >= strings.slot_count:
            i -= strings.slot_count
        probe[0] += 1
        slot = mc_load64(strings.slots + i * strings.slot_width) & strings.slot_mask
        if slot == 0:
            return 0
        if slot & ~strings.ref_mask == tag:
            return slot & strings.ref_mask
    return 0


cdef inline const uint8_t* find_field(const strings_t* strings, const text_t* text, uint64_t h) noexcept nogil:
    """The field record of a string, or NULL."""
    cdef uint64_t probe = 0
    cdef uint64_t ref = next_ref(strings, h, &probe)
    cdef const uint8_t* record
    while ref:
        record = strings.records + (ref - 1) * 4
        if mc_load32(record + 4) == text.size and same_bytes(record + FIELD_HEADER, text.data, text.size):
            return record
        ref = next_ref(strings, h, &probe)
    return NULL


cdef inline uint64_t find_text(const strings_t* strings, const text_t* text, uint64_t h) noexcept nogil:
    """The ordinal + 1 of a client or rule id, or 0."""
    cdef uint64_t probe = 0
    cdef uint64_t ref = next_ref(strings, h, &probe)
    cdef text_t known
    while ref:
        known = text_at(strings, ref - 1)
        if known.size == text.size and same_bytes(known.data, text.data, text.size):
            return ref
        ref = next_ref(strings, h, &probe)
    return 0


cdef inline void add_run(runs_t* runs, uint32_t first, uint32_t size, uint8_t wildcards) noexcept nogil:
    if runs.count < 8:      # a sound snapshot has no ninth; an unverified one must not write past the end
        runs.first[runs.count] = first
        runs.size[runs.count] = size
        runs.wildcards[runs.count] = wildcards
        runs.count += 1


cdef inline bint find_big(
    const index_t* index, const uint8_t* at, uint32_t* first, uint32_t* size
) noexcept nogil:
    """Where the rules lie of a cell too large for its count field."""
    cdef uint64_t address = at - index.data
    cdef uint64_t low = 0, high = index.bigs_count, middle
    while low < high:
        middle = (low + high) // 2
        if mc_load64(index.bigs + middle * 16) < address:
            low = middle + 1
        else:
            high = middle
    if low == index.bigs_count or mc_load64(index.bigs + low * 16) != address:
        return False
    first[0] = mc_load32(index.bigs + low * 16 + 8)
    size[0] = mc_load32(index.bigs + low * 16 + 12)
    return True


cdef inline void add_counts(
    const index_t* index, const uint8_t* record, uint32_t severity, uint8_t wildcards, runs_t* runs
) noexcept nogil:
    """The runs of a field's own cells: those with this severity and those with any."""
    cdef uint32_t counts = mc_load32(record + 8)
    cdef uint32_t first, size, item_severity, _i
    cdef const uint8_t* p
    if counts == 0:
        return
    first = mc_load32(record + 12)
    p = record + FIELD_HEADER + padded(mc_load32(record + 4))
    for _i in range(counts):
        size = mc_load32(p) >> index.severity_bits
        item_severity = mc_load32(p) & ((<uint32_t>1 << index.severity_bits) - 1)
        if mc_unlikely(size == <uint32_t>MC_LOW32 >> index.severity_bits):
            if item_severity == 0 or item_severity == severity:
                add_big(index, p, wildcards | (item_severity == 0), runs)
        else:
            if item_severity == 0 or item_severity == severity:
                add_run(runs, first, size, wildcards | (item_severity == 0))
            first += size
        p += 4


cdef inline void add_big(
    const index_t* index, const uint8_t* at, uint8_t wildcards, runs_t* runs
) noexcept nogil:
    cdef uint32_t first, size
    if find_big(index, at, &first, &size):
        add_run(runs, first, size, wildcards)


cdef inline uint64_t pair_slot(const index_t* index, const uint8_t* bucket, uint32_t slot) noexcept nogil:
    return mc_load64(bucket + 4 + slot * index.pair_bytes) & index.pair_mask


cdef inline uint32_t first_of(const index_t* index, const uint8_t* bucket, uint32_t slot) noexcept nogil:
    """The first entry of a bucket's slot: the bucket's own, and what its neighbours hold."""
    cdef uint32_t first = mc_load32(bucket) & ~<uint32_t>OVERFLOW_BIT
    cdef uint64_t size
    cdef uint32_t i
    for i in range(slot):
        size = pair_slot(index, bucket, i) >> index.key_bits
        first += <uint32_t>(size if size != index.big_count else 0)
    return first


cdef inline void add_pairs(
    const index_t* index, uint64_t bucket, uint32_t source, uint32_t name, uint32_t severity, runs_t* runs
) noexcept nogil:
    """The runs of the cells (this severity or any, source, name)."""
    cdef uint64_t want = (<uint64_t>name << index.severity_bits) | (<uint64_t>source << index.source_shift)
    cdef uint64_t hits, slot, size
    cdef uint32_t i, slot_severity
    cdef const uint8_t* p
    cdef const uint8_t* line
    while bucket < index.bucket_total:
        line = index.pairs + bucket * BUCKET_SIZE
        hits = 0
        p = line + 4
        for i in range(index.bucket_slots):
            hits |= <uint64_t>(((mc_load64(p) ^ want) & index.key_mask) == 0) << i
            p += index.pair_bytes
        while hits:
            i = mc_lowest_bit(hits)
            hits &= hits - 1
            slot = pair_slot(index, line, i)
            slot_severity = <uint32_t>(slot & ((<uint64_t>1 << index.severity_bits) - 1))
            if slot_severity == 0 or slot_severity == severity:
                size = slot >> index.key_bits
                if mc_unlikely(size == index.big_count):
                    add_big(index, line + 4 + i * index.pair_bytes, slot_severity == 0, runs)
                else:
                    add_run(runs, first_of(index, line, i), <uint32_t>size, slot_severity == 0)
        if not mc_load32(line) & <uint32_t>OVERFLOW_BIT:
            return
        bucket += 1


cdef inline void start_event(const index_t* index, event_t* event) noexcept nogil:
    """Hash an event and ask for the cache lines that its lookup begins with."""
    event.source_hash = hash_in(index, &event.source)
    event.name_hash = hash_in(index, &event.name)
    event.bucket = reduce_range(
        hash_pair(event.source_hash, event.name_hash) & index.hash_mask, index.buckets
    )
    # The next bucket too: one search in five goes on there, and it comes almost for free.
    mc_prefetch(index.pairs + event.bucket * BUCKET_SIZE)
    mc_prefetch(index.pairs + event.bucket * BUCKET_SIZE + BUCKET_SIZE)
    mc_prefetch(slot_at(&index.strings[SOURCE], event.source_hash))
    mc_prefetch(slot_at(&index.strings[NAME], event.name_hash))


cdef inline void find_runs(const index_t* index, const event_t* event, runs_t* runs) noexcept nogil:
    """The cells that match an event for which `start_event` was called."""
    cdef const uint8_t* severity
    cdef const uint8_t* source
    cdef const uint8_t* name
    cdef uint32_t severity_id = 0
    runs.count = 0
    source = find_field(&index.strings[SOURCE], &event.source, event.source_hash)
    name = find_field(&index.strings[NAME], &event.name, event.name_hash)
    severity = find_field(&index.strings[SEVERITY], &event.severity, hash_in(index, &event.severity))
    if index.wild:
        add_run(runs, 0, <uint32_t>index.wild, 7)
    if severity != NULL:
        severity_id = mc_load32(severity)
        add_counts(index, severity, severity_id, 6, runs)
    if source != NULL:
        add_counts(index, source, severity_id, 4, runs)
        if name != NULL:
            add_pairs(index, event.bucket, mc_load32(source), mc_load32(name), severity_id, runs)
    if name != NULL:
        add_counts(index, name, severity_id, 2, runs)


cdef inline uint64_t entry_key(const index_t* index, uint64_t position) noexcept nogil:
    """An entry as (client ordinal << 32 | rule ordinal)."""
    cdef uint64_t entry = mc_load64(index.entries + position * index.entry_bytes) & index.entry_mask
    return (entry >> index.ordinal_bits) << 32 | (entry & index.ordinal_mask)


cdef inline uint64_t runs_size(const runs_t* runs) noexcept nogil:
    cdef uint64_t size = 0
    cdef uint32_t i
    for i in range(runs.count):
        size += runs.size[i]
    return size


cdef void sort_keys(uint64_t* keys, uint64_t size, uint64_t* spare) noexcept nogil
cdef uint64_t collect(
    const index_t* index, uint32_t runs, const uint32_t* first, const uint32_t* size, uint64_t* keys
) noexcept nogil
