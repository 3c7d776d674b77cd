/* Cox's proportional hazards: D. R. Cox (1972), ties as Efron (1977) or Breslow (1974) take them; Newton's method on the partial
 * likelihood.
 *
 * A row adds to slopes and second derivatives in proportion to its relative hazard r times the cumulated hazard H of all times up
 * to its own, so that one weighted sum of x x' over rows is enough; what is left is one outer product a time:
 *     slope = sum (happened - r H) x,   curve = - sum r H x x' + sum over times of m m' / phi^2  (m, phi: sums over who is at risk). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "model/blob.h"
#include "model/newton.h"
#include "model/survival_int.h"

enum { PART = 4096, MOST_COLUMNS = 4096 };
static const double FARTHEST = 30; /* of a coefficient, by standard deviations: what separates perfectly has no end */
static const char MAGIC[] = "coxm";

typedef struct fit {
    size_t n, p;
    double *x; /* n * p, row by row in order of time, standardised */
    double *time;
    uint8_t *happened;
    size_t *tie, n_ties; /* starts of the runs of one time, and the end */
    double *mean, *scale;
    pt_ties ties;
    double ridge;
    pt_pool *pool;

    const double *beta;
    double *score, *risk, *weight; /* n: the linear score, exp of it, r H */
    double *at_risk;               /* p + 1 by tie: sums of r and r x over who is at risk */
    double *dying;                 /* the same over those to whom it happens at that time */
    double *parts;                 /* of the sum over rows: a part's slope and curve */
    size_t n_parts;
} fit;

/* --- setting up -------------------------------------------------------------------------------------------------------------- */

static void free_fit(fit *f)
{
    free(f->x);
    free(f->time);
    free(f->happened);
    free(f->tie);
    free(f->mean);
    free(f->score);
    free(f->at_risk);
    free(f->parts);
}

static pt_rc allocate(fit *f, pt_err *err)
{
    size_t n = f->n, p = f->p;

    f->n_parts = (n + PART - 1) / PART;
    f->x = pt_alloc64(n * p + 1, sizeof *f->x);
    f->time = pt_alloc64(n, sizeof *f->time);
    f->happened = pt_alloc64(n, 1);
    f->tie = pt_alloc64(n + 1, sizeof *f->tie);
    f->mean = pt_alloc64(2 * p + 1, sizeof *f->mean);
    f->score = pt_alloc64(3 * n, sizeof *f->score);
    f->parts = pt_alloc64(f->n_parts * (p + p * p) + 1, sizeof *f->parts);
    if (!f->x || !f->time || !f->happened || !f->tie || !f->mean || !f->score || !f->parts)
        return pt_fail_nomem(err, "a survival model");
    f->scale = f->mean + p;
    f->risk = f->score + n;
    f->weight = f->risk + n;
    return PT_OK;
}

static void column_moments(fit *f, const pt_matrix *x, size_t c)
{
    const float *v = pt_matrix_column(x, c);
    double sum = 0, squares = 0;

    for (size_t i = 0; i < f->n; i++)
        sum += v[i];
    f->mean[c] = sum / (double)f->n;
    for (size_t i = 0; i < f->n; i++)
        squares += (v[i] - f->mean[c]) * (v[i] - f->mean[c]);
    double deviation = sqrt(squares / (double)f->n);
    f->scale[c] = deviation > 1e-12 * (1 + fabs(f->mean[c])) ? 1 / deviation : 0; /* 0: no spread, nothing to learn */
}

static pt_rc set_up(fit *f, const pt_matrix *x, const pt_spans *spans, pt_err *err)
{
    watched *sorted = survival_sort(spans, NULL, f->n);

    if (!sorted)
        return pt_fail_nomem(err, "a survival model");
    for (size_t c = 0; c < f->p; c++)
        column_moments(f, x, c);
    for (size_t i = 0; i < f->n; i++) {
        uint32_t row = sorted[i].row;
        f->time[i] = spans->time[row];
        f->happened[i] = spans->happened[row] != 0;
        for (size_t c = 0; c < f->p; c++)
            f->x[i * f->p + c] = (pt_matrix_column(x, c)[row] - f->mean[c]) * f->scale[c];
        if (i == 0 || f->time[i] != f->time[i - 1])
            f->tie[f->n_ties++] = i;
    }
    f->tie[f->n_ties] = f->n;
    free(sorted);
    f->at_risk = pt_alloc64(2 * f->n_ties * (f->p + 1), sizeof *f->at_risk);
    if (!f->at_risk)
        return pt_fail_nomem(err, "a survival model");
    f->dying = f->at_risk + f->n_ties * (f->p + 1);
    return PT_OK;
}

/* --- the partial likelihood -------------------------------------------------------------------------------------------------- */

static pt_rc score_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    fit *f = arg;
    size_t end = (part + 1) * PART < f->n ? (part + 1) * PART : f->n;

    (void)worker;
    (void)err;
    for (size_t i = part * PART; i < end; i++) {
        double sum = 0;
        for (size_t c = 0; c < f->p; c++)
            sum += f->x[i * f->p + c] * f->beta[c];
        f->score[i] = sum;
        f->risk[i] = exp(sum);
    }
    return PT_OK;
}

/* Sums of one run of equal times, on their own. */
static pt_rc sum_tie(void *arg, size_t t, unsigned worker, pt_err *err)
{
    fit *f = arg;
    size_t p = f->p;
    double *all = f->at_risk + t * (p + 1), *dying = f->dying + t * (p + 1);

    (void)worker;
    (void)err;
    memset(all, 0, (p + 1) * sizeof *all);
    memset(dying, 0, (p + 1) * sizeof *dying);
    for (size_t i = f->tie[t]; i < f->tie[t + 1]; i++) {
        double r = f->risk[i], dies = f->happened[i] ? r : 0;
        all[0] += r;
        dying[0] += dies;
        for (size_t c = 0; c < p; c++) {
            all[c + 1] += r * f->x[i * p + c];
            dying[c + 1] += dies * f->x[i * p + c];
        }
    }
    return PT_OK;
}

/* Of events d at one time: event l of Efron's sees a share l / d of the dying as gone already. */
typedef struct tie_sums {
    double log_phi;             /* sum of ln phi_l */
    double hazard;              /* sum of 1 / phi_l: of those who stay */
    double hazard_dying;        /* sum of (1 - l / d) / phi_l */
    double over2, gone2, both2; /* sums of 1, l / d, (l / d)^2 over phi_l^2 */
} tie_sums;

static tie_sums sum_events(const fit *f, size_t t, size_t events)
{
    double all = f->at_risk[t * (f->p + 1)], dying = f->dying[t * (f->p + 1)];
    tie_sums s = {0};

    for (size_t l = 0; l < events; l++) {
        double gone = f->ties == PT_TIES_EFRON ? (double)l / (double)events : 0, phi = all - gone * dying,
               over = 1 / phi;
        s.log_phi += log(phi);
        s.hazard += over;
        s.hazard_dying += (1 - gone) * over;
        s.over2 += over * over;
        s.gone2 += gone * over * over;
        s.both2 += gone * gone * over * over;
    }
    return s;
}

static void add_outer(double *curve, const tie_sums *s, const double *m, const double *d, size_t p)
{
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j <= i; j++)
            curve[i * p + j] +=
                s->over2 * m[i] * m[j] - s->gone2 * (m[i] * d[j] + d[i] * m[j]) + s->both2 * d[i] * d[j];
}

static size_t count_events(const fit *f, size_t t)
{
    size_t events = 0;

    for (size_t i = f->tie[t]; i < f->tie[t + 1]; i++)
        events += f->happened[i];
    return events;
}

/* Along the times: the value, what each row weighs, the outer products. `hazard` (n_ties) may be NULL. */
static double walk_times(fit *f, double *curve, double *hazard)
{
    size_t p = f->p;
    double value = 0, cumulated = 0;

    for (size_t t = f->n_ties - 1; t-- > 0;)
        for (size_t c = 0; c <= p; c++)
            f->at_risk[t * (p + 1) + c] += f->at_risk[(t + 1) * (p + 1) + c];
    for (size_t t = 0; t < f->n_ties; t++) {
        size_t events = count_events(f, t);
        tie_sums s = sum_events(f, t, events);
        value -= s.log_phi;
        for (size_t i = f->tie[t]; i < f->tie[t + 1]; i++) {
            value += f->happened[i] ? f->score[i] : 0;
            f->weight[i] = f->risk[i] * (cumulated + (f->happened[i] ? s.hazard_dying : s.hazard));
        }
        cumulated += s.hazard;
        if (hazard)
            hazard[t] = (double)events / f->at_risk[t * (p + 1)];
        if (events && curve)
            add_outer(curve, &s, f->at_risk + t * (p + 1) + 1, f->dying + t * (p + 1) + 1, p);
    }
    return value;
}

static pt_rc sum_rows(void *arg, size_t part, unsigned worker, pt_err *err)
{
    fit *f = arg;
    size_t p = f->p, end = (part + 1) * PART < f->n ? (part + 1) * PART : f->n;
    double *slope = f->parts + part * (p + p * p), *curve = slope + p;

    (void)worker;
    (void)err;
    memset(slope, 0, (p + p * p) * sizeof *slope);
    for (size_t i = part * PART; i < end; i++) {
        const double *x = f->x + i * p;
        double w = f->weight[i], residual = f->happened[i] - w;
        for (size_t a = 0; a < p; a++) {
            double wx = w * x[a];
            slope[a] += residual * x[a];
            for (size_t b = 0; b <= a; b++)
                curve[a * p + b] -= wx * x[b];
        }
    }
    return PT_OK;
}

static pt_rc likelihood(void *context, const double *beta, double *value, double *slope, double *curve, pt_err *err)
{
    fit *f = context;
    size_t p = f->p;

    f->beta = beta;
    memset(slope, 0, p * sizeof *slope);
    memset(curve, 0, p * p * sizeof *curve);
    PT_TRY(pt_pool_run(f->pool, f->n_parts, score_part, f, err));
    PT_TRY(pt_pool_run(f->pool, f->n_ties, sum_tie, f, err));
    *value = walk_times(f, curve, NULL);
    PT_TRY(pt_pool_run(f->pool, f->n_parts, sum_rows, f, err));
    for (size_t k = 0; k < f->n_parts; k++)
        for (size_t i = 0; i < p; i++) {
            slope[i] += f->parts[k * (p + p * p) + i];
            for (size_t j = 0; j <= i; j++)
                curve[i * p + j] += f->parts[k * (p + p * p) + p + i * p + j];
        }
    double ridge = f->ridge * (double)f->n;
    for (size_t i = 0; i < p; i++) {
        *value -= 0.5 * ridge * beta[i] * beta[i];
        slope[i] -= ridge * beta[i];
        curve[i * p + i] -= ridge;
        for (size_t j = 0; j < i; j++)
            curve[j * p + i] = curve[i * p + j];
    }
    return PT_OK;
}

/* --- the model --------------------------------------------------------------------------------------------------------------- */

static pt_rc allocate_model(pt_cox *out, size_t p, size_t times, pt_err *err)
{
    *out = (pt_cox){.n_columns = p, .n_times = times};
    out->coefficient = pt_zalloc(p + 1, sizeof(double));
    out->mean = pt_zalloc(p + 1, sizeof(double));
    out->error = pt_zalloc(p + 1, sizeof(double));
    out->time = pt_zalloc(times + 1, sizeof(double));
    out->hazard = pt_zalloc(times + 1, sizeof(double));
    if (out->coefficient && out->mean && out->error && out->time && out->hazard)
        return PT_OK;
    pt_cox_free(out);
    return pt_fail_nomem(err, "a survival model");
}

void pt_cox_free(pt_cox *c)
{
    free(c->coefficient);
    free(c->mean);
    free(c->error);
    free(c->time);
    free(c->hazard);
    *c = (pt_cox){0};
}

/* Errors in the units of the columns; columns without spread, and those at the end of their range, have none. */
static pt_rc set_coefficients(pt_cox *out, const fit *f, const double *beta, const double *curve, pt_err *err)
{
    size_t p = f->p;
    double *covariance = pt_zalloc(2 * p * p + 1, sizeof *covariance);
    bool *fixed = pt_zalloc(p + 1, sizeof *fixed);
    bool regular = false;

    if (covariance && fixed) {
        for (size_t i = 0; i < p; i++)
            fixed[i] = f->scale[i] == 0 || fabs(beta[i]) >= FARTHEST;
        regular = pt_newton_covariance(covariance, curve, fixed, p, covariance + p * p);
    }
    for (size_t i = 0; covariance && fixed && i < p; i++) {
        out->mean[i] = f->mean[i];
        out->coefficient[i] = beta[i] * f->scale[i];
        out->error[i] = regular && !fixed[i] ? sqrt(covariance[i * p + i]) * f->scale[i] : NAN;
    }
    pt_rc rc = covariance && fixed ? PT_OK : pt_fail_nomem(err, "errors of a survival model");
    free(covariance);
    free(fixed);
    return rc;
}

static pt_rc set_hazard(pt_cox *out, fit *f, const double *beta, pt_err *err)
{
    double *hazard = pt_alloc64(f->n_ties, sizeof *hazard), cumulated = 0;
    size_t n = 0;

    if (!hazard)
        return pt_fail_nomem(err, "a survival model");
    f->beta = beta;
    pt_rc rc = pt_pool_run(f->pool, f->n_parts, score_part, f, err);
    if (rc == PT_OK)
        rc = pt_pool_run(f->pool, f->n_ties, sum_tie, f, err);
    if (rc == PT_OK)
        walk_times(f, NULL, hazard);
    for (size_t t = 0; rc == PT_OK && t < f->n_ties; t++)
        if (hazard[t] > 0) {
            out->time[n] = f->time[f->tie[t]];
            out->hazard[n++] = cumulated += hazard[t];
        }
    free(hazard);
    out->longest = f->time[f->n - 1];
    if (rc == PT_OK) {
        pt_spans spans = {f->n, f->time, f->happened};
        rc = pt_concordance(&out->concordance, &spans, f->score, err);
    }
    return rc;
}

static size_t event_times(const fit *f)
{
    size_t times = 0;

    for (size_t t = 0; t < f->n_ties; t++)
        times += count_events(f, t) > 0;
    return times;
}

static pt_rc maximise(pt_cox *out, fit *f, pt_err *err)
{
    size_t p = f->p;
    double *memory = pt_zalloc(4 * p + p * p + 1, sizeof *memory);

    if (!memory)
        return pt_fail_nomem(err, "a survival model");
    double *beta = memory, *low = beta + p, *high = low + p, *slope = high + p, *curve = slope + p;
    pt_newton_result result;
    for (size_t i = 0; i < p; i++) {
        high[i] = f->scale[i] > 0 ? FARTHEST : 0;
        low[i] = -high[i];
    }
    pt_rc rc = likelihood(f, beta, &out->null_log_likelihood, slope, curve, err);
    pt_newton how = {.n = p, .low = low, .high = high};
    if (rc == PT_OK)
        rc = pt_newton_maximise(&result, &how, likelihood, f, beta, slope, curve, err);
    if (rc == PT_OK) {
        out->log_likelihood = result.value;
        out->converged = result.converged;
        rc = set_coefficients(out, f, beta, curve, err);
    }
    if (rc == PT_OK)
        rc = set_hazard(out, f, beta, err);
    free(memory);
    return rc;
}

static pt_rc check_columns(const pt_matrix *x, const pt_spans *spans, pt_err *err)
{
    bool any = false;

    PT_TRY(pt_spans_check(spans, err));
    if (x->rows != spans->n || x->columns > MOST_COLUMNS)
        return pt_fail(err, PT_EINVAL, "a survival model takes at most %d columns", MOST_COLUMNS);
    for (size_t c = 0; c < x->columns; c++)
        for (size_t i = 0; i < x->rows; i++)
            if (!isfinite(pt_matrix_column(x, c)[i]))
                return pt_fail(err, PT_EINVAL, "column %zu of row %zu is missing or infinite", c, i);
    for (size_t i = 0; i < spans->n; i++)
        any |= spans->happened[i] != 0;
    return any ? PT_OK : pt_fail(err, PT_EINVAL, "it has not happened to anybody: there is nothing to learn");
}

pt_rc pt_cox_fit(pt_cox *out, const pt_matrix *x, const pt_spans *spans, const pt_cox_options *options, pt_err *err)
{
    fit f = {.n = spans->n, .p = x->columns, .ties = options->ties, .ridge = options->ridge, .pool = options->pool};

    *out = (pt_cox){0};
    PT_TRY(check_columns(x, spans, err));
    pt_rc rc = allocate(&f, err);
    if (rc == PT_OK)
        rc = set_up(&f, x, spans, err);
    if (rc == PT_OK)
        rc = allocate_model(out, f.p, event_times(&f), err);
    if (rc == PT_OK)
        rc = maximise(out, &f, err);
    if (rc != PT_OK)
        pt_cox_free(out);
    free_fit(&f);
    return rc;
}

/* --- using it ---------------------------------------------------------------------------------------------------------------- */

void pt_cox_risks(double *out, const pt_cox *c, const pt_matrix *x)
{
    for (size_t i = 0; i < x->rows; i++)
        out[i] = 0;
    for (size_t k = 0; k < c->n_columns; k++)
        for (size_t i = 0; i < x->rows; i++)
            out[i] += c->coefficient[k] * (pt_matrix_column(x, k)[i] - c->mean[k]);
}

double pt_cox_survival(const pt_cox *c, double risk, double time)
{
    size_t passed = pt_count_up_to(c->time, c->n_times, time);

    return passed ? exp(-c->hazard[passed - 1] * exp(risk)) : 1;
}

double pt_cox_quantile(const pt_cox *c, double risk, double share)
{
    double needed = -log1p(-share) * exp(-risk);
    size_t low = 0, high = c->n_times;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c->hazard[middle] < needed)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->n_times ? c->time[low] : INFINITY;
}

/* --- concordance ------------------------------------------------------------------------------------------------------------- */

typedef struct ranked {
    double time, risk;
    uint32_t rank;
    uint8_t happened;
} ranked;

static int by_risk(const void *a, const void *b)
{
    double x = ((const ranked *)a)->risk, y = ((const ranked *)b)->risk;

    return (x > y) - (x < y);
}

/* Latest first; of one time those to whom it did not happen first: they outlived the others. */
static int by_falling_time(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    if (x->time != y->time)
        return x->time < y->time ? 1 : -1;
    return (int)x->happened - (int)y->happened;
}

static uint64_t count_up_to(const uint32_t *tree, uint32_t rank)
{
    uint64_t sum = 0;

    for (; rank > 0; rank &= rank - 1)
        sum += tree[rank];
    return sum;
}

pt_rc pt_concordance(double *out, const pt_spans *spans, const double *risk, pt_err *err)
{
    size_t n = spans->n;
    ranked *r = pt_alloc64(n + 1, sizeof *r);
    uint32_t *tree = pt_zalloc(n + 2, sizeof *tree), ranks = 0;
    double pairs = 0, right = 0;

    if (!r || !tree) {
        free(r);
        free(tree);
        return pt_fail_nomem(err, "concordance");
    }
    for (size_t i = 0; i < n; i++)
        r[i] = (ranked){spans->time[i], risk[i], 0, spans->happened[i] != 0};
    qsort(r, n, sizeof *r, by_risk);
    for (size_t i = 0; i < n; i++)
        r[i].rank = ranks += i == 0 || r[i].risk != r[i - 1].risk;
    qsort(r, n, sizeof *r, by_falling_time);
    uint64_t outlived = 0;
    for (size_t i = 0, next; i < n;
         i = next) { /* those of one time to whom it happened are not compared with each other */
        for (next = i; next < n && r[next].time == r[i].time && r[next].happened == r[i].happened; next++) {
            if (!r[next].happened)
                continue;
            uint64_t less = count_up_to(tree, r[next].rank - 1), same = count_up_to(tree, r[next].rank) - less;
            right += (double)less + 0.5 * (double)same;
            pairs += (double)outlived;
        }
        for (size_t k = i; k < next; k++)
            for (uint32_t at = r[k].rank; at <= ranks; at += at & -at)
                tree[at]++;
        outlived += next - i;
    }
    *out = pairs > 0 ? right / pairs : NAN;
    free(r);
    free(tree);
    return PT_OK;
}

/* --- bytes ------------------------------------------------------------------------------------------------------------------- */

void pt_cox_save(pt_str *out, const pt_cox *c)
{
    pt_blob_begin(out, MAGIC, 1);
    pt_blob_put_count(out, c->n_columns);
    pt_blob_put_count(out, c->n_times);
    pt_blob_put_numbers(out, c->coefficient, c->n_columns);
    pt_blob_put_numbers(out, c->mean, c->n_columns);
    for (size_t i = 0; i < c->n_columns; i++)
        pt_blob_put_number(out, isnan(c->error[i]) ? -1 : c->error[i]);
    pt_blob_put_numbers(out, c->time, c->n_times);
    pt_blob_put_numbers(out, c->hazard, c->n_times);
    pt_blob_put_number(out, c->log_likelihood);
    pt_blob_put_number(out, c->null_log_likelihood);
    pt_blob_put_number(out, isnan(c->concordance) ? -1 : c->concordance);
    pt_blob_put_number(out, c->longest);
    pt_blob_put_count(out, c->converged);
}

static bool rises(const double *v, size_t n, double from)
{
    for (size_t i = 0; i < n; i++) {
        if (!(v[i] >= from))
            return false;
        from = v[i];
    }
    return true;
}

pt_rc pt_cox_load(pt_cox *out, pt_sv bytes, pt_err *err)
{
    pt_blob b;

    *out = (pt_cox){0};
    pt_blob_open(&b, bytes, MAGIC, 1);
    out->n_columns = pt_blob_count(&b, 0, MOST_COLUMNS);
    out->n_times = pt_blob_count(&b, 1, UINT32_MAX);
    out->coefficient = pt_blob_numbers(&b, out->n_columns);
    out->mean = pt_blob_numbers(&b, out->n_columns);
    out->error = pt_blob_numbers(&b, out->n_columns);
    out->time = pt_blob_numbers(&b, out->n_times);
    out->hazard = pt_blob_numbers(&b, out->n_times);
    out->log_likelihood = pt_blob_number(&b, -INFINITY, INFINITY);
    out->null_log_likelihood = pt_blob_number(&b, -INFINITY, INFINITY);
    out->concordance = pt_blob_number(&b, -1, 1);
    out->longest = pt_blob_number(&b, 0, INFINITY);
    out->converged = pt_blob_count(&b, 0, 1) != 0;
    if (out->hazard && !(rises(out->time, out->n_times, 0) && rises(out->hazard, out->n_times, 0)))
        pt_blob_refuse(&b);
    pt_rc rc = pt_blob_end(&b, "survival", err);
    if (rc != PT_OK) {
        pt_cox_free(out);
        return rc;
    }
    for (size_t i = 0; i < out->n_columns; i++)
        out->error[i] = out->error[i] < 0 ? NAN : out->error[i];
    out->concordance = out->concordance < 0 ? NAN : out->concordance;
    return PT_OK;
}
