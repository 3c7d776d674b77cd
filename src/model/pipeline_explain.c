/* What a pipeline's features count for, from what the learner says about its columns. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/pipeline_int.h"
#include "model/prepare_woe.h"

pt_rc pt_pipeline_importance(double *out, const pt_pipeline *p, pt_err *err)
{
    double *columns;
    pt_rc rc;

    if (!p->learner->importance)
        return pt_fail(err, PT_ENOTFOUND, "the algorithm '%s' does not say what features count for", p->learner->name);
    columns = (double *)pt_zalloc(p->prepare.n_columns + 1, sizeof *columns);
    if (!columns)
        return pt_fail_nomem(err, "importance");
    rc = p->learner->importance(columns, p->model, err);
    for (size_t f = 0; f < p->prepare.n_features; f++)
        out[f] = 0;
    for (size_t c = 0; rc == PT_OK && c < p->prepare.n_columns; c++)
        out[p->prepare.columns[c].feature] += columns[c];
    free(columns);
    return rc;
}

/* What a column is when its feature is as usual. */
static float usual_value(const pt_preparer *p, const pt_prepared_column *c)
{
    const pt_prepared_feature *f = &p->features[c->feature];
    const uint32_t slot = f->used.most_frequent ? pt_prepared_slot(f, f->used.most_frequent) : f->n_names + 1;
    double value = 0;

    switch (c->kind) {
    case PT_COLUMN_NUMBER:
    case PT_COLUMN_LENGTH: value = isnan(f->used.median) ? c->fill : (double)f->used.median; break;
    case PT_COLUMN_NAME: return slot == c->slot ? 1.0F : 0.0F;
    case PT_COLUMN_RANK: value = slot <= f->n_names ? f->ranks[slot] : c->fill; break;
    case PT_COLUMN_TARGET: value = f->rates[(size_t)slot * p->n_targets + c->slot]; break;
    case PT_COLUMN_WOE:
        return f->kind == PT_FEATURE_CATEGORY ? pt_prepared_woe_of_slot(f, slot)
                                              : pt_prepared_woe_of_number(f, f->used.median);
    case PT_COLUMN_MISSING:
    case PT_COLUMN_ITEM:
    case PT_COLUMN_KINDS: return 0;
    }
    return (float)((value - c->mean) * c->scale);
}

typedef struct explaining {
    const pt_pipeline *p;
    pt_pool *pool;
    float *out;
} explaining;

/* One column's contributions added to its feature's. */
static void add_up(const explaining *x, size_t first, const pt_matrix *m, const float *columns)
{
    const pt_preparer *p = &x->p->prepare;

    for (size_t i = 0; i < m->rows; i++) {
        const float *from = columns + i * (m->columns + 1);
        float *to = x->out + (first + i) * (p->n_features + 1);
        memset(to, 0, (p->n_features + 1) * sizeof *to);
        for (size_t c = 0; c < m->columns; c++)
            to[p->columns[c].feature] += from[c];
        to[p->n_features] = from[m->columns];
    }
}

static pt_rc ask_learner(const explaining *x, size_t first, const pt_matrix *m, pt_err *err)
{
    float *columns = (float *)pt_alloc64(m->rows * (m->columns + 1), sizeof *columns);
    pt_rc rc;

    if (!columns)
        return pt_fail_nomem(err, "reasons");
    rc = x->p->learner->contributions(columns, x->p->model, m, x->pool, err);
    if (rc == PT_OK)
        add_up(x, first, m, columns);
    free(columns);
    return rc;
}

/* --- learners that say nothing: leave a feature out, see what becomes of the score --------------------------------- */

static double score_of(const pt_pipeline *p, const float *predicted)
{
    const double least = 1e-7;
    double chance;

    if (!p->n_classes)
        return (double)predicted[0];
    chance = fmin(fmax((double)predicted[1], least), 1 - least);
    return log(chance / (1 - chance));
}

static pt_rc scores(float *out, const explaining *x, const pt_matrix *m, float *predicted, pt_err *err)
{
    const size_t outputs = pt_pipeline_outputs(x->p);

    PT_TRY(x->p->learner->predict(predicted, x->p->model, m, x->pool, err));
    for (size_t i = 0; i < m->rows; i++)
        out[i] = (float)score_of(x->p, predicted + i * outputs);
    return PT_OK;
}

/* One column after the other is set to what is usual, and put back; `kept` holds columns of one feature. */
static pt_rc leave_out(const explaining *x, size_t first, pt_matrix *m, float *work, pt_err *err)
{
    const pt_preparer *p = &x->p->prepare;
    float *values = (float *)(uintptr_t)m->values; /* ours: pt_prepare_range made it */
    float *whole = work;
    float *without = work + m->rows;
    float *predicted = work + 2 * m->rows;
    float *kept = predicted + m->rows * pt_pipeline_outputs(x->p);
    size_t c = 0;

    PT_TRY(scores(whole, x, m, predicted, err));
    for (size_t f = 0; f < p->n_features; f++) {
        const size_t from = c;
        for (; c < p->n_columns && p->columns[c].feature == f; c++) {
            float *column = values + c * m->stride;
            memcpy(kept + (c - from) * m->rows, column, m->rows * sizeof *kept);
            for (size_t i = 0; i < m->rows; i++)
                column[i] = usual_value(p, &p->columns[c]);
        }
        if (c > from)
            PT_TRY(scores(without, x, m, predicted, err));
        for (size_t i = 0; i < m->rows; i++)
            x->out[(first + i) * (p->n_features + 1) + f] = c > from ? whole[i] - without[i] : 0;
        for (size_t k = from; k < c; k++)
            memcpy(values + k * m->stride, kept + (k - from) * m->rows, m->rows * sizeof *kept);
    }
    for (size_t i = 0; i < m->rows; i++) {
        float *to = x->out + (first + i) * (p->n_features + 1);
        double rest = (double)whole[i];
        for (size_t f = 0; f < p->n_features; f++)
            rest -= (double)to[f];
        to[p->n_features] = (float)rest;
    }
    return PT_OK;
}

static size_t most_columns(const pt_preparer *p)
{
    size_t most = 1, run = 0;

    for (size_t c = 0; c < p->n_columns; c++) {
        run = c && p->columns[c].feature == p->columns[c - 1].feature ? run + 1 : 1;
        most = run > most ? run : most;
    }
    return most;
}

static pt_rc ask_by_leaving_out(const explaining *x, size_t first, pt_matrix *m, pt_err *err)
{
    const size_t width = 2 + pt_pipeline_outputs(x->p) + most_columns(&x->p->prepare);
    float *work = (float *)pt_alloc64(m->rows, width * sizeof *work);
    pt_rc rc;

    if (!work)
        return pt_fail_nomem(err, "reasons");
    rc = leave_out(x, first, m, work, err);
    free(work);
    return rc;
}

static pt_rc explain_part(void *context, size_t first, pt_matrix *m, pt_err *err)
{
    const explaining *x = (const explaining *)context;

    return x->p->learner->contributions ? ask_learner(x, first, m, err) : ask_by_leaving_out(x, first, m, err);
}

pt_rc pt_pipeline_contributions(float *out, const pt_pipeline *p, const pt_table *table, const pt_row_set *rows,
                                pt_pool *pool, pt_err *err)
{
    explaining x = {p, pool, out};

    if (p->task == PT_TASK_CLUSTER || p->n_classes > 2)
        return pt_fail(err, PT_ENOTFOUND, "reasons are given for values and for classes of two");
    return pt_pipeline_each_part(p, table, rows, pool, &(pt_pipeline_parts){&x, explain_part}, err);
}
