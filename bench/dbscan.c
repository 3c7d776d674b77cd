/* DBSCAN of customers by the logarithms of recency, frequency and amount, against scikit-learn: the same core rows and clusters. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/rng.h"
#include "model/dbscan.h"
#include "peers/python.h"

enum { ROWS = 200000, COLUMNS = 3, LEAST = 10 };
#define EPS 0.05

static double normal(pt_rng *rng) /* near enough */
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += pt_rng_double(rng);
    return sum;
}

static float *customers(void)
{
    float *x = pt_alloc64((size_t)ROWS * COLUMNS, sizeof *x);
    pt_rng rng;

    pt_rng_seed(&rng, 7);
    for (size_t r = 0; x && r < ROWS; r++) {
        double loyal = pt_rng_double(&rng);
        double frequency = floor(1 + exp(normal(&rng) * 0.8 + loyal * 2));
        x[r] = (float)log(1 + 365 * pt_rng_double(&rng) * (1.1 - loyal));
        x[ROWS + r] = (float)log(frequency);
        x[2 * ROWS + r] = (float)(log(frequency) + 3 + 0.6 * normal(&rng));
    }
    return x;
}

static double peak(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_maxrss * 1024;
}

typedef struct outcome {
    double core, clusters, partition;
} outcome;

static outcome outcome_of(const pt_dbscan *m)
{
    outcome o = {.clusters = m->clusters};

    for (size_t i = 0; i < ROWS; i++) {
        o.core += m->core[i];
        o.partition += m->core[i] ? (double)m->label[i] * (double)i : 0;
    }
    return o;
}

/* bytes: of memory, a row. */
static pt_rc measure(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    float *values = customers();
    double seconds[16];
    pt_pool *pool = NULL;
    pt_rc rc = values ? pt_pool_new(&pool, 0, err) : pt_fail_nomem(err, "the benchmark");
    pt_dbscan_options o = {.eps = EPS, .least = LEAST, .pool = pool};
    pt_matrix x = {values, (size_t)rows, COLUMNS, ROWS};
    double before = peak();

    for (int r = 0; rc == PT_OK && r < env->runs; r++) {
        pt_dbscan m;
        double start = bench_now();
        rc = pt_dbscan_fit(&m, &x, NULL, &o, err);
        seconds[r] = bench_now() - start;
        if (rc == PT_OK && r == 0) {
            outcome found = outcome_of(&m);
            out->bytes = (peak() - before) / ROWS;
            printf("# portrait: core=%.0f clusters=%.0f partition=%.0f\n", found.core, found.clusters, found.partition);
        }
        pt_dbscan_free(&m);
    }
    fflush(stdout);
    if (rc == PT_OK)
        out->seconds = bench_median(seconds, (size_t)env->runs);
    pt_pool_free(pool);
    free(values);
    return rc;
}

void bench_dbscan(const bench_env *env)
{
    bench_python_run runs[8];
    char data[512], eps[24], rows[24];
    bench_result ours = bench_child(env, measure, ROWS);
    float *values = customers();

    if (!values)
        exit(1);
    bench_raw(data, env, "dbscan.f32", values, (size_t)ROWS * COLUMNS * sizeof *values);
    free(values);
    snprintf(eps, sizeof eps, "%g", EPS);
    snprintf(rows, sizeof rows, "%d", ROWS);
    size_t n = bench_python(runs, PT_COUNT(runs), env, "dbscan.py", (const char *[]){data, rows, "3", eps, "10", NULL});
    const bench_python_run *best = bench_python_best(runs, n, "scikit-learn"),
                           *fastest = bench_python_best(runs, n, "");
    bench_line("dbscan", ours.seconds * 1e3, "ms", best ? best->seconds / ours.seconds : 0, "scikit-learn");
    if (fastest && fastest != best)
        bench_line("dbscan", ours.seconds * 1e3, "ms", fastest->seconds / ours.seconds, fastest->name);
    bench_line("dbscan_memory", ours.bytes, "bytes_a_row", 0, NULL);
}
