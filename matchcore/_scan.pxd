"""The scanner of AlertNew messages: what matching needs, found in the raw bytes, and nothing built.

    tag  field           wire type   what the scanner does
    0A   alert_id        string      checks that it is UTF-8
    10   schema_version  varint      steps over it
    18   event_ts        varint      steps over it
    20   severity        varint      keeps the last one, cut to 32 bits with its sign
    2A   source          string      checks that it is UTF-8, keeps where the last one is
    32   name            string      checks that it is UTF-8, keeps where the last one is
    3A   context         message     goes into it: 0A (key) and 12 (value) are strings, the rest is stepped over
    ..   8, 9, 10        any         tells that one is there; see strip_reserved
    ..   any other       any         steps over it, also over a field above that has another wire type

An element is a tag (number << 3 | wire type) and a value; tag, size and number are base-128 varints:

    0A 02 61 31 | 20 03 | 2A 03 61 70 69 | 3A 06 0A 01 6B 12 01 76 | 7B .. .. 7C
    │  │  └ "a1"  │  └ 3  │  │  └ "api"    │  │  │     k  │     v    │     └ end of group 15
    │  └ size     tag     │  └ size        │  │  └ key    └ value    └ group 15: elements up to its end
    └ tag                 └ tag            │  └ size of the entry
                                           └ tag

The bounds are those of protobuf's Python runtime (upb, 7.34 to 7.36): a tag has at most 5 bytes and 32 bits, a size 5
bytes and 31 bits, any other varint 10 bytes, of which the bits past the 64th are dropped; field number 0 is refused,
but not inside a group; the wire types 6 and 7 do not exist; an entry and the groups in it, or groups alone, nest 100
deep at most. Older releases let a size be padded to 10 bytes, and they (and upb's main branch) refuse the number 0
inside a group too.
"""

from libc.stdint cimport int64_t, uint8_t


cdef struct alert_t:        # what the scanner found in a payload; the pointers point into it
    const uint8_t* source   # NULL, with size 0, when absent
    size_t source_size
    const uint8_t* name     # the same
    size_t name_size
    int64_t severity        # the enum's number, within int32; 0 when absent
    bint reserved           # a top-level field 8, 9 or 10 is there: the payload must be copied without it
    size_t fault            # after an error: where the element at fault begins, in bytes
    const char* reason      # after an error: what is wrong with it, a static ASCII text


# Fills alert and returns 0, or returns -1 when the payload is not an AlertNew.
cdef int scan_alert(const uint8_t* payload, size_t size, alert_t* alert) noexcept nogil

# Copies a payload that scan_alert accepted to out, of the same size, without the top-level fields 8, 9 and 10.
# Returns the bytes written; out may be NULL, to only count them.
cdef size_t strip_reserved(const uint8_t* payload, size_t size, uint8_t* out) noexcept nogil
