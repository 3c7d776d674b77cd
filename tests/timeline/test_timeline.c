/* Timelines against the plain order of their rows, whatever the order of adds, the threads and the memory. */
#include "timeline/timeline.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/io.h"
#include "support/rowset.h"
#include "support/test.h"

typedef struct build {
    unsigned workers, threads;
    size_t memory;
    size_t batch; /* rows of one add, at most */
    bool shuffle;
} build;

static char *path_of(const char *name)
{
    char *path = malloc(300);

    snprintf(path, 300, "%s/%s", test_dir(), name);
    return path;
}

static void build_file(const char *path, const rowset *r, const build *how, pt_rng *rng)
{
    pt_err err;
    pt_timeline_builder *b;
    pt_pool *pool = NULL;
    pt_arena *a = pt_arena_new(0);
    pt_timeline_options o = {r->ordinals, how->memory, how->workers, {1, 2}};
    size_t *order = rowset_shuffle(r, rng);

    for (size_t i = 0; i < r->n && !how->shuffle; i++)
        order[i] = i;
    CHECK_OK(pt_timeline_builder_new(&b, path, &r->schema, &o, &err));
    for (size_t i = 0; i < r->n;) {
        size_t n = 1 + pt_rng_below(rng, how->batch);
        n = n < r->n - i ? n : r->n - i;
        pt_rows rows = rowset_take(r, order + i, n, a);
        CHECK_OK(pt_timeline_builder_add(b, (unsigned)pt_rng_below(rng, how->workers), &rows, &err));
        i += n;
        pt_arena_reset(a);
    }
    if (how->threads)
        CHECK_OK(pt_pool_new(&pool, how->threads, &err));
    CHECK_OK(pt_timeline_builder_finish(b, pool, &err));
    pt_pool_free(pool);
    pt_arena_free(a);
}

static void check_events(const rowset *r, const pt_timeline *t, const size_t *order)
{
    const uint32_t *ordinals = r->cells[0].data;
    const int64_t *times = r->cells[1].data;
    const uint64_t *offsets = pt_timeline_offsets(t);
    uint64_t e = 0;

    for (uint32_t o = 0; o < r->ordinals; o++) {
        CHECK_INT(offsets[o], e);
        for (; e < r->n && ordinals[order[e]] == o; e++) {
            CHECK_INT(pt_timeline_times(t)[e], times[order[e]]);
            for (size_t c = 0; c < r->schema.n_columns; c++)
                rowset_check_cell(r, c, order[e], &pt_timeline_columns(t)[c], e);
        }
    }
    CHECK_INT(offsets[r->ordinals], r->n);
    CHECK_INT(e, r->n);
}

static void check_span(const rowset *r, const pt_timeline *t)
{
    const int64_t *times = r->cells[1].data;
    int64_t first = INT64_MAX, last = INT64_MIN, got_first, got_last;

    for (size_t i = 0; i < r->n; i++) {
        if (times[i] == PT_I64_MISSING)
            continue;
        first = times[i] < first ? times[i] : first;
        last = times[i] > last ? times[i] : last;
    }
    CHECK_INT(pt_timeline_span(t, &got_first, &got_last), last != INT64_MIN);
    if (last != INT64_MIN) {
        CHECK_INT(got_first, first);
        CHECK_INT(got_last, last);
    }
}

static void check_stats(const rowset *r, const pt_timeline *t)
{
    for (size_t c = 0; c < r->schema.n_columns; c++) {
        const pt_column *column = &pt_timeline_columns(t)[c];
        pt_timeline_stats s = pt_timeline_get_stats(t, c);
        uint64_t missing = 0;
        double least = INFINITY, most = -INFINITY;
        for (uint64_t e = 0; e < r->n; e++) {
            missing += pt_column_missing(column, e);
            if (column->type == PT_TYPE_NUMBER) {
                double v = ((const double *)column->data)[e];
                least = v < least ? v : least;
                most = v > most ? v : most;
            }
        }
        CHECK_INT(s.missing, missing);
        if (column->type == PT_TYPE_NUMBER && missing < r->n) {
            CHECK(s.least_number == least);
            CHECK(s.most_number == most);
        }
    }
}

static void check_file(const char *path, const rowset *r)
{
    pt_err err;
    pt_timeline *t;

    CHECK_OK(pt_timeline_open(&t, path, &err));
    CHECK_INT(pt_timeline_ordinals(t), r->ordinals);
    CHECK_INT(pt_timeline_events(t), r->n);
    CHECK_INT(pt_timeline_made_from(t).lo, 1);
    CHECK_INT(pt_timeline_made_from(t).hi, 2);
    CHECK_STR(pt_timeline_get_schema(t)->source, "orders");
    CHECK_INT(pt_timeline_get_schema(t)->n_columns, r->schema.n_columns);
    for (size_t i = 0; i < r->schema.n_columns; i++)
        CHECK_STR(pt_timeline_get_schema(t)->columns[i].name, r->schema.columns[i].name);
    CHECK_OK(pt_timeline_check(t, 0, r->ordinals, &err));
    check_events(r, t, rowset_order(r));
    check_span(r, t);
    check_stats(r, t);
    pt_timeline_close(t);
}

static bool same_bytes(const char *left, const char *right)
{
    pt_err err;
    pt_map a, b;

    CHECK_OK(pt_map_open(&a, left, &err));
    CHECK_OK(pt_map_open(&b, right, &err));
    bool same = a.size == b.size && memcmp(a.ptr, b.ptr, a.size) == 0;
    pt_map_close(&a);
    pt_map_close(&b);
    return same;
}

TEST(timeline_builder__gives_rows_back_in_order)
{
    pt_rng rng;
    char *path = path_of("orders.timeline");

    pt_rng_seed(&rng, 1);
    for (int round = 0; round < 60; round++) {
        rowset_options o = {.ordinals = 1 + (uint32_t)pt_rng_below(&rng, round % 3 ? 300 : 5000),
                            .rows = pt_rng_below(&rng, 2000),
                            .columns = pt_rng_below(&rng, 12),
                            .texts = round % 2 ? 20 : 100000,
                            .sorted = pt_rng_below(&rng, 2),
                            .heavy = (uint32_t)pt_rng_below(&rng, 600)};
        build how = {1 + (unsigned)pt_rng_below(&rng, 3), (unsigned)pt_rng_below(&rng, 3), 0, 700, true};
        rowset *r = rowset_random(&rng, &o);
        build_file(path, r, &how, &rng);
        check_file(path, r);
        rowset_free(r);
    }
    free(path);
}

TEST(timeline_builder__bytes_do_not_depend_on_order_threads_or_memory)
{
    static const build ways[] = {
        {1, 0, 0, 5000, false},     {1, 1, 0, 100, true},        {3, 2, 0, 5000, true},
        {1, 0, 1 << 20, 500, true}, {2, 2, 1 << 20, 3000, true}, {4, 3, 1 << 20, 3000, false},
    };
    pt_rng rng;
    char *first = path_of("first.timeline"), *other = path_of("other.timeline");

    pt_rng_seed(&rng, 2);
    for (int round = 0; round < 4; round++) {
        rowset_options o = {.ordinals = round % 2 ? 3000 : 40,
                            .rows = 60000,
                            .columns = 6,
                            .texts = 3000,
                            .sorted = round < 2,
                            .heavy = 17};
        rowset *r = rowset_random(&rng, &o);
        for (size_t i = 0; i < PT_COUNT(ways); i++) {
            build_file(i ? other : first, r, &ways[i], &rng);
            CHECK(i == 0 || same_bytes(first, other));
        }
        check_file(first, r);
        rowset_free(r);
    }
    free(first);
    free(other);
}
