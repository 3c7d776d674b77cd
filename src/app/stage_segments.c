/* Saved segments -> profile.segments, and what is kept of them for ever: history/gNNNNNN.segments (docs/segment-format.md). */
#include <stdlib.h>

#include "app/build_int.h"
#include "app/crowd_query.h"
#include "app/generation_int.h"
#include "app/history.h"
#include "app/memberships.h"
#include "app/segment_list.h"
#include "base/log.h"

typedef struct segments_run {
    pt_build *build;
    pt_arena *arena;
    pt_view *view;        /* of the draft */
    uint64_t number;      /* of this build */
    pt_memberships *last; /* of the last build that left any; NULL: none that can be read and is of these customers */
    pt_crowd_query query;
    pt_crowd_options options;
    pt_build_segment *results; /* by segment number: the build's */
    pt_members *sets;          /* by segment number */
    pt_hash128 made_from;
} segments_run;

/* --- what the sets follow from --------------------------------------------------------------------------------------- */

static pt_rc find_made_from(segments_run *r, pt_err *err)
{
    const pt_build *b = r->build;
    const pt_project *p = b->project;
    pt_str all = {0};

    pt_str_addn(&all, (const char *)&b->made_from, sizeof b->made_from);
    for (size_t s = 0; s < p->n_segments; s++) {
        const pt_segment *segment = &p->segments[s];
        pt_hash128 bytes = {0, 0};
        pt_rc rc = segment->list ? pt_segment_list_hash(&bytes, p, segment, err) : PT_OK;
        if (rc != PT_OK) {
            pt_str_free(&all);
            return rc;
        }
        pt_str_addn(&all, segment->name, strlen(segment->name) + 1);
        pt_str_addn(&all, (const char *)&segment->hash, sizeof segment->hash);
        pt_str_addn(&all, (const char *)&bytes, sizeof bytes);
    }
    r->made_from = pt_hash128_of(pt_str_cstr(&all), all.len);
    pt_rc rc = pt_str_check(&all, err);
    pt_str_free(&all);
    return rc;
}

/* --- the build before ------------------------------------------------------------------------------------------------ */

/* The latest build that left memberships. What of them is damaged or of other customers is no reason to stop: sets are then
 * stored whole, and the log says why. */
static pt_rc open_last(segments_run *r, pt_err *err)
{
    const pt_build *b = r->build;
    const uint64_t *builds;
    pt_err why = {0};
    size_t n;

    PT_TRY(pt_memberships_builds(&builds, &n, b->project->data_dir, r->number - 1, r->arena, err));
    if (n == 0)
        return PT_OK;
    pt_rc rc = pt_memberships_open(&r->last, b->project->data_dir, builds[n - 1], &why);
    if (rc == PT_ENOMEM)
        return pt_fail_nomem(err, "the history of segments");
    if (rc != PT_OK)
        pt_log(PT_LOG_WARN, "segments", "history=%s reason=\"%s\"", why.file, why.msg);
    if (rc != PT_OK || pt_memberships_fit(r->last, b->directory))
        return PT_OK;
    pt_log(PT_LOG_WARN, "segments", "history=g%06llu reason=\"it is of other customers\"",
           (unsigned long long)builds[n - 1]);
    pt_memberships_close(r->last);
    r->last = NULL;
    return PT_OK;
}

/* The set that a segment was then, or NULL in *out. */
static pt_rc read_last(uint64_t **out, const pt_members **what, segments_run *r, const char *name, pt_err *err)
{
    int at = r->last ? pt_memberset_find(pt_memberships_set(r->last), name) : -1;
    pt_err why = {0};

    *out = NULL;
    *what = NULL;
    if (at < 0)
        return PT_OK;
    PT_TRY(pt_crowd_new_bits(out, &r->query, err));
    pt_rc rc = pt_memberships_read(*out, r->view->n_ordinals, r->last, (size_t)at, &why);
    if (rc == PT_OK) {
        *what = pt_memberset_info(pt_memberships_set(r->last), (size_t)at);
        return PT_OK;
    }
    *out = NULL;
    if (rc == PT_ENOMEM)
        return pt_fail_nomem(err, "the history of segments");
    pt_log(PT_LOG_WARN, "segments", "segment=%s history=%s reason=\"%s\"", name, why.file, why.msg);
    return PT_OK;
}

/* --- members --------------------------------------------------------------------------------------------------------- */

static bool same_hash(pt_hash128 a, pt_hash128 b)
{
    return a.lo == b.lo && a.hi == b.hi;
}

/* A static segment has the members it had, as long as its definition is the one that chose them. */
static pt_rc carry_over(bool *carried, segments_run *r, uint32_t segment, pt_err *err)
{
    const pt_segment *s = &r->build->project->segments[segment];
    const pt_members *before;
    uint64_t *bits;

    *carried = false;
    if (s->kind != PT_SEGMENT_STATIC)
        return PT_OK;
    PT_TRY(read_last(&bits, &before, r, s->name, err));
    if (!bits || before->kind != PT_SEGMENT_STATIC || !same_hash(before->definition, s->hash))
        return PT_OK;
    pt_members_forward(bits, r->build->directory);
    r->query.segments[segment] = bits;
    r->sets[segment].since = before->since ? before->since : pt_memberset_get_head(pt_memberships_set(r->last))->build;
    *carried = true;
    return pt_directory_damage(r->build->directory, err);
}

static pt_rc read_ids(segments_run *r, uint32_t segment, pt_err *err)
{
    const pt_build *b = r->build;
    pt_segment_list found;
    uint64_t *bits;

    PT_TRY(pt_crowd_new_bits(&bits, &r->query, err));
    PT_TRY(pt_segment_list_members(bits, &found, b->project, &b->project->segments[segment], b->directory,
                                   b->options->cancel, err));
    r->query.segments[segment] = bits;
    r->sets[segment].ids = r->results[segment].ids = found.ids;
    r->sets[segment].unknown = r->results[segment].unknown = found.unknown;
    r->sets[segment].source = found.bytes;
    return PT_OK;
}

static pt_rc find_members(segments_run *r, uint32_t segment, pt_err *err)
{
    const pt_segment *s = &r->build->project->segments[segment];
    const uint64_t *bits;
    bool carried;

    r->sets[segment] = (pt_members){.name = s->name, .definition = s->hash, .kind = (uint8_t)s->kind};
    PT_TRY(carry_over(&carried, r, segment, err));
    if (s->kind == PT_SEGMENT_LIST)
        PT_TRY(read_ids(r, segment, err));
    else if (!carried && s->kind == PT_SEGMENT_STATIC)
        r->sets[segment].since = r->number;
    return pt_crowd_segment(&bits, &r->query, segment, err);
}

static pt_rc find_all_members(segments_run *r, pt_err *err)
{
    const pt_project *p = r->build->project;

    for (size_t i = 0; i < p->n_segments; i++) {
        uint32_t segment = p->segment_order[i];
        pt_build_report(r->build, PT_STAGE_SEGMENTS, p->segments[segment].name, i, p->n_segments);
        PT_TRY(pt_cancel_check(r->build->options->cancel, err));
        PT_TRY(find_members(r, segment, err));
    }
    return PT_OK;
}

/* --- nothing has changed --------------------------------------------------------------------------------------------- */

static pt_rc take_sets(bool *taken, segments_run *r, const pt_memberset *kept, pt_err *err)
{
    const pt_project *p = r->build->project;
    const pt_memberset_head *head = pt_memberset_get_head(kept);

    *taken = false;
    if (!same_hash(head->made_from, r->made_from) || head->ordinals != r->view->n_ordinals)
        return PT_OK;
    for (size_t s = 0; s < p->n_segments; s++) {
        int at = pt_memberset_find(kept, p->segments[s].name);
        uint64_t *bits;
        if (at < 0)
            return PT_OK;
        PT_TRY(pt_crowd_new_bits(&bits, &r->query, err));
        if (pt_memberset_read(bits, kept, (size_t)at, NULL) != PT_OK)
            return PT_OK;
        r->query.segments[s] = bits;
        r->sets[s] = *pt_memberset_info(kept, (size_t)at);
        r->sets[s].name = p->segments[s].name;
        r->results[s].ids = r->sets[s].ids;
        r->results[s].unknown = r->sets[s].unknown;
    }
    *taken = true;
    return PT_OK;
}

/* The sets of the published generation, when they were made from the same. */
static pt_rc take_kept(bool *taken, segments_run *r, pt_err *err)
{
    const char *path = pt_draft_earlier(r->build->draft, PT_FILE_SEGMENTS);
    pt_memberset *kept = NULL;
    pt_map map = {0};
    pt_rc rc = PT_OK;

    *taken = false;
    if (pt_history_asked(r->build->project) || !path || pt_map_open(&map, path, NULL) != PT_OK)
        return PT_OK;
    if (pt_memberset_open(&kept, "the file of segments", map.ptr, map.size, NULL) == PT_OK)
        rc = take_sets(taken, r, kept, err);
    pt_memberset_close(kept);
    pt_map_close(&map);
    return rc;
}

/* --- files ----------------------------------------------------------------------------------------------------------- */

static pt_rc add_set(pt_memberset_writer *w, segments_run *r, size_t segment, bool history, pt_err *err)
{
    const pt_members *before = NULL;
    uint64_t *bits = NULL;

    if (history)
        PT_TRY(read_last(&bits, &before, r, r->sets[segment].name, err));
    return pt_memberset_add(w, &r->sets[segment], r->query.segments[segment], bits, before ? before->chain + 1 : 0,
                            err);
}

static pt_rc write_sets(segments_run *r, const pt_tagset_sink *sink, bool history, pt_err *err)
{
    const pt_project *p = r->build->project;
    const char **names = PT_NEW_ARRAY(r->arena, const char *, p->n_segments);
    const uint64_t *hashes = pt_directory_id_hashes(r->build->directory);
    pt_memberset_head head = {.as_of = r->build->as_of, .ordinals = r->view->n_ordinals, .made_from = r->made_from};
    pt_memberset_writer *w;

    if (!names)
        return pt_fail_nomem(err, "the segments");
    if (!hashes)
        return pt_directory_damage(r->build->directory, err);
    for (size_t s = 0; s < p->n_segments; s++)
        names[s] = p->segments[s].name;
    head.identity = pt_members_identity(hashes, head.ordinals);
    head.build = history ? r->number : 0;
    head.base = history && r->last ? pt_memberset_get_head(pt_memberships_set(r->last))->build : 0;
    pt_rc rc = pt_memberset_begin(&w, &head, names, p->n_segments, sink, err);
    for (size_t s = 0; rc == PT_OK && s < p->n_segments; s++)
        rc = add_set(w, r, s, history, err);
    if (rc == PT_OK)
        rc = pt_memberset_end(w, err);
    pt_memberset_writer_free(w);
    return rc;
}

static pt_rc write_file(segments_run *r, const char *path, bool history, pt_err *err)
{
    pt_writer *file;

    if (!path)
        return pt_fail_nomem(err, "the segments");
    PT_TRY(pt_writer_open(&file, path, err));
    pt_tagset_sink sink = {file, pt_writer_append, pt_writer_overwrite};
    pt_rc rc = write_sets(r, &sink, history, err);
    if (rc != PT_OK) {
        pt_writer_abort(file);
        return rc;
    }
    return pt_writer_commit(file, err);
}

/* The build is not published yet: a file of a build that never is, is written over by the next one of its number. */
static pt_rc write_history(segments_run *r, pt_err *err)
{
    const char *data_dir = r->build->project->data_dir, *dir = pt_path_join(r->arena, data_dir, "history");

    if (!dir)
        return pt_fail_nomem(err, "the history of segments");
    PT_TRY(pt_mkdirs(dir, err));
    return write_file(r, pt_memberships_path(data_dir, r->number, r->arena), true, err);
}

/* --- the stage ------------------------------------------------------------------------------------------------------- */

static pt_rc count_results(segments_run *r, pt_err *err)
{
    const pt_memberset *last = r->last ? pt_memberships_set(r->last) : NULL;
    const pt_project *p = r->build->project;

    for (size_t s = 0; s < p->n_segments; s++) {
        int at = last ? pt_memberset_find(last, p->segments[s].name) : -1;
        const uint64_t *bits = r->query.segments[s];
        r->results[s].name = p->segments[s].name;
        r->results[s].new_here = at < 0;
        r->results[s].before = at < 0 ? 0 : pt_memberset_info(last, (size_t)at)->members;
        for (size_t w = 0; w < pt_members_words(r->view->n_ordinals); w++)
            r->results[s].members += (uint64_t)__builtin_popcountll(bits[w]);
    }
    return pt_cancel_check(r->build->options->cancel, err);
}

static pt_rc run(segments_run *r, pt_err *err)
{
    pt_build *b = r->build;
    bool kept;

    PT_TRY(find_made_from(r, err));
    PT_TRY(pt_view_of_draft(&r->view, b->project, b->draft, b->as_of, err));
    r->options = (pt_crowd_options){.threads = b->options->threads, .cancel = b->options->cancel};
    PT_TRY(pt_crowd_query_over(&r->query, r->view, b->pool, &r->options, r->arena, err));
    PT_TRY(open_last(r, err));
    PT_TRY(take_kept(&kept, r, err));
    if (!kept) {
        memset(r->query.segments, 0, b->project->n_segments * sizeof *r->query.segments);
        PT_TRY(find_all_members(r, err));
    }
    PT_TRY(count_results(r, err));
    PT_TRY(write_file(r, pt_draft_path(b->draft, PT_FILE_SEGMENTS), false, err));
    return write_history(r, err);
}

pt_rc pt_stage_segments(pt_build *b, pt_err *err)
{
    size_t n = b->project->n_segments;
    segments_run r = {.build = b, .arena = pt_arena_new(0)};

    if (!r.arena)
        return pt_fail_nomem(err, "the segments");
    r.number = generation_number(pt_sv_of(pt_draft_name(b->draft)));
    r.sets = PT_NEW_ARRAY(r.arena, pt_members, n);
    r.results = PT_NEW_ARRAY(b->arena, pt_build_segment, n);
    pt_rc rc = r.sets && r.results ? run(&r, err) : pt_fail_nomem(err, "the segments");
    b->result->segments = r.results;
    b->result->n_segments = rc == PT_OK ? n : 0;
    pt_memberships_close(r.last);
    pt_arena_free(r.arena);
    pt_view_close(r.view);
    return rc;
}
