#include "base/str.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int pt_sv_cmp(pt_sv a, pt_sv b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.ptr, b.ptr, n) : 0;

    return c ? c : (a.len > b.len) - (a.len < b.len);
}

static size_t leading_space(pt_sv s)
{
    if (s.len && strchr(" \t\r\n\f\v", s.ptr[0]) && s.ptr[0])
        return 1;
    return s.len >= 3 && memcmp(s.ptr, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

static size_t trailing_space(pt_sv s)
{
    if (s.len && strchr(" \t\r\n\f\v", s.ptr[s.len - 1]) && s.ptr[s.len - 1])
        return 1;
    return s.len >= 3 && memcmp(s.ptr + s.len - 3, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

pt_sv pt_sv_trim(pt_sv s)
{
    size_t n;

    while ((n = leading_space(s)) > 0) {
        s.ptr += n;
        s.len -= n;
    }
    while ((n = trailing_space(s)) > 0)
        s.len -= n;
    return s;
}

bool pt_sv_has_prefix(pt_sv s, const char *prefix)
{
    size_t n = strlen(prefix);

    return s.len >= n && memcmp(s.ptr, prefix, n) == 0;
}

/* Optimal string alignment over bytes: three rolling rows. Words longer than the rows are never "near". */
unsigned pt_edit_distance(pt_sv a, pt_sv b, unsigned limit)
{
    enum { MOST = 64 };
    unsigned rows[3][MOST + 1];

    if (a.len > MOST || b.len > MOST)
        return pt_sv_eq(a, b) ? 0 : limit + 1;
    unsigned *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        last[j] = (unsigned)j;
    for (size_t i = 1; i <= a.len; i++) {
        unsigned best = now[0] = (unsigned)i;
        for (size_t j = 1; j <= b.len; j++) {
            unsigned cost = a.ptr[i - 1] != b.ptr[j - 1];
            unsigned d = last[j - 1] + cost;
            if (last[j] + 1 < d)
                d = last[j] + 1;
            if (now[j - 1] + 1 < d)
                d = now[j - 1] + 1;
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1] && before[j - 2] + 1 < d)
                d = before[j - 2] + 1;
            now[j] = d;
            if (d < best)
                best = d;
        }
        if (best > limit)
            return limit + 1;
        unsigned *t = before;
        before = last;
        last = now;
        now = t;
    }
    return last[b.len] > limit ? limit + 1 : last[b.len];
}

int pt_nearest(pt_sv word, const char *const *candidates, size_t n)
{
    unsigned limit = (unsigned)(word.len / 3 + 1), best = limit + 1;
    int found = -1;

    for (size_t i = 0; i < n; i++) {
        unsigned d = pt_edit_distance(word, pt_sv_of(candidates[i]), limit);
        if (d < best) {
            best = d;
            found = (int)i;
        }
    }
    return found;
}

void pt_str_free(pt_str *s)
{
    free(s->ptr);
    *s = (pt_str){0};
}

void pt_str_clear(pt_str *s)
{
    s->len = 0;
    if (s->ptr)
        s->ptr[0] = '\0';
}

/* Room for n more bytes and the terminator. A builder that failed is empty: its text is "" and its length says so. */
static bool reserve(pt_str *s, size_t n)
{
    if (s->failed || n > SIZE_MAX - s->len - 1 || !pt_grow(&s->ptr, &s->cap, s->len + n + 1, 1)) {
        pt_str_clear(s);
        s->failed = true;
        return false;
    }
    return true;
}

void pt_str_addn(pt_str *s, const char *bytes, size_t n)
{
    if (!reserve(s, n))
        return;
    if (n)
        memcpy(s->ptr + s->len, bytes, n);
    s->len += n;
    s->ptr[s->len] = '\0';
}

void pt_str_add(pt_str *s, const char *text)
{
    pt_str_addn(s, text, strlen(text));
}

void pt_str_addsv(pt_str *s, pt_sv v)
{
    pt_str_addn(s, v.ptr, v.len);
}

void pt_str_addc(pt_str *s, char c)
{
    pt_str_addn(s, &c, 1);
}

void pt_str_addf(pt_str *s, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0 || !reserve(s, (size_t)n)) {
        s->failed = true;
        return;
    }
    va_start(ap, fmt);
    vsnprintf(s->ptr + s->len, (size_t)n + 1, fmt, ap);
    va_end(ap);
    s->len += (size_t)n;
}

void pt_str_pad(pt_str *s, char c, size_t n)
{
    if (!reserve(s, n))
        return;
    memset(s->ptr + s->len, c, n);
    s->len += n;
    s->ptr[s->len] = '\0';
}

void pt_str_fill(pt_str *s, const char *sentence, const char *const *args, size_t n)
{
    const char *brace;

    while ((brace = strchr(sentence, '{'))) {
        bool filled = brace[1] >= '0' && brace[1] <= '9' && brace[2] == '}' && (size_t)(brace[1] - '0') < n;
        pt_str_addn(s, sentence, (size_t)(brace - sentence));
        if (filled)
            pt_str_add(s, args[brace[1] - '0']);
        else
            pt_str_addc(s, '{');
        sentence = brace + (filled ? 3 : 1);
    }
    pt_str_add(s, sentence);
}

const char *pt_str_cstr(const pt_str *s)
{
    return s->ptr && !s->failed ? s->ptr : "";
}

pt_rc pt_str_check(const pt_str *s, pt_err *err)
{
    return s->failed ? pt_fail_nomem(err, "text") : PT_OK;
}

size_t pt_format_double(char *buf, double v)
{
    if (v == 0) { /* -0 too */
        memcpy(buf, "0", 2);
        return 1;
    }
    if (fabs(v) < 1e15 && v == floor(v))
        return (size_t)snprintf(buf, 32, "%.0f", v);
    /* Fifteen digits always survive, except those of numbers too small to have so many. */
    for (int digits = fabs(v) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        int n = snprintf(buf, 32, "%.*g", digits, v);
        if (digits == 17 || strtod(buf, NULL) == v)
            return (size_t)n;
    }
    return 0;
}

bool pt_parse_double(double *out, pt_sv s)
{
    char buf[64], *end;

    if (s.len == 0 || s.len >= sizeof buf)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!strchr("0123456789+-.eE", s.ptr[i]) || !s.ptr[i])
            return false;
    memcpy(buf, s.ptr, s.len);
    buf[s.len] = '\0';
    double v = strtod(buf, &end);
    if (*end != '\0' || end == buf || !isfinite(v))
        return false;
    *out = v;
    return true;
}

bool pt_parse_int64(int64_t *out, pt_sv s)
{
    char buf[32], *end;

    if (s.len == 0 || s.len >= sizeof buf || !(strchr("+-", s.ptr[0]) || (s.ptr[0] >= '0' && s.ptr[0] <= '9')))
        return false;
    memcpy(buf, s.ptr, s.len);
    buf[s.len] = '\0';
    errno = 0;
    long long v = strtoll(buf, &end, 10);
    if (end != buf + s.len || errno)
        return false;
    *out = v;
    return true;
}

const char *pt_format_count(char *buf, uint64_t n)
{
    char digits[24];
    size_t len = (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)n), at = 0;

    for (size_t i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            buf[at++] = ',';
        buf[at++] = digits[i];
    }
    buf[at] = '\0';
    return buf;
}
