"""Columns of strings: Python sequences, numpy and Arrow arrays, read the same way."""

from cpython.object cimport PyObject
from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t

from ._hash cimport text_t

cdef enum:
    CHUNK = 8192            # rows read at a time: worth handing over the GIL for, and within the L2 cache

cdef extern from "_python.h":
    const bint mc_free_threaded
    const uint8_t* mc_utf8(object string, size_t* size) except NULL
    bint mc_ascii(object value, const uint8_t** data, size_t* size) noexcept
    PyObject* mc_item(object sequence, Py_ssize_t i)
    void mc_prefetch_item(object sequence, Py_ssize_t i) noexcept

cdef extern from *:
    """
    /* The Arrow C data and stream interfaces. */
    #ifndef ARROW_C_DATA_INTERFACE
    #define ARROW_C_DATA_INTERFACE
    struct ArrowSchema {
      const char* format;
      const char* name;
      const char* metadata;
      int64_t flags;
      int64_t n_children;
      struct ArrowSchema** children;
      struct ArrowSchema* dictionary;
      void (*release)(struct ArrowSchema*);
      void* private_data;
    };
    struct ArrowArray {
      int64_t length;
      int64_t null_count;
      int64_t offset;
      int64_t n_buffers;
      int64_t n_children;
      const void** buffers;
      struct ArrowArray** children;
      struct ArrowArray* dictionary;
      void (*release)(struct ArrowArray*);
      void* private_data;
    };
    #endif
    #ifndef ARROW_C_STREAM_INTERFACE
    #define ARROW_C_STREAM_INTERFACE
    struct ArrowArrayStream {
      int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
      int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
      const char* (*get_last_error)(struct ArrowArrayStream*);
      void (*release)(struct ArrowArrayStream*);
      void* private_data;
    };
    #endif
    """
    struct ArrowSchema:
        const char* format
        ArrowSchema* dictionary
        void (*release)(ArrowSchema*) noexcept

    struct ArrowArray:
        int64_t length
        int64_t null_count
        int64_t offset
        const void** buffers
        ArrowArray* dictionary
        void (*release)(ArrowArray*) noexcept

    struct ArrowArrayStream:
        int (*get_schema)(ArrowArrayStream*, ArrowSchema*) noexcept
        int (*get_next)(ArrowArrayStream*, ArrowArray*) noexcept
        const char* (*get_last_error)(ArrowArrayStream*) noexcept
        void (*release)(ArrowArrayStream*) noexcept


cdef class Column:
    cdef readonly str label         # as the caller knows it: "sources"
    cdef readonly Py_ssize_t size

    cdef Py_ssize_t fetch(self, Py_ssize_t start, Py_ssize_t count, char* out, size_t stride) except -1
    cdef tuple fault(self, Py_ssize_t row, bint may_be_empty)


cdef tuple fault_of(object value, bint may_be_empty)
cdef Column open_column(str label, object values)
cdef const uint8_t* field_utf8(object value, str label, size_t* size) except NULL
cdef tuple open_columns(tuple labels, tuple values)
cdef Py_ssize_t fetch_rows(
    tuple columns, Py_ssize_t start, Py_ssize_t count, void* rows, size_t stride, Py_ssize_t* bad
) except -1
