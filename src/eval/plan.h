/* Between the files that make a plan. */
#ifndef PT_EVAL_PLAN_H
#define PT_EVAL_PLAN_H

#include "eval/eval_int.h"

/* Nodes already planned, by pt_node_equal: open addressing over a power of two. */
typedef struct plan_memo {
    struct plan_memo_item {
        const pt_node *node; /* NULL: free */
        uint64_t hash;
        uint32_t id;
    } * items;
    size_t n, cap;
} plan_memo;

typedef struct planner {
    pt_program *program;
    const pt_module *module;
    op_id *tag_ops; /* by tag number; 0: not planned */
    struct {
        plan_memo values, trues, falses;
    } memos[2];         /* [1]: what is computed over the texts of a dictionary */
    bool coded;         /* planning such a predicate */
    bool failed, nomem; /* nothing more is planned */
    pt_rc rc;           /* of the last op bound */
    pt_err *err;
} planner;

/* The place of `node`, found or free; SIZE_MAX when memory is short. */
size_t plan_memo_find(plan_memo *m, const pt_node *node);
void plan_memo_put(plan_memo *m, const pt_node *node, uint32_t id);
void plan_memo_free(plan_memo *m);

/* Notes that memory is short: planning ends. */
void plan_nomem(planner *pl);
/* Each returns 0 after a failure, which is noted in the planner. */
op_id plan_add_op(planner *pl, const plan_op *op);
op_id plan_value(planner *pl, const pt_node *node);
op_id plan_time(planner *pl, uint32_t source);
/* `id`, spread over the events when a source's level wants a customer's value. */
op_id plan_at_level(planner *pl, op_id id, int32_t level);
op_id plan_tag(planner *pl, uint32_t tag);
op_id plan_aggregate(planner *pl, const pt_node *node);
op_id plan_sequence_op(planner *pl, const pt_node *node);

/* Where an event-level bool node is true, and where it is false. PLANE_NONE after a failure. */
plane_id plan_true(planner *pl, const pt_node *node, uint32_t source);
plane_id plan_false(planner *pl, const pt_node *node, uint32_t source);
plane_id plan_and(planner *pl, uint32_t source, plane_id a, plane_id b);
plane_id plan_or(planner *pl, uint32_t source, plane_id a, plane_id b);
/* Where event-level op `id` has a value. */
plane_id plan_present(planner *pl, uint32_t source, op_id id);
/* Whether the node has no bits of its own and is computed as bytes. */
bool plan_is_bytes(const planner *pl, const pt_node *node);

/* The two ends of a window over a source. */
typedef struct plan_range {
    uint32_t start, end; /* bounds */
} plan_range;

/* Whether a function's value depends on the as-of beside its arguments. */
bool pt_fn_reads_as_of(pt_fn fn);
/* Chooses the runner for op->node and checks and prepares its constants. */
pt_rc pt_op_bind(plan_op *op, pt_program *p, pt_err *err);

#endif
