/* BG/NBD and Gamma-Gamma of 1 M customers who buy as both say, seen for up to two years in whole days: from the numbers of each customer to
 * all seven parameters with their errors; and what all of them will buy and spend, with intervals. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/lifetime.h"
#include "peers/python.h"

enum { CUSTOMERS = 1000000, AGE = 730 };

static const double BUYING[] = {0.243, 4.414, 0.793, 2.426}, SPENDING[] = {6.25, 3.74, 15.44}; /* as CDNOW's */

typedef struct customers {
    uint32_t *x, *last, *age;
    double *mean;
    size_t n;
} customers;

static void invent(customers *c, size_t i, pt_rng *r)
{
    double rate = pt_rng_gamma(r, BUYING[0]) / BUYING[1] / 7, go = pt_rng_gamma(r, BUYING[2]);
    double stops = go / (go + pt_rng_gamma(r, BUYING[3])), nu = pt_rng_gamma(r, SPENDING[1]) / SPENDING[2], time = 0;

    c->age[i] = 1 + (uint32_t)pt_rng_below(r, AGE);
    c->x[i] = c->last[i] = 0;
    while ((time += pt_rng_exponential(r) / rate) < c->age[i]) {
        c->x[i]++;
        c->last[i] = (uint32_t)time;
        if (pt_rng_double(r) < stops)
            break;
    }
    c->mean[i] = c->x[i] ? fmax(round(100 * pt_rng_gamma(r, SPENDING[0] * c->x[i]) / nu / c->x[i]), 1) / 100 : 0;
}

static pt_rc invent_all(customers *c, size_t n, pt_err *err)
{
    pt_rng r;

    *c = (customers){pt_alloc64(n, 4), pt_alloc64(n, 4), pt_alloc64(n, 4), pt_alloc64(n, 8), n};
    if (!c->x || !c->last || !c->age || !c->mean)
        return pt_fail_nomem(err, "the benchmark");
    pt_rng_seed(&r, 1);
    for (size_t i = 0; i < n; i++)
        invent(c, i, &r);
    return PT_OK;
}

static void free_customers(customers *c)
{
    free(c->x);
    free(c->last);
    free(c->age);
    free(c->mean);
}

/* --- what is measured --------------------------------------------------------------------------------------------------------- */

static pt_rc fit_both(pt_estimate *buying, pt_estimate *spending, const customers *c, pt_pool *pool, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_spending s = {c->n, c->x, c->mean};
    pt_buyers buyers;

    if (!arena)
        return pt_fail_nomem(err, "the benchmark");
    pt_rc rc = pt_buyers_collapse(&buyers, NULL, c->x, c->last, c->age, c->n, 7, arena, err);
    if (rc == PT_OK)
        rc = pt_buying_fit(buying, &pt_bgnbd, &buyers, pool, err);
    if (rc == PT_OK)
        rc = pt_gamma_gamma_fit(spending, &s, pool, err);
    pt_arena_free(arena);
    return rc;
}

static pt_rc value_all(const pt_estimate *buying, const pt_estimate *spending, const customers *c, pt_pool *pool,
                       pt_err *err)
{
    pt_lifetime_plan plan = {.model = &pt_bgnbd, .spends = true, .horizon = 52, .discount = 0.002, .coverage = 0.8};
    pt_arena *arena = pt_arena_new(0);
    uint32_t *of = arena ? PT_NEW_ARRAY(arena, uint32_t, c->n) : NULL;
    pt_buyers buyers;

    memcpy(plan.buying, buying->value, sizeof plan.buying);
    memcpy(plan.spending, spending->value, sizeof plan.spending);
    pt_rc rc = of ? pt_buyers_collapse(&buyers, of, c->x, c->last, c->age, c->n, 7, arena, err)
                  : pt_fail_nomem(err, "the benchmark");
    pt_lifetime *each = rc == PT_OK ? PT_NEW_ARRAY(arena, pt_lifetime, buyers.n) : NULL;
    if (rc == PT_OK)
        rc = each ? pt_lifetimes(each, &plan, &buyers, pool, err) : pt_fail_nomem(err, "the benchmark");
    double all = 0;
    for (size_t i = 0; rc == PT_OK && i < c->n; i++)
        all += pt_lifetime_value_of(&plan, &each[of[i]], c->x[i], c->mean[i]).value;
    if (rc == PT_OK)
        printf("# portrait: %zu different customers of %zu, worth %.0f in a year\n", buyers.n, c->n, all);
    pt_arena_free(arena);
    return rc;
}

static pt_rc measure(bench_result *out, const bench_env *env, uint64_t rows, bool valuing, pt_err *err)
{
    pt_estimate buying, spending;
    pt_pool *pool = NULL;
    double seconds[16];
    customers c = {0};
    int runs = env->runs < 16 ? env->runs : 16;

    pt_rc rc = invent_all(&c, (size_t)rows, err);
    if (rc == PT_OK)
        rc = pt_pool_new(&pool, 0, err);
    for (int r = 0; rc == PT_OK && r < runs; r++) {
        double start = bench_now();
        rc = fit_both(&buying, &spending, &c, pool, err);
        if (rc == PT_OK && valuing) {
            start = bench_now();
            rc = value_all(&buying, &spending, &c, pool, err);
        }
        seconds[r] = bench_now() - start;
    }
    if (rc == PT_OK) {
        printf("# portrait: log-likelihoods %.6f and %.6f, %u and %u evaluations\n", buying.log_likelihood,
               spending.log_likelihood, buying.evaluations, spending.evaluations);
        out->seconds = bench_median(seconds, (size_t)runs);
        out->bytes = buying.log_likelihood + spending.log_likelihood;
    }
    fflush(stdout);
    pt_pool_free(pool);
    free_customers(&c);
    return rc;
}

static pt_rc measure_fit(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    return measure(out, env, rows, false, err);
}

static pt_rc measure_value(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    return measure(out, env, rows, true, err);
}

void bench_clv_fit(const bench_env *env)
{
    bench_result fit = bench_child(env, measure_fit, CUSTOMERS), value = bench_child(env, measure_value, CUSTOMERS);
    bench_python_run runs[4];
    char paths[4][512], n[24];
    customers c = {0};
    pt_err err = {0};

    if (invent_all(&c, CUSTOMERS, &err) != PT_OK)
        exit(1);
    bench_raw(paths[0], env, "clv_x.u32", c.x, c.n * 4);
    bench_raw(paths[1], env, "clv_last.u32", c.last, c.n * 4);
    bench_raw(paths[2], env, "clv_age.u32", c.age, c.n * 4);
    bench_raw(paths[3], env, "clv_mean.f64", c.mean, c.n * 8);
    free_customers(&c);
    snprintf(n, sizeof n, "%d", CUSTOMERS);
    size_t n_runs = bench_python(runs, PT_COUNT(runs), env, "clv_fit.py",
                                 (const char *[]){paths[0], paths[1], paths[2], paths[3], n, NULL});
    for (size_t i = 0; i < n_runs; i++)
        printf("# log-likelihood of both: %s %.6f below ours\n", runs[i].name,
               fit.bytes - bench_python_value(&runs[i], "likelihood"));
    const bench_python_run *lifetimes = bench_python_best(runs, n_runs, "lifetimes");
    const bench_python_run *scipy = bench_python_best(runs, n_runs, "scipy");
    bench_line("clv_fit", fit.seconds, "s", lifetimes ? lifetimes->seconds / fit.seconds : 0,
               lifetimes ? "lifetimes" : "-");
    bench_line("clv_fit_scipy", fit.seconds, "s", scipy ? scipy->seconds / fit.seconds : 0, scipy ? scipy->name : "-");
    bench_line("clv_value", value.seconds, "s", 0, "-");
}
