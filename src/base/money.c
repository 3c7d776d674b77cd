#include "base/money.h"

#include <inttypes.h>
#include <stdio.h>

typedef unsigned __int128 wide;

/* INT64_MIN is how money says missing, so no amount may reach it. */
static bool put(int64_t *out, bool negative, wide magnitude)
{
    if (magnitude > INT64_MAX)
        return false;
    *out = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

static uint64_t magnitude_of(int64_t v)
{
    return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

bool pt_money_parse(int64_t *out, pt_sv s)
{
    size_t at = 0, digits = 0, decimals = 0;
    wide units = 0;
    bool negative = false, up = false;

    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        negative = s.ptr[at++] == '-';
    for (; at < s.len && pt_is_digit(s.ptr[at]); at++, digits++) {
        units = units * 10 + (unsigned)(s.ptr[at] - '0');
        if (units > INT64_MAX)
            return false;
    }
    if (at < s.len && s.ptr[at] == '.') {
        for (at++; at < s.len && pt_is_digit(s.ptr[at]); at++, digits++, decimals++) {
            if (decimals < PT_MONEY_DIGITS)
                units = units * 10 + (unsigned)(s.ptr[at] - '0');
            else if (decimals == PT_MONEY_DIGITS)
                up = s.ptr[at] >= '5'; /* this digit alone decides: a half goes away from zero */
        }
    }
    if (at != s.len || digits == 0)
        return false;
    for (; decimals < PT_MONEY_DIGITS; decimals++)
        units *= 10;
    return put(out, negative, units + up);
}

size_t pt_money_format(char *buf, int64_t units)
{
    uint64_t magnitude = magnitude_of(units);
    unsigned fraction = (unsigned)(magnitude % PT_MONEY_UNIT);
    int decimals = fraction % 100 == 0 ? 2 : fraction % 10 == 0 ? 3 : 4;
    static const unsigned drop[] = {[2] = 100, [3] = 10, [4] = 1};

    return (size_t)snprintf(buf, 32, "%s%" PRIu64 ".%0*u", units < 0 ? "-" : "", magnitude / PT_MONEY_UNIT, decimals,
                            fraction / drop[decimals]);
}

bool pt_money_add(int64_t *out, int64_t a, int64_t b)
{
    return !__builtin_add_overflow(a, b, out) && *out != PT_I64_MISSING;
}

bool pt_money_sub(int64_t *out, int64_t a, int64_t b)
{
    return !__builtin_sub_overflow(a, b, out) && *out != PT_I64_MISSING;
}

/* |v| = mantissa x 2^exponent, exactly; the mantissa has at most 53 bits. */
static uint64_t split(double v, int *exponent)
{
    double fraction = frexp(fabs(v), exponent);

    *exponent -= 53;
    return (uint64_t)ldexp(fraction, 53);
}

static wide divide_rounded(wide n, wide d)
{
    wide q = n / d, r = n % d;

    return q + (r >= d - r);
}

static int bits_of(wide v)
{
    int n = 0;

    for (; v; v >>= 1)
        n++;
    return n;
}

bool pt_money_mul(int64_t *out, int64_t a, double b)
{
    int exponent;

    if (!isfinite(b))
        return false;
    wide product = (wide)magnitude_of(a) * split(b, &exponent); /* below 2^117 */
    bool negative = (a < 0) != (b < 0);
    if (product == 0)
        return put(out, false, 0);
    if (exponent >= 0)
        return bits_of(product) + exponent <= 63 && put(out, negative, product << exponent);
    if (exponent < -118) /* less than a half */
        return put(out, false, 0);
    return put(out, negative, divide_rounded(product, (wide)1 << -exponent));
}

bool pt_money_div(int64_t *out, int64_t a, double b)
{
    int exponent;

    if (!isfinite(b) || b == 0)
        return false;
    wide n = magnitude_of(a), d = split(b, &exponent);
    bool negative = (a < 0) != (b < 0);
    if (n == 0 || exponent > 65) /* the quotient is less than a half */
        return put(out, false, 0);
    if (exponent >= 0)
        return put(out, negative, divide_rounded(n, d << exponent));
    if (bits_of(n) - exponent > 117) /* the quotient needs more than 63 bits: d has at most 53 */
        return false;
    return put(out, negative, divide_rounded(n << -exponent, d));
}

int64_t pt_money_mean(__int128 sum, uint64_t count)
{
    wide magnitude = sum < 0 ? -(wide)sum : (wide)sum;
    wide mean = divide_rounded(magnitude, count);

    return sum < 0 ? -(int64_t)mean : (int64_t)mean;
}

bool pt_money_from_double(int64_t *out, double v)
{
    return pt_money_mul(out, PT_MONEY_UNIT, v);
}
