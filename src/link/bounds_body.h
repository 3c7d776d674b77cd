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
    return inner[c->at->code] && outer[c->other->code] &&
           link_may_hold_part(word_at(inner, c->at->pairs), word_at(outer, c->other->pairs));
}

/* Whether the test holds; nothing is asked of values that are equal and decided. */
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
    case PT_LINK_MASKED:
        return a[c->at->code] == b[c->at->code] || link_may_fit(word_at(a, c->at->sign), word_at(b, c->at->sign))
                   ? PERHAPS
                   : NO;
    case PT_LINK_INSIDE: return may_be_inside(c, a, b) || may_be_inside(c, b, a) ? PERHAPS : NO;
    case PT_LINK_SWAPPED:
        return word_at(a, c->at->sign) == word_at(b, c->other->sign) &&
                       word_at(b, c->at->sign) == word_at(a, c->other->sign)
                   ? PERHAPS
                   : NO;
    default: return PERHAPS;
    }
}

/* Of a comparison of unequal values: what it weighs at most, and its level where that is sure. */
typedef struct answers {
    double most;
    uint8_t level;
    bool unsure;
} answers;

KERNEL_TARGET static inline answers ask_all(const link_question *x, const uint32_t *a, const uint32_t *b)
{
    answers all = {.most = -LINK_BOUNDLESS, .level = x->n_levels};

    for (uint32_t i = 0; i < x->n_checks; i++) {
        const link_check *c = &x->checks[i];
        if (ask(c, a, b) == NO)
            continue;
        all.most = c->weight > all.most ? c->weight : all.most;
        if (c->sure) {
            all.level = c->level;
            return all;
        }
        all.unsure = true;
    }
    all.most = x->rest > all.most ? x->rest : all.most;
    return all;
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
    h->most[group] = group ? 0 : b->prior;
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

/* Equal values have their weight, of others the most that they may have is taken; returns which are open. */
KERNEL_TARGET static inline uint32_t open_pair(hope *h, link_open *p, const link_bounds *b, const uint32_t *x,
                                               const uint32_t *y)
{
    uint32_t open = 0;

    *h = (hope){.most = {b->prior}};
    for (size_t k = 0; k < b->n; k++) {
        const link_question *c = &b->comparisons[k];
        uint32_t v = x[c->column->code], w = y[c->column->code];
        double value = 0;
        p->level[k] = PT_LINK_NULL;
        if (c->against ? (v && y[c->against->code]) || (w && x[c->against->code]) : v && w) {
            bool same = v == w && c->plain;
            value = same ? link_finite(link_equal(c, x)) : hoped(c, c->most);
            p->level[k] = same ? 0 : PT_LINK_NULL;
            open |= (uint32_t)!same << k;
        }
        h->value[k] = value;
        h->group[k] = p->level[k] == 0 ? c->group[0] : c->open;
        add_value(h, h->group[k], value);
    }
    return open;
}

KERNEL_TARGET static bool weigh(double *weight, const link_bounds *b, link_comparer *c, uint32_t x, uint32_t y,
                                double least)
{
    const uint32_t *p = b->rows + x * b->width, *q = b->rows + y * b->width;
    link_open left = {.a = x, .b = y};
    hope h;
    uint32_t open = open_pair(&h, &left, b, p, q);

    for (size_t i = 0; i < b->n; i++) {
        uint8_t k = b->telling[i];
        if (is_below(&h, least))
            return false;
        if (!(open >> k & 1))
            continue;
        const link_question *asked = &b->comparisons[k];
        answers found = ask_all(asked, p, q);
        left.level[k] = found.level;
        left.weight[k] = hoped(asked, found.most);
        left.unsure |= (uint32_t)found.unsure << k;
        replace(&h, b, k, left.weight[k], asked->open);
    }
    return !is_below(&h, least) && link_settle(weight, b, c, &left, least);
}
