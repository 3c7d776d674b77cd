#include "index/slices_all.h"

#if defined(__x86_64__) && defined(__GNUC__)
/* With population counts of vectors (Ice Lake, Zen 4 and later): what came before them gains little over AVX2. */
#include <immintrin.h>
#define KERNEL_TARGET \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,bmi,bmi2,lzcnt,popcnt")))
#define KERNEL_LINE_EMPTY(x) (_mm512_test_epi64_mask((__m512i) * (x), (__m512i) * (x)) == 0)
/* Any function of three bits is one instruction; its number lists the results for 111, 110, ..., 000 from the highest bit. */
#define KERNEL_LOGIC(x, y, z, results) \
    ((line)_mm512_ternarylogic_epi64((__m512i)(x), (__m512i)(y), (__m512i)(z), results))
#define KERNEL_MAJORITY(x, y, z) KERNEL_LOGIC(x, y, z, 0xE8)
#define KERNEL_AND_SAME(x, y, z) KERNEL_LOGIC(x, y, z, 0x90)
#define KERNEL_NAME "avx512"
#define KERNEL_LINE_BYTES 64
#define KERNEL_ADD_COUNT(sum, x) (*(sum) += (line)_mm512_popcnt_epi64((__m512i) * (x)))
#include "index/slices_body.h"

const pt_slice_kernels *pt_slice_kernels_avx512(void)
{
    bool able = pt_slice_kernels_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                __builtin_cpu_supports("avx512vpopcntdq");

    return able ? &table : NULL;
}
#else
const pt_slice_kernels *pt_slice_kernels_avx512(void)
{
    return NULL;
}
#endif
