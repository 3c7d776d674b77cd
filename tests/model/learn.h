/* What tests of learners share: examples from a seed (tests/model/reference.py makes the same), fitting, and the claims that every
 * learner must keep. */
#ifndef TESTS_MODEL_LEARN_H
#define TESTS_MODEL_LEARN_H

#include "model/learner.h"

/* Numbers evenly in [0, 1), multiples of 2^-24: Knuth's linear congruence, as in reference.py. */
typedef struct lcg {
    uint64_t state;
} lcg;
float lcg_next(lcg *g);

typedef struct example_set {
    pt_examples e;
    float *x, *y, *w;
} example_set;

/* Columns in [-1, 1); the target is the class that a linear score with noise falls into, or the score. With `weighted`,
 * weights in [0.5, 1.5). The same numbers as `examples` of reference.py. */
example_set example_set_new(size_t rows, size_t columns, uint32_t classes, bool weighted, uint64_t seed);
/* Classes 0 and 1 by whether the point lies within a ring: no line parts them. */
example_set example_set_ring(size_t rows, size_t columns, uint64_t seed);
void example_set_free(example_set *s);

/* The learner's defaults, with up to four settings changed: {"c", 2}; ends with a NULL name. `out` has 32 places. */
typedef struct setting {
    const char *name;
    double value;
} setting;
void learn_parameters(double *out, const pt_learner *l, const setting *settings);

/* Fits on `threads` threads; fails the test when that fails. */
void *learn_fit(const pt_learner *l, const pt_examples *e, pt_task task, const setting *settings, unsigned threads);
/* rows * outputs of predictions; free(). */
float *learn_predict(const pt_learner *l, const void *model, const pt_matrix *x);
/* The code and message of a fit that must fail. */
void learn_refused(const pt_learner *l, const pt_examples *e, pt_task task, pt_rc code, const char *part_of_message);

/* The same bytes with 1, 2 and 5 threads; saved, loaded and saved again the same bytes and predictions; cut, grown and changed
 * bytes are refused or at least harmless; probabilities add up to 1. */
void learn_check(const pt_learner *l, const pt_examples *e, pt_task task, const setting *settings);
/* Contributions add up to the score: log odds of the prediction, or its value. */
void learn_check_contributions(const pt_learner *l, const void *model, const pt_matrix *x, pt_task task, double within);

/* Share of rows whose largest output is the target. */
double learn_accuracy(const pt_learner *l, const void *model, const pt_examples *e);

#endif
