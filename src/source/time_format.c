/* Dates and instants by a strptime pattern. The C library's strptime has no fractions of a second, takes names from the
 * locale and accepts trailing text; this reads exactly what docs/store.md says. */
#include "source/convert.h"

typedef struct reader {
    const char *at, *end;
    pt_civil civil;
    int32_t offset, day_of_year;
    bool has_offset, pm, has_half, twelve, ok;
} reader;

static int32_t digits(reader *r, int most)
{
    int32_t v = 0;
    int n = 0;

    for (; n < most && r->at < r->end && pt_is_digit(*r->at); n++)
        v = v * 10 + (*r->at++ - '0');
    if (n == 0)
        r->ok = false;
    return v;
}

static void blanks(reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || (*r->at >= '\t' && *r->at <= '\r')))
        r->at++;
}

static void literal(reader *r, char c)
{
    if (r->at < r->end && *r->at == c)
        r->at++;
    else
        r->ok = false;
}

static int32_t year_of_two(int32_t y)
{
    return y + (y < 69 ? 2000 : 1900); /* POSIX */
}

static bool same_letter(char a, char b)
{
    return (a | 32) == (b | 32);
}

static size_t match_name(const reader *r, const char *name, size_t n)
{
    if ((size_t)(r->end - r->at) < n)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (!same_letter(r->at[i], name[i]))
            return 0;
    return n;
}

/* Full or three-letter English name; returns its place from 0. */
static int32_t name(reader *r, const char *const *names, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        size_t n = match_name(r, names[i], strlen(names[i]));
        if (!n)
            n = match_name(r, names[i], 3);
        if (n) {
            r->at += n;
            return i;
        }
    }
    r->ok = false;
    return 0;
}

static int32_t month(reader *r)
{
    static const char *const names[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
    return name(r, names, 12) + 1;
}

static void weekday(reader *r)
{
    static const char *const names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

    name(r, names, 7);
}

static void half_of_day(reader *r)
{
    r->pm = match_name(r, "PM", 2);
    if (!r->pm && !match_name(r, "AM", 2))
        r->ok = false;
    else
        r->at += 2;
    r->has_half = true;
}

/* Up to nine decimals; those below a microsecond are cut. */
static void fraction(reader *r)
{
    const char *from = r->at;
    int32_t nanos = digits(r, 9);

    for (int n = (int)(r->at - from); n < 9; n++)
        nanos *= 10;
    r->civil.micro = nanos / 1000;
}

/* Z, +08, +0800, +08:00 */
static void offset(reader *r)
{
    r->has_offset = true;
    if (r->at < r->end && (*r->at == 'Z' || *r->at == 'z')) {
        r->at++;
        return;
    }
    bool negative = r->at < r->end && *r->at == '-';
    if (!negative && !(r->at < r->end && *r->at == '+')) {
        r->ok = false;
        return;
    }
    r->at++;
    int32_t hours = digits(r, 2), minutes = 0;
    if (r->at < r->end && *r->at == ':')
        r->at++;
    if (r->at < r->end && pt_is_digit(*r->at))
        minutes = digits(r, 2);
    if (hours > 18 || minutes > 59)
        r->ok = false;
    r->offset = (hours * 3600 + minutes * 60) * (negative ? -1 : 1);
}

static const char *shorthand(char c)
{
    switch (c) {
    case 'T': return "%H:%M:%S";
    case 'R': return "%H:%M";
    case 'F': return "%Y-%m-%d";
    case 'D': return "%m/%d/%y";
    default: return NULL;
    }
}

static void follow(reader *r, const char *pattern);

static void twelve_hours(reader *r)
{
    r->civil.hour = digits(r, 2);
    r->twelve = true;
    if (r->civil.hour < 1 || r->civil.hour > 12)
        r->ok = false;
}

static void specifier(reader *r, char c)
{
    switch (c) {
    case 'Y': r->civil.year = digits(r, 4); break;
    case 'y': r->civil.year = year_of_two(digits(r, 2)); break;
    case 'm': r->civil.month = digits(r, 2); break;
    case 'e':
        blanks(r);
        r->civil.day = digits(r, 2);
        break;
    case 'd': r->civil.day = digits(r, 2); break;
    case 'j': r->day_of_year = digits(r, 3); break;
    case 'k':
        blanks(r);
        r->civil.hour = digits(r, 2);
        break;
    case 'H': r->civil.hour = digits(r, 2); break;
    case 'l':
        blanks(r);
        twelve_hours(r);
        break;
    case 'I': twelve_hours(r); break;
    case 'M': r->civil.minute = digits(r, 2); break;
    case 'S': r->civil.second = digits(r, 2); break;
    case 'f': fraction(r); break;
    case 'p': half_of_day(r); break;
    case 'z': offset(r); break;
    case 'b':
    case 'h':
    case 'B': r->civil.month = month(r); break;
    case 'a':
    case 'A': weekday(r); break;
    case '%': literal(r, '%'); break;
    default: follow(r, shorthand(c)); break;
    }
}

static void follow(reader *r, const char *pattern)
{
    for (const char *p = pattern; *p && r->ok; p++) {
        if (*p == '%')
            specifier(r, *++p);
        else if (*p == ' ')
            blanks(r);
        else
            literal(r, *p);
    }
}

static bool from_day_of_year(reader *r)
{
    int32_t date = pt_date_from_civil(r->civil.year, 1, 1) + r->day_of_year - 1, year;

    pt_date_to_civil(&year, &r->civil.month, &r->civil.day, date);
    return year == r->civil.year;
}

bool pt_time_pattern_read(pt_civil *out, int32_t *offset_out, bool *has_offset, pt_sv text, const char *pattern)
{
    reader r = {.at = text.ptr, .end = text.ptr + text.len, .civil = {.month = 1, .day = 1}, .ok = text.len > 0};

    follow(&r, pattern);
    if (!r.ok || r.at != r.end)
        return false;
    if (r.twelve && r.has_half)
        r.civil.hour = r.civil.hour % 12 + (r.pm ? 12 : 0);
    if (r.day_of_year && !from_day_of_year(&r))
        return false;
    *out = r.civil;
    *offset_out = r.offset;
    *has_offset = r.has_offset;
    return true;
}

bool pt_time_pattern_check(const char *pattern, const char **bad)
{
    bool year = false;

    for (const char *p = pattern; *p; p++) {
        if (*p != '%')
            continue;
        p++;
        if (!*p || !strchr("YymdejHkIlMSfpzbhBaA%TRFD", *p)) {
            *bad = p - 1;
            return false;
        }
        year |= strchr("YyFD", *p) != NULL;
    }
    *bad = "no year";
    return year;
}
