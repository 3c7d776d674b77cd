#include "model/als_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define KERNEL_NAME "avx512"
#include "model/als_kernels_body.h"

const pt_als_kernels *pt_als_kernels_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
               ? &table
               : NULL;
}
#else
const pt_als_kernels *pt_als_kernels_avx512(void)
{
    return NULL;
}
#endif
