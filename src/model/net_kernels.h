/* The inner loops of networks, compiled once for each instruction set worth having. All of them give the same bits: every
 * element is a chain of fused multiply-adds in a stated order, whatever the number of lanes, and without hardware for it fmaf()
 * does the same, slowly. That is why a network trained on one machine is, byte for byte, the network trained on another.
 *
 * Matrices are rows of floats; ld is the distance between rows. */
#ifndef PT_MODEL_NET_KERNELS_H
#define PT_MODEL_NET_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The left side of a product: element (i, k) is at values[i * row + k * column], so a matrix, its transpose, and the overlapping
 * windows of a convolution are all the same thing. */
typedef struct pt_net_left {
    const float *values;
    size_t row, column;
} pt_net_left;

typedef struct pt_net_adam {
    float rate;           /* of learning, with the correction of the first moment in it */
    float fresh1, fresh2; /* 1 - decay, worked out in double: 1 - 0.999f is 5e-5 off */
    float decay2;
    float correction2; /* 1 / sqrt(1 - decay2^step) */
    float epsilon;
    float scale; /* of the gradient: clipping */
} pt_net_adam;

typedef struct pt_net_kernels {
    const char *name;
    /* c[m][n] = (add ? c : 0) + a[m][k] b[k][n]: element by element from k = 0 upwards. c overlaps neither. */
    void (*multiply)(float *c, size_t ldc, pt_net_left a, const float *b, size_t ldb, size_t m, size_t n, size_t k,
                     bool add);
    /* Each row of c[m][n] becomes `row`. */
    void (*spread)(float *c, size_t ldc, const float *row, size_t m, size_t n);
    /* sums[n] += the rows of c[m][n], first to last. */
    void (*add_rows)(float *sums, const float *c, size_t ldc, size_t m, size_t n);
    void (*add)(float *into, const float *from, size_t n);
    void (*tanh)(float *v, size_t n);
    void (*sigmoid)(float *v, size_t n);
    /* The steps of a GRU and an LSTM, `rows` sequences of `h` units at once; see net_rnn.h for what lies where. */
    void (*gru)(float *gates, const float *before, float *after, size_t rows, size_t h);
    void (*gru_back)(float *gates, const float *before, float *slope, size_t rows, size_t h);
    void (*lstm)(float *gates, const float *cell, float *cell_after, float *after, size_t rows, size_t h);
    void (*lstm_back)(float *gates, const float *cell, const float *cell_after, const float *slope, float *cell_slope,
                      size_t rows, size_t h);
    void (*relu)(float *v, size_t n);
    void (*relu_back)(float *slope, const float *after, size_t n); /* 0 where `after` is 0 */
    /* Where v is greater than `most`, most becomes v and place `at`; back: slope is of_most where place is `at`, else 0. */
    void (*greater)(float *most, float *place, const float *v, float at, size_t n);
    void (*greater_back)(float *slope, const float *of_most, const float *place, float at, size_t n);
    void (*adam)(float *weights, float *mean, float *square, const float *gradient, size_t n, const pt_net_adam *how);
} pt_net_kernels;

/* The fastest this machine can run. */
const pt_net_kernels *pt_net_kernels_best(void);
/* "plain", "avx2", "avx512"; NULL when this machine cannot run it. For tests, which hold all of them to the same bits. */
const pt_net_kernels *pt_net_kernels_named(const char *name);

#endif
