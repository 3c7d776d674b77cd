#include "segment/need.h"

static bool is_constant(const pt_node *n)
{
    return n->level == PT_LEVEL_CONSTANT;
}

/* Whether a part of it is a draw of lots: the same for a customer for ever. */
static bool draws_lots(const pt_node *n)
{
    if (n->kind == PT_NODE_CALL && n->u.fn == PT_FN_RANDOM_BUCKET)
        return true;
    for (uint32_t i = 0; i < n->n_args; i++)
        if (draws_lots(n->args[i]))
            return true;
    return false;
}

static bool rests_on_customer(const pt_node *n)
{
    if (n->kind == PT_NODE_TAG || n->kind == PT_NODE_AGGREGATE || n->kind == PT_NODE_SEQUENCE ||
        n->kind == PT_NODE_FUNNEL)
        return true;
    for (uint32_t i = 0; i < n->n_args; i++)
        if (rests_on_customer(n->args[i]))
            return true;
    return false;
}

bool pt_need_is_count(const pt_node *n)
{
    while (n->kind == PT_NODE_CAST)
        n = n->args[0];
    if (n->kind == PT_NODE_FUNNEL)
        return true;
    if (n->kind != PT_NODE_AGGREGATE || n->u.agg->weight || n->u.agg->half_life)
        return false;
    return n->u.agg->fn == PT_AGG_COUNT || n->u.agg->fn == PT_AGG_DISTINCT || n->u.agg->fn == PT_AGG_DAYS ||
           n->u.agg->fn == PT_AGG_STREAK;
}

const char *pt_need_name(pt_need_kind kind)
{
    static const char *const names[] = {"truth",   "compare",  "between",  "outside", "one_of",   "none_of",
                                        "has_any", "has_all",  "has_none", "lacks",   "known",    "missing",
                                        "match",   "no_match", "events",   "steps",   "no_steps", "fixed"};

    return (unsigned)kind < PT_COUNT(names) ? names[kind] : "?";
}

/* --- comparisons ---------------------------------------------------------------------------------------------------------- */

static bool is_comparison(const pt_node *n)
{
    return n->kind == PT_NODE_BINARY && n->u.op >= PT_OP_EQ && n->u.op <= PT_OP_GE;
}

/* count(orders ...) without a column: its events are what is counted. */
static bool counts_events(const pt_node *n)
{
    return n->kind == PT_NODE_AGGREGATE && n->u.agg->fn == PT_AGG_COUNT && !n->u.agg->weight && !n->u.agg->half_life;
}

static void compare(pt_need *out, const pt_node *leaf, bool want)
{
    bool right = is_constant(leaf->args[0]) && !is_constant(leaf->args[1]);
    pt_op op = right ? pt_op_turned(leaf->u.op) : leaf->u.op;

    out->subject = leaf->args[right];
    out->bounds = &leaf->args[!right];
    out->n_bounds = 1;
    out->op = want ? op : pt_op_negated(op);
    if (out->op == PT_OP_EQ)
        out->kind = PT_NEED_ONE_OF;
    else if (out->op == PT_OP_NE)
        out->kind = PT_NEED_NONE_OF;
    else
        out->kind = counts_events(out->subject) ? PT_NEED_EVENTS : PT_NEED_COMPARE;
}

/* --- events --------------------------------------------------------------------------------------------------------------- */

static void ask_events(pt_need *out, const pt_node *leaf, bool want)
{
    bool some = (leaf->u.agg->fn == PT_AGG_DID) == want;

    out->kind = PT_NEED_EVENTS;
    out->subject = leaf;
    out->op = some ? PT_OP_GE : PT_OP_LE;
    out->least = some;
}

static pt_rc ask_steps(pt_need *out, const pt_node *leaf, bool want, pt_arena *a, pt_err *err)
{
    pt_node *funnel = PT_NEW(a, pt_node);

    if (!funnel)
        return pt_fail_nomem(err, "a condition");
    *funnel = *leaf;
    funnel->kind = PT_NODE_FUNNEL;
    funnel->type = PT_TYPE_NUMBER;
    out->kind = want ? PT_NEED_STEPS : PT_NEED_NOT_STEPS;
    out->subject = funnel;
    return PT_OK;
}

/* --- all forms ------------------------------------------------------------------------------------------------------------ */

static void ask_of_first(pt_need *out, pt_need_kind kind, const pt_node *leaf)
{
    out->kind = kind;
    out->subject = leaf->args[0];
    out->bounds = leaf->args + 1;
    out->n_bounds = leaf->n_args - 1;
}

static pt_rc ask_call(pt_need *out, const pt_node *leaf, bool want)
{
    if (leaf->u.fn == PT_FN_HAS_ANY)
        ask_of_first(out, want ? PT_NEED_HAS_ANY : PT_NEED_HAS_NONE, leaf);
    else if (leaf->u.fn == PT_FN_HAS_ALL)
        ask_of_first(out, want ? PT_NEED_HAS_ALL : PT_NEED_LACKS_ONE, leaf);
    return PT_OK;
}

pt_rc pt_need_of(pt_need *out, const pt_node *leaf, bool want, pt_arena *a, pt_err *err)
{
    *out = (pt_need){.kind = PT_NEED_TRUTH};
    if (draws_lots(leaf) || !rests_on_customer(leaf)) {
        out->kind = PT_NEED_FIXED;
        return PT_OK;
    }
    switch (leaf->kind) {
    case PT_NODE_BINARY:
        if (is_comparison(leaf))
            compare(out, leaf, want);
        return PT_OK;
    case PT_NODE_IN: ask_of_first(out, want ? PT_NEED_ONE_OF : PT_NEED_NONE_OF, leaf); return PT_OK;
    case PT_NODE_BETWEEN: ask_of_first(out, want ? PT_NEED_BETWEEN : PT_NEED_OUTSIDE, leaf); return PT_OK;
    case PT_NODE_IS_MISSING: ask_of_first(out, want ? PT_NEED_MISSING : PT_NEED_KNOWN, leaf); return PT_OK;
    case PT_NODE_HAS: ask_of_first(out, want ? PT_NEED_HAS_ALL : PT_NEED_HAS_NONE, leaf); return PT_OK;
    case PT_NODE_MATCHES: ask_of_first(out, want ? PT_NEED_MATCH : PT_NEED_NO_MATCH, leaf); return PT_OK;
    case PT_NODE_CALL: return ask_call(out, leaf, want);
    case PT_NODE_AGGREGATE:
        if (leaf->u.agg->fn == PT_AGG_DID || leaf->u.agg->fn == PT_AGG_DID_NOT)
            ask_events(out, leaf, want);
        return PT_OK;
    case PT_NODE_SEQUENCE: return ask_steps(out, leaf, want, a, err);
    default: return PT_OK;
    }
}
