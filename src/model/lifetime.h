/* What customers will buy and spend in the time ahead, each with an interval: from a model of buying again and one of spending. */
#ifndef PT_MODEL_LIFETIME_H
#define PT_MODEL_LIFETIME_H

#include "model/buying.h"
#include "model/gamma_gamma.h"

typedef struct pt_lifetime_plan {
    const pt_buying_model *model;
    double buying[PT_BUYING];
    bool spends; /* spending is known */
    double spending[PT_SPENDING];
    double horizon;  /* in units of time, more than 0 */
    double discount; /* a purchase after t counts e^(-discount t) */
    double coverage; /* of the intervals, such as 0.8: a tenth of such customers come out below, a tenth above */
} pt_lifetime_plan;

/* Of all customers with the same (x, last, age). */
typedef struct pt_lifetime {
    double alive;
    double expected;   /* purchases within the horizon */
    double low, high;  /* of their number */
    double discounted; /* expected purchases, each discounted */
    double spend_low,
        spend_high; /* of spending, as multiples of v + what the customer has spent so far; NaN without spending */
} pt_lifetime;

/* out[i] of each entry of buyers. */
pt_rc pt_lifetimes(pt_lifetime *out, const pt_lifetime_plan *plan, const pt_buyers *buyers, pt_pool *pool, pt_err *err);

/* Discounted spending of a customer whose x purchases after the first had this mean. */
typedef struct pt_lifetime_value {
    double value, low, high;
} pt_lifetime_value;

pt_lifetime_value pt_lifetime_value_of(const pt_lifetime_plan *plan, const pt_lifetime *l, double x, double mean);

#endif
