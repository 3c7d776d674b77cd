/* Building and reading timelines while memory and disk run out: the right code, the old file untouched, nothing left. */
#include <stdlib.h>

#include "base/io.h"
#include "fault/inject.h"
#include "support/test.h"
#include "timeline/timeline.h"

enum { COLUMNS = 4, CELLS = 3 + COLUMNS };

/* Rows whose texts repeat, with lists, over some customers of whom one has half. */
typedef struct events {
    size_t n;
    uint32_t *ordinals;
    int64_t *times;
    uint64_t *sequences;
    pt_sv *texts, *items;
    uint64_t *offsets;
    double *numbers;
    char *bytes;
    pt_cells cells[CELLS];
} events;

static const pt_timeline_column columns[COLUMNS] = {
    {"item", PT_TYPE_TEXT}, {"price", PT_TYPE_NUMBER}, {"labels", PT_TYPE_LIST}, {"channel", PT_TYPE_CATEGORY}};
static const pt_timeline_schema schema = {"orders", columns, COLUMNS};

static void make_events(events *e, size_t n)
{
    *e = (events){.n = n};
    e->ordinals = pt_zalloc(n, 4);
    e->times = pt_zalloc(n, 8);
    e->sequences = pt_zalloc(n, 8);
    e->texts = pt_zalloc(n, sizeof(pt_sv));
    e->items = pt_zalloc(n, sizeof(pt_sv));
    e->offsets = pt_zalloc(n + 1, 8);
    e->numbers = pt_zalloc(n, 8);
    e->bytes = pt_zalloc(n, 16);
    for (size_t i = 0; i < n; i++) {
        e->ordinals[i] = i % 2 ? 7 : (uint32_t)(i * 31 % 100);
        e->times[i] = (int64_t)(i * 7919 % n);
        e->sequences[i] = i;
        int length = snprintf(e->bytes + 16 * i, 16, "item %zu", i % 700);
        e->texts[i] = e->items[i] = (pt_sv){e->bytes + 16 * i, (size_t)length};
        e->offsets[i + 1] = i + 1;
        e->numbers[i] = (double)i;
    }
    e->cells[0] = (pt_cells){.form = PT_CELLS_U32, .data = e->ordinals};
    e->cells[1] = (pt_cells){.form = PT_CELLS_TYPED, .type = PT_TYPE_INSTANT, .data = e->times};
    e->cells[2] = (pt_cells){.form = PT_CELLS_U64, .data = e->sequences};
    e->cells[3] = (pt_cells){.form = PT_CELLS_TYPED, .type = PT_TYPE_TEXT, .data = e->texts};
    e->cells[4] = (pt_cells){.form = PT_CELLS_TYPED, .type = PT_TYPE_NUMBER, .data = e->numbers};
    e->cells[5] = (pt_cells){.form = PT_CELLS_TYPED, .type = PT_TYPE_LIST, .data = e->items, .offsets = e->offsets};
    e->cells[6] = (pt_cells){.form = PT_CELLS_TYPED, .type = PT_TYPE_CATEGORY, .data = e->texts};
}

static void free_events(events *e)
{
    free(e->ordinals);
    free(e->times);
    free(e->sequences);
    free(e->texts);
    free(e->items);
    free(e->offsets);
    free(e->numbers);
    free(e->bytes);
}

static pt_rc build(const char *path, const events *e, pt_err *err)
{
    pt_timeline_builder *b;
    pt_timeline_options o = {.ordinals = 100, .memory = 1 << 20, .workers = 1};
    pt_rows rows = {e->n, CELLS, e->cells};

    PT_TRY(pt_timeline_builder_new(&b, path, &schema, &o, err));
    pt_rc rc = pt_timeline_builder_add(b, 0, &rows, err);
    if (rc == PT_OK)
        return pt_timeline_builder_finish(b, NULL, err);
    pt_timeline_builder_abort(b);
    return rc;
}

static void check_same(const char *path, const char *other)
{
    pt_err err;
    pt_map a, b;

    CHECK_OK(pt_map_open(&a, path, &err));
    CHECK_OK(pt_map_open(&b, other, &err));
    CHECK_INT(a.size, b.size);
    CHECK(memcmp(a.ptr, b.ptr, a.size) == 0);
    pt_map_close(&a);
    pt_map_close(&b);
}

/* Builds over an old file with every n-th call failing. `n` events: many spill and are merged. */
static void build_under(inject_kind kind, pt_rc expected, size_t n_events)
{
    char path[300], good[300];
    events e, few;
    pt_err err;

    make_events(&e, n_events);
    make_events(&few, 10);
    snprintf(path, sizeof path, "%s/orders.timeline", test_dir());
    snprintf(good, sizeof good, "%s/good.timeline", test_dir());
    CHECK_OK(build(good, &e, &err));
    CHECK_OK(build(path, &few, &err));
    for (unsigned long n = 1;; n += inject_step(n)) {
        inject_at(kind, n);
        pt_rc rc = build(path, &e, &err);
        bool failed = inject_end();
        CHECK_STR(inject_folder(test_dir()), "good.timeline orders.timeline");
        if (!failed || kind == INJECT_SHORT_WRITE) {
            test_ok(__FILE__, __LINE__, "build", rc, &err);
            check_same(path, good);
        } else {
            CHECK_INT(rc, expected);
            CHECK_INT(err.code, expected);
            pt_timeline *t;
            CHECK_OK(pt_timeline_open(&t, path, &err));
            CHECK_INT(pt_timeline_events(t), 10);
            pt_timeline_close(t);
        }
        if (!failed)
            break;
    }
    free_events(&e);
    free_events(&few);
}

TEST(timeline_builder__without_memory)
{
    build_under(INJECT_MEMORY, PT_ENOMEM, 200);
}

TEST(timeline_builder__without_memory_while_spilling_and_merging)
{
    build_under(INJECT_MEMORY, PT_ENOMEM, 60000);
}

TEST(timeline_builder__on_a_full_disk)
{
    build_under(INJECT_DISK_FULL, PT_EIO, 200);
}

TEST(timeline_builder__on_a_full_disk_while_spilling_and_merging)
{
    build_under(INJECT_DISK_FULL, PT_EIO, 60000);
}

TEST(timeline_builder__when_writes_are_short)
{
    build_under(INJECT_SHORT_WRITE, PT_OK, 60000);
}

TEST(timeline_builder__when_rename_fails)
{
    build_under(INJECT_RENAME, PT_EIO, 200);
}

/* The second fsync is that of the folder: the new file is in place by then, only not for certain after a power cut. */
TEST(timeline_builder__when_sync_fails)
{
    char path[300];
    events e;
    pt_err err;

    make_events(&e, 200);
    snprintf(path, sizeof path, "%s/orders.timeline", test_dir());
    for (unsigned long n = 1; n <= 2; n++) {
        inject_at(INJECT_SYNC, n);
        pt_rc rc = build(path, &e, &err);
        CHECK(inject_end());
        CHECK_INT(rc, PT_EIO);
        CHECK_STR(inject_folder(test_dir()), n == 1 ? "" : "orders.timeline");
    }
    free_events(&e);
}

static pt_rc open_and_gather(const char *path, const events *extra, pt_err *err)
{
    pt_timeline *t = NULL;
    pt_timeline_overlay *o = NULL;
    pt_timeline_slice s;
    pt_rows rows = {extra->n, CELLS, extra->cells};
    pt_arena *a = pt_arena_new(0);
    pt_rc rc = a ? pt_timeline_open(&t, path, err) : pt_fail_nomem(err, "arena");

    if (rc == PT_OK)
        rc = pt_timeline_check(t, 0, pt_timeline_ordinals(t), err);
    if (rc == PT_OK)
        rc = pt_timeline_overlay_new(&o, t, NULL, err);
    for (int i = 0; i < 20 && rc == PT_OK; i++) { /* new texts each time: dictionaries grow */
        snprintf(extra->bytes, 16, "new %d", i);
        rc = pt_timeline_gather(&s, o, 0, &rows, a, err);
        if (rc == PT_OK)
            CHECK(pt_sv_eq(pt_dict_text(s.columns[0].dict, pt_column_code(&s.columns[0], s.offsets[1] - 1)),
                           extra->texts[0]));
    }
    pt_timeline_overlay_free(o);
    pt_timeline_close(t);
    pt_arena_free(a);
    return rc;
}

TEST(timeline_reader__without_memory)
{
    char path[300];
    events e, extra;
    pt_err err;
    bool failed = true;

    make_events(&e, 500);
    make_events(&extra, 1);
    extra.times[0] = INT64_MAX;
    snprintf(path, sizeof path, "%s/orders.timeline", test_dir());
    CHECK_OK(build(path, &e, &err));
    for (unsigned long n = 1; failed; n++) {
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = open_and_gather(path, &extra, &err);
        failed = inject_end();
        CHECK(rc == (failed ? PT_ENOMEM : PT_OK) || (failed && rc == PT_OK)); /* a cache may do without */
    }
    free_events(&e);
    free_events(&extra);
}
