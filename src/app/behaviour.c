#include "app/behaviour.h"

#include <stdlib.h>

#include "base/time.h"

bool pt_behaviour_is_words(pt_type type)
{
    return pt_type_is_text(type);
}

bool pt_behaviour_is_numbers(pt_type type)
{
    return type == PT_TYPE_BOOL || type == PT_TYPE_NUMBER || type == PT_TYPE_MONEY || type == PT_TYPE_DURATION;
}

uint32_t pt_behaviour_codes(const pt_behaviour *b)
{
    return b->by_day ? 0 : b->n_words;
}

uint32_t pt_behaviour_numbers(const pt_behaviour *b)
{
    uint32_t n = 1 + b->n_numbers;

    for (uint32_t i = 0; b->by_day && i < b->n_words; i++)
        n += b->words[i].n - 1;
    return n;
}

/* --- values ----------------------------------------------------------------------------------------------------------- */

static double number_at(const pt_column *c, uint64_t i)
{
    if (pt_column_missing(c, i))
        return (double)NAN;
    switch (c->type) {
    case PT_TYPE_BOOL: return ((const uint8_t *)c->data)[i];
    case PT_TYPE_NUMBER: return ((const double *)c->data)[i];
    case PT_TYPE_MONEY: return (double)((const int64_t *)c->data)[i] / (double)PT_MONEY_UNIT;
    default: return (double)((const int64_t *)c->data)[i] / (double)PT_SECOND;
    }
}

/* Amounts differ by powers of ten: what counts is their size on that scale. */
static float eased(double v)
{
    if (isnan(v))
        return NAN;
    return (float)(v < 0 ? -pt_net_log(1 - v) : pt_net_log(1 + v));
}

/* Days from one instant to a later one; NaN when either is not known. */
static double days_between(int64_t from, int64_t to)
{
    return from == PT_I64_MISSING || to == PT_I64_MISSING ? (double)NAN : ((double)to - (double)from) / (double)PT_DAY;
}

/* --- which events ----------------------------------------------------------------------------------------------------- */

typedef struct range {
    uint64_t first, end; /* all events up to the as-of */
    uint64_t from;       /* the first that is looked at */
} range;

static uint64_t end_at(const pt_events *e, uint64_t first, uint64_t end, int64_t as_of)
{
    return first + pt_times_until(e->time + first, end - first, as_of);
}

static int64_t days_begin(const pt_behaviour *b, int64_t as_of)
{
    int64_t begin;

    return __builtin_sub_overflow(as_of, (int64_t)b->length * PT_DAY, &begin) ? INT64_MIN : begin;
}

static range range_of(const pt_behaviour *b, const pt_behaviour_row *row)
{
    const pt_events *e = b->events;
    range r = {0, 0, 0};

    if (!e->offsets)
        return r;
    r.first = e->offsets[row->ordinal];
    r.end = end_at(e, r.first, e->offsets[row->ordinal + 1], row->as_of);
    if (b->by_day)
        r.from = end_at(e, r.first, r.end, days_begin(b, row->as_of));
    else
        r.from = r.end - r.first > b->length ? r.end - b->length : r.first;
    return r;
}

/* --- gathering -------------------------------------------------------------------------------------------------------- */

static void fill_event(const pt_behaviour *b, const range *r, uint64_t e, uint32_t *codes, float *numbers)
{
    for (uint32_t i = 0; i < b->n_words; i++)
        codes[i] = b->words[i].known[pt_column_code(b->words[i].column, e)];
    numbers[0] = e > r->first ? eased(days_between(b->events->time[e - 1], b->events->time[e])) : NAN;
    for (uint32_t i = 0; i < b->n_numbers; i++)
        numbers[1 + i] = eased(number_at(b->numbers[i], e));
}

/* Adds an event to its day; sums are eased when all are in. */
static void add_to_day(const pt_behaviour *b, uint64_t e, float *day)
{
    day[0] += 1;
    for (uint32_t i = 0; i < b->n_numbers; i++) {
        double v = number_at(b->numbers[i], e);
        day[1 + i] += isfinite(v) ? (float)v : 0;
    }
    day += 1 + b->n_numbers;
    for (uint32_t i = 0; i < b->n_words; i++) {
        uint32_t code = b->words[i].known[pt_column_code(b->words[i].column, e)];
        if (code)
            day[code - 1] += 1;
        day += b->words[i].n - 1;
    }
}

static void fill_days(const pt_behaviour *b, const range *r, int64_t as_of, float *numbers)
{
    size_t wide = pt_behaviour_numbers(b), n = wide * b->length;

    memset(numbers, 0, n * sizeof *numbers);
    for (uint64_t e = r->from; e < r->end; e++) {
        if (b->events->time[e] == PT_I64_MISSING)
            continue;
        size_t back = (size_t)((as_of - b->events->time[e]) / PT_DAY); /* below length: range_of saw to it */
        add_to_day(b, e, numbers + (b->length - 1 - back) * wide);
    }
    for (size_t i = 0; i < n; i++)
        numbers[i] = eased((double)numbers[i]);
}

static void fill_statics(const pt_behaviour *b, const range *r, int64_t as_of, float *statics)
{
    bool any = r->end > r->first;

    statics[0] = any ? eased(days_between(b->events->time[r->end - 1], as_of)) : NAN;
    statics[1] = eased((double)(r->end - r->first));
    statics[2] = any ? eased(days_between(b->events->time[r->first], as_of)) : NAN;
}

static pt_rc make_room(pt_behaviour_set *set, const pt_behaviour *b, const pt_behaviour_row *rows, size_t n,
                       pt_err *err)
{
    uint64_t events = 0;

    if (!pt_grow(&set->offsets, &set->offsets_cap, n + 1, sizeof *set->offsets))
        return pt_fail_nomem(err, "gathering what customers did");
    set->offsets[0] = 0;
    for (size_t i = 0; i < n; i++) {
        range r = range_of(b, &rows[i]);
        events += b->by_day ? b->length : r.end - r.from;
        set->offsets[i + 1] = events;
    }
    if (!pt_grow(&set->codes, &set->codes_cap, (size_t)events * pt_behaviour_codes(b) + 1, sizeof *set->codes) ||
        !pt_grow(&set->numbers, &set->numbers_cap, (size_t)events * pt_behaviour_numbers(b) + 1,
                 sizeof *set->numbers) ||
        !pt_grow(&set->statics, &set->statics_cap, n * PT_BEHAVIOUR_STATICS + 1, sizeof *set->statics))
        return pt_fail_nomem(err, "gathering what customers did");
    set->s = (pt_sequences){n, set->offsets, set->codes, set->numbers, set->statics, NULL};
    return PT_OK;
}

pt_rc pt_behaviour_gather(pt_behaviour_set *set, const pt_behaviour *b, const pt_behaviour_row *rows, size_t n,
                          pt_err *err)
{
    size_t codes = pt_behaviour_codes(b), numbers = pt_behaviour_numbers(b);

    PT_TRY(make_room(set, b, rows, n, err));
    for (size_t i = 0; i < n; i++) {
        range r = range_of(b, &rows[i]);
        size_t at = (size_t)set->offsets[i];
        if (b->by_day)
            fill_days(b, &r, rows[i].as_of, set->numbers + at * numbers);
        for (uint64_t e = r.from; !b->by_day && e < r.end; e++, at++)
            fill_event(b, &r, e, set->codes + at * codes, set->numbers + at * numbers);
        fill_statics(b, &r, rows[i].as_of, set->statics + i * PT_BEHAVIOUR_STATICS);
    }
    return PT_OK;
}

void pt_behaviour_free(pt_behaviour_set *set)
{
    free(set->offsets);
    free(set->codes);
    free(set->numbers);
    free(set->statics);
    *set = (pt_behaviour_set){0};
}

void pt_behaviour_count(uint64_t *counts, const pt_behaviour *b, const pt_column *column, const pt_behaviour_row *rows,
                        size_t n)
{
    for (size_t i = 0; i < n; i++) {
        range r = range_of(b, &rows[i]);
        for (uint64_t e = r.from; e < r.end; e++)
            counts[pt_column_code(column, e)]++;
    }
}
