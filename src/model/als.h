/* Implicit feedback by alternating least squares (Hu, Koren, Volinsky 2008): a customer and an item are short vectors whose product
 * says how likely they belong together.
 *
 * Minimised: the sum over all customers u and items i of c (p - x_u . y_i)^2, plus regularization times the squared lengths of all
 * vectors. p is 1 and c the confidence where u has i; elsewhere p is 0 and c is 1. One side is held while the other is improved
 * by a few steps of conjugate gradients from where it was (Takacs, Pilaszy, Tikk 2011), as the library `implicit` does. */
#ifndef PT_MODEL_ALS_H
#define PT_MODEL_ALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "base/str.h"

/* Customer u has items[offsets[u]] to items[offsets[u + 1] - 1], each once, with a confidence above 0. */
typedef struct pt_owned {
    const uint64_t *offsets; /* n_customers + 1, from 0 */
    const uint32_t *items;
    const float *confidence;
    uint32_t n_customers, n_items;
} pt_owned;

enum { PT_ALS_LANES = 16, PT_ALS_MOST_FACTORS = 512 };

typedef struct pt_als_options {
    unsigned factors;      /* 1 to PT_ALS_MOST_FACTORS */
    double regularization; /* above 0 */
    unsigned iterations;
    unsigned steps; /* of conjugate gradients; 0: 3 */
    uint64_t seed;
    /* Where to start from: n * factors numbers each, row by row; NULL: small random ones, by seed. */
    const float *customers, *items;
    pt_pool *pool;                /* NULL: the caller's thread */
    bool (*cancelled)(void *ctx); /* asked once an iteration; may be NULL */
    void *cancel_ctx;
} pt_als_options;

/* Vectors of `stride` numbers, a multiple of PT_ALS_LANES; those from `factors` on are 0. */
typedef struct pt_als {
    uint32_t n_customers, n_items;
    unsigned factors, stride;
    double regularization;
    float *customers, *items;
    float *gram; /* stride * stride: of the items, with the regularization on its diagonal */
} pt_als;

/* *out is freed with pt_als_free, also after a failure. The same bytes on any number of threads and any machine. */
pt_rc pt_als_fit(pt_als *out, const pt_owned *owned, const pt_als_options *options, pt_err *err);
void pt_als_free(pt_als *a);
/* What is minimised, divided by the sum of all c. */
pt_rc pt_als_loss(double *out, const pt_als *a, const pt_owned *owned, pt_err *err);

/* The vector of a customer who was not learned from, or has other items now; out has room for `stride`. */
pt_rc pt_als_customer(float *out, const pt_als *a, const uint32_t *items, const float *confidence, size_t n,
                      pt_err *err);
/* scores[i] = x . y_i for all items. */
void pt_als_scores(float *scores, const pt_als *a, const float *customer);

/* The items' side alone, which is all that new customers need. */
pt_rc pt_als_save(pt_str *out, const pt_als *a, pt_err *err);
pt_rc pt_als_load(pt_als *out, pt_sv bytes, pt_err *err); /* not trusted: PT_ECORRUPT */

#endif
