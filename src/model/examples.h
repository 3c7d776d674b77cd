/* What learners check and count before they learn. */
#ifndef PT_MODEL_EXAMPLES_H
#define PT_MODEL_EXAMPLES_H

#include "model/learner.h"

enum { PT_EXAMPLES_CLASSES = 4096 }; /* the most that a target may have */

/* PT_EINVAL when nothing can be learned from the examples: no rows or columns, no weight, a target that is missing, values that
 * are infinite, or missing where `wants` lacks PT_TAKES_MISSING. */
pt_rc pt_examples_check(const pt_examples *e, pt_task task, unsigned wants, pt_err *err);
/* The same for a matrix to be predicted: of so many columns, finite. */
pt_rc pt_matrix_check(const pt_matrix *x, size_t columns, unsigned wants, pt_err *err);

/* Classes that have rows of some weight, renumbered: a fold may lack a rare one. */
typedef struct pt_present {
    uint32_t n_classes, n; /* of the examples; present */
    uint32_t *classes;     /* n: the class of the examples, ascending */
    uint32_t *label;       /* rows: 0..n-1; of a row of an absent class (it has no weight) 0 */
    double *weight;        /* n: of each class in all */
} pt_present;

/* PT_EINVAL when fewer than two are present. The examples have passed pt_examples_check. */
pt_rc pt_present_of(pt_present *out, const pt_examples *e, pt_err *err);
void pt_present_free(pt_present *p);
/* The same failures, for learners that count classes themselves; PT_OK of a task that has none. */
pt_rc pt_examples_check_classes(const pt_examples *e, pt_task task, pt_err *err);

/* Spreads out[row * n + i] over all classes, 0 for the absent, in place: out has room for rows * n_classes. */
void pt_present_spread(float *out, size_t rows, const uint32_t *classes, uint32_t n, uint32_t n_classes);

/* Weighted mean and standard deviation (of the population) of each column; missing values are left out. */
pt_rc pt_examples_moments(double *mean, double *deviation, const pt_examples *e, pt_pool *pool, pt_err *err);

#endif
