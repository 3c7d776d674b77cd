/* What clusters are, on a model's card: a name each of what tells its customers from the others, how many they are, and the tags
 * that differ most. */
#ifndef PT_APP_CLUSTER_CARD_H
#define PT_APP_CLUSTER_CARD_H

#include "app/model_card.h"
#include "model/pipeline.h"
#include "project/project.h"

/* Adds a section and sentences. Clusters of fewer customers than `min_group` are not described. Texts are in the arena. */
pt_rc pt_card_add_clusters(pt_card *card, const pt_pipeline *p, const pt_table *table, const pt_project *project,
                           pt_pool *pool, pt_arena *arena, pt_err *err);

#endif
