#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/chances.h"
#include "base/compare.h"
#include "model/newton.h"
#include "model/survival_int.h"

pt_rc pt_spans_check(const pt_spans *s, pt_err *err)
{
    if (s->n == 0)
        return pt_fail(err, PT_EINVAL, "there is nobody to watch");
    if (s->n >= UINT32_MAX)
        return pt_fail(err, PT_EINVAL, "too many rows for a survival curve");
    for (size_t i = 0; i < s->n; i++)
        if (!(s->time[i] >= 0) || !isfinite(s->time[i]))
            return pt_fail(err, PT_EINVAL, "row %zu was watched for a time that is missing, negative or endless", i);
    return PT_OK;
}

static int by_time(const void *a, const void *b)
{
    const watched *x = a, *y = b;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

watched *survival_sort(const pt_spans *s, const uint32_t *rows, size_t n)
{
    watched *w = pt_alloc64(n + 1, sizeof *w);

    for (size_t i = 0; w && i < n; i++) {
        uint32_t row = rows ? rows[i] : (uint32_t)i;
        w[i] = (watched){s->time[row], row, s->happened[row]};
    }
    if (w)
        qsort(w, n, sizeof *w, by_time);
    return w;
}

/* --- the curve --------------------------------------------------------------------------------------------------------------- */

static size_t count_event_times(const watched *w, size_t n)
{
    double last = -1;
    size_t times = 0;

    for (size_t i = 0; i < n; i++)
        if (w[i].happened && w[i].time != last) {
            times++;
            last = w[i].time;
        }
    return times;
}

/* The interval of S at variance v of its relative error: on the scale of ln(-ln S). */
static void log_log_interval(double *low, double *high, double survival, double variance)
{
    if (!(survival > 0) || !(survival < 1)) {
        *low = *high = survival;
        return;
    }
    double width = PT_Z95 * sqrt(variance) / log(survival);

    *low = pow(survival, exp(-width)); /* the logarithm is negative */
    *high = pow(survival, exp(width));
}

pt_rc pt_kaplan_meier(pt_survival_curve *out, const pt_spans *spans, const uint32_t *rows, size_t n_rows,
                      pt_arena *arena, pt_err *err)
{
    size_t n = rows ? n_rows : spans->n;
    double *fields[6], survival = 1, variance = 0;

    *out = (pt_survival_curve){0};
    PT_TRY(pt_spans_check(spans, err));
    watched *w = survival_sort(spans, rows, n);
    if (!w)
        return pt_fail_nomem(err, "a survival curve");
    size_t times = count_event_times(w, n), at = 0;
    for (size_t f = 0; f < PT_COUNT(fields); f++)
        if (!(fields[f] = PT_NEW_ARRAY(arena, double, times))) {
            free(w);
            return pt_fail_nomem(err, "a survival curve");
        }
    for (size_t i = 0, next; i < n; i = next) {
        double events = 0, at_risk = (double)(n - i);
        for (next = i; next < n && w[next].time == w[i].time; next++)
            events += w[next].happened;
        if (events == 0)
            continue;
        survival *= 1 - events / at_risk;
        variance += at_risk > events ? events / (at_risk * (at_risk - events)) : 0;
        fields[0][at] = w[i].time;
        fields[1][at] = at_risk;
        fields[2][at] = events;
        fields[3][at] = survival;
        log_log_interval(&fields[4][at], &fields[5][at], survival, variance);
        at++;
    }
    free(w);
    *out = (pt_survival_curve){times, fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]};
    return PT_OK;
}

double pt_survival_quantile(const pt_survival_curve *c, double share)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->survival[i] <= 1 - share + 1e-12)
            return c->time[i];
    return INFINITY;
}

double pt_survival_at(const pt_survival_curve *c, double time)
{
    size_t passed = pt_count_up_to(c->time, c->n, time);

    return passed ? c->survival[passed - 1] : 1;
}

/* --- do groups differ? ------------------------------------------------------------------------------------------------------- */

typedef struct comparison {
    size_t n;
    double at_risk[PT_LOG_RANK_MOST], events[PT_LOG_RANK_MOST];
    double observed[PT_LOG_RANK_MOST], expected[PT_LOG_RANK_MOST];
    double variance[PT_LOG_RANK_MOST * PT_LOG_RANK_MOST];
} comparison;

/* One time: events among those at risk, as a draw without replacement. */
static void add_time(comparison *c, double all, double events)
{
    double spread = all > 1 ? events * (all - events) / (all - 1) : 0;

    for (size_t g = 0; g < c->n; g++) {
        double share = c->at_risk[g] / all;
        c->observed[g] += c->events[g];
        c->expected[g] += events * share;
        for (size_t h = 0; h <= g; h++)
            c->variance[g * c->n + h] += spread * share * ((g == h) - c->at_risk[h] / all);
        c->events[g] = 0;
    }
}

/* The differences against their covariance; the last group's follows from the others. Groups that are never at risk of an event when
 * somebody else is too do not count. */
static void compare(pt_log_rank *out, comparison *c)
{
    size_t used[PT_LOG_RANK_MOST], n = 0;
    double d[PT_LOG_RANK_MOST], factor[PT_LOG_RANK_MOST * PT_LOG_RANK_MOST];

    for (size_t g = 0; g < c->n; g++)
        if (c->variance[g * c->n + g] > 0)
            used[n++] = g;
    *out = (pt_log_rank){NAN, NAN, n > 0 ? n - 1 : 0};
    if (n < 2)
        return;
    n--;
    for (size_t i = 0; i < n; i++) {
        d[i] = c->observed[used[i]] - c->expected[used[i]];
        for (size_t k = 0; k <= i; k++)
            factor[i * n + k] = c->variance[used[i] * c->n + used[k]];
    }
    if (!pt_cholesky(factor, n))
        return;
    double kept[PT_LOG_RANK_MOST];
    memcpy(kept, d, n * sizeof *d);
    pt_cholesky_solve(factor, n, d);
    out->statistic = 0;
    for (size_t i = 0; i < n; i++)
        out->statistic += kept[i] * d[i];
    out->p = pt_chi_square_p(out->statistic, (double)out->freedom);
}

pt_rc pt_log_rank_test(pt_log_rank *out, double *observed, double *expected, const pt_spans *spans,
                       const uint32_t *groups, size_t n_groups, pt_err *err)
{
    PT_TRY(pt_spans_check(spans, err));
    if (n_groups == 0 || n_groups > PT_LOG_RANK_MOST)
        return pt_fail(err, PT_EINVAL, "%zu groups to compare, of at most %d", n_groups, PT_LOG_RANK_MOST);
    comparison *c = pt_zalloc(1, sizeof *c);
    watched *w = survival_sort(spans, NULL, spans->n);
    pt_rc rc = c && w ? PT_OK : pt_fail_nomem(err, "a log-rank test");
    for (size_t i = 0; rc == PT_OK && i < spans->n; i++)
        if (groups[i] >= n_groups)
            rc = pt_fail(err, PT_EINVAL, "row %zu is of group %u, of %zu", i, groups[i], n_groups);
    if (rc == PT_OK) {
        c->n = n_groups;
        for (size_t i = 0; i < spans->n; i++)
            c->at_risk[groups[i]]++;
        for (size_t i = 0, next; i < spans->n; i = next) {
            double events = 0;
            for (next = i; next < spans->n && w[next].time == w[i].time; next++)
                if (w[next].happened) {
                    events++;
                    c->events[groups[w[next].row]]++;
                }
            if (events > 0)
                add_time(c, (double)(spans->n - i), events);
            for (size_t k = i; k < next; k++)
                c->at_risk[groups[w[k].row]]--;
        }
        compare(out, c);
        for (size_t g = 0; g < n_groups; g++) {
            if (observed)
                observed[g] = c->observed[g];
            if (expected)
                expected[g] = c->expected[g];
        }
    }
    free(w);
    free(c);
    return rc;
}
