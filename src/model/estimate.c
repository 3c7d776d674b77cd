#include "model/estimate.h"

#include <math.h>
#include <string.h>

enum { N = PT_ESTIMATE_MOST };

double pt_estimate_factor(const pt_estimate *e, size_t i)
{
    return exp(PT_Z95 * e->log_error[i]);
}

/* The likelihood by the logarithms of its parameters. */
typedef struct in_logs {
    const pt_estimate_problem *problem;
    void *data;
} in_logs;

static pt_rc likelihood_of_logs(void *context, const double *logs, double *value, double *slope, double *curve,
                                pt_err *err)
{
    const in_logs *f = context;
    size_t n = f->problem->n;
    double at[N] = {0};

    for (size_t i = 0; i < n; i++)
        at[i] = exp(logs[i]);
    PT_TRY(f->problem->likelihood(f->data, at, value, slope, curve, err));
    for (size_t i = 0; i < n; i++) {
        slope[i] *= at[i];
        for (size_t j = 0; j < n; j++)
            curve[i * n + j] *= at[i] * at[j];
        curve[i * n + i] += slope[i];
    }
    return PT_OK;
}

typedef struct fit {
    in_logs f;
    pt_newton how;
    double low[N], high[N];
    double at[N], slope[N], curve[N * N]; /* the best so far, in logarithms */
    pt_newton_result best;
    unsigned evaluations;
} fit;

static pt_rc climb_from(fit *t, void *data, const double *logs, pt_err *err)
{
    pt_newton_result result;
    double at[N], slope[N], curve[N * N];
    size_t n = t->how.n;

    t->f.data = data;
    memcpy(at, logs, n * sizeof *at);
    PT_TRY(pt_newton_maximise(&result, &t->how, likelihood_of_logs, &t->f, at, slope, curve, err));
    t->evaluations += result.evaluations;
    if (isfinite(result.value) && !(result.value <= t->best.value)) { /* best.value is NaN at first */
        t->best = result;
        memcpy(t->at, at, n * sizeof *at);
        memcpy(t->slope, slope, n * sizeof *slope);
        memcpy(t->curve, curve, n * n * sizeof *curve);
    }
    return PT_OK;
}

static pt_rc compare_starts(fit *t, void *data, pt_err *err)
{
    const pt_estimate_problem *p = t->f.problem;

    t->best.value = NAN;
    for (size_t s = 0; s < p->n_starts; s++) {
        double logs[N];
        for (size_t i = 0; i < p->n; i++)
            logs[i] = fmin(fmax(log(p->starts[s * p->n + i]), t->low[i]), t->high[i]);
        PT_TRY(climb_from(t, data, logs, err));
    }
    return PT_OK;
}

static void report(pt_estimate *out, const fit *t)
{
    double scratch[N * N];
    size_t n = t->how.n;

    *out = (pt_estimate){
        .n = n, .log_likelihood = t->best.value, .converged = t->best.converged, .evaluations = t->evaluations};
    for (size_t i = 0; i < n; i++) {
        out->value[i] = exp(t->at[i]);
        out->edge[i] = t->at[i] <= t->low[i] || t->at[i] >= t->high[i];
    }
    bool regular = pt_newton_covariance(out->covariance, t->curve, out->edge, n, scratch);
    if (!regular)
        memset(out->covariance, 0, sizeof out->covariance);
    for (size_t i = 0; i < n; i++)
        out->log_error[i] = regular && !out->edge[i] ? sqrt(out->covariance[i * n + i]) : NAN;
}

pt_rc pt_estimate_fit(pt_estimate *out, const pt_estimate_problem *problem, pt_err *err)
{
    fit t = {.f = {.problem = problem}};

    for (size_t i = 0; i < problem->n; i++) {
        t.low[i] = log(problem->scale[i]) - PT_ESTIMATE_REACH;
        t.high[i] = log(problem->scale[i]) + PT_ESTIMATE_REACH;
    }
    t.how = (pt_newton){.n = problem->n, .low = t.low, .high = t.high};
    PT_TRY(compare_starts(&t, problem->sample ? problem->sample : problem->all, err));
    if (isnan(t.best.value))
        return pt_fail(err, PT_EINVAL, "the likelihood of these customers cannot be computed");
    if (problem->sample) {
        t.evaluations = 0;
        t.best.value = NAN;
        double from[N];
        memcpy(from, t.at, sizeof from);
        PT_TRY(climb_from(&t, problem->all, from, err));
        if (isnan(t.best.value))
            return pt_fail(err, PT_EINVAL, "the likelihood of these customers cannot be computed");
    }
    report(out, &t);
    return PT_OK;
}
