"""Sorting rules into cells."""

from libc.stdint cimport uint32_t, uint64_t

cdef struct element_t:      # a rule on its way to its cell; compared from top to bottom
    uint64_t group          # pairs: the pair's hash; other cells: the field's id
    uint64_t pair           # source id << 32 | name id
    uint64_t client         # severity id << 32 | client ordinal
    uint64_t ordinal


cdef inline bint same_cell(const element_t* a, const element_t* b) noexcept nogil:
    return a.group == b.group and a.pair == b.pair and a.client >> 32 == b.client >> 32


cdef void sort_elements(
    element_t* elements, element_t* spare, uint64_t size, uint32_t shift, uint32_t bits
) noexcept nogil
