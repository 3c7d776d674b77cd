/* Two builds compared: measures by hand, planted changes, and nothing where nothing changed. */
#include <math.h>
#include <string.h>

#include "app/diff.h"
#include "app/diff_int.h"
#include "support/project.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

/* --- measures by hand --------------------------------------------------------------------------------------------- */

enum { MOST = 1000 };

typedef struct numbers {
    double values[MOST];
    bool live[MOST];
    pt_column column;
} numbers;

/* n times each value of the list. */
static diff_side side_of(numbers *s, const double *values, uint32_t n_values, uint32_t times)
{
    uint32_t n = n_values * times;

    for (uint32_t i = 0; i < n; i++) {
        s->values[i] = values[i % n_values];
        s->live[i] = true;
    }
    s->column = (pt_column){.type = PT_TYPE_NUMBER, .width = 8, .data = s->values};
    return (diff_side){.column = &s->column, .live = s->live, .rows = n, .customers = n};
}

TEST(app_diff__ks_is_the_greatest_distance)
{
    static numbers a, b;
    pt_diff_tag t = {0};
    diff_side before = side_of(&a, (const double[]){1, 2, 3, 4}, 4, 100);
    diff_side after = side_of(&b, (const double[]){3, 4, 5, 6}, 4, 100);

    CHECK_OK(diff_measure(&t, &before, &after, shop_arena(), &err));
    CHECK_INT(t.measure, PT_DIFF_KS);
    CHECK_DOUBLE(t.distance, 0.5);
    CHECK_DOUBLE(t.mean_before, 2.5);
    CHECK_DOUBLE(t.mean_after, 4.5);
    CHECK_INT(t.moved, PT_MOVED_MUCH);
    t = (pt_diff_tag){0};
    CHECK_OK(diff_measure(&t, &before, &before, shop_arena(), &err));
    CHECK(t.distance == 0 && t.moved == PT_MOVED_NOT);
}

TEST(app_diff__a_move_that_chance_explains_is_none)
{
    static numbers a, b;
    pt_diff_tag t = {0};
    diff_side before = side_of(&a, (const double[]){1, 2, 3, 4}, 4, 1);
    diff_side after = side_of(&b, (const double[]){2, 3, 4, 5}, 4, 1);

    CHECK_OK(diff_measure(&t, &before, &after, shop_arena(), &err));
    CHECK_DOUBLE(t.distance, 0.25);
    CHECK(t.limit > 1);
    CHECK_INT(t.moved, PT_MOVED_NOT);
}

typedef struct bools {
    uint8_t values[MOST];
    bool live[MOST];
    pt_column column;
} bools;

static diff_side bool_side(bools *s, uint32_t n_true, uint32_t n_false, uint32_t n_missing)
{
    uint32_t n = n_true + n_false + n_missing;

    for (uint32_t i = 0; i < n; i++) {
        s->values[i] = i < n_true ? 1 : i < n_true + n_false ? 0 : PT_BOOL_MISSING;
        s->live[i] = true;
    }
    s->column = (pt_column){.type = PT_TYPE_BOOL, .width = 1, .data = s->values};
    return (diff_side){.column = &s->column, .live = s->live, .rows = n, .customers = n};
}

TEST(app_diff__psi_is_that_of_the_formula)
{
    static bools a, b, c;
    pt_diff_tag t = {0};
    diff_side before = bool_side(&a, 500, 500, 0), after = bool_side(&b, 300, 700, 0),
              half = bool_side(&c, 250, 250, 500);

    CHECK_OK(diff_measure(&t, &before, &after, shop_arena(), &err));
    CHECK_INT(t.measure, PT_DIFF_PSI);
    CHECK(fabs(t.distance - ((0.3 - 0.5) * log(0.3 / 0.5) + (0.7 - 0.5) * log(0.7 / 0.5))) < 1e-12);
    CHECK_INT(t.moved, PT_MOVED_SOME);
    CHECK_INT(t.n_shares, 2);
    CHECK_DOUBLE(t.shares[0].before, 0.5);
    t = (pt_diff_tag){0};
    CHECK_OK(diff_measure(&t, &before, &half, shop_arena(), &err));
    CHECK_DOUBLE(t.known_after, 0.5);
    CHECK_INT(t.moved, PT_MOVED_MUCH);
}

/* --- two builds --------------------------------------------------------------------------------------------------- */

static const pt_diff *diff_of(pt_app *app, const char *from, const char *to)
{
    const pt_diff *d;

    CHECK_OK(pt_app_diff(&d, app, from, to, shop_arena(), &err));
    return d;
}

TEST(app_diff__a_build_with_itself_is_empty)
{
    pt_app *app = shop_open(100);

    shop_build(app, 1, NULL);
    const pt_diff *d = diff_of(app, "g000001", "g000001");
    CHECK_INT(d->n_changes + d->n_counts + d->customers_new + d->customers_gone + d->customers_merged, 0);
    for (size_t i = 0; i < d->n_tags; i++) {
        CHECK(d->tags[i].in_before && d->tags[i].in_after && !d->tags[i].redefined);
        CHECK_DOUBLE(d->tags[i].distance, 0);
        CHECK_INT(d->tags[i].moved, PT_MOVED_NOT);
        CHECK(!d->tags[i].moves || d->tags[i].moves->moved == 0);
    }
    CHECK(d->n_tags > 10);
    CHECK_INT(pt_app_diff(&d, app, NULL, NULL, shop_arena(), &err), PT_ENOTFOUND);
    CHECK_INT(pt_app_diff(&d, app, "g000009", NULL, shop_arena(), &err), PT_ENOTFOUND);
    pt_app_close(app);
}

static pt_app *open_small(void)
{
    pt_app *app;

    CHECK_OK(pt_app_open(&app, test_dir(), &err));
    CHECK_INT(pt_app_diags(app)->errors, 0);
    return app;
}

/* 200 customers; `moved` of them spend 5 where they spent 50, `extra` are new. */
static void write_orders(int moved, int extra)
{
    pt_str csv = {0};

    pt_str_add(&csv, "id,at,amount,channel\n");
    for (int c = 0; c < 200 + extra; c++)
        pt_str_addf(&csv, "%d,2024-05-%02d,%d,%s\n", c, 1 + c % 28, c < moved ? 5 : 50, c % 2 ? "app" : "web");
    write_project_file("orders.csv", pt_str_cstr(&csv));
    pt_str_free(&csv);
}

static const char first_tags[] = "spend: sum(orders.amount)\nchannel: mode(orders.channel)\nold: count(orders)\n"
                                 "level: {tiers: {high: spend >= 40, low: spend > 0}}\nrounded: round(spend + 1)\n";
static const char second_tags[] = "spend: sum(orders.amount)\nchannel: mode( orders.channel )  # spaces\n"
                                  "fresh: days(orders)\nlevel: {tiers: {high: spend >= 40, low: spend > 0}}\n"
                                  "rounded: round(spend + 2)\n";

static const pt_diff_tag *tag_of(const pt_diff *d, const char *name)
{
    for (size_t i = 0; i < d->n_tags; i++)
        if (strcmp(d->tags[i].name, name) == 0)
            return &d->tags[i];
    test_fail(__FILE__, __LINE__, "no tag '%s'", name);
}

TEST(app_diff__planted_changes_are_reported_and_only_those)
{
    pt_app *app;

    write_project_file("portrait.yaml", "name: shop\ntime_zone: UTC\nas_of: 2024-07-01\n");
    write_project_file("sources/s.yaml",
                       "orders: {from: orders.csv, kind: event, time: at, customer: {id: id}, columns: "
                       "{amount: money, channel: category}}\n");
    write_project_file("tags/t.yaml", first_tags);
    write_orders(0, 0);
    shop_build(app = open_small(), 1, NULL);
    pt_app_close(app);
    write_project_file("tags/t.yaml", second_tags);
    write_orders(100, 10);
    shop_build(app = open_small(), 2, NULL);
    const pt_diff *d = diff_of(app, NULL, NULL);
    CHECK_INT(d->customers_from, 200);
    CHECK_INT(d->customers_to, 210);
    CHECK_INT(d->customers_new, 10);
    CHECK_INT(d->customers_gone + d->customers_merged, 0);
    CHECK_INT(d->n_changes, 3);
    CHECK_STR(d->changes[0].name, "tag fresh");
    CHECK_STR(d->changes[1].name, "tag old");
    CHECK_STR(d->changes[2].name, "tag rounded");
    CHECK_INT(d->changes[2].kind, PT_CHANGE_CHANGED);
    CHECK(tag_of(d, "fresh")->in_after && !tag_of(d, "fresh")->in_before);
    CHECK(tag_of(d, "old")->in_before && !tag_of(d, "old")->in_after);
    CHECK(tag_of(d, "rounded")->redefined && tag_of(d, "rounded")->moved == PT_MOVED_MUCH);
    CHECK_INT(tag_of(d, "spend")->moved, PT_MOVED_MUCH);
    CHECK(fabs(tag_of(d, "spend")->distance - 100.0 / 210) < 1e-12);
    CHECK_INT(tag_of(d, "channel")->moved, PT_MOVED_NOT);
    const pt_diff_moves *moves = tag_of(d, "level")->moves;
    CHECK_INT(moves->n, 3);
    CHECK_INT(moves->counts[0 * 3 + 0], 100);
    CHECK_INT(moves->counts[0 * 3 + 1], 100);
    CHECK_INT(moves->moved, 100);
    size_t rows = 0;
    for (size_t i = 0; i < d->n_counts; i++)
        rows +=
            strcmp(d->counts[i].name, "rows.orders") == 0 && d->counts[i].before == 200 && d->counts[i].after == 210;
    CHECK_INT(rows, 1);
    pt_app_close(app);
}

/* A date moves only when it neither stays where it was nor keeps its distance from the as-of. */
TEST(app_diff__time_passing_alone_moves_no_date)
{
    static numbers a, b;
    const double days[] = {-40, -30, -20, -10};
    double later[4], further[4];
    pt_diff_tag t = {0};

    for (int i = 0; i < 4; i++) {
        later[i] = days[i] + 30;
        further[i] = days[i] + 15;
    }
    diff_side before = side_of(&a, days, 4, 100), after = side_of(&b, days, 4, 100);
    after.as_of = 30;
    a.column.type = b.column.type = PT_TYPE_NUMBER;
    CHECK_OK(diff_measure(&t, &before, &after, shop_arena(), &err));
    CHECK_DOUBLE(t.distance, 0);
    static int64_t instants[2][400];
    for (int i = 0; i < 400; i++) {
        instants[0][i] = (int64_t)days[i % 4];
        instants[1][i] = (int64_t)later[i % 4];
    }
    a.column = (pt_column){.type = PT_TYPE_INSTANT, .width = 8, .data = instants[0]};
    b.column = (pt_column){.type = PT_TYPE_INSTANT, .width = 8, .data = instants[1]};
    t = (pt_diff_tag){0};
    CHECK_OK(diff_measure(&t, &before, &after, shop_arena(), &err));
    CHECK_DOUBLE(t.distance, 0);
    CHECK_INT(t.moved, PT_MOVED_NOT);
    CHECK_DOUBLE(t.mean_after - t.mean_before, 30);
    for (int i = 0; i < 400; i++)
        instants[1][i] = (int64_t)further[i % 4];
    t = (pt_diff_tag){0};
    CHECK_OK(diff_measure(&t, &before, &after, shop_arena(), &err));
    CHECK_DOUBLE(t.distance, 0.5);
}
