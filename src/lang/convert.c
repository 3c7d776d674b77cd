/* Nodes and conversions. A conversion is a node of its own, so that the evaluator never converts on the quiet. */
#include "base/money.h"
#include "lang/check.h"

pt_node *pt_make_node(pt_checker *c, pt_node_kind kind, pt_type type, pt_span span, const pt_node *const *args,
                      uint32_t n_args)
{
    pt_node *n = pt_reader_alloc(&c->reader, 1, sizeof *n);

    if (!n || !(n->args = pt_reader_alloc(&c->reader, n_args, sizeof *n->args)))
        return NULL;
    n->kind = kind;
    n->type = type;
    n->offset = span.offset;
    n->length = span.length;
    n->n_args = n_args;
    n->level = PT_LEVEL_CONSTANT;
    for (uint32_t i = 0; i < n_args; i++) {
        n->args[i] = args[i];
        n->level = args[i]->level > n->level ? args[i]->level : n->level;
    }
    return n;
}

bool pt_converts(pt_type from, pt_type to)
{
    if (from == to || from == PT_TYPE_NONE)
        return true;
    return (from == PT_TYPE_NUMBER && to == PT_TYPE_MONEY) || (from == PT_TYPE_DATE && to == PT_TYPE_INSTANT) ||
           (from == PT_TYPE_CATEGORY && to == PT_TYPE_TEXT) || (from == PT_TYPE_WEIGHTED && to == PT_TYPE_LIST);
}

/* Decimals after the fourth that are not zero. */
static bool finer_than_money(pt_sv text)
{
    const char *point = memchr(text.ptr, '.', text.len);
    size_t n = point ? (size_t)(text.ptr + text.len - point) : 0;

    for (size_t i = 5; i < n; i++)
        if (point[i] != '0')
            return true;
    return false;
}

/* Money from the digits as written: a double would lose cents above 9e11. */
static bool exact_money(int64_t *out, pt_sv text, double value)
{
    bool minus = text.len && text.ptr[0] == '-';
    pt_sv digits = minus ? pt_sv_trim((pt_sv){text.ptr + 1, text.len - 1}) : text;

    if (memchr(digits.ptr, 'e', digits.len) || memchr(digits.ptr, 'E', digits.len))
        return pt_money_from_double(out, value) && pt_money_double(*out) == value;
    if (finer_than_money(digits) || !pt_money_parse(out, digits))
        return false;
    *out = minus ? -*out : *out;
    return true;
}

static const pt_node *literal_to_money(pt_checker *c, const pt_node *n)
{
    pt_span span = pt_node_span(n);
    pt_node *money = pt_make_node(c, PT_NODE_LITERAL, PT_TYPE_MONEY, span, NULL, 0);

    if (!money || exact_money(&money->u.literal.u.i64, pt_reader_text(&c->reader, span), n->u.literal.u.number))
        return money;
    pt_diag *d = pt_reader_problem(&c->reader, 320, span, "'%.*s' is not an exact amount of money",
                                   PT_SV_ARG(pt_reader_text(&c->reader, span)));
    pt_diag_hint(c->reader.diags, d, "money has four decimals and fifteen digits before them");
    return NULL;
}

const pt_node *pt_convert(pt_checker *c, const pt_node *n, pt_type to)
{
    pt_node *made;

    if (!n || n->type == to)
        return n;
    if (n->kind == PT_NODE_MISSING)
        return pt_make_node(c, PT_NODE_MISSING, to, pt_node_span(n), NULL, 0);
    if (n->kind == PT_NODE_LITERAL && n->type == PT_TYPE_NUMBER && to == PT_TYPE_MONEY)
        return literal_to_money(c, n);
    made = pt_make_node(c, PT_NODE_CAST, to, pt_node_span(n), &n, 1);
    return made;
}

bool pt_unify(pt_type *out, pt_type a, pt_type b)
{
    if (pt_converts(a, b))
        *out = b;
    else if (pt_converts(b, a))
        *out = a;
    else
        return false;
    return true;
}

pt_type pt_unify_all(pt_checker *c, const pt_node **nodes, uint32_t n, const char *what)
{
    pt_type type = PT_TYPE_NONE;

    for (uint32_t i = 0; i < n; i++) {
        if (!pt_unify(&type, type, nodes[i]->type)) {
            pt_reader_problem(&c->reader, 329, pt_node_span(nodes[i]),
                              "%s must be of one type: this is %s, before it %s", what, pt_type_name(nodes[i]->type),
                              pt_type_name(type));
            return PT_TYPE_NONE;
        }
    }
    if (type == PT_TYPE_NONE) {
        pt_diag *d =
            pt_reader_problem(&c->reader, 318, pt_node_span(nodes[0]), "nothing here says of which type it is");
        pt_diag_hint(c->reader.diags, d, "at least one of %s must be more than missing", what);
        return PT_TYPE_NONE;
    }
    for (uint32_t i = 0; i < n; i++)
        if (!(nodes[i] = pt_convert(c, nodes[i], type)))
            return PT_TYPE_NONE;
    return type;
}

bool pt_refuse_missing(pt_checker *c, const pt_node *n)
{
    pt_diag *d;

    if (n->type != PT_TYPE_NONE)
        return false;
    d = pt_reader_problem(&c->reader, 317, pt_node_span(n),
                          "'missing' has no use here: the result would always be missing");
    pt_diag_hint(c->reader.diags, d, "to ask whether a value is known write x is missing or x is not missing");
    return true;
}
