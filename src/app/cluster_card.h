/* What clusters are: a name each of what tells its customers from the others, and on a model's card how many they are and the tags that
 * differ most. */
#ifndef PT_APP_CLUSTER_CARD_H
#define PT_APP_CLUSTER_CARD_H

#include "app/model_card.h"
#include "model/cluster_profile.h"
#include "model/pipeline.h"
#include "project/project.h"

/* Clusters of fewer customers than `min_group` are not described: they have a number and no name. */
typedef struct pt_clusters {
    uint32_t n;
    const pt_cluster_profile *profiles;
    const pt_card_text *names; /* no two the same; "" of those that are not described */
} pt_clusters;

/* The clusters into which the pipeline puts the rows of its training. In the arena. */
pt_rc pt_clusters_describe(pt_clusters *out, const pt_pipeline *p, const pt_table *table, const pt_project *project,
                           pt_pool *pool, pt_arena *arena, pt_err *err);
/* "c1", "c01": numbers of as many digits as the last of n, so that byte order is theirs. NULL: no memory. */
const char *pt_cluster_code(uint32_t cluster, uint32_t n, pt_arena *arena);
/* Adds a section and sentences. Texts are in the arena. */
pt_rc pt_card_add_clusters(pt_card *card, const pt_clusters *clusters, const pt_table *table, const pt_project *project,
                           pt_arena *arena, pt_err *err);

#endif
