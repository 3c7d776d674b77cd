/* Walking over the pairs of blocks. Shared by learning and scoring. */
#ifndef PT_LINK_BLOCKS_H
#define PT_LINK_BLOCKS_H

#include "link/link.h"

enum { LINK_TILE = 64 }; /* records of a block that others are held against at a time: they stay in the nearer caches */

typedef struct link_walk {
    pt_link_blocks *blocks;
    size_t first_rule, end_rule;
    bool alone; /* a rule's pairs for themselves; else without those that an earlier rule has */
    void *ctx;
    /* One pair of records; by one worker at a time for each part. NULL: pairs are counted. */
    void (*visit)(void *ctx, unsigned worker, size_t part, uint32_t a, uint32_t b);
    /* Instead of `visit`: a tile of records, and which of them (by bit) are paired with a. NULL: `visit`. */
    void (*load)(void *ctx, unsigned worker, const uint32_t *records, uint32_t n);
    void (*visit_tile)(void *ctx, unsigned worker, uint32_t a, uint64_t which);
    const void *rows; /* by record, what `visit` looks at; 0 bytes: nothing that would be worth fetching early */
    size_t row_bytes;
    pt_pool *pool;
} link_walk;

size_t link_blocks_rules(const pt_link_blocks *b);
const pt_link_rule *link_blocks_rule(const pt_link_blocks *b, size_t rule);

/* Parts do not depend on the number of threads. */
size_t link_walk_parts(const link_walk *w);
pt_rc link_walk_run(const link_walk *w, pt_err *err);

#endif
