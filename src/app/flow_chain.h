/* What a flow comes to when it goes on as it did: how long customers stay with a value, where they all are in the end. */
#ifndef PT_APP_FLOW_CHAIN_H
#define PT_APP_FLOW_CHAIN_H

#include "app/flow.h"

/* Of the values of a flow that somebody has at both ends; figures follow from the cells shown alone. */
typedef struct pt_flow_chain {
    size_t n;
    const size_t *values;   /* of the flow, by state */
    int64_t step;           /* from the first end to the second, microseconds */
    const double *p;        /* [from * n + to]: the share of those of `from` who still have a value */
    const double *stay;     /* steps that customers stay in the mean, the present one included; infinite: for ever */
    const double *now;      /* shares at the second end */
    const double *long_run; /* shares in the end */
    const double *passage;  /* [from * n + to]: steps until `to` is reached; infinite where it may never be */
} pt_flow_chain;

/* n is 0 when there is nothing to go on: fewer than two such values, or the ends are the same. */
pt_rc pt_flow_chain_of(pt_flow_chain *out, const pt_flow *flow, pt_arena *arena, pt_err *err);

#endif
