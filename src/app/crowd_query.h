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
    const pt_module *module; /* every tag external: a tag is what its column says */
    pt_pool *pool;
    pt_arena *arena;
    const pt_crowd_options *options;
    const pt_node *node; /* the condition; NULL: all customers */
    pt_segment_env env;
    pt_crowd *crowd;
    struct pt_decided *decided; /* leaves that the evaluator decided */
} pt_crowd_query;

/* Parses, plans and prepares. What it holds goes with the arena. Problems in the condition go to `diags`, and PT_EINVAL is
 * returned. `q` must not move. */
pt_rc pt_crowd_query_open(pt_crowd_query *q, pt_app *app, pt_sv condition, const pt_crowd_options *options,
                          pt_diags *diags, pt_arena *arena, pt_err *err);
/* For whom a bool expression of the query's module is true and false (app/crowd_decide.c). */
pt_rc pt_crowd_decide(const uint64_t **yes, const uint64_t **no, pt_crowd_query *q, const pt_node *node, pt_err *err);

#endif
