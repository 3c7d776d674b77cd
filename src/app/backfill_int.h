/* Between backfill.c and backfill_sizes.c: what was worked out for a past instant. */
#ifndef PT_APP_BACKFILL_INT_H
#define PT_APP_BACKFILL_INT_H

#include "app/build_int.h"
#include "app/trend_file.h"

typedef struct pt_past {
    pt_build *build;      /* its as_of is the instant; has directory, timelines, events, pool */
    pt_tagset *values;    /* column i is of tag tags[i] */
    const uint32_t *tags; /* numbers in the project */
    size_t n_tags;
} pt_past;

/* `sizes` has room for the project's segments; *n of them are known. */
pt_rc pt_past_sizes(pt_trend_size *sizes, size_t *n, const pt_past *past, pt_err *err);

#endif
