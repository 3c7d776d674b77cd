#include "link/against.h"

#include <math.h>

#include "base/rng.h"
#include "link/sum.h"

/* Pairs that are drawn: the share is known to one part in twenty-five. */
enum { DRAWN = 1 << 16, ONE_IN = 100 };
/* They are counted by sixteenths of bits. */
enum { MOST_BITS = 256, A_BIT = 16 };

static uint32_t draw_level(const pt_link_model *model, size_t k, pt_rng *rng)
{
    uint32_t level = 0, last = model->comparisons[k].n_levels;
    double left = pt_rng_double(rng);

    while (level < last && (left -= model->m[k][level]) >= 0)
        level++;
    return level;
}

/* What speaks against one pair, level by level as pairs of one person show them. */
static double draw_against(const pt_link_model *model, pt_rng *rng)
{
    link_sum sum = {0};

    for (size_t k = 0; k < model->n_comparisons; k++) {
        const pt_link_comparison *x = &model->comparisons[k];
        uint32_t level = draw_level(model, k, rng);
        if (!pt_link_is_silent(x, level))
            link_sum_add(&sum, link_group_of(x, level), fmin(log2(model->m[k][level] / model->u[k][level]), 0));
    }
    return link_sum_total(&sum);
}

double link_most_against(const pt_link_model *model)
{
    uint32_t pairs[MOST_BITS * A_BIT] = {0}, seen = 0, at = MOST_BITS * A_BIT;
    pt_rng rng;

    pt_rng_seed(&rng, 1); /* which pairs are drawn is no property of the records */
    for (size_t i = 0; i < DRAWN; i++)
        pairs[(size_t)fmin(-draw_against(model, &rng) * A_BIT, MOST_BITS * A_BIT - 1)]++;
    while (at > 0 && seen < DRAWN / ONE_IN)
        seen += pairs[--at];
    return -(at + 1.0) / A_BIT;
}
