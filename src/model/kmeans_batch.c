/* Mini-batch k-means (Sculley 2010): centres move towards a few rows at a time, each by one over the weight it has seen. */
#include <math.h>
#include <stdlib.h>

#include "model/kmeans_int.h"

enum { PATIENCE = 10 }; /* batches without a smaller smoothed inertia after which it ends */

typedef struct batch {
    const pt_points *p;
    uint32_t *list, *nearest; /* size: the rows drawn, their centres */
    float *distance, *panel;
    double *seen; /* centres: weight of the rows so far */
    uint32_t size;
} batch;

static pt_rc batch_new(batch *b, const pt_kmeans *m, const pt_points *p, uint32_t size, pt_err *err)
{
    size_t panels = (m->k + PT_PANEL - 1) / PT_PANEL;

    *b = (batch){.p = p, .size = size};
    b->list = pt_zalloc(size, sizeof *b->list);
    b->nearest = pt_zalloc(size, sizeof *b->nearest);
    b->distance = pt_zalloc(size, sizeof *b->distance);
    b->panel = pt_alloc64(panels * p->columns * PT_PANEL, sizeof *b->panel);
    b->seen = pt_zalloc(m->k, sizeof *b->seen);
    bool ok = b->list && b->nearest && b->distance && b->panel && b->seen;
    return ok ? PT_OK : pt_fail_nomem(err, "clustering");
}

static void batch_free(batch *b)
{
    free(b->list);
    free(b->nearest);
    free(b->distance);
    free(b->panel);
    free(b->seen);
}

/* Draws rows and finds their nearest centres; their inertia, by weight. */
static double look(batch *b, const pt_kmeans *m, pt_rng *rng)
{
    const pt_points *p = b->p;
    double inertia = 0, weight = 0;

    for (uint32_t i = 0; i < b->size; i++)
        b->list[i] = (uint32_t)pt_rng_below(rng, p->n);
    pt_kmeans_panels(b->panel, m->centres, m->k, p->columns);
    pt_kmeans_look(b->distance, b->nearest, p->kernels, p->rows, p->columns, b->list, b->size, b->panel,
                   (m->k + PT_PANEL - 1) / PT_PANEL);
    for (uint32_t i = 0; i < b->size; i++) {
        inertia += pt_point_weight(p, b->list[i]) * (double)b->distance[i];
        weight += pt_point_weight(p, b->list[i]);
    }
    return weight > 0 ? inertia / weight : 0;
}

static void learn(batch *b, pt_kmeans *m)
{
    for (uint32_t i = 0; i < b->size; i++) {
        double weight = pt_point_weight(b->p, b->list[i]);
        const float *x = pt_point(b->p, b->list[i]);
        float *centre = m->centres + (size_t)b->nearest[i] * m->columns;
        if (weight <= 0)
            continue;
        b->seen[b->nearest[i]] += weight;
        double rate = weight / b->seen[b->nearest[i]];
        for (size_t c = 0; c < m->columns; c++)
            centre[c] = (float)((double)centre[c] + rate * ((double)x[c] - (double)centre[c]));
    }
}

/* Labels, sizes and inertia of all rows with the centres as they are: an iteration that moves nothing. */
static pt_rc settle(pt_kmeans *m, const pt_points *p, const pt_kmeans_options *o, pt_err *err)
{
    pt_kmeans_options last = *o;
    uint32_t iterations = m->iterations;
    bool converged = m->converged;
    double *inertias = m->inertias, one;

    last.most_iterations = 0;
    m->inertias = &one;
    pt_rc rc = pt_kmeans_iterate(m, p, &last, err);
    m->inertias = inertias;
    m->iterations = iterations;
    m->converged = converged;
    return rc;
}

pt_rc pt_kmeans_batches(pt_kmeans *m, const pt_points *p, const pt_kmeans_options *o, pt_rng *rng, pt_err *err)
{
    batch b;
    double smooth = 0, least = INFINITY, share = fmin(2.0 * o->batch / ((double)p->n + 1), 1);
    unsigned without = 0;
    pt_rc rc = batch_new(&b, m, p, o->batch, err);

    m->iterations = 0;
    m->converged = false;
    while (rc == PT_OK && !m->converged && m->iterations < o->most_iterations) {
        if (o->cancelled && o->cancelled(o->cancel_context)) {
            rc = pt_fail(err, PT_ECANCELED, "learning was stopped");
            break;
        }
        double inertia = look(&b, m, rng);
        learn(&b, m);
        smooth = m->iterations == 0 ? inertia : smooth + share * (inertia - smooth);
        without = smooth < least ? 0 : without + 1;
        least = fmin(least, smooth);
        m->inertias[m->iterations++] = smooth * p->total;
        m->converged = without >= PATIENCE;
    }
    if (rc == PT_OK)
        rc = settle(m, p, o, err);
    batch_free(&b);
    return rc;
}
