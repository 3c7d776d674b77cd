/* Money: exact decimals in units of 1/10,000 of the currency, in an int64 (up to about 922 million million).
 * Every operation reports overflow; results that need more digits round half away from zero, which is also what
 * DuckDB's DECIMAL cast does. */
#ifndef PT_BASE_MONEY_H
#define PT_BASE_MONEY_H

#include "base/type.h"

/* "12.5", "-0.0001", "1e3" is refused. False on bad text or overflow. More than four decimals round. */
bool pt_money_parse(int64_t *out, pt_sv s);
/* At least two decimals, at most four ("12.50", "0.0001"). buf holds 32 bytes; returns the length. */
size_t pt_money_format(char *buf, int64_t units);
bool pt_money_add(int64_t *out, int64_t a, int64_t b);
bool pt_money_sub(int64_t *out, int64_t a, int64_t b);
/* money x number and money / number: the number is taken exactly as the double it is, the product rounded once. */
bool pt_money_mul(int64_t *out, int64_t a, double b);
bool pt_money_div(int64_t *out, int64_t a, double b);
/* sum / count, rounded half away from zero: the average of exact values. count > 0. */
int64_t pt_money_mean(__int128 sum, uint64_t count);
/* The double nearest to the amount in whole currency. */
static inline double pt_money_double(int64_t units)
{
    return (double)units / (double)PT_MONEY_UNIT;
}
/* False when not finite or out of range. */
bool pt_money_from_double(int64_t *out, double v);

#endif
