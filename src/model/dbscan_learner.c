/* DBSCAN as a learner: the core rows are kept; a customer belongs to the cluster of the nearest within eps. */
#include <math.h>
#include <stdlib.h>

#include "base/compare.h"
#include "base/rng.h"
#include "model/blob.h"
#include "model/boxtree.h"
#include "model/dbscan.h"
#include "model/examples.h"

enum { WANTS = PT_WANTS_SCALED | PT_WANTS_ONE_HOT };
enum { EPS, LEAST, N_PARAMETERS };

static const pt_parameter parameters[N_PARAMETERS] = {
    [EPS] = {.name = "eps", .kind = PT_PARAMETER_NUMBER, .preset = 0, .low = 0, .high = 1e6},
    [LEAST] = {.name = "min_rows", .kind = PT_PARAMETER_INTEGER, .preset = 10, .low = 1, .high = 100000},
};

typedef struct model {
    double eps;
    size_t n, columns; /* core rows */
    float *rows;       /* column by column */
    uint32_t *label;
    uint32_t clusters;
    pt_boxtree tree;
} model;

static void model_free(void *m)
{
    model *of = m;

    if (!of)
        return;
    free(of->rows);
    free(of->label);
    pt_boxtree_free(&of->tree);
    free(of);
}

static pt_rc grow_tree(model *m, pt_err *err)
{
    pt_matrix x = {m->rows, m->n, m->columns, m->n};

    return m->n ? pt_boxtree_new(&m->tree, &x, 0, err) : PT_OK;
}

/* --- eps, when it is not said ------------------------------------------------------------------------------------------------------ */

enum { SAMPLE = 2000 };

/* Where the rising distances leave the line from the first to the last by most: below are rows in clusters, above are those of none
 * (the k-distance graph of the paper, the knee as Satopaa and others 2011 take it). */
static double knee(double *sorted, size_t n)
{
    size_t best = n / 2;
    double most = -1;

    qsort(sorted, n, sizeof *sorted, pt_compare_doubles);
    for (size_t i = 0; i < n; i++) {
        double line = sorted[0] + (sorted[n - 1] - sorted[0]) * (double)i / (double)(n - 1);
        if (line - sorted[i] > most) {
            most = line - sorted[i];
            best = i;
        }
    }
    return sorted[best];
}

typedef struct sampling {
    const pt_boxtree *t;
    const pt_matrix *x;
    const uint32_t *rows;
    double *distance;
    size_t k;
} sampling;

static pt_rc sample_part(void *arg, size_t i, unsigned worker, pt_err *err)
{
    sampling *s = arg;
    pt_box_found *found = pt_zalloc(s->k, sizeof *found);
    float *point = pt_zalloc(s->x->columns, sizeof *point);

    (void)worker;
    if (!found || !point) {
        free(found);
        free(point);
        return pt_fail_nomem(err, "clustering");
    }
    for (size_t c = 0; c < s->x->columns; c++)
        point[c] = pt_matrix_column(s->x, c)[s->rows[i]];
    size_t n = pt_box_nearest(found, s->k, s->t, point);
    s->distance[i] = sqrt(found[n - 1].squared);
    free(found);
    free(point);
    return PT_OK;
}

static pt_rc guess_eps(double *out, const pt_matrix *x, size_t least, const pt_fit_options *o, pt_err *err)
{
    size_t n = x->rows < SAMPLE ? x->rows : SAMPLE;
    pt_boxtree t = {0};
    uint32_t *rows = pt_zalloc(n, sizeof *rows);
    double *distance = pt_zalloc(n, sizeof *distance);
    sampling s = {&t, x, rows, distance, least};
    pt_rng rng;
    pt_rc rc = rows && distance ? pt_boxtree_new(&t, x, 0, err) : pt_fail_nomem(err, "clustering");

    pt_rng_seed(&rng, o->seed);
    for (size_t i = 0; rc == PT_OK && i < n; i++)
        rows[i] = n == x->rows ? (uint32_t)i : (uint32_t)pt_rng_below(&rng, x->rows);
    if (rc == PT_OK)
        rc = pt_pool_run(o->pool, n, sample_part, &s, err);
    if (rc == PT_OK) {
        *out = n > 1 ? knee(distance, n) : 1;
        if (*out == 0)
            *out = distance[n - 1] > 0 ? distance[n - 1] : 1; /* most rows are equal to others */
    }
    pt_boxtree_free(&t);
    free(rows);
    free(distance);
    return rc;
}

/* --- the learner ------------------------------------------------------------------------------------------------------------------- */

static pt_rc keep_core(model *m, const pt_dbscan *d, const pt_matrix *x, pt_err *err)
{
    uint32_t *rank = pt_zalloc(d->clusters + 1, sizeof *rank);
    pt_rc rc = rank ? pt_clusters_by_size(rank, d->label, x->rows, d->clusters, err) : pt_fail_nomem(err, "clustering");

    m->columns = x->columns;
    m->clusters = d->clusters;
    for (size_t i = 0; i < x->rows; i++)
        m->n += d->core[i];
    m->rows = pt_alloc64(m->n * m->columns, sizeof *m->rows);
    m->label = pt_alloc64(m->n, sizeof *m->label);
    if (rc == PT_OK && (!m->rows || !m->label))
        rc = pt_fail_nomem(err, "clustering");
    for (size_t i = 0, at = 0; rc == PT_OK && i < x->rows; i++) {
        if (!d->core[i])
            continue;
        for (size_t c = 0; c < m->columns; c++)
            m->rows[c * m->n + at] = pt_matrix_column(x, c)[i];
        m->label[at++] = rank[d->label[i]];
    }
    free(rank);
    return rc == PT_OK ? grow_tree(m, err) : rc;
}

static pt_rc fit(void **out, const pt_examples *examples, pt_task task, const pt_fit_options *o, pt_err *err)
{
    pt_dbscan_options options = {.eps = o->parameters[EPS],
                                 .least = o->parameters[LEAST],
                                 .pool = o->pool,
                                 .cancelled = o->cancelled,
                                 .cancel_context = o->cancel_context};
    pt_dbscan d = {0};

    PT_TRY(pt_examples_check(examples, task, WANTS, err));
    if (options.eps == 0)
        PT_TRY(guess_eps(&options.eps, &examples->x, (size_t)options.least, o, err));
    PT_TRY(pt_dbscan_fit(&d, &examples->x, examples->weight, &options, err));
    model *m = pt_zalloc(1, sizeof *m);
    pt_rc rc = m ? PT_OK : pt_fail_nomem(err, "clustering");
    if (rc == PT_OK) {
        m->eps = options.eps;
        rc = keep_core(m, &d, &examples->x, err);
    }
    pt_dbscan_free(&d);
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

enum { PART = 256 };

typedef struct predicting {
    const model *m;
    const pt_matrix *x;
    float *out;
} predicting;

static pt_rc predict_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    predicting *p = arg;
    size_t end = (part + 1) * PART < p->x->rows ? (part + 1) * PART : p->x->rows;
    float *point = pt_zalloc(p->m->columns, sizeof *point);

    (void)worker;
    if (!point)
        return pt_fail_nomem(err, "finding clusters");
    for (size_t i = part * PART; i < end; i++) {
        pt_box_found found;
        for (size_t c = 0; c < p->m->columns; c++)
            point[c] = pt_matrix_column(p->x, c)[i];
        bool any = p->m->n && pt_box_nearest(&found, 1, &p->m->tree, point) == 1;
        p->out[i] = any && found.squared <= p->m->eps * p->m->eps ? (float)p->m->label[found.row] : -1;
    }
    free(point);
    return PT_OK;
}

static pt_rc predict(float *out, const void *m, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const model *of = m;
    predicting p = {of, x, out};

    PT_TRY(pt_matrix_check(x, of->columns, WANTS, err));
    return pt_pool_run(pool, (x->rows + PART - 1) / PART, predict_part, &p, err);
}

static pt_rc save(pt_str *out, const void *m, pt_err *err)
{
    const model *of = m;

    pt_blob_begin(out, "DBSC", 1);
    pt_blob_put_number(out, of->eps);
    pt_blob_put_count(out, of->clusters);
    pt_blob_put_count(out, of->columns);
    pt_blob_put_count(out, of->n);
    pt_blob_put_floats(out, of->rows, of->n * of->columns);
    pt_blob_put_codes(out, of->label, of->n);
    return pt_str_check(out, err);
}

static pt_rc load(void **out, pt_sv bytes, pt_err *err)
{
    model *m = pt_zalloc(1, sizeof *m);
    pt_blob b;

    if (!m)
        return pt_fail_nomem(err, "clustering");
    pt_blob_open(&b, bytes, "DBSC", 1);
    m->eps = pt_blob_number(&b, 0, INFINITY);
    m->clusters = (uint32_t)pt_blob_count(&b, 0, UINT32_MAX - 1);
    m->columns = pt_blob_count(&b, 1, UINT32_MAX);
    m->n = pt_blob_count(&b, 0, UINT32_MAX - 1);
    if (m->clusters > m->n)
        pt_blob_refuse(&b);
    m->rows = pt_blob_floats(&b, m->columns ? m->n * m->columns : 0); /* below 2^64: each is below 2^32 */
    m->label = pt_blob_codes(&b, m->n, m->clusters);
    pt_rc rc = pt_blob_end(&b, "dbscan", err);
    if (rc == PT_OK)
        rc = grow_tree(m, err);
    if (rc != PT_OK)
        model_free(m);
    else
        *out = m;
    return rc;
}

const pt_learner pt_dbscan_learner = {
    .name = "dbscan",
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
