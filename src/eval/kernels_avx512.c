#include "eval/kernels_all.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,bmi,bmi2,lzcnt,popcnt")))
#define KERNEL_NAME "avx512"
#include "eval/kernels_body.h"

const pt_kernels *pt_kernels_avx512(void)
{
    bool able = pt_kernels_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");

    return able ? &table : NULL;
}
#else
const pt_kernels *pt_kernels_avx512(void)
{
    return NULL;
}
#endif
