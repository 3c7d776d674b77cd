#include "link/bounds_int.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("popcnt,bmi,avx2")))
#include "link/bounds_body.h"

link_weigh_fn *link_weigh_popcnt(void)
{
    bool able = __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("avx2");

    return able ? weigh : NULL;
}
#else
link_weigh_fn *link_weigh_popcnt(void)
{
    return NULL;
}
#endif
