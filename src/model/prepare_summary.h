/* What preparation looks at before it decides: one pass over each feature of the rows that a learner is fitted on. */
#ifndef PT_MODEL_PREPARE_SUMMARY_H
#define PT_MODEL_PREPARE_SUMMARY_H

#include "model/prepare.h"

typedef struct pt_feature_summary {
    size_t rows, missing;
    uint64_t missing_rows; /* a hash of which rows are missing */
    /* Of numbers, and of the lengths of lists: */
    float lowest, highest, median, quartile_low, quartile_high; /* NaN when all are missing */
    uint32_t n_edges;
    float edges[PT_MOST_EDGES];
    uint32_t bins[PT_MOST_EDGES + 1];
    double sum, squares; /* of those that are there; squares of the distance from their mean */
    /* Rows that have each of the table's names; for free(). */
    uint32_t *names;
} pt_feature_summary;

/* One for each feature of the table; those set aside are left empty. Free with pt_summaries_free. */
pt_rc pt_summarise_features(pt_feature_summary **out, const pt_prepare_job *job, pt_err *err);
void pt_summaries_free(pt_feature_summary *s, size_t n);

#endif
