#include "app/levels.h"

#include "base/rng.h"
#include "support/people.h"
#include "support/test.h"

static pt_err err;

typedef pt_rc ask_fn(pt_levels *out, pt_app *app, pt_sv condition, const pt_levels_options *options, pt_diags *diags,
                     pt_arena *arena, pt_err *err);

static pt_levels ask(pt_app *app, ask_fn *fn, const char *condition, pt_levels_options options)
{
    pt_diags diags;
    pt_levels l;

    pt_diags_init(&diags, shop_arena());
    CHECK_OK(fn(&l, app, pt_sv_of(condition), &options, &diags, shop_arena(), &err));
    pt_diags_free(&diags);
    return l;
}

/* "depth value members base parent's value" of each node. */
static const char *listing(const pt_levels *l)
{
    pt_str text = {0};

    for (size_t i = 0; i < l->n_nodes; i++) {
        const pt_level_node *n = &l->nodes[i];
        pt_sv above = n->parent >= 0 ? l->nodes[n->parent].value : PT_SV("-");
        pt_sv value = n->value.ptr ? n->value : PT_SV("?");
        pt_str_addf(&text, "%u %.*s %llu/%llu %.*s\n", n->depth, (int)value.len, value.ptr,
                    (unsigned long long)n->members, (unsigned long long)n->base, (int)above.len, above.ptr);
    }
    const char *copy = pt_arena_strdup(shop_arena(), pt_str_cstr(&text));
    pt_str_free(&text);
    CHECK(copy);
    return copy;
}

static pt_app *crowd(void)
{
    test_people t = {0};

    test_people_add(&t, 30, "male,21,CN,浙江省,杭州市,西湖区,web,search,spring");
    test_people_add(&t, 20, "female,24,CN,浙江省,宁波市,,web,search,autumn");
    test_people_add(&t, 9, "female,24,CN,浙江省,温州市,,web,social,spring"); /* too few */
    test_people_add(&t, 4, "female,24,CN,浙江省,台州市,,web,mail,spring"); /* and these, but not together with those */
    test_people_add(&t, 60, "female,24,CN,广东省,深圳市,南山区,app,,");
    test_people_add(&t, 15, "male,24,FR,,,,,,");
    test_people_add(&t, 8, "male,24,FR,,,,tv,,");
    test_people_add(&t, 3, "male,24,,,,,store,,");
    test_people_add(&t, 40, "female,24,CN,吉林省,长春市,朝阳区,app,push,");
    test_people_add(&t, 11, "female,24,CN,北京市,北京市,朝阳区,app,push,");
    return test_people_build(&t);
}

TEST(app_levels__cities_stand_below_their_province)
{
    pt_app *app = crowd();
    pt_levels l = ask(app, pt_app_regions, "", (pt_levels_options){.level = PT_REGION_CITY});

    CHECK_INT(l.n_tags, 2);
    CHECK_STR(listing(&l), "0 浙江省 63/63 -\n1 杭州市 30/30 浙江省\n1 宁波市 20/20 浙江省\n"
                           "0 广东省 60/60 -\n1 深圳市 60/60 广东省\n"
                           "0 吉林省 40/40 -\n1 长春市 40/40 吉林省\n"
                           "0 北京市 11/11 -\n1 北京市 11/11 北京市\n"
                           "0 ? 26/26 -\n");
    CHECK_INT(l.head.hidden, 2); /* 温州市, 台州市 */
    CHECK_DOUBLE(l.nodes[0].tgi, 100.0);
    pt_app_close(app);
}

TEST(app_levels__of_a_segment_set_against_all_customers)
{
    pt_app *app = crowd();
    pt_levels l = ask(app, pt_app_regions, "gender = 'male'", (pt_levels_options){.level = PT_REGION_COUNTRY});

    CHECK_INT(l.head.members, 56);
    CHECK_STR(listing(&l), "0 CN 30/174 -\n0 FR 23/23 -\n0 ? 3/3 -\n");
    CHECK_INT(l.head.hidden, 0); /* that a value is not known describes nobody */
    CHECK_DOUBLE(l.nodes[1].tgi, 23.0 / 56 / (23.0 / 200) * 100);
    pt_app_close(app);
}

TEST(app_levels__a_county_of_one_name_in_two_cities_is_two)
{
    pt_app *app = crowd();
    pt_levels l = ask(app, pt_app_regions, "county = '朝阳区'", (pt_levels_options){.level = PT_REGION_COUNTY});

    CHECK_STR(listing(&l), "0 吉林省 40/40 -\n1 长春市 40/40 吉林省\n2 朝阳区 40/40 长春市\n"
                           "0 北京市 11/11 -\n1 北京市 11/11 北京市\n2 朝阳区 11/11 北京市\n");
    pt_app_close(app);
}

TEST(app_levels__channels_have_three_levels_and_those_without_say_so)
{
    pt_app *app = crowd();
    pt_levels l = ask(app, pt_app_channels, "", (pt_levels_options){0});

    CHECK_INT(l.n_tags, 3);
    CHECK_STR(listing(&l), "0 app 111/111 -\n1 push 51/51 app\n1 ? 60/60 app\n"
                           "0 web 63/63 -\n1 search 50/50 web\n2 spring 30/30 search\n2 autumn 20/20 search\n"
                           "0 ? 15/15 -\n");
    CHECK_INT(l.head.hidden, 4); /* web > social, web > mail, store, tv */
    pt_app_close(app);
}

TEST(app_levels__any_tag_of_texts_may_be_a_level)
{
    pt_app *app = crowd();
    pt_levels_options options = {.tags = {PT_SV("gender"), PT_SV("age_band"), PT_SV("city")}};
    pt_levels l = ask(app, pt_app_channels, "city = '杭州市'", options);
    pt_diags diags;

    CHECK_STR(listing(&l), "0 male 30/56 -\n1 young 30/56 male\n2 杭州市 30/30 young\n");
    options.tags[1] = PT_SV("spend_365d");
    pt_diags_init(&diags, shop_arena());
    CHECK_INT(pt_app_channels(&l, app, PT_SV(""), &options, &diags, shop_arena(), &err), PT_EINVAL);
    options.tags[1] = PT_SV("nosuch");
    CHECK_INT(pt_app_channels(&l, app, PT_SV(""), &options, &diags, shop_arena(), &err), PT_ENOTFOUND);
    pt_diags_free(&diags);
    pt_app_close(app);
}

/* --- margins --------------------------------------------------------------------------------------------------------------- */

static pt_app *random_crowd(uint64_t seed)
{
    test_people t = {0};
    pt_rng r;

    pt_rng_seed(&r, seed);
    for (unsigned i = 0; i < 3000; i++) {
        unsigned c = (unsigned)pt_rng_below(&r, 4), s = (unsigned)pt_rng_below(&r, 3),
                 k = (unsigned)pt_rng_below(&r, 3);
        test_people_add(&t, 1,
                        pt_arena_printf(shop_arena(), "%s,%u,,,,,c%u,s%u,k%u", i % 3 ? "male" : "female",
                                        (unsigned)pt_rng_below(&r, 90), c, s, k));
    }
    return test_people_build(&t);
}

TEST(app_levels__the_parts_of_a_value_make_the_whole)
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        pt_app *app = random_crowd(seed);
        pt_levels l = ask(app, pt_app_channels, "age < 50", (pt_levels_options){0});
        uint64_t members = 0, base = 0;
        CHECK_INT(l.n_nodes, 4 + 12 + 36);
        CHECK_INT(l.head.hidden, 0);
        for (size_t i = 0; i < l.n_nodes; i++) {
            uint64_t below[2] = {0, 0};
            bool leaf = l.nodes[i].depth == 2;
            for (size_t k = i + 1; k < l.n_nodes; k++)
                if (l.nodes[k].parent == (int)i) {
                    below[0] += l.nodes[k].members;
                    below[1] += l.nodes[k].base;
                }
            CHECK(leaf || (below[0] == l.nodes[i].members && below[1] == l.nodes[i].base));
            members += leaf ? l.nodes[i].members : 0;
            base += leaf ? l.nodes[i].base : 0;
        }
        CHECK_INT(members, l.head.members);
        CHECK_INT(base, l.head.customers);
        pt_app_close(app);
        shop_shell("rm -r people");
    }
}
