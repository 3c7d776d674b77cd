/* Chances that tests report: tails of Student's t, of chi-square and of the beta distribution. Pure arithmetic. */
#ifndef PT_BASE_CHANCES_H
#define PT_BASE_CHANCES_H

/* The two-sided chance of a value of Student's t at least this far from 0; `freedom` > 0, not necessarily whole. */
double pt_student_p(double t, double freedom);
/* The chance of a chi-square at least this large; freedom > 0. */
double pt_chi_square_p(double x, double freedom);
/* The two-sided chance of a standard normal at least this far from 0. */
double pt_normal_p(double z);
/* The regularised incomplete beta function I_x(a, b): the chance of at most x of Beta(a, b). `y` is 1 - x, given apart so that
 * neither loses digits. a, b > 0. */
double pt_incomplete_beta(double a, double b, double x, double y);

#define PT_Z95 1.959963984540054 /* 97.5 % quantile of the normal distribution */

#endif
