/* Shares of bins now against shares of bins in training. */
#include "model/drift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/pipeline_int.h"
#include "model/sort_scores.h"

static const double least_share = 1e-4; /* what an empty bin counts as */

static double stability_index(const double *then, const double *now, size_t n)
{
    double psi = 0;

    for (size_t i = 0; i < n; i++) {
        const double a = fmax(then[i], least_share);
        const double b = fmax(now[i], least_share);
        if (then[i] > 0 || now[i] > 0)
            psi += (b - a) * log(b / a);
    }
    return psi;
}

/* --- predictions ---------------------------------------------------------------------------------------------------- */

/* What drift looks at: the probability of class 1, the value, the cluster. */
static pt_rc look_at_scores(float **out, const pt_pipeline *p, const pt_table *table, const pt_row_set *rows,
                            pt_pool *pool, pt_err *err)
{
    const size_t outputs = pt_pipeline_outputs(p);
    float *scores = (float *)pt_alloc64(rows->n * outputs + 1, sizeof *scores);
    pt_rc rc = scores ? pt_pipeline_predict(scores, p, table, rows, pool, err) : pt_fail_nomem(err, "drift");

    if (rc != PT_OK) {
        free(scores);
        return rc;
    }
    for (size_t i = 0; outputs > 1 && i < rows->n; i++)
        scores[i] = scores[i * outputs + 1];
    *out = scores;
    return PT_OK;
}

static uint32_t bin_of(const pt_pipeline *p, float score)
{
    uint32_t bin = 0;

    while (bin < p->n_edges && score >= p->edges[bin])
        bin++;
    return bin;
}

static void share_scores(double *shares, const pt_pipeline *p, const float *scores, size_t n)
{
    memset(shares, 0, (PT_MOST_EDGES + 1) * sizeof *shares);
    for (size_t i = 0; i < n; i++)
        shares[bin_of(p, scores[i])] += 1 / (double)n;
    for (int b = 0; b <= PT_MOST_EDGES; b++)
        shares[b] = fmin(shares[b], 1); /* rounding */
}

static pt_rc find_edges(pt_pipeline *p, const float *scores, size_t n, pt_err *err)
{
    uint64_t *keys = (uint64_t *)pt_alloc64(n + 1, 2 * sizeof *keys);

    if (!keys)
        return pt_fail_nomem(err, "drift");
    for (size_t i = 0; i < n; i++)
        keys[i] = pt_score_key(scores[i], 0);
    pt_sort_scores(keys, keys + n + 1, n);
    p->n_edges = 0;
    for (size_t tenth = 1; tenth <= PT_MOST_EDGES; tenth++) {
        const float edge = pt_score_value(keys[n * tenth / (PT_MOST_EDGES + 1)]);
        if (edge > pt_score_value(keys[0]) && (p->n_edges == 0 || edge > p->edges[p->n_edges - 1]))
            p->edges[p->n_edges++] = edge;
    }
    free(keys);
    return PT_OK;
}

pt_rc pt_pipeline_note_scores(pt_pipeline *p, const pt_table *table, const pt_row_set *rows, pt_pool *pool, pt_err *err)
{
    float *scores;
    pt_rc rc;

    if (rows->n == 0)
        return PT_OK;
    PT_TRY(look_at_scores(&scores, p, table, rows, pool, err));
    rc = find_edges(p, scores, rows->n, err);
    if (rc == PT_OK)
        share_scores(p->shares, p, scores, rows->n);
    free(scores);
    return rc;
}

/* --- features ------------------------------------------------------------------------------------------------------- */

static void share_feature(double *shares, const pt_prepared_feature *f, const pt_bound_feature *b,
                          const pt_row_set *rows)
{
    const pt_feature *raw = b->feature;

    memset(shares, 0, f->n_shares * sizeof *shares);
    for (size_t i = 0; i < rows->n; i++) {
        const size_t r = pt_row(rows, i);
        size_t bin = f->n_shares - 1;
        if (f->kind == PT_FEATURE_CATEGORY)
            bin = raw->codes[r] < raw->n_names ? b->slots[raw->codes[r]] : bin;
        else if (f->kind == PT_FEATURE_LIST)
            bin = pt_prepared_bin(f, (float)(raw->offsets[r + 1] - raw->offsets[r]));
        else if (isfinite(raw->numbers[r]))
            bin = pt_prepared_bin(f, raw->numbers[r]);
        shares[bin] += 1 / (double)rows->n;
    }
}

static int falling(const void *a, const void *b)
{
    const pt_drift *x = (const pt_drift *)a;
    const pt_drift *y = (const pt_drift *)b;

    return x->psi != y->psi ? (x->psi < y->psi ? 1 : -1) : strcmp(x->feature, y->feature);
}

static pt_rc drift_of_features(pt_drift *out, const pt_pipeline *p, const pt_table *table, const pt_row_set *rows,
                               pt_arena *work, pt_err *err)
{
    pt_bound_feature *bound;

    PT_TRY(pt_prepare_bind(&bound, &p->prepare, table, work, err));
    for (size_t i = 0; i < p->prepare.n_features; i++) {
        const pt_prepared_feature *f = &p->prepare.features[i];
        double *now = PT_NEW_ARRAY(work, double, f->n_shares);
        if (!now)
            return pt_fail_nomem(err, "drift");
        share_feature(now, f, &bound[i], rows);
        out[i] =
            (pt_drift){f->name, stability_index(f->shares, now, f->n_shares), f->used.missing, now[f->n_shares - 1]};
    }
    qsort(out, p->prepare.n_features, sizeof *out, falling);
    return PT_OK;
}

pt_rc pt_pipeline_drift(const pt_drift **out, size_t *n, const pt_pipeline *p, const pt_table *table,
                        const pt_row_set *rows, pt_pool *pool, pt_arena *arena, pt_err *err)
{
    const size_t features = p->prepare.n_features;
    pt_drift *drift = PT_NEW_ARRAY(arena, pt_drift, features + 1);
    pt_arena *work = pt_arena_new(0);
    double now[PT_MOST_EDGES + 1], noted = 0;
    float *scores;
    pt_rc rc = drift && work ? PT_OK : pt_fail_nomem(err, "drift");

    if (rc == PT_OK && rows->n == 0)
        rc = pt_fail(err, PT_EINVAL, "there are no rows to measure on");
    if (rc == PT_OK)
        rc = drift_of_features(drift, p, table, rows, work, err);
    pt_arena_free(work);
    PT_TRY(rc);
    *out = drift;
    *n = features;
    for (int b = 0; b <= PT_MOST_EDGES; b++)
        noted += p->shares[b];
    if (noted == 0)
        return PT_OK;
    PT_TRY(look_at_scores(&scores, p, table, rows, pool, err));
    share_scores(now, p, scores, rows->n);
    free(scores);
    drift[(*n)++] = (pt_drift){NULL, stability_index(p->shares, now, PT_MOST_EDGES + 1), NAN, NAN};
    return PT_OK;
}
