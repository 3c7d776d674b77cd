/* SQL that turns a value of a file into a declared type. Text goes through the conversions of convert.c; typed values, from
 * Parquet or an expression, are cast by the engine where that is exact and go through their text where it is not. */
#include "source/source_int.h"

typedef enum sql_class {
    CLASS_TEXT,
    CLASS_WORD, /* types that are text once cast: enum, JSON, UUID */
    CLASS_INTEGER,
    CLASS_DECIMAL,
    CLASS_DOUBLE,
    CLASS_FLOAT,
    CLASS_BOOL,
    CLASS_DATE,
    CLASS_TIMESTAMP,
    CLASS_TIMESTAMPTZ,
    CLASS_LIST,
    CLASS_OTHER
} sql_class;

static sql_class class_of(const char *type)
{
    static const struct {
        const char *prefix;
        sql_class class;
    } known[] = {
        {"VARCHAR", CLASS_TEXT},        {"JSON", CLASS_WORD},
        {"ENUM", CLASS_WORD},           {"UUID", CLASS_WORD},
        {"DOUBLE", CLASS_DOUBLE},       {"FLOAT", CLASS_FLOAT},
        {"DECIMAL", CLASS_DECIMAL},     {"TINYINT", CLASS_INTEGER},
        {"SMALLINT", CLASS_INTEGER},    {"INTEGER", CLASS_INTEGER},
        {"BIGINT", CLASS_INTEGER},      {"HUGEINT", CLASS_INTEGER},
        {"UTINYINT", CLASS_INTEGER},    {"USMALLINT", CLASS_INTEGER},
        {"UINTEGER", CLASS_INTEGER},    {"UBIGINT", CLASS_INTEGER},
        {"UHUGEINT", CLASS_INTEGER},    {"BOOLEAN", CLASS_BOOL},
        {"DATE", CLASS_DATE},           {"TIMESTAMP WITH TIME ZONE", CLASS_TIMESTAMPTZ},
        {"TIMESTAMP", CLASS_TIMESTAMP},
    };
    size_t n = strlen(type);

    if (n > 0 && type[n - 1] == ']')
        return CLASS_LIST;
    for (size_t i = 0; i < PT_COUNT(known); i++)
        if (strncmp(type, known[i].prefix, strlen(known[i].prefix)) == 0)
            return known[i].class;
    return CLASS_OTHER;
}

const char *pt_sql_type(pt_type type)
{
    switch (type) {
    case PT_TYPE_BOOL: return "BOOLEAN";
    case PT_TYPE_NUMBER: return "DOUBLE";
    case PT_TYPE_MONEY: return "DECIMAL(18,4)";
    case PT_TYPE_DATE: return "DATE";
    case PT_TYPE_INSTANT: return "TIMESTAMP WITH TIME ZONE";
    case PT_TYPE_LIST: return "VARCHAR[]";
    default: return "VARCHAR";
    }
}

const char *pt_misfit_reason(pt_type to)
{
    switch (to) {
    case PT_TYPE_BOOL: return "not yes or no";
    case PT_TYPE_NUMBER: return "not a number";
    case PT_TYPE_MONEY: return "not an amount";
    case PT_TYPE_DATE: return "not a date";
    case PT_TYPE_INSTANT: return "not a date and time";
    case PT_TYPE_LIST: return "not a list";
    default: return "not a text";
    }
}

static const char *as_text(sql_class class, const char *v, pt_arena *a)
{
    switch (class) {
    case CLASS_TEXT: return pt_arena_strdup(a, v);
    case CLASS_DOUBLE: return pt_arena_printf(a, "pt_number_text(%s)", v);
    case CLASS_FLOAT: return pt_arena_printf(a, "pt_number_text(CAST(CAST(%s AS VARCHAR) AS DOUBLE))", v);
    case CLASS_LIST: return pt_arena_printf(a, "array_to_string(%s, ',')", v);
    default: return pt_arena_printf(a, "CAST(%s AS VARCHAR)", v);
    }
}

const char *pt_text_sql(const char *value, const char *from, pt_arena *arena)
{
    return as_text(class_of(from), value, arena);
}

static const char *as_number(sql_class class, const char *v, pt_arena *a)
{
    switch (class) {
    case CLASS_TEXT: return pt_arena_printf(a, "pt_number(%s)", v);
    case CLASS_INTEGER:
    case CLASS_DECIMAL: return pt_arena_printf(a, "CAST(%s AS DOUBLE)", v);
    case CLASS_DOUBLE:
    case CLASS_FLOAT: return pt_arena_printf(a, "CASE WHEN isfinite(%s) THEN CAST(%s AS DOUBLE) END", v, v);
    default: return NULL;
    }
}

static const char *as_money(sql_class class, const char *v, pt_arena *a)
{
    switch (class) {
    case CLASS_TEXT: return pt_arena_printf(a, "pt_money(%s)", v);
    case CLASS_INTEGER:
    case CLASS_DECIMAL: return pt_arena_printf(a, "TRY_CAST(%s AS DECIMAL(18,4))", v);
    case CLASS_DOUBLE: return pt_arena_printf(a, "pt_money_number(%s)", v);
    case CLASS_FLOAT: return pt_arena_printf(a, "pt_money_number(CAST(CAST(%s AS VARCHAR) AS DOUBLE))", v);
    default: return NULL;
    }
}

static const char *as_bool(sql_class class, const char *v, pt_arena *a)
{
    switch (class) {
    case CLASS_BOOL: return pt_arena_strdup(a, v);
    case CLASS_TEXT:
    case CLASS_WORD:
    case CLASS_INTEGER:
    case CLASS_DOUBLE: return pt_arena_printf(a, "pt_bool(%s)", as_text(class, v, a));
    default: return NULL;
    }
}

/* The default forms, in zone `zone`, or the declared format for what was written by the source's author. */
static pt_rc read_time(const char **out, const pt_cast *cast, sql_class class, const char *v, pt_read_run *run,
                       pt_arena *a, pt_err *err)
{
    bool written = class == CLASS_TEXT || class == CLASS_INTEGER || class == CLASS_DOUBLE;
    const char *function;

    PT_TRY(pt_define_time(&function, cast->to, written ? cast->format : NULL, cast->zone, run->conn, a, err));
    *out = pt_arena_printf(a, "%s(%s)", function, as_text(class, v, a));
    return PT_OK;
}

static pt_rc as_date(const char **out, const pt_cast *cast, sql_class class, const char *v, pt_read_run *run,
                     pt_arena *a, pt_err *err)
{
    switch (class) {
    case CLASS_DATE:
    case CLASS_TIMESTAMP:
        *out = pt_arena_printf(
            a, "CASE WHEN %s BETWEEN '0001-01-01' AND '9999-12-31 23:59:59.999999' THEN CAST(%s AS DATE) END", v, v);
        return PT_OK;
    case CLASS_TEXT:
    case CLASS_INTEGER:
    case CLASS_DOUBLE:
    case CLASS_TIMESTAMPTZ: return read_time(out, cast, class, v, run, a, err);
    default: return PT_OK;
    }
}

static pt_rc as_instant(const char **out, const pt_cast *cast, sql_class class, const char *v, pt_read_run *run,
                        pt_arena *a, pt_err *err)
{
    switch (class) {
    case CLASS_TIMESTAMPTZ:
        *out = pt_arena_printf(
            a, "CASE WHEN %s >= '0001-01-01 00:00:00+00' AND %s < '10000-01-01 00:00:00+00' THEN %s END", v, v, v);
        return PT_OK;
    case CLASS_TEXT:
    case CLASS_INTEGER:
    case CLASS_DOUBLE:
    case CLASS_DATE:
    case CLASS_TIMESTAMP: return read_time(out, cast, class, v, run, a, err);
    default: return PT_OK;
    }
}

/* Text between separators; a JSON array is a list too. */
static const char *split_sql(const char *separator, const char *v, pt_arena *a)
{
    pt_str quoted = {0};
    const char *out;

    if (!separator || !*separator)
        return pt_arena_printf(a,
                               "string_split(%s, CASE WHEN contains(%s, ',') THEN ',' WHEN contains(%s, ';') THEN ';' "
                               "ELSE '|' END)",
                               v, v, v);
    for (const char *p = separator; *p; p++) {
        if (*p == '\'')
            pt_str_addc(&quoted, '\'');
        pt_str_addc(&quoted, *p);
    }
    out = quoted.failed ? NULL : pt_arena_printf(a, "string_split(%s, '%s')", v, quoted.ptr);
    pt_str_free(&quoted);
    return out;
}

/* Items trimmed, without empty and missing ones, each where it first appears. */
static const char *as_list(const pt_cast *cast, sql_class class, const char *v, const pt_read_run *run, pt_arena *a)
{
    const char *items;

    if (class == CLASS_LIST)
        items = pt_arena_printf(a, "CAST(%s AS VARCHAR[])", v);
    else if (class == CLASS_TEXT || class == CLASS_WORD)
        items = pt_arena_printf(
            a, "CASE WHEN starts_with(%s, '[') AND json_valid(%s) THEN CAST(CAST(%s AS JSON) AS VARCHAR[]) ELSE %s END",
            v, v, v, split_sql(cast->format, v, a));
    else
        return NULL;
    const char *clean = pt_arena_printf(a, "list_filter(list_transform(%s, lambda x: %s(x)), lambda x: x IS NOT NULL)",
                                        items, run->text_function);
    return pt_arena_printf(a, "list_filter(%s, lambda x, i: list_position(%s, x) = i)", clean, clean);
}

pt_rc pt_cast_sql(const char **out, const pt_cast *cast, const char *value, const char *from, pt_read_run *run,
                  pt_arena *arena, pt_err *err)
{
    sql_class class = class_of(from);

    *out = NULL;
    switch (cast->to) {
    case PT_TYPE_NUMBER: *out = as_number(class, value, arena); break;
    case PT_TYPE_MONEY: *out = as_money(class, value, arena); break;
    case PT_TYPE_BOOL: *out = as_bool(class, value, arena); break;
    case PT_TYPE_DATE: PT_TRY(as_date(out, cast, class, value, run, arena, err)); break;
    case PT_TYPE_INSTANT: PT_TRY(as_instant(out, cast, class, value, run, arena, err)); break;
    case PT_TYPE_LIST: *out = as_list(cast, class, value, run, arena); break;
    default: *out = class == CLASS_LIST || class == CLASS_OTHER ? NULL : as_text(class, value, arena); break;
    }
    return PT_OK;
}
