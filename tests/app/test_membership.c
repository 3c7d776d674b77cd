/* Why a customer is in a segment, and who came and went: held against counts over the index, evaluation at other instants, and
 * one another. */
#include "app/membership.h"

#include <string.h>

#include "app/crowd_query.h"
#include "app/segment_diff.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

static const char *const conditions[] = {
    "life_cycle = 'active' and spend >= 300",
    "spend >= 300 or recency <= 20 and not (top_channel = 'app')",
    "not (orders_90d >= 3 or city = '北京') and favourites has 'tea'",
    "did(orders where paid within 60d) >= 2 and did_not(visits within 30d)",
    "count(orders within 30d) between 1 and 3 or age is missing",
    "sequence(visits, orders within 7d) and random_bucket('x', 4) > 1",
    "spend >= base_mean(spend) and not first_note_long",
    "tea_lovers and not quiet",
    "not (tea_lovers or spend > 2 * avg_basket)",
    "quiet or tea_lovers and group_ab = 1",
};

static pt_app *open_shop(int customers)
{
    pt_app_close(shop_open(customers));
    shop_shell("mkdir -p shop/segments && printf '%s\n' \"tea_lovers: favourites has 'tea' and orders_90d >= 1\" "
               "\"quiet: {when: recency > 40, label: {zh: 近期未到, en: Quiet}}\" > shop/segments/all.yaml");
    return shop_open_again();
}

static const pt_membership *explain(pt_app *app, const char *what, pt_sv customer, int64_t as_of)
{
    pt_explain_options options = {.customer = customer, .has_as_of = true, .as_of = as_of};
    const pt_membership *m;
    pt_diags diags;

    pt_diags_init(&diags, shop_arena());
    if (pt_app_membership(&m, app, pt_sv_of(what), &options, &diags, shop_arena(), &err) != PT_OK)
        test_fail(__FILE__, __LINE__, "%s: %s", what, diags.n ? diags.items[0].msg : err.msg);
    pt_diags_free(&diags);
    return m;
}

static bool has(const uint64_t *bits, uint32_t ordinal)
{
    return bits[ordinal / 64] >> (ordinal % 64) & 1;
}

TEST(app_membership__the_verdict_is_that_of_the_index)
{
    pt_app *app = open_shop(40);
    static const pt_crowd_options options;
    size_t members = 0, others = 0;
    pt_crowd_query q;
    uint64_t *bits;
    pt_diags diags;

    shop_build(app, 2, "2017-08-01");
    pt_view *v = shop_view(app);
    for (size_t c = 0; c < PT_COUNT(conditions); c++) {
        pt_diags_init(&diags, shop_arena());
        CHECK_OK(pt_crowd_query_open(&q, app, pt_sv_of(conditions[c]), &options, &diags, shop_arena(), &err));
        pt_diags_free(&diags);
        CHECK_OK(pt_crowd_bits(&bits, &q, q.crowd, &err));
        for (uint32_t o = 0; o < v->n_ordinals; o += 3) {
            if (!pt_is_customer(v->directory, o))
                continue;
            const pt_membership *m = explain(app, conditions[c], pt_directory_id(v->directory, o), v->as_of);
            uint8_t values[16];
            CHECK(m->tree.n_leaves <= PT_COUNT(values));
            CHECK_INT(m->verdict == 1, has(bits, o));
            for (size_t i = 0; i < m->tree.n_leaves; i++)
                values[i] = m->leaves[i].value;
            CHECK_INT(pt_logic_value(m->tree.root, values), m->verdict);
            CHECK(m->verdict != 1 || m->n_paths == 0);
            members += m->verdict == 1;
            others += m->verdict != 1;
        }
    }
    CHECK(members > 20 && others > 20);
    pt_app_close(app);
}

/* The instant told is the first at which the verdict differs. */
TEST(app_membership__changes_by_time_alone_when_it_says)
{
    pt_app *app = open_shop(40);
    size_t changes = 0;

    shop_build(app, 2, "2017-08-01");
    pt_view *v = shop_view(app);
    for (size_t c = 0; c < PT_COUNT(conditions); c++)
        for (uint32_t o = 0; o < v->n_ordinals; o += 4) {
            if (!pt_is_customer(v->directory, o))
                continue;
            pt_sv id = pt_directory_id(v->directory, o);
            const pt_membership *m = explain(app, conditions[c], id, v->as_of);
            if (m->changes_at == INT64_MAX)
                continue;
            changes++;
            CHECK_INT(explain(app, conditions[c], id, m->changes_at - 1)->verdict, m->verdict);
            CHECK_INT(explain(app, conditions[c], id, m->changes_at)->verdict, m->changes_to);
        }
    CHECK(changes > 10);
    pt_app_close(app);
}

/* "spend is 620, needs >= 1000: 380 more": what is there and what lacks make the bound. */
TEST(app_membership__what_lacks_is_the_difference)
{
    pt_app *app = open_shop(40);
    size_t seen = 0;

    shop_build(app, 2, "2017-08-01");
    pt_view *v = shop_view(app);
    for (uint32_t o = 0; o < v->n_ordinals; o++) {
        if (!pt_is_customer(v->directory, o))
            continue;
        const pt_membership *m =
            explain(app, "spend >= 1000 and count(orders within 30d) > 2", pt_directory_id(v->directory, o), v->as_of);
        const pt_requirement *spend = &m->leaves[0].require[1], *orders = &m->leaves[1].require[1];
        if (m->leaves[0].value == 0) {
            CHECK(spend->has_gap && spend->gap_type == PT_TYPE_MONEY);
            CHECK_INT(((const int64_t *)spend->value.data)[0] + spend->units, 1000 * PT_MONEY_UNIT);
            seen++;
        }
        if (m->leaves[1].value == 0) {
            CHECK_INT(orders->need.kind, PT_NEED_EVENTS);
            CHECK_DOUBLE(((const double *)orders->value.data)[0] + orders->number, 3);
            CHECK_INT((int64_t)m->leaves[1].grounds[0].proofs[0].n_events,
                      (int64_t)((const double *)orders->value.data)[0]);
            seen++;
        }
    }
    CHECK(seen > 40);
    pt_app_close(app);
}

TEST(app_membership__problems_are_told)
{
    static const char *const wrong[] = {"nosuch > 3", "spend", "spend >", ""};
    pt_app *app = open_shop(1);
    pt_explain_options options = {.customer = PT_SV("user_id:1")};
    const pt_membership *m;
    pt_diags diags;

    shop_build(app, 1, "2017-08-01");
    for (size_t i = 0; i < PT_COUNT(wrong); i++) {
        pt_diags_init(&diags, shop_arena());
        CHECK_INT(pt_app_membership(&m, app, pt_sv_of(wrong[i]), &options, &diags, shop_arena(), &err), PT_EINVAL);
        CHECK(diags.errors > 0);
        pt_diags_free(&diags);
    }
    CHECK(pt_app_is_condition(app, PT_SV("tea_lovers"), shop_arena()));
    CHECK(!pt_app_is_condition(app, PT_SV("life_cycle"), shop_arena()));
    CHECK(!pt_app_is_condition(app, PT_SV("spend + 1"), shop_arena()));
    pt_app_close(app);
}

/* --- who came and went ----------------------------------------------------------------------------------------------------------- */

static const pt_segment_diff *compare(pt_app *app, const char *what, const char *from, const char *to)
{
    pt_segment_diff_options options = {.from = pt_sv_of(from), .to = pt_sv_of(to), .movers = true};
    const pt_segment_diff *d;
    pt_diags diags;

    pt_diags_init(&diags, shop_arena());
    if (pt_app_segment_diff(&d, app, pt_sv_of(what), &options, &diags, shop_arena(), &err) != PT_OK)
        test_fail(__FILE__, __LINE__, "%s: %s", what, diags.n ? diags.items[0].msg : err.msg);
    pt_diags_free(&diags);
    return d;
}

static int64_t instant(pt_app *app, const char *text)
{
    int64_t at;

    CHECK(pt_instant_parse(&at, pt_sv_of(text), pt_app_project(app)->zone));
    return at;
}

static bool is_cause(const pt_segment_cause *c, size_t leaf)
{
    for (size_t i = 0; i < c->n_leaves; i++)
        if (c->leaves[i] == leaf)
            return true;
    return false;
}

/* Every one who moved is explained at both instants: in at one, out at the other, and the leaves named are those that changed
 * and decide. */
static void check_mover(pt_app *app, const char *what, const pt_segment_mover *mover, const char *from, const char *to)
{
    const pt_membership *before = explain(app, what, mover->id, instant(app, from));
    const pt_membership *after = explain(app, what, mover->id, instant(app, to));

    CHECK_INT(before->verdict == 1, !mover->entered);
    CHECK_INT(after->verdict == 1, mover->entered);
    for (size_t i = 0; i < after->tree.n_leaves && mover->cause; i++)
        CHECK_INT(is_cause(mover->cause, i),
                  before->leaves[i].value != after->leaves[i].value && after->leaves[i].decisive);
}

TEST(app_segment_diff__movers_are_those_whose_verdict_changed)
{
    pt_app *app = open_shop(40);
    size_t moved = 0;

    shop_build(app, 2, "2017-08-01");
    for (size_t c = 0; c < PT_COUNT(conditions); c++) {
        const pt_segment_diff *d = compare(app, conditions[c], "2017-04-01", "2017-07-01");
        uint64_t entered = 0, left = 0;
        CHECK_INT(d->n_movers, d->entered + d->entered_new + d->left + d->left_merged + d->left_gone);
        CHECK_INT(d->from.members + d->entered + d->entered_new - d->left - d->left_merged - d->left_gone,
                  d->to.members);
        for (size_t i = 0; i < d->n_causes; i++) {
            entered += d->causes[i].entered;
            left += d->causes[i].left;
            CHECK(d->causes[i].n_leaves > 0);
        }
        CHECK_INT(entered, d->entered);
        CHECK_INT(left, d->left);
        for (size_t i = 0; i < d->n_movers; i++)
            check_mover(app, conditions[c], &d->movers[i], "2017-04-01", "2017-07-01");
        moved += d->n_movers;
    }
    CHECK(moved > 30);
    pt_app_close(app);
}

/* Two builds, by their indexes, and their two instants, by the timelines. */
TEST(app_segment_diff__builds_and_their_instants_agree)
{
    pt_app *app = open_shop(40);
    size_t moved = 0;

    shop_build(app, 2, "2017-04-01");
    shop_build(app, 2, "2017-07-01");
    for (size_t c = 0; c < PT_COUNT(conditions); c++) {
        if (strstr(conditions[c], "base_"))
            continue; /* statistics of the base are those of each build */
        const pt_segment_diff *builds = compare(app, conditions[c], "", "");
        const pt_segment_diff *instants = compare(app, conditions[c], "2017-04-01", "2017-07-01");
        CHECK_STR(builds->from.generation, "g000001");
        CHECK_INT(builds->from.members, instants->from.members);
        CHECK_INT(builds->to.members, instants->to.members);
        CHECK_INT(builds->n_movers, instants->n_movers);
        for (size_t i = 0; i < builds->n_movers; i++) {
            CHECK(pt_sv_eq(builds->movers[i].id, instants->movers[i].id));
            CHECK_INT(builds->movers[i].entered, instants->movers[i].entered);
        }
        moved += builds->n_movers;
    }
    CHECK(moved > 30);
    pt_app_close(app);
}

TEST(app_segment_diff__a_changed_definition_is_told_apart)
{
    pt_app *app = open_shop(40);

    shop_build(app, 2, "2017-04-01");
    const pt_segment_diff *first = compare(app, "quiet", "2017-04-01", "2017-07-01");
    CHECK(!first->before && !first->redefined);
    pt_app_close(app);
    shop_shell("sed -i 's/recency > 40/recency > 20/' shop/segments/all.yaml");
    app = shop_open_again();
    shop_build(app, 2, "2017-07-01");
    const pt_segment_diff *d = compare(app, "quiet", "", "");
    CHECK_STR(d->before, "recency > 40");
    CHECK(d->definition_entered > 0);
    CHECK_INT(d->definition_left, 0);
    /* what the old rule kept, what the new one would have, what the data did after that */
    CHECK_INT(first->from.members + d->definition_entered, d->from.members);
    CHECK_INT(d->from.members + d->entered + d->entered_new - d->left - d->left_merged - d->left_gone, d->to.members);
    pt_app_close(app);
}

/* Of the first build only the members are left. */
TEST(app_segment_diff__knows_the_members_of_builds_long_gone)
{
    pt_app *app = open_shop(40);

    shop_build(app, 2, "2017-04-01");
    uint64_t members = compare(app, "quiet", "2017-03-01", "2017-04-01")->to.members;
    pt_app_close(app);
    shop_shell("sed -i 's/recency > 40/recency > 20/' shop/segments/all.yaml");
    app = shop_open_again();
    shop_build(app, 2, "2017-07-01");
    shop_build(app, 2, "2017-08-01");
    shop_build(app, 2, "2017-08-02");
    const pt_segment_diff *d = compare(app, "quiet", "g000001", "");
    CHECK(d->redefined && !d->leaves_known && d->n_causes == 0);
    CHECK_INT(d->from.members, members);
    CHECK_INT(d->from.members + d->entered + d->entered_new - d->left - d->left_merged - d->left_gone, d->to.members);
    pt_app_close(app);
}
