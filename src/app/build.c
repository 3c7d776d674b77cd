/* The main job, stage by stage (docs/architecture.md, "Stages of a build"). */
#include "app/app_int.h"
#include "app/build_int.h"
#include "app/clock.h"
#include "app/segment_list.h"

static const char *const stage_names[PT_STAGE_COUNT] = {"read", "clean", "resolve",  "quality", "timelines",
                                                        "tags", "index", "segments", "publish"};

const char *pt_stage_name(pt_stage stage)
{
    return stage_names[stage];
}

void pt_build_report(const pt_build *b, pt_stage stage, const char *what, uint64_t done, uint64_t total)
{
    const pt_progress *p = &b->options->progress;
    pt_progress_event event = {.stage = stage, .what = what, .done = done, .total = total};

    if (p->report)
        p->report(p->ctx, &event);
}

/* --- stages that are too small for a file of their own ------------------------------------------------------------- */

static pt_rc open_directory(pt_build *b, pt_err *err)
{
    const char *path = pt_draft_path(b->draft, PT_FILE_DIRECTORY);

    if (!path)
        return pt_fail_nomem(err, "the customer directory");
    PT_TRY(pt_map_open(&b->directory_map, path, err));
    return pt_directory_open(&b->directory, b->directory_map.ptr, b->directory_map.size, err);
}

/* Circles follow from the customers and the rows of the sources they read. */
static pt_rc settle_circles(pt_build *b, pt_err *err)
{
    pt_circle_stats *all = PT_NEW_ARRAY(b->arena, pt_circle_stats, b->project->n_sources);
    pt_str inputs = {0};

    if (!all)
        return pt_fail_nomem(err, "the circles");
    pt_str_addn(&inputs, (const char *)b->source_hash, b->project->n_sources * sizeof *b->source_hash);
    pt_str_addn(&inputs, (const char *)&b->resolved.directory, sizeof b->resolved.directory);
    pt_rc rc = pt_str_check(&inputs, err);
    pt_hash128 from = rc == PT_OK ? pt_hash128_of(inputs.ptr, inputs.len) : (pt_hash128){0};
    pt_str_free(&inputs);
    if (rc == PT_OK)
        rc = pt_circle_sweep(b->project, b->conn, err);
    for (size_t s = 0; rc == PT_OK && s < b->project->n_sources; s++) {
        pt_circle_stats *stats = &all[b->result->n_circles];
        if (!b->project->sources[s].circle)
            continue;
        rc = pt_circle_settle(stats, b->project, s, from, b->resolved.ordinals, b->conn, err);
        b->source_hash[s] = stats->made_from;
        b->sources[s].read.rows = stats->members;
        b->result->n_circles++;
    }
    b->result->circles = all;
    return rc;
}

static void report_linking(void *ctx, pt_linking_step step, bool ended, const pt_linking *l)
{
    (void)l;
    if (!ended)
        pt_build_report(ctx, PT_STAGE_RESOLVE, pt_linking_step_name(step), 0, 0);
}

static pt_rc keep_linked(pt_build *b, pt_err *err)
{
    const pt_resolve_stats *r = &b->resolved;
    pt_build_linked *out = &b->result->linked;

    *out = (pt_build_linked){
        .on = r->linked, .records = r->records, .pairs = r->pairs, .links = r->likenesses, .to_review = r->to_review};
    if (r->link_reason[0] && !(out->reason = pt_arena_strdup(b->arena, r->link_reason)))
        return pt_fail_nomem(err, "the build");
    return PT_OK;
}

static pt_rc resolve(pt_build *b, pt_err *err)
{
    pt_resolve_stats *r = &b->resolved;

    pt_build_report(b, PT_STAGE_RESOLVE, NULL, 0, 0);
    pt_linking_options linking = {.pool = b->pool,
                                  .cancel = b->options->cancel,
                                  .memory = b->options->memory / 2,
                                  .report = report_linking,
                                  .report_ctx = b};
    PT_TRY(pt_stage_resolve(r, b->project, b->conn, b->draft, &linking, err));
    b->result->identity_kept = r->kept;
    PT_TRY(keep_linked(b, err));
    b->result->customers = r->customers;
    b->result->customers_new = r->created;
    b->result->customers_merged = r->merged;
    b->result->customers_split = r->split;
    b->result->links_refused = r->refused_limit + r->refused_large + r->refused_decided;
    b->result->decisions_refused = r->decisions_refused;
    PT_TRY(open_directory(b, err));
    return settle_circles(b, err);
}

/* --- running ------------------------------------------------------------------------------------------------------ */

static pt_rc run_stage(pt_build *b, pt_stage stage, pt_rc (*fn)(pt_build *b, pt_err *err), pt_err *err)
{
    double start = pt_clock_seconds();
    pt_progress_event event = {.stage = stage, .ended = true};

    PT_TRY(pt_cancel_check(b->options->cancel, err));
    pt_rc rc = fn(b, err);
    b->result->seconds[stage] = event.seconds = pt_clock_seconds() - start;
    if (rc == PT_OK && b->options->progress.report)
        b->options->progress.report(b->options->progress.ctx, &event);
    return rc;
}

static pt_rc run_stages(pt_build *b, pt_err *err)
{
    static const struct {
        pt_stage stage;
        pt_rc (*fn)(pt_build *b, pt_err *err);
    } stages[] = {{PT_STAGE_READ, pt_stage_read},
                  {PT_STAGE_CLEAN, pt_stage_clean},
                  {PT_STAGE_RESOLVE, resolve},
                  {PT_STAGE_QUALITY, pt_stage_quality},
                  {PT_STAGE_TIMELINES, pt_stage_timelines},
                  {PT_STAGE_TAGS, pt_stage_tags},
                  {PT_STAGE_INDEX, pt_stage_index},
                  {PT_STAGE_SEGMENTS, pt_stage_segments},
                  {PT_STAGE_PUBLISH, pt_stage_publish}};

    for (size_t i = 0; i < PT_COUNT(stages); i++)
        PT_TRY(run_stage(b, stages[i].stage, stages[i].fn, err));
    return PT_OK;
}

/* --- what a run holds --------------------------------------------------------------------------------------------- */

pt_rc pt_build_arrays(pt_build *b, pt_err *err)
{
    size_t n = b->project->n_sources;

    b->sources = PT_NEW_ARRAY(b->arena, pt_build_source, n);
    b->source_hash = PT_NEW_ARRAY(b->arena, pt_hash128, n);
    b->timelines = PT_NEW_ARRAY(b->arena, pt_timeline *, n);
    b->events = PT_NEW_ARRAY(b->arena, pt_events, n);
    if (!b->sources || !b->source_hash || !b->timelines || !b->events)
        return pt_fail_nomem(err, "the build");
    for (size_t s = 0; s < n; s++) {
        b->sources[s].name = b->project->sources[s].name;
        b->sources[s].kind = b->project->sources[s].kind;
        b->sources[s].is_circle = b->project->sources[s].circle != NULL;
    }
    b->result->sources = b->sources;
    b->result->n_sources = n;
    return PT_OK;
}

static pt_rc acquire(pt_build *b, pt_err *err)
{
    PT_TRY(pt_build_arrays(b, err));
    PT_TRY(pt_data_dir_open_for(&b->data, b->project->data_dir, "build", err));
    PT_TRY(pt_draft_new(&b->draft, b->data, err));
    PT_TRY(pt_pool_new(&b->pool, b->options->threads, err));
    pt_store_options options = {.path = pt_data_dir_store(b->data),
                                .temp_dir = pt_data_dir_tmp(b->data),
                                .memory = b->options->memory / 2,
                                .threads = pt_pool_threads(b->pool)};
    PT_TRY(pt_store_open(&b->store, &options, err));
    PT_TRY(pt_conn_open(&b->conn, b->store, err));
    pt_cancel_watch(b->options->cancel, b->conn);
    return PT_OK;
}

/* The draft goes before the lock, the store before the folder. */
static void release(pt_build *b)
{
    for (size_t s = 0; b->timelines && s < b->project->n_sources; s++)
        pt_timeline_close(b->timelines[s]);
    pt_directory_close(b->directory);
    pt_map_close(&b->directory_map);
    if (b->conn)
        pt_cancel_unwatch(b->options->cancel, b->conn);
    pt_conn_close(b->conn);
    pt_store_close(b->store);
    pt_pool_free(b->pool);
    pt_draft_free(b->draft);
    pt_data_dir_close(b->data);
}

/* What the store alone knows (which customer had which id) cannot be made again: it is for the user to give up. */
static void advise(const pt_build *b, pt_rc rc, pt_err *err)
{
    if (!err || err->hint[0])
        return;
    if (rc == PT_ECORRUPT)
        pt_err_hint(err, "put back a copy of %s/store.duckdb, or move it away: the next build reads all files again",
                    b->project->data_dir);
    else if (rc == PT_ENOMEM)
        pt_err_hint(err, "give it more memory, for example --memory 4GB");
}

static pt_rc check_sources(const pt_project *p, pt_err *err)
{
    if (p->n_sources && p->identity.n_types)
        return PT_OK;
    pt_fail(err, PT_EINVAL, p->n_sources ? "no source says who its customers are" : "the project has no sources");
    return pt_err_hint(err, "describe one in sources/, with `customer: {TYPE: COLUMN}`");
}

pt_rc pt_app_build(pt_build_result *out, pt_app *app, const pt_build_options *options, pt_arena *arena, pt_err *err)
{
    pt_build b = {.project = app->project, .options = options, .result = out, .arena = arena};
    double start = pt_clock_seconds();
    pt_rc rc;

    *out = (pt_build_result){0};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(check_sources(b.project, err));
    PT_TRY(pt_segment_lists_exist(b.project, err));
    rc = acquire(&b, err);
    if (rc == PT_OK)
        rc = run_stages(&b, err);
    release(&b);
    out->total_seconds = pt_clock_seconds() - start;
    /* An interrupted statement fails in the engine's own words. */
    if (rc != PT_OK && pt_cancel_fired(options->cancel))
        return pt_cancel_check(options->cancel, err);
    advise(&b, rc, err);
    return rc;
}
