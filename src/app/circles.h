/* Circles of identity.yaml (docs/circles.md): worked out once customers are known, kept in identity.circles, and read by
 * timelines as the rows of a source. */
#ifndef PT_APP_CIRCLES_H
#define PT_APP_CIRCLES_H

#include "project/project.h"
#include "store/store.h"

typedef struct pt_circle_stats {
    const char *name;
    bool kept;                /* nothing had changed; counts are those of when it was worked out */
    pt_hash128 made_from;     /* equal when circles are */
    uint64_t members, shared; /* customers with a sign; circles of two and more */
    uint64_t largest;
    uint64_t crowded, refused; /* values too many share; values that would have made a circle too large */
} pt_circle_stats;

/* Brings the circle of source number `source` up to date, in one transaction. `from` is the hash of all that it follows from but
 * its definition: rows and customers. `ordinals`: customers, merged ones included. */
pt_rc pt_circle_settle(pt_circle_stats *out, const pt_project *p, size_t source, pt_hash128 from, uint32_t ordinals,
                       pt_conn *c, pt_err *err);
/* Its rows, as pt_resolve_join gives those of other sources. */
void pt_circle_rows(pt_sql *q, const pt_circle *circle);
/* Drops what belongs to circles that the project no longer has. */
pt_rc pt_circle_sweep(const pt_project *p, pt_conn *c, pt_err *err);
#endif
