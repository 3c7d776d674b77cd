/* Sets of items that many baskets hold together (frequent itemsets), by Eclat over rows of bits or by FP-growth.
 *
 * Pure: baskets in, sets out. The same baskets give the same sets in the same order on any number of threads. */
#ifndef PT_MODEL_ITEMSETS_H
#define PT_MODEL_ITEMSETS_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"

/* Basket b holds items[offsets[b]] to items[offsets[b + 1] - 1], numbers below n_items in any order; one that is named twice
 * counts once. */
typedef struct pt_baskets {
    const uint64_t *offsets; /* n + 1 */
    const uint32_t *items;
    const uint32_t *weights; /* how many baskets each stands for; NULL: 1 each */
    size_t n;
    uint32_t n_items;
} pt_baskets;

typedef enum pt_itemset_method { PT_ITEMSETS_AUTO, PT_ITEMSETS_ECLAT, PT_ITEMSETS_FPGROWTH } pt_itemset_method;

typedef enum pt_itemset_kind {
    PT_ITEMSETS_ALL,
    PT_ITEMSETS_CLOSED, /* no larger set has the same count */
    PT_ITEMSETS_MAXIMAL /* no larger set is frequent */
} pt_itemset_kind;

typedef struct pt_itemset_options {
    uint64_t min_count; /* baskets that must hold a set; 0 is taken as 1 */
    unsigned max_size;  /* items in a set; 0: no limit */
    pt_itemset_method method;
    pt_itemset_kind kind;
    uint64_t most; /* PT_EINVAL when there are more sets than this; 0: PT_ITEMSETS_MOST */
    pt_pool *pool; /* NULL: the caller's thread */
} pt_itemset_options;

#define PT_ITEMSETS_MOST UINT64_C(20000000)

/* Set s holds items[offsets[s]] to items[offsets[s + 1] - 1], rising; counts[s] baskets hold it. */
typedef struct pt_itemsets {
    size_t n;
    uint64_t *offsets; /* n + 1 */
    uint32_t *items;
    uint64_t *counts;
    uint64_t baskets;         /* by weight */
    pt_itemset_method method; /* that was used */
} pt_itemsets;

/* *out is freed with pt_itemsets_free, also when the call fails. */
pt_rc pt_itemsets_find(pt_itemsets *out, const pt_baskets *baskets, const pt_itemset_options *options, pt_err *err);
void pt_itemsets_free(pt_itemsets *s);
/* Puts sets into order: by size, then by items. */
pt_rc pt_itemsets_sort(pt_itemsets *s, pt_err *err);

/* --- looking sets up ------------------------------------------------------------------------------------------------------ */

typedef struct pt_itemset_table {
    const pt_itemsets *sets;
    uint32_t *slots; /* number of a set + 1 */
    size_t mask;
} pt_itemset_table;

/* A sum over items, so that the key of a set without one item is a subtraction away. */
uint64_t pt_itemset_key(uint32_t item);

pt_rc pt_itemset_table_new(pt_itemset_table *out, const pt_itemsets *sets, pt_err *err);
void pt_itemset_table_free(pt_itemset_table *t);
/* The set of set `s` without the item at `place` of it; -1 when it is not among the sets. `key` is that of set s. */
int64_t pt_itemset_table_without(const pt_itemset_table *t, size_t s, uint64_t key, size_t place);
uint64_t pt_itemset_table_key(const pt_itemset_table *t, size_t s);

#endif
