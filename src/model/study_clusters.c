/* Studies without a target: groupings compared by how far apart their groups are, and by whether they come out again. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/chances.h"
#include "base/hash.h"
#include "model/measures_clusters.h"
#include "model/study_int.h"

enum { AGAIN = 4 }; /* groupings of half of the rows that stability is the mean over */

/* A grouping of the sample that measures are taken on. */
typedef struct grouping {
    int32_t *group;
    size_t n;
} grouping;

static pt_rc group_rows(grouping *out, const study_run *run, const pt_pipeline *p, const pt_row_set *rows)
{
    float *predicted = (float *)pt_alloc64(rows->n + 1, sizeof *predicted);
    pt_rc rc;

    out->group = PT_NEW_ARRAY(run->arena, int32_t, rows->n + 1);
    out->n = rows->n;
    if (!predicted || !out->group) {
        free(predicted);
        return pt_fail_nomem(run->err, "clusters");
    }
    rc = pt_pipeline_predict(predicted, p, run->plan->train, rows, run->plan->pool, run->err);
    for (size_t i = 0; rc == PT_OK && i < rows->n; i++)
        out->group[i] = (int32_t)predicted[i];
    free(predicted);
    return rc;
}

static pt_rc halves_agree(pt_measured *out, const study_run *run, const pt_candidate *c, const double *parameters,
                          const grouping *whole, const pt_row_set *seen)
{
    double values[AGAIN], mean = 0, squares = 0;

    for (uint64_t k = 0; k < AGAIN; k++) {
        study_run inner = *run;
        pt_row_set half;
        pt_pipeline *p = NULL;
        grouping again;
        pt_rc rc;
        inner.arena = pt_arena_new(0);
        if (!inner.arena)
            return pt_fail_nomem(run->err, "clusters");
        rc = pt_sample_rows(&half, run->plan->train, &run->compared, run->compared.n / 2, run->plan->seed + 20 + k,
                            inner.arena, run->err);
        if (rc == PT_OK)
            rc = study_fit(&p, &inner, c, parameters, &half, NULL);
        if (rc == PT_OK)
            rc = group_rows(&again, &inner, p, seen);
        if (rc == PT_OK)
            rc = pt_adjusted_rand(&values[k], whole->group, again.group, seen->n, run->err);
        pt_pipeline_free(p);
        pt_arena_free(inner.arena);
        PT_TRY(rc);
        mean += values[k] / AGAIN;
    }
    for (int k = 0; k < AGAIN; k++)
        squares += (values[k] - mean) * (values[k] - mean);
    const double error = 3.182446305 * sqrt(squares / (AGAIN - 1) / AGAIN); /* Student's t, 3 degrees of freedom */
    *out = (pt_measured){"stability", mean, mean - error, fmin(mean + error, 1)};
    return PT_OK;
}

static pt_rc measure_grouping(pt_measured *out, size_t *n, const study_run *run, const pt_pipeline *p,
                              const grouping *g, const pt_row_set *seen)
{
    double alone = 0, overlap, groups = 0;
    float *values;
    pt_matrix x;
    pt_rc rc = pt_pipeline_columns(&x, &values, p, run->plan->train, seen, run->plan->pool, run->err);

    if (rc == PT_OK)
        rc = pt_silhouette(&out[0], &x, g->group, run->plan->pool, run->err);
    if (rc == PT_OK)
        rc = pt_davies_bouldin(&overlap, &x, g->group, run->err);
    free(values);
    PT_TRY(rc);
    for (size_t i = 0; i < g->n; i++) {
        alone += g->group[i] < 0;
        groups = fmax(groups, g->group[i] + 1);
    }
    out[1] = (pt_measured){"davies_bouldin", overlap, NAN, NAN};
    out[2] = (pt_measured){"noise", alone / (double)g->n, NAN, NAN};
    out[3] = (pt_measured){"clusters", groups, NAN, NAN};
    *n = 4;
    return PT_OK;
}

typedef struct finalist {
    pt_pipeline *p;
    double score;
} finalist;

/* Silhouette and the rest of one setting. */
static pt_rc try_setting(finalist *out, pt_measured *measures, size_t *n, const study_run *run, const pt_candidate *c,
                         const double *parameters, const pt_row_set *seen, grouping *g, pt_curve *curve)
{
    const pt_measured *decides;
    pt_rc rc = study_fit(&out->p, run, c, parameters, &run->all, curve);

    if (rc == PT_OK)
        rc = group_rows(g, run, out->p, seen);
    if (rc == PT_OK)
        rc = measure_grouping(measures, n, run, out->p, g, seen);
    if (rc != PT_OK) {
        pt_pipeline_free(out->p);
        out->p = NULL;
        return rc;
    }
    decides = pt_measured_find(measures, *n, run->measure);
    out->score = decides ? decides->value : NAN;
    return PT_OK;
}

/* k from 2 to 10 when the learner has one and the model file does not fix it. */
static bool varies_k(const study_run *run, const pt_candidate *c, int *k)
{
    *k = pt_learner_parameter(c->learner, PT_SV("k"));
    return *k >= 0 && run->plan->tuning.search != PT_SEARCH_NONE && !(c->fixed && c->fixed[*k]);
}

static pt_rc best_setting(finalist *best, pt_candidate_result *result, const study_run *run, const pt_candidate *c,
                          const pt_row_set *seen)
{
    enum { LOWEST_K = 2, HIGHEST_K = 10, MOST_MEASURES = 5 };
    pt_measured *measures = PT_NEW_ARRAY(run->arena, pt_measured, MOST_MEASURES);
    double *parameters = PT_NEW_ARRAY(run->arena, double, c->learner->n_parameters + 1);
    double *settings = PT_NEW_ARRAY(run->arena, double, c->learner->n_parameters + 1);
    grouping g, chosen = {0};
    int k;

    if (!measures || !parameters || !settings)
        return pt_fail_nomem(run->err, "clusters");
    study_given(settings, c);
    const bool varies = varies_k(run, c, &k);
    for (int value = LOWEST_K; value <= (varies ? HIGHEST_K : LOWEST_K); value++) {
        finalist tried = {NULL, NAN};
        pt_measured now[MOST_MEASURES];
        pt_curve curve = {0};
        size_t n;
        if (study_stopped(run))
            return pt_fail(run->err, PT_ECANCELED, "training was stopped");
        if (varies)
            settings[k] = value;
        if (run->plan->progress)
            run->plan->progress(run->plan->progress_context, c->name, (size_t)(value - LOWEST_K),
                                varies ? HIGHEST_K : LOWEST_K);
        PT_TRY(try_setting(&tried, now, &n, run, c, settings, seen, &g, &curve));
        if (best->p && !study_better(run, tried.score, best->score)) {
            pt_pipeline_free(tried.p);
            continue;
        }
        pt_pipeline_free(best->p);
        *best = tried;
        chosen = g;
        memcpy(measures, now, n * sizeof *measures);
        memcpy(parameters, settings, c->learner->n_parameters * sizeof *settings);
        result->n_validation = n;
        result->curve = curve;
    }
    result->parameters = parameters;
    result->validation = measures;
    return halves_agree(&measures[result->n_validation++], run, c, parameters, &chosen, seen);
}

static pt_rc count_sizes(study_run *run)
{
    grouping g;
    uint64_t *sizes;
    int32_t groups = 0;

    PT_TRY(group_rows(&g, run, run->out->pipeline, &run->all));
    for (size_t i = 0; i < g.n; i++)
        groups = g.group[i] >= groups ? g.group[i] + 1 : groups;
    sizes = PT_NEW_ARRAY(run->arena, uint64_t, (size_t)groups + 1);
    if (!sizes)
        return pt_fail_nomem(run->err, "clusters");
    for (size_t i = 0; i < g.n; i++)
        sizes[g.group[i] < 0 ? groups : g.group[i]]++;
    run->out->cluster_sizes = sizes;
    run->out->n_clusters = (size_t)groups;
    return PT_OK;
}

static pt_rc choose(study_run *run, pt_candidate_result *results, finalist *best, const pt_row_set *seen)
{
    const pt_study_plan *plan = run->plan;
    bool found = false;

    for (size_t i = 0; i < plan->n_candidates; i++) {
        finalist one = {NULL, NAN};
        pt_rc rc;
        results[i].name = plan->candidates[i].name;
        results[i].learner = plan->candidates[i].learner;
        rc = best_setting(&one, &results[i], run, &plan->candidates[i], seen);
        if (rc == PT_ECANCELED || rc == PT_ENOMEM) {
            pt_pipeline_free(one.p);
            return rc;
        }
        if (rc != PT_OK) {
            results[i].failure = pt_arena_strdup(run->arena, run->err ? run->err->msg : "");
            pt_pipeline_free(one.p);
        } else if (!found || study_better(run, one.score, best->score)) {
            pt_pipeline_free(best->p);
            *best = one;
            run->out->chosen = i;
            found = true;
        } else {
            pt_pipeline_free(one.p);
        }
    }
    return found ? PT_OK
                 : pt_fail(run->err, PT_EINVAL, "%s",
                           plan->n_candidates && results[0].failure ? results[0].failure
                                                                    : "there is no algorithm to train");
}

pt_rc study_clusters(study_run *run)
{
    const pt_study_plan *plan = run->plan;
    pt_candidate_result *results = PT_NEW_ARRAY(run->arena, pt_candidate_result, plan->n_candidates + 1);
    finalist best = {NULL, NAN};
    pt_row_set seen;
    pt_rc rc;

    if (!results)
        return pt_fail_nomem(run->err, "clusters");
    run->out->candidates = results;
    run->out->n_candidates = plan->n_candidates;
    run->compared = run->all;
    PT_TRY(pt_sample_rows(&seen, plan->train, &run->all, STUDY_PAIRED_ROWS, plan->seed + 15, run->arena, run->err));
    rc = choose(run, results, &best, &seen);
    if (rc != PT_OK) {
        pt_pipeline_free(best.p);
        return rc;
    }
    run->out->pipeline = best.p;
    run->out->part = "validation";
    run->out->figures = results[run->out->chosen].validation;
    run->out->n_figures = results[run->out->chosen].n_validation;
    PT_TRY(study_note_scores(run));
    return count_sizes(run);
}
