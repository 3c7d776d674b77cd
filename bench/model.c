#include "bench.h"

#include <stdio.h>
#include <unistd.h>

#include "store/store.h"

static const pt_lang_column columns[] = {
    {"type", PT_TYPE_CATEGORY},
    {"channel", PT_TYPE_CATEGORY},
    {"item", PT_TYPE_TEXT},
    {"amount", PT_TYPE_MONEY},
};
static const pt_timeline_column stored[] = {
    {"type", PT_TYPE_CATEGORY},
    {"channel", PT_TYPE_CATEGORY},
    {"item", PT_TYPE_TEXT},
    {"amount", PT_TYPE_MONEY},
};
static const pt_lang_source source = {"events", PT_SOURCE_EVENT, columns, PT_COUNT(columns)};
static const pt_timeline_schema schema = {"events", stored, PT_COUNT(stored)};

pt_rc bench_model_new(bench_model **out, pt_arena *arena, pt_err *err)
{
    bench_model *m = PT_NEW(arena, bench_model);
    pt_lang_tag *tags = PT_NEW_ARRAY(arena, pt_lang_tag, BENCH_TAGS);
    pt_diags diags;

    if (!m || !tags)
        return pt_fail_nomem(err, "the model");
    for (uint32_t i = 0; i < BENCH_TAGS; i++) {
        pt_sv value = pt_sv_of(bench_tags[i].value);
        pt_place place = {.file = bench_tags[i].name, .text = value, .line = 1, .col = 1, .length = 1};
        tags[i] = (pt_lang_tag){.name = bench_tags[i].name, .value = value, .place = place};
        m->tags[i] = i;
    }
    m->catalog = (pt_catalog){.sources = &source, .n_sources = 1, .tags = tags, .n_tags = BENCH_TAGS};
    pt_diags_init(&diags, arena);
    pt_rc rc = pt_lang_check(&m->module, &m->catalog, &diags, arena, err);
    if (rc == PT_OK)
        rc = pt_diags_result(&diags, err);
    pt_diags_free(&diags);
    *out = m;
    return rc;
}

/* --- table to timeline -------------------------------------------------------------------------------------------- */

typedef struct build {
    pt_store *store;
    pt_timeline_builder *builder;
    uint64_t rows, part_rows;
} build;

/* One part of the table, by row number, through a connection of its own. */
static pt_rc add_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    build *b = arg;
    pt_conn *conn = NULL;
    pt_cursor *cursor = NULL;
    const pt_rows *rows;
    pt_sql q = {0};

    pt_rc rc = pt_conn_open(&conn, b->store, err);
    pt_sql_kw(&q,
              "SELECT customer, time, CAST(rowid AS UBIGINT), type, channel, item, amount FROM events WHERE rowid >=");
    pt_sql_bind_int(&q, (int64_t)(part * b->part_rows));
    pt_sql_kw(&q, "AND rowid <");
    pt_sql_bind_int(&q, (int64_t)((part + 1) * b->part_rows));
    if (rc == PT_OK)
        rc = pt_query(&cursor, conn, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = pt_timeline_builder_add(b->builder, worker, rows, err);
    pt_cursor_close(cursor);
    pt_conn_close(conn);
    pt_sql_free(&q);
    return rc;
}

static pt_rc build_from_table(const char *path, pt_store *store, pt_pool *pool, uint64_t rows, pt_err *err)
{
    pt_timeline_options options = {
        .ordinals = (uint32_t)(rows / 20) + 1, .memory = (size_t)4 << 30, .workers = pt_pool_threads(pool)};
    build b = {.store = store, .rows = rows, .part_rows = UINT64_C(122880) * 16}; /* whole row groups */

    PT_TRY(pt_timeline_builder_new(&b.builder, path, &schema, &options, err));
    pt_rc rc = pt_pool_run(pool, (size_t)((rows + b.part_rows - 1) / b.part_rows), add_part, &b, err);
    if (rc != PT_OK) {
        pt_timeline_builder_abort(b.builder);
        return rc;
    }
    return pt_timeline_builder_finish(b.builder, pool, err);
}

/* Builds the timeline `runs` times; out->seconds is the median, bytes the size of the file. */
static pt_rc build_timeline(bench_result *out, const bench_env *env, uint64_t rows, int runs, pt_err *err)
{
    char db[512], path[512];
    double seconds[16];
    pt_store *store = NULL;
    pt_pool *pool = NULL;
    pt_timeline *t = NULL;

    snprintf(db, sizeof db, "%s/events_%llu.duckdb", env->dir, (unsigned long long)rows);
    snprintf(path, sizeof path, "%s/events_%llu.timeline", env->dir, (unsigned long long)rows);
    /* Each of our threads has a connection and pulls from it; one engine thread each is what they need. */
    pt_store_options options = {.path = db, .read_only = true};
    PT_TRY(pt_store_open(&store, &options, err));
    pt_rc rc = pt_pool_new(&pool, 0, err);
    for (int r = 0; rc == PT_OK && r < runs; r++) {
        double start = bench_now();
        rc = build_from_table(path, store, pool, rows, err);
        seconds[r] = bench_now() - start;
    }
    if (rc == PT_OK)
        rc = pt_timeline_open(&t, path, err);
    if (rc == PT_OK) {
        out->seconds = bench_median(seconds, (size_t)runs);
        out->bytes = (double)pt_timeline_bytes(t);
    }
    pt_timeline_close(t);
    pt_pool_free(pool);
    pt_store_close(store);
    return rc;
}

static pt_rc build_once(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    return build_timeline(out, env, rows, 1, err);
}

static pt_rc build_runs(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    return build_timeline(out, env, rows, env->runs, err);
}

pt_rc bench_timeline(pt_timeline **out, const bench_env *env, uint64_t rows, pt_err *err)
{
    char path[512];

    snprintf(path, sizeof path, "%s/events_%llu.timeline", env->dir, (unsigned long long)rows);
    if (access(path, R_OK) != 0)
        bench_child(env, build_once, rows);
    return pt_timeline_open(out, path, err);
}

void bench_timeline_build(const bench_env *env)
{
    const uint64_t rows = 20000000;

    bench_data(env, rows);
    bench_result ours = bench_child(env, build_runs, rows);
    bench_result peer = bench_peer(env, "peer_duckdb", "timeline_duckdb.sql", "timeline/", rows);
    bench_line("timeline", ours.seconds, "s", peer.seconds / ours.seconds, "duckdb");
    bench_line("timeline_memory", ours.peak_mb, "MB", peer.peak_mb / ours.peak_mb, "duckdb");
}
