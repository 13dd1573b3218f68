"""Rules that change while they are matched.

A `LiveIndex` is a cell with the current `View`. Readers take the view and are
done: what they hold never changes. A writer appends to the overlay of the current
view under the next version, which no reader looks at yet, and then puts a view of
that version into the cell.
"""

import threading

cimport cython
from cpython.list cimport PyList_SetItem
from cpython.object cimport PyObject
from cpython.ref cimport Py_DECREF, Py_INCREF
from libc.stdint cimport uint64_t

from ._columns cimport field_utf8, mc_item, mc_utf8
from ._compile cimport read_rule
from ._build cimport rule_t
from ._hash cimport text_t
from ._index cimport Index, View, compile_view, view_of
from ._overlay cimport (
    Overlay, add_rule, copy_live, find_rule, has_room, new_overlay, overlay_t, remove_rule, reserve_text,
    text_size_of,
)

cdef enum:
    LEAST_ROOM = 1024
    SHARE = 32                  # room for an overlay of one rule in 32 before it has to grow


@cython.final
cdef class LiveIndex:
    """An index with changes on it, which readers in other threads never wait for.

    Parameters
    ----------
    index : Index, optional
        The rules and the version to begin with; none, and version 0, by default.

    Examples
    --------
    >>> from matchcore import LiveIndex, Rule
    >>> live = LiveIndex()
    >>> live.apply([Rule("r1", "acme", "HIGH", "*", "*")], version=5)
    >>> before = live.reader()
    >>> live.apply(deletes=["r1"])
    >>> live.version, live.any("HIGH", "api", "timeout"), before.any("HIGH", "api", "timeout")
    (6, False, True)
    """

    def __init__(self, index=None):
        if index is None:
            index = Index.build(())
        if not isinstance(index, Index):
            raise TypeError(f"index must be an Index, not {type(index).__name__}")
        self.cell = [over(index)]
        self.writing = threading.Lock()
        self.compacting = threading.Lock()

    cdef View view(self):
        # Not self.cell[0]: Cython would borrow the item and then count the reference, and without
        # the GIL a writer may have let go of it in between.
        cdef PyObject* item = mc_item(self.cell, 0)
        cdef View view = <View>item
        Py_DECREF(view)
        return view

    cdef int publish(self, View view) except -1:
        """Let readers see a view from now on."""
        Py_INCREF(view)         # PyList_SetItem takes it over
        PyList_SetItem(self.cell, 0, view)
        return 0

    def reader(self):
        """The rules of this moment, for good: a `View` that later changes do not touch."""
        return self.view()

    @property
    def version(self):
        """The version that readers see from now on."""
        return self.view().seen

    @property
    def client_count(self):
        """See `View.client_count`."""
        return self.view().client_count

    def apply(self, upserts=(), deletes=(), *, version=None):
        """Change rules: readers see either none or all of it.

        Deletes come first, then the upserts in their order, each replacing the
        rule that had its id.

        Parameters
        ----------
        upserts : iterable of Rule or of 5-tuples
        deletes : iterable of str
            Rule ids; one that no rule has is no error.
        version : int, optional
            Greater than the current one, which it replaces; by default the next.

        Raises
        ------
        RuleError, RuleTypeError
            For an upsert, as in `Index.build`; nothing is changed then.
        TypeError, ValueError
            For a delete or the version; nothing is changed then.
        """
        cdef tuple rules = tuple(upserts)
        cdef tuple ids = checked_ids(deletes)
        cdef rule_t rule
        cdef Py_ssize_t i
        if version is not None and (isinstance(version, bool) or not isinstance(version, int)):
            raise TypeError(f"version must be an int, not {type(version).__name__}")
        for i in range(len(rules)):
            read_rule(rules[i], i, &rule)
        with self.writing:
            self.change(rules, ids, version)

    cdef int change(self, tuple upserts, tuple deletes, object version) except -1:
        cdef View view = self.view()
        if version is None:
            version = view.seen + 1
        if not view.seen < version < 2 ** 63:
            raise ValueError(f"version must be greater than {view.seen} and less than 2**63, not {version}")
        self.publish(self.move(view, upserts, deletes, version))
        if self.journal is not None:
            self.journal.append((upserts, deletes, version))
        return 0

    cdef View move(self, View view, tuple upserts, tuple deletes, uint64_t version):
        """The view that follows from another one by changes that were checked."""
        cdef Overlay overlay = roomy_overlay(view, len(upserts), len(upserts) + len(deletes))
        cdef overlay_t* state = &overlay.state
        cdef uint64_t size = view.size
        cdef rule_t rule
        cdef text_t fields[4]
        cdef text_t id
        if not reserve_text(state, text_size(upserts)):
            raise MemoryError
        for rule_id in deletes:
            id.data = mc_utf8(rule_id, &id.size)
            size -= find_rule(state.base, state, &id, version) != 0
            remove_rule(state, &id, version)
        for item in upserts:
            read_rule(item, 0, &rule)
            size += find_rule(state.base, state, &rule.rule_id, version) == 0
            remove_rule(state, &rule.rule_id, version)
            fields[0] = rule.severity
            fields[1] = rule.source
            fields[2] = rule.name
            fields[3] = rule.rule_id
            add_rule(state, fields, &rule.client_id, version)
        return view_of(view.memory, &view.index, overlay, version, size)

    def compact(self):
        """Compile the current rules into a new base, and let go of the former one.

        Matching goes on meanwhile, and so do changes: those that arrive while the
        base is built are put on it before it is published. The version stays. Rule
        and client ordinals are given anew.

        Returns
        -------
        Index
            The new base, with the version that it was built at.
        """
        cdef View view
        cdef Index index
        with self.compacting:
            with self.writing:
                view = self.view()
                self.journal = []
            try:
                index = compile_view(view)
            except BaseException:
                self.journal = None
                raise
            with self.writing:
                journal, self.journal = self.journal, None
                view = over(index)
                for upserts, deletes, version in journal:
                    view = self.move(view, upserts, deletes, version)
                self.publish(view)
        return index

    def match(self, severity, source, name, *, limit=None, clients=None):
        """See `View.match`."""
        cdef View view = self.view()
        if limit is None and clients is None:
            return view.find(severity, source, name)
        return view.match(severity, source, name, limit=limit, clients=clients)

    def count(self, severity, source, name, *, clients=None):
        """See `View.count`."""
        return self.view().count(severity, source, name, clients=clients)

    def any(self, severity, source, name, *, clients=None):
        """See `View.any`."""
        return self.view().any(severity, source, name, clients=clients)

    def match_ordinals(self, severity, source, name, *, limit=None, clients=None):
        """See `View.match_ordinals`."""
        return self.view().match_ordinals(severity, source, name, limit=limit, clients=clients)

    def match_batch(self, severities, sources, names):
        """See `View.match_batch`; the whole batch sees one version."""
        return self.view().match_batch(severities, sources, names)

    def explain(self, severity, source, name):
        """See `View.explain`."""
        return self.view().explain(severity, source, name)

    def rule_id(self, ordinal, /):
        """See `View.rule_id`."""
        return self.view().rule_id(ordinal)

    def client_id(self, ordinal, /):
        """See `View.client_id`."""
        return self.view().client_id(ordinal)

    def rules(self):
        """See `View.rules`; the iteration sees one version."""
        return self.view().rules()

    def __len__(self):
        return self.view().size

    def __contains__(self, rule_id, /):
        return rule_id in self.view()

    def __iter__(self):
        return iter(self.view())

    def __sizeof__(self):
        return object.__sizeof__(self) + self.view().__sizeof__()

    def __repr__(self):
        cdef View view = self.view()
        return f"<matchcore.LiveIndex {view.size} rules, version {view.seen}>"

    def __reduce__(self):
        raise TypeError("a LiveIndex cannot be pickled: pickle the Index that compact() returns")


cdef View over(Index index):
    """The view of an index without changes."""
    return view_of(index.memory, &index.index, None, index.seen, index.size)


cdef tuple checked_ids(object deletes):
    """The ids to delete, each of which is text."""
    cdef size_t size
    if isinstance(deletes, str):
        raise TypeError("deletes must be an iterable of rule ids, not str")
    ids = tuple(deletes)
    for i, rule_id in enumerate(ids):
        field_utf8(rule_id, f"deletes[{i}]", &size)
    return ids


cdef uint64_t text_size(tuple rules) except? 0:
    """The bytes of all strings of rules that were checked."""
    cdef uint64_t size = 0
    cdef rule_t rule
    for item in rules:
        read_rule(item, 0, &rule)
        size += (
            rule.rule_id.size + rule.client_id.size + rule.severity.size + rule.source.size + rule.name.size
        )
    return size


cdef Overlay roomy_overlay(View view, uint64_t rules, uint64_t removals):
    """The view's overlay, or one with its live content and room for a change.

    A new one is also made when dead rules outnumber the live ones, or a rule that
    changes again and again would make the chain of its pattern ever longer.
    """
    cdef overlay_t* old
    cdef Overlay overlay
    cdef uint64_t live = 0, tombs = 0, room
    if view.overlay is not None:
        old = &view.overlay.state
        if has_room(old, rules, removals) and old.count - old.live <= old.live + LEAST_ROOM:
            return view.overlay
        live = old.live
        tombs = old.tomb_count
    room = max(<uint64_t>LEAST_ROOM, view.size // SHARE)
    overlay = new_overlay(&view.index, view.memory, 2 * live + rules + room, 2 * tombs + removals + room)
    if view.overlay is not None:
        if not reserve_text(&overlay.state, text_size_of(&view.overlay.state)):
            raise MemoryError
        if not copy_live(&overlay.state, &view.overlay.state, view.seen):
            raise MemoryError
    return overlay
