/* Coverage and distributions of built tags, straight from their columns. */
#include <stdlib.h>

#include "app/app_int.h"
#include "app/view.h"
#include "base/compare.h"

enum { MOST_BARS = 12, RANGES = 10 };

pt_rc pt_app_coverage(pt_coverage *out, pt_app *app, pt_arena *arena, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    uint64_t *known = PT_NEW_ARRAY(arena, uint64_t, p->n_tags);
    const pt_column *column;
    pt_view *v;

    if (!known)
        return pt_fail_nomem(err, "the catalogue");
    PT_TRY(pt_app_view(&v, app, err));
    for (uint32_t t = 0; t < p->n_tags; t++) {
        PT_TRY(pt_view_column(&column, v, t, err));
        known[t] = column ? 0 : UINT64_MAX;
        for (uint32_t i = 0; column && i < v->n_ordinals; i++)
            known[t] += !pt_column_missing(column, i);
    }
    *out = (pt_coverage){v->n_customers, known, v->as_of};
    return PT_OK;
}

/* --- values as numbers -------------------------------------------------------------------------------------------- */

static double as_number(const pt_column *c, uint64_t row)
{
    switch (c->type) {
    case PT_TYPE_NUMBER: return ((const double *)c->data)[row];
    case PT_TYPE_DATE: return ((const int32_t *)c->data)[row];
    default: return (double)((const int64_t *)c->data)[row];
    }
}

/* The value that a share q of sorted values does not exceed (nearest rank). */
static double quantile(const double *sorted, size_t n, double q)
{
    size_t rank = (size_t)ceil(q * (double)n);

    return sorted[rank ? rank - 1 : 0];
}

static uint64_t count_distinct(const double *sorted, size_t n)
{
    uint64_t distinct = n > 0;

    for (size_t i = 1; i < n; i++)
        distinct += sorted[i] != sorted[i - 1];
    return distinct;
}

/* The smallest of 1, 2, 5 times a power of ten that is not below `rough`: bounds that read well. Days, hours and the like
 * for times: their units are whole days, or microseconds. */
static double nice_step(double rough, pt_type type)
{
    static const double spans[] = {1e6,     60e6,        600e6,        3600e6,       6 * 3600e6,
                                   86400e6, 7 * 86400e6, 30 * 86400e6, 90 * 86400e6, 365 * 86400e6};
    if (type == PT_TYPE_INSTANT || type == PT_TYPE_DURATION)
        for (size_t i = 0; i < PT_COUNT(spans); i++)
            if (spans[i] >= rough)
                return spans[i];
    double unit = type == PT_TYPE_MONEY ? 100 : type == PT_TYPE_DATE ? 1 : 1e-9;
    if (type == PT_TYPE_INSTANT || type == PT_TYPE_DURATION)
        unit = 365 * 86400e6;
    while (unit * 5 < rough)
        unit *= 10;
    return unit >= rough ? unit : unit * 2 >= rough ? unit * 2 : unit * 5;
}

static pt_bar *one_bar_a_value(const double *sorted, size_t n, pt_distribution *out, pt_arena *arena)
{
    pt_bar *bars = PT_NEW_ARRAY(arena, pt_bar, out->distinct);

    for (size_t i = 0; bars && i < n; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1])
            bars[out->n_bars++] = (pt_bar){.low = sorted[i], .high = sorted[i]};
        bars[out->n_bars - 1].count++;
    }
    return bars;
}

/* Ranges of one width over the middle 96 %, open at both ends: a few extreme values do not flatten the picture. */
static pt_bar *range_bars(const double *sorted, size_t n, const pt_column *c, const pt_zone *zone, pt_distribution *out,
                          pt_arena *arena)
{
    double low = quantile(sorted, n, 0.02), high = quantile(sorted, n, 0.98);
    double step = nice_step(high > low ? (high - low) / RANGES : fabs(low) / RANGES + 1e-9, c->type);
    double local =
        c->type == PT_TYPE_INSTANT ? 1e6 * pt_zone_offset(zone, (int64_t)low) : 0; /* bounds at local midnight */
    double start = floor((low + local) / step) * step - local;
    pt_bar *bars = PT_NEW_ARRAY(arena, pt_bar, RANGES + 2);
    size_t at = 0;

    for (size_t b = 0; bars && b < RANGES + 2; b++) {
        pt_bar bar = {.low = start + (double)b * step, .high = start + (double)(b + 1) * step};
        if (b == 0)
            bar.low = sorted[0] < bar.low ? -(double)INFINITY : bar.low;
        if (b == RANGES + 1)
            bar.high = (double)INFINITY;
        while (at < n && sorted[at] < bar.high) {
            bar.count++;
            at++;
        }
        bars[out->n_bars++] = bar;
        if (at == n)
            break;
    }
    return bars;
}

static pt_rc describe_numbers(pt_distribution *out, const pt_column *c, uint32_t rows, const pt_zone *zone,
                              pt_arena *arena, pt_err *err)
{
    double *values = malloc(rows * sizeof *values + 1), sum = 0;
    size_t n = 0;

    if (!values)
        return pt_fail_nomem(err, "the distribution");
    for (uint32_t i = 0; i < rows; i++)
        if (!pt_column_missing(c, i))
            values[n++] = as_number(c, i);
    qsort(values, n, sizeof *values, pt_compare_doubles);
    out->known = n;
    out->ordered = n > 0;
    if (n) {
        for (size_t i = 0; i < n; i++)
            sum += values[i];
        out->min = values[0];
        out->max = values[n - 1];
        out->p25 = quantile(values, n, 0.25);
        out->median = quantile(values, n, 0.5);
        out->p75 = quantile(values, n, 0.75);
        out->mean = sum / (double)n;
        out->distinct = count_distinct(values, n);
        out->bars = out->distinct <= MOST_BARS ? one_bar_a_value(values, n, out, arena)
                                               : range_bars(values, n, c, zone, out, arena);
    }
    free(values);
    return n && !out->bars ? pt_fail_nomem(err, "the distribution") : PT_OK;
}

/* --- values as texts ---------------------------------------------------------------------------------------------- */

static int compare_bars(const void *a, const void *b)
{
    const pt_bar *x = a, *y = b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return pt_sv_cmp(x->text, y->text);
}

/* Tiers are steps of one scale: their bars stay in its order, and there is one for each. */
static pt_rc keep_tiers(pt_distribution *out, const uint64_t *counts, const pt_dict *dict, const pt_lang_tag *tag,
                        pt_arena *arena, pt_err *err)
{
    pt_bar *bars = PT_NEW_ARRAY(arena, pt_bar, tag->n_tiers);

    if (!bars)
        return pt_fail_nomem(err, "the distribution");
    for (size_t i = 0; i < tag->n_tiers; i++) {
        bars[i].text = pt_sv_of(tag->tiers[i].label);
        for (uint32_t code = 1; code <= dict->n; code++)
            if (pt_sv_eq(pt_dict_text(dict, code), bars[i].text))
                bars[i].count = counts[code];
        out->distinct += bars[i].count > 0;
    }
    out->bars = bars;
    out->n_bars = tag->n_tiers;
    return PT_OK;
}

/* How often each code occurs, most frequent first. counts[0] is not used. */
static pt_rc keep_top(pt_distribution *out, const uint64_t *counts, const pt_dict *dict, pt_arena *arena, pt_err *err)
{
    pt_bar *bars = PT_NEW_ARRAY(arena, pt_bar, dict->n);

    if (!bars)
        return pt_fail_nomem(err, "the distribution");
    for (uint32_t code = 1; code <= dict->n; code++)
        if (counts[code])
            bars[out->distinct++] = (pt_bar){.text = pt_dict_text(dict, code), .count = counts[code]};
    qsort(bars, out->distinct, sizeof *bars, compare_bars);
    out->bars = bars;
    out->n_bars = out->distinct < MOST_BARS ? out->distinct : MOST_BARS;
    for (size_t i = out->n_bars; i < out->distinct; i++)
        out->others += bars[i].count;
    return PT_OK;
}

static pt_rc describe_texts(pt_distribution *out, const pt_column *c, uint32_t rows, const pt_lang_tag *tag,
                            pt_arena *arena, pt_err *err)
{
    uint64_t *counts = pt_zalloc((size_t)c->dict->n + 1, sizeof *counts);
    bool list = pt_type_is_list(c->type);

    if (!counts)
        return pt_fail_nomem(err, "the distribution");
    for (uint32_t i = 0; i < rows; i++) {
        if (pt_column_missing(c, i))
            continue;
        out->known++;
        uint64_t from = list ? c->offsets[i] : i, to = list ? c->offsets[i + 1] : i + 1;
        for (uint64_t k = from; k < to; k++)
            counts[pt_column_code(c, k)]++;
    }
    pt_rc rc =
        tag->n_tiers ? keep_tiers(out, counts, c->dict, tag, arena, err) : keep_top(out, counts, c->dict, arena, err);
    free(counts);
    return rc;
}

static pt_rc describe_bools(pt_distribution *out, const pt_column *c, uint32_t rows, pt_arena *arena, pt_err *err)
{
    pt_bar *bars = PT_NEW_ARRAY(arena, pt_bar, 2);

    if (!bars)
        return pt_fail_nomem(err, "the distribution");
    bars[0].text = PT_SV("true");
    bars[1].text = PT_SV("false");
    for (uint32_t i = 0; i < rows; i++) {
        uint8_t b = ((const uint8_t *)c->data)[i];
        if (b != PT_BOOL_MISSING)
            bars[b ? 0 : 1].count++;
    }
    out->known = bars[0].count + bars[1].count;
    out->distinct = (uint64_t)(bars[0].count > 0) + (bars[1].count > 0);
    out->bars = bars;
    out->n_bars = 2;
    return PT_OK;
}

pt_rc pt_app_distribution(pt_distribution *out, pt_app *app, uint32_t tag, pt_arena *arena, pt_err *err)
{
    const pt_column *c;
    pt_view *v;

    *out = (pt_distribution){0};
    PT_TRY(pt_app_view(&v, app, err));
    PT_TRY(pt_view_column(&c, v, tag, err));
    if (!c) {
        pt_fail(err, PT_ENOTFOUND, "tag '%s' has not been built", pt_app_project(app)->tags[tag].name);
        return pt_err_hint(err, "portrait build");
    }
    out->customers = v->n_customers;
    if (c->type == PT_TYPE_BOOL)
        return describe_bools(out, c, v->n_ordinals, arena, err);
    if (pt_type_is_text(c->type) || pt_type_is_list(c->type))
        return describe_texts(out, c, v->n_ordinals, &v->project->catalog.tags[tag], arena, err);
    return describe_numbers(out, c, v->n_ordinals, v->project->zone, arena, err);
}
