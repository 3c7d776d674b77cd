/* Credit risk cards: logistic regression on weights of evidence, whose log odds are dealt out as points. Class 1 is the event (a
 * customer who does not pay); more points mean less risk.
 *   score = offset - factor * log odds of the event,  factor = pdo / ln 2,  offset = base_score - factor * ln(odds)
 * so that base_score points stand for `odds` customers who pay on each who does not, and pdo points more double that. docs/models.md. */
#ifndef PT_MODEL_SCORECARD_H
#define PT_MODEL_SCORECARD_H

#include "model/pipeline.h"

extern const pt_learner pt_scorecard_learner;

/* What a fitted card says. Borrowed from the model. */
typedef struct pt_scorecard {
    size_t columns;         /* of the examples */
    size_t n;               /* characteristics that were kept */
    const uint32_t *column; /* n: ascending */
    const double *weight;   /* n: of the weight of evidence in the log odds, above 0 */
    double intercept;
    const double *iv; /* columns: information value of each, kept or not */
    double base_score, odds, pdo;
} pt_scorecard;

pt_scorecard pt_scorecard_of(const void *model);
/* Points of characteristic i at a weight of evidence; they add up to the score. */
double pt_scorecard_points(const pt_scorecard *s, size_t i, double woe);
/* The score of a probability of the event. */
double pt_scorecard_score(const pt_scorecard *s, double probability);

/* Points that a row might have had more: out[i * n + k] is the most that characteristic k gives anybody less the row's own, for the
 * i-th of `rows`. A refusal's reasons are the characteristics that cost most. Of a pipeline whose learner is the card. */
pt_rc pt_scorecard_costs(float *out, const pt_pipeline *p, const pt_table *table, const pt_row_set *rows, pt_pool *pool,
                         pt_err *err);

#endif
