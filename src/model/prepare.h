/* Raw features into a learner's columns. Learned from the rows that a learner is fitted on, then the same for all others. Internal
 * to pipelines (pipeline.h); docs/models.md, "Preparation of features", says what is done to which feature. */
#ifndef PT_MODEL_PREPARE_H
#define PT_MODEL_PREPARE_H

#include "base/frame.h"
#include "model/pipeline.h"

enum {
    PT_MOST_EDGES = 9,
    PT_MOST_FEATURES = 1 << 16,
    PT_MOST_NAMES = 1 << 20,
    PT_MOST_COLUMNS = 1 << 20,
    PT_MOST_CLASSES = 1 << 12
};

typedef enum pt_column_kind {
    PT_COLUMN_NUMBER,
    PT_COLUMN_MISSING, /* 1 where the feature is missing */
    PT_COLUMN_NAME,    /* 1 where the category is name `slot` (that after the last: any other name; then: missing) */
    PT_COLUMN_RANK,
    PT_COLUMN_TARGET, /* the rate of class `slot`, or the mean */
    PT_COLUMN_ITEM,   /* 1 where the list has name `slot` */
    PT_COLUMN_LENGTH, /* items of the list */
    PT_COLUMN_WOE,    /* the weight of evidence of a number, a name or a list's length */
    PT_COLUMN_KINDS
} pt_column_kind;

typedef struct pt_prepared_column {
    uint32_t feature, slot;
    pt_column_kind kind;
    bool keeps_missing; /* NaN stays NaN */
    double fill;        /* in place of a missing number or rank */
    double mean, scale; /* what the learner gets is (value - mean) * scale */
} pt_prepared_column;

/* A category's slot is the place of its name, n_names when it is another, n_names + 1 when it is missing. */
typedef struct pt_prepared_feature {
    const char *name;
    pt_feature_kind kind;
    uint32_t n_names;
    const char **names;       /* ascending by bytes */
    const double *ranks;      /* n_names + 1, of the other names last; NULL: none */
    const double *rates;      /* (n_names + 2) * n_targets, by slot; NULL: none */
    const struct pt_woe *woe; /* NULL: none; names of rare slots are in its bin of the rare */
    pt_used_feature used;     /* what was usual */
    uint32_t n_edges;         /* of numbers and lengths: bin b holds edges[b - 1] <= value < edges[b] */
    float edges[PT_MOST_EDGES];
    uint32_t n_shares; /* bins or slots, missing last */
    const double *shares;
} pt_prepared_feature;

typedef struct pt_preparer {
    size_t n_features, n_columns;
    pt_prepared_feature *features;
    pt_prepared_column *columns; /* those of a feature together, features in order */
    uint32_t n_targets;          /* rates of a name: classes, or 1 */
} pt_preparer;

/* What preparation is fitted on. */
typedef struct pt_prepare_job {
    const pt_table *table;
    const pt_row_set *rows;
    const pt_learner *learner;
    pt_task task;
    const pt_preparation *settings;
    uint64_t seed;
    pt_pool *pool;
} pt_prepare_job;

/* Everything in the arena. */
pt_rc pt_prepare_fit(pt_preparer *out, const pt_prepare_job *job, pt_arena *arena, pt_err *err);

/* A table as a preparer sees it: features found by name, names turned into slots. */
typedef struct pt_bound_feature {
    const pt_feature *feature;
    const uint32_t *slots; /* of each of the table's names; NULL of numbers */
} pt_bound_feature;

pt_rc pt_prepare_bind(pt_bound_feature **out, const pt_preparer *p, const pt_table *table, pt_arena *arena,
                      pt_err *err);
/* Columns of rows first .. first + n of the set: out[c * stride + i], i from 0. */
void pt_prepare_rows(float *out, size_t stride, const pt_preparer *p, const pt_bound_feature *bound,
                     const pt_row_set *rows, size_t first, size_t n);
/* The same by all threads; *values is for free(), also after a failure. */
pt_rc pt_prepare_range(pt_matrix *out, float **values, const pt_preparer *p, const pt_bound_feature *bound,
                       const pt_row_set *rows, size_t first, size_t n, pt_pool *pool, pt_err *err);
/* Rows that the preparer was fitted on: rates of categories are replaced by those that the other rows of the set give. */
pt_rc pt_prepare_cross_fit(float *values, size_t stride, const pt_preparer *p, const pt_bound_feature *bound,
                           const pt_prepare_job *job, pt_err *err);
uint32_t pt_prepared_slot(const pt_prepared_feature *f, const char *name); /* n_names when it is not known */
/* The bin of a number or of a length. */
uint32_t pt_prepared_bin(const pt_prepared_feature *f, float value);

void pt_prepare_save(pt_str *out, const pt_preparer *p);
/* False when the bytes are damaged or memory is short. */
bool pt_prepare_load(pt_preparer *out, pt_frame_cursor *in, pt_arena *arena);

#endif
