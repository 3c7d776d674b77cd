/* How the members of a crowd spread over pairs of values of two tags: the counts behind cross-tabs, grids and pyramids. Pure. */
#ifndef PT_INDEX_CROSSTAB_H
#define PT_INDEX_CROSSTAB_H

#include "index/crowd.h"

typedef struct pt_crosstab pt_crosstab;

/* Prepares two indexes, which may be the same, and checks all that will be read. They must outlive the table. */
pt_rc pt_crosstab_new(pt_crosstab **out, pt_tagindex *rows, pt_tagindex *columns, pt_err *err);
void pt_crosstab_free(pt_crosstab *x); /* NULL is fine */
/* Codes (or items) and the missing, as pt_tagindex_counts has them: of a list, 0 are those who have one. */
size_t pt_crosstab_rows(const pt_crosstab *x);
size_t pt_crosstab_columns(const pt_crosstab *x);
/* Words of scratch, 64-byte aligned, that a thread brings for each. */
size_t pt_crosstab_scratch(const pt_crosstab *x);
/* counts[row * columns + column] += members of the block with both. `bits` are as pt_crowd_block gives them. */
void pt_crosstab_block(const pt_crosstab *x, uint64_t *counts, const uint64_t *bits, uint32_t block, uint64_t *scratch);

#endif
