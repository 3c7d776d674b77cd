#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/mem.h"
#include "base/rng.h"
#include "model/als.h"
#include "model/recommend.h"
#include "peers/python.h"

/* Customers of twenty tastes and items of very different popularity. */
enum { CUSTOMERS = 60000, ITEMS = 8000, PAIRS = 1500000, FACTORS = 64, ITERATIONS = 5, LISTS = 2000, PLACES = 10 };
#define REGULARIZATION 0.01

typedef struct work {
    uint64_t *offsets;
    uint32_t *items;
    float *confidence, *start; /* start: of customers, then of items */
    pt_owned owned;
} work;

static void work_free(work *w)
{
    free(w->offsets);
    free(w->items);
    free(w->confidence);
    free(w->start);
}

/* Each item of a customer once, with how often it was drawn + 1. */
static void fill_customer(work *w, uint32_t u, pt_rng *r)
{
    uint32_t drawn[PAIRS / CUSTOMERS];
    uint64_t at = w->offsets[u];

    for (size_t k = 0; k < PT_COUNT(drawn); k++) {
        double x = pt_rng_double(r);
        drawn[k] = ((uint32_t)(ITEMS * x * x * x) + u % 20 * 37) % ITEMS;
    }
    qsort(drawn, PT_COUNT(drawn), sizeof *drawn, pt_compare_u32);
    for (size_t k = 0; k < PT_COUNT(drawn); k++) {
        if (k && drawn[k] == drawn[k - 1]) {
            w->confidence[at - 1] += 1;
            continue;
        }
        w->items[at] = drawn[k];
        w->confidence[at++] = 2;
    }
    w->offsets[u + 1] = at;
}

static pt_rc work_new(work *w, pt_err *err)
{
    pt_rng r;

    *w = (work){pt_zalloc(CUSTOMERS + 1, sizeof *w->offsets),
                pt_zalloc(PAIRS, sizeof *w->items),
                pt_zalloc(PAIRS, sizeof *w->confidence),
                pt_zalloc((size_t)(CUSTOMERS + ITEMS) * FACTORS, sizeof *w->start),
                {0}};
    if (!w->offsets || !w->items || !w->confidence || !w->start)
        return pt_fail_nomem(err, "customers");
    pt_rng_seed(&r, 5);
    for (uint32_t u = 0; u < CUSTOMERS; u++)
        fill_customer(w, u, &r);
    for (size_t i = 0; i < (size_t)(CUSTOMERS + ITEMS) * FACTORS; i++)
        w->start[i] = (float)(pt_rng_double(&r) * 0.01);
    w->owned = (pt_owned){w->offsets, w->items, w->confidence, CUSTOMERS, ITEMS};
    return PT_OK;
}

/* --- measuring ------------------------------------------------------------------------------------------------------------------ */

static unsigned threads;

static pt_rc fit(pt_als *a, const work *w, pt_pool *pool, pt_err *err)
{
    pt_als_options o = {.factors = FACTORS,
                        .regularization = REGULARIZATION,
                        .iterations = ITERATIONS,
                        .customers = w->start,
                        .items = w->start + (size_t)CUSTOMERS * FACTORS,
                        .pool = pool};

    return pt_als_fit(a, &w->owned, &o, err);
}

static pt_rc measure(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    int runs = env->runs < 5 ? env->runs : 5;
    double seconds[16];
    pt_pool *pool = NULL;
    work w;

    (void)rows;
    PT_TRY(work_new(&w, err));
    pt_rc rc = pt_pool_new(&pool, threads, err);
    for (int r = 0; rc == PT_OK && r < runs; r++) {
        pt_als a;
        double start = bench_now();
        rc = fit(&a, &w, pool, err);
        seconds[r] = bench_now() - start;
        if (rc == PT_OK)
            rc = pt_als_loss(&out->bytes, &a, &w.owned, err);
        pt_als_free(&a);
    }
    if (rc == PT_OK)
        out->seconds = bench_median(seconds, (size_t)runs) / ITERATIONS;
    pt_pool_free(pool);
    work_free(&w);
    return rc;
}

/* The best items of the first customers, what they have included; `lists` as the peer wrote them: the share that is the same. */
static double same_items(const pt_als *a, const uint32_t *lists)
{
    float *scores = pt_zalloc(ITEMS, sizeof *scores);
    size_t same = 0;

    if (!scores)
        exit(1);
    for (size_t u = 0; u < LISTS; u++) {
        pt_als_scores(scores, a, a->customers + u * a->stride);
        for (int k = 0; k < PLACES; k++) {
            uint32_t best = 0;
            for (uint32_t i = 1; i < ITEMS; i++)
                best = scores[i] > scores[best] ? i : best;
            scores[best] = -INFINITY;
            for (int p = 0; p < PLACES; p++)
                same += lists[u * PLACES + p] == best;
        }
    }
    free(scores);
    return (double)same / (LISTS * PLACES);
}

static double overlap(const work *w, const char *path)
{
    uint32_t *lists = pt_zalloc(LISTS * PLACES, sizeof *lists);
    FILE *f = fopen(path, "rb");
    double share = NAN;
    pt_als a;
    pt_err err;

    if (lists && f && fread(lists, sizeof *lists, LISTS * PLACES, f) == LISTS * PLACES &&
        fit(&a, w, NULL, &err) == PT_OK) {
        share = same_items(&a, lists);
        pt_als_free(&a);
    }
    if (f)
        fclose(f);
    free(lists);
    return share;
}

/* One customer's ten best by all ways, with the factors that models have by default. */
static pt_rc measure_one(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    enum { CALLS = 2000 };
    pt_recommend_options o = {.weights = {1, 1, 0.5, 0.2, 0},
                              .als = {.factors = 32, .regularization = REGULARIZATION, .iterations = 2},
                              .alpha = 1,
                              .near = {.most = 50, .significance = 0.001, .min_both = 5}};
    pt_recommendation best[PLACES];
    pt_recommend_scratch *scratch = NULL;
    pt_recommender r = {0};
    size_t n;
    work w;

    (void)env;
    (void)rows;
    PT_TRY(work_new(&w, err));
    pt_recommend_data data = {.owned = w.owned};
    pt_rc rc = pt_recommender_fit(&r, &data, &o, err);
    if (rc == PT_OK)
        rc = pt_recommend_scratch_new(&scratch, &r, err);
    double start = bench_now();
    for (uint32_t u = 0; rc == PT_OK && u < CALLS; u++) {
        uint64_t from = w.offsets[u];
        pt_basket_of b = {
            .items = w.items + from, .confidence = w.confidence + from, .n = (size_t)(w.offsets[u + 1] - from)};
        rc = pt_recommend(best, &n, PLACES, &r, NULL, &b, scratch, err);
    }
    out->seconds = (bench_now() - start) / CALLS;
    pt_recommend_scratch_free(scratch);
    pt_recommender_free(&r);
    work_free(&w);
    return rc;
}

void bench_als(const bench_env *env)
{
    char offsets[512], items[512], confidence[512], start[512], lists[600], numbers[4][24];
    bench_python_run runs[8];
    pt_err err;
    work w;

    threads = 1;
    bench_result one = bench_child(env, measure, PAIRS);
    threads = 0;
    bench_result all = bench_child(env, measure, PAIRS);
    bench_result single = bench_child(env, measure_one, PAIRS);
    if (work_new(&w, &err) != PT_OK)
        exit(1);
    bench_raw(offsets, env, "als_offsets.u64", w.offsets, (CUSTOMERS + 1) * sizeof *w.offsets);
    bench_raw(items, env, "als_items.u32", w.items, (size_t)w.offsets[CUSTOMERS] * sizeof *w.items);
    bench_raw(confidence, env, "als_confidence.f32", w.confidence, (size_t)w.offsets[CUSTOMERS] * sizeof *w.confidence);
    bench_raw(start, env, "als_start.f32", w.start, (size_t)(CUSTOMERS + ITEMS) * FACTORS * sizeof *w.start);
    snprintf(lists, sizeof lists, "%s/als_lists.u32", env->dir);
    const int values[] = {ITEMS, FACTORS, ITERATIONS, LISTS};
    for (size_t i = 0; i < PT_COUNT(values); i++)
        snprintf(numbers[i], sizeof numbers[i], "%d", values[i]);
    size_t n = bench_python(runs, PT_COUNT(runs), env, "als.py",
                            (const char *[]){offsets, items, confidence, start, lists, numbers[0], numbers[1],
                                             numbers[2], numbers[3], NULL});
    const bench_python_run *best = bench_python_best(runs, n, "implicit"),
                           *thread = bench_python_best(runs, n, "implicit_1");
    bench_line("als", all.seconds * 1e3, "ms an iteration", best ? best->seconds / all.seconds : 0, "implicit");
    bench_line("als_thread", one.seconds * 1e3, "ms an iteration", thread ? thread->seconds / one.seconds : 0,
               "implicit");
    bench_line("recommend_one", single.seconds * 1e6, "us", 0, "");
    if (best)
        printf("# loss %.9g, %.9g by implicit; %.2f %% of the first %d places of %d customers are the same\n",
               all.bytes, bench_python_value(best, "loss"), 100 * overlap(&w, lists), PLACES, LISTS);
    work_free(&w);
}
