/* How many customers each saved segment would have had as of a past instant, as far as that can be known: from tags that
 * were worked out, from events, and from other segments of which it is known. */
#include "app/app_int.h"
#include "app/backfill_int.h"

enum { TASK_ORDINALS = 16384 };

typedef struct sizing {
    const pt_past *past;
    const pt_node *node; /* of the segment at work */
    pt_batch batch;
    pt_column *external; /* by tag of the conditions' module: tags, then segments */
    bool *known;         /* by tag of the conditions' module */
    pt_program *program;
    pt_eval **evals;    /* by worker */
    pt_events **slices; /* by worker */
    uint64_t *members;  /* by worker */
    uint8_t *values;    /* of the segment: by ordinal */
    pt_arena *arena;
} sizing;

/* --- what can be known ---------------------------------------------------------------------------------------------------- */

static bool asks_history(const pt_node *n)
{
    bool found = n->kind == PT_NODE_WAS;

    for (uint32_t i = 0; i < n->n_args && !found; i++)
        found = asks_history(n->args[i]);
    return found;
}

static pt_rc can_know(bool *out, const sizing *s, const pt_segment *segment, pt_err *err)
{
    pt_uses uses;

    *out = segment->kind == PT_SEGMENT_DYNAMIC && segment->node && !asks_history(segment->node);
    if (!*out)
        return PT_OK;
    PT_TRY(pt_lang_uses(&uses, segment->node, s->arena, err));
    *out = uses.n_bases == 0;
    for (size_t i = 0; i < uses.n_tags; i++)
        *out &= s->known[uses.tags[i]];
    return PT_OK;
}

static pt_rc take_columns(sizing *s, pt_err *err)
{
    const pt_past *past = s->past;
    size_t n = past->build->project->conditions->n_tags;
    const pt_column *column;

    s->external = PT_NEW_ARRAY(s->arena, pt_column, n);
    s->known = PT_NEW_ARRAY(s->arena, bool, n);
    if (!s->external || !s->known)
        return pt_fail_nomem(err, "the segments");
    for (size_t i = 0; i < past->n_tags; i++) {
        PT_TRY(pt_tagset_column(&column, past->values, i, err));
        s->external[past->tags[i]] = *column;
        s->known[past->tags[i]] = true;
    }
    return PT_OK;
}

/* --- one segment ------------------------------------------------------------------------------------------------------------ */

static pt_rc count_range(void *arg, size_t index, unsigned worker, pt_err *err)
{
    sizing *s = arg;
    const pt_build *b = s->past->build;
    uint64_t first = (uint64_t)index * TASK_ORDINALS, end = first + TASK_ORDINALS;

    end = end < s->batch.n_customers ? end : s->batch.n_customers;
    PT_TRY(pt_cancel_check(b->options->cancel, err));
    for (size_t t = 0; t < b->project->n_sources; t++)
        if (b->timelines[t])
            PT_TRY(pt_timeline_check(b->timelines[t], (uint32_t)first, (uint32_t)(end - first), err));
    for (uint64_t at = first; at < end;) {
        size_t n = pt_eval_block(s->program, &s->batch, at);
        n = n < end - at ? n : (size_t)(end - at);
        pt_batch slice = pt_batch_slice(&s->batch, at, n, s->slices[worker], b->project->n_sources);
        PT_TRY(pt_eval_run(s->evals[worker], &slice, err));
        const uint8_t *answers = pt_eval_tag(s->evals[worker], 0)->data;
        for (size_t i = 0; i < n; i++) {
            bool is = answers[i] == 1 && pt_is_customer(b->directory, (uint32_t)(at + i));
            s->values[at + i] = is;
            s->members[worker] += is;
        }
        at += n;
    }
    return PT_OK;
}

static pt_rc make_evaluators(sizing *s, pt_err *err)
{
    const pt_build *b = s->past->build;
    unsigned workers = pt_pool_threads(b->pool);
    pt_eval_options options = {.as_of = b->as_of, .zone = b->project->zone};

    s->evals = PT_NEW_ARRAY(s->arena, pt_eval *, workers);
    s->slices = PT_NEW_ARRAY(s->arena, pt_events *, workers);
    s->members = PT_NEW_ARRAY(s->arena, uint64_t, workers);
    if (!s->evals || !s->slices || !s->members)
        return pt_fail_nomem(err, "the segments");
    PT_TRY(pt_program_build_expression(&s->program, b->project->conditions, s->node, err));
    for (unsigned w = 0; w < workers; w++) {
        if (!(s->slices[w] = PT_NEW_ARRAY(s->arena, pt_events, b->project->n_sources)))
            return pt_fail_nomem(err, "the segments");
        PT_TRY(pt_eval_new(&s->evals[w], s->program, &options, err));
    }
    return PT_OK;
}

static pt_rc count_members(uint64_t *out, sizing *s, pt_err *err)
{
    const pt_build *b = s->past->build;
    unsigned workers = pt_pool_threads(b->pool);

    s->program = NULL;
    s->evals = NULL;
    if (!(s->values = PT_NEW_ARRAY(s->arena, uint8_t, s->batch.n_customers)))
        return pt_fail_nomem(err, "the segments");
    pt_rc rc = make_evaluators(s, err);
    if (rc == PT_OK)
        rc = pt_pool_run(b->pool, (s->batch.n_customers + TASK_ORDINALS - 1) / TASK_ORDINALS, count_range, s, err);
    *out = 0;
    for (unsigned w = 0; s->evals && w < workers; w++) {
        *out += s->members[w];
        pt_eval_free(s->evals[w]);
    }
    pt_program_free(s->program);
    return rc;
}

/* --- all of them ------------------------------------------------------------------------------------------------------------ */

static pt_rc count_all(pt_trend_size *sizes, size_t *n, sizing *s, pt_err *err)
{
    const pt_build *b = s->past->build;
    const pt_project *p = b->project;
    bool can;

    PT_TRY(take_columns(s, err));
    s->batch = (pt_batch){.n_customers = pt_directory_ordinals(b->directory),
                          .sources = b->events,
                          .identities = pt_directory_id_hashes(b->directory),
                          .external = s->external};
    for (size_t i = 0; i < p->n_segments; i++) {
        uint32_t at = p->segment_order[i];
        PT_TRY(can_know(&can, s, &p->segments[at], err));
        if (!can)
            continue;
        s->node = p->segments[at].node;
        sizes[*n].name = p->segments[at].name;
        PT_TRY(count_members(&sizes[(*n)++].members, s, err));
        s->known[p->n_tags + at] = true;
        s->external[p->n_tags + at] = (pt_column){.type = PT_TYPE_BOOL, .width = 1, .data = s->values};
    }
    return pt_directory_damage(b->directory, err);
}

pt_rc pt_past_sizes(pt_trend_size *sizes, size_t *n, const pt_past *past, pt_err *err)
{
    sizing s = {.past = past, .arena = pt_arena_new(0)};

    *n = 0;
    pt_rc rc = s.arena ? count_all(sizes, n, &s, err) : pt_fail_nomem(err, "the segments");
    pt_arena_free(s.arena);
    return rc;
}
