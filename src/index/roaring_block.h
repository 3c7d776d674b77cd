/* One block of a roaring bitmap as words. Shared inside index/ only. */
#ifndef PT_INDEX_ROARING_BLOCK_H
#define PT_INDEX_ROARING_BLOCK_H

#include "index/tagindex.h"

/* The members of `r` in a block, 64-byte aligned: in `scratch` (PT_BLOCK_WORDS words), or where the bitmap has them. NULL when
 * there are none. */
const uint64_t *roaring_block(uint64_t *scratch, const pt_roaring *r, uint32_t block);
/* How many of the members in a block are among `bits`. */
uint64_t roaring_count(const pt_slice_kernels *kernels, const uint64_t *bits, const pt_roaring *r, uint32_t block);

#endif
