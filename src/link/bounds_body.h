/* Weighing a pair by its rows first, for one kind of processor: KERNEL_TARGET says which. */
#include <math.h>
#include <string.h>

#include "link/bounds_int.h"
#include "link/sign.h"

typedef enum answer { NO, PERHAPS, YES } answer;

/* --- what rows tell ---------------------------------------------------------------------------------------------------------- */

KERNEL_TARGET static inline uint64_t word_at(const uint32_t *row, uint16_t at)
{
    uint64_t word;

    memcpy(&word, row + at, sizeof word);
    return word;
}

KERNEL_TARGET static inline double number_at(const uint32_t *row, uint16_t at)
{
    double number;

    memcpy(&number, row + at, sizeof number);
    return number;
}

KERNEL_TARGET static inline bool may_be_inside(const link_check *c, const uint32_t *inner, const uint32_t *outer)
{
    uint64_t p = word_at(inner, c->at->sign), w = word_at(outer, c->other->sign);

    return p && w && link_may_be_part(p, w);
}

/* Of two rows whose values in the comparison's column are not equal. */
KERNEL_TARGET static inline answer ask(const link_check *c, const uint32_t *a, const uint32_t *b)
{
    if (c->unknown)
        return PERHAPS;
    switch (c->test) {
    case PT_LINK_SAME: return a[c->at->code] && a[c->at->code] == b[c->at->code] ? YES : NO;
    case PT_LINK_WITHIN: return fabs(number_at(a, c->at->number) - number_at(b, c->at->number)) <= c->bound ? YES : NO;
    case PT_LINK_JARO_WINKLER:
        return link_jaro_may_be(word_at(a, c->at->sign), word_at(b, c->at->sign), c->jaro) ? PERHAPS : NO;
    case PT_LINK_EDITS:
        return link_may_be_within(word_at(a, c->at->sign), word_at(b, c->at->sign), word_at(a, c->at->places),
                                  word_at(b, c->at->places), (uint32_t)c->bound)
                   ? PERHAPS
                   : NO;
    case PT_LINK_MASKED: return link_may_fit(word_at(a, c->at->sign), word_at(b, c->at->sign)) ? PERHAPS : NO;
    case PT_LINK_INSIDE: return may_be_inside(c, a, b) || may_be_inside(c, b, a) ? PERHAPS : NO;
    case PT_LINK_SWAPPED:
        return word_at(a, c->at->sign) == word_at(b, c->other->sign) &&
                       word_at(b, c->at->sign) == word_at(a, c->other->sign)
                   ? PERHAPS
                   : NO;
    default: return PERHAPS;
    }
}

/* The most that a comparison of unequal values can have. What weighs less than is left open anyway is asked only when the answer may be
 * sure. */
KERNEL_TARGET static inline double most_of(const link_question *x, const uint32_t *a, const uint32_t *b)
{
    double most = -INFINITY;

    for (uint32_t i = 0; i < x->n_checks; i++) {
        const link_check *c = &x->checks[i];
        answer found = c->weight > most || c->sure ? ask(c, a, b) : PERHAPS;
        if (found == NO)
            continue;
        most = c->weight > most ? c->weight : most;
        if (found == YES && c->sure)
            return most;
    }
    return x->rest > most ? x->rest : most;
}

/* --- a pair ------------------------------------------------------------------------------------------------------------------ */

/* A weight that the pair does not exceed: by comparison, and summed by group; `most` of group 0 is its sum. */
typedef struct hope {
    double most[PT_LINK_GROUPS], least[PT_LINK_GROUPS], value[PT_LINK_COMPARISONS_MAX];
    uint8_t group[PT_LINK_COMPARISONS_MAX];
} hope;

/* Whether it is less than is asked for; not when infinite weights leave it open. */
KERNEL_TARGET static inline bool is_below(const hope *h, double least)
{
    double total = h->most[0];

    for (int g = 1; g < PT_LINK_GROUPS; g++)
        total += h->most[g] + h->least[g];
    return total < least - LINK_ROUNDING;
}

KERNEL_TARGET static inline void add_value(hope *h, uint8_t group, double value)
{
    if (!group)
        h->most[0] += value;
    else if (value > h->most[group])
        h->most[group] = value;
    else if (value < h->least[group])
        h->least[group] = value;
}

KERNEL_TARGET static inline void sum_group(hope *h, const link_bounds *b, uint8_t group)
{
    h->most[group] = group ? 0 : b->weights->prior;
    h->least[group] = 0;
    for (size_t k = 0; k < b->n; k++)
        if (h->group[k] == group)
            add_value(h, group, h->value[k]);
}

KERNEL_TARGET static inline void replace(hope *h, const link_bounds *b, size_t changed, double value, uint8_t group)
{
    uint8_t before = h->group[changed];

    h->value[changed] = value;
    h->group[changed] = group;
    sum_group(h, b, before);
    if (group != before)
        sum_group(h, b, group);
}

/* What may speak against a pair at an open level may count in another group, or not at all. */
KERNEL_TARGET static inline double hoped(const link_question *c, double most)
{
    return c->mixed && most < 0 ? 0 : most;
}

/* Equal values have their weight, of others the most that they may have is taken; returns which are open. `levels`: of those that are
 * closed. */
KERNEL_TARGET static inline uint32_t open_pair(hope *h, uint8_t *levels, const link_bounds *b, const uint32_t *x,
                                               const uint32_t *y)
{
    uint32_t open = 0;

    *h = (hope){.most = {b->weights->prior}};
    for (size_t k = 0; k < b->n; k++) {
        const link_question *c = &b->comparisons[k];
        uint32_t p = x[c->column->code], q = y[c->column->code];
        double value = 0;
        levels[k] = PT_LINK_NULL;
        if (c->against ? (p && y[c->against->code]) || (q && x[c->against->code]) : p && q) {
            bool same = p == q && c->plain;
            value = same ? c->equal + (c->frequency ? (double)c->frequency[p] : 0) : hoped(c, c->most);
            levels[k] = same ? 0 : PT_LINK_NULL;
            open |= (uint32_t)!same << k;
        }
        h->value[k] = value;
        h->group[k] = levels[k] == 0 ? c->group[0] : c->open;
        add_value(h, h->group[k], value);
    }
    return open;
}

KERNEL_TARGET static double sum_levels(const link_bounds *b, const uint8_t *levels, uint32_t x, uint32_t y)
{
    const uint32_t *row = b->rows + x * b->width;
    link_sum sum = {.alone = b->weights->prior};

    for (size_t k = 0; k < b->n; k++)
        link_sum_add(&sum, link_group_of(&b->model->comparisons[k], levels[k]),
                     link_weight_of(b->weights, k, levels[k], row[b->comparisons[k].column->code], x, y));
    return link_sum_total(&sum);
}

KERNEL_TARGET static bool weigh(double *weight, const link_bounds *b, link_comparer *c, uint32_t x, uint32_t y,
                                double least)
{
    const uint32_t *p = b->rows + x * b->width, *q = b->rows + y * b->width;
    uint8_t levels[PT_LINK_COMPARISONS_MAX];
    hope h;
    uint32_t open = open_pair(&h, levels, b, p, q);

    for (size_t i = 0; i < b->n; i++) {
        if (is_below(&h, least))
            return false;
        const link_question *asked = &b->comparisons[b->telling[i]];
        if (open >> b->telling[i] & 1)
            replace(&h, b, b->telling[i], hoped(asked, most_of(asked, p, q)), asked->open);
    }
    for (size_t i = 0; open && !is_below(&h, least); i++) {
        uint32_t k = b->weights->costly[i];
        if (!(open >> k & 1))
            continue;
        open &= ~(UINT32_C(1) << k);
        levels[k] = link_level(c, k, x, y);
        replace(&h, b, k, link_weight_of(b->weights, k, levels[k], p[b->comparisons[k].column->code], x, y),
                levels[k] == PT_LINK_NULL ? 0 : b->comparisons[k].group[levels[k]]);
    }
    if (open)
        return false;
    *weight = sum_levels(b, levels, x, y);
    return *weight >= least;
}
