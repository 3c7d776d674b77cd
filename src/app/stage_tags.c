#include "app/stage_tags.h"
#include "app/app_int.h"
#include "app/conflicts_int.h"
#include "app/missing.h"
#include "app/stage_models.h"

enum { TASK_ORDINALS = 16384 };

typedef struct tags_run {
    const pt_tags_pass *pass;
    pt_build *build;
    pt_program *program;
    pt_eval **evals;    /* by worker */
    pt_events **slices; /* by worker: room for the sources of a slice */
    uint32_t n_ordinals;
    _Atomic uint64_t done; /* ordinals */
} tags_run;

/* --- evaluating --------------------------------------------------------------------------------------------------- */

/* How many ordinals from `first` on are customers (or, all of them, are none): merged and empty ones get no values. */
static size_t run_length(const pt_directory *d, uint32_t first, size_t most, bool *live)
{
    size_t n = 1;

    *live = pt_is_customer(d, first);
    while (n < most && pt_is_customer(d, first + (uint32_t)n) == *live)
        n++;
    return n;
}

static pt_rc evaluate_block(tags_run *r, unsigned worker, uint32_t first, size_t n, pt_err *err)
{
    const pt_project *p = r->build->project;
    const pt_tags_pass *pass = r->pass;
    pt_batch slice = pt_batch_slice(pass->batch, first, n, r->slices[worker], p->n_sources);

    PT_TRY(pt_eval_run(r->evals[worker], &slice, err));
    for (size_t i = 0; i < pass->n_tags; i++)
        PT_TRY(pt_tagset_builder_put(pass->builder, worker, pass->targets[i], first, n,
                                     pt_eval_tag(r->evals[worker], i), err));
    return PT_OK;
}

static pt_rc check_timelines(const tags_run *r, uint32_t first, uint32_t n, pt_err *err)
{
    for (size_t s = 0; s < r->build->project->n_sources; s++)
        if (r->build->timelines[s])
            PT_TRY(pt_timeline_check(r->build->timelines[s], first, n, err));
    return PT_OK;
}

static pt_rc evaluate_range(void *arg, size_t index, unsigned worker, pt_err *err)
{
    tags_run *r = arg;
    uint32_t first = (uint32_t)(index * TASK_ORDINALS), end = first + TASK_ORDINALS;
    bool live;

    end = end < r->n_ordinals ? end : r->n_ordinals;
    PT_TRY(pt_cancel_check(r->build->options->cancel, err));
    PT_TRY(check_timelines(r, first, end - first, err));
    for (uint32_t at = first; at < end;) {
        size_t n = run_length(r->build->directory, at, end - at, &live);
        size_t block = live ? pt_eval_block(r->program, r->pass->batch, at) : n;
        block = block < n ? block : n;
        if (live)
            PT_TRY(evaluate_block(r, worker, at, block, err));
        at += (uint32_t)block;
    }
    for (size_t s = 0; s < r->build->project->n_sources; s++)
        if (r->build->timelines[s])
            pt_timeline_release(r->build->timelines[s], first, end - first);
    uint64_t done = atomic_fetch_add(&r->done, end - first) + (end - first);
    if (worker == 0)
        pt_build_report(r->build, PT_STAGE_TAGS, NULL, done, r->n_ordinals);
    return PT_OK;
}

static pt_rc make_evaluators(tags_run *r, pt_arena *arena, pt_err *err)
{
    const pt_project *p = r->build->project;
    unsigned workers = pt_pool_threads(r->build->pool);
    pt_eval_options options = {.as_of = r->build->as_of, .zone = p->zone, .base = r->pass->base};

    r->evals = PT_NEW_ARRAY(arena, pt_eval *, workers);
    r->slices = PT_NEW_ARRAY(arena, pt_events *, workers);
    if (!r->evals || !r->slices)
        return pt_fail_nomem(err, "the evaluators");
    PT_TRY(pt_program_build(&r->program, p->module, r->pass->tags, r->pass->n_tags, err));
    for (unsigned w = 0; w < workers; w++) {
        if (!(r->slices[w] = PT_NEW_ARRAY(arena, pt_events, p->n_sources)))
            return pt_fail_nomem(err, "the evaluators");
        PT_TRY(pt_eval_new(&r->evals[w], r->program, &options, err));
    }
    return PT_OK;
}

pt_rc pt_tags_run(const pt_tags_pass *pass, pt_err *err)
{
    pt_build *b = pass->build;
    tags_run r = {.pass = pass, .build = b, .n_ordinals = pt_directory_ordinals(b->directory)};
    pt_arena *arena = pt_arena_new(0);
    pt_rc rc = arena ? make_evaluators(&r, arena, err) : pt_fail_nomem(err, "the evaluators");

    if (rc == PT_OK)
        rc = pt_pool_run(b->pool, (r.n_ordinals + TASK_ORDINALS - 1) / TASK_ORDINALS, evaluate_range, &r, err);
    for (unsigned w = 0; r.evals && w < pt_pool_threads(b->pool); w++)
        pt_eval_free(r.evals[w]);
    pt_program_free(r.program);
    pt_arena_free(arena);
    return rc == PT_OK ? pt_directory_damage(b->directory, err) : rc;
}

/* --- the stage ---------------------------------------------------------------------------------------------------- */

/* Runs the queries of `sql:` tags: their values go to the evaluator for tags that use them, and into the file as they are.
 * *out is NULL without any. */
static pt_rc run_queries(pt_column **out, pt_build *b, pt_arena *arena, pt_err *err)
{
    const pt_project *p = b->project;
    pt_column *external = PT_NEW_ARRAY(arena, pt_column, p->n_tags);
    bool viewed = false;

    *out = NULL;
    if (!external)
        return pt_fail_nomem(err, "the tags");
    for (uint32_t t = 0; t < p->n_tags; t++) {
        if (!p->catalog.tags[t].external)
            continue;
        if (p->tags[t].model) {
            *out = external;
            PT_TRY(
                pt_missing_column(&external[t], p->module->types[t], pt_directory_ordinals(b->directory), arena, err));
            continue;
        }
        if (!viewed)
            PT_TRY(pt_query_views(b, err));
        viewed = true;
        *out = external;
        pt_build_report(b, PT_STAGE_TAGS, p->tags[t].name, 0, 0);
        PT_TRY(pt_query_tag(&external[t], b, t, arena, err));
    }
    return PT_OK;
}

static pt_rc put_queries(const pt_tags_pass *pass, pt_err *err)
{
    const pt_project *p = pass->build->project;
    uint32_t n = (uint32_t)pass->batch->n_customers;

    for (uint32_t t = 0; t < p->n_tags && n; t++)
        if (p->catalog.tags[t].external)
            PT_TRY(pt_tagset_builder_put(pass->builder, 0, t, 0, n, &pass->batch->external[t], err));
    return PT_OK;
}

static pt_rc make_builder(pt_tags_pass *pass, pt_arena *arena, pt_err *err)
{
    const pt_build *b = pass->build;
    const pt_project *p = b->project;
    pt_tag_info *infos = PT_NEW_ARRAY(arena, pt_tag_info, p->n_tags);
    uint32_t *tags = PT_NEW_ARRAY(arena, uint32_t, p->n_tags);

    if (!infos || !tags)
        return pt_fail_nomem(err, "the tags");
    for (uint32_t t = 0; t < p->n_tags; t++) {
        infos[t] = (pt_tag_info){p->tags[t].name, p->module->types[t]};
        if (!p->catalog.tags[t].external)
            tags[pass->n_tags++] = t;
    }
    pass->tags = pass->targets = tags;
    return pt_tagset_builder_new(&pass->builder, infos, p->n_tags, (uint32_t)pass->batch->n_customers,
                                 pt_pool_threads(b->pool), err);
}

/* What the tags depend on: who is a customer, what happened, the definitions, the instant. */
static pt_rc made_from(pt_hash128 *out, const pt_build *b, const pt_stage_models *models, pt_err *err)
{
    const pt_project *p = b->project;
    pt_str all = {0};

    pt_str_add(&all, PORTRAIT_VERSION);
    pt_str_addn(&all, (const char *)&b->resolved.directory, sizeof b->resolved.directory);
    pt_str_addn(&all, (const char *)&p->tags_hash, sizeof p->tags_hash);
    pt_str_addn(&all, (const char *)b->source_hash, p->n_sources * sizeof *b->source_hash);
    pt_str_addn(&all, (const char *)&b->as_of, sizeof b->as_of);
    pt_str_add(&all, p->zone_name);
    pt_models_hash(&all, models, b);
    *out = pt_hash128_of(pt_str_cstr(&all), all.len);
    pt_rc rc = pt_str_check(&all, err);
    pt_str_free(&all);
    return rc;
}

pt_rc pt_tags_write(pt_tagset_builder *builder, const char *path, int64_t as_of, pt_hash128 made_from, pt_err *err)
{
    pt_writer *w;

    PT_TRY(pt_writer_open(&w, path, err));
    pt_tagset_sink sink = {w, pt_writer_append, pt_writer_overwrite};
    pt_rc rc = pt_tagset_builder_write(builder, as_of, made_from, &sink, err);
    if (rc != PT_OK) {
        pt_writer_abort(w);
        return rc;
    }
    return pt_writer_commit(w, err);
}

static pt_rc write_tags(const pt_tags_pass *pass, pt_err *err)
{
    const char *path = pt_draft_path(pass->build->draft, PT_FILE_TAGS);

    if (!path)
        return pt_fail_nomem(err, "the tags");
    return pt_tags_write(pass->builder, path, pass->build->as_of, pass->build->made_from, err);
}

/* Models see tags that rest on no model, and statistics of such tags; then statistics of what models give are known too. */
static pt_rc run_models(pt_base_set *base, pt_column *external, const pt_tags_pass *pass, const pt_stage_models *models,
                        pt_arena *arena, pt_err *err)
{
    pt_build *b = pass->build;

    if (!external || !pt_models_any(models, b->project))
        return PT_OK;
    PT_TRY(pt_models_score(external, models, b, base, arena, err));
    return pt_stage_base(base, b, pass->batch, arena, err);
}

static pt_rc compute(pt_tags_pass *pass, const pt_stage_models *models, pt_arena *arena, pt_err *err)
{
    pt_build *b = pass->build;
    pt_base_set base;
    pt_column *external;
    pt_batch batch = {.n_customers = pt_directory_ordinals(b->directory),
                      .sources = b->events,
                      .identities = pt_directory_id_hashes(b->directory)};

    if (!batch.identities)
        return pt_directory_damage(b->directory, err);
    PT_TRY(run_queries(&external, b, arena, err));
    batch.external = external;
    pass->batch = &batch;
    PT_TRY(pt_stage_base(&base, b, &batch, arena, err));
    PT_TRY(run_models(&base, external, pass, models, arena, err));
    pass->base = &base;
    PT_TRY(make_builder(pass, arena, err));
    PT_TRY(put_queries(pass, err));
    PT_TRY(pt_tags_run(pass, err));
    return write_tags(pass, err);
}

static bool all_columns_whole(pt_tagset *tags)
{
    const pt_column *column;
    pt_err ignored;

    for (size_t t = 0; t < pt_tagset_count(tags); t++)
        if (pt_tagset_column(&column, tags, t, &ignored) != PT_OK)
            return false;
    return true;
}

/* Whether the published tags are what this build would make; damaged ones are not. */
static bool still_good(const pt_build *b)
{
    const char *path = pt_draft_earlier(b->draft, PT_FILE_TAGS);
    pt_tagset *tags = NULL;
    pt_map map = {0};
    pt_err ignored;

    if (!path || pt_map_open(&map, path, &ignored) != PT_OK)
        return false;
    bool good = pt_tagset_open(&tags, map.ptr, map.size, &ignored) == PT_OK;
    if (good) {
        pt_hash128 made_from = pt_tagset_made_from(tags);
        good = made_from.lo == b->made_from.lo && made_from.hi == b->made_from.hi && all_columns_whole(tags);
    }
    pt_tagset_close(tags);
    pt_map_close(&map);
    return good;
}

static pt_rc keep(pt_build *b, pt_err *err)
{
    PT_TRY(pt_draft_keep(b->draft, PT_FILE_TAGS, err));
    return pt_draft_earlier(b->draft, PT_FILE_BASE) ? pt_draft_keep(b->draft, PT_FILE_BASE, err) : PT_OK;
}

/* Where sources of merged tags disagree: kept by the result and the manifest. */
static pt_rc count_conflicts(pt_build *b, pt_err *err)
{
    pt_conflict_input in = {.project = b->project,
                            .directory = b->directory,
                            .timelines = b->timelines,
                            .events = b->events,
                            .n_ordinals = pt_directory_ordinals(b->directory),
                            .as_of = b->as_of,
                            .cancel = b->options->cancel};

    return pt_conflicts_count(&b->result->conflicts, &b->result->n_conflicts, &in, -1, b->arena, err);
}

pt_rc pt_stage_tags(pt_build *b, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_tags_pass pass = {.build = b};
    pt_stage_models models;
    pt_rc rc;

    if (!arena)
        return pt_fail_nomem(err, "the tags");
    if ((rc = pt_models_open(&models, b, arena, err)) == PT_OK)
        rc = made_from(&b->made_from, b, &models, err);
    if (rc == PT_OK)
        rc = still_good(b) ? keep(b, err) : compute(&pass, &models, arena, err);
    if (rc == PT_OK)
        rc = pt_models_tell(b, &models, err);
    pt_tagset_builder_free(pass.builder);
    pt_arena_free(arena);
    if (rc == PT_OK)
        rc = count_conflicts(b, err);
    b->result->n_tags = b->project->n_tags;
    return rc;
}
