/* What characteristics of a credit risk card cost customers. */
#include <math.h>
#include <stdlib.h>

#include "model/scorecard.h"
#include "model/woe.h"

/* The least weight of evidence that a bin of any customers has: the most points. */
static double best_woe(const pt_woe *w)
{
    double best = INFINITY;

    for (size_t b = 0; b < pt_woe_bins(w); b++)
        if (w->bins[b].events + w->bins[b].others > 0)
            best = fmin(best, w->bins[b].woe);
    return best;
}

/* Of a row that is as the examples were on average, in the log odds: what contributions are measured from. */
static double mean_woe(const pt_woe *w)
{
    double sum = 0, weight = 0;

    for (size_t b = 0; b < pt_woe_bins(w); b++) {
        double n = w->bins[b].events + w->bins[b].others;
        sum += n * w->bins[b].woe;
        weight += n;
    }
    return sum / weight;
}

pt_rc pt_scorecard_costs(float *out, const pt_pipeline *p, const pt_table *table, const pt_row_set *rows, pt_pool *pool,
                         pt_err *err)
{
    pt_scorecard s = pt_scorecard_of(pt_pipeline_model(p));
    size_t width = pt_pipeline_n_features(p) + 1;
    float *parts = pt_zalloc(rows->n * width, sizeof *parts);
    pt_rc rc = parts ? pt_pipeline_contributions(parts, p, table, rows, pool, err) : pt_fail_nomem(err, "scorecard");
    const char *const *names;
    pt_str unused = {0};

    for (size_t k = 0; rc == PT_OK && k < s.n; k++) {
        const pt_woe *w = pt_pipeline_woe(p, s.column[k], &names);
        size_t feature = pt_pipeline_column(p, s.column[k], &unused);
        double best = best_woe(w), mean = mean_woe(w);
        for (size_t i = 0; i < rows->n; i++) {
            double woe = mean + (double)parts[i * width + feature] / s.weight[k];
            out[i * s.n + k] = (float)(pt_scorecard_points(&s, k, best) - pt_scorecard_points(&s, k, woe));
        }
    }
    pt_str_free(&unused);
    free(parts);
    return rc;
}
