/* Dates as people and programs write them: a date in one of a few shapes, then perhaps a time of day, then perhaps an
 * offset. Which shape it is follows from the first characters; nothing is tried twice. */
#include <stdio.h>

#include "form/date.h"

static pt_form_rc set_date(pt_moment *m, int32_t year, int32_t month, int32_t day)
{
    m->civil.year = year;
    m->civil.month = month;
    m->civil.day = day;
    return pt_civil_valid(&(pt_civil){.year = year, .month = month, .day = day}) ? PT_FORM_OK : PT_FORM_RANGE;
}

/* Up to `most` digits; returns how many. */
static int read_digits(int32_t *out, form_reader *r, int most)
{
    int n = 0;

    for (*out = 0; n < most && form_more(r) && pt_is_digit(*r->at); n++)
        *out = *out * 10 + (*r->at++ - '0');
    return n;
}

static bool digit_next(const form_reader *r)
{
    return form_more(r) && pt_is_digit(*r->at);
}

static int32_t year_of_two(int32_t y)
{
    return y + (y < 69 ? 2000 : 1900); /* POSIX */
}

static bool is_roc(const pt_date_form *form)
{
    return form && form->roc;
}

/* --- digits only ------------------------------------------------------------------------------------------------------ */

static size_t digit_run(const form_reader *r)
{
    size_t n = 0;

    while (r->at + n < r->end && pt_is_digit(r->at[n]))
        n++;
    return n;
}

static int64_t value_of(const char *digits, size_t n)
{
    int64_t v = 0;

    while (n-- > 0)
        v = v * 10 + (*digits++ - '0');
    return v;
}

static void set_instant(pt_moment *m, int64_t instant)
{
    pt_zone_civil(&m->civil, pt_zone_utc(), instant);
    m->has_time = m->has_offset = true;
}

/* The fraction after a point, in units of 10^-digits of a whole `unit`, rounded. */
static int64_t read_fraction(form_reader *r, int64_t unit)
{
    int64_t v = 0, scale = 1;

    if (!form_more(r) || *r->at != '.')
        return 0;
    for (r->at++; digit_next(r); r->at++) {
        if (scale < INT64_C(1000000000000000)) {
            v = v * 10 + (*r->at - '0');
            scale *= 10;
        }
    }
    return (int64_t)(((__int128)v * unit + scale / 2) / scale);
}

/* A spreadsheet's serial number: days, and the time as a fraction of one. It is a double, whose error is below a
 * millisecond. Excel counts from 1899-12-30 because it has a 29 February 1900. */
static pt_form_rc read_serial(pt_moment *m, form_reader *r, const pt_date_form *form)
{
    int32_t origin = pt_date_from_civil(form && form->excel_1904 ? 1904 : 1899, form && form->excel_1904 ? 1 : 12,
                                        form && form->excel_1904 ? 1 : 30);
    int64_t days = value_of(r->at, 5), millis;
    bool time;

    r->at += 5;
    time = form_more(r);
    millis = read_fraction(r, PT_DAY / 1000);
    pt_zone_civil(&m->civil, pt_zone_utc(), (origin + days) * PT_DAY + millis * 1000);
    m->has_time = time && millis > 0;
    return PT_FORM_OK;
}

static pt_form_rc read_epoch(pt_moment *m, form_reader *r, size_t n)
{
    int64_t v = value_of(r->at, n), micros;

    r->at += n;
    micros = read_fraction(r, n == 10 ? PT_SECOND : 1000);
    set_instant(m, v * (n == 10 ? PT_SECOND : 1000) + micros);
    return PT_FORM_OK;
}

/* 20170131, and with the time behind it 201701311505 and 20170131150500. */
static pt_form_rc read_compact(pt_moment *m, form_reader *r, size_t n)
{
    const char *d = r->at;

    r->at += n;
    if (n > 8) {
        m->civil.hour = (int32_t)value_of(d + 8, 2);
        m->civil.minute = (int32_t)value_of(d + 10, 2);
        m->civil.second = n == 14 ? (int32_t)value_of(d + 12, 2) : 0;
        m->has_time = true;
    }
    return set_date(m, (int32_t)value_of(d, 4), (int32_t)value_of(d + 4, 2), (int32_t)value_of(d + 6, 2));
}

/* 1060131 and 990131 */
static pt_form_rc read_compact_roc(pt_moment *m, form_reader *r, size_t n)
{
    const char *d = r->at;

    r->at += n;
    return set_date(m, (int32_t)value_of(d, n - 4) + 1911, (int32_t)value_of(d + n - 4, 2),
                    (int32_t)value_of(d + n - 2, 2));
}

static pt_form_rc read_run(pt_moment *m, form_reader *r, size_t n, const pt_date_form *form)
{
    if (n == 8 || n == 12 || n == 14)
        return read_compact(m, r, n);
    if (is_roc(form) && (n == 6 || n == 7))
        return read_compact_roc(m, r, n);
    if (n == 5)
        return read_serial(m, r, form);
    return n == 10 || n == 13 ? read_epoch(m, r, n) : PT_FORM_NOT;
}

/* --- three numbers ----------------------------------------------------------------------------------------------------- */

/* 31/01/2017: which of the first two is the day. */
static pt_form_rc year_last(pt_moment *m, int32_t a, int32_t b, int32_t year, pt_date_order order)
{
    if (order == PT_ORDER_DMY)
        return set_date(m, year, b, a);
    if (order == PT_ORDER_MDY)
        return set_date(m, year, a, b);
    if (a <= 12 && b <= 12 && a != b)
        return PT_FORM_AMBIGUOUS;
    if (a != b)
        m->shows = a > 12 ? PT_ORDER_DMY : PT_ORDER_MDY;
    return a > 12 ? set_date(m, year, b, a) : set_date(m, year, a, b);
}

static pt_form_rc order_numbers(pt_moment *m, const int32_t v[3], const int digits[3], char separator,
                                const pt_date_form *form)
{
    pt_date_order order = form ? form->order : PT_ORDER_UNKNOWN;

    if (digits[0] == 4)
        return set_date(m, v[0], v[1], v[2]);
    if (is_roc(form) && digits[2] <= 2)
        return set_date(m, v[0] + 1911, v[1], v[2]);
    if (digits[0] > 2)
        return PT_FORM_NOT;
    if (separator == '.' && order == PT_ORDER_UNKNOWN)
        order = PT_ORDER_DMY; /* every country that writes points writes the day first */
    if (digits[2] == 4)
        return year_last(m, v[0], v[1], v[2], order);
    if (digits[2] != 2)
        return PT_FORM_NOT;
    if (order == PT_ORDER_UNKNOWN)
        return PT_FORM_AMBIGUOUS;
    if (order == PT_ORDER_YMD)
        return set_date(m, year_of_two(v[0]), v[1], v[2]);
    return year_last(m, v[0], v[1], year_of_two(v[2]), order);
}

/* 2017-01-31, 31/01/2017, 31.1.17; the second number may be the name of a month. */
static pt_form_rc read_numbers(pt_moment *m, form_reader *r, const pt_date_form *form)
{
    int32_t v[3];
    int digits[3];
    char separator = 0;

    for (int i = 0; i < 3; i++) {
        digits[i] = read_digits(&v[i], r, 4);
        if (digits[i] == 0 || (i == 1 && digits[1] > 2))
            return PT_FORM_NOT;
        if (i == 2)
            break;
        if (!form_more(r) || !strchr("-/.", *r->at) || (separator && *r->at != separator))
            return PT_FORM_NOT;
        separator = *r->at++;
        form_blanks(r);
    }
    return digit_next(r) ? PT_FORM_NOT : order_numbers(m, v, digits, separator, form);
}

/* --- names of months --------------------------------------------------------------------------------------------------- */

static size_t letters(const form_reader *r)
{
    size_t n = 0;

    while (r->at + n < r->end && (r->at[n] | 32) >= 'a' && (r->at[n] | 32) <= 'z')
        n++;
    return n;
}

/* Passes over the whole name, or its first three letters (and "sept"), with or without a point; its place from 1, else 0. */
static int32_t take_name(form_reader *r, const char *const *names, int32_t count)
{
    size_t n = letters(r);

    for (int32_t i = 0; i < count; i++) {
        size_t whole = strlen(names[i]);
        if ((n != whole && n != 3 && n != 4) || n > whole || strncasecmp(r->at, names[i], n) != 0)
            continue;
        r->at += n;
        form_take(r, ".");
        return i + 1;
    }
    return 0;
}

static int32_t take_month(form_reader *r)
{
    static const char *const names[] = {"january", "february", "march",     "april",   "may",      "june",
                                        "july",    "august",   "september", "october", "november", "december"};
    return take_name(r, names, 12);
}

static void pass_weekday(form_reader *r)
{
    static const char *const names[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

    if (take_name(r, names, 7)) {
        form_take(r, ",");
        form_blanks(r);
    }
}

static void pass_between(form_reader *r)
{
    while (form_more(r) && strchr(" ,-/", *r->at))
        r->at++;
}

static void pass_ordinal(form_reader *r)
{
    static const char *const endings[] = {"st", "nd", "rd", "th"};

    for (size_t i = 0; i < PT_COUNT(endings); i++)
        if (form_take(r, endings[i]))
            return;
}

static int32_t read_year(form_reader *r, bool *ok)
{
    int32_t year;
    int n = read_digits(&year, r, 4);

    *ok = (n == 4 || n == 2) && !digit_next(r);
    return n == 2 ? year_of_two(year) : year;
}

/* Jan 31, 2017; and 31 Jan 2017 with the day already read. */
static pt_form_rc read_named(pt_moment *m, form_reader *r, int32_t day)
{
    bool day_first = day > 0, ok;
    int32_t month = take_month(r);

    if (!month)
        return PT_FORM_NOT;
    pass_between(r);
    if (!day_first) {
        if (!read_digits(&day, r, 2) || digit_next(r))
            return PT_FORM_NOT;
        pass_ordinal(r);
        pass_between(r);
    }
    int32_t year = read_year(r, &ok);
    return ok ? set_date(m, year, month, day) : PT_FORM_NOT;
}

/* 31-Jan-2017, 31st January 2017. */
static pt_form_rc read_day_named(pt_moment *m, form_reader *r)
{
    int32_t day;

    read_digits(&day, r, 2);
    pass_ordinal(r);
    pass_between(r);
    return day ? read_named(m, r, day) : PT_FORM_RANGE;
}

/* --- Chinese ------------------------------------------------------------------------------------------------------------ */

/* 〇 to 九 one by one (二〇一七) or with 十 (三十一); plain digits too. Returns how many characters, 0 for none. */
static int read_chinese(int32_t *out, form_reader *r)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    int n = read_digits(out, r, 4);
    int32_t v = 0;

    if (n)
        return n;
    while (form_more(r) && n < 4) {
        size_t i = 0;
        if (form_take(r, "十")) {
            /* 十 alone is ten; 二十 has the tens already. */
            v = n ? v * 10 : 10;
            const char *before = r->at;
            for (i = 1; i < PT_COUNT(digits) && r->at == before; i++)
                if (form_take(r, digits[i]))
                    v += (int32_t)i;
            n = 2;
            break;
        }
        while (i < PT_COUNT(digits) && !form_take(r, digits[i]) && !(i == 0 && form_take(r, "零")))
            i++;
        if (i == PT_COUNT(digits))
            break;
        v = v * 10 + (int32_t)i;
        n++;
    }
    *out = v;
    return n;
}

static void pass_chinese_weekday(form_reader *r)
{
    form_reader ahead = *r;
    static const char *const days[] = {"一", "二", "三", "四", "五", "六", "日", "天"};

    form_blanks(&ahead);
    bool bracket = form_take(&ahead, "(");
    if (!form_take(&ahead, "星期") && !form_take(&ahead, "礼拜") && !form_take(&ahead, "周"))
        return;
    for (size_t i = 0; i < PT_COUNT(days); i++) {
        if (!form_take(&ahead, days[i]))
            continue;
        if (!bracket || form_take(&ahead, ")"))
            *r = ahead;
        return;
    }
}

/* A number and the character after it. */
static int read_part(int32_t *out, form_reader *r, const char *name, const char *other)
{
    int n = read_chinese(out, r);

    form_blanks(r);
    if (n && !form_take(r, name) && !form_take(r, other))
        n = 0;
    form_blanks(r);
    return n;
}

/* 2017年1月31日, 二〇一七年一月三十一号; 民国106年 where that is declared. */
static pt_form_rc read_chinese_date(pt_moment *m, form_reader *r, const pt_date_form *form)
{
    int32_t year, month, day;
    bool era = form_take(r, "民国") || form_take(r, "民國");

    form_blanks(r);
    int n = read_part(&year, r, "年", "年");
    if (!n || !read_part(&month, r, "月", "月") || !read_part(&day, r, "日", "号"))
        return PT_FORM_NOT;
    pass_chinese_weekday(r);
    if (is_roc(form) && (era || n < 4))
        year += 1911;
    else if (era || n != 4)
        return PT_FORM_AMBIGUOUS; /* of which era or century? */
    return set_date(m, year, month, day);
}

/* --- the whole ---------------------------------------------------------------------------------------------------------- */

static pt_form_rc read_date(pt_moment *m, form_reader *r, const pt_date_form *form)
{
    size_t n = digit_run(r);

    if (n == 0 && form_more(r) && (unsigned char)*r->at >= 0x80)
        return read_chinese_date(m, r, form);
    if (n == 0) {
        pass_weekday(r);
        n = digit_run(r);
    }
    if (n == 0)
        return read_named(m, r, 0);
    const char *after = r->at + n;
    if (after == r->end || n > 4)
        return read_run(m, r, n, form);
    form_reader ahead = {after, r->end};
    form_blanks(&ahead);
    if ((unsigned char)*ahead.at >= 0x80)
        return read_chinese_date(m, r, form);
    pass_ordinal(&ahead);
    pass_between(&ahead);
    if (n <= 2 && form_more(&ahead) && !pt_is_digit(*ahead.at) && *ahead.at != '.')
        return read_day_named(m, r);
    return read_numbers(m, r, form);
}

/* Nearly all: 2017-01-31. */
static bool read_usual(pt_moment *m, pt_sv s)
{
    const char *d = s.ptr;

    if (s.len != 10 || d[4] != '-' || d[7] != '-')
        return false;
    for (int i = 0; i < 10; i++)
        if (i != 4 && i != 7 && !pt_is_digit(d[i]))
            return false;
    m->as_written = true;
    return set_date(m, (int32_t)value_of(d, 4), (int32_t)value_of(d + 5, 2), (int32_t)value_of(d + 8, 2)) == PT_FORM_OK;
}

pt_form_rc pt_form_date(pt_moment *out, pt_sv text, const pt_date_form *form)
{
    char buf[FORM_LONGEST];
    pt_sv s;

    *out = (pt_moment){0};
    if (read_usual(out, text))
        return PT_FORM_OK;
    if (!form_plain(&s, buf, text))
        return PT_FORM_NOT;
    form_reader r = {s.ptr, s.ptr + s.len};
    *out = (pt_moment){0};
    pt_form_rc date = read_date(out, &r, form);
    if (date == PT_FORM_NOT)
        return date;
    pt_form_rc time = form_read_time(out, &r);
    if (time != PT_FORM_OK)
        return time;
    if (form_more(&r))
        return PT_FORM_NOT;
    return date == PT_FORM_OK && !pt_civil_valid(&out->civil) ? PT_FORM_RANGE : date;
}

size_t pt_moment_format(char buf[PT_MOMENT_TEXT], const pt_moment *m)
{
    const pt_civil *c = &m->civil;
    int32_t away = m->offset < 0 ? -m->offset : m->offset;
    int n = snprintf(buf, PT_MOMENT_TEXT, "%04d-%02d-%02d", c->year, c->month, c->day);

    if (m->has_time)
        n += snprintf(buf + n, PT_MOMENT_TEXT - (size_t)n, " %02d:%02d:%02d", c->hour, c->minute, c->second);
    if (m->has_time && c->micro)
        n += snprintf(buf + n, PT_MOMENT_TEXT - (size_t)n, ".%06d", c->micro);
    if (m->has_offset && away == 0)
        n += snprintf(buf + n, PT_MOMENT_TEXT - (size_t)n, "Z");
    else if (m->has_offset)
        n += snprintf(buf + n, PT_MOMENT_TEXT - (size_t)n, "%c%02d:%02d", m->offset < 0 ? '-' : '+', away / 3600,
                      away / 60 % 60);
    return (size_t)n;
}
