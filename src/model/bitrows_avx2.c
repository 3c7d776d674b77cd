#include "model/bitrows.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define KERNEL_TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define KERNEL_NAME "avx2"
#define KERNEL_PEXT _pext_u64
#include "model/bitrows_body.h"

const pt_bitrow_kernels *pt_bitrow_kernels_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") ? &table
                                                                                                                : NULL;
}
#else
const pt_bitrow_kernels *pt_bitrow_kernels_avx2(void)
{
    return NULL;
}
#endif
