/* The least spanning tree of rows under mutual reachability: the distance of two rows, but at least the reach of each. Pure.
 *
 * Boruvka's method over a tree of boxes (March, Ram, Gray 2010): in each round every part that is joined so far finds the nearest row of
 * another part, and is joined with it; parts halve at least. A row that found its nearest keeps it while that is of another part;
 * boxes that are of one part only, or farther than what the part has found, are left out. */
#ifndef PT_MODEL_SPANNING_H
#define PT_MODEL_SPANNING_H

#include "model/boxtree.h"

typedef struct pt_span_edge {
    uint32_t a, b;   /* rows */
    double distance; /* mutual reachability */
} pt_span_edge;

typedef struct pt_span_options {
    pt_pool *pool;
    bool (*cancelled)(void *context); /* may be NULL */
    void *cancel_context;
} pt_span_options;

/* out[rows - 1], in no order, but the same on any number of threads. squared_reach: by row. */
pt_rc pt_spanning_tree(pt_span_edge *out, const pt_boxtree *t, const double *squared_reach, const pt_span_options *o,
                       pt_err *err);

/* Of many trees that are equally short (of a row with a large reach many edges are) the one that Prim's method finds from row 0, edges in
 * its order, lowest rows first: what programs that know no other method give. edges[rows - 1] is any of them; close[rows * near]
 * has the near nearest rows of each, itself among them, or PT_SPAN_NOBODY. Distances without a reach are taken to differ. */
#define PT_SPAN_NOBODY UINT32_MAX
pt_rc pt_spanning_order(pt_span_edge *edges, const pt_matrix *x, const double *squared_reach, const uint32_t *close,
                        size_t near, pt_err *err);

#endif
