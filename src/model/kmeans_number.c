#include "model/kmeans_number.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/measures_clusters.h"

enum {
    SAMPLE = 20000,
    MEASURED = 2000,
    UNIFORM = 10,
    MOST = 60
}; /* rows fitted on, rows of silhouettes, data sets of gaps */

typedef struct trying {
    pt_matrix x; /* the sample */
    float *values, *uniform;
    const pt_kmeans_options *o;
} trying;

/* Rows drawn without order: those of the matrix when they are few. */
static pt_rc draw(trying *t, const pt_matrix *x, pt_err *err)
{
    size_t n = x->rows < SAMPLE ? x->rows : SAMPLE;
    pt_rng rng;

    t->values = pt_alloc64(n * x->columns, sizeof *t->values);
    if (!t->values)
        return pt_fail_nomem(err, "clustering");
    pt_rng_seed(&rng, t->o->seed ^ UINT64_C(0x6b));
    for (size_t i = 0; i < n; i++) {
        /* One row of each of n stretches: every row has the same chance. */
        size_t begin = i * x->rows / n, end = (i + 1) * x->rows / n;
        size_t row = begin + (size_t)pt_rng_below(&rng, end - begin);
        for (size_t c = 0; c < x->columns; c++)
            t->values[c * n + i] = pt_matrix_column(x, c)[row];
    }
    t->x = (pt_matrix){t->values, n, x->columns, n};
    return PT_OK;
}

static pt_rc fit(pt_kmeans *out, const trying *t, const float *values, uint32_t k, pt_err *err)
{
    pt_kmeans_options o = *t->o;
    pt_matrix x = t->x;

    o.k = k;
    o.initial = NULL;
    x.values = values;
    return pt_kmeans_fit(out, &x, NULL, true, &o, err);
}

static pt_rc silhouette(double *out, const trying *t, const pt_kmeans *m, pt_err *err)
{
    size_t n = t->x.rows < MEASURED ? t->x.rows : MEASURED, columns = t->x.columns;
    float *values = pt_alloc64(n * columns, sizeof *values);
    int32_t *group = pt_zalloc(n, sizeof *group);
    pt_matrix some = {values, n, columns, n};
    pt_measured measured = {0};
    pt_rc rc = values && group ? PT_OK : pt_fail_nomem(err, "clustering");

    for (size_t i = 0; rc == PT_OK && i < n; i++) {
        size_t row = i * t->x.rows / n;
        group[i] = (int32_t)m->label[row];
        for (size_t c = 0; c < columns; c++)
            values[c * n + i] = pt_matrix_column(&t->x, c)[row];
    }
    if (rc == PT_OK)
        rc = pt_silhouette(&measured, &some, group, t->o->pool, err);
    *out = isnan(measured.value) ? -1 : measured.value;
    free(values);
    free(group);
    return rc;
}

static double log_inertia(const pt_kmeans *m)
{
    return m->inertia > 0 ? log(m->inertia) : -745; /* below the logarithm of the least number */
}

/* Rows spread evenly over the box of the sample. */
static void spread(trying *t, pt_rng *rng)
{
    for (size_t c = 0; c < t->x.columns; c++) {
        const float *x = pt_matrix_column(&t->x, c);
        float low = x[0], high = x[0];
        for (size_t i = 1; i < t->x.rows; i++) {
            low = fminf(low, x[i]);
            high = fmaxf(high, x[i]);
        }
        for (size_t i = 0; i < t->x.rows; i++)
            t->uniform[c * t->x.rows + i] = (float)((double)low + pt_rng_double(rng) * ((double)high - (double)low));
    }
}

/* The gap of k clusters, and the error that the uniform data make. */
static pt_rc gap(double *out, double *error, trying *t, uint32_t k, double own, pt_err *err)
{
    double sum = 0, squares = 0;
    pt_rng rng;

    pt_rng_seed(&rng, t->o->seed ^ UINT64_C(0x9a9)); /* the same data for every k */
    for (int b = 0; b < UNIFORM; b++) {
        pt_kmeans m;
        spread(t, &rng);
        PT_TRY(fit(&m, t, t->uniform, k, err));
        sum += log_inertia(&m);
        squares += log_inertia(&m) * log_inertia(&m);
        pt_kmeans_free(&m);
    }
    double mean = sum / UNIFORM, variance = fmax(squares / UNIFORM - mean * mean, 0);
    *out = mean - own;
    *error = sqrt(variance * (1 + 1.0 / UNIFORM));
    return PT_OK;
}

static uint32_t largest(const pt_kmeans_tried *t)
{
    uint32_t best = 0;

    for (uint32_t i = 1; i < t->n; i++)
        best = t->figure[i] > t->figure[best] ? i : best;
    return t->first + best;
}

/* Both axes from 0 to 1: the point farthest below the line from the first to the last. */
static uint32_t bend(const pt_kmeans_tried *t)
{
    double high = t->figure[0], low = t->figure[t->n - 1], most = 0;
    uint32_t best = 0;

    for (uint32_t i = 0; i < t->n && high > low; i++) {
        double below = 1 - (double)i / (t->n - 1) - (t->figure[i] - low) / (high - low);
        if (below > most) {
            most = below;
            best = i;
        }
    }
    return t->first + best;
}

static uint32_t first_within_error(const pt_kmeans_tried *t, const double *error)
{
    for (uint32_t i = 0; i + 1 < t->n; i++)
        if (t->figure[i] >= t->figure[i + 1] - error[i + 1])
            return t->first + i;
    return t->first + t->n - 1;
}

static pt_rc try_one(pt_kmeans_tried *out, double *error, bool *enough, trying *t, pt_kmeans_by by, pt_err *err)
{
    uint32_t k = out->first + out->n;
    double *figure = &out->figure[out->n];
    pt_kmeans m;

    PT_TRY(fit(&m, t, t->values, k, err));
    pt_rc rc = PT_OK;
    *enough = m.k < k; /* there are no more different rows */
    if (*enough) {
        pt_kmeans_free(&m);
        return PT_OK;
    }
    if (by == PT_KMEANS_BY_SILHOUETTE)
        rc = silhouette(figure, t, &m, err);
    else if (by == PT_KMEANS_BY_GAP)
        rc = gap(figure, error, t, k, log_inertia(&m), err);
    else
        *figure = m.inertia;
    out->n += rc == PT_OK;
    pt_kmeans_free(&m);
    return rc;
}

pt_rc pt_kmeans_number(uint32_t *k, pt_kmeans_tried *tried, pt_kmeans_by by, uint32_t most, const pt_matrix *x,
                       const pt_kmeans_options *options, pt_err *err)
{
    trying t = {.o = options};
    pt_kmeans_tried all = {.first = by == PT_KMEANS_BY_SILHOUETTE ? 2 : 1};
    double errors[MOST + 1] = {0};
    bool enough = false;

    if (x->rows == 0 || x->columns == 0)
        return pt_fail(err, PT_EINVAL,
                       x->rows == 0 ? "there are no customers to learn from" : "there are no features to learn from");
    PT_ASSERT(most >= 2 && most <= MOST);
    pt_rc rc = draw(&t, x, err);
    t.uniform = by == PT_KMEANS_BY_GAP && rc == PT_OK ? pt_alloc64(t.x.rows * t.x.columns, sizeof *t.uniform) : NULL;
    if (rc == PT_OK && by == PT_KMEANS_BY_GAP && !t.uniform)
        rc = pt_fail_nomem(err, "clustering");
    while (rc == PT_OK && !enough && all.first + all.n <= most)
        rc = try_one(&all, &errors[all.n], &enough, &t, by, err);
    if (rc == PT_OK)
        *k = all.n == 0                      ? 1
             : by == PT_KMEANS_BY_SILHOUETTE ? largest(&all)
             : by == PT_KMEANS_BY_GAP        ? first_within_error(&all, errors)
             : all.n > 1                     ? bend(&all)
                                             : all.first;
    if (tried)
        *tried = all;
    free(t.values);
    free(t.uniform);
    return rc;
}
