/* What a condition is made of: tags that stand in it, those that these are made of, and all that is made of any of them. That
 * members differ in these follows from the condition and is no finding. */
#include "app/insight_int.h"

typedef struct closure {
    const insight_run *run;
    const pt_project *project;
    pt_uses *uses; /* by tag number: of its definition */
    bool *roots;   /* by tag number: what the condition is made of */
} closure;

static pt_rc new_closure(closure *c, const insight_run *r, pt_err *err)
{
    const pt_project *p = r->query->view->project;

    *c = (closure){.run = r, .project = p};
    c->uses = PT_NEW_ARRAY(r->arena, pt_uses, p->n_tags);
    c->roots = PT_NEW_ARRAY(r->arena, bool, p->n_tags);
    if (!c->uses || !c->roots)
        return pt_fail_nomem(err, "an insight");
    for (size_t t = 0; t < p->n_tags; t++)
        if (p->module->tags[t])
            PT_TRY(pt_lang_uses(&c->uses[t], p->module->tags[t], r->arena, err));
    return PT_OK;
}

static bool set(bool *flag, bool value)
{
    bool changed = value && !*flag;

    *flag |= value;
    return changed;
}

/* What roots are made of are roots too. Until nothing changes: tags never use each other in a circle. */
static void add_parts(closure *c)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t t = 0; t < c->project->n_tags; t++) {
            const pt_uses *u = &c->uses[t];
            for (size_t i = 0; c->roots[t] && i < u->n_tags; i++)
                changed |= set(&c->roots[u->tags[i]], true);
            for (size_t i = 0; c->roots[t] && i < u->n_bases; i++)
                changed |= set(&c->roots[u->bases[i]->u.base->tag], true);
        }
    }
}

/* Roots, and all that is made of one: `related` begins as the roots. */
static void add_users(bool *related, const closure *c)
{
    memcpy(related, c->roots, c->project->n_tags * sizeof *related);
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t t = 0; t < c->project->n_tags; t++) {
            const pt_uses *u = &c->uses[t];
            for (size_t i = 0; i < u->n_tags; i++)
                changed |= set(&related[t], related[u->tags[i]]);
            for (size_t i = 0; i < u->n_bases; i++)
                changed |= set(&related[t], related[u->bases[i]->u.base->tag]);
        }
    }
}

/* A part of the condition that is word for word the definition of a tag. */
static void add_twins(closure *c, const pt_node *node)
{
    const pt_module *module = c->project->module;

    for (size_t t = 0; t < module->n_tags; t++)
        c->roots[t] |= module->tags[t] && pt_node_equal(module->tags[t], node);
    for (uint32_t i = 0; i < node->n_args; i++)
        add_twins(c, node->args[i]);
}

/* Saved segments that stand in a condition count as what they are made of; they never use each other in a circle. */
static pt_rc add_condition(closure *c, const pt_node *node, pt_err *err)
{
    const pt_project *p = c->project;
    pt_uses uses;

    if (!node)
        return PT_OK;
    PT_TRY(pt_lang_uses(&uses, node, c->run->arena, err));
    for (size_t i = 0; i < uses.n_tags; i++) {
        if (uses.tags[i] < p->n_tags)
            c->roots[uses.tags[i]] = true;
        else
            PT_TRY(add_condition(c, p->segments[uses.tags[i] - p->n_tags].node, err));
    }
    for (size_t i = 0; i < uses.n_bases; i++)
        c->roots[uses.bases[i]->u.base->tag] = true;
    add_twins(c, node);
    return PT_OK;
}

pt_rc pt_insight_definitions(insight_run *r, pt_err *err)
{
    closure c;

    PT_TRY(new_closure(&c, r, err));
    bool *related = PT_NEW_ARRAY(r->arena, bool, c.project->n_tags);
    if (!related)
        return pt_fail_nomem(err, "an insight");
    PT_TRY(add_condition(&c, r->query->node, err));
    PT_TRY(add_condition(&c, r->versus->node, err));
    add_parts(&c);
    add_users(related, &c);
    for (size_t i = 0; i < r->out->n_tags; i++)
        r->sources[i].definition = related[r->sources[i].tag];
    return PT_OK;
}

pt_rc pt_insight_related(bool *out, const insight_run *r, uint32_t tag, pt_err *err)
{
    closure c;

    PT_TRY(new_closure(&c, r, err));
    c.roots[tag] = true;
    add_parts(&c);
    add_users(out, &c);
    return PT_OK;
}
