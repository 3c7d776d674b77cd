/* From boolean nodes over events to planes. NOT swaps true and false; AND is true where both are and false where one is;
 * OR the other way round. So each polarity of each node is one plane, made only when something asks for it. */
#include "eval/plan.h"

/* Up to this many constants `in` is so many comparisons, which run at memory speed; beyond, one table look-up. */
enum { FEW = 4 };

static plane_id add_plane(planner *pl, const plan_plane *plane)
{
    pt_program *p = pl->program;

    for (plane_id id = 0; id < p->n_planes; id++) {
        const plan_plane *o = &p->planes[id];
        if (o->kind == plane->kind && o->cmp == plane->cmp && o->want == plane->want && o->source == plane->source &&
            o->a == plane->a && o->b == plane->b && o->coded == pl->coded)
            return id;
    }
    if (!pt_grow(&p->planes, &p->cap_planes, p->n_planes + 1, sizeof *p->planes)) {
        plan_nomem(pl);
        return PLANE_NONE;
    }
    p->planes[p->n_planes] = *plane;
    p->planes[p->n_planes].coded = pl->coded;
    return (plane_id)p->n_planes++;
}

static uint32_t later(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static plane_id both(planner *pl, plane_kind kind, uint32_t source, plane_id a, plane_id b)
{
    const plan_plane *planes = pl->program->planes;
    plan_plane plane = {.kind = kind,
                        .source = source,
                        .a = a < b ? a : b,
                        .b = a < b ? b : a,
                        .stage = later(planes[a].stage, planes[b].stage)};

    return a == b ? a : add_plane(pl, &plane);
}

plane_id plan_and(planner *pl, uint32_t source, plane_id a, plane_id b)
{
    if (a == PLANE_NONE || b == PLANE_NONE)
        return PLANE_NONE;
    if (a == PLANE_ALL || b == PLANE_ALL)
        return a == PLANE_ALL ? b : a;
    return both(pl, PLANE_AND, source, a, b);
}

plane_id plan_or(planner *pl, uint32_t source, plane_id a, plane_id b)
{
    if (a == PLANE_ALL || b == PLANE_ALL)
        return PLANE_ALL;
    if (a == PLANE_NONE || b == PLANE_NONE)
        return a == PLANE_NONE ? b : a;
    return both(pl, PLANE_OR, source, a, b);
}

/* A plane over one op. */
static plane_id over(planner *pl, plane_kind kind, uint32_t source, op_id a, uint8_t want)
{
    plan_plane plane = {.kind = kind, .source = source, .a = a, .want = want};

    if (!a)
        return PLANE_NONE;
    plane.stage = pl->program->ops[a].stage;
    return add_plane(pl, &plane);
}

plane_id plan_present(planner *pl, uint32_t source, op_id id)
{
    return over(pl, PLANE_PRESENT, source, id, 0);
}

static op_id event_op(planner *pl, const pt_node *node, uint32_t source)
{
    return plan_at_level(pl, plan_value(pl, node), (int32_t)source);
}

static bool is_constant(const pt_node *node)
{
    return node->level == PT_LEVEL_CONSTANT;
}

/* --- which way to compute ------------------------------------------------------------------------------------------- */

typedef struct text_leaf {
    const pt_node *column; /* the one text column met */
    bool other;            /* something else that changes from event to event, or with the as-of */
} text_leaf;

static void find_leaf(void *ctx, const pt_node *node)
{
    text_leaf *found = ctx;

    switch (node->kind) {
    case PT_NODE_COLUMN:
        if (!pt_type_is_text(node->type) || (found->column && found->column->u.column != node->u.column))
            found->other = true;
        found->column = node;
        break;
    case PT_NODE_TIME:
    case PT_NODE_AS_OF:
    case PT_NODE_TAG:
    case PT_NODE_AGGREGATE:
    case PT_NODE_SEQUENCE:
    case PT_NODE_FUNNEL: found->other = true; break;
    case PT_NODE_CALL:
        if (pt_fn_reads_as_of(node->u.fn) || node->u.fn == PT_FN_RANDOM_BUCKET)
            found->other = true;
        break;
    default: break;
    }
}

/* The text column that alone decides the node's value: then a byte for each of its texts answers for every event. */
static const pt_node *sole_text(const pt_node *node)
{
    text_leaf found = {0};

    pt_eval_walk(node, find_leaf, &found);
    return found.other ? NULL : found.column;
}

static bool compares(pt_op op)
{
    return op >= PT_OP_EQ && op <= PT_OP_GE;
}

/* A comparison with a constant that has a kernel: of a number, an integer in any of its guises, or (= and <>) a text. */
static bool is_direct(const pt_node *value, const pt_node *constant, pt_op op)
{
    if (value->level < 0 || !is_constant(constant))
        return false;
    switch (value->type) {
    case PT_TYPE_NUMBER:
    case PT_TYPE_MONEY:
    case PT_TYPE_DATE:
    case PT_TYPE_INSTANT:
    case PT_TYPE_DURATION: return true;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return value->kind == PT_NODE_COLUMN && (op == PT_OP_EQ || op == PT_OP_NE);
    default: return false;
    }
}

typedef enum way { WAY_LOGIC, WAY_DIRECT, WAY_PREDICATE, WAY_BYTES } way;

static way way_of_in(const pt_node *node)
{
    for (uint32_t i = 1; i < node->n_args; i++)
        if (!is_direct(node->args[0], node->args[i], PT_OP_EQ))
            return WAY_BYTES;
    return node->n_args - 1 <= FEW ? WAY_DIRECT : WAY_BYTES;
}

static way way_of(const planner *pl, const pt_node *node)
{
    way w = WAY_BYTES;

    switch (node->kind) {
    case PT_NODE_UNARY: return WAY_LOGIC;
    case PT_NODE_BINARY:
        if (!compares(node->u.op))
            return WAY_LOGIC;
        if (is_direct(node->args[0], node->args[1], node->u.op) || is_direct(node->args[1], node->args[0], node->u.op))
            w = WAY_DIRECT;
        break;
    case PT_NODE_IS_MISSING: return WAY_DIRECT;
    case PT_NODE_BETWEEN:
        if (is_direct(node->args[0], node->args[1], PT_OP_GE) && is_direct(node->args[0], node->args[2], PT_OP_LE))
            w = WAY_DIRECT;
        break;
    case PT_NODE_IN: w = way_of_in(node); break;
    default: break;
    }
    return w == WAY_BYTES && !pl->coded && sole_text(node) ? WAY_PREDICATE : w;
}

bool plan_is_bytes(const planner *pl, const pt_node *node)
{
    return way_of(pl, node) == WAY_BYTES;
}

/* --- making planes -------------------------------------------------------------------------------------------------- */

static plane_id compare(planner *pl, const pt_node *value, const pt_node *constant, pt_op op, uint32_t source)
{
    plan_plane plane = {.kind = pt_type_is_text(value->type) ? PLANE_CODE : PLANE_COMPARE, .cmp = op, .source = source};

    plane.a = event_op(pl, value, source);
    plane.b = plan_value(pl, constant);
    if (!plane.a || !plane.b)
        return PLANE_NONE;
    plane.stage = pl->program->ops[plane.a].stage;
    return add_plane(pl, &plane);
}

static plane_id plan_comparison(planner *pl, const pt_node *node, bool want, uint32_t source)
{
    const pt_node *a = node->args[0], *b = node->args[1];
    pt_op op = want ? node->u.op : pt_op_negated(node->u.op);

    if (is_direct(a, b, op))
        return compare(pl, a, b, op, source);
    return compare(pl, b, a, pt_op_turned(op), source);
}

static plane_id plan_between(planner *pl, const pt_node *node, bool want, uint32_t source)
{
    plane_id low = compare(pl, node->args[0], node->args[1], want ? PT_OP_GE : PT_OP_LT, source);
    plane_id high = compare(pl, node->args[0], node->args[2], want ? PT_OP_LE : PT_OP_GT, source);

    return want ? plan_and(pl, source, low, high) : plan_or(pl, source, low, high);
}

static plane_id plan_in(planner *pl, const pt_node *node, bool want, uint32_t source)
{
    plane_id all = want ? PLANE_NONE : PLANE_ALL;

    for (uint32_t i = 1; i < node->n_args; i++) {
        plane_id one = compare(pl, node->args[0], node->args[i], want ? PT_OP_EQ : PT_OP_NE, source);
        all = want ? plan_or(pl, source, all, one) : plan_and(pl, source, all, one);
    }
    return all;
}

static plane_id plan_direct(planner *pl, const pt_node *node, bool want, uint32_t source)
{
    switch (node->kind) {
    case PT_NODE_IS_MISSING:
        return over(pl, want ? PLANE_ABSENT : PLANE_PRESENT, source, event_op(pl, node->args[0], source), 0);
    case PT_NODE_BETWEEN: return plan_between(pl, node, want, source);
    case PT_NODE_IN: return plan_in(pl, node, want, source);
    default: return plan_comparison(pl, node, want, source);
    }
}

static plane_id plan_polarity(planner *pl, const pt_node *node, bool want, uint32_t source);

static plane_id plan_logic(planner *pl, const pt_node *node, bool want, uint32_t source)
{
    if (node->kind == PT_NODE_UNARY)
        return plan_polarity(pl, node->args[0], !want, source);
    plane_id a = plan_polarity(pl, node->args[0], want, source);
    plane_id b = plan_polarity(pl, node->args[1], want, source);
    return (node->u.op == PT_OP_AND) == want ? plan_and(pl, source, a, b) : plan_or(pl, source, a, b);
}

/* The ops of a predicate run over the texts of a dictionary, so none of them may be one that runs over events. */
static plane_id plan_predicate(planner *pl, const pt_node *node, bool want, uint32_t source)
{
    plan_plane plane = {.kind = PLANE_PREDICATE, .want = want, .source = source};

    op_id text;

    plane.a = plan_value(pl, sole_text(node));
    pl->coded = true;
    text = plan_value(pl, sole_text(node));
    plane.b = plan_value(pl, node);
    pl->coded = false;
    if (pl->failed)
        return PLANE_NONE;
    pl->program->ops[plane.b].predicate_of = text;
    return add_plane(pl, &plane);
}

/* A constant or a customer's value, and whatever has no bits of its own, is asked for as bytes. */
static plane_id plan_new_plane(planner *pl, const pt_node *node, bool want, uint32_t source)
{
    if (node->level < 0)
        return over(pl, PLANE_BOOL, source, event_op(pl, node, source), want);
    switch (way_of(pl, node)) {
    case WAY_LOGIC: return plan_logic(pl, node, want, source);
    case WAY_DIRECT: return plan_direct(pl, node, want, source);
    case WAY_PREDICATE: return plan_predicate(pl, node, want, source);
    default: return over(pl, PLANE_BOOL, source, plan_value(pl, node), want);
    }
}

static plane_id plan_polarity(planner *pl, const pt_node *node, bool want, uint32_t source)
{
    plan_memo *memo = want ? &pl->memos[pl->coded].trues : &pl->memos[pl->coded].falses;

    if (node->level < 0)
        return pl->failed ? PLANE_NONE : plan_new_plane(pl, node, want, source);
    size_t at = plan_memo_find(memo, node);
    if (at == SIZE_MAX)
        plan_nomem(pl);
    if (pl->failed)
        return PLANE_NONE;
    if (memo->items[at].node)
        return memo->items[at].id;
    plane_id id = plan_new_plane(pl, node, want, source);
    if (!pl->failed)
        plan_memo_put(memo, node, id);
    return id;
}

plane_id plan_true(planner *pl, const pt_node *node, uint32_t source)
{
    return plan_polarity(pl, node, true, source);
}

plane_id plan_false(planner *pl, const pt_node *node, uint32_t source)
{
    return plan_polarity(pl, node, false, source);
}
