#include "index/slices_all.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define KERNEL_NAME "avx2"
#define KERNEL_LINE_BYTES 32
#include <immintrin.h>
#define KERNEL_LINE_EMPTY(x) _mm256_testz_si256((__m256i) * (x), (__m256i) * (x))
#include "index/slices_body.h"

const pt_slice_kernels *pt_slice_kernels_avx2(void)
{
    bool able = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                __builtin_cpu_supports("popcnt");

    return able ? &table : NULL;
}
#else
const pt_slice_kernels *pt_slice_kernels_avx2(void)
{
    return NULL;
}
#endif
