/* What preparation learned, as bytes; and back, believing nothing. */
#include <math.h>
#include <string.h>

#include "model/prepare_woe.h"

static void put32(pt_str *out, uint64_t value)
{
    const uint32_t v = (uint32_t)value;

    pt_frame_put(out, &v, sizeof v);
}

/* Its length, then its bytes. */
static void save_woe(pt_str *out, const pt_woe *woe)
{
    pt_str bytes = {0};

    if (pt_woe_save(&bytes, woe, NULL) != PT_OK)
        out->failed = true;
    pt_frame_put64(out, bytes.len);
    if (bytes.len)
        pt_frame_put(out, bytes.ptr, bytes.len);
    pt_str_free(&bytes);
}

static void save_feature(pt_str *out, const pt_prepared_feature *f, uint32_t n_targets)
{
    const uint32_t has = (uint32_t)(f->ranks != NULL) | (uint32_t)(f->rates != NULL) << 1 |
                         (uint32_t)(f->used.most_frequent != NULL) << 2 | (uint32_t)(f->woe != NULL) << 3;

    pt_frame_put_text(out, f->name);
    put32(out, f->kind);
    put32(out, has);
    put32(out, f->n_names);
    for (uint32_t i = 0; i < f->n_names; i++)
        pt_frame_put_text(out, f->names[i]);
    if (f->ranks)
        pt_frame_put(out, f->ranks, (f->n_names + 1) * sizeof(double));
    if (f->rates)
        pt_frame_put(out, f->rates, ((size_t)f->n_names + 2) * n_targets * sizeof(double));
    if (f->woe)
        save_woe(out, f->woe);
    pt_frame_put(out, &f->used.median, sizeof(float));
    pt_frame_put(out, &f->used.low, sizeof(float));
    pt_frame_put(out, &f->used.high, sizeof(float));
    pt_frame_put(out, &f->used.missing, sizeof(double));
    if (f->used.most_frequent)
        pt_frame_put_text(out, f->used.most_frequent);
    put32(out, f->n_edges);
    pt_frame_put(out, f->edges, f->n_edges * sizeof(float));
    put32(out, f->n_shares);
    pt_frame_put(out, f->shares, f->n_shares * sizeof(double));
}

void pt_prepare_save(pt_str *out, const pt_preparer *p)
{
    put32(out, p->n_features);
    put32(out, p->n_columns);
    put32(out, p->n_targets);
    for (size_t i = 0; i < p->n_features; i++)
        save_feature(out, &p->features[i], p->n_targets);
    for (size_t i = 0; i < p->n_columns; i++) {
        const pt_prepared_column *c = &p->columns[i];
        put32(out, c->feature);
        put32(out, c->slot);
        put32(out, c->kind);
        put32(out, c->keeps_missing);
        pt_frame_put(out, &c->fill, sizeof(double));
        pt_frame_put(out, &c->mean, sizeof(double));
        pt_frame_put(out, &c->scale, sizeof(double));
    }
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

static uint32_t get32(pt_frame_cursor *in, uint32_t most)
{
    uint32_t v;

    pt_frame_get(in, &v, sizeof v);
    if (v > most) {
        in->failed = true;
        v = 0;
    }
    return v;
}

static const double *get_doubles(pt_frame_cursor *in, size_t n, pt_arena *arena)
{
    double *values = n <= in->rest.len / sizeof(double) ? PT_NEW_ARRAY(arena, double, n) : NULL;

    if (!values) {
        in->failed = true;
        return NULL;
    }
    pt_frame_get(in, values, n * sizeof(double));
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            in->failed = true;
    return values;
}

static void load_names(pt_prepared_feature *f, pt_frame_cursor *in, pt_arena *arena)
{
    f->n_names = get32(in, PT_MOST_NAMES);
    if (f->n_names > in->rest.len / 4)
        in->failed = true;
    f->names = in->failed ? NULL : PT_NEW_ARRAY(arena, const char *, f->n_names + 1);
    if (!f->names)
        in->failed = true;
    for (uint32_t i = 0; i < f->n_names && !in->failed; i++) {
        f->names[i] = pt_frame_get_text(in, arena);
        if (!f->names[i] || (i > 0 && strcmp(f->names[i - 1], f->names[i]) >= 0))
            in->failed = true;
    }
}

static void load_usual(pt_prepared_feature *f, bool most_frequent, pt_frame_cursor *in, pt_arena *arena)
{
    f->used.name = f->name;
    f->used.kind = f->kind;
    pt_frame_get(in, &f->used.median, sizeof(float));
    pt_frame_get(in, &f->used.low, sizeof(float));
    pt_frame_get(in, &f->used.high, sizeof(float));
    pt_frame_get(in, &f->used.missing, sizeof(double));
    if (most_frequent)
        f->used.most_frequent = pt_frame_get_text(in, arena);
    f->n_edges = get32(in, PT_MOST_EDGES);
    pt_frame_get(in, f->edges, f->n_edges * sizeof(float));
    for (uint32_t i = 0; i < f->n_edges; i++)
        if (!isfinite(f->edges[i]) || (i > 0 && f->edges[i - 1] >= f->edges[i]))
            in->failed = true;
    f->n_shares = get32(in, PT_MOST_NAMES + 2);
    if (f->n_shares != (f->kind == PT_FEATURE_CATEGORY ? f->n_names + 2 : f->n_edges + 2) ||
        !(f->used.missing >= 0 && f->used.missing <= 1))
        in->failed = true;
    f->shares = in->failed ? NULL : get_doubles(in, f->n_shares, arena);
}

static void load_woe(pt_prepared_feature *f, pt_frame_cursor *in, pt_arena *arena)
{
    const uint64_t n = pt_frame_get64(in);

    if (in->failed || n > in->rest.len || !pt_prepare_load_woe(f, (pt_sv){in->rest.ptr, (size_t)n}, arena)) {
        in->failed = true;
        return;
    }
    in->rest = (pt_sv){in->rest.ptr + n, in->rest.len - (size_t)n};
}

static void load_feature(pt_prepared_feature *f, uint32_t n_targets, pt_frame_cursor *in, pt_arena *arena)
{
    uint32_t has;

    f->name = pt_frame_get_text(in, arena);
    f->kind = (pt_feature_kind)get32(in, PT_FEATURE_LIST);
    has = get32(in, 15);
    load_names(f, in, arena);
    if (!f->name || in->failed) {
        in->failed = true;
        return;
    }
    if (has & 1)
        f->ranks = get_doubles(in, (size_t)f->n_names + 1, arena);
    if (has & 2)
        f->rates = get_doubles(in, ((size_t)f->n_names + 2) * n_targets, arena);
    if (has & 8)
        load_woe(f, in, arena);
    load_usual(f, has & 4, in, arena);
}

/* Whether a column is one that its feature can become. */
static bool column_fits(const pt_preparer *p, const pt_prepared_column *c)
{
    const pt_prepared_feature *f = &p->features[c->feature];

    switch (c->kind) {
    case PT_COLUMN_NUMBER:
    case PT_COLUMN_MISSING: return f->kind == PT_FEATURE_NUMBER;
    case PT_COLUMN_NAME: return f->kind == PT_FEATURE_CATEGORY && c->slot < f->n_names + 2;
    case PT_COLUMN_RANK: return f->kind == PT_FEATURE_CATEGORY && f->ranks;
    case PT_COLUMN_TARGET: return f->kind == PT_FEATURE_CATEGORY && f->rates && c->slot < p->n_targets;
    case PT_COLUMN_ITEM: return f->kind == PT_FEATURE_LIST && c->slot < f->n_names;
    case PT_COLUMN_LENGTH: return f->kind == PT_FEATURE_LIST;
    case PT_COLUMN_WOE: return f->woe != NULL;
    case PT_COLUMN_KINDS: break;
    }
    return false;
}

static void load_column(const pt_preparer *p, pt_prepared_column *c, uint32_t least_feature, pt_frame_cursor *in)
{
    c->feature = get32(in, PT_MOST_FEATURES);
    c->slot = get32(in, PT_MOST_NAMES + 1);
    c->kind = (pt_column_kind)get32(in, PT_COLUMN_KINDS - 1);
    c->keeps_missing = get32(in, 1) != 0;
    pt_frame_get(in, &c->fill, sizeof(double));
    pt_frame_get(in, &c->mean, sizeof(double));
    pt_frame_get(in, &c->scale, sizeof(double));
    if (in->failed || c->feature < least_feature || c->feature >= p->n_features || !isfinite(c->fill) ||
        !isfinite(c->mean) || !isfinite(c->scale) || !column_fits(p, c))
        in->failed = true;
}

bool pt_prepare_load(pt_preparer *out, pt_frame_cursor *in, pt_arena *arena)
{
    *out = (pt_preparer){0};
    out->n_features = get32(in, PT_MOST_FEATURES);
    out->n_columns = get32(in, PT_MOST_COLUMNS);
    out->n_targets = get32(in, PT_MOST_CLASSES);
    if (in->failed || out->n_targets == 0 || out->n_features > in->rest.len || out->n_columns > in->rest.len)
        return false;
    out->features = PT_NEW_ARRAY(arena, pt_prepared_feature, out->n_features + 1);
    out->columns = PT_NEW_ARRAY(arena, pt_prepared_column, out->n_columns + 1);
    if (!out->features || !out->columns)
        return false;
    for (size_t i = 0; i < out->n_features && !in->failed; i++)
        load_feature(&out->features[i], out->n_targets, in, arena);
    for (size_t i = 0; i < out->n_columns && !in->failed; i++)
        load_column(out, &out->columns[i], i ? out->columns[i - 1].feature : 0, in);
    return !in->failed;
}
