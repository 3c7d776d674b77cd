/* churn_template: `portrait train` of a churn model over 60 tags of 1 M customers, from the timelines to the stored model and its card:
 * features and outcomes as of two past days, preparation, logistic regression and boosting compared by five folds, the better one
 * fitted and measured on the later day. The peer gets the same table and does the modelling alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/train.h"
#include "app/training.h"
#include "base/io.h"
#include "peers/python.h"

enum { EVENTS = 20000000 }; /* of 1 M customers */

static const char model_yaml[] = "churn:\n"
                                 "  task: classify\n"
                                 "  target: did_not(events where type = 'buy' within next 90d)\n"
                                 "  train: 2025-06-01\n"
                                 "  test: 2025-09-01\n"
                                 "  algorithm: [logistic, xgboost]\n"
                                 "  validation: {folds: 5}\n"
                                 "  tags: {churn_probability: probability, churn_risk: decision}\n";

/* Each within 30, 90, 180 and 360 days. */
static const char *const windowed[][2] = {
    {"buys", "count(events where type = 'buy' within %dd)"},
    {"spend", "sum(events.amount where type = 'buy' within %dd)"},
    {"largest", "max(events.amount where type = 'buy' within %dd)"},
    {"mean", "avg(events.amount where type = 'buy' within %dd)"},
    {"views", "count(events where type = 'view' within %dd)"},
    {"app_buys", "count(events where type = 'buy' and channel = 'app' within %dd)"},
    {"web_spend", "sum(events.amount where type = 'buy' and channel = 'web' within %dd)"},
    {"store_visits", "count(events where channel = 'store' within %dd)"},
    {"items", "distinct(events.item within %dd)"},
    {"days", "days(events within %dd)"},
    {"web_views", "count(events where type = 'view' and channel = 'web' within %dd)"},
    {"channels", "distinct(events.channel within %dd)"},
};
static const char *const single[][2] = {
    {"since_buy", "days_since(last(events.time where type = 'buy'))"},
    {"since_event", "days_since(last(events.time))"},
    {"age", "days_since(first(events.time))"},
    {"last_channel", "last(events.channel)"},
    {"top_channel", "mode(events.channel)"},
    {"last_spend", "last(events.amount where type = 'buy')"},
    {"buys", "count(events where type = 'buy')"},
    {"views", "count(events where type = 'view')"},
    {"spend", "sum(events.amount where type = 'buy')"},
    {"items", "distinct(events.item)"},
    {"buys_recent", "buys_30d / buys_90d"},
    {"median_spend", "median(events.amount where type = 'buy' within 360d)"},
};

static void add_tags(pt_str *out)
{
    static const int days[] = {30, 90, 180, 360};

    for (size_t i = 0; i < PT_COUNT(windowed); i++)
        for (size_t d = 0; d < PT_COUNT(days); d++) {
            const char *hole = strstr(windowed[i][1], "%d");
            pt_str_addf(out, "%s_%dd: {value: \"%.*s%d%s\"}\n", windowed[i][0], days[d], (int)(hole - windowed[i][1]),
                        windowed[i][1], days[d], hole + 2);
        }
    for (size_t i = 0; i < PT_COUNT(single); i++)
        pt_str_addf(out, "%s: {value: \"%s\"}\n", single[i][0], single[i][1]);
}

static pt_rc write_project(const char *dir, pt_arena *arena, pt_err *err)
{
    const char *models = pt_path_join(arena, dir, "models"), *file = pt_path_join(arena, dir, "models/churn.yaml");
    const char *tags = pt_path_join(arena, dir, "tags/all.yaml");
    pt_str text = {0};

    if (!models || !file || !tags)
        return pt_fail_nomem(err, "the benchmark");
    PT_TRY(bench_project(dir, EVENTS, err));
    PT_TRY(pt_mkdirs(models, err));
    PT_TRY(pt_write_file(file, model_yaml, strlen(model_yaml), err));
    add_tags(&text);
    pt_rc rc = pt_str_check(&text, err);
    if (rc == PT_OK)
        rc = pt_write_file(tags, text.ptr, text.len, err);
    pt_str_free(&text);
    return rc;
}

/* The project, built once; it stays for the next run. */
static pt_rc build_once(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    const char *dir = arena ? pt_path_join(arena, env->dir, "churn") : NULL;
    const char *built = dir ? pt_path_join(arena, dir, "portrait-data/CURRENT") : NULL;
    pt_build_options options = {0};
    pt_build_result result;
    pt_app *app = NULL;
    pt_rc rc = built ? write_project(dir, arena, err) : pt_fail_nomem(err, "the benchmark");

    (void)out;
    (void)rows;
    if (rc == PT_OK && access(built, R_OK) != 0) {
        rc = pt_app_open(&app, dir, err);
        if (rc == PT_OK)
            rc = pt_app_build(&result, app, &options, arena, err);
        pt_app_close(app);
    }
    pt_arena_free(arena);
    return rc;
}

static pt_rc train(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    const char *dir = arena ? pt_path_join(arena, env->dir, "churn") : NULL;
    pt_train_options options = {.model = "churn", .approve = true};
    pt_trained_models models;
    pt_app *app = NULL;

    (void)rows;
    pt_rc rc = dir ? pt_app_open(&app, dir, err) : pt_fail_nomem(err, "the benchmark");
    double start = bench_now();
    if (rc == PT_OK)
        rc = pt_app_train(&models, app, &options, arena, err);
    out->seconds = bench_now() - start;
    for (size_t i = 0; rc == PT_OK && i < models.items[0].card.n_measures; i++) {
        const pt_card_measure *m = &models.items[0].card.measures[i];
        if (!m->of && strcmp(m->name, "auc") == 0)
            printf("# portrait: %s, AUC %.4f (%s)\n", models.items[0].version.algorithm, m->value, m->part);
    }
    fflush(stdout);
    pt_app_close(app);
    pt_arena_free(arena);
    return rc;
}

/* --- what the peer gets ------------------------------------------------------------------------------------------------------- */

static void put_float(pt_str *out, float v)
{
    pt_str_addn(out, (const char *)&v, sizeof v);
}

/* Rows of the table, column by column; categories as numbers; the target last. */
static pt_rc export_day(const bench_env *env, const char *name, const pt_learn_request *r, int64_t day,
                        const pt_training_features *features, pt_err *err)
{
    char path[512];
    pt_str bytes = {0};
    pt_table t;

    PT_TRY(pt_training_table(&t, r, &day, 1, features, r->arena, err));
    for (size_t c = 0; c < t.n_features; c++)
        for (size_t i = 0; i < t.rows; i++)
            put_float(&bytes,
                      t.features[c].numbers ? t.features[c].numbers[i] : (float)(int32_t)t.features[c].codes[i]);
    for (size_t i = 0; i < t.rows; i++)
        put_float(&bytes, t.target[i]);
    pt_rc rc = pt_str_check(&bytes, err);
    if (rc == PT_OK)
        bench_raw(path, env, name, bytes.ptr, bytes.len);
    printf("# %s: %zu customers, %zu features\n", name, t.rows, t.n_features);
    fflush(stdout);
    pt_str_free(&bytes);
    return rc;
}

static pt_rc export_tables(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    const char *dir = arena ? pt_path_join(arena, env->dir, "churn") : NULL;
    pt_training_features features;
    pt_pool *pool = NULL;
    pt_app *app = NULL;
    pt_view *view;

    (void)out;
    (void)rows;
    pt_rc rc = dir ? pt_app_open(&app, dir, err) : pt_fail_nomem(err, "the benchmark");
    if (rc == PT_OK)
        rc = pt_pool_new(&pool, 0, err);
    if (rc == PT_OK)
        rc = pt_app_view(&view, app, err);
    if (rc == PT_OK)
        rc = pt_view_timelines(view, err);
    if (rc == PT_OK) {
        const pt_model_def *def = &pt_app_project(app)->models[0];
        pt_learn_request r = {.view = view, .def = def, .data_end = view->as_of, .pool = pool, .arena = arena};
        rc = pt_training_choose(&features, view->project, def, arena, err);
        if (rc == PT_OK)
            rc = export_day(env, "churn_train.f32", &r, def->train[0], &features, err);
        if (rc == PT_OK)
            rc = export_day(env, "churn_test.f32", &r, def->test, &features, err);
    }
    pt_pool_free(pool);
    pt_app_close(app);
    pt_arena_free(arena);
    return rc;
}

void bench_churn_template(const bench_env *env)
{
    bench_python_run runs[2];
    char train_path[512], test_path[512];

    bench_data(env, EVENTS);
    bench_child(env, build_once, EVENTS);
    bench_result ours = bench_child(env, train, EVENTS);
    bench_child(env, export_tables, EVENTS);
    snprintf(train_path, sizeof train_path, "%s/churn_train.f32", env->dir);
    snprintf(test_path, sizeof test_path, "%s/churn_test.f32", env->dir);
    size_t n = bench_python(runs, PT_COUNT(runs), env, "churn.py", (const char *[]){train_path, test_path, "60", NULL});
    const bench_python_run *best = bench_python_best(runs, n, "");
    bench_line("churn_template", ours.seconds, "s", best ? best->seconds / ours.seconds : 0, best ? best->name : "-");
    bench_line("churn_template_memory", ours.peak_mb, "MB", 0, "-");
}
