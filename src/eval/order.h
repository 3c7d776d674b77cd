/* What order statistics share, of one customer's events and of all customers. */
#ifndef PT_EVAL_ORDER_H
#define PT_EVAL_ORDER_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Doubles as integers of the same order, and back. */
static inline int64_t order_key(double v)
{
    int64_t bits;

    v += 0.0; /* -0 is 0 */
    memcpy(&bits, &v, sizeof bits);
    return bits < 0 ? INT64_MIN - bits : bits;
}

static inline double order_number(int64_t key)
{
    double v;

    key = key < 0 ? INT64_MIN - key : key;
    memcpy(&v, &key, sizeof v);
    return v;
}

/* a + part (b - a) for a <= b and 0 <= part < 1, exactly, then rounded half away from zero. */
static inline int64_t order_between(int64_t a, int64_t b, double part)
{
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(part, &exponent), 53);
    int shift = 53 - exponent; /* part = mantissa / 2^shift, shift >= 53 */
    unsigned __int128 product = (unsigned __int128)((uint64_t)b - (uint64_t)a) * mantissa; /* below 2^117 */

    if (part == 0 || shift > 118) /* less than a quarter */
        return a;
    unsigned __int128 half = (unsigned __int128)1 << (shift - 1), rest = product & (half * 2 - 1);
    int64_t down = (int64_t)((uint64_t)a + (uint64_t)(product >> shift));
    return rest > half || (rest == half && down >= 0) ? down + 1 : down;
}

#endif
