/* Between resolving a question (associate.c), counting (associate_count.c) and making rules (associate_rules.c). */
#ifndef PT_APP_ASSOCIATE_INT_H
#define PT_APP_ASSOCIATE_INT_H

#include "app/associate.h"
#include "app/journey_walk.h"

/* Of one worker. */
typedef struct pt_associate_part {
    uint64_t baskets, left, left_customers;
    uint64_t *right, *both, *customers; /* by code of the right side */
    uint32_t *last, *seen;              /* by code: basket and customer it was met in last, +1 */
    uint32_t basket;                    /* number of the basket at hand */
    /* The customer's events: the basket of each and its code. */
    uint64_t *pairs;
    size_t n_pairs, cap_pairs;
    /* Baskets that are kept, for rules without a left side. */
    uint64_t *offsets;
    uint32_t *items, *owners;
    size_t n_kept, cap_offsets, cap_items, cap_owners;
} pt_associate_part;

typedef struct pt_associate_job {
    const pt_associate_question *question;
    pt_associate *out;
    pt_walk walk;
    int item, with, by;   /* columns of the source, -1 */
    const bool *on_left;  /* by code of `item` */
    const uint64_t *bits; /* of a condition: its members by ordinal; NULL */
    uint8_t *bought;      /* by ordinal, when the right side is a tag: has an item of the left */
    pt_associate_part *parts;
    const pt_dict *dict; /* of the right side */
    pt_arena *arena;
} pt_associate_job;

/* Fills parts[0] with what all workers saw. */
pt_rc pt_associate_count(pt_associate_job *j, pt_err *err);
/* Of the customers in `members`, by their values of a tag. */
pt_rc pt_associate_count_tag(pt_associate_job *j, const pt_column *column, const uint64_t *members, pt_err *err);
void pt_associate_dispose(pt_associate_job *j);

/* Rules of what was counted. */
pt_rc pt_associate_direct(pt_associate_job *j, pt_err *err);
pt_rc pt_associate_mined(pt_associate_job *j, pt_err *err);

#endif
