/* Linear regression with an L2 penalty (Hoerl, Kennard 1970), from its normal equations: the plain baseline of values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/blob.h"
#include "model/examples.h"
#include "model/linear_parts.h"
#include "model/newton.h"

enum { VERSION = 1, WANTS = PT_WANTS_SCALED | PT_WANTS_ONE_HOT, LANES = 8 };

enum { ALPHA };

static const pt_parameter parameters[] = {
    [ALPHA] = {"alpha", PT_PARAMETER_NUMBER, 1, 1e-6, 1e9, NULL, true},
};

typedef struct ridge {
    size_t columns;
    double *beta;             /* columns, then the intercept */
    double *mean, *deviation; /* columns, of the examples */
} ridge;

static void ridge_free(void *model)
{
    ridge *m = model;

    if (!m)
        return;
    free(m->beta);
    free(m->mean);
    free(m->deviation);
    free(m);
}

/* --- the equations ------------------------------------------------------------------------------------------------------- */

typedef struct equations {
    const pt_examples *e;
    const double *mean;
    double target_mean;
    double *gram;  /* columns * columns, its lower half */
    double *right; /* columns */
    const pt_fit_options *o;
} equations;

/* The sum over rows of weight * (a - mean of a) * (b - mean of b): always in the same order, in lanes that the machine may add side
 * by side. */
static double product(const float *a, double mean_a, const float *b, double mean_b, const float *weight, size_t rows)
{
    double lanes[LANES] = {0}, sum = 0;
    size_t r = 0;

    for (; r + LANES <= rows; r += LANES)
        for (size_t i = 0; i < LANES; i++)
            lanes[i] +=
                (weight ? (double)weight[r + i] : 1) * ((double)a[r + i] - mean_a) * ((double)b[r + i] - mean_b);
    for (; r < rows; r++)
        sum += (weight ? (double)weight[r] : 1) * ((double)a[r] - mean_a) * ((double)b[r] - mean_b);
    for (size_t i = 0; i < LANES; i++)
        sum += lanes[i];
    return sum;
}

static pt_rc fill_column(void *arg, size_t c, unsigned worker, pt_err *err)
{
    const equations *q = arg;
    const pt_examples *e = q->e;
    const float *own = pt_matrix_column(&e->x, c);

    (void)worker;
    if (q->o->cancelled && q->o->cancelled(q->o->cancel_context))
        return pt_fail(err, PT_ECANCELED, "stopped");
    for (size_t k = 0; k <= c; k++)
        q->gram[c * e->x.columns + k] =
            product(own, q->mean[c], pt_matrix_column(&e->x, k), q->mean[k], e->weight, e->x.rows);
    q->right[c] = product(own, q->mean[c], e->y, q->target_mean, e->weight, e->x.rows);
    return PT_OK;
}

static double mean_of(const float *values, const float *weight, size_t rows)
{
    double sum = 0, total = 0;

    for (size_t r = 0; r < rows; r++) {
        const double w = weight ? (double)weight[r] : 1;
        sum += w * (double)values[r];
        total += w;
    }
    return total > 0 ? sum / total : (double)NAN;
}

/* beta minimises the sum of weight * (y - intercept - x . beta)^2 plus alpha * |beta|^2; the intercept is free. */
static pt_rc solve(ridge *m, const equations *q, double alpha, pt_err *err)
{
    const size_t n = m->columns;

    PT_TRY(pt_pool_run(q->o->pool, n, fill_column, (void *)(uintptr_t)q, err));
    for (size_t c = 0; c < n; c++)
        q->gram[c * n + c] += alpha;
    if (!pt_cholesky(q->gram, n))
        return pt_fail(err, PT_EINVAL, "the features are too much alike for linear regression: raise alpha");
    memcpy(m->beta, q->right, n * sizeof *m->beta);
    pt_cholesky_solve(q->gram, n, m->beta);
    m->beta[n] = q->target_mean;
    for (size_t c = 0; c < n; c++)
        m->beta[n] -= m->beta[c] * q->mean[c];
    return PT_OK;
}

static pt_rc fit_into(ridge *m, const pt_examples *e, const pt_fit_options *o, pt_err *err)
{
    equations q = {.e = e, .o = o};
    double *mean = NULL;
    pt_rc rc = PT_OK;

    m->columns = e->x.columns;
    m->beta = pt_zalloc(m->columns + 1, sizeof *m->beta);
    m->mean = pt_zalloc(m->columns, sizeof *m->mean);
    m->deviation = pt_zalloc(m->columns, sizeof *m->deviation);
    mean = pt_zalloc(m->columns, sizeof *mean);
    q.gram = pt_zalloc(m->columns * m->columns, sizeof *q.gram);
    q.right = pt_zalloc(m->columns, sizeof *q.right);
    if (!m->beta || !m->mean || !m->deviation || !mean || !q.gram || !q.right)
        rc = pt_fail_nomem(err, "linear regression");
    if (rc == PT_OK)
        rc = pt_examples_moments(m->mean, m->deviation, e, o->pool, err);
    for (size_t c = 0; rc == PT_OK && c < m->columns; c++)
        mean[c] = mean_of(pt_matrix_column(&e->x, c), e->weight, e->x.rows);
    q.mean = mean;
    q.target_mean = mean_of(e->y, e->weight, e->x.rows);
    if (rc == PT_OK && isnan(q.target_mean))
        rc = pt_fail(err, PT_EINVAL, "there are no rows to learn from");
    if (rc == PT_OK)
        rc = solve(m, &q, o->parameters[ALPHA], err);
    free(mean);
    free(q.gram);
    free(q.right);
    return rc;
}

/* --- the learner ----------------------------------------------------------------------------------------------------------- */

static pt_rc ridge_fit(void **model, const pt_examples *e, pt_task task, const pt_fit_options *o, pt_err *err)
{
    *model = NULL;
    PT_TRY(pt_examples_check(e, task, WANTS, err));
    ridge *m = pt_zalloc(1, sizeof *m);
    pt_rc rc = m ? fit_into(m, e, o, err) : pt_fail_nomem(err, "linear regression");
    if (rc != PT_OK)
        ridge_free(m);
    else
        *model = m;
    return rc;
}

static size_t ridge_outputs(const void *model)
{
    (void)model;
    return 1;
}

static pt_rc ridge_predict(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const ridge *m = model;
    double *sums = pt_alloc64(x->rows + 1, sizeof *sums);

    (void)pool;
    pt_rc rc = sums ? pt_matrix_check(x, m->columns, WANTS, err) : pt_fail_nomem(err, "linear regression");
    for (size_t r = 0; rc == PT_OK && r < x->rows; r++)
        sums[r] = m->beta[m->columns];
    for (size_t c = 0; rc == PT_OK && c < m->columns; c++) {
        const float *column = pt_matrix_column(x, c);
        for (size_t r = 0; r < x->rows; r++)
            sums[r] += m->beta[c] * (double)column[r];
    }
    for (size_t r = 0; rc == PT_OK && r < x->rows; r++)
        out[r] = (float)sums[r];
    free(sums);
    return rc;
}

static pt_rc ridge_save(pt_str *out, const void *model, pt_err *err)
{
    const ridge *m = model;

    pt_blob_begin(out, "RIDG", VERSION);
    pt_blob_put_count(out, m->columns);
    pt_blob_put_numbers(out, m->beta, m->columns + 1);
    pt_blob_put_numbers(out, m->mean, m->columns);
    pt_blob_put_numbers(out, m->deviation, m->columns);
    return pt_str_check(out, err);
}

static pt_rc ridge_load(void **model, pt_sv bytes, pt_err *err)
{
    pt_blob b;
    ridge *m = pt_zalloc(1, sizeof *m);

    *model = NULL;
    if (!m)
        return pt_fail_nomem(err, "linear regression");
    pt_blob_open(&b, bytes, "RIDG", VERSION);
    m->columns = pt_blob_count(&b, 1, bytes.len);
    m->beta = pt_blob_numbers(&b, m->columns + 1);
    m->mean = pt_blob_numbers(&b, m->columns);
    m->deviation = pt_blob_numbers(&b, m->columns);
    pt_rc rc = pt_blob_end(&b, "ridge", err);
    if (rc != PT_OK)
        ridge_free(m);
    else
        *model = m;
    return rc;
}

static pt_rc ridge_importance(double *out, const void *model, pt_err *err)
{
    const ridge *m = model;

    (void)err;
    pt_linear_importance(out, m->beta, 1, m->deviation, m->columns);
    return PT_OK;
}

static pt_rc ridge_contributions(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const ridge *m = model;

    (void)pool;
    PT_TRY(pt_matrix_check(x, m->columns, WANTS, err));
    pt_linear_contributions(out, m->beta, m->mean, x);
    return PT_OK;
}

const pt_learner pt_ridge_learner = {
    .name = "ridge",
    .tasks = PT_TASK_REGRESS,
    .wants = WANTS,
    .parameters = parameters,
    .n_parameters = PT_COUNT(parameters),
    .fit = ridge_fit,
    .outputs = ridge_outputs,
    .predict = ridge_predict,
    .save = ridge_save,
    .load = ridge_load,
    .free = ridge_free,
    .importance = ridge_importance,
    .contributions = ridge_contributions,
};
