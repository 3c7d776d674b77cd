/* Timeline files that are damaged, cut, of another version, or forged; and files of the present format, byte for byte. */
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "support/reseal.h"
#include "support/rowset.h"
#include "support/test.h"
#include "timeline/timeline_int.h"

static void build_at(const char *path, const rowset *r)
{
    pt_err err;
    pt_timeline_builder *b;
    pt_arena *a = pt_arena_new(0);
    size_t *rows = pt_zalloc(r->n, sizeof *rows);
    pt_timeline_options o = {.ordinals = r->ordinals, .workers = 1, .made_from = {5, 6}};

    for (size_t i = 0; i < r->n; i++)
        rows[i] = i;
    pt_rows all = rowset_take(r, rows, r->n, a);
    CHECK_OK(pt_timeline_builder_new(&b, path, &r->schema, &o, &err));
    CHECK_OK(pt_timeline_builder_add(b, 0, &all, &err));
    CHECK_OK(pt_timeline_builder_finish(b, NULL, &err));
    free(rows);
    pt_arena_free(a);
}

static rowset *some_rows(uint64_t seed, uint32_t ordinals, size_t n, size_t columns)
{
    pt_rng rng;
    rowset_options o = {.ordinals = ordinals, .rows = n, .columns = columns, .texts = 30, .heavy = UINT32_MAX};

    pt_rng_seed(&rng, seed);
    return rowset_random(&rng, &o);
}

static pt_sv read_whole(const char *path, pt_arena *a)
{
    pt_err err;
    pt_sv bytes;

    CHECK_OK(pt_read_file(&bytes, path, 0, a, &err));
    return bytes;
}

/* Opens and checks everything. */
static pt_rc open_and_check(const char *path, pt_err *err)
{
    pt_timeline *t;
    pt_rc rc = pt_timeline_open(&t, path, err);

    if (rc == PT_OK)
        rc = pt_timeline_check(t, 0, pt_timeline_ordinals(t), err);
    pt_timeline_close(t);
    return rc;
}

typedef struct victim {
    pt_arena *arena;
    char path[300];
    char *bytes;
    size_t n;
} victim;

static void make_victim(victim *v, uint64_t seed)
{
    rowset *r = some_rows(seed, 50, 1500, 7);

    v->arena = pt_arena_new(0);
    snprintf(v->path, sizeof v->path, "%s/victim.timeline", test_dir());
    build_at(v->path, r);
    pt_sv bytes = read_whole(v->path, v->arena);
    v->bytes = pt_arena_strndup(v->arena, bytes.ptr, bytes.len);
    v->n = bytes.len;
    rowset_free(r);
}

static void put_file(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");

    CHECK(f && (n == 0 || fwrite(bytes, 1, n, f) == n));
    CHECK(fclose(f) == 0);
}

TEST(timeline_check__notices_any_damaged_byte)
{
    pt_err err;
    pt_rng rng;
    victim v;

    pt_rng_seed(&rng, 1);
    make_victim(&v, 1);
    for (int round = 0; round < 1500; round++) {
        size_t at = round < 300 ? (size_t)round : pt_rng_below(&rng, v.n);
        char flip = (char)(1 + pt_rng_below(&rng, 255));
        v.bytes[at] ^= flip;
        put_file(v.path, v.bytes, v.n);
        CHECK_INT(open_and_check(v.path, &err), PT_ECORRUPT);
        CHECK(strstr(err.msg, v.path)); /* the message names the file */
        v.bytes[at] ^= flip;
    }
    put_file(v.path, v.bytes, v.n);
    CHECK_OK(open_and_check(v.path, &err));
    pt_arena_free(v.arena);
}

TEST(timeline_open__notices_files_cut_or_grown)
{
    pt_err err;
    victim v;
    pt_timeline *t;

    make_victim(&v, 2);
    for (size_t n = 0; n < v.n; n += 1 + n / 40) {
        put_file(v.path, v.bytes, n);
        CHECK_INT(pt_timeline_open(&t, v.path, &err), PT_ECORRUPT);
        CHECK(!t);
    }
    char *longer = pt_arena_alloc(v.arena, v.n + 64);
    memcpy(longer, v.bytes, v.n);
    put_file(v.path, longer, v.n + 64);
    CHECK_INT(pt_timeline_open(&t, v.path, &err), PT_ECORRUPT);
    pt_arena_free(v.arena);
}

TEST(timeline_open__says_why)
{
    pt_err err;
    victim v;
    pt_timeline *t;

    CHECK_INT(pt_timeline_open(&t, "/nowhere/x.timeline", &err), PT_ENOTFOUND);
    make_victim(&v, 3);
    reseal((unsigned char *)v.bytes, v.n, TIMELINE_MAGIC, TIMELINE_VERSION + 1, TIMELINE_BLOCK_LOG2);
    put_file(v.path, v.bytes, v.n);
    CHECK_INT(pt_timeline_open(&t, v.path, &err), PT_ECORRUPT);
    CHECK(strstr(err.msg, "version 2"));
    reseal((unsigned char *)v.bytes, v.n, "PTTAGSET", TIMELINE_VERSION, TIMELINE_BLOCK_LOG2);
    put_file(v.path, v.bytes, v.n);
    CHECK_INT(pt_timeline_open(&t, v.path, &err), PT_ECORRUPT);
    CHECK_INT(pt_timeline_open(&t, test_dir(), &err), PT_EIO);
    pt_arena_free(v.arena);
}

/* --- forged files: good checksums, bad values --------------------------------------------------------------------------- */

/* Where the values of an array lie in the victim. */
static uint64_t place_of(victim *v, const char *role, const char *column, uint8_t *width)
{
    pt_err err;
    pt_frame *f;
    timeline_meta m;
    unsigned char *copy = pt_alloc64(v->n, 1);
    uint64_t at = 0;

    memcpy(copy, v->bytes, v->n);
    CHECK_OK(pt_frame_open(&f, TIMELINE_MAGIC, TIMELINE_VERSION, "victim", copy, v->n, &err));
    CHECK_OK(timeline_meta_read(&m, f, v->arena, &err));
    for (size_t i = 0; i < m.n_arrays; i++) {
        const pt_frame_array *a = &m.arrays[i];
        if (strcmp(a->role, role) == 0 && (column ? a->column && strstr(a->column, column) : !a->column) && a->n > 2) {
            at = reseal_number(copy, 32) + a->at;
            *width = a->width;
        }
    }
    pt_frame_close(f);
    free(copy);
    return at;
}

static void forge(victim *v, const char *role, const char *column, size_t value, uint64_t bits)
{
    pt_err err;
    char kept[8];
    uint8_t width = 0;
    uint64_t at = place_of(v, role, column, &width);

    if (!at)
        return;
    char *to = v->bytes + at + value * width;
    memcpy(kept, to, width);
    memcpy(to, &bits, width);
    CHECK(reseal((unsigned char *)v->bytes, v->n, TIMELINE_MAGIC, TIMELINE_VERSION, TIMELINE_BLOCK_LOG2));
    put_file(v->path, v->bytes, v->n);
    CHECK_INT(open_and_check(v->path, &err), PT_ECORRUPT);
    memcpy(to, kept, width);
}

TEST(timeline_check__refuses_values_that_point_outside)
{
    for (uint64_t seed = 10; seed < 40; seed++) { /* schemas of all kinds */
        victim v;
        double infinity = INFINITY;
        uint64_t bits;
        memcpy(&bits, &infinity, sizeof bits);
        make_victim(&v, seed);
        forge(&v, "offsets", NULL, 1, UINT64_MAX);
        forge(&v, "offsets", NULL, 2, 0);
        forge(&v, "times", NULL, 0, (uint64_t)INT64_MAX);
        forge(&v, "values", "bool", 1, 3);
        forge(&v, "values", "text", 1, 0xFF);
        forge(&v, "values", "category", 1, 0xFF);
        forge(&v, "values", "number", 1, bits);
        forge(&v, "offsets", "list", 1, 1000000);
        forge(&v, "items", "list", 1, 0);
        forge(&v, "items", "list", 1, 0xFF);
        forge(&v, "marks", "list", 1, 2);
        forge(&v, "dictionary", "text", 1, 1000000);
        pt_arena_free(v.arena);
    }
}

/* --- the format ---------------------------------------------------------------------------------------------------------- */

/* The corpus of the fuzz target is also what files of this version look like. A change of the format changes the version
 * and, with ACCEPT=1, these files. */
TEST(timeline_format__is_what_version_1_was)
{
    static const struct {
        const char *name;
        uint32_t ordinals;
        size_t rows, columns;
    } files[] = {{"empty", 0, 0, 0}, {"few", 5, 12, 9}, {"one_customer", 1, 60, 3}, {"many", 300, 500, 4}};

    for (size_t i = 0; i < PT_COUNT(files); i++) {
        char path[300], kept[600];
        pt_err err;
        pt_arena *a = pt_arena_new(0);
        rowset *r = files[i].ordinals ? some_rows(100 + i, files[i].ordinals, files[i].rows, files[i].columns)
                                      : some_rows(100, 1, 0, 2);
        r->ordinals = files[i].ordinals;
        snprintf(path, sizeof path, "%s/%s", test_dir(), files[i].name);
        snprintf(kept, sizeof kept, "%s/tests/fuzz/corpus/timeline/%s", test_source_dir(), files[i].name);
        build_at(path, r);
        pt_sv now = read_whole(path, a);
        if (getenv("ACCEPT"))
            CHECK_OK(pt_write_file(kept, now.ptr, now.len, &err));
        pt_sv then = read_whole(kept, a);
        CHECK(pt_sv_eq(now, then));
        CHECK_OK(open_and_check(kept, &err));
        rowset_free(r);
        pt_arena_free(a);
    }
}
