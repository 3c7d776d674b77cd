/* Positive parameters by greatest likelihood: from several starts, in logarithms, with errors from the second derivatives. */
#ifndef PT_MODEL_ESTIMATE_H
#define PT_MODEL_ESTIMATE_H

#include "base/chances.h"
#include "model/newton.h"

enum { PT_ESTIMATE_MOST = 4 };

typedef struct pt_estimate {
    size_t n; /* parameters */
    double value[PT_ESTIMATE_MOST];
    bool edge[PT_ESTIMATE_MOST]; /* at the end of its range: the data do not say how far it goes; no error then */
    double log_error[PT_ESTIMATE_MOST]; /* standard errors of the logarithms; NaN where there is none */
    double covariance[PT_ESTIMATE_MOST * PT_ESTIMATE_MOST]; /* of the logarithms, n * n; rows of edges are 0 */
    double log_likelihood;
    unsigned evaluations; /* of all data */
    bool converged;
} pt_estimate;

/* The 95 % interval of parameter i: value / and * this factor. NaN where there is none. */
double pt_estimate_factor(const pt_estimate *e, size_t i);

typedef struct pt_estimate_problem {
    size_t n;
    /* Parameters are sought between scale * e^-PT_ESTIMATE_REACH and scale * e^PT_ESTIMATE_REACH; starts are [start * n + i]. */
    double scale[PT_ESTIMATE_MOST];
    const double *starts;
    size_t n_starts;
    /* The log-likelihood, its slopes and second derivatives by the parameters themselves, of what the context holds. */
    pt_newton_fn likelihood;
    void *all;
    void *sample; /* a part of the data on which the starts are compared; NULL: all of it */
} pt_estimate_problem;

#define PT_ESTIMATE_REACH 14.0

pt_rc pt_estimate_fit(pt_estimate *out, const pt_estimate_problem *problem, pt_err *err);

#endif
