#include "app/past.h"

#include <stdlib.h>

#include "app/app_int.h"

enum { TASK_ORDINALS = 16384 };

typedef struct past_run {
    pt_view *view;
    const pt_past_request *request;
    pt_batch batch;
    pt_program *program;
    pt_eval **evals;    /* by worker */
    pt_events **slices; /* by worker */
    pt_tagset_builder *builder;
    pt_arena *arena;
} past_run;

/* --- evaluating ------------------------------------------------------------------------------------------------------------ */

static pt_rc put_block(past_run *r, unsigned worker, uint32_t first, size_t n, pt_err *err)
{
    pt_batch slice = pt_batch_slice(&r->batch, first, n, r->slices[worker], r->view->project->n_sources);

    PT_TRY(pt_eval_run(r->evals[worker], &slice, err));
    for (size_t i = 0; i < r->request->n_tags; i++)
        PT_TRY(pt_tagset_builder_put(r->builder, worker, i, first, n, pt_eval_tag(r->evals[worker], i), err));
    return PT_OK;
}

static pt_rc evaluate_range(void *arg, size_t index, unsigned worker, pt_err *err)
{
    past_run *r = arg;
    const pt_view *v = r->view;
    uint64_t first = (uint64_t)index * TASK_ORDINALS, end = first + TASK_ORDINALS;

    end = end < v->n_ordinals ? end : v->n_ordinals;
    PT_TRY(pt_cancel_check(r->request->cancel, err));
    for (size_t s = 0; s < v->project->n_sources; s++)
        if (v->timelines[s])
            PT_TRY(pt_timeline_check(v->timelines[s], (uint32_t)first, (uint32_t)(end - first), err));
    for (uint64_t at = first; at < end;) {
        size_t n = pt_eval_block(r->program, &r->batch, at);
        n = n < end - at ? n : (size_t)(end - at);
        PT_TRY(put_block(r, worker, (uint32_t)at, n, err));
        at += n;
    }
    return PT_OK;
}

static const pt_module *module_of(const past_run *r)
{
    return r->request->module ? r->request->module : r->view->project->module;
}

static pt_rc make_evaluators(past_run *r, pt_err *err)
{
    const pt_project *p = r->view->project;
    unsigned workers = pt_pool_threads(r->request->pool);
    pt_eval_options options = {.as_of = r->request->as_of, .zone = p->zone};

    r->evals = PT_NEW_ARRAY(r->arena, pt_eval *, workers);
    r->slices = PT_NEW_ARRAY(r->arena, pt_events *, workers);
    if (!r->evals || !r->slices)
        return pt_fail_nomem(err, "the evaluators");
    PT_TRY(pt_view_base(&options.base, r->view, r->request->node, r->arena, err));
    PT_TRY(pt_program_build(&r->program, module_of(r), r->request->tags, r->request->n_tags, err));
    for (unsigned w = 0; w < workers; w++) {
        if (!(r->slices[w] = PT_NEW_ARRAY(r->arena, pt_events, p->n_sources)))
            return pt_fail_nomem(err, "the evaluators");
        PT_TRY(pt_eval_new(&r->evals[w], r->program, &options, err));
    }
    return PT_OK;
}

static pt_rc make_builder(past_run *r, pt_err *err)
{
    const pt_module *m = module_of(r);
    pt_tag_info *infos = PT_NEW_ARRAY(r->arena, pt_tag_info, r->request->n_tags);

    if (!infos)
        return pt_fail_nomem(err, "the tags");
    for (size_t i = 0; i < r->request->n_tags; i++)
        infos[i] = (pt_tag_info){m->catalog->tags[r->request->tags[i]].name, m->types[r->request->tags[i]]};
    return pt_tagset_builder_new(&r->builder, infos, r->request->n_tags, r->view->n_ordinals,
                                 pt_pool_threads(r->request->pool), err);
}

/* --- the columns, as a tag file in memory ----------------------------------------------------------------------------------- */

typedef struct memory_file {
    unsigned char *bytes; /* 64-byte aligned, as maps are */
    size_t n, cap;
} memory_file;

static pt_rc append(void *ctx, const void *bytes, size_t n, pt_err *err)
{
    memory_file *f = ctx;

    if (n > f->cap - f->n) {
        size_t cap = f->cap + f->cap / 2 > f->n + n ? f->cap + f->cap / 2 : f->n + n;
        unsigned char *grown = pt_alloc64(cap, 1);
        if (!grown)
            return pt_fail_nomem(err, "the tags");
        if (f->n)
            memcpy(grown, f->bytes, f->n);
        free(f->bytes);
        f->bytes = grown;
        f->cap = cap;
    }
    if (n)
        memcpy(f->bytes + f->n, bytes, n);
    f->n += n;
    return PT_OK;
}

static pt_rc patch(void *ctx, uint64_t offset, const void *bytes, size_t n, pt_err *err)
{
    memory_file *f = ctx;

    (void)err;
    memcpy(f->bytes + offset, bytes, n);
    return PT_OK;
}

static void free_bytes(void *bytes)
{
    free(bytes);
}

static void close_tags(void *tags)
{
    pt_tagset_close(tags);
}

static pt_rc open_columns(const pt_column **columns, past_run *r, pt_err *err)
{
    memory_file file = {0};
    const pt_tagset_sink sink = {&file, append, patch};
    pt_tagset *tags;
    pt_rc rc = pt_tagset_builder_write(r->builder, r->request->as_of, (pt_hash128){0}, &sink, err);

    if (rc == PT_OK && !pt_arena_defer(r->arena, free_bytes, file.bytes))
        rc = pt_fail_nomem(err, "the tags");
    if (rc != PT_OK) {
        free(file.bytes);
        return rc;
    }
    PT_TRY(pt_tagset_open(&tags, file.bytes, file.n, err));
    if (!pt_arena_defer(r->arena, close_tags, tags)) {
        pt_tagset_close(tags);
        return pt_fail_nomem(err, "the tags");
    }
    for (size_t i = 0; i < r->request->n_tags; i++)
        PT_TRY(pt_tagset_column(&columns[i], tags, i, err));
    return PT_OK;
}

/* --- asking ---------------------------------------------------------------------------------------------------------------- */

/* What a query gave is known of the as-of of the build alone. */
static pt_rc refuse_queries(const past_run *r, pt_err *err)
{
    const pt_project *p = r->view->project;
    const uint32_t *live;
    size_t n_live;

    PT_TRY(pt_filter_tags(&live, &n_live, p, r->arena, err));
    for (size_t i = 0; i < r->request->n_tags; i++) {
        bool found = false;
        for (size_t k = 0; k < n_live && !found; k++)
            found = live[k] == r->request->tags[i];
        if (!found)
            return pt_fail(err, PT_EINVAL, "tag '%s' needs a query, which only builds run: compare two builds",
                           p->tags[r->request->tags[i]].name);
    }
    return PT_OK;
}

static pt_rc evaluate(const pt_column **columns, past_run *r, pt_err *err)
{
    size_t tasks = ((size_t)r->view->n_ordinals + TASK_ORDINALS - 1) / TASK_ORDINALS;

    PT_TRY(make_evaluators(r, err));
    PT_TRY(make_builder(r, err));
    PT_TRY(pt_pool_run(r->request->pool, tasks, evaluate_range, r, err));
    return open_columns(columns, r, err);
}

pt_rc pt_past_columns(const pt_column **columns, pt_view *v, const pt_past_request *request, pt_arena *arena,
                      pt_err *err)
{
    past_run r = {.view = v, .request = request, .arena = arena};

    if (!request->module)
        PT_TRY(refuse_queries(&r, err));
    PT_TRY(pt_view_timelines(v, err));
    PT_TRY(pt_view_batch_of_all(&r.batch, v, err));
    r.batch.external = request->external;
    pt_rc rc = evaluate(columns, &r, err);
    for (unsigned w = 0; r.evals && w < pt_pool_threads(request->pool); w++)
        pt_eval_free(r.evals[w]);
    pt_program_free(r.program);
    pt_tagset_builder_free(r.builder);
    return rc;
}
