#include <math.h>

#include "model/net_int.h"

/* x = n ln 2 + r, |r| <= ln 2 / 2; e^r by its series, of which the 14th term is below 1e-17. */
double net_exp(double x)
{
    double n, r, sum = 1;

    if (x < -700)
        return 0;
    x = x > 700 ? 700 : x;
    n = rint(x * 1.4426950408889634);
    r = x - n * 0x1.62e42fefa3800p-1 - n * 0x1.ef35793c76730p-45;
    for (int i = 14; i > 0; i--)
        sum = 1 + r / i * sum;
    return ldexp(sum, (int)n);
}

/* x = m 2^n, sqrt(1/2) <= m < sqrt(2); ln m = 2 artanh(s), s = (m - 1) / (m + 1) <= 0.172, by its series. */
double pt_net_log(double x)
{
    int n;
    double m = frexp(x, &n), sum = 0;

    if (m < 0.70710678118654752) {
        m *= 2;
        n--;
    }
    double s = (m - 1) / (m + 1);
    for (int i = 23; i > 0; i -= 2)
        sum = sum * s * s + 1.0 / i;
    return n * 0.69314718055994531 + 2 * s * sum;
}

/* Of probabilities. Those below 1e-15 count as that. */
double net_log_loss(const float *p, size_t outputs, uint32_t label)
{
    double right = outputs > 1 ? (double)p[label] : label ? (double)p[0] : 1 - (double)p[0];

    return -pt_net_log(right > 1e-15 ? right : 1e-15);
}
