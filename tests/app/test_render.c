#include "app/render.h"

#include <math.h>

#include "app/filter_int.h"
#include "base/rng.h"
#include "support/test.h"

static pt_project project = {.currency = "CNY", .locale = "en"};

static const char *text_of(pt_str *s, pt_type type, const void *value, const char *lang)
{
    pt_render_style style = {.project = &project, .lang = lang};
    pt_column c = {.type = type, .data = value, .width = (uint8_t)pt_type_width(type)};

    project.zone = pt_zone_utc();
    pt_str_clear(s);
    pt_render_text(s, &style, -1, &c, 0);
    return pt_str_cstr(s);
}

TEST(app_render__numbers_that_an_eye_can_take_in)
{
    static const struct {
        double v;
        const char *text;
    } cases[] = {{0, "0"},
                 {-0.0, "0"},
                 {1234567, "1,234,567"},
                 {-1234.5, "-1,234.5"},
                 {0.123456, "0.1235"},
                 {99.999, "100"},
                 {1e15, "1e+15"},
                 {0.00001, "1e-05"},
                 {999.25, "999.25"},
                 {(double)NAN, ""},
                 {1e-4, "0.0001"},
                 {0.99999, "1"},
                 {12, "12"},
                 {100, "100"},
                 {-0.5, "-0.5"}};
    pt_str s = {0};

    for (size_t i = 0; i < PT_COUNT(cases); i++)
        CHECK_STR(text_of(&s, PT_TYPE_NUMBER, &cases[i].v, "en"), cases[i].text);
    pt_str_free(&s);
}

TEST(app_render__other_types_for_people)
{
    pt_str s = {0};
    int64_t money = 12345600, instant = INT64_C(1498780800000000), day = 36 * PT_HOUR;
    int32_t date = 17347;
    uint8_t yes = 1, unknown = PT_BOOL_MISSING;

    CHECK_STR(text_of(&s, PT_TYPE_MONEY, &money, "en"), "1,234.56 CNY");
    money = -50;
    CHECK_STR(text_of(&s, PT_TYPE_MONEY, &money, "en"), "-0.01 CNY");
    money = -49;
    CHECK_STR(text_of(&s, PT_TYPE_MONEY, &money, "en"), "0.00 CNY");
    money = INT64_MAX;
    CHECK_STR(text_of(&s, PT_TYPE_MONEY, &money, "en"), "922,337,203,685,477.58 CNY");
    CHECK_STR(text_of(&s, PT_TYPE_INSTANT, &instant, "en"), "2017-06-30 00:00");
    CHECK_STR(text_of(&s, PT_TYPE_DURATION, &day, "en"), "1d 12h");
    day = 36 * PT_HOUR + 59 * PT_SECOND;
    CHECK_STR(text_of(&s, PT_TYPE_DURATION, &day, "en"), "1d 12h");
    day = 61 * PT_SECOND + 5;
    CHECK_STR(text_of(&s, PT_TYPE_DURATION, &day, "en"), "1m 1s");
    CHECK_STR(text_of(&s, PT_TYPE_DATE, &date, "en"), "2017-06-30");
    CHECK_STR(text_of(&s, PT_TYPE_BOOL, &yes, "en"), "yes");
    CHECK_STR(text_of(&s, PT_TYPE_BOOL, &yes, "zh"), "是");
    CHECK_STR(text_of(&s, PT_TYPE_BOOL, &unknown, "zh"), "");
    pt_str_free(&s);
}

TEST(app_render__chinese_forms)
{
    pt_str s = {0};
    int64_t money = 12345600, instant = INT64_C(1498845600000000) + 5 * PT_SECOND;
    int64_t duration = -(36 * PT_HOUR + 5 * PT_MINUTE);
    int32_t date = 17347;

    CHECK_STR(text_of(&s, PT_TYPE_MONEY, &money, "zh"), "1,234.56 元");
    CHECK_STR(text_of(&s, PT_TYPE_DATE, &date, "zh"), "2017年6月30日");
    CHECK_STR(text_of(&s, PT_TYPE_INSTANT, &instant, "zh"), "2017年6月30日 18:00:05");
    CHECK_STR(text_of(&s, PT_TYPE_DURATION, &duration, "zh"), "-1天 12小时 5分钟");
    duration = 0;
    CHECK_STR(text_of(&s, PT_TYPE_DURATION, &duration, "zh"), "0秒");
    project.currency = "USD";
    CHECK_STR(text_of(&s, PT_TYPE_MONEY, &money, "zh"), "1,234.56 USD");
    project.currency = "CNY";
    pt_str_free(&s);
}

/* Any text survives the way through a field, alone or as an item of a list. */
TEST(app_render__values_have_labels_and_shares_are_per_cent)
{
    static const struct pt_tier_label days[] = {{"4", {"星期四", "Thursday"}}, {"true", {"会员", "member"}}};
    pt_tag tags[] = {{.name = "weekday", .tier_labels = days, .n_tier_labels = 2},
                     {.name = "share", .unit = {"percent", "percent"}}};
    pt_project p = {.currency = "CNY", .tags = tags, .n_tags = 2, .zone = pt_zone_utc()};
    static const struct {
        int tag;
        double v;
        const char *lang, *text;
    } cases[] = {{0, 4, "en", "Thursday"},  {0, 4, "zh", "星期四"},        {0, 5, "zh", "5"},
                 {0, 4.5, "en", "4.5"},     {1, 0.1234, "en", "12.3%"},    {1, -0.0004, "en", "0.0%"},
                 {1, -0.5, "zh", "-50.0%"}, {1, 12.3456, "en", "1,234.6%"}};
    uint8_t yes = 1;
    pt_str s = {0};

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_column c = {.type = PT_TYPE_NUMBER, .width = 8, .data = &cases[i].v};
        pt_str_clear(&s);
        pt_render_text(&s, &(pt_render_style){.project = &p, .lang = cases[i].lang}, cases[i].tag, &c, 0);
        CHECK_STR(pt_str_cstr(&s), cases[i].text);
    }
    pt_column known = {.type = PT_TYPE_BOOL, .width = 1, .data = &yes};
    pt_str_clear(&s);
    pt_render_text(&s, &(pt_render_style){.project = &p, .lang = "zh"}, 0, &known, 0);
    CHECK_STR(pt_str_cstr(&s), "会员");
    pt_str_free(&s);
}

TEST(app_render__texts_survive_a_field)
{
    static const char letters[] = "ab\t\n\r\\|:eN\xE4\xBD\xA0";
    pt_str field = {0}, room = {0};
    pt_rng r;

    pt_rng_seed(&r, 1);
    for (int n = 0; n < 5000; n++) {
        char text[16];
        size_t len = pt_rng_below(&r, sizeof text);
        for (size_t i = 0; i < len; i++)
            text[i] = letters[pt_rng_below(&r, sizeof letters - 1)];
        uint64_t ends[2] = {0, len}, list[2] = {0, 1};
        uint32_t code = 1;
        pt_dict dict = {.n = 1, .offsets = ends, .bytes = text};
        pt_column plain = {.type = PT_TYPE_TEXT, .width = 4, .data = &code, .dict = &dict};
        pt_column item = {.type = PT_TYPE_LIST, .width = 4, .data = &code, .dict = &dict, .offsets = list};
        pt_sv back;

        pt_str_clear(&field);
        pt_render_tsv(&field, n & 1 ? &item : &plain, 0, pt_zone_utc());
        CHECK(!memchr(pt_str_cstr(&field), '\t', field.len) && !memchr(pt_str_cstr(&field), '\n', field.len));
        CHECK(!(n & 1) || field.len > 0);
        CHECK(pt_rows_unescape(&back, (pt_sv){pt_str_cstr(&field), field.len}, &room));
        CHECK(pt_sv_eq(back, (pt_sv){text, len}));
    }
    pt_str_free(&field);
    pt_str_free(&room);
}

TEST(app_render__json_of_lists_and_missing)
{
    static const char bytes[] = "teanuts";
    uint64_t ends[] = {0, 3, 7}, rows[] = {0, 2, 2, 2};
    uint32_t codes[] = {2, 1};
    double weights[] = {2.5, 1};
    uint8_t absent[] = {0, 0, 1};
    pt_dict dict = {.n = 2, .offsets = ends, .bytes = bytes};
    pt_column c = {.type = PT_TYPE_WEIGHTED,
                   .width = 4,
                   .data = codes,
                   .weights = weights,
                   .offsets = rows,
                   .absent = absent,
                   .dict = &dict};
    pt_str s = {0};
    pt_json j;

    pt_json_init(&j, &s, 0);
    pt_json_open(&j, '[');
    for (uint64_t row = 0; row < 3; row++)
        pt_render_json(&j, &c, row, pt_zone_utc());
    pt_json_close(&j, ']');
    CHECK_STR(pt_str_cstr(&s), "[[{\"value\":\"nuts\",\"weight\":2.5},{\"value\":\"tea\",\"weight\":1}],[],null]");
    pt_str_free(&s);
}
