"""The bytes of a snapshot and who owns them."""

from sys import getsizeof

from cpython.buffer cimport PyBUF_SIMPLE, PyBuffer_FillInfo, PyBuffer_Release, PyObject_GetBuffer
from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memcpy

from ._platform cimport mc_map, mc_unmap


cdef class Memory:
    """Read-only bytes: made by the library, or lent by another object's buffer."""

    def __dealloc__(self):
        mc_unmap(self.owned)
        PyBuffer_Release(&self.lent)    # does nothing when nothing was lent

    cdef object own_size(self):
        """The bytes that are not lent, those of the client ids that were kept included."""
        size = self.size if self.owned != NULL else 0
        for kept in (self.client_names, self.client_keys):
            if kept is not None:
                size += getsizeof(kept) + sum([getsizeof(id) for id in kept if id is not None])
        return size

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        PyBuffer_FillInfo(buffer, self, <void*>self.data, <Py_ssize_t>self.size, True, flags)


cdef Memory own_memory(uint8_t* data, uint64_t size):
    """Take over bytes from `mc_map`."""
    cdef Memory memory = Memory.__new__(Memory)
    memory.owned = data
    memory.data = data
    memory.size = size
    return memory


cdef bint writable_below(object exporter):
    """Whether a read-only memoryview looks at bytes that are not."""
    while isinstance(exporter, memoryview):
        exporter = exporter.obj
    return not memoryview(exporter).readonly


cdef Memory borrow_memory(object exporter):
    """Use an object's bytes in place; copy them when somebody may write to them.

    What was verified must stay as it was, or a match could read out of bounds.
    """
    cdef Memory memory = Memory.__new__(Memory)
    cdef uint8_t* copy
    PyObject_GetBuffer(exporter, &memory.lent, PyBUF_SIMPLE)
    if memory.lent.readonly and not writable_below(exporter):
        memory.data = <const uint8_t*>memory.lent.buf
        memory.size = memory.lent.len
        return memory
    copy = <uint8_t*>mc_map(memory.lent.len + 1)
    if copy == NULL:
        raise MemoryError
    memcpy(copy, memory.lent.buf, memory.lent.len)
    return own_memory(copy, memory.lent.len)
