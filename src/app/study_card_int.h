/* The parts of a study's card. Internal. */
#ifndef PT_APP_STUDY_CARD_INT_H
#define PT_APP_STUDY_CARD_INT_H

#include "app/card_draft.h"
#include "app/study_card.h"

typedef struct study_card {
    pt_card_draft d;
    const pt_study *s; /* NULL: an evaluation */
    const pt_pipeline *pipeline;
    const pt_class_curves *curves; /* of class 1; of each class when there are more than two */
    size_t n_curves;
    const uint64_t *confusion;
    const pt_study_plan *plan;
    const pt_project *project;
    size_t least; /* groups of fewer rows are not described */
} study_card;

/* As the project calls the tag. */
pt_card_text study_card_feature(const study_card *c, const char *name);
void study_card_explain(study_card *c);
void study_card_fairness(study_card *c);
void study_card_scorecard(study_card *c); /* of a credit risk card; of others nothing */
/* Begins the section on how well it does, with these of a model of two classes. */
void study_card_curves(study_card *c, const pt_class_curves *curves, const uint64_t *confusion);

#endif
