/* A study: several algorithms tried on the same rows in the same way, tuned without looking at what they are measured on, the best
 * refitted on all of them and measured on rows of a later time. What `portrait train` does with a table; all of it is pure. */
#ifndef PT_MODEL_STUDY_H
#define PT_MODEL_STUDY_H

#include "model/measures.h"
#include "model/pipeline.h"

typedef enum pt_split_by { PT_SPLIT_STRATIFIED, PT_SPLIT_PLAIN, PT_SPLIT_GROUP, PT_SPLIT_TIME } pt_split_by;

typedef struct pt_validation {
    pt_split_by
        by; /* stratified is plain when the target is a number; rows of one id stay together whatever is chosen */
    unsigned folds;   /* at least 2; 0: one hold-out */
    unsigned repeats; /* of the folds, each time shuffled anew; 0: 1 */
    double holdout;   /* share held out when folds is 0; preset 0.2 */
} pt_validation;

typedef enum pt_search { PT_SEARCH_NONE, PT_SEARCH_GRID, PT_SEARCH_RANDOM } pt_search;

typedef struct pt_tuning {
    pt_search search;
    unsigned trials; /* at most this many settings an algorithm; 0: 20 */
    unsigned folds;  /* inside each training part (nested); 0: 3 */
} pt_tuning;

/* An algorithm that takes part. */
typedef struct pt_candidate {
    const char *name; /* "logistic", or as the model file calls it */
    const pt_learner *learner;
    const double *parameters; /* all of the learner's; NULL: the presets */
    const bool *fixed;        /* which of them the model file set: tuning leaves those alone; NULL: none */
    pt_preparation preparation;
} pt_candidate;

typedef struct pt_study_plan {
    pt_task task;
    const pt_table *train; /* rows of the training as-ofs */
    const pt_table
        *test; /* of a later one, with the same features; NULL: none, and the validation figures are all there is */
    const pt_candidate *candidates;
    size_t n_candidates;
    pt_validation validation;
    pt_tuning tuning;
    const char *measure; /* what decides; NULL: log_loss, rmse or silhouette */
    uint64_t seed;
    pt_pool *pool;
    size_t min_group; /* groups of fewer rows are not described; 0: 1 */
    /* Told now and then: what is done, of how much. May be NULL. */
    void (*progress)(void *context, const char *what, size_t done, size_t of);
    void *progress_context;
    bool (*cancelled)(void *context);
    void *cancel_context;
} pt_study_plan;

typedef struct pt_candidate_result {
    const char *name;
    const pt_learner *learner;
    const double *parameters;      /* chosen by tuning on all training rows */
    const pt_measured *validation; /* on rows held out, over all folds together */
    size_t n_validation;
    const pt_measured
        *training; /* on the rows fitted on, the mean over folds: far better than validation is overfitting */
    size_t n_training;
    pt_curve curve;      /* loss by step while refitting; n 0 when there are none */
    const char *failure; /* why it could not be fitted; NULL: it could */
} pt_candidate_result;

/* A feature that alone tells the outcome too well to be honest. */
typedef struct pt_leak {
    size_t feature;
    double value; /* AUC, or R2 for numbers, of that feature alone */
} pt_leak;

typedef struct pt_feature_importance {
    size_t feature;
    double permutation, low, high; /* how much worse the deciding measure gets when the feature is shuffled */
    double shap;                   /* mean absolute contribution, as a share; NaN when there is none */
} pt_feature_importance;

/* How predictions move with one feature, all others as they are. */
typedef struct pt_dependence {
    size_t feature;
    size_t n;
    const double *at;         /* of numbers; NULL for categories */
    const char *const *names; /* of categories; NULL for numbers */
    const double *mean;       /* the mean prediction (of class 1) */
} pt_dependence;

/* One level of a category: how the model treats those who are in it. */
typedef struct pt_fairness {
    size_t feature;   /* of the table */
    const char *name; /* the level */
    size_t rows;
    double actual, predicted; /* mean outcome, mean prediction (of class 1) */
    double selected;          /* share predicted as class 1; NaN for values */
    double true_positive, false_positive;
    pt_measured auc; /* or rmse */
} pt_fairness;

typedef struct pt_study {
    pt_task task;
    size_t n_candidates;
    const pt_candidate_result *candidates;
    size_t chosen;
    const char *measure;        /* what decided */
    pt_pipeline *pipeline;      /* the chosen one, fitted on all training rows; free with pt_study_free */
    const char *part;           /* what the rest is measured on: "test", or "validation" when there is no test */
    const pt_measured *figures; /* of the chosen one on that part */
    size_t n_figures;
    double threshold;          /* of class 1 for decisions; chosen on validation rows for the best F1 */
    const uint64_t *confusion; /* n_classes * n_classes; NULL when not classifying */
    const pt_class_curves
        *curves; /* of class 1; of each class when there are more than two; NULL when not classifying */
    size_t n_curves;
    const pt_leak *leaks;
    size_t n_leaks;
    const pt_feature_importance *importance; /* falling */
    size_t n_importance;
    const pt_dependence *dependence; /* of the features that count most */
    size_t n_dependence;
    const pt_fairness *fairness; /* by the levels of categories set aside and of those named gender, age and the like */
    size_t n_fairness;
    const uint64_t *cluster_sizes; /* of clustering, by cluster; the last are those of no cluster */
    size_t n_clusters;
} pt_study;

/* *out lives in the arena but for its pipeline. PT_EINVAL, in the user's words, when no candidate could be fitted. */
pt_rc pt_model_study(pt_study *out, const pt_study_plan *plan, pt_arena *arena, pt_err *err);
void pt_study_free(pt_study *s); /* NULL is fine */

#endif
