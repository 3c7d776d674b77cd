/* One customer with new rows against the plain order of all rows, as if the file had been built of them. */
#include "timeline/timeline.h"

#include <stdlib.h>

#include "support/rowset.h"
#include "support/test.h"

/* A file of the rows before `split`; sequences rise with row numbers, so the rest arrived later. */
static pt_timeline *build_base(const rowset *r, size_t split, const char *name)
{
    char path[300];
    pt_err err;
    pt_timeline *t;
    pt_timeline_builder *b;
    pt_arena *a = pt_arena_new(0);
    size_t *rows = pt_zalloc(split, sizeof *rows);
    pt_timeline_options o = {.ordinals = r->ordinals, .workers = 1};

    snprintf(path, sizeof path, "%s/%s", test_dir(), name);
    for (size_t i = 0; i < split; i++)
        rows[i] = i;
    pt_rows batch = rowset_take(r, rows, split, a);
    CHECK_OK(pt_timeline_builder_new(&b, path, &r->schema, &o, &err));
    CHECK_OK(pt_timeline_builder_add(b, 0, &batch, &err));
    CHECK_OK(pt_timeline_builder_finish(b, NULL, &err));
    CHECK_OK(pt_timeline_open(&t, path, &err));
    free(rows);
    pt_arena_free(a);
    return t;
}

/* The rows of one customer from `split` on, in random order. */
static pt_rows new_rows(const rowset *r, pt_rng *rng, size_t split, uint32_t ordinal, pt_arena *a)
{
    const uint32_t *ordinals = r->cells[0].data;
    size_t *rows = pt_arena_array(a, r->n, sizeof *rows), n = 0;

    for (size_t i = split; i < r->n; i++) {
        if (ordinals[i] != ordinal)
            continue;
        size_t k = pt_rng_below(rng, n + 1);
        rows[n++] = rows[k];
        rows[k] = i;
    }
    return rowset_take(r, rows, n, a);
}

static void check_customer(const rowset *r, const size_t *order, uint32_t ordinal, const pt_timeline_slice *s)
{
    const uint32_t *ordinals = r->cells[0].data;
    const int64_t *times = r->cells[1].data;
    uint64_t e = s->offsets[0];

    for (size_t i = 0; i < r->n; i++) {
        if (ordinals[order[i]] != ordinal)
            continue;
        CHECK(e < s->offsets[1]);
        CHECK_INT(s->times[e], times[order[i]]);
        for (size_t c = 0; c < r->schema.n_columns; c++)
            rowset_check_cell(r, c, order[i], &s->columns[c], e);
        e++;
    }
    CHECK_INT(e, s->offsets[1]);
}

TEST(timeline_gather__gives_what_a_file_of_all_rows_would)
{
    pt_err err;
    pt_rng rng;

    pt_rng_seed(&rng, 1);
    for (int round = 0; round < 40; round++) {
        rowset_options options = {.ordinals = 1 + (uint32_t)pt_rng_below(&rng, 12),
                                  .rows = pt_rng_below(&rng, 700),
                                  .columns = pt_rng_below(&rng, 9),
                                  .texts = round % 3 ? 40 : 5000,
                                  .sorted = pt_rng_below(&rng, 2),
                                  .heavy = 2};
        rowset *r = rowset_random(&rng, &options);
        size_t split = pt_rng_below(&rng, r->n + 1);
        pt_timeline *t = build_base(r, split, "base.timeline");
        const size_t *order = rowset_order(r);
        pt_timeline_overlay *o;
        pt_arena *a = pt_arena_new(0);
        CHECK_OK(pt_timeline_overlay_new(&o, t, NULL, &err));
        for (uint32_t ordinal = 0; ordinal < r->ordinals; ordinal++) {
            pt_timeline_slice s;
            pt_rows extra = new_rows(r, &rng, split, ordinal, a);
            CHECK_OK(pt_timeline_gather(&s, o, ordinal, &extra, a, &err));
            check_customer(r, order, ordinal, &s);
            pt_arena_reset(a);
        }
        pt_timeline_overlay_free(o);
        pt_timeline_close(t);
        pt_arena_free(a);
        rowset_free(r);
    }
}

/* --- dictionaries -------------------------------------------------------------------------------------------------------- */

typedef struct event {
    uint32_t ordinal;
    int64_t time;
    uint64_t sequence;
    pt_sv item;
} event;

static const pt_timeline_column item_column = {"item", PT_TYPE_TEXT};
static const pt_timeline_schema item_schema = {"orders", &item_column, 1};

static void add_event(pt_timeline_builder *b, event e)
{
    pt_err err;
    pt_cells cells[] = {{.form = PT_CELLS_U32, .data = &e.ordinal},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_INSTANT, .data = &e.time},
                        {.form = PT_CELLS_U64, .data = &e.sequence},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_TEXT, .data = &e.item}};
    pt_rows rows = {1, PT_COUNT(cells), cells};

    CHECK_OK(pt_timeline_builder_add(b, 0, &rows, &err));
}

static pt_timeline *build_items(uint32_t n)
{
    char path[300], text[16];
    pt_err err;
    pt_timeline *t;
    pt_timeline_builder *b;
    pt_timeline_options o = {.ordinals = 10, .workers = 1};

    snprintf(path, sizeof path, "%s/items.timeline", test_dir());
    CHECK_OK(pt_timeline_builder_new(&b, path, &item_schema, &o, &err));
    for (uint32_t i = 0; i < n; i++) {
        snprintf(text, sizeof text, "item %05u", i);
        add_event(b, (event){i % 10, i, i, {text, strlen(text)}});
    }
    CHECK_OK(pt_timeline_builder_finish(b, NULL, &err));
    CHECK_OK(pt_timeline_open(&t, path, &err));
    return t;
}

static pt_sv gather_one(pt_timeline_overlay *o, uint32_t ordinal, pt_sv item, pt_arena *a, const pt_dict **dict)
{
    pt_err err;
    pt_timeline_slice s;
    int64_t time = INT64_MAX;
    uint64_t sequence = 1;
    pt_cells cells[] = {{.form = PT_CELLS_U32, .data = &ordinal},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_INSTANT, .data = &time},
                        {.form = PT_CELLS_U64, .data = &sequence},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_TEXT, .data = &item}};
    pt_rows rows = {1, PT_COUNT(cells), cells};

    CHECK_OK(pt_timeline_gather(&s, o, ordinal, &rows, a, &err));
    *dict = s.columns[0].dict;
    return pt_dict_text(*dict, pt_column_code(&s.columns[0], s.offsets[1] - 1));
}

TEST(timeline_overlay__dictionary_keeps_its_address_and_codes_as_it_grows)
{
    enum { NEW = 30000 };
    pt_err err;
    pt_timeline_overlay *o;
    pt_arena *a = pt_arena_new(0);
    pt_timeline *t = build_items(250);
    const pt_dict *first, *dict;
    char text[40];

    CHECK_OK(pt_timeline_overlay_new(&o, t, NULL, &err));
    CHECK(pt_sv_eq(gather_one(o, 3, PT_SV("item 00007"), a, &first), PT_SV("item 00007")));
    CHECK_INT(first->n, 250);
    CHECK(first->sorted);
    for (uint32_t i = 0; i < NEW; i++) {
        int n = snprintf(text, sizeof text, "new item with a longer name %u", i);
        CHECK(pt_sv_eq(gather_one(o, i % 12, (pt_sv){text, (size_t)n}, a, &dict), (pt_sv){text, (size_t)n}));
        CHECK(dict == first);
        CHECK_INT(dict->n, 251 + i);
        pt_arena_reset(a);
    }
    CHECK(!first->sorted);
    for (uint32_t i = 0; i < NEW; i += 7) { /* the second time nothing is added, and codes are what they were */
        int n = snprintf(text, sizeof text, "new item with a longer name %u", i);
        CHECK(pt_sv_eq(pt_dict_text(first, 251 + i), (pt_sv){text, (size_t)n}));
        gather_one(o, 1, (pt_sv){text, (size_t)n}, a, &dict);
        pt_arena_reset(a);
    }
    CHECK_INT(first->n, 250 + NEW);
    CHECK(pt_sv_eq(pt_dict_text(first, 250), PT_SV("item 00249")));
    CHECK_INT(pt_timeline_columns(t)[0].dict->n, 250);
    CHECK_OK(pt_timeline_check(t, 0, 10, &err));
    pt_timeline_overlay_free(o);
    pt_timeline_close(t);
    pt_arena_free(a);
}

TEST(timeline_gather__copies_nothing_when_nothing_is_new)
{
    pt_err err;
    pt_timeline_overlay *o;
    pt_timeline_slice s;
    pt_timeline *t = build_items(100);
    pt_arena *a = pt_arena_new(0);

    CHECK_OK(pt_timeline_overlay_new(&o, t, NULL, &err));
    CHECK_OK(pt_timeline_gather(&s, o, 4, NULL, a, &err));
    CHECK(s.times == pt_timeline_times(t));
    CHECK(s.columns[0].data == pt_timeline_columns(t)[0].data);
    CHECK_INT(s.offsets[0], pt_timeline_offsets(t)[4]);
    CHECK_INT(s.offsets[1], pt_timeline_offsets(t)[5]);
    CHECK_INT(pt_arena_used(a), 0);
    CHECK_OK(pt_timeline_gather(&s, o, 99, NULL, a, &err));
    CHECK_INT(s.offsets[1] - s.offsets[0], 0);
    pt_timeline_overlay_free(o);
    pt_timeline_close(t);
    pt_arena_free(a);
}

TEST(timeline_gather__leaves_unwanted_columns_empty)
{
    pt_err err;
    pt_timeline_overlay *o;
    const pt_dict *dict = NULL;
    pt_timeline_slice s;
    static const bool wanted[] = {false};
    pt_timeline *t = build_items(100);
    pt_arena *a = pt_arena_new(0);
    uint32_t ordinal = 4;
    int64_t time = 0;
    uint64_t sequence = 0;
    pt_sv item = PT_SV("x");
    pt_cells cells[] = {{.form = PT_CELLS_U32, .data = &ordinal},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_INSTANT, .data = &time},
                        {.form = PT_CELLS_U64, .data = &sequence},
                        {.form = PT_CELLS_TYPED, .type = PT_TYPE_TEXT, .data = &item}};
    pt_rows rows = {1, PT_COUNT(cells), cells};

    CHECK_OK(pt_timeline_overlay_new(&o, t, wanted, &err));
    CHECK_OK(pt_timeline_gather(&s, o, 4, &rows, a, &err));
    CHECK_INT(s.offsets[1] - s.offsets[0], 11);
    CHECK(s.columns[0].data == NULL && s.columns[0].dict == dict);
    rows.n_cells = 3;
    CHECK(pt_timeline_gather(&s, o, 4, &rows, a, &err) == PT_EINTERNAL);
    rows.n_cells = 4;
    CHECK(pt_timeline_gather(&s, o, 5, &rows, a, &err) == PT_EINTERNAL);
    pt_timeline_overlay_free(o);
    pt_timeline_close(t);
    pt_arena_free(a);
}
