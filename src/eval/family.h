/* What the files agg_*.c share: a family over one chunk, walked customer by customer, newest event first. */
#ifndef PT_EVAL_FAMILY_H
#define PT_EVAL_FAMILY_H

#include "eval/scalar.h"

/* A family's business with one chunk. Members are in order of their windows' starts, latest first, so that each window
 * holds the ones before it. All but the last few of a large customer's chunks end the windows of members from..done-1;
 * a chunk that holds all of a block ends all. */
typedef struct family_run {
    pt_eval *e;
    chunk *ch;
    const plan_family *family;
    family_state *state;
    pt_ranges ranges;
    const pt_column *value; /* NULL when the family has none */
    const double *weight;   /* NULL: 1 */
} family_run;

static inline const plan_member *family_member(const family_run *r, uint32_t m)
{
    return &r->family->members[r->state->order[m]];
}

static inline slot *family_out(const family_run *r, uint32_t m)
{
    return &r->e->slots[family_member(r, m)->out];
}

/* Calls begin for each customer, feed for each event that counts, and finish when a member's window is complete. Inlined,
 * so that the three are too. */
static inline __attribute__((always_inline)) void family_walk(const family_run *r, void *ctx, void (*begin)(void *ctx),
                                                              void (*feed)(void *ctx, uint32_t i),
                                                              void (*finish)(void *ctx, uint32_t m, uint32_t c))
{
    const pt_ranges *g = &r->ranges;

    for (uint32_t c = 0; c < g->n_customers; c++) {
        uint32_t e = g->end[c];
        if (r->ch->newest)
            begin(ctx);
        for (uint32_t m = g->from; m < g->n_members; m++) {
            uint32_t s = g->starts[m][c];
            for (uint32_t top = e; top > s;) {
                uint32_t n = top - s < PT_BITS_STRIDE ? top - s : PT_BITS_STRIDE;
                top -= n;
                uint64_t w = pt_bits_at(g->bits, top) & pt_bits_low(n);
                while (w) {
                    uint32_t j = 63 - (uint32_t)__builtin_clzll(w);
                    w ^= UINT64_C(1) << j;
                    feed(ctx, top + j);
                }
            }
            e = s < e ? s : e;
            if (m < g->done)
                finish(ctx, m, c);
        }
    }
}

/* An event's weight, its age counted: 2^-(age / half_life). The power is the C library's scalar exp2, one event at a time: the same bits in any cut of the batch. */
double family_weight(const family_run *r, uint32_t i);

/* Keys that may come: text codes are few and small, other values anything. */
uint64_t family_key_limit(const family_run *r);
/* Whether values are told apart by arrays over a dictionary's codes: settled for each customer's first chunk, because
 * dictionaries of computed texts grow. */
bool family_by_code(const family_run *r);
/* Forgets the values met; for family_walk. And notes memory trouble at the end of the walk. */
void family_start_tally(void *ctx);
void family_end_tally(const family_run *r);
/* Offsets for the block's customers, no items yet, room for some; of members that are lists. */
bool family_start_lists(const family_run *r, size_t items_each);
/* Room for n items of customer c after those before it; gives where they go, SIZE_MAX when memory is short. */
size_t family_list_items(const family_run *r, slot *out, uint32_t c, size_t n);

/* The family's own scratch of `size` zeroed bytes, made when first asked for. NULL when memory is short. */
void *family_scratch(const family_run *r, size_t size);

void family_count(const family_run *r);
void family_basic(const family_run *r);
void family_weighted(const family_run *r);
void family_pick(const family_run *r);
void family_distinct(const family_run *r);
void family_values(const family_run *r);
void family_top(const family_run *r);
void family_order(const family_run *r);
void family_stddev(const family_run *r);
void family_trend(const family_run *r);
void family_rate(const family_run *r);
void family_days(const family_run *r);

/* A value as 64 bits, just as it is; and so that equal values have equal keys (0 and -0). */
uint64_t column_bits(const pt_column *c, size_t i);
uint64_t column_key(const pt_column *c, size_t i);
/* The other way round, into row i of plain column data. */
void column_put_key(void *data, pt_type type, size_t i, uint64_t key);
/* number, money or duration as a double, money in units. */
double column_double(const pt_column *c, size_t i);
/* The other way round: rounded half away from zero, missing when out of range. */
void column_put_double(void *data, pt_type type, size_t i, double v);

#endif
