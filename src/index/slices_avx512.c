#include "index/slices_all.h"

#if defined(__x86_64__) && defined(__GNUC__)
/* With population counts of vectors (Ice Lake, Zen 4 and later): what came before them gains little over AVX2. */
#include <immintrin.h>
#define KERNEL_TARGET \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,bmi,bmi2,lzcnt,popcnt")))
#include "index/slices_avx512_body.h"
#define KERNEL_NAME "avx512"
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
