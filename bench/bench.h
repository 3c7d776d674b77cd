/* The benchmark program: `bench [NAME...]` prints `bench NAME VALUE UNIT RATIO PEER` lines and keeps them in
 * build/bench.txt. RATIO says how many times better than PEER we are; "-" where there is none. Each measurement, ours and
 * the peers', runs in a process of its own, so peak memory is its own. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "base/pool.h"
#include "eval/eval.h"
#include "store/store.h"
#include "timeline/timeline.h"

enum { BENCH_TAGS = 40 };

typedef struct bench_tag {
    const char *name, *value;
} bench_tag;

extern const bench_tag bench_tags[BENCH_TAGS];

/* Where everything is: build/bench holds data and scratch files; peers are beside the program. */
typedef struct bench_env {
    const char *build;   /* build folder: programs */
    const char *dir;     /* build/bench: data */
    const char *scripts; /* bench/peers in the source tree */
    int runs;            /* repetitions; the median is reported */
} bench_env;

typedef struct bench_result {
    double seconds; /* median */
    double peak_mb; /* of the process */
    double bytes;   /* of what was read or written, where it matters */
} bench_result;

/* One measured piece of work, run in a child process. `rows` is the size of the data set. */
typedef pt_rc (*bench_work)(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err);

double bench_now(void); /* seconds, monotonic */
/* Runs `work` in a child; prints its error and exits the program when it fails. */
bench_result bench_child(const bench_env *env, bench_work work, uint64_t rows);
/* Runs a peer's script on the data; the fastest of its timed blocks whose name begins with `prefix` is returned, seconds 0
 * when the peer is not installed or failed (said on standard error). */
bench_result bench_peer(const bench_env *env, const char *program, const char *script, const char *prefix,
                        uint64_t rows);
/* The data set of `rows` events, made once: events_<rows>.duckdb, .csv and .parquet in env->dir. */
void bench_data(const bench_env *env, uint64_t rows);
void bench_line(const char *name, double value, const char *unit, double ratio, const char *peer);
double bench_median(double *values, size_t n); /* sorts */

/* A project of one source "events" and the 40 tags, checked. Freed with its arena. */
typedef struct bench_model {
    pt_catalog catalog;
    pt_module *module;
    uint32_t tags[BENCH_TAGS];
} bench_model;
pt_rc bench_model_new(bench_model **out, pt_arena *arena, pt_err *err);
#define BENCH_AS_OF (INT64_C(1767225600) * PT_SECOND) /* 2026-01-01T00:00:00Z */

/* The data set of cleaning and quality, made once: clean_<rows>.duckdb in env->dir. Returns its rows. */
uint64_t bench_clean_data(const bench_env *env);

/* The timeline of the data set, made when absent. */
pt_rc bench_timeline(pt_timeline **out, const bench_env *env, uint64_t rows, pt_err *err);

/* Writes project files for the data set of `rows` events under `dir`, a folder of env->dir. */
pt_rc bench_project(const char *dir, uint64_t rows, pt_err *err);
/* Likewise for one source of twelve columns (peers/clean_data.sql), with the lines of its `clean:`, or "". */
pt_rc bench_wide_project(const char *dir, const char *clean, pt_err *err);

/* Opens the store at `path`, does `work` over a connection to it, closes it. */
pt_rc bench_store(const char *path, pt_rc (*work)(void *ctx, pt_conn *c, pt_err *err), void *ctx, pt_err *err);

/* The figures. */
void bench_eval(const bench_env *env);
void bench_reeval_one(const bench_env *env);
void bench_ingest(const bench_env *env);
void bench_clean(const bench_env *env);
void bench_quality(const bench_env *env);
void bench_convert(const bench_env *env);
void bench_timeline_build(const bench_env *env);
void bench_show(const bench_env *env);
void bench_identity(const bench_env *env);
void bench_undo_merge(const bench_env *env);
void bench_growth(const bench_env *env);
void bench_count_category(const bench_env *env);
void bench_count_numeric(const bench_env *env);
void bench_insight_1000(const bench_env *env);
void bench_insight_2000(const bench_env *env);
void bench_fim(const bench_env *env);
void bench_als(const bench_env *env);
void bench_funnel(const bench_env *env);
void bench_index_open_all(const bench_env *env);
void bench_index_growth(const bench_env *env);
void bench_index_build_all(const bench_env *env);
void bench_build_retail(const bench_env *env);
void bench_kmeans_8(const bench_env *env);
void bench_kmeans_16(const bench_env *env);
void bench_kmeans_rfm(const bench_env *env);
void bench_dbscan(const bench_env *env);
void bench_tree(const bench_env *env);
void bench_tree_xgb(const bench_env *env);
void bench_forest(const bench_env *env);
void bench_svm_rbf(const bench_env *env);
void bench_svm_linear(const bench_env *env);
void bench_logistic(const bench_env *env);
void bench_clv_fit(const bench_env *env);
void bench_churn_template(const bench_env *env);
void bench_gru_epoch(const bench_env *env);
void bench_lstm_epoch(const bench_env *env);
void bench_cnn_epoch(const bench_env *env);
void bench_gru_latency(const bench_env *env);
void bench_layers(const bench_env *env);
void bench_f1_fake1000(const bench_env *env);
void bench_f1_febrl1(const bench_env *env);
void bench_f1_febrl3(const bench_env *env);
void bench_f1_febrl4(const bench_env *env);
void bench_f1_cn_er_dev(const bench_env *env);
void bench_link_1m(const bench_env *env);
void bench_link_score_1m(const bench_env *env);
void bench_link_online(const bench_env *env);

#endif
