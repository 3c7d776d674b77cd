#include <stdbool.h>

#include "model/kmeans_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma,bmi,bmi2")))
#define KERNEL_NAME "avx512"
#include "model/kmeans_kernels_body.h"

const pt_kmeans_kernels *pt_kmeans_kernels_avx512(void)
{
    bool able = pt_kmeans_kernels_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");

    return able ? &table : NULL;
}
#else
const pt_kmeans_kernels *pt_kmeans_kernels_avx512(void)
{
    return NULL;
}
#endif
