/* Vectors of one lane, for machines without the others, and as what the others are held to. */
#include <math.h>
#include <string.h>

#include "model/net_kernels_all.h"

#define KERNEL_TARGET
#define KERNEL_NAME "plain"

typedef float lanes;

enum { LANES = 1, TILE_ROWS = 4 };

#define V_LOAD(p) (*(p))
#define V_STORE(p, v) (*(p) = (v))
#define V_LOAD_SOME(p, n) ((void)(n), *(p))
#define V_STORE_SOME(p, v, n) ((void)(n), *(p) = (v))
#define V_SET(x) (x)
#define V_ADD(a, b) ((a) + (b))
#define V_SUB(a, b) ((a) - (b))
#define V_MUL(a, b) ((a) * (b))
#define V_DIV(a, b) ((a) / (b))
#define V_FMA(a, b, c) fmaf(a, b, c)
#define V_SQRT(a) sqrtf(a)
#define V_ROUND(a) rintf(a)
#define V_ABS(a) fabsf(a)
#define V_SIGNED_AS(a, sign) copysignf(a, sign)
#define V_IF_LESS(a, b, then, otherwise) ((a) < (b) ? (then) : (otherwise))

static inline float power_of_two(float n)
{
    uint32_t bits = (uint32_t)((int32_t)n + 127) << 23;
    float f;

    memcpy(&f, &bits, sizeof f);
    return f;
}
#define V_POWER_OF_TWO(n) power_of_two(n)

#include "model/net_kernels_body.h"

const pt_net_kernels *pt_net_kernels_best(void)
{
    if (pt_net_kernels_avx512())
        return pt_net_kernels_avx512();
    return pt_net_kernels_avx2() ? pt_net_kernels_avx2() : &table;
}

const pt_net_kernels *pt_net_kernels_named(const char *name)
{
    const pt_net_kernels *all[] = {&table, pt_net_kernels_avx2(), pt_net_kernels_avx512()};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] && strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}
