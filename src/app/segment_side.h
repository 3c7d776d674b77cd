/* One moment of a comparison: for whom the condition and each of its leaves was true, and for whom false. */
#ifndef PT_APP_SEGMENT_SIDE_H
#define PT_APP_SEGMENT_SIDE_H

#include "app/crowd_query.h"
#include "app/rules.h"
#include "app/segment_diff.h"

/* Bits as PT_CROWD_BITS has them. */
typedef struct pt_bits_pair {
    const uint64_t *yes, *no;
} pt_bits_pair;

typedef struct pt_segment_side {
    pt_segment_moment moment;
    pt_view *view; /* of the build; of an instant the last one. NULL: of the build only the members are kept */
    const pt_directory *directory;
    uint32_t ordinals;
    const uint64_t *there;   /* who was a customer; of an instant: of whom something was known */
    const uint64_t *members; /* by the rule of now */
    const uint64_t
        *as_kept;   /* the members that the build kept under the definition it had; NULL when that is the same */
    bool redefined; /* the members that are kept are those of another definition, and no others can be had */
    const pt_bits_pair *leaves; /* by leaf; NULL when they are not known */
} pt_segment_side;

/* What is asked, of both sides. */
typedef struct pt_segment_question {
    pt_app *app;
    pt_rules rules;
    const pt_node *node;
    pt_logic_tree tree;
    int segment;
    pt_view *now;
    pt_pool *pool;
    const pt_crowd_options *options;
    pt_arena *arena;
} pt_segment_question;

/* side->moment says which. */
pt_rc pt_segment_side_fill(pt_segment_side *side, const pt_segment_question *q, pt_err *err);

#endif
