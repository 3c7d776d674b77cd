/* How many customers each part of a rule keeps: what a reader of a segment asks first (docs/why.md). */
#ifndef PT_APP_RULE_SIZES_H
#define PT_APP_RULE_SIZES_H

#include "app/crowds.h"
#include "segment/logic.h"

typedef struct pt_rule_size {
    const pt_logic *logic;
    uint64_t members; /* for whom this part is true */
    uint64_t
        so_far; /* of an AND: for whom it and all parts before it are; of an OR: it or any before it. Else `members` */
    const struct pt_rule_size *parts;
    size_t n_parts;
} pt_rule_size;

typedef struct pt_rule_sizes {
    const char *text;
    int segment; /* -1: a condition */
    int64_t as_of;
    uint64_t customers;
    pt_rule_size root;
    const pt_catalog *catalog; /* what trees refer to */
} pt_rule_sizes;

/* Over the last build. `what` is a saved segment or a condition. */
pt_rc pt_app_rule_sizes(pt_rule_sizes *out, pt_app *app, pt_sv what, const pt_crowd_options *options, pt_diags *diags,
                        pt_arena *arena, pt_err *err);

#endif
