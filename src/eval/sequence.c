/* sequence and funnel: steps that happened one after another.
 *
 * The events of a customer's sources are walked in order of time. For each depth d, latest[d] is the latest instant at
 * which a chain of the first d+1 steps can have begun: a later beginning is never worse, so one number a depth is exact
 * and a walk costs events x steps. Steps must be strictly later than the one before, so all events of one instant look at
 * what held before it. */
#include <stdlib.h>

#include "eval/state.h"

/* One source of the sequence in the block. */
typedef struct track {
    const uint64_t *any; /* events that are some step */
    const int64_t *time; /* of the block's first event on */
    uint32_t at, end;    /* of the customer at hand */
} track;

typedef struct sequence_state {
    track tracks[EVAL_MOST_STEPS];
    const uint64_t *steps[EVAL_MOST_STEPS];
    block_bits any_buffers[EVAL_MOST_STEPS], step_buffers[EVAL_MOST_STEPS];
} sequence_state;

void sequence_state_free(sequence_state *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < EVAL_MOST_STEPS; i++) {
        free(s->any_buffers[i].words);
        free(s->step_buffers[i].words);
    }
    free(s);
}

static bool prepare(pt_eval *e, const plan_sequence *plan, sequence_state *s)
{
    for (uint32_t i = 0; i < plan->n_tracks; i++) {
        const block_source *source = &e->sources[plan->tracks[i].source];
        s->tracks[i].any = block_plane(e, &plan->tracks[i], plan->tracks[i].bits, &s->any_buffers[i]);
        s->tracks[i].time = source->events ? source->events->time + source->base : NULL;
    }
    for (uint32_t i = 0; i < plan->node->u.seq->n_steps; i++) {
        const plan_track *t = &plan->tracks[plan->steps[i].track];
        s->steps[i] = block_plane(e, t, plan->steps[i].bits, &s->step_buffers[i]);
    }
    return !e->nomem;
}

/* --- walking ---------------------------------------------------------------------------------------------------------------------- */

/* Moves to the first event at or after `at` that is some step. */
static void seek(track *t)
{
    while (t->at < t->end) {
        uint32_t n = t->end - t->at < PT_BITS_STRIDE ? t->end - t->at : PT_BITS_STRIDE;
        uint64_t w = pt_bits_at(t->any, t->at) & pt_bits_low(n);
        if (w) {
            t->at += (uint32_t)__builtin_ctzll(w);
            return;
        }
        t->at += n;
    }
}

/* Sets the tracks to a customer's events in the window; those without a time come first and take no part. */
static void start_customer(pt_eval *e, const plan_sequence *plan, sequence_state *s, uint32_t c)
{
    for (uint32_t i = 0; i < plan->n_tracks; i++) {
        track *t = &s->tracks[i];
        t->at = block_bound(e, plan->tracks[i].start, c);
        t->end = block_bound(e, plan->tracks[i].end, c);
        while (t->at < t->end && t->time[t->at] == PT_I64_MISSING)
            t->at++;
        seek(t);
    }
}

/* The next instant with events that are steps, and which steps they are; false at the end. */
static bool next_instant(const plan_sequence *plan, sequence_state *s, int64_t *now, uint32_t *steps)
{
    bool some = false;

    for (uint32_t i = 0; i < plan->n_tracks; i++) {
        const track *t = &s->tracks[i];
        if (t->at < t->end && (!some || t->time[t->at] < *now)) {
            *now = t->time[t->at];
            some = true;
        }
    }
    *steps = 0;
    for (uint32_t i = 0; i < plan->n_tracks && some; i++) {
        track *t = &s->tracks[i];
        for (; t->at < t->end && t->time[t->at] == *now; seek(t)) {
            for (uint32_t d = 0; d < plan->node->u.seq->n_steps; d++)
                if (plan->steps[d].track == i && pt_bits_test(s->steps[d], t->at))
                    *steps |= UINT32_C(1) << d;
            t->at++;
        }
    }
    return some;
}

/* How many steps the customer reached. */
static uint32_t depth_of(const plan_sequence *plan, sequence_state *s)
{
    const pt_seq *seq = plan->node->u.seq;
    int64_t latest[EVAL_MOST_STEPS], now = 0;
    uint32_t depth = 0, steps;

    while (depth < seq->n_steps && next_instant(plan, s, &now, &steps)) {
        for (uint32_t d = depth + 1; d-- > 0;) {
            if (!(steps >> d & 1))
                continue;
            int64_t begun = d ? latest[d - 1] : now;
            if (now - begun > seq->within)
                continue;
            latest[d] = d == depth || begun > latest[d] ? begun : latest[d];
            depth = d == depth ? depth + 1 : depth;
        }
    }
    return depth;
}

void run_sequence(pt_eval *e, size_t index)
{
    const plan_sequence *plan = &e->program->sequences[index];
    slot *out = &e->slots[plan->out];
    bool funnel = plan->node->kind == PT_NODE_FUNNEL;
    void *data = slot_room(e, out, e->rows, funnel ? sizeof(double) : 1);

    if (!e->sequences && !(e->sequences = pt_zalloc(1, sizeof *e->sequences)))
        e->nomem = true;
    if (e->nomem || !prepare(e, plan, e->sequences))
        return;
    for (uint32_t c = 0; c < e->rows; c++) {
        start_customer(e, plan, e->sequences, c);
        uint32_t depth = depth_of(plan, e->sequences);
        if (funnel)
            ((double *)data)[c] = depth;
        else
            ((uint8_t *)data)[c] = depth == plan->node->u.seq->n_steps;
    }
}
