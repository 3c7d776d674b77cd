/* Splits over units (customers, groups, rows): units are put in an order that the seed mixes, then dealt out. */
#include "model/splits.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* A row, with what it must stay together with. */
typedef struct member {
    uint64_t mixed; /* of its unit */
    uint64_t unit;
    uint32_t row, stratum;
} member;

typedef struct dealing {
    const pt_table *table;
    const pt_row_set *rows;
    pt_split_by by;
    uint64_t seed;
    member *members; /* by unit, in mixed order */
    uint32_t folds;
    pt_arena *arena;
    pt_err *err;
} dealing;

static uint64_t unit_of(const dealing *d, size_t row)
{
    if (d->by == PT_SPLIT_GROUP && d->table->groups)
        return d->table->groups[row];
    return d->table->ids ? d->table->ids[row] : row;
}

static int by_stratum_and_mix(const void *a, const void *b)
{
    const member *x = (const member *)a;
    const member *y = (const member *)b;

    if (x->stratum != y->stratum)
        return x->stratum < y->stratum ? -1 : 1;
    if (x->mixed != y->mixed)
        return x->mixed < y->mixed ? -1 : 1;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* A customer with rows of several classes is of the highest: all its rows get that stratum. Members are by unit. */
static void settle_strata(member *m, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        uint32_t highest = 0;
        for (to = from; to < n && m[to].mixed == m[from].mixed && m[to].unit == m[from].unit; to++)
            highest = m[to].stratum > highest ? m[to].stratum : highest;
        for (size_t i = from; i < to; i++)
            m[i].stratum = highest;
    }
}

static pt_rc gather(dealing *d)
{
    const size_t n = d->rows->n;
    const bool stratified = d->by == PT_SPLIT_STRATIFIED && d->table->n_classes && d->table->target;

    d->members = PT_NEW_ARRAY(d->arena, member, n + 1);
    if (!d->members)
        return pt_fail_nomem(d->err, "splits");
    for (size_t i = 0; i < n; i++) {
        const size_t r = pt_row(d->rows, i);
        const uint64_t unit = unit_of(d, r);
        d->members[i] = (member){pt_mix64(pt_mix64(unit + 1) ^ pt_mix64(d->seed + 1)), unit, (uint32_t)r, 0};
    }
    qsort(d->members, n, sizeof *d->members, by_stratum_and_mix);
    if (!stratified)
        return PT_OK;
    for (size_t i = 0; i < n; i++)
        d->members[i].stratum = (uint32_t)d->table->target[d->members[i].row];
    settle_strata(d->members, n);
    qsort(d->members, n, sizeof *d->members, by_stratum_and_mix);
    return PT_OK;
}

static bool same_unit(const member *a, const member *b)
{
    return a->unit == b->unit && a->stratum == b->stratum;
}

static size_t count_units(const dealing *d)
{
    size_t units = 0;

    for (size_t i = 0; i < d->rows->n; i++)
        units += i == 0 || !same_unit(&d->members[i - 1], &d->members[i]);
    return units;
}

/* --- dealing out ---------------------------------------------------------------------------------------------------- */

/* The fold with the fewest rows so far of this stratum, then of all, then the first. */
static uint32_t emptiest(const size_t *of_stratum, const size_t *of_all, uint32_t folds)
{
    uint32_t best = 0;

    for (uint32_t f = 1; f < folds; f++)
        if (of_stratum[f] < of_stratum[best] || (of_stratum[f] == of_stratum[best] && of_all[f] < of_all[best]))
            best = f;
    return best;
}

static pt_rc deal_folds(dealing *d, uint32_t *fold_of_member)
{
    const size_t n = d->rows->n;
    size_t *of_stratum = PT_NEW_ARRAY(d->arena, size_t, d->folds);
    size_t *of_all = PT_NEW_ARRAY(d->arena, size_t, d->folds);

    if (!of_stratum || !of_all)
        return pt_fail_nomem(d->err, "splits");
    if (count_units(d) < d->folds)
        return pt_fail(d->err, PT_EINVAL, "%u folds need at least as many customers or groups, there are %zu", d->folds,
                       count_units(d));
    for (size_t from = 0, to; from < n; from = to) {
        uint32_t f;
        if (from && d->members[from].stratum != d->members[from - 1].stratum)
            memset(of_stratum, 0, d->folds * sizeof *of_stratum);
        for (to = from + 1; to < n && same_unit(&d->members[from], &d->members[to]); to++)
            ;
        f = emptiest(of_stratum, of_all, d->folds);
        of_stratum[f] += to - from;
        of_all[f] += to - from;
        for (size_t i = from; i < to; i++)
            fold_of_member[i] = f;
    }
    return PT_OK;
}

/* Of each stratum, whole units until the share is reached: fold 0 is held out, fold 1 is not. */
static pt_rc deal_share(dealing *d, double share, uint32_t *fold_of_member)
{
    const size_t n = d->rows->n;
    size_t held_all = 0;

    for (size_t start = 0, end; start < n; start = end) {
        size_t held = 0;
        for (end = start; end < n && d->members[end].stratum == d->members[start].stratum; end++)
            ;
        for (size_t from = start, to; from < end; from = to) {
            const bool take = (double)held + 0.5 <= share * (double)(end - start);
            for (to = from + 1; to < end && same_unit(&d->members[from], &d->members[to]); to++)
                ;
            held += take ? to - from : 0;
            for (size_t i = from; i < to; i++)
                fold_of_member[i] = take ? 0 : 1;
        }
        held_all += held;
    }
    if (held_all == 0 || held_all == n)
        return pt_fail(d->err, PT_EINVAL, "there are too few rows to hold some out: %zu", n);
    return PT_OK;
}

/* --- by time -------------------------------------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    const member *x = (const member *)a;
    const member *y = (const member *)b;

    if (x->mixed != y->mixed)
        return x->mixed < y->mixed ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Steps of time of about equal size, rows of one instant in one: fold_of_member is the step, 0 the earliest. */
static pt_rc deal_steps(dealing *d, uint32_t *fold_of_member, uint32_t *steps, double first_share)
{
    const size_t n = d->rows->n;
    uint32_t step = 0;
    double due;

    if (!d->table->times)
        return pt_fail(d->err, PT_EINVAL, "splits by time need rows with days");
    for (size_t i = 0; i < n; i++)
        d->members[i].mixed = (uint64_t)d->table->times[d->members[i].row] ^ (UINT64_C(1) << 63);
    qsort(d->members, n, sizeof *d->members, by_time);
    due = first_share * (double)n;
    for (size_t i = 0; i < n; i++) {
        if (i && d->members[i].mixed != d->members[i - 1].mixed && (double)i >= due - 0.5 && step + 1 < *steps) {
            step++;
            due += ((double)n - first_share * (double)n) / (double)(*steps - 1);
        }
        fold_of_member[i] = step;
    }
    *steps = step + 1;
    if (*steps < 2)
        return pt_fail(d->err, PT_EINVAL, "splits by time need rows of at least two days");
    return PT_OK;
}

/* --- sets of rows --------------------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a;
    const uint32_t y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Rows of members whose fold is low..high. */
static pt_rc collect(pt_row_set *out, const dealing *d, const uint32_t *fold_of_member, uint32_t low, uint32_t high,
                     bool others)
{
    uint32_t *rows;
    size_t n = 0;

    for (size_t i = 0; i < d->rows->n; i++)
        n += (fold_of_member[i] >= low && fold_of_member[i] <= high) != others;
    rows = PT_NEW_ARRAY(d->arena, uint32_t, n + 1);
    if (!rows)
        return pt_fail_nomem(d->err, "splits");
    n = 0;
    for (size_t i = 0; i < d->rows->n; i++)
        if ((fold_of_member[i] >= low && fold_of_member[i] <= high) != others)
            rows[n++] = d->members[i].row;
    qsort(rows, n, sizeof *rows, ascending);
    *out = (pt_row_set){rows, n};
    return PT_OK;
}

static pt_rc split_by_time(pt_split *out, size_t *n, dealing *d, const pt_validation *v, uint32_t *fold_of_member)
{
    uint32_t steps = v->folds ? v->folds + 1 : 2;
    const double held = v->holdout > 0 ? v->holdout : 0.2;

    PT_TRY(deal_steps(d, fold_of_member, &steps, v->folds ? 1.0 / steps : 1 - held));
    *n = steps - 1;
    for (uint32_t f = 1; f < steps; f++) {
        PT_TRY(collect(&out[f - 1].train, d, fold_of_member, 0, f - 1, false));
        PT_TRY(collect(&out[f - 1].valid, d, fold_of_member, f, f, false));
    }
    return PT_OK;
}

static pt_rc split_once(pt_split *out, size_t *n, dealing *d, const pt_validation *v)
{
    uint32_t *fold_of_member = PT_NEW_ARRAY(d->arena, uint32_t, d->rows->n + 1);

    if (!fold_of_member)
        return pt_fail_nomem(d->err, "splits");
    d->folds = v->folds;
    PT_TRY(gather(d));
    if (d->by == PT_SPLIT_TIME)
        return split_by_time(out, n, d, v, fold_of_member);
    if (v->folds)
        PT_TRY(deal_folds(d, fold_of_member));
    else
        PT_TRY(deal_share(d, v->holdout > 0 ? v->holdout : 0.2, fold_of_member));
    *n = v->folds ? v->folds : 1;
    for (uint32_t f = 0; f < *n; f++) {
        PT_TRY(collect(&out[f].train, d, fold_of_member, f, f, true));
        PT_TRY(collect(&out[f].valid, d, fold_of_member, f, f, false));
    }
    return PT_OK;
}

pt_rc pt_splits(pt_split **out, size_t *n, const pt_table *table, const pt_row_set *rows, const pt_validation *v,
                uint64_t seed, pt_arena *arena, pt_err *err)
{
    const unsigned repeats = v->repeats && v->folds && v->by != PT_SPLIT_TIME ? v->repeats : 1;
    pt_split *splits = PT_NEW_ARRAY(arena, pt_split, (size_t)repeats * (v->folds ? v->folds : 1) + 1);

    if (!splits)
        return pt_fail_nomem(err, "splits");
    if (rows->n < 2)
        return pt_fail(err, PT_EINVAL, "there are too few rows to hold some out: %zu", rows->n);
    *n = 0;
    for (unsigned r = 0; r < repeats; r++) {
        dealing d = {.table = table, .rows = rows, .by = v->by, .seed = seed + r, .arena = arena, .err = err};
        size_t more = 0;
        PT_TRY(split_once(splits + *n, &more, &d, v));
        *n += more;
    }
    *out = splits;
    return PT_OK;
}

pt_rc pt_sample_rows(pt_row_set *out, const pt_table *table, const pt_row_set *rows, size_t most, uint64_t seed,
                     pt_arena *arena, pt_err *err)
{
    dealing d = {.table = table, .rows = rows, .by = PT_SPLIT_STRATIFIED, .seed = seed, .arena = arena, .err = err};
    uint32_t *fold_of_member;

    *out = *rows;
    if (rows->n <= most)
        return PT_OK;
    fold_of_member = PT_NEW_ARRAY(arena, uint32_t, rows->n);
    if (!fold_of_member)
        return pt_fail_nomem(err, "splits");
    PT_TRY(gather(&d));
    PT_TRY(deal_share(&d, (double)most / (double)rows->n, fold_of_member));
    return collect(out, &d, fold_of_member, 0, 0, false);
}
