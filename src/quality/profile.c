/* Measures of every column of a source in one scan: all aggregates of all columns in one SELECT. */
#include <stdio.h>
#include <stdlib.h>

#include "quality/quality_int.h"

static const char *const measure_names[PT_MEASURE_COUNT] = {
    [PT_MEASURE_ROWS] = "rows",         [PT_MEASURE_FILLED] = "filled",   [PT_MEASURE_DISTINCT] = "distinct",
    [PT_MEASURE_MIN] = "min",           [PT_MEASURE_MAX] = "max",         [PT_MEASURE_MEAN] = "mean",
    [PT_MEASURE_STDDEV] = "stddev",     [PT_MEASURE_P01] = "p01",         [PT_MEASURE_P25] = "p25",
    [PT_MEASURE_MEDIAN] = "median",     [PT_MEASURE_P75] = "p75",         [PT_MEASURE_P99] = "p99",
    [PT_MEASURE_SHORTEST] = "shortest", [PT_MEASURE_LONGEST] = "longest", [PT_MEASURE_SCORE] = "score",
};

const char *pt_measure_name(pt_measure m)
{
    return measure_names[m];
}

bool pt_measure_parse(pt_measure *out, pt_sv name)
{
    for (int m = 0; m < PT_MEASURE_COUNT; m++) {
        if (pt_sv_eq(name, pt_sv_of(measure_names[m]))) {
            *out = (pt_measure)m;
            return true;
        }
    }
    return false;
}

void quality_from(pt_sql *q, const pt_quality_context *x, uint32_t source)
{
    char text[40];

    pt_sql_kw(q, "FROM (SELECT *, _time AS time FROM clean.");
    pt_sql_ident(q, x->project->sources[source].name);
    pt_sql_kw(q, ") WHERE (_time IS NULL OR _time <= CAST(");
    pt_sql_text(q, pt_sv_of(pt_instant_format(text, x->as_of, pt_zone_utc())));
    pt_sql_kw(q, "AS TIMESTAMPTZ))");
}

/* --- columns ------------------------------------------------------------------------------------------------------ */

static pt_rc add_column(pt_quality_source *out, pt_quality_column column, pt_err *err)
{
    if (!column.name || !column.sql)
        return pt_fail_nomem(err, "the quality report");
    for (int m = 0; m < PT_MEASURE_COUNT; m++)
        column.measures[m] = column.earlier[m] = NAN;
    out->columns[out->n_columns++] = column;
    return PT_OK;
}

pt_rc pt_quality_columns(pt_quality_source *out, const pt_quality_context *x, uint32_t source, pt_err *err)
{
    const pt_source *s = &x->project->sources[source];

    *out = (pt_quality_source){.source = source, .score = NAN, .earlier_score = NAN};
    out->columns = PT_NEW_ARRAY(x->arena, pt_quality_column, 1 + s->n_identifiers + s->n_columns);
    if (!out->columns)
        return pt_fail_nomem(err, "the quality report");
    if (s->time)
        PT_TRY(add_column(out, (pt_quality_column){.name = "time", .sql = "_time", .type = PT_TYPE_INSTANT}, err));
    for (size_t i = 0; i < s->n_identifiers; i++) {
        const char *type = s->identifiers[i].type;
        PT_TRY(add_column(out,
                          (pt_quality_column){.name = pt_arena_printf(x->arena, "customer.%s", type),
                                              .sql = pt_arena_printf(x->arena, "_id_%s", type),
                                              .identifier = type,
                                              .type = PT_TYPE_TEXT,
                                              .personal = true},
                          err));
    }
    for (size_t i = 0; i < s->n_columns; i++) {
        const pt_source_column *c = &s->columns[i];
        PT_TRY(add_column(
            out, (pt_quality_column){.name = c->name, .sql = c->name, .type = c->type, .personal = c->sensitivity},
            err));
    }
    return PT_OK;
}

/* --- the scan ----------------------------------------------------------------------------------------------------- */

/* The column as a DOUBLE: dates in days, instants in seconds. */
static void as_double(pt_sql *q, const pt_quality_column *c)
{
    if (c->type == PT_TYPE_DATE)
        pt_sql_kw(q, "CAST(epoch(");
    else
        pt_sql_kw(q, c->type == PT_TYPE_INSTANT ? "epoch(" : "CAST(");
    pt_sql_ident(q, c->sql);
    pt_sql_kw(q, c->type == PT_TYPE_DATE ? ") AS DOUBLE) / 86400" : c->type == PT_TYPE_INSTANT ? ")" : "AS DOUBLE)");
}

/* The aggregates of one column, in the order they are taken over. The quantiles come as one list, so that the column is
 * held and sorted once; `%s` is the column, `%d` the column as a DOUBLE, `%n` the
 * same but for amounts, whose own arithmetic is exact and faster. */
typedef enum applies { TO_ALL, TO_SINGLE, TO_ORDERED, TO_MEANS, TO_AMOUNTS, TO_TEXTS } applies;

static const struct {
    pt_measure measure;
    applies to;
    const char *sql;
} aggregates[] = {
    {PT_MEASURE_FILLED, TO_ALL, "count(%s)"},
    {PT_MEASURE_DISTINCT, TO_SINGLE, "count(DISTINCT %s)"},
    {PT_MEASURE_MIN, TO_ORDERED, "min(%n)"},
    {PT_MEASURE_MAX, TO_ORDERED, "max(%n)"},
    {PT_MEASURE_MEAN, TO_MEANS, "avg(%n)"},
    {PT_MEASURE_STDDEV, TO_ORDERED, "stddev_samp(%d)"},
    {PT_MEASURE_SHORTEST, TO_TEXTS, "min(length(%s))"},
    {PT_MEASURE_LONGEST, TO_TEXTS, "max(length(%s))"},
    {PT_MEASURE_P01, TO_AMOUNTS, "quantile_disc(%n, [0.01, 0.25, 0.5, 0.75, 0.99])"},
};

static bool applies_to(applies to, pt_type type)
{
    switch (to) {
    case TO_SINGLE: return type != PT_TYPE_LIST;
    case TO_ORDERED: return quality_is_ordered(type);
    case TO_MEANS: return quality_is_ordered(type) || type == PT_TYPE_BOOL;
    case TO_AMOUNTS: return quality_is_amount(type);
    case TO_TEXTS: return pt_type_is_text(type);
    default: return true;
    }
}

static void add_aggregate(pt_sql *q, const char *sql, const pt_quality_column *c)
{
    const char *mark = strchr(sql, '%');

    pt_str_addn(&q->text, sql, (size_t)(mark - sql));
    bool as_it_is = mark[1] == 's' || (mark[1] == 'n' && quality_is_amount(c->type));
    if (as_it_is)
        pt_sql_ident(q, c->sql);
    else
        as_double(q, c);
    pt_sql_kw(q, mark + 2);
}

/* SELECT count(*) AS n, ... AS v<column>_<aggregate> FROM the source */
static void add_scan(pt_sql *q, const pt_quality_source *s, const pt_quality_context *x)
{
    pt_sql_kw(q, "SELECT count(*) AS n");
    for (size_t i = 0; i < s->n_columns; i++)
        for (size_t a = 0; a < PT_COUNT(aggregates); a++) {
            if (!applies_to(aggregates[a].to, s->columns[i].type))
                continue;
            pt_sql_kw(q, ",");
            add_aggregate(q, aggregates[a].sql, &s->columns[i]);
            pt_str_addf(&q->text, " AS v%zu_%zu", i, a);
        }
    quality_from(q, x, s->source);
}

enum { QUANTILES = 5 };

/* Which measure each result is; returns how many there are. */
typedef struct scan_result {
    size_t column;
    pt_measure measure;
} scan_result;

static size_t add_results(pt_sql *q, const pt_quality_source *s, scan_result *out)
{
    size_t n = 0;

    pt_sql_kw(q, "SELECT n");
    for (size_t i = 0; i < s->n_columns; i++)
        for (size_t a = 0; a < PT_COUNT(aggregates); a++) {
            if (!applies_to(aggregates[a].to, s->columns[i].type))
                continue;
            bool quantiles = aggregates[a].to == TO_AMOUNTS;
            for (int k = 0; k < (quantiles ? QUANTILES : 1); k++) {
                out[n++] = (scan_result){i, (pt_measure)(aggregates[a].measure + k)};
                pt_str_addf(&q->text, quantiles ? ", v%zu_%zu[%d]" : ", v%zu_%zu", i, a, k + 1);
            }
        }
    return n;
}

/* Sums of doubles depend on the order in which threads add them: what is beyond the 12th digit is dropped. */
static double rounded(double v)
{
    char text[40];

    if (!isfinite(v))
        return NAN;
    snprintf(text, sizeof text, "%.12g", v);
    return strtod(text, NULL);
}

static void take_measures(pt_quality_source *s, const scan_result *results, size_t n, const double *values)
{
    s->rows = (uint64_t)values[0];
    for (size_t i = 0; i < n; i++)
        s->columns[results[i].column].measures[results[i].measure] = rounded(values[i + 1]);
    for (size_t i = 0; i < s->n_columns; i++)
        s->columns[i].measures[PT_MEASURE_ROWS] = values[0];
}

static pt_rc scan(pt_quality_source *s, const pt_quality_context *x, pt_err *err)
{
    size_t most = s->n_columns * (PT_COUNT(aggregates) + QUANTILES);
    scan_result *results = PT_NEW_ARRAY(x->arena, scan_result, most);
    double *values = PT_NEW_ARRAY(x->arena, double, most + 1);
    pt_sql q = {0};

    if (!results || !values)
        return pt_fail_nomem(err, "the quality report");
    size_t n = add_results(&q, s, results);
    pt_sql_kw(&q, "FROM (");
    add_scan(&q, s, x);
    pt_sql_kw(&q, ")");
    pt_rc rc = quality_query_row(values, n + 1, x->conn, &q, err);
    pt_sql_free(&q);
    if (rc == PT_OK)
        take_measures(s, results, n, values);
    return rc;
}

/* --- the most frequent values ------------------------------------------------------------------------------------- */

enum { MOST_KINDS = 1000 }; /* different values a column may have for its most frequent ones to be worth showing */

static bool has_top(const pt_quality_column *c)
{
    return (pt_type_is_text(c->type) || c->type == PT_TYPE_BOOL) && !c->personal &&
           c->measures[PT_MEASURE_DISTINCT] > 0 && c->measures[PT_MEASURE_DISTINCT] <= MOST_KINDS;
}

static void add_top(pt_sql *q, const pt_quality_column *c, size_t number, const pt_quality_context *x, uint32_t source)
{
    pt_str_addf(&q->text, "(SELECT %zu::UBIGINT AS i, CAST(", number);
    pt_sql_ident(q, c->sql);
    pt_sql_kw(q, "AS VARCHAR) AS v, count(*)::UBIGINT AS n");
    quality_from(q, x, source);
    pt_sql_kw(q, "AND");
    pt_sql_ident(q, c->sql);
    pt_str_addf(&q->text, " IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT %d)", PT_TOP_VALUES);
}

static pt_rc take_top(pt_quality_source *s, const pt_rows *rows, pt_arena *arena, pt_err *err)
{
    for (size_t r = 0; r < rows->n; r++) {
        pt_quality_column *c = &s->columns[(size_t)quality_number(rows, 0, r)];
        pt_top_value *top = &c->top[c->n_top++];
        top->rows = (uint64_t)quality_number(rows, 2, r);
        if (!(top->text = quality_cell(rows, 1, r, arena)))
            return pt_fail_nomem(err, "the quality report");
    }
    return PT_OK;
}

static pt_rc read_top(pt_quality_source *s, const pt_quality_context *x, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;
    pt_rc rc = PT_OK;

    for (size_t i = 0; i < s->n_columns; i++) {
        if (!has_top(&s->columns[i]))
            continue;
        pt_sql_kw(&q, q.text.len ? "UNION ALL" : "FROM (");
        add_top(&q, &s->columns[i], i, x, s->source);
    }
    if (q.text.len) {
        pt_sql_kw(&q, ") ORDER BY i, n DESC, v");
        rc = pt_query(&cursor, x->conn, &q, err);
        while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
            rc = take_top(s, rows, x->arena, err);
    }
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

pt_rc pt_quality_profile(pt_quality_source *out, const pt_quality_context *x, uint32_t source, pt_err *err)
{
    PT_TRY(pt_quality_columns(out, x, source, err));
    PT_TRY(scan(out, x, err));
    return read_top(out, x, err);
}
