"""Compiling Python's rules: what `Index.build` and its like do before `_build` takes over."""

from libc.stdint cimport int64_t

from ._build cimport rule_t
from ._memory cimport Memory
from ._state cimport State

cdef int read_rule(object item, Py_ssize_t position, rule_t* rule) except -1
cdef Memory compile_rules(object rules, int64_t version)
cdef Memory compile_columns(tuple values, int64_t version)
cdef Memory compile_state(State state)
