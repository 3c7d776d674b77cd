#include "app/rfm.h"

#include <math.h>
#include <stdlib.h>

#include "base/compare.h"
#include "base/rng.h"
#include "support/people.h"
#include "support/test.h"

static pt_err err;

static pt_rfm ask(pt_app *app, const char *condition, unsigned threads)
{
    const pt_rfm_options options = {.crowd = {.threads = threads}};
    pt_diags diags;
    pt_rfm r;

    pt_diags_init(&diags, shop_arena());
    CHECK_OK(pt_app_rfm(&r, app, pt_sv_of(condition), &options, &diags, shop_arena(), &err));
    pt_diags_free(&diags);
    return r;
}

static void check_near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-9 * (1 + fabs(want))))
        test_fail(__FILE__, __LINE__, "%.12g, not %.12g", got, want);
}

static const pt_rfm_group *class_of(const pt_rfm *r, const char *name)
{
    for (size_t i = 0; i < r->n_classes; i++)
        if (pt_sv_eq(r->classes[i].value, pt_sv_of(name)))
            return &r->classes[i];
    test_fail(__FILE__, __LINE__, "no class %s", name);
}

/* `n` people of whom each orders `times` times for `amount`, the last time on `day` of December 2024. */
static void add_buyers(test_people *t, unsigned n, unsigned day, unsigned times, double amount)
{
    for (unsigned i = 0; i < n; i++) {
        test_people_add(t, 1, "female,30,,,,,,,");
        for (unsigned k = 0; k < times; k++)
            test_people_order(t, t->n, pt_arena_printf(shop_arena(), "2024-12-%02u", day - k), amount);
    }
}

/* Means over all: R (20 x 1 + 20 x 11 + 20 x 21 + 20 x 6) / 80 = 9.75, F (4 + 1 + 4 + 1) / 4 = 2.5, M (400 + 500 + 40 + 5) / 4 = 236.25. */
TEST(app_rfm__each_of_the_three_is_high_or_low_against_its_mean)
{
    test_people t = {0};

    add_buyers(&t, 20, 31, 4, 100); /* R 1, F 4, M 400: high, high, high */
    add_buyers(&t, 20, 21, 1, 500); /* R 11, F 1, M 500: low, low, high */
    add_buyers(&t, 20, 11, 4, 10);  /* R 21, F 4, M 40: low, high, low */
    add_buyers(&t, 20, 26, 1, 5);   /* R 6, F 1, M 5: high, low, low */
    test_people_add(&t, 11, "female,30,,,,,,,");
    pt_app *app = test_people_build(&t);
    pt_rfm r = ask(app, "", 1);
    CHECK_INT(r.class_tag, -1);
    CHECK_DOUBLE(r.thresholds[0], 9.75);
    CHECK_DOUBLE(r.thresholds[1], 2.5);
    CHECK_DOUBLE(r.thresholds[2], 236.25);
    CHECK_INT(r.n_classes, 8);
    CHECK_INT(r.without, 11);
    CHECK_INT(r.all.members, 80);
    CHECK_INT(class_of(&r, "important_value")->members, 20);
    CHECK_DOUBLE(class_of(&r, "important_value")->money, 400.0);
    check_near(class_of(&r, "important_value")->money_share, 8000.0 / 18900);
    CHECK_INT(class_of(&r, "important_win_back")->members, 20);
    CHECK_DOUBLE(class_of(&r, "important_win_back")->recency, 11.0);
    CHECK_INT(class_of(&r, "general_keep")->members, 20);
    CHECK_INT(class_of(&r, "general_develop")->members, 20);
    CHECK_INT(class_of(&r, "general_value")->members, 0);
    CHECK(isnan(class_of(&r, "general_value")->money));
    CHECK_DOUBLE(r.all.frequency, 2.5);
    pt_app_close(app);
}

/* --- against a look at each customer --------------------------------------------------------------------------------------- */

enum { PEOPLE = 3000 };

typedef struct buyer {
    double r, f, m; /* r < 0: none */
} buyer;

/* How many of the values lie below `x`, as a fifth: 1 and how many of the four quantiles are below it (docs/language.md: type 7). */
static unsigned fifth(const double *sorted, size_t n, double x)
{
    unsigned score = 1;

    for (unsigned i = 1; i < 5; i++) {
        double at = i * ((double)n - 1) / 5;
        size_t low = (size_t)at;
        double q = sorted[low] + (low + 1 < n ? (at - (double)low) * (sorted[low + 1] - sorted[low]) : 0);
        score += x > q;
    }
    return score;
}

static void check_against(const pt_rfm *r, const buyer *b, size_t n)
{
    double *sorted[3], mean[3] = {0};
    uint64_t classes[2][2][2] = {{{0}}}, cells[5][5] = {{0}};
    size_t known = 0;
    static const char *const names[2][2][2] = {
        {{"general_win_back", "important_win_back"}, {"general_keep", "important_keep"}},
        {{"general_develop", "important_develop"}, {"general_value", "important_value"}}};

    for (size_t i = 0; i < 3; i++)
        CHECK((sorted[i] = PT_NEW_ARRAY(shop_arena(), double, n)) != NULL);
    for (size_t i = 0; i < n; i++) {
        if (b[i].r < 0)
            continue;
        sorted[0][known] = b[i].r;
        sorted[1][known] = b[i].f;
        sorted[2][known++] = b[i].m;
    }
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < known; k++)
            mean[i] += sorted[i][k] / (double)known;
        qsort(sorted[i], known, sizeof **sorted, pt_compare_doubles);
    }
    for (size_t i = 0; i < n; i++) {
        if (b[i].r < 0)
            continue;
        classes[b[i].r <= mean[0]][b[i].f >= mean[1]][b[i].m >= mean[2]]++;
        cells[5 - fifth(sorted[0], known, b[i].r)][fifth(sorted[1], known, b[i].f) - 1]++;
    }
    for (unsigned i = 0; i < 8; i++) {
        uint64_t want = classes[i >> 2][i >> 1 & 1][i & 1];
        CHECK_INT(class_of(r, names[i >> 2][i >> 1 & 1][i & 1])->members, want < 10 ? 0 : want);
    }
    for (unsigned i = 0; i < 25; i++) {
        uint64_t want = cells[i / 5][i % 5];
        CHECK_INT(r->cells[i / 5][i % 5].members, want < 10 ? 0 : want);
        CHECK(r->cells[i / 5][i % 5].hidden == (want > 0 && want < 10));
    }
}

TEST(app_rfm__classes_and_fifths_are_those_of_a_look_at_each_customer)
{
    buyer *buyers = PT_NEW_ARRAY(shop_arena(), buyer, PEOPLE);
    test_people t = {0};
    pt_rng g;

    CHECK(buyers);
    pt_rng_seed(&g, 5);
    for (unsigned i = 0; i < PEOPLE; i++) {
        unsigned n = (unsigned)pt_rng_below(&g, 6), last = 400;
        test_people_add(&t, 1, i % 2 ? "male,30,,,,,,," : "female,30,,,,,,,");
        buyers[i] = (buyer){.r = -1};
        for (unsigned k = 0; k < n; k++) {
            unsigned ago = 1 + (unsigned)pt_rng_below(&g, 300), amount = (unsigned)pt_rng_below(&g, 5000);
            char day[32];
            test_people_order(&t, t.n, pt_date_format(day, pt_date_from_civil(2025, 1, 1) - (int32_t)ago), amount);
            last = ago < last ? ago : last;
            buyers[i] = (buyer){last, k + 1, buyers[i].m + amount};
        }
    }
    pt_app *app = test_people_build(&t);
    pt_rfm one = ask(app, "", 1), four = ask(app, "", 4);
    check_against(&one, buyers, PEOPLE);
    for (size_t i = 0; i < one.n_classes; i++) {
        CHECK_DOUBLE(one.classes[i].money, four.classes[i].money);
        CHECK_DOUBLE(one.classes[i].money_share, four.classes[i].money_share);
    }
    pt_app_close(app);
}

TEST(app_rfm__wants_numbers)
{
    const pt_rfm_options texts = {.tags = {{0}, {0}, PT_SV("gender")}}, none = {.tags = {PT_SV("nosuch")}};
    test_people t = {0};
    pt_diags diags;
    pt_rfm r;

    test_people_add(&t, 30, "female,30,,,,,,,");
    pt_app *app = test_people_build(&t);
    pt_diags_init(&diags, shop_arena());
    CHECK_INT(pt_app_rfm(&r, app, PT_SV(""), &texts, &diags, shop_arena(), &err), PT_EINVAL);
    CHECK_INT(pt_app_rfm(&r, app, PT_SV(""), &none, &diags, shop_arena(), &err), PT_ENOTFOUND);
    pt_diags_free(&diags);
    r = ask(app, "", 1); /* nobody ever ordered */
    CHECK_INT(r.all.members, 0);
    CHECK_INT(r.without, 30);
    pt_app_close(app);
}
