/* Segments: a condition of the portrait language -> a tree of sets that the index answers (index/crowd.h). Pure.
 *
 * A leaf that rests on one indexed tag becomes a set of its codes or items, however it is written: the one evaluator is
 * asked what it says of each value. What rests on several tags or on events is decided customer by customer, by the same
 * evaluator, and comes in as a bitmap. Negations are pushed down to the leaves, which keeps three-valued logic exact: "not"
 * keeps those of whom the condition is known to be false. */
#ifndef PT_SEGMENT_SEGMENT_H
#define PT_SEGMENT_SEGMENT_H

#include "eval/eval.h"
#include "index/crowd.h"

typedef struct pt_segment_env {
    /* The module that conditions are checked against: its catalogue has every tag as external, so that what a tag is worth
     * comes from its column and is not worked out again. Segments and lists of ids may stand in it as bool tags. */
    const pt_module *module;
    pt_eval_options options;
    void *ctx;
    /* The index of a tag, NULL in *out when there is none; its column. */
    pt_rc (*index)(pt_tagindex **out, void *ctx, uint32_t tag, pt_err *err);
    pt_rc (*column)(const pt_column **out, void *ctx, uint32_t tag, pt_err *err);
    /* The members of a tag that is a segment; NULL in *out when it is none. */
    pt_rc (*members)(const pt_crowd_node **out, void *ctx, uint32_t tag, pt_err *err);
    /* For which customers a bool expression is true, and for which false: bitmaps as PT_CROWD_BITS has them. */
    pt_rc (*decide)(const uint64_t **yes, const uint64_t **no, void *ctx, const pt_node *node, pt_err *err);
} pt_segment_env;

/* The customers for whom `node` (bool) is true. The tree lives in the arena and refers to what the callbacks gave. */
pt_rc pt_segment_plan(const pt_crowd_node **out, const pt_segment_env *env, const pt_node *node, pt_arena *a,
                      pt_err *err);

#endif
