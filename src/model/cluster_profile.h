/* What tells clusters apart: the features in which the rows of one differ most from all other rows. Pure. */
#ifndef PT_MODEL_CLUSTER_PROFILE_H
#define PT_MODEL_CLUSTER_PROFILE_H

#include "model/learner.h"
#include "model/table.h"

enum { PT_CLUSTER_TRAITS = 6 };

/* Of numbers the means, and their difference in standard deviations of all rows; of a name of a category or a list the shares of rows
 * that have it, and Cohen's h, which is on the same scale. */
typedef struct pt_cluster_trait {
    uint32_t feature;
    uint32_t name; /* of the feature's names; PT_NO_CODE of numbers */
    double inside, outside, effect;
} pt_cluster_trait;

typedef struct pt_cluster_profile {
    uint64_t rows;
    uint32_t n_traits; /* with an effect of at least 0.3 either way, greatest first; a feature once */
    pt_cluster_trait traits[PT_CLUSTER_TRAITS];
} pt_cluster_profile;

/* group[row]: 0..n-1, or below 0: of none, which count among the others of each. Features set aside are not looked at. In the arena. */
pt_rc pt_cluster_profiles(pt_cluster_profile **out, uint32_t n, const pt_table *table, const int32_t *group,
                          pt_arena *arena, pt_err *err);

#endif
