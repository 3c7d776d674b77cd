#include "link/bounds_int.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define KERNEL_TARGET __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define KERNEL_OWN_MASK(x)                                      \
    ((unsigned)_mm256_movemask_pd(((const __m256d *)&(x))[0]) | \
     (unsigned)_mm256_movemask_pd(((const __m256d *)&(x))[1]) << 4)
#include "link/bounds_lanes_body.h"

link_weigh_lanes_fn *link_weigh_lanes_avx2(void)
{
    bool able = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                __builtin_cpu_supports("popcnt");

    return able ? weigh_lanes : NULL;
}
#else
link_weigh_lanes_fn *link_weigh_lanes_avx2(void)
{
    return NULL;
}
#endif
