"""The compiled matcher: views and indexes.

`_layout.pxd` draws the snapshot, `_lookup.pxd` is the lookup itself; here is what
Python sees of them.
"""

from operator import index as as_int
from pickle import PickleBuffer
from typing import NamedTuple

cimport cython
from cpython.buffer cimport PyBuffer_FillInfo
from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport int64_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memset

from ._batch cimport batch_free, batch_t, match_events
from ._build cimport rule_t
from ._columns cimport CHUNK, Column, fetch_rows, field_utf8, mc_ascii, mc_utf8, open_columns
from ._compile cimport compile_columns, compile_rules, compile_state
from ._format cimport open_index, verify_index
from ._hash cimport text_t
from ._layout cimport RULE, event_t, index_t, runs_t
from ._lookup cimport entry_key, find_runs, start_event
from ._matches cimport NOTHING, _Keys, Matches, new_matches
from ._memory cimport Memory, borrow_memory
from ._overlay cimport Overlay, find_rule, is_removed, keys_t, match_overlay
from ._patterns cimport Patterns
from ._platform cimport MC_LOW32
from ._result cimport new_result
from ._state cimport State, text

from .errors import SnapshotError
from .rule import WILDCARD as _WILDCARD
from .rule import Rule
from .snapshot import map_file, replace_file

cdef tuple FIELDS = ("severity", "source", "name")


class Explanation(NamedTuple):
    """Why a rule matched.

    `wildcards` names the fields that the rule leaves open, among ``severity``,
    ``source`` and ``name``; the others were equal.
    """

    rule: Rule
    wildcards: tuple


cdef inline int read_event(object severity, object source, object name, event_t* event) except -1:
    if not mc_ascii(severity, &event.severity.data, &event.severity.size):
        event.severity.data = field_utf8(severity, "severity", &event.severity.size)
    if not mc_ascii(source, &event.source.data, &event.source.size):
        event.source.data = field_utf8(source, "source", &event.source.size)
    if not mc_ascii(name, &event.name.data, &event.name.size):
        event.name.data = field_utf8(name, "name", &event.name.size)
    return 0


cdef int64_t checked_version(object version) except -1:
    if isinstance(version, bool) or not isinstance(version, int):
        raise TypeError(f"version must be an int, not {type(version).__name__}")
    if not 0 <= version < 2 ** 63:
        raise ValueError(f"version must be from 0 to 2**63 - 1, not {version}")
    return version


cdef object checked_limit(object limit):
    if limit is None:
        return None
    if isinstance(limit, bool) or not isinstance(limit, int):
        raise TypeError(f"limit must be an int, not {type(limit).__name__}")
    if limit < 0:
        raise ValueError(f"limit must not be negative, not {limit}")
    return limit


cdef class View(State):
    """Rules at one version: an `Index`, or what a `LiveIndex` held at one moment."""

    def __init__(self):
        raise TypeError(f"{type(self).__name__} has no constructor: use Index.build, Index.open or LiveIndex.reader")

    @property
    def version(self):
        """The version of the rules, as the caller numbered it."""
        return self.seen

    @property
    def client_count(self):
        """The number of clients that client ordinals are given to."""
        return self.client_end()

    cdef Matches find(self, object severity, object source, object name):
        cdef event_t event
        cdef runs_t runs
        read_event(severity, source, name, &event)
        start_event(&self.index, &event)
        find_runs(&self.index, &event, &runs)
        if self.delta != NULL:
            return self.find_changed(&event, &runs)
        if runs.count == 0:
            return NOTHING
        return new_matches(self, &runs)

    cdef Matches find_changed(self, const event_t* event, const runs_t* runs):
        """The result for a view with an overlay, whose matches are looked up at once."""
        cdef Matches matches = new_matches(self, runs)
        cdef _Keys keys = _Keys.__new__(_Keys)
        cdef keys_t found
        memset(&found, 0, sizeof(found))
        if not match_overlay(self.delta, event, self.seen, &found):
            free(found.items)
            raise MemoryError
        keys.items = found.items
        keys.size = found.size
        matches.keys_found = keys
        return matches

    def match(self, severity, source, name, *, limit=None, clients=None):
        """Find the rules that an event matches.

        Parameters
        ----------
        severity, source, name : str
            The event's fields. A ``*`` here is an ordinary character.
        limit : int, optional
            Return at most so many rules: the first by client and rule ordinal.
        clients : collection of str, optional
            Return the rules of these clients only.

        Returns
        -------
        Matches
            From client id to rule ids.

        Raises
        ------
        TypeError, ValueError
            When a field is not a str, or has a lone surrogate.

        Examples
        --------
        >>> from matchcore import Index
        >>> index = Index.build([("r1", "acme", "HIGH", "*", "*"), ("r2", "zeta", "*", "api", "*")])
        >>> index.match("HIGH", "api", "timeout")
        Matches({'acme': ('r1',), 'zeta': ('r2',)})
        >>> index.match("HIGH", "api", "timeout", clients=["zeta"])
        Matches({'zeta': ('r2',)})
        """
        cdef Matches matches = self.find(severity, source, name)
        if limit is None and clients is None:
            return matches
        return self.restricted(matches, limit, clients)

    cdef Matches restricted(self, Matches matches, object limit, object clients):
        limit = checked_limit(limit)
        if matches is NOTHING:
            if clients is not None:
                self.client_ordinals(clients)
            return matches
        matches.restrict(limit, clients)
        return matches

    def count(self, severity, source, name, *, clients=None):
        """Count the rules that an event matches; see `match`."""
        cdef Matches matches = self.find(severity, source, name)
        if clients is not None:
            matches = self.restricted(matches, None, clients)
        return matches.count()

    def any(self, severity, source, name, *, clients=None):
        """Tell whether an event matches any rule; see `match`."""
        cdef Matches matches = self.find(severity, source, name)
        if clients is not None:
            matches = self.restricted(matches, None, clients)
        return matches.count() > 0

    def match_ordinals(self, severity, source, name, *, limit=None, clients=None):
        """The ordinals of the rules that an event matches, by client and then ascending.

        Returns
        -------
        tuple of int
        """
        cdef Matches matches = self.find(severity, source, name)
        cdef uint64_t i
        if limit is not None or clients is not None:
            matches = self.restricted(matches, limit, clients)
        matches.collect()
        return tuple([matches.keys_found.items[i] & MC_LOW32 for i in range(matches.keys_found.size)])

    def match_batch(self, severities, sources, names):
        """Match many events; the work is done without the GIL.

        Parameters
        ----------
        severities, sources, names : column of str
            Lists, tuples, numpy or Arrow arrays, of one length.

        Returns
        -------
        MatchBatch

        Raises
        ------
        TypeError, ValueError
            Naming the column and the row of a value that is not text.

        Examples
        --------
        >>> from matchcore import Index
        >>> index = Index.build([("r1", "acme", "HIGH", "*", "*"), ("r2", "zeta", "*", "api", "*")])
        >>> batch = index.match_batch(["HIGH", "LOW"], ["api", "db"], ["timeout", "timeout"])
        >>> batch.offsets.tolist(), batch.rule_ordinals.tolist()
        ([0, 2, 2], [0, 1])
        """
        cdef Py_ssize_t row, done = 0, count, bad = 0
        cdef tuple columns = open_columns(("severities", "sources", "names"), (severities, sources, names))
        cdef Py_ssize_t size = (<Column>columns[0]).size
        cdef batch_t batch
        cdef event_t* events = <event_t*>malloc(CHUNK * sizeof(event_t))
        cdef bint kept
        memset(&batch, 0, sizeof(batch_t))
        try:
            if events == NULL:
                raise MemoryError
            while done < size or done == 0:
                count = min(<Py_ssize_t>CHUNK, size - done)
                row = fetch_rows(columns, done, count, events, sizeof(event_t), &bad)
                if row < count:
                    raise column_fault(columns[bad], done + row)
                with nogil:
                    kept = match_events(&self.index, self.delta, self.seen, events, count, &batch)
                if not kept:
                    raise MemoryError
                done += max(<Py_ssize_t>1, count)
            return new_result(self, &batch)
        finally:
            free(events)
            batch_free(&batch)

    def explain(self, severity, source, name):
        """Tell which rules match an event and which of their fields were wildcards.

        Returns
        -------
        list of Explanation
            In result order.

        Examples
        --------
        >>> from matchcore import Index
        >>> index = Index.build([("r1", "acme", "HIGH", "*", "*")])
        >>> [explanation] = index.explain("HIGH", "api", "timeout")
        >>> explanation.rule.rule_id, explanation.wildcards
        ('r1', ('source', 'name'))
        """
        cdef event_t event
        cdef runs_t runs
        cdef Matches matches
        cdef uint64_t i, key
        cdef uint32_t r
        cdef list found = []
        read_event(severity, source, name, &event)
        start_event(&self.index, &event)
        find_runs(&self.index, &event, &runs)
        for r in range(runs.count):
            for i in range(runs.first[r], <uint64_t>runs.first[r] + runs.size[r]):
                key = entry_key(&self.index, i)
                if self.delta == NULL or not is_removed(self.delta, <uint32_t>key, self.seen):
                    found.append(self.reason(key, runs.wildcards[r]))
        if self.delta != NULL:
            matches = self.find(severity, source, name)
            for i in range(matches.keys_found.size):
                key = matches.keys_found.items[i]
                r = self.delta.rules[(key & MC_LOW32) - self.index.counts[RULE]].wildcards
                found.append(self.reason(key, r))
        found.sort()
        fields = (severity, source, name)
        return [
            Explanation(
                Rule(rule_id, client_id, *[_WILDCARD if wild >> i & 1 else fields[i] for i in range(3)]),
                tuple([FIELDS[i] for i in range(3) if wild >> i & 1]),
            )
            for _, rule_id, client_id, wild in found
        ]

    cdef tuple reason(self, uint64_t key, uint32_t wildcards):
        return (
            key >> 32,
            self.rule_id_of(key & MC_LOW32),
            self.client_id_of(key >> 32),
            wildcards,
        )

    def rule_id(self, ordinal, /):
        """The id of the rule with an ordinal.

        Raises
        ------
        IndexError
            When there is no such ordinal.
        """
        return self.rule_id_of(checked_ordinal(ordinal, self.ordinal_end(), "rule"))

    def client_id(self, ordinal, /):
        """The id of the client with an ordinal.

        Raises
        ------
        IndexError
            When there is no such ordinal.
        """
        return self.client_id_of(checked_ordinal(ordinal, self.client_end(), "client"))

    def rules(self):
        """Iterate over the rules, in the order of their ordinals."""
        cdef Patterns patterns = Patterns(self)
        cdef uint64_t ordinal
        cdef rule_t rule
        for ordinal in range(self.ordinal_end()):
            if self.lives(ordinal):
                patterns.read(ordinal, &rule)
                yield Rule(
                    text(rule.rule_id), text(rule.client_id), text(rule.severity), text(rule.source), text(rule.name)
                )

    def __len__(self):
        return self.size

    def __contains__(self, rule_id, /):
        cdef text_t id
        if not isinstance(rule_id, str):
            return False
        try:
            id.data = mc_utf8(rule_id, &id.size)
        except UnicodeEncodeError:
            return False
        return find_rule(&self.index, self.delta, &id, self.seen) != 0

    def __iter__(self):
        cdef uint64_t ordinal
        for ordinal in range(self.ordinal_end()):
            if self.lives(ordinal):
                yield self.rule_id_of(ordinal)

    def __repr__(self):
        return f"<matchcore.View {self.size} rules, version {self.seen}>"


cdef object column_fault(Column column, Py_ssize_t row):
    fault = column.fault(row, True)
    if fault is None:
        return RuntimeError(f"{column.label}[{row}] changed while it was read")
    return (TypeError if fault[1] else ValueError)(f"{column.label}[{row}] {fault[0]}")


cdef View view_of(Memory memory, const index_t* index, Overlay overlay, uint64_t version, uint64_t size):
    """A view over an index and, if not None, its overlay."""
    cdef View view = View.__new__(View)
    view.fill(memory, index, version, size)
    if overlay is not None:
        view.overlay = overlay
        view.delta = &overlay.state
    return view


cdef uint64_t checked_ordinal(object ordinal, uint64_t end, str kind) except? 0:
    i = as_int(ordinal)
    if not 0 <= i < end:
        raise IndexError(f"no {kind} has the ordinal {i}")
    return i


cdef Index new_index(Memory memory, bint verify):
    cdef Index index = Index.__new__(Index)
    cdef index_t opened
    cdef const char* fault = open_index(memory.data, memory.size, &opened)
    if fault == NULL and verify:
        with nogil:
            fault = verify_index(&opened)
    if fault != NULL:
        raise SnapshotError(fault.decode())
    index.fill(memory, &opened, opened.version, opened.counts[RULE])
    return index


cdef Index compile_view(View view):
    """An index of the rules that a view sees, under its version."""
    return new_index(compile_state(view), False)


@cython.final
cdef class Index(View):
    """Rules, compiled: immutable, in one buffer that can be saved, mapped and shared.

    Examples
    --------
    >>> from matchcore import Index
    >>> index = Index.build([("r1", "acme", "HIGH", "payments", "*")], version=7)
    >>> index.match("HIGH", "payments", "timeout")
    Matches({'acme': ('r1',)})
    >>> Index.from_buffer(index.to_bytes()) == index
    True
    """

    @classmethod
    def build(cls, rules, *, version=0):
        """Compile rules.

        Parameters
        ----------
        rules : iterable of Rule or of 5-tuples
        version : int
            A number of the caller's, from 0; `Router` stamps it on its messages.

        Raises
        ------
        RuleError, RuleTypeError
            Naming the position and the field of the first rule that cannot be
            compiled, or that repeats an id.
        """
        return new_index(compile_rules(rules, checked_version(version)), False)

    @classmethod
    def from_columns(cls, rule_ids, client_ids, severities, sources, names, *, version=0):
        """Compile rules that are given as columns of one length.

        Parameters
        ----------
        rule_ids, client_ids, severities, sources, names : column of str
            Lists, tuples, numpy arrays, or anything that exports itself by the
            Arrow PyCapsule interface; Arrow's buffers are read in place.
        version : int
            See `build`.

        Raises
        ------
        RuleError, RuleTypeError
            See `build`.
        ValueError
            When the columns are not of one length.
        """
        columns = (rule_ids, client_ids, severities, sources, names)
        return new_index(compile_columns(columns, checked_version(version)), False)

    @classmethod
    def from_buffer(cls, buffer, verify=True):
        """Open a snapshot in place; the buffer stays in use as long as the index.

        Parameters
        ----------
        buffer : bytes-like
            What `to_bytes` returned. Copied only when it is writable.
        verify : bool
            Check the checksum, every offset and every string. Without it only the
            header is looked at, and damaged bytes can crash the process.

        Raises
        ------
        SnapshotError
            When the bytes are not a sound snapshot of this format.
        """
        return new_index(borrow_memory(buffer), verify)

    @classmethod
    def open(cls, path, verify=True):
        """Map a snapshot file, shared with every process that does the same.

        The file must be replaced as a whole, as `save` does, and never be written
        to in place.

        Raises
        ------
        OSError
            When the file cannot be opened.
        SnapshotError
            See `from_buffer`.
        """
        return new_index(borrow_memory(map_file(path)), verify)

    def save(self, path):
        """Write the snapshot to a file, replacing a former one atomically."""
        replace_file(path, self)

    def to_bytes(self):
        """The snapshot as bytes. ``memoryview(index)`` is the same without a copy."""
        return PyBytes_FromStringAndSize(<const char*>self.memory.data, <Py_ssize_t>self.memory.size)

    @property
    def nbytes(self):
        """The size of the snapshot, in bytes."""
        return self.memory.size

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        PyBuffer_FillInfo(buffer, self, <void*>self.memory.data, <Py_ssize_t>self.memory.size, True, flags)

    def __eq__(self, other, /):
        if not isinstance(other, Index):
            return NotImplemented
        if self is other:
            return True
        return len(self) == len(other) and set(self.rules()) == set(other.rules())

    __hash__ = None

    def __reduce_ex__(self, protocol):
        return Index.from_buffer, (PickleBuffer(self) if protocol >= 5 else self.to_bytes(),)

    def __repr__(self):
        return (
            f"<matchcore.Index {self.size} rules, {self.client_count} clients, "
            f"{self.memory.size} bytes, version {self.seen}>"
        )
