/* The loops of kernel_rows.h. A file that includes this defines KERNEL_TARGET (the attribute of every function), KERNEL_NAME,
 * KERNEL_LANES (floats of a vector; divides 16) and KERNEL_FMA(a, b, c), a * b + c rounded once, of vectors. */
#include <math.h>
#include <string.h>

#include "model/kernel_rows.h"

#define LOOP static KERNEL_TARGET
#define STEP static inline __attribute__((always_inline)) KERNEL_TARGET

enum { PARTS = PT_KERNEL_LANES / KERNEL_LANES, HALF = KERNEL_LANES / 2 };

typedef int32_t ivec __attribute__((vector_size(KERNEL_LANES * 4)));
/* As many doubles and floats as fill one vector of doubles. */
typedef double dvec __attribute__((vector_size(KERNEL_LANES * 4), aligned(8), may_alias));
typedef float hvec __attribute__((vector_size(KERNEL_LANES * 2), aligned(4), may_alias));
typedef int32_t hivec __attribute__((vector_size(KERNEL_LANES * 2), aligned(4), may_alias));

/* 2^t for t <= 0, to about 1e-7 of itself; below 2^-126 as good as 0. 2^r, |r| <= 1/2, is its Taylor series to the sixth
 * power. */
STEP vec exp2_of(vec t)
{
    const vec lowest = {0}, magic = lowest + 12582912.0F; /* 1.5 * 2^23: adding it rounds to an integer */
    ivec below = t < lowest - 126.0F;
    ivec above = t > lowest;
    ivec bits;
    t = (vec)((~below & (ivec)t) | (below & (ivec)(lowest - 126.0F)));
    t = (vec)(~above & (ivec)t);
    vec n = (t + magic);
    vec r = t - (n - magic);
    vec p = lowest + 1.54035304e-4F;
    p = KERNEL_FMA(p, r, lowest + 1.33335581e-3F);
    p = KERNEL_FMA(p, r, lowest + 9.61812911e-3F);
    p = KERNEL_FMA(p, r, lowest + 5.55041087e-2F);
    p = KERNEL_FMA(p, r, lowest + 2.40226507e-1F);
    p = KERNEL_FMA(p, r, lowest + 6.93147181e-1F);
    p = KERNEL_FMA(p, r, lowest + 1.0F);
    bits = (ivec)n << 23; /* the low bits of n are the integer; the rest falls out */
    return (vec)((ivec)p + bits);
}

STEP vec power_of(vec base, unsigned degree)
{
    vec p = base;

    for (unsigned i = 1; i < degree; i++)
        p *= base;
    return p;
}

/* K of a vector of points and a group of rows. */
STEP void group_values(vec out[PT_KERNEL_GROUP], const pt_kernel *k, const pt_blocks *p, size_t block, size_t part,
                       const pt_support *rows, size_t group)
{
    const float *x = p->values + block * p->columns * PT_KERNEL_LANES + part * KERNEL_LANES;
    const float *y = rows->values + group * rows->columns * PT_KERNEL_GROUP;
    const vec zero = {0};
    vec norm;

    for (size_t r = 0; r < PT_KERNEL_GROUP; r++)
        out[r] = zero;
    for (size_t c = 0; c < p->columns; c++, x += PT_KERNEL_LANES, y += PT_KERNEL_GROUP) {
        vec v = *(const vec *)x;
        for (size_t r = 0; r < PT_KERNEL_GROUP; r++)
            out[r] = KERNEL_FMA(v, zero + y[r], out[r]);
    }
    if (k->kind == PT_KERNEL_RBF) {
        norm = *(const vec *)(p->norms + block * PT_KERNEL_LANES + part * KERNEL_LANES);
        for (size_t r = 0; r < PT_KERNEL_GROUP; r++)
            out[r] = exp2_of(out[r] - (norm + rows->norms[group * PT_KERNEL_GROUP + r]));
    } else if (k->kind == PT_KERNEL_POLYNOMIAL)
        for (size_t r = 0; r < PT_KERNEL_GROUP; r++)
            out[r] = power_of(out[r] + (float)k->coef0, k->degree);
}

LOOP void add_rows(double *sums, const pt_kernel *k, const pt_blocks *p, size_t block, const pt_support *rows,
                   const double *factors)
{
    for (size_t part = 0; part < PARTS; part++) {
        double *to = sums + part * KERNEL_LANES;
        dvec low = *(dvec *)to, high = *(dvec *)(to + HALF);
        for (size_t g = 0; g < rows->groups; g++) {
            vec v[PT_KERNEL_GROUP];
            group_values(v, k, p, block, part, rows, g);
            for (size_t r = 0; r < PT_KERNEL_GROUP; r++) {
                double f = factors[g * PT_KERNEL_GROUP + r];
                hvec halves[2];
                memcpy(halves, &v[r], sizeof v[r]);
                low += f * __builtin_convertvector(halves[0], dvec);
                high += f * __builtin_convertvector(halves[1], dvec);
            }
        }
        *(dvec *)to = low;
        *(dvec *)(to + HALF) = high;
    }
}

LOOP void write_values(float *out, size_t stride, const pt_kernel *k, const pt_blocks *p, size_t block,
                       const pt_support *rows)
{
    for (size_t part = 0; part < PARTS; part++)
        for (size_t g = 0; g < rows->groups; g++) {
            vec v[PT_KERNEL_GROUP];
            group_values(v, k, p, block, part, rows, g);
            for (size_t r = 0; r < PT_KERNEL_GROUP && g * PT_KERNEL_GROUP + r < rows->n; r++)
                *(vec *)(out + (g * PT_KERNEL_GROUP + r) * stride + part * KERNEL_LANES) = v[r];
        }
}

/* --- pairs -------------------------------------------------------------------------------------------------------- */

STEP hivec lane_numbers(void)
{
    hivec v;

    for (int32_t l = 0; l < HALF; l++)
        v[l] = l;
    return v;
}

LOOP uint32_t second_of_pair(const pt_pair_state *s, uint32_t i)
{
    const float *row = s->values + i * s->stride;
    const hvec zero = {0};
    hvec best = zero;
    hivec at = {0}, now = lane_numbers();
    double own = s->score[i];
    float self = s->diagonal[i];
    uint32_t found = UINT32_MAX;
    float most = 0;

    for (size_t t = 0; t < s->n; t += HALF, now += HALF) {
        dvec gap = own - (*(const dvec *)(s->score + t) + *(const dvec *)(s->low + t));
        hvec b = __builtin_convertvector(gap, hvec);
        hvec a = self + *(const hvec *)(s->diagonal + t) - 2.0F * *(const hvec *)(row + t);
        hivec flat = a < zero + 1e-12F;
        a = (hvec)((~flat & (hivec)a) | (flat & (hivec)(zero + 1e-12F)));
        hvec gain = b * b / a;
        hivec better = (gain > best) & (b > zero);
        best = (hvec)((~better & (hivec)best) | (better & (hivec)gain));
        at = (~better & at) | (better & now);
    }
    for (size_t l = 0; l < HALF; l++)
        if (best[l] > most || (best[l] == most && most > 0 && (uint32_t)at[l] < found)) {
            most = best[l];
            found = (uint32_t)at[l];
        }
    return found;
}

typedef int64_t divec __attribute__((vector_size(KERNEL_LANES * 4), aligned(8), may_alias));

LOOP pt_pair_ends move_pair(const pt_pair_state *s, uint32_t i, uint32_t j, double by)
{
    const float *ki = s->values + i * s->stride, *kj = s->values + j * s->stride;
    const dvec zero = {0};
    dvec most = zero - (double)INFINITY, least = zero + (double)INFINITY;
    divec at = {0}, now;
    pt_pair_ends ends = {-INFINITY, INFINITY, UINT32_MAX};

    for (int64_t l = 0; l < HALF; l++)
        now[l] = l;
    for (size_t t = 0; t < s->n; t += HALF, now += HALF) {
        dvec difference = __builtin_convertvector(*(const hvec *)(ki + t), dvec) -
                          __builtin_convertvector(*(const hvec *)(kj + t), dvec);
        dvec score = *(dvec *)(s->score + t) - by * difference;
        dvec up = score + *(const dvec *)(s->up + t), low = score + *(const dvec *)(s->low + t);
        divec higher = up > most, lower = low < least;
        *(dvec *)(s->score + t) = score;
        most = (dvec)((~higher & (divec)most) | (higher & (divec)up));
        at = (~higher & at) | (higher & now);
        least = (dvec)((~lower & (divec)least) | (lower & (divec)low));
    }
    for (size_t l = 0; l < HALF; l++) {
        if (most[l] > ends.most || (most[l] == ends.most && (uint32_t)at[l] < ends.at)) {
            ends.most = most[l];
            ends.at = (uint32_t)at[l];
        }
        ends.least = fmin(ends.least, least[l]);
    }
    return ends;
}

static const pt_row_kernels table = {
    .name = KERNEL_NAME,
    .add = add_rows,
    .values = write_values,
    .second = second_of_pair,
    .move = move_pair,
};
