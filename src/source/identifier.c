/* The form in which an identifier is stored, compared and looked up. */
#include <stdlib.h>

#include "base/intern.h"
#include "base/utf8.h"
#include "source/source.h"

typedef enum method { METHOD_NONE, METHOD_TRIM, METHOD_LOWER, METHOD_DIGITS, METHOD_EMAIL, METHOD_PHONE_CN } method;

struct pt_normalizer {
    method method;
    pt_intern *blocked; /* whole values, as written and normalised */
    char **patterns;
    size_t n_patterns;
};

static method method_of(const char *word)
{
    static const struct {
        const char *word;
        method method;
    } words[] = {{"none", METHOD_NONE},     {"trim", METHOD_TRIM},   {"lower", METHOD_LOWER},
                 {"digits", METHOD_DIGITS}, {"email", METHOD_EMAIL}, {"phone_cn", METHOD_PHONE_CN}};

    for (size_t i = 0; word && i < PT_COUNT(words); i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].method;
    return METHOD_TRIM;
}

/* --- normal forms -------------------------------------------------------------------------------------------------- */

static bool is_ascii(pt_sv s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    return true;
}

/* A masked number (138****5678) is not a number: many people share it. */
static void keep_digits(pt_str *out)
{
    size_t n = 0;

    if (out->failed || !out->ptr)
        return;
    for (size_t i = 0; i < out->len; i++) {
        if (out->ptr[i] == '*') {
            n = 0;
            break;
        }
        if (out->ptr[i] >= '0' && out->ptr[i] <= '9')
            out->ptr[n++] = out->ptr[i];
    }
    out->len = n;
    out->ptr[n] = '\0';
}

static void drop(pt_str *out, size_t n)
{
    memmove(out->ptr, out->ptr + n, out->len - n + 1);
    out->len -= n;
}

static void add_digits(pt_str *out, pt_sv s)
{
    pt_utf8_normalize(out, s);
    keep_digits(out);
}

/* +86 138..., 0086138..., 86138... and 138... are one number. */
static void add_phone_cn(pt_str *out, pt_sv s)
{
    pt_utf8_normalize(out, s);
    bool plus = pt_sv_has_prefix((pt_sv){out->ptr, out->len}, "+86");
    keep_digits(out);
    if (out->failed || !out->ptr)
        return;
    if (out->len > 4 && memcmp(out->ptr, "0086", 4) == 0)
        drop(out, 4);
    else if (plus || (out->len == 13 && memcmp(out->ptr, "86", 2) == 0))
        drop(out, out->len < 2 ? out->len : 2);
}

static void add_lower(pt_str *out, pt_sv s)
{
    if (!is_ascii(s)) {
        pt_utf8_lower(out, s);
        return;
    }
    for (size_t i = 0; i < s.len; i++)
        pt_str_addc(out, s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? (char)(s.ptr[i] + 32) : s.ptr[i]);
}

static void add_email(pt_str *out, pt_sv s)
{
    pt_str plain = {0};

    if (!is_ascii(s)) {
        pt_utf8_normalize(&plain, s);
        out->failed |= plain.failed;
        s = pt_sv_trim((pt_sv){plain.ptr, plain.len});
    }
    if (s.len && memchr(s.ptr, '@', s.len))
        add_lower(out, s);
    pt_str_free(&plain);
}

/* The value in its normal form, in s itself or in scratch; empty when there is none. */
static pt_sv normal_form(method how, pt_sv s, pt_str *scratch)
{
    if (how == METHOD_NONE)
        return s;
    s = pt_sv_trim(s);
    if (how == METHOD_TRIM || s.len == 0)
        return s;
    pt_str_clear(scratch);
    switch (how) {
    case METHOD_LOWER: add_lower(scratch, s); break;
    case METHOD_EMAIL: add_email(scratch, s); break;
    case METHOD_DIGITS: add_digits(scratch, s); break;
    default: add_phone_cn(scratch, s); break;
    }
    return (pt_sv){pt_str_cstr(scratch), scratch->len};
}

/* --- blocked values ------------------------------------------------------------------------------------------------ */

/* `*` any characters, `?` one. Linear: on a mismatch only the last star is tried again. */
static bool matches(const char *pattern, pt_sv s)
{
    size_t at = 0, retry_at = 0;
    const char *retry = NULL;

    while (at < s.len) {
        if (*pattern == '*') {
            retry = ++pattern;
            retry_at = at;
        } else if (*pattern == '?') {
            pattern++;
            pt_utf8_next(s, &at);
        } else if (*pattern == s.ptr[at] && *pattern) {
            pattern++;
            at++;
        } else if (retry) {
            pattern = retry;
            pt_utf8_next(s, &retry_at);
            at = retry_at;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

static bool is_blocked(const pt_normalizer *n, pt_sv value)
{
    if (pt_intern_count(n->blocked) && pt_intern_find(n->blocked, value))
        return true;
    for (size_t i = 0; i < n->n_patterns; i++)
        if (matches(n->patterns[i], value))
            return true;
    return false;
}

static bool add_blocked(pt_normalizer *n, const char *value, pt_str *scratch)
{
    if (strpbrk(value, "*?")) {
        n->patterns[n->n_patterns] = strdup(value);
        return n->patterns[n->n_patterns++] != NULL;
    }
    pt_sv normal = normal_form(n->method, pt_sv_of(value), scratch);
    return !scratch->failed && pt_intern_add(n->blocked, pt_sv_of(value)) && pt_intern_add(n->blocked, normal);
}

/* --- the public face ----------------------------------------------------------------------------------------------- */

pt_rc pt_normalizer_new(pt_normalizer **out, const pt_identifier_type *type, pt_err *err)
{
    pt_normalizer *n = pt_zalloc(1, sizeof *n);
    pt_str scratch = {0};
    bool ok = n != NULL;

    *out = NULL;
    if (ok) {
        n->method = method_of(type->normalize);
        n->blocked = pt_intern_new();
        n->patterns = pt_zalloc(type->n_blocked + 1, sizeof *n->patterns);
        ok = n->blocked && n->patterns;
    }
    for (size_t i = 0; ok && i < type->n_blocked; i++)
        ok = add_blocked(n, type->blocked[i], &scratch);
    pt_str_free(&scratch);
    if (!ok) {
        pt_normalizer_free(n);
        return pt_fail_nomem(err, "blocked identifiers");
    }
    *out = n;
    return PT_OK;
}

void pt_normalizer_free(pt_normalizer *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->n_patterns; i++)
        free(n->patterns[i]);
    free(n->patterns);
    pt_intern_free(n->blocked);
    free(n);
}

bool pt_normalizer_apply(pt_sv *out, const pt_normalizer *n, pt_sv value, pt_str *scratch)
{
    *out = normal_form(n->method, value, scratch);
    return out->len > 0 && !scratch->failed && !is_blocked(n, *out);
}
