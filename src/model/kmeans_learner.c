/* k-means as a learner. */
#include <stdlib.h>

#include "model/blob.h"
#include "model/examples.h"
#include "model/kmeans_number.h"

enum { WANTS = PT_WANTS_SCALED | PT_WANTS_ONE_HOT };
enum { K, CHOOSE, MOST_K, INIT, STARTS, ITERATIONS, TOLERANCE, BATCH, N_PARAMETERS };

static const char *const numbers[] = {"auto", NULL};
static const char *const choosers[] = {"silhouette", "gap", "elbow", NULL};
static const char *const inits[] = {"auto", "plusplus", "parallel", NULL};
static const pt_parameter parameters[N_PARAMETERS] = {
    [K] = {.name = "k", .kind = PT_PARAMETER_INTEGER, .high = PT_KMEANS_MOST, .choices = numbers},
    [CHOOSE] = {.name = "choose", .kind = PT_PARAMETER_CHOICE, .high = 2, .choices = choosers},
    [MOST_K] = {.name = "most", .kind = PT_PARAMETER_INTEGER, .preset = 10, .low = 2, .high = 60},
    [INIT] = {.name = "init", .kind = PT_PARAMETER_CHOICE, .preset = PT_KMEANS_AUTO, .high = 2, .choices = inits},
    [STARTS] = {.name = "starts", .kind = PT_PARAMETER_INTEGER, .preset = 4, .low = 1, .high = 1000},
    [ITERATIONS] = {.name = "iterations", .kind = PT_PARAMETER_INTEGER, .preset = 300, .low = 1, .high = 1000000},
    [TOLERANCE] = {.name = "tolerance", .kind = PT_PARAMETER_NUMBER, .preset = 1e-4, .low = 0, .high = 1},
    [BATCH] = {.name = "batch", .kind = PT_PARAMETER_INTEGER, .preset = 0, .low = 0, .high = 10000000},
};

/* Clusters are numbered by size, the largest first. */
typedef struct model {
    uint32_t k;
    size_t columns;
    float *centres;
} model;

static void model_free(void *m)
{
    if (m)
        free(((model *)m)->centres);
    free(m);
}

static pt_rc model_new(model **out, uint32_t k, size_t columns, pt_err *err)
{
    model *m = pt_zalloc(1, sizeof *m);

    if (m) {
        *m = (model){k, columns, pt_zalloc((size_t)k * columns, sizeof(float))};
        if (m->centres) {
            *out = m;
            return PT_OK;
        }
    }
    free(m);
    return pt_fail_nomem(err, "clustering");
}

/* The largest cluster not yet numbered. */
static uint32_t largest(const pt_kmeans *m, const bool *done)
{
    uint32_t best = UINT32_MAX;

    for (uint32_t j = 0; j < m->k; j++)
        if (!done[j] && (best == UINT32_MAX || m->sizes[j] > m->sizes[best]))
            best = j;
    return best;
}

static pt_rc by_size(model *out, const pt_kmeans *m, pt_err *err)
{
    bool *done = pt_zalloc(m->k, sizeof *done);

    if (!done)
        return pt_fail_nomem(err, "clustering");
    for (uint32_t i = 0; i < m->k; i++) {
        uint32_t j = largest(m, done);
        done[j] = true;
        memcpy(out->centres + i * m->columns, m->centres + j * m->columns, m->columns * sizeof(float));
    }
    free(done);
    return PT_OK;
}

static pt_rc keep_curve(const pt_kmeans *m, const pt_fit_options *o, pt_err *err)
{
    if (!o->curve)
        return PT_OK;
    double *train = PT_NEW_ARRAY(o->arena, double, m->iterations);
    if (!train)
        return pt_fail_nomem(err, "clustering");
    memcpy(train, m->inertias, m->iterations * sizeof *train);
    *o->curve = (pt_curve){.measure = "inertia", .n = m->iterations, .train = train, .best = m->iterations - 1};
    return PT_OK;
}

static pt_rc fit(void **out, const pt_examples *examples, pt_task task, const pt_fit_options *o, pt_err *err)
{
    const double *p = o->parameters;
    pt_kmeans_options options = {
        .k = (uint32_t)p[K],
        .init = (pt_kmeans_init)(int)p[INIT],
        .starts = (uint32_t)p[STARTS],
        .most_iterations = (uint32_t)p[ITERATIONS],
        .tolerance = p[TOLERANCE],
        .batch = (uint32_t)p[BATCH],
        .seed = o->seed,
        .pool = o->pool,
        .cancelled = o->cancelled,
        .cancel_context = o->cancel_context,
    };
    pt_kmeans m;
    model *made = NULL;

    PT_TRY(pt_examples_check(examples, task, WANTS, err));
    if (options.k == 0)
        PT_TRY(pt_kmeans_number(&options.k, NULL, (pt_kmeans_by)(int)p[CHOOSE], (uint32_t)p[MOST_K], &examples->x,
                                &options, err));
    PT_TRY(pt_kmeans_fit(&m, &examples->x, examples->weight, false, &options, err));
    pt_rc rc = model_new(&made, m.k, m.columns, err);
    if (rc == PT_OK)
        rc = by_size(made, &m, err);
    if (rc == PT_OK)
        rc = keep_curve(&m, o, err);
    pt_kmeans_free(&m);
    if (rc != PT_OK) {
        model_free(made);
        return rc;
    }
    *out = made;
    return PT_OK;
}

static size_t outputs(const void *m)
{
    (void)m;
    return 1;
}

static pt_rc predict(float *out, const void *m, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const model *of = m;
    uint32_t *label;

    PT_TRY(pt_matrix_check(x, of->columns, WANTS, err));
    label = pt_alloc64(x->rows, sizeof *label);
    if (!label)
        return pt_fail_nomem(err, "finding clusters");
    pt_rc rc = pt_kmeans_nearest(label, NULL, of->centres, of->k, x, pool, err);
    for (size_t i = 0; rc == PT_OK && i < x->rows; i++)
        out[i] = (float)label[i];
    free(label);
    return rc;
}

static pt_rc save(pt_str *out, const void *m, pt_err *err)
{
    const model *of = m;

    pt_blob_begin(out, "KMNS", 1);
    pt_blob_put_count(out, of->k);
    pt_blob_put_count(out, of->columns);
    pt_blob_put_floats(out, of->centres, (size_t)of->k * of->columns);
    return pt_str_check(out, err);
}

static pt_rc load(void **out, pt_sv bytes, pt_err *err)
{
    model *m = pt_zalloc(1, sizeof *m);
    pt_blob b;

    if (!m)
        return pt_fail_nomem(err, "clustering");
    pt_blob_open(&b, bytes, "KMNS", 1);
    m->k = (uint32_t)pt_blob_count(&b, 1, PT_KMEANS_MOST);
    m->columns = pt_blob_count(&b, 1, UINT32_MAX);
    m->centres = pt_blob_floats(&b, m->k * m->columns);
    pt_rc rc = pt_blob_end(&b, "kmeans", err);
    if (rc != PT_OK)
        model_free(m);
    else
        *out = m;
    return rc;
}

const pt_learner pt_kmeans_learner = {
    .name = "kmeans",
    .tasks = PT_TASK_CLUSTER,
    .wants = WANTS,
    .parameters = parameters,
    .n_parameters = N_PARAMETERS,
    .fit = fit,
    .outputs = outputs,
    .predict = predict,
    .save = save,
    .load = load,
    .free = model_free,
};
