/* median, quantile, stddev, and trend of a value. */
#include <stdlib.h>

#include "base/compare.h"
#include "eval/family.h"
#include "eval/order.h"

/* --- order statistics ---------------------------------------------------------------------------------------------------------- */

static int64_t middle_of(int64_t a, int64_t b, int64_t c)
{
    if (a > b) {
        int64_t t = a;
        a = b;
        b = t;
    }
    return c < a ? a : c > b ? b : c;
}

/* Moves the k-th smallest of v[0..n-1] to v[k], smaller ones before it (Hoare). Sorts when the pivots are bad. */
static void select_kth(int64_t *v, size_t n, size_t k)
{
    size_t lo = 0, hi = n - 1;

    for (int rounds = 0; lo < hi; rounds++) {
        if (rounds > 100) {
            qsort(v + lo, hi - lo + 1, sizeof *v, pt_compare_i64);
            return;
        }
        int64_t pivot = middle_of(v[lo], v[lo + (hi - lo) / 2], v[hi]);
        size_t i = lo, j = hi;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i <= j) {
                int64_t t = v[i];
                v[i++] = v[j];
                v[j] = t;
                if (j == 0)
                    break;
                j--;
            }
        }
        if (k <= j && j < hi)
            hi = j;
        else if (k >= i)
            lo = i;
        else
            return;
    }
}

static int64_t least_of(const int64_t *v, size_t n)
{
    int64_t least = v[0];

    for (size_t i = 1; i < n; i++)
        least = v[i] < least ? v[i] : least;
    return least;
}

static void put_quantile(const family_run *r, uint32_t m, uint32_t c, int64_t low, int64_t high, double part)
{
    slot *out = family_out(r, m);

    if (out->col.type == PT_TYPE_NUMBER) {
        double a = order_number(low), b = order_number(high);
        ((double *)out->data)[c] = part == 0 ? a : number_or_missing(a + part * (b - a));
    } else {
        ((int64_t *)out->data)[c] = order_between(low, high, part);
    }
}

static void no_numbers(void *ctx)
{
    const family_run *r = ctx;

    r->state->n_numbers = 0;
}

static void gather(void *ctx, uint32_t i)
{
    const family_run *r = ctx;
    family_state *s = r->state;

    if (!pt_grow(&s->numbers, &s->numbers_cap, s->n_numbers + 1, sizeof *s->numbers)) {
        r->e->nomem = true;
        return;
    }
    bool number = r->value->type == PT_TYPE_NUMBER;
    s->numbers[s->n_numbers++] =
        number ? order_key(((const double *)r->value->data)[i]) : ((const int64_t *)r->value->data)[i];
}

/* Hyndman and Fan's type 7. */
static void quantile(void *ctx, uint32_t m, uint32_t c)
{
    const family_run *r = ctx;
    const pt_agg *agg = family_member(r, m)->agg;
    slot *out = family_out(r, m);
    size_t n = r->state->n_numbers;
    int64_t *v = r->state->numbers;

    if (!n) {
        column_fill_missing((char *)out->data + (size_t)c * out->col.width, out->col.type, 1);
        return;
    }
    double h = (double)(n - 1) * (agg->fn == PT_AGG_MEDIAN ? 0.5 : agg->q), whole = floor(h);
    size_t at = (size_t)whole;
    select_kth(v, n, at);
    put_quantile(r, m, c, v[at], at + 1 < n ? least_of(v + at + 1, n - at - 1) : v[at], h - whole);
}

void family_order(const family_run *r)
{
    family_run run = *r;

    family_walk(r, &run, no_numbers, gather, quantile);
}

/* --- stddev and trend ------------------------------------------------------------------------------------------------------------ */

/* Running means and sums of products of deviations (Welford), newest event first. x is microseconds from the newest
 * event, whole numbers that a double holds exactly for 285 years; y is the value less the newest one, so that values
 * far from zero lose nothing. */
typedef struct moments {
    const family_run *r;
    double n, mean_x, mean_y, xx, xy, yy;
    double newest_value;
    int64_t newest, oldest;
} moments;

static void moments_begin(void *ctx)
{
    moments *s = ctx;
    const family_run *r = s->r;

    *s = (moments){.r = r};
}

static void moments_feed(void *ctx, uint32_t i)
{
    moments *s = ctx;
    const chunk *ch = s->r->ch;
    int64_t t = ch->events->time[ch->base + i];
    double value = ((const double *)s->r->value->data)[i];

    if (s->n == 0) {
        s->newest = t;
        s->newest_value = value;
    }
    double y = value - s->newest_value;
    double x = t == PT_I64_MISSING ? 0 : (double)(t - s->newest);
    s->oldest = t;
    s->n++;
    double dx = x - s->mean_x, dy = y - s->mean_y;
    s->mean_x += dx / s->n;
    s->mean_y += dy / s->n;
    s->xx += dx * (x - s->mean_x);
    s->xy += dx * (y - s->mean_y);
    s->yy += dy * (y - s->mean_y);
}

static void put_number(const family_run *r, uint32_t m, uint32_t c, double v)
{
    ((double *)family_out(r, m)->data)[c] = isfinite(v) ? v : (double)NAN;
}

static void put_stddev(void *ctx, uint32_t m, uint32_t c)
{
    const moments *s = ctx;

    put_number(s->r, m, c, s->n < 2 ? (double)NAN : sqrt(s->yy / (s->n - 1)));
}

static void put_slope(void *ctx, uint32_t m, uint32_t c)
{
    const moments *s = ctx;

    put_number(s->r, m, c, s->n < 2 || s->newest == s->oldest ? (double)NAN : s->xy / s->xx * (double)PT_DAY);
}

static moments *moments_of(const family_run *r)
{
    moments *s = family_scratch(r, sizeof *s);

    if (s)
        s->r = r;
    return s;
}

void family_stddev(const family_run *r)
{
    moments *s = moments_of(r);

    if (s)
        family_walk(r, s, moments_begin, moments_feed, put_stddev);
}

void family_trend(const family_run *r)
{
    moments *s = moments_of(r);

    if (s)
        family_walk(r, s, moments_begin, moments_feed, put_slope);
}
