/* Intervals by drawing again: each row (or all rows of a group) counts as often as a Poisson number of mean 1 says, and the figures
 * are computed anew. Low and high are the 2.5 % and 97.5 % quantiles of what came out. */
#ifndef PT_MODEL_BOOTSTRAP_H
#define PT_MODEL_BOOTSTRAP_H

#include "model/measures.h"

typedef struct pt_bootstrap {
    size_t rows;
    const uint32_t *group; /* as in pt_outcome */
    size_t n_figures;
    void *context; /* read only: draws run side by side */
    /* Figures with each row counted weights[row] times. */
    void (*figures)(const void *context, const uint8_t *weights, double *out);
} pt_bootstrap;

/* Fills low and high of n_figures measures; NaN where too few draws are defined. */
pt_rc pt_bootstrap_run(pt_measured *measures, const pt_bootstrap *b, const pt_measure_options *options, pt_err *err);

#endif
