/* The engine's errors in the program's words. Its messages run over several lines, repeat the statement and quote the
 * values at fault; a value may be a person's phone number, so values are blanked out before anyone sees the text. */
#include <ctype.h>

#include "store/store_int.h"

static pt_rc code_of(duckdb_error_type type, bool user_sql)
{
    switch (type) {
    case DUCKDB_ERROR_INTERRUPT: return PT_ECANCELED;
    case DUCKDB_ERROR_OUT_OF_MEMORY: return PT_ENOMEM;
    case DUCKDB_ERROR_IO:
    case DUCKDB_ERROR_PERMISSION: return PT_EIO;
    case DUCKDB_ERROR_SERIALIZATION:
    case DUCKDB_ERROR_FATAL:
    case DUCKDB_ERROR_INTERNAL: return PT_EENGINE;
    default: return user_sql ? PT_EINVAL : PT_EENGINE;
    }
}

/* Errors about the statement quote names, not values. */
static bool about_names(duckdb_error_type type)
{
    switch (type) {
    case DUCKDB_ERROR_CATALOG:
    case DUCKDB_ERROR_PARSER:
    case DUCKDB_ERROR_SYNTAX:
    case DUCKDB_ERROR_SETTINGS:
    case DUCKDB_ERROR_IO:
    case DUCKDB_ERROR_PERMISSION:
    case DUCKDB_ERROR_TRANSACTION:
    case DUCKDB_ERROR_DEPENDENCY: return true;
    default: return false;
    }
}

/* "Binder Error: ..." and "Invalid Input Error: ..." lose their prefix. */
static const char *skip_prefix(const char *text)
{
    const char *colon = strstr(text, "Error: ");

    if (!colon || colon - text > 40)
        return text;
    for (const char *p = text; p < colon; p++)
        if (!isalpha((unsigned char)*p) && *p != ' ')
            return text;
    return colon + 7;
}

static size_t line_length(const char *text)
{
    return strcspn(text, "\r\n");
}

static bool starts_number(const char *text, size_t i)
{
    return isdigit((unsigned char)text[i]) && (i == 0 || !(isalnum((unsigned char)text[i - 1]) || text[i - 1] == '_'));
}

/* Copies one line; quoted text and numbers become "..." unless they are names. A binder error quotes names in double and
 * values in single quotes. */
static void add_blanked(pt_str *out, const char *text, size_t n, bool keep_double)
{
    for (size_t i = 0; i < n; i++) {
        char c = text[i];

        bool apostrophe = c == '\'' && i > 0 && isalpha((unsigned char)text[i - 1]);
        if (!apostrophe && (c == '\'' || (c == '"' && !keep_double))) {
            const char *end = memchr(text + i + 1, c, n - i - 1);
            pt_str_addf(out, "%c...%c", c, c);
            i = end ? (size_t)(end - text) : n;
        } else if (starts_number(text, i)) {
            while (i + 1 < n && (isalnum((unsigned char)text[i + 1]) || text[i + 1] == '.'))
                i++;
            pt_str_add(out, "...");
        } else {
            pt_str_addc(out, c);
        }
    }
}

static void add_hint(pt_err *err, const char *text)
{
    static const char *const marks[] = {"Did you mean", "Candidate bindings:", "Candidate"};

    for (size_t i = 0; i < PT_COUNT(marks); i++) {
        const char *at = strstr(text, marks[i]);
        if (at) {
            pt_err_hint(err, "%.*s", (int)line_length(at), at);
            return;
        }
    }
}

/* A database file that is cut short or whose blocks fail their checksums. */
static bool about_damage(duckdb_error_type type, const char *text)
{
    return type == DUCKDB_ERROR_SERIALIZATION || strstr(text, "Corrupt database file") ||
           (strstr(text, "Could not read enough bytes") && strstr(text, ".duckdb\""));
}

pt_rc pt_duckdb_fail(pt_err *err, duckdb_error_type type, const char *text, bool user_sql)
{
    pt_rc code = code_of(type, user_sql);
    pt_str line = {0};

    if (code == PT_ECANCELED)
        return pt_fail(err, code, "interrupted");
    if (!text || !*text)
        return pt_fail(err, code, "DuckDB failed without a message");
    if (strstr(text, PT_FUNCTION_NOMEM))
        return pt_fail_nomem(err, "a query");
    if (about_damage(type, text))
        return pt_fail(err, PT_ECORRUPT, "the store is damaged: it is cut short, or blocks of it fail their checksum");
    const char *start = skip_prefix(text);
    while (*start == '\n' || *start == '\r' || *start == ' ')
        start++;
    if (about_names(type))
        pt_str_addn(&line, start, line_length(start));
    else
        add_blanked(&line, start, line_length(start), type == DUCKDB_ERROR_BINDER);
    pt_fail(err, code, "%s%s", code == PT_EINVAL ? "" : "DuckDB: ", pt_str_cstr(&line));
    if (err && (type == DUCKDB_ERROR_BINDER || type == DUCKDB_ERROR_CATALOG))
        add_hint(err, text);
    pt_str_free(&line);
    return code;
}

pt_rc pt_duckdb_fail_result(pt_err *err, const duckdb_api *api, duckdb_result *result, bool user_sql)
{
    return pt_duckdb_fail(err, api->result_error_type(result), api->result_error(result), user_sql);
}
