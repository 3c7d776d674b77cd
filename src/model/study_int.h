/* The parts of a study. Internal. */
#ifndef PT_MODEL_STUDY_INT_H
#define PT_MODEL_STUDY_INT_H

#include "model/splits.h"
#include "model/study.h"

enum {
    STUDY_COMPARED_ROWS = 200000, /* algorithms are compared on at most this many rows, */
    STUDY_TUNED_ROWS = 50000,     /* settings on at most this many, */
    STUDY_TOLD_ROWS = 20000,      /* importance is measured on at most this many, */
    STUDY_SEEN_ROWS = 1000,       /* dependence drawn through this many, */
    STUDY_PAIRED_ROWS = 10000     /* and the distances of this many taken to one another */
};

typedef struct study_run {
    const pt_study_plan *plan;
    pt_study *out;
    pt_row_set all;      /* rows of plan->train */
    pt_row_set compared; /* those that algorithms are compared on */
    pt_split *splits;
    size_t n_splits;
    const char *measure;
    pt_arena *arena;
    pt_err *err;
} study_run;

/* What was predicted of rows of a table, and what came of them. */
typedef struct study_part {
    const pt_table *table;
    pt_row_set rows; /* the same row more than once when folds are repeated */
    float *predicted, *actual;
    uint32_t *group; /* of the same customer; NULL when every row is another's */
    size_t outputs;
} study_part;

/* Fits with settings; rows for early stopping are taken out of `rows` where the learner wants some. */
pt_rc study_fit(pt_pipeline **out, const study_run *run, const pt_candidate *c, const double *parameters,
                const pt_row_set *rows, pt_curve *curve);
/* The settings that do best inside the rows; those of the candidate when there is nothing to tune. */
pt_rc study_tune(double *parameters, const study_run *run, const pt_candidate *c, const pt_row_set *rows);
/* The settings of a candidate before tuning. */
void study_given(double *parameters, const pt_candidate *c);

/* Predictions of a pipeline for rows; the arrays in the run's arena. */
pt_rc study_predict(study_part *out, const study_run *run, const pt_pipeline *p, const pt_table *table,
                    const pt_row_set *rows);
pt_outcome study_outcome(const study_part *part);
/* The deciding measure alone, and whether one value of it is better than another. */
pt_rc study_score(double *out, const study_run *run, const pt_outcome *o);
bool study_better(const study_run *run, double a, double b);
/* Numbers for whom rows are about, from 0, when some are about the same; else NULL. */
pt_rc study_groups(uint32_t **out, const study_run *run, const pt_table *table, const pt_row_set *rows, bool repeated);

/* The rest of the study, of the chosen pipeline. */
pt_rc study_describe(study_run *run, const study_part *part);
pt_rc study_explain(study_run *run, const pt_pipeline *measured, const pt_table *table, const pt_row_set *rows);
pt_rc study_find_leaks(study_run *run);
pt_rc study_clusters(study_run *run);
pt_rc study_note_scores(study_run *run);

static inline bool study_stopped(const study_run *run)
{
    return run->plan->cancelled && run->plan->cancelled(run->plan->cancel_context);
}

#endif
