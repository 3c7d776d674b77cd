/* Neighbouring fine bins are put together so that the information value is largest: dynamic programming over the last bin and the
 * one before it. best(from, to, k) is the most that k bins over cells 0..to-1 give when the last is from..to-1. */
#include <math.h>
#include <string.h>

#include "model/woe_int.h"

enum { MOST_BINS = 20, NONE = 255 };

/* The 95 % point of chi-squared with one degree of freedom: n * IV of two alike bins is about chi-squared. */
static const double chance = 3.841459;

double woe_of(const woe_search *s, double events, double others)
{
    double odds = s->events / s->others, rarer = s->prior / fmin(1, odds);

    if (events + others == 0)
        return 0;
    return log((events + rarer * odds) / (others + rarer)) - log(odds);
}

double woe_iv(const woe_search *s, double events, double others)
{
    return (events / s->events - others / s->others) * woe_of(s, events, others);
}

typedef struct table {
    const woe_search *s;
    pt_woe_trend trend;
    double woe[WOE_FINE][WOE_FINE + 1], iv[WOE_FINE][WOE_FINE + 1]; /* of the bin from..to-1 */
    bool large[WOE_FINE][WOE_FINE + 1];
    double best[2][WOE_FINE][WOE_FINE + 1];                  /* with k - 1 and k bins; -INFINITY: there is no way */
    unsigned char before[MOST_BINS][WOE_FINE][WOE_FINE + 1]; /* where the bin before begins */
} table;

static void fill_bins(table *t)
{
    for (size_t from = 0; from < t->s->n; from++) {
        double events = 0, others = 0;
        for (size_t to = from + 1; to <= t->s->n; to++) {
            events += t->s->cells[to - 1].events;
            others += t->s->cells[to - 1].others;
            t->woe[from][to] = woe_of(t->s, events, others);
            t->iv[from][to] = woe_iv(t->s, events, others);
            t->large[from][to] = events + others >= t->s->least;
        }
    }
}

static bool in_order(const table *t, double before, double after)
{
    return t->trend == PT_WOE_FREE || (t->trend == PT_WOE_RISING ? before <= after : before >= after);
}

/* The best bin to stand before from..to-1 among k - 1 bins. */
static void extend(table *t, size_t k, size_t from, size_t to)
{
    double best = -INFINITY;
    size_t before = NONE;

    for (size_t h = 0; h < from; h++)
        if (t->best[(k + 1) % 2][h][from] > best && in_order(t, t->woe[h][from], t->woe[from][to])) {
            best = t->best[(k + 1) % 2][h][from];
            before = h;
        }
    t->best[k % 2][from][to] = best + t->iv[from][to];
    t->before[k][from][to] = (unsigned char)before;
}

static void round_of(table *t, size_t k)
{
    for (size_t from = 0; from < t->s->n; from++)
        for (size_t to = from + 1; to <= t->s->n; to++) {
            t->best[k % 2][from][to] = -INFINITY;
            if (!t->large[from][to])
                continue;
            if (k == 0)
                t->best[0][from][to] = from == 0 ? t->iv[from][to] : -INFINITY;
            else
                extend(t, k, from, to);
        }
}

/* Walks back from the last bin of k + 1. */
static void walk(size_t *ends, const table *t, size_t k, size_t from)
{
    size_t to = t->s->n;

    for (size_t i = k + 1; i-- > 0;) {
        size_t before = t->before[i][from][to];
        ends[i] = to;
        to = from;
        from = before;
    }
}

static size_t search(size_t *ends, double *value, table *t)
{
    size_t bins = 1;
    double cost = chance * (1 / t->s->events + 1 / t->s->others);

    ends[0] = t->s->n; /* one bin, should even that be too small */
    *value = t->iv[0][t->s->n];
    for (size_t k = 0; k < t->s->most_bins && k < MOST_BINS; k++) {
        round_of(t, k);
        for (size_t from = 0; k > 0 && from < t->s->n; from++) {
            double v = t->best[k % 2][from][t->s->n] - cost * (double)k;
            if (v > *value) {
                *value = v;
                bins = k + 1;
                walk(ends, t, k, from);
            }
        }
    }
    return bins;
}

size_t woe_best_cut(size_t ends[WOE_FINE], double *value, const woe_search *s, pt_woe_trend trend)
{
    table t = {.s = s, .trend = trend}; /* about 170 KiB */

    fill_bins(&t);
    return search(ends, value, &t);
}
