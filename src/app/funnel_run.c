#include "app/funnel_run.h"

#include "eval/kernels.h"

/* Steps of one source lie in one lane: `sources` says the source of each step. */
void pt_funnel_add(pt_funnel_scratch *s, uint32_t step, const pt_mark *mark, uint32_t row, const int64_t *times,
                   const uint32_t *sources)
{
    uint32_t i = 0;

    while (i < s->n_lanes && sources[s->lanes[i].steps[0]] != mark->source)
        i++;
    pt_funnel_lane *lane = &s->lanes[i];
    if (i == s->n_lanes) {
        s->n_lanes++;
        lane->n_steps = 0;
        lane->time = times ? times + mark->base : NULL;
        lane->at = times ? mark->from[row] : 0;
        lane->end = times ? mark->end[row] : 0;
        while (lane->at < lane->end && lane->time[lane->at] == PT_I64_MISSING)
            lane->at++;
    }
    lane->steps[lane->n_steps] = step;
    lane->bits[lane->n_steps++] = mark->bits;
}

/* The first event of the lane from `at` on that is one of its steps. */
static void seek(pt_funnel_lane *lane)
{
    while (lane->at < lane->end) {
        uint32_t left = lane->end - lane->at, n = left < PT_BITS_STRIDE ? left : PT_BITS_STRIDE;
        uint64_t any = 0;
        for (uint32_t k = 0; k < lane->n_steps; k++)
            any |= pt_bits_at(lane->bits[k], lane->at);
        any &= pt_bits_low(n);
        if (any) {
            lane->at += (uint32_t)__builtin_ctzll(any);
            return;
        }
        lane->at += n;
    }
}

/* The next instant, and the steps that happened then (none of them: something else did); false at the end. */
static bool next_instant(pt_funnel_scratch *s, bool strict, int64_t *now, uint32_t *steps)
{
    bool some = false;

    for (uint32_t i = 0; i < s->n_lanes; i++) {
        pt_funnel_lane *lane = &s->lanes[i];
        if (!strict)
            seek(lane);
        if (lane->at < lane->end && (!some || lane->time[lane->at] < *now)) {
            *now = lane->time[lane->at];
            some = true;
        }
    }
    *steps = 0;
    for (uint32_t i = 0; i < s->n_lanes && some; i++) {
        pt_funnel_lane *lane = &s->lanes[i];
        for (; lane->at < lane->end && lane->time[lane->at] == *now; lane->at++)
            for (uint32_t k = 0; k < lane->n_steps; k++)
                *steps |= (uint32_t)pt_bits_test(lane->bits[k], lane->at) << lane->steps[k];
    }
    return some;
}

/* The chain of d steps, one longer by an event at `now`. */
static void lengthen(pt_funnel_run *out, pt_funnel_scratch *s, uint32_t d, int64_t now)
{
    if (d)
        memcpy(s->runs[d], s->runs[d - 1], d * sizeof now);
    s->runs[d][d] = now;
    if (d < out->depth)
        return;
    out->depth = d + 1;
    memcpy(out->times, s->runs[d], (d + 1) * sizeof now);
}

static bool can_lengthen(const pt_funnel_scratch *s, uint32_t d, int64_t now, int64_t within)
{
    return d == 0 || now - s->runs[d - 1][0] <= within;
}

/* As eval/sequence.c: of all chains of one length the one that began last is never worse. */
static void step_open(pt_funnel_run *out, pt_funnel_scratch *s, uint32_t steps, int64_t now, int64_t within)
{
    uint32_t depth = out->depth;

    for (uint32_t d = depth + 1; d-- > 0;) {
        if (!(steps >> d & 1) || !can_lengthen(s, d, now, within))
            continue;
        if (d == depth || d == 0 || s->runs[d - 1][0] > s->runs[d][0])
            lengthen(out, s, d, now);
    }
}

/* A chain goes on with its next step, stays where its last step is repeated, and breaks with anything else. */
static void step_strict(pt_funnel_run *out, pt_funnel_scratch *s, uint32_t n, uint32_t steps, int64_t now,
                        int64_t within)
{
    for (uint32_t d = n; d-- > 0;) {
        bool here = steps >> d & 1, stays = here && s->alive[d];
        bool comes = here && (d == 0 || s->alive[d - 1]) && can_lengthen(s, d, now, within);
        if (comes && (!stays || d == 0 || s->runs[d - 1][0] > s->runs[d][0]))
            lengthen(out, s, d, now);
        s->alive[d] = stays || comes;
    }
}

void pt_funnel_walk(pt_funnel_run *out, pt_funnel_scratch *s, uint32_t n_steps, int64_t within, bool strict)
{
    int64_t now = 0;
    uint32_t steps;

    out->depth = 0;
    memset(s->alive, 0, sizeof s->alive);
    while (out->depth < n_steps && next_instant(s, strict, &now, &steps)) {
        if (strict)
            step_strict(out, s, n_steps, steps, now, within);
        else
            step_open(out, s, steps, now, within);
    }
}
