/* A pipeline from inside. Internal. */
#ifndef PT_MODEL_PIPELINE_INT_H
#define PT_MODEL_PIPELINE_INT_H

#include "model/prepare.h"

struct pt_pipeline {
    pt_arena *arena;
    const pt_learner *learner;
    pt_task task;
    uint32_t n_classes;
    const char **classes;
    double *parameters;
    double threshold;
    uint32_t n_edges; /* of predictions: bin b holds edges[b - 1] <= value < edges[b] */
    float edges[PT_MOST_EDGES];
    double shares[PT_MOST_EDGES + 1]; /* of bins; all 0: not noted */
    pt_preparer prepare;
    void *model;
};

/* Empty but for what the arguments say. */
pt_rc pt_pipeline_new(pt_pipeline **out, const pt_learner *learner, pt_task task, uint32_t n_classes, pt_err *err);

/* Rows of a set, part by part: `each` gets the columns of rows first .. first + x->rows. */
typedef struct pt_pipeline_parts {
    void *context;
    pt_rc (*each)(void *context, size_t first, pt_matrix *x, pt_err *err);
} pt_pipeline_parts;

pt_rc pt_pipeline_each_part(const pt_pipeline *p, const pt_table *table, const pt_row_set *rows, pt_pool *pool,
                            const pt_pipeline_parts *parts, pt_err *err);

#endif
