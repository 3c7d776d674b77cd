#include "model/bitrows.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define KERNEL_TARGET \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,bmi,bmi2,lzcnt,popcnt")))
#define KERNEL_NAME "avx512"
#define KERNEL_PEXT _pext_u64
#define KERNEL_MEET_ROW meet_lines

static inline __attribute__((always_inline)) KERNEL_TARGET uint64_t meet_lines(uint64_t *to, const uint64_t *a,
                                                                               const uint64_t *b,
                                                                               const uint64_t *shifts, size_t words)
{
    __m512i sum = _mm512_setzero_si512();

    for (size_t i = 0; i < words; i += 8) {
        __m512i x = _mm512_and_si512(_mm512_load_si512(a + i), _mm512_load_si512(b + i));
        __m512i n = _mm512_popcnt_epi64(x);
        _mm512_store_si512(to + i, x);
        sum = _mm512_add_epi64(sum, shifts ? _mm512_sllv_epi64(n, _mm512_load_si512(shifts + i)) : n);
    }
    return (uint64_t)_mm512_reduce_add_epi64(sum);
}
#include "model/bitrows_body.h"

const pt_bitrow_kernels *pt_bitrow_kernels_avx512(void)
{
    bool able = pt_bitrow_kernels_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                __builtin_cpu_supports("avx512vpopcntdq");

    return able ? &table : NULL;
}
#else
const pt_bitrow_kernels *pt_bitrow_kernels_avx512(void)
{
    return NULL;
}
#endif
