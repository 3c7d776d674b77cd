/* Dates and instants one by one: stand-ins, the future, lost times of day, impossible birthdays, order. */
#include "quality/quality_int.h"

static bool is_time(const pt_quality_column *c)
{
    return c->type == PT_TYPE_DATE || c->type == PT_TYPE_INSTANT;
}

/* --- local days ----------------------------------------------------------------------------------------------------- */

/* The larger of the year's two offsets: midnight of either then falls into its own day. */
static int64_t offset_us(const quality_job *j)
{
    const pt_zone *zone = j->x->project->zone ? j->x->project->zone : pt_zone_utc();
    int32_t now = pt_zone_offset(zone, j->x->as_of), other = pt_zone_offset(zone, j->x->as_of - 182 * PT_DAY);

    return (now > other ? now : other) * PT_SECOND;
}

const char *quality_day_sql(quality_job *j, const char *instant)
{
    return quality_condition(j, -1, "((epoch_us(%s) + %lld) // 86400000000)", instant, (long long)offset_us(j));
}

const char *quality_day_text(quality_job *j, double day)
{
    char text[40];
    const char *copy;

    if (!(day >= PT_DATE_MIN && day <= PT_DATE_MAX))
        return "";
    copy = pt_arena_strdup(j->x->arena, pt_date_format(text, (int32_t)day));
    j->nomem |= !copy;
    return copy ? copy : "";
}

/* The column as local day number. */
static const char *day_of(quality_job *j, int column)
{
    const pt_quality_column *c = &j->s->columns[column];

    if (c->type == PT_TYPE_DATE)
        return quality_condition(j, column, "(` - DATE '1970-01-01')");
    return quality_day_sql(j, quality_name(j, c->sql));
}

static double day_measure(const quality_job *j, int column, pt_measure m)
{
    const pt_quality_column *c = &j->s->columns[column];

    return c->type == PT_TYPE_DATE ? c->measures[m] : floor((c->measures[m] + (double)offset_us(j) / 1e6) / 86400);
}

/* --- stand-ins ------------------------------------------------------------------------------------------------------ */

/* What programs write for "no date": year 1 and 9999, the first days of Excel, SQL Server, Windows and Unix. */
static const int32_t stand_ins[][3] = {{1, 1, 1},      {1753, 1, 1}, {1899, 12, 30}, {1899, 12, 31},
                                       {1900, 1, 1},   {1601, 1, 1}, {1970, 1, 1},   {2099, 12, 31},
                                       {9999, 12, 31}, {9999, 1, 1}, {2999, 12, 31}};

static void suspect_stand_ins(quality_job *j, int column)
{
    const char *day = day_of(j, column);
    double low = day_measure(j, column, PT_MEASURE_MIN), high = day_measure(j, column, PT_MEASURE_MAX);

    for (size_t i = 0; i < PT_COUNT(stand_ins); i++) {
        int32_t date = pt_date_from_civil(stand_ins[i][0], stand_ins[i][1], stand_ins[i][2]);
        /* the first day of Unix is an ordinary birthday, unless nothing is earlier */
        bool extreme = date == low || date == high;
        if (date < low || date > high || (date == 0 && !extreme))
            continue;
        quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_SENTINEL,
                                                 .column = column,
                                                 .most = 0.95,
                                                 .at_least = date == 0 ? 5 : 1,
                                                 .detail = quality_day_text(j, date),
                                                 .sql = quality_condition(j, -1, "%s = %d", day, date)});
    }
}

static bool may_be_future(const char *name)
{
    return quality_is_called(name, "expire expires expiry expiration due end until valid plan planned next deadline to "
                                   "到期 截止 有效期 失效 计划 预计 结束");
}

static void suspect_future(quality_job *j, int column)
{
    const pt_quality_column *c = &j->s->columns[column];
    const pt_zone *zone = j->x->project->zone ? j->x->project->zone : pt_zone_utc();
    int32_t today = pt_zone_date(zone, j->x->now);
    double last = day_measure(j, column, PT_MEASURE_MAX);

    if (!(last > today + 1) || may_be_future(c->name))
        return;
    quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_FUTURE,
                                             .column = column,
                                             .most = 1,
                                             .detail = quality_day_text(j, last),
                                             .sql = quality_condition(j, -1, "%s > %d", day_of(j, column), today + 1)});
}

static void suspect_birthdays(quality_job *j, int column)
{
    const pt_zone *zone = j->x->project->zone ? j->x->project->zone : pt_zone_utc();
    int32_t today = pt_zone_date(zone, j->x->as_of);

    if (quality_is_called(j->s->columns[column].name, "birthday birth_date birthdate date_of_birth dob 生日 出生日期"))
        quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_IMPLAUSIBLE_BIRTH,
                                                 .column = column,
                                                 .most = 0.9,
                                                 .sql = quality_condition(j, -1, "%s NOT BETWEEN %d AND %d",
                                                                          day_of(j, column), today - 43830, today)});
}

/* Times that only some rows have. */
static void suspect_midnight(quality_job *j, int column)
{
    const pt_quality_column *c = &j->s->columns[column];
    const pt_zone *zone = j->x->project->zone ? j->x->project->zone : pt_zone_utc();
    long long a = pt_zone_offset(zone, j->x->as_of), b = pt_zone_offset(zone, j->x->as_of - 182 * PT_DAY);

    if (c->type != PT_TYPE_INSTANT || !(c->measures[PT_MEASURE_DISTINCT] >= 50))
        return;
    quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_MIDNIGHT,
                                             .column = column,
                                             .least = 0.005,
                                             .most = 0.6,
                                             .at_least = 5,
                                             .sql = quality_condition(
                                                 j, column,
                                                 "((epoch_us(`) + %lld000000) %% 86400000000 = 0 OR (epoch_us(`) + "
                                                 "%lld000000) %% 86400000000 = 0)",
                                                 a, b)});
}

/* --- far from all others ---------------------------------------------------------------------------------------------- */

/* Days further from the middle 99 of 100 rows than these span themselves, and than a year. */
static pt_rc try_isolated(quality_job *j, int column, pt_err *err)
{
    const char *day = day_of(j, column);
    double ends[2] = {NAN, NAN};
    pt_sql q = {0};

    if (!(j->s->columns[column].measures[PT_MEASURE_FILLED] >= 200))
        return PT_OK;
    pt_str_addf(&q.text, "SELECT l[1]::DOUBLE, l[2]::DOUBLE FROM (SELECT quantile_disc(%s, [0.005, 0.995]) AS l", day);
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(&q, ")");
    pt_rc rc = quality_query_row(ends, 2, j->x->conn, &q, err);
    pt_sql_free(&q);
    double span = ends[1] - ends[0] > 365 ? ends[1] - ends[0] : 365;
    double low = day_measure(j, column, PT_MEASURE_MIN), high = day_measure(j, column, PT_MEASURE_MAX);
    if (rc != PT_OK || isnan(span) || (low >= ends[0] - span && high <= ends[1] + span))
        return rc;
    quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_ISOLATED_TIME,
                                             .column = column,
                                             .most = 0.01,
                                             .detail = quality_day_text(j, low < ends[0] - span ? low : high),
                                             .sql = quality_condition(j, -1, "%s NOT BETWEEN %.0f AND %.0f", day,
                                                                      ends[0] - span, ends[1] + span)});
    return rc;
}

/* One day that holds far more rows than any other: what an import wrote where it knew nothing. */
static pt_rc try_default(quality_job *j, int column, pt_err *err)
{
    const pt_quality_column *c = &j->s->columns[column];
    double top[3] = {NAN, 0, 0};
    pt_sql q = {0};

    if (strcmp(c->sql, "_time") == 0 || !(c->measures[PT_MEASURE_FILLED] >= 200) ||
        !(c->measures[PT_MEASURE_DISTINCT] >= 50))
        return PT_OK;
    pt_str_addf(&q.text, "SELECT d::DOUBLE, n, lead(n) OVER (ORDER BY n DESC) FROM (SELECT %s AS d, count(*) AS n",
                day_of(j, column));
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(&q, quality_condition(j, column, "AND ` IS NOT NULL GROUP BY d) ORDER BY n DESC LIMIT 1"));
    pt_rc rc = quality_query_row(top, 3, j->x->conn, &q, err);
    pt_sql_free(&q);
    if (rc == PT_OK && top[1] >= 0.05 * c->measures[PT_MEASURE_FILLED] && top[1] > 10 * top[2])
        quality_suspect_add(j,
                            (quality_suspect){.kind = PT_FINDING_DEFAULT_VALUE,
                                              .column = column,
                                              .most = 1,
                                              .detail = quality_day_text(j, top[0]),
                                              .sql = quality_condition(j, -1, "%s = %.0f", day_of(j, column), top[0])});
    return rc;
}

/* --- order ------------------------------------------------------------------------------------------------------------ */

enum { MOST_TIMES = 6 };

/* A pair of times of which one is the earlier in nearly all rows. */
static void suspect_order(quality_job *j, int a, int b)
{
    const pt_quality_column *columns = j->s->columns;
    const char *first = quality_name(j, columns[a].sql), *second = quality_name(j, columns[b].sql);

    if (columns[a].type != columns[b].type || columns[a].identifier || columns[b].identifier)
        return;
    quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_TIME_ORDER,
                                             .column = a,
                                             .most = 0.02,
                                             .detail = columns[b].name,
                                             .sql = quality_condition(j, -1, "%s > %s", first, second)});
}

static void suspect_orders(quality_job *j)
{
    int times[MOST_TIMES];
    int n = 0;

    for (size_t i = 0; i < j->s->n_columns && n < MOST_TIMES; i++)
        if (is_time(&j->s->columns[i]) && j->s->columns[i].measures[PT_MEASURE_FILLED] > 0)
            times[n++] = (int)i;
    for (int a = 0; a < n; a++)
        for (int b = 0; b < n; b++)
            if (a != b)
                suspect_order(j, times[a], times[b]);
}

/* Rows of the source later than now: the as-of keeps them out of all else. */
static pt_rc try_future_rows(quality_job *j, pt_err *err)
{
    double n[2] = {0, NAN};
    char text[40];
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT count(*), max(epoch_us(_time))::DOUBLE FROM clean.");
    pt_sql_ident(&q, j->x->project->sources[j->s->source].name);
    pt_sql_kw(&q, "WHERE _time > CAST(");
    pt_sql_text(&q, pt_sv_of(pt_instant_format(text, j->x->now + PT_DAY, pt_zone_utc())));
    pt_sql_kw(&q, "AS TIMESTAMPTZ)");
    pt_rc rc = quality_query_row(n, 2, j->x->conn, &q, err);
    if (rc == PT_OK && n[0] > 0) {
        pt_quality_finding *f = quality_add(j, PT_FINDING_FUTURE, 0);
        f->rows = (uint64_t)n[0];
        f->of = j->s->rows + f->rows;
        f->detail = quality_day_text(j, floor(n[1] / 86400e6));
        const char *from = strstr(pt_str_cstr(&q.text), "FROM clean.");
        pt_sql rows = {0};
        pt_str_addf(&rows.text, "SELECT _file, _row, _time AS v %s", from);
        rc = quality_examples_of(j, f, false, &rows, err);
        pt_sql_free(&rows);
    }
    pt_sql_free(&q);
    return rc;
}

pt_rc quality_times(quality_job *j, pt_err *err)
{
    if (j->s->n_columns && strcmp(j->s->columns[0].sql, "_time") == 0)
        PT_TRY(try_future_rows(j, err));
    for (size_t i = 0; i < j->s->n_columns; i++) {
        pt_quality_column *c = &j->s->columns[i];
        if (!is_time(c) || !(c->measures[PT_MEASURE_FILLED] > 0))
            continue;
        suspect_stand_ins(j, (int)i);
        suspect_future(j, (int)i);
        suspect_birthdays(j, (int)i);
        suspect_midnight(j, (int)i);
        PT_TRY(try_isolated(j, (int)i, err));
        PT_TRY(try_default(j, (int)i, err));
    }
    suspect_orders(j);
    return quality_suspects_try(j, err);
}
