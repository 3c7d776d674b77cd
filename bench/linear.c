/* Support vector machines and logistic regression, against libsvm, LIBLINEAR and scikit-learn: the same rows, the same problem, the
 * same tolerance. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/logit.h"
#include "model/smo.h"
#include "peers/python.h"

enum { COLUMNS = 20, SVM_ROWS = 20000, LINEAR_ROWS = 500000 };

static const double strength = 1, gamma_of = 0.05, tolerance = 1e-3;

typedef struct sample {
    size_t rows;
    float *x; /* column by column */
    float *y; /* 0 or 1 */
} sample;

/* Standard normal columns, near enough; the class follows products, waves and sums of five of them, with noise. */
static pt_rc sample_new(sample *s, size_t rows, bool bent, pt_err *err)
{
    pt_rng rng;

    *s = (sample){rows, pt_alloc64(rows * COLUMNS, sizeof(float)), pt_alloc64(rows, sizeof(float))};
    if (!s->x || !s->y)
        return pt_fail_nomem(err, "the benchmark");
    pt_rng_seed(&rng, 1);
    for (size_t r = 0; r < rows; r++) {
        double v[COLUMNS + 1];
        for (size_t c = 0; c <= COLUMNS; c++) {
            v[c] = -6;
            for (int i = 0; i < 12; i++)
                v[c] += pt_rng_double(&rng);
            if (c < COLUMNS)
                s->x[c * rows + r] = (float)v[c];
        }
        double score = bent ? v[0] * v[1] + sin(2 * v[2]) + v[3] + v[4] : v[0] + 0.5 * v[1] - v[2] + 0.3 * v[3];
        s->y[r] = score + 0.5 * v[COLUMNS] > 0;
    }
    return PT_OK;
}

static void sample_free(sample *s)
{
    free(s->x);
    free(s->y);
}

/* --- RBF ---------------------------------------------------------------------------------------------------------- */

typedef struct rbf {
    int8_t *sign;
    double *base, *upper, *weight;
} rbf;

static pt_rc rbf_new(rbf *w, const sample *s, pt_err *err)
{
    *w = (rbf){pt_zalloc(s->rows, 1), pt_zalloc(s->rows, sizeof(double)), pt_zalloc(s->rows, sizeof(double)),
               pt_zalloc(s->rows, sizeof(double))};
    if (!w->sign || !w->base || !w->upper || !w->weight)
        return pt_fail_nomem(err, "the benchmark");
    for (size_t r = 0; r < s->rows; r++) {
        w->sign[r] = s->y[r] == 1 ? 1 : -1;
        w->base[r] = w->sign[r];
        w->upper[r] = strength;
    }
    return PT_OK;
}

static void rbf_free(rbf *w)
{
    free(w->sign);
    free(w->base);
    free(w->upper);
    free(w->weight);
}

static pt_rc fit_rbf(double *bias, const rbf *w, const sample *s, pt_pool *pool, pt_err *err)
{
    pt_matrix x = {s->x, s->rows, COLUMNS, s->rows};
    pt_kernel kernel = {PT_KERNEL_RBF, gamma_of, 0, 1};
    pt_blocks points;

    PT_TRY(pt_blocks_new(&points, &x, &kernel, err));
    pt_smo problem = {.points = &points,
                      .kernel = &kernel,
                      .n = s->rows,
                      .sign = w->sign,
                      .base = w->base,
                      .upper = w->upper,
                      .tolerance = tolerance,
                      .pool = pool};
    pt_rc rc = pt_smo_solve(w->weight, bias, NULL, NULL, &problem, err);
    pt_blocks_free(&points);
    return rc;
}

static unsigned threads; /* of the running benchmark; the measured process inherits it */

/* bytes: support vectors; peak_mb is left to the harness. The bias is said. */
static pt_rc measure_rbf(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    double seconds[16], bias = 0;
    int runs = env->runs + 2 < 16 ? env->runs + 2 : 16;
    size_t support = 0;
    pt_pool *pool = NULL;
    sample s;
    rbf w = {0};
    pt_rc rc = sample_new(&s, (size_t)rows, true, err);

    if (rc == PT_OK)
        rc = rbf_new(&w, &s, err);
    if (rc == PT_OK)
        rc = pt_pool_new(&pool, threads, err);
    for (int i = 0; rc == PT_OK && i < runs; i++) {
        double start = bench_now();
        rc = fit_rbf(&bias, &w, &s, pool, err);
        seconds[i] = bench_now() - start;
    }
    for (size_t r = 0; rc == PT_OK && r < s.rows; r++)
        support += w.weight[r] != 0;
    if (rc == PT_OK) {
        out->seconds = bench_median(seconds, (size_t)runs);
        out->bytes = (double)support;
        printf("# portrait on %u threads: %zu support vectors, bias %.6f\n", pt_pool_threads(pool), support, bias);
        fflush(stdout);
    }
    pt_pool_free(pool);
    rbf_free(&w);
    sample_free(&s);
    return rc;
}

/* --- linear ------------------------------------------------------------------------------------------------------- */

static bool hinge; /* of the running benchmark: squared hinge, else logistic */

static pt_rc measure_linear(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    double seconds[16], beta[COLUMNS + 1];
    int runs = env->runs + 2 < 16 ? env->runs + 2 : 16;
    uint32_t *label = pt_zalloc((size_t)rows, sizeof *label);
    pt_pool *pool = NULL;
    sample s;
    pt_rc rc = sample_new(&s, (size_t)rows, false, err);

    if (rc == PT_OK && !label)
        rc = pt_fail_nomem(err, "the benchmark");
    if (rc == PT_OK)
        rc = pt_pool_new(&pool, 0, err);
    for (size_t r = 0; rc == PT_OK && r < s.rows; r++)
        label[r] = (uint32_t)s.y[r];
    for (int i = 0; rc == PT_OK && i < runs; i++) {
        pt_logit problem = {
            .x = {s.x, s.rows, COLUMNS, s.rows}, .label = label, .classes = 2, .l2 = 1 / strength, .hinge = hinge};
        pt_fit_options o = {.pool = pool};
        double start = bench_now();
        rc = pt_logit_solve(beta, &problem, &o, err);
        seconds[i] = bench_now() - start;
    }
    if (rc == PT_OK) {
        out->seconds = bench_median(seconds, (size_t)runs);
        out->bytes = beta[0];
    }
    pt_pool_free(pool);
    free(label);
    sample_free(&s);
    return rc;
}

/* --- figures ------------------------------------------------------------------------------------------------------ */

static size_t run_peers(bench_python_run *runs, size_t most, const bench_env *env, const char *what, size_t rows,
                        bool bent)
{
    char data[512], target[512], numbers[5][24];
    pt_err err = {0};
    sample s;

    if (sample_new(&s, rows, bent, &err) != PT_OK)
        exit(1);
    bench_raw(data, env, "linear.f32", s.x, rows * COLUMNS * sizeof(float));
    bench_raw(target, env, "linear_target.f32", s.y, rows * sizeof(float));
    sample_free(&s);
    snprintf(numbers[0], sizeof numbers[0], "%zu", rows);
    snprintf(numbers[1], sizeof numbers[1], "%d", COLUMNS);
    snprintf(numbers[2], sizeof numbers[2], "%.17g", strength);
    snprintf(numbers[3], sizeof numbers[3], "%.17g", gamma_of);
    snprintf(numbers[4], sizeof numbers[4], "%.17g", tolerance);
    return bench_python(
        runs, most, env, "linear.py",
        (const char *[]){what, data, target, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], NULL});
}

static void line(const char *name, double seconds, const bench_python_run *peer)
{
    if (peer)
        bench_line(name, seconds * 1e3, "ms", peer->seconds / seconds, peer->name);
}

void bench_svm_rbf(const bench_env *env)
{
    bench_python_run runs[8];

    threads = 0;
    bench_result ours = bench_child(env, measure_rbf, SVM_ROWS);
    threads = 1;
    bench_result one = bench_child(env, measure_rbf, SVM_ROWS);
    size_t n = run_peers(runs, PT_COUNT(runs), env, "svm_rbf", SVM_ROWS, true);
    const bench_python_run *libsvm = bench_python_best(runs, n, "libsvm");
    line("svm_rbf", ours.seconds, libsvm);
    line("svm_rbf_thread", one.seconds, libsvm);
    line("svm_rbf", ours.seconds, bench_python_best(runs, n, "scikit-learn"));
    line("svm_rbf", ours.seconds, bench_python_best(runs, n, "sklearnex"));
    if (libsvm)
        printf("# libsvm: %.0f support vectors, bias %.6f\n", bench_python_value(libsvm, "support"),
               bench_python_value(libsvm, "bias"));
}

static void linear(const bench_env *env, const char *name, bool squared_hinge, const char *peer)
{
    bench_python_run runs[8];

    hinge = squared_hinge;
    bench_result ours = bench_child(env, measure_linear, LINEAR_ROWS);
    size_t n = run_peers(runs, PT_COUNT(runs), env, name, LINEAR_ROWS, false);
    const bench_python_run *best = bench_python_best(runs, n, peer);
    line(name, ours.seconds, best);
    if (best)
        printf("# first weight %.6f; of the peer %.6f\n", ours.bytes, bench_python_value(best, "weight"));
}

void bench_svm_linear(const bench_env *env)
{
    linear(env, "svm_linear", true, "liblinear");
}

void bench_logistic(const bench_env *env)
{
    linear(env, "logistic", false, "scikit-learn");
}
