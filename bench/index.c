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

    for (size_t i = 0; i < PT_COUNT(seconds); i++) {
        reading r = {.words =
                         (const uint64_t *)(const void *)x->map.ptr + (all - words) / PT_COUNT(seconds) * i / 8 * 8,
                     .n = words < all ? words : all};
        double start = bench_now();
        pt_pool_run(x->pool, (r.n + READ_WORDS - 1) / READ_WORDS, read_part, &r, err);
        seconds[i] = bench_now() - start;
    }
    return bench_median(seconds, PT_COUNT(seconds));
}

/* --- counts ----------------------------------------------------------------------------------------------------------------- */

enum { CONDITIONS = 400, PASSES = 5 };

typedef struct count_times {
    double p50, p99, mean, cold; /* seconds; cold: the first condition of a process */
} count_times;

static pt_rc time_counts(count_times *out, bench_index *x, unsigned numbers, pt_err *err)
{
    static bench_condition conditions[CONDITIONS];
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
    out->mean = 0;
    for (size_t i = 0; i < CONDITIONS; i++) {
        medians[i] = bench_median(times[i], PASSES);
        out->mean += medians[i] / CONDITIONS;
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

static void bench_counts(const bench_env *env, const char *name, unsigned numbers)
{
    count_figures f = {0};
    pt_err err = {0};
    char line[64];

    if (measure_counts(&f, env, bench_population(), numbers, &err) != PT_OK) {
        fprintf(stderr, "bench: %s\n", err.msg);
        exit(1);
    }
    bench_line(name, f.times.p50 * 1e3, "ms", 0, NULL);
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

/* --- building and opening -------------------------------------------------------------------------------------------------- */

static pt_rc measure_build(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    char path[512];
    pt_pool *pool;
    bench_built built;

    bench_index_path(path, env, rows);
    PT_TRY(pt_pool_new(&pool, 0, err));
    pt_rc rc = bench_index_build(&built, rows == bench_population() ? path : NULL, (uint32_t)rows, pool, err);
    pt_pool_free(pool);
    out->seconds = built.seconds;
    out->bytes = (double)built.bytes;
    return rc;
}

void bench_index_build_all(const bench_env *env)
{
    char path[512];
    pt_map map = {0};
    bench_result built = bench_child(env, measure_build, bench_population());

    bench_line("index_build", built.seconds, "s", 0, NULL);
    bench_line("index_build_memory", built.peak_mb, "MB", 0, NULL);
    bench_index_path(path, env, bench_population());
    if (pt_map_open(&map, path, NULL) == PT_OK)
        bench_line("index_size", (double)map.size / 1e9, "GB", 0, NULL);
    pt_map_close(&map);
}
