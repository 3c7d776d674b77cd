#include "link/bounds_int.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define KERNEL_LANES 4
#define KERNEL_TARGET __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define KERNEL_OWN_MASK(x) ((unsigned)_mm256_movemask_pd((__m256d)(x)))
#define KERNEL_OWN_MAX(a, b) ((numbers)_mm256_max_pd((__m256d)(a), (__m256d)(b)))
#define KERNEL_OWN_MIN(a, b) ((numbers)_mm256_min_pd((__m256d)(a), (__m256d)(b)))
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
