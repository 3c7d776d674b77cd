/* HDBSCAN as a learner: all rows are kept. A customer is looked for among the nearest of them: that of least mutual reachability says the
 * cluster, if it had joined it before the cluster came to be a part of something larger. */
#include <math.h>
#include <stdlib.h>

#include "model/blob.h"
#include "model/boxtree.h"
#include "model/examples.h"
#include "model/hdbscan.h"

enum { WANTS = PT_WANTS_SCALED | PT_WANTS_ONE_HOT, MOST_NEAR = 1000 };
enum { LEAST, NEAR, N_PARAMETERS };

static const pt_parameter parameters[N_PARAMETERS] = {
    [LEAST] = {.name = "min_cluster", .kind = PT_PARAMETER_INTEGER, .preset = 50, .low = 2, .high = PT_HDBSCAN_MOST},
    [NEAR] = {.name = "min_rows", .kind = PT_PARAMETER_INTEGER, .preset = 10, .low = 1, .high = MOST_NEAR},
};

typedef struct model {
    uint32_t near, clusters;
    size_t n, columns;
    float *rows;     /* column by column */
    uint32_t *label; /* rows; `clusters`: of none */
    double *reach;   /* rows */
    double *birth;   /* clusters */
    pt_boxtree tree;
} model;

static void model_free(void *m)
{
    model *of = m;

    if (!of)
        return;
    free(of->rows);
    free(of->label);
    free(of->reach);
    free(of->birth);
    pt_boxtree_free(&of->tree);
    free(of);
}

static pt_rc grow_tree(model *m, pt_err *err)
{
    pt_matrix x = {m->rows, m->n, m->columns, m->n};

    return pt_boxtree_new(&m->tree, &x, 0, err);
}

static pt_rc keep(model *m, pt_hdbscan *h, const pt_matrix *x, pt_err *err)
{
    uint32_t *rank = pt_zalloc((size_t)h->clusters + 1, sizeof *rank);
    pt_rc rc = rank ? pt_clusters_by_size(rank, h->label, x->rows, h->clusters, err) : pt_fail_nomem(err, "clustering");

    m->clusters = h->clusters;
    m->n = x->rows;
    m->columns = x->columns;
    m->rows = pt_alloc64(m->n * m->columns, sizeof *m->rows);
    m->label = pt_alloc64(m->n, sizeof *m->label);
    m->birth = pt_zalloc((size_t)m->clusters + 1, sizeof *m->birth);
    if (rc == PT_OK && (!m->rows || !m->label || !m->birth))
        rc = pt_fail_nomem(err, "clustering");
    for (size_t c = 0; rc == PT_OK && c < m->columns; c++)
        memcpy(m->rows + c * m->n, pt_matrix_column(x, c), m->n * sizeof *m->rows);
    for (size_t i = 0; rc == PT_OK && i < m->n; i++)
        m->label[i] = h->label[i] == PT_NOISE ? h->clusters : rank[h->label[i]];
    for (uint32_t k = 0; rc == PT_OK && k < m->clusters; k++)
        m->birth[rank[k]] = h->birth[k];
    m->reach = h->reach;
    h->reach = NULL;
    free(rank);
    return rc == PT_OK ? grow_tree(m, err) : rc;
}

static pt_rc fit(void **out, const pt_examples *examples, pt_task task, const pt_fit_options *o, pt_err *err)
{
    pt_hdbscan_options options = {.least = (uint32_t)o->parameters[LEAST],
                                  .near = (uint32_t)o->parameters[NEAR],
                                  .pool = o->pool,
                                  .cancelled = o->cancelled,
                                  .cancel_context = o->cancel_context};
    pt_hdbscan h = {0};

    PT_TRY(pt_examples_check(examples, task, WANTS, err));
    PT_TRY(pt_hdbscan_fit(&h, &examples->x, &options, err));
    model *m = pt_zalloc(1, sizeof *m);
    pt_rc rc = m ? PT_OK : pt_fail_nomem(err, "clustering");
    if (rc == PT_OK) {
        m->near = options.near;
        rc = keep(m, &h, &examples->x, err);
    }
    pt_hdbscan_free(&h);
    if (rc != PT_OK)
        model_free(m);
    else
        *out = m;
    return rc;
}

static size_t outputs(const void *m)
{
    (void)m;
    return 1;
}

enum { CHUNK = 256 };

typedef struct predicting {
    const model *m;
    const pt_matrix *x;
    float *out;
} predicting;

/* The cluster by the rows found, nearest first. */
static float decide(const model *m, const pt_box_found *found, size_t n)
{
    size_t near = m->near < n ? m->near : n, best = 0;
    double own = sqrt(found[near - 1].squared), least = INFINITY;

    if (found[0].squared == 0) /* it was learned from, or is equal to one that was */
        return m->label[found[0].row] == m->clusters ? -1 : (float)m->label[found[0].row];
    for (size_t i = 0; i < n; i++) {
        double d = fmax(fmax(sqrt(found[i].squared), m->reach[found[i].row]), own);
        if (d < least) {
            least = d;
            best = i;
        }
    }
    uint32_t label = m->label[found[best].row];
    return label < m->clusters && least <= m->birth[label] ? (float)label : -1;
}

static pt_rc predict_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    predicting *p = arg;
    size_t end = (part + 1) * CHUNK < p->x->rows ? (part + 1) * CHUNK : p->x->rows;
    pt_box_found *found = pt_zalloc((size_t)p->m->near * 2, sizeof *found);
    float *point = pt_zalloc(p->m->columns, sizeof *point);

    (void)worker;
    for (size_t i = part * CHUNK; found && point && i < end; i++) {
        for (size_t c = 0; c < p->m->columns; c++)
            point[c] = pt_matrix_column(p->x, c)[i];
        size_t n = pt_box_nearest(found, (size_t)p->m->near * 2, &p->m->tree, point);
        p->out[i] = decide(p->m, found, n);
    }
    bool ok = found && point;
    free(found);
    free(point);
    return ok ? PT_OK : pt_fail_nomem(err, "finding clusters");
}

static pt_rc predict(float *out, const void *m, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const model *of = m;
    predicting p = {of, x, out};

    PT_TRY(pt_matrix_check(x, of->columns, WANTS, err));
    return pt_pool_run(pool, (x->rows + CHUNK - 1) / CHUNK, predict_part, &p, err);
}

static pt_rc save(pt_str *out, const void *m, pt_err *err)
{
    const model *of = m;

    pt_blob_begin(out, "HDBS", 1);
    pt_blob_put_count(out, of->near);
    pt_blob_put_count(out, of->clusters);
    pt_blob_put_count(out, of->columns);
    pt_blob_put_count(out, of->n);
    pt_blob_put_floats(out, of->rows, of->n * of->columns);
    pt_blob_put_codes(out, of->label, of->n);
    pt_blob_put_numbers(out, of->reach, of->n);
    pt_blob_put_numbers(out, of->birth, of->clusters);
    return pt_str_check(out, err);
}

static pt_rc load(void **out, pt_sv bytes, pt_err *err)
{
    model *m = pt_zalloc(1, sizeof *m);
    pt_blob b;

    if (!m)
        return pt_fail_nomem(err, "clustering");
    pt_blob_open(&b, bytes, "HDBS", 1);
    m->near = (uint32_t)pt_blob_count(&b, 1, MOST_NEAR);
    m->clusters = (uint32_t)pt_blob_count(&b, 0, PT_HDBSCAN_MOST);
    m->columns = pt_blob_count(&b, 1, UINT32_MAX);
    m->n = pt_blob_count(&b, 1, PT_HDBSCAN_MOST);
    m->rows = pt_blob_floats(&b, m->n * m->columns);
    m->label = pt_blob_codes(&b, m->n, m->clusters + 1);
    m->reach = pt_blob_numbers(&b, m->n);
    m->birth = pt_blob_numbers(&b, m->clusters);
    pt_rc rc = pt_blob_end(&b, "hdbscan", err);
    if (rc == PT_OK)
        rc = grow_tree(m, err);
    if (rc != PT_OK)
        model_free(m);
    else
        *out = m;
    return rc;
}

const pt_learner pt_hdbscan_learner = {
    .name = "hdbscan",
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
