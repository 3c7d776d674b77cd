/* How one tree is grown (tree_*.c). Columns are cut into codes once; the rows, as records of codes, are then moved so that those
 * of a node lie side by side. All sums are of integers: weights and targets are scaled to whole numbers first, so that a sum does
 * not depend on the order it was made in, and what is left of a node after one child is taken away is exactly the other. */
#ifndef PT_MODEL_TREE_INT_H
#define PT_MODEL_TREE_INT_H

#include "model/forest.h"
#include "model/tree_kernels.h"

#define TREE_WIDE_MISSING 65535 /* the code of a missing value in two bytes; in one: TREE_MISSING */
#define TREE_EXACT_ROWS 65000   /* up to so many rows every value may have a code of its own */

/* What a record holds of its row's target, and a cell (one code of one column in one node) of its rows' targets. */
typedef enum tree_kind {
    TREE_BINARY,   /* record: the class, a byte. Cell: the rows of class 1, and all rows in the upper half */
    TREE_VALUE,    /* record: the value. Cell: rows, sum of values */
    TREE_WEIGHTED, /* record: weight, weight times value (or class). Cell: rows, and the sums of both */
    TREE_CLASSES   /* record: class, weight. Cell: rows, and the weight of each class */
} tree_kind;

/* How a column is cut. */
typedef struct tree_column {
    uint32_t n;   /* codes 0..n-1; 0 where all is missing */
    bool exact;   /* a code is one value, values[code]; else code c stands for edges[c-1] <= value < edges[c] */
    float *edges; /* exact: the n values, in order; else n - 1 edges */
} tree_column;

typedef struct tree_rows {
    tree_kind kind;
    bool wide; /* codes of two bytes */
    uint32_t columns, classes;
    size_t rows;
    size_t stride;                  /* bytes of a record, a multiple of 8: codes, then the target */
    size_t target;                  /* where the target begins in it */
    uint32_t words;                 /* int64_t a cell */
    double centre;                  /* of TREE_VALUE and TREE_WEIGHTED regression: what was taken off each value */
    double weight_unit, value_unit; /* what one stands for in sums of weights and of values */
    tree_column *column;
    unsigned char *records;
} tree_rows;

/* Codes and records of the examples. */
pt_rc tree_rows_new(tree_rows **out, const pt_examples *examples, pt_task task, pt_pool *pool, pt_err *err);
void tree_rows_free(tree_rows *r); /* NULL is fine */

static inline uint32_t tree_code(const tree_rows *r, const unsigned char *record, uint32_t column)
{
    uint16_t wide;

    if (!r->wide)
        return record[column];
    memcpy(&wide, record + 2 * (size_t)column, sizeof wide);
    return wide;
}

static inline uint32_t tree_missing(const tree_rows *r)
{
    return r->wide ? TREE_WIDE_MISSING : TREE_MISSING;
}

typedef struct tree_node {
    uint32_t column, code; /* of a split; codes up to `code` go left */
    float split;           /* values below go left */
    bool missing_left;
    uint32_t left, right; /* 0: a leaf */
    double gain;          /* how much impurity the split takes away, times the weight */
} tree_node;

/* Whether a row goes to the left of a node. */
static inline bool tree_goes_left(const tree_rows *r, const unsigned char *record, const tree_node *n)
{
    uint32_t code = tree_code(r, record, n->column);

    return code == tree_missing(r) ? n->missing_left : code <= n->code;
}

/* The sums of a node: of TREE_CLASSES, `weight` is the sum of `classes`. In units. */
typedef struct tree_sums {
    int64_t rows, weight, value;
    const int64_t *classes; /* TREE_CLASSES: one a class */
} tree_sums;

typedef enum tree_criterion { TREE_GINI, TREE_ENTROPY, TREE_SQUARES } tree_criterion;

typedef struct tree_limits {
    tree_criterion criterion;
    uint32_t depth;
    int64_t split_rows, leaf_rows; /* fewest rows of a node that is split, and of a leaf */
    double gain;                   /* the least fall of impurity, as a share of the whole weight */
} tree_limits;

/* The best way to split a node by one column, or by any. */
typedef struct tree_split {
    double
        score; /* what is made larger: impurity before less after, times the weight, but for a constant; -INFINITY: none */
    uint32_t column;     /* codes up to `code` go left */
    uint32_t code, next; /* the codes on both sides of the split; next is n where all that have a value go left */
    bool missing_left;
    int64_t left_rows;
} tree_split;

/* Room of one worker. */
typedef struct tree_scratch tree_scratch;
pt_rc tree_scratch_new(tree_scratch **out, const tree_rows *r, pt_err *err);
void tree_scratch_free(tree_scratch *s); /* NULL is fine */

/* Cells of columns [from, to) in one-byte codes: TREE_CODES cells a column, column c's first at (c - from) * TREE_CODES. Adds the
 * records' targets, or takes them away. */
void tree_add_cells(int64_t *cells, const tree_rows *r, const unsigned char *records, size_t n, uint32_t from,
                    uint32_t to);
void tree_take_cells(int64_t *cells, const tree_rows *r, const unsigned char *records, size_t n, uint32_t from,
                     uint32_t to);
/* The best split of a node by columns [from, to), out of cells as above; better ones than *best replace it. */
void tree_scan_cells(tree_split *best, const tree_rows *r, const int64_t *cells, uint32_t from, uint32_t to,
                     const tree_sums *node, const tree_limits *limits, tree_scratch *s);
/* The same out of the node's records, codes of any width: for few rows, or codes too many for cells of their own. */
void tree_scan_records(tree_split *best, const tree_rows *r, const unsigned char *records, size_t n, uint32_t from,
                       uint32_t to, const tree_sums *node, const tree_limits *limits, tree_scratch *s);
/* Adds up n records, or those of them that go to the left of a node: rows, weight, value, then the classes of TREE_CLASSES. */
void tree_sum(int64_t *sums, const tree_rows *r, const unsigned char *records, size_t n, const tree_node *left_of);
/* All rows of one class. */
bool tree_is_pure(const tree_sums *s, const tree_rows *r);
/* How much impurity a split takes away, times the weight. */
double tree_gain(const tree_split *split, const tree_sums *node, const tree_rows *r, tree_criterion criterion);
/* Where between two codes of a column a value is told apart; values below go left. */
float tree_threshold(const tree_column *c, uint32_t code, uint32_t next);

/* --- the grown tree ------------------------------------------------------------------------------------------------- */

typedef struct tree_grown {
    tree_node *nodes; /* the root first; children after their parents */
    int64_t *sums;    /* a node: rows, weight, value, then its classes of TREE_CLASSES; in units */
    size_t n, cap, cap_sums;
    size_t words; /* of sums, a node */
} tree_grown;

void tree_grown_free(tree_grown *g);
tree_sums tree_node_sums(const tree_grown *g, size_t node); /* until a node is added */
/* The weight of all rows. */
static inline double tree_weight(const tree_grown *g, const tree_rows *r)
{
    return (double)g->sums[1] * r->weight_unit;
}

/* What a node says when it is a leaf: the share of each class (of two, that of class 1 alone), or the value. */
void tree_node_values(float *out, const tree_grown *g, const tree_rows *r, size_t node);
static inline size_t tree_width(const tree_rows *r)
{
    return r->kind == TREE_CLASSES ? r->classes : 1;
}

typedef struct tree_stop {
    bool (*cancelled)(void *context);
    void *context;
} tree_stop;

/* Grows a tree over all records, which are used up. Free *out with tree_grown_free also after a failure. */
pt_rc tree_grow(tree_grown *out, tree_rows *r, const tree_limits *limits, const tree_stop *stop, pt_pool *pool,
                pt_err *err);

/* --- pruning -------------------------------------------------------------------------------------------------------- */

/* The subtrees that cost-complexity pruning leaves, from the whole tree to the root alone. */
typedef struct tree_path {
    double *
        cut; /* a node: the price of a leaf from which on it is one, as a share of the whole weight; INFINITY of leaves */
    double *price;    /* a step: from this price on there are ... */
    uint32_t *leaves; /* ... so many leaves */
    size_t steps;
} tree_path;

/* `weight` of all rows: prices are shares of it. */
pt_rc tree_path_new(tree_path *out, const tree_grown *g, double weight, pt_err *err);
void tree_path_free(tree_path *p);
/* The lowest price that leaves at most so many leaves. */
double tree_price_for(const tree_path *p, uint32_t leaves);
/* Adds to out[i] the loss of what is left at prices[i], which do not fall: losses[node] is that of the rows that come by it, were it
 * a leaf. */
pt_rc tree_losses(double *out, const double *prices, size_t n, const tree_grown *g, const tree_path *p,
                  const double *losses, pt_err *err);
/* What is left at a price of a leaf, as a tree that is scored. */
pt_rc tree_forest(pt_forest **out, const tree_grown *g, const tree_path *p, double price, const tree_rows *r,
                  pt_err *err);

#endif
