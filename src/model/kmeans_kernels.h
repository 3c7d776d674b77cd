/* Distances of rows to centres, eight rows and eight centres at a time. Compiled once for each instruction set worth having; all of
 * them give the same bits: a distance is one chain of fused multiply-adds over the columns, in their order. */
#ifndef PT_MODEL_KMEANS_KERNELS_H
#define PT_MODEL_KMEANS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

enum { PT_PANEL = 8 }; /* centres of a panel */

/* A panel: column c of centre j is at [c * PT_PANEL + j]. Places without a centre hold infinities: nothing is near them. */
typedef struct pt_kmeans_kernels {
    const char *name;
    /* Of the rows list[0..n) (row r begins at rows[r * columns]): the squared distance to the nearest centre of the panel, to the
     * second nearest, and the place of the nearest (of equals the first). n is a multiple of 8. */
    void (*nearest)(float *best, float *second, uint32_t *which, const float *rows, size_t columns,
                    const uint32_t *list, size_t n, const float *panel);
    /* All eight squared distances of each: out[i * PT_PANEL + j]. */
    void (*distances)(float *out, const float *rows, size_t columns, const uint32_t *list, size_t n,
                      const float *panel);
    /* Which of n rows may have another nearest centre than `label` says, now that centre j of k has moved by moved[j] at most since
     * the bounds were made, and the lower bounds have sunk by `sunk`: those with upper + moved[label] + slop >= lower - sunk. */
    size_t (*suspects)(uint32_t *list, const float *upper, const uint16_t *label, const float *lower, size_t n,
                       const float *moved, uint32_t k, float sunk, float slop);
} pt_kmeans_kernels;

const pt_kmeans_kernels *pt_kmeans_kernels_plain(void);
const pt_kmeans_kernels *pt_kmeans_kernels_avx2(void); /* NULL where the machine cannot run them */
const pt_kmeans_kernels *pt_kmeans_kernels_best(void);

#endif
