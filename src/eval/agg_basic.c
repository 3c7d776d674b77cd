/* count, did, did_not, sum, avg, min, max, and the weighted forms of the first three. */
#include "eval/family.h"

/* --- counts --------------------------------------------------------------------------------------------------------------- */

static void to_bool(uint8_t *out, const double *counts, uint32_t n, bool some)
{
    for (uint32_t c = 0; c < n; c++)
        out[c] = (counts[c] > 0) == some;
}

static void count_member(const family_run *r, uint32_t m)
{
    pt_agg_fn fn = family_member(r, m)->agg->fn;
    slot *out = family_out(r, m);
    uint32_t n = r->ranges.n_customers;
    bool number = fn == PT_AGG_COUNT;
    double *counts = number ? out->data : r->e->counts;

    /* A bool's count over many chunks is of one customer: it is carried in `carried_count`. */
    if (r->ch->newest)
        memset(counts, 0, n * sizeof *counts);
    else if (!number)
        counts[0] = *(const uint8_t *)out->data == (fn == PT_AGG_DID);
    r->e->kernels->count(counts, r->ranges.bits, r->ranges.starts[m], r->ranges.end, n);
    if (!number)
        to_bool(out->data, counts, n, fn == PT_AGG_DID);
}

void family_count(const family_run *r)
{
    for (uint32_t m = 0; m < r->ranges.n_members; m++)
        count_member(r, m);
}

/* --- sums and extremes of numbers ------------------------------------------------------------------------------------------ */

static enum pt_basic_fn basic_fn(pt_agg_fn fn)
{
    switch (fn) {
    case PT_AGG_SUM: return PT_BASIC_SUM;
    case PT_AGG_AVG: return PT_BASIC_AVG;
    case PT_AGG_MIN: return PT_BASIC_MIN;
    default: return PT_BASIC_MAX;
    }
}

typedef struct carried_basic {
    pt_basic_i64 i64;
    pt_basic_f64 f64;
} carried_basic;

static const carried_basic empty_basic = {PT_BASIC_I64_EMPTY, PT_BASIC_F64_EMPTY};

/* The state between a customer's chunks; NULL when one chunk holds it all. */
static carried_basic *carried(const family_run *r)
{
    carried_basic *state;

    if (r->ch->newest && r->ch->oldest)
        return NULL;
    state = family_scratch(r, sizeof *state);
    if (state && r->ch->newest)
        *state = empty_basic;
    return state;
}

static void basic_numbers(const family_run *r)
{
    pt_basic_out *out = r->state->basic;
    carried_basic *state = carried(r);
    unsigned need = 0;

    for (uint32_t m = 0; m < r->ranges.n_members; m++) {
        out[m] = (pt_basic_out){.fn = basic_fn(family_member(r, m)->agg->fn), .values = family_out(r, m)->data};
        need |= out[m].fn <= PT_BASIC_AVG ? PT_NEED_SUM : PT_NEED_RANGE;
    }
    if (r->e->nomem)
        return;
    switch (r->value->type) {
    case PT_TYPE_NUMBER:
        r->e->kernels->basic_f64(&r->ranges, r->value->data, out, need, state ? &state->f64 : NULL);
        break;
    case PT_TYPE_DATE:
        r->e->kernels->basic_i32(&r->ranges, r->value->data, out, need, state ? &state->i64 : NULL);
        break;
    default: r->e->kernels->basic_i64(&r->ranges, r->value->data, out, need, state ? &state->i64 : NULL); break;
    }
}

/* --- least and greatest texts ----------------------------------------------------------------------------------------------- */

typedef struct text_range {
    const family_run *r;
    uint32_t *least, *greatest; /* codes; 0: none yet */
} text_range;

static void text_begin(void *ctx)
{
    text_range *t = ctx;

    *t->least = *t->greatest = 0;
}

static bool text_before(const pt_dict *d, uint32_t a, uint32_t b)
{
    return d->sorted ? a < b : pt_sv_cmp(pt_dict_text(d, a), pt_dict_text(d, b)) < 0;
}

static void text_feed(void *ctx, uint32_t i)
{
    text_range *t = ctx;
    const pt_column *value = t->r->value;
    uint32_t code = pt_column_code(value, i);

    if (!*t->least || text_before(value->dict, code, *t->least))
        *t->least = code;
    if (!*t->greatest || text_before(value->dict, *t->greatest, code))
        *t->greatest = code;
}

static void text_finish(void *ctx, uint32_t m, uint32_t c)
{
    text_range *t = ctx;
    bool min = family_member(t->r, m)->agg->fn == PT_AGG_MIN;

    ((uint32_t *)family_out(t->r, m)->data)[c] = min ? *t->least : *t->greatest;
}

static void basic_texts(const family_run *r)
{
    uint32_t *ends = family_scratch(r, 2 * sizeof *ends);
    text_range t = {.r = r, .least = ends, .greatest = ends + 1};

    if (ends)
        family_walk(r, &t, text_begin, text_feed, text_finish);
}

void family_basic(const family_run *r)
{
    if (pt_type_is_text(r->value->type))
        basic_texts(r);
    else
        basic_numbers(r);
}

/* --- weighted ---------------------------------------------------------------------------------------------------------------- */

typedef struct compensated {
    double sum, error;
} compensated;

typedef struct weighted_state {
    const family_run *r;
    compensated weight, product;
} weighted_state;

static inline void add(compensated *c, double v)
{
    double sum = c->sum + v, part = sum - c->sum;

    c->error += (c->sum - (sum - part)) + (v - part);
    c->sum = sum;
}

static void weighted_begin(void *ctx)
{
    weighted_state *s = ctx;

    s->weight = s->product = (compensated){0, 0};
}

static void weighted_feed(void *ctx, uint32_t i)
{
    weighted_state *s = ctx;
    double w = family_weight(s->r, i);

    add(&s->weight, w);
    if (s->r->value)
        add(&s->product, w * column_double(s->r->value, i));
}

static double weighted_result(const weighted_state *s, pt_agg_fn fn)
{
    double weight = s->weight.sum + s->weight.error, product = s->product.sum + s->product.error;

    if (fn == PT_AGG_COUNT)
        return weight;
    if (fn == PT_AGG_SUM)
        return product;
    return weight > 0 ? product / weight : (double)NAN;
}

static void weighted_finish(void *ctx, uint32_t m, uint32_t c)
{
    weighted_state *s = ctx;
    slot *out = family_out(s->r, m);

    column_put_double(out->data, out->col.type, c, weighted_result(s, family_member(s->r, m)->agg->fn));
}

void family_weighted(const family_run *r)
{
    weighted_state *s = family_scratch(r, sizeof *s);

    if (!s)
        return;
    s->r = r;
    family_walk(r, s, weighted_begin, weighted_feed, weighted_finish);
}
