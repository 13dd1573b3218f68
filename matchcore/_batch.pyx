"""Matching many events at once, without the GIL.

Events go through in groups, each step for the whole group before the next: what
one event waits for, the others have asked for already, so their cache misses
overlap. Groups of 16 gave the best figures; 32 gain nothing.
"""

from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport free

from ._grow cimport grow
from ._layout cimport NAME, SOURCE, event_t, index_t, runs_t, strings_t
from ._lookup cimport collect, entry_key, find_runs, runs_size, slot_at, sort_keys, start_event
from ._overlay cimport keep_live, keys_room, match_overlay, overlay_t
from ._platform cimport mc_load64, mc_prefetch

cdef enum:
    GROUP = 16


cdef void batch_free(batch_t* batch) noexcept nogil:
    free(batch.offsets)
    free(batch.rules)
    free(batch.clients)
    free(batch.keys.items)
    free(batch.spare.items)


cdef bint match_events(
    const index_t* index, const overlay_t* overlay, uint64_t version,
    event_t* events, uint64_t count, batch_t* batch
) noexcept nogil:
    """Append the matches of events to a batch; False when memory is out."""
    cdef runs_t runs[GROUP]
    cdef uint64_t start = 0, size, i
    cdef uint32_t r
    if not offsets_room(batch, count):
        return False
    while start < count:
        size = min(<uint64_t>GROUP, count - start)
        for i in range(start, start + size):
            start_event(index, &events[i])
        for i in range(start, start + size):
            prefetch_record(&index.strings[SOURCE], events[i].source_hash)
            prefetch_record(&index.strings[NAME], events[i].name_hash)
        for i in range(size):
            find_runs(index, &events[start + i], &runs[i])
            for r in range(runs[i].count):
                mc_prefetch(index.entries + <uint64_t>runs[i].first[r] * index.entry_bytes)
        for i in range(size):
            if not emit(index, overlay, version, &events[start + i], &runs[i], batch):
                return False
        start += size
    return True


cdef inline void prefetch_record(const strings_t* strings, uint64_t h) noexcept nogil:
    """Ask for the record that the home slot leads to, if it leads anywhere."""
    cdef uint64_t ref = mc_load64(slot_at(strings, h)) & strings.ref_mask
    if ref:
        mc_prefetch(strings.records + (ref - 1) * 4)


cdef bint offsets_room(batch_t* batch, uint64_t more) noexcept nogil:
    if not grow(<void**>&batch.offsets, &batch.offsets_room, batch.events + more + 1, sizeof(uint64_t)):
        return False
    batch.offsets[0] = 0
    return True


cdef bint matches_room(batch_t* batch, uint64_t more) noexcept nogil:
    cdef uint64_t room = batch.room
    return (
        grow(<void**>&batch.rules, &room, batch.size + more, sizeof(uint32_t))
        and grow(<void**>&batch.clients, &batch.room, batch.size + more, sizeof(uint32_t))
    )


cdef inline void put(batch_t* batch, uint64_t key) noexcept nogil:
    batch.rules[batch.size] = <uint32_t>key
    batch.clients[batch.size] = <uint32_t>(key >> 32)
    batch.size += 1


cdef bint emit(
    const index_t* index, const overlay_t* overlay, uint64_t version,
    const event_t* event, const runs_t* runs, batch_t* batch
) noexcept nogil:
    """Append one event's matches, in result order."""
    cdef uint64_t size = runs_size(runs), i
    batch.keys.size = 0
    if overlay != NULL:
        if not match_overlay(overlay, event, version, &batch.keys):
            return False
    if not matches_room(batch, size + batch.keys.size):
        return False
    if overlay == NULL and runs.count == 1:
        for i in range(runs.first[0], runs.first[0] + size):
            put(batch, entry_key(index, i))
    elif size + batch.keys.size:
        if not keys_room(&batch.keys, size) or not keys_room(&batch.spare, size + batch.keys.size):
            return False
        collect(index, runs.count, runs.first, runs.size, batch.keys.items + batch.keys.size)
        if overlay != NULL:
            size = keep_live(overlay, version, batch.keys.items + batch.keys.size, size)
        size += batch.keys.size
        sort_keys(batch.keys.items, size, batch.spare.items)
        for i in range(size):
            put(batch, batch.keys.items[i])
    batch.events += 1
    batch.offsets[batch.events] = batch.size
    return True
