/* Settings tried inside the rows that a model may learn from. */
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/rng.h"
#include "model/study_int.h"

enum { TRIALS = 20, FOLDS = 3, STEPS = 3 };

/* Settings of how long a learner tries, or of how it says things, rather than of what it finds. */
static bool is_effort(const char *name)
{
    static const char *const names[] = {
        "iterations", "max_iterations", "tolerance", "early_stopping", "early_stopping_rounds",
        "patience",   "n_estimators",   "starts",    "init",           "batch",
        "cache",      "max_bin",        "folds",     "base_score",     "odds",
        "pdo"};

    for (size_t i = 0; i < PT_COUNT(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool is_tuned(const pt_candidate *c, size_t i)
{
    const pt_parameter *p = &c->learner->parameters[i];

    return !(c->fixed && c->fixed[i]) && !is_effort(p->name) && p->low < p->high;
}

void study_given(double *parameters, const pt_candidate *c)
{
    for (size_t i = 0; i < c->learner->n_parameters; i++)
        parameters[i] = c->parameters ? c->parameters[i] : c->learner->parameters[i].preset;
}

/* Bounds may be anything that makes sense at all; what is tried lies around the preset. */
typedef struct range {
    double low, high;
} range;

static range tried_range(const pt_parameter *p)
{
    range r = {p->low, p->high};

    if (p->kind == PT_PARAMETER_CHOICE)
        return r;
    if (p->log_scale && p->preset > 0)
        r = (range){p->preset / 30, p->preset * 30};
    else if (p->kind == PT_PARAMETER_INTEGER)
        r = (range){p->preset / 3, fmax(p->preset * 2, 2)};
    else if (p->high - p->low > 1000)
        r = (range){0, fmax(p->preset * 3, 1)};
    return (range){fmax(r.low, p->low), fmin(r.high, p->high)};
}

/* share 0 is the lowest value, 1 the highest. */
static double value_at(const pt_parameter *p, double share)
{
    const range r = tried_range(p);
    double value;

    if (p->kind == PT_PARAMETER_CHOICE)
        return r.low + fmin(floor(share * (r.high - r.low + 1)), r.high - r.low);
    value = p->log_scale && r.low > 0 ? r.low * pow(r.high / r.low, share) : r.low + share * (r.high - r.low);
    if (p->kind == PT_PARAMETER_INTEGER)
        value = round(value);
    return fmin(fmax(value, p->low), p->high);
}

static unsigned steps_of(const pt_parameter *p)
{
    const range r = tried_range(p);

    return p->kind == PT_PARAMETER_CHOICE ? (unsigned)(r.high - r.low + 1) : STEPS;
}

static double grid_size(const pt_candidate *c)
{
    double size = 1;

    for (size_t i = 0; i < c->learner->n_parameters; i++)
        size *= is_tuned(c, i) ? steps_of(&c->learner->parameters[i]) : 1;
    return size;
}

static void grid_settings(double *parameters, const pt_candidate *c, uint64_t place)
{
    for (size_t i = 0; i < c->learner->n_parameters; i++) {
        const pt_parameter *p = &c->learner->parameters[i];
        unsigned steps;
        if (!is_tuned(c, i))
            continue;
        steps = steps_of(p);
        parameters[i] = value_at(p, ((double)(place % steps) + 0.5) / steps);
        place /= steps;
    }
}

static void random_settings(double *parameters, const pt_candidate *c, pt_rng *rng)
{
    for (size_t i = 0; i < c->learner->n_parameters; i++)
        if (is_tuned(c, i))
            parameters[i] = value_at(&c->learner->parameters[i], pt_rng_double(rng));
}

/* --- trying --------------------------------------------------------------------------------------------------------- */

typedef struct trial {
    double mean;
    double
        worst; /* of its folds; a setting whose first fold is worse than the worst of the best is not tried further */
} trial;

static pt_rc try_fold(double *out, const study_run *run, const pt_candidate *c, const double *parameters,
                      const pt_split *split)
{
    study_run inner = *run;
    study_part part;
    pt_pipeline *p = NULL;
    pt_rc rc;

    inner.arena = pt_arena_new(0);
    if (!inner.arena)
        return pt_fail_nomem(run->err, "tuning");
    rc = study_fit(&p, &inner, c, parameters, &split->train, NULL);
    if (rc == PT_OK)
        rc = study_predict(&part, &inner, p, run->plan->train, &split->valid);
    if (rc == PT_OK) {
        const pt_outcome o = study_outcome(&part);
        rc = study_score(out, &inner, &o);
    }
    pt_pipeline_free(p);
    pt_arena_free(inner.arena);
    return rc;
}

static pt_rc try_settings(trial *out, const study_run *run, const pt_candidate *c, const double *parameters,
                          const pt_split *splits, size_t n, const trial *best)
{
    *out = (trial){0, NAN};
    for (size_t f = 0; f < n; f++) {
        double value;
        if (study_stopped(run))
            return pt_fail(run->err, PT_ECANCELED, "training was stopped");
        PT_TRY(try_fold(&value, run, c, parameters, &splits[f]));
        out->mean += value / (double)n;
        if (isnan(out->worst) || study_better(run, out->worst, value))
            out->worst = value;
        if (f == 0 && n > 1 && best && study_better(run, best->worst, value)) {
            out->mean = NAN;
            return PT_OK;
        }
    }
    return PT_OK;
}

static pt_rc try_all(double *chosen, const study_run *run, const pt_candidate *c, const pt_split *splits,
                     size_t n_splits)
{
    const size_t n = c->learner->n_parameters;
    const double grid = grid_size(c);
    const bool random = run->plan->tuning.search == PT_SEARCH_RANDOM;
    const unsigned asked = run->plan->tuning.trials ? run->plan->tuning.trials : TRIALS;
    const unsigned trials = !random && grid < asked ? (unsigned)grid : asked;
    double *settings = PT_NEW_ARRAY(run->arena, double, n + 1);
    trial best, t;
    pt_rng rng;

    if (!settings)
        return pt_fail_nomem(run->err, "tuning");
    pt_rng_seed(&rng, pt_mix64(run->plan->seed + 5));
    PT_TRY(try_settings(&best, run, c, chosen, splits, n_splits, NULL));
    for (unsigned i = 0; i < trials; i++) {
        memcpy(settings, chosen, n * sizeof *settings);
        if (random)
            random_settings(settings, c, &rng);
        else
            grid_settings(settings, c,
                          (uint64_t)((double)i * (grid / trials))); /* of a large grid, places spread evenly */
        if (run->plan->progress)
            run->plan->progress(run->plan->progress_context, c->name, i + 1, trials);
        if (try_settings(&t, run, c, settings, splits, n_splits, &best) != PT_OK) {
            if (run->err && (run->err->code == PT_ECANCELED || run->err->code == PT_ENOMEM))
                return run->err->code;
            continue; /* settings that cannot be fitted are not the best */
        }
        if (study_better(run, t.mean, best.mean)) {
            best = t;
            memcpy(chosen, settings, n * sizeof *settings);
        }
    }
    return PT_OK;
}

pt_rc study_tune(double *parameters, const study_run *run, const pt_candidate *c, const pt_row_set *rows)
{
    const pt_study_plan *plan = run->plan;
    const unsigned folds = plan->tuning.folds ? plan->tuning.folds : FOLDS;
    const pt_validation inside = {.by = plan->validation.by, .folds = folds};
    pt_row_set some;
    pt_split *splits;
    size_t n;

    study_given(parameters, c);
    if (plan->tuning.search == PT_SEARCH_NONE || !(grid_size(c) > 1))
        return PT_OK;
    PT_TRY(pt_sample_rows(&some, plan->train, rows, STUDY_TUNED_ROWS, plan->seed + 6, run->arena, run->err));
    PT_TRY(pt_splits(&splits, &n, plan->train, &some, &inside, plan->seed + 7, run->arena, run->err));
    return try_all(parameters, run, c, splits, n);
}
