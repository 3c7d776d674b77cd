/* Building, writing, opening and asking indexes while memory and disk run out. */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "fault/inject.h"
#include "index/indexset.h"
#include "index/tally.h"
#include "support/test.h"

enum { ROWS = 9000, TAGS = 3 };

static const pt_tag_info tags[TAGS] = {{"spend", PT_TYPE_NUMBER}, {"tier", PT_TYPE_CATEGORY}, {"likes", PT_TYPE_LIST}};

static double numbers[ROWS];
static uint8_t codes[ROWS];
static uint64_t list_offsets[ROWS + 1];
static const char texts[] = "t00t01t02t03t04t05t06t07t08t09t10t11t12t13t14t15t16t17t18t19";
static const uint64_t text_offsets[] = {0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45, 48, 51, 54, 57, 60};
static const pt_dict dict = {.n = 20, .sorted = true, .offsets = text_offsets, .bytes = texts};

static void fill_columns(pt_column columns[TAGS])
{
    for (uint32_t i = 0; i < ROWS; i++) {
        numbers[i] = i % 7 ? i * 1.5 : NAN; /* more values than codes */
        codes[i] = (uint8_t)(i % 3 ? i % 5 : i % 21);
        list_offsets[i + 1] = list_offsets[i] + (codes[i] != 0);
    }
    static uint8_t items[ROWS];
    for (uint32_t i = 0; i < ROWS; i++)
        items[list_offsets[i]] = codes[i] ? codes[i] : items[list_offsets[i]];
    columns[0] = (pt_column){.type = PT_TYPE_NUMBER, .width = 8, .data = numbers};
    columns[1] = (pt_column){.type = PT_TYPE_CATEGORY, .width = 1, .data = codes, .dict = &dict};
    columns[2] = (pt_column){.type = PT_TYPE_LIST, .width = 1, .data = items, .offsets = list_offsets, .dict = &dict};
}

static pt_rc add_tag(pt_indexset_writer *w, size_t tag, const pt_column *column, pt_err *err)
{
    unsigned char *bytes;
    size_t n;

    PT_TRY(pt_tagindex_build(&bytes, &n, &tags[tag], column, ROWS, (pt_hash128){1, 2}, err));
    pt_rc rc = pt_indexset_add(w, bytes, n, err);
    free(bytes);
    return rc;
}

static pt_rc build(const char *path, const pt_column *columns, pt_err *err)
{
    const char *names[TAGS] = {tags[0].name, tags[1].name, tags[2].name};
    pt_indexset_writer *w = NULL;
    pt_writer *file;

    PT_TRY(pt_writer_open(&file, path, err));
    pt_rc rc = pt_indexset_begin(&w, names, TAGS, &(pt_tagset_sink){file, pt_writer_append, pt_writer_overwrite}, err);
    for (size_t i = 0; i < TAGS && rc == PT_OK; i++)
        rc = add_tag(w, i, &columns[i], err);
    if (rc == PT_OK)
        rc = pt_indexset_end(w, (pt_hash128){1, 2}, err);
    pt_indexset_writer_free(w);
    if (rc == PT_OK)
        return pt_writer_commit(file, err);
    pt_writer_abort(file);
    return rc;
}

static pt_rc members(uint64_t *out, const pt_crowd_node *root, pt_err *err)
{
    pt_crowd *c;

    PT_TRY(pt_crowd_new(&c, root, NULL, ROWS, err));
    uint64_t *scratch = pt_alloc64(pt_crowd_scratch(c), 8);
    pt_rc rc = scratch ? PT_OK : pt_fail_nomem(err, "a count");
    if (scratch)
        *out = pt_crowd_members(c, 0, pt_crowd_blocks(c), scratch);
    free(scratch);
    pt_crowd_free(c);
    return rc;
}

static pt_rc ask(pt_tagindex *const *x, const pt_column *columns, pt_arena *arena, pt_err *err)
{
    const pt_code_range rare = {6, 9};
    const pt_crowd_node tier = {.kind = PT_CROWD_CODES, .index = x[1], .ranges = &rare, .n_ranges = 1};
    const pt_crowd_node item = {.kind = PT_CROWD_ITEM, .index = x[2], .item = 3, .outside = true};
    const pt_crowd_node *spend = pt_crowd_keys(x[0], &columns[0], pt_key_of_number(100), INT64_MAX, arena);
    const pt_crowd_node *const sides[] = {&tier, &item, spend};
    const pt_crowd_node any = {.kind = PT_CROWD_OR, .children = sides, .n_children = 3};
    uint64_t n = 0, want = 0;
    pt_tally *t;

    if (!spend)
        return pt_fail_nomem(err, "a condition");
    PT_TRY(members(&n, &any, err));
    for (uint32_t i = 0; i < ROWS; i++)
        want += (codes[i] >= 6 && codes[i] <= 9) || codes[i] != 3 || numbers[i] >= 100;
    CHECK_INT(n, want);
    PT_TRY(pt_tally_new(&t, x[2], err));
    pt_tally_free(t);
    return PT_OK;
}

static pt_rc read_all(const char *path, const pt_column *columns, pt_err *err)
{
    pt_map map;
    pt_indexset *s = NULL;
    pt_tagindex *x[TAGS];
    pt_arena *arena = pt_arena_new(0);

    if (!arena)
        return pt_fail_nomem(err, "a question");
    pt_rc rc = pt_map_open(&map, path, err);
    if (rc == PT_OK)
        rc = pt_indexset_open(&s, "the index", map.ptr, map.size, err);
    for (size_t i = 0; i < TAGS && rc == PT_OK; i++)
        rc = pt_indexset_find(&x[i], s, tags[i].name, err);
    if (rc == PT_OK)
        rc = ask(x, columns, arena, err);
    pt_indexset_close(s);
    pt_map_close(&map);
    pt_arena_free(arena);
    return rc;
}

static void under(inject_kind kind, pt_rc expected)
{
    pt_column columns[TAGS];
    char path[300];
    pt_err err;
    bool failed = true;

    fill_columns(columns);
    snprintf(path, sizeof path, "%s/profile.index", test_dir());
    for (unsigned long n = 1; failed; n += inject_step(n)) {
        inject_at(kind, n);
        pt_rc rc = build(path, columns, &err);
        failed = inject_end();
        if (failed && kind != INJECT_SHORT_WRITE) {
            CHECK_INT(rc, expected);
            CHECK_STR(inject_folder(test_dir()), "");
            continue;
        }
        test_ok(__FILE__, __LINE__, "build", rc, &err);
        CHECK_OK(read_all(path, columns, &err));
        CHECK(remove(path) == 0);
    }
}

TEST(index_build__without_memory)
{
    under(INJECT_MEMORY, PT_ENOMEM);
}

TEST(index_build__on_a_full_disk)
{
    under(INJECT_DISK_FULL, PT_EIO);
}

TEST(index_build__when_writes_are_short)
{
    under(INJECT_SHORT_WRITE, PT_OK);
}

TEST(index_reader__without_memory)
{
    pt_column columns[TAGS];
    char path[300];
    pt_err err;
    bool failed = true;

    fill_columns(columns);
    snprintf(path, sizeof path, "%s/profile.index", test_dir());
    CHECK_OK(build(path, columns, &err));
    for (unsigned long n = 1; failed; n++) {
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = read_all(path, columns, &err);
        failed = inject_end();
        CHECK_INT(rc, failed ? PT_ENOMEM : PT_OK);
    }
}
