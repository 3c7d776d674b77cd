/* Logistic regression, binary and multinomial, to its exact optimum: what the learners `logistic` and `scorecard` fit, and what
 * calibration uses. docs/models.md has the objective. */
#ifndef PT_MODEL_LOGIT_H
#define PT_MODEL_LOGIT_H

#include "model/learner.h"

typedef struct pt_logit {
    pt_matrix x;           /* finite */
    const uint32_t *label; /* rows: 0..classes-1; each class has weight */
    const float *weight;   /* rows; NULL: 1 each */
    uint32_t classes;      /* at least 2 */
    double l1, l2;         /* the penalty of a coefficient w is l1 * |w| + l2 / 2 * w * w; intercepts are free */
    /* Of two classes: the loss of a score s is max(0, 1 - s)^2 of class 1 and max(0, 1 + s)^2 of class 0, that of a linear support
     * vector machine, instead of the logistic one. */
    bool hinge;
} pt_logit;

/* Linear scores of a row: one (log odds of class 1) of two classes, else one a class. */
static inline size_t pt_logit_scores(uint32_t classes)
{
    return classes == 2 ? 1 : classes;
}

/* Coefficients of score k: beta[k * (columns + 1) + c], its intercept last. beta: scores * (columns + 1); is overwritten. The
 * options give pool, arena and curve of the log loss, and whether the fit is to be cancelled. */
pt_rc pt_logit_solve(double *beta, const pt_logit *problem, const pt_fit_options *options, pt_err *err);

/* --- the objective, for tests and the solver ---------------------------------------------------------------------- */

/* Where the objective was looked at, and what it was. Rows are cut into parts that do not depend on the number of threads. */
typedef struct pt_logit_state pt_logit_state;
pt_rc pt_logit_state_new(pt_logit_state **out, const pt_logit *problem, pt_err *err);
void pt_logit_state_free(pt_logit_state *s); /* NULL is fine */
/* The sum of weight * -log(probability of the label), without the penalty, and its gradient in gradient[scores * (columns + 1)]. */
pt_rc pt_logit_look(double *loss, double *gradient, pt_logit_state *s, const double *beta, pt_pool *pool, pt_err *err);
/* Second derivatives at the place of the last look, of the coefficients `which` (ascending numbers into beta): the whole
 * symmetric matrix, n * n. Single precision in each product: good for a Newton step, whose end the gradient decides. */
pt_rc pt_logit_hessian(double *hessian, pt_logit_state *s, const uint32_t *which, size_t n, pt_pool *pool, pt_err *err);

/* out[row * classes + class] of a model. */
pt_rc pt_logit_predict(float *out, const double *beta, uint32_t classes, const pt_matrix *x, pt_pool *pool,
                       pt_err *err);

#endif
