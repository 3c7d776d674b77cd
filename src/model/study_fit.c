/* Fitting, predicting and scoring inside a study. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "model/study_int.h"

/* Settings by which learners say after how many steps without gain they stop. */
static bool stops_early(const pt_learner *l, const double *parameters)
{
    static const char *const names[] = {"early_stopping", "early_stopping_rounds", "patience"};

    for (size_t i = 0; i < PT_COUNT(names); i++) {
        const int p = pt_learner_parameter(l, pt_sv_of(names[i]));
        if (p >= 0 && parameters[p] > 0)
            return true;
    }
    return false;
}

pt_rc study_fit(pt_pipeline **out, const study_run *run, const pt_candidate *c, const double *parameters,
                const pt_row_set *rows, pt_curve *curve)
{
    const pt_study_plan *plan = run->plan;
    const pt_validation apart = {.by = PT_SPLIT_STRATIFIED, .holdout = 0.15};
    pt_pipeline_options o = {.learner = c->learner,
                             .task = plan->task,
                             .parameters = parameters,
                             .preparation = c->preparation,
                             .seed = pt_mix64(plan->seed + 3),
                             .pool = plan->pool,
                             .arena = run->arena,
                             .curve = curve,
                             .cancelled = plan->cancelled,
                             .cancel_context = plan->cancel_context};
    pt_split *split;
    size_t n;

    if (!stops_early(c->learner, parameters) || rows->n < 20)
        return pt_pipeline_fit(out, plan->train, rows, &o, run->err);
    PT_TRY(pt_splits(&split, &n, plan->train, rows, &apart, plan->seed + 4, run->arena, run->err));
    o.watched = &split->valid;
    return pt_pipeline_fit(out, plan->train, &split->train, &o, run->err);
}

pt_rc study_predict(study_part *out, const study_run *run, const pt_pipeline *p, const pt_table *table,
                    const pt_row_set *rows)
{
    *out = (study_part){.table = table, .rows = *rows, .outputs = pt_pipeline_outputs(p)};
    out->predicted = PT_NEW_ARRAY(run->arena, float, rows->n * out->outputs + 1);
    out->actual = PT_NEW_ARRAY(run->arena, float, rows->n + 1);
    if (!out->predicted || !out->actual)
        return pt_fail_nomem(run->err, "measures");
    for (size_t i = 0; table->target && i < rows->n; i++)
        out->actual[i] = table->target[pt_row(rows, i)];
    return pt_pipeline_predict(out->predicted, p, table, rows, run->plan->pool, run->err);
}

pt_outcome study_outcome(const study_part *part)
{
    return (pt_outcome){part->rows.n, part->outputs, part->predicted, part->actual, part->group};
}

bool study_better(const study_run *run, double a, double b)
{
    if (isnan(a) || isnan(b))
        return !isnan(a) && isnan(b);
    return pt_measure_rises(run->measure) ? a > b : a < b;
}

pt_rc study_score(double *out, const study_run *run, const pt_outcome *o)
{
    const pt_measure_options options = {.draws = 1, .seed = 1, .pool = run->plan->pool};
    pt_arena *arena = pt_arena_new(0);
    const pt_measured *m = NULL;
    const pt_measured *found = NULL;
    size_t n = 0;
    pt_rc rc = arena ? PT_OK : pt_fail_nomem(run->err, "measures");

    if (rc == PT_OK)
        rc = run->plan->task == PT_TASK_CLASSIFY ? pt_measure_classes(&m, &n, o, &options, arena, run->err)
                                                 : pt_measure_values(&m, &n, o, &options, arena, run->err);
    if (rc == PT_OK)
        found = pt_measured_find(m, n, run->measure);
    if (rc == PT_OK && !found)
        rc = pt_fail(run->err, PT_EINVAL, "this task has no measure '%s'", run->measure);
    *out = found ? found->value : NAN;
    pt_arena_free(arena);
    return rc;
}

/* --- groups --------------------------------------------------------------------------------------------------------- */

typedef struct unit_place {
    uint64_t unit;
    uint32_t place;
} unit_place;

static int by_unit(const void *a, const void *b)
{
    const unit_place *x = (const unit_place *)a;
    const unit_place *y = (const unit_place *)b;

    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

pt_rc study_groups(uint32_t **out, const study_run *run, const pt_table *table, const pt_row_set *rows, bool repeated)
{
    unit_place *units;
    uint32_t *group;
    uint32_t n = 0;

    *out = NULL;
    if (!table->groups && !table->ids && !repeated)
        return PT_OK;
    units = (unit_place *)pt_alloc64(rows->n + 1, sizeof *units);
    group = PT_NEW_ARRAY(run->arena, uint32_t, rows->n + 1);
    if (!units || !group) {
        free(units);
        return pt_fail_nomem(run->err, "measures");
    }
    for (size_t i = 0; i < rows->n; i++) {
        const size_t r = pt_row(rows, i);
        units[i] = (unit_place){table->groups ? table->groups[r] : table->ids ? table->ids[r] : r, (uint32_t)i};
    }
    qsort(units, rows->n, sizeof *units, by_unit);
    for (size_t i = 0; i < rows->n; i++) {
        n += i > 0 && units[i].unit != units[i - 1].unit;
        group[units[i].place] = n;
    }
    free(units);
    if ((size_t)n + 1 < rows->n)
        *out = group;
    return PT_OK;
}
