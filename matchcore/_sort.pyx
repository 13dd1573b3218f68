"""Sorting rules into cells: by radix as far as that goes, and the ties by comparing."""

from libc.stdint cimport uint32_t, uint64_t
from libc.string cimport memcpy, memset

cdef enum:
    DIGIT_BITS = 11         # of the radix sort
    SMALL = 24              # below it insertion beats merging


cdef inline bint before(const element_t* a, const element_t* b) noexcept nogil:
    if a.group != b.group:
        return a.group < b.group
    if a.pair != b.pair:
        return a.pair < b.pair
    if a.client != b.client:
        return a.client < b.client
    return a.ordinal < b.ordinal


cdef void sort_elements(
    element_t* elements, element_t* spare, uint64_t size, uint32_t shift, uint32_t bits
) noexcept nogil:
    """Sort by the group's `bits` above `shift` with a radix sort, and the ties by comparing."""
    cdef uint64_t start = 0, end
    if size <= SMALL:
        insert_sort(elements, size)
        return
    radix_sort(elements, spare, size, shift, bits)
    while start < size:
        end = start + 1
        while end < size and elements[end].group >> shift == elements[start].group >> shift:
            end += 1
        if end > start + 1:
            merge_sort(elements + start, spare, end - start)
        start = end


cdef void radix_sort(
    element_t* elements, element_t* spare, uint64_t size, uint32_t shift, uint32_t bits
) noexcept nogil:
    cdef element_t* source = elements
    cdef element_t* target = spare
    cdef uint32_t done = 0
    while done < bits:
        radix_pass(source, target, size, shift + done, min(<uint32_t>DIGIT_BITS, bits - done))
        source, target = target, source
        done += DIGIT_BITS
    if source != elements:
        memcpy(elements, source, size * sizeof(element_t))


cdef void radix_pass(
    const element_t* elements, element_t* out, uint64_t size, uint32_t shift, uint32_t bits
) noexcept nogil:
    cdef uint64_t starts[2048]
    cdef uint64_t i, digit, mask = (<uint64_t>1 << bits) - 1, sum = 0, count
    memset(starts, 0, sizeof(starts))
    for i in range(size):
        starts[elements[i].group >> shift & mask] += 1
    for i in range(mask + 1):
        count = starts[i]
        starts[i] = sum
        sum += count
    for i in range(size):
        digit = elements[i].group >> shift & mask
        out[starts[digit]] = elements[i]
        starts[digit] += 1


cdef void merge_sort(element_t* elements, element_t* spare, uint64_t size) noexcept nogil:
    cdef uint64_t width = SMALL, start = 0
    while start < size:
        insert_sort(elements + start, min(<uint64_t>SMALL, size - start))
        start += SMALL
    while width < size:
        start = 0
        while start + width < size:
            merge_halves(elements + start, width, min(2 * width, size - start), spare)
            start += 2 * width
        width *= 2


cdef void insert_sort(element_t* elements, uint64_t size) noexcept nogil:
    cdef uint64_t i, j
    cdef element_t element
    for i in range(1, size):
        if not before(&elements[i], &elements[i - 1]):
            continue
        element = elements[i]
        j = i
        while j > 0 and before(&element, &elements[j - 1]):
            elements[j] = elements[j - 1]
            j -= 1
        elements[j] = element


cdef void merge_halves(element_t* elements, uint64_t middle, uint64_t size, element_t* spare) noexcept nogil:
    """Merge two sorted halves; input that is in order already costs one comparison."""
    cdef uint64_t i = 0, j = middle, k = 0
    if not before(&elements[middle], &elements[middle - 1]):
        return
    memcpy(spare, elements, middle * sizeof(element_t))
    while i < middle and j < size:
        if before(&elements[j], &spare[i]):
            elements[k] = elements[j]
            j += 1
        else:
            elements[k] = spare[i]
            i += 1
        k += 1
    memcpy(elements + k, spare + i, (middle - i) * sizeof(element_t))
