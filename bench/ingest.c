/* ingest: the events as CSV into the raw store, through the same call that `portrait build` makes. */
#include "bench.h"

#include <stdio.h>

#include "base/io.h"
#include "project/project.h"
#include "source/source.h"

static pt_rc read_once(double *seconds, const pt_project *project, const char *dir, pt_err *err)
{
    char path[700];
    pt_store *store = NULL;
    pt_conn *conn = NULL;
    pt_read_stats stats = {0};

    snprintf(path, sizeof path, "%s/data", dir);
    pt_remove_tree(path, NULL);
    PT_TRY(pt_mkdirs(path, err));
    snprintf(path, sizeof path, "%s/data/store.duckdb", dir);
    pt_store_options options = {.path = path};
    double start = bench_now();
    PT_TRY(pt_store_open(&store, &options, err));
    pt_rc rc = pt_conn_open(&conn, store, err);
    if (rc == PT_OK)
        rc = pt_source_prepare(conn, err);
    if (rc == PT_OK)
        rc = pt_source_read(&stats, project, 0, conn, dir, err);
    *seconds = bench_now() - start;
    if (rc == PT_OK && stats.rows_read == 0)
        rc = pt_fail(err, PT_EINTERNAL, "no rows were read");
    pt_conn_close(conn);
    pt_store_close(store);
    return rc;
}

static pt_rc measure_ingest(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_project *project = NULL;
    pt_diags diags;
    double seconds[16];
    char dir[600];

    if (!arena)
        return pt_fail_nomem(err, "the benchmark");
    snprintf(dir, sizeof dir, "%s/ingest", env->dir);
    pt_diags_init(&diags, arena);
    pt_rc rc = bench_project(dir, rows, err);
    if (rc == PT_OK)
        rc = pt_project_load(&project, dir, &diags, arena, err);
    if (rc == PT_OK)
        rc = pt_diags_result(&diags, err);
    for (int i = 0; rc == PT_OK && i < env->runs; i++)
        rc = read_once(&seconds[i], project, dir, err);
    if (rc == PT_OK)
        out->seconds = bench_median(seconds, (size_t)env->runs);
    pt_diags_free(&diags);
    pt_arena_free(arena);
    return rc;
}

void bench_ingest(const bench_env *env)
{
    const uint64_t rows = 10000000;

    bench_data(env, rows);
    bench_result ours = bench_child(env, measure_ingest, rows);
    bench_result peer = bench_peer(env, "peer_duckdb", "ingest_duckdb.sql", "ingest/", rows);
    bench_line("ingest", ours.seconds, "s", peer.seconds / ours.seconds, "duckdb");
}
