/* Conditions on one row: all of a source are counted in one scan, and those that stand are shown by a few rows. */
#include <stdio.h>

#include "quality/quality_int.h"

/* --- pieces of SQL ------------------------------------------------------------------------------------------------- */

const char *quality_kept(quality_job *j, pt_sql *q)
{
    const char *text =
        q->text.failed || q->nul ? NULL : pt_arena_strndup(j->x->arena, pt_str_cstr(&q->text), q->text.len);

    pt_sql_free(q);
    j->nomem |= !text;
    return text ? text : "false";
}

const char *quality_quoted(quality_job *j, pt_sv text)
{
    pt_sql q = {0};

    pt_sql_text(&q, text);
    return quality_kept(j, &q);
}

const char *quality_name(quality_job *j, const char *name)
{
    pt_sql q = {0};

    pt_sql_ident(&q, name);
    return quality_kept(j, &q);
}

const char *quality_number_text(quality_job *j, double v)
{
    char buf[40];

    pt_format_double(buf, v);
    const char *text = pt_arena_printf(j->x->arena, "%s::DOUBLE", buf);
    j->nomem |= !text;
    return text ? text : "0";
}

const char *quality_condition(quality_job *j, int column, const char *fmt, ...)
{
    pt_str out = {0};
    va_list ap;

    va_start(ap, fmt);
    const char *text = pt_arena_vprintf(j->x->arena, fmt, ap);
    va_end(ap);
    const char *name = column >= 0 ? quality_name(j, j->s->columns[column].sql) : "";
    for (; text && *text; text++) {
        if (*text == '`')
            pt_str_add(&out, name);
        else
            pt_str_addc(&out, *text);
    }
    const char *copy = text && !out.failed ? pt_arena_strdup(j->x->arena, pt_str_cstr(&out)) : NULL;
    pt_str_free(&out);
    j->nomem |= !copy;
    return copy ? copy : "false";
}

/* --- counting ------------------------------------------------------------------------------------------------------ */

void quality_suspect_add(quality_job *j, quality_suspect suspect)
{
    if (j->n_suspects == j->cap_suspects) {
        size_t cap = j->cap_suspects ? 2 * j->cap_suspects : 32;
        quality_suspect *more = PT_NEW_ARRAY(j->x->arena, quality_suspect, cap);
        if (!more) {
            j->nomem = true;
            return;
        }
        if (j->n_suspects)
            memcpy(more, j->suspects, j->n_suspects * sizeof *more);
        j->suspects = more;
        j->cap_suspects = cap;
    }
    j->suspects[j->n_suspects++] = suspect;
}

static uint64_t counted_among(const quality_job *j, const quality_suspect *p)
{
    if (p->column < 0 || p->of_all)
        return j->s->rows;
    return (uint64_t)j->s->columns[p->column].measures[PT_MEASURE_FILLED];
}

static bool stands(const quality_suspect *p, double wrong, double of)
{
    /* a share such as 0.95 has no exact double: a row counts as too many only by more than that */
    return wrong > p->least * of + 1e-9 * of && wrong <= p->most * of && wrong >= (double)p->at_least && wrong > 0;
}

/* Suspects that are counted together: those of one text column by its different values, which are fewer than its rows; all
 * others row by row. */
static bool together(const quality_suspect *p, int column)
{
    return p->by_value ? p->column == column : column < 0;
}

static void add_counts(pt_sql *q, const quality_job *j, int column)
{
    size_t n = 0;

    pt_sql_kw(q, "SELECT");
    for (size_t i = 0; i < j->n_suspects; i++)
        if (together(&j->suspects[i], column)) {
            pt_str_add(&q->text, n++ ? ", " : "");
            pt_str_add(&q->text, column < 0 ? "count(*)" : "coalesce(sum(_n)");
            pt_str_add(&q->text, " FILTER (WHERE ");
            pt_str_add(&q->text, j->suspects[i].sql);
            pt_str_add(&q->text, column < 0 ? ")" : "), 0)::DOUBLE");
        }
}

/* SELECT the column, _n FROM the source: its different values. */
static void add_values(pt_sql *q, const quality_job *j, int column)
{
    const char *name = j->s->columns[column].sql;

    pt_sql_kw(q, "SELECT");
    pt_sql_ident(q, name);
    pt_sql_kw(q, ", count(*) AS _n");
    quality_from(q, j->x, j->s->source);
    pt_sql_kw(q, "AND");
    pt_sql_ident(q, name);
    pt_sql_kw(q, "IS NOT NULL GROUP BY ALL");
}

static pt_rc report(quality_job *j, const quality_suspect *p, double wrong, pt_err *err)
{
    pt_quality_finding *f = quality_add(j, p->kind, p->column);

    f->rows = (uint64_t)wrong;
    f->of = counted_among(j, p);
    f->figure = p->figure;
    if (p->detail)
        f->detail = p->detail;
    if (p->by_severity)
        f->severity = p->severity;
    if (!p->by_value)
        return quality_examples(j, f, p->column, p->sql, err);
    pt_sql q = {0};
    pt_sql_ident(&q, j->s->columns[p->column].sql);
    pt_sql_kw(&q, "IN (SELECT");
    pt_sql_ident(&q, j->s->columns[p->column].sql);
    pt_sql_kw(&q, "FROM (");
    add_values(&q, j, p->column);
    pt_sql_kw(&q, ") WHERE");
    pt_str_add(&q.text, p->sql);
    pt_sql_kw(&q, ")");
    return quality_examples(j, f, p->column, quality_kept(j, &q), err);
}

static pt_rc count(double *wrong, const quality_job *j, int column, pt_err *err)
{
    double *some = PT_NEW_ARRAY(j->x->arena, double, j->n_suspects);
    size_t n = 0;
    pt_sql q = {0};

    for (size_t i = 0; i < j->n_suspects; i++)
        n += together(&j->suspects[i], column);
    if (n == 0)
        return PT_OK;
    if (!some)
        return pt_fail_nomem(err, "the quality report");
    add_counts(&q, j, column);
    if (column < 0) {
        quality_from(&q, j->x, j->s->source);
    } else {
        pt_sql_kw(&q, "FROM (");
        add_values(&q, j, column);
        pt_sql_kw(&q, ")");
    }
    q.user = true; /* conditions of `expect` are among them */
    pt_rc rc = quality_query_row(some, n, j->x->conn, &q, err);
    pt_sql_free(&q);
    for (size_t i = j->n_suspects; i-- > 0 && rc == PT_OK;)
        if (together(&j->suspects[i], column))
            wrong[i] = some[--n];
    return rc;
}

pt_rc quality_suspects_try(quality_job *j, pt_err *err)
{
    size_t n = j->n_suspects;

    if (j->nomem)
        return pt_fail_nomem(err, "the quality report");
    if (n == 0)
        return PT_OK;
    double *wrong = PT_NEW_ARRAY(j->x->arena, double, n);
    if (!wrong)
        return pt_fail_nomem(err, "the quality report");
    for (int column = -1; column < (int)j->s->n_columns; column++)
        PT_TRY(count(wrong, j, column, err));
    for (size_t i = 0; i < n; i++)
        if (stands(&j->suspects[i], wrong[i], (double)counted_among(j, &j->suspects[i])))
            PT_TRY(report(j, &j->suspects[i], wrong[i], err));
    j->n_suspects = 0;
    return j->nomem ? pt_fail_nomem(err, "the quality report") : PT_OK;
}

/* --- examples ------------------------------------------------------------------------------------------------------ */

/* Rows before the first one of data: a header. */
static unsigned lines_before(const pt_source *s, const char *file)
{
    static const char *const others[] = {".parquet", ".pq", ".json", ".ndjson"};
    bool separated = s->format == PT_FORMAT_CSV || s->format == PT_FORMAT_AUTO;

    for (size_t i = 0; s->format == PT_FORMAT_AUTO && i < PT_COUNT(others); i++)
        separated = separated && !strstr(file, others[i]);
    return separated && s->header != 0;
}

static pt_rc take_examples(quality_job *j, pt_quality_finding *f, bool masked, const pt_rows *rows, pt_err *err)
{
    const pt_source *s = &j->x->project->sources[j->s->source];

    for (size_t r = 0; r < rows->n && f->n_examples < PT_FINDING_EXAMPLES; r++) {
        pt_finding_example *e = &f->examples[f->n_examples++];
        e->file = quality_cell(rows, 0, r, j->x->arena);
        e->value = quality_cell(rows, 2, r, j->x->arena);
        if (!e->file || !e->value)
            return pt_fail_nomem(err, "the quality report");
        e->line = (uint64_t)quality_number(rows, 1, r) + 1 + lines_before(s, e->file);
        if (masked && e->value[0] && !(e->value = quality_masked(pt_sv_of(e->value), j->x->arena)))
            return pt_fail_nomem(err, "the quality report");
    }
    return PT_OK;
}

pt_rc quality_examples_of(quality_job *j, pt_quality_finding *f, bool masked, const pt_sql *rows, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *batch;

    pt_sql_kw(&q, "SELECT f.path, r._row, r.v FROM (SELECT _file, _row, CAST(v AS VARCHAR) AS v FROM (");
    pt_str_addsv(&q.text, (pt_sv){pt_str_cstr(&rows->text), rows->text.len});
    pt_str_addf(&q.text,
                ") ORDER BY _file, _row LIMIT %d) r JOIN meta.files f ON f.file_number = r._file AND f.source =",
                PT_FINDING_EXAMPLES);
    pt_sql_bind_text(&q, pt_sv_of(j->x->project->sources[j->s->source].name));
    pt_sql_kw(&q, "ORDER BY r._file, r._row");
    pt_rc rc = pt_query(&cursor, j->x->conn, &q, err);
    if (rc == PT_OK && (rc = pt_cursor_next(&batch, cursor, err)) == PT_OK && batch)
        rc = take_examples(j, f, masked, batch, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

pt_rc quality_examples(quality_job *j, pt_quality_finding *f, int column, const char *sql, pt_err *err)
{
    const pt_quality_column *c = column >= 0 ? &j->s->columns[column] : NULL;
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT _file, _row,");
    if (c && c->type != PT_TYPE_LIST)
        pt_sql_ident(&q, c->sql);
    else
        pt_sql_kw(&q, "''");
    pt_sql_kw(&q, "AS v");
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(&q, "AND (");
    pt_str_add(&q.text, sql);
    pt_sql_kw(&q, ")");
    q.user = true;
    pt_rc rc = quality_examples_of(j, f, c && c->personal, &q, err);
    pt_sql_free(&q);
    return rc;
}
