/* What levels weigh in a model, for these records. */
#ifndef PT_LINK_WEIGHTS_H
#define PT_LINK_WEIGHTS_H

#include "link/compare.h"
#include "link/sum.h"

typedef struct link_weights {
    double prior;
    double level[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX + 1];
    bool plain[PT_LINK_COMPARISONS_MAX]; /* level 0 is equality of the column: seen from the codes */
    float *
        frequency[PT_LINK_COMPARISONS_MAX]; /* by code: what level 0 has more (or less) for this value; NULL: nothing */
    /* What levels with a `frequent` column have more for its values, by code, and the most of that; mostly NULL. */
    float *more[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX];
    double most[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX];
    const uint32_t *more_codes[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX]; /* by record */
    uint8_t costly[PT_LINK_COMPARISONS_MAX]; /* comparisons in the order in which unequal values are looked at */
} link_weights;

pt_rc link_weights_find(link_weights *w, const pt_link_model *model, const pt_link_records *records, pt_err *err);
void link_weights_free(link_weights *w); /* also after a failure */

/* What its values' frequency adds to a pair at this level of comparison k; `code` is the value of a. */
static inline double link_frequency_of(const link_weights *w, size_t k, uint8_t level, uint32_t code, uint32_t a,
                                       uint32_t b)
{
    if (level == 0 && w->frequency[k])
        return (double)w->frequency[k][code];
    if (level >= PT_LINK_LEVELS_MAX || !w->more[k][level])
        return 0;
    const uint32_t *codes = w->more_codes[k][level];
    return (double)w->more[k][level][codes[a] ? codes[a] : codes[b]];
}

/* What a pair at this level has of comparison k, frequency included. */
static inline double link_weight_of(const link_weights *w, size_t k, uint8_t level, uint32_t code, uint32_t a,
                                    uint32_t b)
{
    return level == PT_LINK_NULL ? 0 : w->level[k][level] + link_frequency_of(w, k, level, code, a, b);
}

#endif
