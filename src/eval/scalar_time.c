/* Dates and the clock, in the evaluator's zone. Instants have become local dates by a cast before they come here. */
#include "eval/scalar.h"

typedef struct civil_date {
    int32_t year, month, day;
} civil_date;

static civil_date civil_of(int32_t date)
{
    civil_date c;

    pt_date_to_civil(&c.year, &c.month, &c.day, date);
    return c;
}

/* Full months from `a` to `b`, towards zero: one is full when its day of the month has come. */
static int64_t months_between(int32_t a, int32_t b)
{
    civil_date x = civil_of(a), y = civil_of(b);

    if (b < a)
        return -months_between(b, a);
    return ((int64_t)y.year - x.year) * 12 + y.month - x.month - (y.day < x.day);
}

/* --- numbers from dates --------------------------------------------------------------------------------------------------- */

#define FROM_DATE(name, expression)                               \
    static RUNNER(name)                                           \
    {                                                             \
        const int32_t *a = args[0]->data;                         \
        double *o = slot_room(e, out, n, sizeof *o);              \
        int32_t today = local_date(e, e->as_of);                  \
        (void)op;                                                 \
        (void)today;                                              \
        for (size_t i = 0; o && i < n; i++) {                     \
            int32_t d = a[i];                                     \
            int64_t v = d == PT_I32_MISSING ? 0 : (expression);   \
            o[i] = d == PT_I32_MISSING ? (double)NAN : (double)v; \
        }                                                         \
    }

FROM_DATE(run_days_since, (int64_t)today - d)
FROM_DATE(run_months_since, months_between(d, today))
FROM_DATE(run_years_since, months_between(d, today) / 12)
FROM_DATE(run_year, civil_of(d).year)
FROM_DATE(run_quarter, (civil_of(d).month - 1) / 3 + 1)
FROM_DATE(run_month, civil_of(d).month)
FROM_DATE(run_day, civil_of(d).day)
FROM_DATE(run_weekday, pt_date_weekday(d))

static RUNNER(run_days_between)
{
    const int32_t *a = args[0]->data, *b = args[1]->data;
    double *o = slot_room(e, out, n, sizeof *o);

    (void)op;
    for (size_t i = 0; o && i < n; i++) {
        bool whole = a[i] != PT_I32_MISSING && b[i] != PT_I32_MISSING;
        o[i] = whole ? (double)((int64_t)b[i] - a[i]) : (double)NAN;
    }
}

static RUNNER(run_hour)
{
    const int64_t *a = args[0]->data;
    double *o = slot_room(e, out, n, sizeof *o);

    (void)op;
    for (size_t i = 0; o && i < n; i++) {
        if (a[i] == PT_I64_MISSING) {
            o[i] = (double)NAN;
            continue;
        }
        int32_t date = local_date(e, a[i]);
        int64_t hour = (a[i] + e->stretch.offset - date * PT_DAY) / PT_HOUR;
        o[i] = (double)hour;
    }
}

/* --- dates from dates ------------------------------------------------------------------------------------------------------ */

#define TO_DATE(name, expression)                                     \
    static RUNNER(name)                                               \
    {                                                                 \
        const int32_t *a = args[0]->data;                             \
        int32_t *o = slot_room(e, out, n, sizeof *o);                 \
        (void)op;                                                     \
        for (size_t i = 0; o && i < n; i++) {                         \
            int32_t d = a[i];                                         \
            if (d != PT_I32_MISSING) {                                \
                int32_t start = expression;                           \
                o[i] = date_in_range(start) ? start : PT_I32_MISSING; \
            } else {                                                  \
                o[i] = PT_I32_MISSING;                                \
            }                                                         \
        }                                                             \
    }

TO_DATE(run_week_start, d - (pt_date_weekday(d) - 1))
TO_DATE(run_month_start, d - (civil_of(d).day - 1))
TO_DATE(run_year_start, pt_date_from_civil(civil_of(d).year, 1, 1))

op_run time_runner(pt_fn fn)
{
    switch (fn) {
    case PT_FN_DAYS_SINCE: return run_days_since;
    case PT_FN_MONTHS_SINCE: return run_months_since;
    case PT_FN_YEARS_SINCE: return run_years_since;
    case PT_FN_DAYS_BETWEEN: return run_days_between;
    case PT_FN_YEAR: return run_year;
    case PT_FN_QUARTER: return run_quarter;
    case PT_FN_MONTH: return run_month;
    case PT_FN_DAY: return run_day;
    case PT_FN_WEEKDAY: return run_weekday;
    case PT_FN_HOUR: return run_hour;
    case PT_FN_WEEK_START: return run_week_start;
    case PT_FN_MONTH_START: return run_month_start;
    case PT_FN_YEAR_START: return run_year_start;
    default: return NULL;
    }
}
