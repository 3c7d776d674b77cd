/* Funnels, cohorts and hours of a small shop: what may be shown of small groups, held against all there is. */
#include <math.h>

#include "app/app_int.h"
#include "app/crowds.h"
#include "app/journeys.h"
#include "support/shop.h"
#include "support/test.h"

enum { LEAST = 20 };

static pt_err err;
static pt_diags diags;

static pt_app *open_shop(void)
{
    pt_app *app = shop_open(700);

    shop_build(app, 2, NULL);
    pt_diags_init(&diags, shop_arena());
    return app;
}

static pt_journey_options options_of(const char *segment)
{
    return (pt_journey_options){.threads = 3, .segment = pt_sv_of(segment)};
}

/* --- funnels ------------------------------------------------------------------------------------------------------------------- */

static pt_funnel ask_funnel(pt_app *app, const char *by, uint32_t min_group, bool strict, const char *segment)
{
    static const char *const texts[] = {"visits", "visits where page = 'product'", "orders where amount > 20",
                                        "visits"};
    pt_journey_options options = options_of(segment);
    pt_sv steps[PT_COUNT(texts)];
    pt_funnel f;

    for (size_t i = 0; i < PT_COUNT(texts); i++)
        steps[i] = pt_sv_of(texts[i]);
    pt_funnel_question q = {steps, 4, 90 * PT_DAY, PT_I32_MISSING, PT_I32_MISSING, strict, pt_sv_of(by)};
    app->project->min_group = min_group;
    CHECK_OK(pt_app_funnel(&f, app, &q, &options, &diags, shop_arena(), &err));
    return f;
}

/* Each figure shown is true, those hidden lie between their bounds, and of those shown no two differ by a small group. */
static void check_steps(const uint64_t *shown, const uint64_t *least, const uint64_t *most, const uint64_t *all,
                        size_t n)
{
    uint64_t before = all[0];

    for (size_t i = 0; i < n; i++) {
        CHECK(least[i] <= all[i] && all[i] <= most[i]);
        CHECK(i == 0 || all[i] <= all[i - 1]);
        if (shown[i] == PT_HIDDEN)
            continue;
        CHECK_INT(shown[i], all[i]);
        CHECK(all[i] == 0 || all[i] >= LEAST);
        CHECK(all[i] == before || before - all[i] >= LEAST);
        before = all[i];
    }
}

static void check_funnel(const pt_funnel *some, const pt_funnel *all)
{
    uint64_t shown[4], least[4], most[4], truth[4], members = some->hidden_members;

    for (size_t i = 0; i < 4; i++) {
        shown[i] = some->steps[i].customers;
        least[i] = some->steps[i].least;
        most[i] = some->steps[i].most;
        truth[i] = all->steps[i].customers;
    }
    check_steps(shown, least, most, truth, 4);
    for (size_t g = 0; g < some->n_groups; g++) {
        size_t k = 0;
        while (!(all->groups[k].value.missing == some->groups[g].value.missing &&
                 all->groups[k].value.number == some->groups[g].value.number &&
                 pt_sv_eq(all->groups[k].value.text, some->groups[g].value.text)))
            CHECK(++k < all->n_groups);
        CHECK(some->groups[g].members >= LEAST);
        check_steps(some->groups[g].customers, some->groups[g].least, some->groups[g].most, all->groups[k].customers,
                    4);
        members += some->groups[g].members;
    }
    CHECK_INT(members, some->about.members);
    CHECK(some->hidden_members == 0 || some->hidden_members >= LEAST);
}

TEST(app_journeys__a_funnel_tells_of_no_small_group)
{
    static const char *const tags[] = {"life_cycle", "city", "age", "group_ab", "paid_share"};
    pt_app *app = open_shop();

    for (size_t t = 0; t < PT_COUNT(tags); t++) {
        for (int strict = 0; strict < 2; strict++) {
            pt_funnel some = ask_funnel(app, tags[t], LEAST, strict, "");
            pt_funnel all = ask_funnel(app, tags[t], 1, strict, "");
            check_funnel(&some, &all);
            uint64_t steps[4] = {0};
            for (size_t g = 0; g < all.n_groups; g++)
                for (size_t i = 0; i < 4; i++)
                    steps[i] += all.groups[g].customers[i];
            for (size_t i = 0; i < 4; i++)
                CHECK_INT(steps[i], all.steps[i].customers);
        }
    }
    pt_app_close(app);
}

TEST(app_journeys__a_funnel_of_a_segment_is_what_count_counts)
{
    static const char *const segment = "spend >= 200 or city = '北京'";
    pt_app *app = open_shop();
    pt_funnel f = ask_funnel(app, "", 1, false, segment);
    pt_crowd_options options = {.threads = 1};
    pt_crowd_count count;

    for (size_t i = 0; i < f.n_steps; i++) {
        const char *text = pt_arena_printf(shop_arena(), "(%s) and %s >= %zu", segment, f.condition, i + 1);
        CHECK_OK(pt_app_count(&count, app, pt_sv_of(text), (pt_sv){0}, &options, &diags, shop_arena(), &err));
        CHECK_INT(f.steps[i].customers, count.members);
    }
    CHECK(f.steps[3].customers > 0);
    pt_app_close(app);
}

TEST(app_journeys__what_came_next_is_all_who_stopped)
{
    pt_app *app = open_shop();
    pt_funnel f = ask_funnel(app, "", 1, false, "");

    for (size_t i = 0; i + 1 < f.n_steps; i++) {
        uint64_t n = f.steps[i].others;
        for (size_t k = 0; k < f.steps[i].n_nexts; k++)
            n += f.steps[i].nexts[k].customers;
        CHECK_INT(n, f.steps[i].stopped);
    }
    pt_app_close(app);
}

/* --- cohorts ------------------------------------------------------------------------------------------------------------------- */

static pt_cohort ask_cohort(pt_app *app, const char *of, bool cumulative, uint32_t min_group)
{
    pt_journey_options options = options_of("");
    pt_cohort_question q = {.event = pt_sv_of("orders"),
                            .every = PT_EVERY_MONTH,
                            .periods = 9,
                            .of = pt_sv_of(of),
                            .sum = pt_sv_of("amount"),
                            .cumulative = cumulative,
                            .from = PT_I32_MISSING,
                            .to = PT_I32_MISSING};
    pt_cohort c;

    app->project->min_group = min_group;
    CHECK_OK(pt_app_cohort(&c, app, &q, &options, &diags, shop_arena(), &err));
    return c;
}

static const pt_cohort_row *row_like(const pt_cohort *c, const pt_cohort_row *like)
{
    for (size_t i = 0; i < c->n_rows; i++)
        if (c->rows[i].start == like->start && pt_sv_eq(c->rows[i].value.text, like->value.text) &&
            c->rows[i].value.missing == like->value.missing && c->rows[i].value.number == like->value.number)
            return &c->rows[i];
    test_fail(__FILE__, __LINE__, "a row that is nowhere else");
}

static void check_cell(const pt_cohort_cell *some, const pt_cohort_cell *all)
{
    if (some->base == PT_HIDDEN)
        return;
    CHECK_INT(some->base, all->base);
    CHECK(some->least <= all->active && all->active <= some->most);
    if (some->active != PT_HIDDEN) {
        CHECK_INT(some->active, all->active);
        CHECK(all->active == 0 || all->active >= LEAST);
        CHECK(all->active == all->base || all->base - all->active >= LEAST);
    }
    if (!isnan(some->sum)) {
        CHECK_DOUBLE(some->sum, all->sum);
        CHECK(all->active == 0 || all->active >= LEAST);
    }
}

TEST(app_journeys__a_cohort_tells_of_no_small_group)
{
    static const char *const tags[] = {"", "city", "group_ab"};
    pt_app *app = open_shop();

    for (size_t t = 0; t < PT_COUNT(tags); t++) {
        for (int cumulative = 0; cumulative < 2; cumulative++) {
            pt_cohort some = ask_cohort(app, tags[t], cumulative, LEAST);
            pt_cohort all = ask_cohort(app, tags[t], cumulative, 1);
            uint64_t customers = some.hidden_customers;
            for (size_t i = 0; i < some.n_rows; i++) {
                const pt_cohort_row *row = row_like(&all, &some.rows[i]);
                CHECK(some.rows[i].customers >= LEAST);
                for (size_t k = 0; k < some.rows[i].n_cells; k++)
                    check_cell(&some.rows[i].cells[k], &row->cells[k]);
                customers += some.rows[i].customers;
            }
            CHECK_INT(customers, all.all.customers);
            CHECK(some.hidden_customers == 0 || some.hidden_customers >= LEAST);
        }
    }
    pt_app_close(app);
}

TEST(app_journeys__a_cohort_adds_up)
{
    pt_app *app = open_shop();
    pt_cohort each = ask_cohort(app, "", false, 1), so_far = ask_cohort(app, "", true, 1);

    for (size_t i = 0; i < each.n_rows; i++) {
        double sum = 0;
        uint64_t most = 0;
        for (size_t k = 0; k < each.rows[i].n_cells; k++) {
            const pt_cohort_cell *cell = &each.rows[i].cells[k], *total = &so_far.rows[i].cells[k];
            CHECK_INT(cell->base, each.rows[i].customers);
            sum += cell->sum;
            CHECK(fabs(sum - total->sum) < 1e-6 * (1 + fabs(sum)));
            CHECK(k == 0 || total->active >= cell->active);
            CHECK(k < 2 || total->active >= most);
            most = k ? total->active : 0;
        }
        CHECK_INT(each.rows[i].cells[0].active, each.rows[i].customers);
    }
    pt_app_close(app);
}

/* --- hours ---------------------------------------------------------------------------------------------------------------------- */

TEST(app_journeys__hours_are_of_the_local_week)
{
    pt_app *app = open_shop();
    const pt_project *p = pt_app_project(app);
    pt_journey_options options = options_of("");
    uint64_t cells[7][24] = {{0}};
    pt_heatmap map;

    app->project->min_group = 1;
    CHECK_OK(pt_app_heatmap(&map, app, pt_sv_of("orders"), &options, &diags, shop_arena(), &err));
    pt_view *v = shop_view(app);
    uint32_t s = map.source;
    for (uint32_t o = 0; o < v->n_ordinals; o++) {
        for (uint64_t e = v->events[s].offsets[o]; e < v->events[s].offsets[o + 1]; e++) {
            int64_t t = v->events[s].time[e];
            pt_civil c;
            if (t == PT_I64_MISSING || t > v->as_of)
                continue;
            pt_zone_civil(&c, p->zone, t);
            cells[pt_date_weekday(pt_zone_date(p->zone, t)) - 1][c.hour]++;
        }
    }
    for (size_t i = 0; i < 7 * 24; i++)
        CHECK_INT(map.cells[i / 24][i % 24].events, cells[i / 24][i % 24]);
    pt_app_close(app);
}

TEST(app_journeys__an_index_of_everybody_is_100)
{
    pt_app *app = open_shop();
    pt_journey_options options = options_of("orders_all >= 0");
    pt_heatmap map;

    app->project->min_group = 1;
    CHECK_OK(pt_app_heatmap(&map, app, pt_sv_of("orders"), &options, &diags, shop_arena(), &err));
    for (size_t i = 0; i < 7 * 24; i++)
        if (map.cells[i / 24][i % 24].events)
            CHECK_DOUBLE(map.cells[i / 24][i % 24].index, 100);
    pt_app_close(app);
}
