/* sequence and funnel: events of any sources, one after the other. */
#include "lang/check.h"

static bool check_step(pt_checker *c, const pt_syn *s, uint32_t i, pt_step *step)
{
    const pt_syn *name = s->args[i], *where = s->clauses->where[i];
    int32_t source, outer = c->scope;
    pt_diag *d;

    if (name->kind != PT_SYN_NAME || name->qualifier.ptr) {
        d = pt_reader_problem(&c->reader, 326, name->span, "a step is a source, with a condition if need be");
        pt_diag_hint(c->reader.diags, d, "write %.*s(view, cart where amount > 100, pay within 7d)",
                     PT_SV_ARG(s->name));
        return false;
    }
    if ((source = pt_check_source_name(c, name)) < 0)
        return false;
    step->source = (uint32_t)source;
    c->scope = source;
    if (where)
        step->where = pt_check_where(c, where, "the condition of a step");
    c->scope = outer;
    return !where || step->where;
}

static bool check_step_count(pt_checker *c, const pt_syn *s)
{
    if (s->n_args >= 2 && s->n_args <= PT_LANG_MAX_STEPS)
        return true;
    pt_reader_problem(&c->reader, 326, s->name_span, "%.*s takes 2 to %d steps, this has %u", PT_SV_ARG(s->name),
                      PT_LANG_MAX_STEPS, s->n_args);
    return false;
}

static bool check_no_weight(pt_checker *c, const pt_syn *s)
{
    const pt_syn *any = s->clauses->weight ? s->clauses->weight : s->clauses->half_life;

    if (any)
        pt_reader_problem(&c->reader, 323, any->span, "%.*s takes no %s", PT_SV_ARG(s->name),
                          s->clauses->weight ? "weight" : "half_life");
    return !any;
}

const pt_node *pt_check_sequence(pt_checker *c, const pt_syn *s, pt_node_kind kind)
{
    pt_seq *seq = pt_reader_alloc(&c->reader, 1, sizeof *seq);
    pt_step *steps = pt_reader_alloc(&c->reader, s->n_args, sizeof *steps);
    pt_node *n;
    bool whole, condition = c->condition;

    if (!seq || !steps || !pt_check_call_place(c, s, "sequence(view, cart, pay within 7d)"))
        return NULL;
    c->condition = false;
    whole = check_step_count(c, s) && check_no_weight(c, s);
    for (uint32_t i = 0; i < s->n_args && s->n_args <= PT_LANG_MAX_STEPS; i++)
        whole &= check_step(c, s, i, &steps[i]);
    seq->within = INT64_MAX;
    if (s->clauses->within)
        whole &=
            pt_check_positive_duration(c, s->clauses->within, "the time from the first step to the last", &seq->within);
    whole &= pt_check_window(c, s->clauses, false, &seq->window);
    c->condition = condition;
    if (!whole)
        return NULL;
    seq->steps = steps;
    seq->n_steps = s->n_args;
    n = pt_make_node(c, kind, kind == PT_NODE_SEQUENCE ? PT_TYPE_BOOL : PT_TYPE_NUMBER, s->span, NULL, 0);
    if (n) {
        n->level = PT_LEVEL_CUSTOMER;
        n->u.seq = seq;
    }
    return n;
}
