/* What models of weighted columns share. */
#ifndef PT_MODEL_LINEAR_PARTS_H
#define PT_MODEL_LINEAR_PARTS_H

#include <math.h>

#include "model/blob.h"
#include "model/learner.h"

/* 1 / (1 + exp(-z)), exact to rounding on both sides. */
static inline double pt_sigmoid(double z)
{
    double e = exp(-fabs(z));

    return z >= 0 ? 1 / (1 + e) : e / (1 + e);
}

/* Absolute weight times how far the column strays, over all scores; adds up to 1. beta: scores * (columns + 1). */
void pt_linear_importance(double *out, const double *beta, size_t scores, const double *deviation, size_t columns);

/* out[row * (columns + 1) + c] = weight[c] * (value - mean[c]); at last weight[columns] plus what the means are worth. */
void pt_linear_contributions(float *out, const double *weight, const double *mean, const pt_matrix *x);

/* Classes that are there, ascending, as stored models keep them: n_classes, n, their numbers. */
void pt_blob_put_classes(pt_str *out, uint32_t n_classes, uint32_t n, const uint32_t *classes);
uint32_t *pt_blob_classes(pt_blob *b, uint32_t *n_classes, uint32_t *n, uint32_t most);

#endif
