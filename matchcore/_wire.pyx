"""From the bytes of an alert to the bytes of its matches.

A protobuf message is the concatenation of its fields, so `AlertMatched` is the
`AlertNew` that came in, followed by the fields 8 to 10. Nothing is decoded but
what the match needs, and nothing is encoded again.
"""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, qsort
from libc.string cimport memcmp, memcpy, memset

from ._batch cimport batch_free, batch_t, match_events
from ._grow cimport grow
from ._hash cimport text_t
from ._index cimport View
from ._layout cimport BLOCK, RULE, event_t, strings_t
from ._live cimport LiveIndex
from ._overlay cimport rule_text
from ._platform cimport mc_load64, mc_prefetch
from ._scan cimport alert_t, scan_alert, strip_reserved

from .errors import WireError

cdef enum:
    CHUNK = 256                 # payloads between two takings of the GIL
    CLIENT_ID = 8 << 3 | 2      # tags of AlertMatched
    RULE_IDS = 9 << 3 | 2
    RULES_VERSION = 10 << 3 | 0

cdef text_t SEVERITIES[5]       # by the enum's number
SEVERITIES[0] = text_t(b"\xff", 1)      # not UTF-8, so no rule's severity equals it
SEVERITIES[1] = text_t(b"LOW", 3)
SEVERITIES[2] = text_t(b"MEDIUM", 6)
SEVERITIES[3] = text_t(b"HIGH", 4)
SEVERITIES[4] = text_t(b"CRITICAL", 8)


cdef struct job_t:              # one payload of a chunk
    const uint8_t* payload
    size_t size
    alert_t alert
    bint failed
    uint64_t event              # its place among the events that were matched

cdef struct work_t:             # the memory of one call
    job_t* jobs
    event_t* events
    batch_t batch
    text_t* ids                 # of the rules of batch, in its order
    uint64_t ids_room


cdef bint start_work(work_t* work, uint64_t jobs) noexcept nogil:
    memset(work, 0, sizeof(work_t))
    work.jobs = <job_t*>malloc(jobs * sizeof(job_t))
    work.events = <event_t*>malloc(jobs * sizeof(event_t))
    return work.jobs != NULL and work.events != NULL


cdef void end_work(work_t* work) noexcept nogil:
    free(work.jobs)
    free(work.events)
    free(work.ids)
    batch_free(&work.batch)


cdef bint match_jobs(View view, work_t* work, uint64_t count) noexcept nogil:
    """Scan payloads and match those that are sound; False when memory is out."""
    cdef uint64_t events = 0, i
    cdef job_t* job
    for i in range(count):
        job = &work.jobs[i]
        job.failed = scan_alert(job.payload, job.size, &job.alert) != 0
        job.event = events
        if not job.failed:
            read_alert(&job.alert, &work.events[events])
            events += 1
    work.batch.events = 0
    work.batch.size = 0
    if not match_events(&view.index, view.delta, view.seen, work.events, events, &work.batch):
        return False
    return find_ids(view, work)


cdef void read_alert(const alert_t* alert, event_t* event) noexcept nogil:
    """An absent source or name is the empty string, as protobuf has it."""
    event.severity = SEVERITIES[alert.severity if 1 <= alert.severity <= 4 else 0]
    event.source.data = alert.source
    event.source.size = alert.source_size
    event.name.data = alert.name
    event.name.size = alert.name_size


cdef bint find_ids(View view, work_t* work) noexcept nogil:
    """Fill work.ids; False when memory is out.

    An id is two cache misses away, so each step is done for all before the next.
    """
    cdef const batch_t* batch = &work.batch
    cdef const strings_t* strings = &view.index.strings[RULE]
    cdef const uint8_t* record
    cdef uint64_t i
    if not grow(<void**>&work.ids, &work.ids_room, batch.size, sizeof(text_t)):
        return False
    for i in range(batch.size):
        if batch.rules[i] < view.index.counts[RULE]:
            mc_prefetch(strings.blocks + <uint64_t>batch.rules[i] // BLOCK * 8)
    for i in range(batch.size):
        if batch.rules[i] < view.index.counts[RULE]:
            record = strings.records + mc_load64(strings.blocks + <uint64_t>batch.rules[i] // BLOCK * 8)
            mc_prefetch(record)
            mc_prefetch(record + 64)
    for i in range(batch.size):
        work.ids[i] = rule_text(&view.index, view.delta, batch.rules[i])
    return True


# ── messages ─────────────────────────────────────────────────────────────────

cdef inline uint32_t varint_size(uint64_t value) noexcept nogil:
    cdef uint32_t size = 1
    while value > 0x7f:
        value >>= 7
        size += 1
    return size


cdef inline uint8_t* put_varint(uint8_t* out, uint64_t value) noexcept nogil:
    while value > 0x7f:
        out[0] = <uint8_t>(value & 0x7f | 0x80)
        out += 1
        value >>= 7
    out[0] = <uint8_t>value
    return out + 1


cdef inline uint8_t* put_text(uint8_t* out, uint8_t tag, const text_t* text) noexcept nogil:
    out[0] = tag
    out = put_varint(out + 1, text.size)
    memcpy(out, text.data, text.size)
    return out + text.size


cdef inline uint64_t text_field_size(const text_t* text) noexcept nogil:
    return 1 + varint_size(text.size) + text.size


cdef int by_bytes(const void* left, const void* right) noexcept nogil:
    cdef const text_t* a = <const text_t*>left
    cdef const text_t* b = <const text_t*>right
    cdef int order = memcmp(a.data, b.data, min(a.size, b.size))
    return order if order else (a.size > b.size) - (a.size < b.size)


cdef void sort_ids(text_t* ids, uint64_t size) noexcept nogil:
    """Most clients have one rule that matches, few have many."""
    if size == 2 and by_bytes(&ids[0], &ids[1]) > 0:
        ids[0], ids[1] = ids[1], ids[0]
    elif size > 2:
        qsort(ids, size, sizeof(text_t), by_bytes)


cdef bytes message(
    const uint8_t* base, uint64_t base_size, const text_t* client, const text_t* ids, uint64_t rules, uint64_t version
):
    """AlertMatched for one client: the alert's own bytes, then the fields 8, 9 and 10."""
    cdef uint64_t size = base_size + text_field_size(client), i
    cdef uint8_t* out
    cdef bytes made
    for i in range(rules):
        size += text_field_size(&ids[i])
    if version:                         # proto3 leaves a zero out
        size += 1 + varint_size(version)
    made = PyBytes_FromStringAndSize(NULL, <Py_ssize_t>size)
    out = <uint8_t*>PyBytes_AS_STRING(made)
    memcpy(out, base, base_size)
    out = put_text(out + base_size, CLIENT_ID, client)
    for i in range(rules):
        out = put_text(out, RULE_IDS, &ids[i])
    if version:
        out[0] = RULES_VERSION
        put_varint(out + 1, version)
    return made


cdef bytes without_reserved(bytes payload):
    """The payload without its fields 8 to 10: nobody may smuggle a client into a match."""
    cdef const uint8_t* data = <const uint8_t*>PyBytes_AS_STRING(payload)
    cdef size_t size = strip_reserved(data, PyBytes_GET_SIZE(payload), NULL)
    cdef bytes stripped = PyBytes_FromStringAndSize(NULL, <Py_ssize_t>size)
    strip_reserved(data, PyBytes_GET_SIZE(payload), <uint8_t*>PyBytes_AS_STRING(stripped))
    return stripped


cdef list messages(View view, work_t* work, const job_t* job, bytes payload):
    """One (client id, AlertMatched) for each client of a matched payload."""
    cdef const uint32_t* clients = work.batch.clients
    cdef uint64_t start = work.batch.offsets[job.event], end = work.batch.offsets[job.event + 1], stop
    cdef const uint8_t* base
    cdef text_t client
    cdef bytes key
    cdef list made = []
    if start < end and job.alert.reserved:
        payload = without_reserved(payload)
    base = <const uint8_t*>PyBytes_AS_STRING(payload)
    while start < end:
        stop = start + 1
        while stop < end and clients[stop] == clients[start]:
            stop += 1
        sort_ids(work.ids + start, stop - start)
        key = view.client_key(clients[start])
        client.data = <const uint8_t*>PyBytes_AS_STRING(key)
        client.size = PyBytes_GET_SIZE(key)
        made.append((
            key, message(base, PyBytes_GET_SIZE(payload), &client, work.ids + start, stop - start, view.seen)
        ))
        start = stop
    return made


cdef object wire_error(const job_t* job):
    return WireError(job.alert.fault, job.alert.reason.decode())


# ── the router ───────────────────────────────────────────────────────────────

@cython.final
cdef class Router:
    """Turns the bytes of an alert into one message for each client that it concerns.

    Parameters
    ----------
    index : View or LiveIndex
        Of a `LiveIndex`, every call uses the newest version.

    Examples
    --------
    >>> from matchcore import Index, Router
    >>> router = Router(Index.build([("r1", "acme", "HIGH", "*", "*")], version=3))
    >>> router.route(bytes.fromhex("0a026131" "2003"))
    [(b'acme', b'\\n\\x02a1 \\x03B\\x04acmeJ\\x02r1P\\x03')]
    """

    cdef View fixed
    cdef LiveIndex live

    def __init__(self, index):
        if isinstance(index, LiveIndex):
            self.live = index
        elif isinstance(index, View):
            self.fixed = index
        else:
            raise TypeError(f"index must be an Index, a View or a LiveIndex, not {type(index).__name__}")

    cdef View view(self):
        return self.fixed if self.live is None else self.live.view()

    def route(self, payload, /):
        """Match one alert.

        Parameters
        ----------
        payload : bytes
            An ``AlertNew`` message.

        Returns
        -------
        list of (bytes, bytes)
            The client id and the ``AlertMatched`` message, for each client.

        Raises
        ------
        WireError
            When the payload is malformed, with the offset of the fault.
        """
        [result] = self.route_batch((payload,))
        if isinstance(result, WireError):
            raise result
        return result

    def route_batch(self, payloads, /):
        """Match many alerts under one version; scanning and matching do without the GIL.

        Parameters
        ----------
        payloads : sequence of bytes
            ``AlertNew`` messages.

        Returns
        -------
        list
            For each payload what `route` returns, or the `WireError` that it raises.
        """
        cdef tuple items = tuple(payloads)
        cdef View view = self.view()
        cdef work_t work
        cdef Py_ssize_t start = 0
        cdef list results = []
        check_payloads(items)
        try:
            if not start_work(&work, CHUNK):
                raise MemoryError
            while start < len(items):
                route_chunk(view, &work, items, start, min(<Py_ssize_t>CHUNK, len(items) - start), results)
                start += CHUNK
            return results
        finally:
            end_work(&work)

    def __repr__(self):
        return f"<matchcore.Router over {self.view()!r}>"


cdef int check_payloads(tuple items) except -1:
    cdef Py_ssize_t i
    for i in range(len(items)):
        if not isinstance(items[i], bytes):
            raise TypeError(f"payloads[{i}] must be bytes, not {type(items[i]).__name__}")
    return 0


cdef int route_chunk(
    View view, work_t* work, tuple items, Py_ssize_t start, Py_ssize_t count, list results
) except -1:
    cdef Py_ssize_t i
    cdef bytes payload
    cdef bint kept
    for i in range(count):
        payload = items[start + i]
        work.jobs[i].payload = <const uint8_t*>PyBytes_AS_STRING(payload)
        work.jobs[i].size = PyBytes_GET_SIZE(payload)
    with nogil:
        kept = match_jobs(view, work, count)
    if not kept:
        raise MemoryError
    for i in range(count):
        if work.jobs[i].failed:
            results.append(wire_error(&work.jobs[i]))
        else:
            results.append(messages(view, work, &work.jobs[i], items[start + i]))
    return 0
