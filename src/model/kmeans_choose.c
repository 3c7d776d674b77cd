/* Initial centres of k-means. */
#include <math.h>
#include <stdlib.h>

#include "model/kmeans_int.h"

enum {
    ROUNDS = 5,
    OVERSAMPLE = 2,
    PARALLEL_FROM = 64,
    STEP = 64
}; /* k-means||: 2 k points expected a round, as in the paper */

/* What is known of the distances to the points chosen so far. */
typedef struct choosing {
    const pt_points *p;
    pt_rng *rng;
    double *near;    /* points: weighted squared distance to the nearest that was chosen */
    uint32_t *owner; /* points: its number; NULL: not wanted */
    float *panel;    /* up to eight candidates */
    uint32_t first;  /* the number of the panel's first */
    unsigned tries;  /* candidates that are compared */
    double *of_part; /* parts * PT_PANEL: sums of what `near` would be with each; of those taken the first */
} choosing;

static void all_of(uint32_t list[STEP], size_t n)
{
    for (uint32_t i = 0; i < STEP; i++)
        list[i] = i < n ? i : 0;
}

/* As fmin() of two numbers, but without a call: neither is NaN. */
static inline double lesser(double a, double b)
{
    return a < b ? a : b;
}

static pt_rc try_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    choosing *h = arg;
    size_t begin, end = pt_points_part(h->p, part, &begin);
    float d[STEP * PT_PANEL];
    uint32_t list[STEP];
    double sums[PT_PANEL] = {0};

    (void)worker, (void)err;
    for (size_t at = begin; at < end; at += STEP) {
        size_t n = end - at < STEP ? end - at : STEP;
        all_of(list, n);
        h->p->kernels->distances(d, pt_point(h->p, at), h->p->columns, list, (n + 7) & ~(size_t)7, h->panel);
        for (size_t i = 0; i < n; i++) {
            double weight = pt_point_weight(h->p, at + i), near = h->near[at + i];
            if (weight <= 0)
                continue;
            for (unsigned j = 0; j < PT_PANEL; j++)
                sums[j] += lesser(weight * (double)d[i * PT_PANEL + j], near);
        }
    }
    memcpy(h->of_part + part * PT_PANEL, sums, sizeof sums);
    return PT_OK;
}

static pt_rc take_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    choosing *h = arg;
    size_t begin, end = pt_points_part(h->p, part, &begin);
    float best[STEP], second[STEP];
    uint32_t list[STEP], which[STEP];
    double sum = 0;

    (void)worker, (void)err;
    for (size_t at = begin; at < end; at += STEP) {
        size_t n = end - at < STEP ? end - at : STEP;
        all_of(list, n);
        h->p->kernels->nearest(best, second, which, pt_point(h->p, at), h->p->columns, list, (n + 7) & ~(size_t)7,
                               h->panel);
        for (size_t i = 0; i < n; i++) {
            double weight = pt_point_weight(h->p, at + i);
            double near = weight > 0 ? weight * (double)best[i] : 0;
            if (near < h->near[at + i] && h->owner)
                h->owner[at + i] = h->first + which[i];
            h->near[at + i] = lesser(near, h->near[at + i]);
            sum += h->near[at + i];
        }
    }
    h->of_part[part * PT_PANEL] = sum;
    return PT_OK;
}

static void set_panel(choosing *h, const size_t *points, unsigned n)
{
    size_t columns = h->p->columns;

    for (unsigned j = 0; j < PT_PANEL; j++)
        for (size_t c = 0; c < columns; c++)
            h->panel[c * PT_PANEL + j] = j < n ? pt_point(h->p, points[j])[c] : INFINITY;
    h->tries = n;
}

static pt_rc take(choosing *h, const size_t *points, unsigned n, uint32_t first, pt_err *err)
{
    set_panel(h, points, n);
    h->first = first;
    return pt_pool_run(h->p->pool, h->p->parts, take_part, h, err);
}

/* The sum of `near`, when something was taken last. */
static double all_near(const choosing *h)
{
    double total = 0;

    for (size_t part = 0; part < h->p->parts; part++)
        total += h->of_part[part * PT_PANEL];
    return total;
}

/* A point with a chance that is its weight's share. */
static size_t draw_point(const choosing *h)
{
    const pt_points *p = h->p;
    double aim = pt_rng_double(h->rng) * p->total, sum = 0;
    size_t last = 0;

    if (!p->weight)
        return (size_t)pt_rng_below(h->rng, p->n);
    for (size_t i = 0; i < p->n && sum <= aim; i++) {
        sum += p->weight[i];
        last = p->weight[i] > 0 ? i : last;
    }
    return last;
}

/* A point with a chance that is its share of `near`, of which `sums` are by part. Some point is far from all taken. */
static size_t draw_far(const choosing *h, const double *sums)
{
    const pt_points *p = h->p;
    double total = 0, before = 0;
    size_t part = 0, last = SIZE_MAX, begin;

    for (size_t i = 0; i < p->parts; i++)
        total += sums[i];
    double aim = pt_rng_double(h->rng) * total;
    while (part + 1 < p->parts && before + sums[part] <= aim)
        before += sums[part++];
    while (sums[part] <= 0) /* rounding led past the last that counts */
        part--;
    size_t end = pt_points_part(p, part, &begin);
    for (size_t i = begin; i < end && (last == SIZE_MAX || before <= aim); i++) {
        before += h->near[i];
        last = h->near[i] > 0 ? i : last;
    }
    return last;
}

/* The best of a few points that are drawn: the one that leaves the least sum of distances. */
static pt_rc draw_best(size_t *out, choosing *h, double *sums, unsigned tries, pt_err *err)
{
    size_t drawn[PT_PANEL] = {0};
    double least = INFINITY;

    for (size_t part = 0; part < h->p->parts; part++)
        sums[part] = h->of_part[part * PT_PANEL];
    for (unsigned j = 0; j < tries; j++)
        drawn[j] = draw_far(h, sums);
    *out = drawn[0];
    if (tries == 1)
        return PT_OK;
    set_panel(h, drawn, tries);
    PT_TRY(pt_pool_run(h->p->pool, h->p->parts, try_part, h, err));
    for (unsigned j = 0; j < tries; j++) {
        double sum = 0;
        for (size_t part = 0; part < h->p->parts; part++)
            sum += h->of_part[part * PT_PANEL + j];
        if (sum < least) {
            least = sum;
            *out = drawn[j];
        }
    }
    return PT_OK;
}

static pt_rc choosing_new(choosing *h, const pt_points *p, pt_rng *rng, bool owners, pt_err *err)
{
    *h = (choosing){.p = p, .rng = rng};
    h->near = pt_alloc64(p->n, sizeof *h->near);
    h->panel = pt_alloc64(p->columns * PT_PANEL, sizeof *h->panel);
    h->of_part = pt_zalloc(p->parts * PT_PANEL, sizeof *h->of_part);
    h->owner = owners ? pt_zalloc(p->n, sizeof *h->owner) : NULL;
    if (!h->near || !h->panel || !h->of_part || (owners && !h->owner))
        return pt_fail_nomem(err, "clustering");
    for (size_t i = 0; i < p->n; i++)
        h->near[i] = INFINITY;
    return PT_OK;
}

static void choosing_free(choosing *h)
{
    free(h->near);
    free(h->panel);
    free(h->of_part);
    free(h->owner);
}

/* chosen[*k]: fewer when all points lie on those chosen. */
static pt_rc plusplus(size_t *chosen, uint32_t *k, const pt_points *p, pt_rng *rng, pt_err *err)
{
    choosing h;
    unsigned tries = 2 + (unsigned)log((double)*k); /* as scikit-learn does */
    double *sums = pt_zalloc(p->parts, sizeof *sums);
    uint32_t n = 0;

    tries = tries < PT_PANEL ? tries : PT_PANEL;
    pt_rc rc = choosing_new(&h, p, rng, false, err);
    if (rc == PT_OK && !sums)
        rc = pt_fail_nomem(err, "clustering");
    while (rc == PT_OK && n < *k && (n == 0 || all_near(&h) > 0)) {
        if (n == 0)
            chosen[0] = draw_point(&h);
        else
            rc = draw_best(&chosen[n], &h, sums, tries, err);
        if (rc == PT_OK)
            rc = take(&h, &chosen[n], 1, n, err);
        n += rc == PT_OK;
    }
    *k = n;
    free(sums);
    choosing_free(&h);
    return rc;
}

/* --- k-means|| ---------------------------------------------------------------------------------------------------------------- */

typedef struct candidates {
    size_t *points;
    size_t n, cap;
} candidates;

/* Each point with a chance of `rate` times its part of `near`: one sequence of random numbers, so that threads do not matter. */
static pt_rc draw_round(candidates *c, const choosing *h, double rate, pt_err *err)
{
    for (size_t i = 0; i < h->p->n; i++) {
        if (h->near[i] <= 0 || pt_rng_double(h->rng) >= rate * h->near[i])
            continue;
        if (!pt_grow(&c->points, &c->cap, c->n + 1, sizeof *c->points))
            return pt_fail_nomem(err, "clustering");
        c->points[c->n++] = i;
    }
    return PT_OK;
}

static pt_rc draw_candidates(candidates *c, choosing *h, uint32_t k, pt_err *err)
{
    if (!pt_grow(&c->points, &c->cap, 1, sizeof *c->points))
        return pt_fail_nomem(err, "clustering");
    c->points[c->n++] = draw_point(h);
    PT_TRY(take(h, c->points, 1, 0, err));
    for (int round = 0; round < ROUNDS && all_near(h) > 0; round++) {
        size_t before = c->n;
        PT_TRY(draw_round(c, h, OVERSAMPLE * (double)k / all_near(h), err));
        for (size_t at = before; at < c->n; at += PT_PANEL)
            PT_TRY(take(h, c->points + at, (unsigned)(c->n - at < PT_PANEL ? c->n - at : PT_PANEL), (uint32_t)at, err));
    }
    return PT_OK;
}

/* The candidates as points, each with the weight of those nearest to it. */
static pt_rc candidate_points(pt_points *out, const candidates *c, const choosing *h, pt_err *err)
{
    size_t columns = h->p->columns;
    float *values = pt_alloc64(c->n * columns, sizeof *values), *weight = pt_zalloc(c->n, sizeof *weight);
    double *sums = pt_zalloc(c->n, sizeof *sums);
    pt_matrix x = {values, c->n, columns, c->n};
    pt_rc rc = PT_OK;

    *out = (pt_points){0};
    if (!values || !weight || !sums)
        rc = pt_fail_nomem(err, "clustering");
    for (size_t i = 0; rc == PT_OK && i < h->p->n; i++)
        sums[h->owner[i]] += pt_point_weight(h->p, i);
    for (size_t i = 0; rc == PT_OK && i < c->n; i++) {
        weight[i] = (float)sums[i];
        for (size_t j = 0; j < columns; j++)
            values[j * c->n + i] = pt_point(h->p, c->points[i])[j];
    }
    if (rc == PT_OK)
        rc = pt_points_all(out, &x, weight, h->p->pool, err);
    out->values = values; /* theirs now */
    if (rc == PT_OK)
        rc = pt_points_lay_out(out, err);
    free(weight);
    free(sums);
    return rc;
}

/* False in *enough when there are fewer candidates than centres wanted. */
static pt_rc parallel(size_t *chosen, uint32_t *k, bool *enough, const pt_points *p, pt_rng *rng, pt_err *err)
{
    choosing h;
    candidates c = {0};
    pt_points few = {0};
    pt_rc rc = choosing_new(&h, p, rng, true, err);

    if (rc == PT_OK)
        rc = draw_candidates(&c, &h, *k, err);
    *enough = rc == PT_OK && c.n >= *k;
    if (*enough)
        rc = candidate_points(&few, &c, &h, err);
    if (rc == PT_OK && *enough)
        rc = plusplus(chosen, k, &few, rng, err);
    for (uint32_t j = 0; rc == PT_OK && *enough && j < *k; j++)
        chosen[j] = c.points[chosen[j]];
    pt_points_free(&few);
    choosing_free(&h);
    free(c.points);
    return rc;
}

pt_rc pt_kmeans_choose(float *centres, uint32_t *k, const pt_points *p, pt_kmeans_init init, pt_rng *rng, pt_err *err)
{
    size_t *chosen = pt_zalloc(*k, sizeof *chosen);
    bool done = false;
    uint32_t found = *k;
    pt_rc rc = chosen ? PT_OK : pt_fail_nomem(err, "clustering");

    if (rc == PT_OK && (init == PT_KMEANS_PARALLEL || (init == PT_KMEANS_AUTO && *k >= PARALLEL_FROM))) {
        rc = parallel(chosen, &found, &done, p, rng, err);
        done = done && found == *k;
    }
    if (rc == PT_OK && !done) {
        found = *k;
        rc = plusplus(chosen, &found, p, rng, err);
    }
    for (uint32_t j = 0; rc == PT_OK && j < found; j++)
        memcpy(centres + j * p->columns, pt_point(p, chosen[j]), p->columns * sizeof *centres);
    *k = found;
    free(chosen);
    return rc;
}
