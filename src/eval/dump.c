/* The plan in words, one thing a line: how a tag is computed, what is shared, in what order. */
#include "eval/eval_int.h"

static const char *source_name(const pt_program *p, uint32_t source)
{
    return p->module->catalog->sources[source].name;
}

/* --- bounds and planes -------------------------------------------------------------------------------------------------- */

static void dump_bound(pt_str *o, const pt_program *p, uint32_t i)
{
    const plan_bound *b = &p->bounds[i];
    const pt_node *at = b->at ? p->ops[b->at].node : NULL;

    if (b->kind == BOUND_FIRST)
        pt_str_add(o, "the first event");
    else if (b->kind == BOUND_AS_OF)
        pt_str_add(o, "as_of");
    else
        pt_str_add(o, b->kind == BOUND_BACK    ? "as_of - "
                      : b->kind == BOUND_AHEAD ? "as_of + "
                      : b->ends                ? "through "
                                               : "from ");
    if (at)
        pt_lang_print(o, at, p->module->catalog);
}

static const char *const plane_names[] = {
    [PLANE_CONSTANT] = "all", [PLANE_AND] = "and",         [PLANE_OR] = "or",
    [PLANE_PRESENT] = "has",  [PLANE_ABSENT] = "has not",  [PLANE_COMPARE] = "compare",
    [PLANE_CODE] = "code",    [PLANE_PREDICATE] = "texts", [PLANE_BOOL] = "bool",
};

static void dump_plane(pt_str *o, const pt_program *p, plane_id id)
{
    const plan_plane *b = &p->planes[id];

    pt_str_addf(o, "bits %u %s: %s", id, source_name(p, b->source), plane_names[b->kind]);
    switch (b->kind) {
    case PLANE_CONSTANT: break;
    case PLANE_AND:
    case PLANE_OR: pt_str_addf(o, " bits %u, bits %u", b->a, b->b); break;
    case PLANE_COMPARE:
    case PLANE_CODE: pt_str_addf(o, " value %u %s value %u", b->a, pt_op_name(b->cmp), b->b); break;
    case PLANE_PREDICATE: pt_str_addf(o, " of value %u, value %u is %s", b->a, b->b, b->want ? "true" : "false"); break;
    case PLANE_BOOL: pt_str_addf(o, " value %u is %s", b->a, b->want ? "true" : "false"); break;
    default: pt_str_addf(o, " value %u", b->a); break;
    }
    pt_str_addc(o, '\n');
}

/* --- values --------------------------------------------------------------------------------------------------------------- */

static void dump_args(pt_str *o, const plan_op *op)
{
    for (uint32_t i = 0; i < op->n_args; i++)
        pt_str_addf(o, "%svalue %u", i ? ", " : " ", op->args[i]);
}

static void dump_what(pt_str *o, const pt_program *p, const plan_op *op)
{
    const pt_catalog *catalog = p->module->catalog;

    switch (op->kind) {
    case OP_COLUMN: pt_str_addf(o, "column %s", catalog->sources[op->level].columns[op->u.column].name); break;
    case OP_TIME: pt_str_add(o, "time"); break;
    case OP_PLANES: pt_str_addf(o, "bits %u true, bits %u false", op->u.planes[0], op->u.planes[1]); break;
    case OP_SPREAD: pt_str_add(o, "for each event"); break;
    case OP_EXTERNAL: pt_str_addf(o, "given: %s", catalog->tags[op->u.tag].name); break;
    case OP_AGGREGATE:
    case OP_SEQUENCE:
        pt_str_add(o, "from events: ");
        pt_lang_print(o, op->node, catalog);
        break;
    default:
        if (op->node->n_args == 0 && op->node->kind != PT_NODE_CALL)
            pt_lang_print(o, op->node, catalog);
        else if (op->node->kind == PT_NODE_CALL)
            pt_str_add(o, pt_fn_name(op->node->u.fn));
        else if (op->node->kind == PT_NODE_UNARY || op->node->kind == PT_NODE_BINARY)
            pt_str_add(o, pt_op_name(op->node->u.op));
        else
            pt_str_add(o, pt_node_kind_name(op->node->kind));
        break;
    }
}

static void dump_op(pt_str *o, const pt_program *p, op_id id)
{
    const plan_op *op = &p->ops[id];
    const char *level = op->level == PT_LEVEL_CONSTANT   ? "constant"
                        : op->level == PT_LEVEL_CUSTOMER ? "customer"
                                                         : source_name(p, (uint32_t)op->level);

    pt_str_addf(o, "value %u %s %s stage %u: ", id, level, pt_type_name(op->type), op->stage);
    dump_what(o, p, op);
    dump_args(o, op);
    pt_str_addc(o, '\n');
}

/* --- families and sequences --------------------------------------------------------------------------------------------------- */

static void dump_family(pt_str *o, const pt_program *p, const plan_family *f)
{
    pt_str_addf(o, "events %s stage %u: bits %u", source_name(p, f->source), f->stage, f->bits);
    if (f->value)
        pt_str_addf(o, " of value %u", f->value);
    if (f->weight)
        pt_str_addf(o, " weight value %u", f->weight);
    if (f->half_life) {
        char buf[40];
        pt_str_addf(o, " half_life %s", pt_duration_format(buf, f->half_life));
    }
    pt_str_add(o, " until ");
    dump_bound(o, p, f->end);
    pt_str_addc(o, '\n');
    for (uint32_t m = 0; m < f->n_members; m++) {
        pt_str_addf(o, "    value %u = %s since ", f->members[m].out, pt_agg_name(f->members[m].agg->fn));
        dump_bound(o, p, f->members[m].start);
        pt_str_addc(o, '\n');
    }
}

static void dump_sequence(pt_str *o, const pt_program *p, const plan_sequence *s)
{
    pt_str_addf(o, "steps stage %u: value %u =", s->stage, s->out);
    for (uint32_t i = 0; i < s->node->u.seq->n_steps; i++)
        pt_str_addf(o, "%s %s bits %u", i ? "," : "", source_name(p, s->tracks[s->steps[i].track].source),
                    s->steps[i].bits);
    pt_str_addc(o, '\n');
}

void pt_program_dump(pt_str *o, const pt_program *p)
{
    for (op_id id = 1; id < p->n_ops; id++)
        dump_op(o, p, id);
    for (plane_id id = PLANE_NONE + 1; id < p->n_planes; id++)
        dump_plane(o, p, id);
    for (size_t i = 0; i < p->n_families; i++)
        dump_family(o, p, &p->families[i]);
    for (size_t i = 0; i < p->n_sequences; i++)
        dump_sequence(o, p, &p->sequences[i]);
    for (size_t i = 0; i < p->n_results; i++)
        pt_str_addf(o, "%s = value %u\n",
                    p->result_tags ? p->module->catalog->tags[p->result_tags[i]].name : "expression", p->results[i]);
}
