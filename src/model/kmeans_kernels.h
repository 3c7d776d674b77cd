/* Distances of rows to centres, eight rows and eight centres at a time. Compiled once for each instruction set worth having; all of
 * them give the same bits: a distance is one chain of fused multiply-adds over the columns, in their order. */
#ifndef PT_MODEL_KMEANS_KERNELS_H
#define PT_MODEL_KMEANS_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PT_PANEL = 8 }; /* centres of a panel */

/* The few values of a column and a number for each: a hash table without collisions. A slot without a value holds one that
 * belongs elsewhere, so nothing is equal to it. */
enum { PT_CODE_SLOTS = 256, PT_CODE_FEWEST_BITS = 3 };
typedef struct pt_code {
    uint32_t factor, bits;         /* the slot of a value: the highest `bits` of its bits times `factor` */
    uint32_t value[PT_CODE_SLOTS]; /* as bits */
    uint32_t code[PT_CODE_SLOTS];
} pt_code;

static inline uint32_t pt_code_slot(const pt_code *c, uint32_t value)
{
    return value * c->factor >> (32 - c->bits);
}

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
    /* Which of n rows may have another nearest centre than `label` says, now that centre j has moved by moved[j] at most since the
     * bounds were made, and the lower bounds have sunk by `sunk`: those with upper + moved[label] + slop >= lower - sunk. */
    size_t (*suspects)(uint32_t *list, const float *upper, const uint16_t *label, const float *lower, size_t n,
                       const float *moved, float sunk, float slop);
    /* cell[i]: the sum of the codes of x[c * stride + i], code[c] being that of column c; false when there is a value without one
     * (cells are then of no use). Sums are below 65,536. */
    bool (*cells)(uint16_t *cell, const float *x, size_t stride, size_t columns, size_t n, const pt_code *code);
} pt_kmeans_kernels;

const pt_kmeans_kernels *pt_kmeans_kernels_plain(void);
const pt_kmeans_kernels *pt_kmeans_kernels_avx2(void); /* NULL where the machine cannot run them */
const pt_kmeans_kernels *pt_kmeans_kernels_best(void);

#endif
