/* DBSCAN (Ester and others 1996), exact: a row with at least `least` rows (itself among them) within `eps` is a core row; core rows
 * within eps of each other are in one cluster; a row that is not core is in the cluster of its nearest core row within eps, or of
 * none. docs/models.md, "Clustering". Pure.
 *
 * Rows lie in a tree of boxes. Those of a leaf whose diagonal is at most eps are all near each other: when they are enough all of them
 * are core without a distance being measured, and leaves are joined, not rows. In a few columns that is the grid of cells of
 * side eps / sqrt(columns) that fast methods use, and where it would have too many cells it is a search tree. */
#ifndef PT_MODEL_DBSCAN_H
#define PT_MODEL_DBSCAN_H

#include "model/learner.h"

#define PT_NOISE UINT32_MAX

typedef struct pt_dbscan_options {
    double eps;   /* above 0 */
    double least; /* rows, or weight of rows; above 0 */
    pt_pool *pool;
    bool (*cancelled)(void *context); /* may be NULL */
    void *cancel_context;
} pt_dbscan_options;

typedef struct pt_dbscan {
    uint32_t clusters;
    uint32_t *label; /* rows: 0..clusters-1, by the first core row of each; PT_NOISE */
    bool *core;      /* rows */
} pt_dbscan;

/* Values are finite; weight may be NULL. Free with pt_dbscan_free. PT_EINVAL without rows or columns. */
pt_rc pt_dbscan_fit(pt_dbscan *out, const pt_matrix *x, const float *weight, const pt_dbscan_options *options,
                    pt_err *err);
void pt_dbscan_free(pt_dbscan *d);

/* rank[label] (of `clusters`): 0 for the largest, of equal ones for the lower label. Labels may be PT_NOISE. */
pt_rc pt_clusters_by_size(uint32_t *rank, const uint32_t *label, size_t rows, uint32_t clusters, pt_err *err);

#endif
