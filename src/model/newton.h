/* The greatest value of a smooth function of a few parameters: Newton's method, damped as Levenberg and Marquardt do where
 * the function is not concave, within bounds. */
#ifndef PT_MODEL_NEWTON_H
#define PT_MODEL_NEWTON_H

#include <stdbool.h>

#include "base/err.h"

/* The value at x, with its slopes (n) and second derivatives (n * n, symmetric). A value that is not finite is a place where
 * the function cannot be taken: the step is made shorter. */
typedef pt_rc (*pt_newton_fn)(void *context, const double *x, double *value, double *slope, double *curve, pt_err *err);

typedef struct pt_newton {
    size_t n;
    const double *low, *high; /* bounds; NULL: none */
    unsigned most_steps;      /* 0: 100 */
    double close;             /* stop when a step promises less than this, relative to the value; 0: 1e-12 */
} pt_newton;

typedef struct pt_newton_result {
    double value;
    unsigned evaluations;
    bool converged;
} pt_newton_result;

/* `x` (n) is where it begins, and then the best place found; slope and curve (may be NULL) are those there. */
pt_rc pt_newton_maximise(pt_newton_result *out, const pt_newton *how, pt_newton_fn fn, void *context, double *x,
                         double *slope, double *curve, pt_err *err);

/* Solves m y = b for a symmetric positive definite m (n * n, row by row; only its lower half is read, and overwritten by the
 * factor). b becomes y. False when m is not positive definite. */
bool pt_cholesky(double *m, size_t n);
void pt_cholesky_solve(const double *factor, size_t n, double *b);
/* The inverse of -curve over the parameters that are not `fixed` (NULL: none is): of a log-likelihood, the covariance of what
 * maximises it. Rows and columns of fixed ones are 0. False when it is not positive definite. scratch: n * n. */
bool pt_newton_covariance(double *out, const double *curve, const bool *fixed, size_t n, double *scratch);

#endif
