/* What base does when memory, disk, sync or rename fail: the right code, nothing leaked (under ASan), nothing half there. */
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/dictmerge.h"
#include "base/hash.h"
#include "base/intern.h"
#include "base/io.h"
#include "base/pool.h"
#include "base/time.h"
#include "base/utf8.h"
#include "fault/inject.h"
#include "support/test.h"

static char folder[200]; /* of the running test; the path is made before anything fails */

static const char *in_folder(const char *name)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void begin(void)
{
    snprintf(folder, sizeof folder, "%s", test_dir());
}

/* Runs the work with every allocation failing in turn. What it returns then must say so. */
static void check_memory(const char *what, pt_rc (*work)(pt_err *err))
{
    for (unsigned long n = 1;; n += inject_step(n)) {
        pt_err err = {0};
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = work(&err);
        bool came = inject_end();
        if (!came) {
            test_ok(__FILE__, __LINE__, what, rc, &err);
            return;
        }
        if (rc != PT_ENOMEM || !strstr(err.msg, "not enough memory"))
            test_fail(__FILE__, __LINE__, "%s, allocation %lu: %s '%s'", what, n, pt_rc_name(rc), err.msg);
    }
}

enum { FILE_BYTES = 3 << 20 };

/* Small writes, a patch, a large write: three buffers full. */
static pt_rc write_new(pt_err *err)
{
    static unsigned char bytes[FILE_BYTES];
    pt_writer *w;

    memset(bytes, 'n', sizeof bytes);
    PT_TRY(pt_writer_open(&w, in_folder("f"), err));
    for (int i = 0; i < 1000; i++)
        pt_writer_write(w, bytes, 1000);
    pt_writer_align(w, 4096);
    pt_writer_patch(w, 0, "head", 4);
    pt_writer_write(w, bytes, sizeof bytes - 2000000);
    return pt_writer_commit(w, err);
}

/* The file as write_new makes it; or as it was before. */
static void check_file(bool is_new)
{
    pt_err err = {0};
    pt_map m;

    CHECK_OK(pt_map_open(&m, in_folder("f"), &err));
    if (is_new)
        CHECK(m.size == 1003520 + FILE_BYTES - 2000000 && memcmp(m.ptr, "headnnnn", 8) == 0 &&
              m.ptr[m.size - 1] == 'n' && m.ptr[1000000] == 0);
    else
        CHECK(m.size == 3 && memcmp(m.ptr, "old", 3) == 0);
    pt_map_close(&m);
    CHECK_STR(inject_folder(folder), "f");
}

static void check_disk(inject_kind kind, bool may_succeed, const char *reason)
{
    pt_err err = {0};

    for (unsigned long n = 1;; n += inject_step(n)) {
        CHECK_OK(pt_write_file(in_folder("f"), "old", 3, &err));
        inject_at(kind, n);
        pt_rc rc = write_new(&err);
        if (!inject_end()) {
            CHECK_INT(rc, PT_OK);
            check_file(true);
            return;
        }
        if (may_succeed) {
            CHECK_INT(rc, PT_OK);
        } else {
            CHECK_INT(rc, PT_EIO);
            CHECK(strstr(err.msg, reason));
        }
        /* The sync of the folder comes after the rename: the new file is there in full, only not surely for good. */
        check_file(rc == PT_OK || (kind == INJECT_SYNC && n == 2));
    }
}

TEST(fault_base_writer__a_failure_leaves_the_old_file)
{
    begin();
    check_disk(INJECT_DISK_FULL, false, "No space left on device");
    check_disk(INJECT_SHORT_WRITE, true, "");
    check_disk(INJECT_SYNC, false, "Input/output error");
    check_disk(INJECT_RENAME, false, "Permission denied");
}

TEST(fault_base_writer__short_of_memory)
{
    begin();
    check_memory("write", write_new);
    check_file(true);
}

static pt_rc read_all(pt_err *err)
{
    pt_sv text;
    pt_hash128 h;
    pt_arena *a = pt_arena_new(0);

    if (!a)
        return pt_fail_nomem(err, "an arena");
    pt_rc rc = pt_read_file(&text, in_folder("f"), 0, a, err);
    if (rc == PT_OK)
        rc = pt_read_file(&text, "/proc/self/status", 0, a, err);
    if (rc == PT_OK)
        rc = pt_hash_file(&h, in_folder("f"), err);
    pt_arena_free(a);
    return rc;
}

static pt_rc find_all(pt_err *err)
{
    const char *const *found;
    size_t n = 0;
    pt_arena *a = pt_arena_new(0);

    if (!a)
        return pt_fail_nomem(err, "an arena");
    pt_rc rc = pt_glob(&found, &n, in_folder("**/*.csv"), a, err);
    if (rc == PT_OK)
        CHECK_INT(n, 3);
    pt_arena_free(a);
    return rc;
}

TEST(fault_base_io__short_of_memory)
{
    pt_err err = {0};

    begin();
    CHECK_OK(pt_write_file(in_folder("f"), "some text", 9, &err));
    check_memory("read", read_all);
    CHECK_OK(pt_mkdirs(in_folder("d/e"), &err));
    CHECK_OK(pt_write_file(in_folder("a.csv"), "x", 1, &err));
    CHECK_OK(pt_write_file(in_folder("d/b.csv"), "x", 1, &err));
    CHECK_OK(pt_write_file(in_folder("d/e/c.csv"), "x", 1, &err));
    check_memory("glob", find_all);
}

static pt_rc open_zone(pt_err *err)
{
    pt_zone *z;
    pt_rc rc = pt_zone_open(&z, "America/New_York", err);

    pt_zone_free(z);
    return rc;
}

TEST(fault_base_zone__short_of_memory)
{
    check_memory("zone", open_zone);
}

/* Fills two dictionaries and merges them. */
static pt_rc fill_and_merge(pt_err *err)
{
    enum { TEXTS = 3000 };
    static uint32_t rank[2][TEXTS + 1];
    uint32_t *const ranks[] = {rank[0], rank[1]};
    pt_intern *parts[2] = {pt_intern_new(), pt_intern_new()};
    pt_dict merged = {0};
    pt_rc rc = parts[0] && parts[1] ? PT_OK : pt_fail_nomem(err, "a dictionary");
    char text[16];

    for (int i = 0; rc == PT_OK && i < TEXTS; i++) {
        int n = snprintf(text, sizeof text, "text %d", i * 7919 % TEXTS);
        for (int p = 0; p < 2; p++)
            if (!pt_intern_add(parts[p], (pt_sv){text, (size_t)n}))
                rc = pt_fail_nomem(err, "a dictionary");
    }
    for (int p = 0; rc == PT_OK && p < 2; p++)
        rc = pt_intern_rank(parts[p], rank[p], err);
    if (rc == PT_OK)
        rc = pt_dict_merge(&merged, (const pt_intern *const *)parts, ranks, 2, err);
    if (rc == PT_OK) {
        CHECK_INT(merged.n, TEXTS);
        pt_dict_dispose(&merged);
    }
    pt_intern_free(parts[0]);
    pt_intern_free(parts[1]);
    return rc;
}

TEST(fault_base_intern__short_of_memory)
{
    check_memory("dictionaries", fill_and_merge);
}

static pt_rc count_one(void *arg, size_t index, unsigned worker, pt_err *err)
{
    (void)index;
    (void)worker;
    (void)err;
    __atomic_fetch_add((int *)arg, 1, __ATOMIC_RELAXED);
    return PT_OK;
}

static pt_rc run_pool(pt_err *err)
{
    pt_pool *p;
    int count = 0;

    PT_TRY(pt_pool_new(&p, 3, err));
    pt_rc rc = pt_pool_run(p, 100, count_one, &count, err);
    CHECK_INT(count, 100);
    pt_pool_free(p);
    return rc;
}

TEST(fault_base_pool__short_of_memory)
{
    check_memory("pool", run_pool);
}

/* Builders keep the failure to the end. */
static pt_rc draw_problems(pt_err *err)
{
    pt_diags d;
    pt_str out = {0};
    pt_arena *a = pt_arena_new(0);

    if (!a)
        return pt_fail_nomem(err, "an arena");
    pt_diags_init(&d, a);
    for (int i = 1; i <= 20; i++) {
        pt_place place = {.file = "f", .text = PT_SV("线 one\n"), .line = 1, .col = i % 6 + 1, .length = 2};
        pt_diag *g = pt_diags_add(&d, PT_SEVERITY_WARNING, i, place, "problem %d", i);
        pt_diag_suggest(&d, g, pt_sv_of(i % 2 ? "on" : "xyz"), (const char *const[]){"one", "two"}, 2);
    }
    pt_diags_print(&d, &out, false);
    pt_diags_json(&d, &out);
    pt_utf8_normalize(&out, PT_SV("ＡＢＣ"));
    pt_rc rc = pt_diags_result(&d, err);
    if (rc == PT_OK)
        rc = pt_str_check(&out, err);
    pt_str_free(&out);
    pt_diags_free(&d);
    pt_arena_free(a);
    return rc;
}

TEST(fault_base_diag__short_of_memory)
{
    check_memory("diagnostics", draw_problems);
}
