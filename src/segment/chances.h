/* Chances that tests report: tails of Student's t and of chi-square. Pure arithmetic. */
#ifndef PT_SEGMENT_CHANCES_H
#define PT_SEGMENT_CHANCES_H

/* The two-sided chance of a value of Student's t at least this far from 0; `freedom` > 0, not necessarily whole. */
double pt_student_p(double t, double freedom);
/* The chance of a chi-square at least this large; freedom > 0. */
double pt_chi_square_p(double x, double freedom);
/* The two-sided chance of a standard normal at least this far from 0. */
double pt_normal_p(double z);

#define PT_Z95 1.959963984540054 /* 97.5 % quantile of the normal distribution */

#endif
