/* Civil time against libc: timegm and localtime_r are an independent reading of the same zone files. */
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/io.h"
#include "base/rng.h"
#include "support/test.h"

static const char *const zones[] = {"Asia/Shanghai",
                                    "America/New_York",
                                    "Europe/London",
                                    "Australia/Lord_Howe",
                                    "Africa/Casablanca",
                                    "Europe/Dublin",
                                    "Asia/Tehran",
                                    "America/Sao_Paulo",
                                    "Pacific/Apia",
                                    "America/St_Johns",
                                    "Asia/Kathmandu",
                                    "America/Scoresbysund",
                                    "Antarctica/Troll",
                                    "Pacific/Chatham",
                                    "Asia/Gaza",
                                    "America/Godthab",
                                    "UTC",
                                    "Europe/Berlin"};

enum { INSTANTS = 4000 };

static pt_zone *zone_of(const char *name)
{
    pt_err err = {0};
    pt_zone *z = NULL;

    CHECK_OK(pt_zone_open(&z, name, &err));
    setenv("TZ", name, 1);
    tzset();
    return z;
}

/* Evenly over years `from` to `to`. */
static int64_t random_second(pt_rng *r, int32_t from, int32_t to)
{
    int64_t first = pt_date_from_civil(from, 1, 1) * INT64_C(86400);
    int64_t last = pt_date_from_civil(to, 1, 1) * INT64_C(86400);

    return first + (int64_t)pt_rng_below(r, (uint64_t)(last - first));
}

static void check_against_libc(const pt_zone *z, int64_t second)
{
    struct tm tm;
    time_t t = (time_t)second;
    pt_civil c;

    CHECK(localtime_r(&t, &tm));
    pt_zone_civil(&c, z, second * PT_SECOND);
    if (c.year != tm.tm_year + 1900 || c.month != tm.tm_mon + 1 || c.day != tm.tm_mday || c.hour != tm.tm_hour ||
        c.minute != tm.tm_min || c.second != tm.tm_sec || pt_zone_offset(z, second * PT_SECOND) != tm.tm_gmtoff)
        test_fail(__FILE__, __LINE__, "%s at %lld: %d-%d-%d %d:%d:%d%+d, libc %d-%d-%d %d:%d:%d%+ld", pt_zone_name(z),
                  (long long)second, c.year, c.month, c.day, c.hour, c.minute, c.second,
                  pt_zone_offset(z, second * PT_SECOND), tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                  tm.tm_min, tm.tm_sec, tm.tm_gmtoff);
}

/* Seconds of the local clock: what pt_zone_instant takes back. */
static int64_t local_of(const pt_zone *z, int64_t second)
{
    return second + pt_zone_offset(z, second * PT_SECOND);
}

static pt_civil civil_of(int64_t local)
{
    pt_civil c;

    pt_zone_civil(&c, pt_zone_utc(), local * PT_SECOND);
    return c;
}

TEST(base_time__dates_agree_with_timegm_for_all_days)
{
    for (int32_t date = PT_DATE_MIN; date <= PT_DATE_MAX; date += 1) {
        time_t t = (time_t)date * 86400;
        struct tm tm;
        int32_t y, m, d;
        gmtime_r(&t, &tm);
        pt_date_to_civil(&y, &m, &d, date);
        if (y != tm.tm_year + 1900 || m != tm.tm_mon + 1 || d != tm.tm_mday || pt_date_from_civil(y, m, d) != date ||
            pt_date_weekday(date) % 7 != tm.tm_wday)
            test_fail(__FILE__, __LINE__, "day %d is %d-%d-%d weekday %d", date, y, m, d, pt_date_weekday(date));
    }
}

TEST(base_time__limits_are_what_they_say)
{
    CHECK_INT(pt_date_from_civil(1, 1, 1), PT_DATE_MIN);
    CHECK_INT(pt_date_from_civil(9999, 12, 31), PT_DATE_MAX);
    CHECK_INT(pt_date_from_civil(1970, 1, 1), 0);
}

TEST(base_time__local_time_agrees_with_libc)
{
    pt_rng r;

    pt_rng_seed(&r, 20170131);
    for (size_t i = 0; i < PT_COUNT(zones); i++) {
        pt_zone *z = zone_of(zones[i]);
        for (int k = 0; k < INSTANTS; k++)
            check_against_libc(z, random_second(&r, k % 4 ? 1900 : 1800, k % 4 == 1 ? 2040 : 2200));
        pt_zone_free(z);
    }
}

/* Around each change of the clock, to the second. */
TEST(base_time__transitions_agree_with_libc)
{
    for (size_t i = 0; i < PT_COUNT(zones); i++) {
        pt_zone *z = zone_of(zones[i]);
        int64_t from = pt_date_from_civil(1900, 1, 1) * INT64_C(86400);
        int64_t to = pt_date_from_civil(2200, 1, 1) * INT64_C(86400);
        for (int64_t t = from; t < to; t += 86400) {
            int64_t low = t, high = t + 86400;
            if (pt_zone_offset(z, low * PT_SECOND) == pt_zone_offset(z, high * PT_SECOND))
                continue;
            while (high - low > 1) {
                int64_t mid = low + (high - low) / 2;
                if (pt_zone_offset(z, mid * PT_SECOND) == pt_zone_offset(z, low * PT_SECOND))
                    low = mid;
                else
                    high = mid;
            }
            check_against_libc(z, low);
            check_against_libc(z, high);
        }
        pt_zone_free(z);
    }
}

TEST(base_time__an_instant_survives_its_civil_form)
{
    pt_rng r;

    pt_rng_seed(&r, 7);
    for (size_t i = 0; i < PT_COUNT(zones); i++) {
        pt_zone *z = zone_of(zones[i]);
        for (int k = 0; k < INSTANTS; k++) {
            int64_t second = random_second(&r, 1900, 2200), micro = (int64_t)pt_rng_below(&r, 1000000);
            int64_t instant = second * PT_SECOND + micro;
            pt_civil c;
            pt_zone_civil(&c, z, instant);
            int64_t back = pt_zone_instant(z, &c);
            /* In an overlap the earlier of two instants comes back; both read the same on the clock. */
            CHECK(back == instant || (back < instant && local_of(z, back / PT_SECOND) == local_of(z, second)));
        }
        pt_zone_free(z);
    }
}

/* Midnight by its definition: the first second of the day, searched for. */
TEST(base_time__midnight_is_the_first_instant_of_its_date)
{
    pt_rng r;

    pt_rng_seed(&r, 8);
    for (size_t i = 0; i < PT_COUNT(zones); i++) {
        pt_zone *z = zone_of(zones[i]);
        for (int32_t date = pt_date_from_civil(1910, 1, 1); date < pt_date_from_civil(2120, 1, 1); date++) {
            int64_t midnight = pt_zone_midnight(z, date);
            if (pt_zone_date(z, midnight) < date || pt_zone_date(z, midnight - 1) >= date)
                test_fail(__FILE__, __LINE__, "%s, day %d: midnight is %lld", zones[i], date, (long long)midnight);
        }
        pt_zone_free(z);
    }
}

TEST(base_time__a_gap_reads_with_the_offset_before_it)
{
    pt_zone *z = zone_of("America/New_York");
    pt_civil gap = {2017, 3, 12, 2, 30, 0, 0}; /* clocks went from 02:00 to 03:00 */
    pt_civil overlap = {2017, 11, 5, 1, 30, 0, 0};
    char buf[40];

    CHECK_STR(pt_instant_format(buf, pt_zone_instant(z, &gap), z), "2017-03-12T03:30:00-04:00");
    CHECK_STR(pt_instant_format(buf, pt_zone_instant(z, &overlap), z), "2017-11-05T01:30:00-04:00");
    pt_zone_free(z);
}

TEST(base_time__midnight_that_is_skipped_is_the_end_of_the_gap)
{
    pt_zone *z = zone_of("America/Sao_Paulo"); /* 2017-10-15: 00:00 became 01:00 */
    char buf[40];

    CHECK_STR(pt_instant_format(buf, pt_zone_midnight(z, pt_date_from_civil(2017, 10, 15)), z),
              "2017-10-15T01:00:00-02:00");
    pt_zone_free(z);
    z = zone_of("America/Toronto"); /* 1919-03-30: 23:30 became 00:30 of the 31st */
    CHECK_STR(pt_instant_format(buf, pt_zone_midnight(z, pt_date_from_civil(1919, 3, 31)), z),
              "1919-03-31T00:30:00-04:00");
    pt_zone_free(z);
    z = zone_of("Pacific/Apia"); /* 2011-12-30 did not happen: an empty day */
    CHECK_INT(pt_zone_midnight(z, pt_date_from_civil(2011, 12, 30)),
              pt_zone_midnight(z, pt_date_from_civil(2011, 12, 31)));
    pt_zone_free(z);
}

TEST(base_time__ambiguous_local_times_agree_with_a_search)
{
    for (size_t i = 0; i < PT_COUNT(zones); i++) {
        pt_zone *z = zone_of(zones[i]);
        int64_t from = pt_date_from_civil(2000, 1, 1) * INT64_C(86400);
        for (int64_t t = from; t < from + 20 * 365 * INT64_C(86400); t += 3600) {
            if (pt_zone_offset(z, t * PT_SECOND) == pt_zone_offset(z, (t + 3600) * PT_SECOND))
                continue;
            int32_t before = pt_zone_offset(z, t * PT_SECOND);
            for (int64_t local = t + before - 4 * 3600; local < t + before + 4 * 3600; local += 900) {
                pt_civil c = civil_of(local);
                int64_t want = INT64_MIN;
                for (int64_t u = local - 15 * 3600; want == INT64_MIN && u <= local + 15 * 3600; u += 900)
                    if (local_of(z, u) == local)
                        want = u;
                if (want == INT64_MIN)
                    want = local - before;
                CHECK_INT(pt_zone_instant(z, &c), want * PT_SECOND);
            }
        }
        pt_zone_free(z);
    }
}

TEST(base_time__a_stretch_has_one_offset_and_ends_where_it_changes)
{
    pt_rng r;

    pt_rng_seed(&r, 10);
    for (size_t i = 0; i < PT_COUNT(zones); i++) {
        pt_zone *z = zone_of(zones[i]);
        for (int k = 0; k < 500; k++) {
            int64_t at = random_second(&r, 1900, 2200) * PT_SECOND + (int64_t)pt_rng_below(&r, 1000000);
            pt_zone_stretch s = pt_zone_stretch_at(z, at);
            CHECK(s.from <= at && at < s.until);
            CHECK_INT(s.offset, pt_zone_offset(z, at) * PT_SECOND);
            if (s.from != INT64_MIN)
                CHECK_INT(pt_zone_offset(z, s.from) * PT_SECOND, s.offset);
            if (s.until != INT64_MAX)
                CHECK_INT(pt_zone_offset(z, s.until - 1) * PT_SECOND, s.offset);
            if (s.until != INT64_MAX) /* a change of name or rule alone may end a stretch: then the next one goes on */
                CHECK_INT(pt_zone_stretch_at(z, s.until).from, s.until);
        }
        pt_zone_free(z);
    }
    pt_zone_stretch always = pt_zone_stretch_at(pt_zone_utc(), 0);
    CHECK(always.from == INT64_MIN && always.until == INT64_MAX && always.offset == 0);
}

TEST(base_time__zone_names_are_checked)
{
    static const char *const wrong[] = {"Asia/Shanghia", "../../etc/passwd", "/etc/passwd",  "",
                                        "Asia",          "posixrules/x",     "Asia/Beijing", "+25:00",
                                        "+8:0",          "Asia//Tokyo",      "zone.tab"};
    pt_err err;
    pt_zone *z;

    for (size_t i = 0; i < PT_COUNT(wrong); i++) {
        CHECK_INT(pt_zone_open(&z, wrong[i], &err), PT_ENOTFOUND);
        CHECK(z == NULL && err.hint[0]);
    }
    pt_zone_open(&z, "Asia/Shanghia", &err);
    CHECK_STR(err.hint, "did you mean 'Asia/Shanghai'?");
    pt_zone_open(&z, "Asia/Beijing", &err);
    CHECK_STR(err.hint, "did you mean 'Asia/Shanghai'?");
    pt_zone_free(NULL);
}

/* A zone file is opened from $TZDIR, which a user may set: damaged ones must be refused or give some zone, never more. */
TEST(base_time__damaged_zone_files_do_no_harm)
{
    static const char *const names[] = {"America/New_York", "Africa/Casablanca", "Asia/Shanghai",
                                        "Australia/Lord_Howe"};
    char path[300];
    pt_rng r;
    pt_err err = {0};
    pt_arena *a = pt_arena_new(0);
    int refused = 0, opened = 0;

    CHECK(a);
    pt_rng_seed(&r, 61);
    for (int i = 0; i < 1500; i++) {
        pt_sv file;
        pt_zone *z;
        snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", names[i % 4]);
        CHECK_OK(pt_read_file(&file, path, 0, a, &err));
        char *bytes = (char *)(uintptr_t)file.ptr;
        for (uint64_t n = pt_rng_below(&r, 4) + 1; n > 0; n--) {
            size_t head = pt_rng_below(&r, 2) ? 44 : file.len, tail = pt_rng_below(&r, 3) ? 0 : file.len - 30;
            bytes[tail + pt_rng_below(&r, head < file.len - tail ? head : file.len - tail)] = (char)pt_rng_u64(&r);
        }
        size_t n = pt_rng_below(&r, 4) ? file.len : pt_rng_below(&r, file.len);
        snprintf(path, sizeof path, "%s/Damaged", test_dir());
        FILE *f = fopen(path, "wb"); /* not pt_write_file, which waits for the disk */
        CHECK(f && fwrite(bytes, 1, n, f) == n && fclose(f) == 0);
        setenv("TZDIR", test_dir(), 1);
        pt_rc rc = pt_zone_open(&z, "Damaged", &err);
        unsetenv("TZDIR");
        CHECK(rc == PT_OK || rc == PT_ECORRUPT);
        for (int k = 0; rc == PT_OK && k < 20; k++) {
            int32_t date = (int32_t)(random_second(&r, 1, 9999) / 86400);
            CHECK(pt_zone_date(z, pt_zone_midnight(z, date)) >= date);
        }
        refused += rc != PT_OK;
        opened += rc == PT_OK;
        pt_zone_free(z);
        pt_arena_reset(a);
    }
    CHECK(refused > 100 && opened > 100);
    pt_arena_free(a);
}

TEST(base_time__an_offset_is_a_zone)
{
    pt_err err = {0};
    pt_zone *z;
    char buf[40];

    CHECK_OK(pt_zone_open(&z, "-03:30", &err));
    CHECK_INT(pt_zone_offset(z, 0), -12600);
    CHECK_STR(pt_instant_format(buf, 0, z), "1969-12-31T20:30:00-03:30");
    CHECK_STR(pt_zone_name(z), "-03:30");
    pt_zone_free(z);
    CHECK_STR(pt_instant_format(buf, -1, pt_zone_utc()), "1969-12-31T23:59:59.999999Z");
}

static const char *instant_text(const char *text, const pt_zone *z)
{
    static char buf[40];
    int64_t v;

    return pt_instant_parse(&v, pt_sv_of(text), z) ? pt_instant_format(buf, v, z) : "refused";
}

TEST(base_time__instants_parse)
{
    pt_zone *z = zone_of("Asia/Shanghai");

    CHECK_STR(instant_text("2017-01-31", z), "2017-01-31T00:00:00+08:00");
    CHECK_STR(instant_text("20170131 10:00", z), "2017-01-31T10:00:00+08:00");
    CHECK_STR(instant_text("2017/1/3 9:05:06", z), "2017-01-03T09:05:06+08:00");
    CHECK_STR(instant_text("2017-01-31T10:00:00.1234567Z", z), "2017-01-31T18:00:00.123456+08:00");
    CHECK_STR(instant_text("2017-01-31T10:00-05", z), "2017-01-31T23:00:00+08:00");
    CHECK_STR(instant_text("2017-01-31 10:00:00 +0530", z), "2017-01-31T12:30:00+08:00");
    CHECK_STR(instant_text("1900-06-01T00:00:00+08:05:43", z), "1900-06-01T00:00:00+08:05:43");
    static const char *const wrong[] = {
        "",
        "2017",
        "2017-02-29",
        "2017-13-01",
        "2017-00-10",
        "2017-01-32",
        "2017-01-31T",
        "2017-01-31 ",
        "2017-01-31 24:00",
        "2017-01-31 10:60",
        "2017-01-31 10:00:60",
        "0000-01-01",
        "2017-1/3",
        "10000-01-01",
        "2017-01-31Z",
        "2017-01-31 10:00x",
        "2017-01-31 10:00+19",
        "17-01-31",
        "2017-01-31 10:00:00.",
        "2017-01-31  10:00",
        "-2017-01-31",
        "0001-01-01T00:00+01:00",
        "2017-01-31 10:00+08:",
        "2017-01-31 10",
    };
    for (size_t i = 0; i < PT_COUNT(wrong); i++)
        if (strcmp(instant_text(wrong[i], z), "refused") != 0)
            test_fail(__FILE__, __LINE__, "'%s' is read as %s", wrong[i], instant_text(wrong[i], z));
    pt_zone_free(z);
}

TEST(base_time__formats_parse_back)
{
    pt_rng r;
    char buf[40];

    pt_rng_seed(&r, 9);
    for (size_t i = 0; i < PT_COUNT(zones); i++) {
        pt_zone *z = zone_of(zones[i]);
        for (int k = 0; k < 500; k++) {
            int64_t v = random_second(&r, 1, 9999) * PT_SECOND + (k % 2 ? (int64_t)pt_rng_below(&r, 1000000) : 0);
            int64_t back = 0;
            v += 2 * PT_DAY; /* so that the local year stays within 1..9999 */
            CHECK(pt_instant_parse(&back, pt_sv_of(pt_instant_format(buf, v, z)), pt_zone_utc()));
            CHECK_INT(back, v);
            v = (int64_t)(pt_rng_u64(&r) >> pt_rng_below(&r, 63)) >> 1;
            v = k % 3 ? v : -v;
            CHECK(pt_duration_parse(&back, pt_sv_of(pt_duration_format(buf, v))));
            CHECK_INT(back, v);
        }
        pt_zone_free(z);
    }
}

TEST(base_time__durations)
{
    static const char *const wrong[] = {
        "", "-", "30", "d", "30x", "30 d", "1.5h", "30d ", "99999999999999d", "1d -2h", "106751991d 5h", "30D", "--1d"};
    char buf[40];
    int64_t v;

    CHECK(pt_duration_parse(&v, PT_SV("30d 12h")));
    CHECK_INT(v, 30 * PT_DAY + 12 * PT_HOUR);
    CHECK(pt_duration_parse(&v, PT_SV("2w1d3ms4us")));
    CHECK_STR(pt_duration_format(buf, v), "15d 3ms 4us");
    CHECK_STR(pt_duration_format(buf, 0), "0s");
    CHECK_STR(pt_duration_format(buf, INT64_MIN + 1), "-106751991d 4h 54s 775ms 807us");
    for (size_t i = 0; i < PT_COUNT(wrong); i++)
        if (pt_duration_parse(&v, pt_sv_of(wrong[i])))
            test_fail(__FILE__, __LINE__, "'%s' is read as %s", wrong[i], pt_duration_format(buf, v));
}
