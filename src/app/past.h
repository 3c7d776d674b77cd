/* The values of tags for all customers as of any instant, from the timelines of the last build and today's definitions. Statistics of
 * the base are those of the build (docs/base-statistics.md). */
#ifndef PT_APP_PAST_H
#define PT_APP_PAST_H

#include "app/view.h"
#include "base/pool.h"

typedef struct pt_past_request {
    const uint32_t *tags;
    size_t n_tags;
    int64_t as_of;
    pt_pool *pool;
    pt_cancel *cancel; /* may be NULL */
    /* A module of the caller's, whose tags begin with the project's (app/rules.h); NULL: the project's. Then the caller gives its
     * external tags, as columns of all ordinals, and has seen to it that no tag needs a query. */
    const pt_module *module;
    const pt_column *external;
    const pt_node *node; /* with a module: what statistics of the base are needed beyond those of the project's tags */
} pt_past_request;

/* columns[i] is the column of tags[i], a row for each ordinal of the view; it lives as long as the arena. PT_EINVAL when a tag
 * needs a query (`sql:`), which only builds run. */
pt_rc pt_past_columns(const pt_column **columns, pt_view *v, const pt_past_request *request, pt_arena *arena,
                      pt_err *err);

#endif
