#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "model/itemsets.h"
#include "peers/python.h"

/* Baskets as the generator of Agrawal and Srikant (1994, section 2.4.3) makes them: T10.I4.D100K, the set most papers measure
 * on, from numbers of our own (that file itself is in no package). */
enum { ITEMS = 1000, PATTERNS = 2000, BASKETS = 100000, MOST_SIZE = 64 };

typedef struct pattern {
    uint32_t items[MOST_SIZE];
    unsigned n;
    double upto; /* of all weights */
    double corruption;
} pattern;

typedef struct generated {
    uint64_t *offsets;
    uint32_t *items;
    pt_baskets baskets;
} generated;

static double exponential(pt_rng *r, double mean)
{
    return -log(1 - pt_rng_double(r)) * mean;
}

static unsigned poisson(pt_rng *r, double mean)
{
    double limit = exp(-mean), product = pt_rng_double(r);
    unsigned n = 0;

    for (; product > limit; n++)
        product *= pt_rng_double(r);
    return n;
}

static double normal(pt_rng *r)
{
    return sqrt(-2 * log(1 - pt_rng_double(r))) * cos(2 * acos(-1) * pt_rng_double(r));
}

static bool has(const uint32_t *items, size_t n, uint32_t item)
{
    for (size_t i = 0; i < n; i++)
        if (items[i] == item)
            return true;
    return false;
}

static void make_patterns(pattern *all, pt_rng *r)
{
    double sum = 0;

    for (size_t p = 0; p < PATTERNS; p++) {
        pattern *x = &all[p], *before = p ? x - 1 : NULL;
        unsigned size = 1 + poisson(r, 3);
        double shared = fmin(1, exponential(r, 0.5)) * size;
        *x = (pattern){.corruption = fmin(1, fmax(0, 0.5 + sqrt(0.1) * normal(r)))};
        for (unsigned k = 0; before && k < before->n && x->n < (unsigned)shared; k++)
            if (pt_rng_below(r, before->n) < size)
                x->items[x->n++] = before->items[k];
        while (x->n < size && x->n < MOST_SIZE) {
            uint32_t item = (uint32_t)pt_rng_below(r, ITEMS);
            if (!has(x->items, x->n, item))
                x->items[x->n++] = item;
        }
        sum += exponential(r, 1);
        x->upto = sum;
    }
}

static const pattern *pick(const pattern *all, pt_rng *r)
{
    double at = pt_rng_double(r) * all[PATTERNS - 1].upto;
    size_t low = 0, high = PATTERNS - 1;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (all[middle].upto < at)
            low = middle + 1;
        else
            high = middle;
    }
    return &all[low];
}

/* Fills one basket; a pattern that does not fit goes in anyway half of the time, else into the next (*left). */
static size_t fill(uint32_t *to, const pattern *all, const pattern **left, pt_rng *r)
{
    size_t n = 0, size = 1 + poisson(r, 9);

    while (n < size) {
        const pattern *p = *left ? *left : pick(all, r);
        bool put_off = *left == NULL && n + p->n > size && n && pt_rng_below(r, 2);
        *left = NULL;
        if (put_off) {
            *left = p;
            break;
        }
        unsigned keep = p->n;
        while (keep && pt_rng_double(r) < p->corruption)
            keep--;
        for (unsigned k = 0; k < keep && n < MOST_SIZE; k++)
            if (!has(to, n, p->items[k]))
                to[n++] = p->items[k];
    }
    return n;
}

static pt_rc generate(generated *out, pt_err *err)
{
    pattern *patterns = pt_zalloc(PATTERNS, sizeof *patterns);
    const pattern *left = NULL;
    pt_rng r;

    *out = (generated){.offsets = pt_zalloc(BASKETS + 1, sizeof *out->offsets),
                       .items = pt_zalloc((size_t)BASKETS * MOST_SIZE, sizeof *out->items)};
    if (!patterns || !out->offsets || !out->items)
        return pt_fail_nomem(err, "baskets");
    pt_rng_seed(&r, 94);
    make_patterns(patterns, &r);
    for (size_t i = 0; i < BASKETS; i++)
        out->offsets[i + 1] = out->offsets[i] + fill(out->items + out->offsets[i], patterns, &left, &r);
    out->baskets = (pt_baskets){.offsets = out->offsets, .items = out->items, .n = BASKETS, .n_items = ITEMS};
    free(patterns);
    return PT_OK;
}

/* --- measuring ---------------------------------------------------------------------------------------------------------------- */

static uint64_t least; /* of the measurement at hand */
static unsigned threads;

static pt_rc measure(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    int runs = env->runs < 16 ? env->runs : 16;
    double seconds[16];
    generated g;
    pt_pool *pool = NULL;

    (void)rows;
    PT_TRY(generate(&g, err));
    pt_rc rc = pt_pool_new(&pool, threads, err);
    for (int r = 0; rc == PT_OK && r < runs; r++) {
        pt_itemset_options o = {.min_count = least, .pool = pool};
        pt_itemsets sets;
        double start = bench_now();
        rc = pt_itemsets_find(&sets, &g.baskets, &o, err);
        seconds[r] = bench_now() - start;
        out->bytes = (double)sets.n;
        pt_itemsets_free(&sets);
    }
    if (rc == PT_OK)
        out->seconds = bench_median(seconds, (size_t)runs);
    pt_pool_free(pool);
    free(g.offsets);
    free(g.items);
    return rc;
}

static void compare(const char *name, double ours, const bench_python_run *runs, size_t n, const char *peer,
                    double sets)
{
    const bench_python_run *best = bench_python_best(runs, n, peer);

    bench_line(name, ours * 1e3, "ms", best ? best->seconds / ours : 0, peer);
    if (best && bench_python_value(best, "sets") != sets)
        fprintf(stderr, "bench: %s found %.0f sets, we %.0f\n", best->name, bench_python_value(best, "sets"), sets);
}

/* PyFIM's time is that of the call less that of a call which finds nothing: so what Python's lists cost to read is left out. */
void bench_fim(const bench_env *env)
{
    static const uint64_t supports[] = {1000, 500, 100, 50};
    char offsets[512], items[512], support[24];
    bench_python_run runs[8];
    generated g;
    pt_err err;

    if (generate(&g, &err) != PT_OK)
        exit(1);
    bench_raw(offsets, env, "fim_offsets.u64", g.offsets, (BASKETS + 1) * sizeof *g.offsets);
    bench_raw(items, env, "fim_items.u32", g.items, (size_t)g.offsets[BASKETS] * sizeof *g.items);
    free(g.offsets);
    free(g.items);
    for (size_t i = 0; i < PT_COUNT(supports); i++) {
        char name[40];
        least = supports[i];
        threads = 1;
        bench_result one = bench_child(env, measure, BASKETS);
        threads = 0;
        bench_result all = bench_child(env, measure, BASKETS);
        snprintf(support, sizeof support, "%llu", (unsigned long long)least);
        size_t n =
            bench_python(runs, PT_COUNT(runs), env, "itemsets.py", (const char *[]){offsets, items, support, NULL});
        snprintf(name, sizeof name, "fim_%llu", (unsigned long long)least);
        compare(name, one.seconds, runs, n, "eclat", one.bytes);
        compare(name, one.seconds, runs, n, "fpgrowth", one.bytes);
        printf("# all threads: %.1f ms; %.0f sets\n", all.seconds * 1e3, one.bytes);
    }
}
