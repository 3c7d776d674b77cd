/* Rows of any table into the columns that preparation decided on. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "model/prepare_woe.h"

enum {
    PART_ROWS = 8192, /* a task of the pool */
    FOLDS = 5         /* rates of a row are made from the rows of the other folds */
};

uint32_t pt_prepared_slot(const pt_prepared_feature *f, const char *name)
{
    uint32_t low = 0;
    uint32_t high = f->n_names;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = strcmp(f->names[middle], name);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return f->n_names;
}

uint32_t pt_prepared_bin(const pt_prepared_feature *f, float value)
{
    uint32_t bin = 0;

    while (bin < f->n_edges && value >= f->edges[bin])
        bin++;
    return bin;
}

static const char *kind_name(pt_feature_kind kind)
{
    return kind == PT_FEATURE_NUMBER ? "a number" : kind == PT_FEATURE_CATEGORY ? "a category" : "a list";
}

static pt_rc bind_feature(pt_bound_feature *out, const pt_prepared_feature *f, const pt_table *table, pt_arena *arena,
                          pt_err *err)
{
    uint32_t *slots = NULL;

    out->feature = pt_table_feature(table, f->name);
    if (!out->feature)
        return pt_fail(err, PT_EINVAL, "the model needs the feature '%s', which is not there", f->name);
    if (out->feature->kind != f->kind)
        return pt_fail(err, PT_EINVAL, "the feature '%s' was %s when the model was trained, and is %s now", f->name,
                       kind_name(f->kind), kind_name(out->feature->kind));
    if (f->kind != PT_FEATURE_NUMBER) {
        slots = PT_NEW_ARRAY(arena, uint32_t, out->feature->n_names + 1);
        if (!slots)
            return pt_fail_nomem(err, "preparing features");
        for (size_t code = 0; code < out->feature->n_names; code++)
            slots[code] = pt_prepared_slot(f, out->feature->names[code]);
    }
    out->slots = slots;
    return PT_OK;
}

pt_rc pt_prepare_bind(pt_bound_feature **out, const pt_preparer *p, const pt_table *table, pt_arena *arena, pt_err *err)
{
    pt_bound_feature *bound = PT_NEW_ARRAY(arena, pt_bound_feature, p->n_features + 1);

    if (!bound)
        return pt_fail_nomem(err, "preparing features");
    for (size_t i = 0; i < p->n_features; i++)
        PT_TRY(bind_feature(&bound[i], &p->features[i], table, arena, err));
    *out = bound;
    return PT_OK;
}

/* --- columns ------------------------------------------------------------------------------------------------------- */

typedef struct row_range {
    const pt_row_set *rows;
    size_t first, n;
} row_range;

static float prepared(const pt_prepared_column *c, double value)
{
    return (float)((value - c->mean) * c->scale);
}

static void number_column(float *out, const pt_prepared_column *c, const pt_bound_feature *b, row_range range)
{
    const float *numbers = b->feature->numbers;
    const float missing = c->keeps_missing ? NAN : prepared(c, c->fill);

    for (size_t i = 0; i < range.n; i++) {
        const float v = numbers[pt_row(range.rows, range.first + i)];
        out[i] = isfinite(v) ? prepared(c, (double)v) : missing;
    }
}

static void missing_column(float *out, const pt_bound_feature *b, row_range range)
{
    const float *numbers = b->feature->numbers;

    for (size_t i = 0; i < range.n; i++)
        out[i] = isfinite(numbers[pt_row(range.rows, range.first + i)]) ? 0.0F : 1.0F;
}

static uint32_t slot_at(const pt_prepared_feature *f, const pt_bound_feature *b, row_range range, size_t i)
{
    const uint32_t code = b->feature->codes[pt_row(range.rows, range.first + i)];

    return code < b->feature->n_names ? b->slots[code] : f->n_names + 1;
}

static void name_column(float *out, const pt_prepared_column *c, const pt_prepared_feature *f,
                        const pt_bound_feature *b, row_range range)
{
    for (size_t i = 0; i < range.n; i++)
        out[i] = slot_at(f, b, range, i) == c->slot ? 1.0F : 0.0F;
}

static void rank_column(float *out, const pt_prepared_column *c, const pt_prepared_feature *f,
                        const pt_bound_feature *b, row_range range)
{
    const float missing = c->keeps_missing ? NAN : prepared(c, c->fill);

    for (size_t i = 0; i < range.n; i++) {
        const uint32_t slot = slot_at(f, b, range, i);
        out[i] = slot <= f->n_names ? prepared(c, f->ranks[slot]) : missing;
    }
}

static void rate_column(float *out, const pt_prepared_column *c, const pt_preparer *p, const pt_bound_feature *b,
                        row_range range)
{
    const pt_prepared_feature *f = &p->features[c->feature];

    for (size_t i = 0; i < range.n; i++)
        out[i] = prepared(c, f->rates[(size_t)slot_at(f, b, range, i) * p->n_targets + c->slot]);
}

static void item_column(float *out, const pt_prepared_column *c, const pt_bound_feature *b, row_range range)
{
    const pt_feature *raw = b->feature;

    for (size_t i = 0; i < range.n; i++) {
        const size_t r = pt_row(range.rows, range.first + i);
        out[i] = 0;
        for (uint64_t k = raw->offsets[r]; k < raw->offsets[r + 1]; k++)
            if (raw->items[k] < raw->n_names && b->slots[raw->items[k]] == c->slot)
                out[i] = 1;
    }
}

static void length_column(float *out, const pt_prepared_column *c, const pt_bound_feature *b, row_range range)
{
    const uint64_t *offsets = b->feature->offsets;

    for (size_t i = 0; i < range.n; i++) {
        const size_t r = pt_row(range.rows, range.first + i);
        out[i] = prepared(c, (double)(offsets[r + 1] - offsets[r]));
    }
}

static void woe_column(float *out, const pt_prepared_feature *f, const pt_bound_feature *b, row_range range)
{
    for (size_t i = 0; i < range.n; i++) {
        const size_t r = pt_row(range.rows, range.first + i);
        if (f->kind == PT_FEATURE_CATEGORY)
            out[i] = pt_prepared_woe_of_slot(f, slot_at(f, b, range, i));
        else if (f->kind == PT_FEATURE_NUMBER)
            out[i] = pt_prepared_woe_of_number(f, b->feature->numbers[r]);
        else
            out[i] = pt_prepared_woe_of_number(f, (float)(b->feature->offsets[r + 1] - b->feature->offsets[r]));
    }
}

static void fill_column(float *out, const pt_preparer *p, const pt_prepared_column *c, const pt_bound_feature *b,
                        row_range range)
{
    const pt_prepared_feature *f = &p->features[c->feature];

    switch (c->kind) {
    case PT_COLUMN_NUMBER: number_column(out, c, b, range); break;
    case PT_COLUMN_MISSING: missing_column(out, b, range); break;
    case PT_COLUMN_NAME: name_column(out, c, f, b, range); break;
    case PT_COLUMN_RANK: rank_column(out, c, f, b, range); break;
    case PT_COLUMN_TARGET: rate_column(out, c, p, b, range); break;
    case PT_COLUMN_ITEM: item_column(out, c, b, range); break;
    case PT_COLUMN_LENGTH: length_column(out, c, b, range); break;
    case PT_COLUMN_WOE: woe_column(out, f, b, range); break;
    case PT_COLUMN_KINDS: break;
    }
}

void pt_prepare_rows(float *out, size_t stride, const pt_preparer *p, const pt_bound_feature *bound,
                     const pt_row_set *rows, size_t first, size_t n)
{
    for (size_t c = 0; c < p->n_columns; c++)
        fill_column(out + c * stride, p, &p->columns[c], &bound[p->columns[c].feature], (row_range){rows, first, n});
}

typedef struct whole {
    float *out;
    const pt_preparer *p;
    const pt_bound_feature *bound;
    row_range range;
} whole;

static pt_rc prepare_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const whole *w = (const whole *)arg;
    const size_t first = index * PART_ROWS;
    const size_t n = w->range.n - first < PART_ROWS ? w->range.n - first : PART_ROWS;

    (void)worker;
    (void)err;
    pt_prepare_rows(w->out + first, w->range.n, w->p, w->bound, w->range.rows, w->range.first + first, n);
    return PT_OK;
}

pt_rc pt_prepare_range(pt_matrix *out, float **values, const pt_preparer *p, const pt_bound_feature *bound,
                       const pt_row_set *rows, size_t first, size_t n, pt_pool *pool, pt_err *err)
{
    whole w = {NULL, p, bound, {rows, first, n}};

    if (p->n_columns && n > SIZE_MAX / sizeof(float) / p->n_columns)
        return pt_fail_nomem(err, "preparing features");
    w.out = (float *)pt_alloc64(n * p->n_columns + 1, sizeof(float));
    if (!w.out)
        return pt_fail_nomem(err, "preparing features");
    *values = w.out;
    *out = (pt_matrix){w.out, n, p->n_columns, n};
    return pt_pool_run(pool, (n + PART_ROWS - 1) / PART_ROWS, prepare_part, &w, err);
}

/* --- rates for the rows they were made from ------------------------------------------------------------------------ */

typedef struct cross {
    const pt_preparer *p;
    const pt_bound_feature *bound;
    const pt_prepare_job *job;
    float *values;
    size_t stride;
} cross;

/* Rows about one customer are in one fold. */
static unsigned fold_of(const pt_prepare_job *job, size_t i)
{
    const size_t r = pt_row(job->rows, i);
    const uint64_t whom = job->table->groups ? job->table->groups[r] : job->table->ids ? job->table->ids[r] : r;

    return (unsigned)(pt_mix64(pt_mix64(whom + 1) ^ job->seed) % FOLDS);
}

static double target_at(const cross *x, const pt_prepared_column *c, size_t i)
{
    const float y = x->job->table->target[pt_row(x->job->rows, i)];
    const uint32_t class_code = x->p->n_targets > 1 ? c->slot : 1;

    return x->job->table->n_classes ? (double)(y == (float)class_code) : (double)y;
}

typedef struct rate_sums {
    double sum, rows;
} rate_sums;

static pt_rc cross_fit_column(const cross *x, size_t column, pt_err *err)
{
    const pt_prepared_column *c = &x->p->columns[column];
    const pt_prepared_feature *f = &x->p->features[c->feature];
    const size_t slots = f->n_names + 2;
    const size_t n = x->job->rows->n;
    const double shrinkage = x->job->settings->shrinkage;
    rate_sums all[FOLDS] = {{0}};
    rate_sums *sums = (rate_sums *)pt_zalloc(slots * FOLDS, sizeof *sums);
    const row_range range = {x->job->rows, 0, n};

    if (!sums)
        return pt_fail_nomem(err, "preparing features");
    for (size_t i = 0; i < n; i++) {
        const double y = target_at(x, c, i);
        const unsigned fold = fold_of(x->job, i);
        rate_sums *s = &sums[slot_at(f, &x->bound[c->feature], range, i) * FOLDS + fold];
        s->sum += y, s->rows++;
        all[fold].sum += y, all[fold].rows++;
    }
    for (size_t i = 0; i < n; i++) {
        const unsigned fold = fold_of(x->job, i);
        const rate_sums *s = &sums[slot_at(f, &x->bound[c->feature], range, i) * FOLDS];
        rate_sums own = {0, 0}, rest = {0, 0};
        for (unsigned k = 0; k < FOLDS; k++)
            if (k != fold) {
                own.sum += s[k].sum, own.rows += s[k].rows;
                rest.sum += all[k].sum, rest.rows += all[k].rows;
            }
        const double prior = rest.rows > 0 ? rest.sum / rest.rows : target_at(x, c, i);
        x->values[column * x->stride + i] =
            prepared(c, own.rows + shrinkage > 0 ? (own.sum + prior * shrinkage) / (own.rows + shrinkage) : prior);
    }
    free(sums);
    return PT_OK;
}

static pt_rc cross_fit_task(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const cross *x = (const cross *)arg;

    (void)worker;
    return x->p->columns[index].kind == PT_COLUMN_TARGET ? cross_fit_column(x, index, err) : PT_OK;
}

pt_rc pt_prepare_cross_fit(float *values, size_t stride, const pt_preparer *p, const pt_bound_feature *bound,
                           const pt_prepare_job *job, pt_err *err)
{
    cross x = {p, bound, job, values, stride};

    return pt_pool_run(job->pool, p->n_columns, cross_fit_task, &x, err);
}
