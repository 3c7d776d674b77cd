/* funnel: three steps within seven days over the events of all customers, from an open generation. */
#include "bench.h"

#include <stdio.h>

#include "app/journeys.h"

enum { RUNS = 7 };

static pt_rc ask(pt_app *app, double *seconds, pt_err *err)
{
    const pt_sv steps[] = {pt_sv_of("events where type = 'view'"), pt_sv_of("events where type = 'cart'"),
                           pt_sv_of("events where type = 'buy'")};
    pt_funnel_question question = {
        .steps = steps, .n_steps = 3, .within = 7 * PT_DAY, .from = PT_I32_MISSING, .to = PT_I32_MISSING};
    pt_journey_options options = {0};
    pt_arena *arena = pt_arena_new(0);
    pt_funnel funnel;
    pt_diags diags;

    if (!arena)
        return pt_fail_nomem(err, "the benchmark");
    pt_diags_init(&diags, arena);
    double start = bench_now();
    pt_rc rc = pt_app_funnel(&funnel, app, &question, &options, &diags, arena, err);
    *seconds = bench_now() - start;
    for (size_t i = 0; rc == PT_OK && i < funnel.n_steps; i++)
        fprintf(stderr, "%s%llu%s", i ? " > " : "funnel: ", (unsigned long long)funnel.steps[i].customers,
                i + 1 == funnel.n_steps ? "\n" : "");
    pt_diags_free(&diags);
    pt_arena_free(arena);
    return rc;
}

static pt_rc measure_funnel(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_build_options options = {0};
    pt_build_result built;
    pt_app *app = NULL;
    double seconds[RUNS];
    char dir[600];

    if (!arena)
        return pt_fail_nomem(err, "the benchmark");
    snprintf(dir, sizeof dir, "%s/journeys", env->dir);
    pt_rc rc = bench_project(dir, rows, err);
    if (rc == PT_OK)
        rc = pt_app_open(&app, dir, err);
    if (rc == PT_OK)
        rc = pt_app_build(&built, app, &options, arena, err);
    for (int i = 0; rc == PT_OK && i < RUNS; i++)
        rc = ask(app, &seconds[i], err);
    if (rc == PT_OK)
        out->seconds = bench_median(seconds, RUNS);
    pt_arena_free(arena);
    pt_app_close(app);
    return rc;
}

void bench_funnel(const bench_env *env)
{
    const uint64_t rows = 10000000;

    bench_data(env, rows);
    bench_result ours = bench_child(env, measure_funnel, rows);
    bench_result duckdb = bench_peer(env, "peer_duckdb", "funnel_duckdb.sql", "funnel/", rows);
    bench_result chdb = bench_peer(env, "peer_chdb", "funnel_chdb.sql", "funnel/", rows);
    bool duckdb_wins = chdb.seconds == 0 || (duckdb.seconds > 0 && duckdb.seconds < chdb.seconds);
    bench_result peer = duckdb_wins ? duckdb : chdb;

    bench_line("funnel", ours.seconds, "s", peer.seconds / ours.seconds, duckdb_wins ? "duckdb" : "clickhouse");
}
