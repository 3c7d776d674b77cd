/* How many paths begin in each way: a table over prefixes, and the tree that is shown of it. */
#ifndef PT_APP_PATH_COUNT_H
#define PT_APP_PATH_COUNT_H

#include "app/journeys.h"

/* Up to 8 labels, the nearest in the highest byte, each plus 1; 0 behind the last. */
typedef uint64_t pt_path_key;

typedef struct pt_path_count {
    pt_path_key key;
    uint64_t starts, customers;
    uint32_t last; /* the customer met last, plus 1 */
} pt_path_count;

typedef struct pt_path_counts {
    pt_path_count *items; /* open addressing; key 0 is free */
    size_t n, cap;
} pt_path_counts;

void pt_path_counts_free(pt_path_counts *c);
/* Counts a path of n labels and all its beginnings. False when memory is short. */
bool pt_path_counts_add(pt_path_counts *c, const uint8_t *labels, uint32_t n, uint32_t customer);
/* Adds what another worker has counted, of other customers. */
bool pt_path_counts_merge(pt_path_counts *c, const pt_path_counts *from);

/* What may be shown. `rest` is the label of what may not. `each`: a customer may have several starts. */
typedef struct pt_path_shown {
    uint32_t min_group;
    uint8_t rest;
    bool each;
} pt_path_shown;

pt_rc pt_path_tree_make(pt_path_tree *out, pt_path_counts *c, const pt_path_shown *shown, pt_arena *arena, pt_err *err);

#endif
