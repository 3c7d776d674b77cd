/* Parquet: the engine reads it, types come from the file, and rows are never structurally wrong. */
#include "source/source_int.h"

static void add_file(pt_sql *q, const pt_reading *r, const char *options)
{
    pt_sql_kw(q, "read_parquet(");
    pt_sql_text(q, pt_sv_of(r->in->path));
    pt_sql_kw(q, options);
    pt_sql_kw(q, ")");
}

static pt_rc fail_file(pt_err *err, const pt_reading *r, pt_rc rc)
{
    char why[300];

    if (rc != PT_EENGINE && rc != PT_EINVAL)
        return rc;
    snprintf(why, sizeof why, "%.280s", err ? err->msg : "");
    return pt_fail_input(err, r->run, r->in, PT_E_DAMAGED_FILE, "it is not a Parquet file, or a damaged one (%s)", why);
}

pt_rc pt_parquet_shape(pt_reading *r, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cur;
    const pt_rows *rows;

    pt_sql_kw(&q, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM");
    add_file(&q, r, ", binary_as_string = true");
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_query(&cur, r->run->conn, &q, err);
    pt_sql_free(&q);
    if (rc != PT_OK)
        return fail_file(err, r, rc);
    while ((rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows) {
        for (size_t i = 0; rc == PT_OK && i < rows->n; i++) {
            pt_sv name = ((const pt_sv *)rows->cells[0].data)[i], type = ((const pt_sv *)rows->cells[1].data)[i];
            rc = pt_shape_add_typed(&r->shape, name, type, r->arena, err);
        }
        if (rc != PT_OK)
            break;
    }
    pt_cursor_close(cur);
    return rc;
}

/* The engine gives each row group to one thread. A file of few large ones (data frames are written as one) is first
 * decoded into memory, which takes a fraction of the time that its conversion does, and converted by all threads
 * from there. That is done beside the source's transaction, whose own unfinished tables the engine reads on one
 * thread only. */
#define STAGE "pt_parquet"

static pt_rc has_few_groups(bool *out, pt_reading *r, pt_err *err)
{
    pt_sql q = {0};
    int64_t few = 0;

    pt_sql_kw(&q, "SELECT coalesce(sum(num_rows) >= 250000 AND sum(num_row_groups) <"
                  " 2 * CAST(current_setting('threads') AS BIGINT), false) FROM parquet_file_metadata(");
    pt_sql_text(&q, pt_sv_of(r->in->path));
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_query_int(&few, r->run->conn, &q, err);
    pt_sql_free(&q);
    *out = few != 0;
    return fail_file(err, r, rc);
}

static pt_rc make_stage(pt_conn *beside, pt_reading *r, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "CREATE TABLE " STAGE ".cells AS SELECT 0 AS z");
    for (size_t i = 0; i < r->plan->n_cells; i++) {
        pt_sql_kw(&q, ",");
        pt_sql_ident(&q, r->shape.names[r->plan->cells[i].column]);
        pt_str_addf(&q.text, "AS p%zu", i);
    }
    pt_sql_kw(&q, "FROM");
    add_file(&q, r, ", binary_as_string = true");
    pt_rc rc = pt_exec_text(beside, "ATTACH ':memory:' AS " STAGE, err);
    if (rc == PT_OK)
        rc = pt_exec(beside, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

/* NaN stands for a missing number: that is how Parquet files written from data frames have it. */
static void add_cell(pt_sql *q, const pt_reading *r, size_t i, bool staged)
{
    const pt_cell *cell = &r->plan->cells[i];
    bool text = strcmp(cell->type, "VARCHAR") == 0;
    bool real = strcmp(cell->type, "DOUBLE") == 0 || strcmp(cell->type, "FLOAT") == 0;
    char stage_name[32];
    const char *name = staged ? stage_name : r->shape.names[cell->column];

    snprintf(stage_name, sizeof stage_name, "p%zu", i);
    if (real) {
        pt_sql_kw(q, "CASE WHEN NOT isnan(");
        pt_sql_ident(q, name);
        pt_sql_kw(q, ") THEN");
    } else if (text) {
        pt_sql_kw(q, r->run->text_function);
        pt_sql_kw(q, "(");
    }
    pt_sql_ident(q, name);
    pt_sql_kw(q, real ? "END" : text ? ")" : "");
    pt_str_addf(&q->text, "AS f%zu, ", i);
}

static pt_rc make_table(pt_reading *r, bool staged, pt_err *err)
{
    pt_sql base = {0}, q = {0};

    pt_sql_kw(&base, "SELECT");
    for (size_t i = 0; i < r->plan->n_cells; i++)
        add_cell(&base, r, i, staged);
    pt_sql_kw(&base, staged ? "0 AS z FROM " STAGE ".cells" : "0 AS z FROM");
    if (!staged)
        add_file(&base, r, ", binary_as_string = true");
    pt_plan_render(&q, r->plan, r->in->table, &base);
    pt_rc rc = pt_exec(r->run->conn, &q, NULL, err);
    pt_sql_free(&base);
    pt_sql_free(&q);
    return rc;
}

static pt_rc make_table_staged(pt_reading *r, pt_err *err)
{
    pt_conn *beside;
    pt_err ignored;

    PT_TRY(pt_conn_open_beside(&beside, r->run->conn, err));
    pt_rc rc = make_stage(beside, r, err);
    if (rc == PT_OK)
        rc = make_table(r, true, err);
    pt_exec_text(beside, "DETACH DATABASE IF EXISTS " STAGE, &ignored);
    pt_conn_close(beside);
    return rc;
}

pt_rc pt_read_parquet(pt_reading *r, pt_err *err)
{
    bool staged;

    PT_TRY(pt_parquet_shape(r, err));
    PT_TRY(pt_plan_get(&r->plan, r->run, &r->shape, r->in, err));
    PT_TRY(has_few_groups(&staged, r, err));
    return fail_file(err, r, staged ? make_table_staged(r, err) : make_table(r, false, err));
}

static void add_cases(pt_sql *q, const pt_reading *r, bool column)
{
    pt_sql_kw(q, ", CASE t._reject");
    for (size_t i = 0; i < r->plan->n_problems; i++) {
        const char *text = column ? r->plan->problems[i].column : r->plan->problems[i].reason;
        pt_str_addf(&q->text, "WHEN %zu THEN ", i + 1);
        pt_sql_text(q, pt_sv_of(text));
    }
    pt_sql_kw(q, "ELSE NULL END");
}

/* The line is the row's number; the text is the row as JSON. */
pt_rc pt_quarantine_parquet(pt_reading *r, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "INSERT INTO meta.rejects SELECT");
    pt_sql_text(&q, pt_sv_of(r->in->table));
    pt_sql_kw(&q, ", p.file_row_number + 1");
    add_cases(&q, r, true);
    add_cases(&q, r, false);
    pt_sql_kw(&q, ", left(CAST(to_json(p) AS VARCHAR), 8192) FROM raw.");
    pt_sql_ident(&q, r->in->table);
    pt_sql_kw(&q, "t JOIN");
    add_file(&q, r, ", binary_as_string = true, file_row_number = true");
    pt_sql_kw(&q, "p ON p.file_row_number = t.rowid -");
    pt_sql_bind_int(&q, r->first_rowid);
    pt_sql_kw(&q, "WHERE t._reject IS NOT NULL ORDER BY p.file_row_number");
    pt_rc rc = pt_exec(r->run->conn, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}
