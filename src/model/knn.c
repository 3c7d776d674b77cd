/* Nearest neighbours, exactly: all distances, 16 points against 8 rows at a time. Of equally near points those learned from first
 * count. */
#include <math.h>
#include <stdlib.h>

#include "model/blob.h"
#include "model/examples.h"

enum { VERSION = 1, MAX_ROWS = 300000, WANTS = PT_WANTS_SCALED | PT_WANTS_ONE_HOT };
enum { LANES = 16, QUERIES = 8 };
enum { NEIGHBOURS, VOTES };
enum { VOTES_ALIKE, VOTES_BY_DISTANCE };

static const char *const votes[] = {"uniform", "distance", NULL};

static const pt_parameter parameters[] = {
    [NEIGHBOURS] = {"k", PT_PARAMETER_INTEGER, 15, 1, 1000, NULL, true},
    [VOTES] = {"weights", PT_PARAMETER_CHOICE, VOTES_ALIKE, 0, 1, votes, false},
};

typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

typedef struct knn {
    pt_task task;
    uint32_t n_classes, k;
    bool by_distance;
    size_t rows, columns, blocks;
    float *points;     /* [block][column][16] */
    float *y, *weight; /* rows */
} knn;

static void knn_free(void *model)
{
    knn *m = model;

    if (!m)
        return;
    free(m->points);
    free(m->y);
    free(m->weight);
    free(m);
}

static float *place(const knn *m, size_t row, size_t column)
{
    return m->points + (row / LANES * m->columns + column) * LANES + row % LANES;
}

static bool make_room(knn *m)
{
    m->blocks = (m->rows + LANES - 1) / LANES;
    m->points = pt_zalloc(m->blocks * m->columns, LANES * sizeof *m->points);
    m->y = pt_zalloc(m->rows, sizeof *m->y);
    m->weight = pt_zalloc(m->rows, sizeof *m->weight);
    return m->points && m->y && m->weight;
}

/* Rows of no weight are nobody's neighbours. */
static pt_rc fit_into(knn *m, const pt_examples *e, pt_task task, const pt_fit_options *o, pt_err *err)
{
    size_t n = 0;

    for (size_t r = 0; r < e->x.rows; r++)
        n += !e->weight || e->weight[r] > 0;
    *m = (knn){.task = task,
               .n_classes = task == PT_TASK_CLASSIFY ? e->n_classes : 1,
               .k = (uint32_t)fmin(o->parameters[NEIGHBOURS], (double)n),
               .by_distance = o->parameters[VOTES] == VOTES_BY_DISTANCE,
               .rows = n,
               .columns = e->x.columns};
    if (!make_room(m))
        return pt_fail_nomem(err, "knn");
    n = 0;
    for (size_t r = 0; r < e->x.rows; r++) {
        if (e->weight && e->weight[r] == 0)
            continue;
        for (size_t c = 0; c < m->columns; c++)
            *place(m, n, c) = pt_matrix_column(&e->x, c)[r];
        m->y[n] = e->y[r];
        m->weight[n++] = e->weight ? e->weight[r] : 1;
    }
    return PT_OK;
}

static pt_rc knn_fit(void **model, const pt_examples *e, pt_task task, const pt_fit_options *o, pt_err *err)
{
    knn *m;

    *model = NULL;
    PT_TRY(pt_examples_check(e, task, WANTS, err));
    if (e->x.rows > MAX_ROWS)
        return pt_fail(err, PT_EINVAL, "knn keeps at most %d customers, not %zu: use a population that is a sample",
                       MAX_ROWS, e->x.rows);
    PT_TRY(pt_examples_check_classes(e, task, err));
    m = pt_zalloc(1, sizeof *m);
    pt_rc rc = m ? fit_into(m, e, task, o, err) : pt_fail_nomem(err, "knn");
    if (rc != PT_OK)
        knn_free(m);
    else
        *model = m;
    return rc;
}

static size_t knn_outputs(const void *model)
{
    return ((const knn *)model)->n_classes;
}

typedef struct neighbour {
    float distance; /* squared */
    uint32_t row;
} neighbour;

/* The k nearest so far, nearest first; a point that is as near as the last comes too late. */
static void offer(neighbour *best, size_t *n, size_t k, neighbour it)
{
    size_t at = *n < k ? (*n)++ : k - 1;

    for (; at > 0 && best[at - 1].distance > it.distance; at--)
        best[at] = best[at - 1];
    best[at] = it;
}

/* Squared distances of a block to up to 8 rows. */
static void distances(lanes *out, const knn *m, size_t block, const float *queries, size_t n)
{
    const float *x = m->points + block * m->columns * LANES;

    for (size_t q = 0; q < n; q++)
        out[q] = (lanes){0};
    for (size_t c = 0; c < m->columns; c++, x += LANES)
        for (size_t q = 0; q < n; q++) {
            lanes gap = *(const lanes *)x - queries[q * m->columns + c];
            out[q] += gap * gap;
        }
}

static void vote(float *out, const knn *m, const neighbour *best, size_t n)
{
    double sum = 0, value = 0;
    bool same = m->by_distance && best[0].distance == 0; /* then only points of the same place count */

    memset(out, 0, m->n_classes * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        double w = m->weight[best[i].row];
        if (same)
            w = best[i].distance == 0 ? w : 0;
        else if (m->by_distance)
            w /= sqrt((double)best[i].distance);
        sum += w;
        value += w * m->y[best[i].row];
        if (m->task == PT_TASK_CLASSIFY)
            out[(size_t)m->y[best[i].row]] += (float)w;
    }
    if (m->task == PT_TASK_REGRESS)
        out[0] = (float)(value / sum);
    for (size_t k = 0; k < m->n_classes && m->task == PT_TASK_CLASSIFY; k++)
        out[k] = (float)(out[k] / sum);
}

typedef struct prediction {
    float *out;
    const knn *m;
    const pt_matrix *x;
} prediction;

static void search(neighbour *best, size_t *found, const knn *m, const float *queries, size_t n)
{
    lanes d[QUERIES];

    for (size_t b = 0; b < m->blocks; b++) {
        size_t points = m->rows - b * LANES < LANES ? m->rows - b * LANES : LANES;
        distances(d, m, b, queries, n);
        for (size_t q = 0; q < n; q++)
            for (size_t l = 0; l < points; l++)
                if (found[q] < m->k || d[q][l] < best[q * m->k + m->k - 1].distance)
                    offer(best + q * m->k, &found[q], m->k, (neighbour){d[q][l], (uint32_t)(b * LANES + l)});
    }
}

static pt_rc predict_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const prediction *p = arg;
    const knn *m = p->m;
    size_t first = index * QUERIES, n = p->x->rows - first < QUERIES ? p->x->rows - first : QUERIES;
    size_t found[QUERIES] = {0};
    neighbour *best = pt_zalloc((size_t)m->k * QUERIES, sizeof *best);
    float *queries = pt_zalloc(QUERIES * m->columns, sizeof *queries);

    (void)worker;
    for (size_t q = 0; best && queries && q < n; q++)
        for (size_t c = 0; c < m->columns; c++)
            queries[q * m->columns + c] = pt_matrix_column(p->x, c)[first + q];
    if (best && queries) {
        search(best, found, m, queries, n);
        for (size_t q = 0; q < n; q++)
            vote(p->out + (first + q) * m->n_classes, m, best + q * m->k, found[q]);
    }
    bool done = best && queries;
    free(best);
    free(queries);
    return done ? PT_OK : pt_fail_nomem(err, "predictions");
}

static pt_rc knn_predict(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const knn *m = model;
    prediction p = {out, m, x};

    PT_TRY(pt_matrix_check(x, m->columns, WANTS, err));
    return pt_pool_run(pool, (x->rows + QUERIES - 1) / QUERIES, predict_part, &p, err);
}

static pt_rc knn_save(pt_str *out, const void *model, pt_err *err)
{
    const knn *m = model;

    pt_blob_begin(out, "KNNS", VERSION);
    pt_blob_put_count(out, m->task);
    pt_blob_put_count(out, m->n_classes);
    pt_blob_put_count(out, m->by_distance);
    pt_blob_put_count(out, m->rows);
    pt_blob_put_count(out, m->k);
    pt_blob_put_count(out, m->columns);
    pt_blob_put_floats(out, m->points, m->blocks * m->columns * LANES);
    pt_blob_put_floats(out, m->y, m->rows);
    pt_blob_put_floats(out, m->weight, m->rows);
    return pt_str_check(out, err);
}

/* Targets are classes, weights above 0, what is past the rows is 0. */
static bool sensible(const knn *m)
{
    if (!m->points || !m->y || !m->weight)
        return false;
    for (size_t r = 0; r < m->rows; r++)
        if (!(m->weight[r] > 0) || (m->task == PT_TASK_CLASSIFY &&
                                    !(m->y[r] >= 0 && m->y[r] < (float)m->n_classes && m->y[r] == floorf(m->y[r]))))
            return false;
    return true;
}

static pt_rc knn_load(void **model, pt_sv bytes, pt_err *err)
{
    pt_blob b;
    knn *m = pt_zalloc(1, sizeof *m);

    *model = NULL;
    if (!m)
        return pt_fail_nomem(err, "knn");
    pt_blob_open(&b, bytes, "KNNS", VERSION);
    m->task = (pt_task)pt_blob_count(&b, PT_TASK_CLASSIFY, PT_TASK_REGRESS);
    m->n_classes = (uint32_t)pt_blob_count(&b, 1, m->task == PT_TASK_REGRESS ? 1 : PT_EXAMPLES_CLASSES);
    m->by_distance = pt_blob_count(&b, 0, 1);
    m->rows = pt_blob_count(&b, 1, MAX_ROWS);
    m->k = (uint32_t)pt_blob_count(&b, 1, m->rows);
    m->columns = pt_blob_count(&b, 1, bytes.len);
    m->blocks = (m->rows + LANES - 1) / LANES;
    m->points = pt_blob_floats(&b, m->blocks * LANES * m->columns);
    m->y = pt_blob_floats(&b, m->rows);
    m->weight = pt_blob_floats(&b, m->rows);
    if (!b.cursor.failed && !b.no_memory && !sensible(m))
        pt_blob_refuse(&b);
    pt_rc rc = pt_blob_end(&b, "knn", err);
    if (rc != PT_OK)
        knn_free(m);
    else
        *model = m;
    return rc;
}

const pt_learner pt_knn_learner = {
    .name = "knn",
    .tasks = PT_TASK_CLASSIFY | PT_TASK_REGRESS,
    .wants = WANTS,
    .parameters = parameters,
    .n_parameters = PT_COUNT(parameters),
    .fit = knn_fit,
    .outputs = knn_outputs,
    .predict = knn_predict,
    .save = knn_save,
    .load = knn_load,
    .free = knn_free,
};
