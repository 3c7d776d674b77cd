/* Where each value of a profile comes from: source, file and row or time, how far it is trusted, which policy chose it, and
 * what lost. */
#ifndef PT_APP_WHY_H
#define PT_APP_WHY_H

#include "app/app.h"

typedef enum pt_why_kind {
    PT_WHY_NOTHING,  /* no value */
    PT_WHY_MERGED,   /* `claims`: one a source that has something to say */
    PT_WHY_FACT,     /* one row says so: claims[0] */
    PT_WHY_COMPUTED, /* from events: `counts`; and from the tags in `tags` */
    PT_WHY_QUERY     /* a query gave it when the build ran */
} pt_why_kind;

/* How a claim of a merged tag fared. */
typedef enum pt_why_fate {
    PT_FATE_COUNTS, /* it says what the tag says (policy all: is among what it says) */
    PT_FATE_OLDER,
    PT_FATE_LESS_TRUSTED,
    PT_FATE_FEWER,  /* fewer sources say so */
    PT_FATE_LISTED, /* equal in everything, but listed later */
    PT_FATE_COUNT
} pt_why_fate;

typedef struct pt_why_claim {
    uint32_t source;
    int32_t column;  /* -1: the source's time or mere existence */
    pt_column value; /* row 0 */
    int64_t time;    /* PT_I64_MISSING: from the beginning */
    double trust;    /* as of the profile's as-of; NaN where no trust plays a part */
    pt_why_fate fate;
    const char *file; /* relative to the project; NULL when the store could not be asked */
    uint64_t row;     /* of the rows of the file that were taken, from 1 */
} pt_why_claim;

typedef struct pt_why_count {
    uint32_t source;
    uint64_t events; /* that count */
    int64_t first, last;
} pt_why_count;

typedef struct pt_why {
    pt_why_kind kind;
    const pt_why_claim *claims;
    size_t n_claims;
    const pt_why_count *counts;
    size_t n_counts;
    const uint32_t *tags; /* used directly */
    size_t n_tags;
} pt_why;

typedef struct pt_whys {
    const pt_why *tags;       /* by tag number */
    const double *confidence; /* by tag number: app/confidence.h; of merged tags the best trust of what counts */
    bool placed;              /* the store could be asked for files and rows */
} pt_whys;

/* Of every value of a profile that pt_app_profile gave. */
pt_rc pt_app_why(pt_whys *out, pt_app *app, const pt_profile *profile, pt_arena *arena, pt_err *err);

#endif
