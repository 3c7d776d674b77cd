#include <stdlib.h>

#include "base/money.h"
#include "support/naive_int.h"
#include "support/test.h"

/* An event that counts. */
typedef struct hit {
    const data_event *event;
    cell value;
    double weight;
    size_t order; /* among the customer's events */
} hit;

/* --- windows ----------------------------------------------------------------------------------------------------------------- */

static cell bound(naive *n, const pt_node *node)
{
    naive outside = {n->data, n->module, n->customer, NULL, n->arena};

    return naive_node(&outside, node);
}

static bool in_window(naive *n, const pt_window *w, int64_t t)
{
    const dataset *d = n->data;
    cell a = w->from ? bound(n, w->from) : (cell){0}, b = w->to ? bound(n, w->to) : (cell){0};

    if (t == PT_I64_MISSING)
        return w->kind == PT_WINDOW_ALL;
    if (w->kind == PT_WINDOW_NEXT)
        return t > d->as_of && (__int128)t <= (__int128)d->as_of + a.i64;
    if (t > d->as_of || a.missing || b.missing)
        return false;
    switch (w->kind) {
    case PT_WINDOW_ALL: return true;
    case PT_WINDOW_WITHIN: return (__int128)t > (__int128)d->as_of - a.i64;
    case PT_WINDOW_SINCE: return t >= (a.type == PT_TYPE_DATE ? pt_zone_midnight(d->zone, a.date) : a.i64);
    default: break;
    }
    if (a.type == PT_TYPE_DURATION)
        return (__int128)t > (__int128)d->as_of - a.i64 && (__int128)t <= (__int128)d->as_of - b.i64;
    if (a.type == PT_TYPE_DATE)
        return t >= pt_zone_midnight(d->zone, a.date) && t < pt_zone_midnight(d->zone, b.date + 1);
    return t >= a.i64 && t <= b.i64;
}

/* The first and the last instant a window with a beginning admits. */
static void window_span(naive *n, const pt_window *w, __int128 *first, __int128 *last)
{
    const dataset *d = n->data;
    cell a = bound(n, w->from), b = w->to ? bound(n, w->to) : (cell){0};

    *last = d->as_of;
    if (w->kind == PT_WINDOW_NEXT) {
        *first = (__int128)d->as_of + 1;
        *last = (__int128)d->as_of + a.i64;
        return;
    }
    if (a.type == PT_TYPE_DURATION)
        *first = (__int128)d->as_of - a.i64 + 1;
    else
        *first = a.type == PT_TYPE_DATE ? pt_zone_midnight(d->zone, a.date) : a.i64;
    if (w->to) {
        __int128 end = b.type == PT_TYPE_DURATION ? (__int128)d->as_of - b.i64
                       : b.type == PT_TYPE_DATE   ? pt_zone_midnight(d->zone, b.date + 1) - 1
                                                  : b.i64;
        *last = end < *last ? end : *last;
    }
    if (a.missing || b.missing)
        *last = *first - 1;
}

/* --- which events count --------------------------------------------------------------------------------------------------------- */

static bool needs_time(const pt_agg *agg)
{
    switch (agg->fn) {
    case PT_AGG_DAYS:
    case PT_AGG_STREAK:
    case PT_AGG_GAP:
    case PT_AGG_TREND: return true;
    default: return agg->half_life != 0;
    }
}

static bool counts(naive *n, const pt_agg *agg, const data_event *e, hit *h)
{
    naive at = {n->data, n->module, n->customer, e, n->arena};
    cell weight = {.number = 1};

    if (e->customer != n->customer || !in_window(n, &agg->window, e->time))
        return false;
    if (needs_time(agg) && e->time == PT_I64_MISSING)
        return false;
    if (agg->where) {
        cell where = naive_node(&at, agg->where);
        if (where.missing || !where.boolean)
            return false;
    }
    if (agg->value)
        h->value = naive_node(&at, agg->value);
    if (agg->weight)
        weight = naive_node(&at, agg->weight);
    if ((agg->value && h->value.missing) || weight.missing)
        return false;
    h->event = e;
    h->weight = weight.number;
    if (agg->half_life)
        h->weight *= exp2(-((double)(n->data->as_of - e->time) / (double)agg->half_life));
    return true;
}

static hit *find_hits(naive *n, const pt_agg *agg, size_t *count)
{
    const data_source *s = &n->data->sources[agg->source];
    hit *hits = PT_NEW_ARRAY(n->arena, hit, s->n);

    *count = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (counts(n, agg, &s->events[i], &hits[*count])) {
            hits[*count].order = i;
            ++*count;
        }
    }
    return hits;
}

/* --- sums ------------------------------------------------------------------------------------------------------------------------- */

static double amount(const cell *c)
{
    return c->type == PT_TYPE_NUMBER ? c->number : (double)c->i64;
}

static cell of_amount(pt_type type, double v)
{
    if (type == PT_TYPE_NUMBER)
        return naive_number(v);
    return fabs(v) < 0x1p63 ? naive_i64(type, (__int128)round(v)) : cell_missing(type);
}

static cell weighted(const pt_agg *agg, pt_type type, const hit *h, size_t n)
{
    long double weights = 0, products = 0;

    for (size_t i = 0; i < n; i++) {
        weights += (long double)h[i].weight;
        if (agg->value)
            products += (long double)(h[i].weight * amount(&h[i].value));
    }
    if (agg->fn == PT_AGG_COUNT)
        return naive_number((double)weights);
    if (agg->fn == PT_AGG_SUM)
        return of_amount(type, (double)products);
    return (double)weights > 0 ? of_amount(type, (double)products / (double)weights) : cell_missing(type);
}

static cell sum_or_mean(const pt_agg *agg, pt_type type, const hit *h, size_t n)
{
    long double numbers = 0;
    __int128 exact = 0;

    if (agg->fn == PT_AGG_AVG && n == 0)
        return cell_missing(type);
    for (size_t i = 0; i < n; i++) {
        numbers += (long double)h[i].value.number;
        exact += h[i].value.i64;
    }
    if (type == PT_TYPE_NUMBER)
        return naive_number(agg->fn == PT_AGG_AVG ? (double)numbers / (double)n : (double)numbers);
    if (agg->fn == PT_AGG_SUM)
        return naive_i64(type, exact);
    /* half away from zero: (2s + n) / 2n of the magnitude */
    __int128 size = exact < 0 ? -exact : exact, mean = (2 * size + (__int128)n) / (2 * (__int128)n);
    return naive_i64(type, exact < 0 ? -mean : mean);
}

static cell extreme(const pt_agg *agg, pt_type type, const hit *h, size_t n)
{
    cell best = cell_missing(type);

    for (size_t i = 0; i < n; i++) {
        int order = best.missing ? 0 : naive_compare(&h[i].value, &best);
        if (best.missing || (agg->fn == PT_AGG_MIN ? order < 0 : order > 0))
            best = h[i].value;
    }
    return best;
}

/* --- different values ---------------------------------------------------------------------------------------------------------------- */

typedef struct group {
    cell value;
    double total;
    size_t last; /* the order of its last event */
} group;

static group *find_groups(naive *n, const hit *h, size_t n_hits, size_t *count)
{
    group *groups = PT_NEW_ARRAY(n->arena, group, n_hits);

    *count = 0;
    for (size_t i = 0; i < n_hits; i++) {
        size_t k = 0;
        while (k < *count && naive_compare(&groups[k].value, &h[i].value) != 0)
            k++;
        if (k == *count)
            groups[(*count)++].value = h[i].value;
        groups[k].total += h[i].weight;
        groups[k].last = h[i].order;
    }
    return groups;
}

static int heavier(const void *a, const void *b)
{
    const group *x = a, *y = b;

    if (x->total != y->total)
        return x->total > y->total ? -1 : 1;
    return x->last > y->last ? -1 : 1;
}

static cell list_of(naive *n, pt_type type, const group *g, size_t count, size_t most)
{
    cell c = {
        .type = type, .items = PT_NEW_ARRAY(n->arena, pt_sv, count), .weights = PT_NEW_ARRAY(n->arena, double, count)};

    for (size_t i = 0; i < count && c.n < most; i++) {
        if (type == PT_TYPE_WEIGHTED && !(g[i].total > 0))
            continue;
        c.items[c.n] = g[i].value.text;
        c.weights[c.n++] = g[i].total;
    }
    return c;
}

static cell different(naive *n, const pt_agg *agg, pt_type type, const hit *h, size_t n_hits)
{
    size_t count;
    group *groups = find_groups(n, h, n_hits, &count);

    if (agg->fn == PT_AGG_DISTINCT)
        return naive_number((double)count);
    if (agg->fn == PT_AGG_VALUES)
        return list_of(n, type, groups, count, SIZE_MAX);
    if (count)
        qsort(groups, count, sizeof *groups, heavier);
    if (agg->fn == PT_AGG_TOP)
        return list_of(n, type, groups, count, agg->k);
    return count && groups[0].total > 0 ? groups[0].value : cell_missing(type);
}

/* --- distributions --------------------------------------------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    return naive_compare(&((const hit *)a)->value, &((const hit *)b)->value);
}

static cell quantile(const pt_agg *agg, pt_type type, hit *h, size_t n)
{
    double q = agg->fn == PT_AGG_MEDIAN ? 0.5 : agg->q, at, part;

    if (!n)
        return cell_missing(type);
    qsort(h, n, sizeof *h, by_value);
    at = (double)(n - 1) * q;
    const cell *low = &h[(size_t)at].value, *high = (size_t)at + 1 < n ? &h[(size_t)at + 1].value : low;
    part = at - floor(at);
    if (type == PT_TYPE_NUMBER)
        return naive_number(part == 0 ? low->number : low->number + part * (high->number - low->number));
    /* Random amounts are small and q a few bits long: a long double holds every step exactly. */
    long double exact = (long double)low->i64 + (long double)part * (long double)(high->i64 - low->i64);
    return naive_i64(type, (__int128)roundl(exact));
}

static cell deviation(const hit *h, size_t n)
{
    long double mean = 0, squares = 0;

    if (n < 2)
        return cell_missing(PT_TYPE_NUMBER);
    for (size_t i = 0; i < n; i++)
        mean += (long double)h[i].value.number;
    mean /= (long double)n;
    for (size_t i = 0; i < n; i++)
        squares += ((long double)h[i].value.number - mean) * ((long double)h[i].value.number - mean);
    return naive_number((double)sqrtl(squares / (long double)(n - 1)));
}

/* --- time ---------------------------------------------------------------------------------------------------------------------------- */

static cell slope(const long double *x, const long double *y, size_t n)
{
    long double mx = 0, my = 0, xx = 0, xy = 0;

    for (size_t i = 0; i < n; i++) {
        mx += x[i] / (long double)n;
        my += y[i] / (long double)n;
    }
    for (size_t i = 0; i < n; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        xy += (x[i] - mx) * (y[i] - my);
    }
    return naive_number((double)(xy / xx));
}

static cell trend_of_value(naive *n, const hit *h, size_t count)
{
    long double *x = PT_NEW_ARRAY(n->arena, long double, count), *y = PT_NEW_ARRAY(n->arena, long double, count);

    if (!count || h[0].event->time == h[count - 1].event->time)
        return cell_missing(PT_TYPE_NUMBER);
    for (size_t i = 0; i < count; i++) {
        x[i] = (long double)(h[i].event->time - h[0].event->time) / (long double)PT_DAY;
        y[i] = (long double)h[i].value.number;
    }
    return slope(x, y, count);
}

static cell trend_of_count(naive *n, const pt_agg *agg, const hit *h, size_t count)
{
    __int128 first, last, days;
    long double *x, *y;

    window_span(n, &agg->window, &first, &last);
    days = last >= first ? (last - first + 1) / PT_DAY : 0;
    if (days < 2)
        return cell_missing(PT_TYPE_NUMBER);
    x = PT_NEW_ARRAY(n->arena, long double, (size_t)days);
    y = PT_NEW_ARRAY(n->arena, long double, (size_t)days);
    for (size_t p = 0; p < (size_t)days; p++)
        x[p] = (long double)p;
    for (size_t i = 0; i < count; i++) {
        __int128 age = (last - h[i].event->time) / PT_DAY;
        if (age < days)
            y[(size_t)(days - 1 - age)]++;
    }
    return slope(x, y, (size_t)days);
}

static bool has_date(naive *n, const hit *h, size_t count, int32_t date)
{
    for (size_t i = 0; i < count; i++)
        if (pt_zone_date(n->data->zone, h[i].event->time) == date)
            return true;
    return false;
}

static cell days(naive *n, const pt_agg *agg, const hit *h, size_t count)
{
    size_t different_days = 0, longest = 0;

    for (size_t i = 0; i < count; i++) {
        int32_t date = pt_zone_date(n->data->zone, h[i].event->time);
        size_t length = 1;
        different_days += !has_date(n, h, i, date);
        while (has_date(n, h, count, date + (int32_t)length))
            length++;
        longest = length > longest ? length : longest;
    }
    return naive_number((double)(agg->fn == PT_AGG_DAYS ? different_days : longest));
}

static cell gap(const hit *h, size_t count)
{
    size_t times = 0;

    for (size_t i = 0; i < count; i++)
        times += i == 0 || h[i].event->time != h[i - 1].event->time;
    if (times < 2)
        return cell_missing(PT_TYPE_NUMBER);
    return naive_number((double)(h[count - 1].event->time - h[0].event->time) / (double)(times - 1) / (double)PT_DAY);
}

/* --- all together ----------------------------------------------------------------------------------------------------------------------- */

cell naive_aggregate(naive *n, const pt_node *node)
{
    const pt_agg *agg = node->u.agg;
    size_t count;
    hit *h = find_hits(n, agg, &count);
    bool weights = agg->weight || agg->half_life;

    switch (agg->fn) {
    case PT_AGG_COUNT: return weights ? weighted(agg, node->type, h, count) : naive_number((double)count);
    case PT_AGG_SUM:
    case PT_AGG_AVG: return (weights ? weighted : sum_or_mean)(agg, node->type, h, count);
    case PT_AGG_MIN:
    case PT_AGG_MAX: return extreme(agg, node->type, h, count);
    case PT_AGG_FIRST: return count ? h[0].value : cell_missing(node->type);
    case PT_AGG_LAST: return count ? h[count - 1].value : cell_missing(node->type);
    case PT_AGG_DISTINCT:
    case PT_AGG_VALUES:
    case PT_AGG_MODE:
    case PT_AGG_TOP: return different(n, agg, node->type, h, count);
    case PT_AGG_MEDIAN:
    case PT_AGG_QUANTILE: return quantile(agg, node->type, h, count);
    case PT_AGG_STDDEV: return deviation(h, count);
    case PT_AGG_DAYS:
    case PT_AGG_STREAK: return days(n, agg, h, count);
    case PT_AGG_GAP: return gap(h, count);
    case PT_AGG_TREND: return agg->value ? trend_of_value(n, h, count) : trend_of_count(n, agg, h, count);
    case PT_AGG_DID:
    case PT_AGG_DID_NOT: return (cell){.type = PT_TYPE_BOOL, .boolean = (count > 0) == (agg->fn == PT_AGG_DID)};
    case PT_AGG_COUNT_: break;
    }
    test_fail(__FILE__, __LINE__, "unknown aggregate");
}

/* --- sequences --------------------------------------------------------------------------------------------------------------------------- */

static bool is_step(naive *n, const pt_seq *seq, uint32_t step, const data_event *e)
{
    naive at = {n->data, n->module, n->customer, e, n->arena};

    if (e->customer != n->customer || e->time == PT_I64_MISSING || !in_window(n, &seq->window, e->time))
        return false;
    if (!seq->steps[step].where)
        return true;
    cell where = naive_node(&at, seq->steps[step].where);
    return !where.missing && where.boolean;
}

/* The most steps from `step` on that can follow an event at `last`, all before begin + within: every choice is tried. */
static uint32_t follow(naive *n, const pt_seq *seq, uint32_t step, int64_t begin, int64_t last)
{
    const data_source *s;
    uint32_t best = 0;

    if (step == seq->n_steps)
        return 0;
    s = &n->data->sources[seq->steps[step].source];
    for (size_t i = 0; i < s->n && best < seq->n_steps - step; i++) {
        const data_event *e = &s->events[i];
        if (!is_step(n, seq, step, e) || (step && (e->time <= last || e->time - begin > seq->within)))
            continue;
        uint32_t more = 1 + follow(n, seq, step + 1, step ? begin : e->time, e->time);
        best = more > best ? more : best;
    }
    return best;
}

cell naive_sequence(naive *n, const pt_node *node)
{
    uint32_t depth = follow(n, node->u.seq, 0, 0, 0);

    if (node->kind == PT_NODE_FUNNEL)
        return naive_number(depth);
    return (cell){.type = PT_TYPE_BOOL, .boolean = depth == node->u.seq->n_steps};
}
