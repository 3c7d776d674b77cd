/* Text to tokens. A token that cannot be read is reported here, once, and ends the expression. */
#include <stdlib.h>

#include "base/time.h"
#include "base/utf8.h"
#include "lang/syntax.h"

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The byte `ahead` of the place reached; 0 past the end (the text itself holds no NUL: it is refused). */
static char peek(const pt_lexer *lx, size_t ahead)
{
    pt_sv t = lx->reader->text;

    return lx->at + ahead < t.len ? t.ptr[lx->at + ahead] : '\0';
}

static pt_span span_from(const pt_lexer *lx, size_t begin)
{
    return (pt_span){(uint32_t)begin, (uint32_t)(lx->at - begin)};
}

static pt_token token_from(const pt_lexer *lx, pt_token_kind kind, size_t begin)
{
    return (pt_token){.kind = kind, .span = span_from(lx, begin)};
}

/* White space, U+3000 (the wide space of Chinese keyboards), and comments from # to the end of the line. */
static void skip_space(pt_lexer *lx)
{
    for (;;) {
        char c = peek(lx, 0);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            lx->at++;
        } else if (c == '\xE3' && peek(lx, 1) == '\x80' && peek(lx, 2) == '\x80') {
            lx->at += 3;
        } else if (c == '#') {
            while (lx->at < lx->reader->text.len && peek(lx, 0) != '\n')
                lx->at++;
        } else {
            return;
        }
    }
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* Moves past the "@v2" of a name. */
static void skip_version(pt_sv text, size_t *at)
{
    size_t end = *at + 2;

    if (end >= text.len || text.ptr[*at] != '@' || text.ptr[*at + 1] != 'v')
        return;
    while (end < text.len && text.ptr[end] >= '0' && text.ptr[end] <= '9')
        end++;
    if (end > *at + 2)
        *at = end;
}

/* Moves past the letters and digits of a name, and its version; true when the first was a letter. */
static bool skip_word(pt_sv text, size_t *at)
{
    size_t begin = *at;

    while (*at < text.len) {
        size_t next = *at;
        int32_t cp = pt_utf8_next(text, &next);
        if (cp < 0 || !(pt_utf8_is_letter(cp) || (*at > begin && pt_utf8_is_digit(cp))))
            break;
        *at = next;
    }
    if (*at > begin)
        skip_version(text, at);
    return *at > begin;
}

bool pt_word_is_plain(pt_sv name)
{
    size_t at = 0;

    return skip_word(name, &at) && at == name.len;
}

bool pt_word_is_reserved(pt_sv word)
{
    static const char *const words[] = {"and", "or",      "not",     "in",   "between", "is",
                                        "has", "matches", "missing", "true", "false",   "as_of"};

    for (size_t i = 0; i < PT_COUNT(words); i++)
        if (pt_sv_eq(word, pt_sv_of(words[i])))
            return true;
    return false;
}

static pt_token lex_word(pt_lexer *lx)
{
    size_t begin = lx->at;
    pt_token t;

    skip_word(lx->reader->text, &lx->at);
    t = token_from(lx, PT_TOKEN_WORD, begin);
    t.literal.u.text = pt_reader_text(lx->reader, t.span);
    return t;
}

/* `any name`: everything up to the next backquote, on one line; no escapes. */
static pt_token lex_quoted_name(pt_lexer *lx)
{
    size_t begin = lx->at++;
    pt_token t;

    while (lx->at < lx->reader->text.len && peek(lx, 0) != '`' && peek(lx, 0) != '\n')
        lx->at++;
    t = token_from(lx, PT_TOKEN_NAME, begin);
    if (peek(lx, 0) != '`' || t.span.length == 1) {
        bool empty = peek(lx, 0) == '`';
        pt_diag *d = pt_reader_problem(lx->reader, 202, t.span, empty ? "empty name" : "name without its closing `");
        pt_diag_hint(lx->reader->diags, d, "write `a name` between two backquotes");
        t.kind = PT_TOKEN_BAD;
        return t;
    }
    lx->at++;
    t.literal.u.text = (pt_sv){lx->reader->text.ptr + begin + 1, lx->at - begin - 2};
    t.span = span_from(lx, begin);
    return t;
}

/* --- text --------------------------------------------------------------------------------------------------------- */

/* \u{1F600}: the place is at the brace. False when it is no character that text may hold. */
static bool unescape_unicode(pt_lexer *lx, pt_str *out)
{
    int32_t cp = 0;
    size_t digits = 0;

    for (lx->at++; peek(lx, 0) && peek(lx, 0) != '}' && digits < 7; lx->at++, digits++) {
        char c = peek(lx, 0);
        if (!pt_is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
            return false;
        cp = cp * 16 + (pt_is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (peek(lx, 0) != '}' || digits == 0 || cp == 0 || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        return false;
    lx->at++;
    pt_utf8_put(out, cp);
    return true;
}

/* A backslash before any other character stands for itself, so that patterns ('\d{4}') need no doubling. */
static bool unescape(pt_lexer *lx, pt_str *out)
{
    static const char from[] = "\\'\"ntr", to[] = "\\'\"\n\t\r";
    char c = peek(lx, 1);
    const char *known = c ? strchr(from, c) : NULL;

    if (known) {
        pt_str_addc(out, to[known - from]);
        lx->at += 2;
        return true;
    }
    lx->at++;
    if (c == 'u' && peek(lx, 1) == '{') {
        lx->at++;
        return unescape_unicode(lx, out);
    }
    pt_str_addc(out, '\\');
    return true;
}

static pt_token bad_text(pt_lexer *lx, size_t begin, int code, const char *msg, const char *hint)
{
    pt_token t = token_from(lx, PT_TOKEN_BAD, begin);
    pt_diag *d = pt_reader_problem(lx->reader, code, t.span, "%s", msg);

    pt_diag_hint(lx->reader->diags, d, "%s", hint);
    return t;
}

static pt_token lex_text(pt_lexer *lx)
{
    size_t begin = lx->at;
    char quote = peek(lx, 0);
    pt_str text = {0};
    pt_token t;

    for (lx->at++; lx->at < lx->reader->text.len && peek(lx, 0) != quote;) {
        size_t escape = lx->at;
        if (peek(lx, 0) != '\\') {
            pt_str_addc(&text, peek(lx, 0));
            lx->at++;
        } else if (!unescape(lx, &text)) {
            pt_str_free(&text);
            return bad_text(lx, escape, 203, "not a character: \\u{...} takes one to six hexadecimal digits",
                            "for example \\u{4E2D} for a Chinese character; U+0000 cannot be in text");
        }
    }
    if (lx->at >= lx->reader->text.len) {
        pt_str_free(&text);
        return bad_text(lx, begin, 202, "text without its closing quote",
                        quote == '\'' ? "close it with '; inside text write \\'"
                                      : "close it with \"; inside text write \\\"");
    }
    lx->at++;
    t = token_from(lx, PT_TOKEN_TEXT, begin);
    t.literal.u.text = (pt_sv){pt_arena_strndup(lx->reader->arena, pt_str_cstr(&text), text.len), text.len};
    lx->reader->nomem |= text.failed || !t.literal.u.text.ptr;
    pt_str_free(&text);
    return t;
}

/* --- numbers, durations, dates, instants -------------------------------------------------------------------------- */

static bool digits_at(const pt_lexer *lx, size_t ahead, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!pt_is_digit(peek(lx, ahead + i)))
            return false;
    return true;
}

/* Exactly dddd-dd-dd: `2017 - 1 - 31` with spaces stays arithmetic. */
static bool date_ahead(const pt_lexer *lx)
{
    return digits_at(lx, 0, 4) && peek(lx, 4) == '-' && digits_at(lx, 5, 2) && peek(lx, 7) == '-' &&
           digits_at(lx, 8, 2) && !pt_is_digit(peek(lx, 10));
}

static pt_token lex_instant(pt_lexer *lx, size_t begin)
{
    bool offset = false;
    pt_token t;

    while (pt_is_digit(peek(lx, 0)) || is_ascii_letter(peek(lx, 0)) || strchr(":.", peek(lx, 0) ? peek(lx, 0) : ' ')) {
        offset |= peek(lx, 0) == 'Z';
        lx->at++;
    }
    if ((peek(lx, 0) == '+' || peek(lx, 0) == '-') && digits_at(lx, 1, 2) && peek(lx, 3) == ':' &&
        digits_at(lx, 4, 2)) {
        offset = true;
        lx->at += 6;
    }
    t = token_from(lx, PT_TOKEN_INSTANT, begin);
    if (!offset) {
        pt_diag *d = pt_reader_problem(lx->reader, 206, t.span, "a time of day needs its offset from UTC");
        pt_sv text = pt_reader_text(lx->reader, t.span);
        pt_diag_hint(lx->reader->diags, d, "write %.*s+08:00 (China), %.*sZ (UTC), or a date alone", PT_SV_ARG(text),
                     PT_SV_ARG(text));
        t.kind = PT_TOKEN_BAD;
    } else if (!pt_instant_parse(&t.literal.u.i64, pt_reader_text(lx->reader, t.span), pt_zone_utc())) {
        pt_diag *d = pt_reader_problem(lx->reader, 206, t.span, "no such instant");
        pt_diag_hint(lx->reader->diags, d, "for example 2017-01-31T10:00+08:00 or 2017-01-31T10:00:30.5Z");
        t.kind = PT_TOKEN_BAD;
    }
    return t;
}

static pt_token lex_date(pt_lexer *lx)
{
    size_t begin = lx->at;
    pt_token t;

    lx->at += 10;
    if (peek(lx, 0) == 'T' && pt_is_digit(peek(lx, 1)))
        return lex_instant(lx, begin);
    t = token_from(lx, PT_TOKEN_DATE, begin);
    if (!pt_date_parse(&t.literal.u.date, pt_reader_text(lx->reader, t.span))) {
        pt_reader_problem(lx->reader, 206, t.span, "no such date");
        t.kind = PT_TOKEN_BAD;
    }
    return t;
}

static const struct {
    const char *name;
    int64_t micros;
} units[] = {{"us", 1},      {"ms", 1000},  {"s", PT_SECOND}, {"m", PT_MINUTE},
             {"h", PT_HOUR}, {"d", PT_DAY}, {"w", PT_WEEK}};

static int64_t unit_micros(pt_sv word)
{
    for (size_t i = 0; i < PT_COUNT(units); i++)
        if (pt_sv_eq(word, pt_sv_of(units[i].name)))
            return units[i].micros;
    return 0;
}

static pt_token bad_unit(pt_lexer *lx, size_t begin, pt_sv unit)
{
    pt_token t = token_from(lx, PT_TOKEN_BAD, begin);
    pt_diag *d = pt_reader_problem(lx->reader, 205, t.span, "unknown unit '%.*s' of time", PT_SV_ARG(unit));
    bool calendar = pt_sv_has_prefix(unit, "mo") || (unit.len && strchr("yYMqQ", unit.ptr[0]));

    pt_diag_hint(lx->reader->diags, d,
                 calendar
                     ? "months and years differ in length: write days (90d, 365d) or use months_since(), years_since()"
                     : "units are us ms s m h d w: 30d, 12h, 2w; one after another they add up: 1d 12h");
    return t;
}

/* One `30d` at the place reached: adds to *sum. Leaves the place alone and says END when there is none. */
static pt_token_kind lex_duration_part(pt_lexer *lx, int64_t *sum)
{
    size_t begin = lx->at, unit_at, end;
    pt_sv text = lx->reader->text, unit;
    int64_t count, micros;

    while (pt_is_digit(peek(lx, 0)))
        lx->at++;
    unit_at = end = lx->at;
    if (unit_at == begin || !skip_word(text, &end)) {
        lx->at = begin;
        return PT_TOKEN_END;
    }
    unit = (pt_sv){text.ptr + unit_at, end - unit_at};
    lx->at = end;
    micros = unit_micros(unit);
    if (!micros)
        return bad_unit(lx, begin, unit).kind;
    if (!pt_parse_int64(&count, (pt_sv){text.ptr + begin, unit_at - begin}) ||
        __builtin_mul_overflow(count, micros, &count) || __builtin_add_overflow(*sum, count, sum)) {
        pt_reader_problem(lx->reader, 205, span_from(lx, begin), "duration too long");
        return PT_TOKEN_BAD;
    }
    return PT_TOKEN_DURATION;
}

static pt_token lex_duration(pt_lexer *lx)
{
    size_t begin = lx->at, end = lx->at;
    int64_t sum = 0;
    pt_token_kind kind;
    pt_token t;

    do {
        kind = lex_duration_part(lx, &sum);
        if (kind == PT_TOKEN_BAD)
            return token_from(lx, PT_TOKEN_BAD, begin);
        if (kind == PT_TOKEN_DURATION) {
            end = lx->at;
            skip_space(lx);
        }
    } while (kind == PT_TOKEN_DURATION && pt_is_digit(peek(lx, 0)));
    lx->at = end;
    t = token_from(lx, PT_TOKEN_DURATION, begin);
    t.literal.u.i64 = sum;
    return t;
}

/* Moves past 12, 12.5, 1e6, 1.5e-3; true when it has no point and no exponent. */
static bool skip_number(pt_lexer *lx)
{
    bool whole = true;

    while (pt_is_digit(peek(lx, 0)))
        lx->at++;
    if (peek(lx, 0) == '.' && pt_is_digit(peek(lx, 1))) {
        whole = false;
        for (lx->at++; pt_is_digit(peek(lx, 0));)
            lx->at++;
    }
    if (peek(lx, 0) == 'e' || peek(lx, 0) == 'E') {
        size_t sign = peek(lx, 1) == '+' || peek(lx, 1) == '-';
        if (pt_is_digit(peek(lx, 1 + sign))) {
            whole = false;
            for (lx->at += 1 + sign; pt_is_digit(peek(lx, 0));)
                lx->at++;
        }
    }
    return whole;
}

static bool word_ahead(const pt_lexer *lx)
{
    size_t at = lx->at;

    return skip_word(lx->reader->text, &at);
}

static pt_token lex_number(pt_lexer *lx)
{
    size_t begin = lx->at;
    bool whole = skip_number(lx);
    pt_token t;

    if (word_ahead(lx) && whole) {
        lx->at = begin;
        return lex_duration(lx);
    }
    if (word_ahead(lx)) {
        pt_diag *d = pt_reader_problem(lx->reader, 205, span_from(lx, begin), "a duration takes whole numbers");
        pt_diag_hint(lx->reader->diags, d, "write 1d 12h for one and a half days");
        return token_from(lx, PT_TOKEN_BAD, begin);
    }
    t = token_from(lx, PT_TOKEN_NUMBER, begin);
    if (!pt_parse_double(&t.literal.u.number, pt_reader_text(lx->reader, t.span))) {
        pt_reader_problem(lx->reader, 204, t.span, "number out of range");
        t.kind = PT_TOKEN_BAD;
    }
    return t;
}

/* --- operators and everything else -------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    pt_token_kind kind;
    pt_op op;
} marks[] = {
    {"!=", PT_TOKEN_OP, PT_OP_NE}, {"<=", PT_TOKEN_OP, PT_OP_LE}, {">=", PT_TOKEN_OP, PT_OP_GE},
    {"=", PT_TOKEN_OP, PT_OP_EQ},  {"<", PT_TOKEN_OP, PT_OP_LT},  {">", PT_TOKEN_OP, PT_OP_GT},
    {"+", PT_TOKEN_OP, PT_OP_ADD}, {"-", PT_TOKEN_OP, PT_OP_SUB}, {"*", PT_TOKEN_OP, PT_OP_MUL},
    {"/", PT_TOKEN_OP, PT_OP_DIV}, {"%", PT_TOKEN_OP, PT_OP_MOD}, {"(", PT_TOKEN_LPAREN, 0},
    {")", PT_TOKEN_RPAREN, 0},     {",", PT_TOKEN_COMMA, 0},      {".", PT_TOKEN_DOT, 0},
};

/* What people write from habit, and what it is here. Longest first. */
static const struct {
    const char *text, *instead;
} habits[] = {
    {"==", "="}, {"<>", "!="}, {"&&", "and"}, {"||", "or"}, {"!", "not"}, {"&", "and"}, {"|", "or"},
    {"（", "("}, {"）", ")"},  {"，", ","},   {"＝", "="},  {"＞", ">"},  {"＜", "<"},  {"！", "!="},
    {"‘", "'"},  {"’", "'"},   {"“", "\""},   {"”", "\""},  {"≥", ">="},  {"≤", "<="},  {"≠", "!="},
    {"×", "*"},  {"÷", "/"},   {"＋", "+"},   {"－", "-"},  {"；", ","},  {";", ","},
};

static bool ahead_is(const pt_lexer *lx, const char *text)
{
    pt_sv rest = {lx->reader->text.ptr + lx->at, lx->reader->text.len - lx->at};

    return pt_sv_has_prefix(rest, text);
}

static pt_token lex_unknown(pt_lexer *lx)
{
    size_t begin = lx->at, end = lx->at;
    int32_t cp = pt_utf8_next(lx->reader->text, &end);
    pt_token t;
    pt_diag *d;

    for (size_t i = 0; i < PT_COUNT(habits); i++) {
        if (ahead_is(lx, habits[i].text)) {
            lx->at += strlen(habits[i].text);
            d = pt_reader_problem(lx->reader, 201, span_from(lx, begin), "'%s' is not part of the language",
                                  habits[i].text);
            pt_diag_hint(lx->reader->diags, d, "write %s", habits[i].instead);
            return token_from(lx, PT_TOKEN_BAD, begin);
        }
    }
    lx->at = end;
    t = token_from(lx, PT_TOKEN_BAD, begin);
    if (cp < 0x20 || cp == 0x7F)
        pt_reader_problem(lx->reader, 201, t.span, "unexpected control character");
    else
        pt_reader_problem(lx->reader, 201, t.span, "unexpected character '%.*s'",
                          PT_SV_ARG(pt_reader_text(lx->reader, t.span)));
    return t;
}

static pt_token lex_mark(pt_lexer *lx)
{
    size_t begin = lx->at;
    pt_token t;

    if (ahead_is(lx, "==") || ahead_is(lx, "<>"))
        return lex_unknown(lx);
    for (size_t i = 0; i < PT_COUNT(marks); i++) {
        if (ahead_is(lx, marks[i].text)) {
            lx->at += strlen(marks[i].text);
            t = token_from(lx, marks[i].kind, begin);
            t.op = marks[i].op;
            return t;
        }
    }
    return lex_unknown(lx);
}

pt_token pt_lexer_next(pt_lexer *lx)
{
    char c;

    skip_space(lx);
    if (lx->at >= lx->reader->text.len)
        return token_from(lx, PT_TOKEN_END, lx->at);
    c = peek(lx, 0);
    if (c == '\'' || c == '"')
        return lex_text(lx);
    if (c == '`')
        return lex_quoted_name(lx);
    if (pt_is_digit(c))
        return date_ahead(lx) ? lex_date(lx) : lex_number(lx);
    return word_ahead(lx) ? lex_word(lx) : lex_mark(lx);
}
