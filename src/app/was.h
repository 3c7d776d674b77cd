/* was(condition, ...): kept states of the tags it asks about, played again (docs/history.md). */
#ifndef PT_APP_WAS_H
#define PT_APP_WAS_H

#include "app/crowd_query.h"

/* For whom a PT_NODE_WAS of the query's module is true and false: whole bitmaps, in the arena's keeping. */
pt_rc pt_was_decide(uint64_t *yes, uint64_t *no, pt_crowd_query *q, const pt_node *node, pt_err *err);

/* What one customer's condition was, state by state. */
typedef struct pt_was_state {
    int64_t from, end; /* it holds from its as-of up to that of the next; the last up to the question's */
    bool known, held;  /* whether the condition was true or false, and true */
    bool in_window;    /* whether any of it lies in the window that `within` leaves */
    bool recomputed;
} pt_was_state;

typedef struct pt_was_history {
    const pt_was_state *states;
    size_t n;
    int64_t longest; /* of the stretches in which it held, microseconds in the window; -1: it never did */
} pt_was_history;

/* The same for one ordinal, to explain the answer: in order of time, the present last. No states: nothing is kept. */
pt_rc pt_was_of(pt_was_history *out, pt_crowd_query *q, const pt_node *node, uint32_t ordinal, pt_err *err);

/* Warns of each tag that some PT_NODE_WAS of a condition, written as `text`, asks about and whose history no build keeps. */
void pt_was_warn(pt_diags *diags, const pt_project *p, const pt_node *node, pt_sv text);

#endif
