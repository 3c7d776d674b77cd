/* How far the world has moved since a model was trained: the population stability index of each feature and of the predictions,
 * the sum over bins of (share now - share then) * ln(share now / share then). Under 0.1 is little, over 0.25 is a lot. */
#ifndef PT_MODEL_DRIFT_H
#define PT_MODEL_DRIFT_H

#include "model/pipeline.h"

typedef struct pt_drift {
    const char *feature; /* the pipeline's; NULL: the predictions */
    double psi;
    double missing_then, missing_now; /* shares; NaN of predictions */
} pt_drift;

/* One for each feature of the pipeline, the largest first, and at last the predictions when the pipeline has learned them. *out is
 * in the arena. PT_EINVAL when there are no rows. */
pt_rc pt_pipeline_drift(const pt_drift **out, size_t *n, const pt_pipeline *p, const pt_table *table,
                        const pt_row_set *rows, pt_pool *pool, pt_arena *arena, pt_err *err);

#endif
