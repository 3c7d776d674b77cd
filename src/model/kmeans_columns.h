/* Rows to the nearest of at most eight centres, from the columns of a matrix as they are: sixteen rows at a time, nothing is laid out
 * anew. Compiled once for each instruction set worth having; all of them give the same bits: a distance is one chain of fused
 * multiply-adds over the columns, in their order, as in kmeans_kernels.h. */
#ifndef PT_MODEL_KMEANS_COLUMNS_H
#define PT_MODEL_KMEANS_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/kmeans_kernels.h"

enum { PT_SETTLE_ROWS = 16 }; /* rows that are looked at together, or not at all */

/* What is the same for all rows of an iteration. The slack of a row is how much nearer its centre is than all others; it is kept
 * as if centres had not moved since the beginning: with what its centre and the fastest one have moved so far added. */
typedef struct pt_settling {
    const float *panel;    /* as kernels want it */
    float moved[PT_PANEL]; /* so far, by centre */
    float lost[PT_PANEL];  /* a row of the centre whose slack is not above this may have another one now */
    float sunk;            /* what the fastest centre of each iteration has moved, summed */
    float narrow, wide;    /* distances are known but for these factors */
    bool all;              /* look at every row */
} pt_settling;

typedef struct pt_columns_kernels {
    const char *name;
    /* Of n rows, x[c * stride + row], brings label and slack up to date; of each sixteen of which none may have another centre
     * nothing is read but these. changed[0..result) are the rows whose label became another one, was[] what it had been. Both
     * have room for n and sixteen more. */
    size_t (*settle)(uint32_t *changed, uint32_t *was, float *slack, uint16_t *label, const float *x, size_t stride,
                     size_t columns, size_t n, const pt_settling *s);
    /* sum[label[i] * 8 + i % 8] += x[i], in the order of i; n is a multiple of eight. */
    void (*add_by_label)(double sum[PT_PANEL * 8], const float *x, const uint16_t *label, size_t n);
    /* sum[i % 8] += x[i] - origin, square[i % 8] += the square of that, in the order of i; n is a multiple of eight. */
    void (*add_up)(double sum[8], double square[8], const float *x, size_t n, float origin);
} pt_columns_kernels;

const pt_columns_kernels *pt_columns_kernels_plain(void);
const pt_columns_kernels *pt_columns_kernels_avx2(void); /* NULL where the machine cannot run them */
const pt_columns_kernels *pt_columns_kernels_avx512(void);
const pt_columns_kernels *pt_columns_kernels_best(void);

#endif
