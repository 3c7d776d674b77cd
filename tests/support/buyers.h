/* Customers to fit models of buying again to. */
#ifndef TESTS_SUPPORT_BUYERS_H
#define TESTS_SUPPORT_BUYERS_H

#include "model/buyers.h"

typedef struct test_buyers {
    pt_arena *arena; /* owns everything */
    uint32_t *x, *last, *age;
    double *mean; /* spending a repeat; 0 where there is none */
    size_t n;
    pt_buyers buyers; /* in weeks */
} test_buyers;

/* The buyers of CDNOW, weeks with two digits (ticks of 0.01); skips the test when deps/install demo has not fetched them. */
void test_buyers_cdnow(test_buyers *b);
/* n customers who buy as BG/NBD says with these r, alpha, a, b, in weeks of 7 ticks, seen for 100 to 500 days; they spend as
 * Gamma-Gamma says with p 6, q 4, v 15. */
void test_buyers_of(test_buyers *b, const double *parameters, size_t n, uint64_t seed);
/* With the parameters of CDNOW. */
void test_buyers_invent(test_buyers *b, size_t n, uint64_t seed);
void test_buyers_free(test_buyers *b);

#endif
