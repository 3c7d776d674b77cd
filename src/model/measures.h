/* How good predictions are, each figure with an interval. Every figure is computed with the row weights left out: a model may be
 * fitted with weights, but what it does is counted by rows. */
#ifndef PT_MODEL_MEASURES_H
#define PT_MODEL_MEASURES_H

#include "base/mem.h"
#include "base/pool.h"

/* A figure and the interval that holds it in 95 of 100 samples like this one; low and high are NaN where none is defined. */
typedef struct pt_measured {
    const char *name; /* "auc", "rmse": docs/models.md lists them */
    double value, low, high;
} pt_measured;

/* What was predicted and what came. */
typedef struct pt_outcome {
    size_t n;
    size_t outputs;         /* of a row: classes, or 1 */
    const float *predicted; /* n * outputs: probabilities, or values */
    const float *actual;    /* n: classes or values */
    /* n, numbered from 0: rows of one group are drawn together for intervals; NULL: each row by itself. */
    const uint32_t *group;
} pt_outcome;

typedef struct pt_measure_options {
    unsigned draws; /* of the bootstrap; 0: 200, of more than 200,000 rows 100 */
    uint64_t seed;
    pt_pool *pool;
    double threshold; /* of two classes: class 1 is meant from this probability on; 0: when it is the likelier */
} pt_measure_options;

/* All measures of a classification or a regression, in the order of docs/models.md; *out is in the arena. PT_EINVAL when there are
 * no rows. Figures that are not defined (AUC of one class) are NaN. */
pt_rc pt_measure_classes(const pt_measured **out, size_t *n, const pt_outcome *o, const pt_measure_options *options,
                         pt_arena *arena, pt_err *err);
pt_rc pt_measure_values(const pt_measured **out, size_t *n, const pt_outcome *o, const pt_measure_options *options,
                        pt_arena *arena, pt_err *err);
/* NULL when it is not among them. */
const pt_measured *pt_measured_find(const pt_measured *measures, size_t n, const char *name);

/* Whether more of it is better: of "auc" yes, of "rmse" no. */
bool pt_measure_rises(const char *name);

typedef struct pt_point {
    double x, y;
} pt_point;

/* One bin of predicted probability: what was said and what came. */
typedef struct pt_calibration_bin {
    double low, high; /* of predictions, low <= p < high; the last holds 1 */
    size_t rows;
    double predicted, actual; /* means */
} pt_calibration_bin;

/* One tenth of the rows, by falling prediction. */
typedef struct pt_lift_row {
    size_t rows, hits;
    double rate, lift;      /* of this tenth */
    double gain;            /* share of all hits in this tenth and those above */
    double cumulative_lift; /* of this tenth and those above */
    double threshold;       /* the lowest prediction in it */
} pt_lift_row;

/* The details behind the figures, of class 1 against the rest (of several classes: of each class, one after the other). */
typedef struct pt_class_curves {
    const pt_point *roc; /* false positive rate, true positive rate; at most 201 points */
    size_t n_roc;
    const pt_point *pr; /* recall, precision */
    size_t n_pr;
    pt_calibration_bin calibration[10];
    pt_lift_row lift[10];
} pt_class_curves;

pt_rc pt_measure_curves(pt_class_curves *out, const pt_outcome *o, uint32_t class_code, pt_arena *arena, pt_err *err);
/* counts[actual * classes + predicted]; the class with the highest probability, the first of equal ones (of two classes, class 1 from
 * a probability of `threshold` on). */
void pt_measure_confusion(uint64_t *counts, const pt_outcome *o, double threshold);

/* Single figures, by rows; NaN where not defined. `hit` is 0 or 1. */
pt_rc pt_auc(double *out, const float *score, const uint8_t *hit, size_t n, pt_err *err); /* ties count half */
pt_rc pt_average_precision(double *out, const float *score, const uint8_t *hit, size_t n,
                           pt_err *err); /* PR AUC by steps */
pt_rc pt_ks(double *out, const float *score, const uint8_t *hit, size_t n, pt_err *err);

#endif
