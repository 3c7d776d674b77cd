/* A program: the plan of some tags, made once, read by any number of threads. */
#include <stdlib.h>

#include "eval/plan.h"

/* --- which tags ----------------------------------------------------------------------------------------------------- */

static void mark_tag(void *ctx, const pt_node *node)
{
    bool *needed = ctx;

    if (node->kind == PT_NODE_TAG)
        needed[node->u.tag] = true;
}

/* Plans what `needed` names and all that it uses, each tag after the tags it uses. */
static void plan_tags(planner *pl, bool *needed)
{
    const pt_module *m = pl->module;

    for (size_t i = m->n_tags; i-- > 0;)
        if (needed[m->order[i]] && m->tags[m->order[i]])
            pt_eval_walk(m->tags[m->order[i]], mark_tag, needed);
    for (size_t i = 0; i < m->n_tags && !pl->failed; i++) {
        uint32_t tag = m->order[i];
        if (needed[tag] && m->tags[tag])
            pl->tag_ops[tag] = plan_value(pl, m->tags[tag]);
    }
}

/* --- order ---------------------------------------------------------------------------------------------------------- */

static int by_stage_and_source(const void *left, const void *right)
{
    const plan_family *a = left, *b = right;

    if (a->stage != b->stage)
        return a->stage < b->stage ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static void settle_stages(pt_program *p)
{
    for (size_t i = 0; i < p->n_families; i++)
        p->families[i].order = (uint32_t)i;
    if (p->n_families)
        qsort(p->families, p->n_families, sizeof *p->families, by_stage_and_source);
    for (size_t i = 0; i < p->n_ops; i++)
        if (p->ops[i].stage >= p->n_stages)
            p->n_stages = p->ops[i].stage + 1;
}

/* The customer-level calls of each stage in order: arguments are always planned before what uses them. */
static bool settle_schedule(pt_program *p)
{
    size_t n = 0;

    p->schedule = PT_NEW_ARRAY(p->arena, op_id, p->n_ops);
    p->schedule_ends = PT_NEW_ARRAY(p->arena, size_t, p->n_stages);
    if (!p->schedule || !p->schedule_ends)
        return false;
    for (uint32_t stage = 0; stage < p->n_stages; stage++) {
        for (op_id id = 1; id < p->n_ops; id++) {
            const plan_op *op = &p->ops[id];
            bool runs = op->kind == OP_CALL || op->kind == OP_EXTERNAL;
            if (runs && op->level == PT_LEVEL_CUSTOMER && op->stage == stage)
                p->schedule[n++] = id;
        }
        p->schedule_ends[stage] = n;
    }
    return true;
}

/* --- building ------------------------------------------------------------------------------------------------------- */

static bool start_program(pt_program *p, const pt_module *module)
{
    plan_op none = {.kind = OP_CONSTANT};
    size_t n_sources = module->catalog->n_sources;

    p->module = module;
    p->source_used = PT_NEW_ARRAY(p->arena, bool, n_sources);
    if (!p->source_used || !pt_grow(&p->ops, &p->cap_ops, 1, sizeof *p->ops) ||
        !pt_grow(&p->planes, &p->cap_planes, 2, sizeof *p->planes))
        return false;
    p->ops[p->n_ops++] = none;
    p->planes[p->n_planes++] = (plan_plane){.kind = PLANE_CONSTANT, .want = true};
    p->planes[p->n_planes++] = (plan_plane){.kind = PLANE_CONSTANT, .want = false};
    return true;
}

static void planner_free(planner *pl)
{
    for (size_t i = 0; i < PT_COUNT(pl->memos); i++) {
        plan_memo_free(&pl->memos[i].values);
        plan_memo_free(&pl->memos[i].trues);
        plan_memo_free(&pl->memos[i].falses);
    }
    free(pl->tag_ops);
}

/* `node` is an expression, or NULL for tags. */
static bool plan_results(planner *pl, const uint32_t *tags, size_t n_tags, const pt_node *node, bool *needed)
{
    pt_program *p = pl->program;
    size_t n = node ? 1 : n_tags;

    p->results = PT_NEW_ARRAY(p->arena, op_id, n);
    p->result_tags = node ? NULL : PT_NEW_ARRAY(p->arena, uint32_t, n);
    if (!p->results || (!node && !p->result_tags))
        return false;
    p->n_results = n;
    for (size_t i = 0; i < n_tags; i++)
        needed[tags[i]] = true;
    if (node)
        pt_eval_walk(node, mark_tag, needed);
    plan_tags(pl, needed);
    for (size_t i = 0; i < n && !pl->failed; i++) {
        if (node) {
            p->results[i] = plan_value(pl, node);
        } else {
            p->result_tags[i] = tags[i];
            p->results[i] = plan_tag(pl, tags[i]);
        }
    }
    p->expression = node;
    return true;
}

static pt_rc build(pt_program **out, const pt_module *module, const uint32_t *tags, size_t n_tags, const pt_node *node,
                   pt_err *err)
{
    pt_program *p = pt_zalloc(1, sizeof *p);
    planner pl = {.program = p, .module = module, .err = err};
    bool *needed = pt_zalloc(module->n_tags, sizeof *needed);
    bool memory = p && needed && (p->arena = pt_arena_new(0));

    *out = NULL;
    pl.tag_ops = pt_zalloc(module->n_tags, sizeof *pl.tag_ops);
    memory =
        memory && pl.tag_ops && start_program(p, module) && plan_results(&pl, tags, n_tags, node, needed) && !pl.nomem;
    if (memory && !pl.failed) {
        settle_stages(p);
        memory = settle_schedule(p);
    }
    free(needed);
    planner_free(&pl);
    if (memory && !pl.failed) {
        *out = p;
        return PT_OK;
    }
    pt_program_free(p);
    return memory ? pl.rc : pt_fail_nomem(err, "the plan of the tags");
}

pt_rc pt_program_build(pt_program **out, const pt_module *module, const uint32_t *tags, size_t n_tags, pt_err *err)
{
    return build(out, module, tags, n_tags, NULL, err);
}

pt_rc pt_program_build_expression(pt_program **out, const pt_module *module, const pt_node *node, pt_err *err)
{
    return build(out, module, NULL, 0, node, err);
}

void pt_program_free(pt_program *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n_families; i++)
        free(p->families[i].members);
    free(p->ops);
    free(p->planes);
    free(p->bounds);
    free(p->families);
    free(p->sequences);
    pt_arena_free(p->arena);
    free(p);
}

bool pt_program_reads(const pt_program *p, uint32_t source, int32_t column)
{
    if (column < 0)
        return p->source_used[source];
    for (size_t i = 1; i < p->n_ops; i++) {
        const plan_op *op = &p->ops[i];
        if (op->kind == OP_COLUMN && op->level == (int32_t)source && op->u.column == (uint32_t)column)
            return true;
    }
    return false;
}
