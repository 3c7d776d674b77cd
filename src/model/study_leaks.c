/* Features that alone tell the outcome too well to be known beforehand. A feature is cut into bins (names, quantiles, missing); what
 * half of the rows say about each bin is tried on the other half. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "model/ranking.h"
#include "model/sort_scores.h"
#include "model/study_int.h"

enum { BINS = 64, LEAST_ROWS = 50, HALVES = 2 };

static const double too_good = 0.95; /* AUC, R2 */
static const double shrinkage = 5;   /* rows that the overall rate counts for in a bin */

typedef struct search {
    const study_run *run;
    const pt_row_set *rows;
    double *found; /* by feature */
} search;

typedef struct binned {
    uint32_t *bin; /* of each row */
    uint32_t n_bins;
    float *score;
    uint8_t *hit;
    double *sums; /* n_bins * HALVES pairs of sum and rows */
} binned;

static bool bin_numbers(binned *b, const pt_feature *f, const pt_row_set *rows, pt_arena *arena)
{
    uint64_t *keys = PT_NEW_ARRAY(arena, uint64_t, rows->n + 1);
    uint64_t *scratch = PT_NEW_ARRAY(arena, uint64_t, rows->n + 1);
    size_t n = 0;

    if (!keys || !scratch)
        return false;
    b->n_bins = BINS + 1;
    for (size_t i = 0; i < rows->n; i++) {
        const size_t r = pt_row(rows, i);
        const float v = f->kind == PT_FEATURE_LIST ? (float)(f->offsets[r + 1] - f->offsets[r]) : f->numbers[r];
        b->bin[i] = BINS;
        if (isfinite(v))
            keys[n++] = pt_score_key(v, (uint32_t)i);
    }
    pt_sort_scores(keys, scratch, n);
    for (size_t i = 0, from = 0; i < n; i++) { /* equal values are in one bin: that of the first of them */
        from = i && keys[i] >> 32 == keys[i - 1] >> 32 ? from : i;
        b->bin[pt_score_row(keys[i])] = (uint32_t)(from * BINS / n);
    }
    return true;
}

static bool bin_feature(binned *b, const pt_feature *f, const pt_row_set *rows, pt_arena *arena)
{
    b->bin = PT_NEW_ARRAY(arena, uint32_t, rows->n + 1);
    b->score = PT_NEW_ARRAY(arena, float, rows->n + 1);
    b->hit = PT_NEW_ARRAY(arena, uint8_t, rows->n + 1);
    if (!b->bin || !b->score || !b->hit)
        return false;
    if (f->kind != PT_FEATURE_CATEGORY) {
        if (!bin_numbers(b, f, rows, arena))
            return false;
    } else {
        b->n_bins = (uint32_t)f->n_names + 1;
        for (size_t i = 0; i < rows->n; i++) {
            const uint32_t code = f->codes[pt_row(rows, i)];
            b->bin[i] = code < f->n_names ? code : (uint32_t)f->n_names;
        }
    }
    b->sums = PT_NEW_ARRAY(arena, double, (size_t)b->n_bins *HALVES * 2);
    return b->sums != NULL;
}

static unsigned half_of(const pt_table *t, size_t row)
{
    return (unsigned)(pt_mix64((t->ids ? t->ids[row] : row) + 11) & 1);
}

/* Of each row what the other half says about its bin. */
static void score_rows(binned *b, const search *s, uint32_t class_code)
{
    const pt_table *t = s->run->plan->train;
    const bool classes = s->run->plan->task == PT_TASK_CLASSIFY;
    double all[HALVES][2] = {{0}};

    memset(b->sums, 0, (size_t)b->n_bins * HALVES * 2 * sizeof *b->sums);
    for (size_t i = 0; i < s->rows->n; i++) {
        const size_t r = pt_row(s->rows, i);
        const double y = classes ? (double)(t->target[r] == (float)class_code) : (double)t->target[r];
        double *sum = b->sums + ((size_t)b->bin[i] * HALVES + half_of(t, r)) * 2;
        b->hit[i] = y > 0;
        sum[0] += y, sum[1]++;
        all[half_of(t, r)][0] += y, all[half_of(t, r)][1]++;
    }
    for (size_t i = 0; i < s->rows->n; i++) {
        const unsigned other = 1 - half_of(t, pt_row(s->rows, i));
        const double *sum = b->sums + ((size_t)b->bin[i] * HALVES + other) * 2;
        const double rate = all[other][1] > 0 ? all[other][0] / all[other][1] : 0;
        b->score[i] = (float)((sum[0] + rate * shrinkage) / (sum[1] + shrinkage));
    }
}

static pt_rc class_auc(double *out, binned *b, const search *s, pt_err *err)
{
    const uint32_t classes = s->run->plan->train->n_classes;
    double best = 0;

    for (uint32_t k = classes == 2 ? 1 : 0; k < classes; k++) {
        double auc;
        score_rows(b, s, k);
        PT_TRY(pt_auc(&auc, b->score, b->hit, s->rows->n, err));
        best = fmax(best, isnan(auc) ? 0 : auc);
    }
    *out = best;
    return PT_OK;
}

static double explained(binned *b, const search *s)
{
    const pt_table *t = s->run->plan->train;
    double mean = 0, off = 0, spread = 0;

    score_rows(b, s, 0);
    for (size_t i = 0; i < s->rows->n; i++)
        mean += (double)t->target[pt_row(s->rows, i)] / (double)s->rows->n;
    for (size_t i = 0; i < s->rows->n; i++) {
        const double y = (double)t->target[pt_row(s->rows, i)];
        off += (y - (double)b->score[i]) * (y - (double)b->score[i]);
        spread += (y - mean) * (y - mean);
    }
    return spread > 0 ? 1 - off / spread : 0;
}

static pt_rc try_feature(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const search *s = (const search *)arg;
    const pt_feature *f = &s->run->plan->train->features[index];
    pt_arena *arena;
    binned b = {0};
    pt_rc rc = PT_OK;

    (void)worker;
    if (f->aside)
        return PT_OK;
    arena = pt_arena_new(0);
    if (!arena || !bin_feature(&b, f, s->rows, arena))
        rc = pt_fail_nomem(err, "leakage");
    else if (s->run->plan->task == PT_TASK_CLASSIFY)
        rc = class_auc(&s->found[index], &b, s, err);
    else
        s->found[index] = explained(&b, s);
    pt_arena_free(arena);
    return rc;
}

pt_rc study_find_leaks(study_run *run)
{
    const pt_table *t = run->plan->train;
    pt_row_set rows;
    pt_leak *leaks = PT_NEW_ARRAY(run->arena, pt_leak, t->n_features + 1);
    search s = {run, &rows, PT_NEW_ARRAY(run->arena, double, t->n_features + 1)};

    if (!leaks || !s.found)
        return pt_fail_nomem(run->err, "leakage");
    run->out->leaks = leaks;
    if (t->rows < LEAST_ROWS)
        return PT_OK;
    PT_TRY(pt_sample_rows(&rows, t, &run->all, STUDY_TUNED_ROWS, run->plan->seed + 11, run->arena, run->err));
    PT_TRY(pt_pool_run(run->plan->pool, t->n_features, try_feature, &s, run->err));
    for (size_t i = 0; i < t->n_features; i++)
        if (s.found[i] >= too_good)
            leaks[run->out->n_leaks++] = (pt_leak){i, s.found[i]};
    return PT_OK;
}
