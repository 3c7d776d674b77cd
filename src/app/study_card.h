/* What a study of features found, as a card; and what became of a model since, as another. */
#ifndef PT_APP_STUDY_CARD_H
#define PT_APP_STUDY_CARD_H

#include "app/model_card.h"
#include "model/drift.h"
#include "model/study.h"
#include "project/project.h"

/* Fills measures, sentences, sections, algorithm; facts, label and version are the caller's to fill (facts of the data are added at
 * the end of card->facts: none are touched). Features are called as the project's tags are; `project` may be NULL. Everything lies
 * in the arena, or in the study, which must live as long. */
pt_rc pt_card_of_study(pt_card *out, const pt_study *s, const pt_study_plan *plan, const pt_project *project,
                       pt_arena *arena, pt_err *err);

/* How a model that is in use does on rows of a later day whose outcome is known, and how far features and predictions have moved
 * since it was trained. `table` without a target: drift alone. */
pt_rc pt_card_of_evaluation(pt_card *out, const pt_pipeline *p, const pt_table *table, size_t min_group,
                            const pt_project *project, pt_pool *pool, pt_arena *arena, pt_err *err);

#endif
