/* Kernel functions between points, by blocks of 16, compiled once for each instruction set worth having; and the inner loops of
 * training support vectors. Every set gives the same bits: lanes are independent, each sums its columns in order by fused
 * multiply-add (fmaf() where the machine has none), the exponential is a polynomial of our own, and of equal candidates the
 * lowest counts. */
#ifndef PT_MODEL_KERNEL_ROWS_H
#define PT_MODEL_KERNEL_ROWS_H

#include "model/learner.h"

enum { PT_KERNEL_LANES = 16, PT_KERNEL_GROUP = 8 };

typedef enum pt_kernel_kind { PT_KERNEL_LINEAR, PT_KERNEL_POLYNOMIAL, PT_KERNEL_RBF } pt_kernel_kind;

/* linear: x.y    polynomial: (gamma x.y + coef0)^degree    rbf: exp(-gamma |x - y|^2) */
typedef struct pt_kernel {
    pt_kernel_kind kind;
    double gamma, coef0;
    unsigned degree; /* 1..10 */
} pt_kernel;

/* Points as the loops read them: 16 side by side, column after column, scaled so that a product needs no further factor:
 * the kernel is dot, (dot + coef0)^degree or 2^(dot - norm - norm). Zeros past the last. */
typedef struct pt_blocks {
    size_t n, columns, blocks;
    float *values; /* [block][column][16] */
    float *norms;  /* [block][16]; of RBF */
} pt_blocks;

/* Some of them as rows to be met with all points: 8 side by side. */
typedef struct pt_support {
    size_t n, columns, groups;
    float *values; /* [group][column][8] */
    float *norms;  /* [group][8] */
} pt_support;

pt_rc pt_blocks_new(pt_blocks *out, const pt_matrix *x, const pt_kernel *kernel, pt_err *err);
void pt_blocks_free(pt_blocks *p);
/* The values of a point, scaled: out[columns]. */
void pt_blocks_get(float *out, const pt_blocks *p, size_t i);
/* Room for `most` rows; none are there yet. */
pt_rc pt_support_new(pt_support *out, size_t most, size_t columns, pt_err *err);
void pt_support_free(pt_support *r);
void pt_support_pick(pt_support *out, const pt_blocks *p, const uint32_t *which, size_t n); /* n > 0 */
/* The same from values that are scaled already, [n][columns]; and back. */
void pt_support_put(pt_support *out, const float *scaled, size_t n);
void pt_support_get(float *scaled, const pt_support *r, size_t i);
/* Groups from..to of the rows, borrowed. */
pt_support pt_support_part(const pt_support *r, size_t from, size_t to);

typedef struct pt_pair_state {
    double *score;       /* n, a multiple of 16; what falls when the pair moves */
    double *up, *low;    /* 0 where the variable may go up (down), else -INFINITY (+INFINITY) */
    const float *values; /* kernel values, [n][stride] */
    size_t n, stride;
    const float *diagonal; /* K(t, t) */
} pt_pair_state;

typedef struct pt_pair_ends {
    double most, least; /* of score + up, score + low */
    uint32_t at;        /* the first that has most */
} pt_pair_ends;

typedef struct pt_row_kernels {
    const char *name;
    /* sums[16] += factors[r] * K(row r, point), over the rows in order. factors: groups * 8, 0 past the rows. */
    void (*add)(double *sums, const pt_kernel *k, const pt_blocks *p, size_t block, const pt_support *rows,
                const double *factors);
    /* out[r * stride + lane], of the rows of a group that there are. */
    void (*values)(float *out, size_t stride, const pt_kernel *k, const pt_blocks *p, size_t block,
                   const pt_support *rows);
    /* The variable that, moved against i, promises most: (score_i - score_t)^2 / curvature. UINT32_MAX for none. */
    uint32_t (*second)(const pt_pair_state *s, uint32_t i);
    /* score -= by * (K_i - K_j), and the ends of what comes out; by 0 just looks. */
    pt_pair_ends (*move)(const pt_pair_state *s, uint32_t i, uint32_t j, double by);
} pt_row_kernels;

const pt_row_kernels *pt_row_kernels_best(void);
/* Those this machine can run, from the plainest; NULL past the last. */
const pt_row_kernels *pt_row_kernels_nth(unsigned i);

/* The value between a point and itself. */
float pt_kernel_self(const pt_kernel *k, const pt_blocks *p, size_t i);

#endif
