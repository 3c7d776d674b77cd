#include "app/event_walk.h"

#include <stdlib.h>

enum { TASK_ORDINALS = 16384 };

/* One thread's. */
typedef struct walker {
    pt_eval *eval;
    pt_events *slice;
    uint64_t *events; /* of the customer being visited */
    size_t cap;
} walker;

typedef struct run {
    const pt_event_walk *walk;
    pt_event_visit visit;
    void *ctx;
    uint32_t source;
    pt_batch batch;
    pt_program *program;
    const bool **wanted; /* by source, the columns that are read; NULL: the source is not */
    walker *walkers;     /* by thread */
} run;

static pt_rc find_wanted(run *r, pt_arena *arena, pt_err *err)
{
    const pt_project *p = r->walk->view->project;
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, r->walk->events->node, arena, err));
    for (size_t i = 0; i < uses.n_tags; i++)
        if (!p->learning->tags[uses.tags[i]])
            return pt_fail(err, PT_EINVAL, "events cannot be chosen by '%s', of which past days know nothing",
                           p->learning->catalog->tags[uses.tags[i]].name);
    if (!(r->wanted = PT_NEW_ARRAY(arena, const bool *, p->n_sources)))
        return pt_fail_nomem(err, "the events");
    for (size_t i = 0; i <= uses.n_columns; i++) {
        uint32_t source = i < uses.n_columns ? uses.columns[i].source : r->source;
        int32_t column = i < uses.n_columns ? uses.columns[i].column : r->walk->column;
        bool *columns = (bool *)r->wanted[source];
        if (!columns && !(columns = PT_NEW_ARRAY(arena, bool, p->sources[source].n_columns + 1)))
            return pt_fail_nomem(err, "the events");
        if (column >= 0)
            columns[column] = true;
        r->wanted[source] = columns;
    }
    return PT_OK;
}

static pt_rc make_walkers(run *r, pt_arena *arena, pt_err *err)
{
    const pt_event_walk *w = r->walk;
    const pt_project *p = w->view->project;
    pt_eval_options options = {.as_of = w->until, .zone = p->zone};
    unsigned threads = pt_pool_threads(w->pool);

    PT_TRY(pt_view_base(&options.base, w->view, w->events->node, arena, err));
    PT_TRY(pt_program_build_expression(&r->program, p->learning, w->events->node, err));
    if (!(r->walkers = PT_NEW_ARRAY(arena, walker, threads)))
        return pt_fail_nomem(err, "the events");
    for (unsigned i = 0; i < threads; i++) {
        if (!(r->walkers[i].slice = PT_NEW_ARRAY(arena, pt_events, p->n_sources)))
            return pt_fail_nomem(err, "the events");
        PT_TRY(pt_eval_new(&r->walkers[i].eval, r->program, &options, err));
    }
    return PT_OK;
}

static pt_rc visit_customer(const run *r, walker *k, const pt_mark *mark, uint32_t ordinal, size_t row, pt_err *err)
{
    const pt_events *events = &r->walk->view->events[r->source];
    pt_walked one = {.ordinal = ordinal,
                     .time = events->time,
                     .column = r->walk->column >= 0 ? &events->columns[r->walk->column] : NULL};

    if (!pt_grow(&k->events, &k->cap, mark->end[row] - mark->from[row], sizeof *k->events))
        return pt_fail_nomem(err, "the events");
    for (uint32_t at = mark->from[row]; at < mark->end[row]; at++)
        if (mark->bits[at / 64] >> (at % 64) & 1 && events->time[mark->base + at] != PT_I64_MISSING)
            k->events[one.n++] = mark->base + at;
    one.events = k->events;
    return one.n ? r->visit(r->ctx, &one, err) : PT_OK;
}

static pt_rc walk_block(const run *r, walker *k, uint64_t first, size_t n, pt_err *err)
{
    const pt_view *v = r->walk->view;
    pt_batch slice = pt_batch_slice(&r->batch, first, n, k->slice, v->project->n_sources);
    pt_mark mark;

    PT_TRY(pt_eval_marks(&mark, k->eval, &slice, err));
    for (size_t i = 0; i < n; i++)
        if (pt_is_customer(v->directory, (uint32_t)(first + i)))
            PT_TRY(visit_customer(r, k, &mark, (uint32_t)(first + i), i, err));
    return PT_OK;
}

static pt_rc walk_range(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const run *r = arg;
    const pt_view *v = r->walk->view;
    uint64_t first = (uint64_t)index * TASK_ORDINALS, end = first + TASK_ORDINALS;

    end = end < v->n_ordinals ? end : v->n_ordinals;
    PT_TRY(pt_cancel_check(r->walk->cancel, err));
    for (size_t s = 0; s < v->project->n_sources; s++)
        if (r->wanted[s] && v->timelines[s])
            PT_TRY(pt_timeline_check_columns(v->timelines[s], (uint32_t)first, (uint32_t)(end - first), r->wanted[s],
                                             err));
    while (first < end) {
        size_t n = pt_eval_block(r->program, &r->batch, first);
        n = n < end - first ? n : (size_t)(end - first);
        PT_TRY(walk_block(r, &r->walkers[worker], first, n, err));
        first += n;
    }
    return PT_OK;
}

static pt_rc prepare(run *r, pt_arena *arena, pt_err *err)
{
    const pt_view *v = r->walk->view;

    PT_TRY(pt_view_batch_of_all(&r->batch, v, err));
    PT_TRY(find_wanted(r, arena, err));
    return make_walkers(r, arena, err);
}

pt_rc pt_event_walk_run(const pt_event_walk *w, pt_event_visit visit, void *ctx, pt_err *err)
{
    run r = {.walk = w, .visit = visit, .ctx = ctx, .source = w->events->source};
    pt_arena *arena = pt_arena_new(0);

    if (!arena)
        return pt_fail_nomem(err, "the events");
    pt_rc rc = prepare(&r, arena, err);
    if (rc == PT_OK && w->view->events[r.source].offsets)
        rc = pt_pool_run(w->pool, (w->view->n_ordinals + TASK_ORDINALS - 1) / TASK_ORDINALS, walk_range, &r, err);
    for (unsigned i = 0; r.walkers && i < pt_pool_threads(w->pool); i++) {
        pt_eval_free(r.walkers[i].eval);
        free(r.walkers[i].events);
    }
    pt_program_free(r.program);
    pt_arena_free(arena);
    return rc;
}
