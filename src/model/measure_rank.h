/* How good lists of recommendations are: of each customer a ranked list and the items that came later. */
#ifndef PT_MODEL_MEASURE_RANK_H
#define PT_MODEL_MEASURE_RANK_H

#include "model/measures.h"

typedef struct pt_rankings {
    size_t customers, items; /* items of the whole catalogue */
    size_t k;                /* places of a list */
    const uint32_t *ranked;  /* customers * k, the best first; UINT32_MAX: no more */
    /* What came: relevant[offsets[c] .. offsets[c + 1]), each item once, ascending. */
    const uint64_t *offsets;
    const uint32_t *relevant;
    const uint64_t *popularity; /* items: customers who had it in training; NULL: novelty is left out */
    uint64_t training_customers;
} pt_rankings;

/* "precision", "recall", "ndcg", "map", "hit_rate": means over the customers for whom anything came, with bootstrap intervals over
 * customers; "coverage": the share of the catalogue that is in any list; "novelty": mean -log2 of the share of training customers
 * who had an item that was recommended. Recall is of all that came; NDCG has binary gains and the ideal min(k, what came). */
pt_rc pt_measure_rankings(const pt_measured **out, size_t *n, const pt_rankings *in, const pt_measure_options *options,
                          pt_arena *arena, pt_err *err);

#endif
