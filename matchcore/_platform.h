/* What C leaves to the compiler and the operating system: prefetch, wide
 * multiplication, unaligned loads, atomics, and memory on huge pages. */
#ifndef MATCHCORE_PLATFORM_H
#define MATCHCORE_PLATFORM_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "matchcore reads its snapshots in place and they are little-endian"
#endif

#if defined(_MSC_VER)
#include <intrin.h>
#define mc_unlikely(x) (x)
#else
#define mc_unlikely(x) __builtin_expect(!!(x), 0)
#endif

/* Odd constants with about as many ones as zeros, for the hash and the checksum. */
#define MC_K0 UINT64_C(0xa0761d6478bd642f)
#define MC_K1 UINT64_C(0xe7037ed1a0b428db)
#define MC_K2 UINT64_C(0x8ebc6af09c88c6e3)
#define MC_K3 UINT64_C(0x9e3779b97f4a7c15)
#define MC_LOW32 UINT64_C(0xffffffff)

static inline void mc_prefetch(const void *p) {
#if defined(_MSC_VER) && defined(_M_X64)
    _mm_prefetch((const char *)p, _MM_HINT_T0);
#elif defined(_MSC_VER)
    __prefetch(p);
#else
    __builtin_prefetch(p, 0, 3);
#endif
}

/* Loads through memcpy: a snapshot may lie at any address. */
static inline uint64_t mc_load64(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

static inline uint32_t mc_load32(const uint8_t *p) {
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}

static inline void mc_store64(uint8_t *p, uint64_t v) { memcpy(p, &v, 8); }
static inline void mc_store32(uint8_t *p, uint32_t v) { memcpy(p, &v, 4); }

/* The 128-bit product of a and b: the low half in *low, the high half returned. */
static inline uint64_t mc_multiply(uint64_t a, uint64_t b, uint64_t *low) {
#if defined(_MSC_VER) && defined(_M_X64)
    uint64_t high;
    *low = _umul128(a, b, &high);
    return high;
#elif defined(_MSC_VER)
    *low = a * b;
    return __umulh(a, b);
#else
    unsigned __int128 product = (unsigned __int128)a * b;
    *low = (uint64_t)product;
    return (uint64_t)(product >> 64);
#endif
}

static inline int mc_lowest_bit(uint64_t v) { /* v must not be 0 */
#if defined(_MSC_VER)
    unsigned long i;
    _BitScanForward64(&i, v);
    return (int)i;
#else
    return __builtin_ctzll(v);
#endif
}

/* Publication: what a writer stored before a release store is seen by a reader
 * whose acquire load returned the stored value. */
#if defined(_MSC_VER)
#include <windows.h>
static inline uint64_t mc_acquire64(const uint64_t *p) {
    return (uint64_t)InterlockedCompareExchange64((volatile LONG64 *)p, 0, 0);
}
static inline uint32_t mc_acquire32(const uint32_t *p) {
    return (uint32_t)InterlockedCompareExchange((volatile LONG *)p, 0, 0);
}
static inline void mc_release64(uint64_t *p, uint64_t v) {
    InterlockedExchange64((volatile LONG64 *)p, (LONG64)v);
}
static inline void mc_release32(uint32_t *p, uint32_t v) {
    InterlockedExchange((volatile LONG *)p, (LONG)v);
}
#else
static inline uint64_t mc_acquire64(const uint64_t *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
static inline uint32_t mc_acquire32(const uint32_t *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
static inline void mc_release64(uint64_t *p, uint64_t v) { __atomic_store_n(p, v, __ATOMIC_RELEASE); }
static inline void mc_release32(uint32_t *p, uint32_t v) { __atomic_store_n(p, v, __ATOMIC_RELEASE); }
#endif

/* Zeroed memory for a snapshot. Random probes into 4 KiB pages spend more time
 * in the page walk than in the cache, so huge pages are asked for. */
#if defined(__linux__)
#include <sys/mman.h>
#ifndef MADV_HUGEPAGE
#define MADV_HUGEPAGE 14
#endif
static inline void *mc_map(size_t size) {
    const size_t huge = (size_t)1 << 21;
    if (size < huge)
        return calloc(1, size);
    void *p = NULL;
    if (posix_memalign(&p, huge, (size + huge - 1) & ~(huge - 1)))
        return NULL;
    (void)madvise(p, size, MADV_HUGEPAGE); /* advice: without it the memory is slower, not wrong */
    memset(p, 0, size);
    return p;
}
#else
static inline void *mc_map(size_t size) { return calloc(1, size); }
#endif
static inline void mc_unmap(void *p) { free(p); }

#endif
