/* Quantiles and counts of each feature, a feature a task of the pool. */
#include "model/prepare_summary.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "model/sort_scores.h"

typedef struct summaries {
    const pt_prepare_job *job;
    pt_feature_summary *all;
} summaries;

/* A feature's number at the i-th row: the length of a list. */
static float number_of(const pt_feature *f, const pt_row_set *rows, size_t i)
{
    const size_t r = pt_row(rows, i);

    return f->kind == PT_FEATURE_LIST ? (float)(f->offsets[r + 1] - f->offsets[r]) : f->numbers[r];
}

/* The quantile in the middle of the gap that `share` falls into, as R's type 7 and NumPy have it. */
static float quantile(const uint64_t *keys, size_t n, double share)
{
    const double at = share * (double)(n - 1);
    const size_t below = (size_t)at;
    const double low = (double)pt_score_value(keys[below]);

    if (below + 1 >= n)
        return (float)low;
    return (float)(low + (at - (double)below) * ((double)pt_score_value(keys[below + 1]) - low));
}

static void note_bins(pt_feature_summary *s, const uint64_t *keys, size_t n)
{
    size_t i = 0;

    for (int tenth = 1; tenth <= PT_MOST_EDGES; tenth++) {
        const float edge = quantile(keys, n, tenth / 10.0);
        if (edge > s->lowest && (s->n_edges == 0 || edge > s->edges[s->n_edges - 1]))
            s->edges[s->n_edges++] = edge;
    }
    for (uint32_t b = 0; b <= s->n_edges; b++)
        for (; i < n && (b == s->n_edges || pt_score_value(keys[i]) < s->edges[b]); i++)
            s->bins[b]++;
}

static void note_numbers(pt_feature_summary *s, const uint64_t *keys, size_t n)
{
    if (n == 0) {
        s->lowest = s->highest = s->median = s->quartile_low = s->quartile_high = NAN;
        return;
    }
    s->lowest = pt_score_value(keys[0]);
    s->highest = pt_score_value(keys[n - 1]);
    s->median = quantile(keys, n, 0.5);
    s->quartile_low = quantile(keys, n, 0.25);
    s->quartile_high = quantile(keys, n, 0.75);
    for (size_t i = 0; i < n; i++)
        s->sum += (double)pt_score_value(keys[i]);
    for (size_t i = 0; i < n; i++) {
        const double away = (double)pt_score_value(keys[i]) - s->sum / (double)n;
        s->squares += away * away;
    }
    note_bins(s, keys, n);
}

static pt_rc summarise_numbers(pt_feature_summary *s, const pt_feature *f, const pt_row_set *rows, pt_err *err)
{
    uint64_t *keys = (uint64_t *)pt_alloc64(rows->n + 1, 2 * sizeof *keys);
    size_t n = 0;

    if (!keys)
        return pt_fail_nomem(err, "preparing features");
    for (size_t i = 0; i < rows->n; i++) {
        const float v = number_of(f, rows, i);
        if (isfinite(v)) {
            keys[n] = pt_score_key(v, 0);
            n++;
        } else {
            s->missing_rows = pt_mix64(s->missing_rows ^ (i + 1));
        }
    }
    s->missing = rows->n - n;
    pt_sort_scores(keys, keys + rows->n + 1, n);
    note_numbers(s, keys, n);
    free(keys);
    return PT_OK;
}

static void count_codes(pt_feature_summary *s, const pt_feature *f, const pt_row_set *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        const uint32_t code = f->codes[pt_row(rows, i)];
        if (code < f->n_names) {
            s->names[code]++;
        } else {
            s->missing++;
            s->missing_rows = pt_mix64(s->missing_rows ^ (i + 1));
        }
    }
}

static void count_items(pt_feature_summary *s, const pt_feature *f, const pt_row_set *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        const size_t r = pt_row(rows, i);
        for (uint64_t k = f->offsets[r]; k < f->offsets[r + 1]; k++)
            if (f->items[k] < f->n_names)
                s->names[f->items[k]]++;
    }
}

static pt_rc summarise(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const summaries *all = (const summaries *)arg;
    const pt_feature *f = &all->job->table->features[index];
    const pt_row_set *rows = all->job->rows;
    pt_feature_summary *s = &all->all[index];

    (void)worker;
    if (f->aside)
        return PT_OK;
    s->rows = rows->n;
    if (f->kind != PT_FEATURE_NUMBER) {
        s->names = (uint32_t *)pt_zalloc(f->n_names + 1, sizeof *s->names);
        if (!s->names)
            return pt_fail_nomem(err, "preparing features");
        if (f->kind == PT_FEATURE_CATEGORY) {
            count_codes(s, f, rows);
            return PT_OK;
        }
        count_items(s, f, rows);
    }
    return summarise_numbers(s, f, rows, err);
}

pt_rc pt_summarise_features(pt_feature_summary **out, const pt_prepare_job *job, pt_err *err)
{
    summaries all = {job, NULL};
    pt_rc rc;

    all.all = (pt_feature_summary *)pt_zalloc(job->table->n_features + 1, sizeof *all.all);
    if (!all.all)
        return pt_fail_nomem(err, "preparing features");
    rc = pt_pool_run(job->pool, job->table->n_features, summarise, &all, err);
    if (rc != PT_OK) {
        pt_summaries_free(all.all, job->table->n_features);
        return rc;
    }
    *out = all.all;
    return PT_OK;
}

void pt_summaries_free(pt_feature_summary *s, size_t n)
{
    for (size_t i = 0; s && i < n; i++)
        free(s[i].names);
    free(s);
}
