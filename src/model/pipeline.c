/* Fitting and using preparation and learner as one. */
#include "model/pipeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/pipeline_int.h"

enum { PART_ROWS = 1 << 16 }; /* predicted at a time: what is in memory as columns */

const pt_preparation pt_preparation_preset = {
    .encoding = PT_ENCODE_AUTO, .rare_share = 0.005, .rare_rows = 10, .most_names = 32, .shrinkage = 20};

pt_rc pt_pipeline_new(pt_pipeline **out, const pt_learner *learner, pt_task task, uint32_t n_classes, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_pipeline *p = arena ? PT_NEW(arena, pt_pipeline) : NULL;

    if (p) {
        *p = (pt_pipeline){.arena = arena, .learner = learner, .task = task, .n_classes = n_classes, .threshold = 0.5};
        p->classes = PT_NEW_ARRAY(arena, const char *, n_classes + 1);
        p->parameters = PT_NEW_ARRAY(arena, double, learner->n_parameters + 1);
    }
    if (!p || !p->classes || !p->parameters) {
        pt_arena_free(arena);
        return pt_fail_nomem(err, "a model");
    }
    *out = p;
    return PT_OK;
}

void pt_pipeline_free(pt_pipeline *p)
{
    if (!p)
        return;
    if (p->model)
        p->learner->free(p->model);
    pt_arena_free(p->arena);
}

/* --- fitting ------------------------------------------------------------------------------------------------------- */

static pt_rc check_job(const pt_table *table, const pt_pipeline_options *options, pt_err *err)
{
    const pt_learner *l = options->learner;

    if (!(l->tasks & options->task))
        return pt_fail(err, PT_EINVAL, "the algorithm '%s' does not do that task", l->name);
    if (options->task != PT_TASK_CLUSTER && !table->target)
        return pt_fail(err, PT_EINVAL, "there is no target to learn");
    if (options->task == PT_TASK_CLASSIFY && (table->n_classes < 2 || table->n_classes > PT_MOST_CLASSES))
        return pt_fail(err, PT_EINVAL, "the target has to have 2 to %d classes, it has %u", PT_MOST_CLASSES,
                       table->n_classes);
    return PT_OK;
}

static pt_rc note_options(pt_pipeline *p, const pt_table *table, const pt_pipeline_options *options, pt_err *err)
{
    char number[24];

    for (uint32_t c = 0; c < p->n_classes; c++) {
        (void)snprintf(number, sizeof number, "%u", c);
        p->classes[c] = pt_arena_strdup(p->arena, table->classes ? table->classes[c] : number);
        if (!p->classes[c])
            return pt_fail_nomem(err, "a model");
    }
    for (size_t i = 0; i < p->learner->n_parameters; i++)
        p->parameters[i] = options->parameters ? options->parameters[i] : p->learner->parameters[i].preset;
    return PT_OK;
}

/* Targets and weights of some rows; arrays are for free(). */
typedef struct gathered {
    float *y, *weight, *values;
} gathered;

static void gathered_free(gathered *g)
{
    free(g->y);
    free(g->weight);
    free(g->values);
}

static pt_rc gather(pt_examples *out, gathered *g, const pt_pipeline *p, const pt_table *table, const pt_row_set *rows,
                    bool balance, pt_err *err)
{
    const bool learns = p->task != PT_TASK_CLUSTER;
    const bool weighs = table->weight || (balance && p->n_classes);

    g->y = learns ? (float *)pt_alloc64(rows->n + 1, sizeof(float)) : NULL;
    g->weight = weighs ? (float *)pt_alloc64(rows->n + 1, sizeof(float)) : NULL;
    if ((learns && !g->y) || (weighs && !g->weight))
        return pt_fail_nomem(err, "a model");
    for (size_t i = 0; i < rows->n; i++) {
        const size_t r = pt_row(rows, i);
        if (learns)
            g->y[i] = table->target[r];
        if (weighs)
            g->weight[i] = table->weight ? table->weight[r] : 1;
    }
    out->y = g->y;
    out->weight = g->weight;
    out->n_classes = p->n_classes;
    return PT_OK;
}

/* Weights by which every class sums to the same, and all to what they did. */
static pt_rc balance_weights(gathered *g, size_t n, uint32_t n_classes, pt_err *err)
{
    double *sums = (double *)pt_zalloc(n_classes + 1, sizeof *sums);
    double all = 0;
    uint32_t present = 0;

    if (!sums)
        return pt_fail_nomem(err, "a model");
    for (size_t i = 0; i < n; i++)
        sums[(size_t)g->y[i]] += (double)g->weight[i];
    for (uint32_t c = 0; c < n_classes; c++) {
        all += sums[c];
        present += sums[c] > 0;
    }
    for (size_t i = 0; i < n; i++)
        g->weight[i] = (float)((double)g->weight[i] * all / (present * sums[(size_t)g->y[i]]));
    free(sums);
    return PT_OK;
}

static pt_rc prepare_examples(pt_examples *out, gathered *g, const pt_pipeline *p, const pt_prepare_job *job,
                              bool fitted_on, pt_err *err)
{
    pt_bound_feature *bound;
    const bool balance = job->settings->balance_classes;
    pt_arena *arena = pt_arena_new(0);
    pt_rc rc;

    if (!arena)
        return pt_fail_nomem(err, "a model");
    rc = pt_prepare_bind(&bound, &p->prepare, job->table, arena, err);
    if (rc == PT_OK)
        rc = pt_prepare_range(&out->x, &g->values, &p->prepare, bound, job->rows, 0, job->rows->n, job->pool, err);
    if (rc == PT_OK && fitted_on)
        rc = pt_prepare_cross_fit(g->values, out->x.stride, &p->prepare, bound, job, err);
    if (rc == PT_OK)
        rc = gather(out, g, p, job->table, job->rows, balance, err);
    if (rc == PT_OK && balance && p->n_classes)
        rc = balance_weights(g, job->rows->n, p->n_classes, err);
    pt_arena_free(arena);
    return rc;
}

static pt_rc fit_learner(pt_pipeline *p, const pt_prepare_job *job, const pt_pipeline_options *options, pt_err *err)
{
    gathered own = {0}, others = {0};
    pt_examples examples, watched;
    pt_fit_options fit = {.parameters = p->parameters,
                          .seed = options->seed,
                          .pool = options->pool,
                          .arena = options->arena,
                          .curve = options->curve,
                          .cancelled = options->cancelled,
                          .cancel_context = options->cancel_context};
    pt_rc rc = prepare_examples(&examples, &own, p, job, true, err);

    if (rc == PT_OK && options->watched && options->watched->n) {
        pt_prepare_job watch = *job;
        watch.rows = options->watched;
        rc = prepare_examples(&watched, &others, p, &watch, false, err);
        fit.watched = &watched;
    }
    if (rc == PT_OK)
        rc = p->learner->fit(&p->model, &examples, p->task, &fit, err);
    gathered_free(&own);
    gathered_free(&others);
    return rc;
}

pt_rc pt_pipeline_fit(pt_pipeline **out, const pt_table *table, const pt_row_set *rows,
                      const pt_pipeline_options *options, pt_err *err)
{
    const pt_prepare_job job = {table,         rows,         options->learner, options->task, &options->preparation,
                                options->seed, options->pool};
    pt_pipeline *p;
    pt_rc rc;

    if (options->curve)
        *options->curve = (pt_curve){0};
    PT_TRY(check_job(table, options, err));
    PT_TRY(pt_pipeline_new(&p, options->learner, options->task,
                           options->task == PT_TASK_CLASSIFY ? table->n_classes : 0, err));
    rc = note_options(p, table, options, err);
    if (rc == PT_OK)
        rc = pt_prepare_fit(&p->prepare, &job, p->arena, err);
    if (rc == PT_OK)
        rc = fit_learner(p, &job, options, err);
    if (rc != PT_OK) {
        pt_pipeline_free(p);
        return rc;
    }
    *out = p;
    return PT_OK;
}

/* --- using --------------------------------------------------------------------------------------------------------- */

pt_rc pt_pipeline_each_part(const pt_pipeline *p, const pt_table *table, const pt_row_set *rows, pt_pool *pool,
                            const pt_pipeline_parts *parts, pt_err *err)
{
    pt_bound_feature *bound;
    pt_arena *arena = pt_arena_new(0);
    pt_rc rc;

    if (!arena)
        return pt_fail_nomem(err, "a model");
    rc = pt_prepare_bind(&bound, &p->prepare, table, arena, err);
    for (size_t first = 0; rc == PT_OK && first < rows->n; first += PART_ROWS) {
        const size_t n = rows->n - first < PART_ROWS ? rows->n - first : PART_ROWS;
        float *values = NULL;
        pt_matrix x;
        rc = pt_prepare_range(&x, &values, &p->prepare, bound, rows, first, n, pool, err);
        if (rc == PT_OK)
            rc = parts->each(parts->context, first, &x, err);
        free(values);
    }
    pt_arena_free(arena);
    return rc;
}

typedef struct prediction {
    const pt_pipeline *p;
    pt_pool *pool;
    float *out;
} prediction;

static pt_rc predict_part(void *context, size_t first, pt_matrix *x, pt_err *err)
{
    const prediction *to = (const prediction *)context;

    return to->p->learner->predict(to->out + first * pt_pipeline_outputs(to->p), to->p->model, x, to->pool, err);
}

pt_rc pt_pipeline_predict(float *out, const pt_pipeline *p, const pt_table *table, const pt_row_set *rows,
                          pt_pool *pool, pt_err *err)
{
    prediction to = {p, pool, out};

    return pt_pipeline_each_part(p, table, rows, pool, &(pt_pipeline_parts){&to, predict_part}, err);
}

pt_rc pt_pipeline_columns(pt_matrix *out, float **values, const pt_pipeline *p, const pt_table *table,
                          const pt_row_set *rows, pt_pool *pool, pt_err *err)
{
    pt_bound_feature *bound;
    pt_arena *arena = pt_arena_new(0);
    pt_rc rc = arena ? pt_prepare_bind(&bound, &p->prepare, table, arena, err) : pt_fail_nomem(err, "a model");

    *values = NULL;
    if (rc == PT_OK)
        rc = pt_prepare_range(out, values, &p->prepare, bound, rows, 0, rows->n, pool, err);
    pt_arena_free(arena);
    return rc;
}

/* --- what it is ---------------------------------------------------------------------------------------------------- */

size_t pt_pipeline_outputs(const pt_pipeline *p)
{
    return p->learner->outputs(p->model);
}

const pt_learner *pt_pipeline_learner(const pt_pipeline *p)
{
    return p->learner;
}

pt_task pt_pipeline_task(const pt_pipeline *p)
{
    return p->task;
}

uint32_t pt_pipeline_n_classes(const pt_pipeline *p)
{
    return p->n_classes;
}

const char *pt_pipeline_class(const pt_pipeline *p, uint32_t c)
{
    return p->classes[c];
}

const double *pt_pipeline_parameters(const pt_pipeline *p)
{
    return p->parameters;
}

size_t pt_pipeline_n_features(const pt_pipeline *p)
{
    return p->prepare.n_features;
}

size_t pt_pipeline_n_columns(const pt_pipeline *p)
{
    return p->prepare.n_columns;
}

pt_used_feature pt_pipeline_feature(const pt_pipeline *p, size_t i)
{
    return p->prepare.features[i].used;
}

const struct pt_woe *pt_pipeline_woe(const pt_pipeline *p, size_t c, const char *const **names)
{
    const pt_prepared_column *column = &p->prepare.columns[c];
    const pt_prepared_feature *f = &p->prepare.features[column->feature];

    *names = f->names;
    return column->kind == PT_COLUMN_WOE ? f->woe : NULL;
}

size_t pt_pipeline_column(const pt_pipeline *p, size_t c, pt_str *description)
{
    const pt_prepared_column *column = &p->prepare.columns[c];
    const pt_prepared_feature *f = &p->prepare.features[column->feature];

    pt_str_add(description, f->name);
    switch (column->kind) {
    case PT_COLUMN_MISSING: pt_str_add(description, " is missing"); break;
    case PT_COLUMN_NAME:
        if (column->slot < f->n_names)
            pt_str_addf(description, " = %s", f->names[column->slot]);
        else
            pt_str_add(description, column->slot == f->n_names ? " is another" : " is missing");
        break;
    case PT_COLUMN_RANK: pt_str_add(description, " (rank)"); break;
    case PT_COLUMN_TARGET:
        pt_str_addf(description, " (rate of %s)",
                    p->n_classes ? p->classes[p->prepare.n_targets > 1 ? column->slot : 1] : "the target");
        break;
    case PT_COLUMN_ITEM: pt_str_addf(description, " has %s", f->names[column->slot]); break;
    case PT_COLUMN_LENGTH: pt_str_add(description, " (length)"); break;
    case PT_COLUMN_WOE: pt_str_add(description, " (weight of evidence)"); break;
    case PT_COLUMN_NUMBER:
    case PT_COLUMN_KINDS: break;
    }
    return column->feature;
}

const void *pt_pipeline_model(const pt_pipeline *p)
{
    return p->model;
}

double pt_pipeline_threshold(const pt_pipeline *p)
{
    return p->threshold;
}

void pt_pipeline_set_threshold(pt_pipeline *p, double threshold)
{
    p->threshold = threshold;
}
