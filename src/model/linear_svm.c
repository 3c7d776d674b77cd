/* Linear support vector machines for many rows: squared hinge, one class against the rest, to the exact optimum by the Newton
 * steps of logit_solve.c; probabilities by Platt's sigmoid over held-out scores. */
#include <math.h>
#include <stdlib.h>

#include "model/blob.h"
#include "model/calibration.h"
#include "model/examples.h"
#include "model/folds.h"
#include "model/linear_parts.h"
#include "model/logit.h"

enum { VERSION = 1, WANTS = PT_WANTS_SCALED | PT_WANTS_ONE_HOT, PART_ROWS = 2048 };

enum { PENALTY, STRENGTH, FOLDS };

static const char *const penalties[] = {"l2", "l1", NULL};

static const pt_parameter parameters[] = {
    [PENALTY] = {"penalty", PT_PARAMETER_CHOICE, 0, 0, 1, penalties, false},
    [STRENGTH] = {"c", PT_PARAMETER_NUMBER, 1, 1e-6, 1e6, NULL, true},
    [FOLDS] = {"folds", PT_PARAMETER_INTEGER, 3, 0, 20, NULL, false},
};

typedef struct linear {
    uint32_t n_classes, n; /* of the examples; present */
    uint32_t *classes;     /* n */
    size_t columns, scores;
    double *beta;             /* scores * (columns + 1) */
    double *sigmoid;          /* slope and intercept of each score */
    double *mean, *deviation; /* columns */
} linear;

static void linear_free(void *model)
{
    linear *m = model;

    if (!m)
        return;
    free(m->classes);
    free(m->beta);
    free(m->sigmoid);
    free(m->mean);
    free(m->deviation);
    free(m);
}

static bool make_room(linear *m)
{
    m->scores = pt_logit_scores(m->n);
    m->beta = pt_zalloc(m->scores * (m->columns + 1), sizeof *m->beta);
    m->sigmoid = pt_zalloc(2 * m->scores, sizeof *m->sigmoid);
    m->mean = pt_zalloc(m->columns, sizeof *m->mean);
    m->deviation = pt_zalloc(m->columns, sizeof *m->deviation);
    return m->beta && m->sigmoid && m->mean && m->deviation;
}

/* score[i] of n rows from `first`, less the intercept's if beta's last is 0. */
static void score_rows(double *score, const double *beta, const pt_matrix *x, size_t first, size_t n)
{
    for (size_t i = 0; i < n; i++)
        score[i] = beta[x->columns];
    for (size_t c = 0; c < x->columns; c++) {
        const float *v = pt_matrix_column(x, c) + first;
        for (size_t i = 0; i < n; i++)
            score[i] += beta[c] * v[i];
    }
}

/* --- learning ----------------------------------------------------------------------------------------------------- */

/* One class against the rest, or of two classes the second against the first. */
typedef struct contest {
    const pt_examples *e;
    const pt_fit_options *options;
    uint32_t *event; /* rows: 1 or 0 */
    float *weight;   /* rows */
    float *left;     /* rows: weight, 0 of those left out */
    uint8_t *part;   /* rows */
    double *score;   /* rows */
    double *beta;    /* scratch of folds */
} contest;

static void contest_free(contest *t)
{
    free(t->event);
    free(t->weight);
    free(t->left);
    free(t->part);
    free(t->score);
    free(t->beta);
}

static bool contest_room(contest *t)
{
    size_t rows = t->e->x.rows;

    t->event = pt_zalloc(rows, sizeof *t->event);
    t->weight = pt_zalloc(rows, sizeof *t->weight);
    t->left = pt_zalloc(rows, sizeof *t->left);
    t->part = pt_zalloc(rows, sizeof *t->part);
    t->score = pt_zalloc(rows, sizeof *t->score);
    t->beta = pt_zalloc(t->e->x.columns + 1, sizeof *t->beta);
    return t->event && t->weight && t->left && t->part && t->score && t->beta;
}

static pt_rc solve(double *beta, const contest *t, const float *weight, pt_err *err)
{
    double strength = t->options->parameters[STRENGTH];
    bool sparse = t->options->parameters[PENALTY] == 1;
    pt_fit_options o = *t->options;
    pt_logit problem = {.x = t->e->x,
                        .label = t->event,
                        .weight = weight,
                        .classes = 2,
                        .l1 = sparse ? 1 / strength : 0,
                        .l2 = sparse ? 0 : 1 / strength,
                        .hinge = true};

    o.curve = NULL;
    return pt_logit_solve(beta, &problem, &o, err);
}

static bool both_left(const contest *t)
{
    bool event = false, other = false;

    for (size_t r = 0; r < t->e->x.rows; r++) {
        event = event || (t->left[r] > 0 && t->event[r]);
        other = other || (t->left[r] > 0 && !t->event[r]);
    }
    return event && other;
}

/* Scores of each row by weights that were learned without it; 0 where nothing could be. */
static pt_rc held_out_scores(contest *t, unsigned folds, pt_err *err)
{
    const pt_matrix *x = &t->e->x;

    PT_TRY(pt_folds_of(t->part, t->event, x->rows, 2, folds, t->options->seed, err));
    for (unsigned k = 0; k < folds; k++) {
        for (size_t r = 0; r < x->rows; r++)
            t->left[r] = t->part[r] == k ? 0 : t->weight[r];
        if (!both_left(t))
            continue;
        PT_TRY(solve(t->beta, t, t->left, err));
        for (size_t r = 0; r < x->rows; r++)
            if (t->part[r] == k)
                score_rows(&t->score[r], t->beta, x, r, 1);
    }
    return PT_OK;
}

static pt_rc fit_one(double *beta, double sigmoid[2], contest *t, pt_err *err)
{
    const pt_examples *e = t->e;
    unsigned folds = (unsigned)t->options->parameters[FOLDS];
    pt_calibration c;
    float *event = t->left; /* of calibration; nothing is left out any more */

    PT_TRY(solve(beta, t, t->weight, err));
    if (folds >= 2)
        PT_TRY(held_out_scores(t, folds, err));
    else
        score_rows(t->score, beta, &e->x, 0, e->x.rows);
    for (size_t r = 0; r < e->x.rows; r++)
        event[r] = (float)t->event[r];
    PT_TRY(pt_calibration_fit(&c, PT_CALIBRATE_PLATT, t->score, event, t->weight, e->x.rows, err));
    sigmoid[0] = c.slope;
    sigmoid[1] = c.intercept;
    return PT_OK;
}

static pt_rc fit_all(linear *m, const pt_examples *e, const pt_present *p, const pt_fit_options *o, pt_err *err)
{
    contest t = {.e = e, .options = o};
    pt_rc rc = contest_room(&t) ? PT_OK : pt_fail_nomem(err, "linear_svm");

    for (size_t k = 0; rc == PT_OK && k < m->scores; k++) {
        for (size_t r = 0; r < e->x.rows; r++) {
            t.event[r] = m->scores == 1 ? p->label[r] : p->label[r] == k;
            t.weight[r] = e->weight ? e->weight[r] : 1;
            t.score[r] = 0;
        }
        rc = fit_one(m->beta + k * (m->columns + 1), m->sigmoid + 2 * k, &t, err);
    }
    contest_free(&t);
    return rc;
}

static pt_rc fit_into(linear *m, const pt_examples *e, pt_present *p, const pt_fit_options *o, pt_err *err)
{
    m->n_classes = p->n_classes;
    m->n = p->n;
    m->columns = e->x.columns;
    m->classes = p->classes;
    p->classes = NULL;
    if (!make_room(m))
        return pt_fail_nomem(err, "linear_svm");
    PT_TRY(pt_examples_moments(m->mean, m->deviation, e, o->pool, err));
    return fit_all(m, e, p, o, err);
}

static pt_rc linear_fit(void **model, const pt_examples *e, pt_task task, const pt_fit_options *o, pt_err *err)
{
    pt_present present;
    linear *m;

    *model = NULL;
    PT_TRY(pt_examples_check(e, task, WANTS, err));
    PT_TRY(pt_present_of(&present, e, err));
    m = pt_zalloc(1, sizeof *m);
    pt_rc rc = m ? fit_into(m, e, &present, o, err) : pt_fail_nomem(err, "linear_svm");
    pt_present_free(&present);
    if (rc != PT_OK)
        linear_free(m);
    else
        *model = m;
    return rc;
}

/* --- use ---------------------------------------------------------------------------------------------------------- */

static size_t linear_outputs(const void *model)
{
    return ((const linear *)model)->n_classes;
}

typedef struct prediction {
    float *out;
    const linear *m;
    const pt_matrix *x;
} prediction;

/* Probabilities of n rows: of several classes each against the rest, shared out to add up to 1. */
static void to_probabilities(float *out, const linear *m, const double *score, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t k = 0; k < m->scores; k++) {
            double z = m->sigmoid[2 * k] * score[k * PART_ROWS + i] + m->sigmoid[2 * k + 1];
            double p = fmax(pt_sigmoid(z), 1e-12);
            out[i * m->n + k] = (float)p;
            sum += p;
            if (m->scores == 1) {
                out[i * 2] = (float)pt_sigmoid(-z);
                out[i * 2 + 1] = (float)pt_sigmoid(z);
            }
        }
        for (size_t k = 0; k < m->scores && m->scores > 1; k++)
            out[i * m->n + k] = (float)(out[i * m->n + k] / sum);
    }
}

static pt_rc predict_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const prediction *p = arg;
    size_t first = index * PART_ROWS, n = p->x->rows - first < PART_ROWS ? p->x->rows - first : PART_ROWS;
    double *score = pt_alloc64(p->m->scores * PART_ROWS, sizeof *score);

    (void)worker;
    if (!score)
        return pt_fail_nomem(err, "predictions");
    for (size_t k = 0; k < p->m->scores; k++)
        score_rows(score + k * PART_ROWS, p->m->beta + k * (p->m->columns + 1), p->x, first, n);
    to_probabilities(p->out + first * p->m->n, p->m, score, n);
    free(score);
    return PT_OK;
}

static pt_rc linear_predict(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const linear *m = model;
    prediction p = {out, m, x};

    PT_TRY(pt_matrix_check(x, m->columns, WANTS, err));
    PT_TRY(pt_pool_run(pool, (x->rows + PART_ROWS - 1) / PART_ROWS, predict_part, &p, err));
    pt_present_spread(out, x->rows, m->classes, m->n, m->n_classes);
    return PT_OK;
}

static pt_rc linear_save(pt_str *out, const void *model, pt_err *err)
{
    const linear *m = model;

    pt_blob_begin(out, "LSVM", VERSION);
    pt_blob_put_classes(out, m->n_classes, m->n, m->classes);
    pt_blob_put_count(out, m->columns);
    pt_blob_put_numbers(out, m->beta, m->scores * (m->columns + 1));
    pt_blob_put_numbers(out, m->sigmoid, 2 * m->scores);
    pt_blob_put_numbers(out, m->mean, m->columns);
    pt_blob_put_numbers(out, m->deviation, m->columns);
    return pt_str_check(out, err);
}

static pt_rc linear_load(void **model, pt_sv bytes, pt_err *err)
{
    pt_blob b;
    linear *m = pt_zalloc(1, sizeof *m);

    *model = NULL;
    if (!m)
        return pt_fail_nomem(err, "linear_svm");
    pt_blob_open(&b, bytes, "LSVM", VERSION);
    m->classes = pt_blob_classes(&b, &m->n_classes, &m->n, PT_EXAMPLES_CLASSES);
    m->columns = pt_blob_count(&b, 1, bytes.len);
    m->scores = pt_logit_scores(m->n);
    m->beta = pt_blob_numbers(&b, m->scores * (m->columns + 1));
    m->sigmoid = pt_blob_numbers(&b, 2 * m->scores);
    m->mean = pt_blob_numbers(&b, m->columns);
    m->deviation = pt_blob_numbers(&b, m->columns);
    pt_rc rc = pt_blob_end(&b, "linear_svm", err);
    if (rc != PT_OK)
        linear_free(m);
    else
        *model = m;
    return rc;
}

static pt_rc linear_importance(double *out, const void *model, pt_err *err)
{
    const linear *m = model;

    (void)err;
    pt_linear_importance(out, m->beta, m->scores, m->deviation, m->columns);
    return PT_OK;
}

/* Of two classes, in log odds after the sigmoid. */
static pt_rc linear_contributions(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const linear *m = model;
    double *weight;

    (void)pool;
    PT_TRY(pt_matrix_check(x, m->columns, WANTS, err));
    if (m->scores > 1)
        return pt_fail(err, PT_ENOTFOUND, "linear_svm explains scores of two classes only");
    weight = pt_zalloc(m->columns + 1, sizeof *weight);
    if (!weight)
        return pt_fail_nomem(err, "contributions");
    for (size_t c = 0; c <= m->columns; c++)
        weight[c] = m->sigmoid[0] * m->beta[c];
    weight[m->columns] += m->sigmoid[1];
    pt_linear_contributions(out, weight, m->mean, x);
    free(weight);
    return PT_OK;
}

const pt_learner pt_linear_svm_learner = {
    .name = "linear_svm",
    .tasks = PT_TASK_CLASSIFY,
    .wants = WANTS,
    .parameters = parameters,
    .n_parameters = PT_COUNT(parameters),
    .fit = linear_fit,
    .outputs = linear_outputs,
    .predict = linear_predict,
    .save = linear_save,
    .load = linear_load,
    .free = linear_free,
    .importance = linear_importance,
    .contributions = linear_contributions,
};
