/* Gamma-Gamma: Fader, Hardie, "The Gamma-Gamma model of monetary value" (note 25, 2013). What a customer spends at a time is
 * Gamma(p, nu) with nu ~ Gamma(q, v) of the customer, and does not depend on how often they buy. */
#ifndef PT_MODEL_GAMMA_GAMMA_H
#define PT_MODEL_GAMMA_GAMMA_H

#include <stdint.h>

#include "base/pool.h"
#include "model/estimate.h"

enum { PT_SPENDING_P, PT_SPENDING_Q, PT_SPENDING_V, PT_SPENDING };

/* What customers spent: x purchases of `mean` each. Customers without a purchase (x 0) are passed over. */
typedef struct pt_spending {
    size_t n;
    const uint32_t *x;
    const double *mean; /* more than 0 where x is */
} pt_spending;

/* PT_EINVAL when nobody bought, a mean is not a number above 0, or all customers spend the same. */
pt_rc pt_gamma_gamma_fit(pt_estimate *out, const pt_spending *spending, pt_pool *pool, pt_err *err);
pt_rc pt_gamma_gamma_likelihood(const pt_spending *spending, pt_pool *pool, const double *parameters, double *value,
                                double *slope, double *curve, pt_err *err);
/* Expected spending a purchase of a customer who has spent `mean` at x purchases; of x = 0, of anybody. Infinite when the
 * parameters have no mean (p x + q <= 1). */
double pt_gamma_gamma_expected(const double *parameters, double x, double mean);

#endif
