/* Compare, choose, refit, measure. */
#include "model/study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "model/study_int.h"

/* A candidate on its way: what it said of rows held out. */
typedef struct contest {
    study_part held_out;
    double score;
    pt_pipeline *first; /* fitted on the first fold; what is said of it is measured on that fold's rows */
    bool baseline;
} contest;

static void tell(const study_run *run, const char *what, size_t done, size_t of)
{
    if (run->plan->progress)
        run->plan->progress(run->plan->progress_context, what, done, of);
}

static pt_rc measure_part(const pt_measured **out, size_t *n, const study_run *run, const study_part *part,
                          double threshold)
{
    const pt_measure_options options = {
        .seed = pt_mix64(run->plan->seed + 8), .pool = run->plan->pool, .threshold = threshold};
    const pt_outcome o = study_outcome(part);

    return run->plan->task == PT_TASK_CLASSIFY ? pt_measure_classes(out, n, &o, &options, run->arena, run->err)
                                               : pt_measure_values(out, n, &o, &options, run->arena, run->err);
}

/* --- validation ----------------------------------------------------------------------------------------------------- */

static pt_rc room_for_held_out(study_part *out, const study_run *run)
{
    const pt_table *t = run->plan->train;
    const size_t outputs = run->plan->task == PT_TASK_CLASSIFY ? t->n_classes : 1;
    uint32_t *rows;
    size_t n = 0;

    for (size_t s = 0; s < run->n_splits; s++)
        n += run->splits[s].valid.n;
    rows = PT_NEW_ARRAY(run->arena, uint32_t, n + 1);
    *out = (study_part){.table = t, .rows = {rows, n}, .outputs = outputs};
    out->predicted = PT_NEW_ARRAY(run->arena, float, n *outputs + 1);
    out->actual = PT_NEW_ARRAY(run->arena, float, n + 1);
    if (!rows || !out->predicted || !out->actual)
        return pt_fail_nomem(run->err, "validation");
    n = 0;
    for (size_t s = 0; s < run->n_splits; s++)
        for (size_t i = 0; i < run->splits[s].valid.n; i++, n++) {
            rows[n] = (uint32_t)pt_row(&run->splits[s].valid, i);
            out->actual[n] = t->target[rows[n]];
        }
    return study_groups(&out->group, run, t, &out->rows, run->plan->validation.repeats > 1);
}

/* Figures on the rows that a fold was fitted on, added to those of the folds before. */
static pt_rc add_training(pt_measured **sum, size_t *n, const study_run *run, const pt_pipeline *p,
                          const pt_row_set *rows)
{
    const pt_measure_options options = {.draws = 1, .seed = 1, .pool = run->plan->pool};
    study_run inner = *run;
    study_part part;
    pt_row_set some;
    const pt_measured *m;
    pt_rc rc;

    inner.arena = pt_arena_new(0);
    if (!inner.arena)
        return pt_fail_nomem(run->err, "validation");
    rc = pt_sample_rows(&some, run->plan->train, rows, STUDY_TUNED_ROWS, run->plan->seed + 9, inner.arena, run->err);
    if (rc == PT_OK)
        rc = study_predict(&part, &inner, p, run->plan->train, &some);
    if (rc == PT_OK) {
        const pt_outcome o = study_outcome(&part);
        rc = run->plan->task == PT_TASK_CLASSIFY ? pt_measure_classes(&m, n, &o, &options, inner.arena, run->err)
                                                 : pt_measure_values(&m, n, &o, &options, inner.arena, run->err);
    }
    if (rc == PT_OK && !*sum)
        *sum = PT_NEW_ARRAY(run->arena, pt_measured, *n);
    if (rc == PT_OK && !*sum)
        rc = pt_fail_nomem(run->err, "validation");
    for (size_t i = 0; rc == PT_OK && i < *n; i++)
        (*sum)[i] = (pt_measured){m[i].name, (*sum)[i].value + m[i].value / (double)run->n_splits, NAN, NAN};
    pt_arena_free(inner.arena);
    return rc;
}

static pt_rc validate_fold(const study_run *run, const pt_candidate *c, contest *of, size_t fold, size_t at,
                           pt_measured **training, size_t *n_training)
{
    const pt_split *split = &run->splits[fold];
    double *parameters = PT_NEW_ARRAY(run->arena, double, c->learner->n_parameters + 1);
    pt_pipeline *p;
    pt_rc rc;

    if (!parameters)
        return pt_fail_nomem(run->err, "validation");
    PT_TRY(study_tune(parameters, run, c, &split->train));
    PT_TRY(study_fit(&p, run, c, parameters, &split->train, NULL));
    rc = pt_pipeline_predict(of->held_out.predicted + at * of->held_out.outputs, p, run->plan->train, &split->valid,
                             run->plan->pool, run->err);
    if (rc == PT_OK)
        rc = add_training(training, n_training, run, p, &split->train);
    if (rc == PT_OK && fold == 0)
        of->first = p;
    else
        pt_pipeline_free(p);
    return rc;
}

static pt_rc validate(study_run *run, const pt_candidate *c, contest *of, pt_candidate_result *result)
{
    pt_measured *training = NULL;
    const pt_measured *decides;
    size_t at = 0;

    PT_TRY(room_for_held_out(&of->held_out, run));
    for (size_t fold = 0; fold < run->n_splits; fold++) {
        if (study_stopped(run))
            return pt_fail(run->err, PT_ECANCELED, "training was stopped");
        tell(run, c->name, fold, run->n_splits + 1);
        PT_TRY(validate_fold(run, c, of, fold, at, &training, &result->n_training));
        at += run->splits[fold].valid.n;
    }
    result->training = training;
    PT_TRY(measure_part(&result->validation, &result->n_validation, run, &of->held_out, 0));
    decides = pt_measured_find(result->validation, result->n_validation, run->measure);
    if (!decides)
        return pt_fail(run->err, PT_EINVAL, "this task has no measure '%s'", run->measure);
    of->score = decides->value;
    return PT_OK;
}

/* --- the chosen one ------------------------------------------------------------------------------------------------- */

/* From which probability on a row is meant to be of class 1: where F1 on rows held out is best. */
static double best_threshold(const study_run *run, const study_part *held_out)
{
    enum { STEPS = 200 };
    double hits[STEPS + 1] = {0}, others[STEPS + 1] = {0};
    double best = 0, all_hits = 0, above = 0, false_above = 0, threshold = 0.5;

    if (run->plan->task != PT_TASK_CLASSIFY || held_out->outputs != 2)
        return 0.5;
    for (size_t i = 0; i < held_out->rows.n; i++) {
        const double p = (double)held_out->predicted[2 * i + 1];
        const int step = (int)fmin(fmax(floor(p * STEPS), 0), STEPS);
        if (held_out->actual[i] == 1)
            hits[step]++, all_hits++;
        else
            others[step]++;
    }
    for (int s = STEPS; s > 0; s--) {
        above += hits[s];
        false_above += others[s];
        const double f1 = 2 * above / (above + false_above + all_hits);
        if (f1 > best) {
            best = f1;
            threshold = (double)s / STEPS;
        }
    }
    return threshold;
}

static pt_rc refit(study_run *run, const pt_candidate *c, pt_candidate_result *result)
{
    double *parameters = PT_NEW_ARRAY(run->arena, double, c->learner->n_parameters + 1);

    if (!parameters)
        return pt_fail_nomem(run->err, "training");
    tell(run, c->name, run->n_splits, run->n_splits + 1);
    PT_TRY(study_tune(parameters, run, c, &run->all));
    result->parameters = parameters;
    PT_TRY(study_fit(&run->out->pipeline, run, c, parameters, &run->all, &result->curve));
    return study_note_scores(run);
}

pt_rc study_note_scores(study_run *run)
{
    pt_row_set some;

    PT_TRY(pt_sample_rows(&some, run->plan->train, &run->all, STUDY_COMPARED_ROWS, run->plan->seed + 16, run->arena,
                          run->err));
    return pt_pipeline_note_scores(run->out->pipeline, run->plan->train, &some, run->plan->pool, run->err);
}

/* What the rest is measured on: the test with the final pipeline, or the first fold with the one fitted on the others. */
static pt_rc measure_chosen(study_run *run, const contest *chosen)
{
    const pt_study_plan *plan = run->plan;
    pt_study *out = run->out;
    study_part test;
    const study_part *part = &chosen->held_out;
    const pt_row_set test_rows = plan->test ? pt_all_rows(plan->test) : run->splits[0].valid;

    out->threshold = best_threshold(run, &chosen->held_out);
    pt_pipeline_set_threshold(out->pipeline, out->threshold);
    out->part = "validation";
    if (plan->test) {
        PT_TRY(study_predict(&test, run, out->pipeline, plan->test, &test_rows));
        PT_TRY(study_groups(&test.group, run, plan->test, &test_rows, false));
        part = &test;
        out->part = "test";
    }
    PT_TRY(measure_part(&out->figures, &out->n_figures, run, part, out->threshold));
    PT_TRY(study_describe(run, part));
    PT_TRY(study_find_leaks(run));
    return study_explain(run, plan->test ? out->pipeline : chosen->first, plan->test ? plan->test : plan->train,
                         &test_rows);
}

/* --- all of it ------------------------------------------------------------------------------------------------------ */

/* The candidates, and the baseline when it is not one of them. */
static pt_rc with_baseline(pt_candidate **out, size_t *n, const study_run *run)
{
    const pt_learner *majority = pt_learner_find(PT_SV("majority"));
    pt_candidate *all = PT_NEW_ARRAY(run->arena, pt_candidate, run->plan->n_candidates + 1);

    if (!all)
        return pt_fail_nomem(run->err, "training");
    *n = run->plan->n_candidates;
    if (*n)
        memcpy(all, run->plan->candidates, *n * sizeof *all);
    *out = all;
    for (size_t i = 0; i < *n; i++)
        if (all[i].learner == majority)
            return PT_OK;
    all[(*n)++] = (pt_candidate){.name = majority->name, .learner = majority, .preparation = pt_preparation_preset};
    return PT_OK;
}

static pt_rc note_failure(study_run *run, pt_candidate_result *result, pt_rc rc)
{
    if (rc == PT_ECANCELED || rc == PT_ENOMEM)
        return rc;
    result->failure = pt_arena_strdup(run->arena, run->err ? run->err->msg : "");
    return result->failure ? PT_OK : pt_fail_nomem(run->err, "training");
}

static pt_rc hold_contest(study_run *run, const pt_candidate *candidates, contest *contests,
                          pt_candidate_result *results, size_t n)
{
    size_t best = n;

    for (size_t i = 0; i < n; i++) {
        pt_rc rc;
        results[i].name = candidates[i].name;
        results[i].learner = candidates[i].learner;
        rc = validate(run, &candidates[i], &contests[i], &results[i]);
        if (rc != PT_OK)
            PT_TRY(note_failure(run, &results[i], rc));
        else if (i < run->plan->n_candidates &&
                 (best == n || study_better(run, contests[i].score, contests[best].score)))
            best = i;
    }
    if (best == n) /* the last error says why */
        return run->plan->n_candidates ? pt_fail(run->err, PT_EINVAL, "%s", results[0].failure)
                                       : pt_fail(run->err, PT_EINVAL, "there is no algorithm to train");
    run->out->chosen = best;
    PT_TRY(refit(run, &candidates[best], &results[best]));
    return measure_chosen(run, &contests[best]);
}

static pt_rc learn_from_targets(study_run *run)
{
    const pt_study_plan *plan = run->plan;
    pt_candidate *candidates = NULL;
    pt_candidate_result *results;
    contest *contests;
    size_t n = 0;
    pt_rc rc;

    PT_TRY(pt_sample_rows(&run->compared, plan->train, &run->all, STUDY_COMPARED_ROWS, plan->seed + 1, run->arena,
                          run->err));
    PT_TRY(pt_splits(&run->splits, &run->n_splits, plan->train, &run->compared, &plan->validation, plan->seed + 2,
                     run->arena, run->err));
    PT_TRY(with_baseline(&candidates, &n, run));
    results = PT_NEW_ARRAY(run->arena, pt_candidate_result, n);
    contests = PT_NEW_ARRAY(run->arena, contest, n);
    if (!results || !contests)
        return pt_fail_nomem(run->err, "training");
    run->out->candidates = results;
    run->out->n_candidates = n;
    rc = hold_contest(run, candidates, contests, results, n);
    for (size_t i = 0; i < n; i++)
        pt_pipeline_free(contests[i].first);
    return rc;
}

static pt_rc check_plan(const pt_study_plan *plan, pt_err *err)
{
    const pt_table *t = plan->train;

    if (t->rows == 0)
        return pt_fail(err, PT_EINVAL, "there are no rows to learn from");
    if (t->rows >= UINT32_MAX)
        return pt_fail(err, PT_EINVAL, "there are too many rows to learn from");
    if (plan->task == PT_TASK_CLUSTER)
        return PT_OK;
    if (!t->target)
        return pt_fail(err, PT_EINVAL, "there is no target to learn");
    for (size_t i = 1; plan->task == PT_TASK_CLASSIFY && i < t->rows; i++)
        if (t->target[i] != t->target[0])
            return PT_OK;
    if (plan->task == PT_TASK_CLASSIFY)
        return pt_fail(err, PT_EINVAL, "every row has the same outcome: there is nothing to tell apart");
    return PT_OK;
}

pt_rc pt_model_study(pt_study *out, const pt_study_plan *plan, pt_arena *arena, pt_err *err)
{
    static const char *const presets[] = {
        [PT_TASK_CLASSIFY] = "log_loss", [PT_TASK_REGRESS] = "rmse", [PT_TASK_CLUSTER] = "silhouette"};
    study_run run = {.plan = plan, .out = out, .all = pt_all_rows(plan->train), .arena = arena, .err = err};
    pt_rc rc = check_plan(plan, err);

    *out = (pt_study){.task = plan->task};
    run.measure = out->measure = plan->measure ? plan->measure : presets[plan->task];
    if (rc == PT_OK)
        rc = plan->task == PT_TASK_CLUSTER ? study_clusters(&run) : learn_from_targets(&run);
    if (rc != PT_OK)
        pt_study_free(out);
    return rc;
}

void pt_study_free(pt_study *s)
{
    if (s) {
        pt_pipeline_free(s->pipeline);
        s->pipeline = NULL;
    }
}
