/* Running a family over a chunk: its bits, its windows, its values; then the file of its kind. */
#include <stdlib.h>

#include "eval/family.h"

void *family_scratch(const family_run *r, size_t size)
{
    family_state *s = r->state;

    if (!s->scratch && !(s->scratch = pt_zalloc(1, size)))
        r->e->nomem = true;
    return s->scratch;
}

double family_weight(const family_run *r, uint32_t i)
{
    double w = r->weight ? r->weight[i] : 1;
    int64_t half_life = r->family->half_life, t = r->ch->events->time[r->ch->base + i];

    if (!half_life)
        return w;
    return w * exp2(-((double)(r->e->as_of - t) / (double)half_life));
}

/* The bits of -0.0, which equals 0.0. */
#define NEGATIVE_ZERO (UINT64_C(1) << 63)

/* --- values as keys and as doubles -------------------------------------------------------------------------------------- */

uint64_t column_bits(const pt_column *c, size_t i)
{
    switch (c->type) {
    case PT_TYPE_BOOL: return ((const uint8_t *)c->data)[i];
    case PT_TYPE_DATE: return ((const uint32_t *)c->data)[i];
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return pt_column_code(c, i);
    default: return ((const uint64_t *)c->data)[i];
    }
}

uint64_t column_key(const pt_column *c, size_t i)
{
    uint64_t bits = column_bits(c, i);

    return c->type == PT_TYPE_NUMBER && bits == NEGATIVE_ZERO ? 0 : bits;
}

void column_put_key(void *data, pt_type type, size_t i, uint64_t key)
{
    switch (type) {
    case PT_TYPE_BOOL: ((uint8_t *)data)[i] = (uint8_t)key; break;
    case PT_TYPE_DATE:
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: ((uint32_t *)data)[i] = (uint32_t)key; break;
    default: ((uint64_t *)data)[i] = key; break;
    }
}

double column_double(const pt_column *c, size_t i)
{
    return c->type == PT_TYPE_NUMBER ? ((const double *)c->data)[i] : (double)((const int64_t *)c->data)[i];
}

void column_put_double(void *data, pt_type type, size_t i, double v)
{
    if (type == PT_TYPE_NUMBER) {
        ((double *)data)[i] = isfinite(v) ? v : (double)NAN;
        return;
    }
    v = round(v); /* half away from zero */
    ((int64_t *)data)[i] = v > -0x1p63 && v < 0x1p63 ? (int64_t)v : PT_I64_MISSING;
}

void family_state_free(family_state *s)
{
    free(s->order);
    free(s->starts);
    free(s->basic);
    free(s->counts);
    free(s->scratch);
    free(s->seen);
    free(s->numbers);
    free(s->ranking);
    free(s->ranked);
    free(s->cells);
    free(s->codes);
    tally_free(&s->tally);
}

/* --- one family ---------------------------------------------------------------------------------------------------------- */

static void (*const runners[FAMILY_COUNT_])(const family_run *r) = {
    [FAMILY_COUNT] = family_count, [FAMILY_BASIC] = family_basic,       [FAMILY_WEIGHTED] = family_weighted,
    [FAMILY_PICK] = family_pick,   [FAMILY_DISTINCT] = family_distinct, [FAMILY_VALUES] = family_values,
    [FAMILY_TOP] = family_top,     [FAMILY_ORDER] = family_order,       [FAMILY_STDDEV] = family_stddev,
    [FAMILY_TREND] = family_trend, [FAMILY_RATE] = family_rate,         [FAMILY_DAYS] = family_days,
};

/* A bound's row in the block's events, for the one customer of a block of many chunks. */
static uint32_t block_row(const pt_eval *e, uint32_t bound)
{
    return e->program->bounds[bound].kind == BOUND_FIRST ? 0 : e->pos[bound][0];
}

/* Which members are at work in this chunk, and which of them it completes. */
static void set_members(family_run *r)
{
    const chunk *ch = r->ch;
    pt_ranges *g = &r->ranges;

    g->from = 0;
    g->done = g->n_members;
    if (ch->newest && ch->oldest)
        return;
    while (g->from < g->n_members && !ch->newest &&
           block_row(r->e, family_member(r, g->from)->start) >= ch->offset + ch->n)
        g->from++;
    for (g->done = g->from; g->done < g->n_members; g->done++)
        if (block_row(r->e, family_member(r, g->done)->start) < ch->offset)
            break;
}

/* Plain results have room for every customer of the block; lists make theirs as they go. */
static bool make_room(const family_run *r)
{
    for (uint32_t m = 0; m < r->ranges.n_members; m++) {
        slot *out = family_out(r, m);
        if (pt_type_is_text(out->col.type) && r->value && r->value->dict)
            out->col.dict = r->value->dict;
        if (!pt_type_is_list(out->col.type) && r->ch->newest &&
            !slot_room(r->e, out, r->ranges.n_customers, pt_type_width(out->col.type)))
            return false;
    }
    return true;
}

void run_family(pt_eval *e, chunk *ch, uint32_t index)
{
    const plan_family *f = &e->program->families[index];
    family_run r = {.e = e, .ch = ch, .family = f, .state = &e->families[index]};
    const uint32_t **starts = r.state->starts;

    r.ranges = (pt_ranges){.starts = starts, .n_customers = ch->n_customers, .n_members = f->n_members};
    set_members(&r);
    if (r.ranges.from == f->n_members)
        return; /* every window begins after this chunk */
    r.ranges.bits = plane_bits(e, ch, f->bits);
    r.ranges.end = bound_rows(e, ch, f->end);
    for (uint32_t m = 0; m < f->n_members; m++)
        starts[m] = bound_rows(e, ch, family_member(&r, m)->start);
    if (f->value)
        r.value = event_value(e, ch, f->value);
    if (f->weight) {
        const pt_column *w = event_value(e, ch, f->weight);
        r.weight = w ? w->data : NULL;
    }
    if (e->nomem || !make_room(&r))
        return;
    runners[f->kind](&r);
}
