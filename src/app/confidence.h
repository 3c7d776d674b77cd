/* How sure the values of one customer's tags are (docs/project-files.md, "Upkeep"). */
#ifndef PT_APP_CONFIDENCE_H
#define PT_APP_CONFIDENCE_H

#include "app/evaluate.h"

/* One customer as of one instant. */
typedef struct pt_confidence_of {
    const pt_project *project;
    const pt_batch *batch; /* with the values of queries */
    const pt_base_set *base;
    int64_t as_of;
} pt_confidence_of;

/* By tag number, 0..1: of the given tags and of all that they use; NaN for a tag without a value, for one whose expression
 * gives none, and for a merged one (whose sources app/why.h tells). */
pt_rc pt_confidences(const double **out, const pt_confidence_of *of, const uint32_t *tags, size_t n, pt_arena *arena,
                     pt_err *err);

#endif
