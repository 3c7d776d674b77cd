#include "app/pyramid.h"

#include "support/people.h"
#include "support/test.h"

static pt_err err;

static pt_pyramid ask(pt_app *app, const char *condition, const char *age, const char *gender)
{
    const pt_pyramid_options options = {.age = pt_sv_of(age), .gender = pt_sv_of(gender)};
    pt_diags diags;
    pt_pyramid y;

    pt_diags_init(&diags, shop_arena());
    CHECK_OK(pt_app_pyramid(&y, app, pt_sv_of(condition), &options, &diags, shop_arena(), &err));
    pt_diags_free(&diags);
    return y;
}

/* 52 women and 56 men of three bands, some without an age or a gender. */
static pt_app *crowd(void)
{
    test_people t = {0};

    test_people_add(&t, 40, "male,21,,,,,,,");
    test_people_add(&t, 12, "female,24,,,,,,,");
    test_people_add(&t, 30, "female,59,,,,,,,");
    test_people_add(&t, 11, "male,33,,,,,,,"); /* hidden with the next, or these would be what is left of all men */
    test_people_add(&t, 5, "male,60,,,,,,,");  /* too few */
    test_people_add(&t, 10, "female,,,,,,,,");
    test_people_add(&t, 13, ",44,,,,,,,");
    test_people_add(&t, 20, "unknown,44,,,,,,,");
    return test_people_build(&t);
}

static void check_band(const pt_pyramid_band *b, uint64_t left, uint64_t right, uint64_t other)
{
    CHECK_INT(b->counts[PT_PYRAMID_LEFT], left);
    CHECK_INT(b->counts[PT_PYRAMID_RIGHT], right);
    CHECK_INT(b->counts[PT_PYRAMID_OTHER], other);
}

TEST(app_pyramid__men_stand_left_women_right_the_young_first)
{
    pt_app *app = crowd();
    pt_pyramid y = ask(app, "", "", "");

    CHECK_INT(y.head.members, 141);
    CHECK_INT(y.head.customers, 141);
    CHECK(pt_sv_eq(y.sides[0], PT_SV("male")) && pt_sv_eq(y.sides[1], PT_SV("female")));
    CHECK_INT(y.counts[PT_PYRAMID_LEFT], 56);
    CHECK_INT(y.counts[PT_PYRAMID_RIGHT], 52);
    CHECK_INT(y.counts[PT_PYRAMID_OTHER], 33);
    CHECK_INT(y.n_bands, 4);
    CHECK(pt_sv_eq(y.bands[0].value, PT_SV("young")) && pt_sv_eq(y.bands[2].value, PT_SV("old")));
    CHECK(y.bands[3].missing);
    check_band(&y.bands[0], 40, 12, 0);
    check_band(&y.bands[1], 0, 30, 33);
    check_band(&y.bands[2], 0, 0, 0);
    CHECK(y.bands[1].hidden[PT_PYRAMID_LEFT] && y.bands[2].hidden[PT_PYRAMID_LEFT]);
    CHECK(!y.bands[0].hidden[PT_PYRAMID_LEFT] && !y.bands[2].hidden[PT_PYRAMID_RIGHT]);
    check_band(&y.bands[3], 0, 10, 0);
    CHECK_INT(y.head.hidden, 2);
    pt_app_close(app);
}

TEST(app_pyramid__years_are_put_into_bands_and_empty_ends_left_out)
{
    pt_app *app = crowd();
    pt_pyramid y = ask(app, "gender = 'female' or age = 44", "age", "");

    CHECK_INT(y.head.members, 85);
    CHECK_INT(y.n_bands, 7); /* 18-24 to 50-59, and those without an age */
    CHECK_INT(y.bands[0].low, 18);
    CHECK_INT(y.bands[0].high, 24);
    check_band(&y.bands[0], 0, 12, 0);
    check_band(&y.bands[2], 0, 0, 0);
    CHECK_INT(y.bands[4].low, 40);
    check_band(&y.bands[4], 0, 0, 33);
    CHECK_INT(y.bands[5].high, 59);
    check_band(&y.bands[5], 0, 30, 0);
    CHECK(y.bands[6].missing);
    pt_app_close(app);
}

TEST(app_pyramid__any_two_values_may_stand_for_gender)
{
    pt_app *app = crowd();
    pt_pyramid y = ask(app, "", "gender", "age_band"); /* middle 74, young 52 */

    CHECK(pt_sv_eq(y.sides[0], PT_SV("middle")) && pt_sv_eq(y.sides[1], PT_SV("young")));
    CHECK_INT(y.counts[PT_PYRAMID_LEFT], 74);
    CHECK_INT(y.counts[PT_PYRAMID_RIGHT], 52);
    CHECK_INT(y.counts[PT_PYRAMID_OTHER], 15);
    pt_app_close(app);
}

TEST(app_pyramid__says_nothing_of_few)
{
    pt_app *app = crowd();
    pt_pyramid y = ask(app, "age >= 60", "", "");

    CHECK_INT(y.head.members, 5);
    CHECK(y.head.small && y.n_bands == 0);
    pt_app_close(app);
}

TEST(app_pyramid__says_which_tag_is_wanted)
{
    const pt_pyramid_options options = {.gender = PT_SV("gendre")}, numbers = {.gender = PT_SV("spend_365d")};
    pt_app *app = crowd();
    pt_diags diags;
    pt_pyramid y;

    pt_diags_init(&diags, shop_arena());
    CHECK_INT(pt_app_pyramid(&y, app, PT_SV(""), &options, &diags, shop_arena(), &err), PT_ENOTFOUND);
    CHECK_STR(err.hint, "did you mean 'gender'?");
    CHECK_INT(pt_app_pyramid(&y, app, PT_SV(""), &numbers, &diags, shop_arena(), &err), PT_EINVAL);
    CHECK_INT(pt_app_pyramid(&y, app, PT_SV("gender = "), &(pt_pyramid_options){0}, &diags, shop_arena(), &err),
              PT_EINVAL);
    CHECK(diags.errors > 0);
    pt_diags_free(&diags);
    pt_app_close(app);
}
