/* Windows: instants to cut events at, and for each customer where the cuts fall.
 *
 * A window is half-open, (as_of - d, as_of]: an event exactly d old has left it. Every bound is therefore kept as the
 * last instant before it, and a customer's position at a bound is the number of its events up to that instant. */
#include "eval/state.h"

static int64_t minus(int64_t a, int64_t b)
{
    int64_t r;

    if (__builtin_sub_overflow(a, b, &r))
        return b > 0 ? INT64_MIN + 1 : INT64_MAX;
    return r;
}

/* The last instant before a moment, and the last instant of it. */
static int64_t before(const pt_eval *e, const pt_column *at)
{
    if (at->type == PT_TYPE_DATE)
        return minus(pt_zone_midnight(e->zone, *(const int32_t *)at->data), 1);
    return minus(*(const int64_t *)at->data, 1);
}

static int64_t up_to(const pt_eval *e, const pt_column *at)
{
    if (at->type == PT_TYPE_DATE)
        return minus(pt_zone_midnight(e->zone, *(const int32_t *)at->data + 1), 1);
    return *(const int64_t *)at->data;
}

/* No window opens at a bound that is missing, and none but a window ahead reaches past the as-of. */
static int64_t cut(const pt_eval *e, const plan_bound *b)
{
    const pt_column *at = &e->slots[b->at].col;
    int64_t t = e->as_of;

    if (b->kind == BOUND_FIRST || b->kind == BOUND_AS_OF)
        return e->as_of;
    if (pt_column_missing(at, 0))
        return b->ends ? INT64_MIN : INT64_MAX;
    if (b->kind == BOUND_AHEAD)
        return minus(e->as_of, -*(const int64_t *)at->data);
    if (b->kind == BOUND_BACK)
        t = minus(e->as_of, *(const int64_t *)at->data);
    else
        t = b->kind == BOUND_BEFORE ? before(e, at) : up_to(e, at);
    return b->ends && t > e->as_of ? e->as_of : t;
}

void set_cuts(pt_eval *e)
{
    for (size_t i = 0; i < e->program->n_bounds; i++)
        e->cuts[i] = cut(e, &e->program->bounds[i]);
}

/* A whole block at once: mark the events past the cut, count each customer's marks. */
static void scan(pt_eval *e, const block_source *s, uint32_t *pos, int64_t last)
{
    uint64_t *bits = e->window_bits;

    bits[pt_bits_words(s->n)] = 0;
    if (last == INT64_MAX)
        memset(bits, 0, pt_bits_words(s->n) * sizeof *bits);
    else
        e->kernels->range_i64(bits, s->events->time + s->base, s->n, last + 1, INT64_MAX);
    e->kernels->tails(pos, bits, s->begin, s->begin + 1, e->rows);
}

void set_positions(pt_eval *e, uint32_t source)
{
    const block_source *s = &e->sources[source];

    for (size_t i = 0; i < e->program->n_bounds; i++) {
        const plan_bound *b = &e->program->bounds[i];
        if (b->source != source || b->kind == BOUND_FIRST)
            continue;
        if (s->whole)
            scan(e, s, e->pos[i], e->cuts[i]);
        else
            e->pos[i][0] = (uint32_t)pt_times_until(s->events->time + s->base, s->n, e->cuts[i]);
    }
}

const uint32_t *bound_rows(pt_eval *e, const chunk *ch, uint32_t bound)
{
    const plan_bound *b = &e->program->bounds[bound];

    if (e->sources[ch->source].whole)
        return b->kind == BOUND_FIRST ? ch->begin : e->pos[bound];
    uint32_t row = b->kind == BOUND_FIRST ? 0 : e->pos[bound][0];
    uint32_t from = ch->offset;
    e->clipped[bound] = row <= from ? 0 : row - from >= ch->n ? ch->n : row - from;
    return &e->clipped[bound];
}
