/* Events day by day: days without rows, days with far fewer or more than usual, columns that are empty for days, a source
 * that has stopped. */
#include <stdlib.h>

#include "base/compare.h"
#include "quality/quality_int.h"

enum { LEAST_DAYS = 20 }; /* below this nothing is usual */

typedef struct day_rows {
    double day, rows;
} day_rows;

typedef struct day_list {
    day_rows *items;
    size_t n, cap;
} day_list;

static pt_rc add_day(void *ctx, const double *values, size_t n, pt_err *err)
{
    day_list *l = ctx;

    (void)n;
    if (!pt_grow(&l->items, &l->cap, l->n + 1, sizeof *l->items))
        return pt_fail_nomem(err, "the quality report");
    l->items[l->n++] = (day_rows){values[0], values[1]};
    return PT_OK;
}

static pt_rc read_days(day_list *out, quality_job *j, pt_err *err)
{
    quality_numbers to = {out, add_day};
    pt_sql q = {0};

    pt_str_addf(&q.text, "SELECT %s::DOUBLE AS d, count(*)", quality_day_sql(j, "_time"));
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(&q, "AND _time IS NOT NULL GROUP BY d ORDER BY d");
    pt_rc rc = quality_query_numbers(j->x->conn, &q, &to, err);
    pt_sql_free(&q);
    return rc;
}

/* The median of the rows of days of one weekday (0 to 6), or of all (-1). */
static double median_rows(const day_list *l, int weekday, double *room)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n; i++)
        if (weekday < 0 || pt_date_weekday((int32_t)l->items[i].day) % 7 == weekday)
            room[n++] = l->items[i].rows;
    qsort(room, n, sizeof *room, pt_compare_doubles);
    return n ? room[n / 2] : 0;
}

/* --- days without rows ---------------------------------------------------------------------------------------------- */

/* Weekdays with rows on most of their days: a shop may be closed on Sundays. */
static void find_open(bool open[7], const day_list *l)
{
    double first = l->items[0].day, last = l->items[l->n - 1].day;
    size_t has[7] = {0}, all[7] = {0};

    for (size_t i = 0; i < l->n; i++)
        has[pt_date_weekday((int32_t)l->items[i].day) % 7]++;
    for (double d = first; d <= last; d++)
        all[pt_date_weekday((int32_t)d) % 7]++;
    for (int w = 0; w < 7; w++)
        open[w] = all[w] >= 3 && (double)has[w] >= 0.85 * (double)all[w];
}

static void find_gaps(quality_job *j, const day_list *l)
{
    bool open[7];
    size_t missing = 0;
    double first = NAN;

    find_open(open, l);
    for (size_t i = 1; i < l->n; i++)
        for (double d = l->items[i - 1].day + 1; d < l->items[i].day; d++)
            if (open[pt_date_weekday((int32_t)d) % 7]) {
                first = missing++ ? first : d;
            }
    if (!missing)
        return;
    pt_quality_finding *f = quality_add(j, PT_FINDING_GAP_DAYS, -1);
    f->rows = missing;
    f->of = (uint64_t)(l->items[l->n - 1].day - l->items[0].day + 1);
    f->figure = (double)missing;
    f->detail = quality_day_text(j, first);
}

/* --- days with odd numbers of rows ------------------------------------------------------------------------------------ */

/* The last day may not be over. */
static void find_odd(quality_job *j, const day_list *l, double *room)
{
    double usual[7], first = NAN;
    size_t odd = 0;

    for (int w = 0; w < 7; w++)
        usual[w] = median_rows(l, w, room);
    for (size_t i = 1; i + 1 < l->n; i++) {
        double u = usual[pt_date_weekday((int32_t)l->items[i].day) % 7], n = l->items[i].rows;
        /* a quarter or five times, and beyond what chance does to small numbers */
        bool is_odd = (n < 0.25 * u && u - n > 6 * sqrt(u)) || (n > 5 * u && n - u > 6 * sqrt(u) + 10);
        first = is_odd && !odd++ ? l->items[i].day : first;
    }
    if (!odd || (double)odd > 0.05 * (double)l->n)
        return;
    pt_quality_finding *f = quality_add(j, PT_FINDING_ODD_DAYS, -1);
    f->rows = odd;
    f->of = l->n;
    f->figure = (double)odd;
    f->detail = quality_day_text(j, first);
}

/* --- a source that has stopped ------------------------------------------------------------------------------------------ */

static void find_stale(quality_job *j, const day_list *l, double *room)
{
    const pt_zone *zone = j->x->project->zone ? j->x->project->zone : pt_zone_utc();
    double lag = (double)pt_zone_date(zone, j->x->as_of) - l->items[l->n - 1].day;

    for (size_t i = 1; i < l->n; i++)
        room[i - 1] = l->items[i].day - l->items[i - 1].day;
    qsort(room, l->n - 1, sizeof *room, pt_compare_doubles);
    double usual = room[(l->n - 1) / 2], longest = room[l->n - 2];
    if (lag <= 7 || lag <= 5 * usual || lag <= 1.5 * longest)
        return;
    pt_quality_finding *f = quality_add(j, PT_FINDING_STALE, -1);
    f->rows = f->of;
    f->figure = lag;
    f->detail = pt_arena_printf(j->x->arena, "%.0f", usual);
    j->nomem |= !f->detail;
}

/* --- columns that are empty for days -------------------------------------------------------------------------------------- */

static pt_rc try_missing_days(quality_job *j, int column, pt_err *err)
{
    const double *m = j->s->columns[column].measures;
    double found[2] = {0, NAN};
    pt_sql q = {0};

    if (!(m[PT_MEASURE_FILLED] >= 0.5 * m[PT_MEASURE_ROWS]) || m[PT_MEASURE_FILLED] == m[PT_MEASURE_ROWS])
        return PT_OK;
    pt_sql_kw(&q, "SELECT count(*) FILTER (WHERE empty), min(d) FILTER (WHERE empty)::DOUBLE FROM (SELECT d, n >= 5 "
                  "AND f <= 0.1 * n"
                  " AS empty FROM (SELECT");
    pt_str_addf(&q.text, "%s AS d, count(*) AS n, count(%s) AS f", quality_day_sql(j, "_time"),
                quality_name(j, j->s->columns[column].sql));
    quality_from(&q, j->x, j->s->source);
    pt_str_addf(&q.text, "GROUP BY d)) HAVING count(*) >= %d AND count(*) FILTER (WHERE empty) <= 0.3 * count(*)",
                LEAST_DAYS);
    pt_rc rc = quality_query_row(found, 2, j->x->conn, &q, err);
    pt_sql_free(&q);
    /* by chance no day is empty where most rows are filled; where half are, five in a row may be */
    if (rc == PT_OK && found[0] > 0 && m[PT_MEASURE_FILLED] >= 0.8 * m[PT_MEASURE_ROWS]) {
        pt_quality_finding *f = quality_add(j, PT_FINDING_MISSING_DAYS, column);
        f->rows = (uint64_t)(m[PT_MEASURE_ROWS] - m[PT_MEASURE_FILLED]);
        f->figure = found[0];
        f->detail = quality_day_text(j, found[1]);
    }
    return rc;
}

/* The part of rows that a day has is told only where there is a time of day by day. */
pt_rc quality_days(quality_job *j, pt_err *err)
{
    const pt_source *s = &j->x->project->sources[j->s->source];
    day_list l = {0};

    if (s->kind != PT_SOURCE_EVENT)
        return PT_OK;
    pt_rc rc = read_days(&l, j, err);
    double *room = rc == PT_OK ? pt_zalloc(l.n + 1, sizeof *room) : NULL;
    if (rc == PT_OK && !room)
        rc = pt_fail_nomem(err, "the quality report");
    if (rc == PT_OK && l.n >= LEAST_DAYS) {
        find_gaps(j, &l);
        find_odd(j, &l, room);
        find_stale(j, &l, room);
    }
    for (size_t i = 0; rc == PT_OK && l.n >= LEAST_DAYS && i < j->s->n_columns; i++)
        rc = try_missing_days(j, (int)i, err);
    free(room);
    free(l.items);
    return rc;
}
