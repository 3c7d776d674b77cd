/* From checked trees to a plan: values. Each node becomes an op once, however many tags contain it. Predicates are in
 * plan_planes.c, aggregates and windows in plan_aggregates.c. */
#include "eval/plan.h"

#include <stdlib.h>

/* --- walking ------------------------------------------------------------------------------------------------------- */

static void walk_window(const pt_window *w, void (*visit)(void *ctx, const pt_node *node), void *ctx)
{
    if (w->from)
        pt_eval_walk(w->from, visit, ctx);
    if (w->to)
        pt_eval_walk(w->to, visit, ctx);
}

static void walk_aggregate(const pt_agg *agg, void (*visit)(void *ctx, const pt_node *node), void *ctx)
{
    const pt_node *parts[] = {agg->value, agg->where, agg->weight};

    for (size_t i = 0; i < PT_COUNT(parts); i++)
        if (parts[i])
            pt_eval_walk(parts[i], visit, ctx);
    walk_window(&agg->window, visit, ctx);
}

void pt_eval_walk(const pt_node *node, void (*visit)(void *ctx, const pt_node *node), void *ctx)
{
    visit(ctx, node);
    for (uint32_t i = 0; i < pt_node_written(node); i++)
        pt_eval_walk(node->args[i], visit, ctx);
    if (node->kind == PT_NODE_AGGREGATE)
        walk_aggregate(node->u.agg, visit, ctx);
    if (node->kind == PT_NODE_SEQUENCE || node->kind == PT_NODE_FUNNEL) {
        const pt_seq *seq = node->u.seq;
        for (uint32_t i = 0; i < seq->n_steps; i++)
            if (seq->steps[i].where)
                pt_eval_walk(seq->steps[i].where, visit, ctx);
        walk_window(&seq->window, visit, ctx);
    }
}

/* --- ops ----------------------------------------------------------------------------------------------------------- */

void plan_nomem(planner *pl)
{
    pl->nomem = pl->failed = true;
}

op_id plan_add_op(planner *pl, const plan_op *op)
{
    pt_program *p = pl->program;

    if (!pt_grow(&p->ops, &p->cap_ops, p->n_ops + 1, sizeof *p->ops)) {
        plan_nomem(pl);
        return 0;
    }
    p->ops[p->n_ops] = *op;
    return (op_id)p->n_ops++;
}

/* An op that is the same for every tag because of what it is, not because of a node: the planner's own. */
static op_id shared_op(planner *pl, const plan_op *op)
{
    const pt_program *p = pl->program;

    for (op_id id = 1; id < p->n_ops; id++) {
        const plan_op *o = &p->ops[id];
        if (!o->node && o->kind == op->kind && o->level == op->level && o->type == op->type &&
            o->n_args == op->n_args && memcmp(&o->u, &op->u, sizeof o->u) == 0 &&
            (op->n_args == 0 || memcmp(o->args, op->args, op->n_args * sizeof *op->args) == 0))
            return id;
    }
    return plan_add_op(pl, op);
}

op_id plan_time(planner *pl, uint32_t source)
{
    plan_op op = {.kind = OP_TIME, .type = PT_TYPE_INSTANT, .level = (int32_t)source};

    return shared_op(pl, &op);
}

static op_id plan_spread(planner *pl, op_id id, uint32_t source)
{
    const plan_op *arg = &pl->program->ops[id];
    plan_op op = {.kind = OP_SPREAD, .type = arg->type, .level = (int32_t)source, .stage = arg->stage + 1, .n_args = 1};
    op_id *args = PT_NEW(pl->program->arena, op_id);

    if (!args) {
        plan_nomem(pl);
        return 0;
    }
    *args = id;
    op.args = args;
    return shared_op(pl, &op);
}

op_id plan_at_level(planner *pl, op_id id, int32_t level)
{
    if (id && level >= 0 && pl->program->ops[id].level == PT_LEVEL_CUSTOMER)
        return plan_spread(pl, id, (uint32_t)level);
    return id;
}

static op_id plan_bool_from_planes(planner *pl, const pt_node *node)
{
    plan_op op = {.kind = OP_PLANES, .type = PT_TYPE_BOOL, .level = node->level, .node = node};

    op.u.planes[0] = plan_true(pl, node, (uint32_t)node->level);
    op.u.planes[1] = plan_false(pl, node, (uint32_t)node->level);
    for (int i = 0; i < 2; i++) {
        uint32_t stage = pl->program->planes[op.u.planes[i]].stage;
        if (stage > op.stage)
            op.stage = stage;
    }
    return plan_add_op(pl, &op);
}

static op_id plan_call(planner *pl, const pt_node *node)
{
    plan_op op = {.kind = node->level == PT_LEVEL_CONSTANT ? OP_CONSTANT : OP_CALL,
                  .type = node->type,
                  .level = node->level,
                  .node = node,
                  .n_args = node->n_args};
    op_id *args = PT_NEW_ARRAY(pl->program->arena, op_id, node->n_args);

    if (!args) {
        plan_nomem(pl);
        return 0;
    }
    for (uint32_t i = 0; i < node->n_args; i++) {
        args[i] = plan_at_level(pl, plan_value(pl, node->args[i]), node->level);
        if (!args[i])
            return 0;
        if (pl->program->ops[args[i]].stage > op.stage)
            op.stage = pl->program->ops[args[i]].stage;
    }
    op.args = args;
    pl->rc = pt_op_bind(&op, pl->program, pl->err);
    pl->failed = pl->rc != PT_OK;
    return pl->failed ? 0 : plan_add_op(pl, &op);
}

op_id plan_tag(planner *pl, uint32_t tag)
{
    if (!pl->module->tags[tag] && !pl->tag_ops[tag]) {
        plan_op op = {.kind = OP_EXTERNAL, .type = pl->module->types[tag], .level = PT_LEVEL_CUSTOMER};
        op.u.tag = tag;
        pl->tag_ops[tag] = shared_op(pl, &op);
    }
    return pl->tag_ops[tag];
}

/* Predicates over events are cheapest as bits; the rest of the boolean nodes give bytes. */
static bool is_predicate(const pt_node *node)
{
    if (node->level < 0 || node->type != PT_TYPE_BOOL)
        return false;
    switch (node->kind) {
    case PT_NODE_COLUMN:
    case PT_NODE_TAG:
    case PT_NODE_CALL: return false;
    default: return true;
    }
}

static op_id plan_leaf(planner *pl, const pt_node *node, op_kind kind)
{
    plan_op op = {.kind = kind, .type = node->type, .level = node->level, .node = node};

    if (kind == OP_COLUMN)
        op.u.column = node->u.column;
    return plan_add_op(pl, &op);
}

static op_id plan_new_value(planner *pl, const pt_node *node)
{
    switch (node->kind) {
    case PT_NODE_COLUMN: return plan_leaf(pl, node, OP_COLUMN);
    case PT_NODE_TIME: return plan_time(pl, (uint32_t)node->level);
    case PT_NODE_TAG: return plan_tag(pl, node->u.tag);
    case PT_NODE_AGGREGATE: return plan_aggregate(pl, node);
    case PT_NODE_SEQUENCE:
    case PT_NODE_FUNNEL: return plan_sequence_op(pl, node);
    default:
        return is_predicate(node) && !plan_is_bytes(pl, node) ? plan_bool_from_planes(pl, node) : plan_call(pl, node);
    }
}

op_id plan_value(planner *pl, const pt_node *node)
{
    plan_memo *memo = &pl->memos[pl->coded && node->level >= 0].values;
    size_t at = plan_memo_find(memo, node);

    if (at == SIZE_MAX)
        plan_nomem(pl);
    if (pl->failed)
        return 0;
    if (memo->items[at].node)
        return memo->items[at].id;
    op_id id = plan_new_value(pl, node);
    if (id)
        plan_memo_put(memo, node, id);
    return id;
}
