#include "model/examples.h"

#include <math.h>
#include <stdlib.h>

static pt_rc check_values(const pt_matrix *x, unsigned wants, pt_err *err)
{
    for (size_t c = 0; c < x->columns; c++) {
        const float *v = pt_matrix_column(x, c);
        size_t missing = 0, infinite = 0;
        for (size_t r = 0; r < x->rows; r++) {
            missing += isnan(v[r]);
            infinite += isinf(v[r]);
        }
        if (infinite)
            return pt_fail(err, PT_EINVAL, "feature %zu has infinite values", c + 1);
        if (missing && !(wants & PT_TAKES_MISSING))
            return pt_fail(err, PT_EINVAL, "feature %zu has missing values, which this algorithm does not take", c + 1);
    }
    return PT_OK;
}

static pt_rc check_weights(const pt_examples *e, pt_err *err)
{
    double sum = 0;

    if (!e->weight)
        return PT_OK;
    for (size_t r = 0; r < e->x.rows; r++) {
        if (!(e->weight[r] >= 0) || isinf(e->weight[r]))
            return pt_fail(err, PT_EINVAL, "weights must be numbers of at least 0");
        sum += e->weight[r];
    }
    return sum > 0 ? PT_OK : pt_fail(err, PT_EINVAL, "all weights are 0: there is nothing to learn from");
}

static pt_rc check_targets(const pt_examples *e, pt_task task, pt_err *err)
{
    if (task == PT_TASK_CLUSTER)
        return PT_OK;
    for (size_t r = 0; r < e->x.rows; r++) {
        float y = e->y[r];
        if (!isfinite(y))
            return pt_fail(err, PT_EINVAL, "the target is missing or infinite in some rows");
        if (task == PT_TASK_CLASSIFY && (y < 0 || y >= (float)e->n_classes || y != floorf(y)))
            return pt_fail(err, PT_EINVAL, "the target has a class that is not one of the %u", (unsigned)e->n_classes);
    }
    return PT_OK;
}

pt_rc pt_examples_check(const pt_examples *e, pt_task task, unsigned wants, pt_err *err)
{
    if (e->x.rows == 0)
        return pt_fail(err, PT_EINVAL, "there are no customers to learn from");
    if (e->x.columns == 0)
        return pt_fail(err, PT_EINVAL, "there are no features to learn from");
    if (e->x.rows > UINT32_MAX)
        return pt_fail(err, PT_EINVAL, "there are more rows than can be learned from");
    if (e->n_classes > PT_EXAMPLES_CLASSES)
        return pt_fail(err, PT_EINVAL, "the target has %u classes, more than %d", (unsigned)e->n_classes,
                       PT_EXAMPLES_CLASSES);
    PT_TRY(check_weights(e, err));
    PT_TRY(check_targets(e, task, err));
    return check_values(&e->x, wants, err);
}

pt_rc pt_matrix_check(const pt_matrix *x, size_t columns, unsigned wants, pt_err *err)
{
    if (x->columns != columns)
        return pt_fail(err, PT_EINVAL, "the model was learned from %zu features, not %zu", columns, x->columns);
    return check_values(x, wants, err);
}

void pt_present_free(pt_present *p)
{
    free(p->classes);
    free(p->label);
    free(p->weight);
    *p = (pt_present){0};
}

/* Numbers the classes of `weight` (by class) that have any; number[class] is theirs. */
static void renumber(pt_present *p, uint32_t *number, const double *weight)
{
    for (uint32_t k = 0; k < p->n_classes; k++)
        if (weight[k] > 0) {
            p->classes[p->n] = k;
            p->weight[p->n] = weight[k];
            number[k] = p->n++;
        }
}

pt_rc pt_present_of(pt_present *out, const pt_examples *e, pt_err *err)
{
    size_t rows = e->x.rows;
    double *weight = pt_zalloc(e->n_classes, sizeof *weight);
    uint32_t *number = pt_zalloc(e->n_classes, sizeof *number);
    pt_rc rc = PT_OK;

    *out = (pt_present){.n_classes = e->n_classes,
                        .classes = pt_zalloc(e->n_classes, sizeof(uint32_t)),
                        .label = pt_zalloc(rows, sizeof(uint32_t)),
                        .weight = pt_zalloc(e->n_classes, sizeof(double))};
    if (!weight || !number || !out->classes || !out->label || !out->weight) {
        rc = pt_fail_nomem(err, "classes");
        goto done;
    }
    for (size_t r = 0; r < rows; r++)
        weight[(size_t)e->y[r]] += e->weight ? e->weight[r] : 1;
    renumber(out, number, weight);
    for (size_t r = 0; r < rows; r++)
        out->label[r] = number[(size_t)e->y[r]];
    if (out->n < 2)
        rc = pt_fail(err, PT_EINVAL, "all customers to learn from are of one class: nothing tells classes apart");
done:
    free(weight);
    free(number);
    if (rc != PT_OK)
        pt_present_free(out);
    return rc;
}

pt_rc pt_examples_check_classes(const pt_examples *e, pt_task task, pt_err *err)
{
    pt_present present;

    if (task != PT_TASK_CLASSIFY)
        return PT_OK;
    PT_TRY(pt_present_of(&present, e, err));
    pt_present_free(&present);
    return PT_OK;
}

void pt_present_spread(float *out, size_t rows, const uint32_t *classes, uint32_t n, uint32_t n_classes)
{
    if (n == n_classes)
        return;
    for (size_t r = rows; r-- > 0;) /* backwards: rows get wider */
        for (uint32_t k = n_classes, i = n; k-- > 0;) {
            bool present = i > 0 && classes[i - 1] == k;
            out[r * n_classes + k] = present ? out[r * n + --i] : 0;
        }
}

typedef struct moments {
    double *mean, *deviation;
    const pt_examples *e;
} moments;

static pt_rc moments_of_column(void *arg, size_t c, unsigned worker, pt_err *err)
{
    const moments *m = arg;
    const pt_examples *e = m->e;
    const float *v = pt_matrix_column(&e->x, c);
    double sum = 0, squares = 0, weight = 0;

    (void)worker;
    (void)err;
    for (size_t r = 0; r < e->x.rows; r++)
        if (!isnan(v[r])) {
            double w = e->weight ? e->weight[r] : 1;
            sum += w * v[r];
            weight += w;
        }
    m->mean[c] = weight > 0 ? sum / weight : 0;
    for (size_t r = 0; r < e->x.rows; r++)
        if (!isnan(v[r])) {
            double d = v[r] - m->mean[c];
            squares += (e->weight ? e->weight[r] : 1) * d * d;
        }
    m->deviation[c] = weight > 0 ? sqrt(squares / weight) : 0;
    return PT_OK;
}

pt_rc pt_examples_moments(double *mean, double *deviation, const pt_examples *e, pt_pool *pool, pt_err *err)
{
    moments m = {mean, deviation, e};

    return pt_pool_run(pool, e->x.columns, moments_of_column, &m, err);
}
