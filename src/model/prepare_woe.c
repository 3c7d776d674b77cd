/* Features as weights of evidence (woe.h): one column each, for learners that want it, of two classes. */
#include <math.h>
#include <stdlib.h>

#include "model/prepare_woe.h"

static void free_woe(void *woe)
{
    pt_woe_free(woe);
}

/* What `out` keeps lives as long as the arena. */
static pt_rc keep(pt_prepared_feature *out, pt_woe *woe, pt_arena *arena, pt_err *err)
{
    if (!pt_arena_defer(arena, free_woe, woe)) {
        pt_woe_free(woe);
        return pt_fail_nomem(err, "preparing features");
    }
    out->woe = woe;
    return PT_OK;
}

bool pt_prepare_wants_woe(const pt_prepare_job *job)
{
    return (job->learner->wants & PT_WANTS_WOE) && job->task == PT_TASK_CLASSIFY && job->table->n_classes == 2;
}

/* Lengths of lists as numbers. */
static float *lengths_of(const pt_feature *raw, size_t rows)
{
    float *lengths = pt_zalloc(rows, sizeof *lengths);

    for (size_t r = 0; lengths && r < rows; r++)
        lengths[r] = (float)(raw->offsets[r + 1] - raw->offsets[r]);
    return lengths;
}

/* Codes as slots of the names that are kept. */
static uint32_t *slots_of(const pt_prepared_feature *f, const pt_feature *raw, size_t rows)
{
    uint32_t *slot_of = pt_zalloc(raw->n_names, sizeof *slot_of), *slots = pt_zalloc(rows, sizeof *slots);

    for (size_t code = 0; slot_of && code < raw->n_names; code++)
        slot_of[code] = pt_prepared_slot(f, raw->names[code]);
    for (size_t r = 0; slot_of && slots && r < rows; r++)
        slots[r] = raw->codes[r] < raw->n_names ? slot_of[raw->codes[r]] : PT_NO_CODE;
    if (!slot_of) {
        free(slots);
        slots = NULL;
    }
    free(slot_of);
    return slots;
}

pt_rc pt_prepare_woe(pt_prepared_feature *out, const pt_prepare_job *job, const pt_feature *raw, pt_arena *arena,
                     pt_err *err)
{
    const pt_table *t = job->table;
    pt_woe_options options = pt_woe_preset;
    pt_woe *woe = NULL;
    void *values = NULL;
    pt_rc rc;

    if (raw->kind == PT_FEATURE_NUMBER)
        rc = pt_woe_fit_numbers(&woe, raw->numbers, t->target, t->weight, job->rows, &options, err);
    else if (raw->kind == PT_FEATURE_LIST) {
        values = lengths_of(raw, t->rows);
        rc = values ? pt_woe_fit_numbers(&woe, values, t->target, t->weight, job->rows, &options, err)
                    : pt_fail_nomem(err, "preparing features");
    } else {
        values = slots_of(out, raw, t->rows);
        rc = values ? pt_woe_fit_codes(&woe, values, out->n_names, t->target, t->weight, job->rows, &options, err)
                    : pt_fail_nomem(err, "preparing features");
    }
    free(values);
    return rc == PT_OK ? keep(out, woe, arena, err) : rc;
}

float pt_prepared_woe_of_number(const pt_prepared_feature *f, float value)
{
    return (float)pt_woe_worth(f->woe, pt_woe_bin_of_number(f->woe, isfinite(value) ? value : NAN));
}

float pt_prepared_woe_of_slot(const pt_prepared_feature *f, uint32_t slot)
{
    uint32_t code = slot == f->n_names + 1 ? PT_NO_CODE : slot;

    return (float)pt_woe_worth(f->woe, pt_woe_bin_of_code(f->woe, code));
}

bool pt_prepared_woe_tells(const pt_prepared_feature *f)
{
    const pt_woe *w = f->woe;
    double low = INFINITY, high = -INFINITY;

    for (size_t b = 0; b < pt_woe_bins(w); b++)
        if (w->bins[b].events + w->bins[b].others > 0) {
            low = fmin(low, w->bins[b].woe);
            high = fmax(high, w->bins[b].woe);
        }
    return low < high;
}

bool pt_prepare_load_woe(pt_prepared_feature *f, pt_sv bytes, pt_arena *arena)
{
    pt_woe *woe;

    if (pt_woe_load(&woe, bytes, NULL) != PT_OK)
        return false;
    bool fits = woe->categories == (f->kind == PT_FEATURE_CATEGORY) && (!woe->categories || woe->n_names == f->n_names);
    if (!fits) {
        pt_woe_free(woe);
        return false;
    }
    return keep(f, woe, arena, NULL) == PT_OK;
}
