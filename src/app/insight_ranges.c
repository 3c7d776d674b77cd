/* Numbers as ranges: about ten that hold equally many customers, at bounds that read well. */
#include <stdlib.h>

#include "app/insight_int.h"
#include "base/compare.h"

enum { RANGES = 10, EACH_VALUE = 12 }; /* tags of fewer values have a range for each */

double pt_insight_number(const insight_source *s, int64_t key)
{
    return s->column->type == PT_TYPE_NUMBER ? pt_number_of_key(key) : (double)key;
}

/* The first key of values that are at least v; saturated. */
static int64_t key_of(pt_type type, double v)
{
    if (type == PT_TYPE_NUMBER)
        return pt_key_of_number(v);
    v = ceil(v);
    return v <= -9.2e18 ? INT64_MIN + 1 : v >= 9.2e18 ? INT64_MAX : (int64_t)v;
}

/* --- round numbers ---------------------------------------------------------------------------------------------------------- */

/* The largest of 1, 2, 5 times a power of ten times `unit` that is at most `most`; `unit` when that is larger. Without a unit
 * (0) any power of ten will do. */
static double step_below(double most, double unit)
{
    double scale = unit > 0 ? unit : 1;

    if (!(most > unit))
        return unit;
    double step = scale * pow(10, floor(log10(most / scale)));
    return step * 5 <= most ? step * 5 : step * 2 <= most ? step * 2 : step;
}

static double step_of_time(double most)
{
    static const double spans[] = {86400e6, 6 * 3600e6, 3600e6, 600e6, 60e6, 1e6};

    for (size_t i = 0; i < PT_COUNT(spans); i++)
        if (spans[i] <= most)
            return most >= 2 * spans[0] ? step_below(most, spans[0]) : spans[i];
    return step_below(most, 1);
}

/* The nearest first day of a year, a quarter or a month where `most` days allow it; else the day. */
static double round_day(double day, double most)
{
    int32_t months = most >= 366 ? 12 : most >= 92 ? 3 : most >= 31 ? 1 : 0, year, month, unused;

    if (!months || fabs(day) > 2e6)
        return round(day);
    pt_date_to_civil(&year, &month, &unused, (int32_t)llround(day) + months * 15);
    return pt_date_from_civil(year, (month - 1) / months * months + 1, 1);
}

/* v as a number that reads well and lies at most `off` away. */
static double round_edge(const insight_source *s, const pt_zone *zone, double v, double off)
{
    pt_type type = s->column->type;
    double step;

    if (type == PT_TYPE_DATE)
        return round_day(v, 2 * off);
    if (type == PT_TYPE_INSTANT && 2 * off >= (double)PT_DAY && fabs(v) < 1e17)
        return (double)pt_zone_midnight(
            zone, (int32_t)round_day((double)pt_zone_date(zone, (int64_t)v), 2 * off / (double)PT_DAY));
    if (type == PT_TYPE_INSTANT || type == PT_TYPE_DURATION)
        step = step_of_time(2 * off);
    else
        step = step_below(2 * off, type == PT_TYPE_MONEY ? (double)PT_MONEY_UNIT / 100 : s->whole ? 1 : 0);
    return step > 0 ? round(v / step) * step : v;
}

/* --- edges ------------------------------------------------------------------------------------------------------------------ */

static bool all_whole(const insight_source *s, const pt_coding *g)
{
    if (s->column->type != PT_TYPE_NUMBER)
        return s->column->type == PT_TYPE_DATE;
    for (uint32_t c = 0; c < g->n; c++) {
        double v = pt_number_of_key(g->lows[c]);
        if (g->lows[c] != g->highs[c] || v != floor(v) || fabs(v) > 1e15)
            return false;
    }
    return true;
}

static void edges_of_each(insight_source *s, int64_t *edges, const pt_coding *g)
{
    for (uint32_t c = 1; c < g->n; c++)
        edges[s->n_edges++] = g->lows[c];
}

/* The value below which a share of i of RANGES of all customers lie, from the lows of the codes. */
static void find_shares(double *values, const insight_source *s, const pt_coding *g)
{
    const uint64_t *counts = pt_tagindex_counts(s->index);
    uint64_t all = 0, below = 0;
    size_t i = 0;

    for (uint32_t c = 1; c <= g->n; c++)
        all += counts[c];
    for (uint32_t c = 1; c <= g->n && i <= RANGES; c++) {
        for (below += counts[c]; i <= RANGES && below * RANGES >= i * all && below > 0; i++)
            values[i] = pt_insight_number(s, g->lows[c - 1]);
    }
    values[RANGES] = pt_insight_number(s, g->highs[g->n - 1]);
}

/* A value that a tenth of all have, such as 0, is a range of its own. */
static size_t edges_of_heavy(int64_t *edges, const insight_source *s, const pt_coding *g)
{
    const uint64_t *counts = pt_tagindex_counts(s->index);
    uint64_t all = 0;
    size_t n = 0;

    for (uint32_t c = 1; c <= g->n; c++)
        all += counts[c];
    for (uint32_t c = 0; c < g->n; c++)
        if (g->lows[c] == g->highs[c] && counts[c + 1] * RANGES >= all) {
            edges[n++] = g->lows[c];
            edges[n++] = s->whole && c + 1 < g->n ? g->lows[c + 1] : g->lows[c] + 1;
        }
    return n;
}

static size_t edges_of_shares(int64_t *edges, const insight_source *s, const pt_coding *g, const pt_zone *zone)
{
    double values[RANGES + 1] = {0};
    size_t n = 0;

    find_shares(values, s, g);
    for (size_t i = 1; i < RANGES; i++) {
        double gap = (double)INFINITY; /* to the nearest other share */
        for (size_t k = 0; k <= RANGES; k++)
            if (values[k] != values[i])
                gap = fmin(gap, fabs(values[k] - values[i]));
        double edge = isinf(gap) ? values[i] : round_edge(s, zone, values[i], gap / 4);
        edges[n++] = key_of(s->column->type, edge);
    }
    return n;
}

/* In order, each once, each with customers on both sides. */
static size_t tidy(int64_t *edges, size_t n, const pt_coding *g)
{
    size_t kept = 0;

    qsort(edges, n, sizeof *edges, pt_compare_i64);
    for (size_t i = 0; i < n; i++)
        if (edges[i] > g->lows[0] && edges[i] <= g->highs[g->n - 1] && (kept == 0 || edges[i] > edges[kept - 1]))
            edges[kept++] = edges[i];
    return kept;
}

pt_rc pt_insight_ranges(insight_source *s, const insight_run *r, pt_err *err)
{
    const pt_coding *g = pt_tagindex_coding(s->index);
    int64_t *edges = PT_NEW_ARRAY(r->arena, int64_t, 3 * RANGES + EACH_VALUE);

    if (!edges)
        return pt_fail_nomem(err, "an insight");
    s->edges = edges;
    for (uint32_t c = 0; c < g->n; c++)
        s->spread |= g->lows[c] != g->highs[c];
    s->whole = all_whole(s, g);
    if (g->n <= EACH_VALUE && !s->spread)
        edges_of_each(s, edges, g);
    else if (g->n) {
        s->n_edges = edges_of_heavy(edges, s, g);
        s->n_edges += edges_of_shares(edges + s->n_edges, s, g, r->query->view->project->zone);
        s->n_edges = tidy(edges, s->n_edges, g);
    }
    return PT_OK;
}
