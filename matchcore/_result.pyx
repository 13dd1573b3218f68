"""The matches of many events, as numpy arrays over the memory that they were written to."""

import sys
from collections.abc import Sequence
from operator import index as as_int

import numpy as np

cimport cython
from cpython.buffer cimport PyBuffer_FillInfo
from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport free

from ._batch cimport batch_t
from ._matches cimport Matches, new_keys
from ._state cimport State


@cython.final
cdef class _Array:
    """Memory that numpy arrays of a batch lie over."""

    cdef void* data
    cdef Py_ssize_t size

    def __dealloc__(self):
        free(self.data)

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        PyBuffer_FillInfo(buffer, self, self.data, self.size, True, flags)


cdef object array_over(void** data, uint64_t count, object dtype):
    """A read-only numpy array over memory from malloc, which it takes over."""
    cdef _Array array
    dtype = np.dtype(dtype)
    if count == 0:
        empty = np.empty(0, dtype)
        empty.flags.writeable = False
        return empty
    array = _Array.__new__(_Array)
    array.data = data[0]
    array.size = count * dtype.itemsize
    data[0] = NULL
    return np.frombuffer(array, dtype)


@cython.final
@cython.collection_type("sequence")
cdef class MatchBatch:
    """The matches of many events, as columns.

    Event ``i`` has the matches ``offsets[i]`` to ``offsets[i + 1]`` of
    `rule_ordinals` and `client_ordinals`, grouped by client. ``batch[i]`` is the
    event's `Matches`.

    Attributes
    ----------
    offsets : numpy.ndarray of uint64, shape (events + 1,)
    rule_ordinals : numpy.ndarray of uint32, shape (matches,)
        Places of the rules in the input that the index was built from.
    client_ordinals : numpy.ndarray of uint32, shape (matches,)
        Places of the clients, in the order of their first appearance.
    """

    def __len__(self):
        return len(self.offsets) - 1

    def __getitem__(self, index, /):
        if isinstance(index, slice):
            return [self.one(i) for i in range(*index.indices(len(self)))]
        i = as_int(index)
        if i < 0:
            i += len(self)
        if not 0 <= i < len(self):
            raise IndexError("event out of range")
        return self.one(i)

    def __iter__(self):
        for i in range(len(self)):
            yield self.one(i)

    def index(self, value, start=0, stop=sys.maxsize, /):
        """The first event with equal matches; ValueError when there is none."""
        for i in range(*slice(start, stop).indices(len(self))):
            if self.one(i) == value:
                return i
        raise ValueError("no event has these matches")

    def count(self, value, /):
        """The number of events with equal matches."""
        return sum(one == value for one in self)

    def __repr__(self):
        return f"<matchcore.MatchBatch {len(self)} events, {len(self.rule_ordinals)} matches>"

    cdef Matches one(self, uint64_t i):
        cdef const uint64_t[::1] offsets = self.offsets
        cdef const uint32_t[::1] rules = self.rule_ordinals
        cdef const uint32_t[::1] clients = self.client_ordinals
        cdef Matches matches = Matches.__new__(Matches)
        cdef uint64_t start = offsets[i], size = offsets[i + 1] - start, j
        matches.state = self.state
        matches.keys_found = new_keys(size)
        for j in range(size):
            matches.keys_found.items[j] = <uint64_t>clients[start + j] << 32 | rules[start + j]
        matches.keys_found.size = size
        matches.collected = True
        return matches


Sequence.register(MatchBatch)


cdef MatchBatch new_result(State state, batch_t* batch):
    """Take over the memory of a finished batch."""
    cdef MatchBatch result = MatchBatch.__new__(MatchBatch)
    result.state = state
    result.offsets = array_over(<void**>&batch.offsets, batch.events + 1, np.uint64)
    result.rule_ordinals = array_over(<void**>&batch.rules, batch.size, np.uint32)
    result.client_ordinals = array_over(<void**>&batch.clients, batch.size, np.uint32)
    return result
