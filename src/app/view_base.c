/* Statistics of the base as a view knows them. */
#include "app/view.h"

static pt_rc read_once(pt_view *v, pt_err *err)
{
    pt_sv text;

    if (v->has_base)
        return PT_OK;
    PT_TRY(pt_generation_base(&text, v->generation, v->arena, err));
    PT_TRY(pt_view_named(pt_base_read(&v->base, text, v->project, v->arena, err), PT_FILE_BASE, err));
    v->has_base = true;
    return PT_OK;
}

/* A statistic that no tag used when the build ran: from the values of its tag, when the generation has them. */
static pt_rc work_out(pt_base_set *set, pt_base_value *item, pt_view *v, const pt_node *node, pt_arena *arena,
                      pt_err *err)
{
    const pt_column *column;

    PT_TRY(pt_view_column(&column, v, node->u.base->tag, err));
    if (!column)
        return PT_OK;
    item->node = node;
    set->n++;
    return pt_base_compute(item, 1, column, v->n_ordinals, arena, err);
}

pt_rc pt_view_base(const pt_base_set **out, pt_view *v, const pt_node *node, pt_arena *arena, pt_err *err)
{
    const pt_node *const *needs;
    size_t n;
    const pt_module *m = v->project->module;
    pt_base_set *set = PT_NEW(arena, pt_base_set);
    pt_base_value *items;

    PT_TRY(read_once(v, err));
    PT_TRY(pt_base_needs(&needs, &n, v->project, m->order, m->n_tags, node, arena, err));
    items = PT_NEW_ARRAY(arena, pt_base_value, n);
    if (!set || !items)
        return pt_fail_nomem(err, "the statistics of the base");
    set->items = items;
    for (size_t i = 0; i < n; i++) {
        const pt_column *known = pt_base_find(&v->base.set, needs[i]);
        if (known)
            items[set->n++] = (pt_base_value){needs[i], *known};
        else
            PT_TRY(work_out(set, &items[set->n], v, needs[i], arena, err));
    }
    *out = set;
    return PT_OK;
}
