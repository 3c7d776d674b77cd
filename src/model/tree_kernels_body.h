/* The loops of tree_kernels.h. A file that includes this defines KERNEL_TARGET (the attribute of every function) and KERNEL_NAME;
 * the compiler makes vectors of the loops over lanes. */
#include <math.h>

#include "model/forest.h"
#include "model/tree_kernels.h"

#define LOOP static KERNEL_TARGET
#define STEP static inline __attribute__((always_inline)) KERNEL_TARGET

/* --- codes -------------------------------------------------------------------------------------------------------- */

STEP void encode_lanes(uint8_t *codes, const float *values, const float *edges)
{
    int32_t at[TREE_LANES] = {0};

    for (int32_t half = TREE_CODES / 2; half; half /= 2)
        for (int i = 0; i < TREE_LANES; i++)
            at[i] += edges[at[i] + half - 1] <= values[i] ? half : 0;
    for (int i = 0; i < TREE_LANES; i++)
        codes[i] = (uint8_t)(values[i] != values[i] ? TREE_MISSING : at[i]);
}

LOOP void encode(uint8_t *codes, const float *values, size_t n, const float edges[TREE_CODES])
{
    float rest[TREE_LANES] = {0};
    uint8_t rest_codes[TREE_LANES];
    size_t whole = n / TREE_LANES * TREE_LANES;

    for (size_t i = 0; i < whole; i += TREE_LANES)
        encode_lanes(codes + i, values + i, edges);
    memcpy(rest, values + whole, (n - whole) * sizeof *rest);
    encode_lanes(rest_codes, rest, edges);
    memcpy(codes + whole, rest_codes, n - whole);
}

/* --- Shapley values --------------------------------------------------------------------------------------------- */

/* Handed on by pointer: passing one by value would depend on what the caller was compiled for. */
typedef float lanes __attribute__((vector_size(TREE_LANES * 4)));
typedef int32_t masks __attribute__((vector_size(TREE_LANES * 4)));

/* 1 where the row keeps to the way at this step, else 0. */
STEP void keeps_to(lanes *kept, const lanes *values, const tree_step *s)
{
    masks inside = (*values >= s->low) & (*values < s->high);
    masks there = (*values >= 0) | (*values < 0); /* not NaN */

    *kept = (lanes)((inside | (~there & -(int32_t)s->missing)) & 0x3F800000); /* the bits of 1 */
}

/* Adds weight times the product of all factors but each step's own to others[step]. */
STEP void add_point(lanes *others, lanes *before, const lanes *kept, const tree_step *steps, size_t n, float point,
                    float weight)
{
    lanes product = {0};

    product += weight;
    for (size_t s = 0; s < n; s++) {
        before[s] = product;
        product *= steps[s].share * (1 - point) + kept[s] * point;
    }
    product = (lanes){0} + 1;
    for (size_t s = n; s-- > 0;) {
        others[s] += before[s] * product;
        product *= steps[s].share * (1 - point) + kept[s] * point;
    }
}

LOOP void shares(float *sums, const float *values, const tree_step *steps, size_t n, float value, const float *points,
                 const float *weights, size_t n_points)
{
    lanes kept[PT_FOREST_DEPTH], others[PT_FOREST_DEPTH], before[PT_FOREST_DEPTH];

    for (size_t s = 0; s < n; s++) {
        keeps_to(&kept[s], (const lanes *)(const void *)(values + (size_t)steps[s].column * TREE_LANES), &steps[s]);
        others[s] = (lanes){0};
    }
    for (size_t p = 0; p < n_points; p++)
        add_point(others, before, kept, steps, n, points[p], weights[p]);
    for (size_t s = 0; s < n; s++) {
        lanes *sum = (lanes *)(void *)(sums + (size_t)steps[s].column * TREE_LANES);
        *sum += value * ((kept[s] - steps[s].share) * others[s]);
    }
}

static const tree_kernels table = {KERNEL_NAME, encode, shares};
