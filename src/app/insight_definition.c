/* What a condition is made of: tags that stand in it, those that these are made of, and all that is made of any of them. That
 * members differ in these follows from the condition and is no finding. */
#include "app/insight_int.h"
#include "app/lineage.h"

typedef struct closure {
    const insight_run *run;
    bool *roots; /* by tag number: what the condition is made of */
} closure;

static const pt_project *project_of(const insight_run *r)
{
    return r->query->view->project;
}

/* A tag, and what it is made of. */
static pt_rc add_tag(closure *c, uint32_t tag, pt_err *err)
{
    pt_lineage l;

    c->roots[tag] = true;
    PT_TRY(pt_lineage_of(&l, project_of(c->run), (int)tag, NULL, c->run->arena, err));
    for (size_t i = 0; i < l.n_tags; i++)
        c->roots[l.tags[i]] = true;
    return PT_OK;
}

/* A part of the condition that is word for word the definition of a tag. */
static pt_rc add_twins(closure *c, const pt_node *node, pt_err *err)
{
    const pt_module *module = project_of(c->run)->module;

    for (uint32_t t = 0; t < module->n_tags; t++)
        if (module->tags[t] && !c->roots[t] && pt_node_equal(module->tags[t], node))
            PT_TRY(add_tag(c, t, err));
    for (uint32_t i = 0; i < node->n_args; i++)
        PT_TRY(add_twins(c, node->args[i], err));
    return PT_OK;
}

/* Saved segments that stand in a condition count as what they are made of; they never use each other in a circle. */
static pt_rc add_condition(closure *c, const pt_node *node, pt_err *err)
{
    const pt_project *p = project_of(c->run);
    pt_uses uses;

    if (!node)
        return PT_OK;
    PT_TRY(pt_lang_uses(&uses, node, c->run->arena, err));
    for (size_t i = 0; i < uses.n_tags; i++)
        PT_TRY(uses.tags[i] < p->n_tags ? add_tag(c, uses.tags[i], err)
                                        : add_condition(c, p->segments[uses.tags[i] - p->n_tags].node, err));
    for (size_t i = 0; i < uses.n_bases; i++)
        PT_TRY(add_tag(c, uses.bases[i]->u.base->tag, err));
    return add_twins(c, node, err);
}

/* Whether a tag is a root, or made of one. */
static pt_rc is_related(bool *out, const closure *c, uint32_t tag, pt_err *err)
{
    pt_lineage l;

    *out = c->roots[tag];
    if (*out)
        return PT_OK;
    PT_TRY(pt_lineage_of(&l, project_of(c->run), (int)tag, NULL, c->run->arena, err));
    for (size_t i = 0; i < l.n_tags; i++)
        *out |= c->roots[l.tags[i]];
    return PT_OK;
}

static pt_rc new_closure(closure *c, const insight_run *r, pt_err *err)
{
    *c = (closure){.run = r, .roots = PT_NEW_ARRAY(r->arena, bool, project_of(r)->n_tags)};
    return c->roots ? PT_OK : pt_fail_nomem(err, "an insight");
}

pt_rc pt_insight_definitions(insight_run *r, pt_err *err)
{
    closure c;

    PT_TRY(new_closure(&c, r, err));
    PT_TRY(add_condition(&c, r->query->node, err));
    PT_TRY(add_condition(&c, r->versus->node, err));
    for (size_t i = 0; i < r->out->n_tags; i++)
        PT_TRY(is_related(&r->sources[i].definition, &c, r->sources[i].tag, err));
    return PT_OK;
}

pt_rc pt_insight_related(bool *out, const insight_run *r, uint32_t tag, pt_err *err)
{
    closure c;

    PT_TRY(new_closure(&c, r, err));
    PT_TRY(add_tag(&c, tag, err));
    for (uint32_t t = 0; t < project_of(r)->n_tags; t++)
        PT_TRY(is_related(&out[t], &c, t, err));
    return PT_OK;
}
