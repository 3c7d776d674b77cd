#include "link/bounds_int.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define KERNEL_LANES 8
#define KERNEL_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,bmi,bmi2,popcnt")))
#define KERNEL_OWN_COUNT(x) ((words)_mm512_popcnt_epi64((__m512i)(x)))
#define KERNEL_OWN_MASK(x) ((unsigned)_mm512_movepi64_mask((__m512i)(x)))
#define KERNEL_OWN_MAX(a, b) ((numbers)_mm512_max_pd((__m512d)(a), (__m512d)(b)))
#define KERNEL_OWN_MIN(a, b) ((numbers)_mm512_min_pd((__m512d)(a), (__m512d)(b)))
#include "link/bounds_lanes_body.h"

link_weigh_lanes_fn *link_weigh_lanes_avx512(void)
{
    bool able = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("bmi") &&
                __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");

    return able ? weigh_lanes : NULL;
}
#else
link_weigh_lanes_fn *link_weigh_lanes_avx512(void)
{
    return NULL;
}
#endif
