/* How the members of a crowd spread over the values of a tag: the histogram behind counts by value and insight. Pure. */
#ifndef PT_INDEX_TALLY_H
#define PT_INDEX_TALLY_H

#include "index/crowd.h"

typedef struct pt_tally pt_tally;

/* Prepares an index and checks all that will be read. It must outlive the tally. */
pt_rc pt_tally_new(pt_tally **out, pt_tagindex *x, pt_err *err);
void pt_tally_free(pt_tally *t); /* NULL is fine */
/* Codes (or items) and the missing: how many counts there are. */
size_t pt_tally_size(const pt_tally *t);
/* Words of scratch, 64-byte aligned, that a thread brings. */
enum { PT_TALLY_SCRATCH = (PT_BLOCK + 64) / 4 + 4096 };
/* counts[c] += members of the block with code c, as pt_tagindex_counts has them. `bits` are as pt_crowd_block gives them. */
void pt_tally_block(const pt_tally *t, uint64_t *counts, const uint64_t *bits, uint32_t block, uint64_t *scratch);

#endif
