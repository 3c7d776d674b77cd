/* How far apart two groups are in a number: effect sizes and tests, from moments and from histograms. Pure arithmetic. */
#ifndef PT_SEGMENT_EFFECT_H
#define PT_SEGMENT_EFFECT_H

#include <stddef.h>
#include <stdint.h>

/* Count, mean, and sum of squared distances from the mean. */
typedef struct pt_moments {
    uint64_t n;
    double mean, squares;
} pt_moments;

/* Both together (Chan, Golub, LeVeque 1983). */
pt_moments pt_moments_join(pt_moments a, pt_moments b);
double pt_moments_deviation(const pt_moments *m); /* the sample's standard deviation; NaN below two */

typedef struct pt_effect {
    double d, d_low, d_high; /* difference of means in pooled deviations, corrected for small groups (Hedges' g) */
    double superiority; /* the chance that one of the first group has more than one of the second, ties counted half */
    double delta, delta_low, delta_high; /* Cliff's delta: 2 * superiority - 1 */
    double p_means;                      /* Welch's test that the means are the same */
    double p_ranks;                      /* Mann-Whitney's test that neither group tends to have more */
} pt_effect;

/* Of two groups: their moments, and how many of each have each of `n` values, which rise. NaN where a figure is not
 * defined: an empty group, a group of one, no spread at all. */
void pt_effect_of(pt_effect *out, const pt_moments *a, const pt_moments *b, const uint64_t *a_counts,
                  const uint64_t *b_counts, size_t n);

#endif
