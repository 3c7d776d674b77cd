/* The loops of als_kernels.h. A file that includes this defines KERNEL_TARGET (the attribute of every function) and KERNEL_NAME.
 * Sums are kept in lines of 16 and added up in one order, products are rounded before they are added: so every machine gives the
 * same bits. */
#include <string.h>

#include "model/als_kernels.h"

#define LOOP static KERNEL_TARGET
#define STEP static inline __attribute__((always_inline)) KERNEL_TARGET

typedef float line __attribute__((vector_size(64)));
typedef float half __attribute__((vector_size(32)));
typedef float quarter __attribute__((vector_size(16)));
enum { LANES = sizeof(line) / sizeof(float) };

STEP float add_up(const line *v)
{
    half h = __builtin_shufflevector(*v, *v, 0, 1, 2, 3, 4, 5, 6, 7) +
             __builtin_shufflevector(*v, *v, 8, 9, 10, 11, 12, 13, 14, 15);
    quarter q = __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);

    return (q[0] + q[2]) + (q[1] + q[3]);
}

/* `lines` is a constant where these are inlined for the usual sizes. */
STEP float dot(const float *a, const float *b, size_t lines)
{
    const line *x = (const line *)(const void *)a, *y = (const line *)(const void *)b;
    line sum = x[0] * y[0];

    for (size_t i = 1; i < lines; i++)
        sum += x[i] * y[i];
    return add_up(&sum);
}

STEP void add_scaled(float *to, float scale, const float *from, size_t lines)
{
    line *t = (line *)(void *)to;
    const line *f = (const line *)(const void *)from;

    for (size_t i = 0; i < lines; i++)
        t[i] += f[i] * scale;
}

/* to = sign * matrix * x; the matrix is symmetric. */
STEP void multiply(float *to, float sign, const float *matrix, const float *x, size_t lines)
{
    memset(to, 0, lines * sizeof(line));
    for (size_t k = 0; k < lines * LANES; k++)
        add_scaled(to, sign * x[k], matrix + k * lines * LANES, lines);
}

/* Conjugate gradients for (gram + sum (c - 1) y y') x = sum c y, from the x there is. */
STEP void improve_lines(const pt_als_row *row, size_t lines)
{
    const float tiny = 1e-20f;
    size_t stride = lines * LANES;
    float *x = row->x, *r = row->scratch, *p = r + stride, *ap = p + stride;

    multiply(r, -1, row->gram, x, lines);
    for (size_t i = 0; i < row->n; i++) {
        const float *y = row->others + row->which[i] * stride;
        float c = row->confidence[i];
        add_scaled(r, c - (c - 1) * dot(y, x, lines), y, lines);
    }
    memcpy(p, r, stride * sizeof *p);
    float old = dot(r, r, lines);
    for (unsigned step = 0; step < row->steps && old >= tiny; step++) {
        multiply(ap, 1, row->gram, p, lines);
        for (size_t i = 0; i < row->n; i++) {
            const float *y = row->others + row->which[i] * stride;
            add_scaled(ap, (row->confidence[i] - 1) * dot(y, p, lines), y, lines);
        }
        float alpha = old / dot(p, ap, lines);
        add_scaled(x, alpha, p, lines);
        add_scaled(r, -alpha, ap, lines);
        float now = dot(r, r, lines);
        if (now < tiny)
            break;
        for (size_t k = 0; k < stride; k++)
            p[k] = r[k] + p[k] * (now / old);
        old = now;
    }
}

LOOP void improve(const pt_als_row *row)
{
    switch (row->stride / LANES) {
    case 1: improve_lines(row, 1); break;
    case 2: improve_lines(row, 2); break;
    case 4: improve_lines(row, 4); break;
    case 8: improve_lines(row, 8); break;
    default: improve_lines(row, row->stride / LANES);
    }
}

/* Four rows at a time, so that the sums are loaded and stored less often. */
STEP void gram_lines(float *sum, const float *rows, size_t n, size_t lines)
{
    size_t stride = lines * LANES, i = 0;

    for (; i + 4 <= n; i += 4) {
        const float *a = rows + i * stride, *b = a + stride, *c = b + stride, *d = c + stride;
        const line *al = (const line *)(const void *)a, *bl = (const line *)(const void *)b;
        const line *cl = (const line *)(const void *)c, *dl = (const line *)(const void *)d;
        for (size_t k = 0; k < stride; k++) {
            line *to = (line *)(void *)(sum + k * stride);
            for (size_t l = 0; l < lines; l++)
                to[l] += (al[l] * a[k] + bl[l] * b[k]) + (cl[l] * c[k] + dl[l] * d[k]);
        }
    }
    for (; i < n; i++)
        for (size_t k = 0; k < stride; k++)
            add_scaled(sum + k * stride, rows[i * stride + k], rows + i * stride, lines);
}

LOOP void gram(float *sum, const float *rows, size_t n, size_t stride)
{
    switch (stride / LANES) {
    case 1: gram_lines(sum, rows, n, 1); break;
    case 2: gram_lines(sum, rows, n, 2); break;
    case 4: gram_lines(sum, rows, n, 4); break;
    case 8: gram_lines(sum, rows, n, 8); break;
    default: gram_lines(sum, rows, n, stride / LANES);
    }
}

STEP void scores_lines(float *out, const float *rows, size_t n, const float *x, size_t lines)
{
    for (size_t i = 0; i < n; i++)
        out[i] = dot(rows + i * lines * LANES, x, lines);
}

LOOP void scores(float *out, const float *rows, size_t n, const float *x, size_t stride)
{
    switch (stride / LANES) {
    case 1: scores_lines(out, rows, n, x, 1); break;
    case 2: scores_lines(out, rows, n, x, 2); break;
    case 4: scores_lines(out, rows, n, x, 4); break;
    case 8: scores_lines(out, rows, n, x, 8); break;
    default: scores_lines(out, rows, n, x, stride / LANES);
    }
}

static const pt_als_kernels table = {.name = KERNEL_NAME, .improve = improve, .gram = gram, .scores = scores};
