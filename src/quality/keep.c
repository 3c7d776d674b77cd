/* Results between builds: the last report of each source, and the measures of all builds (docs/quality.md, "In the store"). */
#include "quality/quality_int.h"
#include "source/source.h"

pt_rc pt_quality_prepare(pt_conn *c, pt_err *err)
{
    PT_TRY(pt_source_define_forms(c, err));
    PT_TRY(quality_define_texts(c, err));
    return pt_exec_text(
        c,
        "CREATE SCHEMA IF NOT EXISTS meta;"
        "CREATE TABLE IF NOT EXISTS meta.quality_kept (source VARCHAR, inputs VARCHAR, run UINTEGER, as_of "
        "TIMESTAMPTZ);"
        "CREATE TABLE IF NOT EXISTS meta.quality_history (run UINTEGER, as_of TIMESTAMPTZ, source VARCHAR,"
        " column_name VARCHAR, measure VARCHAR, value DOUBLE);"
        "CREATE TABLE IF NOT EXISTS meta.quality_findings (source VARCHAR, place UINTEGER, kind VARCHAR, severity "
        "VARCHAR,"
        " column_name VARCHAR, rows UBIGINT, of_rows UBIGINT, figure DOUBLE, detail VARCHAR);"
        "CREATE TABLE IF NOT EXISTS meta.quality_examples (source VARCHAR, finding UINTEGER, file VARCHAR, line "
        "UBIGINT,"
        " value VARCHAR);"
        "CREATE TABLE IF NOT EXISTS meta.quality_top (source VARCHAR, column_name VARCHAR, place UINTEGER, value "
        "VARCHAR,"
        " rows UBIGINT)",
        err);
}

static const char *name_of(const pt_quality_source *s, const pt_quality_context *x)
{
    return x->project->sources[s->source].name;
}

/* --- what was kept ------------------------------------------------------------------------------------------------- */

pt_rc pt_quality_is_kept(bool *out, const pt_quality_context *x, uint32_t source, const char *inputs, pt_err *err)
{
    pt_sql q = {0};
    int64_t n = 0;

    pt_sql_kw(&q, "SELECT count(*) FROM meta.quality_kept WHERE source =");
    pt_sql_bind_text(&q, pt_sv_of(x->project->sources[source].name));
    pt_sql_kw(&q, "AND inputs =");
    pt_sql_bind_text(&q, pt_sv_of(inputs));
    pt_rc rc = pt_query_int(&n, x->conn, &q, err);
    pt_sql_free(&q);
    *out = n > 0;
    return rc;
}

pt_rc pt_quality_next_run(uint32_t *out, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    int64_t run = 0;

    pt_sql_kw(&q, "SELECT coalesce(max(run), 0)::BIGINT + 1 FROM meta.quality_history");
    pt_rc rc = pt_query_int(&run, c, &q, err);
    pt_sql_free(&q);
    *out = (uint32_t)run;
    return rc;
}

static pt_quality_column *column_named(pt_quality_source *s, const char *name)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (strcmp(s->columns[i].name, name) == 0)
            return &s->columns[i];
    return NULL;
}

/* One measure of the report that stands, or of the one before it. */
static void put_measure(pt_quality_source *s, bool earlier, const char *column, const char *measure, double value)
{
    pt_measure m;

    if (*column) {
        pt_quality_column *c = column_named(s, column);
        if (c && pt_measure_parse(&m, pt_sv_of(measure)))
            (earlier ? c->earlier : c->measures)[m] = value;
        return;
    }
    if (strcmp(measure, "score") == 0)
        *(earlier ? &s->earlier_score : &s->score) = value;
    else if (strcmp(measure, "rows") == 0)
        *(earlier ? &s->earlier_rows : &s->rows) = (uint64_t)value;
    for (int d = 0; d < PT_DIMENSION_COUNT && !earlier; d++)
        if (strcmp(measure, pt_dimension_name((pt_dimension)d)) == 0)
            s->dimensions[d] = value;
}

static pt_rc take_measures(pt_quality_source *s, const pt_rows *rows, pt_arena *arena, pt_err *err)
{
    for (size_t r = 0; r < rows->n; r++) {
        const char *column = quality_cell(rows, 1, r, arena), *measure = quality_cell(rows, 2, r, arena);
        if (!column || !measure)
            return pt_fail_nomem(err, "the quality report");
        put_measure(s, quality_number(rows, 0, r) != 0, column, measure, quality_number(rows, 3, r));
    }
    return PT_OK;
}

/* Runs a query and gives its batches to `take`. */
typedef pt_rc (*take_rows)(pt_quality_source *s, const pt_rows *rows, pt_arena *arena, pt_err *err);

static pt_rc read_into(pt_quality_source *s, const pt_quality_context *x, pt_sql *q, take_rows take, pt_err *err)
{
    pt_cursor *cursor = NULL;
    const pt_rows *rows;
    pt_rc rc = pt_query(&cursor, x->conn, q, err);

    pt_sql_free(q);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = take(s, rows, x->arena, err);
    pt_cursor_close(cursor);
    return rc;
}

/* Measures of a source's last run (skip 0) and of the one before (skip 1). `with_last` false: the last is the one before. */
static pt_rc read_measures(pt_quality_source *s, const pt_quality_context *x, bool with_last, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT CASE WHEN age =");
    pt_sql_bind_int(&q, with_last ? 1 : 99);
    pt_sql_kw(&q, "THEN 0 ELSE 1 END, column_name, measure, value FROM (SELECT *, dense_rank() OVER (ORDER BY run DESC)"
                  " AS age FROM meta.quality_history WHERE source =");
    pt_sql_bind_text(&q, pt_sv_of(name_of(s, x)));
    pt_sql_kw(&q, ") WHERE age <=");
    pt_sql_bind_int(&q, with_last ? 2 : 1);
    return read_into(s, x, &q, take_measures, err);
}

pt_rc pt_quality_earlier(pt_quality_source *s, const pt_quality_context *x, pt_err *err)
{
    return read_measures(s, x, false, err);
}

static pt_rc take_top(pt_quality_source *s, const pt_rows *rows, pt_arena *arena, pt_err *err)
{
    for (size_t r = 0; r < rows->n; r++) {
        const char *column = quality_cell(rows, 0, r, arena), *value = quality_cell(rows, 1, r, arena);
        if (!column || !value)
            return pt_fail_nomem(err, "the quality report");
        pt_quality_column *c = column_named(s, column);
        if (c && c->n_top < PT_TOP_VALUES)
            c->top[c->n_top++] = (pt_top_value){value, (uint64_t)quality_number(rows, 2, r)};
    }
    return PT_OK;
}

static bool severity_named(pt_finding_severity *out, const char *name)
{
    for (int i = PT_FINDING_ERROR; i <= PT_FINDING_NOTE; i++)
        if (strcmp(name, pt_finding_severity_name((pt_finding_severity)i)) == 0) {
            *out = (pt_finding_severity)i;
            return true;
        }
    return false;
}

/* kind, severity, column, rows, of, figure, detail. A kind that this version does not know is passed over. */
static pt_rc take_findings(pt_quality_source *s, const pt_rows *rows, pt_arena *arena, pt_err *err)
{
    quality_job j = {.x = &(pt_quality_context){.arena = arena}, .s = s, .cap = s->n_findings};

    for (size_t r = 0; r < rows->n; r++) {
        const char *texts[4];
        static const size_t columns[] = {0, 1, 2, 6};
        pt_finding_kind kind;
        for (size_t i = 0; i < 4; i++)
            if (!(texts[i] = quality_cell(rows, columns[i], r, arena)))
                return pt_fail_nomem(err, "the quality report");
        if (!pt_finding_parse(&kind, pt_sv_of(texts[0])))
            kind = PT_FINDING_RULE;
        pt_quality_finding *f = quality_add(&j, kind, -1);
        if (j.nomem)
            return pt_fail_nomem(err, "the quality report");
        severity_named(&f->severity, texts[1]);
        f->column = *texts[2] ? texts[2] : NULL;
        f->rows = (uint64_t)quality_number(rows, 3, r);
        f->of = (uint64_t)quality_number(rows, 4, r);
        f->figure = quality_number(rows, 5, r);
        f->detail = texts[3];
    }
    return PT_OK;
}

static pt_rc take_examples(pt_quality_source *s, const pt_rows *rows, pt_arena *arena, pt_err *err)
{
    for (size_t r = 0; r < rows->n; r++) {
        size_t number = (size_t)quality_number(rows, 0, r);
        if (number >= s->n_findings || s->findings[number].n_examples == PT_FINDING_EXAMPLES)
            continue;
        pt_quality_finding *f = &s->findings[number];
        pt_finding_example *e = &f->examples[f->n_examples++];
        e->file = quality_cell(rows, 1, r, arena);
        e->line = (uint64_t)quality_number(rows, 2, r);
        e->value = quality_cell(rows, 3, r, arena);
        if (!e->file || !e->value)
            return pt_fail_nomem(err, "the quality report");
    }
    return PT_OK;
}

static pt_rc read_kept(pt_quality_source *s, const pt_quality_context *x, const char *columns, const char *table,
                       const char *order, take_rows take, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT");
    pt_sql_kw(&q, columns);
    pt_sql_kw(&q, "FROM meta.");
    pt_str_add(&q.text, table);
    pt_sql_kw(&q, "WHERE source =");
    pt_sql_bind_text(&q, pt_sv_of(name_of(s, x)));
    pt_sql_kw(&q, order);
    return read_into(s, x, &q, take, err);
}

pt_rc pt_quality_load(pt_quality_source *s, const pt_quality_context *x, uint32_t source, pt_err *err)
{
    PT_TRY(pt_quality_columns(s, x, source, err));
    PT_TRY(read_measures(s, x, true, err));
    PT_TRY(read_kept(s, x, "column_name, value, rows", "quality_top", "ORDER BY column_name, place", take_top, err));
    PT_TRY(read_kept(s, x, "kind, severity, column_name, rows, of_rows, figure, detail", "quality_findings",
                     "ORDER BY place", take_findings, err));
    return read_kept(s, x, "finding, file, line, value", "quality_examples", "ORDER BY finding, file, line",
                     take_examples, err);
}

/* --- keeping ------------------------------------------------------------------------------------------------------- */

typedef struct history {
    pt_appender *to;
    uint32_t run;
    int64_t as_of;
    const char *source;
} history;

static void put(const history *h, const char *column, const char *measure, double value)
{
    if (!isfinite(value))
        return;
    pt_append_uint32(h->to, h->run);
    pt_append_instant(h->to, h->as_of);
    pt_append_text(h->to, pt_sv_of(h->source));
    pt_append_text(h->to, pt_sv_of(column));
    pt_append_text(h->to, pt_sv_of(measure));
    pt_append_double(h->to, value);
    pt_append_end_row(h->to);
}

static pt_rc save_measures(const pt_quality_source *s, const pt_quality_context *x, uint32_t run, pt_err *err)
{
    history h = {.run = run, .as_of = x->as_of, .source = name_of(s, x)};

    PT_TRY(pt_appender_open(&h.to, x->conn, "meta", "quality_history", err));
    put(&h, "", "rows", (double)s->rows);
    put(&h, "", "score", s->score);
    for (int d = 0; d < PT_DIMENSION_COUNT; d++)
        put(&h, "", pt_dimension_name((pt_dimension)d), s->dimensions[d]);
    for (size_t i = 0; i < s->n_columns; i++)
        for (int m = 0; m < PT_MEASURE_COUNT; m++)
            put(&h, s->columns[i].name, pt_measure_name((pt_measure)m), s->columns[i].measures[m]);
    return pt_appender_close(h.to, err);
}

static pt_rc save_findings(const pt_quality_source *s, const pt_quality_context *x, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, x->conn, "meta", "quality_findings", err));
    for (size_t i = 0; i < s->n_findings; i++) {
        const pt_quality_finding *f = &s->findings[i];
        pt_append_text(a, pt_sv_of(name_of(s, x)));
        pt_append_uint32(a, (uint32_t)i);
        pt_append_text(a, pt_sv_of(pt_finding_name(f->kind)));
        pt_append_text(a, pt_sv_of(pt_finding_severity_name(f->severity)));
        pt_append_text(a, pt_sv_of(f->column ? f->column : ""));
        pt_append_int(a, (int64_t)f->rows);
        pt_append_int(a, (int64_t)f->of);
        pt_append_double(a, f->figure);
        pt_append_text(a, pt_sv_of(f->detail));
        pt_append_end_row(a);
    }
    return pt_appender_close(a, err);
}

static pt_rc save_examples(const pt_quality_source *s, const pt_quality_context *x, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, x->conn, "meta", "quality_examples", err));
    for (size_t i = 0; i < s->n_findings; i++)
        for (size_t e = 0; e < s->findings[i].n_examples; e++) {
            const pt_finding_example *example = &s->findings[i].examples[e];
            pt_append_text(a, pt_sv_of(name_of(s, x)));
            pt_append_uint32(a, (uint32_t)i);
            pt_append_text(a, pt_sv_of(example->file));
            pt_append_int(a, (int64_t)example->line);
            pt_append_text(a, pt_sv_of(example->value));
            pt_append_end_row(a);
        }
    return pt_appender_close(a, err);
}

static pt_rc save_top(const pt_quality_source *s, const pt_quality_context *x, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, x->conn, "meta", "quality_top", err));
    for (size_t i = 0; i < s->n_columns; i++)
        for (size_t t = 0; t < s->columns[i].n_top; t++) {
            pt_append_text(a, pt_sv_of(name_of(s, x)));
            pt_append_text(a, pt_sv_of(s->columns[i].name));
            pt_append_uint32(a, (uint32_t)t);
            pt_append_text(a, pt_sv_of(s->columns[i].top[t].text));
            pt_append_int(a, (int64_t)s->columns[i].top[t].rows);
            pt_append_end_row(a);
        }
    return pt_appender_close(a, err);
}

static pt_rc forget(const char *table, const char *source, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "DELETE FROM meta.");
    pt_str_add(&q.text, table);
    pt_sql_kw(&q, "WHERE source =");
    pt_sql_bind_text(&q, pt_sv_of(source));
    pt_rc rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc save_kept(const pt_quality_source *s, const pt_quality_context *x, uint32_t run, const char *inputs,
                       pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, x->conn, "meta", "quality_kept", err));
    pt_append_text(a, pt_sv_of(name_of(s, x)));
    pt_append_text(a, pt_sv_of(inputs));
    pt_append_uint32(a, run);
    pt_append_instant(a, x->as_of);
    pt_append_end_row(a);
    return pt_appender_close(a, err);
}

pt_rc pt_quality_save(const pt_quality_source *s, const pt_quality_context *x, uint32_t run, const char *inputs,
                      pt_err *err)
{
    static const char *const tables[] = {"quality_kept", "quality_findings", "quality_examples", "quality_top"};

    for (size_t i = 0; i < PT_COUNT(tables); i++)
        PT_TRY(forget(tables[i], name_of(s, x), x->conn, err));
    PT_TRY(save_measures(s, x, run, err));
    PT_TRY(save_findings(s, x, err));
    PT_TRY(save_examples(s, x, err));
    PT_TRY(save_top(s, x, err));
    return save_kept(s, x, run, inputs, err);
}

pt_rc pt_quality_sweep(const pt_project *p, pt_conn *c, pt_err *err)
{
    static const char *const tables[] = {"quality_kept", "quality_findings", "quality_examples", "quality_top"};
    pt_rc rc = PT_OK;

    for (size_t i = 0; rc == PT_OK && i < PT_COUNT(tables); i++) {
        pt_sql q = {0};
        pt_sql_kw(&q, "DELETE FROM meta.");
        pt_str_add(&q.text, tables[i]);
        pt_sql_kw(&q, "WHERE source NOT IN (''");
        for (size_t s = 0; s < p->n_sources; s++) {
            pt_sql_kw(&q, ",");
            pt_sql_text(&q, pt_sv_of(p->sources[s].name));
        }
        pt_sql_kw(&q, ")");
        rc = pt_exec(c, &q, NULL, err);
        pt_sql_free(&q);
    }
    return rc;
}
