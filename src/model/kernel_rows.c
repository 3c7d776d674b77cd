/* Points and rows as the loops of kernel_rows_body.h read them. */
#include "model/kernel_rows.h"

#include <math.h>
#include <stdlib.h>

/* What the points are multiplied by, so that their product is what the kernel needs. */
static double scale_of(const pt_kernel *k)
{
    switch (k->kind) {
    case PT_KERNEL_RBF: return sqrt(2 * k->gamma * 1.4426950408889634); /* to the base 2 */
    case PT_KERNEL_POLYNOMIAL: return sqrt(k->gamma);
    case PT_KERNEL_LINEAR: break;
    }
    return 1;
}

pt_rc pt_blocks_new(pt_blocks *out, const pt_matrix *x, const pt_kernel *kernel, pt_err *err)
{
    size_t blocks = (x->rows + PT_KERNEL_LANES - 1) / PT_KERNEL_LANES;
    double scale = scale_of(kernel);

    *out = (pt_blocks){.n = x->rows, .columns = x->columns, .blocks = blocks};
    out->values = pt_alloc64(blocks * x->columns, PT_KERNEL_LANES * sizeof(float));
    out->norms = pt_alloc64(blocks, PT_KERNEL_LANES * sizeof(float));
    if (!out->values || !out->norms) {
        pt_blocks_free(out);
        return pt_fail_nomem(err, "support vectors");
    }
    memset(out->values, 0, blocks * x->columns * PT_KERNEL_LANES * sizeof(float));
    memset(out->norms, 0, blocks * PT_KERNEL_LANES * sizeof(float));
    for (size_t r = 0; r < x->rows; r++) {
        float *to = out->values + r / PT_KERNEL_LANES * x->columns * PT_KERNEL_LANES + r % PT_KERNEL_LANES;
        double squares = 0;
        for (size_t c = 0; c < x->columns; c++) {
            float v = (float)(scale * pt_matrix_column(x, c)[r]);
            to[c * PT_KERNEL_LANES] = v;
            squares += (double)v * v;
        }
        out->norms[r] = (float)(squares / 2);
    }
    return PT_OK;
}

void pt_blocks_free(pt_blocks *p)
{
    free(p->values);
    free(p->norms);
    *p = (pt_blocks){0};
}

void pt_blocks_get(float *out, const pt_blocks *p, size_t i)
{
    const float *from = p->values + i / PT_KERNEL_LANES * p->columns * PT_KERNEL_LANES + i % PT_KERNEL_LANES;

    for (size_t c = 0; c < p->columns; c++)
        out[c] = from[c * PT_KERNEL_LANES];
}

pt_rc pt_support_new(pt_support *out, size_t most, size_t columns, pt_err *err)
{
    size_t groups = (most + PT_KERNEL_GROUP - 1) / PT_KERNEL_GROUP;

    *out = (pt_support){.columns = columns,
                        .values = pt_alloc64(groups * columns, PT_KERNEL_GROUP * sizeof(float)),
                        .norms = pt_alloc64(groups, PT_KERNEL_GROUP * sizeof(float))};
    if (out->values && out->norms)
        return PT_OK;
    pt_support_free(out);
    return pt_fail_nomem(err, "support vectors");
}

void pt_support_free(pt_support *r)
{
    free(r->values);
    free(r->norms);
    *r = (pt_support){0};
}

/* Row i from values that lie `step` apart. */
static void put_row(pt_support *out, size_t i, const float *from, size_t step, float norm)
{
    float *to = out->values + i / PT_KERNEL_GROUP * out->columns * PT_KERNEL_GROUP + i % PT_KERNEL_GROUP;

    for (size_t c = 0; c < out->columns; c++)
        to[c * PT_KERNEL_GROUP] = from[c * step];
    out->norms[i] = norm;
}

static size_t set_count(pt_support *out, size_t n)
{
    out->n = n;
    out->groups = (n + PT_KERNEL_GROUP - 1) / PT_KERNEL_GROUP;
    return out->groups * PT_KERNEL_GROUP;
}

void pt_support_pick(pt_support *out, const pt_blocks *p, const uint32_t *which, size_t n)
{
    size_t all = set_count(out, n);

    for (size_t i = 0; i < all; i++) {
        size_t r = which[i < n ? i : n - 1]; /* past the rows the last again: finite */
        const float *from = p->values + r / PT_KERNEL_LANES * p->columns * PT_KERNEL_LANES + r % PT_KERNEL_LANES;
        put_row(out, i, from, PT_KERNEL_LANES, p->norms[r]);
    }
}

void pt_support_put(pt_support *out, const float *scaled, size_t n)
{
    size_t all = set_count(out, n);

    for (size_t i = 0; i < all; i++) {
        const float *from = scaled + (i < n ? i : n - 1) * out->columns;
        double squares = 0;
        for (size_t c = 0; c < out->columns; c++)
            squares += (double)from[c] * from[c];
        put_row(out, i, from, 1, (float)(squares / 2));
    }
}

void pt_support_get(float *scaled, const pt_support *r, size_t i)
{
    const float *from = r->values + i / PT_KERNEL_GROUP * r->columns * PT_KERNEL_GROUP + i % PT_KERNEL_GROUP;

    for (size_t c = 0; c < r->columns; c++)
        scaled[c] = from[c * PT_KERNEL_GROUP];
}

pt_support pt_support_part(const pt_support *r, size_t from, size_t to)
{
    size_t n = to * PT_KERNEL_GROUP < r->n ? to * PT_KERNEL_GROUP : r->n;

    return (pt_support){n - from * PT_KERNEL_GROUP, r->columns, to - from,
                        r->values + from * r->columns * PT_KERNEL_GROUP, r->norms + from * PT_KERNEL_GROUP};
}

float pt_kernel_self(const pt_kernel *k, const pt_blocks *p, size_t i)
{
    const float *x = p->values + i / PT_KERNEL_LANES * p->columns * PT_KERNEL_LANES + i % PT_KERNEL_LANES;
    float dot = 0, power;

    if (k->kind == PT_KERNEL_RBF)
        return 1;
    for (size_t c = 0; c < p->columns; c++)
        dot = fmaf(x[c * PT_KERNEL_LANES], x[c * PT_KERNEL_LANES], dot);
    if (k->kind == PT_KERNEL_LINEAR)
        return dot;
    power = dot += (float)k->coef0;
    for (unsigned d = 1; d < k->degree; d++)
        power *= dot;
    return power;
}
