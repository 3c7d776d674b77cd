/* Whether two values together set a segment apart more than the two by themselves: beyond what their ratios multiply to. Pure
 * arithmetic. */
#ifndef PT_SEGMENT_INTERACTION_H
#define PT_SEGMENT_INTERACTION_H

#include <stdbool.h>
#include <stdint.h>

/* Customers of one group: all of them, with value a, with b, with both. */
typedef struct pt_pair_counts {
    uint64_t n, a, b, both;
} pt_pair_counts;

typedef struct pt_interaction {
    double gain, low, high; /* TGI of both / (TGI of a x TGI of b / 100), with its 95 % interval */
    double p;               /* that it is 1 */
} pt_interaction;

/* Of a segment and of those outside it. The base is both together or, when `apart`, those outside alone. NaN where a count
 * that is divided by is 0.
 *
 * ln gain = [ln p_ab - ln p_a - ln p_b] of the segment less the same of the base; its variance by the delta method from the
 * two multinomial samples of four cells. */
void pt_interaction_of(pt_interaction *out, const pt_pair_counts *segment, const pt_pair_counts *rest, bool apart);

/* How much two values are the same customers: the correlation of having them, -1 .. 1; 0 when it is not defined. */
double pt_pair_phi(const pt_pair_counts *c);

#endif
