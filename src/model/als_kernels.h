/* The loops of als.c for one machine; all give the same bits. */
#ifndef PT_MODEL_ALS_KERNELS_H
#define PT_MODEL_ALS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* One row to be improved: what it has, with the vectors of the other side. */
typedef struct pt_als_row {
    float *x;          /* stride numbers, improved in place */
    const float *gram; /* stride * stride */
    const float *others;
    const uint32_t *which;
    const float *confidence;
    size_t n;
    size_t stride;
    unsigned steps;
    float *scratch; /* 3 * stride */
} pt_als_row;

typedef struct pt_als_kernels {
    const char *name;
    void (*improve)(const pt_als_row *row);
    /* sum += the products of columns of n rows; stride * stride. */
    void (*gram)(float *sum, const float *rows, size_t n, size_t stride);
    void (*scores)(float *scores, const float *rows, size_t n, const float *x, size_t stride);
} pt_als_kernels;

const pt_als_kernels *pt_als_kernels_plain(void);
const pt_als_kernels *pt_als_kernels_avx2(void); /* NULL where the machine cannot run it */
const pt_als_kernels *pt_als_kernels_avx512(void);
const pt_als_kernels *pt_als_kernels_best(void);

#endif
