/* Publishing a generation, and settling identity, while memory and disk run out. */
#include <stdlib.h>

#include "app/generation.h"
#include "base/io.h"
#include "fault/inject.h"
#include "support/test.h"

enum { CUSTOMERS = 300 };

static const pt_id_type types[] = {{"user_id", 1, 1}, {"phone", 2, 0}};

/* Three users share a phone, so that there is a conflict; `before` customers come from an earlier build. */
static pt_rc observe(pt_identity *g, uint32_t before, pt_err *err)
{
    uint32_t user, phone;
    char text[24];

    for (uint32_t i = 0; i < before; i++) {
        snprintf(text, sizeof text, "C%07u", i + 1);
        PT_TRY(pt_identity_add_customer(g, pt_sv_of(text), 1, i, err));
        snprintf(text, sizeof text, "u%u", i);
        PT_TRY(pt_identity_add_node(g, 0, pt_sv_of(text), i, err));
    }
    for (uint32_t i = 0; i < CUSTOMERS; i++) {
        snprintf(text, sizeof text, "u%u", i);
        PT_TRY(pt_identity_see(g, 0, pt_sv_of(text), &user, err));
        snprintf(text, sizeof text, "139%u", i / 3);
        PT_TRY(pt_identity_see(g, 1, pt_sv_of(text), &phone, err));
        PT_TRY(pt_identity_link(g, user, phone, 1, 1, err));
    }
    return PT_OK;
}

static pt_rc write_directory(const char *path, pt_err *err)
{
    const pt_id_result *r;
    pt_identity *g;
    pt_writer *w = NULL;
    pt_rc rc;

    if (!path)
        return pt_fail_nomem(err, "a path");
    PT_TRY(pt_identity_new(&g, &(pt_id_options){types, 2, 50}, err));
    rc = observe(g, 40, err);
    if (rc == PT_OK)
        rc = pt_identity_resolve(&r, g, 2, err);
    if (rc == PT_OK)
        rc = pt_writer_open(&w, path, err);
    if (rc == PT_OK)
        rc = pt_directory_write(g, r, pt_writer_append, w, err);
    pt_identity_free(g);
    if (rc == PT_OK)
        return pt_writer_commit(w, err);
    pt_writer_abort(w);
    return rc;
}

static pt_rc write_tags(const char *path, pt_err *err)
{
    pt_tagset_builder *b;
    pt_writer *w = NULL;
    pt_rc rc;

    if (!path)
        return pt_fail_nomem(err, "a path");
    PT_TRY(pt_tagset_builder_new(&b, NULL, 0, CUSTOMERS, 1, err));
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

static pt_rc build(const char *path, pt_err *err)
{
    static const pt_manifest_number counts[] = {{"customers", CUSTOMERS}};
    pt_data_dir *d;
    pt_draft *draft = NULL;
    pt_rc rc;

    PT_TRY(pt_data_dir_open(&d, path, err));
    rc = pt_draft_new(&draft, d, err);
    if (rc == PT_OK)
        rc = write_directory(pt_draft_path(draft, PT_FILE_DIRECTORY), err);
    if (rc == PT_OK)
        rc = write_tags(pt_draft_path(draft, PT_FILE_TAGS), err);
    if (rc == PT_OK)
        rc = pt_draft_publish(draft, &(pt_manifest){.counts = counts, .n_counts = 1}, err);
    pt_draft_free(draft);
    pt_data_dir_close(d);
    return rc;
}

static pt_rc read_all(const char *path, int *number, pt_err *err)
{
    pt_generation *g;
    pt_rc rc;

    PT_TRY(pt_generation_open(&g, path, NULL, err));
    rc = pt_directory_verify(pt_generation_directory(g), err);
    if (rc == PT_OK)
        CHECK(pt_directory_find(pt_generation_directory(g), 0, PT_SV("u299")) != PT_ID_NONE);
    *number = (int)strtol(pt_generation_manifest(g)->generation + 1, NULL, 10);
    pt_generation_close(g);
    return rc;
}

/* Whatever failed, and when: the current generation is whole, and it is the one before unless only the last sync
 * failed. */
static void under(inject_kind kind, pt_rc expected)
{
    char path[300];
    pt_err err;
    int number, before = 1;
    bool failed = true;

    snprintf(path, sizeof path, "%s/data", test_dir());
    CHECK_OK(build(path, &err));
    for (unsigned long n = 1; failed; n += inject_step(n)) {
        inject_at(kind, n);
        pt_rc rc = build(path, &err);
        failed = inject_end();
        CHECK_OK(read_all(path, &number, &err));
        if (failed && kind != INJECT_SHORT_WRITE) {
            /* A failure to clean up after publishing is nobody's business: the next build does it. */
            if (rc != PT_OK || number != before + 1)
                CHECK_INT(rc, expected);
            CHECK(number == before || number == before + 1);
        } else {
            CHECK_INT(rc, PT_OK);
            CHECK_INT(number, before + 1);
        }
        before = number;
    }
}

TEST(generation_build__without_memory)
{
    under(INJECT_MEMORY, PT_ENOMEM);
}

TEST(generation_build__on_a_full_disk)
{
    under(INJECT_DISK_FULL, PT_EIO);
}

TEST(generation_build__when_writes_are_short)
{
    under(INJECT_SHORT_WRITE, PT_OK);
}

TEST(generation_build__when_sync_fails)
{
    under(INJECT_SYNC, PT_EIO);
}

TEST(generation_build__when_rename_fails)
{
    under(INJECT_RENAME, PT_EIO);
}

TEST(generation_read__without_memory)
{
    char path[300];
    pt_err err;
    int number;

    snprintf(path, sizeof path, "%s/data", test_dir());
    CHECK_OK(build(path, &err));
    for (unsigned long n = 1;; n++) {
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = read_all(path, &number, &err);
        if (!inject_end()) {
            CHECK_INT(rc, PT_OK);
            break;
        }
        CHECK_INT(rc, PT_ENOMEM);
    }
}
