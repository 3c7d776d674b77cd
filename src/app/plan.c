#include "app/plan.h"

#include "app/app_int.h"
#include "app/build_int.h"
#include "app/deps.h"

typedef struct planning {
    const pt_project *project;
    const pt_manifest *last; /* NULL: nothing built */
    pt_plan *out;
    pt_plan_source *sources;
    pt_deps *deps;
    bool **reached; /* by change and node: the node is, or uses, what changed */
    pt_arena *arena;
} planning;

static bool is_named(const char *name, const char *what)
{
    size_t n = strlen(what);

    return strncmp(name, what, n) == 0 && name[n] == ' ';
}

/* "rows orders", "rule orders ..." -> orders; "column orders.amount" too. */
static int source_of_change(const pt_project *p, const char *name)
{
    const char *from = strchr(name, ' ');

    if (!from || is_named(name, "tag") || is_named(name, "segment"))
        return -1;
    from++;
    size_t n = strcspn(from, is_named(name, "column") ? "." : " ");
    return pt_project_find_source(p, (pt_sv){from, n});
}

/* --- definitions -------------------------------------------------------------------------------------------------- */

static bool is_hash(const char *name)
{
    return is_named(name, "read") || is_named(name, "clean");
}

/* Whether a text of the source has changed too: then its hashes say nothing more. */
static bool is_explained(const planning *x, const pt_definition_change *all, size_t n, const char *hash_name)
{
    int source = source_of_change(x->project, hash_name);

    for (size_t i = 0; i < n; i++) {
        bool whole = !strchr(all[i].name, ' '); /* identity, project: of every source */
        if (whole || (!is_hash(all[i].name) && source >= 0 && source_of_change(x->project, all[i].name) == source))
            return true;
    }
    return false;
}

/* Tags first, then by name; a hash only where no text says what changed (the order of rules). */
static pt_rc keep_changes(planning *x, const pt_definition_change *all, size_t n, pt_err *err)
{
    pt_definition_change *kept = PT_NEW_ARRAY(x->arena, pt_definition_change, n);

    if (!kept)
        return pt_fail_nomem(err, "the plan");
    for (int tags = 1; tags >= 0; tags--)
        for (size_t i = 0; i < n; i++) {
            bool shown = pt_definition_is_shown(all[i].name) ||
                         (x->last && is_hash(all[i].name) && all[i].kind == PT_CHANGE_CHANGED &&
                          !is_explained(x, all, n, all[i].name));
            if (shown && is_named(all[i].name, "tag") == (tags == 1))
                kept[x->out->n_changes++] = all[i];
        }
    x->out->changes = kept;
    return PT_OK;
}

static void mark_source_reading(planning *x, const pt_definition_change *all, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int source = is_hash(all[i].name) ? source_of_change(x->project, all[i].name) : -1;
        if (source < 0)
            continue;
        if (is_named(all[i].name, "read"))
            x->sources[source].rereads = true;
        else
            x->sources[source].recleans = all[i].kind == PT_CHANGE_CHANGED;
    }
}

/* Tags defined anew under the version they had. */
static pt_rc find_unversioned(planning *x, const pt_definition_change *all, size_t n, pt_err *err)
{
    bool *unversioned = PT_NEW_ARRAY(x->arena, bool, x->out->n_changes);

    if (!unversioned)
        return pt_fail_nomem(err, "the plan");
    for (size_t c = 0; c < x->out->n_changes; c++) {
        const pt_definition_change *change = &x->out->changes[c];
        unversioned[c] = change->kind == PT_CHANGE_CHANGED && is_named(change->name, "tag");
        for (size_t i = 0; i < n && unversioned[c]; i++)
            unversioned[c] = !(is_named(all[i].name, "version") && strcmp(all[i].name + 8, change->name + 4) == 0);
    }
    x->out->unversioned = unversioned;
    return PT_OK;
}

/* --- what changes with them --------------------------------------------------------------------------------------- */

static bool is_changed_node(const planning *x, const pt_definition_change *c, const pt_dep *node)
{
    const char *name = strchr(c->name, ' ');
    int source = source_of_change(x->project, c->name);

    if (!name) /* identity or project: who is whose, and where days begin */
        return node->kind == PT_DEP_ROWS;
    if (is_named(c->name, "tag"))
        return node->kind == PT_DEP_TAG && strcmp(node->name, name + 1) == 0;
    if (is_named(c->name, "column"))
        return node->kind == PT_DEP_COLUMN && strcmp(node->name, name + 1) == 0;
    if (source < 0 || node->source != source)
        return false;
    if (is_named(c->name, "rows"))
        return node->kind == PT_DEP_ROWS;
    if (is_named(c->name, "rule") && c->kind != PT_CHANGE_GONE)
        return node->kind == PT_DEP_RULE && strcmp(node->name, strchr(name + 1, ' ') + 1) == 0;
    return node->kind == PT_DEP_ROWS || node->kind == PT_DEP_COLUMN;
}

static pt_rc reach_from(bool **out, planning *x, const pt_definition_change *c, pt_err *err)
{
    bool *marks = PT_NEW_ARRAY(x->arena, bool, x->deps->n_nodes);
    pt_deps_focus f;

    if (!marks)
        return pt_fail_nomem(err, "the plan");
    for (uint32_t i = 0; i < x->deps->n_nodes; i++) {
        if (!is_changed_node(x, c, &x->deps->nodes[i]))
            continue;
        PT_TRY(pt_deps_of(&f, x->deps, i, x->arena, err));
        for (uint32_t k = 0; k < x->deps->n_nodes; k++)
            marks[k] |= f.below[k] || k == i;
    }
    *out = marks;
    return PT_OK;
}

static bool has_own_change(const planning *x, const char *tag)
{
    for (size_t i = 0; i < x->out->n_changes; i++)
        if (is_named(x->out->changes[i].name, "tag") && strcmp(x->out->changes[i].name + 4, tag) == 0)
            return true;
    return false;
}

static pt_rc add_tag(planning *x, pt_plan_tag *to, const pt_dep *node, uint32_t at, bool *added, pt_err *err)
{
    uint32_t *because = PT_NEW_ARRAY(x->arena, uint32_t, x->out->n_changes);

    if (!because)
        return pt_fail_nomem(err, "the plan");
    *to = (pt_plan_tag){.tag = (uint32_t)node->tag, .because = because};
    for (size_t c = 0; c < x->out->n_changes; c++)
        if (x->reached[c][at])
            because[to->n_because++] = (uint32_t)c;
    *added = to->n_because > 0;
    return PT_OK;
}

static pt_rc find_tags(planning *x, pt_err *err)
{
    pt_plan_tag *tags = PT_NEW_ARRAY(x->arena, pt_plan_tag, x->project->n_tags + 1);
    bool added = false;

    x->reached = PT_NEW_ARRAY(x->arena, bool *, x->out->n_changes);
    if (!tags || !x->reached)
        return pt_fail_nomem(err, "the plan");
    for (size_t c = 0; c < x->out->n_changes; c++)
        PT_TRY(reach_from(&x->reached[c], x, &x->out->changes[c], err));
    for (uint32_t i = 0; x->last && i < x->deps->n_nodes; i++) {
        const pt_dep *node = &x->deps->nodes[i];
        if (node->kind != PT_DEP_TAG || has_own_change(x, node->name))
            continue;
        PT_TRY(add_tag(x, &tags[x->out->n_tags], node, i, &added, err));
        x->out->n_tags += added;
    }
    x->out->tags = tags;
    return PT_OK;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

/* A reference that is read again makes those that look it up be read again. */
static void spread_rereading(planning *x)
{
    const pt_project *p = x->project;
    bool changed = true;

    while (changed) {
        changed = false;
        for (size_t s = 0; s < p->n_sources; s++)
            for (size_t c = 0; c < p->sources[s].n_columns && !x->sources[s].rereads; c++) {
                const char *name = p->sources[s].columns[c].lookup.source;
                int ref = name ? pt_project_find_source(p, pt_sv_of(name)) : -1;
                const pt_plan_source *r = ref >= 0 ? &x->sources[ref] : NULL;
                if (r && (r->rereads || r->n_new + r->n_changed + r->n_gone))
                    changed = x->sources[s].rereads = true;
            }
    }
}

static pt_rc find_files(planning *x, pt_err *err)
{
    for (uint32_t s = 0; s < x->project->n_sources; s++) {
        pt_plan_source *source = &x->sources[s];
        source->source = s;
        PT_TRY(pt_inputs_compare(&source->files, &source->n_files, x->project, s, x->last, x->arena, err));
        for (size_t i = 0; i < source->n_files; i++) {
            pt_input_state state = source->files[i].state;
            source->n_new += state == PT_INPUT_NEW;
            source->n_changed += state == PT_INPUT_CHANGED;
            source->n_gone += state == PT_INPUT_GONE;
            source->n_same += state == PT_INPUT_SAME;
        }
    }
    spread_rereading(x);
    return PT_OK;
}

static bool rows_change(const pt_plan_source *s)
{
    return s->rereads || s->recleans || s->n_new + s->n_changed + s->n_gone > 0;
}

static void count_work(planning *x)
{
    const pt_project *p = x->project;
    pt_plan *out = x->out;

    for (size_t s = 0; s < p->n_sources; s++) {
        pt_plan_source *source = &x->sources[s];
        for (size_t i = 0; i < source->n_files; i++) {
            const pt_input_change *f = &source->files[i];
            bool read = f->state != PT_INPUT_GONE && (source->rereads || f->state != PT_INPUT_SAME);
            source->n_read += read;
            source->bytes_read += read ? f->bytes : 0;
        }
        out->bytes_read += source->bytes_read;
        out->customers_again |= rows_change(source) && p->sources[s].n_identifiers > 0;
        if (pt_source_has_timeline(&p->sources[s])) {
            out->timelines_again += rows_change(source);
            out->timelines_kept += !rows_change(source);
        }
    }
    for (size_t i = 0; i < out->n_changes; i++)
        out->customers_again |= strcmp(out->changes[i].name, "identity") == 0;
}

static pt_rc count_data(planning *x, pt_err *err)
{
    bool *touched = PT_NEW_ARRAY(x->arena, bool, x->deps->n_nodes);
    pt_deps_focus f;

    if (!touched)
        return pt_fail_nomem(err, "the plan");
    for (uint32_t i = 0; i < x->deps->n_nodes; i++) {
        const pt_dep *node = &x->deps->nodes[i];
        if (node->kind != PT_DEP_ROWS || !rows_change(&x->sources[node->source]))
            continue;
        PT_TRY(pt_deps_of(&f, x->deps, i, x->arena, err));
        for (uint32_t k = 0; k < x->deps->n_nodes; k++)
            touched[k] |= f.below[k];
    }
    for (uint32_t i = 0; i < x->deps->n_nodes; i++)
        x->out->tags_with_data += touched[i] && x->deps->nodes[i].kind == PT_DEP_TAG;
    return PT_OK;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static pt_rc open_last(planning *x, pt_app *app, pt_err *err)
{
    pt_err none = {0};
    pt_view *v;
    pt_rc rc = pt_app_view(&v, app, &none);

    x->out->last_seconds = NAN;
    if (rc == PT_ENOTFOUND)
        return PT_OK;
    if (rc != PT_OK) {
        if (err)
            *err = none;
        return rc;
    }
    x->last = pt_generation_manifest(v->generation);
    x->out->generation = x->last->generation;
    x->out->as_of = x->last->as_of;
    x->out->built_at = x->last->built_at;
    x->out->last_seconds = 0;
    for (size_t i = 0; i < x->last->n_stages; i++)
        x->out->last_seconds += x->last->stages[i].value;
    return PT_OK;
}

static pt_rc plan(planning *x, pt_app *app, pt_err *err)
{
    const pt_definition_change *changes;
    const pt_manifest_text *now;
    size_t n_now, n;

    PT_TRY(open_last(x, app, err));
    PT_TRY(pt_deps_build(&x->deps, x->project, x->arena, err));
    PT_TRY(pt_definitions_of(&now, &n_now, x->project, x->arena, err));
    PT_TRY(pt_definitions_compare(&changes, &n, x->last ? x->last->definitions : NULL,
                                  x->last ? x->last->n_definitions : 0, now, n_now, x->arena, err));
    PT_TRY(keep_changes(x, changes, n, err));
    PT_TRY(find_unversioned(x, changes, n, err));
    mark_source_reading(x, changes, n);
    PT_TRY(find_tags(x, err));
    PT_TRY(find_files(x, err));
    count_work(x);
    return count_data(x, err);
}

pt_rc pt_app_build_plan(const pt_plan **out, pt_app *app, pt_arena *arena, pt_err *err)
{
    planning x = {.project = app->project, .arena = arena};

    PT_TRY(pt_app_sound(app, err));
    x.out = PT_NEW(arena, pt_plan);
    x.sources = PT_NEW_ARRAY(arena, pt_plan_source, app->project->n_sources);
    if (!x.out || !x.sources)
        return pt_fail_nomem(err, "the plan");
    x.out->sources = x.sources;
    x.out->n_sources = app->project->n_sources;
    PT_TRY(plan(&x, app, err));
    *out = x.out;
    return PT_OK;
}
