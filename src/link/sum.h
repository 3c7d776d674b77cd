/* The weight of a pair from those of its comparisons. Shared by learning and scoring. */
#ifndef PT_LINK_SUM_H
#define PT_LINK_SUM_H

#include "link/link.h"

typedef struct link_sum {
    double alone;                                       /* of comparisons without a group */
    double most[PT_LINK_GROUPS], least[PT_LINK_GROUPS]; /* by group; at least, and at most, 0 */
} link_sum;

/* The group that a pair at this level of a comparison counts in; 0: none. */
static inline uint8_t link_group_of(const pt_link_comparison *x, unsigned level)
{
    uint8_t own = level < x->n_levels ? x->levels[level].group : x->parts ? PT_LINK_ALONE : 0;

    return own == PT_LINK_ALONE ? 0 : own ? own : x->group;
}

static inline void link_sum_add(link_sum *s, uint8_t group, double weight)
{
    if (!group)
        s->alone += weight;
    else if (weight > s->most[group])
        s->most[group] = weight;
    else if (weight < s->least[group])
        s->least[group] = weight;
}

static inline double link_sum_total(const link_sum *s)
{
    double total = s->alone;

    for (int g = 1; g < PT_LINK_GROUPS; g++)
        total += s->most[g] + s->least[g];
    return total;
}

#endif
