"""From cells back to rules."""

cimport cython
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc

from ._build cimport rule_t
from ._hash cimport text_t
from ._layout cimport BUCKET_SIZE, FIELD_HEADER, NAME, RULE, SEVERITY, SOURCE, index_t
from ._lookup cimport entry_key, find_big, padded, pair_slot
from ._overlay cimport client_text, overlay_t, rule_text
from ._platform cimport MC_LOW32, mc_load32
from ._state cimport State


@cython.final
cdef class Patterns:
    """Every base rule's client and fields, gathered from the cells in one pass."""

    def __cinit__(self, State state):
        cdef const index_t* index = &state.index
        cdef int part
        self.state = state
        self.ids = <uint32_t*>calloc(4 * index.counts[RULE] + 1, sizeof(uint32_t))
        if self.ids == NULL:
            raise MemoryError
        for part in range(3):
            self.records[part] = <const uint8_t**>malloc((index.counts[part] + 1) * sizeof(uint8_t*))
            if self.records[part] == NULL:
                raise MemoryError
        with nogil:
            self.gather()

    def __dealloc__(self):
        cdef int part
        free(self.ids)
        for part in range(3):
            free(<void*>self.records[part])

    cdef void gather(self) noexcept nogil:
        cdef const index_t* index = &self.state.index
        cdef const uint8_t* record
        cdef uint64_t i
        cdef int part
        self.put(0, index.wild, 0, 0, 0)
        for part in range(SEVERITY, NAME + 1):
            record = index.strings[part].records
            for i in range(index.counts[part]):
                self.records[part][i] = record
                record = self.gather_counts(record, part)
        for i in range(index.bucket_total):
            self.gather_bucket(index.pairs + i * BUCKET_SIZE)

    cdef const uint8_t* gather_counts(self, const uint8_t* record, int part) noexcept nogil:
        """Read the counts of a field record; return the next record."""
        cdef const index_t* index = &self.state.index
        cdef const uint8_t* p = record + FIELD_HEADER + padded(mc_load32(record + 4))
        cdef uint32_t id = mc_load32(record), first = mc_load32(record + 12), severity, _i
        for _i in range(mc_load32(record + 8)):
            severity = mc_load32(p) & ((<uint32_t>1 << index.severity_bits) - 1)
            first = self.put_cell(
                p, first, mc_load32(p) >> index.severity_bits, <uint32_t>MC_LOW32 >> index.severity_bits,
                severity, id if part == SOURCE else 0, id if part == NAME else 0,
            )
            p += 4
        return p

    cdef void gather_bucket(self, const uint8_t* bucket) noexcept nogil:
        cdef const index_t* index = &self.state.index
        cdef uint32_t first = mc_load32(bucket) & 0x7fffffff, i
        cdef uint64_t slot
        for i in range(index.bucket_slots):
            slot = pair_slot(index, bucket, i)
            if slot == 0:
                return
            first = self.put_cell(
                bucket + 4 + i * index.pair_bytes, first, slot >> index.key_bits, index.big_count,
                <uint32_t>(slot & ((<uint64_t>1 << index.severity_bits) - 1)),
                <uint32_t>((slot & index.key_mask) >> index.source_shift),
                <uint32_t>((slot & index.key_mask & ((<uint64_t>1 << index.source_shift) - 1)) >> index.severity_bits),
            )

    cdef uint32_t put_cell(
        self, const uint8_t* at, uint32_t first, uint64_t size, uint64_t big,
        uint32_t severity, uint32_t source, uint32_t name
    ) noexcept nogil:
        """Read a cell; return where the next one begins."""
        cdef uint32_t big_first, big_size
        if size != big:
            self.put(first, size, severity, source, name)
            return first + <uint32_t>size
        if find_big(&self.state.index, at, &big_first, &big_size):
            self.put(big_first, big_size, severity, source, name)
        return first

    cdef void put(
        self, uint64_t first, uint64_t size, uint32_t severity, uint32_t source, uint32_t name
    ) noexcept nogil:
        cdef uint64_t i, key
        cdef uint32_t* ids
        for i in range(first, first + size):
            key = entry_key(&self.state.index, i)
            ids = self.ids + 4 * (key & MC_LOW32)
            ids[0] = severity
            ids[1] = source
            ids[2] = name
            ids[3] = <uint32_t>(key >> 32)

    cdef text_t field(self, uint64_t ordinal, int part) noexcept nogil:
        cdef uint32_t id = self.ids[4 * ordinal + part]
        cdef const uint8_t* record
        cdef text_t value
        value.data = <const uint8_t*>b"*"
        value.size = 1
        if id:
            record = self.records[part][id - 1]
            value.data = record + FIELD_HEADER
            value.size = mc_load32(record + 4)
        return value

    cdef void read(self, uint64_t ordinal, rule_t* rule) noexcept nogil:
        """The rule of an ordinal, the base's or the overlay's."""
        cdef const index_t* index = &self.state.index
        cdef const overlay_t* delta = self.state.delta
        if ordinal >= index.counts[RULE]:
            rule.severity = delta.rules[ordinal - index.counts[RULE]].text[0]
            rule.source = delta.rules[ordinal - index.counts[RULE]].text[1]
            rule.name = delta.rules[ordinal - index.counts[RULE]].text[2]
            rule.client_id = client_text(index, delta, delta.rules[ordinal - index.counts[RULE]].client)
        else:
            rule.severity = self.field(ordinal, SEVERITY)
            rule.source = self.field(ordinal, SOURCE)
            rule.name = self.field(ordinal, NAME)
            rule.client_id = client_text(index, delta, self.ids[4 * ordinal + 3])
        rule.rule_id = rule_text(index, delta, ordinal)
