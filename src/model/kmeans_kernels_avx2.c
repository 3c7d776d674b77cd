#include "model/kmeans_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("avx2,fma,bmi,bmi2")))
#define KERNEL_NAME "avx2"
#include "model/kmeans_kernels_body.h"

const pt_kmeans_kernels *pt_kmeans_kernels_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &table : NULL;
}
#else
const pt_kmeans_kernels *pt_kmeans_kernels_avx2(void)
{
    return NULL;
}
#endif
