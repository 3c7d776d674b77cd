/* Over the events of all customers of a segment, in parallel: what funnels, paths, cohorts and heat maps share. */
#ifndef PT_APP_JOURNEY_WALK_H
#define PT_APP_JOURNEY_WALK_H

#include "app/crowd_query.h"
#include "app/journeys.h"

enum { PT_WALK_MOST_STEPS = 32 };

typedef struct pt_walk {
    const pt_journey_options *options;
    pt_crowd_options crowd_options;
    pt_crowd_query query;
    pt_view *view;
    const pt_project *project;
    pt_arena *arena;
    pt_journey about;
    const pt_node *node;                           /* did(...) of one step, funnel(...) of several */
    const char *texts[PT_WALK_MOST_STEPS];         /* the steps in canonical form */
    const pt_node *conditions[PT_WALK_MOST_STEPS]; /* their did(...) */
    uint32_t sources[PT_WALK_MOST_STEPS];
    uint32_t n_steps;
    uint64_t *members;   /* a bit for each ordinal */
    const bool **wanted; /* by source: the columns that are read; NULL: the source is not */
} pt_walk;

/* Which events are meant, and when. */
typedef struct pt_walk_events {
    const pt_sv *steps;
    size_t n_steps;
    int64_t within;   /* between the first step and the last; INT64_MAX */
    int32_t from, to; /* days, both included; PT_I32_MISSING */
} pt_walk_events;

/* Parses steps and segment, finds the members, notes what the conditions read. PT_EINVAL also when the segment is smaller than
 * the smallest group that may be described. `w` must not move; what it holds goes with the arena. */
pt_rc pt_walk_open(pt_walk *w, pt_app *app, const pt_walk_events *events, const pt_journey_options *options,
                   pt_diags *diags, pt_arena *arena, pt_err *err);
/* Another column that visits read; -1: times alone. Its dictionary may be read from then on. */
pt_rc pt_walk_want(pt_walk *w, uint32_t source, int32_t column, pt_err *err);

/* A member's events: marks[i].from[row] .. end[row] are those of step i in the window. */
typedef struct pt_walk_customer {
    uint32_t ordinal, row;
    const pt_mark *marks;
} pt_walk_customer;

/* Visits each member once; those with one worker number on one thread, in no certain order. */
typedef pt_rc (*pt_walk_visit)(void *ctx, unsigned worker, const pt_walk_customer *customer, pt_err *err);
pt_rc pt_walk_run(pt_walk *w, pt_walk_visit visit, void *ctx, pt_err *err);
unsigned pt_walk_workers(const pt_walk *w);

/* The first place of a member's events of a source that is later than an instant, and the place behind its last event up to
 * the as-of. Events without a time come first and are never later. */
uint64_t pt_walk_after(const pt_walk *w, uint32_t source, uint32_t ordinal, int64_t instant);
static inline uint64_t pt_walk_end(const pt_walk *w, uint32_t source, uint32_t ordinal)
{
    return pt_walk_after(w, source, ordinal, w->view->as_of);
}

/* --- splitting by a tag --------------------------------------------------------------------------------------------------- */

enum { PT_WALK_MOST_GROUPS = 5000 };

typedef struct pt_walk_groups {
    uint32_t tag;
    const pt_column *column;
    pt_journey_value *values; /* by group; the last: without a value */
    uint32_t n;
    double *numbers; /* those met, rising, when the tag's values are numbers */
} pt_walk_groups;

/* PT_ENOTFOUND when there is no such tag, PT_EINVAL when it is a list or has too many values. */
pt_rc pt_walk_groups_open(pt_walk_groups *out, pt_walk *w, pt_sv tag, pt_err *err);
uint32_t pt_walk_group_of(const pt_walk_groups *g, uint32_t ordinal);

/* --- small groups --------------------------------------------------------------------------------------------------------- */

/* Whether a figure about `n` customers may be shown: nobody, or enough. */
static inline bool pt_walk_may_show(const pt_walk *w, uint64_t n)
{
    return n == 0 || n >= w->about.min_group;
}
/* Parts of a whole, the largest first: how many of them may be shown so that no shown part and no rest is too small. */
size_t pt_walk_shown_parts(const pt_walk *w, const uint64_t *parts, size_t n, uint64_t whole);

#endif
