#include "model/special.h"

#include <math.h>

enum { ASYMPTOTIC_FROM = 10 }; /* from here on eight terms of the asymptotic series give full precision */
enum { MOST_TERMS = 4000000 };

double pt_ln_gamma(double x)
{
    int sign;

    return lgamma_r(x, &sign); /* lgamma() itself keeps a sign in a global */
}

/* Recurrence up to where the asymptotic series holds (DLMF 5.5.2, 5.11.2). */
double pt_digamma(double x)
{
    double below = 0;

    for (; x < ASYMPTOTIC_FROM; x += 1)
        below -= 1 / x;
    double s = 1 / (x * x);
    double series =
        s * (1.0 / 12 -
             s * (1.0 / 120 -
                  s * (1.0 / 252 -
                       s * (1.0 / 240 - s * (1.0 / 132 - s * (691.0 / 32760 - s * (1.0 / 12 - s * 3617.0 / 8160)))))));
    return below + log(x) - 0.5 / x - series;
}

double pt_trigamma(double x)
{
    double below = 0;

    for (; x < ASYMPTOTIC_FROM; x += 1)
        below += 1 / (x * x);
    double s = 1 / (x * x);
    double series =
        s *
        (1.0 / 6 - s * (1.0 / 30 -
                        s * (1.0 / 42 -
                             s * (1.0 / 30 - s * (5.0 / 66 - s * (691.0 / 2730 - s * (7.0 / 6 - s * 3617.0 / 510)))))));
    return below + 1 / x + s / 2 + series / x;
}

void pt_ln_gamma_table(double *value, double *first, double *second, double from, size_t n)
{
    double top = from + (double)(n - 1);

    value[n - 1] = pt_ln_gamma(top);
    if (first)
        first[n - 1] = pt_digamma(top);
    if (second)
        second[n - 1] = pt_trigamma(top);
    for (size_t k = n - 1; k-- > 0;) {
        double x = from + (double)k;
        value[k] = value[k + 1] - log(x);
        if (first)
            first[k] = first[k + 1] - 1 / x;
        if (second)
            second[k] = second[k + 1] + 1 / (x * x);
    }
}

/* Until terms no longer count; they shrink as z^k at last, which bounds what is left by term * z / (1 - z). */
static double series(double a, double b, double c, double z)
{
    double term = 1, sum = 1;

    for (double k = 0; k < MOST_TERMS; k++) {
        double ratio = (a + k) * (b + k) / ((c + k) * (k + 1)) * z;
        term *= ratio;
        sum += term;
        if (term == 0 || (fabs(ratio) < 1 && fabs(term) * fmax(fabs(ratio), z) < 1e-17 * fabs(sum) * (1 - z)))
            return sum;
        if (!isfinite(sum))
            return NAN;
    }
    return sum;
}

double pt_hypergeometric(double a, double b, double c, double z)
{
    if (!(z >= 0 && z < 1))
        return NAN;
    /* Terms grow as k^(a + b - c - 1), or with the other sign. */
    if (a + b - c <= 0)
        return series(a, b, c, z);
    double rest = series(c - a, c - b, c, z);
    return exp((c - a - b) * log1p(-z)) * rest;
}
