/* Pairs that rows leave open: their values are compared, the cheapest first, while the pair may still have what is asked for. */
#include <stdlib.h>

#include "link/bounds_int.h"

/* What is known of a pair: of unsure comparisons the weight is a bound. */
typedef struct known {
    double weight[PT_LINK_COMPARISONS_MAX];
    uint8_t group[PT_LINK_COMPARISONS_MAX];
} known;

static void set_level(known *s, const link_bounds *b, const link_open *p, size_t k, uint8_t level)
{
    const uint32_t *row = b->rows + p->a * b->width;

    s->weight[k] = link_weight_of(b->weights, k, level, row[b->comparisons[k].column->code], p->a, p->b);
    s->group[k] = level == PT_LINK_NULL ? 0 : b->comparisons[k].group[level];
}

/* Once no comparison is unsure, the very sum that pt_link_explain shows: the same terms in the same order. */
static double sum_of(const known *s, const link_bounds *b)
{
    link_sum sum = {.alone = b->weights->prior};

    for (size_t k = 0; k < b->n; k++)
        link_sum_add(&sum, s->group[k], s->weight[k]);
    return link_sum_total(&sum);
}

bool link_settle(double *weight, const link_bounds *b, link_comparer *c, const link_open *p, double least)
{
    uint32_t unsure = p->unsure;
    known s;

    for (size_t k = 0; k < b->n; k++) {
        if (unsure >> k & 1)
            s.weight[k] = p->most[k], s.group[k] = b->comparisons[k].open;
        else
            set_level(&s, b, p, k, p->level[k]);
    }
    for (size_t i = 0; unsure; i++) {
        uint32_t k = b->weights->costly[i];
        if (!(unsure >> k & 1))
            continue;
        if (sum_of(&s, b) < least - LINK_ROUNDING)
            return false;
        set_level(&s, b, p, k, link_level(c, k, p->a, p->b));
        unsure &= ~(UINT32_C(1) << k);
    }
    *weight = sum_of(&s, b);
    return *weight >= least;
}
