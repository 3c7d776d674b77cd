#include "source/convert.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/rng.h"
#include "support/test.h"

TEST(source_convert__numbers)
{
    static const struct {
        const char *text;
        double want;
    } good[] = {{"0", 0},
                {"12", 12},
                {" -1.5 ", -1.5},
                {"+7", 7},
                {".5", 0.5},
                {"5.", 5},
                {"1e3", 1000},
                {"-2.5E-2", -0.025},
                {"0.1", 0.1},
                {"-0", 0},
                {"007", 7},
                {"123456789012345678", 123456789012345678.0},
                {"\xE3\x80\x80"
                 "3\t",
                 3},
                {"0.30000000000000004", 0.30000000000000004}};
    static const char *const bad[] = {"",    " ",     "-",   ".",   "1,000", "1_000", "0x10", "inf",
                                      "nan", "1e999", "12a", "1 2", "--1",   "1.2.3", "١"};
    double v;

    for (size_t i = 0; i < PT_COUNT(good); i++) {
        CHECK(pt_convert_number(&v, pt_sv_of(good[i].text)));
        CHECK_DOUBLE(v, good[i].want);
    }
    for (size_t i = 0; i < PT_COUNT(bad); i++)
        if (pt_convert_number(&v, pt_sv_of(bad[i])))
            test_fail(__FILE__, __LINE__, "'%s' is taken for a number", bad[i]);
    CHECK(!pt_convert_number(&v, PT_SV("1\0")));
}

/* The fast way must give the double that the C library gives. */
TEST(source_convert__numbers_agree_with_strtod)
{
    pt_rng rng;

    pt_rng_seed(&rng, 5);
    for (int i = 0; i < 20000; i++) {
        char text[40];
        double v;
        int decimals = (int)pt_rng_below(&rng, 16);
        uint64_t digits = pt_rng_u64(&rng) >> pt_rng_below(&rng, 60);
        snprintf(text, sizeof text, "%s%.*f", pt_rng_below(&rng, 2) ? "-" : "", decimals,
                 (double)(digits % 1000000007) / 1e3);
        CHECK(pt_convert_number(&v, pt_sv_of(text)));
        CHECK_DOUBLE(v, strtod(text, NULL) + 0.0);
    }
}

TEST(source_convert__money)
{
    static const struct {
        const char *text;
        int64_t want;
    } good[] = {{"12.345", 123450}, {"-0.00005", -1},
                {"0.00004", 0},     {" 7 ", 70000},
                {"1e3", 10000000},  {"4.440892e-16", 0},
                {"-2.5E-1", -2500}, {"99999999999999.9999", INT64_C(999999999999999999)}};
    static const char *const bad[] = {
        "", "1e14", "e5", "1,5", "¥5", "100000000000000", "-100000000000000", "99999999999999.99995", "5-"};
    int64_t v;

    for (size_t i = 0; i < PT_COUNT(good); i++) {
        CHECK(pt_convert_money(&v, pt_sv_of(good[i].text)));
        CHECK_INT(v, good[i].want);
    }
    for (size_t i = 0; i < PT_COUNT(bad); i++)
        if (pt_convert_money(&v, pt_sv_of(bad[i])))
            test_fail(__FILE__, __LINE__, "'%s' is taken for an amount", bad[i]);
    CHECK(pt_convert_money_number(&v, 0.1));
    CHECK_INT(v, 1000);
    CHECK(pt_convert_money_number(&v, 1.00005)); /* less than that as a double; its text says otherwise */
    CHECK_INT(v, 10001);
    CHECK(pt_convert_money_number(&v, 1e-7));
    CHECK_INT(v, 0);
    CHECK(!pt_convert_money_number(&v, 1e14));
    CHECK(!pt_convert_money_number(&v, (double)NAN));
}

/* What money of a double means: its shortest decimal text, read as money. Texts with an exponent have their own rule. */
static void check_money_of(double v)
{
    char buf[32];
    int64_t got = 0, want = 0;
    pt_sv text = {buf, pt_format_double(buf, v)};

    if (!memchr(buf, 'e', text.len) &&
        (pt_convert_money_number(&got, v) != pt_convert_money(&want, text) || got != want))
        test_fail(__FILE__, __LINE__, "%.17g is %" PRId64 " units, but its text %" PRId64, v, got, want);
}

TEST(source_convert__money_of_a_double_is_that_of_its_text)
{
    pt_rng rng;

    pt_rng_seed(&rng, 7);
    for (int i = 0; i < 60000; i++) {
        int64_t below = INT64_C(1) << (1 + pt_rng_below(&rng, 52));
        double units = (double)(int64_t)pt_rng_below(&rng, (uint64_t)below);
        double v = (i & 1 ? -units : units) / (i & 2 ? 100 : 10000);
        check_money_of(v);
        check_money_of(nextafter(v, INFINITY)); /* the neighbours are other amounts, or none of ours */
        check_money_of(nextafter(v, -INFINITY));
        check_money_of(v * 1.1 + 1e-3 + 0.3);
    }
}

TEST(source_convert__bools)
{
    static const char *const yes[] = {"true", "TRUE", "t", "1", "yes", "Y", " 是 "}, *const no[] = {"false", "F", "0",
                                                                                                    "No",    "n", "否"},
                             *const neither[] = {"", "2", "truth", "on", "-1", "是的"};
    uint8_t v;

    for (size_t i = 0; i < PT_COUNT(yes); i++)
        CHECK(pt_convert_bool(&v, pt_sv_of(yes[i])) && v == 1);
    for (size_t i = 0; i < PT_COUNT(no); i++)
        CHECK(pt_convert_bool(&v, pt_sv_of(no[i])) && v == 0);
    for (size_t i = 0; i < PT_COUNT(neither); i++)
        CHECK(!pt_convert_bool(&v, pt_sv_of(neither[i])));
}

static const char *instant(const char *text, const char *pattern, const char *zone_name)
{
    static char buf[48];
    pt_zone *zone;
    pt_err err = {0};
    const char *bad;
    pt_time_format format;
    int64_t v;

    CHECK_OK(pt_zone_open(&zone, zone_name, &err));
    CHECK(pt_time_format_open(&format, pattern, zone, &bad));
    bool good = pt_convert_instant(&v, pt_sv_of(text), &format);
    pt_zone_free(zone);
    return good ? pt_instant_format(buf, v, pt_zone_utc()) : "no";
}

TEST(source_convert__instants)
{
    static const struct {
        const char *text, *pattern, *zone, *want;
    } cases[] = {
        {"2024-01-01 08:00:00", NULL, "Asia/Shanghai", "2024-01-01T00:00:00Z"},
        {"2024-01-01 08:00:00+00", NULL, "Asia/Shanghai", "2024-01-01T08:00:00Z"},
        {"2024-01-01", NULL, "Asia/Shanghai", "2023-12-31T16:00:00Z"},
        {"01/02/2024 3:04 PM", "%d/%m/%Y %I:%M %p", "UTC", "2024-02-01T15:04:00Z"},
        {"01/02/2024 12:04 am", "%d/%m/%Y %I:%M %p", "UTC", "2024-02-01T00:04:00Z"},
        {"2024年1月2日 03时", "%Y年%m月%d日 %H时", "Asia/Shanghai", "2024-01-01T19:00:00Z"},
        {"1Feb24", "%e%b%y", "UTC", "2024-02-01T00:00:00Z"},
        {"Thursday, 1 February 2024", "%A, %d %B %Y", "UTC", "2024-02-01T00:00:00Z"},
        {"20240201T030405.5Z", "%Y%m%dT%H%M%S.%f%z", "Asia/Shanghai", "2024-02-01T03:04:05.500000Z"},
        {"2024-02-01 03:04:05 -0130", "%F %T %z", "UTC", "2024-02-01T04:34:05Z"},
        {"2024 366", "%Y %j", "UTC", "2024-12-31T00:00:00Z"},
        {"2023 366", "%Y %j", "UTC", "no"},
        {"100%2024", "100%%%Y", "UTC", "2024-01-01T00:00:00Z"},
        {"2/1/24", "%D", "UTC", "2024-02-01T00:00:00Z"},
        {"68", "%y", "UTC", "2068-01-01T00:00:00Z"},
        {"69", "%y", "UTC", "1969-01-01T00:00:00Z"},
        {"1706756645", "epoch_s", "Asia/Shanghai", "2024-02-01T03:04:05Z"},
        {"1706756645.25", "epoch_s", "UTC", "2024-02-01T03:04:05.250000Z"},
        {"-1", "epoch_s", "UTC", "1969-12-31T23:59:59Z"},
        {"1706756645250", "epoch_ms", "UTC", "2024-02-01T03:04:05.250000Z"},
        {"1.70675664525e12", "epoch_ms", "UTC", "2024-02-01T03:04:05.250000Z"},
        {"9223372036854775807", "epoch_s", "UTC", "no"},
        {"999999999999", "epoch_s", "UTC", "no"},
        {"31/02/2024", "%d/%m/%Y", "UTC", "no"},
        {"01/02/2024 x", "%d/%m/%Y", "UTC", "no"},
        {"13/13/2024", "%d/%m/%Y", "UTC", "no"},
        {"0/1/2024", "%d/%m/%Y", "UTC", "no"},
        {"01/02/2024 13:00 PM", "%d/%m/%Y %I:%M %p", "UTC", "no"},
        {"01/02/0000", "%d/%m/%Y", "UTC", "no"},
        {"", "%Y", "UTC", "no"},
        /* the hour that daylight saving skips is read with the offset before it, the repeated one as the earlier */
        {"2024-03-31 02:30", "%Y-%m-%d %H:%M", "Europe/Berlin", "2024-03-31T01:30:00Z"},
        {"2024-10-27 02:30", "%Y-%m-%d %H:%M", "Europe/Berlin", "2024-10-27T00:30:00Z"},
    };

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        const char *got = instant(cases[i].text, cases[i].pattern, cases[i].zone);
        if (strcmp(got, cases[i].want) != 0)
            test_fail(__FILE__, __LINE__, "'%s' by '%s' is %s, not %s", cases[i].text,
                      cases[i].pattern ? cases[i].pattern : "(default)", got, cases[i].want);
    }
}

TEST(source_convert__patterns_are_checked)
{
    static const char *const bad[] = {"%Q", "%d/%m", "abc", "%Y%", ""};
    pt_time_format f;
    const char *why;

    for (size_t i = 0; i < PT_COUNT(bad); i++)
        CHECK(!pt_time_format_open(&f, bad[i], pt_zone_utc(), &why));
}

TEST(source_convert__dates_are_local)
{
    pt_zone *zone;
    pt_err err = {0};
    const char *bad;
    pt_time_format f, pattern;
    int32_t d;
    char buf[40];

    CHECK_OK(pt_zone_open(&zone, "Asia/Shanghai", &err));
    CHECK(pt_time_format_open(&f, NULL, zone, &bad));
    CHECK(pt_convert_date(&d, PT_SV("2024-01-31 23:59:59"), &f)); /* no offset: its own date */
    CHECK_STR(pt_date_format(buf, d), "2024-01-31");
    CHECK(pt_convert_date(&d, PT_SV("2024-01-31T20:00:00Z"), &f)); /* the next day in Shanghai */
    CHECK_STR(pt_date_format(buf, d), "2024-02-01");
    CHECK(pt_convert_date(&d, PT_SV("20240131"), &f));
    CHECK(!pt_convert_date(&d, PT_SV("2024-13-01"), &f));
    CHECK(!pt_convert_date(&d, PT_SV("10000-01-01"), &f));
    CHECK(pt_time_format_open(&pattern, "%d.%m.%Y %z", zone, &bad));
    CHECK(pt_convert_date(&d, PT_SV("31.01.2024 -05:00"), &pattern));
    CHECK_STR(pt_date_format(buf, d), "2024-01-31");
    pt_zone_free(zone);
}

#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the patterns are the test's data */

/* Every instant written by strftime in some pattern reads back. */
TEST(source_convert__patterns_read_back_what_was_written)
{
    static const char *const patterns[] = {"%Y-%m-%d %H:%M:%S", "%d/%m/%Y %I:%M:%S %p", "%b %d, %Y %T",
                                           "%A %e %B %Y, %k:%M:%S", "%Y%j%H%M%S"};
    pt_rng rng;

    pt_rng_seed(&rng, 11);
    for (int i = 0; i < 4000; i++) {
        int64_t v = (int64_t)pt_rng_below(&rng, 4000000000u) - 2000000000, got;
        time_t seconds = (time_t)v;
        struct tm tm;
        char text[100];
        const char *pattern = patterns[pt_rng_below(&rng, PT_COUNT(patterns))], *bad;
        pt_time_format f;
        CHECK(gmtime_r(&seconds, &tm));
        CHECK(strftime(text, sizeof text, pattern, &tm));
        CHECK(pt_time_format_open(&f, pattern, pt_zone_utc(), &bad));
        if (!pt_convert_instant(&got, pt_sv_of(text), &f) || got != v * PT_SECOND)
            test_fail(__FILE__, __LINE__, "'%s' by '%s' does not read back", text, pattern);
    }
}
