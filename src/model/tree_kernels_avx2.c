#include "model/tree_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("avx2")))
#define KERNEL_NAME "avx2"
#include "model/tree_kernels_body.h"

const tree_kernels *tree_kernels_avx2(void)
{
    bool able = __builtin_cpu_supports("avx2");

    return able ? &table : NULL;
}
#else
const tree_kernels *tree_kernels_avx2(void)
{
    return NULL;
}
#endif
