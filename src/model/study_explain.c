/* What the chosen model goes by: importance by shuffling, contributions, dependence. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/rng.h"
#include "model/study_int.h"

enum { SHUFFLES = 5, SLOW_ROWS = 1000, CONTRIBUTION_ROWS = 2000, MOST_SHOWN = 6, MOST_LEVELS = 12 };

typedef struct explanation {
    study_run *run;
    const pt_pipeline *p;
    pt_table table; /* a sample of rows, of its own arrays */
    pt_feature *features;
    float *predicted;
} explanation;

static size_t feature_number(const pt_table *t, const char *name)
{
    return (size_t)(pt_table_feature(t, name) - t->features);
}

static pt_rc sample(explanation *x, study_run *run, const pt_pipeline *p, const pt_table *table, const pt_row_set *rows,
                    size_t most)
{
    pt_row_set some;

    *x = (explanation){.run = run, .p = p};
    PT_TRY(pt_sample_rows(&some, table, rows, most, run->plan->seed + 12, run->arena, run->err));
    PT_TRY(pt_table_gather(&x->table, table, &some, run->arena, run->err));
    x->features = (pt_feature *)(uintptr_t)x->table.features; /* ours: just gathered */
    x->predicted = PT_NEW_ARRAY(run->arena, float, some.n *pt_pipeline_outputs(p) + 1);
    return x->predicted ? PT_OK : pt_fail_nomem(run->err, "explanations");
}

static pt_rc predict_all(const explanation *x)
{
    const pt_row_set rows = pt_all_rows(&x->table);

    return pt_pipeline_predict(x->predicted, x->p, &x->table, &rows, x->run->plan->pool, x->run->err);
}

static pt_rc score_all(double *out, const explanation *x)
{
    const pt_outcome o = {x->table.rows, pt_pipeline_outputs(x->p), x->predicted, x->table.target, NULL};

    PT_TRY(predict_all(x));
    return study_score(out, x->run, &o);
}

/* --- importance ----------------------------------------------------------------------------------------------------- */

static void shuffle(uint32_t *order, size_t n, pt_rng *rng)
{
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    for (size_t i = n; i > 1; i--) {
        const size_t j = (size_t)pt_rng_below(rng, i);
        const uint32_t swap = order[i - 1];
        order[i - 1] = order[j];
        order[j] = swap;
    }
}

static pt_rc shuffled_score(double *out, explanation *x, size_t f, uint32_t *order, pt_rng *rng)
{
    const pt_feature kept = x->features[f];
    const pt_table alone = {.rows = x->table.rows, .n_features = 1, .features = &kept};
    const pt_row_set rows = {order, x->table.rows};
    pt_table moved;
    pt_arena *arena = pt_arena_new(0);
    pt_rc rc;

    if (!arena)
        return pt_fail_nomem(x->run->err, "explanations");
    shuffle(order, x->table.rows, rng);
    rc = pt_table_gather(&moved, &alone, &rows, arena, x->run->err);
    if (rc == PT_OK) {
        x->features[f] = moved.features[0];
        rc = score_all(out, x);
        x->features[f] = kept;
    }
    pt_arena_free(arena);
    return rc;
}

static pt_rc importance_of(pt_feature_importance *out, explanation *x, size_t f, double whole, uint32_t *order)
{
    const double student = 2.776445105; /* 97.5 % quantile, 4 degrees of freedom */
    const double sign = pt_measure_rises(x->run->measure) ? 1 : -1;
    double losses[SHUFFLES], mean = 0, squares = 0;
    pt_rng rng;

    pt_rng_seed(&rng, pt_mix64(x->run->plan->seed + 13) + f);
    for (int s = 0; s < SHUFFLES; s++) {
        double score;
        PT_TRY(shuffled_score(&score, x, f, order, &rng));
        losses[s] = sign * (whole - score);
        mean += losses[s] / SHUFFLES;
    }
    for (int s = 0; s < SHUFFLES; s++)
        squares += (losses[s] - mean) * (losses[s] - mean);
    const double error = student * sqrt(squares / (SHUFFLES - 1) / SHUFFLES);
    *out = (pt_feature_importance){f, mean, mean - error, mean + error, NAN};
    return PT_OK;
}

static int falling(const void *a, const void *b)
{
    const pt_feature_importance *x = (const pt_feature_importance *)a;
    const pt_feature_importance *y = (const pt_feature_importance *)b;

    if (x->permutation != y->permutation)
        return x->permutation < y->permutation ? 1 : -1;
    return (x->feature > y->feature) - (x->feature < y->feature);
}

/* Mean absolute contributions, as shares; of learners that say what columns add up to. */
static pt_rc note_contributions(pt_feature_importance *importance, size_t n, study_run *run, const pt_pipeline *p,
                                const pt_table *table, const pt_row_set *rows)
{
    const size_t features = pt_pipeline_n_features(p);
    pt_row_set some;
    float *added;
    double *sums = PT_NEW_ARRAY(run->arena, double, features + 1);
    double all = 0;

    if (!pt_pipeline_learner(p)->contributions || pt_pipeline_n_classes(p) > 2)
        return PT_OK;
    PT_TRY(pt_sample_rows(&some, table, rows, CONTRIBUTION_ROWS, run->plan->seed + 14, run->arena, run->err));
    added = PT_NEW_ARRAY(run->arena, float, some.n *(features + 1));
    if (!added || !sums)
        return pt_fail_nomem(run->err, "explanations");
    PT_TRY(pt_pipeline_contributions(added, p, table, &some, run->plan->pool, run->err));
    for (size_t i = 0; i < some.n; i++)
        for (size_t f = 0; f < features; f++)
            sums[f] += fabs((double)added[i * (features + 1) + f]);
    for (size_t f = 0; f < features; f++)
        all += sums[f];
    for (size_t f = 0; f < features; f++)
        for (size_t i = 0; i < n; i++)
            if (importance[i].feature == feature_number(table, pt_pipeline_feature(p, f).name))
                importance[i].shap = all > 0 ? sums[f] / all : 0;
    return PT_OK;
}

static pt_rc find_importance(study_run *run, const pt_pipeline *p, const pt_table *table, const pt_row_set *rows)
{
    const pt_learner *l = pt_pipeline_learner(p);
    const size_t n = pt_pipeline_n_features(p);
    pt_feature_importance *importance = PT_NEW_ARRAY(run->arena, pt_feature_importance, n + 1);
    uint32_t *order;
    explanation x;
    double whole;

    PT_TRY(sample(&x, run, p, table, rows, l->importance || l->contributions ? STUDY_TOLD_ROWS : SLOW_ROWS));
    order = PT_NEW_ARRAY(run->arena, uint32_t, x.table.rows + 1);
    if (!importance || !order)
        return pt_fail_nomem(run->err, "explanations");
    PT_TRY(score_all(&whole, &x));
    for (size_t i = 0; i < n; i++) {
        if (study_stopped(run))
            return pt_fail(run->err, PT_ECANCELED, "training was stopped");
        PT_TRY(importance_of(&importance[i], &x, feature_number(table, pt_pipeline_feature(p, i).name), whole, order));
    }
    PT_TRY(note_contributions(importance, n, run, p, table, rows));
    qsort(importance, n, sizeof *importance, falling);
    run->out->importance = importance;
    run->out->n_importance = n;
    return PT_OK;
}

/* --- dependence ----------------------------------------------------------------------------------------------------- */

static pt_rc mean_prediction(double *out, const explanation *x)
{
    const size_t outputs = pt_pipeline_outputs(x->p);

    PT_TRY(predict_all(x));
    *out = 0;
    for (size_t i = 0; i < x->table.rows; i++)
        *out += (double)x->predicted[i * outputs + (outputs > 1 ? 1 : 0)] / (double)x->table.rows;
    return PT_OK;
}

static int rising(const void *a, const void *b)
{
    const float x = *(const float *)a;
    const float y = *(const float *)b;

    return (x > y) - (x < y);
}

/* Values at even steps of rank, each once. */
static size_t choose_values(double *out, const pt_feature *f, size_t rows, float *work)
{
    size_t n = 0, present = 0;

    for (size_t i = 0; i < rows; i++)
        if (isfinite(f->numbers[i]))
            work[present++] = f->numbers[i];
    qsort(work, present, sizeof *work, rising);
    for (size_t k = 0; present && k < MOST_LEVELS; k++) {
        const double value = (double)work[k * (present - 1) / (MOST_LEVELS - 1)];
        if (n == 0 || value > out[n - 1])
            out[n++] = value;
    }
    return n;
}

static pt_rc depend_on_number(pt_dependence *out, explanation *x, size_t f)
{
    const pt_feature kept = x->features[f];
    float *constant = PT_NEW_ARRAY(x->run->arena, float, x->table.rows + 1);
    double *at = PT_NEW_ARRAY(x->run->arena, double, MOST_LEVELS);
    double *mean = PT_NEW_ARRAY(x->run->arena, double, MOST_LEVELS);
    pt_rc rc = PT_OK;

    if (!constant || !at || !mean)
        return pt_fail_nomem(x->run->err, "explanations");
    *out = (pt_dependence){f, choose_values(at, &kept, x->table.rows, constant), at, NULL, mean};
    x->features[f].numbers = constant;
    for (size_t k = 0; rc == PT_OK && k < out->n; k++) {
        for (size_t i = 0; i < x->table.rows; i++)
            constant[i] = (float)at[k];
        rc = mean_prediction(&mean[k], x);
    }
    x->features[f] = kept;
    return rc;
}

typedef struct counted {
    uint32_t code;
    size_t rows;
} counted;

static int most_rows(const void *a, const void *b)
{
    const counted *x = (const counted *)a;
    const counted *y = (const counted *)b;

    if (x->rows != y->rows)
        return x->rows < y->rows ? 1 : -1;
    return (x->code > y->code) - (x->code < y->code);
}

static pt_rc depend_on_name(pt_dependence *out, explanation *x, size_t f)
{
    const pt_feature kept = x->features[f];
    pt_arena *arena = x->run->arena;
    uint32_t *constant = PT_NEW_ARRAY(arena, uint32_t, x->table.rows + 1);
    counted *names = PT_NEW_ARRAY(arena, counted, kept.n_names + 1);
    const char **shown = PT_NEW_ARRAY(arena, const char *, MOST_LEVELS);
    double *mean = PT_NEW_ARRAY(arena, double, MOST_LEVELS);
    pt_rc rc = PT_OK;

    if (!constant || !names || !shown || !mean)
        return pt_fail_nomem(x->run->err, "explanations");
    *out = (pt_dependence){f, 0, NULL, shown, mean};
    for (uint32_t code = 0; code < kept.n_names; code++)
        names[code].code = code;
    for (size_t i = 0; i < x->table.rows; i++)
        if (kept.codes[i] < kept.n_names)
            names[kept.codes[i]].rows++;
    qsort(names, kept.n_names, sizeof *names, most_rows);
    x->features[f].codes = constant;
    for (size_t k = 0; rc == PT_OK && k < kept.n_names && k < MOST_LEVELS && names[k].rows; k++) {
        for (size_t i = 0; i < x->table.rows; i++)
            constant[i] = names[k].code;
        shown[out->n] = kept.names[names[k].code];
        rc = mean_prediction(&mean[out->n++], x);
    }
    x->features[f] = kept;
    return rc;
}

static pt_rc find_dependence(study_run *run)
{
    pt_dependence *out = PT_NEW_ARRAY(run->arena, pt_dependence, MOST_SHOWN);
    explanation x;

    if (!out)
        return pt_fail_nomem(run->err, "explanations");
    run->out->dependence = out;
    if (run->plan->task == PT_TASK_CLASSIFY && run->plan->train->n_classes > 2)
        return PT_OK;
    PT_TRY(sample(&x, run, run->out->pipeline, run->plan->train, &run->all, STUDY_SEEN_ROWS));
    for (size_t i = 0; i < run->out->n_importance && run->out->n_dependence < MOST_SHOWN; i++) {
        const size_t f = run->out->importance[i].feature;
        const pt_feature_kind kind = x.features[f].kind;
        if (kind == PT_FEATURE_LIST || !(run->out->importance[i].permutation > 0))
            continue;
        PT_TRY(kind == PT_FEATURE_NUMBER ? depend_on_number(&out[run->out->n_dependence], &x, f)
                                         : depend_on_name(&out[run->out->n_dependence], &x, f));
        run->out->n_dependence++;
    }
    return PT_OK;
}

pt_rc study_explain(study_run *run, const pt_pipeline *measured, const pt_table *table, const pt_row_set *rows)
{
    PT_TRY(find_importance(run, measured, table, rows));
    return find_dependence(run);
}
