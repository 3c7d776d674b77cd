/* days, streak, gap, and the trend of how often. */
#include <stdlib.h>

#include "eval/family.h"

/* --- days, streak, gap ------------------------------------------------------------------------------------------------------------- */

/* Local dates run backwards with the events, except that where clocks are set back across midnight one day comes again.
 * So the run of days at hand can also grow at its late end, and meet the run before it. */
typedef struct day_run {
    int32_t from, to;
} day_run;

typedef struct days_state {
    const family_run *r;
    uint64_t days, longest; /* so far */
    day_run run, before;    /* the runs met last and last but one; days counts from 1 on */
    uint64_t runs;
    uint64_t times; /* different times */
    int64_t newest, oldest;
} days_state;

static void days_begin(void *ctx)
{
    days_state *s = ctx;
    const family_run *r = s->r;

    *s = (days_state){.r = r};
}

/* Takes a date into the runs; false when it is there already. */
static bool add_date(days_state *s, int32_t date)
{
    if (s->runs && date >= s->run.from && date <= s->run.to)
        return false;
    if (s->runs && date == s->run.from - 1) {
        s->run.from = date;
    } else if (s->runs && date == s->run.to + 1) {
        s->run.to = date;
        if (s->runs > 1 && s->before.from == date + 1)
            s->run.to = s->before.to;
    } else {
        s->before = s->run;
        s->run = (day_run){date, date};
        s->runs++;
    }
    return true;
}

static void days_feed(void *ctx, uint32_t i)
{
    days_state *s = ctx;
    const chunk *ch = s->r->ch;
    int64_t t = ch->events->time[ch->base + i];

    if (!s->times)
        s->newest = t;
    s->times += !s->times || t != s->oldest;
    s->oldest = t;
    if (add_date(s, local_date(s->r->e, t))) {
        uint64_t length = (uint64_t)((int64_t)s->run.to - s->run.from + 1);
        s->days++;
        s->longest = length > s->longest ? length : s->longest;
    }
}

static double gap_of(const days_state *s)
{
    if (s->times < 2)
        return (double)NAN;
    return (double)(s->newest - s->oldest) / (double)(s->times - 1) / (double)PT_DAY;
}

static void days_finish(void *ctx, uint32_t m, uint32_t c)
{
    const days_state *s = ctx;
    double *out = family_out(s->r, m)->data;

    switch (family_member(s->r, m)->agg->fn) {
    case PT_AGG_DAYS: out[c] = (double)s->days; break;
    case PT_AGG_STREAK: out[c] = (double)s->longest; break;
    default: out[c] = gap_of(s); break;
    }
}

void family_days(const family_run *r)
{
    days_state *s = family_scratch(r, sizeof *s);

    if (!s)
        return;
    s->r = r;
    family_walk(r, s, days_begin, days_feed, days_finish);
}

/* --- how often ------------------------------------------------------------------------------------------------------------------------ */

/* The events of a window's whole days, and the sum of their days' numbers, counted back from the window's end. */
typedef struct rate {
    int64_t events, ages;
} rate;

/* Whole days that a member's window admits. */
static int64_t window_days(const family_run *r, uint32_t m)
{
    const pt_eval *e = r->e;
    int64_t first = e->cuts[family_member(r, m)->start], last = e->cuts[r->family->end], length;

    if (first >= last || __builtin_sub_overflow(last, first, &length))
        return 0;
    return length / PT_DAY;
}

static void add_events(const family_run *r, rate *s, uint32_t m, uint32_t c, int64_t days)
{
    const pt_ranges *g = &r->ranges;
    const int64_t *time = r->ch->events ? r->ch->events->time + r->ch->base : NULL;
    int64_t end = r->e->cuts[r->family->end];

    for (uint32_t i = g->starts[m][c]; i < g->end[c]; i++) {
        int64_t age = (end - time[i]) / PT_DAY;
        if (!pt_bits_test(g->bits, i) || age >= days)
            continue;
        s->events++;
        s->ages += age;
    }
}

/* The slope of events a day over the day's place p = days-1-age: the sum over events of (p - mean p), over the sum over
 * days of (p - mean p)^2 = days (days^2 - 1) / 12. */
static double slope_of(const rate *s, int64_t days)
{
    if (days < 2)
        return (double)NAN;
    double above = (double)((__int128)s->events * (days - 1) - (__int128)s->ages * 2);
    return 6 * above / ((double)days * ((double)days * (double)days - 1));
}

void family_rate(const family_run *r)
{
    rate *states = family_scratch(r, r->ranges.n_members * sizeof *states);

    for (uint32_t m = 0; m < r->ranges.n_members && states; m++) {
        int64_t days = window_days(r, m);
        for (uint32_t c = 0; c < r->ranges.n_customers; c++) {
            if (r->ch->newest)
                states[m] = (rate){0, 0};
            add_events(r, &states[m], m, c, days);
            ((double *)family_out(r, m)->data)[c] = slope_of(&states[m], days);
        }
    }
}
