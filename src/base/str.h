/* Text: a borrowed view (pt_sv) and a builder with a sticky failure (pt_str). All text is UTF-8. */
#ifndef PT_BASE_STR_H
#define PT_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

/* Borrowed bytes, not terminated. */
typedef struct pt_sv {
    const char *ptr;
    size_t len;
} pt_sv;

#define PT_SV(literal) ((pt_sv){(literal), sizeof(literal) - 1})

static inline pt_sv pt_sv_of(const char *s)
{
    return (pt_sv){s, s ? strlen(s) : 0};
}

static inline bool pt_sv_eq(pt_sv a, pt_sv b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool pt_is_digit(char c) /* 0-9; the C library's isdigit asks the locale */
{
    return c >= '0' && c <= '9';
}

/* Byte order, which for UTF-8 is code point order: <0, 0, >0. A prefix sorts first. */
int pt_sv_cmp(pt_sv a, pt_sv b);
/* White space (ASCII and U+3000) cut from both ends. */
pt_sv pt_sv_trim(pt_sv s);
bool pt_sv_has_prefix(pt_sv s, const char *prefix);
/* Number of edits (insert, delete, replace, swap of neighbours) between two short texts; stops counting at `limit`+1. */
unsigned pt_edit_distance(pt_sv a, pt_sv b, unsigned limit);
/* The candidate nearest to `word`, for "did you mean"; -1 when none is near (more than a third of its letters away). */
int pt_nearest(pt_sv word, const char *const *candidates, size_t n);

/* A growing text. Zero-initialised is empty and valid. After a failed growth it is empty, every call is a no-op and
 * `failed` stays set: append in series, check once. */
typedef struct pt_str {
    char *ptr; /* terminated when not NULL; the builder owns it */
    size_t len, cap;
    bool failed;
} pt_str;

void pt_str_free(pt_str *s);
void pt_str_clear(pt_str *s); /* keeps the memory and the failure */
void pt_str_add(pt_str *s, const char *text);
void pt_str_addn(pt_str *s, const char *bytes, size_t n);
void pt_str_addsv(pt_str *s, pt_sv v);
void pt_str_addc(pt_str *s, char c);
void pt_str_addf(pt_str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void pt_str_pad(pt_str *s, char c, size_t n);
/* A sentence with {0}, {1}, ... {9} replaced by args[i]; a placeholder past n stays as it is. */
void pt_str_fill(pt_str *s, const char *sentence, const char *const *args, size_t n);
/* The text, never NULL ("" when empty or failed); valid until the next change. */
const char *pt_str_cstr(const pt_str *s);
/* PT_ENOMEM when the builder failed. */
pt_rc pt_str_check(const pt_str *s, pt_err *err);

/* The shortest decimal text that reads back as the same double ("0.1", "1e+300"); integers below 1e15 without an
 * exponent; -0 is "0". Returns the length; buf holds at least 32 bytes. */
size_t pt_format_double(char *buf, double v);
/* 1234567 -> "1,234,567"; buf holds 32 bytes. */
const char *pt_format_count(char *buf, uint64_t n);
/* The whole of `s` as a finite double, in the C locale (no thousands separators, no hex, no inf/nan). */
bool pt_parse_double(double *out, pt_sv s);
bool pt_parse_int64(int64_t *out, pt_sv s);

#endif
