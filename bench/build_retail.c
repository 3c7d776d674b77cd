/* build_retail: the whole main job on real data (examples/retail over The Complete Journey), and the same when nothing
 * has changed. The peer's script is put together from the queries of tests/retail, which tests hold to our tags value
 * by value: it reads the same Parquet files and ends with a table for each of them. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/app.h"
#include "base/io.h"

static const char *data_dir(pt_arena *arena)
{
    const char *deps = getenv("DEPS");

    return pt_path_join(arena, deps && *deps ? deps : ".deps", "data/completejourney");
}

static pt_rc build_once(double *seconds, const char *dir, pt_arena *arena, pt_err *err)
{
    pt_app *app = NULL;
    pt_build_options options = {0};
    pt_build_result result;
    double start = bench_now();
    pt_rc rc = pt_app_open(&app, dir, err);

    if (rc == PT_OK)
        rc = pt_app_build(&result, app, &options, arena, err);
    pt_app_close(app);
    *seconds = bench_now() - start;
    return rc;
}

static pt_rc fresh_project(const char *dir, pt_arena *arena, pt_err *err)
{
    char data[4096];
    const char *link = pt_path_join(arena, dir, "data");

    if (!link || !realpath(data_dir(arena), data))
        return pt_fail(err, PT_ENOTFOUND, "the demo's data is not here: deps/install demo fetches it");
    PT_TRY(pt_remove_tree(dir, err));
    PT_TRY(pt_project_init(dir, "retail", err));
    return symlink(data, link) == 0 ? PT_OK : pt_fail(err, PT_EIO, "cannot link the demo's data");
}

/* The median of whole builds in `seconds`; that of unchanged ones in `bytes`. */
static pt_rc measure(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    const char *dir = arena ? pt_path_join(arena, env->dir, "retail") : NULL;
    double first[16], again[16];
    pt_rc rc = dir ? PT_OK : pt_fail_nomem(err, "the benchmark");

    (void)rows;
    for (int i = 0; rc == PT_OK && i < env->runs; i++) {
        rc = fresh_project(dir, arena, err);
        if (rc == PT_OK)
            rc = build_once(&first[i], dir, arena, err);
        if (rc == PT_OK)
            rc = build_once(&again[i], dir, arena, err);
    }
    if (rc == PT_OK) {
        out->seconds = bench_median(first, (size_t)env->runs);
        out->bytes = bench_median(again, (size_t)env->runs);
    }
    pt_arena_free(arena);
    return rc;
}

/* --- the peer ----------------------------------------------------------------------------------------------------- */

/* One timed block: the files' tables, then a table a query, all in the database `into`. */
static pt_rc add_block(pt_str *out, const char *into, const char *queries, pt_arena *arena, pt_err *err)
{
    const char *const *paths;
    size_t n;
    pt_sv text;

    pt_str_addf(out, "-- @before build/%s\nDROP SCHEMA IF EXISTS %s.retail CASCADE;\nCREATE SCHEMA %s.retail;\n", into,
                into, into);
    pt_str_addf(out, "USE %s.retail;\n-- @time build/%s\n", into, into);
    PT_TRY(pt_read_file(&text, pt_path_join(arena, queries, "tables.sql"), 0, arena, err));
    pt_str_addsv(out, text);
    PT_TRY(pt_glob(&paths, &n, pt_path_join(arena, queries, "*.sql"), arena, err));
    for (size_t i = 0; i < n; i++) {
        if (pt_sv_eq(pt_path_base(paths[i]), pt_sv_of("tables.sql")))
            continue;
        PT_TRY(pt_read_file(&text, paths[i], 0, arena, err));
        pt_str_addf(out, "CREATE TABLE tags_%zu AS\n", i);
        pt_str_addsv(out, text);
        pt_str_add(out, ";\n");
    }
    return PT_OK;
}

static pt_rc write_script(const bench_env *env, pt_arena *arena, pt_err *err)
{
    const char *queries = pt_path_join(arena, env->scripts, "../../tests/retail");
    const char *path = pt_path_join(arena, env->dir, "build_retail_duckdb.sql");
    pt_str script = {0};

    if (!queries || !path)
        return pt_fail_nomem(err, "the benchmark");
    pt_str_addf(&script,
                "-- @setup\nSET file_search_path = '%s';\nATTACH ':memory:' AS memory_tables;\n"
                "ATTACH '%s/retail_peer.tmp.duckdb' AS disk_tables;\n",
                data_dir(arena), env->dir);
    pt_rc rc = add_block(&script, "memory_tables", queries, arena, err);
    if (rc == PT_OK)
        rc = add_block(&script, "disk_tables", queries, arena, err);
    if (rc == PT_OK)
        rc = pt_str_check(&script, err);
    if (rc == PT_OK)
        rc = pt_write_file(path, script.ptr, script.len, err);
    pt_str_free(&script);
    return rc;
}

static bench_result run_peer(const bench_env *env)
{
    bench_env here = *env;
    bench_result none = {0};
    pt_arena *arena = pt_arena_new(0);
    pt_err err = {0};
    bool written = arena && write_script(env, arena, &err) == PT_OK;

    if (!written)
        fprintf(stderr, "bench: %s\n", err.msg);
    pt_arena_free(arena);
    here.scripts = env->dir;
    return written ? bench_peer(&here, "peer_duckdb", "build_retail_duckdb.sql", "build/", 0) : none;
}

void bench_build_retail(const bench_env *env)
{
    bench_result ours = bench_child(env, measure, 0), peer = run_peer(env);

    bench_line("build_retail", ours.seconds, "s", peer.seconds / ours.seconds, "duckdb");
    bench_line("build_retail_unchanged", ours.bytes, "s", peer.seconds / ours.bytes, "duckdb");
}
