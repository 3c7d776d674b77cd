#include "app/segments.h"

#include <inttypes.h>

#include "app/crowd_query.h"
#include "app/generation_int.h"
#include "app/memberships.h"

typedef struct segments_view {
    pt_crowd_query *query;
    const pt_memberset *kept; /* of the generation; NULL: none */
    const uint64_t *builds;   /* numbers of those up to this one that left memberships */
    size_t n_builds;
    uint64_t number; /* of the generation */
    pt_arena *arena;
} segments_view;

static pt_rc look(segments_view *v, pt_segment_listing *out, pt_crowd_query *q, pt_arena *arena, pt_err *err)
{
    const pt_manifest *m = pt_generation_manifest(q->view->generation);

    *v = (segments_view){.query = q, .arena = arena, .number = generation_number(pt_sv_of(m->generation))};
    *out = (pt_segment_listing){.customers = q->view->n_customers, .as_of = q->view->as_of};
    if (!(out->generation = pt_arena_strdup(arena, m->generation)))
        return pt_fail_nomem(err, "the segments");
    PT_TRY(pt_generation_segments(&v->kept, q->view->generation, err));
    return pt_memberships_builds(&v->builds, &v->n_builds, q->view->project->data_dir, v->number, arena, err);
}

static uint64_t count_members(const pt_crowd_query *q, const uint64_t *bits)
{
    uint64_t n = 0;

    for (size_t w = 0; w < pt_members_words(q->view->n_ordinals); w += PT_BLOCK_WORDS)
        n += pt_slice_kernels_best()->count(bits + w);
    return n;
}

/* --- one entry ----------------------------------------------------------------------------------------------------------- */

static const char *print_condition(const pt_crowd_query *q, const pt_node *node, pt_arena *arena)
{
    pt_str text = {0};

    if (node)
        pt_lang_print(&text, node, q->module->catalog);
    const char *copy = text.failed ? NULL : pt_arena_strndup(arena, pt_str_cstr(&text), text.len);
    pt_str_free(&text);
    return copy;
}

/* What the last build found, when the definition is still the same. */
static pt_rc read_kept(pt_segment_entry *e, const segments_view *v, pt_err *err)
{
    int at = v->kept ? pt_memberset_find(v->kept, e->segment->name) : -1;
    const pt_members *m = at >= 0 ? pt_memberset_info(v->kept, (size_t)at) : NULL;

    if (!m || memcmp(&m->definition, &e->segment->hash, sizeof m->definition) != 0)
        return PT_OK;
    e->built = true;
    e->ids = m->ids;
    e->unknown = m->unknown;
    e->members = m->members;
    if (m->since && !(e->since = pt_arena_printf(v->arena, "g%06" PRIu64, m->since)))
        return pt_fail_nomem(err, "the segments");
    return PT_OK;
}

static pt_rc describe(pt_segment_entry *e, const segments_view *v, uint32_t segment, pt_err *err)
{
    const uint64_t *bits;

    e->segment = &v->query->view->project->segments[segment];
    if (!(e->text = print_condition(v->query, e->segment->node, v->arena)))
        return pt_fail_nomem(err, "the segments");
    PT_TRY(read_kept(e, v, err));
    if (e->built)
        return PT_OK;
    if (e->segment->list)
        PT_TRY(pt_crowd_segment_list(&e->ids, &e->unknown, v->query, segment, err));
    PT_TRY(pt_crowd_segment(&bits, v->query, segment, err));
    e->members = count_members(v->query, bits);
    return PT_OK;
}

/* --- earlier builds ------------------------------------------------------------------------------------------------------ */

/* What a build says of a segment: *at is -1 when it is not there, or its file cannot be read. */
static pt_rc look_back(pt_memberships **out, int *at, const segments_view *v, uint64_t build, const char *name,
                       pt_err *err)
{
    pt_err why = {0};
    pt_rc rc = pt_memberships_open(out, v->query->view->project->data_dir, build, &why);

    *at = -1;
    if (rc == PT_ENOMEM)
        return pt_fail_nomem(err, "the history of segments");
    if (rc == PT_OK)
        *at = pt_memberset_find(pt_memberships_set(*out), name);
    return PT_OK;
}

/* The build before this one, in the files of history. */
static pt_rc find_before(pt_segment_entry *e, const segments_view *v, pt_err *err)
{
    pt_memberships *m;
    size_t n = v->n_builds;
    int at;

    if (n && v->builds[n - 1] == v->number)
        n--;
    if (!n)
        return PT_OK;
    PT_TRY(look_back(&m, &at, v, v->builds[n - 1], e->segment->name, err));
    e->has_before = at >= 0;
    e->before = at >= 0 ? pt_memberset_info(pt_memberships_set(m), (size_t)at)->members : 0;
    pt_memberships_close(m);
    return PT_OK;
}

static pt_rc list_builds(pt_segment_entry *e, const segments_view *v, pt_err *err)
{
    size_t first = v->n_builds > PT_SEGMENT_BUILDS ? v->n_builds - PT_SEGMENT_BUILDS : 0;
    pt_segment_size *sizes = PT_NEW_ARRAY(v->arena, pt_segment_size, v->n_builds - first);

    if (!sizes)
        return pt_fail_nomem(err, "the history of segments");
    for (size_t b = first; b < v->n_builds; b++) {
        pt_memberships *m;
        int at;
        PT_TRY(look_back(&m, &at, v, v->builds[b], e->segment->name, err));
        if (at >= 0) {
            pt_segment_size *s = &sizes[e->n_builds++];
            s->generation = pt_arena_printf(v->arena, "g%06" PRIu64, v->builds[b]);
            s->as_of = pt_memberset_get_head(pt_memberships_set(m))->as_of;
            s->members = pt_memberset_info(pt_memberships_set(m), (size_t)at)->members;
        }
        pt_memberships_close(m);
        if (e->n_builds && !sizes[e->n_builds - 1].generation)
            return pt_fail_nomem(err, "the history of segments");
    }
    e->builds = sizes;
    return PT_OK;
}

/* Members who were none at the build before, and those who were and are no more. */
static void compare(pt_segment_entry *e, const uint64_t *now, const uint64_t *then, size_t words)
{
    e->compared = true;
    for (size_t w = 0; w < words; w++) {
        e->came += (uint64_t)__builtin_popcountll(now[w] & ~then[w]);
        e->left += (uint64_t)__builtin_popcountll(then[w] & ~now[w]);
    }
}

static pt_rc compare_before(pt_segment_entry *e, const segments_view *v, uint32_t segment, pt_err *err)
{
    const pt_view *view = v->query->view;
    size_t n = v->n_builds - (v->n_builds && v->builds[v->n_builds - 1] == v->number);
    pt_memberships *m;
    uint64_t *then;
    const uint64_t *now;
    int at;

    if (!e->has_before)
        return PT_OK;
    PT_TRY(pt_crowd_new_bits(&then, v->query, err));
    PT_TRY(pt_crowd_segment(&now, v->query, segment, err));
    PT_TRY(look_back(&m, &at, v, v->builds[n - 1], e->segment->name, err));
    if (at >= 0 && pt_memberships_fit(m, view->directory) &&
        pt_memberships_read(then, view->n_ordinals, m, (size_t)at, NULL) == PT_OK) {
        pt_members_forward(then, view->directory);
        compare(e, now, then, pt_members_words(view->n_ordinals));
    }
    pt_memberships_close(m);
    return PT_OK;
}

/* --- the questions ------------------------------------------------------------------------------------------------------- */

pt_rc pt_app_segments(pt_segment_listing *out, pt_app *app, const pt_crowd_options *options, pt_arena *arena,
                      pt_err *err)
{
    pt_crowd_query *q = PT_NEW(arena, pt_crowd_query);
    segments_view v;
    pt_diags none;

    pt_diags_init(&none, arena);
    if (!q)
        return pt_fail_nomem(err, "the segments");
    PT_TRY(pt_crowd_query_open(q, app, PT_SV(""), options, &none, arena, err));
    PT_TRY(look(&v, out, q, arena, err));
    out->n = q->view->project->n_segments;
    pt_segment_entry *entries = PT_NEW_ARRAY(arena, pt_segment_entry, out->n);
    if (!entries)
        return pt_fail_nomem(err, "the segments");
    for (uint32_t s = 0; s < out->n; s++) {
        PT_TRY(describe(&entries[s], &v, s, err));
        PT_TRY(find_before(&entries[s], &v, err));
    }
    out->entries = entries;
    return PT_OK;
}

static pt_rc describe_condition(pt_segment_entry *e, const segments_view *v, pt_err *err)
{
    uint64_t *bits;

    if (!(e->text = print_condition(v->query, v->query->node, v->arena)))
        return pt_fail_nomem(err, "the segments");
    PT_TRY(pt_crowd_bits(&bits, v->query, v->query->crowd, err));
    e->members = count_members(v->query, bits);
    return PT_OK;
}

pt_rc pt_app_segment(pt_segment_listing *out, pt_app *app, pt_sv what, const pt_crowd_options *options, pt_diags *diags,
                     pt_arena *arena, pt_err *err)
{
    pt_crowd_query *q = PT_NEW(arena, pt_crowd_query);
    pt_segment_entry *e = PT_NEW(arena, pt_segment_entry);
    segments_view v;

    if (!q || !e)
        return pt_fail_nomem(err, "the segments");
    PT_TRY(pt_app_sound(app, err));
    int segment = pt_project_find_segment(pt_app_project(app), pt_sv_trim(what));
    PT_TRY(pt_crowd_query_open(q, app, segment >= 0 ? PT_SV("") : what, options, diags, arena, err));
    PT_TRY(look(&v, out, q, arena, err));
    out->entries = e;
    out->n = 1;
    if (segment < 0)
        return describe_condition(e, &v, err);
    PT_TRY(describe(e, &v, (uint32_t)segment, err));
    PT_TRY(find_before(e, &v, err));
    PT_TRY(list_builds(e, &v, err));
    return compare_before(e, &v, (uint32_t)segment, err);
}
