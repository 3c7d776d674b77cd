/* Circles: customers who belong together though they are different people (a household, a company), from values that they share.
 * Pure; the same signs in any order give the same circles. docs/circles.md. */
#ifndef PT_IDENTITY_CIRCLES_H
#define PT_IDENTITY_CIRCLES_H

#include <stdint.h>

#include "base/err.h"

#define PT_CIRCLE_NONE UINT32_MAX

/* A customer has a value. Equal keys of one way are equal values; a way is one of the columns that may be shared. */
typedef struct pt_circle_sign {
    uint64_t key;
    uint32_t customer;
    uint32_t way;
} pt_circle_sign;

typedef struct pt_circles {
    uint32_t *
        of; /* by customer: the first customer of the circle; PT_CIRCLE_NONE: no sign. The caller's, `customers` long */
    uint32_t *size;           /* by first customer: members. The caller's, `customers` long */
    uint32_t members, shared; /* customers with a sign; circles of two and more */
    uint32_t largest;
    uint64_t crowded; /* values that more than `most` customers share */
    uint64_t refused; /* values that would have made a circle larger than that */
} pt_circles;

/* Finds the circles of customers 0 .. customers - 1, none of more than `most`. Sorts `signs` and drops repeats. */
pt_rc pt_circles_find(pt_circles *out, pt_circle_sign *signs, size_t n, uint32_t customers, uint32_t most, pt_err *err);

#endif
