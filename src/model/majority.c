/* The baseline: every row gets the rates of the classes, or the mean. What any algorithm has to beat; it looks at no feature. */
#include <math.h>
#include <stdlib.h>

#include "base/frame.h"
#include "model/learner.h"

typedef struct majority {
    uint32_t outputs;
    double value[]; /* outputs: the share of each class, or the mean */
} majority;

enum { MOST_CLASSES = 1 << 16 };

static pt_rc majority_new(majority **out, size_t outputs, pt_err *err)
{
    *out = (majority *)pt_zalloc(1, sizeof(majority) + outputs * sizeof(double));
    if (!*out)
        return pt_fail_nomem(err, "a model");
    (*out)->outputs = (uint32_t)outputs;
    return PT_OK;
}

static pt_rc majority_fit(void **model, const pt_examples *examples, pt_task task, const pt_fit_options *options,
                          pt_err *err)
{
    const bool classes = task == PT_TASK_CLASSIFY;
    double sum = 0;
    majority *m;

    (void)options;
    PT_TRY(majority_new(&m, classes ? examples->n_classes : 1, err));
    for (size_t r = 0; r < examples->x.rows; r++) {
        const double weight = examples->weight ? (double)examples->weight[r] : 1;
        m->value[classes ? (size_t)examples->y[r] : 0] += classes ? weight : weight * (double)examples->y[r];
        sum += weight;
    }
    if (!(sum > 0)) {
        free(m);
        return pt_fail(err, PT_EINVAL, "there are no rows to learn from");
    }
    for (uint32_t i = 0; i < m->outputs; i++)
        m->value[i] /= sum;
    *model = m;
    return PT_OK;
}

static size_t majority_outputs(const void *model)
{
    return ((const majority *)model)->outputs;
}

static pt_rc majority_predict(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const majority *m = (const majority *)model;

    (void)pool, (void)err;
    for (size_t r = 0; r < x->rows; r++)
        for (uint32_t i = 0; i < m->outputs; i++)
            out[r * m->outputs + i] = (float)m->value[i];
    return PT_OK;
}

static pt_rc majority_save(pt_str *out, const void *model, pt_err *err)
{
    const majority *m = (const majority *)model;

    pt_frame_put(out, &m->outputs, sizeof m->outputs);
    pt_frame_put(out, m->value, m->outputs * sizeof(double));
    return pt_str_check(out, err);
}

static pt_rc majority_load(void **model, pt_sv bytes, pt_err *err)
{
    pt_frame_cursor c = {bytes, false};
    uint32_t outputs;
    majority *m;

    pt_frame_get(&c, &outputs, sizeof outputs);
    if (c.failed || outputs == 0 || outputs > MOST_CLASSES || c.rest.len != outputs * sizeof(double))
        return pt_fail(err, PT_ECORRUPT, "the %s model is damaged", "majority");
    PT_TRY(majority_new(&m, outputs, err));
    pt_frame_get(&c, m->value, outputs * sizeof(double));
    for (uint32_t i = 0; i < outputs; i++)
        if (!isfinite(m->value[i])) {
            free(m);
            return pt_fail(err, PT_ECORRUPT, "the %s model is damaged", "majority");
        }
    *model = m;
    return PT_OK;
}

const pt_learner pt_majority_learner = {
    .name = "majority",
    .tasks = PT_TASK_CLASSIFY | PT_TASK_REGRESS,
    .wants = PT_TAKES_MISSING,
    .fit = majority_fit,
    .outputs = majority_outputs,
    .predict = majority_predict,
    .save = majority_save,
    .load = majority_load,
    .free = free,
};
