/* How good groups are that nobody named: the rows of a matrix, each with its group (-1: none). */
#ifndef PT_MODEL_MEASURES_CLUSTERS_H
#define PT_MODEL_MEASURES_CLUSTERS_H

#include "model/learner.h"
#include "model/measures.h"

/* Rousseeuw 1987: of each row, how much nearer it is to its own group than to the next, -1..1; the mean over the rows of a group,
 * with its normal interval. A row alone in its group counts 0; rows of no group are left out. NaN of fewer than two groups. The
 * distance of every pair is computed: give a sample of many rows. */
pt_rc pt_silhouette(pt_measured *out, const pt_matrix *x, const int32_t *group, pt_pool *pool, pt_err *err);
/* Davies and Bouldin 1979: how wide groups are against how far apart; less is better. */
pt_rc pt_davies_bouldin(double *out, const pt_matrix *x, const int32_t *group, pt_err *err);
/* Hubert and Arabie 1985: how far two groupings of the same rows agree; 1 the same, 0 by chance. -1 is a group like any other. */
pt_rc pt_adjusted_rand(double *out, const int32_t *a, const int32_t *b, size_t n, pt_err *err);

#endif
