/* Events of a PT_SETTING_EVENTS, one by one. */
#include "app/tastes.h"
#include "eval/eval.h"

typedef struct walking {
    const pt_events_walk *w;
    pt_events_visit visit;
    void *ctx;
    pt_program *program;
    pt_eval *eval;
    pt_batch batch;
    pt_events *slice;
} walking;

static pt_rc prepare(walking *k, pt_arena *arena, pt_err *err)
{
    pt_view *v = k->w->view;
    const pt_node *node = k->w->events->node;
    pt_eval_options options = {.as_of = k->w->as_of, .zone = v->project->zone};
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, node, arena, err));
    if (uses.n_tags)
        return pt_fail(err, PT_EINVAL,
                       "the condition on the events of a recommendation uses a tag: columns alone are allowed");
    PT_TRY(pt_view_batch_of_all(&k->batch, v, err));
    if (!(k->slice = PT_NEW_ARRAY(arena, pt_events, v->project->n_sources + 1)))
        return pt_fail_nomem(err, "the events");
    PT_TRY(pt_program_build_expression(&k->program, v->project->learning, node, err));
    return pt_eval_new(&k->eval, k->program, &options, err);
}

static pt_rc walk_block(walking *k, uint64_t first, size_t n, pt_err *err)
{
    pt_batch part = pt_batch_slice(&k->batch, first, n, k->slice, k->w->view->project->n_sources);
    pt_mark m;

    PT_TRY(pt_eval_marks(&m, k->eval, &part, err));
    for (size_t c = 0; c < n; c++)
        for (uint32_t row = m.from[c]; row < m.end[c]; row++)
            if (m.bits[row / 64] >> (row % 64) & 1)
                PT_TRY(k->visit(k->ctx, (uint32_t)(first + c), m.base + row, err));
    return PT_OK;
}

static pt_rc walk_all(walking *k, pt_err *err)
{
    uint64_t first = k->w->first;

    while (first < k->w->end) {
        size_t n = pt_eval_block(k->program, &k->batch, (size_t)first);
        n = n < k->w->end - first ? n : (size_t)(k->w->end - first);
        PT_TRY(pt_cancel_check(k->w->cancel, err));
        PT_TRY(walk_block(k, first, n, err));
        first += n;
    }
    return PT_OK;
}

pt_rc pt_events_walk_run(const pt_events_walk *w, pt_events_visit visit, void *ctx, pt_arena *arena, pt_err *err)
{
    walking k = {.w = w, .visit = visit, .ctx = ctx};
    pt_timeline *t = w->view->timelines[w->events->source];

    if (!t || !w->view->events[w->events->source].offsets)
        return PT_OK;
    PT_TRY(pt_timeline_check(t, w->first, w->end - w->first, err));
    pt_rc rc = prepare(&k, arena, err);
    if (rc == PT_OK)
        rc = walk_all(&k, err);
    pt_eval_free(k.eval);
    pt_program_free(k.program);
    return rc;
}
