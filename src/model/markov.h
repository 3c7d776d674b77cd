/* Chains of states: what becomes of everybody when each step moves a share p[from * n + to] of those in `from`. Rows add up to 1. */
#ifndef PT_MODEL_MARKOV_H
#define PT_MODEL_MARKOV_H

#include "base/err.h"

enum { PT_MARKOV_MOST = 64 };

/* Where everybody is after very many steps, in the mean over the steps if they go round in circles; `start` and `share` add up to 1.
 * At most PT_MARKOV_MOST states. */
pt_rc pt_markov_long_run(double *share, const double *p, const double *start, size_t n, pt_err *err);
/* steps[i]: expected steps from i until `to` is first reached; 0 for `to`; infinite where it may never be reached. */
pt_rc pt_markov_first_passage(double *steps, const double *p, size_t n, size_t to, pt_err *err);

#endif
