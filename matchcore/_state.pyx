"""What a view consists of: an index, the overlay on it, and the version it sees."""

from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport uint32_t, uint64_t

from ._columns cimport mc_free_threaded, mc_utf8
from ._hash cimport text_t
from ._layout cimport CLIENT, RULE, index_t
from ._memory cimport Memory
from ._overlay cimport client_text, find_client, is_removed, rule_text, sees
from ._platform cimport mc_acquire32

cdef enum:
    MOST_KEPT = 1 << 16         # clients, of some 120 bytes each


cdef class State:
    """The data behind `View`; everything that a match's result needs later."""

    cdef void fill(self, Memory memory, const index_t* index, uint64_t version, uint64_t size):
        self.memory = memory
        self.index = index[0]
        self.seen = version
        self.size = size

    def __sizeof__(self):
        """With the memory that is the library's own: a mapped file is not, nor is a caller's buffer."""
        size = object.__sizeof__(self)
        if self.memory is not None:
            size += self.memory.own_size()
        if self.overlay is not None:
            size += self.overlay.__sizeof__()
        return size

    cdef uint64_t ordinal_end(self) noexcept nogil:
        """One more than the highest rule ordinal."""
        return self.index.counts[RULE] + (mc_acquire32(&self.delta.count) if self.delta != NULL else 0)

    cdef uint64_t client_end(self) noexcept nogil:
        return self.index.counts[CLIENT] + (mc_acquire32(&self.delta.client_count) if self.delta != NULL else 0)

    cdef bint lives(self, uint64_t ordinal) noexcept nogil:
        """Whether this version sees the rule of an ordinal."""
        if self.delta == NULL:
            return True
        if ordinal < self.index.counts[RULE]:
            return not is_removed(self.delta, <uint32_t>ordinal, self.seen)
        return sees(&self.delta.rules[ordinal - self.index.counts[RULE]], self.seen)

    cdef str rule_id_of(self, uint64_t ordinal):
        return text(rule_text(&self.index, self.delta, ordinal))

    cdef str client_id_of(self, uint64_t ordinal):
        return text(client_text(&self.index, self.delta, ordinal))

    cdef bint keeps_clients(self, uint64_t ordinal) noexcept:
        """Whether a client's id is made only once: it comes again and again, and a str keeps its hash.

        Not for very many clients, and not without the GIL: threads would contend for the
        reference counts.
        """
        return not mc_free_threaded and ordinal < self.index.counts[CLIENT] <= <uint64_t>MOST_KEPT

    cdef str client_name(self, uint64_t ordinal):
        """A client's id as a str."""
        cdef Memory memory = self.memory
        if not self.keeps_clients(ordinal):
            return self.client_id_of(ordinal)
        if memory.client_names is None:
            memory.client_names = [None] * <Py_ssize_t>self.index.counts[CLIENT]
        name = memory.client_names[ordinal]
        if name is None:
            name = memory.client_names[ordinal] = self.client_id_of(ordinal)
        return <str>name

    cdef bytes client_key(self, uint64_t ordinal):
        """A client's id as bytes."""
        cdef Memory memory = self.memory
        cdef text_t id
        if self.keeps_clients(ordinal):
            if memory.client_keys is None:
                memory.client_keys = [None] * <Py_ssize_t>self.index.counts[CLIENT]
            key = memory.client_keys[ordinal]
            if key is not None:
                return <bytes>key
        id = client_text(&self.index, self.delta, ordinal)
        key = PyBytes_FromStringAndSize(<const char*>id.data, <Py_ssize_t>id.size)
        if self.keeps_clients(ordinal):
            memory.client_keys[ordinal] = key
        return <bytes>key

    cdef list client_ordinals(self, object clients):
        """The ordinals of those clients that are known, ascending."""
        cdef text_t id
        cdef uint64_t ordinal
        cdef set ordinals = set()
        if isinstance(clients, (str, bytes)):
            raise TypeError(f"clients must be a collection of client ids, not {type(clients).__name__}")
        for client in clients:
            if not isinstance(client, str):
                raise TypeError(f"clients must hold str, not {type(client).__name__}")
            try:
                id.data = mc_utf8(client, &id.size)
            except UnicodeEncodeError:
                continue
            ordinal = find_client(&self.index, self.delta, &id)
            if ordinal:
                ordinals.add(ordinal - 1)
        return sorted(ordinals)
