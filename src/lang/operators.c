/* Types of operators, comparisons and conditions. The table of arithmetic is the one of ast.h. */
#include <stdio.h>

#include "lang/check.h"
#include "lang/pattern.h"

/* --- arithmetic --------------------------------------------------------------------------------------------------- */

#define T(name) PT_TYPE_##name
static const struct {
    pt_op op;
    pt_type left, right, result;
} arithmetic[] = {
    {PT_OP_ADD, T(NUMBER), T(NUMBER), T(NUMBER)},       {PT_OP_ADD, T(MONEY), T(MONEY), T(MONEY)},
    {PT_OP_ADD, T(DURATION), T(DURATION), T(DURATION)}, {PT_OP_ADD, T(INSTANT), T(DURATION), T(INSTANT)},
    {PT_OP_ADD, T(DATE), T(DURATION), T(DATE)},         {PT_OP_SUB, T(NUMBER), T(NUMBER), T(NUMBER)},
    {PT_OP_SUB, T(MONEY), T(MONEY), T(MONEY)},          {PT_OP_SUB, T(DURATION), T(DURATION), T(DURATION)},
    {PT_OP_SUB, T(INSTANT), T(DURATION), T(INSTANT)},   {PT_OP_SUB, T(DATE), T(DURATION), T(DATE)},
    {PT_OP_SUB, T(INSTANT), T(INSTANT), T(DURATION)},   {PT_OP_SUB, T(DATE), T(DATE), T(DURATION)},
    {PT_OP_MUL, T(NUMBER), T(NUMBER), T(NUMBER)},       {PT_OP_MUL, T(MONEY), T(NUMBER), T(MONEY)},
    {PT_OP_MUL, T(NUMBER), T(MONEY), T(MONEY)},         {PT_OP_MUL, T(DURATION), T(NUMBER), T(DURATION)},
    {PT_OP_MUL, T(NUMBER), T(DURATION), T(DURATION)},   {PT_OP_DIV, T(NUMBER), T(NUMBER), T(NUMBER)},
    {PT_OP_DIV, T(MONEY), T(NUMBER), T(MONEY)},         {PT_OP_DIV, T(MONEY), T(MONEY), T(NUMBER)},
    {PT_OP_DIV, T(DURATION), T(NUMBER), T(DURATION)},   {PT_OP_DIV, T(DURATION), T(DURATION), T(NUMBER)},
    {PT_OP_MOD, T(NUMBER), T(NUMBER), T(NUMBER)},
};
#undef T

static pt_type arithmetic_result(pt_op op, pt_type left, pt_type right)
{
    for (size_t i = 0; i < PT_COUNT(arithmetic); i++)
        if (arithmetic[i].op == op && arithmetic[i].left == left && arithmetic[i].right == right)
            return arithmetic[i].result;
    return PT_TYPE_NONE;
}

static const char *arithmetic_hint(pt_type a, pt_type b)
{
    if (pt_type_is_text(a) || pt_type_is_text(b))
        return "text is joined with concat(a, b) and read with number(x) or money(x)";
    if (a == PT_TYPE_BOOL || b == PT_TYPE_BOOL)
        return "count with if(x, 1, 0)";
    if (pt_type_is_list(a) || pt_type_is_list(b))
        return "take a number from a list with size(x) or weight_of(x, 'item')";
    if (a == PT_TYPE_MONEY && b == PT_TYPE_MONEY)
        return "only sums, differences and ratios of money have a meaning; number(x) takes the amount";
    if (pt_set_has(PT_SET_TIME | PT_IS(DURATION), a) && pt_set_has(PT_SET_TIME | PT_IS(DURATION), b))
        return "write date + duration, later - earlier, or duration + duration";
    if (pt_set_has(PT_SET_TIME | PT_IS(DURATION), a) || pt_set_has(PT_SET_TIME | PT_IS(DURATION), b))
        return "write lengths of time with their unit: today() - 30d; duration / 1d is a number of days";
    return "convert one of them with number(x) or money(x)";
}

static const pt_node *bad_operands(pt_checker *c, const pt_syn *s, const pt_node *const *pair, const char *hint)
{
    pt_diag *d = pt_reader_problem(&c->reader, 310, s->span, "'%s' does not take %s and %s", pt_op_name(s->op),
                                   pt_type_name(pair[0]->type), pt_type_name(pair[1]->type));

    if (hint)
        pt_diag_hint(c->reader.diags, d, "%s", hint);
    return NULL;
}

static const pt_node *binary_node(pt_checker *c, const pt_syn *s, pt_type type, const pt_node **pair)
{
    pt_node *n;

    if (!pair[0] || !pair[1] || !(n = pt_make_node(c, PT_NODE_BINARY, type, s->span, pair, 2)))
        return NULL;
    n->u.op = s->op;
    return n;
}

static const pt_node *check_arithmetic(pt_checker *c, const pt_syn *s, const pt_node **pair)
{
    pt_type both, result = arithmetic_result(s->op, pair[0]->type, pair[1]->type);

    if (result == PT_TYPE_NONE && pt_unify(&both, pair[0]->type, pair[1]->type)) {
        result = arithmetic_result(s->op, both, both);
        if (result != PT_TYPE_NONE) {
            pair[0] = pt_convert(c, pair[0], both);
            pair[1] = pt_convert(c, pair[1], both);
        }
    }
    if (result == PT_TYPE_NONE)
        return bad_operands(c, s, pair, arithmetic_hint(pair[0]->type, pair[1]->type));
    return binary_node(c, s, result, pair);
}

/* --- comparisons -------------------------------------------------------------------------------------------------- */

/* The type in which two values are compared: text and category compare as they are. */
static bool comparison_type(pt_type *out, pt_type a, pt_type b)
{
    if (pt_type_is_text(a) && pt_type_is_text(b)) {
        *out = PT_TYPE_TEXT;
        return true;
    }
    return !pt_type_is_list(a) && !pt_type_is_list(b) && pt_unify(out, a, b);
}

static const pt_node *to_comparison(pt_checker *c, const pt_node *n, pt_type type)
{
    return pt_type_is_text(type) ? n : pt_convert(c, n, type);
}

/* An instant against a date is an instant against the first moment of the day: rarely what `= 2017-01-31` means. */
static void warn_midnight(pt_checker *c, const pt_node *date, const pt_node *other, bool always)
{
    pt_diag *d;

    if (!date || !other || date->type != PT_TYPE_DATE || other->type != PT_TYPE_INSTANT)
        return;
    if (!always && date->kind != PT_NODE_LITERAL)
        return;
    d = pt_reader_warning(&c->reader, 324, pt_node_span(date), "here the date means the first moment of that day");
    pt_diag_hint(c->reader.diags, d, "to compare days write date(%.*s)",
                 PT_SV_ARG(pt_reader_text(&c->reader, pt_node_span(other))));
}

static void warn_midnights(pt_checker *c, pt_op op, const pt_node *left, const pt_node *right)
{
    bool equal = op == PT_OP_EQ || op == PT_OP_NE;

    if (equal || op == PT_OP_LE || op == PT_OP_GT)
        warn_midnight(c, right, left, equal);
    if (equal || op == PT_OP_GE || op == PT_OP_LT)
        warn_midnight(c, left, right, equal);
}

static const char *comparison_hint(const pt_node *a, const pt_node *b)
{
    const pt_node *text = pt_type_is_text(a->type) ? a : pt_type_is_text(b->type) ? b : NULL;
    const pt_node *other = text == a ? b : a;

    if (pt_type_is_list(a->type) || pt_type_is_list(b->type))
        return "ask whether a list holds an item with x has 'item', or for its length with size(x)";
    if (text && pt_set_has(PT_SET_TIME, other->type))
        return text->kind == PT_NODE_LITERAL ? "write dates without quotes: 2017-01-31"
                                             : "read text as a date with date(x)";
    if (text && other->kind == PT_NODE_LITERAL)
        return "text is compared with text: put the value in quotes";
    if (text)
        return text->kind == PT_NODE_LITERAL ? "write numbers, dates and true without quotes"
                                             : "convert with number(x), money(x), date(x) or text(x)";
    if (a->type == PT_TYPE_DURATION || b->type == PT_TYPE_DURATION)
        return "write lengths of time with their unit, for example 30d";
    if (a->type == PT_TYPE_BOOL || b->type == PT_TYPE_BOOL)
        return "a bool is compared with true or false, or stands alone as a condition";
    if (pt_set_has(PT_SET_TIME, a->type) || pt_set_has(PT_SET_TIME, b->type))
        return "dates look like 2017-01-31; days_since(x) is the number of days up to today";
    return NULL;
}

static const pt_node *as_count(pt_checker *c, const pt_node *did)
{
    pt_node *n = pt_make_node(c, PT_NODE_AGGREGATE, PT_TYPE_NUMBER, pt_node_span(did), NULL, 0);
    pt_agg *agg = pt_reader_alloc(&c->reader, 1, sizeof *agg);

    if (!n || !agg)
        return NULL;
    *agg = *did->u.agg;
    agg->fn = PT_AGG_COUNT;
    n->level = did->level;
    n->u.agg = agg;
    return n;
}

/* did(...) beside a number is how often. */
static void count_did(pt_checker *c, const pt_node **nodes, uint32_t n)
{
    bool number = false;

    for (uint32_t i = 0; i < n; i++)
        number |= nodes[i]->type == PT_TYPE_NUMBER;
    for (uint32_t i = 0; number && i < n; i++)
        if (nodes[i]->kind == PT_NODE_AGGREGATE && nodes[i]->u.agg->fn == PT_AGG_DID)
            nodes[i] = as_count(c, nodes[i]);
}

static const pt_node *check_comparison(pt_checker *c, const pt_syn *s, const pt_node **pair)
{
    bool equality = s->op == PT_OP_EQ || s->op == PT_OP_NE;
    pt_type type;

    count_did(c, pair, 2);
    if (!pair[0] || !pair[1])
        return NULL;
    if (!comparison_type(&type, pair[0]->type, pair[1]->type))
        return bad_operands(c, s, pair, comparison_hint(pair[0], pair[1]));
    if (type == PT_TYPE_BOOL && !equality)
        return bad_operands(c, s, pair, "true and false have no order");
    warn_midnights(c, s->op, pair[0], pair[1]);
    pair[0] = to_comparison(c, pair[0], type);
    pair[1] = to_comparison(c, pair[1], type);
    return binary_node(c, s, PT_TYPE_BOOL, pair);
}

/* --- all arguments of an operator --------------------------------------------------------------------------------- */

/* Checks each child; NULL when one has problems. The array is the arena's. */
static const pt_node **check_children(pt_checker *c, const pt_syn *s)
{
    const pt_node **nodes = pt_reader_alloc(&c->reader, s->n_args, sizeof *nodes);
    bool whole = nodes != NULL;

    for (uint32_t i = 0; nodes && i < s->n_args; i++)
        whole &= (nodes[i] = pt_check_any(c, s->args[i])) != NULL;
    for (uint32_t i = 0; whole && i < s->n_args && s->kind != PT_SYN_IS_MISSING; i++)
        whole &= !pt_refuse_missing(c, nodes[i]);
    return whole ? nodes : NULL;
}

static const pt_node *check_logic(pt_checker *c, const pt_syn *s)
{
    const pt_node *pair[2];
    char what[40];

    snprintf(what, sizeof what, "what '%s' joins", pt_op_name(s->op));
    pair[0] = pt_check_condition(c, s->args[0], what);
    pair[1] = pt_check_condition(c, s->args[1], what);
    return binary_node(c, s, PT_TYPE_BOOL, pair);
}

static const pt_node *check_binary(pt_checker *c, const pt_syn *s)
{
    const pt_node **pair;

    if (s->op == PT_OP_AND || s->op == PT_OP_OR)
        return check_logic(c, s);
    if (!(pair = check_children(c, s)))
        return NULL;
    return s->op <= PT_OP_GE ? check_comparison(c, s, pair) : check_arithmetic(c, s, pair);
}

static const pt_node *unary_node(pt_checker *c, pt_op op, pt_span span, const pt_node *operand)
{
    pt_node *n = operand ? pt_make_node(c, PT_NODE_UNARY, operand->type, span, &operand, 1) : NULL;

    if (n)
        n->u.op = op;
    return n;
}

static const pt_node *check_unary(pt_checker *c, const pt_syn *s)
{
    const pt_node *operand;

    if (s->op == PT_OP_NOT)
        return unary_node(c, PT_OP_NOT, s->span, pt_check_condition(c, s->args[0], "what follows 'not'"));
    operand = pt_check_any(c, s->args[0]);
    if (!operand || pt_refuse_missing(c, operand))
        return NULL;
    if (!pt_set_has(PT_SET_QUANTITY, operand->type)) {
        pt_diag *d = pt_reader_problem(&c->reader, 310, s->span, "'-' does not take %s", pt_type_name(operand->type));
        if (operand->type == PT_TYPE_BOOL)
            pt_diag_hint(c->reader.diags, d, "write not x");
        return NULL;
    }
    return unary_node(c, PT_OP_NEG, s->span, operand);
}

/* --- in, between, is missing, has, matches ------------------------------------------------------------------------ */

static const pt_node *check_list_item(pt_checker *c, const pt_node *item, const pt_node *left)
{
    bool text = pt_type_is_text(left->type) && pt_type_is_text(item->type);
    bool fits = text || (pt_converts(item->type, left->type) && !pt_type_is_list(left->type) &&
                         !(left->type == PT_TYPE_INSTANT && item->type == PT_TYPE_DATE));
    pt_diag *d;

    if (item->kind != PT_NODE_LITERAL) {
        d = pt_reader_problem(&c->reader, 213, pt_node_span(item), "'in' takes a list of constants");
        pt_diag_hint(c->reader.diags, d, "write x in ('a', 'b'); compare with anything else by = and or");
        return NULL;
    }
    if (fits)
        return text ? item : pt_convert(c, item, left->type);
    d = pt_reader_problem(&c->reader, 310, pt_node_span(item), "%s cannot be in a list compared with %s",
                          pt_type_name(item->type), pt_type_name(left->type));
    if (left->type == PT_TYPE_INSTANT && item->type == PT_TYPE_DATE)
        pt_diag_hint(c->reader.diags, d, "to compare days write date(x) in (...)");
    else if (comparison_hint(left, item))
        pt_diag_hint(c->reader.diags, d, "%s", comparison_hint(left, item));
    return NULL;
}

static const pt_node *check_in(pt_checker *c, const pt_syn *s)
{
    const pt_node **nodes = check_children(c, s);
    bool whole = nodes != NULL;

    if (nodes)
        count_did(c, nodes, s->n_args);
    for (uint32_t i = 1; nodes && nodes[0] && i < s->n_args; i++)
        whole &= (nodes[i] = check_list_item(c, nodes[i], nodes[0])) != NULL;
    return whole && nodes[0] ? pt_make_node(c, PT_NODE_IN, PT_TYPE_BOOL, s->span, nodes, s->n_args) : NULL;
}

static const pt_node *bad_between(pt_checker *c, const pt_syn *s, const pt_node **nodes)
{
    pt_diag *d =
        pt_reader_problem(&c->reader, 310, s->span, "'between' does not take %s, %s and %s",
                          pt_type_name(nodes[0]->type), pt_type_name(nodes[1]->type), pt_type_name(nodes[2]->type));

    if (nodes[0]->type == PT_TYPE_BOOL && c->scope >= 0)
        pt_diag_hint(c->reader.diags, d, "a window goes before where: (%s between ... and ... where ...)",
                     c->catalog->sources[c->scope].name);
    else if (comparison_hint(nodes[0], nodes[1]))
        pt_diag_hint(c->reader.diags, d, "%s", comparison_hint(nodes[0], nodes[1]));
    return NULL;
}

static const pt_node *check_between(pt_checker *c, const pt_syn *s)
{
    const pt_node **nodes = check_children(c, s);
    pt_type type;

    if (!nodes)
        return NULL;
    count_did(c, nodes, 3);
    if (!nodes[0] || !nodes[1] || !nodes[2])
        return NULL;
    if (!comparison_type(&type, nodes[0]->type, nodes[1]->type) || !comparison_type(&type, type, nodes[2]->type) ||
        type == PT_TYPE_BOOL)
        return bad_between(c, s, nodes);
    warn_midnight(c, nodes[2], nodes[0], false);
    for (int i = 0; i < 3; i++)
        if (!(nodes[i] = to_comparison(c, nodes[i], type)))
            return NULL;
    return pt_make_node(c, PT_NODE_BETWEEN, PT_TYPE_BOOL, s->span, nodes, 3);
}

static const pt_node *check_is_missing(pt_checker *c, const pt_syn *s)
{
    const pt_node **nodes = check_children(c, s);

    if (!nodes || pt_refuse_missing(c, nodes[0]))
        return NULL;
    return pt_make_node(c, PT_NODE_IS_MISSING, PT_TYPE_BOOL, s->span, nodes, 1);
}

static bool is_text_literal(const pt_node *n)
{
    return n->kind == PT_NODE_LITERAL && n->type == PT_TYPE_TEXT;
}

static const pt_node *check_has(pt_checker *c, const pt_syn *s)
{
    const pt_node **nodes = check_children(c, s);
    pt_diag *d;

    if (!nodes)
        return NULL;
    if (!pt_type_is_list(nodes[0]->type)) {
        d = pt_reader_problem(&c->reader, 310, s->span, "'has' asks a list, this is %s", pt_type_name(nodes[0]->type));
        if (pt_type_is_text(nodes[0]->type))
            pt_diag_hint(c->reader.diags, d, "for a part of a text write contains(x, 'part')");
        return NULL;
    }
    if (!is_text_literal(nodes[1])) {
        d = pt_reader_problem(&c->reader, 314, pt_node_span(nodes[1]), "'has' takes one item in quotes");
        pt_diag_hint(c->reader.diags, d, "write x has 'tea'; for several items has_any(x, 'tea', 'nuts')");
        return NULL;
    }
    return pt_make_node(c, PT_NODE_HAS, PT_TYPE_BOOL, s->span, nodes, 2);
}

static bool check_pattern(pt_checker *c, const pt_node *pattern)
{
    char msg[160] = "";
    size_t offset = 0;
    pcre2_code *code = pt_pattern_compile(pattern->u.literal.u.text, msg, sizeof msg, &offset);

    if (!code) {
        pt_reader_problem(&c->reader, 321, pt_node_span(pattern), "wrong pattern: %s (at its character %zu)", msg,
                          offset + 1);
        return false;
    }
    pcre2_code_free(code);
    return true;
}

static const pt_node *check_matches(pt_checker *c, const pt_syn *s)
{
    const pt_node **nodes = check_children(c, s);

    if (!nodes)
        return NULL;
    if (!pt_type_is_text(nodes[0]->type)) {
        pt_diag *d = pt_reader_problem(&c->reader, 310, s->span, "'matches' asks text, this is %s",
                                       pt_type_name(nodes[0]->type));
        pt_diag_hint(c->reader.diags, d, "text(x) writes a value as text");
        return NULL;
    }
    if (!is_text_literal(nodes[1])) {
        pt_reader_problem(&c->reader, 314, pt_node_span(nodes[1]), "'matches' takes a pattern in quotes");
        return NULL;
    }
    if (!check_pattern(c, nodes[1]))
        return NULL;
    return pt_make_node(c, PT_NODE_MATCHES, PT_TYPE_BOOL, s->span, nodes, 2);
}

const pt_node *pt_check_operator(pt_checker *c, const pt_syn *s)
{
    const pt_node *n;

    switch (s->kind) {
    case PT_SYN_UNARY: return check_unary(c, s);
    case PT_SYN_BINARY: return check_binary(c, s);
    case PT_SYN_IN: n = check_in(c, s); break;
    case PT_SYN_BETWEEN: n = check_between(c, s); break;
    case PT_SYN_IS_MISSING: n = check_is_missing(c, s); break;
    case PT_SYN_HAS: n = check_has(c, s); break;
    default: n = check_matches(c, s); break;
    }
    return s->negated ? unary_node(c, PT_OP_NOT, s->span, n) : n;
}
