#include "model/woe.h"

#include <math.h>
#include <stdlib.h>

#include "model/blob.h"
#include "model/woe_int.h"

enum { VERSION = 1, MOST_BINS = 20, MOST_SPECIAL = 16, RARE_ROWS = 10, MOST_NAMES = 1 << 24 };

const pt_woe_options pt_woe_preset = {.most_bins = 6, .least_share = 0.05, .prior = 0.5, .trend = PT_WOE_AUTO};

void pt_woe_free(pt_woe *w)
{
    if (!w)
        return;
    free(w->bins);
    free(w->edges);
    free(w->special);
    free(w->name_bins);
    free(w);
}

static double weight_of(const float *weight, size_t r)
{
    return weight ? weight[r] : 1;
}

static void count(woe_cell *cell, float event, double weight)
{
    if (event == 1)
        cell->events += weight;
    else if (event == 0)
        cell->others += weight;
}

/* Options and totals; PT_EINVAL when there is nothing to tell apart. */
static pt_rc begin(pt_woe **out, woe_search *s, const float *event, const float *weight, const pt_row_set *rows,
                   const pt_woe_options *o, pt_err *err)
{
    woe_cell all = {0};

    *out = NULL;
    if (o->most_bins < 2 || o->most_bins > MOST_BINS || !(o->least_share >= 0 && o->least_share <= 0.5) ||
        !(o->prior > 0) || o->n_special > MOST_SPECIAL)
        return pt_fail(err, PT_EINTERNAL, "bad options of weight of evidence");
    for (size_t i = 0; i < rows->n; i++)
        count(&all, event[pt_row(rows, i)], weight_of(weight, pt_row(rows, i)));
    if (!(all.events > 0 && all.others > 0))
        return pt_fail(err, PT_EINVAL, "weight of evidence needs customers of both classes");
    *s = (woe_search){.events = all.events,
                      .others = all.others,
                      .least = o->least_share * (all.events + all.others),
                      .prior = o->prior,
                      .most_bins = o->most_bins};
    *out = pt_zalloc(1, sizeof **out);
    return *out ? PT_OK : pt_fail_nomem(err, "weight of evidence");
}

/* Fills in worth and information value of a bin from its counts. */
static void appraise(pt_woe *w, const woe_search *s, size_t bin, woe_cell c)
{
    w->bins[bin] = (pt_woe_bin){c.events, c.others, woe_of(s, c.events, c.others), woe_iv(s, c.events, c.others)};
    w->iv += w->bins[bin].iv;
}

static void add_cell(woe_cell *to, woe_cell c)
{
    to->events += c.events;
    to->others += c.others;
}

/* Bins of cells that end at `ends`. */
static void appraise_cells(pt_woe *w, const woe_search *s, const size_t *ends)
{
    for (size_t b = 0; b < w->n_ordinary; b++) {
        woe_cell sum = {0};
        for (size_t i = b ? ends[b - 1] : 0; i < ends[b]; i++)
            add_cell(&sum, s->cells[i]);
        appraise(w, s, b, sum);
    }
}

/* --- numbers ------------------------------------------------------------------------------------------------------ */

typedef struct numbers {
    const float *values, *event, *weight;
    const pt_row_set *rows;
    const pt_woe_options *options;
    uint64_t *unsorted, *sorted; /* ordinary values: their rank in the high bits, the row in the low */
    size_t n;
    woe_cell cells[WOE_FINE];
    float firsts[WOE_FINE]; /* the lowest value of each cell */
    size_t n_cells;
    woe_cell special[MOST_SPECIAL + 1]; /* the last: missing */
} numbers;

/* Bits that order as the numbers do. */
static uint32_t rank_bits(float v)
{
    uint32_t bits;

    v = v == 0 ? 0 : v; /* -0 is 0 */
    memcpy(&bits, &v, sizeof bits);
    return bits & UINT32_C(0x80000000) ? ~bits : bits | UINT32_C(0x80000000);
}

static float value_of(uint64_t sorted)
{
    uint32_t bits = (uint32_t)(sorted >> 32);
    float v;

    bits = bits & UINT32_C(0x80000000) ? bits & UINT32_C(0x7FFFFFFF) : ~bits;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* Sorts by value, keeping the order of rows: three passes over 11 bits each. */
static void sort_values(uint64_t *v, uint64_t *other, size_t n)
{
    enum { BITS = 11, BUCKETS = 1 << BITS };
    size_t at[BUCKETS];

    for (unsigned shift = 32; shift < 64; shift += BITS) {
        size_t sum = 0;
        memset(at, 0, sizeof at);
        for (size_t i = 0; i < n; i++)
            at[v[i] >> shift & (BUCKETS - 1)]++;
        for (size_t b = 0; b < BUCKETS; b++) {
            size_t here = at[b];
            at[b] = sum;
            sum += here;
        }
        for (size_t i = 0; i < n; i++)
            other[at[v[i] >> shift & (BUCKETS - 1)]++] = v[i];
        uint64_t *t = v;
        v = other;
        other = t;
    }
}

static size_t special_of(const float *special, size_t n, float v)
{
    size_t i = 0;

    while (i < n && special[i] != v)
        i++;
    return i;
}

/* Sorts the ordinary values; counts the others. */
static void part_values(numbers *f)
{
    const pt_woe_options *o = f->options;

    for (size_t i = 0; i < f->rows->n; i++) {
        size_t r = pt_row(f->rows, i), k = o->n_special;
        float v = f->values[r];
        if (!isnan(v))
            k = special_of(o->special, o->n_special, v);
        if (isnan(v) || k < o->n_special)
            count(&f->special[k], f->event[r], weight_of(f->weight, r));
        else
            f->unsorted[f->n++] = (uint64_t)rank_bits(v) << 32 | (uint32_t)r;
    }
    sort_values(f->unsorted, f->sorted, f->n);
}

static void begin_cell(numbers *f, float value)
{
    f->cells[f->n_cells] = (woe_cell){0};
    f->firsts[f->n_cells++] = value;
}

/* Cells of about the same weight; equal values stay together. */
static void fill_cells(numbers *f)
{
    double all = 0, done = 0;

    for (size_t i = 0; i < f->n; i++)
        all += weight_of(f->weight, (uint32_t)f->sorted[i]);
    for (size_t i = 0; i < f->n; i++) {
        size_t r = (uint32_t)f->sorted[i];
        bool fresh = i == 0 || f->sorted[i] >> 32 != f->sorted[i - 1] >> 32;
        if (fresh && (i == 0 || (f->n_cells < WOE_FINE && done >= all * (double)f->n_cells / WOE_FINE)))
            begin_cell(f, value_of(f->sorted[i]));
        count(&f->cells[f->n_cells - 1], f->event[r], weight_of(f->weight, r));
        done += weight_of(f->weight, r);
    }
}

static size_t cut_numbers(size_t *ends, const woe_search *s, pt_woe_trend trend)
{
    size_t falling[WOE_FINE], n, m;
    double up = 0, down = 0;

    if (trend != PT_WOE_AUTO)
        return woe_best_cut(ends, &up, s, trend);
    n = woe_best_cut(ends, &up, s, PT_WOE_RISING);
    m = woe_best_cut(falling, &down, s, PT_WOE_FALLING);
    if (down <= up)
        return n;
    memcpy(ends, falling, m * sizeof *ends);
    return m;
}

static bool number_room(pt_woe *w, const pt_woe_options *o)
{
    w->n_special = o->n_special;
    w->bins = pt_zalloc(pt_woe_bins(w), sizeof *w->bins);
    w->edges = pt_zalloc(w->n_ordinary + 1, sizeof *w->edges);
    w->special = pt_zalloc(o->n_special + 1, sizeof *w->special);
    return w->bins && w->edges && w->special;
}

static pt_rc bin_numbers(pt_woe *w, woe_search *s, numbers *f, pt_err *err)
{
    size_t ends[WOE_FINE];

    part_values(f);
    fill_cells(f);
    s->cells = f->cells;
    s->n = f->n_cells;
    if (s->n)
        w->n_ordinary = cut_numbers(ends, s, f->options->trend);
    if (!number_room(w, f->options))
        return pt_fail_nomem(err, "weight of evidence");
    appraise_cells(w, s, ends);
    for (size_t b = 1; b < w->n_ordinary; b++)
        w->edges[b - 1] = f->firsts[ends[b - 1]];
    for (size_t k = 0; k <= w->n_special; k++)
        appraise(w, s, w->n_ordinary + k, f->special[k]);
    for (size_t k = 0; k < w->n_special; k++)
        w->special[k] = f->options->special[k];
    return PT_OK;
}

pt_rc pt_woe_fit_numbers(pt_woe **out, const float *values, const float *event, const float *weight,
                         const pt_row_set *rows, const pt_woe_options *options, pt_err *err)
{
    woe_search s;
    numbers f = {.values = values, .event = event, .weight = weight, .rows = rows, .options = options};

    PT_TRY(begin(out, &s, event, weight, rows, options, err));
    f.unsorted = pt_zalloc(rows->n, 2 * sizeof *f.sorted);
    f.sorted = f.unsorted + rows->n;
    pt_rc rc = f.unsorted ? bin_numbers(*out, &s, &f, err) : pt_fail_nomem(err, "weight of evidence");
    free(f.unsorted);
    if (rc != PT_OK) {
        pt_woe_free(*out);
        *out = NULL;
    }
    return rc;
}

size_t pt_woe_bin_of_number(const pt_woe *w, float value)
{
    size_t bin = 0, k = isnan(value) ? w->n_special : special_of(w->special, w->n_special, value);

    if (isnan(value) || k < w->n_special)
        return w->n_ordinary + k;
    if (w->n_ordinary == 0)
        return PT_WOE_NO_BIN;
    while (bin + 1 < w->n_ordinary && value >= w->edges[bin])
        bin++;
    return bin;
}

/* --- categories --------------------------------------------------------------------------------------------------- */

typedef struct named {
    uint32_t name;
    woe_cell cell;
    double worth;
} named;

typedef struct categories {
    named *names; /* those of some weight that are not rare */
    size_t n;
    woe_cell *cells; /* by name; the last two: the rare, the missing */
    size_t n_names;
} categories;

static int by_worth(const void *a, const void *b)
{
    const named *x = a, *y = b;

    if (x->worth != y->worth)
        return x->worth > y->worth ? -1 : 1;
    return x->name < y->name ? -1 : x->name > y->name;
}

static double weight_in(woe_cell c)
{
    return c.events + c.others;
}

/* Parts names into those that stand for themselves, by worth, and the rare. The rare stand among them as one; its name is the
 * number of names. */
static void part_names(categories *f, const woe_search *s)
{
    double rare = fmax(RARE_ROWS, s->least / 10);
    woe_cell *others = &f->cells[f->n_names];

    for (size_t k = 0; k < f->n_names; k++) {
        if (weight_in(f->cells[k]) >= rare)
            f->names[f->n++] = (named){(uint32_t)k, f->cells[k], 0};
        else
            add_cell(others, f->cells[k]);
    }
    if (weight_in(*others) > 0)
        f->names[f->n++] = (named){(uint32_t)f->n_names, *others, 0};
    for (size_t i = 0; i < f->n; i++)
        f->names[i].worth = woe_of(s, f->names[i].cell.events, f->names[i].cell.others);
    qsort(f->names, f->n, sizeof *f->names, by_worth);
}

/* Names side by side share a fine bin when there are more names than fine bins; first[i] is the first name behind cell i. */
static size_t name_cells(woe_cell *cells, size_t *first, const categories *f)
{
    double all = 0, done = 0;
    size_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        all += weight_in(f->names[i].cell);
    for (size_t i = 0; i < f->n; i++) {
        if (i == 0 || f->n <= WOE_FINE || (n < WOE_FINE && done >= all * (double)n / WOE_FINE))
            cells[n++] = (woe_cell){0};
        add_cell(&cells[n - 1], f->names[i].cell);
        first[n - 1] = i + 1;
        done += weight_in(f->names[i].cell);
    }
    return n;
}

static pt_rc bin_names(pt_woe *w, woe_search *s, categories *f, pt_err *err)
{
    woe_cell cells[WOE_FINE];
    size_t first[WOE_FINE], ends[WOE_FINE];
    double value;

    part_names(f, s);
    s->cells = cells;
    s->n = name_cells(cells, first, f);
    w->categories = true;
    w->n_names = f->n_names;
    w->rare_bin = PT_WOE_NO_BIN;
    w->n_ordinary = s->n ? woe_best_cut(ends, &value, s, PT_WOE_FALLING) : 0;
    w->bins = pt_zalloc(pt_woe_bins(w), sizeof *w->bins);
    w->name_bins = pt_zalloc(f->n_names + 1, sizeof *w->name_bins);
    if (!w->bins || !w->name_bins)
        return pt_fail_nomem(err, "weight of evidence");
    appraise_cells(w, s, ends);
    appraise(w, s, w->n_ordinary, f->cells[f->n_names + 1]);
    for (size_t k = 0; k < f->n_names; k++)
        w->name_bins[k] = PT_WOE_NO_BIN;
    for (size_t b = 0, i = 0; b < w->n_ordinary; b++)
        for (; i < first[ends[b] - 1]; i++)
            if (f->names[i].name < f->n_names)
                w->name_bins[f->names[i].name] = (uint32_t)b;
            else
                w->rare_bin = (uint32_t)b;
    for (size_t k = 0; k < f->n_names; k++) /* the rare that were seen */
        if (w->name_bins[k] == PT_WOE_NO_BIN && weight_in(f->cells[k]) > 0)
            w->name_bins[k] = w->rare_bin;
    return PT_OK;
}

pt_rc pt_woe_fit_codes(pt_woe **out, const uint32_t *codes, size_t n_names, const float *event, const float *weight,
                       const pt_row_set *rows, const pt_woe_options *options, pt_err *err)
{
    woe_search s;
    categories f = {.n_names = n_names};
    pt_rc rc;

    PT_TRY(begin(out, &s, event, weight, rows, options, err));
    f.names = pt_zalloc(n_names + 1, sizeof *f.names);
    f.cells = pt_zalloc(n_names + 2, sizeof *f.cells);
    if (!f.names || !f.cells)
        rc = pt_fail_nomem(err, "weight of evidence");
    else {
        for (size_t i = 0; i < rows->n; i++) {
            size_t r = pt_row(rows, i);
            size_t cell = codes[r] < n_names ? codes[r] : n_names + 1;
            count(&f.cells[cell], event[r], weight_of(weight, r));
        }
        rc = bin_names(*out, &s, &f, err);
    }
    free(f.names);
    free(f.cells);
    if (rc != PT_OK) {
        pt_woe_free(*out);
        *out = NULL;
    }
    return rc;
}

size_t pt_woe_bin_of_code(const pt_woe *w, uint32_t code)
{
    if (code == PT_NO_CODE)
        return w->n_ordinary;
    if (code < w->n_names && w->name_bins[code] != PT_WOE_NO_BIN)
        return w->name_bins[code];
    return w->rare_bin;
}

/* --- stored ------------------------------------------------------------------------------------------------------- */

static void put_bin(pt_str *out, const pt_woe *w, uint32_t bin)
{
    pt_blob_put_codes(out, &(uint32_t){bin == PT_WOE_NO_BIN ? (uint32_t)w->n_ordinary : bin}, 1);
}

pt_rc pt_woe_save(pt_str *out, const pt_woe *w, pt_err *err)
{
    pt_blob_begin(out, "WOEB", VERSION);
    pt_blob_put_count(out, w->categories);
    pt_blob_put_count(out, w->n_ordinary);
    pt_blob_put_count(out, w->n_special);
    for (size_t b = 0; b < pt_woe_bins(w); b++)
        pt_blob_put_numbers(out, (double[]){w->bins[b].events, w->bins[b].others, w->bins[b].woe, w->bins[b].iv}, 4);
    if (w->categories) {
        pt_blob_put_count(out, w->n_names);
        put_bin(out, w, w->rare_bin);
        for (size_t k = 0; k < w->n_names; k++)
            put_bin(out, w, w->name_bins[k]);
    } else {
        pt_blob_put_floats(out, w->edges, w->n_ordinary ? w->n_ordinary - 1 : 0);
        pt_blob_put_floats(out, w->special, w->n_special);
    }
    return pt_str_check(out, err);
}

static void load_bins(pt_woe *w, pt_blob *b)
{
    w->bins = pt_zalloc(pt_woe_bins(w), sizeof *w->bins);
    if (!w->bins) {
        b->no_memory = true;
        return;
    }
    for (size_t i = 0; i < pt_woe_bins(w); i++) {
        w->bins[i].events = pt_blob_number(b, 0, INFINITY);
        w->bins[i].others = pt_blob_number(b, 0, INFINITY);
        w->bins[i].woe = pt_blob_number(b, -INFINITY, INFINITY);
        w->bins[i].iv = pt_blob_number(b, -INFINITY, INFINITY);
        w->iv += w->bins[i].iv;
    }
}

static void load_names(pt_woe *w, pt_blob *b)
{
    uint32_t none = (uint32_t)w->n_ordinary, *rare;

    w->n_names = pt_blob_count(b, 0, MOST_NAMES);
    rare = pt_blob_codes(b, 1, none + 1);
    w->name_bins = pt_blob_codes(b, w->n_names, none + 1);
    w->rare_bin = rare && *rare != none ? *rare : PT_WOE_NO_BIN;
    for (size_t k = 0; w->name_bins && k < w->n_names; k++)
        if (w->name_bins[k] == none)
            w->name_bins[k] = PT_WOE_NO_BIN;
    free(rare);
}

pt_rc pt_woe_load(pt_woe **out, pt_sv bytes, pt_err *err)
{
    pt_blob b;
    pt_woe *w = *out = pt_zalloc(1, sizeof *w);

    if (!w)
        return pt_fail_nomem(err, "weight of evidence");
    pt_blob_open(&b, bytes, "WOEB", VERSION);
    w->categories = pt_blob_count(&b, 0, 1);
    w->n_ordinary = pt_blob_count(&b, 0, MOST_BINS);
    w->n_special = pt_blob_count(&b, 0, w->categories ? 0 : MOST_SPECIAL);
    load_bins(w, &b);
    if (w->categories)
        load_names(w, &b);
    else {
        w->edges = pt_blob_floats(&b, w->n_ordinary ? w->n_ordinary - 1 : 0);
        w->special = pt_blob_floats(&b, w->n_special);
    }
    for (size_t i = 2; !w->categories && w->edges && i < w->n_ordinary; i++)
        if (!(w->edges[i - 2] < w->edges[i - 1]))
            pt_blob_refuse(&b);
    pt_rc rc = pt_blob_end(&b, "woe", err);
    if (rc != PT_OK) {
        pt_woe_free(w);
        *out = NULL;
    }
    return rc;
}
