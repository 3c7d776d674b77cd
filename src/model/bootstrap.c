/* The Poisson bootstrap: Hanley and MacGibbon 2006, "Creating non-parametric bootstrap samples using Poisson frequencies". */
#include "model/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/rng.h"

enum { DRAWS = 200, DRAWS_OF_MANY = 100, MANY_ROWS = 200000, MOST_TIMES = 12 };

typedef struct drawing {
    const pt_bootstrap *b;
    uint64_t seed;
    size_t draws;
    double *figures;            /* draws * n_figures */
    uint32_t groups;            /* of the rows; 0: none */
    uint32_t below[MOST_TIMES]; /* a 32-bit number below below[k] means at most k times */
} drawing;

static void fill_chances(drawing *d)
{
    double chance = exp(-1.0);
    double sum = 0;

    for (int k = 0; k < MOST_TIMES; k++) {
        sum += chance;
        chance /= k + 1;
        d->below[k] = (uint32_t)(sum * 4294967295.0);
    }
    d->below[MOST_TIMES - 1] = UINT32_MAX;
}

static uint8_t times(const drawing *d, uint32_t random)
{
    uint8_t k = 0;

    while (k < MOST_TIMES - 1 && random >= d->below[k])
        k++;
    return k;
}

static void draw_times(uint8_t *out, size_t n, const drawing *d, uint64_t seed)
{
    pt_rng rng;

    pt_rng_seed(&rng, seed);
    for (size_t i = 0; i < n; i += 2) {
        const uint64_t random = pt_rng_u64(&rng);
        out[i] = times(d, (uint32_t)random);
        if (i + 1 < n)
            out[i + 1] = times(d, (uint32_t)(random >> 32));
    }
}

static pt_rc draw(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const drawing *d = (const drawing *)arg;
    const pt_bootstrap *b = d->b;
    const uint64_t seed = pt_mix64(d->seed ^ pt_mix64(index + 1));
    uint8_t *weights = (uint8_t *)pt_zalloc(b->rows + d->groups + 1, 1);

    (void)worker;
    if (!weights)
        return pt_fail_nomem(err, "intervals");
    if (b->group) {
        draw_times(weights + b->rows, d->groups, d, seed);
        for (size_t i = 0; i < b->rows; i++)
            weights[i] = weights[b->rows + b->group[i]];
    } else {
        draw_times(weights, b->rows, d, seed);
    }
    b->figures(b->context, weights, d->figures + index * b->n_figures);
    free(weights);
    return PT_OK;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* As R's type 6: of few draws the wider of the usual choices. */
static double quantile(const double *sorted, size_t n, double share)
{
    const double at = fmin(fmax(share * (double)(n + 1) - 1, 0), (double)(n - 1));
    const size_t below = (size_t)at;

    return below + 1 < n ? sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]) : sorted[below];
}

static void fill_interval(pt_measured *m, const drawing *d, size_t figure, double *work)
{
    size_t n = 0;

    for (size_t i = 0; i < d->draws; i++)
        if (isfinite(d->figures[i * d->b->n_figures + figure]))
            work[n++] = d->figures[i * d->b->n_figures + figure];
    m->low = m->high = NAN;
    if (2 * n < d->draws || isnan(m->value))
        return;
    qsort(work, n, sizeof *work, ascending);
    m->low = fmin(quantile(work, n, 0.025), m->value);
    m->high = fmax(quantile(work, n, 0.975), m->value);
}

pt_rc pt_bootstrap_run(pt_measured *measures, const pt_bootstrap *b, const pt_measure_options *options, pt_err *err)
{
    drawing d = {.b = b, .seed = options->seed, .draws = options->draws};
    double *work;
    pt_rc rc;

    if (!d.draws)
        d.draws = b->rows > MANY_ROWS ? DRAWS_OF_MANY : DRAWS;
    for (size_t i = 0; b->group && i < b->rows; i++)
        d.groups = b->group[i] >= d.groups ? b->group[i] + 1 : d.groups;
    fill_chances(&d);
    d.figures = (double *)pt_zalloc((d.draws + 1) * b->n_figures + d.draws, sizeof *d.figures);
    if (!d.figures)
        return pt_fail_nomem(err, "intervals");
    rc = pt_pool_run(options->pool, d.draws, draw, &d, err);
    work = d.figures + d.draws * b->n_figures;
    for (size_t k = 0; rc == PT_OK && k < b->n_figures; k++)
        fill_interval(&measures[k], &d, k, work);
    free(d.figures);
    return rc;
}
