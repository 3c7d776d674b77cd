#include "model/als_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("avx2")))
#define KERNEL_NAME "avx2"
#include "model/als_kernels_body.h"

const pt_als_kernels *pt_als_kernels_avx2(void)
{
    return __builtin_cpu_supports("avx2") ? &table : NULL;
}
#else
const pt_als_kernels *pt_als_kernels_avx2(void)
{
    return NULL;
}
#endif
