/* What was asked about, and everything on either side of it. */
#include "app/deps.h"

/* Marks what can be reached from the asked nodes along one direction. */
static uint32_t reach(bool *marks, const pt_deps *d, const bool *asked, const uint32_t *begin, const uint32_t *ends,
                      uint32_t *queue)
{
    uint32_t n = 0, found = 0;

    for (uint32_t i = 0; i < d->n_nodes; i++)
        if (asked[i])
            queue[n++] = i;
    for (uint32_t at = 0; at < n; at++) {
        for (uint32_t k = begin[queue[at]]; k < begin[queue[at] + 1]; k++) {
            uint32_t next = ends[k];
            if (asked[next] || marks[next])
                continue;
            marks[next] = true;
            found++;
            queue[n++] = next;
        }
    }
    return found;
}

static pt_rc focus_on(pt_deps_focus *out, const pt_deps *d, const bool *asked, pt_arena *arena, pt_err *err)
{
    bool *above = PT_NEW_ARRAY(arena, bool, d->n_nodes), *below = PT_NEW_ARRAY(arena, bool, d->n_nodes);
    uint32_t *queue = PT_NEW_ARRAY(arena, uint32_t, d->n_nodes);

    if (!above || !below || !queue)
        return pt_fail_nomem(err, "the lineage");
    *out = (pt_deps_focus){.asked = asked, .above = above, .below = below};
    for (uint32_t i = 0; i < d->n_nodes; i++)
        out->n_asked += asked[i];
    out->n_above = reach(above, d, asked, d->in_begin, d->in, queue);
    out->n_below = reach(below, d, asked, d->out_begin, d->out, queue);
    return PT_OK;
}

pt_rc pt_deps_of(pt_deps_focus *out, const pt_deps *d, uint32_t node, pt_arena *arena, pt_err *err)
{
    bool *asked = PT_NEW_ARRAY(arena, bool, d->n_nodes);

    if (!asked)
        return pt_fail_nomem(err, "the lineage");
    asked[node] = true;
    return focus_on(out, d, asked, arena, err);
}

/* A source is its rows, columns and rules. */
static bool is_asked(const pt_dep *n, pt_sv what, int source)
{
    if (source >= 0)
        return n->source == source && n->kind != PT_DEP_FILE_COLUMN && n->kind != PT_DEP_CHECK;
    if (n->kind == PT_DEP_RULE || n->kind == PT_DEP_CHECK)
        return false;
    return pt_sv_eq(pt_sv_of(n->name), what);
}

static pt_rc not_found(const pt_deps *d, pt_sv what, pt_arena *arena, pt_err *err)
{
    const char **names = PT_NEW_ARRAY(arena, const char *, d->n_nodes + d->project->n_sources);
    size_t n = 0;

    pt_fail(err, PT_ENOTFOUND, "nothing here is called '%.*s'", what.len < 80 ? (int)what.len : 80, what.ptr);
    for (uint32_t i = 0; names && i < d->n_nodes; i++)
        if (d->nodes[i].kind != PT_DEP_RULE && d->nodes[i].kind != PT_DEP_CHECK &&
            d->nodes[i].kind != PT_DEP_FILE_COLUMN)
            names[n++] = d->nodes[i].name;
    for (size_t s = 0; names && s < d->project->n_sources; s++)
        names[n++] = d->project->sources[s].name;
    int near = names ? pt_nearest(what, names, n) : -1;
    if (near >= 0)
        return pt_err_hint(err, "did you mean '%s'?", names[near]);
    return pt_err_hint(err, "a tag, SOURCE, SOURCE.COLUMN, or a file as `from` has it");
}

pt_rc pt_deps_find(pt_deps_focus *out, const pt_deps *d, pt_sv what, pt_arena *arena, pt_err *err)
{
    bool *asked = PT_NEW_ARRAY(arena, bool, d->n_nodes), any = false;
    int source = pt_project_find_source(d->project, what);

    if (!asked)
        return pt_fail_nomem(err, "the lineage");
    for (uint32_t i = 0; i < d->n_nodes; i++)
        any |= asked[i] = is_asked(&d->nodes[i], what, source);
    return any ? focus_on(out, d, asked, arena, err) : not_found(d, what, arena, err);
}
