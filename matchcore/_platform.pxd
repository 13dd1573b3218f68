"""Compiler and operating system, see `_platform.h`."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t


cdef extern from "_platform.h" nogil:
    const uint64_t MC_K0
    const uint64_t MC_K1
    const uint64_t MC_K2
    const uint64_t MC_K3
    const uint64_t MC_LOW32
    bint mc_unlikely(bint condition) noexcept
    void mc_prefetch(const void* address) noexcept
    uint64_t mc_load64(const uint8_t* address) noexcept
    uint32_t mc_load32(const uint8_t* address) noexcept
    void mc_store64(uint8_t* address, uint64_t value) noexcept
    void mc_store32(uint8_t* address, uint32_t value) noexcept
    uint64_t mc_multiply(uint64_t a, uint64_t b, uint64_t* low) noexcept
    int mc_lowest_bit(uint64_t value) noexcept
    uint64_t mc_acquire64(const uint64_t* address) noexcept
    uint32_t mc_acquire32(const uint32_t* address) noexcept
    void mc_release64(uint64_t* address, uint64_t value) noexcept
    void mc_release32(uint32_t* address, uint32_t value) noexcept
    void* mc_map(size_t size) noexcept
    void mc_unmap(void* address) noexcept
