/* Logistic regression as a learner. */
#include <math.h>
#include <stdlib.h>

#include "model/blob.h"
#include "model/examples.h"
#include "model/linear_parts.h"
#include "model/logit.h"

enum { VERSION = 1, WANTS = PT_WANTS_SCALED | PT_WANTS_ONE_HOT };

enum { PENALTY, STRENGTH, L1_RATIO };
enum { PENALTY_L2, PENALTY_L1, PENALTY_ELASTIC_NET };

static const char *const penalties[] = {"l2", "l1", "elastic_net", NULL};

static const pt_parameter parameters[] = {
    [PENALTY] = {"penalty", PT_PARAMETER_CHOICE, PENALTY_L2, 0, 2, penalties, false},
    [STRENGTH] = {"c", PT_PARAMETER_NUMBER, 1, 1e-6, 1e6, NULL, true},
    [L1_RATIO] = {"l1_ratio", PT_PARAMETER_NUMBER, 0.5, 0, 1, NULL, false},
};

typedef struct logistic {
    uint32_t n_classes, n; /* of the examples; present */
    size_t columns;
    uint32_t *classes;        /* n */
    double *beta;             /* scores * (columns + 1) */
    double *mean, *deviation; /* columns, of the examples */
} logistic;

static void logistic_free(void *model)
{
    logistic *m = model;

    if (!m)
        return;
    free(m->classes);
    free(m->beta);
    free(m->mean);
    free(m->deviation);
    free(m);
}

static size_t n_beta(const logistic *m)
{
    return pt_logit_scores(m->n) * (m->columns + 1);
}

static pt_logit problem_of(const pt_examples *e, const pt_present *p, const double *settings)
{
    static const double shares[] = {[PENALTY_L2] = 0, [PENALTY_L1] = 1};
    int kind = (int)settings[PENALTY];
    double share = kind == PENALTY_ELASTIC_NET ? settings[L1_RATIO] : shares[kind];

    return (pt_logit){.x = e->x,
                      .label = p->label,
                      .weight = e->weight,
                      .classes = p->n,
                      .l1 = share / settings[STRENGTH],
                      .l2 = (1 - share) / settings[STRENGTH]};
}

static pt_rc fit_into(logistic *m, const pt_examples *e, pt_present *p, const pt_fit_options *o, pt_err *err)
{
    m->n_classes = p->n_classes;
    m->n = p->n;
    m->columns = e->x.columns;
    m->classes = p->classes;
    p->classes = NULL;
    m->beta = pt_zalloc(n_beta(m), sizeof *m->beta);
    m->mean = pt_zalloc(m->columns, sizeof *m->mean);
    m->deviation = pt_zalloc(m->columns, sizeof *m->deviation);
    if (!m->beta || !m->mean || !m->deviation)
        return pt_fail_nomem(err, "logistic regression");
    PT_TRY(pt_examples_moments(m->mean, m->deviation, e, o->pool, err));
    pt_logit problem = problem_of(e, p, o->parameters);
    return pt_logit_solve(m->beta, &problem, o, err);
}

static pt_rc logistic_fit(void **model, const pt_examples *e, pt_task task, const pt_fit_options *o, pt_err *err)
{
    pt_present present;
    logistic *m;

    *model = NULL;
    PT_TRY(pt_examples_check(e, task, WANTS, err));
    PT_TRY(pt_present_of(&present, e, err));
    m = pt_zalloc(1, sizeof *m);
    pt_rc rc = m ? fit_into(m, e, &present, o, err) : pt_fail_nomem(err, "logistic regression");
    pt_present_free(&present);
    if (rc != PT_OK)
        logistic_free(m);
    else
        *model = m;
    return rc;
}

static size_t logistic_outputs(const void *model)
{
    return ((const logistic *)model)->n_classes;
}

static pt_rc logistic_predict(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const logistic *m = model;

    PT_TRY(pt_matrix_check(x, m->columns, WANTS, err));
    PT_TRY(pt_logit_predict(out, m->beta, m->n, x, pool, err));
    pt_present_spread(out, x->rows, m->classes, m->n, m->n_classes);
    return PT_OK;
}

static pt_rc logistic_save(pt_str *out, const void *model, pt_err *err)
{
    const logistic *m = model;

    pt_blob_begin(out, "LOGI", VERSION);
    pt_blob_put_classes(out, m->n_classes, m->n, m->classes);
    pt_blob_put_count(out, m->columns);
    pt_blob_put_numbers(out, m->beta, n_beta(m));
    pt_blob_put_numbers(out, m->mean, m->columns);
    pt_blob_put_numbers(out, m->deviation, m->columns);
    return pt_str_check(out, err);
}

static pt_rc logistic_load(void **model, pt_sv bytes, pt_err *err)
{
    pt_blob b;
    logistic *m = pt_zalloc(1, sizeof *m);

    *model = NULL;
    if (!m)
        return pt_fail_nomem(err, "logistic regression");
    pt_blob_open(&b, bytes, "LOGI", VERSION);
    m->classes = pt_blob_classes(&b, &m->n_classes, &m->n, PT_EXAMPLES_CLASSES);
    m->columns = pt_blob_count(&b, 1, bytes.len);
    m->beta = pt_blob_numbers(&b, n_beta(m));
    m->mean = pt_blob_numbers(&b, m->columns);
    m->deviation = pt_blob_numbers(&b, m->columns);
    pt_rc rc = pt_blob_end(&b, "logistic", err);
    if (rc != PT_OK)
        logistic_free(m);
    else
        *model = m;
    return rc;
}

static pt_rc logistic_importance(double *out, const void *model, pt_err *err)
{
    const logistic *m = model;

    (void)err;
    pt_linear_importance(out, m->beta, pt_logit_scores(m->n), m->deviation, m->columns);
    return PT_OK;
}

/* The weight of a column in the score that is explained: the log odds of class 1; of several classes, against the mean of all. */
static double weight_of(const logistic *m, size_t c)
{
    size_t scores = pt_logit_scores(m->n), width = m->columns + 1;
    double mean = 0, own = 0;

    if (scores == 1)
        return m->classes[1] == 1 ? m->beta[c] : m->classes[0] == 1 ? -m->beta[c] : 0;
    for (size_t k = 0; k < scores; k++) {
        mean += m->beta[k * width + c] / (double)scores;
        own = m->classes[k] == 1 ? m->beta[k * width + c] : own;
    }
    return own - mean;
}

static pt_rc logistic_contributions(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const logistic *m = model;
    double *weight;

    (void)pool;
    PT_TRY(pt_matrix_check(x, m->columns, WANTS, err));
    weight = pt_zalloc(m->columns + 1, sizeof *weight);
    if (!weight)
        return pt_fail_nomem(err, "contributions");
    for (size_t c = 0; c <= m->columns; c++)
        weight[c] = weight_of(m, c);
    pt_linear_contributions(out, weight, m->mean, x);
    free(weight);
    return PT_OK;
}

const pt_learner pt_logistic_learner = {
    .name = "logistic",
    .tasks = PT_TASK_CLASSIFY,
    .wants = WANTS,
    .parameters = parameters,
    .n_parameters = PT_COUNT(parameters),
    .fit = logistic_fit,
    .outputs = logistic_outputs,
    .predict = logistic_predict,
    .save = logistic_save,
    .load = logistic_load,
    .free = logistic_free,
    .importance = logistic_importance,
    .contributions = logistic_contributions,
};
