/* How many pairs blocking rules bring together, before any is looked at. */
#ifndef PT_LINK_COUNT_H
#define PT_LINK_COUNT_H

#include "link/kinds.h"

/* Pairs are met to be told apart (nanoseconds each) while all rules together have at most this many; beyond it only the sum is known. */
#define PT_LINK_COUNTED_MOST UINT64_C(4000000000)

typedef struct pt_link_counts {
    pt_link_block_report rules[PT_LINK_RULES_MAX]; /* new_pairs: only when `distinct` */
    bool distinct;
    uint64_t sum;   /* of all rules' pairs */
    uint64_t total; /* distinct pairs, 0 unless `distinct` */
} pt_link_counts;

/* Of the setup's rules, with the bound on blocks that scoring will have. No pair is kept. */
pt_rc pt_link_count(pt_link_counts *out, const pt_link_setup *s, uint64_t largest, pt_pool *pool, pt_err *err);

#endif
