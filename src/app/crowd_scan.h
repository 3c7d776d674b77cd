/* Going over the members of a condition a block at a time, on all threads, with counts that do not depend on their number. */
#ifndef PT_APP_CROWD_SCAN_H
#define PT_APP_CROWD_SCAN_H

#include "app/crowd_query.h"

/* What is done with a block: its members as pt_crowd_block gives them, `scratch` words aligned to 64 bytes for this call alone.
 * Workers run side by side, each with one block at a time. */
typedef struct pt_crowd_walk {
    void *ctx;
    size_t scratch;
    pt_rc (*block)(void *ctx, unsigned worker, uint32_t block, const uint64_t *bits, uint64_t *scratch, pt_err *err);
} pt_crowd_walk;

pt_rc pt_crowd_each(pt_crowd_query *q, const pt_crowd_walk *walk, pt_err *err);

/* The same, where all that is wanted is counts. `counts` are the worker's own: they are summed when
 * all blocks are done, so what is added must be whole numbers. `scratch` words are 64-byte aligned. */
typedef struct pt_crowd_visit {
    void *ctx;
    size_t n_counts, scratch;
    void (*block)(void *ctx, uint64_t *counts, const uint64_t *bits, uint32_t block, uint64_t *scratch);
} pt_crowd_visit;

/* Adds to `counts`. */
pt_rc pt_crowd_scan(uint64_t *counts, pt_crowd_query *q, const pt_crowd_visit *visit, pt_err *err);

/* The index of a tag that can be counted by; PT_EINVAL when it has too many values. */
pt_rc pt_crowd_index(pt_tagindex **out, pt_crowd_query *q, uint32_t tag, pt_err *err);

/* What a code of a tag's index stands for. */
pt_crowd_part pt_crowd_value(const pt_tagindex *x, const pt_column *column, uint32_t code);
/* The condition in canonical form, in the arena of the query; "" for all customers. */
pt_rc pt_crowd_text(const char **out, const pt_crowd_query *q, pt_err *err);

/* Members by pairs of values of two tags: counts[row * columns + column], codes as in index/crosstab.h, in the arena of the
 * query. PT_EINVAL when a tag, or the two together, have too many values. */
typedef struct pt_crowd_cells {
    pt_tagindex *row_index, *column_index;
    size_t rows, columns;
    const uint64_t *counts;
} pt_crowd_cells;

enum { PT_CROWD_MOST_CELLS = 1 << 20 };

pt_rc pt_crowd_cross(pt_crowd_cells *out, pt_crowd_query *q, uint32_t row_tag, uint32_t column_tag, pt_err *err);

#endif
