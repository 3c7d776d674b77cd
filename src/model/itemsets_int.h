/* What the two ways of finding itemsets share: baskets by code, and where sets are collected. */
#ifndef PT_MODEL_ITEMSETS_INT_H
#define PT_MODEL_ITEMSETS_INT_H

#include <string.h>

#include "base/mem.h"
#include "model/itemsets.h"

#define PT_BASKET_END UINT32_MAX

/* Frequent items alone, numbered by rising count (code 0 is the rarest, ties by item). The codes of a basket rise and end with
 * PT_BASKET_END; baskets without a frequent item are gone. */
typedef struct pt_coded {
    uint32_t n_codes;
    uint32_t *items;         /* by code: the item */
    uint64_t *counts;        /* by code */
    size_t n;                /* baskets */
    uint32_t *codes;         /* of all baskets, one after the other */
    uint32_t *starts;        /* by basket, into codes; n + 1 */
    uint32_t *weights;       /* by basket; NULL: 1 each */
    uint64_t *place_offsets; /* by code, n_codes + 1: into places */
    uint32_t *places;        /* where in `codes` the code stands, by how many follow */
    uint32_t *place_baskets; /* and in which basket; NULL without weights */
} pt_coded;

/* Sets as they are found; `codes` are those of the sets, one after the other. */
typedef struct pt_found {
    uint32_t *codes;
    uint64_t *counts;
    uint32_t *sizes;
    size_t n, n_codes, codes_cap, counts_cap, sizes_cap;
    uint64_t most; /* sets allowed in all */
} pt_found;

pt_rc pt_found_add(pt_found *f, const uint32_t *codes, uint32_t size, uint64_t count, pt_err *err);
void pt_found_free(pt_found *f);
pt_rc pt_found_too_many(uint64_t most, pt_err *err);

/* Sets whose lowest code is `first`, by the tables of one worker. */
typedef struct pt_eclat pt_eclat;
pt_rc pt_eclat_new(pt_eclat **out, const pt_coded *coded, uint64_t min_count, unsigned max_size, pt_err *err);
void pt_eclat_free(pt_eclat *e);
pt_rc pt_eclat_from(pt_eclat *e, pt_found *found, uint32_t first, pt_err *err);

typedef struct pt_fptree pt_fptree;
pt_rc pt_fptree_new(pt_fptree **out, const pt_coded *coded, pt_err *err);
void pt_fptree_free(pt_fptree *t);
/* As pt_eclat_from. Several threads may ask one tree. */
pt_rc pt_fptree_from(const pt_fptree *t, pt_found *found, uint32_t first, uint64_t min_count, unsigned max_size,
                     pt_err *err);

#endif
