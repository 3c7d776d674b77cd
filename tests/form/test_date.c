#include "base/rng.h"
#include "form/form.h"
#include "support/test.h"

static const char *read_date(const char *text, const pt_date_form *form)
{
    static const char *const names[] = {"ok", "not", "ambiguous", "range", "checksum"};
    static char buf[PT_MOMENT_TEXT];
    pt_moment m;
    pt_form_rc rc = pt_form_date(&m, pt_sv_of(text), form);

    if (rc == PT_FORM_OK)
        pt_moment_format(buf, &m);
    return rc == PT_FORM_OK ? buf : names[rc];
}

static void check_all(const char *const (*cases)[2], size_t n, const pt_date_form *form)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(read_date(cases[i][0], form), cases[i][1]) != 0)
            test_fail(__FILE__, __LINE__, "'%s' is '%s', not '%s'", cases[i][0], read_date(cases[i][0], form),
                      cases[i][1]);
}

TEST(form_date__dates)
{
    static const char *const cases[][2] = {
        {"2017-01-31", "2017-01-31"},
        {"2017/1/31", "2017-01-31"},
        {"2017.1.31", "2017-01-31"},
        {"20170131", "2017-01-31"},
        {"２０１７－０１－３１", "2017-01-31"},
        {" 2017-1-3 ", "2017-01-03"},
        {"2017年1月31日", "2017-01-31"},
        {"2017 年 01 月 31 号", "2017-01-31"},
        {"二〇一七年一月三十一日", "2017-01-31"},
        {"二零一七年十二月十日", "2017-12-10"},
        {"二〇一七年十月二十日 星期五", "2017-10-20"},
        {"2017年1月31日(周二)", "2017-01-31"},
        {"31/01/2017", "2017-01-31"},
        {"01/31/2017", "2017-01-31"},
        {"05/05/2017", "2017-05-05"},
        {"31-01-2017", "2017-01-31"},
        {"3.4.2017", "2017-04-03"},
        {"31-Jan-2017", "2017-01-31"},
        {"31 January 2017", "2017-01-31"},
        {"1st Feb 2017", "2017-02-01"},
        {"Jan 31, 2017", "2017-01-31"},
        {"January 31st 2017", "2017-01-31"},
        {"Sept. 3, 2017", "2017-09-03"},
        {"Tue, 31 Jan 2017", "2017-01-31"},
        {"31-JAN-17", "2017-01-31"},
        {"42766", "2017-01-31"},
        {"29-Feb-2016", "2016-02-29"},
        {"03/04/2017", "ambiguous"},
        {"03/04/17", "ambiguous"},
        {"31/01/17", "ambiguous"},
        {"民国106年1月31日", "ambiguous"},
        {"17年1月31日", "ambiguous"},
        {"2017-02-30", "range"},
        {"2017-13-01", "range"},
        {"31/31/2017", "range"},
        {"0000-00-00", "range"},
        {"29-Feb-2017", "range"},
        {"", "not"},
        {"2017", "not"},
        {"2017-01", "not"},
        {"2017年1月", "not"},
        {"170131", "not"},
        {"2017-01/31", "not"},
        {"2017-01-31x", "not"},
        {"12345678901", "not"},
        {"today", "not"},
        {"Janu 31, 2017", "2017-01-31"},
        {"Jab 31, 2017", "not"},
        {"31 31 2017", "not"},
    };
    check_all(cases, PT_COUNT(cases), NULL);
}

TEST(form_date__declared)
{
    static const char *const dmy[][2] = {{"03/04/2017", "2017-04-03"},
                                         {"03/04/17", "2017-04-03"},
                                         {"01/31/2017", "range"},
                                         {"2017-04-03", "2017-04-03"},
                                         {"3-4-99", "1999-04-03"}};
    static const char *const mdy[][2] = {
        {"03/04/2017", "2017-03-04"}, {"1/31/17", "2017-01-31"}, {"31/01/2017", "range"}};
    static const char *const ymd[][2] = {{"17/01/31", "2017-01-31"}, {"03/04/2017", "ambiguous"}};
    static const char *const roc[][2] = {{"106/1/31", "2017-01-31"},
                                         {"民国106年1月31日", "2017-01-31"},
                                         {"1060131", "2017-01-31"},
                                         {"990131", "2010-01-31"},
                                         {"99-01-31", "2010-01-31"},
                                         {"2017/1/31", "2017-01-31"},
                                         {"民國一〇六年一月三十一日", "2017-01-31"}};

    check_all(dmy, PT_COUNT(dmy), &(pt_date_form){.order = PT_ORDER_DMY});
    check_all(mdy, PT_COUNT(mdy), &(pt_date_form){.order = PT_ORDER_MDY});
    check_all(ymd, PT_COUNT(ymd), &(pt_date_form){.order = PT_ORDER_YMD});
    check_all(roc, PT_COUNT(roc), &(pt_date_form){.roc = true});
    CHECK_STR(read_date("41304", &(pt_date_form){.excel_1904 = true}), "2017-01-31");
}

TEST(form_date__times)
{
    static const char *const cases[][2] = {
        {"2017-01-31 15:05", "2017-01-31 15:05:00"},
        {"2017-01-31T15:05:06.25", "2017-01-31 15:05:06.250000"},
        {"2017-01-31T15:05:06Z", "2017-01-31 15:05:06Z"},
        {"2017-01-31 15:05:06 +08:00", "2017-01-31 15:05:06+08:00"},
        {"2017-01-31 15:05:06-0330", "2017-01-31 15:05:06-03:30"},
        {"Tue, 31 Jan 2017 15:05:06 GMT", "2017-01-31 15:05:06Z"},
        {"2017年1月31日 下午3:05", "2017-01-31 15:05:00"},
        {"2017年1月31日下午3点半", "2017-01-31 15:30:00"},
        {"2017年1月31日15时5分6秒", "2017-01-31 15:05:06"},
        {"2017年1月31日 15时", "2017-01-31 15:00:00"},
        {"2017/1/31 上午12:05", "2017-01-31 00:05:00"},
        {"2017/1/31 中午12:05", "2017-01-31 12:05:00"},
        {"2017/1/31 中午1:05", "2017-01-31 13:05:00"},
        {"2017/1/31 下午12:05", "2017-01-31 12:05:00"},
        {"2017/1/31 下午15:05", "2017-01-31 15:05:00"},
        {"2017/1/31 晚上9:00", "2017-01-31 21:00:00"},
        {"2017/1/31 凌晨1:00", "2017-01-31 01:00:00"},
        {"1/31/2017 3:05:06 PM", "2017-01-31 15:05:06"},
        {"Jan 31, 2017, 12:05 am", "2017-01-31 00:05:00"},
        {"20170131 150506", "not"},
        {"20170131150506", "2017-01-31 15:05:06"},
        {"201701311505", "2017-01-31 15:05:00"},
        {"20170131 15:05", "2017-01-31 15:05:00"},
        {"42766.6284722222", "2017-01-31 15:05:00"},
        {"42766.0", "2017-01-31"},
        {"1485828000", "2017-01-31 02:00:00Z"},
        {"1485828000.5", "2017-01-31 02:00:00.500000Z"},
        {"1485828000123", "2017-01-31 02:00:00.123000Z"},
        {"2017-01-31 25:00", "range"},
        {"2017-01-31 15:60", "range"},
        {"2017/1/31 上午13:05", "range"},
        {"20170131246000", "range"},
        {"2017/1/31 晚上12:05", "ambiguous"},
        {"2017-01-31 15", "not"},
        {"2017-01-31 15:05 PST", "not"},
        {"2017-01-31 15:05:06+99:00", "not"},
        {"2017-01-31 下午", "not"},
    };
    check_all(cases, PT_COUNT(cases), NULL);
}

static pt_date_order shown(const char *text)
{
    pt_moment m;

    return pt_form_date(&m, pt_sv_of(text), NULL) == PT_FORM_OK ? m.shows : PT_ORDER_UNKNOWN;
}

TEST(form_date__one_reading_shows_the_order)
{
    CHECK_INT(shown("31/01/2017"), PT_ORDER_DMY);
    CHECK_INT(shown("1/31/2017 10:00"), PT_ORDER_MDY);
    CHECK_INT(shown("03/04/2017"), PT_ORDER_UNKNOWN);
    CHECK_INT(shown("05/05/2017"), PT_ORDER_UNKNOWN);
    CHECK_INT(shown("31/31/2017"), PT_ORDER_UNKNOWN);
    CHECK_INT(shown("2017-01-31"), PT_ORDER_UNKNOWN);
    CHECK_INT(shown("31/01/17"), PT_ORDER_UNKNOWN);
}

/* Every date of two centuries in every shape reads as itself; what is printed reads as the same. */
TEST(form_date__all_shapes_of_all_dates)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    pt_date_form dmy = {.order = PT_ORDER_DMY}, mdy = {.order = PT_ORDER_MDY}, roc = {.roc = true};

    for (int32_t date = pt_date_from_civil(1912, 1, 1); date < pt_date_from_civil(2100, 1, 1); date++) {
        char want[40], text[64];
        int32_t y, m, d;
        pt_date_to_civil(&y, &m, &d, date);
        pt_date_format(want, date);
        CHECK_STR(read_date(want, NULL), want);
        snprintf(text, sizeof text, "%d/%d/%d", d, m, y);
        CHECK_STR(read_date(text, &dmy), want);
        snprintf(text, sizeof text, "%d-%d-%d", m, d, y);
        CHECK_STR(read_date(text, &mdy), want);
        snprintf(text, sizeof text, "%d年%d月%d日", y, m, d);
        CHECK_STR(read_date(text, NULL), want);
        snprintf(text, sizeof text, "民国%d年%d月%d日", y - 1911, m, d);
        CHECK_STR(read_date(text, &roc), want);
        snprintf(text, sizeof text, "%s %d, %d", months[m - 1], d, y);
        CHECK_STR(read_date(text, NULL), want);
        if (date - pt_date_from_civil(1899, 12, 30) < 10000)
            continue;
        snprintf(text, sizeof text, "%d", date - pt_date_from_civil(1899, 12, 30));
        CHECK_STR(read_date(text, NULL), want);
    }
}

TEST(form_date__its_own_form_stays)
{
    pt_rng rng;
    int read = 0;

    pt_rng_seed(&rng, 9);
    for (int i = 0; i < 20000; i++) {
        pt_moment m = {.civil = {(int32_t)pt_rng_below(&rng, 9999) + 1, (int32_t)pt_rng_below(&rng, 12) + 1,
                                 (int32_t)pt_rng_below(&rng, 31) + 1, (int32_t)pt_rng_below(&rng, 24),
                                 (int32_t)pt_rng_below(&rng, 60), (int32_t)pt_rng_below(&rng, 60),
                                 pt_rng_below(&rng, 2) ? (int32_t)pt_rng_below(&rng, 1000000) : 0},
                       .has_time = true,
                       .has_offset = pt_rng_below(&rng, 2),
                       .offset = ((int32_t)pt_rng_below(&rng, 72) - 36) * 1800};
        char text[PT_MOMENT_TEXT];
        pt_moment_format(text, &m);
        if (!pt_civil_valid(&m.civil))
            continue;
        read++;
        if (strcmp(read_date(text, NULL), text) != 0)
            test_fail(__FILE__, __LINE__, "'%s' is '%s'", text, read_date(text, NULL));
    }
    CHECK(read > 15000);
}
