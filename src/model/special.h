/* Special functions of positive arguments that models of buying need. Pure arithmetic; against references in
 * tests/model/test_special.c. */
#ifndef PT_MODEL_SPECIAL_H
#define PT_MODEL_SPECIAL_H

#include <stddef.h>

double pt_ln_gamma(double x); /* x > 0 */
double pt_digamma(double x);  /* its first derivative */
double pt_trigamma(double x); /* its second */

/* ln gamma(from + k) and its derivatives for k = 0..n-1, by their recurrences from the upper end down; errors are
 * those of rounding the value there. The arrays hold n; first and second may be NULL. from > 0, n > 0. */
void pt_ln_gamma_table(double *value, double *first, double *second, double from, size_t n);

/* Gauss's hypergeometric function 2F1(a, b; c; z) for 0 <= z < 1, c not 0, -1, ...; by whichever of the series and that of
 * Euler's transformation (DLMF 15.8.1) shrinks faster. The number of terms grows as 1 / (1 - z). NaN where it overflows. */
double pt_hypergeometric(double a, double b, double c, double z);

#endif
