/* Who moved from which value of a tag to which, between two instants or two builds. */
#ifndef PT_APP_FLOW_H
#define PT_APP_FLOW_H

#include "app/pyramid.h"

/* One of the two ends. */
typedef struct pt_flow_end {
    int64_t as_of;
    const char
        *generation; /* values are those that this build kept; NULL: worked out from the timelines for the instant */
} pt_flow_end;

typedef struct pt_flow {
    pt_grid_head head; /* members by the last build */
    int tag;
    pt_flow_end from, to;
    const pt_sv *values;                   /* in their order; the last, ptr NULL: without a value, or no customer yet */
    size_t n;                              /* with that one */
    const uint64_t *counts;                /* [from * n + to]; 0 when hidden */
    const bool *hidden;                    /* the same */
    const uint64_t *before;                /* members by value at the start; 0 where it would tell what is hidden */
    uint64_t stayed, moved, entered, left; /* of the cells shown; entered: no value before; left: none after */
} pt_flow;

typedef struct pt_flow_options {
    pt_crowd_options crowd;
    pt_sv tag; /* empty: the one that answers life_cycle */
    pt_sv from,
        to; /* dates or instants in the project's zone, or builds "g000012"; empty: from the as-of of the build before,
                       or PT_FLOW_DAYS earlier than `to`; to the last build */
} pt_flow_options;

enum { PT_FLOW_DAYS = 90, PT_FLOW_MOST = 40 };

/* PT_EINVAL when the tag has more than PT_FLOW_MOST values. */
pt_rc pt_app_flow(pt_flow *out, pt_app *app, pt_sv condition, const pt_flow_options *options, pt_diags *diags,
                  pt_arena *arena, pt_err *err);
/* The stable ids of the members who moved from one value to another (or stayed), by ordinal; "" is no value. PT_ENOTFOUND when
 * nobody has a value of that name. */
pt_rc pt_app_flow_members(const pt_sv **ids, size_t *n, pt_app *app, pt_sv condition, pt_sv from_value, pt_sv to_value,
                          const pt_flow_options *options, pt_diags *diags, pt_arena *arena, pt_err *err);

#endif
