/* Who is like a group of customers that is given as examples (the seed). The seed is known, everybody else may or may not be like
 * it: learning from positive and unlabelled examples. Classifiers are trained on all of the seed against samples of the others, many
 * times (bagging: Mordelet, Vert 2014); what share of the others is like the seed, and how likely one is, follows from how sure the
 * classifiers are of seed customers they have not seen (Elkan, Noto 2008). How well it works is measured by hiding parts of the
 * seed and looking where they come out. docs/models.md, "Lookalike customers". Pure. */
#ifndef PT_MODEL_LOOKALIKE_H
#define PT_MODEL_LOOKALIKE_H

#include "model/pipeline.h"

enum { PT_LOOKALIKE_LEAST = 20, PT_LOOKALIKE_DEPTHS = 8 }; /* seed customers; depths that are measured */

typedef struct pt_lookalike_options {
    const pt_learner *learner;         /* of classification */
    const double *parameters;          /* NULL: the presets */
    const pt_preparation *preparation; /* NULL: the presets */
    unsigned bags;                     /* 1..100; 0: 10 */
    unsigned folds;                    /* parts of the seed that are hidden in turn, 2..10; 0: 5 */
    uint64_t seed;
    pt_pool *pool;
    void (*progress)(void *context, size_t done, size_t of); /* may be NULL */
    void *progress_context;
    bool (*cancelled)(void *context); /* may be NULL */
    void *cancel_context;
} pt_lookalike_options;

/* Of the customers that are not in the seed, the likest first, and hidden seed customers among them. */
typedef struct pt_lookalike_depth {
    double share;     /* of them all: 0.01, 0.02, 0.05, ... 1 */
    double found;     /* share of the hidden that is within: `share` by chance */
    double precision; /* expected share of those within who are like the seed */
} pt_lookalike_depth;

typedef struct pt_lookalike pt_lookalike;

/* in_seed: rows of the table. PT_EINVAL, in the user's words, for a seed that is too small or is everybody. Free with
 * pt_lookalike_free. */
pt_rc pt_lookalike_fit(pt_lookalike **out, const pt_table *table, const bool *in_seed,
                       const pt_lookalike_options *options, pt_err *err);
void pt_lookalike_free(pt_lookalike *l); /* NULL is fine */

/* How likely each row is to be like the seed, 0..1. Rows that were learned from are scored by those classifiers too that have seen
 * them: seed customers come out high. */
pt_rc pt_lookalike_score(float *out, const pt_lookalike *l, const pt_table *table, const pt_row_set *rows,
                         pt_pool *pool, pt_err *err);

/* What was measured. */
double pt_lookalike_auc(const pt_lookalike *l);   /* that a hidden seed customer comes before one of the others */
double pt_lookalike_share(const pt_lookalike *l); /* of the others, expected to be like the seed */
const pt_lookalike_depth *pt_lookalike_depths(const pt_lookalike *l);        /* PT_LOOKALIKE_DEPTHS */
const pt_pipeline *pt_lookalike_pipeline(const pt_lookalike *l, size_t bag); /* NULL past the last */

/* Bytes, and back. Bytes are not trusted: PT_ECORRUPT. */
pt_rc pt_lookalike_save(pt_str *out, const pt_lookalike *l, pt_err *err);
pt_rc pt_lookalike_load(pt_lookalike **out, pt_sv bytes, pt_err *err);

#endif
