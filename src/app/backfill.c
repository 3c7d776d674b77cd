/* States of the past, worked out: the tags of the project evaluated as of earlier instants over the timelines of the last
 * build, exactly as `build --as-of` would, but for tags that rest on queries. */
#include "app/backfill.h"

#include <stdlib.h>

#include "app/app_int.h"
#include "app/backfill_int.h"
#include "app/clock.h"
#include "app/generation_int.h"
#include "app/history.h"
#include "app/missing.h"
#include "app/stage_tags.h"
#include "app/trend_file.h"

/* The values of one instant: a file of the draft, there until the instant after it is done. */
typedef struct instant_tags {
    pt_map map;
    pt_tagset *tags;
} instant_tags;

typedef struct backfill {
    pt_build build; /* what passes over all customers need of one */
    pt_build_options options;
    pt_backfill_result *out;
    pt_view *view;
    pt_arena *arena; /* of the run */
    bool *frozen;    /* by tag */
    uint32_t *tags;  /* to be worked out */
    pt_tag_info *infos;
    uint32_t *targets;
    size_t n_tags;
    pt_column *external;
    int64_t *instants;
    size_t n;
    pt_history_state *states;
    pt_trend_state *trends;
    instant_tags now, before;
    int *pieces_before; /* by place in `tags`: its piece in the state before, -1 */
} backfill;

/* --- which tags -------------------------------------------------------------------------------------------------------- */

/* Tags that a query gives, and those that use them: what queries gave in the past is not known. */
static pt_rc find_frozen(backfill *f, pt_err *err)
{
    const pt_project *p = f->build.project;
    pt_uses uses;

    if (!(f->frozen = PT_NEW_ARRAY(f->arena, bool, p->n_tags)))
        return pt_fail_nomem(err, "the history");
    for (size_t i = 0; i < p->module->n_tags; i++) {
        uint32_t tag = p->module->order[i];
        f->frozen[tag] = p->catalog.tags[tag].external;
        if (!p->module->tags[tag])
            continue;
        PT_TRY(pt_lang_uses(&uses, p->module->tags[tag], f->arena, err));
        for (size_t k = 0; k < uses.n_tags; k++)
            f->frozen[tag] |= f->frozen[uses.tags[k]];
        for (size_t k = 0; k < uses.n_bases; k++)
            f->frozen[tag] |= f->frozen[uses.bases[k]->u.base->tag];
    }
    return PT_OK;
}

static pt_rc choose_tags(backfill *f, pt_err *err)
{
    const pt_project *p = f->build.project;

    PT_TRY(find_frozen(f, err));
    f->tags = PT_NEW_ARRAY(f->arena, uint32_t, p->n_tags);
    f->infos = PT_NEW_ARRAY(f->arena, pt_tag_info, p->n_tags);
    f->targets = PT_NEW_ARRAY(f->arena, uint32_t, p->n_tags);
    f->pieces_before = PT_NEW_ARRAY(f->arena, int, p->n_tags);
    if (!f->tags || !f->infos || !f->targets || !f->pieces_before)
        return pt_fail_nomem(err, "the history");
    for (uint32_t t = 0; t < p->n_tags; t++) {
        f->out->frozen += f->frozen[t];
        if (f->frozen[t])
            continue;
        f->targets[f->n_tags] = (uint32_t)f->n_tags;
        f->infos[f->n_tags] = (pt_tag_info){p->tags[t].name, p->module->types[t]};
        f->pieces_before[f->n_tags] = -1;
        f->tags[f->n_tags++] = t;
    }
    f->out->tags = f->n_tags;
    return PT_OK;
}

/* What queries give is asked for by statistics of the base, though no tag that is worked out uses those. */
static pt_rc make_external(backfill *f, pt_err *err)
{
    const pt_project *p = f->build.project;

    if (!(f->external = PT_NEW_ARRAY(f->arena, pt_column, p->n_tags)))
        return pt_fail_nomem(err, "the history");
    for (uint32_t t = 0; t < p->n_tags; t++)
        if (p->catalog.tags[t].external)
            PT_TRY(pt_missing_column(&f->external[t], p->module->types[t], f->view->n_ordinals, f->arena, err));
    return PT_OK;
}

/* --- which instants ---------------------------------------------------------------------------------------------------- */

static int64_t step(const backfill *f, const pt_backfill_options *o, size_t i)
{
    enum { HOUR = 3600 };
    const int64_t day = INT64_C(24) * HOUR * 1000000;
    const pt_zone *zone = f->build.project->zone;
    int32_t first = pt_zone_date(zone, o->from);
    int64_t in_day = o->from - pt_zone_midnight(zone, first);

    if (o->every % day)
        return o->from + (int64_t)i * o->every;
    return pt_zone_midnight(zone, first + (int32_t)((int64_t)i * (o->every / day))) + in_day;
}

static pt_rc is_kept(bool *out, const pt_kept_state *states, size_t n, int64_t as_of)
{
    *out = false;
    for (size_t i = 0; i < n; i++)
        *out |= !states[i].recomputed && states[i].as_of == as_of;
    return PT_OK;
}

static pt_rc choose_instants(backfill *f, const pt_backfill_options *o, pt_err *err)
{
    const char *current = pt_data_dir_current(f->build.data);
    const pt_kept_state *kept;
    const uint64_t *ids = pt_directory_id_hashes(f->build.directory);
    size_t n_kept;
    bool known;

    if (!ids)
        return pt_directory_damage(f->build.directory, err);
    PT_TRY(pt_history_states(&kept, &n_kept, f->build.project->data_dir, generation_number(pt_sv_of(current)), ids,
                             f->view->n_ordinals, f->arena, err));
    if (!(f->instants = PT_NEW_ARRAY(f->arena, int64_t, PT_BACKFILL_MOST)))
        return pt_fail_nomem(err, "the history");
    for (size_t i = 0;; i++) {
        int64_t at = step(f, o, i);
        if (at > o->to || at >= f->view->as_of)
            break;
        if (i >= PT_BACKFILL_MOST) {
            pt_fail(err, PT_EINVAL, "more than %d states", PT_BACKFILL_MOST);
            return pt_err_hint(err, "begin later, or take longer steps");
        }
        PT_TRY(is_kept(&known, kept, n_kept, at));
        f->out->kept += known;
        if (!known)
            f->instants[f->n++] = at;
    }
    f->states = PT_NEW_ARRAY(f->arena, pt_history_state, f->n);
    f->trends = PT_NEW_ARRAY(f->arena, pt_trend_state, f->n);
    return f->states && f->trends ? PT_OK : pt_fail_nomem(err, "the history");
}

/* --- one instant --------------------------------------------------------------------------------------------------------- */

static void close_tags(instant_tags *t)
{
    pt_tagset_close(t->tags);
    pt_map_close(&t->map);
    *t = (instant_tags){0};
}

static pt_rc run_pass(backfill *f, pt_tags_pass *pass, const char *path, pt_arena *arena, pt_err *err)
{
    pt_build *b = &f->build;
    pt_base_set base;
    pt_batch batch = {.n_customers = f->view->n_ordinals,
                      .sources = b->events,
                      .identities = pt_directory_id_hashes(b->directory),
                      .external = f->external};

    pass->batch = &batch;
    PT_TRY(pt_stage_base(&base, b, &batch, arena, err));
    pass->base = &base;
    PT_TRY(
        pt_tagset_builder_new(&pass->builder, f->infos, f->n_tags, f->view->n_ordinals, pt_pool_threads(b->pool), err));
    PT_TRY(pt_tags_run(pass, err));
    return pt_tags_write(pass->builder, path, b->as_of, (pt_hash128){0}, err);
}

/* The file of the instant before stays mapped: the two take turns. */
static pt_rc evaluate(backfill *f, size_t at, pt_err *err)
{
    const char *path = pt_draft_path(f->build.draft, at % 2 ? "odd.tags" : "even.tags");
    pt_tags_pass pass = {.build = &f->build, .tags = f->tags, .n_tags = f->n_tags, .targets = f->targets};
    pt_arena *arena = pt_arena_new(0);
    pt_rc rc = arena && path ? run_pass(f, &pass, path, arena, err) : pt_fail_nomem(err, "the history");

    pt_tagset_builder_free(pass.builder);
    pt_arena_free(arena);
    PT_TRY(rc);
    PT_TRY(pt_map_open(&f->now.map, path, err));
    return pt_tagset_open(&f->now.tags, f->now.map.ptr, f->now.map.size, err);
}

typedef struct piece_run {
    backfill *f;
    pt_history_state *state;
    const uint32_t *places; /* by piece: in f->tags */
    pt_history_piece *pieces;
} piece_run;

static pt_rc make_piece(void *arg, size_t i, unsigned worker, pt_err *err)
{
    piece_run *r = arg;
    backfill *f = r->f;
    uint32_t place = r->places[i];
    int piece = f->before.tags ? f->pieces_before[place] : -1;
    pt_history_before before = {0};
    const pt_column *column;

    (void)worker;
    PT_TRY(pt_tagset_column(&column, f->now.tags, place, err));
    if (piece >= 0) {
        PT_TRY(pt_tagset_column(&before.column, f->before.tags, place, err));
        before.ordinals = f->view->n_ordinals;
        before.since = r->state[-1].pieces[piece].since;
    }
    return pt_history_piece_make(&r->pieces[i], &f->infos[place], column, f->view->n_ordinals, &before, err);
}

static pt_rc keep_state(backfill *f, size_t at, pt_err *err)
{
    uint32_t *places = PT_NEW_ARRAY(f->arena, uint32_t, f->n_tags);
    pt_history_state *s = &f->states[at];
    piece_run r = {.f = f, .state = s, .places = places, .pieces = PT_NEW_ARRAY(f->arena, pt_history_piece, f->n_tags)};
    const uint64_t *ids = pt_directory_id_hashes(f->build.directory);

    if (!places || !r.pieces)
        return pt_fail_nomem(err, "the history");
    for (size_t i = 0; i < f->n_tags; i++)
        if (pt_history_keeps(f->build.project, f->tags[i]))
            places[s->n_pieces++] = (uint32_t)i;
    s->as_of = f->build.as_of;
    s->ordinals = f->view->n_ordinals;
    s->identity = pt_history_identity(ids, s->ordinals);
    s->base = "";
    s->pieces = r.pieces;
    PT_TRY(pt_pool_run(f->build.pool, s->n_pieces, make_piece, &r, err));
    for (size_t i = 0; i < s->n_pieces; i++)
        f->pieces_before[places[i]] = (int)i;
    return PT_OK;
}

/* The texts lie in the file of the instant, which will be gone. */
static pt_rc copy_texts(pt_trend_tag *t, pt_arena *arena, pt_err *err)
{
    pt_trend_value *values = (pt_trend_value *)t->values;

    for (size_t i = 0; i < t->n_values; i++)
        if (!(values[i].text.ptr = pt_arena_strndup(arena, values[i].text.ptr, values[i].text.len)))
            return pt_fail_nomem(err, "a trend");
    return PT_OK;
}

static pt_rc keep_trend(backfill *f, size_t at, pt_err *err)
{
    const pt_project *p = f->build.project;
    pt_trend_tag *tags = PT_NEW_ARRAY(f->arena, pt_trend_tag, f->n_tags);
    const pt_column *column;

    if (!tags)
        return pt_fail_nomem(err, "a trend");
    for (size_t i = 0; i < f->n_tags; i++) {
        PT_TRY(pt_cancel_check(f->options.cancel, err));
        PT_TRY(pt_tagset_column(&column, f->now.tags, i, err));
        PT_TRY(pt_trend_measure(&tags[i], f->infos[i].name, column, f->view->n_ordinals,
                                pt_trend_keeps_values(p, f->tags[i]), f->arena, err));
        PT_TRY(copy_texts(&tags[i], f->arena, err));
    }
    pt_trend_state *state = &f->trends[at];
    pt_past past = {.build = &f->build, .values = f->now.tags, .tags = f->tags, .n_tags = f->n_tags};
    pt_trend_size *sizes = PT_NEW_ARRAY(f->arena, pt_trend_size, p->n_segments);
    if (!sizes)
        return pt_fail_nomem(err, "a trend");
    *state = (pt_trend_state){.as_of = f->build.as_of,
                              .customers = f->view->n_customers,
                              .tags = tags,
                              .n_tags = f->n_tags,
                              .segments = sizes};
    return pt_past_sizes(sizes, &state->n_segments, &past, err);
}

static pt_rc run_instants(backfill *f, pt_err *err)
{
    for (size_t i = 0; i < f->n; i++) {
        PT_TRY(pt_cancel_check(f->options.cancel, err));
        pt_build_report(&f->build, PT_STAGE_TAGS, NULL, i, f->n);
        f->build.as_of = f->instants[i];
        PT_TRY(evaluate(f, i, err));
        PT_TRY(keep_state(f, i, err));
        PT_TRY(keep_trend(f, i, err));
        close_tags(&f->before);
        f->before = f->now;
        f->now = (instant_tags){0};
    }
    return PT_OK;
}

/* --- files ----------------------------------------------------------------------------------------------------------------- */

static pt_rc write_states(const backfill *f, const char *path, pt_err *err)
{
    pt_writer *file;

    PT_TRY(pt_writer_open(&file, path, err));
    pt_tagset_sink sink = {file, pt_writer_append, pt_writer_overwrite};
    pt_rc rc = pt_history_write(f->states, f->n, true, &sink, err);
    if (rc != PT_OK) {
        pt_writer_abort(file);
        return rc;
    }
    return pt_writer_commit(file, err);
}

static pt_rc write_trends(const backfill *f, const char *path, pt_err *err)
{
    pt_str text = {0};

    pt_trend_write(&text, f->trends, f->n, true);
    pt_rc rc = pt_str_check(&text, err);
    if (rc == PT_OK)
        rc = pt_write_file(path, text.ptr, text.len, err);
    pt_str_free(&text);
    return rc;
}

static pt_rc write_files(const backfill *f, pt_err *err)
{
    const char *dir = pt_path_join(f->arena, pt_data_dir_path(f->build.data), PT_HISTORY_DIR);
    const char *tags = dir ? pt_path_join(f->arena, dir, PT_HISTORY_RECOMPUTED PT_HISTORY_TAGS) : NULL;
    const char *trend = dir ? pt_path_join(f->arena, dir, PT_HISTORY_RECOMPUTED PT_HISTORY_TREND) : NULL;

    if (!tags || !trend)
        return pt_fail_nomem(err, "a path");
    PT_TRY(pt_mkdirs(dir, err));
    PT_TRY(write_states(f, tags, err));
    return write_trends(f, trend, err);
}

/* --- the whole run --------------------------------------------------------------------------------------------------------- */

static pt_rc open_directory(backfill *f, pt_err *err)
{
    const char *path = pt_draft_earlier(f->build.draft, PT_FILE_DIRECTORY);

    if (!path)
        return pt_fail(err, PT_ENOTFOUND, "no profiles have been built in '%s'", f->build.project->data_dir);
    PT_TRY(pt_map_open(&f->build.directory_map, path, err));
    return pt_directory_open(&f->build.directory, f->build.directory_map.ptr, f->build.directory_map.size, err);
}

/* The lock first: the generation that is then current stays so. */
static pt_rc acquire(backfill *f, pt_app *app, pt_err *err)
{
    pt_build *b = &f->build;

    pt_app_forget_view(app);
    PT_TRY(pt_app_view(&f->view, app, err)); /* nothing built is said before a lock is taken */
    PT_TRY(pt_data_dir_open_for(&b->data, b->project->data_dir, "history backfill", err));
    pt_app_forget_view(app);
    PT_TRY(pt_app_view(&f->view, app, err));
    PT_TRY(pt_draft_new(&b->draft, b->data, err));
    PT_TRY(pt_pool_new(&b->pool, f->options.threads, err));
    PT_TRY(open_directory(f, err));
    PT_TRY(pt_view_timelines(f->view, err));
    b->timelines = f->view->timelines;
    b->events = f->view->events;
    return PT_OK;
}

static void release(backfill *f)
{
    for (size_t s = 0; f->states && s < f->n; s++)
        for (size_t i = 0; i < f->states[s].n_pieces && f->states[s].pieces; i++)
            pt_history_piece_free((pt_history_piece *)&f->states[s].pieces[i]);
    close_tags(&f->now);
    close_tags(&f->before);
    pt_directory_close(f->build.directory);
    pt_map_close(&f->build.directory_map);
    pt_pool_free(f->build.pool);
    pt_draft_free(f->build.draft);
    pt_data_dir_close(f->build.data);
}

static pt_rc run(backfill *f, const pt_backfill_options *o, pt_err *err)
{
    PT_TRY(choose_tags(f, err));
    PT_TRY(make_external(f, err));
    PT_TRY(choose_instants(f, o, err));
    if (!f->n)
        return PT_OK;
    PT_TRY(run_instants(f, err));
    PT_TRY(write_files(f, err));
    f->out->states = f->n;
    f->out->first = f->instants[0];
    f->out->last = f->instants[f->n - 1];
    return PT_OK;
}

pt_rc pt_app_backfill(pt_backfill_result *out, pt_app *app, const pt_backfill_options *options, pt_arena *arena,
                      pt_err *err)
{
    pt_build_result result = {0};
    backfill f = {.out = out, .arena = pt_arena_new(0)};

    *out = (pt_backfill_result){.first = PT_I64_MISSING, .last = PT_I64_MISSING};
    f.options =
        (pt_build_options){.threads = options->threads, .progress = options->progress, .cancel = options->cancel};
    f.build = (pt_build){.project = app->project, .options = &f.options, .result = &result, .arena = arena};
    PT_ASSERT(options->every > 0);
    pt_rc rc = f.arena ? pt_app_sound(app, err) : pt_fail_nomem(err, "the history");
    if (rc == PT_OK)
        rc = acquire(&f, app, err);
    if (rc == PT_OK)
        rc = run(&f, options, err);
    release(&f);
    pt_arena_free(f.arena);
    return rc;
}
