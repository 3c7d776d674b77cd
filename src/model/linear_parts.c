#include "model/linear_parts.h"

void pt_linear_importance(double *out, const double *beta, size_t scores, const double *deviation, size_t columns)
{
    double sum = 0;

    for (size_t c = 0; c < columns; c++) {
        out[c] = 0;
        for (size_t k = 0; k < scores; k++)
            out[c] += fabs(beta[k * (columns + 1) + c]) * deviation[c];
        sum += out[c];
    }
    for (size_t c = 0; c < columns; c++)
        out[c] = sum > 0 ? out[c] / sum : 1 / (double)columns;
}

void pt_linear_contributions(float *out, const double *weight, const double *mean, const pt_matrix *x)
{
    size_t width = x->columns + 1;
    double base = weight[x->columns];

    for (size_t c = 0; c < x->columns; c++) {
        const float *v = pt_matrix_column(x, c);
        base += weight[c] * mean[c];
        for (size_t r = 0; r < x->rows; r++)
            out[r * width + c] = (float)(weight[c] * (v[r] - mean[c]));
    }
    for (size_t r = 0; r < x->rows; r++)
        out[r * width + x->columns] = (float)base;
}

void pt_blob_put_classes(pt_str *out, uint32_t n_classes, uint32_t n, const uint32_t *classes)
{
    pt_blob_put_count(out, n_classes);
    pt_blob_put_count(out, n);
    pt_blob_put_codes(out, classes, n);
}

uint32_t *pt_blob_classes(pt_blob *b, uint32_t *n_classes, uint32_t *n, uint32_t most)
{
    *n_classes = (uint32_t)pt_blob_count(b, 2, most);
    *n = (uint32_t)pt_blob_count(b, 2, *n_classes);
    uint32_t *classes = pt_blob_codes(b, *n, *n_classes);

    for (uint32_t i = 1; classes && i < *n; i++)
        if (classes[i] <= classes[i - 1])
            pt_blob_refuse(b);
    return classes;
}
