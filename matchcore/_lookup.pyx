"""Runs of entries to keys in result order. The lookup itself is in `_lookup.pxd`."""

from libc.stdint cimport uint32_t, uint64_t
from libc.string cimport memcpy

from ._layout cimport index_t
from ._platform cimport mc_prefetch

cdef enum:
    TINY = 10       # up to it counting ranks beats insertion: more comparisons, but no branch to mispredict
    SMALL = 24      # up to it insertion beats merging


cdef uint64_t collect(
    const index_t* index, uint32_t runs, const uint32_t* first, const uint32_t* size, uint64_t* keys
) noexcept nogil:
    """Write the keys of all runs one after another; return how many."""
    cdef uint64_t count = 0, i
    cdef uint32_t r
    for r in range(runs):
        mc_prefetch(index.entries + <uint64_t>first[r] * index.entry_bytes)
    for r in range(runs):
        for i in range(first[r], <uint64_t>first[r] + size[r]):
            keys[count] = entry_key(index, i)
            count += 1
    return count


cdef void rank_sort(uint64_t* keys, uint64_t size) noexcept nogil:
    """Put each key, all distinct, where the number of smaller ones says."""
    cdef uint64_t copy[TINY]
    cdef uint64_t i, j, rank
    memcpy(copy, keys, size * sizeof(uint64_t))
    for i in range(size):
        rank = 0
        for j in range(size):
            rank += copy[j] < copy[i]
        keys[rank] = copy[i]


cdef void insert_sort(uint64_t* keys, uint64_t size) noexcept nogil:
    cdef uint64_t i, j, key
    for i in range(1, size):
        key = keys[i]
        j = i
        while j > 0 and keys[j - 1] > key:
            keys[j] = keys[j - 1]
            j -= 1
        keys[j] = key


cdef uint64_t ascending(const uint64_t* keys, uint64_t size) noexcept nogil:
    """How many keys from the first on are in order."""
    cdef uint64_t i = 1
    while i < size and keys[i - 1] <= keys[i]:
        i += 1
    return i


cdef void merge(
    const uint64_t* a, uint64_t a_size, const uint64_t* b, uint64_t b_size, uint64_t* out
) noexcept nogil:
    cdef uint64_t i = 0, j = 0, k = 0
    while i < a_size and j < b_size:
        if a[i] <= b[j]:
            out[k] = a[i]
            i += 1
        else:
            out[k] = b[j]
            j += 1
        k += 1
    memcpy(out + k, a + i, (a_size - i) * sizeof(uint64_t))
    memcpy(out + k + a_size - i, b + j, (b_size - j) * sizeof(uint64_t))


cdef void sort_keys(uint64_t* keys, uint64_t size, uint64_t* spare) noexcept nogil:
    """Sort keys in place, as the merge of the few ascending runs that they are made of.

    `spare` holds as many keys; it is not touched when there are few.
    """
    cdef uint64_t start, a, b
    if size <= TINY:
        rank_sort(keys, size)
        return
    if size <= SMALL:
        insert_sort(keys, size)
        return
    while True:
        start = 0
        while start < size:
            a = ascending(keys + start, size - start)
            if start == 0 and a == size:
                return
            b = 0 if start + a == size else ascending(keys + start + a, size - start - a)
            merge(keys + start, a, keys + start + a, b, spare + start)
            start += a + b
        memcpy(keys, spare, size * sizeof(uint64_t))
