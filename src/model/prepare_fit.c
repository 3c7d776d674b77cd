/* Which columns a feature becomes, and what they are made with. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/prepare_summary.h"
#include "model/prepare_woe.h"

typedef struct fitting {
    const pt_prepare_job *job;
    const pt_feature_summary *summaries; /* by the table's features */
    pt_preparer *out;
    size_t columns_cap;
    pt_arena *arena;
    pt_err *err;
} fitting;

/* A name and how many rows have it. */
typedef struct counted_name {
    const char *name;
    uint32_t code, rows;
} counted_name;

static pt_rc no_memory(fitting *f)
{
    return pt_fail_nomem(f->err, "preparing features");
}

static bool wants(const fitting *f, pt_wants what)
{
    return (f->job->learner->wants & what) != 0;
}

/* --- columns ------------------------------------------------------------------------------------------------------- */

static pt_prepared_column *add_column(fitting *f, uint32_t feature, pt_column_kind kind, uint32_t slot)
{
    pt_preparer *p = f->out;
    pt_prepared_column *grown;

    if (p->n_columns == f->columns_cap) {
        const size_t cap = f->columns_cap ? 2 * f->columns_cap : 64;
        grown = PT_NEW_ARRAY(f->arena, pt_prepared_column, cap);
        if (!grown)
            return NULL;
        if (p->n_columns)
            memcpy(grown, p->columns, p->n_columns * sizeof *grown);
        p->columns = grown;
        f->columns_cap = cap;
    }
    p->columns[p->n_columns] = (pt_prepared_column){.feature = feature, .slot = slot, .kind = kind, .scale = 1};
    return &p->columns[p->n_columns++];
}

static void scale_to(pt_prepared_column *c, double mean, double deviation)
{
    c->mean = mean;
    c->scale = deviation > 0 ? 1 / deviation : 1;
}

/* The same rows are missing in many tags (of customers who never ordered): one mark is enough. */
static bool mark_exists(const fitting *f, const pt_feature_summary *s)
{
    for (const pt_feature_summary *before = f->summaries; before < s; before++)
        if (before->missing == s->missing && before->missing_rows == s->missing_rows && !before->names && before->rows)
            return true;
    return false;
}

static pt_rc add_number(fitting *f, uint32_t feature, pt_column_kind kind, const pt_feature_summary *s)
{
    const bool keeps = wants(f, PT_TAKES_MISSING);
    const size_t present = s->rows - s->missing;
    pt_prepared_column *c;

    if (present == 0)
        return PT_OK;
    if (s->lowest < s->highest || (keeps && s->missing)) {
        c = add_column(f, feature, kind, 0);
        if (!c)
            return no_memory(f);
        c->keeps_missing = keeps;
        c->fill = (double)s->median;
        if (wants(f, PT_WANTS_SCALED)) {
            const double filled = keeps ? 0 : (double)s->missing;
            const double n = (double)present + filled;
            const double own = s->sum / (double)present;
            const double mean = (s->sum + filled * c->fill) / n;
            const double squares = s->squares + (double)present * (own - mean) * (own - mean) +
                                   filled * (c->fill - mean) * (c->fill - mean);
            scale_to(c, mean, sqrt(squares / n));
        }
    }
    if (!keeps && f->job->task != PT_TASK_CLUSTER && s->missing >= f->job->settings->rare_rows && !mark_exists(f, s) &&
        !add_column(f, feature, PT_COLUMN_MISSING, 0))
        return no_memory(f);
    return PT_OK;
}

/* --- names --------------------------------------------------------------------------------------------------------- */

static int by_rows(const void *a, const void *b)
{
    const counted_name *x = (const counted_name *)a;
    const counted_name *y = (const counted_name *)b;

    return x->rows != y->rows ? (x->rows < y->rows ? 1 : -1) : strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const counted_name *)a)->name, ((const counted_name *)b)->name);
}

/* Names of at least `least` rows, the most frequent first, at most `most`. */
static pt_rc frequent_names(fitting *f, counted_name **out, size_t *n, const pt_feature *feature,
                            const pt_feature_summary *s, double least, size_t most)
{
    counted_name *names = PT_NEW_ARRAY(f->arena, counted_name, feature->n_names + 1);

    if (!names)
        return no_memory(f);
    *n = 0;
    for (size_t code = 0; code < feature->n_names; code++)
        if (s->names[code] > 0 && (double)s->names[code] >= least)
            names[(*n)++] = (counted_name){feature->names[code], (uint32_t)code, s->names[code]};
    qsort(names, *n, sizeof *names, by_rows);
    if (*n > most)
        *n = most;
    *out = names;
    return PT_OK;
}

static double least_rows(const fitting *f, const pt_feature_summary *s)
{
    return fmax((double)f->job->settings->rare_rows, f->job->settings->rare_share * (double)s->rows);
}

static pt_encoding encoding_of(const fitting *f, const pt_feature *feature, size_t n_frequent)
{
    const pt_prepare_job *job = f->job;
    const bool learns = job->task != PT_TASK_CLUSTER;
    const pt_encoding asked = job->settings->encoding;

    if (asked == PT_ENCODE_TARGET && !learns)
        return PT_ENCODE_ORDINAL;
    if (asked != PT_ENCODE_AUTO)
        return asked;
    if (wants(f, PT_WANTS_ONE_HOT) && (!learns || n_frequent <= job->settings->most_names))
        return PT_ENCODE_ONE_HOT;
    if ((feature->ordered && !wants(f, PT_WANTS_ONE_HOT)) || !learns || job->table->n_classes > 8)
        return PT_ENCODE_ORDINAL;
    return PT_ENCODE_TARGET;
}

static pt_rc keep_names(fitting *f, pt_prepared_feature *out, counted_name *names, size_t n)
{
    out->n_names = (uint32_t)n;
    out->names = PT_NEW_ARRAY(f->arena, const char *, n + 1);
    if (!out->names)
        return no_memory(f);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++) {
        out->names[i] = pt_arena_strdup(f->arena, names[i].name);
        if (!out->names[i])
            return no_memory(f);
    }
    return PT_OK;
}

/* Rows by slot: of each name kept, of the others, of none. */
static uint32_t *slot_rows(fitting *f, const pt_prepared_feature *out, const pt_feature *feature,
                           const pt_feature_summary *s)
{
    uint32_t *rows = PT_NEW_ARRAY(f->arena, uint32_t, out->n_names + 2);

    for (size_t code = 0; rows && code < feature->n_names; code++)
        if (s->names[code])
            rows[pt_prepared_slot(out, feature->names[code])] += s->names[code];
    if (rows)
        rows[out->n_names + 1] = (uint32_t)s->missing;
    return rows;
}

static pt_rc add_one_hot(fitting *f, uint32_t feature, const pt_prepared_feature *out, const uint32_t *rows)
{
    size_t occupied = 0;

    for (uint32_t slot = 0; slot < out->n_names + 2; slot++)
        occupied += rows[slot] > 0;
    for (uint32_t slot = 0; occupied > 1 && slot < out->n_names + 2; slot++)
        if ((slot < out->n_names ? rows[slot] > 0 : rows[slot] >= f->job->settings->rare_rows && rows[slot] > 0) &&
            !add_column(f, feature, PT_COLUMN_NAME, slot))
            return no_memory(f);
    return PT_OK;
}

/* The mean and the deviation of a column that has one value a slot. */
static void scale_by_slots(const fitting *f, pt_prepared_column *c, const double *values, size_t step,
                           const uint32_t *rows, size_t slots)
{
    double n = 0, sum = 0, squares = 0;

    for (size_t slot = 0; slot < slots; slot++) {
        n += rows[slot];
        sum += rows[slot] * values[slot * step];
    }
    for (size_t slot = 0; slot < slots; slot++)
        squares += rows[slot] * pow(values[slot * step] - sum / n, 2);
    if (wants(f, PT_WANTS_SCALED) && n > 0)
        scale_to(c, sum / n, sqrt(squares / n));
}

/* --- ranks --------------------------------------------------------------------------------------------------------- */

static pt_rc add_ranks(fitting *f, uint32_t feature, pt_prepared_feature *out, const counted_name *frequent,
                       const pt_feature *raw, const uint32_t *rows)
{
    double *ranks = PT_NEW_ARRAY(f->arena, double, out->n_names + 2);
    double sum = 0, n = 0;
    pt_prepared_column *c;

    if (!ranks)
        return no_memory(f);
    for (uint32_t i = 0; i < out->n_names; i++)
        ranks[pt_prepared_slot(out, frequent[i].name)] = raw->ordered ? frequent[i].code : i;
    for (uint32_t slot = 0; slot < out->n_names; slot++) {
        sum += rows[slot] * ranks[slot];
        n += rows[slot];
    }
    ranks[out->n_names] = raw->ordered ? (n > 0 ? sum / n : 0) : out->n_names;
    ranks[out->n_names + 1] = n > 0 ? sum / n : 0;
    out->ranks = ranks;
    c = add_column(f, feature, PT_COLUMN_RANK, 0);
    if (!c)
        return no_memory(f);
    c->keeps_missing = wants(f, PT_TAKES_MISSING);
    c->fill = ranks[out->n_names + 1];
    scale_by_slots(f, c, ranks, 1, rows, out->n_names + (c->keeps_missing ? 1 : 2));
    return PT_OK;
}

/* --- rates --------------------------------------------------------------------------------------------------------- */

static double overall_rate(const pt_prepare_job *job, uint32_t target)
{
    double sum = 0;

    for (size_t i = 0; i < job->rows->n; i++) {
        const float y = job->table->target[pt_row(job->rows, i)];
        sum += job->table->n_classes ? (double)(y == (float)target) : (double)y;
    }
    return sum / (double)job->rows->n;
}

/* The class that a column of rates is about: of two classes the second. */
static uint32_t class_of_rate(const pt_preparer *p, uint32_t target)
{
    return p->n_targets > 1 ? target : 1;
}

static pt_rc add_rates(fitting *f, uint32_t feature, pt_prepared_feature *out, const pt_feature *raw,
                       const uint32_t *rows)
{
    const pt_prepare_job *job = f->job;
    const uint32_t targets = f->out->n_targets;
    const size_t slots = out->n_names + 2;
    double *rates = PT_NEW_ARRAY(f->arena, double, slots *targets);
    uint32_t *slot_of = PT_NEW_ARRAY(f->arena, uint32_t, raw->n_names + 1);

    if (!rates || !slot_of)
        return no_memory(f);
    for (size_t code = 0; code < raw->n_names; code++)
        slot_of[code] = pt_prepared_slot(out, raw->names[code]);
    for (uint32_t t = 0; t < targets; t++) {
        const uint32_t class_code = class_of_rate(f->out, t);
        const double prior = overall_rate(job, class_code);
        pt_prepared_column *c;
        for (size_t i = 0; i < job->rows->n; i++) {
            const size_t r = pt_row(job->rows, i);
            const uint32_t slot = raw->codes[r] < raw->n_names ? slot_of[raw->codes[r]] : out->n_names + 1;
            const float y = job->table->target[r];
            rates[slot * targets + t] += job->table->n_classes ? (double)(y == (float)class_code) : (double)y;
        }
        for (size_t slot = 0; slot < slots; slot++)
            rates[slot * targets + t] = (rates[slot * targets + t] + prior * job->settings->shrinkage) /
                                        fmax(rows[slot] + job->settings->shrinkage, 1e-9);
        c = add_column(f, feature, PT_COLUMN_TARGET, t);
        if (!c)
            return no_memory(f);
        scale_by_slots(f, c, rates + t, targets, rows, slots);
    }
    out->rates = rates;
    return PT_OK;
}

/* --- features ------------------------------------------------------------------------------------------------------ */

static pt_rc add_category(fitting *f, uint32_t index, const pt_feature *raw, const pt_feature_summary *s)
{
    pt_prepared_feature *out = &f->out->features[index];
    counted_name *frequent;
    counted_name *sorted;
    size_t n;
    pt_encoding encoding;
    uint32_t *rows;

    PT_TRY(frequent_names(f, &frequent, &n, raw, s, least_rows(f, s), SIZE_MAX));
    encoding = encoding_of(f, raw, n);
    if (encoding == PT_ENCODE_TARGET || encoding == PT_ENCODE_ORDINAL)
        PT_TRY(frequent_names(f, &frequent, &n, raw, s,
                              encoding == PT_ENCODE_TARGET ? (double)f->job->settings->rare_rows : 0, PT_MOST_NAMES));
    else if (n > f->job->settings->most_names)
        n = f->job->settings->most_names;
    sorted = PT_NEW_ARRAY(f->arena, counted_name, n + 1);
    if (!sorted)
        return no_memory(f);
    memcpy(sorted, frequent, n * sizeof *sorted);
    PT_TRY(keep_names(f, out, sorted, n));
    rows = slot_rows(f, out, raw, s);
    if (!rows)
        return no_memory(f);
    if (encoding == PT_ENCODE_ONE_HOT)
        return add_one_hot(f, index, out, rows);
    return encoding == PT_ENCODE_ORDINAL ? add_ranks(f, index, out, frequent, raw, rows)
                                         : add_rates(f, index, out, raw, rows);
}

static pt_rc add_list(fitting *f, uint32_t index, const pt_feature *raw, const pt_feature_summary *s)
{
    pt_prepared_feature *out = &f->out->features[index];
    counted_name *names;
    size_t n;

    PT_TRY(frequent_names(f, &names, &n, raw, s, least_rows(f, s), f->job->settings->most_names));
    PT_TRY(keep_names(f, out, names, n));
    for (uint32_t i = 0; i < n; i++)
        if (names[i].rows < s->rows && !add_column(f, index, PT_COLUMN_ITEM, i))
            return no_memory(f);
    return add_number(f, index, PT_COLUMN_LENGTH, s);
}

/* What was usual, and how rows were spread, for reasons and for drift. */
static pt_rc note_usual(fitting *f, pt_prepared_feature *out, const pt_feature *raw, const pt_feature_summary *s)
{
    const bool category = raw->kind == PT_FEATURE_CATEGORY;
    uint32_t most = 0;
    double *shares;

    out->used = (pt_used_feature){
        out->name, out->kind, s->median, s->quartile_low, s->quartile_high, NULL, (double)s->missing / (double)s->rows};
    if (category)
        out->used.median = out->used.low = out->used.high = NAN;
    for (size_t code = 0; category && code < raw->n_names; code++)
        if (s->names[code] > most) {
            most = s->names[code];
            out->used.most_frequent = raw->names[code];
        }
    if (out->used.most_frequent)
        out->used.most_frequent = pt_arena_strdup(f->arena, out->used.most_frequent);
    out->n_edges = s->n_edges;
    memcpy(out->edges, s->edges, sizeof out->edges);
    out->n_shares = category ? out->n_names + 2 : s->n_edges + 2;
    shares = PT_NEW_ARRAY(f->arena, double, out->n_shares);
    if (!shares || (most && !out->used.most_frequent))
        return no_memory(f);
    if (category) {
        const uint32_t *rows = slot_rows(f, out, raw, s);
        for (uint32_t slot = 0; rows && slot < out->n_shares; slot++)
            shares[slot] = rows[slot] / (double)s->rows;
        if (!rows)
            return no_memory(f);
    } else {
        for (uint32_t b = 0; b <= s->n_edges; b++)
            shares[b] = s->bins[b] / (double)s->rows;
        shares[s->n_edges + 1] = out->used.missing;
    }
    out->shares = shares;
    return PT_OK;
}

/* One column of the worth of bins. */
static pt_rc add_woe(fitting *f, uint32_t index, const pt_feature *raw, const pt_feature_summary *s)
{
    pt_prepared_feature *out = &f->out->features[index];
    counted_name *names;
    size_t n;

    if (raw->kind == PT_FEATURE_CATEGORY) {
        PT_TRY(frequent_names(f, &names, &n, raw, s, (double)f->job->settings->rare_rows, PT_MOST_NAMES));
        PT_TRY(keep_names(f, out, names, n));
    }
    PT_TRY(pt_prepare_woe(out, f->job, raw, f->arena, f->err));
    if (pt_prepared_woe_tells(out) && !add_column(f, index, PT_COLUMN_WOE, 0))
        return no_memory(f);
    return PT_OK;
}

static pt_rc add_feature(fitting *f, const pt_feature *raw, const pt_feature_summary *s)
{
    const uint32_t index = (uint32_t)f->out->n_features++;
    pt_prepared_feature *out = &f->out->features[index];

    out->name = pt_arena_strdup(f->arena, raw->name);
    out->kind = raw->kind;
    if (!out->name)
        return no_memory(f);
    if (pt_prepare_wants_woe(f->job))
        PT_TRY(add_woe(f, index, raw, s));
    else if (raw->kind == PT_FEATURE_NUMBER)
        PT_TRY(add_number(f, index, PT_COLUMN_NUMBER, s));
    else if (raw->kind == PT_FEATURE_LIST)
        PT_TRY(add_list(f, index, raw, s));
    else
        PT_TRY(add_category(f, index, raw, s));
    return note_usual(f, out, raw, s);
}

static pt_rc add_features(fitting *f)
{
    const pt_table *table = f->job->table;

    f->out->features = PT_NEW_ARRAY(f->arena, pt_prepared_feature, table->n_features + 1);
    if (!f->out->features)
        return no_memory(f);
    for (size_t i = 0; i < table->n_features; i++)
        if (!table->features[i].aside)
            PT_TRY(add_feature(f, &table->features[i], &f->summaries[i]));
    if (f->out->n_columns == 0)
        return pt_fail(f->err, PT_EINVAL, "nothing can be learned: no feature differs from row to row");
    return PT_OK;
}

pt_rc pt_prepare_fit(pt_preparer *out, const pt_prepare_job *job, pt_arena *arena, pt_err *err)
{
    fitting f = {.job = job, .out = out, .arena = arena, .err = err};
    pt_feature_summary *summaries;
    pt_rc rc;

    if (job->rows->n == 0)
        return pt_fail(err, PT_EINVAL, "there are no rows to learn from");
    if (job->table->n_features > PT_MOST_FEATURES)
        return pt_fail(err, PT_EINVAL, "a model has at most %d features", PT_MOST_FEATURES);
    *out = (pt_preparer){.n_targets = job->table->n_classes > 2 ? job->table->n_classes : 1};
    PT_TRY(pt_summarise_features(&summaries, job, err));
    f.summaries = summaries;
    rc = add_features(&f);
    pt_summaries_free(summaries, job->table->n_features);
    return rc;
}
