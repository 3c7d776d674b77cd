/* `quality:` of a source: what its owner promises of the data (docs/quality.md, "Rules"). A rule is one line of text:
 *
 *   [RULE, ...]   where RULE is  TEXT  or  {error: TEXT}  or  {warn: TEXT}
 *
 * Read once all sources and the types of their columns are known. */
#include <stdarg.h>
#include <stdio.h>

#include "project/load.h"

enum { MOST_SUGGESTED = 256, MOST_WORDS = 512 };

/* A rule's text cut into words: names, numbers, quoted texts, and the characters `,` `[` `]` `(` `)` alone. */
typedef struct word {
    pt_sv text; /* without quotes */
    size_t at, end;
    bool quoted;
} word;

typedef struct rule_reader {
    pt_loader *loader;
    size_t source;
    const pt_yaml *text;
    pt_quality_rule *rule;
    word words[MOST_WORDS];
    size_t n, next;
    bool failed;
} rule_reader;

static const char *const kind_words[] = {"unique", "complete", "format", "reference", "fresh", "rows", "expect"};

/* --- problems ----------------------------------------------------------------------------------------------------- */

static pt_place place_of(rule_reader *r, size_t at, size_t length)
{
    pt_place start;

    if (!pt_yaml_text_place(&start, r->text, r->loader->arena)) {
        r->loader->nomem = true;
        return r->text->place;
    }
    return pt_place_at(start, r->text->text, at, length ? length : 1);
}

static pt_diag *fail_at(rule_reader *r, int code, size_t at, size_t length, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

static pt_diag *fail_at(rule_reader *r, int code, size_t at, size_t length, const char *fmt, ...)
{
    char msg[300];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    r->failed = true;
    return pt_load_error(r->loader, code, place_of(r, at, length), "%s", msg);
}

/* For %.*s: a part of a rule, cut when it is long. */
#define PART(sv) (int)((sv).len > 60 ? 60 : (sv).len), (sv).ptr
#define FAIL_WORD(r, code, w, fmt) fail_at((r), (code), (w)->at, (w)->end - (w)->at, fmt, PART((w)->text))

/* What should have come at the next word. */
static void expected(rule_reader *r, const char *what, const char *example)
{
    bool ended = r->next >= r->n;
    size_t end = r->n ? r->words[r->n - 1].end : 0;
    const word *w = ended ? NULL : &r->words[r->next];

    if (r->failed)
        return;
    pt_diag *d = w ? FAIL_WORD(r, PT_E_QUALITY_RULE, w, "'%.*s' does not belong here")
                   : fail_at(r, PT_E_QUALITY_RULE, end ? end - 1 : 0, 1, "this rule is not complete");
    pt_diag_hint(r->loader->diags, d, "expected %s, for example: %s", what, example);
}

/* --- words -------------------------------------------------------------------------------------------------------- */

static bool is_mark(char c)
{
    return c == ',' || c == '[' || c == ']' || c == '(' || c == ')';
}

static size_t quoted_end(pt_sv s, size_t at)
{
    const char *end = memchr(s.ptr + at + 1, s.ptr[at], s.len - at - 1);

    return end ? (size_t)(end - s.ptr) + 1 : 0;
}

/* The end of a /regular expression/: at the last slash that ends a word. 0: there is none. */
static size_t pattern_end(pt_sv s, size_t at)
{
    for (size_t end = s.len; end > at + 2; end--)
        if (s.ptr[end - 1] == '/' && (end == s.len || s.ptr[end] == ' '))
            return end;
    return 0;
}

static size_t word_end(pt_sv s, size_t at)
{
    size_t pattern = s.ptr[at] == '/' ? pattern_end(s, at) : 0;

    if (pattern)
        return pattern;

    if (is_mark(s.ptr[at]))
        return at + 1;
    if (s.ptr[at] == '>' || s.ptr[at] == '<')
        return at + 1 + (at + 1 < s.len && s.ptr[at + 1] == '=');
    while (at < s.len && s.ptr[at] != ' ' && s.ptr[at] != '\n' && !is_mark(s.ptr[at]) && s.ptr[at] != '>' &&
           s.ptr[at] != '<')
        at++;
    return at;
}

static void cut(rule_reader *r)
{
    pt_sv s = r->text->text;

    for (size_t at = 0; at < s.len && !r->failed;) {
        if (s.ptr[at] == ' ' || s.ptr[at] == '\n' || s.ptr[at] == '\t') {
            at++;
            continue;
        }
        bool quoted = s.ptr[at] == '"' || s.ptr[at] == '\'';
        size_t end = quoted ? quoted_end(s, at) : word_end(s, at);
        if (!end) {
            pt_diag *d = fail_at(r, PT_E_QUALITY_RULE, at, 1, "a quote that is not closed");
            pt_diag_hint(r->loader->diags, d, "end the text with the same quote");
        } else if (r->n == MOST_WORDS) {
            fail_at(r, PT_E_QUALITY_RULE, at, 1, "a rule of more than 512 words");
        } else {
            pt_sv text = {s.ptr + at + quoted, end - at - 2 * (size_t)quoted};
            r->words[r->n++] = (word){text, at, end, quoted};
            at = end;
        }
    }
}

static const word *peek(const rule_reader *r)
{
    return r->next < r->n ? &r->words[r->next] : NULL;
}

static bool next_is(const rule_reader *r, const char *text)
{
    const word *w = peek(r);

    return w && !w->quoted && pt_sv_eq(w->text, pt_sv_of(text));
}

static bool take(rule_reader *r, const char *text)
{
    bool is = next_is(r, text);

    r->next += is;
    return is;
}

static const char *copy(rule_reader *r, pt_sv s)
{
    const char *text = pt_arena_strndup(r->loader->arena, s.ptr, s.len);

    r->loader->nomem |= !text;
    return text;
}

/* --- columns ------------------------------------------------------------------------------------------------------ */

/* Declared columns come before identifiers of the same name. */
static bool find_column(rule_reader *r, pt_sv name, pt_quality_operand *out)
{
    const pt_source *s = &r->loader->sources[r->source];

    for (size_t i = 0; i < s->n_columns; i++)
        if (pt_sv_eq(name, pt_sv_of(s->columns[i].name))) {
            *out = (pt_quality_operand){s->columns[i].name, s->columns[i].name, s->columns[i].type};
            return true;
        }
    for (size_t i = 0; i < s->n_identifiers; i++)
        if (pt_sv_eq(name, pt_sv_of(s->identifiers[i].type))) {
            *out =
                (pt_quality_operand){s->identifiers[i].type,
                                     pt_arena_printf(r->loader->arena, "_id_%s", s->identifiers[i].type), PT_TYPE_TEXT};
            r->loader->nomem |= !out->sql;
            return out->sql != NULL;
        }
    if (!s->time || !pt_sv_eq(name, PT_SV("time")))
        return false;
    *out = (pt_quality_operand){"time", "_time", PT_TYPE_INSTANT};
    return true;
}

static void suggest_column(rule_reader *r, pt_diag *d, pt_sv name)
{
    const pt_source *s = &r->loader->sources[r->source];
    const char *names[MOST_SUGGESTED];
    size_t n = 0;

    for (size_t i = 0; i < s->n_columns && n < MOST_SUGGESTED; i++)
        names[n++] = s->columns[i].name;
    for (size_t i = 0; i < s->n_identifiers && n < MOST_SUGGESTED; i++)
        names[n++] = s->identifiers[i].type;
    if (s->time && n < MOST_SUGGESTED)
        names[n++] = "time";
    pt_diag_suggest(r->loader->diags, d, name, names, n);
}

static bool take_column(rule_reader *r, pt_quality_operand *out, const char *example)
{
    const word *w = peek(r);

    if (!w || (!w->quoted && !pt_is_name(w->text))) {
        expected(r, "the name of a column", example);
        return false;
    }
    r->next++;
    if (find_column(r, w->text, out))
        return true;
    if (!r->loader->incomplete && !r->loader->nomem) {
        pt_diag *d = FAIL_WORD(r, PT_E_QUALITY_COLUMN, w, "unknown column '%.*s'");
        suggest_column(r, d, w->text);
    }
    r->failed = true;
    return false;
}

static bool take_columns(rule_reader *r, const char *example)
{
    pt_quality_operand *columns = PT_NEW_ARRAY(r->loader->arena, pt_quality_operand, r->n);

    r->loader->nomem |= !columns;
    if (!columns)
        return false;
    r->rule->columns = columns;
    do {
        if (!take_column(r, &columns[r->rule->n_columns++], example))
            return false;
    } while (take(r, ","));
    return true;
}

/* --- numbers ------------------------------------------------------------------------------------------------------ */

static bool parse_share(double *out, pt_sv text)
{
    bool percent = text.len && text.ptr[text.len - 1] == '%';

    if (!pt_parse_double(out, (pt_sv){text.ptr, text.len - percent}))
        return false;
    *out /= percent ? 100 : 1;
    return *out >= 0 && *out <= 1;
}

/* `>= 0.95` or `>= 95%` at the end of a rule. */
static void take_share(rule_reader *r)
{
    if (r->failed || !take(r, ">="))
        return;
    const word *w = peek(r);
    if (!w || !parse_share(&r->rule->share, w->text)) {
        if (!w) {
            expected(r, "a share", "complete user_id >= 0.95");
            return;
        }
        pt_diag *d = FAIL_WORD(r, PT_E_QUALITY_VALUE, w, "'%.*s' is no share");
        pt_diag_hint(r->loader->diags, d, "a share is a number from 0 to 1, or a percentage");
        return;
    }
    r->next++;
}

static bool fits(pt_type type, pt_sv text)
{
    double number;
    int32_t date;
    int64_t instant;

    switch (type) {
    case PT_TYPE_NUMBER:
    case PT_TYPE_MONEY: return pt_parse_double(&number, text);
    case PT_TYPE_DATE: return pt_date_parse(&date, text);
    case PT_TYPE_INSTANT: return pt_instant_parse(&instant, text, pt_zone_utc());
    default: return true;
    }
}

static bool take_bound(rule_reader *r, const char **out, const char *example)
{
    const word *w = peek(r);
    pt_type type = r->rule->columns[0].type;

    if (!w) {
        expected(r, "a value", example);
        return false;
    }
    if (!fits(type, w->text)) {
        pt_diag *d = FAIL_WORD(r, PT_E_QUALITY_VALUE, w, "'%.*s' is no value of the column");
        pt_diag_hint(r->loader->diags, d, "'%s' is %s", r->rule->columns[0].name, pt_type_name(type));
        return false;
    }
    r->next++;
    *out = copy(r, w->text);
    return *out != NULL;
}

/* --- the kinds of rules ------------------------------------------------------------------------------------------- */

static void read_between(rule_reader *r)
{
    static const char example[] = "amount between 0 and 100000";
    const pt_quality_operand *c = &r->rule->columns[0];

    r->rule->kind = PT_RULE_BETWEEN;
    if (c->type != PT_TYPE_NUMBER && c->type != PT_TYPE_MONEY && c->type != PT_TYPE_DATE &&
        c->type != PT_TYPE_INSTANT) {
        pt_diag *d = FAIL_WORD(r, PT_E_QUALITY_TYPE, &r->words[0], "'%.*s' has no order");
        pt_diag_hint(r->loader->diags, d, "it is %s; 'between' is for numbers, money, dates and instants",
                     pt_type_name(c->type));
        return;
    }
    if (!take_bound(r, &r->rule->low, example))
        return;
    if (!take(r, "and")) {
        expected(r, "'and'", example);
        return;
    }
    if (!take_bound(r, &r->rule->high, example))
        return;
    double low, high;
    if (pt_parse_double(&low, pt_sv_of(r->rule->low)) && pt_parse_double(&high, pt_sv_of(r->rule->high)) && low > high)
        FAIL_WORD(r, PT_E_QUALITY_VALUE, &r->words[r->next - 1], "nothing is between a value and the lower '%.*s'");
    take_share(r);
}

static void read_in(rule_reader *r)
{
    static const char example[] = "channel in [app, web]";
    const char **values = PT_NEW_ARRAY(r->loader->arena, const char *, r->n);
    bool open = take(r, "[") || take(r, "(");

    r->rule->kind = PT_RULE_IN;
    r->loader->nomem |= !values;
    if (!values || !open) {
        expected(r, "a list in brackets", example);
        return;
    }
    r->rule->values = values;
    while (peek(r) && (peek(r)->quoted || !is_mark(peek(r)->text.ptr[0]))) {
        if (!take_bound(r, &values[r->rule->n_values], example))
            return;
        r->rule->n_values++;
        if (!take(r, ","))
            break;
    }
    if (!r->rule->n_values || (!take(r, "]") && !take(r, ")")))
        expected(r, "values and a closing bracket", example);
    take_share(r);
}

static void read_format(rule_reader *r)
{
    static const char example[] = "format phone phone_cn";
    size_t n;
    const char *const *formats = pt_quality_formats(&n);

    r->rule->kind = PT_RULE_FORMAT;
    if (!take_columns(r, example))
        return;
    const word *w = peek(r);
    if (!w) {
        expected(r, "a format", example);
        return;
    }
    r->next++;
    if (!pt_type_is_text(r->rule->columns[0].type))
        FAIL_WORD(r, PT_E_QUALITY_TYPE, &r->words[1], "'%.*s' is no text, and has no format");
    r->rule->format = copy(r, w->text);
    if (w->text.len > 2 && w->text.ptr[0] == '/' && w->text.ptr[w->text.len - 1] == '/') {
        take_share(r);
        return;
    }
    for (size_t i = 0; i < n; i++)
        if (pt_sv_eq(w->text, pt_sv_of(formats[i]))) {
            take_share(r);
            return;
        }
    pt_diag *d = FAIL_WORD(r, PT_E_QUALITY_VALUE, w, "unknown format '%.*s'");
    pt_diag_suggest(r->loader->diags, d, w->text, formats, n);
}

static void check_reference(rule_reader *r, const word *w, pt_sv source, pt_sv column)
{
    const char *names[MOST_SUGGESTED];
    size_t n = 0;
    int at = pt_project_find_source(r->loader->project, source);

    if (at < 0) {
        for (size_t i = 0; i < r->loader->project->n_sources && n < MOST_SUGGESTED; i++)
            names[n++] = r->loader->sources[i].name;
        if (!r->loader->incomplete)
            pt_diag_suggest(r->loader->diags,
                            fail_at(r, PT_E_QUALITY_SOURCE, w->at, source.len, "unknown source '%.*s'", PART(source)),
                            source, names, n);
        r->failed = true;
        return;
    }
    const pt_source *s = &r->loader->sources[at];
    r->rule->other_source = s->name;
    for (size_t i = 0; i < s->n_columns; i++) {
        if (pt_sv_eq(column, pt_sv_of(s->columns[i].name)))
            r->rule->other_column = s->columns[i].name;
        if (n < MOST_SUGGESTED)
            names[n++] = s->columns[i].name;
    }
    if (!r->rule->other_column)
        pt_diag_suggest(
            r->loader->diags,
            fail_at(r, PT_E_QUALITY_COLUMN, w->at + source.len + 1, column.len, "unknown column '%.*s'", PART(column)),
            column, names, n);
}

static void read_reference(rule_reader *r)
{
    static const char example[] = "reference sku in products.sku";

    r->rule->kind = PT_RULE_REFERENCE;
    if (!take_columns(r, example))
        return;
    const word *w = take(r, "in") ? peek(r) : NULL;
    const char *dot = w && w->text.len ? memchr(w->text.ptr, '.', w->text.len) : NULL;
    if (!dot) {
        expected(r, "'in SOURCE.COLUMN'", example);
        return;
    }
    r->next++;
    size_t head = (size_t)(dot - w->text.ptr);
    check_reference(r, w, (pt_sv){w->text.ptr, head}, (pt_sv){dot + 1, w->text.len - head - 1});
    take_share(r);
}

static void read_fresh(rule_reader *r)
{
    static const char example[] = "fresh time within 2d";
    pt_str text = {0};

    r->rule->kind = PT_RULE_FRESH;
    if (!take_columns(r, example))
        return;
    pt_type type = r->rule->columns[0].type;
    if (type != PT_TYPE_INSTANT && type != PT_TYPE_DATE && type != PT_TYPE_NONE)
        FAIL_WORD(r, PT_E_QUALITY_TYPE, &r->words[1], "'%.*s' is no time");
    if (!take(r, "within") || !peek(r)) {
        expected(r, "'within' and a duration", example);
        return;
    }
    const word *first = peek(r);
    for (; peek(r); r->next++) {
        pt_str_addsv(&text, peek(r)->text);
        pt_str_addc(&text, ' ');
    }
    if (!pt_duration_parse(&r->rule->within, pt_sv_trim((pt_sv){pt_str_cstr(&text), text.len})) && !text.failed) {
        pt_diag *d = FAIL_WORD(r, PT_E_QUALITY_VALUE, first, "'%.*s' is no duration");
        pt_diag_hint(r->loader->diags, d, "for example 2d, 12h, 30d 12h");
    }
    r->loader->nomem |= text.failed;
    pt_str_free(&text);
}

static void read_rows(rule_reader *r)
{
    int64_t count;

    r->rule->kind = PT_RULE_ROWS;
    r->rule->at_most = next_is(r, "<=");
    if (!take(r, ">=") && !take(r, "<=")) {
        expected(r, "'>=' or '<='", "rows >= 1000");
        return;
    }
    const word *w = peek(r);
    if (!w || !pt_parse_int64(&count, w->text) || count < 0) {
        expected(r, "a whole number", "rows >= 1000");
        return;
    }
    r->rule->count = (uint64_t)count;
    r->next++;
}

/* The words from `first` on that a pair of brackets around them holds; 0 when they begin with no bracket. */
static size_t bracketed(const rule_reader *r, size_t first)
{
    int depth = 0;

    for (size_t i = first; i < r->n; i++) {
        bool mark = !r->words[i].quoted && r->words[i].text.len == 1;
        depth += mark && r->words[i].text.ptr[0] == '(';
        depth -= mark && r->words[i].text.ptr[0] == ')';
        if (depth == 0)
            return i - first + 1;
    }
    return 0;
}

/* A share follows only a condition in brackets, since `>=` may belong to the condition. */
static void read_expect(rule_reader *r)
{
    pt_quality_rule *rule = r->rule;
    size_t first = r->next, n = next_is(r, "(") ? bracketed(r, first) : 0;
    bool share = n > 1 && first + n + 2 == r->n && pt_sv_eq(r->words[first + n].text, PT_SV(">="));

    rule->kind = PT_RULE_EXPECT;
    if (first >= r->n) {
        expected(r, "a condition", "expect amount >= 0 or status = 'refund'");
        return;
    }
    size_t from = r->words[first].at, to = share ? r->words[first + n - 1].end : r->words[r->n - 1].end;
    rule->condition = pt_condition_sql(r->loader, (pt_sv){r->text->text.ptr + from, to - from});
    rule->condition_place = place_of(r, from, to - from);
    r->next = share ? first + n : r->n;
    take_share(r);
}

static void read_by_column(rule_reader *r)
{
    if (!take_columns(r, "amount between 0 and 100000"))
        return;
    if (r->rule->n_columns == 1 && take(r, "between"))
        read_between(r);
    else if (r->rule->n_columns == 1 && take(r, "in"))
        read_in(r);
    else
        expected(r, "'between' or 'in'", "amount between 0 and 100000");
}

static void unknown_kind(rule_reader *r)
{
    pt_diag *d = FAIL_WORD(r, PT_E_QUALITY_RULE, &r->words[0], "'%.*s' is neither a rule nor a column");
    int near = pt_nearest(r->words[0].text, kind_words, PT_COUNT(kind_words));

    if (near >= 0)
        pt_diag_hint(r->loader->diags, d, "did you mean '%s'?", kind_words[near]);
    else
        pt_diag_hint(r->loader->diags, d,
                     "rules begin with unique, complete, format, reference, fresh, rows, expect "
                     "or the name of a column");
}

static void read_kind(rule_reader *r)
{
    pt_quality_operand column;
    const word *second = r->n > 1 ? &r->words[1] : NULL;
    bool by_column = second && (pt_sv_eq(second->text, PT_SV("between")) || pt_sv_eq(second->text, PT_SV("in")));

    if (by_column || (r->n && find_column(r, r->words[0].text, &column) && !next_is(r, "rows"))) {
        read_by_column(r);
    } else if (take(r, "unique") || next_is(r, "complete")) {
        r->rule->kind = take(r, "complete") ? PT_RULE_COMPLETE : PT_RULE_UNIQUE;
        if (take_columns(r, r->rule->kind == PT_RULE_COMPLETE ? "complete user_id >= 0.95" : "unique order_id"))
            take_share(r);
    } else if (take(r, "format")) {
        read_format(r);
    } else if (take(r, "reference")) {
        read_reference(r);
    } else if (take(r, "fresh")) {
        read_fresh(r);
    } else if (take(r, "rows")) {
        read_rows(r);
    } else if (take(r, "expect")) {
        read_expect(r);
    } else if (r->n) {
        unknown_kind(r);
    } else {
        expected(r, "a rule", "unique order_id");
    }
}

/* --- a list of rules ---------------------------------------------------------------------------------------------- */

/* TEXT, {error: TEXT} or {warn: TEXT}. */
static const pt_yaml *rule_text(pt_loader *l, const pt_yaml *item, pt_quality_rule *rule)
{
    if (item->kind == PT_YAML_MAP && item->n == 1) {
        bool error = pt_sv_eq(item->keys[0]->text, PT_SV("error"));
        if (error || pt_sv_eq(item->keys[0]->text, PT_SV("warn"))) {
            rule->error = error;
            item = item->items[0];
        }
    }
    if (item->kind == PT_YAML_SCALAR)
        return item;
    pt_diag *d = pt_load_error(l, PT_E_WRONG_NODE, item->place, "a rule is one line of text");
    pt_diag_hint(l->diags, d, "for example '- unique order_id' or '- error: unique order_id'");
    return NULL;
}

static bool read_rule(pt_loader *l, size_t source, const pt_yaml *item, pt_quality_rule *rule)
{
    rule_reader *r = PT_NEW(l->arena, rule_reader);

    *rule = (pt_quality_rule){.share = 1};
    if (!r) {
        l->nomem = true;
        return false;
    }
    r->loader = l;
    r->source = source;
    r->rule = rule;
    if (!(r->text = rule_text(l, item, rule)))
        return false;
    rule->text = copy(r, r->text->text);
    rule->place = r->text->place;
    cut(r);
    if (!r->failed)
        read_kind(r);
    if (!r->failed && r->next < r->n)
        expected(r, "the end of the rule", "amount between 0 and 100000 >= 0.99");
    return !r->failed && !l->nomem;
}

static void hash_rules(pt_source *s, pt_loader *l)
{
    pt_str text = {0};

    for (size_t i = 0; i < s->n_quality; i++) {
        pt_str_addf(&text, "%d ", s->quality[i].error);
        pt_str_add(&text, s->quality[i].text);
        pt_str_addc(&text, '\0');
    }
    s->quality_hash = pt_hash128_of(pt_str_cstr(&text), text.len);
    l->nomem |= text.failed;
    pt_str_free(&text);
}

static void read_rules(pt_loader *l, const pt_pending_rules *p)
{
    const pt_yaml *list = p->rules;
    pt_source *s = &l->sources[p->source];

    if (list->kind != PT_YAML_LIST) {
        pt_diag *d = pt_load_error(l, PT_E_WRONG_NODE, list->place, "'quality': expected a list of rules");
        pt_diag_hint(l->diags, d, "a line for each, beginning with '- '");
        return;
    }
    pt_quality_rule *rules = PT_NEW_ARRAY(l->arena, pt_quality_rule, list->n);
    l->nomem |= !rules;
    s->quality = rules;
    for (size_t i = 0; rules && i < list->n && !l->nomem; i++)
        s->n_quality += read_rule(l, p->source, list->items[i], &rules[s->n_quality]);
    hash_rules(s, l);
}

void pt_load_quality(pt_loader *l)
{
    for (const pt_pending_rules *p = l->qualities; p && !l->nomem; p = p->next)
        read_rules(l, p);
}

const char *const *pt_quality_formats(size_t *n)
{
    static const char *const formats[] = {"phone_cn", "email", "id_cn", "uuid", "url", "ip", "digits", "word"};

    *n = PT_COUNT(formats);
    return formats;
}
