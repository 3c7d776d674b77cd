#include "base/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

/* Length of the run of ASCII at the start, eight bytes at a time: most text that passes here is ASCII. */
static size_t ascii_run(pt_sv s)
{
    size_t i = 0;
    uint64_t word;

    for (; i + 8 <= s.len; i += 8) {
        memcpy(&word, s.ptr + i, 8);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < s.len && !((unsigned char)s.ptr[i] & 0x80))
        i++;
    return i;
}

int32_t pt_utf8_next(pt_sv s, size_t *at)
{
    utf8proc_int32_t cp;

    if (*at >= s.len)
        return -1;
    unsigned char first = (unsigned char)s.ptr[*at];
    if (first < 0x80) {
        ++*at;
        return first;
    }
    size_t left = s.len - *at;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + *at, left < 4 ? (int)left : 4, &cp);
    if (n <= 0) {
        ++*at;
        return -1;
    }
    *at += (size_t)n;
    return cp;
}

size_t pt_utf8_valid(pt_sv s)
{
    size_t at = 0;

    if (s.len == 0) /* a view without a pointer: nothing may be added to it */
        return 0;
    for (;;) {
        at += ascii_run((pt_sv){s.ptr + at, s.len - at});
        size_t here = at;
        if (at == s.len || pt_utf8_next(s, &at) < 0)
            return here;
    }
}

size_t pt_utf8_encode(char *out, int32_t cp)
{
    utf8proc_ssize_t n = utf8proc_codepoint_valid(cp) ? utf8proc_encode_char(cp, (utf8proc_uint8_t *)out) : 0;

    return (size_t)n;
}

void pt_utf8_put(pt_str *out, int32_t cp)
{
    char bytes[4];

    pt_str_addn(out, bytes, pt_utf8_encode(bytes, cp));
}

size_t pt_utf8_length(pt_sv s)
{
    size_t at = 0, n = 0;

    for (; at < s.len; n++)
        if ((unsigned char)s.ptr[at] < 0x80)
            at++;
        else
            pt_utf8_next(s, &at);
    return n;
}

/* An invalid byte shows as one replacement character. */
static size_t cells_of(int32_t cp)
{
    if (cp < 0)
        return 1;
    if (cp < 0x7F)
        return cp >= 0x20;
    int width = utf8proc_charwidth(cp);
    return width > 0 && utf8proc_category(cp) != UTF8PROC_CATEGORY_CC ? (size_t)width : 0;
}

size_t pt_utf8_width(pt_sv s)
{
    size_t at = 0, cells = 0;

    while (at < s.len)
        cells += cells_of(pt_utf8_next(s, &at));
    return cells;
}

pt_sv pt_utf8_fit(pt_sv s, size_t cells)
{
    size_t at = 0, end = 0;

    while (at < s.len) {
        size_t width = cells_of(pt_utf8_next(s, &at));
        if (width > cells)
            break;
        cells -= width;
        end = at;
    }
    return (pt_sv){s.ptr, end};
}

static utf8proc_int32_t narrow(utf8proc_int32_t cp, void *unused)
{
    (void)unused;
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return cp - 0xFF01 + 0x21;
    return cp == 0x3000 ? ' ' : cp;
}

/* Passes each valid run of s through utf8proc, copies the invalid bytes between them. */
static void map_runs(pt_str *out, pt_sv s, utf8proc_option_t options, utf8proc_custom_func custom)
{
    while (s.len) {
        size_t run = pt_utf8_valid(s);
        if (run) {
            utf8proc_uint8_t *mapped = NULL;
            utf8proc_ssize_t n = utf8proc_map_custom((const utf8proc_uint8_t *)s.ptr, (utf8proc_ssize_t)run, &mapped,
                                                     options, custom, NULL);
            if (n >= 0)
                pt_str_addn(out, (const char *)mapped, (size_t)n);
            else
                out->failed = true; /* valid text fails for want of memory only */
            free(mapped);
        }
        size_t bad = run;
        while (bad < s.len && pt_utf8_valid((pt_sv){s.ptr + bad, s.len - bad < 4 ? s.len - bad : 4}) == 0)
            bad++;
        pt_str_addn(out, s.ptr + run, bad - run);
        s = (pt_sv){s.ptr + bad, s.len - bad};
    }
}

void pt_utf8_normalize(pt_str *out, pt_sv s)
{
    if (ascii_run(s) == s.len)
        pt_str_addsv(out, s);
    else
        map_runs(out, s, UTF8PROC_STABLE | UTF8PROC_COMPOSE, narrow);
}

static void map_chars(pt_str *out, pt_sv s, utf8proc_int32_t (*map)(utf8proc_int32_t))
{
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        int32_t cp = pt_utf8_next(s, &at);
        if (cp >= 0)
            pt_utf8_put(out, map(cp));
        else
            pt_str_addn(out, s.ptr + from, at - from);
    }
}

void pt_utf8_lower(pt_str *out, pt_sv s)
{
    map_chars(out, s, utf8proc_tolower);
}

void pt_utf8_upper(pt_str *out, pt_sv s)
{
    map_chars(out, s, utf8proc_toupper);
}

void pt_utf8_fold(pt_str *out, pt_sv s)
{
    if (ascii_run(s) == s.len)
        map_chars(out, s, utf8proc_tolower);
    else
        map_runs(out, s, UTF8PROC_STABLE | UTF8PROC_CASEFOLD, NULL);
}

bool pt_utf8_is_letter(int32_t cp)
{
    if (cp < 0x80)
        return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || cp == '_';
    switch (utf8proc_category(cp)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL: return true;
    default: return false;
    }
}

bool pt_utf8_is_digit(int32_t cp)
{
    return cp >= 0 && utf8proc_category(cp) == UTF8PROC_CATEGORY_ND;
}
