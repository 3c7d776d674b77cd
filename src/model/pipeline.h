/* Preparation and learner as one thing, fitted, used, stored and explained together. What preparation learns (means, bins, rates of
 * categories) it learns from the rows that the learner is fitted on, and from no others: what is measured on held-out rows holds. */
#ifndef PT_MODEL_PIPELINE_H
#define PT_MODEL_PIPELINE_H

#include "model/learner.h"
#include "model/table.h"

typedef enum pt_encoding {
    PT_ENCODE_AUTO,    /* as the learner wants it: weight of evidence, one-hot while there are few names, else target */
    PT_ENCODE_ONE_HOT, /* a column of 0 and 1 for each frequent name, one for the rest */
    PT_ENCODE_ORDINAL, /* the rank of the name: by its order when it has one, else by how frequent it is */
    PT_ENCODE_TARGET   /* the mean target of the name, shrunk to the overall mean, cross-fitted */
} pt_encoding;

typedef struct pt_preparation {
    pt_encoding encoding;
    double rare_share;    /* names of fewer rows than this share are taken together; preset 0.005 */
    size_t rare_rows;     /* as are those of fewer rows than this; nor is it marked when fewer are missing; preset 10 */
    size_t most_names;    /* columns a category or a list may become; preset 32 */
    double shrinkage;     /* target encoding: rows that the overall mean counts for; preset 20 */
    bool balance_classes; /* weights that make all classes count the same */
} pt_preparation;

extern const pt_preparation pt_preparation_preset;

typedef struct pt_pipeline_options {
    const pt_learner *learner;
    pt_task task;
    const double *parameters; /* as in pt_fit_options; NULL: the presets */
    pt_preparation preparation;
    uint64_t seed;
    pt_pool *pool;
    const pt_row_set *watched; /* rows of the same table for early stopping and curves; NULL: none */
    pt_arena *arena;           /* of the curve */
    pt_curve *curve;           /* may be NULL; n is 0 when the learner has no steps */
    bool (*cancelled)(void *context);
    void *cancel_context;
} pt_pipeline_options;

typedef struct pt_pipeline pt_pipeline;

/* Free with pt_pipeline_free. The table need not outlive it. PT_EINVAL, in the user's words, when nothing can be learned. */
pt_rc pt_pipeline_fit(pt_pipeline **out, const pt_table *table, const pt_row_set *rows,
                      const pt_pipeline_options *options, pt_err *err);
void pt_pipeline_free(pt_pipeline *p); /* NULL is fine */

/* Numbers a row: one a class (they add up to 1); one value; of clustering the cluster (-1: of none). */
size_t pt_pipeline_outputs(const pt_pipeline *p);
/* out[i * outputs + k] for the i-th of `rows`. Features are found by name and categories by text, whatever else the table holds;
 * PT_EINVAL names a feature that is not there or is of another kind. Missing values and names never seen are fine. Any number of
 * threads may use one pipeline. */
pt_rc pt_pipeline_predict(float *out, const pt_pipeline *p, const pt_table *table, const pt_row_set *rows,
                          pt_pool *pool, pt_err *err);

/* Bytes that hold for any machine of the same byte order, and back. Bytes are not trusted: PT_ECORRUPT. */
pt_rc pt_pipeline_save(pt_str *out, const pt_pipeline *p, pt_err *err);
pt_rc pt_pipeline_load(pt_pipeline **out, pt_sv bytes, pt_err *err);

/* --- what it is ----------------------------------------------------------------------------------------------------- */

const pt_learner *pt_pipeline_learner(const pt_pipeline *p);
pt_task pt_pipeline_task(const pt_pipeline *p);
uint32_t pt_pipeline_n_classes(const pt_pipeline *p); /* of classification, else 0 */
const char *pt_pipeline_class(const pt_pipeline *p, uint32_t c);
const double *pt_pipeline_parameters(const pt_pipeline *p);
size_t
pt_pipeline_n_features(const pt_pipeline *p); /* the raw ones that are used, in the order of the table of training */
size_t pt_pipeline_n_columns(const pt_pipeline *p); /* what the learner was given */

/* What was usual in training: what a customer's reasons compare with. */
typedef struct pt_used_feature {
    const char *name;
    pt_feature_kind kind;
    float median, low, high;   /* of numbers, low and high the quartiles; NaN when all were missing */
    const char *most_frequent; /* of categories; NULL when all were missing */
    double missing;            /* share of rows */
} pt_used_feature;

pt_used_feature pt_pipeline_feature(const pt_pipeline *p, size_t i);
/* The raw feature and a description of column c ("city = Beijing", "spend missing"), for readers of rules and weights. */
size_t pt_pipeline_column(const pt_pipeline *p, size_t c, pt_str *description);
/* The bins of column c where it is a weight of evidence, else NULL; of categories *names are those of its codes. */
const struct pt_woe *pt_pipeline_woe(const pt_pipeline *p, size_t c, const char *const **names);
const void *pt_pipeline_model(const pt_pipeline *p); /* the learner's */
/* From which probability on class 1 is meant (of two classes); 0.5 until a study chose another. Stored with the pipeline. */
double pt_pipeline_threshold(const pt_pipeline *p);
void pt_pipeline_set_threshold(pt_pipeline *p, double threshold);
/* Notes how predictions spread over these rows (class 1, the value, the cluster), for drift (drift.h). */
pt_rc pt_pipeline_note_scores(pt_pipeline *p, const pt_table *table, const pt_row_set *rows, pt_pool *pool,
                              pt_err *err);

/* What the learner would be given of the rows; *values is for free(). */
pt_rc pt_pipeline_columns(pt_matrix *out, float **values, const pt_pipeline *p, const pt_table *table,
                          const pt_row_set *rows, pt_pool *pool, pt_err *err);

/* --- why ------------------------------------------------------------------------------------------------------------ */

/* What each raw feature counts by the learner's own reckoning; adds up to 1. PT_ENOTFOUND when the learner has none. */
pt_rc pt_pipeline_importance(double *out, const pt_pipeline *p, pt_err *err);
/* What each raw feature adds to the score of a row: out[i * (n_features + 1) + f], at last the score without any. From the
 * learner's contributions (one-hot columns and missing marks are added to their feature); a learner that has none is asked with
 * each feature set to what was usual, one after the other, on the log odds (classification into two) or the value. Not of
 * clustering and not of more than two classes: PT_ENOTFOUND. */
pt_rc pt_pipeline_contributions(float *out, const pt_pipeline *p, const pt_table *table, const pt_row_set *rows,
                                pt_pool *pool, pt_err *err);

#endif
