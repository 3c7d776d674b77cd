/* Trees as they are scored: what CART (tree.c) and boosting (xgboost.c) learn alike. A row goes left where its value is below
 * the node's split; a missing one goes where the node says. */
#ifndef PT_MODEL_FOREST_H
#define PT_MODEL_FOREST_H

#include "model/learner.h"

#define PT_NODE_MISSING_LEFT (UINT32_C(1) << 31) /* in pt_node.column: rows without the value go left */
#define PT_FOREST_DEPTH 64                       /* the most splits between a root and a leaf */

/* The nodes of a tree lie level by level, children side by side: the right one is left + 1. A leaf is its own left child, with
 * a split that every value is below, so that a walk may go on past it. */
typedef struct pt_node {
    float split;     /* INFINITY: all that have a value go left */
    uint32_t column; /* and PT_NODE_MISSING_LEFT */
    uint32_t left;   /* within the tree */
    float value;     /* of a leaf, where width is 1 */
} pt_node;

typedef enum pt_link {
    PT_LINK_VALUE,   /* the sum is the value */
    PT_LINK_SHARE,   /* the leaf's width is 1: the share of class 1. Else it has a share a class */
    PT_LINK_LOGIT,   /* the sum is the log odds of class 1 */
    PT_LINK_SOFTMAX, /* a sum a class: tree t adds to class t % outputs */
    PT_LINK_COUNT
} pt_link;

typedef struct pt_forest {
    pt_link link;
    uint32_t columns; /* of the examples */
    uint32_t outputs; /* classes, or 1 */
    uint32_t width;   /* numbers a leaf: outputs of PT_LINK_SHARE with more than two classes, else 1 */
    uint32_t n_trees, n_nodes, n_leaves;
    float base;         /* each sum begins with it */
    uint32_t *first;    /* n_trees + 1: where a tree's nodes begin */
    uint8_t *depth;     /* n_trees */
    pt_node *nodes;     /* n_nodes */
    float *cover;       /* n_nodes: the weight (XGBoost: the hessian) of the examples that came by; more than 0 */
    uint32_t *leaf;     /* n_nodes, where width > 1: which numbers are a leaf's. Else NULL */
    float *leaves;      /* n_leaves * width, where width > 1. Else NULL */
    double *importance; /* columns: adds up to 1, or all 0 where nothing was split */
} pt_forest;

/* Room for trees whose sizes are known; all numbers 0. `leaves` counts where width > 1. */
pt_rc pt_forest_new(pt_forest **out, const pt_forest *shape, pt_err *err);
void pt_forest_free(void *model); /* NULL is fine */

/* Makes importance add up to 1, or leaves it 0. */
void pt_forest_scale_importance(pt_forest *f);

/* Learner functions: `model` is a pt_forest. */
size_t pt_forest_outputs(const void *model);
pt_rc pt_forest_predict(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err);
pt_rc pt_forest_importance(double *out, const void *model, pt_err *err);
/* Shapley values by the paths' covers (Lundberg and others 2020, "path-dependent"), of the log odds of class 1, of its share
 * (PT_LINK_SHARE), or of the value; of more than two classes, of the score of the class that the row's score is highest for. */
pt_rc pt_forest_contributions(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err);
pt_rc pt_forest_save(pt_str *out, const void *model, pt_err *err);
pt_rc pt_forest_load(void **model, pt_sv bytes, pt_err *err);

/* The score of each output before it becomes a probability: out[row * outputs + i] (PT_LINK_LOGIT, _VALUE: one a row). */
pt_rc pt_forest_scores(float *out, const pt_forest *f, const pt_matrix *x, pt_pool *pool, pt_err *err);

static inline bool pt_node_is_leaf(const pt_node *tree, uint32_t i)
{
    return tree[i].left == i;
}

static inline uint32_t pt_node_column(const pt_node *n)
{
    return n->column & ~PT_NODE_MISSING_LEFT;
}

#endif
