#include "base/zone_int.h"

/* POSIX.1-2017, 8.3 "TZ", with the extension of RFC 8536 that a time of day may be -167..167 hours. */

typedef struct reader {
    const char *at, *end;
} reader;

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool take(reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static bool read_number(int32_t *out, reader *r, int32_t least, int32_t most)
{
    int32_t v = 0;
    const char *from = r->at;

    for (; r->at < r->end && pt_is_digit(*r->at) && v <= most; r->at++)
        v = v * 10 + (*r->at - '0');
    *out = v;
    return r->at > from && v >= least && v <= most;
}

/* EST or <+0330> */
static bool read_name(reader *r)
{
    const char *from = r->at;

    if (take(r, '<')) {
        while (r->at < r->end && *r->at != '>')
            r->at++;
        return take(r, '>');
    }
    while (r->at < r->end && is_alpha(*r->at))
        r->at++;
    return r->at - from >= 3;
}

/* [+-]hh[:mm[:ss]] in seconds */
static bool read_time(int32_t *out, reader *r)
{
    int32_t h, m = 0, s = 0;
    bool negative = take(r, '-');

    if (!negative)
        take(r, '+');
    if (!read_number(&h, r, 0, 167))
        return false;
    if (take(r, ':') && (!read_number(&m, r, 0, 59) || (take(r, ':') && !read_number(&s, r, 0, 59))))
        return false;
    *out = (h * 3600 + m * 60 + s) * (negative ? -1 : 1);
    return true;
}

static bool read_day(pt_zone_rule_day *out, reader *r)
{
    *out = (pt_zone_rule_day){.form = 'N', .seconds = 7200};
    if (take(r, 'M')) {
        out->form = 'M';
        if (!read_number(&out->month, r, 1, 12) || !take(r, '.') || !read_number(&out->week, r, 1, 5) ||
            !take(r, '.') || !read_number(&out->day, r, 0, 6))
            return false;
    } else if (take(r, 'J')) {
        out->form = 'J';
        if (!read_number(&out->day, r, 1, 365))
            return false;
    } else if (!read_number(&out->day, r, 0, 365)) {
        return false;
    }
    return !take(r, '/') || read_time(&out->seconds, r);
}

bool pt_zone_rule_parse(pt_zone_rule *out, pt_sv s)
{
    reader r = {s.ptr, s.ptr + s.len};

    *out = (pt_zone_rule){.present = s.len > 0};
    if (s.len == 0)
        return true;
    if (!read_name(&r) || !read_time(&out->standard, &r))
        return false;
    out->standard = -out->standard; /* POSIX counts west of Greenwich */
    if (r.at == r.end)
        return true;
    out->has_dst = true;
    out->dst = out->standard + 3600;
    if (!read_name(&r))
        return false;
    if (r.at < r.end && *r.at != ',') {
        if (!read_time(&out->dst, &r))
            return false;
        out->dst = -out->dst;
    }
    return take(&r, ',') && read_day(&out->start, &r) && take(&r, ',') && read_day(&out->end, &r) && r.at == r.end;
}

static bool is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The local day, as days since 1970, that a rule names in a year. */
static int32_t day_in_year(const pt_zone_rule_day *d, int32_t year)
{
    int32_t new_year = pt_date_from_civil(year, 1, 1);

    if (d->form == 'N')
        return new_year + d->day;
    if (d->form == 'J')
        return new_year + d->day - 1 + (d->day >= 60 && is_leap(year));
    int32_t first = pt_date_from_civil(year, d->month, 1);
    int32_t next = d->month == 12 ? pt_date_from_civil(year + 1, 1, 1) : pt_date_from_civil(year, d->month + 1, 1);
    int32_t day = first + (d->day - pt_date_weekday(first) % 7 + 7) % 7 + 7 * (d->week - 1);
    return day >= next ? day - 7 : day;
}

typedef struct change {
    int64_t at;
    int32_t offset; /* from then on */
} change;

static void insert(change *list, int n, change c)
{
    for (; n > 0 && list[n - 1].at > c.at; n--)
        list[n] = list[n - 1];
    list[n] = c;
}

pt_zone_span pt_zone_rule_span(const pt_zone_rule *rule, int64_t second)
{
    enum { YEARS = 4 };
    change changes[2 * YEARS];
    int32_t year, month, day;
    int n = 0;

    if (!rule->has_dst)
        return (pt_zone_span){INT64_MIN, INT64_MAX, rule->standard};
    int64_t local = second + rule->standard;
    pt_date_to_civil(&year, &month, &day, (int32_t)(local / 86400 - (local % 86400 < 0)));
    /* The years around it too: a span may begin in one year and end in the next, and a rule's time of day may be a week
     * after its day, so that the changes of last year may all lie ahead in the first days of this one. */
    for (int32_t y = year - 2; y <= year + 1; y++) {
        int64_t start = day_in_year(&rule->start, y) * INT64_C(86400) + rule->start.seconds - rule->standard;
        int64_t end = day_in_year(&rule->end, y) * INT64_C(86400) + rule->end.seconds - rule->dst;
        insert(changes, n++, (change){start, rule->dst});
        insert(changes, n++, (change){end, rule->standard});
    }
    int last = 0;
    while (last + 1 < n && changes[last + 1].at <= second)
        last++;
    return (pt_zone_span){changes[last].at, last + 1 < n ? changes[last + 1].at : INT64_MAX, changes[last].offset};
}
