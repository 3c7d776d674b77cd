/* This build against the one before: what moved more than chance would move it. */
#include "quality/quality_int.h"

static void drift_mean(quality_job *j, int column)
{
    const pt_quality_column *c = &j->s->columns[column];
    const double *now = c->measures, *before = c->earlier;
    double moved = fabs(now[PT_MEASURE_MEAN] - before[PT_MEASURE_MEAN]);
    bool counted = now[PT_MEASURE_FILLED] >= 100 && before[PT_MEASURE_FILLED] >= 100;

    if (!quality_is_amount(c->type) || !counted || !(moved > 0.3 * fabs(before[PT_MEASURE_MEAN])) ||
        !(moved > 0.25 * before[PT_MEASURE_STDDEV]))
        return;
    pt_quality_finding *f = quality_add(j, PT_FINDING_DRIFT_MEAN, column);
    f->rows = (uint64_t)now[PT_MEASURE_FILLED];
    f->figure = before[PT_MEASURE_MEAN];
    f->detail = pt_arena_printf(j->x->arena, "%.4g", now[PT_MEASURE_MEAN]);
    j->nomem |= !f->detail;
}

static void drift_missing(quality_job *j, int column)
{
    const pt_quality_column *c = &j->s->columns[column];
    double now = c->measures[PT_MEASURE_FILLED] / c->measures[PT_MEASURE_ROWS];
    double before = c->earlier[PT_MEASURE_FILLED] / c->earlier[PT_MEASURE_ROWS];

    if (!(before - now > 0.1) || !(c->earlier[PT_MEASURE_ROWS] >= 100))
        return;
    pt_quality_finding *f = quality_add(j, PT_FINDING_DRIFT_MISSING, column);
    f->rows = (uint64_t)((before - now) * c->measures[PT_MEASURE_ROWS]);
    f->figure = 100 * before;
    f->detail = pt_arena_printf(j->x->arena, "%.1f%%", 100 * now);
    j->nomem |= !f->detail;
}

void quality_drift(quality_job *j)
{
    pt_quality_source *s = j->s;

    if (s->earlier_rows >= 100 && (double)s->rows < 0.7 * (double)s->earlier_rows) {
        pt_quality_finding *f = quality_add(j, PT_FINDING_DRIFT_ROWS, -1);
        f->rows = s->rows;
        f->figure = (double)s->earlier_rows;
    }
    for (size_t i = 0; i < s->n_columns; i++) {
        drift_mean(j, (int)i);
        drift_missing(j, (int)i);
    }
}
