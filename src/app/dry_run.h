/* A build up to cleaning, in a copy of the store: what the rules would do. */
#ifndef PT_APP_DRY_RUN_H
#define PT_APP_DRY_RUN_H

#include "app/app.h"

/* What a column holds. Texts are for people; NULL where they do not apply, or values may not be shown. */
typedef struct pt_dry_values {
    uint64_t missing, distinct;
    const char *least, *mean, *most; /* of what has an order; mean of numbers and money */
    const char *top;                 /* of all else: "app (1200), web (300), store (20)" */
} pt_dry_values;

typedef struct pt_dry_column {
    const char *name;
    pt_type type;
    bool added; /* by a rule: there is no before */
    pt_dry_values before, after;
} pt_dry_column;

typedef struct pt_dry_source {
    const char *name;
    uint64_t rows_before, rows_after;
    const pt_dry_column *columns;
    size_t n_columns;
} pt_dry_source;

typedef struct pt_dry_run {
    int64_t as_of;
    const pt_dry_source *sources; /* those with rules */
    size_t n_sources;
    pt_build_result read; /* sources as read, the rules with examples, reasons; nothing later */
} pt_dry_run;

/* Reads and cleans, publishes nothing, and leaves the store as it was. PT_EBUSY when a build holds the data directory. */
pt_rc pt_app_dry_run(pt_dry_run *out, pt_app *app, const pt_build_options *options, pt_arena *arena, pt_err *err);

#endif
