#include "model/tree_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define KERNEL_NAME "avx512"
#include "model/tree_kernels_body.h"

const tree_kernels *tree_kernels_avx512(void)
{
    bool able = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");

    return able ? &table : NULL;
}
#else
const tree_kernels *tree_kernels_avx512(void)
{
    return NULL;
}
#endif
