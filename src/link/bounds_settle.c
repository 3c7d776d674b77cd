/* Pairs that rows leave open: their values are compared, the cheapest first, while the pair may still have what is asked for. */
#include <stdlib.h>

#include "link/bounds_int.h"

/* --- one pair ---------------------------------------------------------------------------------------------------------------- */

static void set_level(link_open *p, const link_bounds *b, size_t k, uint8_t level)
{
    const link_question *x = &b->comparisons[k];
    const uint32_t *row = b->rows + p->a * b->width;

    p->weight[k] = level == 0 && x->frequency ? link_equal(x, row)
                                              : link_weight_of(b->weights, k, level, row[x->column->code], p->a, p->b);
    p->group[k] = level == PT_LINK_NULL ? 0 : b->comparisons[k].group[level];
}

static void begin(link_open *p, const link_bounds *b)
{
    for (size_t k = 0; k < b->n; k++) {
        if (p->unsure >> k & 1)
            p->group[k] = b->comparisons[k].open;
        else
            set_level(p, b, k, p->level[k]);
    }
}

/* Once no comparison is unsure, the very sum that pt_link_explain shows: the same terms in the same order. */
static double sum_of(const link_open *p, const link_bounds *b)
{
    link_sum sum = {.alone = b->weights->prior};

    for (size_t k = 0; k < b->n; k++)
        link_sum_add(&sum, p->group[k], p->weight[k]);
    return link_sum_total(&sum);
}

typedef enum verdict { BELOW, OPEN, REACHED } verdict;

/* `next` is what to ask of an open one; *weight is that of one that reaches what is asked for. */
static verdict judge(double *weight, link_open *p, const link_bounds *b, double least)
{
    *weight = sum_of(p, b);
    if (!p->unsure)
        return *weight >= least ? REACHED : BELOW;
    if (*weight < least - LINK_ROUNDING)
        return BELOW;
    for (p->next = b->weights->costly; !(p->unsure >> *p->next & 1);)
        p->next++;
    return OPEN;
}

static void compare_next(link_open *p, const link_bounds *b, link_comparer *c)
{
    uint8_t k = *p->next;

    set_level(p, b, k, link_level(c, k, p->a, p->b));
    p->unsure &= ~(UINT32_C(1) << k);
}

bool link_settle(double *weight, const link_bounds *b, link_comparer *c, link_open *p, double least)
{
    verdict found;

    begin(p, b);
    while ((found = judge(weight, p, b, least)) == OPEN)
        compare_next(p, b, c);
    return found == REACHED;
}

/* --- many pairs -------------------------------------------------------------------------------------------------------------- */

/* Values lie anywhere in memory. What comparing will ask of a pair is fetched some pairs before it is compared: the codes, then what lies
 * by code, then the texts. GCC drops calls of functions that do nothing but fetch, so that they must not be called. */
#define FETCH static inline __attribute__((always_inline))

enum { AHEAD = 10, STEPS = 3 };

FETCH void fetch_codes(const link_bounds *b, const link_open *p)
{
    const link_question *x = &b->comparisons[*p->next];

    for (uint32_t i = 0; i < x->n_read; i++) {
        __builtin_prefetch(&x->read[i]->codes[p->a]);
        __builtin_prefetch(&x->read[i]->codes[p->b]);
    }
}

FETCH void fetch_value(const pt_link_column *c, uint32_t code)
{
    if (c->ends)
        __builtin_prefetch(&c->ends[code ? code - 1 : 0]);
    if (c->signs)
        __builtin_prefetch(&c->signs[code]);
    if (c->numbers)
        __builtin_prefetch(&c->numbers[code]);
}

FETCH void fetch_values(const link_bounds *b, const link_open *p)
{
    const link_question *x = &b->comparisons[*p->next];

    for (uint32_t i = 0; i < x->n_read; i++) {
        fetch_value(x->read[i], x->read[i]->codes[p->a]);
        fetch_value(x->read[i], x->read[i]->codes[p->b]);
    }
}

FETCH void fetch_text(const pt_link_column *c, uint32_t code)
{
    if (c->ends && code)
        __builtin_prefetch(c->points + c->ends[code - 1]);
}

FETCH void fetch_texts(const link_bounds *b, const link_open *p)
{
    const link_question *x = &b->comparisons[*p->next];

    for (uint32_t i = 0; i < x->n_read; i++) {
        fetch_text(x->read[i], x->read[i]->codes[p->a]);
        fetch_text(x->read[i], x->read[i]->codes[p->b]);
    }
}

static bool begin_all(link_open **open, size_t *n, link_lanes *l, link_found_fn *found, void *ctx)
{
    bool kept = true;
    double weight;

    *n = 0;
    for (link_open *p = l->queue; p < l->queue + l->n_queue; p++) {
        begin(p, l->bounds);
        verdict first = judge(&weight, p, l->bounds, l->least);
        if (first == OPEN)
            open[(*n)++] = p;
        else if (first == REACHED)
            kept &= found(ctx, p->a, p->b, weight);
    }
    return kept;
}

/* One comparison of each of the open pairs; those that are open still stay. */
static bool compare_all(link_open **open, size_t *n, link_lanes *l, link_found_fn *found, void *ctx)
{
    bool kept = true;
    size_t left = 0;
    double weight;

    for (size_t i = 0; i < *n + STEPS * AHEAD; i++) {
        if (i < *n)
            fetch_codes(l->bounds, open[i]);
        if (i >= AHEAD && i - AHEAD < *n)
            fetch_values(l->bounds, open[i - AHEAD]);
        if (i >= 2 * AHEAD && i - 2 * AHEAD < *n)
            fetch_texts(l->bounds, open[i - 2 * AHEAD]);
        if (i < STEPS * AHEAD)
            continue;
        link_open *p = open[i - STEPS * AHEAD];
        compare_next(p, l->bounds, l->comparer);
        verdict next = judge(&weight, p, l->bounds, l->least);
        if (next == OPEN)
            open[left++] = p;
        else if (next == REACHED)
            kept &= found(ctx, p->a, p->b, weight);
    }
    *n = left;
    return kept;
}

bool link_lanes_settle(link_lanes *l, link_found_fn *found, void *ctx)
{
    link_open *open[LINK_QUEUE + LINK_TILE];
    size_t n;
    bool kept = begin_all(open, &n, l, found, ctx);

    while (n)
        kept &= compare_all(open, &n, l, found, ctx);
    l->n_queue = 0;
    return kept;
}
