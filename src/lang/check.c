/* The checker's trunk: which file checks which kind of node. */
#include "lang/check.h"

static const pt_node *check_literal(pt_checker *c, const pt_syn *s)
{
    pt_node *n = pt_make_node(c, PT_NODE_LITERAL, s->type, s->span, NULL, 0);

    if (n)
        n->u.literal = s->literal;
    return n;
}

static const pt_node *unknown_function(pt_checker *c, const pt_syn *s)
{
    const char *names[PT_FN_COUNT + PT_AGG_COUNT_ + PT_BASE_COUNT_ + 4];
    size_t n = 0;
    pt_diag *d = pt_reader_problem(&c->reader, 304, s->name_span, "unknown function '%.*s'", PT_SV_ARG(s->name));

    for (int i = 0; i < PT_FN_COUNT; i++)
        names[n++] = pt_fn_name((pt_fn)i);
    for (int i = 0; i < PT_AGG_COUNT_; i++)
        names[n++] = pt_agg_name((pt_agg_fn)i);
    for (int i = 0; i < PT_BASE_COUNT_; i++)
        names[n++] = pt_base_name((pt_base_fn)i);
    names[n++] = "sequence";
    names[n++] = "funnel";
    names[n++] = "tiers";
    names[n++] = "was";
    pt_diag_suggest(c->reader.diags, d, s->name, names, n);
    return NULL;
}

bool pt_check_no_clauses(pt_checker *c, const pt_syn *call)
{
    const pt_clauses *k = call->clauses;
    const pt_syn *const rest[] = {k->within, k->next, k->since, k->between[0], k->weight, k->half_life};
    const pt_syn *found = NULL;

    for (uint32_t i = 0; i < call->n_args && !found; i++)
        found = k->where[i];
    for (size_t i = 0; i < PT_COUNT(rest) && !found; i++)
        found = rest[i];
    if (found)
        pt_reader_problem(&c->reader, 323, found->span, "%.*s takes no where, window or weight", PT_SV_ARG(call->name));
    return !found;
}

bool pt_check_label(pt_checker *c, pt_span span, const char *label, const char **labels, uint32_t i)
{
    if (!label[0]) {
        pt_reader_problem(&c->reader, 327, span, "a tier's label is empty");
        return false;
    }
    for (uint32_t before = 0; before < i; before++) {
        if (labels[before] && strcmp(labels[before], label) == 0) {
            pt_reader_problem(&c->reader, 327, span, "the label '%s' is given twice", label);
            return false;
        }
    }
    labels[i] = label;
    return true;
}

static bool check_label_argument(pt_checker *c, const pt_syn *s, const char **labels, uint32_t i)
{
    if (s->kind == PT_SYN_LITERAL && s->type == PT_TYPE_TEXT)
        return pt_check_label(c, s->span, s->literal.u.text.ptr, labels, i);
    pt_reader_problem(&c->reader, 314, s->span, "a tier's label is a text in quotes");
    return false;
}

/* tiers(condition, 'label', condition, 'label', ...): what `tiers:` of a tag file becomes. */
static const pt_node *check_tiers(pt_checker *c, const pt_syn *s)
{
    uint32_t n = s->n_args / 2;
    const pt_node **conditions = pt_reader_alloc(&c->reader, n, sizeof *conditions);
    const char **labels = pt_reader_alloc(&c->reader, n, sizeof *labels);
    bool whole = conditions && labels;
    pt_node *node;

    if (!pt_check_no_clauses(c, s))
        return NULL;
    if (s->n_args == 0 || s->n_args % 2 || n > PT_LANG_MAX_TIERS) {
        pt_diag *d = pt_reader_problem(&c->reader, 313, s->name_span,
                                       "tiers takes 1 to %d pairs of a condition and a label", PT_LANG_MAX_TIERS);
        pt_diag_hint(c->reader.diags, d, "write tiers(x > 10, 'high', x > 0, 'low')");
        return NULL;
    }
    for (uint32_t i = 0; whole && i < n; i++) {
        conditions[i] = pt_check_condition(c, s->args[2 * i], "the condition of a tier");
        whole &= conditions[i] != NULL;
        whole &= check_label_argument(c, s->args[2 * i + 1], labels, i);
    }
    if (!whole || !(node = pt_make_node(c, PT_NODE_TIERS, PT_TYPE_CATEGORY, s->span, conditions, n)))
        return NULL;
    node->u.labels = labels;
    return node;
}

static const pt_node *check_call(pt_checker *c, const pt_syn *s)
{
    pt_fn fn;
    pt_agg_fn agg;
    pt_base_fn base;

    if (pt_find_function(&fn, s->name))
        return pt_fn_is_base_score(fn)                 ? pt_check_base_score(c, s, fn)
               : fn == PT_FN_FRESH || fn == PT_FN_KEEP ? pt_check_freshness(c, s, fn)
                                                       : pt_check_function(c, s, fn);
    if (pt_find_base(&base, s->name))
        return pt_check_base(c, s, base);
    if (pt_find_aggregate(&agg, s->name))
        return pt_check_aggregate(c, s, agg);
    if (pt_sv_eq(s->name, PT_SV("sequence")))
        return pt_check_sequence(c, s, PT_NODE_SEQUENCE);
    if (pt_sv_eq(s->name, PT_SV("funnel")))
        return pt_check_sequence(c, s, PT_NODE_FUNNEL);
    if (pt_sv_eq(s->name, PT_SV("tiers")))
        return check_tiers(c, s);
    if (pt_sv_eq(s->name, PT_SV("was")))
        return pt_check_was(c, s);
    return unknown_function(c, s);
}

const pt_node *pt_check_any(pt_checker *c, const pt_syn *s)
{
    switch (s->kind) {
    case PT_SYN_LITERAL: return check_literal(c, s);
    case PT_SYN_MISSING: return pt_make_node(c, PT_NODE_MISSING, PT_TYPE_NONE, s->span, NULL, 0);
    case PT_SYN_NAME: return pt_check_name(c, s);
    case PT_SYN_CALL: return check_call(c, s);
    default: return pt_check_operator(c, s);
    }
}

static const char *condition_hint(pt_type type)
{
    switch (type) {
    case PT_TYPE_NUMBER:
    case PT_TYPE_MONEY: return "compare it: x > 0";
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return "compare it: x = 'value', or ask x is not missing";
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: return "ask the list: x has 'item', or size(x) > 0";
    default: return "compare it, or ask x is not missing";
    }
}

const pt_node *pt_check_condition(pt_checker *c, const pt_syn *s, const char *what)
{
    const pt_node *n = pt_check_any(c, s);
    pt_diag *d;

    if (!n || n->type == PT_TYPE_BOOL)
        return n;
    if (n->type == PT_TYPE_NONE)
        return pt_convert(c, n, PT_TYPE_BOOL);
    d = pt_reader_problem(&c->reader, 311, s->span, "%s must be true or false, this is %s", what,
                          pt_type_name(n->type));
    pt_diag_hint(c->reader.diags, d, "%s", condition_hint(n->type));
    return NULL;
}

const pt_node *pt_check_wanted(pt_checker *c, const pt_node *n, pt_type want, const char *what)
{
    pt_diag *d;

    if (!n || (want == PT_TYPE_NONE && n->type != PT_TYPE_NONE))
        return n;
    if (want == PT_TYPE_NONE) {
        d = pt_reader_problem(&c->reader, 318, pt_node_span(n), "nothing here says of which type it is");
        pt_diag_hint(c->reader.diags, d, "declare the type of the tag, or use more than missing");
        return NULL;
    }
    if (pt_converts(n->type, want) || (n->type == PT_TYPE_TEXT && want == PT_TYPE_CATEGORY))
        return pt_convert(c, n, want);
    d = pt_reader_problem(&c->reader, 319, pt_node_span(n), "%s must be %s, this is %s", what, pt_type_name(want),
                          pt_type_name(n->type));
    if (want == PT_TYPE_BOOL)
        pt_diag_hint(c->reader.diags, d, "%s", condition_hint(n->type));
    return NULL;
}
