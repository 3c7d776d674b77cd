/* Tag files against the plain table of values they were made from. */
#include "index/tagset.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/io.h"
#include "base/pool.h"
#include "base/rng.h"
#include "support/test.h"

/* --- a table of random tags ------------------------------------------------------------------------------------------- */

enum { MOST_TAGS = 24 };

typedef struct table {
    pt_arena *arena;
    uint32_t ordinals;
    size_t n_tags;
    pt_tag_info tags[MOST_TAGS];
    pt_column columns[MOST_TAGS]; /* rows = ordinals; dictionaries unsorted, with texts nobody uses */
} table;

static void *make(pt_arena *a, size_t n, size_t size)
{
    void *p = pt_arena_array(a, n, size);

    CHECK(p);
    return p;
}

static void free_intern(void *in)
{
    pt_intern_free(in);
}

/* A dictionary as a timeline has it. */
static const pt_dict *sorted_dict(table *t, uint32_t texts)
{
    pt_dict *d = make(t->arena, 1, sizeof *d);
    uint64_t *offsets = make(t->arena, texts + 2, sizeof *offsets);
    char *all = make(t->arena, texts + 1, 8);

    for (uint32_t i = 0; i <= texts; i++) {
        snprintf(all + i * 7, 8, "%07u", i);
        offsets[i + 1] = (i + 1) * 7;
    }
    *d = (pt_dict){.n = texts + 1, .sorted = true, .offsets = offsets, .bytes = all};
    return d;
}

/* Texts in random order: a text's number says nothing about its place. */
static const pt_dict *random_dict(table *t, pt_rng *rng, uint32_t texts)
{
    if (pt_rng_below(rng, 3) == 0)
        return sorted_dict(t, texts);
    pt_intern *in = pt_intern_new();
    char text[64];

    CHECK(in && pt_arena_defer(t->arena, free_intern, in));
    for (uint32_t i = 0; i < texts; i++) {
        unsigned long long number = pt_rng_u64(rng);
        int n = snprintf(text, sizeof text, "%llx", number >> pt_rng_below(rng, 60));
        CHECK(pt_intern_add(in, (pt_sv){text, (size_t)n}));
    }
    CHECK(pt_intern_add(in, PT_SV("")));
    return pt_intern_dict(in);
}

static uint32_t random_code(pt_rng *rng, const pt_dict *d, bool may_miss)
{
    return may_miss && pt_rng_below(rng, 4) == 0 ? PT_CODE_MISSING : 1 + (uint32_t)pt_rng_below(rng, d->n);
}

static void random_list(table *t, pt_rng *rng, pt_column *c)
{
    uint64_t *offsets = make(t->arena, t->ordinals + 1, sizeof *offsets);
    uint8_t *absent = make(t->arena, t->ordinals, 1);
    uint32_t *items = make(t->arena, t->ordinals * 6 + 1, sizeof *items);
    double *weights = make(t->arena, t->ordinals * 6 + 1, sizeof *weights);

    for (uint32_t i = 0; i < t->ordinals; i++) {
        absent[i] = pt_rng_below(rng, 5) == 0;
        uint64_t n = absent[i] ? 0 : pt_rng_below(rng, 7);
        for (uint64_t k = 0; k < n; k++) {
            items[offsets[i] + k] = random_code(rng, c->dict, false);
            weights[offsets[i] + k] = pt_rng_double(rng);
        }
        offsets[i + 1] = offsets[i] + n;
    }
    c->offsets = offsets;
    c->absent = pt_rng_below(rng, 3) ? absent : NULL;
    if (!c->absent)
        memset(absent, 0, t->ordinals);
    c->data = items;
    c->weights = c->type == PT_TYPE_WEIGHTED ? weights : NULL;
}

static void fill_value(void *data, pt_type type, uint32_t i, pt_rng *rng)
{
    bool missing = pt_rng_below(rng, 4) == 0;

    switch (type) {
    case PT_TYPE_BOOL: ((uint8_t *)data)[i] = missing ? PT_BOOL_MISSING : (uint8_t)pt_rng_below(rng, 2); break;
    case PT_TYPE_NUMBER: ((double *)data)[i] = missing ? -(double)NAN : pt_rng_double(rng); break;
    case PT_TYPE_DATE: ((int32_t *)data)[i] = missing ? PT_I32_MISSING : (int32_t)pt_rng_u64(rng); break;
    default: ((int64_t *)data)[i] = missing ? PT_I64_MISSING : (int64_t)pt_rng_u64(rng);
    }
}

static void random_column(table *t, pt_rng *rng, pt_column *c, pt_type type)
{
    static const uint32_t sizes[] = {0, 3, 250, 254, 1000, 80000, 140000};
    static const uint8_t widths[] = {1, 2, 4};

    *c = (pt_column){.type = type, .width = (uint8_t)pt_type_width(type)};
    if (pt_type_is_text(type) || pt_type_is_list(type)) {
        c->dict = random_dict(t, rng, sizes[pt_rng_below(rng, PT_COUNT(sizes))]);
        c->width = 4;
    }
    if (pt_type_is_list(type)) {
        random_list(t, rng, c);
        return;
    }
    void *data = make(t->arena, t->ordinals, 8);
    c->data = data;
    if (!pt_type_is_text(type)) {
        for (uint32_t i = 0; i < t->ordinals; i++)
            fill_value(data, type, i, rng);
        return;
    }
    do
        c->width = widths[pt_rng_below(rng, PT_COUNT(widths))];
    while (c->width < 4 && c->dict->n >> (8 * c->width));
    for (uint32_t i = 0; i < t->ordinals; i++) {
        uint32_t code = random_code(rng, c->dict, true);
        memcpy((char *)data + (size_t)i * c->width, &code, c->width);
    }
}

static table *random_table(pt_rng *rng, uint32_t ordinals, size_t n_tags)
{
    pt_arena *a = pt_arena_new(0);
    table *t = make(a, 1, sizeof *t);

    *t = (table){.arena = a, .ordinals = ordinals, .n_tags = n_tags};
    for (size_t i = 0; i < n_tags; i++) {
        pt_type type = (pt_type)(PT_TYPE_BOOL + pt_rng_below(rng, PT_TYPE_WEIGHTED));
        t->tags[i] =
            (pt_tag_info){pt_arena_printf(a, "%c_%s", (int)('a' + (int)(i * 7 % 24)), pt_type_name(type)), type};
        random_column(t, rng, &t->columns[i], type);
    }
    return t;
}

/* Rows from `first` on, as an evaluator hands them out: offsets[0] of a list is not 0. */
static pt_column slice(const pt_column *c, uint32_t first)
{
    pt_column s = *c;

    if (pt_type_is_list(c->type)) {
        s.offsets += first;
        s.absent = c->absent ? c->absent + first : NULL;
    } else {
        s.data = (const char *)c->data + (size_t)first * c->width;
    }
    return s;
}

/* --- writing ----------------------------------------------------------------------------------------------------------- */

typedef struct bytes {
    unsigned char *ptr;
    size_t n;
} bytes;

static pt_rc collect(void *ctx, const void *from, size_t n, pt_err *err)
{
    pt_str *s = ctx;

    (void)err;
    pt_str_addn(s, from, n);
    return PT_OK;
}

static pt_rc mend(void *ctx, uint64_t offset, const void *from, size_t n, pt_err *err)
{
    pt_str *s = ctx;

    (void)err;
    CHECK(offset <= s->len && n <= s->len - offset);
    memcpy(s->ptr + offset, from, n);
    return PT_OK;
}

static bytes write_bytes(pt_tagset_builder *b)
{
    pt_err err;
    pt_str s = {0};

    CHECK_OK(pt_tagset_builder_write(b, 77, (pt_hash128){3, 4}, &(pt_tagset_sink){&s, collect, mend}, &err));
    bytes out = {pt_alloc64(s.len, 1), s.len};
    CHECK(!s.failed && out.ptr);
    memcpy(out.ptr, s.ptr, s.len);
    pt_str_free(&s);
    pt_tagset_builder_free(b);
    return out;
}

typedef struct block {
    uint32_t first, n;
    size_t tag;
    unsigned worker;
} block;

typedef struct plan {
    const table *t;
    pt_tagset_builder *b;
    block *blocks;
    size_t n, cap;
} plan;

/* Every tag cut into random blocks, in random order, for random workers. Rows [gap, gap_end) are left out. */
static void make_plan(plan *p, pt_rng *rng, unsigned workers, uint32_t most, uint32_t gap, uint32_t gap_end)
{
    for (size_t tag = 0; tag < p->t->n_tags; tag++) {
        for (uint32_t first = 0, n; first < p->t->ordinals; first += n) {
            n = 1 + (uint32_t)pt_rng_below(rng, most);
            if (first < gap && first + n > gap)
                n = gap - first;
            if (first == gap && gap < gap_end) {
                n = gap_end - gap;
                continue;
            }
            n = n < p->t->ordinals - first ? n : p->t->ordinals - first;
            CHECK(pt_grow(&p->blocks, &p->cap, p->n + 1, sizeof *p->blocks));
            p->blocks[p->n++] = (block){first, n, tag, (unsigned)pt_rng_below(rng, workers)};
        }
    }
    for (size_t i = p->n; i > 1; i--) {
        size_t k = pt_rng_below(rng, i);
        block swap = p->blocks[i - 1];
        p->blocks[i - 1] = p->blocks[k];
        p->blocks[k] = swap;
    }
}

static bytes build(const table *t, pt_rng *rng, unsigned workers, uint32_t most, uint32_t gap, uint32_t gap_end)
{
    pt_err err;
    plan p = {.t = t};

    CHECK_OK(pt_tagset_builder_new(&p.b, t->tags, t->n_tags, t->ordinals, workers, &err));
    make_plan(&p, rng, workers, most, gap, gap_end);
    for (size_t i = 0; i < p.n; i++) {
        const block *k = &p.blocks[i];
        pt_column c = slice(&t->columns[k->tag], k->first);
        CHECK_OK(pt_tagset_builder_put(p.b, k->worker, k->tag, k->first, k->n, &c, &err));
    }
    free(p.blocks);
    return write_bytes(p.b);
}

/* --- comparing --------------------------------------------------------------------------------------------------------- */

static void check_text(const pt_column *got, uint64_t at, const pt_column *want, uint64_t from)
{
    uint32_t code = pt_column_code(got, at), expected = pt_column_code(want, from);

    CHECK_INT(code == PT_CODE_MISSING, expected == PT_CODE_MISSING);
    if (code == PT_CODE_MISSING)
        return;
    CHECK(code <= got->dict->n);
    CHECK(pt_sv_eq(pt_dict_text(got->dict, code), pt_dict_text(want->dict, expected)));
}

static void check_row(const pt_column *got, const pt_column *want, uint32_t row, bool left_out)
{
    CHECK_INT(pt_column_missing(got, row), left_out || pt_column_missing(want, row));
    if (pt_type_is_list(got->type)) {
        uint64_t n = left_out ? 0 : want->offsets[row + 1] - want->offsets[row];
        CHECK_INT(got->offsets[row + 1] - got->offsets[row], n);
        for (uint64_t k = 0; k < n; k++) {
            check_text(got, got->offsets[row] + k, want, want->offsets[row] + k);
            if (got->weights)
                CHECK_DOUBLE(got->weights[got->offsets[row] + k], want->weights[want->offsets[row] + k]);
        }
    } else if (!left_out && pt_type_is_text(got->type)) {
        check_text(got, row, want, row);
    } else if (!pt_column_missing(got, row)) {
        size_t width = got->width;
        CHECK(memcmp((const char *)got->data + row * width, (const char *)want->data + row * width, width) == 0);
    }
}

static void check_bytes(const table *t, bytes b, uint32_t gap, uint32_t gap_end)
{
    pt_err err;
    pt_tagset *set;

    CHECK_OK(pt_tagset_open(&set, b.ptr, b.n, &err));
    CHECK_INT(pt_tagset_ordinals(set), t->ordinals);
    CHECK_INT(pt_tagset_as_of(set), 77);
    CHECK_INT(pt_tagset_made_from(set).hi, 4);
    CHECK_INT(pt_tagset_count(set), t->n_tags);
    for (size_t i = 0; i < t->n_tags; i++) {
        const pt_column *c;
        uint64_t present = 0;
        CHECK_STR(pt_tagset_info(set, i)->name, t->tags[i].name);
        CHECK_INT(pt_tagset_info(set, i)->type, t->tags[i].type);
        CHECK_OK(pt_tagset_column(&c, set, i, &err));
        for (uint32_t row = 0; row < t->ordinals; row++) {
            check_row(c, &t->columns[i], row, row >= gap && row < gap_end);
            present += !pt_column_missing(c, row);
        }
        CHECK_INT(pt_tagset_present(set, i), present);
        for (uint32_t code = 2; c->dict && code <= c->dict->n; code++)
            CHECK(pt_sv_cmp(pt_dict_text(c->dict, code - 1), pt_dict_text(c->dict, code)) < 0);
    }
    pt_tagset_close(set);
}

TEST(tagset__gives_values_back)
{
    pt_rng rng;

    pt_rng_seed(&rng, 1);
    for (int round = 0; round < 40; round++) {
        uint32_t ordinals = (uint32_t)pt_rng_below(&rng, round % 4 ? 500 : 20000), gap = 0, gap_end = 0;
        if (ordinals > 2 && round % 3 == 0) {
            gap = (uint32_t)pt_rng_below(&rng, ordinals - 1);
            gap_end = gap + 1 + (uint32_t)pt_rng_below(&rng, ordinals - gap - 1);
        }
        table *t = random_table(&rng, ordinals, pt_rng_below(&rng, MOST_TAGS + 1));
        bytes b = build(t, &rng, 1 + (unsigned)pt_rng_below(&rng, 3), 300, gap, gap_end);
        check_bytes(t, b, gap, gap_end);
        free(b.ptr);
        pt_arena_free(t->arena);
    }
}

TEST(tagset__bytes_do_not_depend_on_workers_order_or_cut)
{
    pt_rng rng;

    pt_rng_seed(&rng, 2);
    for (int round = 0; round < 5; round++) {
        table *t = random_table(&rng, 3000, 12);
        bytes first = build(t, &rng, 1, 4000, 0, 0);
        for (unsigned workers = 1; workers <= 4; workers++) {
            bytes other = build(t, &rng, workers, workers * 200, 0, 0);
            CHECK_INT(other.n, first.n);
            CHECK(memcmp(other.ptr, first.ptr, first.n) == 0);
            free(other.ptr);
        }
        free(first.ptr);
        pt_arena_free(t->arena);
    }
}

static pt_rc put_block_of_plan(void *arg, size_t index, unsigned worker, pt_err *err)
{
    plan *p = arg;
    const block *k = &p->blocks[index];
    pt_column c = slice(&p->t->columns[k->tag], k->first);

    return pt_tagset_builder_put(p->b, worker, k->tag, k->first, k->n, &c, err);
}

TEST(tagset__takes_values_from_threads)
{
    pt_err err;
    pt_rng rng;
    pt_pool *pool;

    pt_rng_seed(&rng, 3);
    table *t = random_table(&rng, 5000, 10);
    plan p = {.t = t};
    CHECK_OK(pt_pool_new(&pool, 4, &err));
    CHECK_OK(pt_tagset_builder_new(&p.b, t->tags, t->n_tags, t->ordinals, 4, &err));
    make_plan(&p, &rng, 1, 100, 0, 0);
    CHECK_OK(pt_pool_run(pool, p.n, put_block_of_plan, &p, &err));
    bytes b = write_bytes(p.b);
    check_bytes(t, b, 0, 0);
    free(b.ptr);
    free(p.blocks);
    pt_pool_free(pool);
    pt_arena_free(t->arena);
}

TEST(tagset__remembers_nothing_of_a_dictionary)
{
    pt_err err;
    pt_tagset_builder *b;
    pt_tagset *set;
    const pt_column *got;
    pt_tag_info tag = {"favourite", PT_TYPE_TEXT};
    pt_intern *in = pt_intern_new();
    static const uint8_t codes[] = {1, 2};
    pt_column c = {.type = PT_TYPE_TEXT, .width = 1, .data = codes, .dict = pt_intern_dict(in)};

    CHECK_OK(pt_tagset_builder_new(&b, &tag, 1, 4, 1, &err));
    pt_intern_add(in, PT_SV("tea"));
    pt_intern_add(in, PT_SV("rice"));
    CHECK_OK(pt_tagset_builder_put(b, 0, 0, 0, 2, &c, &err));
    pt_intern_clear(in);
    pt_intern_add(in, PT_SV("oil"));
    pt_intern_add(in, PT_SV("tea"));
    CHECK_OK(pt_tagset_builder_put(b, 0, 0, 2, 2, &c, &err));
    bytes file = write_bytes(b);
    CHECK_OK(pt_tagset_open(&set, file.ptr, file.n, &err));
    CHECK_OK(pt_tagset_column(&got, set, 0, &err));
    static const char *const want[] = {"tea", "rice", "oil", "tea"};
    for (uint32_t i = 0; i < 4; i++)
        CHECK(pt_sv_eq(pt_dict_text(got->dict, pt_column_code(got, i)), pt_sv_of(want[i])));
    pt_tagset_close(set);
    free(file.ptr);
    pt_intern_free(in);
}

TEST(tagset__refuses_rows_given_twice_or_out_of_range)
{
    pt_err err;
    pt_tagset_builder *b;
    pt_tag_info tag = {"age", PT_TYPE_NUMBER};
    static const double ages[] = {1, 2, 3};
    pt_column c = {.type = PT_TYPE_NUMBER, .width = 8, .data = ages},
              bools = {.type = PT_TYPE_BOOL, .width = 1, .data = ages};
    pt_str s = {0};

    CHECK_OK(pt_tagset_builder_new(&b, &tag, 1, 5, 2, &err));
    CHECK(pt_tagset_builder_put(b, 0, 0, 3, 3, &c, &err) == PT_EINTERNAL);
    CHECK(pt_tagset_builder_put(b, 0, 1, 0, 3, &c, &err) == PT_EINTERNAL);
    CHECK(pt_tagset_builder_put(b, 2, 0, 0, 3, &c, &err) == PT_EINTERNAL);
    CHECK(pt_tagset_builder_put(b, 0, 0, 0, 3, &bools, &err) == PT_EINTERNAL);
    CHECK_OK(pt_tagset_builder_put(b, 0, 0, 0, 3, &c, &err));
    CHECK_OK(pt_tagset_builder_put(b, 1, 0, 2, 3, &c, &err));
    CHECK(pt_tagset_builder_write(b, 0, (pt_hash128){0}, &(pt_tagset_sink){&s, collect, mend}, &err) == PT_EINTERNAL);
    CHECK_INT(s.len, 0);
    pt_str_free(&s);
    pt_tagset_builder_free(b);
}

TEST(tagset_find__knows_every_name_and_no_other)
{
    pt_err err;
    pt_rng rng;
    pt_tagset *set;

    pt_rng_seed(&rng, 4);
    table *t = random_table(&rng, 10, MOST_TAGS);
    bytes b = build(t, &rng, 1, 10, 0, 0);
    CHECK_OK(pt_tagset_open(&set, b.ptr, b.n, &err));
    for (size_t i = 0; i < t->n_tags; i++)
        CHECK_STR(pt_tagset_info(set, (size_t)pt_tagset_find(set, pt_sv_of(t->tags[i].name)))->name, t->tags[i].name);
    CHECK_INT(pt_tagset_find(set, PT_SV("")), -1);
    CHECK_INT(pt_tagset_find(set, PT_SV("a")), -1);
    CHECK_INT(pt_tagset_find(set, PT_SV("zz")), -1);
    pt_tagset_close(set);
    free(b.ptr);
    pt_arena_free(t->arena);
}

/* --- damage ------------------------------------------------------------------------------------------------------------ */

TEST(tagset__any_damaged_byte_is_noticed)
{
    pt_err err;
    pt_rng rng;

    pt_rng_seed(&rng, 5);
    table *t = random_table(&rng, 400, 8);
    bytes b = build(t, &rng, 1, 400, 0, 0);
    for (int round = 0; round < 3000; round++) {
        pt_tagset *set;
        const pt_column *c;
        size_t at = round < 400 ? (size_t)round : pt_rng_below(&rng, b.n);
        unsigned char flip = (unsigned char)(1 + pt_rng_below(&rng, 255));
        b.ptr[at] ^= flip;
        pt_rc rc = pt_tagset_open(&set, b.ptr, b.n, &err);
        for (size_t i = 0; rc == PT_OK && i < t->n_tags; i++)
            rc = pt_tagset_column(&c, set, i, &err);
        CHECK_INT(rc, PT_ECORRUPT);
        pt_tagset_close(set);
        b.ptr[at] ^= flip;
    }
    check_bytes(t, b, 0, 0);
    for (size_t n = 0; n < b.n; n += 1 + n / 50) {
        pt_tagset *set;
        CHECK(pt_tagset_open(&set, b.ptr, n, &err) == PT_ECORRUPT);
    }
    free(b.ptr);
    pt_arena_free(t->arena);
}

TEST(tagset_rows__checks_only_what_a_customer_needs)
{
    enum { ROWS = 200000, DAMAGED = 150000 };
    pt_err err;
    pt_tagset_builder *b;
    pt_tagset *set;
    const pt_column *c;
    pt_tag_info tag = {"spend", PT_TYPE_MONEY};
    int64_t *values = pt_zalloc(ROWS, sizeof *values);

    for (int64_t i = 0; i < ROWS; i++)
        values[i] = i * 3;
    pt_column column = {.type = PT_TYPE_MONEY, .width = 8, .data = values};
    CHECK_OK(pt_tagset_builder_new(&b, &tag, 1, ROWS, 1, &err));
    CHECK_OK(pt_tagset_builder_put(b, 0, 0, 0, ROWS, &column, &err));
    bytes file = write_bytes(b);
    size_t data = file.n - ROWS * sizeof *values;
    file.ptr[data + DAMAGED * sizeof *values] ^= 1;
    CHECK_OK(pt_tagset_open(&set, file.ptr, file.n, &err));
    CHECK_OK(pt_tagset_rows(&c, set, 0, 7, 1, &err));
    CHECK_INT(((const int64_t *)c->data)[7], 21);
    CHECK(pt_tagset_rows(&c, set, 0, DAMAGED, 1, &err) == PT_ECORRUPT);
    CHECK(strstr(err.msg, "'spend'"));
    CHECK(pt_tagset_rows(&c, set, 0, DAMAGED + 1, 1, &err) == PT_ECORRUPT);
    CHECK(pt_tagset_column(&c, set, 0, &err) == PT_ECORRUPT);
    CHECK_OK(pt_tagset_rows(&c, set, 0, 7, 2000, &err));
    CHECK(pt_tagset_rows(&c, set, 0, ROWS - 1, 2, &err) == PT_EINTERNAL);
    pt_tagset_close(set);
    free(file.ptr);
    free(values);
}

/* The corpus of the fuzz target is also what files of this version look like. A change of the format changes the version
 * and, with ACCEPT=1, these files. */
TEST(tagset_format__is_what_version_1_was)
{
    static const struct {
        const char *name;
        uint32_t ordinals;
        size_t tags;
    } files[] = {{"empty", 0, 0}, {"no_customers", 0, 4}, {"few", 7, 14}, {"some", 90, 6}};

    for (size_t i = 0; i < PT_COUNT(files); i++) {
        char kept[600];
        pt_err err;
        pt_rng rng;
        pt_sv then;
        pt_rng_seed(&rng, 100 + i);
        table *t = random_table(&rng, files[i].ordinals, files[i].tags);
        bytes now = build(t, &rng, 1, 100, 0, 0);
        snprintf(kept, sizeof kept, "%s/tests/fuzz/corpus/tags/%s", test_source_dir(), files[i].name);
        if (getenv("ACCEPT"))
            CHECK_OK(pt_write_file(kept, now.ptr, now.n, &err));
        CHECK_OK(pt_read_file(&then, kept, 0, t->arena, &err));
        CHECK_INT(then.len, now.n);
        CHECK(memcmp(then.ptr, now.ptr, now.n) == 0);
        free(now.ptr);
        pt_arena_free(t->arena);
    }
}
