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

/* --- threads --------------------------------------------------------------------------------------------------------- */

enum { SLICE = 500 };

typedef struct adding {
    const rowset *r;
    const size_t *order;
    pt_timeline_builder *b;
} adding;

static pt_rc add_slice(void *arg, size_t index, unsigned worker, pt_err *err)
{
    adding *d = arg;
    size_t first = index * SLICE, n = d->r->n - first < SLICE ? d->r->n - first : SLICE;
    pt_arena *a = pt_arena_new(0);
    pt_rows rows = rowset_take(d->r, d->order + first, n, a);
    pt_rc rc = pt_timeline_builder_add(d->b, worker, &rows, err);

    pt_arena_free(a);
    return rc;
}

TEST(timeline_builder__takes_rows_from_threads)
{
    pt_err err;
    pt_rng rng;
    pt_pool *pool;
    char *path = path_of("threads.timeline");

    pt_rng_seed(&rng, 3);
    CHECK_OK(pt_pool_new(&pool, 4, &err));
    for (int round = 0; round < 3; round++) {
        rowset_options o = {.ordinals = 500, .rows = 30000, .columns = 5, .texts = 2000, .heavy = 3};
        rowset *r = rowset_random(&rng, &o);
        pt_timeline_options options = {r->ordinals, round ? 1 << 20 : 0, 4, {1, 2}};
        adding d = {.r = r, .order = rowset_shuffle(r, &rng)};
        CHECK_OK(pt_timeline_builder_new(&d.b, path, &r->schema, &options, &err));
        CHECK_OK(pt_pool_run(pool, (r->n + SLICE - 1) / SLICE, add_slice, &d, &err));
        CHECK_OK(pt_timeline_builder_finish(d.b, pool, &err));
        check_file(path, r);
        rowset_free(r);
    }
    pt_pool_free(pool);
    free(path);
}

static pt_rc check_range(void *arg, size_t index, unsigned worker, pt_err *err)
{
    pt_timeline *t = arg;
    uint32_t n = pt_timeline_ordinals(t) / 10;

    (void)worker;
    return pt_timeline_check(t, (uint32_t)(index % 7) * n, n, err);
}

TEST(timeline_check__from_threads)
{
    pt_err err;
    pt_rng rng;
    pt_pool *pool;
    pt_timeline *t;
    char *path = path_of("threads.timeline");
    build how = {1, 0, 0, 5000, false};
    rowset_options o = {.ordinals = 500, .rows = 30000, .columns = 5, .texts = 2000, .heavy = 3};

    pt_rng_seed(&rng, 4);
    rowset *r = rowset_random(&rng, &o);
    build_file(path, r, &how, &rng);
    CHECK_OK(pt_pool_new(&pool, 4, &err));
    CHECK_OK(pt_timeline_open(&t, path, &err));
    CHECK_OK(pt_pool_run(pool, 50, check_range, t, &err));
    pt_timeline_close(t);
    pt_pool_free(pool);
    rowset_free(r);
    free(path);
}

TEST(timeline_check_columns__leaves_other_columns_alone)
{
    pt_err err;
    pt_timeline *t;
    pt_timeline_builder *b;
    char *path = path_of("columns.timeline");
    enum { EVENTS = 40000 }; /* some blocks a column */
    static const pt_timeline_column columns[] = {{"a", PT_TYPE_MONEY}, {"b", PT_TYPE_MONEY}};
    static const pt_timeline_schema schema = {"orders", columns, 2};
    static int64_t values[EVENTS];
    static uint32_t ordinals[EVENTS];
    pt_timeline_options o = {.ordinals = 1, .workers = 1};

    for (int i = 0; i < EVENTS; i++)
        values[i] = i;
    pt_cells cells[] = {{.form = PT_CELLS_U32, .data = ordinals},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_INSTANT, .data = values},
                        {.form = PT_CELLS_U64, .data = values},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_MONEY, .data = values},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_MONEY, .data = values}};
    pt_rows rows = {EVENTS, PT_COUNT(cells), cells};
    CHECK_OK(pt_timeline_builder_new(&b, path, &schema, &o, &err));
    CHECK_OK(pt_timeline_builder_add(b, 0, &rows, &err));
    CHECK_OK(pt_timeline_builder_finish(b, NULL, &err));
    FILE *f = fopen(path, "r+b");
    CHECK(f && fseek(f, -8, SEEK_END) == 0 && fputc(1, f) == 1 && fclose(f) == 0);
    CHECK_OK(pt_timeline_open(&t, path, &err));
    CHECK_OK(pt_timeline_check_columns(t, 0, 1, (const bool[]){true, false}, &err));
    CHECK_INT(pt_timeline_check_columns(t, 0, 1, (const bool[]){false, true}, &err), PT_ECORRUPT);
    CHECK(strstr(err.msg, "column 'b'"));
    CHECK_INT(pt_timeline_check(t, 0, 2, &err), PT_EINTERNAL);
    pt_timeline_release(t, 0, 1);
    CHECK_INT(((const int64_t *)pt_timeline_columns(t)[0].data)[777], 777);
    pt_timeline_close(t);
    free(path);
}

/* --- what does not fit ------------------------------------------------------------------------------------------------ */

TEST(timeline_builder__refuses_rows_of_another_shape)
{
    pt_err err;
    pt_timeline_builder *b;
    char *path = path_of("refused.timeline");
    static const pt_timeline_column columns[] = {{"n", PT_TYPE_NUMBER}}, weighted[] = {{"w", PT_TYPE_WEIGHTED}};
    pt_timeline_schema schema = {"orders", columns, 1}, bad = {"orders", weighted, 1};
    pt_timeline_options o = {.ordinals = 3, .workers = 1};
    uint32_t ordinal = 3;
    uint64_t zero = 0;
    pt_cells cells[] = {{.form = PT_CELLS_U32, .data = &ordinal},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_INSTANT, .data = &zero},
                        {.form = PT_CELLS_U64, .data = &zero},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_MONEY, .data = &zero}};
    pt_rows rows = {1, 4, cells};

    CHECK_INT(pt_timeline_builder_new(&b, path, &bad, &o, &err), PT_EINVAL);
    CHECK_OK(pt_timeline_builder_new(&b, path, &schema, &o, &err));
    CHECK_INT(pt_timeline_builder_add(b, 0, &rows, &err), PT_EINTERNAL); /* money is no number */
    cells[3].type = PT_TYPE_NUMBER;
    CHECK_INT(pt_timeline_builder_add(b, 1, &rows, &err), PT_EINTERNAL); /* no such worker */
    CHECK_INT(pt_timeline_builder_add(b, 0, &rows, &err), PT_EINTERNAL); /* no such customer */
    CHECK_INT(pt_timeline_builder_finish(b, NULL, &err), PT_EINTERNAL);  /* rows are missing */
    CHECK(!pt_is_file(path));
    CHECK_OK(pt_timeline_builder_new(&b, path, &schema, &o, &err));
    pt_timeline_builder_abort(b);
    CHECK(!pt_is_file(path));
    CHECK_OK(pt_timeline_builder_new(&b, "/nowhere/at/all.timeline", &schema, &o, &err));
    CHECK_INT(pt_timeline_builder_finish(b, NULL, &err), PT_EIO);
    free(path);
}

TEST(timeline_builder__makes_odd_values_plain)
{
    pt_err err;
    pt_timeline *t;
    pt_timeline_builder *b;
    char *path = path_of("odd.timeline");
    static const pt_timeline_column columns[] = {{"n", PT_TYPE_NUMBER}, {"b", PT_TYPE_BOOL}, {"l", PT_TYPE_LIST}};
    static const pt_timeline_schema schema = {"orders", columns, 3};
    pt_timeline_options o = {.ordinals = 1, .workers = 1};
    static const uint32_t ordinals[3];
    static const uint64_t keys[] = {1, 2, 3}, offsets[] = {0, 2, 3, 3};
    const double numbers[] = {INFINITY, -INFINITY, -(double)NAN};
    static const uint8_t bools[] = {0, 1, 77};
    static const pt_sv items[] = {{"x", 1}, {NULL, 0}, {NULL, 0}};
    pt_cells cells[] = {{.form = PT_CELLS_U32, .data = ordinals},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_INSTANT, .data = keys},
                        {.form = PT_CELLS_U64, .data = keys},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_NUMBER, .data = numbers},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_BOOL, .data = bools},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_LIST, .data = items, .offsets = offsets}};
    pt_rows rows = {3, PT_COUNT(cells), cells};

    CHECK_OK(pt_timeline_builder_new(&b, path, &schema, &o, &err));
    CHECK_OK(pt_timeline_builder_add(b, 0, &rows, &err));
    CHECK_OK(pt_timeline_builder_finish(b, NULL, &err));
    CHECK_OK(pt_timeline_open(&t, path, &err));
    CHECK_OK(pt_timeline_check(t, 0, 1, &err));
    const pt_column *c = pt_timeline_columns(t);
    CHECK_INT(pt_timeline_get_stats(t, 0).missing, 3);
    CHECK(pt_column_missing(&c[1], 2) && !pt_column_missing(&c[1], 1));
    CHECK_INT(c[2].offsets[1], 1);
    CHECK_INT(c[2].offsets[3], 1);
    CHECK(!pt_column_missing(&c[2], 1)); /* empty, not missing */
    pt_timeline_close(t);
    free(path);
}
