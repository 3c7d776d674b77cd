/* What a leaf needs, with the values of one customer filled in; part of membership. */
#ifndef PT_APP_REQUIREMENT_H
#define PT_APP_REQUIREMENT_H

#include "app/app.h"
#include "segment/need.h"

/* What would make a leaf what it is not. */
typedef struct pt_requirement {
    pt_need need;
    pt_column value;         /* of need.subject, where there is one */
    const pt_column *bounds; /* of need.bounds: row 0 of each */
    /* COMPARE, BETWEEN, EVENTS, and ONE_OF a single value, of something ordered and known: how far the value is from the
     * nearest that will do, negative when it must fall. With < and > it must go past that, but for whole numbers. */
    bool has_gap;
    pt_type gap_type; /* NUMBER, MONEY, DURATION */
    double number;
    int64_t units; /* MONEY, DURATION */
} pt_requirement;

/* Fills in the gap from value and bounds. */
void pt_requirement_measure(pt_requirement *r);
/* The gap of EVENTS without bounds: a `did` that counts `n_events`. */
void pt_requirement_of_events(pt_requirement *r, size_t n_events);

#endif
