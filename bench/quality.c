/* quality: the measures of every column of rows of 12 columns (those of the benchmark of cleaning), through the call that
 * `portrait build` makes. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "clean/clean.h"
#include "quality/quality.h"
#include "source/source.h"

typedef struct profile_run {
    const pt_project *project;
    pt_arena *arena;
    double seconds;
} profile_run;

static pt_rc profile(void *ctx, pt_conn *c, pt_err *err)
{
    profile_run *r = ctx;
    pt_quality_context x = {
        .project = r->project, .conn = c, .as_of = BENCH_AS_OF, .now = BENCH_AS_OF, .arena = r->arena};
    pt_quality_source s;

    PT_TRY(pt_source_prepare(c, err));
    PT_TRY(pt_clean_prepare(c, err));
    PT_TRY(pt_clean_source(r->project, 0, BENCH_AS_OF, c, err));
    PT_TRY(pt_quality_prepare(c, err));
    double start = bench_now();
    PT_TRY(pt_quality_profile(&s, &x, 0, err));
    r->seconds = bench_now() - start;
    return s.rows ? PT_OK : pt_fail(err, PT_EINTERNAL, "there were no rows");
}

static pt_rc measure_quality(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_project *project = NULL;
    pt_diags diags;
    double seconds[16];
    char dir[600], path[700];

    if (!arena)
        return pt_fail_nomem(err, "the benchmark");
    snprintf(dir, sizeof dir, "%s/quality", env->dir);
    snprintf(path, sizeof path, "%s/clean_%llu.duckdb", env->dir, (unsigned long long)rows);
    pt_diags_init(&diags, arena);
    pt_rc rc = bench_wide_project(dir, "", err);
    if (rc == PT_OK)
        rc = pt_project_load(&project, dir, &diags, arena, err);
    if (rc == PT_OK)
        rc = pt_diags_result(&diags, err);
    for (int i = 0; rc == PT_OK && i < env->runs; i++) {
        profile_run run = {.project = project, .arena = arena};
        rc = bench_store(path, profile, &run, err);
        seconds[i] = run.seconds;
    }
    if (rc == PT_OK)
        out->seconds = bench_median(seconds, (size_t)env->runs);
    pt_diags_free(&diags);
    pt_arena_free(arena);
    return rc;
}

void bench_quality(const bench_env *env)
{
    uint64_t rows = bench_clean_data(env);
    bench_result ours = bench_child(env, measure_quality, rows);
    bench_result peer = bench_peer(env, "peer_duckdb", "quality_duckdb.sql", "quality/", rows);

    bench_line("quality", ours.seconds, "s", peer.seconds / ours.seconds, "duckdb");
}
