"""Columns of strings: Python sequences, numpy and Arrow arrays, read the same way.

A column hands out rows as UTF-8 that stays where it is until the next fetch, so
that the rows can be worked on without the GIL. It never raises for a bad row: it
stops in front of it, and the caller, who knows what the column is for, asks what is
wrong with it.
"""

from collections.abc import Sequence

from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.object cimport PyObject
from cpython.pycapsule cimport PyCapsule_GetPointer
from cpython.ref cimport Py_DECREF
from libc.stdint cimport int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t
from libc.string cimport strcmp

from ._hash cimport text_t
from ._utf8 cimport utf8_valid


cdef enum:
    AHEAD = 12              # rows asked for before they are read


cdef Column open_column(str label, object values):
    """Open whatever a caller may hand over as a column of strings."""
    if isinstance(values, (str, bytes, bytearray)):
        raise TypeError(f"{label} must be a column of strings, not {type(values).__name__}")
    if hasattr(values, "__arrow_c_stream__") or hasattr(values, "__arrow_c_array__"):
        return ArrowColumn(label, values)
    if hasattr(values, "tolist"):       # numpy, and what imitates it
        values = values.tolist()
    if not isinstance(values, Sequence):
        raise TypeError(f"{label} must be a column of strings, not {type(values).__name__}")
    if type(values) is not list and type(values) is not tuple:
        values = list(values)
    return SequenceColumn(label, values)


cdef tuple fault_of(object value, bint may_be_empty):
    """What is wrong with a value that should be text: (reason, whether its type is), or None."""
    if not isinstance(value, str):
        return f"must be a str, not {type(value).__name__}", True
    try:
        value.encode()
    except UnicodeEncodeError as error:
        return f"has a lone surrogate at character {error.start}", False
    if value or may_be_empty:
        return None
    return "must not be empty", False


cdef const uint8_t* field_utf8(object value, str label, size_t* size) except NULL:
    """The UTF-8 of one field of an event; the caller keeps the value alive."""
    if isinstance(value, str):
        try:
            return mc_utf8(value, size)
        except UnicodeEncodeError:
            pass
    reason, wrong_type = fault_of(value, True)
    raise (TypeError if wrong_type else ValueError)(f"{label} {reason}")


cdef class Column:
    """Rows of text, read in order."""

    cdef Py_ssize_t fetch(self, Py_ssize_t start, Py_ssize_t count, char* out, size_t stride) except -1:
        """Read rows from `start` into a text_t every `stride` bytes.

        Returns how many are good before the first bad one.
        """
        raise NotImplementedError

    cdef tuple fault(self, Py_ssize_t row, bint may_be_empty):
        """What is wrong with a row, see `fault_of`."""
        raise NotImplementedError


cdef class SequenceColumn(Column):
    """A list or a tuple. Rows handed out are kept alive until the next fetch."""

    cdef object values
    cdef PyObject* pinned[CHUNK]
    cdef Py_ssize_t pins

    def __init__(self, str label, values):
        self.label = label
        self.values = values
        self.size = len(values)

    def __dealloc__(self):
        self.unpin()

    cdef void unpin(self):
        cdef Py_ssize_t i
        for i in range(self.pins):
            Py_DECREF(<object>self.pinned[i])
        self.pins = 0

    cdef Py_ssize_t fetch(self, Py_ssize_t start, Py_ssize_t count, char* out, size_t stride) except -1:
        cdef PyObject* item
        cdef text_t* text
        cdef Py_ssize_t i
        self.unpin()
        for i in range(count):
            mc_prefetch_item(self.values, start + i + AHEAD)
            item = mc_item(self.values, start + i)
            if item == NULL:
                return i
            self.pinned[i] = item
            self.pins = i + 1
            text = <text_t*>(out + i * stride)
            if not mc_ascii(<object>item, &text.data, &text.size):
                if fault_of(<object>item, True) is not None:
                    return i
                text.data = mc_utf8(<object>item, &text.size)
        return count

    cdef tuple fault(self, Py_ssize_t row, bint may_be_empty):
        return fault_of(self.values[row], may_be_empty)


ctypedef enum text_kind:
    SMALL_TEXT              # int32 offsets
    LARGE_TEXT              # int64 offsets
    VIEW_TEXT               # 16-byte views


cdef class ArrowColumn(Column):
    """Chunks of an Arrow string array, dictionary-encoded or not, read in place."""

    cdef ArrowArray* chunks
    cdef Py_ssize_t chunk_count
    cdef Py_ssize_t at              # the chunk that the last row was in
    cdef Py_ssize_t at_start        # its first row
    cdef text_kind kind
    cdef char index_format          # of the dictionary's indices; 0 without one

    def __init__(self, str label, values):
        self.label = label
        if hasattr(values, "__arrow_c_stream__"):
            self.read_stream(values.__arrow_c_stream__())
        else:
            schema, array = values.__arrow_c_array__()
            self.read_array(schema, array)

    def __dealloc__(self):
        cdef Py_ssize_t i
        for i in range(self.chunk_count):
            if self.chunks[i].release != NULL:
                self.chunks[i].release(&self.chunks[i])
        PyMem_Free(self.chunks)

    cdef object read_stream(self, capsule):
        cdef ArrowArrayStream* stream = <ArrowArrayStream*>PyCapsule_GetPointer(capsule, b"arrow_array_stream")
        cdef ArrowSchema schema
        cdef ArrowArray array
        if stream.get_schema(stream, &schema):
            raise self.stream_error(stream)
        try:
            self.read_schema(&schema)
        finally:
            schema.release(&schema)
        while True:
            if stream.get_next(stream, &array):
                raise self.stream_error(stream)
            if array.release == NULL:
                return None
            self.append(&array)

    cdef object stream_error(self, ArrowArrayStream* stream):
        cdef const char* text = stream.get_last_error(stream)
        reason = "the Arrow stream failed" if text == NULL else text.decode(errors="replace")
        return ValueError(f"{self.label}: {reason}")

    cdef object read_array(self, schema_capsule, array_capsule):
        cdef ArrowArray* array = <ArrowArray*>PyCapsule_GetPointer(array_capsule, b"arrow_array")
        self.read_schema(<ArrowSchema*>PyCapsule_GetPointer(schema_capsule, b"arrow_schema"))
        self.append(array)
        array.release = NULL        # moved: the capsule must not release it

    cdef object read_schema(self, ArrowSchema* schema):
        cdef const char* text = schema.format
        if schema.dictionary != NULL:
            self.index_format = schema.format[0]
            text = schema.dictionary.format
        if strcmp(text, b"u") == 0:
            self.kind = SMALL_TEXT
        elif strcmp(text, b"U") == 0:
            self.kind = LARGE_TEXT
        elif strcmp(text, b"vu") == 0:
            self.kind = VIEW_TEXT
        else:
            raise TypeError(f"{self.label} must be an Arrow column of strings, not of format {text.decode()!r}")

    cdef object append(self, ArrowArray* array):
        cdef ArrowArray* grown = <ArrowArray*>PyMem_Realloc(self.chunks, (self.chunk_count + 1) * sizeof(ArrowArray))
        if grown == NULL:
            array.release(array)
            raise MemoryError
        self.chunks = grown
        self.chunks[self.chunk_count] = array[0]
        self.chunk_count += 1
        self.size += array.length

    cdef Py_ssize_t fetch(self, Py_ssize_t start, Py_ssize_t count, char* out, size_t stride) except -1:
        cdef text_t* text
        cdef Py_ssize_t i
        for i in range(count):
            text = <text_t*>(out + i * stride)
            if not self.read_row(start + i, text) or not utf8_valid(text.data, text.size):
                return i
        return count

    cdef bint read_row(self, Py_ssize_t row, text_t* out) noexcept:
        """False when the row is null."""
        cdef ArrowArray* chunk
        if row < self.at_start:
            self.at = 0
            self.at_start = 0
        while row - self.at_start >= self.chunks[self.at].length:
            self.at_start += self.chunks[self.at].length
            self.at += 1
        chunk = &self.chunks[self.at]
        row += chunk.offset - self.at_start
        if is_null(chunk, row):
            return False
        if chunk.dictionary != NULL:
            row = read_index(chunk.buffers[1], self.index_format, row) + chunk.dictionary.offset
            chunk = chunk.dictionary
            if is_null(chunk, row):
                return False
        read_text(chunk, self.kind, row, out)
        return True

    cdef tuple fault(self, Py_ssize_t row, bint may_be_empty):
        cdef text_t text
        if not self.read_row(row, &text):
            return fault_of(None, may_be_empty)
        if not utf8_valid(text.data, text.size):
            return "is not UTF-8", False
        return fault_of(text.data[:text.size].decode(), may_be_empty)


cdef bint is_null(const ArrowArray* array, Py_ssize_t row) noexcept:
    cdef const uint8_t* valid = <const uint8_t*>array.buffers[0]
    return array.null_count != 0 and valid != NULL and not valid[row // 8] >> (row % 8) & 1


cdef int64_t read_index(const void* indices, char width, Py_ssize_t row) noexcept:
    """An index of a dictionary-encoded array; the letters are Arrow's format strings."""
    if width == b"c":
        return (<const int8_t*>indices)[row]
    if width == b"C":
        return (<const uint8_t*>indices)[row]
    if width == b"s":
        return (<const int16_t*>indices)[row]
    if width == b"S":
        return (<const uint16_t*>indices)[row]
    if width == b"i":
        return (<const int32_t*>indices)[row]
    if width == b"I":
        return (<const uint32_t*>indices)[row]
    return (<const int64_t*>indices)[row]


cdef void read_text(const ArrowArray* array, text_kind kind, Py_ssize_t row, text_t* out) noexcept:
    cdef const uint8_t* data
    cdef const int32_t* view
    if kind == VIEW_TEXT:
        view = <const int32_t*>array.buffers[1] + 4 * row
        out.size = view[0]
        # Up to 12 bytes stand in the view; longer text in a buffer that it names.
        out.data = <const uint8_t*>(view + 1)
        if view[0] > 12:
            out.data = <const uint8_t*>array.buffers[2 + view[2]] + view[3]
        return
    data = <const uint8_t*>array.buffers[2]
    if data == NULL:                # allowed when every row is empty
        data = <const uint8_t*>b""
    if kind == SMALL_TEXT:
        out.data = data + (<const int32_t*>array.buffers[1])[row]
        out.size = (<const int32_t*>array.buffers[1])[row + 1] - (<const int32_t*>array.buffers[1])[row]
    else:
        out.data = data + (<const int64_t*>array.buffers[1])[row]
        out.size = (<const int64_t*>array.buffers[1])[row + 1] - (<const int64_t*>array.buffers[1])[row]


cdef tuple open_columns(tuple labels, tuple values):
    """Open columns that must be of one length."""
    cdef Column first, column
    columns = tuple([open_column(label, value) for label, value in zip(labels, values)])
    first = columns[0]
    for column in columns:
        if column.size != first.size:
            raise ValueError(f"{column.label} has {column.size} rows, {first.label} has {first.size}")
    return columns


cdef Py_ssize_t fetch_rows(
    tuple columns, Py_ssize_t start, Py_ssize_t count, void* rows, size_t stride, Py_ssize_t* bad
) except -1:
    """Read rows of every column into structures that begin with a text_t for each of them.

    Returns how many rows are good in all columns. When that is fewer than `count`,
    `bad` is the first column whose next row is not.
    """
    cdef Py_ssize_t good = count, found, i = 0
    cdef Column column
    for column in columns:
        found = column.fetch(start, count, <char*>rows + i * sizeof(text_t), stride)
        if found < good:
            good = found
            bad[0] = i
        i += 1
    return good
