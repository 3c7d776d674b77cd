/* The conversions of convert.c and identifier.c as functions that SQL may call. A function's name says all of its context,
 * by a hash, since a store keeps the first definition of a name. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/intern.h"
#include "source/source_int.h"

/* --- without context ----------------------------------------------------------------------------------------------- */

static bool call_number(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    (void)ctx, (void)scratch;
    return pt_convert_number(out, *(const pt_sv *)in);
}

static bool call_money(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    (void)ctx, (void)scratch;
    return pt_convert_money(out, *(const pt_sv *)in);
}

static bool call_money_number(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    (void)ctx, (void)scratch;
    return pt_convert_money_number(out, *(const double *)in);
}

static bool call_bool(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    (void)ctx, (void)scratch;
    return pt_convert_bool(out, *(const pt_sv *)in);
}

/* 17850.0 is 17850: identifiers and keys kept as numbers by a spreadsheet. */
static bool call_number_text(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    char buf[32];

    (void)ctx;
    pt_str_addn(scratch, buf, pt_format_double(buf, *(const double *)in));
    *(pt_sv *)out = (pt_sv){scratch->ptr, scratch->len};
    return isfinite(*(const double *)in) && !scratch->failed;
}

pt_rc pt_define_functions(pt_conn *conn, pt_err *err)
{
    static const pt_function functions[] = {
        {"pt_number", PT_TYPE_TEXT, PT_TYPE_NUMBER, call_number, NULL, NULL},
        {"pt_money", PT_TYPE_TEXT, PT_TYPE_MONEY, call_money, NULL, NULL},
        {"pt_money_number", PT_TYPE_NUMBER, PT_TYPE_MONEY, call_money_number, NULL, NULL},
        {"pt_bool", PT_TYPE_TEXT, PT_TYPE_BOOL, call_bool, NULL, NULL},
        {"pt_number_text", PT_TYPE_NUMBER, PT_TYPE_TEXT, call_number_text, NULL, NULL},
    };

    for (size_t i = 0; i < PT_COUNT(functions); i++)
        PT_TRY(pt_conn_define(conn, &functions[i], err));
    return PT_OK;
}

/* --- dates and instants -------------------------------------------------------------------------------------------- */

typedef struct time_ctx {
    pt_time_format format;
    pt_zone *zone;
    char *pattern;
} time_ctx;

static void free_time(void *ptr)
{
    time_ctx *t = ptr;

    pt_zone_free(t->zone);
    free(t->pattern);
    free(t);
}

static bool call_instant(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    (void)scratch;
    return pt_convert_instant(out, *(const pt_sv *)in, &((const time_ctx *)ctx)->format);
}

static bool call_date(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    (void)scratch;
    return pt_convert_date(out, *(const pt_sv *)in, &((const time_ctx *)ctx)->format);
}

static pt_rc make_time(time_ctx **out, const char *format, const char *zone, pt_err *err)
{
    time_ctx *t = pt_zalloc(1, sizeof *t);
    const char *bad = NULL;
    pt_rc rc = t ? pt_zone_open(&t->zone, zone, err) : pt_fail_nomem(err, "a time format");

    if (rc == PT_OK && format && !(t->pattern = strdup(format)))
        rc = pt_fail_nomem(err, "a time format");
    if (rc == PT_OK && !pt_time_format_open(&t->format, t->pattern, t->zone, &bad)) {
        bool no_year = *bad != '%';
        pt_fail_code(err, PT_E_TIME_FORMAT, (pt_place){0},
                     no_year ? "the time format '%s' has no year%.0s"
                             : "the time format '%s' is not understood at '%.2s'",
                     format, bad);
        rc = pt_err_hint(err, "%s", "for example %d/%m/%Y %H:%M:%S, epoch_s or epoch_ms");
    }
    if (rc != PT_OK && t) {
        free_time(t);
        t = NULL;
    }
    *out = t;
    return rc;
}

static const char *hashed_name(pt_arena *arena, const char *prefix, const pt_str *key)
{
    return pt_arena_printf(arena, "%s_%016" PRIx64, prefix, pt_hash64(pt_str_cstr(key), key->len));
}

pt_rc pt_define_time(const char **out, pt_type to, const char *format, const char *zone, pt_conn *conn, pt_arena *arena,
                     pt_err *err)
{
    pt_str key = {0};
    time_ctx *ctx;
    bool date = to == PT_TYPE_DATE;

    pt_str_addf(&key, "%s\n%s", zone, format ? format : "");
    *out = hashed_name(arena, date ? "pt_date" : "pt_instant", &key);
    pt_rc rc = pt_str_check(&key, err);
    pt_str_free(&key);
    if (rc == PT_OK && !*out)
        rc = pt_fail_nomem(err, "a time format");
    if (rc != PT_OK)
        return rc;
    PT_TRY(make_time(&ctx, format, zone, err));
    pt_function f = {*out, PT_TYPE_TEXT, date ? PT_TYPE_DATE : PT_TYPE_INSTANT, date ? call_date : call_instant,
                     ctx,  free_time};
    return pt_conn_define(conn, &f, err);
}

/* --- texts --------------------------------------------------------------------------------------------------------- */

static void free_words(void *ptr)
{
    pt_intern_free(ptr);
}

static bool call_text(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    pt_sv s = pt_sv_trim(*(const pt_sv *)in);

    (void)scratch;
    *(pt_sv *)out = s;
    return s.len > 0 && !(ctx && pt_intern_find(ctx, s));
}

pt_rc pt_define_text(const char **out, const pt_source *source, pt_conn *conn, pt_arena *arena, pt_err *err)
{
    pt_intern *words = pt_intern_new();
    pt_str key = {0};
    bool ok = words != NULL;

    for (size_t i = 0; ok && i < source->n_missing_text; i++) {
        pt_sv word = pt_sv_trim(pt_sv_of(source->missing_text[i]));
        pt_str_addsv(&key, word);
        pt_str_addc(&key, '\0');
        ok = word.len == 0 || pt_intern_add(words, word);
    }
    *out = hashed_name(arena, "pt_text", &key);
    ok = ok && !key.failed && *out;
    pt_str_free(&key);
    if (!ok) {
        pt_intern_free(words);
        return pt_fail_nomem(err, "missing texts");
    }
    return pt_conn_define(conn, &(pt_function){*out, PT_TYPE_TEXT, PT_TYPE_TEXT, call_text, words, free_words}, err);
}

/* --- identifiers --------------------------------------------------------------------------------------------------- */

static void free_normalizer(void *ptr)
{
    pt_normalizer_free(ptr);
}

static bool call_identifier(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    return pt_normalizer_apply(out, ctx, *(const pt_sv *)in, scratch);
}

pt_rc pt_define_identifier(const char **out, const pt_identifier_type *type, pt_conn *conn, pt_arena *arena,
                           pt_err *err)
{
    pt_normalizer *n;
    pt_str key = {0};

    pt_str_addf(&key, "%s\n", type->normalize ? type->normalize : "trim");
    for (size_t i = 0; i < type->n_blocked; i++) {
        pt_str_add(&key, type->blocked[i]);
        pt_str_addc(&key, '\0');
    }
    *out = hashed_name(arena, "pt_id", &key);
    pt_rc rc = pt_str_check(&key, err);
    pt_str_free(&key);
    if (rc == PT_OK && !*out)
        rc = pt_fail_nomem(err, "an identifier type");
    if (rc == PT_OK)
        rc = pt_normalizer_new(&n, type, err);
    if (rc != PT_OK)
        return rc;
    return pt_conn_define(conn, &(pt_function){*out, PT_TYPE_TEXT, PT_TYPE_TEXT, call_identifier, n, free_normalizer},
                          err);
}
