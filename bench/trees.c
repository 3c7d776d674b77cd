/* One tree of depth 8 from 150,000 x 20, against scikit-learn's and one of XGBoost's; scoring and explaining with a hundred trees. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/learner.h"
#include "peers/python.h"

enum { ROWS = 150000, FRESH = 50000, ALL = ROWS + FRESH, COLUMNS = 20, DEPTH = 8, TREES = 100, ROUNDS_DEPTH = 6 };

typedef struct work {
    float *x, *y;
    pt_pool *pool;
} work;

/* Two classes, by a score that bends, steps and mixes columns, with noise; half of the columns say nothing. */
static void fill(float *x, float *y)
{
    pt_rng rng;
    float v[COLUMNS];

    pt_rng_seed(&rng, 1);
    for (size_t r = 0; r < ALL; r++) {
        for (size_t c = 0; c < COLUMNS; c++)
            x[c * ALL + r] = v[c] = (float)pt_rng_normal(&rng);
        double score = v[0] + 0.7 * v[1] * v[2] + 0.5 * fabsf(v[3]) - (v[4] > 0.5F ? 0.4 : 0) +
                       (v[6] > 0 ? 0.5 * v[5] : 0) + 0.3 * v[7] - 0.2 * v[8] * v[9];
        y[r] = score + 1.5 * pt_rng_normal(&rng) > 0.35;
    }
}

static pt_rc work_new(work *w, pt_err *err)
{
    *w = (work){pt_alloc64((size_t)ALL * COLUMNS, sizeof(float)), pt_alloc64(ALL, sizeof(float)), NULL};
    if (!w->x || !w->y)
        return pt_fail_nomem(err, "the benchmark");
    fill(w->x, w->y);
    return pt_pool_new(&w->pool, 0, err);
}

static void work_free(work *w)
{
    pt_pool_free(w->pool);
    free(w->x);
    free(w->y);
}

static pt_rc fit(void **model, const work *w, const char *name, const char *setting, double value, const char *other,
                 double second, pt_err *err)
{
    const pt_learner *l = pt_learner_find(pt_sv_of(name));
    double parameters[32];
    pt_examples e = {.x = {w->x, ROWS, COLUMNS, ALL}, .y = w->y, .n_classes = 2};
    pt_fit_options o = {.parameters = parameters, .seed = 1, .pool = w->pool};

    for (size_t i = 0; i < l->n_parameters; i++)
        parameters[i] = l->parameters[i].preset;
    parameters[pt_learner_parameter(l, pt_sv_of(setting))] = value;
    parameters[pt_learner_parameter(l, pt_sv_of(other))] = second;
    return l->fit(model, &e, PT_TASK_CLASSIFY, &o, err);
}

static pt_rc accuracy(double *out, const work *w, const char *name, const void *model, pt_err *err)
{
    float *says = pt_alloc64((size_t)FRESH * 2, sizeof *says);
    pt_matrix x = {w->x + ROWS, FRESH, COLUMNS, ALL};

    if (!says)
        return pt_fail_nomem(err, "the benchmark");
    pt_rc rc = pt_learner_find(pt_sv_of(name))->predict(says, model, &x, w->pool, err);
    *out = 0;
    for (size_t r = 0; rc == PT_OK && r < FRESH; r++)
        *out += ((says[2 * r + 1] > 0.5F) == (w->y[ROWS + r] > 0.5F)) / (double)FRESH;
    free(says);
    return rc;
}

/* bytes: the accuracy on fresh rows. */
static pt_rc measure_tree(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    work w;
    double seconds[16];
    int runs = env->runs + 4 < 16 ? env->runs + 4 : 16;
    pt_rc rc = work_new(&w, err);

    (void)rows;
    for (int r = 0; rc == PT_OK && r < runs; r++) {
        void *model;
        double start = bench_now();
        rc = fit(&model, &w, "tree", "max_depth", DEPTH, "min_samples_leaf", 1, err);
        seconds[r] = bench_now() - start;
        if (rc == PT_OK) {
            rc = accuracy(&out->bytes, &w, "tree", model, err);
            pt_learner_find(PT_SV("tree"))->free(model);
        }
    }
    if (rc == PT_OK)
        out->seconds = bench_median(seconds, (size_t)runs);
    work_free(&w);
    return rc;
}

typedef struct forest_work {
    work w;
    void *model;
} forest_work;

static pt_rc score(void *ctx, float *out, pt_err *err)
{
    forest_work *f = ctx;

    return pt_learner_find(PT_SV("xgboost"))
        ->predict(out, f->model, &(pt_matrix){f->w.x, ROWS, COLUMNS, ALL}, f->w.pool, err);
}

static pt_rc explain(void *ctx, float *out, pt_err *err)
{
    forest_work *f = ctx;

    return pt_learner_find(PT_SV("xgboost"))
        ->contributions(out, f->model, &(pt_matrix){f->w.x, ROWS, COLUMNS, ALL}, f->w.pool, err);
}

static pt_rc measure_forest(bench_result *out, const bench_env *env, pt_rc (*what)(void *ctx, float *out, pt_err *err),
                            pt_err *err)
{
    forest_work f = {0};
    double seconds[16];
    float *result = pt_alloc64((size_t)ROWS * (COLUMNS + 1), sizeof *result);
    pt_rc rc = result ? work_new(&f.w, err) : pt_fail_nomem(err, "the benchmark");

    if (rc == PT_OK)
        rc = fit(&f.model, &f.w, "xgboost", "n_estimators", TREES, "max_depth", ROUNDS_DEPTH, err);
    for (int r = 0; rc == PT_OK && r < env->runs; r++) {
        double start = bench_now();
        rc = what(&f, result, err);
        seconds[r] = bench_now() - start;
    }
    if (rc == PT_OK)
        out->seconds = bench_median(seconds, (size_t)env->runs);
    pt_learner_find(PT_SV("xgboost"))->free(f.model);
    work_free(&f.w);
    free(result);
    return rc;
}

static pt_rc measure_score(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    (void)rows;
    return measure_forest(out, env, score, err);
}

static pt_rc measure_explain(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    (void)rows;
    return measure_forest(out, env, explain, err);
}

/* The peers' lines whose name begins with `what`. */
static size_t peers(bench_python_run *runs, size_t most, const bench_env *env, const char *what)
{
    char x[512], y[512], numbers[4][24];
    const size_t values[] = {ROWS, ALL, COLUMNS, DEPTH};
    work w = {0};
    pt_err err = {0};

    if (work_new(&w, &err) != PT_OK)
        exit(1);
    bench_raw(x, env, "trees_x.f32", w.x, (size_t)ALL * COLUMNS * sizeof(float));
    bench_raw(y, env, "trees_y.f32", w.y, ALL * sizeof(float));
    work_free(&w);
    for (size_t i = 0; i < 4; i++)
        snprintf(numbers[i], sizeof numbers[i], "%zu", values[i]);
    return bench_python(runs, most, env, "trees.py",
                        (const char *[]){what, x, y, numbers[0], numbers[1], numbers[2], numbers[3], NULL});
}

static void bench_one_tree(const bench_env *env, const char *name, const char *peer)
{
    bench_python_run runs[8];
    bench_result ours = bench_child(env, measure_tree, ROWS);
    size_t n = peers(runs, PT_COUNT(runs), env, name);
    const bench_python_run *best = bench_python_best(runs, n, peer);

    bench_line(name, ours.seconds * 1e3, "ms", best ? best->seconds / ours.seconds : 0, best ? best->name : "-");
    printf("# accuracy on fresh rows %.4f; %s %.4f\n", ours.bytes, peer,
           best ? bench_python_value(best, "accuracy") : 0);
}

void bench_tree(const bench_env *env)
{
    bench_one_tree(env, "tree", "scikit-learn");
}

void bench_tree_xgb(const bench_env *env)
{
    bench_one_tree(env, "tree_xgb", "xgboost");
}

void bench_forest(const bench_env *env)
{
    bench_python_run runs[8];
    bench_result scored = bench_child(env, measure_score, ROWS), explained = bench_child(env, measure_explain, ROWS);
    size_t n = peers(runs, PT_COUNT(runs), env, "forest");
    const bench_python_run *score_peer = bench_python_best(runs, n, "xgboost_score"),
                           *explain_peer = bench_python_best(runs, n, "xgboost_explain");

    bench_line("forest_score", scored.seconds * 1e3, "ms", score_peer ? score_peer->seconds / scored.seconds : 0,
               "xgboost");
    bench_line("forest_explain", explained.seconds * 1e3, "ms",
               explain_peer ? explain_peer->seconds / explained.seconds : 0, "xgboost");
}
