"""What a view consists of: an index, the overlay on it, and the version it sees."""

from libc.stdint cimport uint32_t, uint64_t

from ._columns cimport mc_utf8
from ._hash cimport text_t
from ._layout cimport CLIENT, RULE, index_t
from ._memory cimport Memory
from ._overlay cimport client_text, find_client, is_removed, rule_text, sees


cdef class State:
    """The data behind `View`; everything that a match's result needs later."""

    cdef void fill(self, Memory memory, const index_t* index, uint64_t version, uint64_t size):
        self.memory = memory
        self.index = index[0]
        self.seen = version
        self.size = size

    cdef uint64_t ordinal_end(self) noexcept nogil:
        """One more than the highest rule ordinal."""
        return self.index.counts[RULE] + (self.delta.count if self.delta != NULL else 0)

    cdef uint64_t client_end(self) noexcept nogil:
        return self.index.counts[CLIENT] + (self.delta.client_count if self.delta != NULL else 0)

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
