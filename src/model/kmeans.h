/* k-means: k centres such that the (weighted) sum of squared distances of rows to their nearest centre, the inertia, is small. Lloyd's
 * iterations, with bounds that spare most distances (Hamerly's for up to eight centres, Yinyang's above) and give what Lloyd
 * without them gives. docs/models.md, "Clustering". Pure.
 *
 * Rows that occur many times are taken once, with their number as weight, when that is worth it: scored RFM has 125 different
 * rows, however many customers. The same input and seed give the same bytes on any number of threads and any instruction set. */
#ifndef PT_MODEL_KMEANS_H
#define PT_MODEL_KMEANS_H

#include "model/learner.h"

enum { PT_KMEANS_MOST = 4096 }; /* centres */

typedef enum pt_kmeans_init {
    PT_KMEANS_AUTO,     /* PLUSPLUS, from 64 centres on PARALLEL */
    PT_KMEANS_PLUSPLUS, /* Arthur, Vassilvitskii 2007, the best of a few tries for each centre */
    PT_KMEANS_PARALLEL  /* k-means||: Bahmani and others 2012 */
} pt_kmeans_init;

typedef struct pt_kmeans_options {
    uint32_t k;           /* 1..PT_KMEANS_MOST */
    const float *initial; /* k rows of columns, row by row; NULL: chosen as `init` says */
    pt_kmeans_init init;
    uint32_t starts;          /* from other initial centres each; the one of least inertia is kept. At least 1 */
    uint32_t most_iterations; /* at least 1 */
    double
        tolerance; /* ends when the centres' squared moves add up to less than this times the mean variance of the columns */
    uint32_t batch; /* rows of a mini-batch (Sculley 2010); 0: all rows in each iteration */
    bool plain;     /* no bounds and no merging of equal rows: for tests */
    uint64_t seed;
    pt_pool *pool;
    bool (*cancelled)(void *context); /* may be NULL */
    void *cancel_context;
} pt_kmeans_options;

typedef struct pt_kmeans {
    uint32_t k; /* less than asked for when there are fewer different rows */
    size_t columns;
    float *centres;  /* k * columns, row by row; centre i is what initial centre i became */
    double *sizes;   /* k: weights of the rows nearest to it (rows, without weights) */
    uint32_t *label; /* rows; NULL when not wanted */
    double inertia;
    uint32_t iterations;
    bool converged;   /* ended by tolerance, or because no row changed its centre */
    double *inertias; /* iterations: after each */
    size_t different; /* rows that were worked with: of equal ones one, where they were merged */
} pt_kmeans;

/* Values are finite; weights finite, at least 0 and not all 0 (or NULL). Free with pt_kmeans_free. A cluster that becomes empty is given the row that is farthest
 * from its centre. PT_EINVAL without rows or columns and for values too large to be squared. */
pt_rc pt_kmeans_fit(pt_kmeans *out, const pt_matrix *x, const float *weight, bool labels,
                    const pt_kmeans_options *options, pt_err *err);
void pt_kmeans_free(pt_kmeans *m); /* a zeroed one is fine */

/* out[row]: the nearest of k centres (of equally near ones the first), and the squared distance to it; either may be NULL. */
pt_rc pt_kmeans_nearest(uint32_t *out, float *distance, const float *centres, uint32_t k, const pt_matrix *x,
                        pt_pool *pool, pt_err *err);

#endif
