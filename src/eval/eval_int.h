/* Inside eval/: the plan (what pt_program holds) and one thread's state while it runs (pt_eval).
 *
 *   op      one value for each customer, or for each event of a source, or one constant
 *   plane   one bit for each event of a source: where a predicate is true. "False" is a plane of its own, so three-valued
 *           logic needs no third value: what is in neither is missing
 *   bound   an instant that cuts every customer's events of a source in two: one end of a window
 *   family  aggregates over the same events of one source that differ only in where their windows begin
 *
 * Ops and planes are shared by all tags of a program. An op at event level that uses a customer's value waits for it, so
 * everything has a stage: a stage's families run over the events, then its customer-level ops over the customers. */
#ifndef PT_EVAL_EVAL_INT_H
#define PT_EVAL_EVAL_INT_H

#include "base/hash.h"
#include "base/intern.h"
#include "base/money.h"
#include "eval/eval.h"
#include "eval/kernels.h"

typedef uint32_t op_id;    /* index into pt_program.ops; 0 is none */
typedef uint32_t plane_id; /* index into pt_program.planes */

enum { PLANE_ALL = 0, PLANE_NONE = 1 };

/* A block holds at most this many customers; and at most this many events of a source, unless it is one customer. The
 * events of a larger customer are read in chunks of this many. */
enum { BLOCK_CUSTOMERS = 1024, BLOCK_EVENTS = 8192 };

typedef struct slot slot;
typedef struct plan_op plan_op;

/* Computes rows 0..n-1 of an op from those of its arguments. Memory trouble is noted in the evaluator. */
typedef void (*op_run)(pt_eval *e, const plan_op *op, slot *out, const pt_column *const *args, size_t n);

typedef enum op_kind {
    OP_CONSTANT,  /* computed when the as-of is set, from other constants */
    OP_COLUMN,    /* event level: u.column */
    OP_TIME,      /* event level */
    OP_PLANES,    /* event level bool from two planes */
    OP_SPREAD,    /* event level: the customer-level op args[0], once for each event */
    OP_EXTERNAL,  /* customer level: u.tag's value as given in the batch */
    OP_AGGREGATE, /* customer level: written by a family */
    OP_SEQUENCE,  /* customer level: written by a sequence */
    OP_CALL       /* `run` over args */
} op_kind;

struct plan_op {
    op_kind kind;
    pt_type type;
    int32_t level; /* PT_LEVEL_CONSTANT, PT_LEVEL_CUSTOMER or a source */
    uint32_t stage;
    const pt_node *node; /* what it came from; NULL for ops the planner made */
    op_run run;          /* CONSTANT, CALL */
    uint32_t n_args;
    const op_id *args;
    union {
        uint32_t column, tag;
        plane_id planes[2]; /* true, false */
    } u;
    op_id predicate_of; /* the text op whose dictionary this predicate runs over; 0 for other ops */
    const void *data;   /* the runner's own: a compiled pattern, a table */
};

typedef enum plane_kind {
    PLANE_CONSTANT, /* ALL or NONE */
    PLANE_AND,
    PLANE_OR,
    PLANE_PRESENT,
    PLANE_ABSENT,    /* op a has a value, or none */
    PLANE_COMPARE,   /* op a `cmp` op b; b may be constant */
    PLANE_CODE,      /* text op a equals (EQ) or differs from (NE) the constant text op b */
    PLANE_PREDICATE, /* bool op b is a function of text op a alone: a byte for each code */
    PLANE_BOOL       /* bool op a is `want` */
} plane_kind;

typedef struct plan_plane {
    plane_kind kind;
    pt_op cmp;
    uint8_t want; /* PREDICATE, BOOL */
    bool coded;   /* over the texts of a dictionary, inside a PREDICATE; never over events */
    uint32_t source, stage;
    uint32_t a, b; /* planes or ops */
} plan_plane;

typedef enum bound_kind {
    BOUND_FIRST, /* before a customer's first event */
    BOUND_AS_OF,
    BOUND_BACK,   /* as_of - duration */
    BOUND_AHEAD,  /* as_of + duration: the one bound that may lie after the as-of */
    BOUND_BEFORE, /* just before an instant, or a local date's first instant */
    BOUND_UPTO    /* an instant, or a local date's last */
} bound_kind;

typedef struct plan_bound {
    bound_kind kind;
    bool ends; /* the later end of a window */
    uint32_t source;
    op_id at; /* constant; BACK, BEFORE, UPTO */
} plan_bound;

typedef enum family_kind {
    FAMILY_COUNT,
    FAMILY_BASIC,
    FAMILY_WEIGHTED,
    FAMILY_PICK,
    FAMILY_DISTINCT,
    FAMILY_VALUES,
    FAMILY_TOP,
    FAMILY_ORDER,
    FAMILY_STDDEV,
    FAMILY_TREND,
    FAMILY_RATE,
    FAMILY_DAYS,
    FAMILY_COUNT_
} family_kind;

typedef struct plan_member {
    const pt_agg *agg;
    uint32_t start; /* bound */
    op_id out;
} plan_member;

typedef struct plan_family {
    family_kind kind;
    uint32_t source, stage;
    op_id value, weight; /* 0: none */
    plane_id bits;       /* events that count: `where` is true, value and weight are there */
    uint32_t end;        /* bound */
    int64_t half_life;
    plan_member *members;
    uint32_t n_members, cap_members;
    uint32_t order; /* as planned */
} plan_family;

typedef struct plan_step {
    uint32_t track; /* index into the sequence's tracks */
    plane_id bits;
} plan_step;

/* One source of a sequence. */
typedef struct plan_track {
    uint32_t source, start, end; /* bounds */
    plane_id bits;               /* events that are a step */
} plan_track;

typedef struct plan_sequence {
    const pt_node *node;
    uint32_t stage;
    plan_step *steps;
    plan_track *tracks;
    uint32_t n_tracks;
    op_id out;
} plan_sequence;

struct pt_program {
    pt_arena *arena;
    const pt_module *module;
    plan_op *ops;
    size_t n_ops, cap_ops;
    plan_plane *planes;
    size_t n_planes, cap_planes;
    plan_bound *bounds;
    size_t n_bounds, cap_bounds;
    plan_family *families; /* by stage, then source, once planned */
    size_t n_families, cap_families;
    plan_sequence *sequences;
    size_t n_sequences, cap_sequences;
    uint32_t n_stages;
    op_id *schedule;       /* customer-level ops to run, stage by stage */
    size_t *schedule_ends; /* by stage: where its part ends */
    op_id *results;
    uint32_t *result_tags;     /* tag numbers; NULL for an expression */
    const pt_node *expression; /* NULL for tags */
    size_t n_results;
    bool *source_used; /* by source */
};

/* Every node below `node` that is written out, itself included, aggregates' and sequences' parts too; parents first. */
void pt_eval_walk(const pt_node *node, void (*visit)(void *ctx, const pt_node *node), void *ctx);

#endif
