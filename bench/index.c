/* Counts, insight, building and opening of the index of 10 M customers (ROWS of the environment) x 200 tags. */
#include "index_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "index/tally.h"
#include "segment/contrast.h"

/* --- reading once --------------------------------------------------------------------------------------------------------- */

typedef struct reading {
    const uint64_t *words;
    size_t n;
    uint64_t sums[64 * 8];
} reading;

enum { READ_WORDS = 1 << 16 };

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target_clones("avx512f", "avx2", "default")))
#endif
static uint64_t
sum_words(const uint64_t *words, size_t n)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += words[i];
    return sum;
}

static pt_rc read_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    reading *r = arg;
    size_t first = part * READ_WORDS, n = r->n - first < READ_WORDS ? r->n - first : READ_WORDS;

    (void)err;
    r->sums[worker % 64 * 8] += sum_words(r->words + first, n);
    return PT_OK;
}

/* Seconds to read `bytes` of the index once, from a place that other readings have pushed out of the caches. */
static double reading_seconds(bench_index *x, double bytes, pt_err *err)
{
    size_t words = (size_t)(bytes / 8), all = x->map.size / 8;
    double seconds[9];

    for (size_t i = 0; i < 2 * PT_COUNT(seconds); i++) { /* the first round touches the pages */
        reading r = {.words = (const uint64_t *)(const void *)x->map.ptr +
                              (all - words) / PT_COUNT(seconds) * (i % PT_COUNT(seconds)) / 8 * 8,
                     .n = words < all ? words : all};
        double start = bench_now();
        pt_pool_run(x->pool, (r.n + READ_WORDS - 1) / READ_WORDS, read_part, &r, err);
        seconds[i % PT_COUNT(seconds)] = bench_now() - start;
    }
    return bench_median(seconds, PT_COUNT(seconds));
}

/* --- counts ----------------------------------------------------------------------------------------------------------------- */

enum { CONDITIONS = 400, PASSES = 5 };

typedef struct count_times {
    double p50, p99, mean, cold; /* seconds; cold: the first condition of a process */
    double peer_mean;            /* of those that the peers are asked */
} count_times;

static bench_condition conditions[CONDITIONS];

static pt_rc time_counts(count_times *out, bench_index *x, unsigned numbers, pt_err *err)
{
    static double times[CONDITIONS][PASSES];
    double medians[CONDITIONS];
    uint64_t members;
    pt_rng rng;

    pt_rng_seed(&rng, 20261122 + numbers);
    for (size_t i = 0; i < CONDITIONS; i++)
        bench_condition_make(&conditions[i], &rng, x->rows, numbers);
    for (size_t pass = 0; pass <= PASSES; pass++) /* the first touches every page and checks it */
        for (size_t i = 0; i < CONDITIONS; i++) {
            double start = bench_now();
            PT_TRY(bench_index_count(&members, x, conditions[i].text, err));
            if (pass)
                times[i][pass - 1] = bench_now() - start;
            else if (i == 0)
                out->cold = bench_now() - start;
            if (pass == 1 && getenv("BENCH_VERBOSE"))
                printf("# %8llu %.3f ms %s\n", (unsigned long long)members, times[i][0] * 1e3, conditions[i].text);
        }
    out->mean = out->peer_mean = 0;
    for (size_t i = 0; i < CONDITIONS; i++) {
        medians[i] = bench_median(times[i], PASSES);
        out->mean += medians[i] / CONDITIONS;
        out->peer_mean += i < BENCH_PEER_CONDITIONS ? medians[i] / BENCH_PEER_CONDITIONS : 0;
    }
    out->p50 = bench_median(medians, CONDITIONS);
    out->p99 = medians[CONDITIONS * 99 / 100];
    return PT_OK;
}

typedef struct count_figures {
    count_times times;
    double floor; /* seconds to read one bit of each customer for each condition */
} count_figures;

static pt_rc measure_counts(count_figures *out, const bench_env *env, uint64_t rows, unsigned numbers, pt_err *err)
{
    bench_index *x;

    PT_TRY(bench_index_open(&x, env, rows, err));
    pt_rc rc = time_counts(&out->times, x, numbers, err);
    out->floor = reading_seconds(x, (double)rows / 8 * 5, err);
    bench_index_close(x);
    return rc;
}

/* A figure with the faster peer; `seconds` are ours for what the peers did. */
static void print_peers(const char *name, double ms, double seconds, bench_peers p)
{
    bool duckdb = p.clickhouse == 0 || (p.duckdb > 0 && p.duckdb < p.clickhouse);

    bench_line(name, ms, "ms", (duckdb ? p.duckdb : p.clickhouse) / seconds, duckdb ? "duckdb" : "clickhouse");
}

static void bench_counts(const bench_env *env, const char *name, unsigned numbers)
{
    count_figures f = {0};
    pt_err err = {0};
    char line[64];

    if (measure_counts(&f, env, bench_population(), numbers, &err) != PT_OK) {
        fprintf(stderr, "bench: %s\n", err.msg);
        exit(1);
    }
    bench_peers peers = bench_peers_count(env, bench_population(), numbers, conditions);
    print_peers(name, f.times.p50 * 1e3, f.times.peer_mean, peers);
    snprintf(line, sizeof line, "%s_p99", name);
    bench_line(line, f.times.p99 * 1e3, "ms", 0, NULL);
    snprintf(line, sizeof line, "%s_mean", name);
    bench_line(line, f.times.mean * 1e3, "ms", 0, NULL);
    snprintf(line, sizeof line, "%s_floor", name);
    bench_line(line, f.times.p50 / f.floor, "times", f.floor / f.times.p50, "reading-once");
}

void bench_count_category(const bench_env *env)
{
    bench_counts(env, "count_category", 0);
}

void bench_count_numeric(const bench_env *env)
{
    bench_counts(env, "count_numeric", 2);
}

/* --- insight --------------------------------------------------------------------------------------------------------------- */

/* Tags in catalogue order until `values` values are reached: single-valued categories, or with lists. */
typedef struct insight {
    bench_index *index;
    pt_tally *tallies[POPULATION_TAGS];
    size_t starts[POPULATION_TAGS]; /* of a tag's counts */
    uint32_t tags[POPULATION_TAGS];
    size_t n_tags, n_counts;
    uint64_t values, bytes; /* of rows and items that must be read */
    pt_crowd *crowd;
    uint64_t **rooms; /* by worker: members, scratch, counts */
    uint32_t segment_tag, segment_code;
} insight;

static pt_rc choose_tags(insight *in, uint64_t values, bool lists, pt_err *err)
{
    for (uint32_t t = 0; t < POPULATION_TAGS && in->values < values; t++) {
        const population_tag *tag = &population_tags()[t];
        pt_tagindex *x;
        if (tag->kind > POPULATION_LIST || (tag->kind == POPULATION_LIST && !lists))
            continue;
        PT_TRY(bench_index_tag(&x, in->index, t, err));
        PT_TRY(pt_tally_new(&in->tallies[in->n_tags], x, err));
        in->tags[in->n_tags] = t;
        in->starts[in->n_tags] = in->n_counts;
        in->n_counts += pt_tally_size(in->tallies[in->n_tags++]);
        in->values += tag->values;
        in->bytes += (uint64_t)pt_tagindex_slices(x) * pt_tagindex_blocks(x) * PT_BLOCK_WORDS * 8;
        for (uint32_t item = 0; tag->kind == POPULATION_LIST && item <= tag->values; item++) {
            uint64_t members = pt_tagindex_counts(x)[item], most = (uint64_t)in->index->rows / 16;
            in->bytes += (members < most ? members : most) * 2;
        }
    }
    return PT_OK;
}

/* A condition that about one customer in ten satisfies. */
static void choose_segment(char text[64], insight *in)
{
    uint64_t best = UINT64_MAX, want = in->index->rows / 10;
    pt_tagindex *x;

    for (uint32_t t = 0; t < POPULATION_TAGS; t++) {
        if (population_tags()[t].kind != POPULATION_CATEGORY || bench_index_tag(&x, in->index, t, NULL) != PT_OK)
            continue;
        for (uint32_t code = 1; code <= pt_tagindex_codes(x); code++) {
            uint64_t n = pt_tagindex_counts(x)[code], far = n > want ? n - want : want - n;
            if (far >= best)
                continue;
            best = far;
            in->segment_tag = t;
            in->segment_code = code;
        }
    }
    snprintf(text, 64, "%s = \"v%03u\"", population_tags()[in->segment_tag].name, in->segment_code);
}

static size_t insight_scratch(const insight *in)
{
    size_t crowd = pt_crowd_scratch(in->crowd);

    return (crowd > PT_TALLY_SCRATCH ? crowd : (size_t)PT_TALLY_SCRATCH) + PT_BLOCK_WORDS;
}

static pt_rc tally_block(void *arg, size_t block, unsigned worker, pt_err *err)
{
    insight *in = arg;
    uint64_t *bits = in->rooms[worker], *scratch = bits + PT_BLOCK_WORDS, *counts = bits + insight_scratch(in);

    (void)err;
    pt_crowd_block(bits, in->crowd, (uint32_t)block, scratch);
    counts[0] += pt_slice_kernels_best()->count(bits);
    for (size_t i = 0; i < in->n_tags; i++)
        pt_tally_block(in->tallies[i], counts + 1 + in->starts[i], bits, (uint32_t)block, scratch);
    return PT_OK;
}

/* TGI, interval, p and q of every value. */
static pt_rc contrast_all(const insight *in, const uint64_t *counts, pt_err *err)
{
    pt_contrast *all = pt_zalloc(in->n_counts, sizeof *all), **pointers = pt_zalloc(2 * in->n_counts, sizeof *pointers);
    size_t n = 0;

    if (!all || !pointers) {
        free(all);
        free(pointers);
        return pt_fail_nomem(err, "insight");
    }
    for (size_t i = 0; i < in->n_tags; i++) {
        pt_tagindex *x;
        PT_TRY(bench_index_tag(&x, in->index, in->tags[i], err));
        for (uint32_t code = 1; code <= pt_tagindex_codes(x); code++) {
            all[n] = (pt_contrast){.with = counts[1 + in->starts[i] + code],
                                   .members = counts[0],
                                   .base_with = pt_tagindex_counts(x)[code],
                                   .base = in->index->rows};
            pt_contrast_fill(&all[n]);
            pointers[n] = &all[n];
            n++;
        }
    }
    pt_contrast_correct(pointers + in->n_counts, pointers, n);
    free(all);
    free(pointers);
    return PT_OK;
}

static pt_rc insight_once(insight *in, pt_err *err)
{
    unsigned threads = pt_pool_threads(in->index->pool);
    size_t words = insight_scratch(in) + in->n_counts + 1;

    in->rooms = pt_zalloc(threads, sizeof *in->rooms);
    for (unsigned w = 0; in->rooms && w < threads; w++) {
        in->rooms[w] = pt_alloc64(words, 8);
        if (!in->rooms[w])
            return pt_fail_nomem(err, "insight");
        memset(in->rooms[w], 0, words * 8);
    }
    PT_TRY(pt_pool_run(in->index->pool, pt_crowd_blocks(in->crowd), tally_block, in, err));
    uint64_t *sums = in->rooms[0] + insight_scratch(in);
    for (unsigned w = 1; w < threads; w++)
        for (size_t i = 0; i <= in->n_counts; i++)
            sums[i] += in->rooms[w][insight_scratch(in) + i];
    pt_rc rc = contrast_all(in, sums, err);
    for (unsigned w = 0; w < threads; w++)
        free(in->rooms[w]);
    free(in->rooms);
    return rc;
}

typedef struct insight_figures {
    double seconds, floor;
    uint64_t values;
    uint32_t tags[POPULATION_TAGS], segment_tag, segment_code;
    size_t n_tags;
} insight_figures;

static pt_rc measure_insight(insight_figures *out, const bench_env *env, uint64_t values, bool lists, pt_err *err)
{
    enum { TIMES = 11 };
    insight in = {0};
    double seconds[TIMES];
    char segment[64] = "";
    pt_arena *arena = pt_arena_new(0);

    if (!arena)
        return pt_fail_nomem(err, "insight");
    PT_TRY(bench_index_open(&in.index, env, bench_population(), err));
    PT_TRY(choose_tags(&in, values, lists, err));
    choose_segment(segment, &in);
    PT_TRY(bench_index_plan(&in.crowd, in.index, segment, arena, err));
    PT_TRY(insight_once(&in, err)); /* touches and checks every page */
    for (size_t i = 0; i < TIMES; i++) {
        double start = bench_now();
        PT_TRY(insight_once(&in, err));
        seconds[i] = bench_now() - start;
    }
    *out = (insight_figures){.seconds = bench_median(seconds, TIMES), .values = in.values, .n_tags = in.n_tags};
    memcpy(out->tags, in.tags, sizeof out->tags);
    out->segment_tag = in.segment_tag;
    out->segment_code = in.segment_code;
    out->floor = reading_seconds(in.index, (double)in.bytes, err);
    for (size_t i = 0; i < in.n_tags; i++)
        pt_tally_free(in.tallies[i]);
    pt_arena_free(arena);
    bench_index_close(in.index);
    return PT_OK;
}

static void bench_insights(const bench_env *env, const char *name, uint64_t values, bool lists)
{
    insight_figures f = {0};
    pt_err err = {0};
    char line[64];

    if (measure_insight(&f, env, values, lists, &err) != PT_OK) {
        fprintf(stderr, "bench: %s\n", err.msg);
        exit(1);
    }
    bench_peers peers = bench_peers_insight(env, bench_population(), f.tags, f.n_tags, f.segment_tag, f.segment_code);
    print_peers(name, f.seconds * 1e3, f.seconds, peers);
    snprintf(line, sizeof line, "%s_values", name);
    bench_line(line, (double)f.values, "values", 0, NULL);
    snprintf(line, sizeof line, "%s_floor", name);
    bench_line(line, f.seconds / f.floor, "times", f.floor / f.seconds, "reading-once");
}

void bench_insight_1000(const bench_env *env)
{
    bench_insights(env, "insight_1000", 1000, false);
}

void bench_insight_2000(const bench_env *env)
{
    bench_insights(env, "insight_2000", UINT64_MAX, true);
}

/* --- building and opening -------------------------------------------------------------------------------------------------- */

/* To nowhere: at 50 M the file would take a large part of a disk. */
static pt_rc measure_growth(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    pt_pool *pool;
    bench_built built;

    (void)env;
    PT_TRY(pt_pool_new(&pool, 0, err));
    pt_rc rc = bench_index_build(&built, NULL, (uint32_t)rows, pool, err);
    pt_pool_free(pool);
    out->seconds = built.seconds;
    out->bytes = (double)built.bytes;
    return rc;
}

void bench_index_growth(const bench_env *env)
{
    static const struct {
        uint64_t rows;
        const char *time, *size, *memory; /* the columns of the tags at work included */
    } sizes[] = {{1000000, "index_build_1m", "index_size_1m", "index_memory_1m"},
                 {10000000, "index_build_10m", "index_size_10m", "index_memory_10m"},
                 {50000000, "index_build_50m", "index_size_50m", "index_memory_50m"}};

    for (size_t i = 0; i < PT_COUNT(sizes); i++) {
        bench_result r = bench_child(env, measure_growth, sizes[i].rows);
        bench_line(sizes[i].time, r.seconds, "s", 0, NULL);
        bench_line(sizes[i].size, r.bytes / 1e9, "GB", 0, NULL);
        bench_line(sizes[i].memory, r.peak_mb, "MB", 0, NULL);
    }
}

void bench_index_build_all(const bench_env *env)
{
    char path[512];
    pt_map map = {0};
    bench_result built = bench_child(env, bench_index_make, bench_population());

    bench_line("index_build", built.seconds, "s", 0, NULL);
    bench_index_path(path, env, bench_population());
    if (pt_map_open(&map, path, NULL) == PT_OK)
        bench_line("index_size", (double)map.size / 1e9, "GB", 0, NULL);
    pt_map_close(&map);
}

/* From a closed file to all tags known, and to the first count; and how long it takes to check every page of the tags of a
 * condition when they are first asked for, which is the difference of the first count to later ones. */
typedef struct open_times {
    double open, first, again;
} open_times;

static pt_rc time_opening(open_times *out, const bench_env *env, uint64_t rows, const char *condition, pt_err *err)
{
    char path[512];
    pt_map map;
    pt_indexset *set;
    pt_tagindex *tag;
    uint64_t members;
    bench_index *x;

    bench_index_path(path, env, rows);
    double start = bench_now();
    PT_TRY(pt_map_open(&map, path, err));
    PT_TRY(pt_indexset_open(&set, "the index", map.ptr, map.size, err));
    for (size_t t = 0; t < POPULATION_TAGS; t++)
        PT_TRY(pt_indexset_find(&tag, set, population_tags()[t].name, err));
    out->open = bench_now() - start;
    pt_indexset_close(set);
    pt_map_close(&map);
    PT_TRY(bench_index_open(&x, env, rows, err));
    start = bench_now();
    pt_rc rc = bench_index_count(&members, x, condition, err);
    out->first = bench_now() - start;
    start = bench_now();
    if (rc == PT_OK)
        rc = bench_index_count(&members, x, condition, err);
    out->again = bench_now() - start;
    bench_index_close(x);
    return rc;
}

void bench_index_open_all(const bench_env *env)
{
    enum { TIMES = 9 };
    double open[TIMES], first[TIMES], again[TIMES];
    bench_condition condition;
    open_times t = {0};
    bench_index *x;
    pt_err err = {0};
    pt_rng rng;

    pt_rng_seed(&rng, 20261122);
    bench_condition_make(&condition, &rng, (uint32_t)bench_population(), 0);
    pt_rc rc = bench_index_open(&x, env, bench_population(), &err); /* made when it is not there */
    if (rc == PT_OK)
        bench_index_close(x);
    for (size_t i = 0; rc == PT_OK && i < TIMES; i++) {
        rc = time_opening(&t, env, bench_population(), condition.text, &err);
        open[i] = t.open;
        first[i] = t.first;
        again[i] = t.again;
    }
    if (rc != PT_OK) {
        fprintf(stderr, "bench: %s\n", err.msg);
        exit(1);
    }
    bench_line("index_open", bench_median(open, TIMES) * 1e3, "ms", 0, NULL);
    bench_line("index_open_first_count", bench_median(first, TIMES) * 1e3, "ms", 0, NULL);
    bench_line("index_open_next_count", bench_median(again, TIMES) * 1e3, "ms", 0, NULL);
}
