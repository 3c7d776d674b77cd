#include "model/hazard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/chances.h"
#include "base/mem.h"
#include "model/blob.h"
#include "model/prepare.h"

static const char MAGIC[] = "hazd";

struct pt_hazard {
    pt_arena *arena; /* of the preparer */
    pt_preparer prepare;
    pt_cox cox;
};

/* What preparation needs to know: names as columns, numbers scaled. */
static const pt_learner columns_wanted = {.name = "survival", .wants = PT_WANTS_SCALED | PT_WANTS_ONE_HOT};

static pt_rc new_hazard(pt_hazard **out, pt_err *err)
{
    pt_hazard *h = pt_zalloc(1, sizeof *h);

    if (h)
        h->arena = pt_arena_new(0);
    if (!h || !h->arena) {
        free(h);
        return pt_fail_nomem(err, "a survival model");
    }
    *out = h;
    return PT_OK;
}

void pt_hazard_free(pt_hazard *h)
{
    if (!h)
        return;
    pt_cox_free(&h->cox);
    pt_arena_free(h->arena);
    free(h);
}

/* *values is the caller's, for free(). */
static pt_rc make_columns(pt_matrix *out, float **values, const pt_hazard *h, const pt_table *table, pt_pool *pool,
                          pt_err *err)
{
    pt_row_set all = pt_all_rows(table);
    pt_arena *arena = pt_arena_new(0);
    pt_bound_feature *bound;
    pt_rc rc = arena ? pt_prepare_bind(&bound, &h->prepare, table, arena, err) : pt_fail_nomem(err, "a survival model");

    *values = NULL;
    if (rc == PT_OK)
        rc = pt_prepare_range(out, values, &h->prepare, bound, &all, 0, table->rows, pool, err);
    pt_arena_free(arena);
    return rc;
}

/* The names of a category add up to 1 and determine each other: the most frequent is what the others are compared with. Its column is
 * made constant, of which no coefficient is learned. */
static void drop_references(const pt_matrix *x, float *values, const pt_preparer *p)
{
    for (size_t first = 0, end; first < p->n_columns; first = end) {
        size_t most = first;
        for (end = first; end < p->n_columns && p->columns[end].feature == p->columns[first].feature; end++)
            if (p->columns[end].kind == PT_COLUMN_NAME &&
                (p->columns[most].kind != PT_COLUMN_NAME || p->columns[end].mean > p->columns[most].mean))
                most = end;
        if (p->columns[most].kind == PT_COLUMN_NAME)
            memset(values + most * x->stride, 0, x->rows * sizeof *values);
    }
}

pt_rc pt_hazard_fit(pt_hazard **out, const pt_table *table, const pt_spans *spans, const pt_hazard_options *options,
                    pt_err *err)
{
    pt_row_set all = pt_all_rows(table);
    pt_prepare_job job = {.table = table,
                          .rows = &all,
                          .learner = &columns_wanted,
                          .task = PT_TASK_CLUSTER, /* no target */
                          .settings = &pt_preparation_preset,
                          .seed = options->seed,
                          .pool = options->pool};
    pt_cox_options cox = {options->ties, options->ridge, options->pool};
    pt_hazard *h = NULL;
    float *values = NULL;
    pt_matrix x;

    PT_TRY(pt_spans_check(spans, err));
    PT_TRY(new_hazard(&h, err));
    pt_rc rc = pt_prepare_fit(&h->prepare, &job, h->arena, err);
    if (rc == PT_OK)
        rc = make_columns(&x, &values, h, table, options->pool, err);
    if (rc == PT_OK) {
        drop_references(&x, values, &h->prepare);
        rc = pt_cox_fit(&h->cox, &x, spans, &cox, err);
    }
    free(values);
    if (rc == PT_OK)
        *out = h;
    else
        pt_hazard_free(h);
    return rc;
}

const pt_cox *pt_hazard_cox(const pt_hazard *h)
{
    return &h->cox;
}

pt_rc pt_hazard_risks(double *out, const pt_hazard *h, const pt_table *table, pt_pool *pool, pt_err *err)
{
    float *values;
    pt_matrix x;

    if (table->rows == 0)
        return PT_OK;
    pt_rc rc = make_columns(&x, &values, h, table, pool, err);
    if (rc == PT_OK)
        pt_cox_risks(out, &h->cox, &x);
    free(values);
    return rc;
}

size_t pt_hazard_n_features(const pt_hazard *h)
{
    return h->prepare.n_features;
}

const char *pt_hazard_feature(const pt_hazard *h, size_t i)
{
    return h->prepare.features[i].name;
}

/* --- effects ----------------------------------------------------------------------------------------------------------------- */

static pt_hazard_kind kind_of(const pt_prepared_column *c, const pt_prepared_feature *f)
{
    switch (c->kind) {
    case PT_COLUMN_MISSING: return PT_HAZARD_MISSING;
    case PT_COLUMN_ITEM: return PT_HAZARD_NAME;
    case PT_COLUMN_LENGTH: return PT_HAZARD_LENGTH;
    case PT_COLUMN_NAME:
        return c->slot < f->n_names ? PT_HAZARD_NAME : c->slot == f->n_names ? PT_HAZARD_OTHER : PT_HAZARD_MISSING;
    default: return PT_HAZARD_NUMBER;
    }
}

size_t pt_hazard_n_effects(const pt_hazard *h)
{
    return h->prepare.n_columns;
}

/* Columns of 0 and 1 were scaled by their deviation, if they were: what counts is the step from 0 to 1. */
pt_hazard_effect pt_hazard_effect_of(const pt_hazard *h, size_t i)
{
    const pt_prepared_column *c = &h->prepare.columns[i];
    const pt_prepared_feature *f = &h->prepare.features[c->feature];
    pt_hazard_kind kind = kind_of(c, f);
    double step = kind == PT_HAZARD_NUMBER || kind == PT_HAZARD_LENGTH ? 1 : c->scale;
    double b = h->cox.coefficient[i] * step, error = h->cox.error[i] * step;

    return (pt_hazard_effect){.feature = f->name,
                              .name = kind == PT_HAZARD_NAME ? f->names[c->slot] : NULL,
                              .kind = kind,
                              .ratio = exp(b),
                              .low = exp(b - PT_Z95 * error),
                              .high = exp(b + PT_Z95 * error),
                              .z = b / error};
}

/* --- bytes ------------------------------------------------------------------------------------------------------------------- */

pt_rc pt_hazard_save(pt_str *out, const pt_hazard *h, pt_err *err)
{
    pt_str part = {0};

    pt_blob_begin(out, MAGIC, 1);
    pt_prepare_save(&part, &h->prepare);
    pt_blob_put_bytes(out, (pt_sv){pt_str_cstr(&part), part.len});
    pt_rc rc = pt_str_check(&part, err);
    pt_str_clear(&part);
    pt_cox_save(&part, &h->cox);
    pt_blob_put_bytes(out, (pt_sv){pt_str_cstr(&part), part.len});
    if (rc == PT_OK)
        rc = pt_str_check(&part, err);
    pt_str_free(&part);
    return rc == PT_OK ? pt_str_check(out, err) : rc;
}

static bool load_prepare(pt_hazard *h, pt_sv bytes)
{
    pt_frame_cursor in = {.rest = bytes};

    return pt_prepare_load(&h->prepare, &in, h->arena) && !in.failed && in.rest.len == 0;
}

pt_rc pt_hazard_load(pt_hazard **out, pt_sv bytes, pt_err *err)
{
    pt_hazard *h = NULL;
    pt_blob b;

    PT_TRY(new_hazard(&h, err));
    pt_blob_open(&b, bytes, MAGIC, 1);
    pt_sv prepare = pt_blob_bytes(&b), cox = pt_blob_bytes(&b);
    pt_rc rc = pt_blob_end(&b, "survival", err);
    if (rc == PT_OK && !load_prepare(h, prepare))
        rc = pt_fail(err, PT_ECORRUPT, "the survival model is damaged");
    if (rc == PT_OK)
        rc = pt_cox_load(&h->cox, cox, err);
    if (rc == PT_OK && h->cox.n_columns != h->prepare.n_columns)
        rc = pt_fail(err, PT_ECORRUPT, "the survival model is damaged");
    if (rc == PT_OK)
        *out = h;
    else
        pt_hazard_free(h);
    return rc;
}
