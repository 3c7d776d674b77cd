/* How far two columns of one tag are apart.
 *
 * Values: the population stability index, sum over values of (b - a) ln(b / a), shares of customers, missing one of the
 * values, shares below SMALLEST taken for it. Numbers: the Kolmogorov-Smirnov distance of the known values; of dates and
 * instants the lesser of that and the distance of how far they lie from the as-of: neither a first order that stays where it
 * was nor a last order that keeps up with time has moved. Both grow with
 * chance in small bases, so a tag has moved only beyond what chance explains (`limit`). */
#include <math.h>
#include <stdlib.h>

#include "app/diff_int.h"
#include "base/compare.h"

enum { MOST_VALUES = 1000, MOST_SHARES = 5 };

static const double smallest_share = 1e-4, some = 0.1, much = 0.25, much_ks = 0.2, coverage_some = 0.05,
                    coverage_much = 0.2;

static bool counts(const diff_side *s, uint32_t row)
{
    return s->live[row];
}

static double share_of(uint64_t n, uint64_t all)
{
    return all ? (double)n / (double)all : 0;
}

/* --- coverage ----------------------------------------------------------------------------------------------------- */

static double known_share(const diff_side *s)
{
    uint64_t known = 0;

    for (uint32_t i = 0; i < s->rows; i++)
        known += counts(s, i) && !pt_column_missing(s->column, i);
    return share_of(known, s->customers);
}

static pt_moved worse(pt_moved a, pt_moved b)
{
    return a > b ? a : b;
}

static pt_moved level(double distance, double limit, double first, double second)
{
    if (distance < first || distance <= limit)
        return PT_MOVED_NOT;
    return distance < second ? PT_MOVED_SOME : PT_MOVED_MUCH;
}

/* Three standard deviations of the difference of two shares. */
static double share_limit(double share, const diff_side *a, const diff_side *b)
{
    double n = a->customers ? 1.0 / a->customers : 1, m = b->customers ? 1.0 / b->customers : 1;

    return 3 * sqrt(share * (1 - share) * (n + m));
}

static void measure_coverage(pt_diff_tag *out, const diff_side *before, const diff_side *after)
{
    double middle = (out->known_before + out->known_after) / 2;

    out->moved = worse(out->moved, level(fabs(out->known_after - out->known_before), share_limit(middle, before, after),
                                         coverage_some, coverage_much));
}

/* --- numbers ------------------------------------------------------------------------------------------------------ */

static double as_number(const pt_column *c, uint64_t row)
{
    switch (c->type) {
    case PT_TYPE_NUMBER: return ((const double *)c->data)[row];
    case PT_TYPE_DATE: return ((const int32_t *)c->data)[row];
    default: return (double)((const int64_t *)c->data)[row];
    }
}

/* The known values, sorted, and their mean; NULL when memory is short. */
static double *sorted_numbers(const diff_side *s, size_t *n, double *mean)
{
    double *values = pt_zalloc((size_t)s->rows + 1, sizeof *values), sum = 0;

    *n = 0;
    for (uint32_t i = 0; values && i < s->rows; i++)
        if (counts(s, i) && !pt_column_missing(s->column, i))
            values[(*n)++] = as_number(s->column, i);
    if (values && *n)
        qsort(values, *n, sizeof *values, pt_compare_doubles);
    for (size_t i = 0; i < *n; i++)
        sum += values[i];
    *mean = *n ? sum / (double)*n : NAN;
    return values;
}

/* How far values would move if they lay as far from the as-of as before. */
static double shift_of(const diff_side *before, const diff_side *after)
{
    double passed = (double)(after->as_of - before->as_of);

    switch (before->column->type) {
    case PT_TYPE_DATE: return passed / (double)PT_DAY;
    case PT_TYPE_INSTANT: return passed;
    default: return 0;
    }
}

static double ks_distance(const double *a, size_t n, const double *b, size_t m)
{
    double most = 0;

    for (size_t i = 0, k = 0; i < n && k < m;) {
        double at = a[i] < b[k] ? a[i] : b[k];
        while (i < n && a[i] <= at)
            i++;
        while (k < m && b[k] <= at)
            k++;
        double apart = fabs((double)i / (double)n - (double)k / (double)m);
        most = apart > most ? apart : most;
    }
    return most;
}

static pt_rc measure_numbers(pt_diff_tag *out, const diff_side *before, const diff_side *after, pt_err *err)
{
    size_t n, m;
    double *a = sorted_numbers(before, &n, &out->mean_before), *b = sorted_numbers(after, &m, &out->mean_after);
    pt_rc rc = a && b ? PT_OK : pt_fail_nomem(err, "the comparison");

    if (rc == PT_OK && n && m) {
        out->measure = PT_DIFF_KS;
        out->has_means = true;
        out->distance = ks_distance(a, n, b, m);
        double shift = shift_of(before, after);
        for (size_t i = 0; shift != 0 && i < n; i++)
            a[i] += shift;
        double shifted = shift != 0 ? ks_distance(a, n, b, m) : out->distance;
        out->distance = shifted < out->distance ? shifted : out->distance;
        /* One in a hundred samples of one base is further apart. */
        out->limit = 1.63 * sqrt(((double)n + (double)m) / ((double)n * (double)m));
        out->moved = level(out->distance, out->limit, some, much_ks);
    }
    free(a);
    free(b);
    return rc;
}

/* --- values ------------------------------------------------------------------------------------------------------- */

typedef struct value {
    pt_sv text; /* ptr NULL: missing */
    uint64_t before, after;
} value;

typedef struct values {
    value *items;
    size_t n, cap;
    bool nomem;
} values;

static int by_text(const void *left, const void *right)
{
    const value *a = left, *b = right;

    if (!a->text.ptr || !b->text.ptr)
        return (a->text.ptr != NULL) - (b->text.ptr != NULL);
    return pt_sv_cmp(a->text, b->text);
}

static void add_value(values *v, pt_sv text, uint64_t n, bool after)
{
    if (!n)
        return;
    v->nomem |= !pt_grow(&v->items, &v->cap, v->n + 1, sizeof *v->items);
    if (!v->nomem)
        v->items[v->n++] = (value){text, after ? 0 : n, after ? n : 0};
}

/* Adds each value of one side; false without memory. Codes are counted first: dictionaries are small beside rows. */
static bool add_side(values *v, const diff_side *s, bool after)
{
    const pt_column *c = s->column;
    bool list = pt_type_is_list(c->type), text = list || pt_type_is_text(c->type);
    size_t n = text ? (c->dict ? c->dict->n : 0) : 2;
    uint64_t *tally = pt_zalloc(n + 1, sizeof *tally), missing = 0;

    for (uint32_t i = 0; tally && i < s->rows; i++) {
        if (!counts(s, i))
            continue;
        if (pt_column_missing(c, i)) {
            missing++;
        } else if (!text) {
            tally[1 + ((const uint8_t *)c->data)[i]]++;
        } else {
            uint64_t from = list ? c->offsets[i] : i, to = list ? c->offsets[i + 1] : i + 1;
            for (uint64_t k = from; k < to; k++)
                tally[pt_column_code(c, k)]++;
        }
    }
    static const char *const bools[] = {"false", "true"};
    for (size_t code = 1; tally && code <= n; code++)
        add_value(v, text ? pt_dict_text(c->dict, (uint32_t)code) : pt_sv_of(bools[code - 1]), tally[code], after);
    add_value(v, (pt_sv){NULL, 0}, missing, after);
    bool ok = tally != NULL && !v->nomem;
    free(tally);
    return ok;
}

static void join(values *v)
{
    size_t kept = 0;

    if (v->n)
        qsort(v->items, v->n, sizeof *v->items, by_text);
    for (size_t i = 0; i < v->n; i++) {
        if (kept && by_text(&v->items[kept - 1], &v->items[i]) == 0) {
            v->items[kept - 1].before += v->items[i].before;
            v->items[kept - 1].after += v->items[i].after;
        } else {
            v->items[kept++] = v->items[i];
        }
    }
    v->n = kept;
}

static double psi(const values *v, uint64_t before, uint64_t after)
{
    double sum = 0;

    for (size_t i = 0; i < v->n; i++) {
        double a = share_of(v->items[i].before, before), b = share_of(v->items[i].after, after);
        a = a < smallest_share ? smallest_share : a;
        b = b < smallest_share ? smallest_share : b;
        sum += (b - a) * log(b / a);
    }
    return sum;
}

static int by_movement(const void *left, const void *right)
{
    const pt_diff_share *a = left, *b = right;
    double x = fabs(a->after - a->before), y = fabs(b->after - b->before);

    if (x != y)
        return x > y ? -1 : 1;
    return pt_sv_cmp(a->value, b->value);
}

static pt_rc keep_shares(pt_diff_tag *out, const values *v, uint64_t before, uint64_t after, pt_arena *arena,
                         pt_err *err)
{
    pt_diff_share *shares = PT_NEW_ARRAY(arena, pt_diff_share, v->n);
    size_t n = 0;

    if (!shares)
        return pt_fail_nomem(err, "the comparison");
    for (size_t i = 0; i < v->n; i++) {
        pt_diff_share s = {v->items[i].text, share_of(v->items[i].before, before), share_of(v->items[i].after, after)};
        if (s.before != s.after)
            shares[n++] = s;
    }
    if (n)
        qsort(shares, n, sizeof *shares, by_movement);
    out->shares = shares;
    out->n_shares = n < MOST_SHARES ? n : MOST_SHARES;
    return PT_OK;
}

/* Items of lists are shares of all items; a customer without any is one item, missing. */
static uint64_t total_of(const values *v, bool after)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < v->n; i++)
        sum += after ? v->items[i].after : v->items[i].before;
    return sum;
}

static pt_rc measure_values(pt_diff_tag *out, const diff_side *before, const diff_side *after, pt_arena *arena,
                            pt_err *err)
{
    values v = {0};
    bool ok = add_side(&v, before, false) && add_side(&v, after, true);
    pt_rc rc = ok ? PT_OK : pt_fail_nomem(err, "the comparison");

    join(&v);
    uint64_t n = total_of(&v, false), m = total_of(&v, true);
    if (rc == PT_OK && v.n <= MOST_VALUES && n && m) {
        double degrees = v.n > 1 ? (double)v.n - 1 : 1;
        out->measure = PT_DIFF_PSI;
        out->distance = psi(&v, n, m);
        /* Of samples of one base it is about chi-square over the harmonic size: mean plus three deviations. */
        out->limit = (degrees + 3 * sqrt(2 * degrees)) * (1 / (double)n + 1 / (double)m);
        out->moved = level(out->distance, out->limit, some, much);
        rc = keep_shares(out, &v, n, m, arena, err);
    }
    free(v.items);
    return rc;
}

pt_rc diff_measure(pt_diff_tag *out, const diff_side *before, const diff_side *after, pt_arena *arena, pt_err *err)
{
    pt_type type = before->column->type;
    bool by_value = type == PT_TYPE_BOOL || pt_type_is_text(type) || pt_type_is_list(type);

    out->known_before = known_share(before);
    out->known_after = known_share(after);
    if (type != after->column->type && !(pt_type_is_text(type) && pt_type_is_text(after->column->type))) {
        out->moved = PT_MOVED_MUCH;
        return PT_OK;
    }
    PT_TRY(by_value ? measure_values(out, before, after, arena, err) : measure_numbers(out, before, after, err));
    measure_coverage(out, before, after);
    return PT_OK;
}

/* --- who moved where ---------------------------------------------------------------------------------------------- */

typedef struct steps {
    pt_sv values[PT_DIFF_MOST_STEPS + 1]; /* the last is missing */
    size_t n;
    bool too_many;
} steps;

static size_t step_of(steps *s, const pt_column *c, uint32_t row, bool add)
{
    static const char *const bools[] = {"false", "true"};
    pt_sv text;

    if (row == UINT32_MAX || pt_column_missing(c, row))
        return s->n;
    text = c->type == PT_TYPE_BOOL ? pt_sv_of(bools[((const uint8_t *)c->data)[row]])
                                   : pt_dict_text(c->dict, pt_column_code(c, row));
    for (size_t i = 0; i < s->n; i++)
        if (pt_sv_eq(s->values[i], text))
            return i;
    if (!add)
        return s->n;
    if (s->n == PT_DIFF_MOST_STEPS) {
        s->too_many = true;
        return s->n;
    }
    s->values[s->n] = text;
    return s->n++;
}

static void find_steps(steps *s, const diff_side *side)
{
    for (uint32_t i = 0; i < side->rows && !s->too_many; i++)
        if (counts(side, i) && !pt_column_missing(side->column, i))
            step_of(s, side->column, i, true);
}

static bool is_stepped(const pt_column *c)
{
    return c->type == PT_TYPE_BOOL || pt_type_is_text(c->type);
}

pt_rc diff_moves(const pt_diff_moves **out, const diff_side *before, const diff_side *after, const char *const *known,
                 size_t n_known, pt_arena *arena, pt_err *err)
{
    steps s = {0};

    *out = NULL;
    if (!is_stepped(before->column) || !is_stepped(after->column) || n_known > PT_DIFF_MOST_STEPS)
        return PT_OK;
    for (size_t i = 0; i < n_known; i++)
        s.values[s.n++] = pt_sv_of(known[i]);
    find_steps(&s, before);
    find_steps(&s, after);
    size_t n = s.n + 1;
    pt_diff_moves *moves = PT_NEW(arena, pt_diff_moves);
    uint64_t *tally = PT_NEW_ARRAY(arena, uint64_t, n * n);
    pt_sv *values_of = PT_NEW_ARRAY(arena, pt_sv, n);
    if (!moves || !tally || !values_of)
        return pt_fail_nomem(err, "the comparison");
    if (s.too_many)
        return PT_OK;
    memcpy(values_of, s.values, s.n * sizeof *values_of);
    *moves = (pt_diff_moves){.values = values_of, .n = n, .counts = tally};
    for (uint32_t i = 0; i < before->rows && i < after->rows; i++) {
        if (!counts(before, i) || !counts(after, i))
            continue;
        size_t from = step_of(&s, before->column, i, false), to = step_of(&s, after->column, i, false);
        tally[from * n + to]++;
        moves->moved += from != to;
    }
    *out = moves;
    return PT_OK;
}
