/* How long until something happens, when for some it has not happened yet: Kaplan and Meier's curve, the log-rank test, Cox's
 * proportional hazards. docs/models.md gives the formulas. */
#ifndef PT_MODEL_SURVIVAL_H
#define PT_MODEL_SURVIVAL_H

#include <stdbool.h>

#include "base/str.h"
#include "model/learner.h"

/* Of each of n: how long it was watched, and whether it happened then (else watching ended). */
typedef struct pt_spans {
    size_t n;
    const double *time; /* at least 0, finite */
    const uint8_t *happened;
} pt_spans;

pt_rc pt_spans_check(const pt_spans *s, pt_err *err); /* PT_EINVAL: empty, or a time that makes no sense */

/* --- the curve --------------------------------------------------------------------------------------------------------------- */

/* At each time at which it happened to somebody, rising. */
typedef struct pt_survival_curve {
    size_t n;
    const double *time;
    const double *at_risk, *events; /* who was still watched before, and to how many it happened then */
    const double *survival;         /* the share to whom it has not happened by then */
    const double *low, *high;       /* its 95 % interval: Greenwood's variance on the scale of ln(-ln S) */
} pt_survival_curve;

/* `rows` (n_rows of them; NULL: all) says whom. In the arena. */
pt_rc pt_kaplan_meier(pt_survival_curve *out, const pt_spans *spans, const uint32_t *rows, size_t n_rows,
                      pt_arena *arena, pt_err *err);
/* The first time by which it has happened to a share of at least `share`; infinite when the curve does not come down so far. */
double pt_survival_quantile(const pt_survival_curve *c, double share);
double pt_survival_at(const pt_survival_curve *c, double time);

/* --- do groups differ? ------------------------------------------------------------------------------------------------------- */

typedef struct pt_log_rank {
    double statistic, p;
    size_t freedom; /* groups with anybody in them, less one; 0: nothing to compare, p is NaN */
} pt_log_rank;

/* groups[i] < n_groups, of which there are at most PT_LOG_RANK_MOST. observed and expected (n_groups) may be NULL. */
enum { PT_LOG_RANK_MOST = 64 };
pt_rc pt_log_rank_test(pt_log_rank *out, double *observed, double *expected, const pt_spans *spans,
                       const uint32_t *groups, size_t n_groups, pt_err *err);

/* --- what moves it ----------------------------------------------------------------------------------------------------------- */

typedef enum pt_ties { PT_TIES_EFRON, PT_TIES_BRESLOW } pt_ties;

typedef struct pt_cox_options {
    pt_ties ties;
    double
        ridge; /* the log-likelihood less ridge / 2 times the squares of coefficients by standard deviations, times n */
    pt_pool *pool;
} pt_cox_options;

/* Hazard of a row: that of the mean row times exp(sum of coefficient * (x - mean)). */
typedef struct pt_cox {
    size_t n_columns;
    double *coefficient, *mean;
    double *error;  /* standard errors; NaN where there is none (a column without spread, one that others determine) */
    size_t n_times; /* times at which it happened, rising */
    double *time;
    double *hazard; /* the mean row's cumulative hazard up to and with each (Breslow's estimate) */
    double log_likelihood, null_log_likelihood; /* partial; of no coefficients at all */
    double concordance; /* on the rows fitted: the share of pairs in which the greater risk came first */
    double longest;     /* watched; beyond, nothing is known */
    bool converged;
} pt_cox;

/* x: no missing or infinite values. PT_EINVAL when it happened to nobody. Free with pt_cox_free. */
pt_rc pt_cox_fit(pt_cox *out, const pt_matrix *x, const pt_spans *spans, const pt_cox_options *options, pt_err *err);
void pt_cox_free(pt_cox *c);
/* out[i]: the logarithm of row i's hazard relative to the mean row. */
void pt_cox_risks(double *out, const pt_cox *c, const pt_matrix *x);
/* The chance that it has not happened by `time`, given the logarithm of relative hazard. */
double pt_cox_survival(const pt_cox *c, double risk, double time);
/* The first time by which it has happened with a chance of `share`; infinite when that is beyond what was watched. */
double pt_cox_quantile(const pt_cox *c, double risk, double share);
/* Harrell's: of pairs of which it is known who was first, the share in which that one's risk was greater (ties half). NaN: no
 * pairs. */
pt_rc pt_concordance(double *out, const pt_spans *spans, const double *risk, pt_err *err);
void pt_cox_save(pt_str *out, const pt_cox *c);
pt_rc pt_cox_load(pt_cox *out, pt_sv bytes, pt_err *err);

#endif
