/* The project's own rules. A rule on single rows is one more condition of the scan that counts all suspects; the others
 * (unique, reference, fresh, rows) are queries of their own. */
#include "quality/quality_int.h"
#include "source/source.h"

static int column_number(const pt_quality_source *s, const char *sql)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (strcmp(s->columns[i].sql, sql) == 0)
            return (int)i;
    return -1;
}

static pt_finding_severity severity_of(const pt_quality_rule *r)
{
    return r->error ? PT_FINDING_ERROR : PT_FINDING_WARN;
}

/* --- conditions ---------------------------------------------------------------------------------------------------- */

/* A bound as SQL, in the terms that value_sql compares in. */
static const char *bound_sql(quality_job *j, pt_type type, const char *text)
{
    int64_t instant = 0;
    int32_t date = 0;
    double number;

    switch (type) {
    case PT_TYPE_DATE: pt_date_parse(&date, pt_sv_of(text)); return quality_condition(j, -1, "%d", date);
    case PT_TYPE_INSTANT:
        pt_instant_parse(&instant, pt_sv_of(text), j->x->project->zone ? j->x->project->zone : pt_zone_utc());
        return quality_condition(j, -1, "%lld", (long long)instant);
    case PT_TYPE_NUMBER:
    case PT_TYPE_MONEY: return quality_number_text(j, pt_parse_double(&number, pt_sv_of(text)) ? number : 0);
    case PT_TYPE_BOOL: return quality_quoted(j, pt_sv_of(text));
    default: return quality_quoted(j, pt_sv_of(text));
    }
}

static const char *value_sql(quality_job *j, int column, pt_type type)
{
    switch (type) {
    case PT_TYPE_DATE: return quality_condition(j, column, "(` - DATE '1970-01-01')");
    case PT_TYPE_INSTANT: return quality_condition(j, column, "epoch_us(`)");
    case PT_TYPE_NUMBER:
    case PT_TYPE_MONEY: return quality_condition(j, column, "CAST(` AS DOUBLE)");
    default: return quality_condition(j, column, "CAST(` AS VARCHAR)");
    }
}

static const char *in_sql(quality_job *j, const pt_quality_rule *r, int column)
{
    pt_type type = r->columns[0].type;
    pt_str list = {0};

    for (size_t i = 0; i < r->n_values; i++) {
        pt_str_add(&list, i ? ", " : "");
        pt_str_add(&list, bound_sql(j, type, r->values[i]));
    }
    pt_str sql = {0};
    pt_str_addf(&sql, "%s NOT IN (%s)", value_sql(j, column, type), pt_str_cstr(&list));
    const char *copy = sql.failed || list.failed ? NULL : pt_arena_strdup(j->x->arena, pt_str_cstr(&sql));
    pt_str_free(&list);
    pt_str_free(&sql);
    j->nomem |= !copy;
    return copy ? copy : "false";
}

static const char *format_sql(quality_job *j, const pt_quality_rule *r, int column)
{
    size_t n = strlen(r->format);
    const char *name = quality_name(j, j->s->columns[column].sql);

    if (r->format[0] == '/') {
        const char *pattern = quality_quoted(j, (pt_sv){r->format + 1, n - 2});
        const char *sql = pt_arena_printf(j->x->arena, "NOT regexp_full_match(%s, %s)", name, pattern);
        j->nomem |= !sql;
        return sql ? sql : "false";
    }
    return quality_condition(j, column, "NOT %s", quality_format_sql(j, r->format, column));
}

/* What a row is that breaks the rule; NULL for rules that are not about single rows. */
static const char *row_sql(quality_job *j, const pt_quality_rule *r, int column)
{
    pt_type type = r->n_columns ? r->columns[0].type : PT_TYPE_NONE;

    switch (r->kind) {
    case PT_RULE_COMPLETE: return quality_condition(j, column, "` IS NULL");
    case PT_RULE_BETWEEN:
        return quality_condition(j, column, "%s NOT BETWEEN %s AND %s", value_sql(j, column, type),
                                 bound_sql(j, type, r->low), bound_sql(j, type, r->high));
    case PT_RULE_IN: return in_sql(j, r, column);
    case PT_RULE_FORMAT: return format_sql(j, r, column);
    case PT_RULE_EXPECT: return pt_arena_printf(j->x->arena, "NOT (\n%s\n)", r->condition);
    default: return NULL;
    }
}

static void add_row_rule(quality_job *j, const pt_quality_rule *r, const char *sql, int column)
{
    bool of_all = r->kind == PT_RULE_COMPLETE;

    j->nomem |= !sql;
    quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_RULE,
                                             .column = column,
                                             .of_all = of_all,
                                             .sql = sql,
                                             .least = 1 - r->share,
                                             .most = 1,
                                             .detail = r->text,
                                             .by_severity = true,
                                             .severity = severity_of(r)});
}

/* --- rules over many rows ------------------------------------------------------------------------------------------ */

static pt_quality_finding *add_broken(quality_job *j, const pt_quality_rule *r, int column, double wrong, double of)
{
    pt_quality_finding *f = quality_add(j, PT_FINDING_RULE, column);

    f->severity = severity_of(r);
    f->detail = r->text;
    f->rows = (uint64_t)wrong;
    f->of = (uint64_t)of;
    return f;
}

static bool breaks(const pt_quality_rule *r, double wrong, double of)
{
    return wrong > 0 && wrong > (1 - r->share) * of + 1e-9 * of;
}

/* The columns of a rule, quoted, and the condition that all have a value. */
static void add_key(pt_sql *q, const pt_quality_rule *r)
{
    for (size_t i = 0; i < r->n_columns; i++) {
        pt_str_add(&q->text, i ? ", " : "");
        pt_sql_ident(q, r->columns[i].sql);
    }
}

static void add_filled(pt_sql *q, const pt_quality_rule *r)
{
    for (size_t i = 0; i < r->n_columns; i++) {
        pt_sql_kw(q, "AND");
        pt_sql_ident(q, r->columns[i].sql);
        pt_sql_kw(q, "IS NOT NULL");
    }
}

/* Rows with the key of an earlier row. */
static void add_repeats(pt_sql *q, quality_job *j, const pt_quality_rule *r)
{
    pt_sql_kw(q, "SELECT _file, _row,");
    if (r->n_columns == 1)
        pt_sql_ident(q, r->columns[0].sql);
    else
        pt_sql_kw(q, "''");
    pt_sql_kw(q, "AS v");
    quality_from(q, j->x, j->s->source);
    add_filled(q, r);
    pt_sql_kw(q, "QUALIFY row_number() OVER (PARTITION BY");
    add_key(q, r);
    pt_sql_kw(q, "ORDER BY _file, _row) > 1");
}

static pt_rc try_unique(quality_job *j, const pt_quality_rule *r, int column, pt_err *err)
{
    double n[2] = {0, 0};
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT coalesce(sum(n), 0)::DOUBLE, coalesce(sum(n - 1), 0)::DOUBLE FROM (SELECT count(*) AS n");
    quality_from(&q, j->x, j->s->source);
    add_filled(&q, r);
    pt_sql_kw(&q, "GROUP BY");
    add_key(&q, r);
    pt_sql_kw(&q, ")");
    pt_rc rc = quality_query_row(n, 2, j->x->conn, &q, err);
    pt_sql_clear(&q);
    if (rc == PT_OK && breaks(r, n[1], n[0])) {
        add_repeats(&q, j, r);
        rc = quality_examples_of(j, add_broken(j, r, column, n[1], n[0]), j->s->columns[column].personal, &q, err);
    }
    pt_sql_free(&q);
    return rc;
}

static pt_rc try_reference(quality_job *j, const pt_quality_rule *r, int column, pt_err *err)
{
    const char *value = quality_name(j, r->columns[0].sql);
    double wrong = 0;
    pt_sql q = {0};

    pt_str_addf(&q.text, "%s IS NOT NULL AND CAST(%s AS VARCHAR) NOT IN (SELECT CAST(", value, value);
    pt_sql_ident(&q, r->other_column);
    pt_sql_kw(&q, "AS VARCHAR) FROM clean.");
    pt_sql_ident(&q, r->other_source);
    pt_sql_kw(&q, "WHERE");
    pt_sql_ident(&q, r->other_column);
    pt_sql_kw(&q, "IS NOT NULL)");
    const char *condition = quality_kept(j, &q);
    pt_sql_kw(&q, "SELECT count(*)");
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(&q, "AND");
    pt_str_add(&q.text, condition);
    pt_rc rc = quality_query_row(&wrong, 1, j->x->conn, &q, err);
    pt_sql_free(&q);
    double of = j->s->columns[column].measures[PT_MEASURE_FILLED];
    if (rc == PT_OK && breaks(r, wrong, of))
        rc = quality_examples(j, add_broken(j, r, column, wrong, of), column, condition, err);
    return rc;
}

/* The newest value may be `within` old and no older; nothing at all is not fresh either. */
static void try_fresh(quality_job *j, const pt_quality_rule *r, int column)
{
    double newest = j->s->columns[column].measures[PT_MEASURE_MAX];
    double unit = r->columns[0].type == PT_TYPE_DATE ? 86400 : 1;
    double lag = (double)j->x->as_of / (double)PT_SECOND - newest * unit;

    if (isnan(newest) || lag > (double)r->within / (double)PT_SECOND)
        add_broken(j, r, column, (double)j->s->rows, (double)j->s->rows);
}

static void try_rows(quality_job *j, const pt_quality_rule *r)
{
    bool holds = r->at_most ? j->s->rows <= r->count : j->s->rows >= r->count;

    if (!holds)
        add_broken(j, r, -1, (double)j->s->rows, (double)j->s->rows);
}

static pt_rc try_rule(quality_job *j, const pt_quality_rule *r, pt_err *err)
{
    const pt_source *s = &j->x->project->sources[j->s->source];

    if (r->condition)
        PT_TRY(pt_source_check_condition(s, r->condition, r->condition_place, j->x->conn, err));
    int column = r->n_columns ? column_number(j->s, r->columns[0].sql) : -1;
    const char *sql = row_sql(j, r, column);

    if (sql) {
        add_row_rule(j, r, sql, column);
        return PT_OK;
    }
    switch (r->kind) {
    case PT_RULE_UNIQUE: return try_unique(j, r, column, err);
    case PT_RULE_REFERENCE: return try_reference(j, r, column, err);
    case PT_RULE_FRESH: try_fresh(j, r, column); break;
    default: try_rows(j, r); break;
    }
    return PT_OK;
}

pt_rc quality_rules(quality_job *j, pt_err *err)
{
    const pt_source *s = &j->x->project->sources[j->s->source];

    for (size_t i = 0; i < s->n_quality; i++)
        PT_TRY(try_rule(j, &s->quality[i], err));
    return quality_suspects_try(j, err);
}
