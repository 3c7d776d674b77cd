#include "model/scorecard.h"

#include <math.h>
#include <stdlib.h>

#include "base/compare.h"
#include "model/examples.h"
#include "model/linear_parts.h"
#include "model/logit.h"

enum { VERSION = 1, WANTS = PT_WANTS_WOE };

enum { BASE_SCORE, ODDS, PDO, LEAST_IV, MOST_FEATURES, CORRELATION, STRENGTH };

static const pt_parameter parameters[] = {
    [BASE_SCORE] = {"base_score", PT_PARAMETER_NUMBER, 600, 0, 10000, NULL, false},
    [ODDS] = {"odds", PT_PARAMETER_NUMBER, 50, 1e-3, 1e6, NULL, true},
    [PDO] = {"pdo", PT_PARAMETER_NUMBER, 20, 1, 1000, NULL, false},
    [LEAST_IV] = {"least_iv", PT_PARAMETER_NUMBER, 0.02, 0, 10, NULL, false},
    [MOST_FEATURES] = {"most_features", PT_PARAMETER_INTEGER, 15, 1, 1000, NULL, true},
    [CORRELATION] = {"most_correlation", PT_PARAMETER_NUMBER, 0.7, 0.1, 1, NULL, false},
    [STRENGTH] = {"c", PT_PARAMETER_NUMBER, 100, 1e-3, 1e6, NULL, true},
};

typedef struct card {
    size_t columns, n;
    uint32_t *column; /* n */
    double *weight;   /* n + 1, the intercept last */
    double *iv;       /* columns */
    double *mean;     /* n: of the weight of evidence */
    double *spread;   /* n: its standard deviation */
    double base_score, odds, pdo;
} card;

static void card_free(void *model)
{
    card *m = model;

    if (!m)
        return;
    free(m->column);
    free(m->weight);
    free(m->iv);
    free(m->mean);
    free(m->spread);
    free(m);
}

static bool make_room(card *m, size_t most)
{
    m->column = pt_zalloc(most, sizeof *m->column);
    m->weight = pt_zalloc(most + 1, sizeof *m->weight);
    m->iv = pt_zalloc(m->columns, sizeof *m->iv);
    m->mean = pt_zalloc(most, sizeof *m->mean);
    m->spread = pt_zalloc(most, sizeof *m->spread);
    return m->column && m->weight && m->iv && m->mean && m->spread;
}

/* --- which characteristics ---------------------------------------------------------------------------------------- */

typedef struct choosing {
    const pt_examples *e;
    const double *settings;
    card *m;
    double *mean, *spread; /* columns */
} choosing;

static double weight_of(const pt_examples *e, size_t r)
{
    return e->weight ? e->weight[r] : 1;
}

/* Information value of a column of weights of evidence: how far its mean differs between the classes, since
 * sum (events_b / events - others_b / others) * woe_b is just that. */
static pt_rc information(void *arg, size_t c, unsigned worker, pt_err *err)
{
    choosing *t = arg;
    const float *v = pt_matrix_column(&t->e->x, c);
    double sum[2] = {0}, weight[2] = {0};

    (void)worker;
    (void)err;
    for (size_t r = 0; r < t->e->x.rows; r++) {
        size_t k = t->e->y[r] == 1;
        sum[k] += weight_of(t->e, r) * v[r];
        weight[k] += weight_of(t->e, r);
    }
    t->m->iv[c] = sum[1] / weight[1] - sum[0] / weight[0];
    return PT_OK;
}

static double correlation(const choosing *t, size_t a, size_t b)
{
    const float *x = pt_matrix_column(&t->e->x, a), *y = pt_matrix_column(&t->e->x, b);
    double sum = 0, weight = 0;

    if (t->spread[a] == 0 || t->spread[b] == 0)
        return 0;
    for (size_t r = 0; r < t->e->x.rows; r++) {
        double w = weight_of(t->e, r);
        sum += w * (x[r] - t->mean[a]) * (y[r] - t->mean[b]);
        weight += w;
    }
    return sum / weight / (t->spread[a] * t->spread[b]);
}

/* Takes the columns of the largest information value one after the other, leaving out those that say what one taken says. */
static void choose(choosing *t)
{
    card *m = t->m;
    bool *tried = pt_zalloc(m->columns, sizeof *tried);

    while (tried && m->n < (size_t)t->settings[MOST_FEATURES] && m->n < m->columns) {
        size_t best = m->columns;
        for (size_t c = 0; c < m->columns; c++)
            if (!tried[c] && m->iv[c] >= t->settings[LEAST_IV] && m->iv[c] > 0 &&
                (best == m->columns || m->iv[c] > m->iv[best]))
                best = c;
        if (best == m->columns)
            break;
        tried[best] = true;
        bool fresh = true;
        for (size_t i = 0; i < m->n && fresh; i++)
            fresh = fabs(correlation(t, best, m->column[i])) <= t->settings[CORRELATION];
        if (fresh)
            m->column[m->n++] = (uint32_t)best;
    }
    free(tried);
}

/* --- weights ------------------------------------------------------------------------------------------------------ */

/* Fits the chosen columns, copied side by side. */
static pt_rc fit_weights(card *m, const pt_examples *e, const uint32_t *label, const pt_fit_options *o, pt_err *err)
{
    float *values = pt_alloc64(m->n * e->x.rows, sizeof *values);
    pt_fit_options quiet = *o;
    pt_logit problem = {.x = {values, e->x.rows, m->n, e->x.rows},
                        .label = label,
                        .weight = e->weight,
                        .classes = 2,
                        .l2 = 1 / o->parameters[STRENGTH]};

    if (!values)
        return pt_fail_nomem(err, "scorecard");
    for (size_t i = 0; i < m->n; i++)
        memcpy(values + i * e->x.rows, pt_matrix_column(&e->x, m->column[i]), e->x.rows * sizeof *values);
    quiet.curve = NULL;
    pt_rc rc = pt_logit_solve(m->weight, &problem, &quiet, err);
    free(values);
    return rc;
}

/* A weight below 0 would give points for what is bad news by itself: such a characteristic only corrects others. The worst is taken
 * out and the rest fitted again, until all weights are above 0. */
static pt_rc fit_rising(card *m, const pt_examples *e, const uint32_t *label, const pt_fit_options *o, pt_err *err)
{
    for (;;) {
        size_t worst = 0;
        PT_TRY(fit_weights(m, e, label, o, err));
        for (size_t i = 1; i < m->n; i++)
            worst = m->weight[i] < m->weight[worst] ? i : worst;
        if (m->weight[worst] > 0 || m->n == 1)
            return PT_OK;
        memmove(m->column + worst, m->column + worst + 1, (m->n - worst - 1) * sizeof *m->column);
        m->n--;
    }
}

static pt_rc fit_chosen(choosing *t, const uint32_t *label, const pt_fit_options *o, pt_err *err)
{
    card *m = t->m;

    PT_TRY(pt_examples_moments(t->mean, t->spread, t->e, o->pool, err));
    PT_TRY(pt_pool_run(o->pool, m->columns, information, t, err));
    choose(t);
    if (m->n == 0) {
        pt_fail(err, PT_EINVAL, "no feature has an information value of %g or more: nothing tells the classes apart",
                o->parameters[LEAST_IV]);
        return pt_err_hint(err, "add features, or lower least_iv");
    }
    qsort(m->column, m->n, sizeof *m->column, pt_compare_u32);
    PT_TRY(fit_rising(m, t->e, label, o, err));
    for (size_t i = 0; i < m->n; i++) {
        m->mean[i] = t->mean[m->column[i]];
        m->spread[i] = t->spread[m->column[i]];
    }
    return PT_OK;
}

static pt_rc fit_into(card *m, const pt_examples *e, const uint32_t *label, const pt_fit_options *o, pt_err *err)
{
    choosing t = {e, o->parameters, m, pt_zalloc(e->x.columns, sizeof(double)),
                  pt_zalloc(e->x.columns, sizeof(double))};

    m->columns = e->x.columns;
    m->base_score = o->parameters[BASE_SCORE];
    m->odds = o->parameters[ODDS];
    m->pdo = o->parameters[PDO];
    bool room = make_room(m, e->x.columns) && t.mean && t.spread;
    pt_rc rc = room ? fit_chosen(&t, label, o, err) : pt_fail_nomem(err, "scorecard");
    free(t.mean);
    free(t.spread);
    return rc;
}

static pt_rc card_fit(void **model, const pt_examples *e, pt_task task, const pt_fit_options *o, pt_err *err)
{
    pt_present present;
    card *m;

    *model = NULL;
    PT_TRY(pt_examples_check(e, task, WANTS, err));
    if (e->n_classes != 2)
        return pt_fail(err, PT_EINVAL, "a risk card needs a target of two classes, not %u", (unsigned)e->n_classes);
    PT_TRY(pt_present_of(&present, e, err));
    m = pt_zalloc(1, sizeof *m);
    pt_rc rc = m ? fit_into(m, e, present.label, o, err) : pt_fail_nomem(err, "scorecard");
    pt_present_free(&present);
    if (rc != PT_OK)
        card_free(m);
    else
        *model = m;
    return rc;
}

/* --- use ---------------------------------------------------------------------------------------------------------- */

static size_t card_outputs(const void *model)
{
    (void)model;
    return 2;
}

static double log_odds(const card *m, const pt_matrix *x, size_t r)
{
    double sum = m->weight[m->n];

    for (size_t i = 0; i < m->n; i++)
        sum += m->weight[i] * pt_matrix_column(x, m->column[i])[r];
    return sum;
}

static pt_rc card_predict(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const card *m = model;

    (void)pool;
    PT_TRY(pt_matrix_check(x, m->columns, WANTS, err));
    for (size_t r = 0; r < x->rows; r++) {
        double z = log_odds(m, x, r);
        out[2 * r] = (float)pt_sigmoid(-z);
        out[2 * r + 1] = (float)pt_sigmoid(z);
    }
    return PT_OK;
}

static pt_rc card_save(pt_str *out, const void *model, pt_err *err)
{
    const card *m = model;

    pt_blob_begin(out, "CARD", VERSION);
    pt_blob_put_count(out, m->columns);
    pt_blob_put_count(out, m->n);
    pt_blob_put_codes(out, m->column, m->n);
    pt_blob_put_numbers(out, m->weight, m->n + 1);
    pt_blob_put_numbers(out, m->iv, m->columns);
    pt_blob_put_numbers(out, m->mean, m->n);
    pt_blob_put_numbers(out, m->spread, m->n);
    pt_blob_put_numbers(out, (double[]){m->base_score, m->odds, m->pdo}, 3);
    return pt_str_check(out, err);
}

static pt_rc card_load(void **model, pt_sv bytes, pt_err *err)
{
    pt_blob b;
    card *m = pt_zalloc(1, sizeof *m);

    *model = NULL;
    if (!m)
        return pt_fail_nomem(err, "scorecard");
    pt_blob_open(&b, bytes, "CARD", VERSION);
    m->columns = pt_blob_count(&b, 1, bytes.len);
    m->n = pt_blob_count(&b, 1, m->columns);
    m->column = m->columns < UINT32_MAX ? pt_blob_codes(&b, m->n, (uint32_t)m->columns) : NULL;
    m->weight = pt_blob_numbers(&b, m->n + 1);
    m->iv = pt_blob_numbers(&b, m->columns);
    m->mean = pt_blob_numbers(&b, m->n);
    m->spread = pt_blob_numbers(&b, m->n);
    m->base_score = pt_blob_number(&b, 0, 10000);
    m->odds = pt_blob_number(&b, 1e-3, 1e6);
    m->pdo = pt_blob_number(&b, 1, 1000);
    for (size_t i = 1; m->column && i < m->n; i++)
        if (m->column[i] <= m->column[i - 1])
            pt_blob_refuse(&b);
    pt_rc rc = pt_blob_end(&b, "scorecard", err);
    if (rc != PT_OK)
        card_free(m);
    else
        *model = m;
    return rc;
}

static pt_rc card_importance(double *out, const void *model, pt_err *err)
{
    const card *m = model;
    double sum = 0;

    (void)err;
    memset(out, 0, m->columns * sizeof *out);
    for (size_t i = 0; i < m->n; i++)
        sum += out[m->column[i]] = fabs(m->weight[i]) * m->spread[i];
    for (size_t i = 0; i < m->n; i++)
        out[m->column[i]] = sum > 0 ? out[m->column[i]] / sum : 1 / (double)m->n;
    return PT_OK;
}

static pt_rc card_contributions(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const card *m = model;
    size_t width = m->columns + 1;
    double base = m->weight[m->n];

    (void)pool;
    PT_TRY(pt_matrix_check(x, m->columns, WANTS, err));
    memset(out, 0, x->rows * width * sizeof *out);
    for (size_t i = 0; i < m->n; i++) {
        const float *v = pt_matrix_column(x, m->column[i]);
        base += m->weight[i] * m->mean[i];
        for (size_t r = 0; r < x->rows; r++)
            out[r * width + m->column[i]] = (float)(m->weight[i] * (v[r] - m->mean[i]));
    }
    for (size_t r = 0; r < x->rows; r++)
        out[r * width + m->columns] = (float)base;
    return PT_OK;
}

/* --- points ------------------------------------------------------------------------------------------------------- */

pt_scorecard pt_scorecard_of(const void *model)
{
    const card *m = model;

    return (pt_scorecard){m->columns, m->n,          m->column, m->weight, m->weight[m->n],
                          m->iv,      m->base_score, m->odds,   m->pdo};
}

static double factor_of(const pt_scorecard *s)
{
    return s->pdo / 0.69314718055994531; /* ln 2 */
}

static double offset_of(const pt_scorecard *s)
{
    return s->base_score - factor_of(s) * log(s->odds);
}

double pt_scorecard_points(const pt_scorecard *s, size_t i, double woe)
{
    double share = (offset_of(s) - factor_of(s) * s->intercept) / (double)s->n;

    return share - factor_of(s) * s->weight[i] * woe;
}

double pt_scorecard_score(const pt_scorecard *s, double probability)
{
    double p = fmin(fmax(probability, 1e-12), 1 - 1e-12);

    return offset_of(s) - factor_of(s) * log(p / (1 - p));
}

const pt_learner pt_scorecard_learner = {
    .name = "scorecard",
    .tasks = PT_TASK_CLASSIFY,
    .wants = WANTS,
    .parameters = parameters,
    .n_parameters = PT_COUNT(parameters),
    .fit = card_fit,
    .outputs = card_outputs,
    .predict = card_predict,
    .save = card_save,
    .load = card_load,
    .free = card_free,
    .importance = card_importance,
    .contributions = card_contributions,
};
