/* Building, writing and reading tag files while memory and disk run out. */
#include <stdlib.h>

#include "base/io.h"
#include "fault/inject.h"
#include "index/tagset.h"
#include "support/test.h"

enum { ROWS = 5000 };

static const pt_tag_info tags[] = {{"spend", PT_TYPE_NUMBER}, {"tier", PT_TYPE_CATEGORY}, {"likes", PT_TYPE_WEIGHTED}};

static uint32_t codes[ROWS];
static uint64_t list_offsets[ROWS + 1];
static double numbers[ROWS];

static pt_dict make_dict(void)
{
    static char bytes[ROWS * 8];
    static uint64_t offsets[ROWS + 1];

    for (uint32_t i = 0; i < ROWS; i++) {
        codes[i] = i + 1;
        list_offsets[i + 1] = i + 1;
        numbers[i] = i;
        snprintf(bytes + i * 7, 8, "t%06u", i);
        offsets[i + 1] = (i + 1) * 7;
    }
    return (pt_dict){.n = ROWS, .offsets = offsets, .bytes = bytes};
}

static pt_rc put_all(pt_tagset_builder *b, const pt_dict *dict, pt_err *err)
{
    pt_column spend = {.type = PT_TYPE_NUMBER, .width = 8, .data = numbers};
    pt_column tier = {.type = PT_TYPE_CATEGORY, .width = 4, .data = codes, .dict = dict};
    pt_column likes = {
        .type = PT_TYPE_WEIGHTED, .width = 4, .data = codes, .offsets = list_offsets, .weights = numbers, .dict = dict};

    PT_TRY(pt_tagset_builder_put(b, 0, 0, 0, ROWS, &spend, err));
    PT_TRY(pt_tagset_builder_put(b, 1, 1, 0, ROWS, &tier, err));
    return pt_tagset_builder_put(b, 0, 2, 0, ROWS, &likes, err);
}

static pt_rc build(const char *path, const pt_dict *dict, pt_err *err)
{
    pt_tagset_builder *b;
    pt_writer *w = NULL;

    PT_TRY(pt_tagset_builder_new(&b, tags, PT_COUNT(tags), ROWS, 2, err));
    pt_rc rc = put_all(b, dict, err);
    if (rc == PT_OK)
        rc = pt_writer_open(&w, path, err);
    if (rc == PT_OK)
        rc = pt_tagset_builder_write(b, 1, (pt_hash128){0}, &(pt_tagset_sink){w, pt_writer_append, pt_writer_overwrite},
                                     err);
    pt_tagset_builder_free(b);
    if (rc == PT_OK)
        return pt_writer_commit(w, err);
    pt_writer_abort(w);
    return rc;
}

static pt_rc read_all(const char *path, pt_err *err)
{
    pt_map map;
    pt_tagset *t = NULL;
    const pt_column *c;

    PT_TRY(pt_map_open(&map, path, err));
    pt_rc rc = pt_tagset_open(&t, map.ptr, map.size, err);
    for (size_t i = 0; i < PT_COUNT(tags) && rc == PT_OK; i++)
        rc = pt_tagset_column(&c, t, i, err);
    if (rc == PT_OK)
        CHECK(pt_sv_eq(pt_dict_text(c->dict, pt_column_code(c, ROWS - 1)), PT_SV("t004999")));
    pt_tagset_close(t);
    pt_map_close(&map);
    return rc;
}

static void under(inject_kind kind, pt_rc expected)
{
    char path[300];
    pt_err err;
    pt_dict dict = make_dict();
    bool failed = true;

    snprintf(path, sizeof path, "%s/profile.tags", test_dir());
    for (unsigned long n = 1; failed; n += inject_step(n)) {
        inject_at(kind, n);
        pt_rc rc = build(path, &dict, &err);
        failed = inject_end();
        if (failed && kind != INJECT_SHORT_WRITE) {
            CHECK_INT(rc, expected);
            CHECK_STR(inject_folder(test_dir()), "");
            continue;
        }
        test_ok(__FILE__, __LINE__, "build", rc, &err);
        CHECK_OK(read_all(path, &err));
        CHECK(remove(path) == 0);
    }
}

TEST(tagset_builder__without_memory)
{
    under(INJECT_MEMORY, PT_ENOMEM);
}

TEST(tagset_builder__on_a_full_disk)
{
    under(INJECT_DISK_FULL, PT_EIO);
}

TEST(tagset_builder__when_writes_are_short)
{
    under(INJECT_SHORT_WRITE, PT_OK);
}

TEST(tagset_reader__without_memory)
{
    char path[300];
    pt_err err;
    pt_dict dict = make_dict();
    bool failed = true;

    snprintf(path, sizeof path, "%s/profile.tags", test_dir());
    CHECK_OK(build(path, &dict, &err));
    for (unsigned long n = 1; failed; n++) {
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = read_all(path, &err);
        failed = inject_end();
        CHECK_INT(rc, failed ? PT_ENOMEM : PT_OK);
    }
}
