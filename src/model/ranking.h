/* Rows in falling order of a score, equal scores together: what areas, curves, lifts and distances are read from. */
#ifndef PT_MODEL_RANKING_H
#define PT_MODEL_RANKING_H

#include "model/measures.h"

typedef struct pt_ranking {
    size_t n;
    const uint32_t *row; /* falling score */
    const float *score;
    const uint8_t *hit;  /* 1 where the row is of the class */
    const uint8_t *last; /* 1 at the last of equal scores */
} pt_ranking;

typedef struct pt_ranking_figures {
    double auc, average_precision, ks; /* NaN when all rows are hits, or none */
    double lift_10; /* rate of hits in the first tenth, against that of all; rows of a tie count in proportion */
} pt_ranking_figures;

pt_rc pt_ranking_new(pt_ranking *out, const float *score, size_t step, const uint8_t *hit, size_t n, pt_arena *arena,
                     pt_err *err);
pt_rc pt_ranking_of_class(pt_ranking *out, const pt_outcome *o, uint32_t class_code, pt_arena *arena, pt_err *err);
/* Each row counted weights[row] times; NULL: once. */
void pt_ranking_walk(pt_ranking_figures *out, const pt_ranking *r, const uint8_t *weights);
/* DeLong, DeLong, Clarke-Pearson 1988. */
double pt_ranking_auc_variance(const pt_ranking *r);
/* The areas that an area found among so many hits and others does not speak against (95 %), by the variance of Hanley and McNeil:
 * Newcombe 2006, method 5. It is no point where all hits come first, as DeLong's is. */
void pt_auc_interval(double *low, double *high, double auc, double hits, double others);

#endif
