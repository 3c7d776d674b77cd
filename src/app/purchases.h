/* What customers have bought up to an instant, as models of buying again take it: purchases of one day (week, month) are one. */
#ifndef PT_APP_PURCHASES_H
#define PT_APP_PURCHASES_H

#include "app/event_walk.h"

typedef struct pt_purchases_question {
    pt_event_walk walk;  /* its column: the amount, money or number; -1: none */
    int period;          /* PT_VALUE_DAY, ... */
    const bool *members; /* by ordinal: who is looked at; NULL: all */
} pt_purchases_question;

/* By ordinal; times in periods since the customer's first. */
typedef struct pt_purchases {
    uint32_t n_ordinals;
    bool *bought; /* at least once */
    uint32_t *x;  /* after the first */
    uint32_t *last, *age;
    uint32_t *paid; /* of x, those of more than 0 */
    double *spent;  /* at those, in the currency */
} pt_purchases;

/* In the arena. Purchases before `until`, not at it, and ages up to the period of its last microsecond: what is asked as of a midnight
 * has whole days, also where sources know days alone. */
pt_rc pt_purchases_gather(pt_purchases *out, const pt_purchases_question *q, pt_arena *arena, pt_err *err);
/* How many periods a model's unit of time has: weeks of 7 days; weeks and months as they are. */
double pt_purchases_ticks(int period);
/* A length of time in the model's unit. */
double pt_purchases_units(int64_t length, int period);

#endif
