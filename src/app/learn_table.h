/* Between learn_table.c and what makes its card. */
#ifndef PT_APP_LEARN_TABLE_H
#define PT_APP_LEARN_TABLE_H

#include "app/cluster_card.h"
#include "app/training.h"
#include "model/study.h"

typedef struct pt_learn_tables {
    pt_table train, test; /* test without rows when there is none */
    pt_training_features features;
    pt_clusters clusters; /* of task: cluster, once learned */
} pt_learn_tables;

/* Fills in out->card, algorithm and measure. */
pt_rc pt_learn_table_card(pt_learned *out, const pt_learn_request *request, const pt_learn_tables *tables,
                          const pt_study_plan *plan, const pt_study *study, pt_err *err);

/* Of a model that classify, regress or cluster have opened; it lives as long as the model. */
const pt_pipeline *pt_learn_pipeline(const void *model);

#endif
