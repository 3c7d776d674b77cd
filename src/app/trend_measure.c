/* A column in a few figures. Quantiles are exact: values are counted by the leading bits of what lies between the least and
 * the greatest, and only those of the bins that hold a quantile are sorted. */
#include <stdlib.h>

#include "app/trend_file.h"
#include "base/compare.h"
#include "index/coding.h"

enum { BIN_BITS = 16, BINS = 1 << BIN_BITS, QUANTILES = 5 };

static const double quantiles[QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

bool pt_trend_keeps_values(const pt_project *p, uint32_t tag)
{
    const char *sensitivity = p->tags[tag].sensitivity;

    return p->module->types[tag] != PT_TYPE_TEXT || !sensitivity || strcmp(sensitivity, "none") == 0;
}

/* --- numbers and times ----------------------------------------------------------------------------------------------------- */

typedef struct numbers {
    const pt_column *column;
    uint32_t rows;
    uint64_t n;
    int64_t least, most; /* keys */
    long double sum;
    unsigned shift;
    uint64_t *bins;
} numbers;

static double number_of_key(pt_type type, int64_t key)
{
    return type == PT_TYPE_NUMBER ? pt_number_of_key(key) : (double)key;
}

static unsigned bin_of(const numbers *s, int64_t key)
{
    return (unsigned)(((uint64_t)key - (uint64_t)s->least) >> s->shift);
}

static void find_ends(numbers *s)
{
    int64_t key;

    for (uint32_t i = 0; i < s->rows; i++) {
        if (!pt_key_of_row(&key, s->column, i))
            continue;
        s->least = s->n == 0 || key < s->least ? key : s->least;
        s->most = s->n == 0 || key > s->most ? key : s->most;
        s->sum += (long double)number_of_key(s->column->type, key);
        s->n++;
    }
    uint64_t span = (uint64_t)s->most - (uint64_t)s->least;
    unsigned bits = span ? 64 - (unsigned)__builtin_clzll(span) : 0;
    s->shift = bits > BIN_BITS ? bits - BIN_BITS : 0;
}

static void count_bins(numbers *s)
{
    int64_t key;

    for (uint32_t i = 0; i < s->rows; i++)
        if (pt_key_of_row(&key, s->column, i))
            s->bins[bin_of(s, key)]++;
}

/* A bin that holds a quantile: its keys, to be sorted. */
typedef struct bin_keys {
    unsigned bin;
    uint64_t before; /* keys in lower bins */
    int64_t *keys;
    size_t n;
} bin_keys;

static uint64_t rank_of(const numbers *s, size_t quantile)
{
    uint64_t rank = (uint64_t)ceil(quantiles[quantile] * (double)s->n);

    return rank ? rank - 1 : 0;
}

/* The bins of all quantiles, rising, each once; at[q] is that of quantile q. */
static size_t choose_bins(bin_keys *chosen, size_t at[QUANTILES], const numbers *s)
{
    uint64_t before = 0;
    unsigned bin = 0;
    size_t n = 0;

    for (size_t q = 0; q < QUANTILES; q++) {
        while (before + s->bins[bin] <= rank_of(s, q))
            before += s->bins[bin++];
        if (n == 0 || chosen[n - 1].bin != bin)
            chosen[n++] = (bin_keys){.bin = bin, .before = before};
        at[q] = n - 1;
    }
    return n;
}

static pt_rc gather(bin_keys *chosen, size_t n, const numbers *s, pt_err *err)
{
    uint8_t *wanted = pt_zalloc(BINS, 1);
    int64_t key;

    for (size_t i = 0; wanted && i < n; i++) {
        wanted[chosen[i].bin] = (uint8_t)(i + 1);
        if (!(chosen[i].keys = malloc(s->bins[chosen[i].bin] * sizeof *chosen[i].keys))) {
            free(wanted);
            return pt_fail_nomem(err, "a trend");
        }
    }
    for (uint32_t row = 0; wanted && row < s->rows; row++) {
        uint8_t which = pt_key_of_row(&key, s->column, row) ? wanted[bin_of(s, key)] : 0;
        if (which)
            chosen[which - 1].keys[chosen[which - 1].n++] = key;
    }
    free(wanted);
    return wanted ? PT_OK : pt_fail_nomem(err, "a trend");
}

static pt_rc find_quantiles(double *out, const numbers *s, pt_err *err)
{
    bin_keys chosen[QUANTILES] = {0};
    size_t at[QUANTILES], n = choose_bins(chosen, at, s);
    pt_rc rc = gather(chosen, n, s, err);

    for (size_t i = 0; i < n && rc == PT_OK; i++)
        qsort(chosen[i].keys, chosen[i].n, sizeof *chosen[i].keys, pt_compare_i64);
    for (size_t q = 0; q < QUANTILES && rc == PT_OK; q++)
        out[q] = number_of_key(s->column->type, chosen[at[q]].keys[rank_of(s, q) - chosen[at[q]].before]);
    for (size_t i = 0; i < n; i++)
        free(chosen[i].keys);
    return rc;
}

/* A quantile is the value that a share q of the values does not exceed, as in `tags NAME`. */
static pt_rc measure_numbers(pt_trend_tag *out, const pt_column *column, uint32_t rows, pt_err *err)
{
    numbers s = {.column = column, .rows = rows};

    find_ends(&s);
    out->known = s.n;
    if (!s.n)
        return PT_OK;
    out->ordered = true;
    out->figures[0] = number_of_key(column->type, s.least);
    out->figures[PT_TREND_MEAN - 1] = number_of_key(column->type, s.most);
    out->figures[PT_TREND_MEAN] = (double)(s.sum / (long double)s.n);
    if (!(s.bins = pt_zalloc(BINS, sizeof *s.bins)))
        return pt_fail_nomem(err, "a trend");
    count_bins(&s);
    pt_rc rc = find_quantiles(out->figures + 1, &s, err);
    free(s.bins);
    return rc;
}

/* --- values ---------------------------------------------------------------------------------------------------------------- */

static int by_count(const void *a, const void *b)
{
    const pt_trend_value *x = a, *y = b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return pt_sv_cmp(x->text, y->text);
}

/* The most frequent of all values; of counts[1..n] those above zero. Of texts that are many, none: they are likely to say
 * something about one customer each, and trends are kept for ever. */
static pt_rc keep_values(pt_trend_tag *out, const uint64_t *counts, const pt_dict *d, pt_arena *arena, pt_err *err)
{
    pt_trend_value *all = malloc(((size_t)d->n + 1) * sizeof *all);
    size_t n = 0;

    if (!all)
        return pt_fail_nomem(err, "a trend");
    for (uint32_t code = 1; code <= d->n; code++)
        if (counts[code])
            all[n++] = (pt_trend_value){pt_dict_text(d, code), counts[code]};
    qsort(all, n, sizeof *all, by_count);
    out->n_values = n < PT_TREND_KEPT ? n : out->type == PT_TYPE_TEXT ? 0 : PT_TREND_KEPT;
    for (size_t i = out->n_values; i < n; i++)
        out->others += all[i].count;
    pt_trend_value *kept = PT_NEW_ARRAY(arena, pt_trend_value, out->n_values);
    if (kept && out->n_values)
        memcpy(kept, all, out->n_values * sizeof *kept);
    free(all);
    out->values = kept;
    return kept ? PT_OK : pt_fail_nomem(err, "a trend");
}

static pt_rc measure_texts(pt_trend_tag *out, const pt_column *c, uint32_t rows, bool values, pt_arena *arena,
                           pt_err *err)
{
    uint64_t *counts = pt_zalloc((size_t)c->dict->n + 1, sizeof *counts), items = 0;
    bool list = pt_type_is_list(c->type);

    if (!counts)
        return pt_fail_nomem(err, "a trend");
    for (uint32_t i = 0; i < rows; i++) {
        if (pt_column_missing(c, i))
            continue;
        out->known++;
        uint64_t from = list ? c->offsets[i] : i, to = list ? c->offsets[i + 1] : i + (uint64_t)1;
        for (uint64_t k = from; k < to; k++)
            counts[pt_column_code(c, k)]++;
        items += to - from;
    }
    out->others = values ? 0 : items;
    pt_rc rc = values ? keep_values(out, counts, c->dict, arena, err) : PT_OK;
    free(counts);
    return rc;
}

static pt_rc measure_bools(pt_trend_tag *out, const pt_column *c, uint32_t rows, pt_arena *arena, pt_err *err)
{
    pt_trend_value *values = PT_NEW_ARRAY(arena, pt_trend_value, 2);
    uint64_t counts[3] = {0, 0, 0};

    if (!values)
        return pt_fail_nomem(err, "a trend");
    for (uint32_t i = 0; i < rows; i++)
        counts[((const uint8_t *)c->data)[i]]++;
    values[0] = (pt_trend_value){PT_SV("true"), counts[1]};
    values[1] = (pt_trend_value){PT_SV("false"), counts[0]};
    out->known = counts[0] + counts[1];
    out->values = values;
    out->n_values = 2;
    return PT_OK;
}

pt_rc pt_trend_measure(pt_trend_tag *out, const char *name, const pt_column *column, uint32_t rows, bool values,
                       pt_arena *arena, pt_err *err)
{
    *out = (pt_trend_tag){.name = name, .type = column->type};
    if (column->type == PT_TYPE_BOOL)
        return measure_bools(out, column, rows, arena, err);
    if (pt_type_is_text(column->type) || pt_type_is_list(column->type))
        return measure_texts(out, column, rows, values, arena, err);
    return measure_numbers(out, column, rows, err);
}
