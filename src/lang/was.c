/* was(condition, at least 30d, within 180d): what was true of a customer's tags at earlier builds. */
#include "lang/check.h"

/* --- where it may stand ---------------------------------------------------------------------------------------------- */

static bool inside(pt_checker *c, pt_span span)
{
    pt_diag *d = pt_reader_problem(&c->reader, 334, span, "was(...) stands inside something else");

    pt_diag_hint(c->reader.diags, d, "it stands alone, or with and, or, not");
    return false;
}

static bool check_place(pt_checker *c, const pt_syn *s)
{
    pt_diag *d;

    if (!c->history) {
        d = pt_reader_problem(&c->reader, 333, s->span, "was(...) asks for kept history, which is not known here");
        pt_diag_hint(c->reader.diags, d,
                     "it may stand in segments and in conditions over a build, such as those of count");
        return false;
    }
    if (c->scope != PT_LEVEL_CUSTOMER)
        return inside(c, s->span);
    if (s->n_args == 1)
        return true;
    d = pt_reader_problem(&c->reader, 313, s->name_span, "was takes a condition");
    pt_diag_hint(c->reader.diags, d, "write was(x = 'value', at least 30d)");
    return false;
}

/* `junction`: only and, or, not are above. */
static bool check_places(pt_checker *c, const pt_node *n, bool junction)
{
    bool whole = true;

    if (n->kind == PT_NODE_WAS && !junction)
        return inside(c, pt_node_span(n));
    junction &= (n->kind == PT_NODE_UNARY || n->kind == PT_NODE_BINARY) &&
                (n->u.op == PT_OP_AND || n->u.op == PT_OP_OR || n->u.op == PT_OP_NOT);
    for (uint32_t i = 0; i < n->n_args; i++)
        whole &= check_places(c, n->args[i], junction);
    return whole;
}

bool pt_check_was_places(pt_checker *c, const pt_node *n)
{
    return !c->history || check_places(c, n, true);
}

/* --- what it may ask ------------------------------------------------------------------------------------------------- */

/* What is not a tag's value, and not the same at all times; NULL without any. Of segments other files keep who was in them. */
static const pt_node *find_foreign(const pt_checker *c, const pt_node *n)
{
    const pt_node *found = NULL;

    switch (n->kind) {
    case PT_NODE_AGGREGATE:
    case PT_NODE_SEQUENCE:
    case PT_NODE_FUNNEL:
    case PT_NODE_COLUMN:
    case PT_NODE_TIME:
    case PT_NODE_BASE: return n;
    case PT_NODE_TAG: return c->catalog->tags[n->u.tag].segment ? n : NULL;
    case PT_NODE_CALL:
        if (n->u.fn == PT_FN_KEEP || n->u.fn == PT_FN_FRESH)
            return n;
        break;
    default: break;
    }
    for (uint32_t i = 0; i < n->n_args && !found; i++)
        found = find_foreign(c, n->args[i]);
    return found;
}

static bool names_tag(const pt_node *n)
{
    bool found = n->kind == PT_NODE_TAG;

    for (uint32_t i = 0; i < n->n_args && !found; i++)
        found = names_tag(n->args[i]);
    return found;
}

static bool check_asked(pt_checker *c, const pt_node *condition)
{
    const pt_node *foreign = find_foreign(c, condition);
    pt_diag *d;

    if (!foreign && names_tag(condition))
        return true;
    d = pt_reader_problem(&c->reader, 335, pt_node_span(foreign ? foreign : condition),
                          foreign ? "was(...) knows the history of tags, not of this"
                                  : "was(...) asks about tags, and there is none in it");
    pt_diag_hint(c->reader.diags, d,
                 foreign ? "make it a tag of its own and ask about the tag" : "write was(x = 'value')");
    return false;
}

const pt_node *pt_check_was(pt_checker *c, const pt_syn *s)
{
    pt_was *was = pt_reader_alloc(&c->reader, 1, sizeof *was);
    const pt_node *condition;
    pt_node *n;
    bool whole;

    if (!was || !check_place(c, s))
        return NULL;
    *was = (pt_was){.within = INT64_MAX};
    condition = pt_check_condition(c, s->args[0], "the condition of was");
    whole = condition && check_asked(c, condition);
    if (s->clauses->at_least)
        whole &= pt_check_positive_duration(c, s->clauses->at_least, "what follows at least", &was->at_least);
    if (s->clauses->within)
        whole &= pt_check_positive_duration(c, s->clauses->within, "what follows within", &was->within);
    if (!whole || !(n = pt_make_node(c, PT_NODE_WAS, PT_TYPE_BOOL, s->span, &condition, 1)))
        return NULL;
    n->u.was = was;
    return n;
}
