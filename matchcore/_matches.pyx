"""What a match returns."""

from collections.abc import Mapping

cimport cython
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

from ._columns cimport mc_utf8
from ._hash cimport text_t
from ._layout cimport BLOCK, RULE, runs_t, strings_t
from ._lookup cimport collect as collect_keys
from ._lookup cimport sort_keys
from ._overlay cimport find_client, keep_live
from ._platform cimport MC_LOW32, mc_acquire32, mc_load64, mc_prefetch
from ._state cimport State


@cython.final
@cython.no_gc
cdef class _Keys:
    """Memory for keys."""

    def __dealloc__(self):
        free(self.items)


cdef _Keys new_keys(uint64_t size):
    """Room for so many keys; the size is still 0."""
    cdef _Keys keys = _Keys.__new__(_Keys)
    keys.items = <uint64_t*>malloc((size + 1) * sizeof(uint64_t))
    if keys.items == NULL:
        raise MemoryError
    return keys


cdef Matches new_matches(State state, const runs_t* runs):
    """A result of runs that nothing was read of yet."""
    cdef Matches matches = Matches.__new__(Matches)
    cdef uint32_t i
    matches.state = state
    matches.run_count = <uint8_t>runs.count
    # One by one: a wider copy would wait for the narrow stores that have just been made.
    for i in range(runs.count):
        matches.first[i] = runs.first[i]
        matches.size[i] = runs.size[i]
    return matches


@cython.final
@cython.collection_type("mapping")
@cython.no_gc                   # refers to a view and to strings: no cycle can run through it
@cython.freelist(64)
cdef class Matches:
    """The rules that match an event, by client: a read-only mapping.

    Keys are client ids in the order of their ordinals, values are tuples of rule
    ids, ascending. Its strings are made when they are asked for; a version that a
    `LiveIndex` has since left behind stays readable.

    Examples
    --------
    >>> from matchcore import Index
    >>> index = Index.build([("r1", "acme", "*", "api", "*"), ("r2", "acme", "LOW", "*", "*")])
    >>> matches = index.match("LOW", "api", "timeout")
    >>> matches["acme"]
    ('r1', 'r2')
    >>> matches.count(), list(matches), "zeta" in matches
    (2, ['acme'], False)
    """

    cdef int collect(self) except -1:
        """Bring the keys of all runs together, sorted."""
        with cython.critical_section(self):     # which is nothing under the GIL
            if not self.collected:
                self.collect_alone()
        return 0

    cdef int collect_alone(self) except -1:
        cdef _Keys former = self.keys_found
        cdef uint64_t size = self.runs_size(), more = former.size if former is not None else 0
        cdef _Keys keys = new_keys(size + more)
        cdef _Keys spare = new_keys(size + more)
        collect_keys(&self.state.index, self.run_count, self.first, self.size, keys.items)
        if self.state.delta != NULL:
            size = keep_live(self.state.delta, self.state.seen, keys.items, size)
        if more:
            memcpy(keys.items + size, former.items, more * sizeof(uint64_t))
        keys.size = size + more
        sort_keys(keys.items, keys.size, spare.items)
        self.keys_found = keys
        self.collected = True
        return 0

    cdef uint64_t runs_size(self) noexcept:
        cdef uint64_t size = 0
        cdef uint32_t i
        for i in range(self.run_count):
            size += self.size[i]
        return size

    def count(self):
        """The number of rules, over all clients."""
        cdef uint64_t size
        with cython.critical_section(self):
            # Where no base rule was removed, the runs need no look at their entries to be counted.
            if not self.collected and self.state.delta != NULL and mc_acquire32(&self.state.delta.tomb_count):
                self.collect_alone()
            size = self.keys_found.size if self.keys_found is not None else 0
            if not self.collected:
                size += self.runs_size()
        return size

    def rules(self):
        """The rule ids of all clients as one list, in result order."""
        return [rule for rules in self.as_dict().values() for rule in rules]

    cdef uint64_t group_end(self, uint64_t start) noexcept:
        cdef uint64_t end = start + 1
        while end < self.keys_found.size and self.keys_found.items[end] >> 32 == self.keys_found.items[start] >> 32:
            end += 1
        return end

    cdef tuple rule_ids(self, uint64_t start, uint64_t end):
        """The rule ids of one client's keys, ascending."""
        cdef list found
        cdef uint64_t i
        if end == start + 1:
            return (self.state.rule_id_of(self.keys_found.items[start] & MC_LOW32),)
        found = []
        for i in range(start, end):
            found.append(self.state.rule_id_of(self.keys_found.items[i] & MC_LOW32))
        found.sort()
        return tuple(found)

    cdef dict as_dict(self):
        with cython.critical_section(self):
            if not self.collected:
                self.collect_alone()
            if self.texts is None:
                self.texts = self.read_texts()
            return self.texts

    cdef dict read_texts(self):
        cdef uint64_t start = 0, end
        cdef dict texts = {}
        prefetch_texts(self)
        while start < self.keys_found.size:
            end = self.group_end(start)
            texts[self.state.client_name(self.keys_found.items[start] >> 32)] = self.rule_ids(start, end)
            start = end
        return texts

    cdef bint find_range(self, object client_id, uint64_t* start, uint64_t* end) except -1:
        """Where the keys of a client lie; False when it has none."""
        cdef text_t id
        cdef uint64_t ordinal
        if not isinstance(client_id, str):
            return False
        try:
            id.data = mc_utf8(client_id, &id.size)
        except UnicodeEncodeError:
            return False
        self.collect()
        if self.keys_found.size == 0:
            return False
        ordinal = find_client(&self.state.index, self.state.delta, &id)
        if ordinal == 0:
            return False
        start[0] = lower_bound(self.keys_found.items, self.keys_found.size, (ordinal - 1) << 32)
        end[0] = lower_bound(self.keys_found.items, self.keys_found.size, ordinal << 32)
        return start[0] < end[0]

    def __getitem__(self, client_id, /):
        cdef uint64_t start, end
        if not self.find_range(client_id, &start, &end):
            raise KeyError(client_id)
        return self.rule_ids(start, end)

    def get(self, client_id, default=None, /):
        """The rule ids of a client, or `default` when none of its rules matches."""
        cdef uint64_t start, end
        if not self.find_range(client_id, &start, &end):
            return default
        return self.rule_ids(start, end)

    def __contains__(self, client_id, /):
        cdef uint64_t start, end
        return self.find_range(client_id, &start, &end)

    def __len__(self):
        cdef uint64_t clients = 0, i
        self.collect()
        for i in range(self.keys_found.size):
            clients += i == 0 or self.keys_found.items[i] >> 32 != self.keys_found.items[i - 1] >> 32
        return clients

    def __bool__(self):
        return self.count() > 0

    def __iter__(self):
        return iter(self.as_dict())

    def keys(self):
        """A set-like view of the client ids."""
        return self.as_dict().keys()

    def values(self):
        """A view of the tuples of rule ids."""
        return self.as_dict().values()

    def items(self):
        """A set-like view of the (client id, rule ids) pairs."""
        return self.as_dict().items()

    def __eq__(self, other, /):
        if isinstance(other, Matches):
            return self.as_dict() == (<Matches>other).as_dict()
        if isinstance(other, Mapping):
            return self.as_dict() == dict(other)
        return NotImplemented

    __hash__ = None

    def __repr__(self):
        cdef dict texts = self.as_dict()
        shown = [f"{client!r}: {rules!r}" for client, rules in list(texts.items())[:10]]
        return f"Matches({{{', '.join(shown)}{', ...' if len(texts) > 10 else ''}}})"

    def __reduce__(self):
        return dict, (self.as_dict(),)

    cdef int restrict(self, object limit, object clients) except -1:
        """Keep only the keys of some clients, and only the first of them."""
        self.collect()
        if clients is not None:
            self.keep_clients(self.state.client_ordinals(clients))
        if limit is not None and limit < self.keys_found.size:
            self.keys_found.size = limit
        return 0

    cdef int keep_clients(self, list ordinals) except -1:
        cdef uint64_t kept = 0, i, end, ordinal
        for ordinal in ordinals:
            i = lower_bound(self.keys_found.items, self.keys_found.size, ordinal << 32)
            end = lower_bound(self.keys_found.items, self.keys_found.size, (ordinal + 1) << 32)
            while i < end:
                self.keys_found.items[kept] = self.keys_found.items[i]
                kept += 1
                i += 1
        self.keys_found.size = kept
        return 0


Mapping.register(Matches)


cdef uint64_t lower_bound(const uint64_t* keys, uint64_t size, uint64_t least) noexcept nogil:
    cdef uint64_t low = 0, high = size, middle
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < least:
            low = middle + 1
        else:
            high = middle
    return low


cdef void prefetch_texts(Matches matches) noexcept:
    """Ask for the rule ids of a small result together: each is a cache miss."""
    cdef const strings_t* strings = &matches.state.index.strings[RULE]
    cdef uint64_t i, ordinal, size = min(matches.keys_found.size, <uint64_t>64)
    cdef const uint8_t* record
    if size < 2:
        return
    for i in range(size):
        ordinal = matches.keys_found.items[i] & MC_LOW32
        if ordinal < matches.state.index.counts[RULE]:
            mc_prefetch(strings.blocks + (ordinal // BLOCK) * 8)
    for i in range(size):
        ordinal = matches.keys_found.items[i] & MC_LOW32
        if ordinal < matches.state.index.counts[RULE]:
            record = strings.records + mc_load64(strings.blocks + (ordinal // BLOCK) * 8)
            mc_prefetch(record)
            mc_prefetch(record + 64)


cdef Matches NOTHING = Matches.__new__(Matches)     # of a view without overlay: all such results are equal
NOTHING.state = State.__new__(State)
NOTHING.keys_found = new_keys(0)
NOTHING.collected = True
