/* The quadratic programme of support vector machines, over any number of variables that each stand for a point:
 *   minimise  1/2 sum_ab s_a s_b alpha_a alpha_b K(point_a, point_b) - sum_a s_a base_a alpha_a
 *   where     0 <= alpha_a <= upper_a,  sum_a s_a alpha_a = 0.
 * Classification has a variable a row (base = sign = the class as +1 or -1); regression two. */
#ifndef PT_MODEL_SMO_H
#define PT_MODEL_SMO_H

#include "model/kernel_rows.h"

typedef struct pt_smo {
    const pt_blocks *points;
    const pt_kernel *kernel;
    size_t n;              /* variables */
    const uint32_t *point; /* each one's; NULL: its number */
    const int8_t *sign;    /* +1 or -1 */
    const double *base;
    const double *upper;         /* above 0 */
    double tolerance;            /* the largest violation of the optimality conditions that is left */
    size_t working;              /* variables that are moved against each other at a time; 0: 2,048 */
    const pt_row_kernels *loops; /* NULL: the best */
    pt_pool *pool;
    bool (*cancelled)(void *context); /* may be NULL */
    void *cancel_context;
} pt_smo;

typedef struct pt_smo_counts {
    size_t rounds, steps,
        rows; /* choices of variables, moves of a pair, rows of kernel values that were met with all points */
} pt_smo_counts;

/* weight[point] is the sum of sign * alpha of its variables; the value of a point is sum_p weight_p K(p, point) + bias.
 * alpha[n] and counts may be NULL. */
pt_rc pt_smo_solve(double *weight, double *bias, double *alpha, pt_smo_counts *counts, const pt_smo *problem,
                   pt_err *err);

#endif
