/* How a segment differs from the base it is part of: TGI with its interval, significance, and the correction for asking about
 * many values at once. Pure arithmetic.
 *
 * TGI (target group index) = share in the segment / share in the base x 100: 100 is as usual, 200 twice as frequent. */
#ifndef PT_SEGMENT_CONTRAST_H
#define PT_SEGMENT_CONTRAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pt_contrast {
    uint64_t with, members;   /* of the segment: those who have the value, and all */
    uint64_t base_with, base; /* of the base, the segment included, unless they are apart */
    bool apart;               /* the base is other customers: no member is one of them */
    double share, base_share; /* 0..1 */
    double tgi, low, high;    /* and its 95 % interval; NaN when nobody has the value, infinite when members alone do */
    double p;                 /* of the test that segment and rest do not differ; NaN without a rest */
    double q; /* p after pt_contrast_correct: the share of false findings if all up to this are believed */
} pt_contrast;

/* Fills in what follows from the four counts. Unless `apart`, members are part of the base: with <= base_with, members <= base.
 *
 * The interval is that of the logarithm of the ratio by the delta method, the segment's part in the base accounted for;
 * for groups apart that of Katz et al. (1978); with nobody, 0 to what Wilson's interval (1927) of the share allows. The test is
 * Pearson's chi-square of the 2 x 2 table of segment and rest without correction for continuity, or Fisher's exact test
 * where an expected count is below 5. */
void pt_contrast_fill(pt_contrast *c);
/* Benjamini and Hochberg (1995): q of all, those without p left out. `sorted` is room for n. */
void pt_contrast_correct(pt_contrast **sorted, pt_contrast *const *all, size_t n);

/* Two-sided p of the exact test that `with` of `members` came out of `base_with` of `base` by chance. */
double pt_fisher(uint64_t with, uint64_t members, uint64_t base_with, uint64_t base);

#endif
