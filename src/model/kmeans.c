/* k-means as a whole: rows, initial centres, the best of several starts. */
#include "model/kmeans.h"

#include <float.h>
#include <stdlib.h>

#include "model/kmeans_int.h"

void pt_kmeans_free(pt_kmeans *m)
{
    free(m->centres);
    free(m->sizes);
    free(m->label);
    free(m->inertias);
    *m = (pt_kmeans){0};
}

static pt_rc kmeans_new(pt_kmeans *m, const pt_points *p, uint32_t k, bool labels, const pt_kmeans_options *o,
                        pt_err *err)
{
    *m = (pt_kmeans){.k = k, .columns = p->columns, .different = p->n};
    m->centres = pt_zalloc((size_t)k * p->columns, sizeof *m->centres);
    m->sizes = pt_zalloc(k, sizeof *m->sizes);
    m->inertias = pt_zalloc(o->most_iterations, sizeof *m->inertias);
    m->label = labels ? pt_alloc64(p->n, sizeof *m->label) : NULL;
    if (!m->centres || !m->sizes || !m->inertias || (labels && !m->label))
        return pt_fail_nomem(err, "clustering");
    return PT_OK;
}

static pt_rc start(pt_kmeans *m, const pt_points *p, const pt_kmeans_options *o, pt_rng *rng, pt_err *err)
{
    if (o->initial)
        memcpy(m->centres, o->initial, (size_t)m->k * m->columns * sizeof *m->centres);
    else
        PT_TRY(pt_kmeans_choose(m->centres, &m->k, p, o->init, rng, err));
    return o->batch && o->batch < p->n ? pt_kmeans_batches(m, p, o, rng, err) : pt_kmeans_iterate(m, p, o, err);
}

static pt_rc best_start(pt_kmeans *best, const pt_points *p, bool labels, const pt_kmeans_options *o, pt_err *err)
{
    uint32_t starts = o->initial ? 1 : o->starts;
    pt_rng rng;

    pt_rng_seed(&rng, o->seed);
    for (uint32_t s = 0; s < starts; s++) {
        pt_kmeans m;
        pt_rc rc = kmeans_new(&m, p, o->k, labels, o, err);
        if (rc == PT_OK)
            rc = start(&m, p, o, &rng, err);
        if (rc == PT_OK && (s == 0 || m.k > best->k || m.inertia < best->inertia)) {
            pt_kmeans worse = *best;
            *best = m;
            m = worse;
        }
        pt_kmeans_free(&m);
        PT_TRY(rc);
    }
    return PT_OK;
}

enum { SPREAD = 1 << 16 };

/* Whether something looks at single rows; a few centres that are given do not. */
static bool wants_rows(const pt_points *p, const pt_kmeans_options *o)
{
    return !o->initial || o->k > PT_PANEL || (o->batch && o->batch < p->n);
}

/* From labels of points to labels of rows. */
static pt_rc spread_labels(pt_kmeans *m, const pt_points *p, size_t rows, pt_err *err)
{
    uint32_t *label = pt_alloc64(rows, sizeof *label);

    if (!label)
        return pt_fail_nomem(err, "clustering");
    pt_rc rc = pt_points_spread(label, p, m->label, rows, err);
    free(m->label);
    m->label = label;
    return rc;
}

static pt_rc check_input(const pt_matrix *x, const pt_kmeans_options *o, pt_err *err)
{
    if (x->rows == 0)
        return pt_fail(err, PT_EINVAL, "there are no customers to learn from");
    if (x->columns == 0)
        return pt_fail(err, PT_EINVAL, "there are no features to learn from");
    if (x->rows > UINT32_MAX)
        return pt_fail(err, PT_EINVAL, "there are more rows than can be learned from");
    PT_ASSERT(o->k >= 1 && o->k <= PT_KMEANS_MOST && o->starts >= 1 && o->most_iterations >= 1);
    return PT_OK;
}

pt_rc pt_kmeans_fit(pt_kmeans *out, const pt_matrix *x, const float *weight, bool labels,
                    const pt_kmeans_options *options, pt_err *err)
{
    pt_points p = {0};

    *out = (pt_kmeans){0};
    PT_TRY(check_input(x, options, err));
    pt_rc rc = options->plain ? PT_OK : pt_points_different(&p, x, weight, options->pool, err);
    if (rc == PT_OK && p.n == 0) {
        pt_points_free(&p);
        rc = pt_points_all(&p, x, weight, options->pool, err);
    }
    if (rc == PT_OK && !(p.total > 0))
        rc = pt_fail(err, PT_EINVAL, "all weights are 0: there is nothing to learn from");
    if (rc == PT_OK && !(p.squares < (double)FLT_MAX / 8))
        rc = pt_fail(err, PT_EINVAL, "values are too large to measure distances between customers");
    if (rc == PT_OK && wants_rows(&p, options))
        rc = pt_points_lay_out(&p, err);
    if (rc == PT_OK)
        rc = best_start(out, &p, labels, options, err);
    if (rc == PT_OK && labels && p.id)
        rc = spread_labels(out, &p, x->rows, err);
    pt_points_free(&p);
    if (rc != PT_OK)
        pt_kmeans_free(out);
    return rc;
}

/* --- the nearest centre of any rows ------------------------------------------------------------------------------------------- */

typedef struct looking {
    uint32_t *out;
    float *distance;
    const pt_matrix *x;
    const float *panel;
    uint32_t panels;
    const pt_kmeans_kernels *kernels;
} looking;

enum { LOOK = 256 };

static pt_rc look_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    looking *l = arg;
    size_t begin = part * SPREAD, end = begin + SPREAD < l->x->rows ? begin + SPREAD : l->x->rows,
           columns = l->x->columns;
    float best[LOOK], *rows = pt_alloc64(LOOK * columns, sizeof *rows);
    uint32_t place[LOOK], list[LOOK];

    (void)worker;
    if (!rows)
        return pt_fail_nomem(err, "finding clusters");
    for (uint32_t i = 0; i < LOOK; i++)
        list[i] = i;
    for (size_t at = begin; at < end; at += LOOK) {
        size_t n = end - at < LOOK ? end - at : LOOK;
        for (size_t c = 0; c < columns; c++)
            for (size_t i = 0; i < n; i++)
                rows[i * columns + c] = pt_matrix_column(l->x, c)[at + i];
        pt_kmeans_look(best, place, l->kernels, rows, columns, list, n, l->panel, l->panels);
        if (l->out)
            memcpy(l->out + at, place, n * sizeof *place);
        if (l->distance)
            memcpy(l->distance + at, best, n * sizeof *best);
    }
    free(rows);
    return PT_OK;
}

pt_rc pt_kmeans_nearest(uint32_t *out, float *distance, const float *centres, uint32_t k, const pt_matrix *x,
                        pt_pool *pool, pt_err *err)
{
    uint32_t panels = (k + PT_PANEL - 1) / PT_PANEL;
    float *panel = pt_alloc64((size_t)panels * x->columns * PT_PANEL, sizeof *panel);
    looking l = {out, distance, x, panel, panels, pt_kmeans_kernels_best()};

    if (!panel)
        return pt_fail_nomem(err, "finding clusters");
    pt_kmeans_panels(panel, centres, k, x->columns);
    pt_rc rc = pt_pool_run(pool, (x->rows + SPREAD - 1) / SPREAD, look_part, &l, err);
    free(panel);
    return rc;
}
