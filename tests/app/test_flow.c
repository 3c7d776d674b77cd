#include "app/flow.h"

#include <math.h>

#include "app/flow_chain.h"
#include "base/rng.h"
#include "support/people.h"
#include "support/test.h"

static pt_err err;

static pt_flow ask(pt_app *app, const char *condition, const char *tag, const char *from, const char *to)
{
    const pt_flow_options options = {.tag = pt_sv_of(tag), .from = pt_sv_of(from), .to = pt_sv_of(to)};
    pt_diags diags;
    pt_flow f;

    pt_diags_init(&diags, shop_arena());
    CHECK_OK(pt_app_flow(&f, app, pt_sv_of(condition), &options, &diags, shop_arena(), &err));
    pt_diags_free(&diags);
    return f;
}

static size_t value_of(const pt_flow *f, const char *text)
{
    for (size_t i = 0; i < f->n; i++)
        if (text ? pt_sv_eq(f->values[i], pt_sv_of(text)) : !f->values[i].ptr)
            return i;
    test_fail(__FILE__, __LINE__, "no value %s", text ? text : "(none)");
}

static uint64_t moved(const pt_flow *f, const char *from, const char *to)
{
    return f->counts[value_of(f, from) * f->n + value_of(f, to)];
}

/* As of 2025-01-01 and 2024-10-03: the life cycle of those who ordered on these days. */
static pt_app *crowd(void)
{
    static const struct {
        unsigned n;
        const char *first, *second;
    } groups[] = {
        {30, "2024-09-01", NULL},         /* active (32 days) to sleeping (122 days) */
        {20, "2024-09-01", "2024-12-01"}, /* active to active */
        {15, "2024-05-01", "2024-12-24"}, /* sleeping to active, beside a move of too few */
        {12, "2024-11-11", NULL},         /* a new customer, active */
        {7, "2024-05-01", NULL},          /* sleeping to lapsing: too few to be shown */
        {11, NULL, NULL},                 /* never ordered */
    };
    test_people t = {0};

    for (size_t g = 0; g < PT_COUNT(groups); g++)
        for (unsigned i = 0; i < groups[g].n; i++) {
            test_people_add(&t, 1, i % 2 ? "male,30,,,,,,," : "female,30,,,,,,,");
            if (groups[g].first)
                test_people_order(&t, t.n, groups[g].first, 10);
            if (groups[g].second)
                test_people_order(&t, t.n, groups[g].second, 10);
        }
    return test_people_build(&t);
}

TEST(app_flow__says_who_moved_from_active_to_sleeping)
{
    pt_app *app = crowd();
    pt_flow f = ask(app, "", "", "", "");
    char text[64];

    CHECK_STR(pt_instant_format(text, f.from.as_of, pt_app_project(app)->zone), "2024-10-03T00:00:00+08:00");
    CHECK_INT(f.n, 4); /* nobody is lost at either end */
    CHECK_INT(value_of(&f, "active"), 0);
    CHECK_INT(value_of(&f, "sleeping"), 1);
    CHECK_INT(moved(&f, "active", "sleeping"), 30);
    CHECK_INT(moved(&f, "active", "active"), 20);
    CHECK_INT(moved(&f, "sleeping", "active"), 0); /* hidden, or 22 who were sleeping would tell the 7 */
    CHECK_INT(moved(&f, NULL, "active"), 12);
    CHECK_INT(moved(&f, NULL, NULL), 11);
    CHECK_INT(moved(&f, "sleeping", "lapsing"), 0);
    CHECK(f.hidden[value_of(&f, "sleeping") * f.n + value_of(&f, "lapsing")]);
    CHECK(f.hidden[value_of(&f, "sleeping") * f.n + value_of(&f, "active")]);
    CHECK_INT(f.head.hidden, 2);
    CHECK_INT(f.stayed, 20);
    CHECK_INT(f.moved, 30);
    CHECK_INT(f.entered, 12);
    CHECK_INT(f.left, 0);
    CHECK_INT(f.before[0], 50);
    CHECK_INT(f.before[1], 22);
    f = ask(app, "gender = 'female'", "life_cycle", "2024-10-03", "2025-01-01");
    CHECK_INT(moved(&f, "active", "sleeping"), 15);
    CHECK_INT(f.head.members, 15 + 10 + 8 + 6 + 4 + 6);
    pt_app_close(app);
}

TEST(app_flow_chain__follows_from_the_cells_shown)
{
    pt_app *app = crowd();
    pt_flow f = ask(app, "", "life_cycle", "2024-10-03", "2025-01-01");
    pt_flow_chain c;

    CHECK_OK(pt_flow_chain_of(&c, &f, shop_arena(), &err));
    CHECK_INT(c.n, 2); /* active and sleeping; of sleeping all moves are hidden */
    CHECK(fabs(c.p[0] - 0.4) < 1e-12 && fabs(c.p[1] - 0.6) < 1e-12);
    CHECK(c.p[2] == 0 && c.p[3] == 1 && isinf(c.stay[1]));
    CHECK(fabs(c.stay[0] - 1 / 0.6) < 1e-12);
    CHECK(fabs(c.now[0] - 0.4) < 1e-12 && fabs(c.long_run[1] - 1) < 1e-9);
    CHECK(fabs(c.passage[1] - 1 / 0.6) < 1e-12 && isinf(c.passage[2]));
    CHECK_INT(c.step, 90 * PT_DAY);
    pt_app_close(app);
}

static bool is_listed(pt_app *app, const char *who, const pt_sv *ids, size_t n)
{
    pt_view *v = shop_view(app);
    uint32_t ordinal;

    CHECK_OK(pt_view_find(&ordinal, v, pt_sv_of(who), &err));
    for (size_t i = 0; i < n; i++)
        if (pt_sv_eq(ids[i], pt_directory_id(v->directory, ordinal)))
            return true;
    return false;
}

TEST(app_flow__lists_those_who_moved)
{
    pt_app *app = crowd();
    const pt_flow_options options = {0};
    const pt_sv *ids;
    pt_diags diags;
    size_t n;

    pt_diags_init(&diags, shop_arena());
    CHECK_OK(pt_app_flow_members(&ids, &n, app, PT_SV(""), PT_SV("active"), PT_SV("sleeping"), &options, &diags,
                                 shop_arena(), &err));
    CHECK_INT(n, 30);
    for (size_t i = 0; i < n; i++) {
        uint32_t ordinal;
        CHECK_OK(pt_view_find(&ordinal, shop_view(app), ids[i], &err));
        CHECK(i == 0 || pt_sv_cmp(ids[i - 1], ids[i]) < 0);
    }
    for (unsigned i = 1; i <= 30; i++)
        CHECK(is_listed(app, pt_arena_printf(shop_arena(), "p%u", i), ids, n));
    CHECK_OK(pt_app_flow_members(&ids, &n, app, PT_SV(""), PT_SV(""), PT_SV("active"), &options, &diags, shop_arena(),
                                 &err));
    CHECK_INT(n, 12);
    CHECK_INT(pt_app_flow_members(&ids, &n, app, PT_SV(""), PT_SV("activ"), PT_SV("lost"), &options, &diags,
                                  shop_arena(), &err),
              PT_ENOTFOUND);
    CHECK_STR(err.hint, "did you mean 'active'?");
    pt_diags_free(&diags);
    pt_app_close(app);
}

TEST(app_flow__refuses_what_has_no_flow)
{
    static const struct {
        const char *tag, *from, *to;
        pt_rc rc;
    } cases[] = {{"nosuch", "", "", PT_ENOTFOUND},
                 {"life_cycle", "2025-01-01", "", PT_EINVAL},
                 {"life_cycle", "g000009", "", PT_EINVAL},
                 {"life_cycle", "", "yesterday", PT_EINVAL},
                 {"gender", "g000001", "g000001", PT_EINVAL}};
    pt_app *app = crowd();
    pt_diags diags;
    pt_flow f;

    pt_diags_init(&diags, shop_arena());
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        const pt_flow_options options = {
            .tag = pt_sv_of(cases[i].tag), .from = pt_sv_of(cases[i].from), .to = pt_sv_of(cases[i].to)};
        CHECK_INT(pt_app_flow(&f, app, PT_SV(""), &options, &diags, shop_arena(), &err), cases[i].rc);
    }
    pt_diags_free(&diags);
    pt_app_close(app);
}

/* --- three ways to the same figures ---------------------------------------------------------------------------------------- */

enum { PEOPLE = 4000, DAYS = 700 };

static const char *const stages[] = {"active", "sleeping", "lapsing", "lost", NULL};

/* The life cycle on day `as_of` of one whose orders are on `days`, worked out here: 0..3, 4 is none. */
static size_t stage_on(const unsigned *days, unsigned n, unsigned as_of)
{
    unsigned last = UINT32_MAX;

    for (unsigned i = 0; i < n; i++)
        if (days[i] <= as_of && (last == UINT32_MAX || days[i] > last))
            last = days[i];
    if (last == UINT32_MAX)
        return 4;
    unsigned recency = as_of - last;
    return recency <= 90 ? 0 : recency <= 180 ? 1 : recency <= 360 ? 2 : 3;
}

static const char *day_text(unsigned day)
{
    char text[32];

    return pt_arena_strdup(shop_arena(), pt_date_format(text, pt_date_from_civil(2023, 1, 1) + (int32_t)day));
}

TEST(app_flow__by_dates_by_builds_and_by_hand_are_the_same)
{
    uint64_t want[5][5] = {{0}};
    unsigned from = 480, to = 700;
    test_people t = {0};
    pt_rng r;

    pt_rng_seed(&r, 12);
    for (unsigned i = 0; i < PEOPLE; i++) {
        unsigned days[4], n = (unsigned)pt_rng_below(&r, 5);
        test_people_add(&t, 1, "male,30,,,,,,,");
        for (unsigned k = 0; k < n; k++) {
            days[k] = (unsigned)pt_rng_below(&r, DAYS);
            test_people_order(&t, t.n, day_text(days[k]), 1);
        }
        want[stage_on(days, n, from)][stage_on(days, n, to)]++;
    }
    pt_app *app = test_people_build(&t);
    shop_build(app, 1, day_text(from));
    shop_build(app, 2, day_text(to));
    pt_app_forget_view(app);
    pt_flow by_dates = ask(app, "", "", day_text(from), day_text(to));
    pt_flow by_builds = ask(app, "", "", "g000002", "g000003"), by_default = ask(app, "", "", "", "");
    CHECK_INT(by_default.from.as_of, by_dates.from.as_of); /* that of the build before */
    CHECK_INT(by_dates.n, 5);
    for (size_t a = 0; a < 5; a++)
        for (size_t b = 0; b < 5; b++) {
            size_t at = value_of(&by_dates, stages[a]) * 5 + value_of(&by_dates, stages[b]);
            uint64_t shown = want[a][b] < 10 ? 0 : want[a][b];
            CHECK_INT(by_dates.counts[at], shown);
            CHECK_INT(by_builds.counts[at], shown);
            CHECK_INT(by_default.counts[at], shown);
            CHECK(by_dates.hidden[at] == (want[a][b] > 0 && want[a][b] < 10));
        }
    uint64_t all = by_dates.stayed + by_dates.moved + by_dates.entered + by_dates.left + want[4][4];
    CHECK_INT(all, PEOPLE);
    pt_app_close(app);
}
