/* Names in a piece of SQL, without its grammar: enough to say what an expression or query may read. */
#include <strings.h>

#include "app/deps_int.h"

/* Words that can stand where a column can, and are none. */
static const char *const keywords[] = {
    "all",    "and",      "any",       "as",     "asc",     "between", "bigint",    "boolean",   "by",          "case",
    "cast",   "cross",    "date",      "day",    "decimal", "desc",    "distinct",  "double",    "else",        "end",
    "except", "exists",   "false",     "filter", "first",   "float",   "following", "from",      "full",        "group",
    "having", "hour",     "ilike",     "in",     "inner",   "integer", "intersect", "interval",  "is",          "join",
    "last",   "left",     "like",      "limit",  "minute",  "missing", "month",     "not",       "null",        "nulls",
    "offset", "on",       "or",        "order",  "outer",   "over",    "partition", "preceding", "range",       "right",
    "row",    "rows",     "second",    "select", "similar", "then",    "time",      "timestamp", "timestamptz", "to",
    "true",   "try_cast", "unbounded", "union",  "using",   "varchar", "when",      "where",     "window",      "with",
    "within", "year"};

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || pt_is_digit(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_keyword(pt_sv word)
{
    for (size_t i = 0; i < PT_COUNT(keywords); i++)
        if (strlen(keywords[i]) == word.len && strncasecmp(keywords[i], word.ptr, word.len) == 0)
            return true;
    return false;
}

/* The end of a text, comment or quoted name that begins at `at`; `at` itself when none does. */
static size_t skip_quoted(pt_sv sql, size_t at)
{
    size_t left = sql.len - at;
    const char *from = sql.ptr + at, *end = NULL;

    if (*from == '\'' || *from == '"')
        end = memchr(from + 1, *from, left - 1);
    else if (left > 1 && from[0] == '-' && from[1] == '-')
        end = memchr(from, '\n', left);
    else if (left > 1 && from[0] == '/' && from[1] == '*')
        end = memmem(from + 2, left - 2, "*/", 2);
    else
        return at;
    return end ? (size_t)(end - sql.ptr) + (*end == '*' ? 2 : 1) : sql.len;
}

static char next_sign(pt_sv sql, size_t at)
{
    while (at < sql.len && (sql.ptr[at] == ' ' || sql.ptr[at] == '\n' || sql.ptr[at] == '\t'))
        at++;
    return at < sql.len ? sql.ptr[at] : '\0';
}

/* A text that is one word is a name, whatever else the word may mean: `date`, `time`. */
static bool is_one_word(pt_sv sql)
{
    for (size_t i = 0; i < sql.len; i++)
        if (!is_word_byte(sql.ptr[i]))
            return false;
    return sql.len > 0 && !pt_is_digit(*sql.ptr);
}

void deps_each_name(pt_sv sql, void (*fn)(void *ctx, pt_sv qualifier, pt_sv name), void *ctx)
{
    pt_sv qualifier = {NULL, 0};

    sql = pt_sv_trim(sql);
    if (is_one_word(sql)) {
        fn(ctx, qualifier, sql);
        return;
    }
    for (size_t i = 0; i < sql.len;) {
        size_t end = skip_quoted(sql, i);
        bool quoted = sql.ptr[i] == '"' && end > i + 1;
        pt_sv word = quoted ? (pt_sv){sql.ptr + i + 1, end - i - 2} : (pt_sv){sql.ptr + i, 0};
        if (!quoted && end > i) {
            i = end;
            continue;
        }
        while (!quoted && i + word.len < sql.len && is_word_byte(word.ptr[word.len]))
            word.len++;
        i = quoted ? end : i + (word.len ? word.len : 1);
        if (!word.len || (!quoted && (pt_is_digit(*word.ptr) || is_keyword(word))))
            continue;
        char next = next_sign(sql, i);
        if (next == '.') {
            qualifier = word;
            continue;
        }
        if (quoted || next != '(')
            fn(ctx, qualifier, word);
        qualifier = (pt_sv){NULL, 0};
    }
}
