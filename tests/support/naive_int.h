/* Between the files of the naive interpreter. */
#ifndef TESTS_SUPPORT_NAIVE_INT_H
#define TESTS_SUPPORT_NAIVE_INT_H

#include "support/naive.h"

typedef struct naive {
    const dataset *data;
    const pt_module *module;
    size_t customer;
    const data_event *event; /* at event level */
    pt_arena *arena;
} naive;

cell naive_node(naive *n, const pt_node *node);
cell naive_aggregate(naive *n, const pt_node *node);
cell naive_sequence(naive *n, const pt_node *node);
cell naive_merge_one(naive *n, pt_fn fn, pt_type type, const cell *a, uint32_t n_args);
cell naive_merge_all(naive *n, const cell *a, uint32_t n_args);
cell naive_number(double v);                     /* missing when not finite */
cell naive_i64(pt_type type, __int128 v);        /* missing when out of range */
int naive_compare(const cell *a, const cell *b); /* of one type, none missing */

#endif
