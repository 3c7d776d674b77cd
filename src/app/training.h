/* Training sets: what was known of customers on past days, and what came after. Tags are the features; nothing later than a day's as-of
 * reaches them. */
#ifndef PT_APP_TRAINING_H
#define PT_APP_TRAINING_H

#include "app/learn.h"
#include "model/table.h"

/* The tags that a model learns from, and why others are left out. */
typedef enum pt_left_out {
    PT_LEFT_NOT,       /* it is learned from */
    PT_LEFT_EXCEPT,    /* the model file says so */
    PT_LEFT_MODEL,     /* it rests on what a model gives */
    PT_LEFT_QUERY,     /* it rests on a query, which says nothing of past days */
    PT_LEFT_BASE,      /* it compares with all customers as of the build, which past days did not know */
    PT_LEFT_TEXT,      /* free text */
    PT_LEFT_SENSITIVE, /* sensitive personal information, that must be asked for */
    PT_LEFT_TARGET,    /* the target, which does not look ahead, rests on it */
    PT_LEFT_CONSTANT,  /* one value, or none */
    PT_LEFT_IDS        /* nearly every customer has a value of its own */
} pt_left_out;

typedef struct pt_training_features {
    const uint32_t *tags; /* first those that are learned from, then those of `fairness` alone */
    size_t n, n_aside;
    const pt_left_out *left_out; /* by tag of the project; none of those that are learned from */
} pt_training_features;

/* By the definitions alone: constants and ids show in the data. PT_EINVAL when a tag that the file names cannot be learned from. */
pt_rc pt_training_choose(pt_training_features *out, const pt_project *p, const pt_model_def *def, pt_arena *arena,
                         pt_err *err);
/* Tags that rest, at any depth, on what models give. */
pt_rc pt_model_dependents(bool **out, const pt_project *p, pt_arena *arena, pt_err *err);

/* Fills in the dates that the model file leaves open (docs/models.md); refuses those whose outcome is not known yet. */
pt_rc pt_training_dates(pt_learn_request *request, int64_t first, pt_arena *arena, pt_err *err);

/* The latest day whose outcome the data tell; and whether they tell that of a day: PT_EINVAL. */
int64_t pt_training_latest(const pt_learn_request *request);
pt_rc pt_training_check_day(const pt_learn_request *request, int64_t day, pt_err *err);

/* One row for each customer of the population on each day whose outcome is known (without a target: for each customer). */
pt_rc pt_training_table(pt_table *out, const pt_learn_request *request, const int64_t *days, size_t n_days,
                        const pt_training_features *features, pt_arena *arena, pt_err *err);
/* Rows to score: no target. ordinals[r] is whom row r is about. */
pt_rc pt_scoring_table(pt_table *out, const uint32_t **ordinals, const pt_score_request *request, const uint32_t *tags,
                       size_t n_tags, pt_arena *arena, pt_err *err);
/* The row of one customer alone, from the columns of the view's build. *found is false when the build has no column of some tag. */
pt_rc pt_scoring_row(pt_table *out, bool *found, const pt_score_request *request, const uint32_t *tags, size_t n_tags,
                     uint32_t ordinal, pt_arena *arena, pt_err *err);
/* Leaves out constants and ids, where they were not named in the file; marks them in `features`. */
pt_rc pt_training_prune(pt_table *table, pt_training_features *features, const pt_model_def *def, pt_arena *arena,
                        pt_err *err);

#endif
