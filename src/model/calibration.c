#include "model/calibration.h"

#include <math.h>
#include <stdlib.h>

#include "model/linear_parts.h"

enum { VERSION = 1, MAX_STEPS = 100, MAX_HALVINGS = 40 };

typedef struct points {
    const double *score;
    const float *event, *weight;
    size_t n;
    double events, others; /* weight of each */
} points;

static double weight_of(const points *p, size_t i)
{
    return p->weight ? p->weight[i] : 1;
}

static pt_rc check(points *p, pt_err *err)
{
    for (size_t i = 0; i < p->n; i++) {
        if (!isfinite(p->score[i]))
            return pt_fail(err, PT_EINVAL, "a score to be calibrated is not a number");
        *(p->event[i] == 1 ? &p->events : &p->others) += weight_of(p, i);
    }
    if (!(p->events > 0 && p->others > 0))
        return pt_fail(err, PT_EINVAL, "calibration needs customers of both classes");
    return PT_OK;
}

/* --- Platt -------------------------------------------------------------------------------------------------------- */

/* Log loss against the drawn-in targets, its gradient g[2] and second derivatives h[3] (slope, both, intercept). */
static double platt_loss(double *g, double *h, const points *p, const double at[2])
{
    double high = (p->events + 1) / (p->events + 2), low = 1 / (p->others + 2), loss = 0;

    g[0] = g[1] = h[0] = h[1] = h[2] = 0;
    for (size_t i = 0; i < p->n; i++) {
        double w = weight_of(p, i), s = p->score[i], target = p->event[i] == 1 ? high : low;
        double z = at[0] * s + at[1], q = pt_sigmoid(z), curve = w * q * pt_sigmoid(-z);
        loss += w * (log1p(exp(-fabs(z))) + fmax(z, 0) - target * z);
        g[0] += w * (q - target) * s;
        g[1] += w * (q - target);
        h[0] += curve * s * s;
        h[1] += curve * s;
        h[2] += curve;
    }
    return loss;
}

/* Newton with halving (Lin, Lin, Weng 2007). */
static void fit_platt(pt_calibration *c, const points *p)
{
    double at[2] = {0, log((p->events + 1) / (p->others + 1))}, g[2], h[3], loss = platt_loss(g, h, p, at);

    for (int step = 0; step < MAX_STEPS; step++) {
        double ridge = 1e-12 * (h[0] + h[2]) + 1e-300;
        double det = (h[0] + ridge) * (h[2] + ridge) - h[1] * h[1];
        double by[2] = {-((h[2] + ridge) * g[0] - h[1] * g[1]) / det, -((h[0] + ridge) * g[1] - h[1] * g[0]) / det};
        double promised = by[0] * g[0] + by[1] * g[1], share = 1;
        if (!(promised < -1e-14 * fmax(1, loss)))
            break;
        for (int k = 0; k < MAX_HALVINGS; k++, share /= 2) {
            double next[2] = {at[0] + share * by[0], at[1] + share * by[1]};
            double now = platt_loss(g, h, p, next);
            if (now <= loss + 1e-4 * share * promised || k == MAX_HALVINGS - 1) {
                loss = now;
                memcpy(at, next, sizeof at);
                break;
            }
        }
    }
    c->slope = at[0];
    c->intercept = at[1];
}

/* --- isotonic ----------------------------------------------------------------------------------------------------- */

typedef struct block {
    double first, last; /* scores */
    double sum, weight;
} block;

static int by_score(const void *a, const void *b)
{
    double x = ((const block *)a)->first, y = ((const block *)b)->first;

    return x < y ? -1 : x > y;
}

static void merge(block *into, const block *b)
{
    into->last = b->last;
    into->sum += b->sum;
    into->weight += b->weight;
}

/* Equal scores are one point. */
static size_t pool_ties(block *b, size_t n)
{
    size_t m = 0;

    for (size_t i = 0; i < n; i++)
        if (m > 0 && b[m - 1].last == b[i].first)
            merge(&b[m - 1], &b[i]);
        else
            b[m++] = b[i];
    return m;
}

/* Pool adjacent violators (Ayer et al. 1955). */
static size_t pool_violators(block *b, size_t n)
{
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        b[m++] = b[i];
        while (m > 1 && b[m - 2].sum * b[m - 1].weight >= b[m - 1].sum * b[m - 2].weight) {
            merge(&b[m - 2], &b[m - 1]);
            m--;
        }
    }
    return m;
}

static pt_rc fit_isotonic(pt_calibration *c, const points *p, pt_err *err)
{
    block *b = pt_zalloc(p->n, sizeof *b);
    size_t n = 0;

    for (size_t i = 0; b && i < p->n; i++)
        if (weight_of(p, i) > 0)
            b[n++] = (block){p->score[i], p->score[i], weight_of(p, i) * (p->event[i] == 1), weight_of(p, i)};
    if (b) {
        qsort(b, n, sizeof *b, by_score);
        n = pool_violators(b, pool_ties(b, n));
        c->score = pt_zalloc(2 * n, sizeof *c->score);
        c->value = pt_zalloc(2 * n, sizeof *c->value);
    }
    if (!b || !c->score || !c->value) {
        free(b);
        return pt_fail_nomem(err, "calibration");
    }
    for (size_t i = 0; i < n; i++)
        for (int end = 0; end < (b[i].first < b[i].last ? 2 : 1); end++) {
            c->score[c->n] = end ? b[i].last : b[i].first;
            c->value[c->n++] = b[i].sum / b[i].weight;
        }
    free(b);
    return PT_OK;
}

static double between_knots(const pt_calibration *c, double score)
{
    size_t low = 0, high = c->n - 1;

    if (!(score > c->score[0]))
        return c->value[0];
    if (score >= c->score[high])
        return c->value[high];
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        *(c->score[middle] <= score ? &low : &high) = middle;
    }
    double share = (score - c->score[low]) / (c->score[high] - c->score[low]);
    return c->value[low] + share * (c->value[high] - c->value[low]);
}

/* --- both --------------------------------------------------------------------------------------------------------- */

pt_rc pt_calibration_fit(pt_calibration *out, pt_calibration_kind kind, const double *score, const float *event,
                         const float *weight, size_t n, pt_err *err)
{
    points p = {score, event, weight, n, 0, 0};
    pt_rc rc = PT_OK;

    *out = (pt_calibration){.kind = kind};
    PT_TRY(check(&p, err));
    if (kind == PT_CALIBRATE_PLATT)
        fit_platt(out, &p);
    else
        rc = fit_isotonic(out, &p, err);
    if (rc != PT_OK)
        pt_calibration_free(out);
    return rc;
}

void pt_calibration_free(pt_calibration *c)
{
    free(c->score);
    free(c->value);
    *c = (pt_calibration){0};
}

double pt_calibration_apply(const pt_calibration *c, double score)
{
    if (c->kind == PT_CALIBRATE_PLATT)
        return pt_sigmoid(c->slope * score + c->intercept);
    return between_knots(c, score);
}

pt_rc pt_calibration_save(pt_str *out, const pt_calibration *c, pt_err *err)
{
    pt_blob_begin(out, "CALI", VERSION);
    pt_blob_put_count(out, c->kind);
    pt_blob_put_number(out, c->slope);
    pt_blob_put_number(out, c->intercept);
    pt_blob_put_count(out, c->n);
    pt_blob_put_numbers(out, c->score, c->n);
    pt_blob_put_numbers(out, c->value, c->n);
    return pt_str_check(out, err);
}

pt_rc pt_calibration_load(pt_calibration *out, pt_sv bytes, pt_err *err)
{
    pt_blob b;

    *out = (pt_calibration){0};
    pt_blob_open(&b, bytes, "CALI", VERSION);
    out->kind = (pt_calibration_kind)pt_blob_count(&b, 0, PT_CALIBRATE_ISOTONIC);
    out->slope = pt_blob_number(&b, -INFINITY, INFINITY);
    out->intercept = pt_blob_number(&b, -INFINITY, INFINITY);
    out->n = pt_blob_count(&b, out->kind == PT_CALIBRATE_ISOTONIC, bytes.len);
    out->score = pt_blob_numbers(&b, out->n);
    out->value = pt_blob_numbers(&b, out->n);
    for (size_t i = 0; out->score && out->value && i < out->n; i++)
        if (!(out->value[i] >= 0 && out->value[i] <= 1) ||
            (i > 0 && (!(out->score[i] > out->score[i - 1]) || out->value[i] < out->value[i - 1])))
            pt_blob_refuse(&b);
    pt_rc rc = pt_blob_end(&b, "calibration", err);
    if (rc != PT_OK)
        pt_calibration_free(out);
    return rc;
}
