#include "base/chances.h"

#include <math.h>

enum { MOST_STEPS = 100000 }; /* continued fractions take about the square root of their larger parameter */
static const double CLOSE = 1e-15, TINY = 1e-300;
static const double NORMAL_FROM = 1e8; /* degrees of freedom at which Student's t is normal to nine digits */

static double ln_gamma(double x)
{
    int sign;

    return lgamma_r(x, &sign); /* lgamma() itself keeps a sign in a global */
}

static double away_from_zero(double x)
{
    return fabs(x) < TINY ? TINY : x;
}

/* --- Student ---------------------------------------------------------------------------------------------------------------- */

/* The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method; x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), h = d;

    for (double m = 1; m <= MOST_STEPS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        h *= d * c;
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        h *= d * c;
        if (fabs(d * c - 1) < CLOSE)
            break;
    }
    return h;
}

double pt_incomplete_beta(double a, double b, double x, double y)
{
    if (x <= 0 || y <= 0)
        return x <= 0 ? 0 : 1;
    double front = exp(ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * log(x) + b * log(y));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, y) / b;
}

double pt_normal_p(double z)
{
    return erfc(fabs(z) / sqrt(2));
}

double pt_student_p(double t, double freedom)
{
    if (isnan(t) || !(freedom > 0))
        return NAN;
    if (freedom >= NORMAL_FROM || isinf(t))
        return pt_normal_p(t);
    double all = freedom + t * t;
    return pt_incomplete_beta(freedom / 2, 0.5, freedom / all, t * t / all);
}

/* --- chi-square ------------------------------------------------------------------------------------------------------------- */

/* The regularised lower incomplete gamma function by its series (DLMF 8.11.4); x < a + 1. */
static double gamma_series(double a, double x)
{
    double term = 1 / a, sum = term;

    for (double n = 1; n <= MOST_STEPS && term > sum * CLOSE; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum * exp(a * log(x) - x - ln_gamma(a));
}

/* The upper one by its continued fraction (DLMF 8.9.2) by Lentz's method; x >= a + 1. */
static double gamma_fraction(double a, double x)
{
    double b = x + 1 - a, c = 1 / TINY, d = 1 / away_from_zero(b), h = d;

    for (double n = 1; n <= MOST_STEPS; n++) {
        double top = -n * (n - a);
        b += 2;
        d = 1 / away_from_zero(top * d + b);
        c = away_from_zero(b + top / c);
        h *= d * c;
        if (fabs(d * c - 1) < CLOSE)
            break;
    }
    return h * exp(a * log(x) - x - ln_gamma(a));
}

double pt_chi_square_p(double x, double freedom)
{
    double a = freedom / 2;

    if (isnan(x) || !(freedom > 0))
        return NAN;
    if (x <= 0)
        return 1;
    if (freedom == 1)
        return erfc(sqrt(x / 2));
    return x / 2 < a + 1 ? 1 - gamma_series(a, x / 2) : gamma_fraction(a, x / 2);
}
