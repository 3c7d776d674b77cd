/* How many clusters there are. Each number from 2 on is tried on the same sample of rows. Pure. */
#ifndef PT_MODEL_KMEANS_NUMBER_H
#define PT_MODEL_KMEANS_NUMBER_H

#include "model/kmeans.h"

typedef enum pt_kmeans_by {
    PT_KMEANS_BY_SILHOUETTE, /* the largest mean silhouette (Rousseeuw 1987) */
    PT_KMEANS_BY_GAP, /* the first whose gap to uniform data is within one error of the next's (Tibshirani and others 2001): may be 1 */
    PT_KMEANS_BY_ELBOW /* where the falling inertia bends most (Satopaa and others 2011) */
} pt_kmeans_by;

/* What was tried: figure[i] of k = first + i: the silhouette, the gap, or the inertia. */
typedef struct pt_kmeans_tried {
    uint32_t first, n;
    double figure[64];
} pt_kmeans_tried;

/* options->k is not looked at. most: 2..60. `tried` may be NULL. */
pt_rc pt_kmeans_number(uint32_t *k, pt_kmeans_tried *tried, pt_kmeans_by by, uint32_t most, const pt_matrix *x,
                       const pt_kmeans_options *options, pt_err *err);

#endif
