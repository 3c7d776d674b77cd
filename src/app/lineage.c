#include "app/lineage.h"

#include <stdlib.h>

typedef struct walk {
    const pt_project *project;
    pt_arena *arena;
    bool *tags;     /* by tag number: used */
    bool **columns; /* by source number and column + 1 */
    bool queries, models;
} walk;

/* Marks what one definition uses; tags it uses are marked only (their own turn comes in module order). */
static pt_rc mark_node(walk *w, const pt_node *node, pt_err *err)
{
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, node, w->arena, err));
    for (size_t i = 0; i < uses.n_tags; i++)
        w->tags[uses.tags[i]] = true;
    for (size_t i = 0; i < uses.n_bases; i++)
        w->tags[uses.bases[i]->u.base->tag] = true;
    for (size_t i = 0; i < uses.n_columns; i++)
        w->columns[uses.columns[i].source][uses.columns[i].column + 1] = true;
    return PT_OK;
}

static pt_rc walk_init(walk *w, pt_err *err)
{
    const pt_project *p = w->project;

    w->tags = PT_NEW_ARRAY(w->arena, bool, p->n_tags);
    w->columns = PT_NEW_ARRAY(w->arena, bool *, p->n_sources);
    if (!w->tags || !w->columns)
        return pt_fail_nomem(err, "the lineage");
    for (size_t s = 0; s < p->n_sources; s++)
        if (!(w->columns[s] = PT_NEW_ARRAY(w->arena, bool, p->sources[s].n_columns + 1)))
            return pt_fail_nomem(err, "the lineage");
    return PT_OK;
}

/* The module's order has every tag after those it uses; backwards, a tag's turn comes after all its users. */
static pt_rc close_over(walk *w, pt_err *err)
{
    const pt_module *m = w->project->module;

    for (size_t i = m->n_tags; i-- > 0;) {
        uint32_t tag = m->order[i];
        if (!w->tags[tag])
            continue;
        if (m->tags[tag])
            PT_TRY(mark_node(w, m->tags[tag], err));
        else if (w->project->tags[tag].model)
            w->models = true;
        else
            w->queries = true;
    }
    return PT_OK;
}

static pt_rc collect_tags(pt_lineage *out, walk *w, const bool *direct, pt_err *err)
{
    const pt_module *m = w->project->module;
    uint32_t *tags = PT_NEW_ARRAY(w->arena, uint32_t, m->n_tags);
    bool *marks = PT_NEW_ARRAY(w->arena, bool, m->n_tags);

    if (!tags || !marks)
        return pt_fail_nomem(err, "the lineage");
    for (size_t i = 0; i < m->n_tags; i++)
        if (w->tags[m->order[i]]) {
            marks[out->n_tags] = direct[m->order[i]];
            tags[out->n_tags++] = m->order[i];
        }
    out->tags = tags;
    out->direct = marks;
    out->queries = w->queries;
    out->models = w->models;
    return PT_OK;
}

static pt_rc collect_columns(pt_lineage *out, walk *w, pt_err *err)
{
    const pt_project *p = w->project;
    struct pt_use_column *columns;
    size_t most = 0;

    for (size_t s = 0; s < p->n_sources; s++)
        most += p->sources[s].n_columns + 1;
    if (!(columns = PT_NEW_ARRAY(w->arena, struct pt_use_column, most)))
        return pt_fail_nomem(err, "the lineage");
    for (uint32_t s = 0; s < p->n_sources; s++)
        for (size_t c = 0; c <= p->sources[s].n_columns; c++)
            if (w->columns[s][c])
                columns[out->n_columns++] = (struct pt_use_column){s, (int32_t)c - 1};
    out->columns = columns;
    return PT_OK;
}

/* Its value, or statistics over its values. */
static bool uses_tag(const pt_uses *uses, uint32_t tag)
{
    for (size_t i = 0; i < uses->n_tags; i++)
        if (uses->tags[i] == tag)
            return true;
    for (size_t i = 0; i < uses->n_bases; i++)
        if (uses->bases[i]->u.base->tag == tag)
            return true;
    return false;
}

static pt_rc collect_users(pt_lineage *out, walk *w, uint32_t tag, pt_err *err)
{
    const pt_module *m = w->project->module;
    uint32_t *users = PT_NEW_ARRAY(w->arena, uint32_t, m->n_tags);
    pt_uses uses;

    if (!users)
        return pt_fail_nomem(err, "the lineage");
    for (uint32_t i = 0; i < m->n_tags; i++) {
        if (!m->tags[i])
            continue;
        PT_TRY(pt_lang_uses(&uses, m->tags[i], w->arena, err));
        if (uses_tag(&uses, tag))
            users[out->n_used_by++] = i;
    }
    out->used_by = users;
    return PT_OK;
}

pt_rc pt_lineage_of(pt_lineage *out, const pt_project *p, int tag, const pt_node *node, pt_arena *arena, pt_err *err)
{
    walk w = {.project = p, .arena = arena};
    bool *direct = PT_NEW_ARRAY(arena, bool, p->n_tags);

    *out = (pt_lineage){0};
    if (!direct)
        return pt_fail_nomem(err, "the lineage");
    PT_TRY(walk_init(&w, err));
    if (tag >= 0)
        node = p->module->tags[tag];
    if (node)
        PT_TRY(mark_node(&w, node, err));
    else if (tag >= 0 && p->tags[tag].model)
        w.models = true;
    else
        w.queries = true;
    memcpy(direct, w.tags, p->n_tags * sizeof *direct);
    PT_TRY(close_over(&w, err));
    PT_TRY(collect_tags(out, &w, direct, err));
    PT_TRY(collect_columns(out, &w, err));
    return tag >= 0 ? collect_users(out, &w, (uint32_t)tag, err) : PT_OK;
}
