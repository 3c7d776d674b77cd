/* A condition over the last build, made ready to count: shared by what asks about segments. */
#ifndef PT_APP_CROWD_QUERY_H
#define PT_APP_CROWD_QUERY_H

#include "app/app_int.h"
#include "app/crowds.h"
#include "base/pool.h"
#include "segment/segment.h"

typedef struct pt_crowd_query {
    pt_app *app;
    pt_view *view;
    const pt_module
        *module; /* the project's `conditions`: a tag is what its column says, a segment a bool beside them */
    pt_pool *pool;
    pt_arena *arena;
    const pt_crowd_options *options;
    const pt_node *node; /* the condition; NULL: all customers */
    pt_segment_env env;
    pt_crowd *crowd;
    struct pt_decided *decided; /* leaves that the evaluator decided */
    const uint64_t **segments;  /* by segment number: its members; NULL until they are asked for */
} pt_crowd_query;

/* Parses, plans and prepares. What it holds goes with the arena. Problems in the condition go to `diags`, and PT_EINVAL is
 * returned. `q` must not move. */
pt_rc pt_crowd_query_open(pt_crowd_query *q, pt_app *app, pt_sv condition, const pt_crowd_options *options,
                          pt_diags *diags, pt_arena *arena, pt_err *err);
/* The same without a condition, over a view and with threads that are the caller's; both outlive the arena. */
pt_rc pt_crowd_query_over(pt_crowd_query *q, pt_view *view, pt_pool *pool, const pt_crowd_options *options,
                          pt_arena *arena, pt_err *err);
/* A condition of the query's module; NULL in *out when it is empty: all customers. */
pt_rc pt_crowd_parse(const pt_node **out, pt_crowd_query *q, pt_sv condition, pt_diags *diags, pt_err *err);
/* Customers for whom a bool expression of the query's module is true; NULL: all. Saved segments that it uses are worked out
 * before it, once a query. What *out holds goes with the arena. */
pt_rc pt_crowd_plan(pt_crowd **out, pt_crowd_query *q, const pt_node *node, pt_err *err);
/* The members of a planned condition, by all threads: bits as PT_CROWD_BITS has them, in the arena's keeping. */
pt_rc pt_crowd_bits(uint64_t **out, pt_crowd_query *q, const pt_crowd *crowd, pt_err *err);
/* The same of a saved segment (app/crowd_segments.c); and as a column of bool. */
pt_rc pt_crowd_segment(const uint64_t **out, pt_crowd_query *q, uint32_t segment, pt_err *err);
pt_rc pt_crowd_segment_column(const pt_column **out, pt_crowd_query *q, uint32_t segment, pt_err *err);
/* What a segment that is a list was read as, when that was not by the build. */
pt_rc pt_crowd_segment_list(uint64_t *ids, uint64_t *unknown, pt_crowd_query *q, uint32_t segment, pt_err *err);
/* Works out the saved segments that an expression uses, each after those that it uses itself. */
pt_rc pt_crowd_segments_of(pt_crowd_query *q, const pt_node *node, pt_err *err);
/* Room for a bit for each ordinal, all 0, in the arena's keeping. */
pt_rc pt_crowd_new_bits(uint64_t **out, pt_crowd_query *q, pt_err *err);
/* For whom a bool expression of the query's module is true and false (app/crowd_decide.c). */
pt_rc pt_crowd_decide(const uint64_t **yes, const uint64_t **no, pt_crowd_query *q, const pt_node *node, pt_err *err);

#endif
