/* The inner loops of trees and forests, compiled once for each instruction set worth having. All give the same bits: lanes are
 * rows, and no sum goes across lanes. */
#ifndef PT_MODEL_TREE_KERNELS_H
#define PT_MODEL_TREE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

enum { TREE_CODES = 256, TREE_MISSING = 255, TREE_LANES = 16 };

/* A step of the way to a leaf, all splits of the way by one column taken together: a row keeps to the way when its value is in
 * [low, high), or missing where `missing` says so. */
typedef struct tree_step {
    float low, high;
    uint32_t column;  /* among the columns that are used */
    uint32_t missing; /* 1 or 0 */
    float share;      /* of those who came by here, how many went on: by cover */
} tree_step;

typedef struct tree_kernels {
    const char *name;
    /* codes[i]: how many of edges[0..254] (in order, filled up with INFINITY) are at most values[i]; missing: TREE_MISSING. */
    void (*encode)(uint8_t *codes, const float *values, size_t n, const float edges[TREE_CODES]);
    /* Adds to sums[column * TREE_LANES + lane] what each step of a way adds to a score, for a leaf of `value`; the values lie
     * likewise, both aligned to 64 bytes. points and weights: Gauss-Legendre over [0, 1], exact for polynomials of n_steps - 1 degrees. */
    void (*shares)(float *sums, const float *values, const tree_step *steps, size_t n_steps, float value,
                   const float *points, const float *weights, size_t n_points);
} tree_kernels;

const tree_kernels *tree_kernels_plain(void);
const tree_kernels *tree_kernels_best(void);
/* Every table that this machine can run, for tests that compare them; NULL past the last. */
const tree_kernels *tree_kernels_nth(unsigned i);

/* NULL where the machine or the compiler lacks it. */
const tree_kernels *tree_kernels_avx2(void);
const tree_kernels *tree_kernels_avx512(void);

#endif
