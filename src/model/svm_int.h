/* Inside svm*.c: what was learned. */
#ifndef PT_MODEL_SVM_INT_H
#define PT_MODEL_SVM_INT_H

#include "model/kernel_rows.h"

/* One class against another, or a regression. */
typedef struct svm_machine {
    pt_support rows; /* support vectors */
    double *weight;  /* rows.groups * 8, 0 past the rows */
    double bias;
    double slope, intercept; /* of the sigmoid; of regression value = slope * score + intercept */
} svm_machine;

typedef struct svm {
    pt_task task;
    uint32_t n_classes, n; /* of the examples; present. Of regression 1 each */
    uint32_t *classes;     /* n */
    size_t columns;
    pt_kernel kernel;
    size_t n_machines; /* n (n - 1) / 2, of classes 0-1, 0-2, ..., 1-2, ...; 1 of regression */
    svm_machine *machines;
} svm;

void svm_free(void *model);
size_t svm_outputs(const void *model);
pt_rc svm_predict(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err);
pt_rc svm_save(pt_str *out, const void *model, pt_err *err);
pt_rc svm_load(void **model, pt_sv bytes, pt_err *err);

/* score[blocks * 16] of one machine at points. */
void svm_scores(double *score, const svm_machine *m, const pt_kernel *kernel, const pt_blocks *p);
/* Probabilities of k classes from those of pairs, r[i * k + j] = P(i | i or j): the vector whose pairs fit best (Wu, Lin, Weng 2004,
 * their second method). */
void svm_couple(double *out, const double *r, size_t k);

#endif
