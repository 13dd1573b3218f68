# cython: freethreading_compatible = True
"""The scanner of AlertNew messages; `_scan.pxd` draws the message and states the rules.

Nothing is read past the end of what a function is given. A function that steps over something returns where it went
on from there, or NULL when the bytes are malformed, with the reason told through its last argument.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from ._utf8 cimport utf8_valid

from .errors import WireError

__all__ = ["scan"]

cdef enum:  # wire types
    VARINT = 0
    FIXED64 = 1
    SIZED = 2
    GROUP = 3
    GROUP_END = 4
    FIXED32 = 5

cdef enum:  # tags of AlertNew
    ALERT_ID = 1 << 3 | SIZED
    SCHEMA_VERSION = 2 << 3 | VARINT
    EVENT_TS = 3 << 3 | VARINT
    SEVERITY = 4 << 3 | VARINT
    SOURCE = 5 << 3 | SIZED
    NAME = 6 << 3 | SIZED
    CONTEXT = 7 << 3 | SIZED

cdef enum:  # tags of an entry of its context
    KEY = 1 << 3 | SIZED
    VALUE = 2 << 3 | SIZED

cdef enum:  # field numbers that AlertMatched adds
    FIRST_RESERVED = 8
    LAST_RESERVED = 10

cdef enum:
    DEPTH = 100  # of groups below the top of the message, as protobuf bounds it

# A varint and where it ends (NULL when malformed). It is returned and not written through a pointer, so that it stays
# in registers.
cdef struct number_t:
    const uint8_t* next
    uint64_t value


def scan(bytes payload not None, /):
    """Scan one AlertNew: the scanner's face for tests and debugging; `Router` uses the scanner without it.

    Parameters
    ----------
    payload
        The message as received.

    Returns
    -------
    tuple of (int, bytes, bytes, bool)
        The severity's number, source and name in UTF-8, and whether there are fields 8, 9 or 10 to take out.

    Raises
    ------
    WireError
        The bytes are not an AlertNew.

    Examples
    --------
    >>> scan(bytes.fromhex("0a02613120032a03617069320774696d656f7574"))
    (3, b'api', b'timeout', False)
    """
    cdef alert_t alert
    if scan_alert(<const uint8_t*>PyBytes_AS_STRING(payload), <size_t>PyBytes_GET_SIZE(payload), &alert) != 0:
        raise WireError(alert.fault, alert.reason.decode("ascii"))
    return alert.severity, alert.source[:alert.source_size], alert.name[:alert.name_size], alert.reserved != 0


cdef int scan_alert(const uint8_t* payload, size_t size, alert_t* alert) noexcept nogil:
    cdef const uint8_t* p = payload
    cdef const uint8_t* end = payload + size
    cdef number_t tag
    clear(alert)
    while p < end:
        alert.fault = <size_t>(p - payload)
        tag = read_tag(p, end, &alert.reason)
        if tag.next == NULL:
            return -1
        p = scan_field(tag, payload, end, alert)
        if p == NULL:
            return -1
    return 0


cdef inline void clear(alert_t* alert) noexcept nogil:
    alert.source = NULL
    alert.source_size = 0
    alert.name = NULL
    alert.name_size = 0
    alert.severity = 0
    alert.reserved = False
    alert.fault = 0
    alert.reason = NULL


cdef inline const uint8_t* scan_field(
    number_t tag, const uint8_t* payload, const uint8_t* end, alert_t* alert
) noexcept nogil:
    cdef number_t number
    if tag.value == ALERT_ID:
        return read_text(tag.next, end, &alert.reason).next
    elif tag.value == SCHEMA_VERSION or tag.value == EVENT_TS:
        return read_varint(tag.next, end, &alert.reason).next
    elif tag.value == SEVERITY:
        number = read_varint(tag.next, end, &alert.reason)
        alert.severity = <int32_t><uint32_t>number.value
        return number.next
    elif tag.value == SOURCE:
        number = read_text(tag.next, end, &alert.reason)
        alert.source = text_of(number)
        alert.source_size = number.value
        return number.next
    elif tag.value == NAME:
        number = read_text(tag.next, end, &alert.reason)
        alert.name = text_of(number)
        alert.name_size = number.value
        return number.next
    elif tag.value == CONTEXT:
        return scan_context(tag.next, payload, end, alert)
    alert.reserved |= is_reserved(tag.value)
    return skip_field(tag, end, DEPTH, &alert.reason)


cdef inline bint is_reserved(uint64_t tag) noexcept nogil:
    return FIRST_RESERVED <= tag >> 3 <= LAST_RESERVED


cdef inline const uint8_t* scan_context(
    const uint8_t* p, const uint8_t* payload, const uint8_t* end, alert_t* alert
) noexcept nogil:
    cdef number_t entry = read_size(p, end, &alert.reason)
    if entry.next == NULL:
        return NULL
    return scan_entry(entry.next, payload, entry.next + entry.value, alert)


cdef const uint8_t* scan_entry(
    const uint8_t* p, const uint8_t* payload, const uint8_t* end, alert_t* alert
) noexcept nogil:
    cdef number_t tag
    while p < end:
        alert.fault = <size_t>(p - payload)
        tag = read_tag(p, end, &alert.reason)
        if tag.next == NULL:
            return NULL
        if tag.value == KEY or tag.value == VALUE:
            p = read_text(tag.next, end, &alert.reason).next
        else:
            # The entry is itself one level of the nesting.
            p = skip_field(tag, end, DEPTH - 1, &alert.reason)
        if p == NULL:
            return NULL
    return p


cdef size_t strip_reserved(const uint8_t* payload, size_t size, uint8_t* out) noexcept nogil:
    cdef const uint8_t* p = payload
    cdef const uint8_t* end = payload + size
    cdef const uint8_t* kept = payload  # from here on, nothing was copied
    cdef const uint8_t* next
    cdef size_t written = 0
    while p < end:
        next = skip_element(p, end)
        if next == NULL:  # scan_alert has not accepted the payload
            break
        if starts_reserved(p, end):
            written += copy(kept, p, out, written)
            kept = next
        p = next
    return written + copy(kept, p, out, written)


cdef inline const uint8_t* skip_element(const uint8_t* p, const uint8_t* end) noexcept nogil:
    cdef const char* reason = NULL
    cdef number_t tag = read_tag(p, end, &reason)
    if tag.next == NULL:
        return NULL
    return skip_field(tag, end, DEPTH, &reason)


cdef inline bint starts_reserved(const uint8_t* p, const uint8_t* end) noexcept nogil:
    cdef const char* reason = NULL
    return is_reserved(read_tag(p, end, &reason).value)


cdef inline size_t copy(const uint8_t* start, const uint8_t* end, uint8_t* out, size_t at) noexcept nogil:
    cdef size_t size = <size_t>(end - start)
    if out != NULL and size > 0:
        memcpy(out + at, start, size)
    return size


# Reading: of what all messages are made of.

cdef inline number_t read_tag(const uint8_t* p, const uint8_t* end, const char** reason) noexcept nogil:
    # The caller has seen that p is before end.
    if p[0] < 0x80:
        return number_t(next=p + 1, value=p[0])
    return read_long_tag(p, end, reason)


cdef inline number_t read_varint(const uint8_t* p, const uint8_t* end, const char** reason) noexcept nogil:
    if p < end and p[0] < 0x80:
        return number_t(next=p + 1, value=p[0])
    return read_long(p, end, 10, "has a varint of more than 10 bytes", reason)


cdef inline number_t read_size(const uint8_t* p, const uint8_t* end, const char** reason) noexcept nogil:
    # What is returned lies wholly before end.
    cdef number_t size
    if p < end and p[0] < 0x80:
        size = number_t(next=p + 1, value=p[0])
    else:
        size = read_long_size(p, end, reason)
    if size.next != NULL and size.value > <size_t>(end - size.next):
        size.next = refuse("is cut short", reason)
    return size


cdef number_t read_long_tag(const uint8_t* p, const uint8_t* end, const char** reason) noexcept nogil:
    cdef number_t tag = read_long(p, end, 5, "has a varint of more than 5 bytes", reason)
    if tag.value > 0xFFFFFFFFULL:
        tag.next = refuse("has a tag of more than 32 bits", reason)
    return tag


cdef number_t read_long_size(const uint8_t* p, const uint8_t* end, const char** reason) noexcept nogil:
    cdef number_t size = read_long(p, end, 5, "has a varint of more than 5 bytes", reason)
    if size.value > 0x7FFFFFFFULL:
        size.next = refuse("is longer than 2 GiB", reason)
    return size


cdef number_t read_long(
    const uint8_t* p, const uint8_t* end, int longest, const char* too_long, const char** reason
) noexcept nogil:
    # The value of a malformed one is 0, so that it passes its caller's check and keeps its reason.
    cdef uint64_t value = 0
    cdef int i
    for i in range(longest):
        if p == end:
            return number_t(next=refuse("is cut short", reason), value=0)
        value |= (p[0] & 0x7FULL) << (7 * i)
        if p[0] < 0x80:
            return number_t(next=p + 1, value=value)
        p += 1
    return number_t(next=refuse(too_long, reason), value=0)


cdef inline number_t read_text(const uint8_t* p, const uint8_t* end, const char** reason) noexcept nogil:
    # Returns the text's size, and where it ends.
    cdef number_t text = read_size(p, end, reason)
    if text.next == NULL:
        return text
    if not utf8_valid(text.next, text.value):
        return number_t(next=refuse("is not valid UTF-8", reason), value=0)
    return number_t(next=text.next + text.value, value=text.value)


cdef inline const uint8_t* text_of(number_t text) noexcept nogil:
    if text.next == NULL:
        return NULL
    return text.next - text.value


cdef inline const uint8_t* skip_field(
    number_t tag, const uint8_t* end, int depth, const char** reason
) noexcept nogil:
    # Of a message. What is in a group goes through skip_value alone: protobuf takes any number there.
    if tag.value < 8:
        return refuse("has field number 0", reason)
    return skip_value(tag.next, end, tag.value, depth, reason)


cdef const uint8_t* skip_value(
    const uint8_t* p, const uint8_t* end, uint64_t tag, int depth, const char** reason
) noexcept nogil:
    cdef uint64_t wire = tag & 7
    if wire == VARINT:
        return read_varint(p, end, reason).next
    elif wire == FIXED64:
        return skip_bytes(p, end, 8, reason)
    elif wire == SIZED:
        return skip_sized(p, end, reason)
    elif wire == GROUP:
        return skip_group(p, end, tag, depth, reason)
    elif wire == FIXED32:
        return skip_bytes(p, end, 4, reason)
    elif wire == GROUP_END:
        return refuse("ends a group that was not begun", reason)
    return refuse("has wire type 6" if wire == 6 else "has wire type 7", reason)


cdef inline const uint8_t* skip_bytes(
    const uint8_t* p, const uint8_t* end, size_t size, const char** reason
) noexcept nogil:
    if size > <size_t>(end - p):
        return refuse("is cut short", reason)
    return p + size


cdef inline const uint8_t* skip_sized(const uint8_t* p, const uint8_t* end, const char** reason) noexcept nogil:
    cdef number_t size = read_size(p, end, reason)
    if size.next == NULL:
        return NULL
    return size.next + size.value


cdef const uint8_t* skip_group(
    const uint8_t* p, const uint8_t* end, uint64_t begin, int depth, const char** reason
) noexcept nogil:
    # A hostile payload cannot exhaust the stack: depth bounds the recursion.
    cdef number_t tag
    if depth == 0:
        return refuse("is nested more than 100 deep", reason)
    while p < end:
        tag = read_tag(p, end, reason)
        if tag.next == NULL or tag.value == begin - GROUP + GROUP_END:
            return tag.next
        p = skip_value(tag.next, end, tag.value, depth - 1, reason)
        if p == NULL:
            return NULL
    return refuse("is cut short", reason)


cdef inline const uint8_t* refuse(const char* why, const char** reason) noexcept nogil:
    reason[0] = why
    return NULL
