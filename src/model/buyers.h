/* Customers as models of buying again see them: how often each bought after the first time, when last, and how long ago the
 * first time was. Equal customers are counted once. */
#ifndef PT_MODEL_BUYERS_H
#define PT_MODEL_BUYERS_H

#include "base/err.h"
#include "base/mem.h"

/* Times are whole ticks (days) since the customer's first purchase, at most this; so are counts. */
#define PT_BUYERS_MOST ((1u << 21) - 1)

/* One customer, in the model's unit of time. */
typedef struct pt_buyer {
    double x;    /* purchases after the first */
    double last; /* when the last of them was; 0 when x is 0 */
    double age;  /* how long ago the first was; at least `last` */
} pt_buyer;

/* The distinct (x, last, age) of many customers, in order of x, then age, then last. */
typedef struct pt_buyers {
    size_t n;
    const uint32_t *x, *last, *age; /* ticks */
    const uint32_t *count;          /* customers with these; at least 1 */
    double ticks;                   /* ticks in a unit of time */
    uint32_t most_x, most_ticks;
    size_t customers;
} pt_buyers;

static inline pt_buyer pt_buyers_at(const pt_buyers *b, size_t i)
{
    return (pt_buyer){b->x[i], b->last[i] / b->ticks, b->age[i] / b->ticks};
}

/* Collapses n customers. `of` (n, may be NULL) tells which entry each became. Everything lives in the arena. PT_EINVAL when a last
 * purchase is later than the age, when somebody without a repeat has a last purchase, or a number is over PT_BUYERS_MOST. */
pt_rc pt_buyers_collapse(pt_buyers *out, uint32_t *of, const uint32_t *x, const uint32_t *last, const uint32_t *age,
                         size_t n, double ticks, pt_arena *arena, pt_err *err);

#endif
