/* Reading expressions and levels: the grammar is the language's (lang/syntax.h), of which columns, functions of one text, and + mean
 * something here. */
#include "link/rules.h"

#include <math.h>
#include <string.h>

#include "lang/syntax.h"
#include "link/codes.h"
#include "link/rules_int.h"

enum { FUNCTIONS_MOST = 64 };

/* --- expressions --------------------------------------------------------------------------------------------------- */

static const pt_link_expr *convert(pt_reader *r, const pt_syn *s);

static pt_place place_of(const pt_reader *r, pt_span span)
{
    return pt_place_at(r->start, r->text, span.offset, span.length ? span.length : 1);
}

static pt_link_expr *new_expr(pt_reader *r, pt_span span)
{
    pt_link_expr *e = pt_reader_alloc(r, 1, sizeof *e);

    if (e)
        *e = (pt_link_expr){.place = place_of(r, span)};
    return e;
}

static bool keep_text(pt_reader *r, pt_sv *out, pt_sv text)
{
    const char *copy = pt_arena_strndup(r->arena, text.ptr, text.len);

    r->nomem |= !copy;
    *out = (pt_sv){copy, copy ? text.len : 0};
    return copy != NULL;
}

static const pt_link_expr *convert_name(pt_reader *r, const pt_syn *s)
{
    pt_link_expr *e = new_expr(r, s->span);

    if (!e || !keep_text(r, &e->column, s->name) || (s->qualifier.len && !keep_text(r, &e->source, s->qualifier)))
        return NULL;
    return e;
}

/* Parts of a + b + c, which the parser gives as (a + b) + c. */
static size_t count_parts(const pt_syn *s)
{
    size_t n = 1;

    for (; s->kind == PT_SYN_BINARY && s->op == PT_OP_ADD; s = s->args[0])
        n++;
    return n;
}

static const pt_link_expr *convert_sum(pt_reader *r, const pt_syn *s)
{
    size_t n = count_parts(s), i = n;
    pt_link_expr *e = new_expr(r, s->span);
    const pt_link_expr **parts = pt_reader_alloc(r, n, sizeof *parts);

    if (!e || !parts)
        return NULL;
    for (; i > 1; s = s->args[0])
        parts[--i] = convert(r, s->args[1]);
    parts[0] = convert(r, s);
    for (i = 0; i < n; i++) {
        if (!parts[i])
            return NULL;
        e->several |= parts[i]->several;
    }
    e->args = parts;
    e->n_args = (uint32_t)n;
    return e;
}

static void unknown_function(pt_reader *r, const pt_syn *s)
{
    const char *names[FUNCTIONS_MOST];
    size_t n;
    const pt_link_function *all = link_functions(&n);

    n = n < FUNCTIONS_MOST ? n : FUNCTIONS_MOST;
    for (size_t i = 0; i < n; i++)
        names[i] = all[i].name;
    pt_diag *d =
        pt_reader_problem(r, PT_E_LINK_FUNCTION, s->name_span, "unknown function '%.*s' in a key", PT_SV_ARG(s->name));
    pt_diag_suggest(r->diags, d, s->name, names, n);
}

static bool has_clauses(const pt_syn *s)
{
    const pt_clauses *c = s->clauses;

    if (!c)
        return false;
    for (uint32_t i = 0; c->where && i < s->n_args; i++)
        if (c->where[i])
            return true;
    return c->within || c->since || c->between[0] || c->weight || c->half_life || c->at_least;
}

static void wrong_use(pt_reader *r, const pt_syn *s, const pt_link_function *f)
{
    pt_diag *d = pt_reader_problem(r, PT_E_LINK_FUNCTION, s->span, "'%s' is not used so", f->name);

    pt_diag_hint(r->diags, d, "%s", f->usage);
}

static bool convert_number(pt_reader *r, double *out, const pt_link_function *f, const pt_syn *s)
{
    double v = s->literal.u.number;

    if (s->kind == PT_SYN_LITERAL && s->type == PT_TYPE_NUMBER && v >= f->low && v <= f->high &&
        (f->low < 1 || v == floor(v))) {
        *out = v;
        return true;
    }
    pt_diag *d = pt_reader_problem(r, PT_E_LINK_FUNCTION, s->span, "'%s' needs a number here", f->name);
    pt_diag_hint(r->diags, d, f->low < 1 ? "from %g to %g, as in %s" : "whole, from %g to %g, as in %s", f->low,
                 f->high, f->usage);
    return false;
}

static const pt_link_expr *convert_call(pt_reader *r, const pt_syn *s)
{
    const pt_link_function *f = link_function_named(s->name);
    pt_link_expr *e = new_expr(r, s->name_span);
    const pt_link_expr **arg = pt_reader_alloc(r, 1, sizeof *arg);

    if (!e || !arg)
        return NULL;
    if (!f) {
        unknown_function(r, s);
        return NULL;
    }
    if (has_clauses(s) || s->n_args < 1u + f->least || s->n_args > 1u + f->most) {
        wrong_use(r, s, f);
        return NULL;
    }
    e->numbers[0] = e->numbers[1] = f->preset;
    for (uint32_t i = 1; i < s->n_args; i++)
        if (!convert_number(r, &e->numbers[i - 1], f, s->args[i]))
            return NULL;
    if (!(*arg = convert(r, s->args[0])))
        return NULL;
    e->function = f;
    e->args = arg;
    e->n_args = 1;
    e->several = !f->whole && (f->several || (*arg)->several);
    return e;
}

static const pt_link_expr *convert(pt_reader *r, const pt_syn *s)
{
    if (s->kind == PT_SYN_NAME)
        return convert_name(r, s);
    if (s->kind == PT_SYN_CALL)
        return convert_call(r, s);
    if (s->kind == PT_SYN_BINARY && s->op == PT_OP_ADD)
        return convert_sum(r, s);
    pt_diag *d =
        pt_reader_problem(r, PT_E_LINK_EXPRESSION, s->span, "keys are made of columns, functions of them, and +");
    pt_diag_hint(r->diags, d, "for example prefix(name, 3) + year(birth)");
    return NULL;
}

static void count_column(void *ctx, const pt_link_expr *column)
{
    (void)column;
    ++*(size_t *)ctx;
}

static const pt_link_expr *read_text(pt_reader *r)
{
    const pt_syn *s = pt_parse(r);
    const pt_link_expr *e = s ? convert(r, s) : NULL;
    size_t columns = 0;

    if (e)
        pt_link_expr_columns(e, &columns, count_column);
    if (columns <= PT_LINK_EXPR_COLUMNS_MAX)
        return e;
    pt_reader_problem(r, PT_E_LINK_EXPRESSION, s->span, "a key has at most %d parts", PT_LINK_EXPR_COLUMNS_MAX);
    return NULL;
}

pt_rc pt_link_read_expr(const pt_link_expr **out, pt_sv text, pt_place place, pt_diags *diags, pt_arena *arena,
                        pt_err *err)
{
    pt_reader r = {.text = text, .start = place, .diags = diags, .arena = arena};

    *out = read_text(&r);
    return r.nomem ? pt_fail_nomem(err, "rules of linking") : PT_OK;
}

void pt_link_expr_columns(const pt_link_expr *e, void *ctx, void (*see)(void *ctx, const pt_link_expr *column))
{
    if (e->column.len)
        see(ctx, e);
    for (uint32_t i = 0; i < e->n_args; i++)
        pt_link_expr_columns(e->args[i], ctx, see);
}

/* --- levels -------------------------------------------------------------------------------------------------------- */

/* What stands after a test's name. */
typedef enum bound_form { NOTHING, SHARE, COUNT, DISTANCE, KILOMETRES, MAYBE_WHERE, WITH_COLUMN } bound_form;

static const struct {
    const char *name, *usage;
    pt_link_test test;
    bound_form form;
} tests[] = {
    {"same", "same, same of family(name)", PT_LINK_SAME, NOTHING},
    {"known", "known, known of digits(address)", PT_LINK_KNOWN, NOTHING},
    {"jaro_winkler", "jaro_winkler 0.92", PT_LINK_JARO_WINKLER, SHARE},
    {"edits", "edits 1", PT_LINK_EDITS, COUNT},
    {"bigrams", "bigrams 0.8", PT_LINK_BIGRAMS, SHARE},
    {"covered", "covered 0.8", PT_LINK_COVERED, SHARE},
    {"masked", "masked 5", PT_LINK_MASKED, COUNT},
    {"shared", "shared 2, shared 2 of words(address)", PT_LINK_SHARED, COUNT},
    {"within", "within 30d, within 5, within 2%", PT_LINK_WITHIN, DISTANCE},
    {"near", "near 5km", PT_LINK_NEAR, KILOMETRES},
    {"inside", "inside, inside full_name", PT_LINK_INSIDE, MAYBE_WHERE},
    {"swapped", "swapped with first_name", PT_LINK_SWAPPED, WITH_COLUMN},
};

/* A level's text, word by word. Problems are reported once. */
typedef struct level_reader {
    pt_reader *reader;
    size_t at;
} level_reader;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static pt_span next_word(level_reader *l)
{
    pt_sv t = l->reader->text;

    while (l->at < t.len && is_blank(t.ptr[l->at]))
        l->at++;
    size_t begin = l->at;
    while (l->at < t.len && !is_blank(t.ptr[l->at]))
        l->at++;
    return (pt_span){(uint32_t)begin, (uint32_t)(l->at - begin)};
}

static bool next_is(const level_reader *l, const char *word)
{
    level_reader ahead = *l;

    return pt_sv_eq(pt_reader_text(l->reader, next_word(&ahead)), pt_sv_of(word));
}

static void bad_level(level_reader *l, pt_span span, const char *message, const char *usage)
{
    pt_diag *d = pt_reader_problem(l->reader, PT_E_LINK_LEVEL, span, "%s", message);

    pt_diag_hint(l->reader->diags, d, "%s", usage);
}

/* The place of a part of the text, itself the beginning of a text. */
static pt_place start_at(const pt_reader *r, size_t offset)
{
    pt_place place = pt_place_at(r->start, r->text, offset, 1);

    place.origin = r->start.origin ? r->start.origin + offset : NULL;
    return place;
}

/* An expression up to the next `and` or `of`, or the end. */
static const pt_link_expr *read_operand(level_reader *l)
{
    pt_reader *r = l->reader;
    size_t end;

    while (l->at < r->text.len && is_blank(r->text.ptr[l->at]))
        l->at++;
    size_t begin = l->at;
    for (end = begin; l->at < r->text.len && !next_is(l, "and") && !next_is(l, "of");)
        next_word(l), end = l->at;
    pt_reader part = {
        .text = {r->text.ptr + begin, end - begin}, .start = start_at(r, begin), .diags = r->diags, .arena = r->arena};
    const pt_link_expr *e = read_text(&part);
    r->nomem |= part.nomem;
    return e;
}

static bool ends_with(pt_sv *word, const char *end)
{
    size_t n = strlen(end);

    if (word->len <= n || memcmp(word->ptr + word->len - n, end, n) != 0)
        return false;
    word->len -= n;
    return true;
}

static bool read_bound(level_reader *l, pt_link_level_rule *level, bound_form form, const char *usage)
{
    pt_span span = next_word(l);
    pt_sv word = pt_reader_text(l->reader, span);
    double most = form == SHARE ? 1 : form == COUNT ? 64 : 1e15, scale = 1;
    bool whole = form == COUNT;

    if (form == KILOMETRES && !ends_with(&word, "km") && ends_with(&word, "m"))
        scale = 0.001;
    if (form == DISTANCE && ends_with(&word, "%")) {
        level->test = PT_LINK_RATIO;
        scale = 0.01;
        most = 100;
    } else if (form == DISTANCE && (ends_with(&word, "d") || ends_with(&word, "w"))) {
        scale = word.ptr[word.len] == 'w' ? 7 : 1;
    }
    if (!span.length || !pt_parse_double(&level->bound, word) || !(level->bound >= 0 && level->bound <= most) ||
        (form != DISTANCE && level->bound == 0) || (whole && level->bound != floor(level->bound))) {
        bad_level(l, span, "this test needs a bound here", usage);
        return false;
    }
    level->bound *= scale;
    return true;
}

/* What follows the test's name. */
static bool read_rest(level_reader *l, pt_link_level_rule *level, bound_form form, const char *usage)
{
    switch (form) {
    case SHARE:
    case COUNT:
    case DISTANCE:
    case KILOMETRES: return read_bound(l, level, form, usage);
    case MAYBE_WHERE:
        if (l->at >= pt_sv_trim(l->reader->text).len || next_is(l, "and") || next_is(l, "of") || next_is(l, ""))
            return true;
        return (level->other = read_operand(l)) != NULL;
    case WITH_COLUMN:
        if (!next_is(l, "with")) {
            bad_level(l, next_word(l), "'swapped' needs the column that it may be swapped with", usage);
            return false;
        }
        next_word(l);
        return (level->other = read_operand(l)) != NULL;
    default: return true;
    }
}

static int find_test(level_reader *l, pt_span span)
{
    const char *names[PT_COUNT(tests)];
    pt_sv word = pt_reader_text(l->reader, span);

    for (size_t i = 0; i < PT_COUNT(tests); i++) {
        names[i] = tests[i].name;
        if (pt_sv_eq(word, pt_sv_of(names[i])))
            return (int)i;
    }
    pt_diag *d = pt_reader_problem(l->reader, PT_E_LINK_LEVEL, span,
                                   span.length ? "unknown test '%.*s'" : "expected a test%.*s", PT_SV_ARG(word));
    pt_diag_suggest(l->reader->diags, d, word, names, PT_COUNT(tests));
    return -1;
}

static const pt_link_level_rule *read_tests(level_reader *l, unsigned depth)
{
    pt_link_level_rule *level = pt_reader_alloc(l->reader, 1, sizeof *level);
    pt_span span = next_word(l);
    int i = find_test(l, span);

    if (!level || i < 0)
        return NULL;
    *level = (pt_link_level_rule){.test = tests[i].test};
    if (!read_rest(l, level, tests[i].form, tests[i].usage))
        return NULL;
    if (next_is(l, "of")) {
        next_word(l);
        if (!(level->of = read_operand(l)))
            return NULL;
        if (level->of->several && level->test != PT_LINK_SHARED) {
            bad_level(l, span, "this test compares single texts",
                      "shared 2 of words(address), same of sorted(words(name))");
            return NULL;
        }
    }
    span = next_word(l);
    if (!span.length)
        return level;
    if (!pt_sv_eq(pt_reader_text(l->reader, span), PT_SV("and")) || depth == PT_LINK_LEVELS_MAX) {
        bad_level(l, span, "the level should end here", "two tests of one level are joined by 'and'");
        return NULL;
    }
    level->also = read_tests(l, depth + 1);
    return level->also ? level : NULL;
}

pt_rc pt_link_read_level(const pt_link_level_rule **out, pt_sv text, pt_place place, pt_diags *diags, pt_arena *arena,
                         pt_err *err)
{
    pt_reader r = {.text = text, .start = place, .diags = diags, .arena = arena};
    level_reader l = {.reader = &r};

    *out = read_tests(&l, 0);
    return r.nomem ? pt_fail_nomem(err, "rules of linking") : PT_OK;
}

void pt_link_level_columns(const pt_link_level_rule *level, void *ctx,
                           void (*see)(void *ctx, const pt_link_expr *column))
{
    for (; level; level = level->also) {
        if (level->of)
            pt_link_expr_columns(level->of, ctx, see);
        if (level->other)
            pt_link_expr_columns(level->other, ctx, see);
    }
}
