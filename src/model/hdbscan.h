/* HDBSCAN (Campello, Moulavi, Sander 2013; as McInnes, Healy 2017 cut it): DBSCAN for all eps at once. The mutual reachability of two
 * rows is the largest of their distance and the distances to their `near`-th nearest (each itself its first); clusters are the
 * branches of its spanning tree that live longest (excess of mass). docs/models.md, "Clustering". Pure. */
#ifndef PT_MODEL_HDBSCAN_H
#define PT_MODEL_HDBSCAN_H

#include "model/dbscan.h"

enum { PT_HDBSCAN_MOST = 200000 }; /* rows: with many columns time grows with their square */

typedef struct pt_hdbscan_options {
    uint32_t least; /* rows of a cluster, at least 2 */
    uint32_t near;  /* 1..rows */
    pt_pool *pool;
    bool (*cancelled)(void *context); /* may be NULL */
    void *cancel_context;
} pt_hdbscan_options;

typedef struct pt_hdbscan {
    uint32_t clusters;
    uint32_t *label;     /* rows: 0..clusters-1, by their first row; PT_NOISE */
    double *probability; /* rows: how deep in its cluster, 0..1 */
    double *reach;       /* rows: distance to the `near`-th nearest */
    double *birth;       /* clusters: the distance at which it parts from others; infinite: never */
} pt_hdbscan;

/* Values are finite. Free with pt_hdbscan_free. PT_EINVAL without rows or columns and for more than PT_HDBSCAN_MOST rows. */
pt_rc pt_hdbscan_fit(pt_hdbscan *out, const pt_matrix *x, const pt_hdbscan_options *options, pt_err *err);
void pt_hdbscan_free(pt_hdbscan *h);

#endif
