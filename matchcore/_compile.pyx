"""Compiling Python's rules: what `Index.build` and its like do before `_build` takes over."""

import os
from operator import length_hint

from libc.stdint cimport int64_t, uint64_t
from libc.stdlib cimport free, malloc

from ._build cimport (
    BUILT, DUPLICATE, NO_MEMORY, TOO_LARGE, build_status, builder_add, builder_finish, builder_free,
    builder_init, builder_reserve, builder_t, built_t, rule_t,
)
from ._columns cimport CHUNK, Column, fault_of, fetch_rows, mc_ascii, mc_utf8, open_columns
from ._hash cimport text_t
from ._memory cimport Memory, own_memory
from ._patterns cimport Patterns
from ._state cimport State, text
from ._write cimport builder_id

from .errors import RuleError, RuleTypeError
from .rule import Rule

cdef uint64_t hash_mask = ~<uint64_t>0
hash_bits = 64


def _testing_hash_bits(int bits):
    """Keep only so many bits of every hash in what is built from now on; returns the former number.

    For tests, which force collisions with it: 64 is normal.
    """
    global hash_mask, hash_bits
    former, hash_bits = hash_bits, bits
    hash_mask = ~<uint64_t>0 >> (64 - bits) if bits else 0
    return former


cdef tuple RULE_FIELDS = Rule._fields
cdef tuple RULE_COLUMNS = ("rule_ids", "client_ids", "severities", "sources", "names")


cdef int check_status(build_status status) except -1:
    if status == NO_MEMORY:
        raise MemoryError
    if status == TOO_LARGE:
        raise OverflowError("the rules are too many, or have too many distinct strings, for one index")
    return 0


cdef object rule_error(Py_ssize_t position, int field, tuple fault):
    reason, wrong_type = fault
    return (RuleTypeError if wrong_type else RuleError)(position, RULE_FIELDS[field], reason)


cdef int read_rule(object item, Py_ssize_t position, rule_t* rule) except -1:
    """Check one rule and find its UTF-8, which lives as long as the rule."""
    cdef text_t* fields = <text_t*>rule
    cdef int i
    cdef object value
    if not isinstance(item, tuple) or len(<tuple>item) != 5:
        raise RuleTypeError(position, None, "is not a tuple of 5 fields")
    for i in range(5):
        value = (<tuple>item)[i]
        if not mc_ascii(value, &fields[i].data, &fields[i].size):
            fault = fault_of(value, i >= 2)
            if fault is not None:
                raise rule_error(position, i, fault)
            fields[i].data = mc_utf8(value, &fields[i].size)
        elif fields[i].size == 0 and i < 2:
            raise rule_error(position, i, fault_of(value, False))
    return 0


cdef Memory finish(builder_t* builder, int64_t version):
    """Compile what was added; raises when two rules have one id."""
    cdef built_t built
    cdef build_status status
    with nogil:
        status = builder_finish(builder, version, &built)
    if status == DUPLICATE:
        rule_id = text(builder_id(builder, built.position))
        raise RuleError(built.position, "rule_id", f"{rule_id!r} is already the id of rule {built.former}")
    check_status(status)
    return own_memory(built.data, built.size)


cdef Memory compile_state(State state):
    """Compile the rules that a state sees, under its version."""
    cdef Patterns patterns = Patterns(state)
    cdef builder_t builder
    cdef build_status status = BUILT
    cdef uint64_t ordinal, end = state.ordinal_end()
    cdef rule_t rule
    builder_init(&builder, new_seed(), hash_mask)
    try:
        with nogil:
            if not builder_reserve(&builder, state.size):
                status = NO_MEMORY
            for ordinal in range(end):
                if status == BUILT and state.lives(ordinal):
                    patterns.read(ordinal, &rule)
                    status = builder_add(&builder, &rule)
        check_status(status)
        return finish(&builder, state.seen)
    finally:
        builder_free(&builder)


cdef uint64_t new_seed() except? 0:
    return int.from_bytes(os.urandom(8), "little")


cdef Memory compile_rules(object rules, int64_t version):
    """Compile an iterable of rules; see `Index.build`."""
    cdef builder_t builder
    cdef rule_t rule
    cdef Py_ssize_t position = 0
    builder_init(&builder, new_seed(), hash_mask)
    try:
        if not builder_reserve(&builder, length_hint(rules)):
            raise MemoryError
        for item in rules:
            read_rule(item, position, &rule)
            check_status(builder_add(&builder, &rule))
            position += 1
        return finish(&builder, version)
    finally:
        builder_free(&builder)


cdef Memory compile_columns(tuple values, int64_t version):
    """Compile five columns; see `Index.from_columns`."""
    cdef builder_t builder
    cdef tuple columns = open_columns(RULE_COLUMNS, values)
    cdef rule_t* rules = <rule_t*>malloc(CHUNK * sizeof(rule_t))
    builder_init(&builder, new_seed(), hash_mask)
    try:
        if rules == NULL or not builder_reserve(&builder, (<Column>columns[0]).size):
            raise MemoryError
        add_columns(columns, rules, &builder)
        return finish(&builder, version)
    finally:
        builder_free(&builder)
        free(rules)


cdef int add_columns(tuple columns, rule_t* rules, builder_t* builder) except -1:
    cdef Py_ssize_t size = (<Column>columns[0]).size
    cdef Py_ssize_t done = 0, count, good, row, bad = 0
    cdef build_status status
    while done < size:
        count = min(<Py_ssize_t>CHUNK, size - done)
        good = fetch_rows(columns, done, count, rules, sizeof(rule_t), &bad)
        row = first_empty(rules, good)
        if row < count:
            raise row_fault(columns, done + row)
        with nogil:
            status = add_rows(rules, good, builder)
        check_status(status)
        done += count
    return 0


cdef Py_ssize_t first_empty(const rule_t* rules, Py_ssize_t count) noexcept:
    """The first row without a rule id or a client id, or `count`."""
    cdef Py_ssize_t row
    for row in range(count):
        if rules[row].rule_id.size == 0 or rules[row].client_id.size == 0:
            return row
    return count


cdef object row_fault(tuple columns, Py_ssize_t row):
    """What is wrong with the first field of a row that is."""
    cdef int i
    for i in range(5):
        fault = (<Column>columns[i]).fault(row, i >= 2)
        if fault is not None:
            return rule_error(row, i, fault)
    return RuntimeError(f"row {row} changed while it was read")


cdef build_status add_rows(const rule_t* rules, Py_ssize_t count, builder_t* builder) noexcept nogil:
    cdef build_status status = BUILT
    cdef Py_ssize_t i
    for i in range(count):
        status = builder_add(builder, &rules[i])
        if status != BUILT:
            break
    return status
