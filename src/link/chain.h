/* Why two records are in one group though they are little alike: the chain of pairs from one to the other. Pure. */
#ifndef PT_LINK_CHAIN_H
#define PT_LINK_CHAIN_H

#include "link/link.h"

/* Of all chains of pairs from `a` to `b` one whose weakest pair is the strongest there is, and of those a shortest one. Records with
 * one number in `start` (a record's number, below n) are taken as one; NULL: none are. steps[i].b and steps[i + 1].a are then one
 * record or have one start. *n is 0 when there is no chain, or none is needed. In the arena; pairs in any order. */
pt_rc pt_link_chain(pt_link_pair **steps, size_t *n, const uint32_t *start, uint32_t n_records,
                    const pt_link_pair *pairs, size_t n_pairs, uint32_t a, uint32_t b, pt_arena *arena, pt_err *err);

/* The mean weight of the pairs between the groups of two records, evenly spread ones of very many, and how many records the two have.
 * `group` by record: its group's smallest record. */
typedef struct pt_link_between {
    double mean;
    uint32_t n_a, n_b;
} pt_link_between;
pt_rc pt_link_between_groups(pt_link_between *out, const pt_link_model *model, const pt_link_records *records,
                             const uint32_t *group, uint32_t a, uint32_t b, pt_err *err);

/* Weights of each of `a` with each of `b`: weights[i * n_b + j]. */
pt_rc pt_link_weigh_all(double *weights, const pt_link_model *model, const pt_link_records *records, const uint32_t *a,
                        size_t n_a, const uint32_t *b, size_t n_b, pt_err *err);

#endif
