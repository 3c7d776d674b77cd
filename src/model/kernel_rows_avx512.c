#include "model/kernel_rows_all.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define KERNEL_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma")))
#define KERNEL_NAME "avx512"
#define KERNEL_LANES 16
typedef float vec __attribute__((vector_size(64), aligned(4), may_alias));
#define KERNEL_FMA(a, b, c) ((vec)_mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c)))
#include "model/kernel_rows_body.h"

const pt_row_kernels *pt_row_kernels_avx512(void)
{
    bool able = pt_row_kernels_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");

    return able ? &table : NULL;
}
#else
const pt_row_kernels *pt_row_kernels_avx512(void)
{
    return NULL;
}
#endif
