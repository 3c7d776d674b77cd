/* One customer's way through a funnel. */
#ifndef PT_APP_FUNNEL_RUN_H
#define PT_APP_FUNNEL_RUN_H

#include "app/journey_walk.h"

typedef struct pt_funnel_run {
    uint32_t depth;                    /* steps reached */
    int64_t times[PT_WALK_MOST_STEPS]; /* of the run that reached the last of them first */
} pt_funnel_run;

/* One source's events in the window. */
typedef struct pt_funnel_lane {
    const int64_t *time; /* of row 0 on */
    uint32_t at, end;
    uint32_t n_steps; /* of the source */
    uint32_t steps[PT_WALK_MOST_STEPS];
    const uint64_t *bits[PT_WALK_MOST_STEPS]; /* of each of them */
} pt_funnel_lane;

typedef struct pt_funnel_scratch {
    pt_funnel_lane lanes[PT_WALK_MOST_STEPS];
    uint32_t n_lanes;
    int64_t runs[PT_WALK_MOST_STEPS][PT_WALK_MOST_STEPS]; /* by depth: times of the best chain of so many steps */
    bool alive[PT_WALK_MOST_STEPS];                       /* strict: the chain has not been broken */
} pt_funnel_scratch;

/* Puts a step's events into the lanes of the scratch; call for each step in order, after n_lanes = 0. */
void pt_funnel_add(pt_funnel_scratch *s, uint32_t step, const pt_mark *mark, uint32_t row, const int64_t *times,
                   const uint32_t *sources);
/* How far the funnel of the language comes; or, strict, without other events of the lanes in between. */
void pt_funnel_walk(pt_funnel_run *out, pt_funnel_scratch *s, uint32_t n_steps, int64_t within, bool strict);

#endif
