/* A tree of boxes over rows: who is near whom. Rows are reordered so that those of a node lie together; of a box the widest side is
 * halved until few rows are left or its diagonal is short enough. Pure. */
#ifndef PT_MODEL_BOXTREE_H
#define PT_MODEL_BOXTREE_H

#include "model/learner.h"

enum { PT_BOX_ROWS = 16 }; /* of a leaf, unless its diagonal is short */

typedef struct pt_box_node {
    uint32_t begin, end; /* places */
    uint32_t right;      /* the other child is the next node; 0: a leaf */
} pt_box_node;

typedef struct pt_boxtree {
    float *x;        /* column c of the row in place i: x[c * stride + i]; 64 places more than rows may be read */
    uint32_t *order; /* the row in a place */
    size_t n, columns, stride;
    pt_box_node *nodes; /* parents before children; leaves in the order of places */
    float *boxes;       /* of node i: columns low ends, columns high ends */
    size_t n_nodes;
} pt_boxtree;

/* Leaves have at most PT_BOX_ROWS rows or a diagonal of at most `diagonal`. Free with pt_boxtree_free in any case. */
pt_rc pt_boxtree_new(pt_boxtree *out, const pt_matrix *x, double diagonal, pt_err *err);
void pt_boxtree_free(pt_boxtree *t);

static inline const float *pt_box_low(const pt_boxtree *t, size_t node)
{
    return t->boxes + node * 2 * t->columns;
}

static inline const float *pt_box_high(const pt_boxtree *t, size_t node)
{
    return pt_box_low(t, node) + t->columns;
}

/* The squared distance of two intervals; nothing that could be guessed wrong. */
static inline double pt_box_gap(float a_low, float a_high, float b_low, float b_high)
{
    double above = (double)b_low - (double)a_high, below = (double)a_low - (double)b_high;
    double apart = above > below ? above : below;

    apart = apart > 0 ? apart : 0;
    return apart * apart;
}

/* The least squared distance between boxes, and from a point (columns numbers) to a box. */
static inline double pt_box_apart(const pt_boxtree *t, size_t a, size_t b)
{
    const float *a_low = pt_box_low(t, a), *a_high = pt_box_high(t, a), *b_low = pt_box_low(t, b),
                *b_high = pt_box_high(t, b);
    double sum = 0;

    for (size_t c = 0; c < t->columns; c++)
        sum += pt_box_gap(a_low[c], a_high[c], b_low[c], b_high[c]);
    return sum;
}

static inline double pt_box_from(const pt_boxtree *t, const float *point, size_t node)
{
    const float *low = pt_box_low(t, node), *high = pt_box_high(t, node);
    double sum = 0;

    for (size_t c = 0; c < t->columns; c++)
        sum += pt_box_gap(point[c], point[c], low[c], high[c]);
    return sum;
}

/* Squared: the diagonal; the most from a point to a box. */
double pt_box_diagonal(const pt_boxtree *t, size_t node);
double pt_box_most(const pt_boxtree *t, const float *point, size_t node);

/* The k nearest rows of a point, nearest first, of equally near ones the lowest row first; how many there are. */
typedef struct pt_box_found {
    uint32_t row;
    double squared;
} pt_box_found;

size_t pt_box_nearest(pt_box_found *out, size_t k, const pt_boxtree *t, const float *point);
double pt_box_squared(const pt_boxtree *t, const float *point, size_t place);

/* Who is within a distance. The test is that of double precision: single precision decides where it is sure to agree. */
typedef struct pt_within {
    double squared;
    float sure, never; /* squared distances in single precision up to `sure` are within, above `never` are not */
} pt_within;

pt_within pt_within_of(double distance, size_t columns);
/* Bit i: the row in place begin + i is within the distance of the point; n <= 64. */
uint64_t pt_box_near(const pt_boxtree *t, const float *point, size_t begin, size_t n, const pt_within *w);
/* The same for any machine, for tests. */
uint64_t pt_box_near_plain(const pt_boxtree *t, const float *point, size_t begin, size_t n, const pt_within *w);

#endif
