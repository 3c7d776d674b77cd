#include "app/view.h"

#include <stdlib.h>

#include "app/finder.h"

static pt_rc find_columns(pt_view *v, pt_err *err)
{
    const pt_project *p = v->project;

    if (!(v->columns = PT_NEW_ARRAY(v->arena, int, p->n_tags)))
        return pt_fail_nomem(err, "the tags");
    for (size_t t = 0; t < p->n_tags; t++) {
        int at = pt_tagset_find(v->tags, pt_sv_of(p->tags[t].name));
        v->columns[t] = at >= 0 && pt_tagset_info(v->tags, (size_t)at)->type == p->module->types[t] ? at : -1;
    }
    return PT_OK;
}

static pt_rc look_at_generation(pt_view *v, pt_err *err)
{
    const pt_project *p = v->project;

    v->directory = pt_generation_directory(v->generation);
    v->tags = pt_generation_tags(v->generation);
    v->as_of = pt_generation_manifest(v->generation)->as_of;
    v->n_ordinals = pt_tagset_ordinals(v->tags);
    v->n_customers = pt_directory_live(v->directory);
    v->timelines = PT_NEW_ARRAY(v->arena, pt_timeline *, p->n_sources);
    v->events = PT_NEW_ARRAY(v->arena, pt_events, p->n_sources);
    if (!v->timelines || !v->events)
        return pt_fail_nomem(err, "the generation");
    return find_columns(v, err);
}

/* Takes the generation, also on failure. */
static pt_rc make_view(pt_view **out, const pt_project *p, pt_generation *g, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_view *v = arena ? PT_NEW(arena, pt_view) : NULL;
    pt_rc rc;

    *out = NULL;
    if (!v) {
        pt_arena_free(arena);
        pt_generation_close(g);
        return pt_fail_nomem(err, "the generation");
    }
    v->project = p;
    v->arena = arena;
    v->generation = g;
    rc = look_at_generation(v, err);
    if (rc != PT_OK)
        pt_view_close(v);
    else
        *out = v;
    return rc;
}

pt_rc pt_view_open_build(pt_view **out, const pt_project *p, const char *build, pt_err *err)
{
    pt_generation *g;

    *out = NULL;
    PT_TRY(pt_generation_open(&g, p->data_dir, build, err));
    return make_view(out, p, g, err);
}

pt_rc pt_view_open(pt_view **out, const pt_project *p, pt_err *err)
{
    return pt_view_open_build(out, p, NULL, err);
}

pt_rc pt_view_of_draft(pt_view **out, const pt_project *p, pt_draft *draft, int64_t as_of, pt_err *err)
{
    pt_generation *g;

    *out = NULL;
    PT_TRY(pt_draft_generation(&g, draft, as_of, err));
    return make_view(out, p, g, err);
}

void pt_view_close(pt_view *v)
{
    if (!v)
        return;
    pt_generation_close(v->generation);
    pt_arena_free(v->arena);
}

pt_rc pt_view_column(const pt_column **out, pt_view *v, uint32_t tag, pt_err *err)
{
    *out = NULL;
    if (v->columns[tag] < 0)
        return PT_OK;
    return pt_view_named(pt_tagset_column(out, v->tags, (size_t)v->columns[tag], err), PT_FILE_TAGS, err);
}

pt_rc pt_view_row(const pt_column **out, pt_view *v, uint32_t tag, uint32_t ordinal, pt_err *err)
{
    *out = NULL;
    if (v->columns[tag] < 0)
        return PT_OK;
    return pt_view_named(pt_tagset_rows(out, v->tags, (size_t)v->columns[tag], ordinal, 1, err), PT_FILE_TAGS, err);
}

pt_column pt_column_from(const pt_column *c, uint64_t row)
{
    pt_column part = *c;

    if (pt_type_is_list(c->type)) {
        part.offsets += row;
        part.absent = c->absent ? c->absent + row : NULL;
    } else {
        part.data = (const char *)c->data + row * c->width;
    }
    return part;
}

/* --- timelines ---------------------------------------------------------------------------------------------------- */

static bool same_schema(const pt_timeline_schema *built, const pt_source *s)
{
    if (built->n_columns != s->n_columns)
        return false;
    for (size_t i = 0; i < s->n_columns; i++)
        if (strcmp(built->columns[i].name, s->columns[i].name) != 0 || built->columns[i].type != s->columns[i].type)
            return false;
    return true;
}

static pt_rc not_built(const char *source, pt_err *err)
{
    pt_fail(err, PT_EINVAL, "source '%s' is not as it was when the last build ran", source);
    return pt_err_hint(err, "portrait build");
}

static pt_rc open_timeline(pt_view *v, size_t source, pt_err *err)
{
    const pt_source *s = &v->project->sources[source];
    pt_timeline *t;
    pt_rc rc = pt_generation_timeline(&t, v->generation, s->name, err);

    if (rc == PT_ENOTFOUND)
        return not_built(s->name, err);
    if (rc != PT_OK)
        return rc;
    if (!same_schema(pt_timeline_get_schema(t), s) || pt_timeline_ordinals(t) != v->n_ordinals)
        return not_built(s->name, err);
    v->timelines[source] = t;
    v->events[source] = (pt_events){pt_timeline_offsets(t), pt_timeline_times(t), pt_timeline_columns(t)};
    return PT_OK;
}

pt_rc pt_view_timelines(pt_view *v, pt_err *err)
{
    for (size_t s = 0; s < v->project->n_sources && !v->has_timelines; s++) {
        pt_source_kind kind = v->project->sources[s].kind;
        if (kind == PT_SOURCE_EVENT || kind == PT_SOURCE_RECORD)
            PT_TRY(open_timeline(v, s, err));
    }
    v->has_timelines = true;
    return PT_OK;
}

pt_rc pt_view_batch_of_all(pt_batch *out, const pt_view *v, pt_err *err)
{
    const uint64_t *hashes = pt_directory_id_hashes(v->directory);

    if (!hashes)
        return pt_view_named(pt_directory_damage(v->directory, err), PT_FILE_DIRECTORY, err);
    *out = (pt_batch){.n_customers = v->n_ordinals, .sources = v->events, .identities = hashes};
    return PT_OK;
}

pt_rc pt_view_batch(pt_batch *out, pt_events *events, pt_view *v, uint32_t ordinal, pt_err *err)
{
    pt_batch all;

    PT_TRY(pt_view_batch_of_all(&all, v, err));
    for (size_t s = 0; s < v->project->n_sources; s++)
        if (v->timelines[s])
            PT_TRY(pt_timeline_check(v->timelines[s], ordinal, 1, err));
    *out = pt_batch_slice(&all, ordinal, 1, events, v->project->n_sources);
    out->external_first = 0; /* the caller gives values of queries for this customer alone */
    return PT_OK;
}

/* --- finding a customer ------------------------------------------------------------------------------------------- */

pt_rc pt_view_find(uint32_t *out, const pt_view *v, pt_sv who, pt_err *err)
{
    pt_finder *finder;

    PT_TRY(pt_finder_new(&finder, v->project, v->directory, err));
    pt_rc rc = pt_finder_any(out, finder, who, err);
    pt_finder_free(finder);
    PT_TRY(rc);
    PT_TRY(pt_view_named(pt_directory_damage(v->directory, err), PT_FILE_DIRECTORY, err));
    if (*out != PT_ID_NONE)
        return PT_OK;
    pt_fail(err, PT_ENOTFOUND, "no customer has this id or identifier");
    return pt_err_hint(err, "a customer id, TYPE:VALUE such as phone:13800000000, or a value alone");
}

pt_sv pt_view_forwarded(const pt_view *v, pt_sv who, uint32_t ordinal)
{
    pt_sv name = pt_sv_trim(who);

    if (!name.len || pt_directory_find_id(v->directory, name) != ordinal ||
        pt_sv_eq(name, pt_directory_id(v->directory, ordinal)))
        return (pt_sv){0};
    return name;
}
