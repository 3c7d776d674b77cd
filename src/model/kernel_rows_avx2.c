#include "model/kernel_rows_all.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define KERNEL_TARGET __attribute__((target("avx2,fma")))
#define KERNEL_NAME "avx2"
#define KERNEL_LANES 8
typedef float vec __attribute__((vector_size(32), aligned(4), may_alias));
#define KERNEL_FMA(a, b, c) ((vec)_mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c)))
#include "model/kernel_rows_body.h"

const pt_row_kernels *pt_row_kernels_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &table : NULL;
}
#else
const pt_row_kernels *pt_row_kernels_avx2(void)
{
    return NULL;
}
#endif
