/* Naive Bayes: features independent within a class; normal, or of 0 and 1 alone by their share (Bernoulli). A missing value tells
 * nothing and is left out. */
#include <math.h>
#include <stdlib.h>

#include "model/examples.h"
#include "model/linear_parts.h"

enum { VERSION = 1, WANTS = PT_TAKES_MISSING | PT_WANTS_ONE_HOT, PART_ROWS = 1024 };

enum { SMOOTHING, VARIANCE };

static const pt_parameter parameters[] = {
    [SMOOTHING] = {"smoothing", PT_PARAMETER_NUMBER, 1, 1e-3, 1e3, NULL, true},      /* rows added to each share */
    [VARIANCE] = {"var_smoothing", PT_PARAMETER_NUMBER, 1e-9, 1e-12, 1, NULL, true}, /* of the largest variance */
};

typedef struct bayes {
    uint32_t n_classes, n;
    uint32_t *classes; /* n */
    size_t columns;
    uint32_t *binary; /* columns: 1 where all values are 0 or 1 */
    double *prior;    /* n: logarithms */
    double *a, *b;    /* [class][column]: mean and variance; of binary columns the share of 1 and 0 */
} bayes;

static void bayes_free(void *model)
{
    bayes *m = model;

    if (!m)
        return;
    free(m->classes);
    free(m->binary);
    free(m->prior);
    free(m->a);
    free(m->b);
    free(m);
}

typedef struct fitting {
    bayes *m;
    const pt_examples *e;
    const pt_present *p;
    double smoothing;
    double *variance; /* columns: over all classes */
} fitting;

static double weight_of(const pt_examples *e, size_t r)
{
    return e->weight ? e->weight[r] : 1;
}

/* Weight, mean and variance of a column in class k (all: UINT32_MAX). */
static double moments(double *mean, double *variance, const fitting *f, size_t c, uint32_t k)
{
    const float *v = pt_matrix_column(&f->e->x, c);
    double weight = 0, sum = 0, squares = 0;

    for (size_t r = 0; r < f->e->x.rows; r++)
        if (!isnan(v[r]) && (k == UINT32_MAX || f->p->label[r] == k)) {
            weight += weight_of(f->e, r);
            sum += weight_of(f->e, r) * v[r];
        }
    *mean = weight > 0 ? sum / weight : 0;
    for (size_t r = 0; r < f->e->x.rows; r++)
        if (!isnan(v[r]) && (k == UINT32_MAX || f->p->label[r] == k))
            squares += weight_of(f->e, r) * (v[r] - *mean) * (v[r] - *mean);
    *variance = weight > 0 ? squares / weight : 0;
    return weight;
}

static bool is_binary(const pt_examples *e, size_t c)
{
    const float *v = pt_matrix_column(&e->x, c);

    for (size_t r = 0; r < e->x.rows; r++)
        if (!isnan(v[r]) && v[r] != 0 && v[r] != 1)
            return false;
    return true;
}

static pt_rc fit_column(void *arg, size_t c, unsigned worker, pt_err *err)
{
    fitting *f = arg;
    bayes *m = f->m;
    double mean;

    (void)worker;
    (void)err;
    m->binary[c] = is_binary(f->e, c);
    moments(&mean, &f->variance[c], f, c, UINT32_MAX);
    for (uint32_t k = 0; k < m->n; k++) {
        double *a = &m->a[k * m->columns + c], *b = &m->b[k * m->columns + c];
        double weight = moments(a, b, f, c, k);
        if (m->binary[c]) {
            *a = (*a * weight + f->smoothing) / (weight + 2 * f->smoothing);
            *b = 1 - *a;
        } else if (weight == 0) { /* never seen in this class: as in all */
            *a = mean;
            *b = f->variance[c];
        }
    }
    return PT_OK;
}

/* So that no variance is 0: a share of the largest of all columns is added (as scikit-learn has it). */
static void widen(fitting *f, double share)
{
    bayes *m = f->m;
    double most = 0;

    for (size_t c = 0; c < m->columns; c++)
        most = fmax(most, m->binary[c] ? 0 : f->variance[c]);
    double more = most > 0 ? most * share : share;
    for (size_t i = 0; i < m->n * m->columns; i++)
        m->b[i] += m->binary[i % m->columns] ? 0 : more;
}

static pt_rc fit_into(bayes *m, const pt_examples *e, pt_present *p, const pt_fit_options *o, pt_err *err)
{
    fitting f = {m, e, p, o->parameters[SMOOTHING], pt_zalloc(e->x.columns, sizeof(double))};
    double all = 0;

    m->n_classes = p->n_classes;
    m->n = p->n;
    m->columns = e->x.columns;
    m->classes = p->classes;
    p->classes = NULL;
    m->binary = pt_zalloc(m->columns, sizeof *m->binary);
    m->prior = pt_zalloc(m->n, sizeof *m->prior);
    m->a = pt_zalloc(m->n * m->columns, sizeof *m->a);
    m->b = pt_zalloc(m->n * m->columns, sizeof *m->b);
    if (!f.variance || !m->binary || !m->prior || !m->a || !m->b) {
        free(f.variance);
        return pt_fail_nomem(err, "naive_bayes");
    }
    for (uint32_t k = 0; k < m->n; k++)
        all += p->weight[k];
    for (uint32_t k = 0; k < m->n; k++)
        m->prior[k] = log(p->weight[k] / all);
    pt_rc rc = pt_pool_run(o->pool, m->columns, fit_column, &f, err);
    if (rc == PT_OK)
        widen(&f, o->parameters[VARIANCE]);
    free(f.variance);
    return rc;
}

static pt_rc bayes_fit(void **model, const pt_examples *e, pt_task task, const pt_fit_options *o, pt_err *err)
{
    pt_present present;
    bayes *m;

    *model = NULL;
    PT_TRY(pt_examples_check(e, task, WANTS, err));
    PT_TRY(pt_present_of(&present, e, err));
    m = pt_zalloc(1, sizeof *m);
    pt_rc rc = m ? fit_into(m, e, &present, o, err) : pt_fail_nomem(err, "naive_bayes");
    pt_present_free(&present);
    if (rc != PT_OK)
        bayes_free(m);
    else
        *model = m;
    return rc;
}

static size_t bayes_outputs(const void *model)
{
    return ((const bayes *)model)->n_classes;
}

/* Logarithm of the density, or probability, of a value in class k. */
static double log_likelihood(const bayes *m, size_t c, uint32_t k, float v)
{
    double a = m->a[k * m->columns + c], b = m->b[k * m->columns + c];

    if (isnan(v))
        return 0;
    if (m->binary[c])
        return log(v >= 0.5F ? a : b);
    return -0.5 * (log(2 * 3.14159265358979323846 * b) + (v - a) * (v - a) / b);
}

typedef struct prediction {
    float *out;
    const bayes *m;
    const pt_matrix *x;
} prediction;

static void predict_row(float *out, const bayes *m, const pt_matrix *x, size_t r, double *score)
{
    double top = -INFINITY, sum = 0;

    for (uint32_t k = 0; k < m->n; k++) {
        score[k] = m->prior[k];
        for (size_t c = 0; c < m->columns; c++)
            score[k] += log_likelihood(m, c, k, pt_matrix_column(x, c)[r]);
        top = fmax(top, score[k]);
    }
    for (uint32_t k = 0; k < m->n; k++)
        sum += score[k] = exp(score[k] - top);
    for (uint32_t k = 0; k < m->n; k++)
        out[k] = (float)(score[k] / sum);
}

static pt_rc predict_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const prediction *p = arg;
    size_t end = (index + 1) * PART_ROWS < p->x->rows ? (index + 1) * PART_ROWS : p->x->rows;
    double *score = pt_zalloc(p->m->n, sizeof *score);

    (void)worker;
    if (!score)
        return pt_fail_nomem(err, "predictions");
    for (size_t r = index * PART_ROWS; r < end; r++)
        predict_row(p->out + r * p->m->n, p->m, p->x, r, score);
    free(score);
    return PT_OK;
}

static pt_rc bayes_predict(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const bayes *m = model;
    prediction p = {out, m, x};

    PT_TRY(pt_matrix_check(x, m->columns, WANTS, err));
    PT_TRY(pt_pool_run(pool, (x->rows + PART_ROWS - 1) / PART_ROWS, predict_part, &p, err));
    pt_present_spread(out, x->rows, m->classes, m->n, m->n_classes);
    return PT_OK;
}

static pt_rc bayes_save(pt_str *out, const void *model, pt_err *err)
{
    const bayes *m = model;

    pt_blob_begin(out, "BAYE", VERSION);
    pt_blob_put_classes(out, m->n_classes, m->n, m->classes);
    pt_blob_put_count(out, m->columns);
    pt_blob_put_codes(out, m->binary, m->columns);
    pt_blob_put_numbers(out, m->prior, m->n);
    pt_blob_put_numbers(out, m->a, m->n * m->columns);
    pt_blob_put_numbers(out, m->b, m->n * m->columns);
    return pt_str_check(out, err);
}

/* Variances above 0, shares between 0 and 1. */
static bool sensible(const bayes *m)
{
    if (!m->binary || !m->a || !m->b)
        return false;
    for (size_t i = 0; i < m->n * m->columns; i++) {
        bool share = m->binary[i % m->columns];
        if (!(m->b[i] > 0) || (share && !(m->a[i] > 0 && m->a[i] < 1 && m->b[i] < 1)))
            return false;
    }
    return true;
}

static pt_rc bayes_load(void **model, pt_sv bytes, pt_err *err)
{
    pt_blob b;
    bayes *m = pt_zalloc(1, sizeof *m);

    *model = NULL;
    if (!m)
        return pt_fail_nomem(err, "naive_bayes");
    pt_blob_open(&b, bytes, "BAYE", VERSION);
    m->classes = pt_blob_classes(&b, &m->n_classes, &m->n, PT_EXAMPLES_CLASSES);
    m->columns = pt_blob_count(&b, 1, bytes.len);
    m->binary = pt_blob_codes(&b, m->columns, 2);
    m->prior = pt_blob_numbers(&b, m->n);
    m->a = pt_blob_numbers(&b, m->n * m->columns);
    m->b = pt_blob_numbers(&b, m->n * m->columns);
    if (!b.cursor.failed && !b.no_memory && !sensible(m))
        pt_blob_refuse(&b);
    pt_rc rc = pt_blob_end(&b, "naive_bayes", err);
    if (rc != PT_OK)
        bayes_free(m);
    else
        *model = m;
    return rc;
}

/* Of two classes: the logarithm of how much more likely the value is in the second. */
static pt_rc bayes_contributions(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const bayes *m = model;
    size_t width = m->columns + 1;

    (void)pool;
    PT_TRY(pt_matrix_check(x, m->columns, WANTS, err));
    if (m->n != 2)
        return pt_fail(err, PT_ENOTFOUND, "naive_bayes explains scores of two classes only");
    for (size_t r = 0; r < x->rows; r++) {
        for (size_t c = 0; c < m->columns; c++) {
            float v = pt_matrix_column(x, c)[r];
            out[r * width + c] = (float)(log_likelihood(m, c, 1, v) - log_likelihood(m, c, 0, v));
        }
        out[r * width + m->columns] = (float)(m->prior[1] - m->prior[0]);
    }
    return PT_OK;
}

const pt_learner pt_naive_bayes_learner = {
    .name = "naive_bayes",
    .tasks = PT_TASK_CLASSIFY,
    .wants = WANTS,
    .parameters = parameters,
    .n_parameters = PT_COUNT(parameters),
    .fit = bayes_fit,
    .outputs = bayes_outputs,
    .predict = bayes_predict,
    .save = bayes_save,
    .load = bayes_load,
    .free = bayes_free,
    .contributions = bayes_contributions,
};
