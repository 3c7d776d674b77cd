/* eval: all tags of all customers, from an open timeline to a finished tag file, as `portrait build` does it. The peers leave
 * their result in memory, and so does this; eval_synced writes the file and waits until it is safely on disk. */
#include "bench.h"

#include <stdio.h>
#include <sys/mman.h>

#include "base/io.h"
#include "index/tagset.h"

enum { RANGE = 16384 }; /* customers a task */

typedef struct run {
    const pt_program *program;
    pt_timeline *timeline;
    pt_tagset_builder *tags;
    pt_eval **evals; /* by worker */
    const uint64_t *identities;
    uint32_t ordinals;
    bool synced;
} run;

static pt_batch batch_of(const run *r, pt_events *events)
{
    *events = (pt_events){.offsets = pt_timeline_offsets(r->timeline),
                          .time = pt_timeline_times(r->timeline),
                          .columns = pt_timeline_columns(r->timeline)};
    return (pt_batch){.n_customers = r->ordinals, .sources = events, .identities = r->identities};
}

static pt_rc eval_block(run *r, unsigned worker, const pt_batch *all, size_t first, size_t n, pt_err *err)
{
    pt_events part;
    pt_batch slice = pt_batch_slice(all, first, n, &part, 1);

    PT_TRY(pt_eval_run(r->evals[worker], &slice, err));
    for (size_t tag = 0; tag < BENCH_TAGS; tag++)
        PT_TRY(
            pt_tagset_builder_put(r->tags, worker, tag, (uint32_t)first, n, pt_eval_tag(r->evals[worker], tag), err));
    return PT_OK;
}

static pt_rc eval_range(void *arg, size_t index, unsigned worker, pt_err *err)
{
    run *r = arg;
    pt_events events;
    pt_batch all = batch_of(r, &events);
    size_t first = index * RANGE, end = first + RANGE < r->ordinals ? first + RANGE : r->ordinals;

    PT_TRY(pt_timeline_check(r->timeline, (uint32_t)first, (uint32_t)(end - first), err));
    while (first < end) {
        size_t n = pt_eval_block(r->program, &all, first);
        if (n > end - first)
            n = end - first;
        PT_TRY(eval_block(r, worker, &all, first, n, err));
        first += n;
    }
    pt_timeline_release(r->timeline, (uint32_t)(index * RANGE), (uint32_t)(end - index * RANGE));
    return PT_OK;
}

/* A file in memory: address space for the largest, filled as it grows. */
typedef struct memory_file {
    unsigned char *bytes;
    size_t n;
} memory_file;

enum { MEMORY_FILE = 1 << 30 };

static pt_rc append_memory(void *ctx, const void *bytes, size_t n, pt_err *err)
{
    memory_file *f = ctx;

    if (n > MEMORY_FILE - f->n)
        return pt_fail(err, PT_EIO, "the tags are larger than expected");
    memcpy(f->bytes + f->n, bytes, n);
    f->n += n;
    return PT_OK;
}

static pt_rc patch_memory(void *ctx, uint64_t offset, const void *bytes, size_t n, pt_err *err)
{
    (void)err;
    memcpy(((memory_file *)ctx)->bytes + offset, bytes, n);
    return PT_OK;
}

/* The finished file, in memory as the peers' tables are. */
static pt_rc write_tags(run *r, pt_err *err)
{
    memory_file f = {
        .bytes = mmap(NULL, MEMORY_FILE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)};

    if (f.bytes == MAP_FAILED)
        return pt_fail(err, PT_EIO, "no memory for the tags");
    madvise(f.bytes, MEMORY_FILE, MADV_HUGEPAGE);
    pt_tagset_sink sink = {&f, append_memory, patch_memory};
    pt_rc rc = pt_tagset_builder_write(r->tags, BENCH_AS_OF, (pt_hash128){0}, &sink, err);
    munmap(f.bytes, MEMORY_FILE);
    return rc;
}

static pt_rc sync_tags(run *r, const char *path, pt_err *err)
{
    pt_writer *w;

    PT_TRY(pt_writer_open(&w, path, err));
    pt_tagset_sink sink = {w, pt_writer_append, pt_writer_overwrite};
    pt_rc rc = pt_tagset_builder_write(r->tags, BENCH_AS_OF, (pt_hash128){0}, &sink, err);
    if (rc == PT_OK)
        return pt_writer_commit(w, err);
    pt_writer_abort(w);
    return rc;
}

static pt_rc eval_once(run *r, const bench_model *model, pt_pool *pool, const char *path, pt_err *err)
{
    pt_tag_info infos[BENCH_TAGS];

    for (size_t i = 0; i < BENCH_TAGS; i++)
        infos[i] = (pt_tag_info){bench_tags[i].name, model->module->types[i]};
    PT_TRY(pt_tagset_builder_new(&r->tags, infos, BENCH_TAGS, r->ordinals, pt_pool_threads(pool), err));
    pt_rc rc = pt_pool_run(pool, (r->ordinals + RANGE - 1) / RANGE, eval_range, r, err);
    if (rc == PT_OK)
        rc = r->synced ? sync_tags(r, path, err) : write_tags(r, err);
    pt_tagset_builder_free(r->tags);
    return rc;
}

/* Reads every column the tags use once, as a 64-bit sum: the least any method must do. */
static double floor_seconds(pt_timeline *t)
{
    const pt_column *columns = pt_timeline_columns(t);
    uint64_t events = pt_timeline_events(t);
    volatile uint64_t sink = 0; /* keeps the sums from being optimised away */
    double start = bench_now();

    for (int c = -1; c < 4; c++) {
        const uint64_t *words = c < 0 ? (const void *)pt_timeline_times(t) : columns[c].data;
        uint64_t n = events * (c < 0 ? 8u : columns[c].width) / 8, sum = 0;
        for (uint64_t i = 0; i < n; i++)
            sum += words[i];
        sink += sum;
    }
    (void)sink;
    return bench_now() - start;
}

static pt_rc prepare(run *r, pt_pool *pool, pt_arena *arena, pt_err *err)
{
    pt_eval_options options = {.as_of = BENCH_AS_OF, .zone = pt_zone_utc()};
    unsigned threads = pt_pool_threads(pool);
    uint64_t *identities = PT_NEW_ARRAY(arena, uint64_t, r->ordinals);

    r->evals = PT_NEW_ARRAY(arena, pt_eval *, threads);
    if (!identities || !r->evals)
        return pt_fail_nomem(err, "the evaluators");
    for (uint32_t i = 0; i < r->ordinals; i++)
        identities[i] = pt_mix64(i);
    r->identities = identities;
    for (unsigned w = 0; w < threads; w++)
        PT_TRY(pt_eval_new(&r->evals[w], r->program, &options, err));
    return PT_OK;
}

typedef enum measured { MEASURE_EVAL, MEASURE_SYNCED, MEASURE_FLOOR } measured;

static pt_rc measure(bench_result *out, const bench_env *env, uint64_t rows, measured what, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    bench_model *model;
    pt_program *program = NULL;
    pt_pool *pool = NULL;
    run r = {.synced = what == MEASURE_SYNCED};
    double seconds[16];
    char path[512];

    if (!arena)
        return pt_fail_nomem(err, "the benchmark");
    snprintf(path, sizeof path, "%s/events_%llu.tags", env->dir, (unsigned long long)rows);
    pt_rc rc = bench_model_new(&model, arena, err);
    if (rc == PT_OK)
        rc = pt_program_build(&program, model->module, model->tags, BENCH_TAGS, err);
    if (rc == PT_OK)
        rc = bench_timeline(&r.timeline, env, rows, err);
    if (rc == PT_OK)
        rc = pt_pool_new(&pool, 0, err);
    if (rc == PT_OK) {
        r.program = program;
        r.ordinals = pt_timeline_ordinals(r.timeline);
        rc = prepare(&r, pool, arena, err);
    }
    for (int i = 0; rc == PT_OK && i < env->runs; i++) {
        double start = bench_now();
        rc = what == MEASURE_FLOOR ? PT_OK : eval_once(&r, model, pool, path, err);
        seconds[i] = what == MEASURE_FLOOR ? floor_seconds(r.timeline) : bench_now() - start;
    }
    if (rc == PT_OK) {
        out->seconds = bench_median(seconds, (size_t)env->runs);
        out->bytes = (double)pt_timeline_bytes(r.timeline);
    }
    for (unsigned w = 0; r.evals && w < pt_pool_threads(pool); w++)
        pt_eval_free(r.evals[w]);
    pt_timeline_close(r.timeline);
    pt_pool_free(pool);
    pt_program_free(program);
    pt_arena_free(arena);
    return rc;
}

static pt_rc measure_eval(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    return measure(out, env, rows, MEASURE_EVAL, err);
}

static pt_rc measure_synced(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    return measure(out, env, rows, MEASURE_SYNCED, err);
}

static pt_rc measure_floor(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    return measure(out, env, rows, MEASURE_FLOOR, err);
}

void bench_eval(const bench_env *env)
{
    const uint64_t rows = 20000000;

    bench_data(env, rows);
    bench_result ours = bench_child(env, measure_eval, rows);
    bench_result synced = bench_child(env, measure_synced, rows);
    bench_result least = bench_child(env, measure_floor, rows);
    bench_result duckdb = bench_peer(env, "peer_duckdb", "eval_duckdb.sql", "eval/", rows);
    bench_result chdb = bench_peer(env, "peer_chdb", "eval_chdb.sql", "eval/", rows);
    bool duckdb_wins = chdb.seconds == 0 || (duckdb.seconds > 0 && duckdb.seconds < chdb.seconds);
    bench_result peer = duckdb_wins ? duckdb : chdb;

    bench_line("eval", ours.seconds, "s", peer.seconds / ours.seconds, duckdb_wins ? "duckdb" : "clickhouse");
    bench_line("eval_synced", synced.seconds, "s", peer.seconds / synced.seconds,
               duckdb_wins ? "duckdb" : "clickhouse");
    bench_line("eval_floor", ours.seconds / least.seconds, "times", least.seconds / ours.seconds, "reading-once");
    bench_line("eval_memory", synced.peak_mb, "MB", synced.bytes / (1024 * 1024) / synced.peak_mb, "timeline-size");
}

/* --- growth -------------------------------------------------------------------------------------------------------- */

void bench_growth(const bench_env *env)
{
    static const struct {
        uint64_t rows;
        const char *time, *memory;
    } sizes[] = {
        {1000000, "growth_1m", "growth_1m_memory"},
        {10000000, "growth_10m", "growth_10m_memory"},
        {50000000, "growth_50m", "growth_50m_memory"},
    };

    for (size_t i = 0; i < PT_COUNT(sizes); i++) {
        bench_data(env, sizes[i].rows);
        bench_result r = bench_child(env, measure_eval, sizes[i].rows);
        bench_line(sizes[i].time, r.seconds, "s", 0, NULL);
        bench_line(sizes[i].memory, r.peak_mb, "MB", 0, NULL);
    }
}

/* --- one customer ----------------------------------------------------------------------------------------------------- */

enum { ONE_EVENTS = 100, ONE_REPEATS = 20000 };

/* A customer with exactly 100 events, cut from the largest customer of the small data set. */
static pt_rc measure_one(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_eval_options options = {.as_of = BENCH_AS_OF, .zone = pt_zone_utc()};
    pt_program *program = NULL;
    pt_eval *eval = NULL;
    pt_timeline *t = NULL;
    bench_model *model;

    if (!arena)
        return pt_fail_nomem(err, "the benchmark");
    pt_rc rc = bench_model_new(&model, arena, err);
    if (rc == PT_OK)
        rc = pt_program_build(&program, model->module, model->tags, BENCH_TAGS, err);
    if (rc == PT_OK)
        rc = pt_eval_new(&eval, program, &options, err);
    if (rc == PT_OK)
        rc = bench_timeline(&t, env, rows, err);
    if (rc == PT_OK)
        rc = pt_timeline_check(t, 0, pt_timeline_ordinals(t), err);
    uint32_t ordinal = 0;
    while (rc == PT_OK && pt_timeline_offsets(t)[ordinal + 1] - pt_timeline_offsets(t)[ordinal] < ONE_EVENTS)
        if (++ordinal == pt_timeline_ordinals(t))
            rc = pt_fail(err, PT_ENOTFOUND, "no customer has %d events", ONE_EVENTS);
    if (rc == PT_OK) {
        uint64_t end = pt_timeline_offsets(t)[ordinal + 1], offsets[2] = {end - ONE_EVENTS, end}, identity = 1;
        pt_events events = {offsets, pt_timeline_times(t), pt_timeline_columns(t)};
        pt_batch batch = {.n_customers = 1, .sources = &events, .identities = &identity};
        double start = bench_now();
        for (int i = 0; rc == PT_OK && i < ONE_REPEATS; i++)
            rc = pt_eval_run(eval, &batch, err);
        out->seconds = (bench_now() - start) / ONE_REPEATS;
    }
    pt_timeline_close(t);
    pt_eval_free(eval);
    pt_program_free(program);
    pt_arena_free(arena);
    return rc;
}

void bench_reeval_one(const bench_env *env)
{
    const uint64_t rows = 1000000;

    bench_data(env, rows);
    bench_line("reeval_one", bench_child(env, measure_one, rows).seconds * 1e6, "us", 0, NULL);
}
