/* Memberships that builds keep: in the generation and, for ever, in history/. */
#include <stdlib.h>

#include "app/crowd_query.h"
#include "app/memberships.h"
#include "base/io.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

static void write_text(const char *name, const char *text)
{
    const char *path = pt_path_join(shop_arena(), test_dir(), name);

    CHECK_OK(pt_write_file(path, text, strlen(text), &err));
}

static pt_app *reopen_with(const char *segments)
{
    shop_shell("mkdir -p shop/segments shop/lists");
    write_text("shop/segments/all.yaml", segments);
    return shop_open_again();
}

static pt_app *open_with(const char *segments)
{
    pt_app_close(shop_open(150));
    return reopen_with(segments);
}

static const char *data_dir(void)
{
    return pt_path_join(shop_arena(), test_dir(), "shop/portrait-data");
}

/* Members of a condition over the current build. */
static uint64_t *members(pt_app *app, const char *condition, uint32_t *ordinals)
{
    static const pt_crowd_options options = {.threads = 2};
    pt_crowd_query *q = PT_NEW(shop_arena(), pt_crowd_query);
    pt_diags diags;
    uint64_t *bits;

    pt_app_forget_view(app);
    pt_diags_init(&diags, shop_arena());
    CHECK_OK(pt_crowd_query_open(q, app, pt_sv_of(condition), &options, &diags, shop_arena(), &err));
    CHECK_OK(pt_crowd_bits(&bits, q, q->crowd, &err));
    *ordinals = q->view->n_ordinals;
    pt_diags_free(&diags);
    return bits;
}

static uint64_t count_bits(const uint64_t *bits, uint32_t ordinals)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < ordinals; i++)
        n += bits[i / 64] >> (i % 64) & 1;
    return n;
}

static uint64_t count(pt_app *app, const char *condition)
{
    uint32_t ordinals;
    const uint64_t *bits = members(app, condition, &ordinals);

    return count_bits(bits, ordinals);
}

/* --- in the generation ------------------------------------------------------------------------------------------------ */

static const char some[] = "rich: spend >= 300\n"
                           "busy: rich and recency <= 60\n"
                           "raw: count(orders where amount > 50 within 90d) >= 2\n"
                           "fixed: {when: recency <= 60, static: true}\n";

static const pt_memberset *kept(pt_app *app)
{
    const pt_memberset *set;
    pt_view *v;

    pt_app_forget_view(app);
    CHECK_OK(pt_app_view(&v, app, &err));
    CHECK_OK(pt_generation_segments(&set, v->generation, &err));
    CHECK(set);
    return set;
}

TEST(app_memberships__a_generation_has_those_of_whom_the_condition_is_true)
{
    static const char *const conditions[] = {"spend >= 300", "spend >= 300 and recency <= 60",
                                             "count(orders where amount > 50 within 90d) >= 2", "recency <= 60"};
    pt_app *app = open_with(some);
    uint32_t ordinals;

    pt_build_result r = shop_build(app, 2, NULL);
    CHECK_INT(r.n_segments, 4);
    const pt_memberset *set = kept(app);
    for (size_t s = 0; s < 4; s++) {
        const uint64_t *want = members(app, conditions[s], &ordinals);
        uint64_t *got = PT_NEW_ARRAY(shop_arena(), uint64_t, pt_members_words(ordinals));
        set = kept(app);
        CHECK_OK(pt_memberset_read(got, set, s, &err));
        CHECK(memcmp(got, want, pt_members_words(ordinals) * sizeof *got) == 0);
        CHECK_INT(pt_memberset_info(set, s)->members, count_bits(want, ordinals));
        CHECK_INT(r.segments[s].members, count_bits(want, ordinals));
        CHECK(r.segments[s].new_here && count_bits(want, ordinals) > 0);
    }
    pt_app_close(app);
}

/* What is asked by name is what was built; what is defined anew is worked out. */
TEST(app_memberships__a_name_means_its_definition_of_now)
{
    pt_app *app = open_with(some);

    shop_build(app, 2, NULL);
    uint64_t rich = count(app, "rich"), richer = count(app, "spend >= 600");
    CHECK(richer > 0 && richer < rich);
    pt_app_close(app);
    app = reopen_with("rich: spend >= 600\nbusy: rich and recency <= 60\n");
    CHECK_INT(count(app, "rich"), richer);
    CHECK_INT(count(app, "busy"), count(app, "spend >= 600 and recency <= 60"));
    pt_app_close(app);
    app = reopen_with("rich: {when: '(spend) >= 300.00', label: rich people}\n");
    CHECK_INT(count(app, "rich"), rich);
    pt_app_close(app);
}

/* --- static segments -------------------------------------------------------------------------------------------------- */

TEST(app_memberships__a_static_segment_stays_until_its_condition_changes)
{
    pt_app *app = open_with(some);
    uint32_t ordinals;

    shop_build(app, 2, "2017-06-01");
    const uint64_t *june = members(app, "recency <= 60", &ordinals);
    shop_build(app, 2, "2017-03-01");
    const uint64_t *march = members(app, "recency <= 60", &ordinals), *fixed = members(app, "fixed", &ordinals);
    size_t bytes = pt_members_words(ordinals) * sizeof *june;
    CHECK(memcmp(june, march, bytes) != 0);
    CHECK(memcmp(june, fixed, bytes) == 0);
    CHECK_INT(pt_memberset_info(kept(app), 3)->since, 1);
    CHECK(memcmp(members(app, "busy and fixed", &ordinals), members(app, "busy and fixed", &ordinals), bytes) == 0);
    pt_app_close(app);
    app = reopen_with("fixed: {when: recency <= 61 and spend > 0, static: true}\n");
    shop_build(app, 2, "2017-03-01");
    CHECK_INT(count(app, "fixed"), count(app, "recency <= 61 and spend > 0"));
    CHECK_INT(pt_memberset_info(kept(app), 0)->since, 3);
    pt_app_close(app);
}

/* A visitor of whom only a device is known turns out to be a user. */
TEST(app_memberships__who_merges_is_who_he_is_part_of)
{
    pt_app *app = open_with("anonymous: {when: orders_all = 0 and did(visits), static: true}\n");
    uint32_t ordinals, found = UINT32_MAX, type;
    pt_sv value = {0};

    shop_build(app, 2, NULL);
    const uint64_t *before = members(app, "anonymous", &ordinals);
    pt_view *v = shop_view(app);
    for (uint32_t i = 0; i < ordinals && found == UINT32_MAX; i++)
        if (before[i / 64] >> (i % 64) & 1 && pt_directory_identifier(v->directory, i, 0, &type, &value) &&
            strcmp(pt_directory_type_name(v->directory, type), "device") == 0)
            found = i;
    CHECK(found != UINT32_MAX);
    uint32_t user = pt_directory_find(v->directory, 0, PT_SV("1"));
    CHECK(user != PT_ID_NONE && user != found);
    shop_shell(pt_arena_printf(shop_arena(), "echo '%.*s,1' >> shop/raw/devices.csv", (int)value.len, value.ptr));
    bool was_member = before[user / 64] >> (user % 64) & 1;
    uint64_t n = count_bits(before, ordinals);
    shop_build(app, 2, NULL);
    const uint64_t *after = members(app, "anonymous", &ordinals);
    v = shop_view(app);
    uint32_t now = pt_directory_forward(v->directory, found);
    CHECK_INT(now, pt_directory_forward(v->directory, user));
    CHECK(after[now / 64] >> (now % 64) & 1);
    CHECK_INT(count_bits(after, ordinals), n - was_member);
    pt_app_close(app);
}

/* --- lists ------------------------------------------------------------------------------------------------------------ */

TEST(app_memberships__a_changed_list_is_read_by_the_next_build)
{
    pt_app *app = open_with("invited: {list: lists/ids.txt, by: user_id}\n");

    CHECK_INT(pt_app_build(&(pt_build_result){0}, app, &(pt_build_options){.threads = 1}, shop_arena(), &err),
              PT_ENOTFOUND);
    write_text("shop/lists/ids.txt", "1\n2\nnobody\n");
    pt_build_result r = shop_build(app, 2, NULL);
    CHECK(r.segments[0].members == 2 && r.segments[0].ids == 3 && r.segments[0].unknown == 1);
    write_text("shop/lists/ids.txt", "1\n3\n4\n");
    CHECK_INT(count(app, "invited"), 2);
    r = shop_build(app, 2, NULL);
    CHECK(r.segments[0].members == 3 && r.segments[0].before == 2 && r.segments[0].unknown == 0);
    CHECK_INT(count(app, "invited"), 3);
    CHECK_INT(pt_memberset_info(kept(app), 0)->ids, 3);
    pt_app_close(app);
}

/* --- history ---------------------------------------------------------------------------------------------------------- */

enum { BUILDS = 5 };
static const char *const instants[BUILDS] = {"2017-01-01", "2017-03-01", "2017-03-02", "2017-05-01", "2017-06-01"};

static void check_history(const uint64_t *const want[BUILDS], uint32_t ordinals)
{
    uint64_t *bits = PT_NEW_ARRAY(shop_arena(), uint64_t, pt_members_words(ordinals));
    const uint64_t *builds;
    size_t n, deltas = 0;

    CHECK_OK(pt_memberships_builds(&builds, &n, data_dir(), BUILDS, shop_arena(), &err));
    CHECK_INT(n, BUILDS);
    for (size_t b = 0; b < n; b++) {
        pt_memberships *m;
        CHECK_INT(builds[b], b + 1);
        CHECK_OK(pt_memberships_open(&m, data_dir(), builds[b], &err));
        int at = pt_memberset_find(pt_memberships_set(m), "busy");
        CHECK(at >= 0);
        CHECK_OK(pt_memberships_read(bits, ordinals, m, (size_t)at, &err));
        CHECK(memcmp(bits, want[b], pt_members_words(ordinals) * sizeof *bits) == 0);
        deltas += pt_memberset_info(pt_memberships_set(m), (size_t)at)->form == PT_MEMBERS_DELTA;
        pt_memberships_close(m);
    }
    CHECK(deltas > 0);
}

TEST(app_memberships__history_has_every_build)
{
    pt_app *app = open_with(some);
    const uint64_t *want[BUILDS];
    uint32_t ordinals;

    for (size_t b = 0; b < BUILDS; b++) {
        shop_build(app, 2, instants[b]);
        want[b] = members(app, "spend >= 300 and recency <= 60", &ordinals);
    }
    check_history(want, ordinals);
    pt_app_close(app);
}

TEST(app_memberships__a_damaged_past_is_refused_and_stops_no_build)
{
    pt_app *app = open_with(some);
    pt_memberships *m;
    uint32_t ordinals;
    const uint64_t *builds;
    size_t n;

    for (size_t b = 0; b < 3; b++)
        shop_build(app, 2, instants[b]);
    shop_shell("printf x | dd of=shop/portrait-data/history/g000003.segments bs=1 seek=100 conv=notrunc 2>/dev/null");
    CHECK_INT(pt_memberships_open(&m, data_dir(), 3, &err), PT_ECORRUPT);
    CHECK(strstr(err.file, "g000003.segments"));
    shop_build(app, 2, instants[3]);
    const uint64_t *want = members(app, "rich", &ordinals);
    uint64_t *bits = PT_NEW_ARRAY(shop_arena(), uint64_t, pt_members_words(ordinals));
    CHECK_OK(pt_memberships_open(&m, data_dir(), 4, &err));
    CHECK_INT(pt_memberset_info(pt_memberships_set(m), 0)->form, PT_MEMBERS_WHOLE);
    CHECK_OK(pt_memberships_read(bits, ordinals, m, 0, &err));
    CHECK(memcmp(bits, want, pt_members_words(ordinals) * sizeof *bits) == 0);
    pt_memberships_close(m);
    shop_build(app, 2, instants[4]);
    shop_shell("rm shop/portrait-data/history/g000004.segments");
    CHECK_OK(pt_memberships_open(&m, data_dir(), 5, &err));
    int at = pt_memberset_find(pt_memberships_set(m), "fixed"); /* unchanged: a difference of nothing */
    CHECK_INT(pt_memberset_info(pt_memberships_set(m), (size_t)at)->form, PT_MEMBERS_DELTA);
    CHECK_INT(pt_memberships_read(bits, ordinals, m, (size_t)at, &err), PT_ECORRUPT);
    CHECK(strstr(err.msg, "g000004"));
    pt_memberships_close(m);
    CHECK_OK(pt_memberships_builds(&builds, &n, data_dir(), 99, shop_arena(), &err));
    CHECK_INT(n, 4);
    CHECK_INT(pt_memberships_open(&m, data_dir(), 4, &err), PT_ENOTFOUND);
    pt_app_close(app);
}

/* A view that is open stays as it is, whatever builds do: also in files that it has not looked into yet. */
TEST(app_memberships__readers_keep_the_generation_they_opened)
{
    pt_app *app = open_with(some), *writer = shop_open_again();
    pt_diags diags;
    pt_crowd_options options = {.threads = 2};
    pt_view *v;

    shop_build(app, 2, "2017-06-01");
    uint64_t want = count(app, "busy");
    pt_app_forget_view(app);
    CHECK_OK(pt_app_view(&v, app, &err));
    for (size_t b = 0; b < 4; b++)
        shop_build(writer, 2, instants[b]);
    CHECK(pt_is_dir(pt_path_join(shop_arena(), data_dir(), "g000001")));
    CHECK(!pt_is_dir(pt_path_join(shop_arena(), data_dir(), "g000002")));
    pt_diags_init(&diags, shop_arena());
    pt_crowd_query *q = PT_NEW(shop_arena(), pt_crowd_query);
    uint64_t *bits;
    CHECK_OK(pt_crowd_query_open(q, app, PT_SV("busy and spend >= 300"), &options, &diags, shop_arena(), &err));
    CHECK_OK(pt_crowd_bits(&bits, q, q->crowd, &err));
    CHECK_INT(count_bits(bits, q->view->n_ordinals), want);
    CHECK_INT(q->view->as_of, v->as_of);
    CHECK_OK(pt_view_timelines(v, &err));
    pt_diags_free(&diags);
    pt_app_close(app);
    shop_build(writer, 2, NULL);
    CHECK(!pt_is_dir(pt_path_join(shop_arena(), data_dir(), "g000001")));
    pt_app_close(writer);
}
