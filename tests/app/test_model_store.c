/* Stored models: versions, what is approved, and files that are damaged anywhere. */
#include "app/model_store.h"

#include <math.h>

#include "base/io.h"
#include "support/test.h"

typedef struct store {
    pt_arena *arena;
    const char *dir;
} store;

static store open_store(void)
{
    store s = {.arena = pt_arena_new(0)};

    CHECK(s.arena);
    s.dir = pt_arena_strdup(s.arena, test_dir());
    return s;
}

static uint32_t add(store *s, const char *bytes)
{
    static const int64_t train[] = {10, 20};
    pt_model_version v = {.task = "classify",
                          .algorithm = "logistic",
                          .measure = "auc",
                          .part = "test",
                          .program = "1",
                          .value = 0.8,
                          .low = 0.7,
                          .high = (double)NAN,
                          .train = train,
                          .n_train = 2,
                          .test = 30,
                          .data_end = 40};
    pt_card card = {.model = "churn", .task = "classify", .algorithm = "logistic"};
    pt_err err = {0};

    CHECK_OK(pt_model_store_add(&v, s->dir, "churn", pt_sv_of(bytes), &card, 50, s->arena, &err));
    return v.number;
}

static pt_model_versions list(store *s)
{
    pt_model_versions out;
    pt_err err = {0};

    CHECK_OK(pt_model_store_list(&out, s->dir, "churn", s->arena, &err));
    return out;
}

TEST(app_model_store__versions_come_back_as_they_were)
{
    store s = open_store();
    pt_sv artifact;
    pt_card card;
    pt_err err = {0};

    CHECK_INT(list(&s).n, 0);
    CHECK_INT(add(&s, "one"), 1);
    CHECK_INT(add(&s, "two"), 2);
    pt_model_versions all = list(&s);
    CHECK_INT(all.n, 2);
    CHECK_INT(all.approved, 0);
    CHECK_STR(all.items[1].algorithm, "logistic");
    CHECK_INT(all.items[1].train[1], 20);
    CHECK_INT(all.items[1].test, 30);
    CHECK_INT(all.items[1].trained_at, 50);
    CHECK(all.items[1].value == 0.8 && isnan(all.items[1].high));
    CHECK_OK(pt_model_store_read(&artifact, &card, s.dir, "churn", 2, s.arena, &err));
    CHECK(pt_sv_eq(artifact, PT_SV("two")));
    CHECK_STR(card.model, "churn");
    CHECK_INT(card.version, 2);
    CHECK_INT(pt_model_store_read(&artifact, &card, s.dir, "churn", 3, s.arena, &err), PT_ENOTFOUND);
    pt_arena_free(s.arena);
}

TEST(app_model_store__roll_back_takes_approvals_away_one_by_one)
{
    store s = open_store();
    pt_err err = {0};
    uint32_t now;

    CHECK_INT(pt_model_store_roll_back(&now, s.dir, "churn", 1, s.arena, &err), PT_EINVAL);
    for (int i = 0; i < 3; i++)
        add(&s, "bytes");
    for (uint32_t v = 1; v <= 3; v++)
        CHECK_OK(pt_model_store_approve(s.dir, "churn", v, 60, s.arena, &err));
    CHECK_INT(list(&s).approved, 3);
    CHECK_OK(pt_model_store_roll_back(&now, s.dir, "churn", 70, s.arena, &err));
    CHECK_INT(now, 2);
    CHECK_OK(pt_model_store_approve(s.dir, "churn", 3, 80, s.arena, &err));
    for (uint32_t want = 3; want-- > 0;) {
        CHECK_OK(pt_model_store_roll_back(&now, s.dir, "churn", 90, s.arena, &err));
        CHECK_INT(now, want);
        CHECK_INT(list(&s).approved, want);
    }
    CHECK_INT(pt_model_store_roll_back(&now, s.dir, "churn", 99, s.arena, &err), PT_EINVAL);
    CHECK_INT(pt_model_store_approve(s.dir, "churn", 4, 99, s.arena, &err), PT_ENOTFOUND);
    CHECK_INT(add(&s, "another"), 4);
    pt_arena_free(s.arena);
}

TEST(app_model_store__damage_anywhere_is_found)
{
    store s = open_store();
    pt_sv whole, artifact;
    pt_card card;
    pt_err err = {0};

    add(&s, "some bytes that were learned");
    const char *path = pt_arena_printf(s.arena, "%s/models/churn/v1.model", s.dir);
    CHECK_OK(pt_read_file(&whole, path, 0, s.arena, &err));
    for (size_t at = 0; at < whole.len; at++) {
        pt_arena *arena = pt_arena_new(0);
        char *bytes = pt_arena_strndup(arena, whole.ptr, whole.len);
        CHECK(bytes);
        bytes[at] = (char)(bytes[at] ^ 0x41);
        CHECK_OK(pt_write_file(path, bytes, whole.len, &err));
        pt_rc rc = pt_model_store_read(&artifact, &card, s.dir, "churn", 1, arena, &err);
        /* What is left between the arrays belongs to blocks with checksums too. */
        CHECK_INT(rc, PT_ECORRUPT);
        pt_arena_free(arena);
    }
    CHECK_OK(pt_write_file(path, whole.ptr, whole.len / 2, &err));
    CHECK_INT(list(&s).n, 0);
    CHECK_INT(list(&s).n_damaged, 1);
    CHECK_INT(list(&s).damaged[0], 1);
    pt_arena_free(s.arena);
}

TEST(app_model_store__a_lost_log_is_told_and_begun_anew)
{
    store s = open_store();
    pt_err err = {0};

    CHECK_INT(list(&s).log, PT_MODEL_LOG_WHOLE);
    add(&s, "one");
    CHECK_OK(pt_model_store_approve(s.dir, "churn", 1, 60, s.arena, &err));
    CHECK_INT(list(&s).log, PT_MODEL_LOG_WHOLE);
    CHECK(remove(pt_arena_printf(s.arena, "%s/models/churn/log.txt", s.dir)) == 0);
    pt_model_versions lost = list(&s);
    CHECK_INT(lost.log, PT_MODEL_LOG_LOST);
    CHECK_INT(lost.approved, 0);
    CHECK_INT(lost.n, 1);
    CHECK_INT(pt_model_log_check(&lost, "churn", &err), PT_ECORRUPT);
    CHECK_STR(err.hint, "portrait models churn approve v1");
    CHECK_OK(pt_model_store_approve(s.dir, "churn", 1, 70, s.arena, &err));
    CHECK_INT(list(&s).log, PT_MODEL_LOG_WHOLE);
    CHECK_INT(list(&s).approved, 1);
    pt_arena_free(s.arena);
}

/* An approval among the damaged lines would be unknown: none of the others holds. */
TEST(app_model_store__a_damaged_log_keeps_what_was_trained)
{
    static const char *const junk[] = {"trained x y\n", "approved 2", "\x01\xff\n", "approved 99999999999 now\n"};
    pt_sv whole, kept;
    pt_err err = {0};

    for (size_t i = 0; i < PT_COUNT(junk); i++) {
        store s = open_store();
        const char *path = pt_arena_printf(s.arena, "%s/models/churn/log.txt", s.dir);
        add(&s, "one");
        CHECK_OK(pt_model_store_approve(s.dir, "churn", list(&s).items[0].number, 60, s.arena, &err));
        CHECK_OK(pt_read_file(&whole, path, 0, s.arena, &err));
        const char *bad = pt_arena_printf(s.arena, "%.*s%s", (int)whole.len, whole.ptr, junk[i]);
        CHECK_OK(pt_write_file(path, bad, strlen(bad), &err));
        pt_model_versions damaged = list(&s);
        CHECK_INT(damaged.log, PT_MODEL_LOG_DAMAGED);
        CHECK_INT(damaged.approved, 0);
        CHECK_INT(damaged.items[0].trained_at, 50);
        CHECK_OK(pt_model_store_approve(s.dir, "churn", damaged.items[0].number, 70, s.arena, &err));
        CHECK_INT(list(&s).log, PT_MODEL_LOG_WHOLE);
        CHECK_INT(list(&s).approved, damaged.items[0].number);
        CHECK_OK(pt_read_file(&kept, pt_arena_printf(s.arena, "%s/models/churn/log.damaged", s.dir), 0, s.arena, &err));
        CHECK(pt_sv_eq(kept, pt_sv_of(bad)));
        pt_arena_free(s.arena);
    }
}
