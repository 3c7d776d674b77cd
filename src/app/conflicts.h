/* Where the sources of a merged tag (docs/merge.md) disagree: who says something else than whom, for how many customers.
 * Every source speaks with its last known value as of the build. */
#ifndef PT_APP_CONFLICTS_H
#define PT_APP_CONFLICTS_H

#include "app/app.h"

enum { PT_CONFLICT_SAMPLES = 5 };

typedef struct pt_conflict {
    uint32_t tag;
    const pt_merge *merge;
    uint64_t customers;                 /* with a value from any source */
    uint64_t several;                   /* from at least two */
    uint64_t differing;                 /* from two that differ */
    size_t n;                           /* sources, as in merge->sources */
    const uint64_t *known;              /* by source: customers it has a value for */
    const uint64_t *both;               /* [a * n + b]: both have one */
    const uint64_t *differ;             /* [a * n + b]: both have one, and not the same */
    pt_sv samples[PT_CONFLICT_SAMPLES]; /* stable ids of the first customers with differing values */
    size_t n_samples;
} pt_conflict;

/* Of merged tag `tag`, or of all merged tags when -1, from the last build. */
pt_rc pt_app_conflicts(const pt_conflict **out, size_t *n, pt_app *app, int tag, pt_arena *arena, pt_err *err);

#endif
