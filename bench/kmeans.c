/* k-means from given centres, against scikit-learn and its extension: the same rows, centres, tolerance. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/kmeans.h"
#include "peers/python.h"

enum { ROWS = 1000000, ITERATIONS = 100, MOST = 64, MOST_RUNS = 64 };

typedef struct shape {
    const char *name;
    size_t columns;
    uint32_t k;
    bool scores; /* 1 to 5 in each column, as RFM has them; else overlapping lumps */
} shape;

static const shape *chosen; /* of the running benchmark; the measured process inherits it */

static void fill(float *values, float *initial, const shape *s)
{
    float centres[MOST * MOST];
    pt_rng rng;

    pt_rng_seed(&rng, 1);
    for (size_t i = 0; i < s->k * s->columns; i++)
        centres[i] = (float)(pt_rng_double(&rng) * 6);
    for (size_t r = 0; r < ROWS; r++) {
        size_t lump = (size_t)pt_rng_below(&rng, s->k);
        for (size_t c = 0; c < s->columns; c++) {
            double sum = -3; /* six uniform numbers: near enough to a normal one */
            for (int i = 0; i < 6; i++)
                sum += pt_rng_double(&rng);
            values[c * ROWS + r] =
                s->scores ? (float)floor(fmin(fmax(3 + 1.2 * sum, 1), 5)) : centres[lump * s->columns + c] + (float)sum;
        }
    }
    for (size_t j = 0; j < s->k; j++)
        for (size_t c = 0; c < s->columns; c++) /* apart, also where many rows are equal */
            initial[j * s->columns + c] =
                values[c * ROWS + j * 7] + (s->scores ? (float)((j * 5 + c * 3) % 8) * 0.05F : 0);
}

typedef struct work {
    float *values, *initial;
} work;

static pt_rc work_new(work *w, const shape *s, pt_err *err)
{
    w->values = pt_alloc64(ROWS * s->columns, sizeof(float));
    w->initial = pt_alloc64(s->k * s->columns, sizeof(float));
    if (!w->values || !w->initial)
        return pt_fail_nomem(err, "the benchmark");
    fill(w->values, w->initial, s);
    return PT_OK;
}

static void work_free(work *w)
{
    free(w->values);
    free(w->initial);
}

/* bytes: the inertia; the number of iterations is said. */
static pt_rc measure(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    work w = {0};
    pt_pool *pool = NULL;
    double seconds[MOST_RUNS];
    /* Of a millisecond the median is steady after many runs only: the peers take 0.2 s each. */
    int wanted = chosen->scores ? MOST_RUNS : env->runs + 2, runs = wanted < MOST_RUNS ? wanted : MOST_RUNS;
    pt_rc rc = work_new(&w, chosen, err);

    if (rc == PT_OK)
        rc = pt_pool_new(&pool, 0, err);
    pt_kmeans_options o = {.k = chosen->k,
                           .initial = w.initial,
                           .starts = 1,
                           .most_iterations = ITERATIONS,
                           .tolerance = 1e-4,
                           .pool = pool};
    pt_matrix x = {w.values, (size_t)rows, chosen->columns, ROWS};
    for (int r = 0; rc == PT_OK && r < runs; r++) {
        pt_kmeans m;
        double start = bench_now();
        rc = pt_kmeans_fit(&m, &x, NULL, true, &o, err);
        seconds[r] = bench_now() - start;
        if (rc == PT_OK && r == 0)
            printf("# portrait: %u iterations, inertia %.12g, %zu different rows\n", m.iterations, m.inertia,
                   m.different);
        out->bytes = m.inertia;
        pt_kmeans_free(&m);
    }
    fflush(stdout);
    if (rc == PT_OK)
        out->seconds = bench_median(seconds, (size_t)runs);
    pt_pool_free(pool);
    work_free(&w);
    return rc;
}

static void bench(const bench_env *env, const shape *s)
{
    bench_python_run runs[8];
    char data[512], initial[512], numbers[4][24];
    pt_err err = {0};
    work w = {0};

    chosen = s;
    bench_result ours = bench_child(env, measure, ROWS);
    if (work_new(&w, s, &err) != PT_OK)
        exit(1);
    bench_raw(data, env, "kmeans.f32", w.values, ROWS * s->columns * sizeof(float));
    bench_raw(initial, env, "kmeans_initial.f32", w.initial, s->k * s->columns * sizeof(float));
    work_free(&w);
    const size_t values[] = {ROWS, s->columns, s->k, ITERATIONS};
    for (size_t i = 0; i < 4; i++)
        snprintf(numbers[i], sizeof numbers[i], "%zu", values[i]);
    size_t n = bench_python(runs, PT_COUNT(runs), env, "kmeans.py",
                            (const char *[]){data, initial, numbers[0], numbers[1], numbers[2], numbers[3], NULL});
    const bench_python_run *best = bench_python_best(runs, n, "scikit-learn"),
                           *fastest = bench_python_best(runs, n, "");
    bench_line(s->name, ours.seconds * 1e3, "ms", best ? best->seconds / ours.seconds : 0, "scikit-learn");
    if (fastest && fastest != best)
        bench_line(s->name, ours.seconds * 1e3, "ms", fastest->seconds / ours.seconds, fastest->name);
    if (best)
        printf("# inertia %.3g apart from scikit-learn's, relative\n",
               ours.bytes / bench_python_value(best, "inertia") - 1);
}

void bench_kmeans_8(const bench_env *env)
{
    bench(env, &(const shape){"kmeans_8", 8, 8, false});
}

void bench_kmeans_16(const bench_env *env)
{
    bench(env, &(const shape){"kmeans_16", 16, 32, false});
}

void bench_kmeans_rfm(const bench_env *env)
{
    bench(env, &(const shape){"kmeans_rfm", 3, 8, true});
}
