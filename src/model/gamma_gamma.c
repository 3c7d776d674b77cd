#include "model/gamma_gamma.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/buyers.h"
#include "model/special.h"

enum { P = PT_SPENDING_P, Q = PT_SPENDING_Q, V = PT_SPENDING_V, N = PT_SPENDING };
enum { PART = 16384, SAMPLE = 20000 };

/* All but ln(v + total) is known before the parameters are: how many customers have each x, and sums. */
typedef struct data {
    pt_pool *pool;
    double *total; /* x * mean, by customer with x > 0 */
    uint32_t *x;
    size_t n;
    double *customers; /* [x] */
    uint32_t most_x;
    double logs, means; /* sums of x ln(total) and of ln(mean) */
    double mean;        /* spending a purchase, over all */
} data;

/* Sums over customers of powers of 1 / (v + total) and of its logarithm, plain and times x. */
typedef struct sums {
    double log[2], over[2], square[2];
} sums;

typedef struct evaluation {
    const data *d;
    double v;
    sums *parts;
} evaluation;

static pt_rc evaluate_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    const evaluation *e = arg;
    const double *total = e->d->total;
    size_t end = (part + 1) * PART < e->d->n ? (part + 1) * PART : e->d->n;
    sums s = {{0}, {0}, {0}};

    (void)worker;
    (void)err;
    for (size_t i = part * PART; i < end; i++) {
        double x = e->d->x[i], sum = total[i] + e->v, ln = log(sum), over = 1 / sum, square = over * over;
        s.log[0] += ln;
        s.log[1] += x * ln;
        s.over[0] += over;
        s.over[1] += x * over;
        s.square[0] += square;
        s.square[1] += x * square;
    }
    e->parts[part] = s;
    return PT_OK;
}

/* What depends on x alone. */
static void add_counts(const data *d, const double *p, double *value, double *slope, double *curve)
{
    for (uint32_t x = 1; x <= d->most_x; x++) {
        double customers = d->customers[x], px = p[P] * x;
        if (customers == 0)
            continue;
        double second = customers * pt_trigamma(px + p[Q]), first = customers * pt_digamma(px + p[Q]);
        *value += customers * (pt_ln_gamma(px + p[Q]) - pt_ln_gamma(px));
        slope[P] += x * (first - customers * pt_digamma(px));
        slope[Q] += first;
        curve[P * N + P] += (double)x * x * (second - customers * pt_trigamma(px));
        curve[P * N + Q] += x * second;
        curve[Q * N + Q] += second;
    }
}

static void combine(const data *d, const sums *s, const double *p, double *value, double *slope, double *curve)
{
    double n = (double)d->n, q = p[Q], v = p[V];

    memset(slope, 0, N * sizeof *slope);
    memset(curve, 0, N * N * sizeof *curve);
    *value = n * (q * log(v) - pt_ln_gamma(q)) + p[P] * (d->logs - s->log[1]) - q * s->log[0] - d->means;
    slope[P] = d->logs - s->log[1];
    slope[Q] = n * (log(v) - pt_digamma(q)) - s->log[0];
    slope[V] = n * q / v - p[P] * s->over[1] - q * s->over[0];
    curve[Q * N + Q] = -n * pt_trigamma(q);
    curve[P * N + V] = -s->over[1];
    curve[Q * N + V] = n / v - s->over[0];
    curve[V * N + V] = p[P] * s->square[1] + q * s->square[0] - n * q / (v * v);
    add_counts(d, p, value, slope, curve);
    curve[Q * N + P] = curve[P * N + Q];
    curve[V * N + P] = curve[P * N + V];
    curve[V * N + Q] = curve[Q * N + V];
}

static pt_rc likelihood(void *context, const double *p, double *value, double *slope, double *curve, pt_err *err)
{
    const data *d = context;
    size_t n_parts = (d->n + PART - 1) / PART;
    evaluation e = {.d = d, .v = p[V], .parts = pt_alloc64(n_parts + 1, sizeof(sums))};
    sums all = {{0}, {0}, {0}};

    if (!e.parts)
        return pt_fail_nomem(err, "sums of the likelihood");
    pt_rc rc = pt_pool_run(d->pool, n_parts, evaluate_part, &e, err);
    for (size_t k = 0; rc == PT_OK && k < n_parts; k++)
        for (size_t i = 0; i < 2; i++) {
            all.log[i] += e.parts[k].log[i];
            all.over[i] += e.parts[k].over[i];
            all.square[i] += e.parts[k].square[i];
        }
    if (rc == PT_OK)
        combine(d, &all, p, value, slope, curve);
    free(e.parts);
    return rc;
}

static void free_data(data *d)
{
    free(d->total);
    free(d->x);
    free(d->customers);
}

static pt_rc check_spending(const pt_spending *s, size_t *n, uint32_t *most_x, pt_err *err)
{
    *n = 0;
    *most_x = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->x[i] == 0)
            continue;
        if (!(s->mean[i] > 0) || !isfinite(s->mean[i]))
            return pt_fail(err, PT_EINVAL, "a customer with purchases has spent nothing, or less than nothing");
        *most_x = s->x[i] > *most_x ? s->x[i] : *most_x;
        (*n)++;
    }
    if (*n == 0)
        return pt_fail(err, PT_EINVAL, "no customer has bought a second time: nothing can be learned about spending");
    if (*most_x > (uint32_t)PT_BUYERS_MOST)
        return pt_fail(err, PT_EINVAL, "more than %u purchases of one customer", PT_BUYERS_MOST);
    return PT_OK;
}

/* Every step-th customer with a purchase. */
static pt_rc make_data(data *d, const pt_spending *s, size_t step, size_t n, pt_pool *pool, pt_err *err)
{
    double purchases = 0, money = 0;
    size_t seen = 0;

    d->pool = pool;
    d->total = pt_alloc64(n / step + 1, sizeof *d->total);
    d->x = pt_alloc64(n / step + 1, sizeof *d->x);
    d->customers = pt_zalloc((size_t)d->most_x + 1, sizeof *d->customers);
    if (!d->total || !d->x || !d->customers)
        return pt_fail_nomem(err, "the customers");
    for (size_t i = 0; i < s->n; i++) {
        if (s->x[i] == 0 || seen++ % step != 0)
            continue;
        double total = s->x[i] * s->mean[i];
        d->x[d->n] = s->x[i];
        d->total[d->n++] = total;
        d->customers[s->x[i]]++;
        d->logs += s->x[i] * log(total);
        d->means += log(s->mean[i]);
        purchases += s->x[i];
        money += total;
    }
    d->mean = money / purchases;
    return PT_OK;
}

pt_rc pt_gamma_gamma_likelihood(const pt_spending *spending, pt_pool *pool, const double *parameters, double *value,
                                double *slope, double *curve, pt_err *err)
{
    data d = {0};
    size_t n;

    PT_TRY(check_spending(spending, &n, &d.most_x, err));
    pt_rc rc = make_data(&d, spending, 1, n, pool, err);
    if (rc == PT_OK)
        rc = likelihood(&d, parameters, value, slope, curve, err);
    free_data(&d);
    return rc;
}

static bool all_alike(const data *d)
{
    for (size_t i = 1; i < d->n; i++)
        if (fabs(d->total[i] / d->x[i] - d->mean) > 1e-9 * d->mean)
            return false;
    return true;
}

pt_rc pt_gamma_gamma_fit(pt_estimate *out, const pt_spending *spending, pt_pool *pool, pt_err *err)
{
    data all = {0}, sample = {0};
    size_t n;

    PT_TRY(check_spending(spending, &n, &all.most_x, err));
    sample.most_x = all.most_x;
    size_t step = n / SAMPLE;
    pt_rc rc = make_data(&all, spending, 1, n, pool, err);
    if (rc == PT_OK && all_alike(&all))
        rc = pt_fail(err, PT_EINVAL, "all customers spend the same at each purchase: there is nothing to learn");
    if (rc == PT_OK && step >= 2)
        rc = make_data(&sample, spending, step, n, pool, err);
    double m = all.mean, starts[] = {1, 2, m, 6, 4, m / 2, 3, 10, 3 * m}; /* of mean p v / (q - 1) */
    pt_estimate_problem p = {N, {1, 1, m}, starts, PT_COUNT(starts) / N, likelihood, &all, step >= 2 ? &sample : NULL};
    if (rc == PT_OK)
        rc = pt_estimate_fit(out, &p, err);
    free_data(&all);
    free_data(&sample);
    return rc;
}

double pt_gamma_gamma_expected(const double *parameters, double x, double mean)
{
    double rest = parameters[P] * x + parameters[Q] - 1;

    if (!(rest > 0))
        return INFINITY;
    return parameters[P] * (parameters[V] + (x > 0 ? x * mean : 0)) / rest;
}
