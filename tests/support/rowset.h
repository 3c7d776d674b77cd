/* Random rows for timelines, and the plain order they must come out in. */
#ifndef TESTS_SUPPORT_ROWSET_H
#define TESTS_SUPPORT_ROWSET_H

#include "base/rng.h"
#include "timeline/timeline.h"

typedef struct rowset {
    pt_arena *arena;
    pt_timeline_schema schema;
    uint32_t ordinals;
    size_t n;
    pt_cells *cells; /* ordinal, time, sequence, then the schema's columns; all rows */
} rowset;

typedef struct rowset_options {
    uint32_t ordinals;
    size_t rows;
    size_t columns;
    uint32_t texts; /* different texts in a column, about */
    bool sorted;    /* rows come in order of time */
    uint32_t heavy; /* one row in two belongs to this ordinal, when below `ordinals` */
} rowset_options;

rowset *rowset_random(pt_rng *rng, const rowset_options *o);
void rowset_free(rowset *r);
/* Some rows as a batch, in the order given. */
pt_rows rowset_take(const rowset *r, const size_t *rows, size_t n, pt_arena *a);
/* Row numbers in order of ordinal, time, sequence. */
const size_t *rowset_order(const rowset *r);
/* A random order of 0..n-1. */
size_t *rowset_shuffle(const rowset *r, pt_rng *rng);
/* Whether event `event` of column `c` of a timeline is cell `row` of the set; fails the test otherwise. */
void rowset_check_cell(const rowset *r, size_t column, size_t row, const pt_column *c, uint64_t event);

#endif
