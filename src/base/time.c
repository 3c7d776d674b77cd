#include "base/time.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/zone_int.h"

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": a year that begins in March puts the leap day last,
 * and an era of 400 years has a fixed 146,097 days. */
int32_t pt_date_from_civil(int32_t year, int32_t month, int32_t day)
{
    int32_t y = year - (month <= 2);
    int32_t era = (y >= 0 ? y : y - 399) / 400;
    int32_t of_era = y - era * 400;
    int32_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void pt_date_to_civil(int32_t *year, int32_t *month, int32_t *day, int32_t date)
{
    int64_t z = (int64_t)date + 719468;
    int32_t era = (int32_t)((z >= 0 ? z : z - 146096) / 146097);
    int32_t of_era = (int32_t)(z - (int64_t)era * 146097);
    int32_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int32_t of_year = of_era - (365 * years + years / 4 - years / 100);
    int32_t from_march = (5 * of_year + 2) / 153;

    *day = of_year - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
    *year = years + era * 400 + (*month <= 2);
}

static int32_t days_in_month(int32_t year, int32_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

static bool date_valid(int32_t year, int32_t month, int32_t day)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

bool pt_civil_valid(const pt_civil *c)
{
    return date_valid(c->year, c->month, c->day) && c->hour >= 0 && c->hour <= 23 && c->minute >= 0 &&
           c->minute <= 59 && c->second >= 0 && c->second <= 59 && c->micro >= 0 && c->micro <= 999999;
}

int pt_date_weekday(int32_t date)
{
    int64_t days = ((int64_t)date + 3) % 7; /* 1970-01-01 was a Thursday */

    return (int)(days < 0 ? days + 7 : days) + 1;
}

/* A cursor over the text being parsed. */
typedef struct reader {
    const char *at, *end;
} reader;

/* Between `least` and `most` digits, as many as there are. */
static bool read_digits(int32_t *out, reader *r, int least, int most)
{
    int n = 0;
    int32_t v = 0;

    for (; r->at < r->end && n < most && pt_is_digit(*r->at); n++)
        v = v * 10 + (*r->at++ - '0');
    *out = v;
    return n >= least;
}

static bool read_char(reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

/* 2017-01-31, 2017/1/31, 20170131 */
static bool read_date(int32_t *out, reader *r)
{
    int32_t year, month, day;

    if (!read_digits(&year, r, 4, 4))
        return false;
    if (r->at < r->end && (*r->at == '-' || *r->at == '/')) {
        char separator = *r->at++;
        if (!read_digits(&month, r, 1, 2) || !read_char(r, separator) || !read_digits(&day, r, 1, 2))
            return false;
    } else if (!read_digits(&month, r, 2, 2) || !read_digits(&day, r, 2, 2)) {
        return false;
    }
    if (!date_valid(year, month, day))
        return false;
    *out = pt_date_from_civil(year, month, day);
    return true;
}

bool pt_date_parse(int32_t *out, pt_sv s)
{
    reader r = {s.ptr, s.ptr + s.len};

    return s.len && read_date(out, &r) && r.at == r.end;
}

/* Up to nine decimals of a second; those below a microsecond are cut. */
static bool read_fraction(int32_t *micro, reader *r)
{
    int32_t nanos;
    const char *from = r->at;

    if (!read_digits(&nanos, r, 1, 9))
        return false;
    for (int n = (int)(r->at - from); n < 9; n++)
        nanos *= 10;
    *micro = nanos / 1000;
    return true;
}

static bool read_separator(reader *r)
{
    return read_char(r, 'T') || read_char(r, 't') || read_char(r, ' ');
}

static bool read_clock(pt_civil *c, reader *r)
{
    if (!read_digits(&c->hour, r, 1, 2) || !read_char(r, ':') || !read_digits(&c->minute, r, 2, 2))
        return false;
    if (!read_char(r, ':'))
        return true;
    return read_digits(&c->second, r, 2, 2) && (!read_char(r, '.') || read_fraction(&c->micro, r));
}

/* Z, +08:00, +0800, +08, +08:05:43 */
static bool read_offset(int32_t *seconds, reader *r)
{
    int32_t h, m = 0, s = 0;

    if (read_char(r, 'Z') || read_char(r, 'z')) {
        *seconds = 0;
        return true;
    }
    bool negative = r->at < r->end && *r->at == '-';
    if (!negative && !read_char(r, '+'))
        return false;
    r->at += negative;
    if (!read_digits(&h, r, 2, 2))
        return false;
    bool colon = read_char(r, ':');
    if ((colon || r->at < r->end) && !read_digits(&m, r, 2, 2))
        return false;
    if (colon && read_char(r, ':') && !read_digits(&s, r, 2, 2))
        return false;
    if (h > 18 || m > 59 || s > 59)
        return false;
    *seconds = (h * 3600 + m * 60 + s) * (negative ? -1 : 1);
    return true;
}

bool pt_offset_parse(int32_t *seconds, pt_sv s)
{
    reader r = {s.ptr, s.ptr + s.len};

    return s.len && read_offset(seconds, &r) && r.at == r.end;
}

static int64_t civil_micros(const pt_civil *c)
{
    int64_t day = pt_date_from_civil(c->year, c->month, c->day);

    return day * PT_DAY + c->hour * PT_HOUR + c->minute * PT_MINUTE + c->second * PT_SECOND + c->micro;
}

bool pt_instant_parse(int64_t *out, pt_sv s, const pt_zone *zone)
{
    reader r = {s.ptr, s.ptr + s.len};
    pt_civil c = {0};
    int32_t date, offset;
    int64_t instant;

    if (!s.len || !read_date(&date, &r))
        return false;
    pt_date_to_civil(&c.year, &c.month, &c.day, date);
    if (r.at < r.end && (!read_separator(&r) || !read_clock(&c, &r) || !pt_civil_valid(&c)))
        return false;
    while (r.at < r.end && *r.at == ' ')
        r.at++;
    if (r.at == r.end)
        instant = pt_zone_instant(zone, &c);
    else if (read_offset(&offset, &r) && r.at == r.end)
        instant = civil_micros(&c) - offset * PT_SECOND;
    else
        return false;
    if (instant < PT_DATE_MIN * PT_DAY || instant >= (PT_DATE_MAX + INT64_C(1)) * PT_DAY)
        return false;
    *out = instant;
    return true;
}

static int64_t unit_of(reader *r)
{
    static const struct {
        const char *name;
        int64_t micros;
    } units[] = {{"us", 1},      {"ms", 1000},  {"s", PT_SECOND}, {"m", PT_MINUTE},
                 {"h", PT_HOUR}, {"d", PT_DAY}, {"w", PT_WEEK}};
    size_t n = 0;

    while (r->at + n < r->end && r->at[n] >= 'a' && r->at[n] <= 'z')
        n++;
    for (size_t i = 0; i < PT_COUNT(units); i++) {
        if (pt_sv_eq((pt_sv){r->at, n}, pt_sv_of(units[i].name))) {
            r->at += n;
            return units[i].micros;
        }
    }
    return 0;
}

bool pt_duration_parse(int64_t *out, pt_sv s)
{
    reader r = {s.ptr, s.ptr + s.len};
    int64_t total = 0, part;
    bool negative = s.len && read_char(&r, '-');

    if (r.at == r.end)
        return false;
    while (r.at < r.end) {
        const char *from = r.at;
        while (r.at < r.end && pt_is_digit(*r.at))
            r.at++;
        if (!pt_parse_int64(&part, (pt_sv){from, (size_t)(r.at - from)}))
            return false;
        int64_t unit = unit_of(&r);
        if (!unit || __builtin_mul_overflow(part, unit, &part) || __builtin_add_overflow(total, part, &total))
            return false;
        from = r.at;
        while (r.at < r.end && *r.at == ' ')
            r.at++;
        if (r.at == r.end && r.at != from)
            return false;
    }
    *out = negative ? -total : total;
    return true;
}

const char *pt_date_format(char *buf, int32_t date)
{
    int32_t year, month, day;

    pt_date_to_civil(&year, &month, &day, date);
    snprintf(buf, 40, "%04d-%02d-%02d", year, month, day);
    return buf;
}

const char *pt_instant_format(char *buf, int64_t instant, const pt_zone *zone)
{
    pt_civil c;
    int32_t offset = pt_zone_offset(zone, instant), away = offset < 0 ? -offset : offset;
    int n;

    pt_zone_civil(&c, zone, instant);
    n = snprintf(buf, 40, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute, c.second);
    if (c.micro)
        n += snprintf(buf + n, 40 - (size_t)n, ".%06d", c.micro);
    if (pt_zone_is_utc(zone))
        snprintf(buf + n, 40 - (size_t)n, "Z");
    else if (away % 60)
        snprintf(buf + n, 40 - (size_t)n, "%c%02d:%02d:%02d", offset < 0 ? '-' : '+', away / 3600, away / 60 % 60,
                 away % 60);
    else
        snprintf(buf + n, 40 - (size_t)n, "%c%02d:%02d", offset < 0 ? '-' : '+', away / 3600, away / 60 % 60);
    return buf;
}

const char *pt_duration_format(char *buf, int64_t duration)
{
    static const struct {
        const char *name;
        uint64_t micros;
    } units[] = {{"d", PT_DAY}, {"h", PT_HOUR}, {"m", PT_MINUTE}, {"s", PT_SECOND}, {"ms", 1000}, {"us", 1}};
    uint64_t left = duration < 0 ? -(uint64_t)duration : (uint64_t)duration;
    size_t n = 0;

    if (duration == 0)
        return memcpy(buf, "0s", 3);
    if (duration < 0)
        buf[n++] = '-';
    bool first = true;
    for (size_t i = 0; i < PT_COUNT(units); i++) {
        if (left < units[i].micros)
            continue;
        n += (size_t)snprintf(buf + n, 40 - n, "%s%" PRIu64 "%s", first ? "" : " ", left / units[i].micros,
                              units[i].name);
        left %= units[i].micros;
        first = false;
    }
    return buf;
}
