/* What algorithms that learn from a table of features have in common: the frame (splits, tuning, measures, explanations,
 * storage) knows them by this and by nothing else. One learner is one file; learners_list.h lists them.
 *
 * Pure: numbers in, numbers out; the pool is the caller's. The same examples, parameters and seed give the same bytes on any
 * number of threads: loops are cut into parts that do not depend on the number of workers, and sums are added up in the order of
 * the parts. */
#ifndef PT_MODEL_LEARNER_H
#define PT_MODEL_LEARNER_H

#include "base/pool.h"
#include "base/str.h"

/* Features, column by column: the value of row r and column c is values[c * stride + r]. A missing value is NaN; learners that do
 * not say PT_TAKES_MISSING are never given one. Infinite values are never given. */
typedef struct pt_matrix {
    const float *values;
    size_t rows, columns;
    size_t stride; /* at least rows */
} pt_matrix;

static inline const float *pt_matrix_column(const pt_matrix *m, size_t c)
{
    return m->values + c * m->stride;
}

typedef enum pt_task { PT_TASK_CLASSIFY = 1, PT_TASK_REGRESS = 2, PT_TASK_CLUSTER = 4 } pt_task;

/* What a learner is to learn from. */
typedef struct pt_examples {
    pt_matrix x;
    const float *y;      /* rows: the class (0..n_classes-1) or the value; NULL of clustering */
    uint32_t n_classes;  /* of classification, at least 2; else 0 */
    const float *weight; /* rows, each finite and at least 0; NULL: 1 each */
} pt_examples;

typedef enum pt_parameter_kind { PT_PARAMETER_NUMBER, PT_PARAMETER_INTEGER, PT_PARAMETER_CHOICE } pt_parameter_kind;

/* A setting of a learner: what a model file may say, what tuning tries, what docs/models.md lists. */
typedef struct pt_parameter {
    const char *name; /* "max_depth" */
    pt_parameter_kind kind;
    double preset;    /* the default; of a choice its number */
    double low, high; /* both allowed */
    const char *const
        *choices;   /* of a choice; of an integer words for its lowest values ("auto" for 0); ends with NULL */
    bool log_scale; /* tuning draws it evenly by its logarithm */
} pt_parameter;

/* How preparation is to hand over features. */
typedef enum pt_wants {
    PT_TAKES_MISSING =
        1, /* NaN stays NaN; else it is filled in, and marked in a column of its own where that tells something */
    PT_WANTS_SCALED = 2, /* mean 0, standard deviation 1 */
    PT_WANTS_ONE_HOT =
        4, /* categories as columns of 0 and 1; else each as one column of numbers (target or frequency encoding) */
    PT_WANTS_WOE = 8 /* weight of evidence of bins (model/woe.h) */
} pt_wants;

/* Loss by step (iteration, tree, epoch), for curves of over- and underfitting. Filled by fit where there are steps. */
typedef struct pt_curve {
    const char *measure; /* "log_loss", "rmse", "inertia" */
    size_t n;
    const double *train, *watched; /* n; watched is NULL when nothing was watched */
    size_t best;                   /* the step that was kept */
} pt_curve;

typedef struct pt_fit_options {
    const double *parameters; /* in the order of the learner's table; whole and within bounds */
    uint64_t seed;
    pt_pool *pool;
    const pt_examples *watched; /* early stopping looks at these; NULL: none */
    pt_arena *arena;            /* of the curve */
    pt_curve *curve;            /* may be NULL */
    /* Asked now and then; true ends the fit with PT_ECANCELED. May be NULL. */
    bool (*cancelled)(void *context);
    void *cancel_context;
} pt_fit_options;

typedef struct pt_learner {
    const char *name; /* as a model file says it: "logistic" */
    unsigned tasks;   /* pt_task, or-ed */
    unsigned wants;   /* pt_wants, or-ed */
    const pt_parameter *parameters;
    size_t n_parameters;

    /* *model is the caller's, for free. PT_EINVAL, with a reason in the user's words, for examples that nothing can be learned
     * from (no rows, one class, only missing values). */
    pt_rc (*fit)(void **model, const pt_examples *examples, pt_task task, const pt_fit_options *options, pt_err *err);
    /* Numbers a row: one a class (probabilities or scores that add up to 1), one value, or of clustering the cluster (-1: noise). */
    size_t (*outputs)(const void *model);
    /* out[row * outputs + i]. x has the columns of the examples. Any number of threads may predict with one model. */
    pt_rc (*predict)(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err);
    /* The model as bytes that do not depend on the machine's memory, and back. Bytes are not trusted: PT_ECORRUPT. */
    pt_rc (*save)(pt_str *out, const void *model, pt_err *err);
    pt_rc (*load)(void **model, pt_sv bytes, pt_err *err);
    void (*free)(void *model); /* NULL is fine */
    /* Whether it can be fitted here: PT_EENGINE when a library that it fits with is missing. NULL: it needs none. */
    pt_rc (*ready)(pt_err *err);

    /* How much each column counts, by the learner's own reckoning (gain, absolute weight); adds up to 1. NULL: it has none. */
    pt_rc (*importance)(double *out, const void *model, pt_err *err);
    /* What each column adds to a row's score (log odds of class 1, or the value): out[row * (columns + 1) + c], at last what the
     * score is without any. They add up to the score exactly but for rounding (Shapley values for trees, weight times distance
     * from the mean for linear models). NULL: the frame asks by leaving columns out. */
    pt_rc (*contributions)(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err);
} pt_learner;

const pt_learner *const *pt_learners(size_t *n);
const pt_learner *pt_learner_find(pt_sv name); /* NULL for none */
/* The number of a parameter in the learner's table; -1 for none. */
int pt_learner_parameter(const pt_learner *l, pt_sv name);

#endif
