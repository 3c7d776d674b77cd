/* Tokens to the tree as written: precedence climbing. docs/language.md gives the grammar. The first error ends the
 * expression: what follows it would mostly be guessed. */
#include <stdlib.h>

#include "base/utf8.h"
#include "lang/syntax.h"

typedef struct parser {
    pt_reader *reader;
    pt_lexer lexer;
    pt_token token; /* the one looked at */
    uint32_t nesting;
} parser;

/* Binding strength, weakest first. */
enum { BIND_OR = 1, BIND_AND, BIND_NOT, BIND_COMPARE, BIND_ADD, BIND_MUL, BIND_MINUS };

/* In a place where a clause may follow, `between` after an operand begins the clause and is no operator. After `where`
 * both may follow: between a value and its bounds it is the operator; behind a condition, which has no bounds, the clause. */
typedef enum { BETWEEN_IS_OPERATOR, BETWEEN_IS_CLAUSE, BETWEEN_AFTER_WHERE } between_role;

static const pt_syn *parse_expression(parser *p, int binding, between_role role);

/* --- tokens and errors -------------------------------------------------------------------------------------------- */

static void advance(parser *p)
{
    p->token = pt_lexer_next(&p->lexer);
}

static bool at_word(const parser *p, const char *word)
{
    return p->token.kind == PT_TOKEN_WORD && pt_sv_eq(p->token.literal.u.text, pt_sv_of(word));
}

static bool at_op(const parser *p, pt_op op)
{
    return p->token.kind == PT_TOKEN_OP && p->token.op == op;
}

static pt_sv token_text(const parser *p)
{
    return pt_reader_text(p->reader, p->token.span);
}

/* AND, Where, NOT: written as in SQL. The word in lower case, or NULL. */
static const char *shouted(pt_sv word)
{
    static const char *const words[] = {"and",     "or",   "not",   "in",      "between", "is",     "has",
                                        "matches", "true", "false", "missing", "where",   "within", "since"};
    char lower[8];

    if (word.len >= sizeof lower)
        return NULL;
    for (size_t i = 0; i < word.len; i++)
        lower[i] = word.ptr[i] >= 'A' && word.ptr[i] <= 'Z' ? (char)(word.ptr[i] | 0x20) : word.ptr[i];
    for (size_t i = 0; i < PT_COUNT(words); i++)
        if (pt_sv_eq((pt_sv){lower, word.len}, pt_sv_of(words[i])) && !pt_sv_eq(word, pt_sv_of(words[i])))
            return words[i];
    return NULL;
}

/* "expected X, found Y". A bad token was reported by the lexer. */
static const pt_syn *unexpected(parser *p, const char *expected)
{
    const char *word = p->token.kind == PT_TOKEN_WORD ? shouted(token_text(p)) : NULL;
    pt_diag *d;

    if (p->token.kind == PT_TOKEN_BAD)
        return NULL;
    if (p->token.kind == PT_TOKEN_END)
        d = pt_reader_problem(p->reader, 207, p->token.span, "expected %s, found the end of the expression", expected);
    else
        d = pt_reader_problem(p->reader, 207, p->token.span, "expected %s, found '%.*s'", expected,
                              PT_SV_ARG(token_text(p)));
    if (word)
        pt_diag_hint(p->reader->diags, d, "words of the language are in lower case: %s", word);
    else if (p->token.kind == PT_TOKEN_TEXT)
        pt_diag_hint(p->reader->diags, d, "a quote inside text is written \\'");
    return NULL;
}

static bool expect(parser *p, pt_token_kind kind, const char *what)
{
    if (p->token.kind != kind) {
        unexpected(p, what);
        return false;
    }
    advance(p);
    return true;
}

/* --- nodes -------------------------------------------------------------------------------------------------------- */

static pt_syn *new_node(parser *p, pt_syn_kind kind, pt_span span)
{
    pt_syn *n = pt_reader_alloc(p->reader, 1, sizeof *n);

    if (n) {
        n->kind = kind;
        n->span = span;
        n->depth = 1;
    }
    return n;
}

static pt_span span_join(pt_span a, pt_span b)
{
    return (pt_span){a.offset, b.offset + b.length - a.offset};
}

static const pt_syn *too_deep(parser *p, pt_span span)
{
    pt_diag *d = pt_reader_problem(p->reader, 209, span, "nested more than %d deep", PT_LANG_MAX_DEPTH);

    pt_diag_hint(p->reader->diags, d, "make parts of it tags of their own; for many values of one thing use in (...)");
    return NULL;
}

/* Sets the depth of a node whose children are in place; NULL after a report when it is too much. */
static const pt_syn *finish(parser *p, pt_syn *n)
{
    uint32_t deepest = 0;

    for (uint32_t i = 0; i < n->n_args; i++)
        deepest = n->args[i]->depth > deepest ? n->args[i]->depth : deepest;
    n->depth = deepest + 1;
    return n->depth > PT_LANG_MAX_DEPTH ? too_deep(p, n->span) : n;
}

/* A node over up to three children; NULL when a child is. */
static const pt_syn *node_over(parser *p, pt_syn_kind kind, pt_op op, pt_span span, const pt_syn *const *children,
                               uint32_t count)
{
    pt_syn *n;

    for (uint32_t i = 0; i < count; i++)
        if (!children[i])
            return NULL;
    n = new_node(p, kind, span);
    if (!n || !(n->args = pt_reader_alloc(p->reader, count, sizeof *n->args)))
        return NULL;
    n->op = op;
    n->n_args = count;
    memcpy(n->args, children, count * sizeof *n->args);
    return finish(p, n);
}

/* A growing list of children, on the heap while it grows. */
typedef struct child_list {
    const pt_syn **items;
    size_t n, cap;
} child_list;

static bool child_add(parser *p, child_list *list, const pt_syn *child)
{
    if (!pt_grow(&list->items, &list->cap, list->n + 1, sizeof *list->items)) {
        p->reader->nomem = true;
        return false;
    }
    list->items[list->n++] = child;
    return true;
}

/* Moves the list's items to the arena and frees the list. */
static const pt_syn **child_take(parser *p, child_list *list)
{
    const pt_syn **items = pt_reader_alloc(p->reader, list->n, sizeof *items);

    if (items && list->n)
        memcpy(items, list->items, list->n * sizeof *items);
    free(list->items);
    *list = (child_list){0};
    return items;
}

/* --- leaves ------------------------------------------------------------------------------------------------------- */

static pt_type literal_type(pt_token_kind kind)
{
    switch (kind) {
    case PT_TOKEN_NUMBER: return PT_TYPE_NUMBER;
    case PT_TOKEN_TEXT: return PT_TYPE_TEXT;
    case PT_TOKEN_DATE: return PT_TYPE_DATE;
    case PT_TOKEN_INSTANT: return PT_TYPE_INSTANT;
    case PT_TOKEN_DURATION: return PT_TYPE_DURATION;
    default: return PT_TYPE_NONE;
    }
}

static pt_syn *parse_literal(parser *p)
{
    pt_syn *n = new_node(p, PT_SYN_LITERAL, p->token.span);

    if (n) {
        n->type = literal_type(p->token.kind);
        n->literal = p->token.literal;
    }
    advance(p);
    return n;
}

static const pt_syn *parse_bool(parser *p, bool value)
{
    pt_syn *n = new_node(p, PT_SYN_LITERAL, p->token.span);

    if (n) {
        n->type = PT_TYPE_BOOL;
        n->literal.u.boolean = value;
    }
    advance(p);
    return n;
}

/* `-5` and `-30d` are literals; `-(5)` is the operator on 5. */
static const pt_syn *parse_minus(parser *p)
{
    pt_span minus = p->token.span;
    const pt_syn *operand;
    pt_syn *n;

    advance(p);
    if (p->token.kind != PT_TOKEN_NUMBER && p->token.kind != PT_TOKEN_DURATION) {
        operand = parse_expression(p, BIND_MINUS, BETWEEN_IS_CLAUSE);
        return operand ? node_over(p, PT_SYN_UNARY, PT_OP_NEG, span_join(minus, operand->span), &operand, 1) : NULL;
    }
    n = parse_literal(p);
    if (!n)
        return NULL;
    n->span = span_join(minus, n->span);
    if (n->type == PT_TYPE_DURATION)
        n->literal.u.i64 = -n->literal.u.i64;
    else if (n->literal.u.number != 0) /* there is one zero */
        n->literal.u.number = -n->literal.u.number;
    return n;
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

static const pt_syn *twice(parser *p, const char *clause)
{
    pt_reader_problem(p->reader, 212, p->token.span, "'%s' is given twice", clause);
    return NULL;
}

/* One clause's expression into *slot; false after a report. */
static bool parse_clause(parser *p, const pt_syn **slot, const char *word, between_role role)
{
    if (*slot)
        return twice(p, word) != NULL;
    advance(p);
    return (*slot = parse_expression(p, BIND_OR, role)) != NULL;
}

/* `within next` is two words: no bound is a name. */
static bool parse_within(parser *p, pt_clauses *c)
{
    pt_span word = p->token.span;

    advance(p);
    if (at_word(p, "next"))
        return parse_clause(p, &c->next, "within next", BETWEEN_IS_CLAUSE);
    if (c->within) {
        pt_reader_problem(p->reader, 212, word, "'within' is given twice");
        return false;
    }
    return (c->within = parse_expression(p, BIND_OR, BETWEEN_IS_CLAUSE)) != NULL;
}

static bool parse_between_clause(parser *p, pt_clauses *c)
{
    if (c->between[0])
        return twice(p, "between") != NULL;
    advance(p);
    if (!(c->between[0] = parse_expression(p, BIND_ADD, BETWEEN_IS_CLAUSE)))
        return false;
    if (!at_word(p, "and"))
        return unexpected(p, "'and' and the end of the window") != NULL;
    advance(p);
    return (c->between[1] = parse_expression(p, BIND_ADD, BETWEEN_IS_CLAUSE)) != NULL;
}

/* The clauses after an argument, in any order. *where belongs to the argument, the rest to the call. */
static bool parse_clauses(parser *p, pt_clauses *c, const pt_syn **where, bool *closing)
{
    for (;;) {
        bool ok;
        if (at_word(p, "where")) {
            if (!parse_clause(p, where, "where", BETWEEN_AFTER_WHERE))
                return false;
            continue;
        }
        if (at_word(p, "within"))
            ok = parse_within(p, c);
        else if (at_word(p, "since"))
            ok = parse_clause(p, &c->since, "since", BETWEEN_IS_CLAUSE);
        else if (at_word(p, "between"))
            ok = parse_between_clause(p, c);
        else if (at_word(p, "weight"))
            ok = parse_clause(p, &c->weight, "weight", BETWEEN_IS_CLAUSE);
        else if (at_word(p, "half_life"))
            ok = parse_clause(p, &c->half_life, "half_life", BETWEEN_IS_CLAUSE);
        else
            return true;
        if (!ok)
            return false;
        *closing = true;
    }
}

/* Only calls over events have windows; elsewhere `between` stays an operator: if(x between 1 and 2, ...). */
static between_role argument_role(pt_sv function)
{
    pt_agg_fn fn;
    bool events = pt_find_aggregate(&fn, function) || pt_sv_eq(function, PT_SV("sequence")) ||
                  pt_sv_eq(function, PT_SV("funnel"));

    return events ? BETWEEN_IS_CLAUSE : BETWEEN_IS_OPERATOR;
}

static bool parse_arguments(parser *p, between_role role, child_list *args, child_list *wheres, pt_clauses *c)
{
    bool closing = false; /* a clause that belongs to the whole call was read: no argument may follow */

    if (p->token.kind == PT_TOKEN_RPAREN)
        return true;
    for (;;) {
        const pt_syn *where = NULL, *arg = parse_expression(p, BIND_OR, role);
        if (!arg || !parse_clauses(p, c, &where, &closing))
            return false;
        if (!child_add(p, args, arg) || !child_add(p, wheres, where))
            return false;
        if (p->token.kind != PT_TOKEN_COMMA)
            return true;
        if (closing) {
            pt_diag *d = pt_reader_problem(p->reader, 212, p->token.span, "an argument after the window or weight");
            pt_diag_hint(p->reader->diags, d, "within, since, between, weight and half_life come last in the brackets");
            return false;
        }
        advance(p);
    }
}

/* `at least` is two words. */
static bool parse_at_least(parser *p, pt_clauses *c)
{
    if (c->at_least)
        return twice(p, "at least") != NULL;
    advance(p);
    return at_word(p, "least") ? parse_clause(p, &c->at_least, "at least", BETWEEN_IS_CLAUSE)
                               : unexpected(p, "'least' and a length of time") != NULL;
}

/* was(condition, at least 30d, within 180d): clauses in any order, commas before them as one likes. */
static bool parse_was(parser *p, child_list *args, child_list *wheres, pt_clauses *c)
{
    const pt_syn *condition;

    if (p->token.kind == PT_TOKEN_RPAREN)
        return true;
    if (!(condition = parse_expression(p, BIND_OR, BETWEEN_IS_OPERATOR)) || !child_add(p, args, condition) ||
        !child_add(p, wheres, NULL))
        return false;
    while (p->token.kind == PT_TOKEN_COMMA || at_word(p, "at") || at_word(p, "within")) {
        bool ok = true;
        if (p->token.kind == PT_TOKEN_COMMA)
            advance(p);
        if (at_word(p, "at"))
            ok = parse_at_least(p, c);
        else if (at_word(p, "within"))
            ok = parse_clause(p, &c->within, "within", BETWEEN_IS_CLAUSE);
        else
            ok = unexpected(p, "'at least' or 'within'") != NULL;
        if (!ok)
            return false;
    }
    return true;
}

static uint32_t depth_of(const pt_syn *n)
{
    return n ? n->depth : 0;
}

static uint32_t clauses_depth(const pt_clauses *c, size_t n_args)
{
    const pt_syn *const rest[] = {c->within, c->since,     c->between[0], c->between[1],
                                  c->weight, c->half_life, c->at_least,   c->next};
    uint32_t deepest = 0;

    for (size_t i = 0; i < n_args; i++)
        deepest = depth_of(c->where[i]) > deepest ? depth_of(c->where[i]) : deepest;
    for (size_t i = 0; i < PT_COUNT(rest); i++)
        deepest = depth_of(rest[i]) > deepest ? depth_of(rest[i]) : deepest;
    return deepest;
}

static const pt_syn *parse_call(parser *p, pt_token name)
{
    pt_syn *n = new_node(p, PT_SYN_CALL, name.span);
    pt_clauses *c = pt_reader_alloc(p->reader, 1, sizeof *c);
    child_list args = {0}, wheres = {0};
    bool ok = n && c;

    advance(p);
    if (ok)
        ok = pt_sv_eq(name.literal.u.text, PT_SV("was"))
                 ? parse_was(p, &args, &wheres, c)
                 : parse_arguments(p, argument_role(name.literal.u.text), &args, &wheres, c);
    if (ok && p->token.kind != PT_TOKEN_RPAREN)
        ok = unexpected(p, "',' or ')'") != NULL;
    if (ok) {
        n->name = name.literal.u.text;
        n->name_span = name.span;
        n->span = span_join(name.span, p->token.span);
        n->n_args = (uint32_t)args.n;
        n->args = child_take(p, &args);
        c->where = child_take(p, &wheres);
        n->clauses = c;
        ok = n->args && c->where;
        advance(p);
    }
    free(args.items);
    free(wheres.items);
    if (!ok || !finish(p, n))
        return NULL;
    if (clauses_depth(c, n->n_args) >= n->depth)
        n->depth = clauses_depth(c, n->n_args) + 1;
    return n->depth > PT_LANG_MAX_DEPTH ? too_deep(p, n->span) : n;
}

/* name, source.column, or the beginning of a call. */
static const pt_syn *parse_name(parser *p)
{
    pt_token first = p->token;
    pt_syn *n;

    advance(p);
    if (p->token.kind == PT_TOKEN_LPAREN && first.kind == PT_TOKEN_WORD)
        return parse_call(p, first);
    if (!(n = new_node(p, PT_SYN_NAME, first.span)))
        return NULL;
    n->name = first.literal.u.text;
    n->name_span = first.span;
    n->quoted = first.kind == PT_TOKEN_NAME;
    if (p->token.kind != PT_TOKEN_DOT)
        return n;
    advance(p);
    if (p->token.kind != PT_TOKEN_WORD && p->token.kind != PT_TOKEN_NAME)
        return unexpected(p, "the name of a column");
    n->qualifier = n->name;
    n->qualifier_span = n->name_span;
    n->name = p->token.literal.u.text;
    n->name_span = p->token.span;
    n->span = span_join(first.span, p->token.span);
    advance(p);
    return n;
}

/* --- expressions -------------------------------------------------------------------------------------------------- */

static const pt_syn *parse_parenthesis(parser *p)
{
    const pt_syn *inner;

    advance(p);
    inner = parse_expression(p, BIND_OR, BETWEEN_IS_OPERATOR);
    if (!inner || !expect(p, PT_TOKEN_RPAREN, "')'"))
        return NULL;
    return inner;
}

static const pt_syn *parse_word(parser *p)
{
    pt_sv word = p->token.literal.u.text;
    pt_syn *n;

    if (pt_sv_eq(word, PT_SV("true")) || pt_sv_eq(word, PT_SV("false")))
        return parse_bool(p, word.len == 4);
    if (pt_sv_eq(word, PT_SV("missing"))) {
        n = new_node(p, PT_SYN_MISSING, p->token.span);
        advance(p);
        return n;
    }
    if (pt_word_is_reserved(word) && !pt_sv_eq(word, PT_SV("as_of")))
        return unexpected(p, "a value");
    return parse_name(p);
}

static const pt_syn *parse_operand(parser *p)
{
    switch (p->token.kind) {
    case PT_TOKEN_NUMBER:
    case PT_TOKEN_TEXT:
    case PT_TOKEN_DATE:
    case PT_TOKEN_INSTANT:
    case PT_TOKEN_DURATION: return parse_literal(p);
    case PT_TOKEN_WORD: return parse_word(p);
    case PT_TOKEN_NAME: return parse_name(p);
    case PT_TOKEN_LPAREN: return parse_parenthesis(p);
    default: return at_op(p, PT_OP_SUB) ? parse_minus(p) : unexpected(p, "a value");
    }
}

static const pt_syn *parse_not(parser *p, int binding, between_role role)
{
    pt_span span = p->token.span;
    const pt_syn *operand;

    if (binding > BIND_NOT) {
        pt_diag *d = pt_reader_problem(p->reader, 207, span, "'not' cannot stand here");
        pt_diag_hint(p->reader->diags, d, "put the condition in parentheses: (not ...)");
        return NULL;
    }
    advance(p);
    operand = parse_expression(p, BIND_NOT, role);
    return operand ? node_over(p, PT_SYN_UNARY, PT_OP_NOT, span_join(span, operand->span), &operand, 1) : NULL;
}

/* x in (a, b, c) */
static const pt_syn *parse_in(parser *p, const pt_syn *left)
{
    child_list list = {0};
    pt_syn *n = new_node(p, PT_SYN_IN, left->span);
    bool ok = n && child_add(p, &list, left) && expect(p, PT_TOKEN_LPAREN, "'(' and the list of values");
    pt_span end;

    while (ok) {
        const pt_syn *item = parse_expression(p, BIND_ADD, BETWEEN_IS_OPERATOR);
        ok = item && child_add(p, &list, item);
        if (!ok || p->token.kind != PT_TOKEN_COMMA)
            break;
        advance(p);
    }
    end = p->token.span;
    ok = ok && expect(p, PT_TOKEN_RPAREN, "',' or ')'");
    if (ok) {
        n->n_args = (uint32_t)list.n;
        n->args = child_take(p, &list);
        n->span = span_join(left->span, end);
        ok = n->args != NULL;
    }
    free(list.items);
    return ok ? finish(p, n) : NULL;
}

static const pt_syn *parse_between(parser *p, const pt_syn *left)
{
    const pt_syn *parts[3] = {left, parse_expression(p, BIND_ADD, BETWEEN_IS_OPERATOR), NULL};

    if (!parts[1])
        return NULL;
    if (!at_word(p, "and"))
        return unexpected(p, "'and' and the upper end");
    advance(p);
    parts[2] = parse_expression(p, BIND_ADD, BETWEEN_IS_OPERATOR);
    return parts[2] ? node_over(p, PT_SYN_BETWEEN, 0, span_join(left->span, parts[2]->span), parts, 3) : NULL;
}

static const pt_syn *parse_is(parser *p, const pt_syn *left, bool *negated)
{
    pt_span end;

    if (at_word(p, "not")) {
        *negated = true;
        advance(p);
    }
    end = p->token.span;
    if (!at_word(p, "missing")) {
        pt_diag *d;
        if (p->token.kind == PT_TOKEN_BAD)
            return NULL;
        d = pt_reader_problem(p->reader, 207, end, "expected 'missing' after 'is'");
        pt_diag_hint(p->reader->diags, d, "write x is missing, x is not missing; to compare write x = y");
        return NULL;
    }
    advance(p);
    return node_over(p, PT_SYN_IS_MISSING, 0, span_join(left->span, end), &left, 1);
}

static const pt_syn *parse_pair(parser *p, pt_syn_kind kind, pt_op op, const pt_syn *left, int binding,
                                between_role role)
{
    const pt_syn *pair[2] = {left, parse_expression(p, binding, role)};

    return pair[1] ? node_over(p, kind, op, span_join(left->span, pair[1]->span), pair, 2) : NULL;
}

/* Whether an operand can only be true or false, by its form alone. */
static bool is_condition(const pt_syn *n)
{
    switch (n->kind) {
    case PT_SYN_IN:
    case PT_SYN_BETWEEN:
    case PT_SYN_IS_MISSING:
    case PT_SYN_HAS:
    case PT_SYN_MATCHES: return true;
    case PT_SYN_UNARY: return n->op == PT_OP_NOT;
    case PT_SYN_BINARY: return n->op >= PT_OP_OR && n->op <= PT_OP_GE;
    default: return false;
    }
}

static bool between_is_operator(between_role role, const pt_syn *left)
{
    return role == BETWEEN_IS_OPERATOR || (role == BETWEEN_AFTER_WHERE && !is_condition(left));
}

/* Whether the token begins a comparison after the operand `left`. */
static bool at_comparison(const parser *p, const pt_syn *left, between_role role)
{
    if (p->token.kind == PT_TOKEN_OP)
        return p->token.op >= PT_OP_EQ && p->token.op <= PT_OP_GE;
    if (at_word(p, "between"))
        return between_is_operator(role, left);
    return at_word(p, "in") || at_word(p, "not") || at_word(p, "is") || at_word(p, "has") || at_word(p, "matches");
}

static const pt_syn *parse_comparison_word(parser *p, const pt_syn *left, bool *negated)
{
    if (at_word(p, "not")) {
        *negated = true;
        advance(p);
    }
    if (at_word(p, "in")) {
        advance(p);
        return parse_in(p, left);
    }
    if (at_word(p, "between")) {
        advance(p);
        return parse_between(p, left);
    }
    if (at_word(p, "has") || at_word(p, "matches")) {
        pt_syn_kind kind = at_word(p, "has") ? PT_SYN_HAS : PT_SYN_MATCHES;
        advance(p);
        return parse_pair(p, kind, 0, left, BIND_ADD, BETWEEN_IS_OPERATOR);
    }
    if (at_word(p, "is") && !*negated) {
        advance(p);
        return parse_is(p, left, negated);
    }
    return unexpected(p, "in, between, has or matches after 'not'");
}

static const pt_syn *parse_comparison(parser *p, const pt_syn *left, between_role role)
{
    bool negated = false;
    const pt_syn *n;

    if (p->token.kind == PT_TOKEN_OP) {
        pt_op op = p->token.op;
        advance(p);
        n = parse_pair(p, PT_SYN_BINARY, op, left, BIND_ADD, role);
    } else {
        n = parse_comparison_word(p, left, &negated);
    }
    if (n && negated)
        ((pt_syn *)n)->negated = true; /* made by us a moment ago */
    if (n && at_comparison(p, n, role)) {
        pt_diag *d = pt_reader_problem(p->reader, 208, p->token.span, "comparisons cannot be chained");
        pt_diag_hint(p->reader->diags, d,
                     "write a < b and b < c, or b between a and c; use parentheses for (a = b) = c");
        return NULL;
    }
    return n;
}

/* How strongly the token binds as an infix operator; 0 when it is none. */
static int infix_binding(const parser *p, const pt_syn *left, between_role role)
{
    if (at_word(p, "or"))
        return BIND_OR;
    if (at_word(p, "and"))
        return BIND_AND;
    if (at_comparison(p, left, role))
        return BIND_COMPARE;
    if (at_op(p, PT_OP_ADD) || at_op(p, PT_OP_SUB))
        return BIND_ADD;
    return p->token.kind == PT_TOKEN_OP ? BIND_MUL : 0;
}

static const pt_syn *parse_infix(parser *p, const pt_syn *left, int binding, between_role role)
{
    pt_op op = binding == BIND_OR ? PT_OP_OR : binding == BIND_AND ? PT_OP_AND : p->token.op;

    if (binding == BIND_COMPARE)
        return parse_comparison(p, left, role);
    advance(p);
    return parse_pair(p, PT_SYN_BINARY, op, left, binding + 1, role);
}

/* An operand and all infix operators after it that bind at least as strongly as `binding`. */
static const pt_syn *parse_expression(parser *p, int binding, between_role role)
{
    const pt_syn *left;
    int found;

    if (++p->nesting > 4 * PT_LANG_MAX_DEPTH) {
        p->nesting--;
        return too_deep(p, p->token.span);
    }
    left = at_word(p, "not") ? parse_not(p, binding, role) : parse_operand(p);
    while (left && (found = infix_binding(p, left, role)) >= binding && found)
        left = parse_infix(p, left, found, role);
    p->nesting--;
    return left;
}

/* --- the whole text ----------------------------------------------------------------------------------------------- */

static bool check_bytes(pt_reader *r)
{
    size_t bad = pt_utf8_valid(r->text);
    const char *nul = r->text.len ? memchr(r->text.ptr, '\0', r->text.len) : NULL;

    if (r->text.len > PT_LANG_MAX_LENGTH) {
        pt_reader_problem(r, 210, (pt_span){0, 1}, "the expression is longer than %d bytes", PT_LANG_MAX_LENGTH);
        return false;
    }
    if (bad < r->text.len)
        pt_reader_problem(r, 201, (pt_span){(uint32_t)bad, 1}, "the expression is not valid UTF-8 here");
    else if (nul)
        pt_reader_problem(r, 201, (pt_span){(uint32_t)(nul - r->text.ptr), 1}, "the expression holds a NUL byte");
    return bad == r->text.len && !nul;
}

const pt_syn *pt_parse(pt_reader *r)
{
    parser p = {.reader = r, .lexer = {.reader = r}};
    const pt_syn *n;

    if (!check_bytes(r))
        return NULL;
    advance(&p);
    if (p.token.kind == PT_TOKEN_END) {
        pt_reader_problem(r, 211, (pt_span){0, 1}, "the expression is empty");
        return NULL;
    }
    n = parse_expression(&p, BIND_OR, BETWEEN_IS_OPERATOR);
    if (n && p.token.kind != PT_TOKEN_END)
        return unexpected(&p, "an operator or the end");
    return n;
}
