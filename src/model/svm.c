/* Support vector machines as a learner: classification (one class against one, with probabilities) and regression (epsilon). */
#include <math.h>
#include <stdlib.h>

#include "model/calibration.h"
#include "model/examples.h"
#include "model/folds.h"
#include "model/smo.h"
#include "model/svm_int.h"

enum { MAX_CLASSES = 256, MAX_ROWS = 300000, WANTS = PT_WANTS_SCALED | PT_WANTS_ONE_HOT };

static const double tolerance = 1e-3; /* as libsvm's */

enum { KERNEL, STRENGTH, GAMMA, DEGREE, COEF0, EPSILON, FOLDS };

static const char *const kernels[] = {"rbf", "linear", "polynomial", NULL};

static const pt_parameter parameters[] = {
    [KERNEL] = {"kernel", PT_PARAMETER_CHOICE, 0, 0, 2, kernels, false},
    [STRENGTH] = {"c", PT_PARAMETER_NUMBER, 1, 1e-3, 1e4, NULL, true},
    [GAMMA] = {"gamma", PT_PARAMETER_NUMBER, 1, 1e-3, 1e3, NULL, true}, /* divided by the number of columns */
    [DEGREE] = {"degree", PT_PARAMETER_INTEGER, 3, 1, 10, NULL, false},
    [COEF0] = {"coef0", PT_PARAMETER_NUMBER, 1, 0, 100, NULL, false},
    [EPSILON] = {"epsilon", PT_PARAMETER_NUMBER, 0.1, 0, 10, NULL, false}, /* in standard deviations of the target */
    [FOLDS] = {"folds", PT_PARAMETER_INTEGER, 3, 0, 20, NULL, false},      /* 0: scores of training itself */
};

/* Rows of one problem, of a matrix of their own. */
typedef struct subset {
    float *values;
    uint32_t *rows; /* of the examples */
    size_t n, columns;
} subset;

typedef struct fitting {
    svm *m;
    const pt_examples *e;
    const pt_present *present;
    const pt_fit_options *options;
} fitting;

static double weight_of(const fitting *f, size_t row)
{
    return f->e->weight ? f->e->weight[row] : 1;
}

static void subset_free(subset *s)
{
    free(s->values);
    free(s->rows);
    *s = (subset){0};
}

/* Copies the features of the rows already in s->rows. */
static pt_rc subset_fill(subset *s, const pt_matrix *x, pt_err *err)
{
    s->columns = x->columns;
    s->values = pt_alloc64(s->n * x->columns, sizeof *s->values);
    if (!s->values)
        return pt_fail_nomem(err, "svm");
    for (size_t c = 0; c < x->columns; c++)
        for (size_t i = 0; i < s->n; i++)
            s->values[c * s->n + i] = pt_matrix_column(x, c)[s->rows[i]];
    return PT_OK;
}

/* What a problem needs a variable for. */
typedef struct variables {
    size_t n;
    uint32_t *point;
    int8_t *sign;
    double *base, *upper;
} variables;

static bool variables_new(variables *v, size_t n)
{
    *v = (variables){.n = n,
                     .point = pt_zalloc(n, sizeof *v->point),
                     .sign = pt_zalloc(n, sizeof *v->sign),
                     .base = pt_zalloc(n, sizeof *v->base),
                     .upper = pt_zalloc(n, sizeof *v->upper)};
    return v->point && v->sign && v->base && v->upper;
}

static void variables_free(variables *v)
{
    free(v->point);
    free(v->sign);
    free(v->base);
    free(v->upper);
}

/* Points that came out with a weight become the rows of the machine. */
static pt_rc keep_support(svm_machine *out, const pt_blocks *p, const double *weight, pt_err *err)
{
    size_t n = 0;
    uint32_t *which = pt_zalloc(p->n, sizeof *which);
    pt_rc rc = which ? PT_OK : pt_fail_nomem(err, "svm");

    for (size_t i = 0; which && i < p->n; i++)
        if (weight[i] != 0)
            which[n++] = (uint32_t)i;
    if (which && n == 0) /* all weights cancelled out: the bias alone; a row of weight 0 stands in */
        n = 1;
    if (rc == PT_OK)
        rc = pt_support_new(&out->rows, n, p->columns, err);
    if (rc == PT_OK) {
        pt_support_pick(&out->rows, p, which, n);
        out->weight = pt_zalloc(out->rows.groups * PT_KERNEL_GROUP, sizeof *out->weight);
        rc = out->weight ? PT_OK : pt_fail_nomem(err, "svm");
    }
    for (size_t i = 0; rc == PT_OK && i < n; i++)
        out->weight[i] = weight[which[i]];
    free(which);
    return rc;
}

static void machine_free(svm_machine *s)
{
    pt_support_free(&s->rows);
    free(s->weight);
    *s = (svm_machine){0};
}

/* Solves and keeps support vectors and bias; slope and intercept are left alone. */
static pt_rc solve(svm_machine *out, const fitting *f, const subset *s, const variables *v, pt_err *err)
{
    const pt_fit_options *o = f->options;
    pt_matrix x = {s->values, s->n, s->columns, s->n};
    pt_blocks points;
    double *weight = pt_zalloc(s->n, sizeof *weight);

    if (!weight)
        return pt_fail_nomem(err, "svm");
    pt_rc rc = pt_blocks_new(&points, &x, &f->m->kernel, err);
    if (rc == PT_OK) {
        pt_smo problem = {.points = &points,
                          .kernel = &f->m->kernel,
                          .n = v->n,
                          .point = v->point,
                          .sign = v->sign,
                          .base = v->base,
                          .upper = v->upper,
                          .tolerance = tolerance,
                          .pool = o->pool,
                          .cancelled = o->cancelled,
                          .cancel_context = o->cancel_context};
        rc = pt_smo_solve(weight, &out->bias, NULL, NULL, &problem, err);
        if (rc == PT_OK)
            rc = keep_support(out, &points, weight, err);
        pt_blocks_free(&points);
    }
    free(weight);
    return rc;
}

/* --- two classes -------------------------------------------------------------------------------------------------- */

/* Class b against class a; rows of part `without` are left out (-1: none are). *both: rows of both were left. */
static pt_rc fit_two(svm_machine *out, bool *both, const fitting *f, const subset *pair, uint32_t b,
                     const uint8_t *part, int without, pt_err *err)
{
    subset s = {.rows = pt_zalloc(pair->n, sizeof(uint32_t))};
    variables v;
    size_t events = 0;
    pt_rc rc = variables_new(&v, pair->n) && s.rows ? PT_OK : pt_fail_nomem(err, "svm");

    for (size_t i = 0; rc == PT_OK && i < pair->n; i++) {
        uint32_t row = pair->rows[i];
        bool event = f->present->label[row] == b;
        double upper = f->options->parameters[STRENGTH] * weight_of(f, row);
        if ((without >= 0 && part[i] == without) || upper == 0)
            continue;
        v.point[s.n] = (uint32_t)s.n;
        v.sign[s.n] = event ? 1 : -1;
        v.base[s.n] = v.sign[s.n];
        v.upper[s.n] = upper;
        events += event;
        s.rows[s.n++] = row;
    }
    v.n = s.n;
    *both = events > 0 && events < s.n;
    if (rc == PT_OK && *both)
        rc = subset_fill(&s, &f->e->x, err);
    if (rc == PT_OK && *both)
        rc = solve(out, f, &s, &v, err);
    variables_free(&v);
    subset_free(&s);
    return rc;
}

typedef struct scoring {
    const svm_machine *machine;
    const pt_kernel *kernel;
    const pt_blocks *points;
    double *score;
} scoring;

enum { SCORE_BLOCKS = 32 };

static pt_rc score_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const scoring *s = arg;
    const pt_blocks *p = s->points;
    size_t first = index * SCORE_BLOCKS, blocks = p->blocks - first < SCORE_BLOCKS ? p->blocks - first : SCORE_BLOCKS;
    size_t left = p->n - first * PT_KERNEL_LANES;
    pt_blocks part = {left < blocks * PT_KERNEL_LANES ? left : blocks * PT_KERNEL_LANES, p->columns, blocks,
                      p->values + first * p->columns * PT_KERNEL_LANES, p->norms + first * PT_KERNEL_LANES};

    (void)worker;
    (void)err;
    svm_scores(s->score + first * PT_KERNEL_LANES, s->machine, s->kernel, &part);
    return PT_OK;
}

/* Scores of the rows of `part` (all: -1) at score[i] by the machine. */
static pt_rc score_rows(double *score, const svm_machine *machine, const fitting *f, const subset *pair,
                        const uint8_t *part, int only, pt_err *err)
{
    subset s = {.rows = pt_zalloc(pair->n, sizeof(uint32_t))};
    pt_blocks points = {0};
    double *found = NULL;
    pt_rc rc = s.rows ? PT_OK : pt_fail_nomem(err, "svm");

    for (size_t i = 0; s.rows && i < pair->n; i++)
        if (only < 0 || part[i] == only)
            s.rows[s.n++] = pair->rows[i];
    if (rc == PT_OK && s.n)
        rc = subset_fill(&s, &f->e->x, err);
    pt_matrix x = {s.values, s.n, s.columns, s.n};
    if (rc == PT_OK && s.n)
        rc = pt_blocks_new(&points, &x, &f->m->kernel, err);
    if (rc == PT_OK && s.n) {
        found = pt_alloc64(points.blocks * PT_KERNEL_LANES, sizeof *found);
        scoring job = {machine, &f->m->kernel, &points, found};
        rc = found ? pt_pool_run(f->options->pool, (points.blocks + SCORE_BLOCKS - 1) / SCORE_BLOCKS, score_part, &job,
                                 err)
                   : pt_fail_nomem(err, "svm");
    }
    for (size_t i = 0, at = 0; rc == PT_OK && i < pair->n; i++)
        if (only < 0 || part[i] == only)
            score[i] = found[at++];
    free(found);
    pt_blocks_free(&points);
    subset_free(&s);
    return rc;
}

/* Scores of each row by a machine that has not seen it. */
static pt_rc held_out_scores(double *score, const fitting *f, const subset *pair, uint32_t b, const uint8_t *part,
                             unsigned folds, pt_err *err)
{
    for (unsigned k = 0; k < folds; k++) {
        svm_machine machine = {0};
        bool both;
        pt_rc rc = fit_two(&machine, &both, f, pair, b, part, (int)k, err);
        if (rc == PT_OK && both) /* else the scores stay 0, as libsvm has it */
            rc = score_rows(score, &machine, f, pair, part, (int)k, err);
        machine_free(&machine);
        PT_TRY(rc);
    }
    return PT_OK;
}

static pt_rc split_pair(uint8_t *part, const fitting *f, const subset *pair, unsigned folds, pt_err *err)
{
    uint32_t *label = pt_zalloc(pair->n, sizeof *label);

    if (!label)
        return pt_fail_nomem(err, "svm");
    for (size_t i = 0; i < pair->n; i++)
        label[i] = f->present->label[pair->rows[i]];
    pt_rc rc = pt_folds_of(part, label, pair->n, f->present->n, folds, f->options->seed, err);
    free(label);
    return rc;
}

/* The sigmoid of a machine: from held-out scores, or of 0 folds from its own. */
static pt_rc calibrate(svm_machine *out, const fitting *f, const subset *pair, uint32_t b, pt_err *err)
{
    unsigned folds = (unsigned)f->options->parameters[FOLDS];
    double *score = pt_zalloc(pair->n, sizeof *score);
    float *event = pt_zalloc(pair->n, 2 * sizeof *event), *weight = event + pair->n;
    uint8_t *part = pt_zalloc(pair->n, 1);
    pt_calibration c;
    pt_rc rc = score && event && part ? PT_OK : pt_fail_nomem(err, "svm");

    for (size_t i = 0; rc == PT_OK && i < pair->n; i++) {
        event[i] = f->present->label[pair->rows[i]] == b;
        weight[i] = (float)weight_of(f, pair->rows[i]);
    }
    if (rc == PT_OK && folds < 2)
        rc = score_rows(score, out, f, pair, part, -1, err);
    else if (rc == PT_OK) {
        rc = split_pair(part, f, pair, folds, err);
        if (rc == PT_OK)
            rc = held_out_scores(score, f, pair, b, part, folds, err);
    }
    if (rc == PT_OK)
        rc = pt_calibration_fit(&c, PT_CALIBRATE_PLATT, score, event, weight, pair->n, err);
    if (rc == PT_OK) {
        out->slope = c.slope;
        out->intercept = c.intercept;
    }
    free(score);
    free(event);
    free(part);
    return rc;
}

static pt_rc fit_pair(svm_machine *out, const fitting *f, uint32_t a, uint32_t b, pt_err *err)
{
    const pt_present *p = f->present;
    subset pair = {.rows = pt_zalloc(f->e->x.rows, sizeof(uint32_t))};
    bool both;

    if (!pair.rows)
        return pt_fail_nomem(err, "svm");
    for (size_t r = 0; r < f->e->x.rows; r++)
        if ((p->label[r] == a || p->label[r] == b) && weight_of(f, r) > 0)
            pair.rows[pair.n++] = (uint32_t)r;
    pt_rc rc = fit_two(out, &both, f, &pair, b, NULL, -1, err);
    if (rc == PT_OK)
        rc = calibrate(out, f, &pair, b, err);
    subset_free(&pair);
    return rc;
}

static pt_rc fit_classes(fitting *f, pt_err *err)
{
    size_t at = 0;

    for (uint32_t a = 0; a < f->present->n; a++)
        for (uint32_t b = a + 1; b < f->present->n; b++)
            PT_TRY(fit_pair(&f->m->machines[at++], f, a, b, err));
    return PT_OK;
}

/* --- regression --------------------------------------------------------------------------------------------------- */

/* Two variables a row: the line lies too low for it, or too high. The target is measured in standard deviations. */
static pt_rc fit_line(fitting *f, pt_err *err)
{
    const pt_examples *e = f->e;
    const double *settings = f->options->parameters;
    svm_machine *out = &f->m->machines[0];
    subset s = {.rows = pt_zalloc(e->x.rows, sizeof(uint32_t))};
    variables v;
    double mean, deviation;
    pt_examples target = {.x = {e->y, e->x.rows, 1, e->x.rows}, .weight = e->weight};
    pt_rc rc = variables_new(&v, 2 * e->x.rows) && s.rows ? PT_OK : pt_fail_nomem(err, "svm");

    if (rc == PT_OK)
        rc = pt_examples_moments(&mean, &deviation, &target, f->options->pool, err);
    if (rc == PT_OK && deviation == 0)
        deviation = 1;
    for (size_t r = 0; rc == PT_OK && r < e->x.rows; r++)
        if (weight_of(f, r) > 0)
            s.rows[s.n++] = (uint32_t)r;
    for (size_t i = 0; rc == PT_OK && i < 2 * s.n; i++) {
        size_t row = s.rows[i % s.n];
        v.point[i] = (uint32_t)(i % s.n);
        v.sign[i] = i < s.n ? 1 : -1;
        v.base[i] = (e->y[row] - mean) / deviation - v.sign[i] * settings[EPSILON];
        v.upper[i] = settings[STRENGTH] * weight_of(f, row);
    }
    v.n = 2 * s.n;
    if (rc == PT_OK)
        rc = subset_fill(&s, &e->x, err);
    if (rc == PT_OK)
        rc = solve(out, f, &s, &v, err);
    if (rc == PT_OK) {
        out->slope = deviation;
        out->intercept = mean;
    }
    variables_free(&v);
    subset_free(&s);
    return rc;
}

/* --- the learner -------------------------------------------------------------------------------------------------- */

static pt_rc fit_into(svm *m, const pt_examples *e, pt_task task, pt_present *p, const pt_fit_options *o, pt_err *err)
{
    static const pt_kernel_kind kinds[] = {PT_KERNEL_RBF, PT_KERNEL_LINEAR, PT_KERNEL_POLYNOMIAL};
    const double *settings = o->parameters;
    fitting f = {m, e, p, o};

    m->task = task;
    m->n_classes = p->n_classes;
    m->n = p->n;
    m->columns = e->x.columns;
    m->classes = p->classes;
    p->classes = NULL;
    m->kernel = (pt_kernel){kinds[(int)settings[KERNEL]], settings[GAMMA] / (double)e->x.columns, settings[COEF0],
                            (unsigned)settings[DEGREE]};
    m->n_machines = task == PT_TASK_CLASSIFY ? (size_t)m->n * (m->n - 1) / 2 : 1;
    m->machines = pt_zalloc(m->n_machines, sizeof *m->machines);
    if (!m->machines)
        return pt_fail_nomem(err, "svm");
    return task == PT_TASK_CLASSIFY ? fit_classes(&f, err) : fit_line(&f, err);
}

/* Of regression one "class" stands for the value. */
static pt_rc present_of(pt_present *p, const pt_examples *e, pt_task task, pt_err *err)
{
    if (task == PT_TASK_CLASSIFY)
        return pt_present_of(p, e, err);
    *p = (pt_present){.n_classes = 1, .n = 1, .classes = pt_zalloc(1, sizeof *p->classes)};
    return p->classes ? PT_OK : pt_fail_nomem(err, "svm");
}

static pt_rc svm_fit(void **model, const pt_examples *e, pt_task task, const pt_fit_options *o, pt_err *err)
{
    pt_present present;
    svm *m;

    *model = NULL;
    PT_TRY(pt_examples_check(e, task, WANTS, err));
    if (e->x.rows > MAX_ROWS) {
        pt_fail(err, PT_EINVAL, "an SVM with a kernel learns from at most %d customers, not %zu", MAX_ROWS, e->x.rows);
        return pt_err_hint(err, "use linear_svm, or a population that is a sample");
    }
    if (task == PT_TASK_CLASSIFY && e->n_classes > MAX_CLASSES)
        return pt_fail(err, PT_EINVAL, "an SVM tells at most %d classes apart", MAX_CLASSES);
    PT_TRY(present_of(&present, e, task, err));
    m = pt_zalloc(1, sizeof *m);
    pt_rc rc = m ? fit_into(m, e, task, &present, o, err) : pt_fail_nomem(err, "svm");
    pt_present_free(&present);
    if (rc != PT_OK)
        svm_free(m);
    else
        *model = m;
    return rc;
}

const pt_learner pt_svm_learner = {
    .name = "svm",
    .tasks = PT_TASK_CLASSIFY | PT_TASK_REGRESS,
    .wants = WANTS,
    .parameters = parameters,
    .n_parameters = PT_COUNT(parameters),
    .fit = svm_fit,
    .outputs = svm_outputs,
    .predict = svm_predict,
    .save = svm_save,
    .load = svm_load,
    .free = svm_free,
};
