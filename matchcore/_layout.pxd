"""The snapshot: one contiguous, position-independent, little-endian buffer.

    ┌─────────────────────────────────────────────────────────────────────────┐
    │ header, 512 bytes: magic, format, size, checksum, version, seed, counts,│
    │ widths, and where each section lies                                     │
    ├───────────────┬─────────────────────────────────────────────────────────┤
    │ severities    │ field records     ┐                                     │
    │ sources       │ field records     ├ one after another, in id order      │
    │ names         │ field records     ┘                                     │
    │ clients       │ text records, in client ordinal order                   │
    │ rules         │ text records of the rule ids, in rule ordinal order     │
    │ client blocks │ u64: where every eighth client record begins            │
    │ rule blocks   │ u64: where every eighth rule record begins              │
    │ 5 slot tables │ hash → record, one for each of the five lists above     │
    │ pairs         │ 64-byte buckets: the cells (source, name)               │
    │ entries       │ the rules of every cell, cell after cell                │
    │ bigs          │ the cells whose rules are too many for their count field│
    └───────────────┴─────────────────────────────────────────────────────────┘

A *cell* is one pattern: its rules lie side by side in `entries`, sorted by
(client, rule), so a match is at most eight runs of entries. Where a cell is kept:

    (severity or *, source, name)   a slot of `pairs`
    (severity or *, source, *)      a count in the source's field record
    (severity or *, *, name)        a count in the name's field record
    (severity, *, *)                a count in the severity's field record
    (*, *, *)                       the first `wild` entries

    field record   u32 id (from 1) │ u32 size │ u32 counts │ u32 first entry │ UTF-8, padded to 4 │ counts × u32
    count          severity id, 0 for * (low severity_bits) │ number of rules
    text record    LEB128 size │ UTF-8
    slot           reference + 1 (low ref_bits) │ tag: low bits of the hash;  0 when empty
                   (the reference: a field record's offset / 4, or an ordinal)
    bucket         u32: first entry (31 bits), overflow (top bit) │ 60 // pair_bytes × pair slot
    pair slot      severity id │ name id │ source id │ number of rules;  0 when empty
    entry          rule ordinal (low ordinal_bits) │ client ordinal
    big            u64 address of the slot or count │ u32 first entry │ u32 number of rules

A count field of all ones means "look the address up in `bigs`"; such a cell takes
no part in the running sum that gives its neighbours their first entry.
"""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

from ._hash cimport text_t

cdef enum:
    FORMAT = 1
    HEADER_SIZE = 512
    ALIGNMENT = 64
    BUCKET_SIZE = 64
    BLOCK = 8               # text records between two entries of a block list
    FIELD_HEADER = 16
    OVERFLOW_BIT = 0x80000000
    MAX_RULES = 0x7fffffff

cdef enum:                  # the lists of strings, and their slot tables
    SEVERITY
    SOURCE
    NAME
    CLIENT
    RULE
    PARTS

cdef enum:                  # the sections; the first five are the lists
    CLIENT_BLOCKS = 5
    RULE_BLOCKS = 6
    SLOTS = 7               # to 11, by part_t
    PAIRS = 12
    ENTRIES = 13
    BIGS = 14
    SECTIONS = 15

cdef struct section_at_t:
    uint64_t offset         # from the start of the buffer, a multiple of 64
    uint64_t size           # bytes, without the padding behind

cdef struct slot_table_t:
    uint64_t count          # slots
    uint32_t width          # bytes of a slot
    uint32_t ref_bits

cdef struct header_t:
    uint8_t magic[8]
    uint32_t format
    uint32_t header_size
    uint64_t size           # of the whole buffer
    uint64_t checksum       # of the whole buffer, with this field as 0
    int64_t version         # of the rules, the caller's
    uint64_t seed
    uint64_t hash_mask      # all ones but in tests that force collisions
    uint64_t counts[5]      # severities, sources, names, clients, rules
    uint64_t buckets        # that keys hash to; overflow may use some more behind
    uint64_t wild           # rules with the pattern (*, *, *)
    uint8_t severity_bits
    uint8_t name_bits
    uint8_t source_bits
    uint8_t pair_bytes
    uint8_t entry_bytes
    uint8_t ordinal_bits
    uint8_t reserved[2]
    slot_table_t slots[5]
    section_at_t sections[15]

cdef struct strings_t:      # one list of strings and its slot table, opened
    const uint8_t* records
    const uint8_t* blocks   # NULL for the three fields
    const uint8_t* slots
    uint64_t slot_count
    uint64_t slot_mask
    uint64_t ref_mask
    uint32_t slot_width
    uint32_t ref_bits

cdef struct index_t:        # a snapshot, opened: all that a match needs, decoded once
    const uint8_t* data
    uint64_t size
    int64_t version
    uint64_t seed
    uint64_t hash_mask
    strings_t strings[5]
    uint64_t counts[5]
    const uint8_t* pairs
    uint64_t buckets
    uint64_t bucket_total
    uint64_t key_mask       # name and source of a pair slot
    uint64_t pair_mask      # the whole slot
    uint32_t pair_bytes
    uint32_t bucket_slots
    uint32_t severity_bits
    uint32_t source_shift
    uint32_t key_bits       # severity, name and source: the count lies above
    uint64_t big_count      # the count field that sends to `bigs`
    const uint8_t* entries
    uint64_t entry_mask
    uint64_t ordinal_mask
    uint32_t entry_bytes
    uint32_t ordinal_bits
    uint64_t wild
    const uint8_t* bigs
    uint64_t bigs_count

cdef struct runs_t:         # the cells that match an event: at most eight
    uint32_t count
    uint32_t first[8]
    uint32_t size[8]
    uint8_t wildcards[8]    # bit 0: severity is *, bit 1: source, bit 2: name

cdef struct event_t:        # an event on its way through the lookup
    text_t severity
    text_t source
    text_t name
    uint64_t source_hash
    uint64_t name_hash
    uint64_t bucket
