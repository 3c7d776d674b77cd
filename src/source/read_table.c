/* One file into one table. The engine's own CSV reader is fast and runs on all threads, but it stops or cuts at some faults
 * (mixed line ends, NUL bytes) and knows no recovery. So a file is first looked over, read by the engine when nothing
 * stands against it, and when a single row is refused there, read again by csv.c, which is careful. Both give the same
 * rows for a file without faults. */
#include "source/rules.h"

/* --- the innermost query ------------------------------------------------------------------------------------------------ */

void pt_add_csv_cells(pt_sql *q, const pt_reading *r, bool trim)
{
    pt_sql_kw(q, "SELECT");
    for (size_t i = 0; i < r->plan->n_cells; i++) {
        size_t column = r->plan->cells[i].column;
        if (trim)
            pt_str_addf(&q->text, "%s(c%zu) AS f%zu, ", r->run->text_function, column, i);
        else
            pt_str_addf(&q->text, "c%zu AS f%zu, ", column, i);
    }
    pt_sql_kw(q, "0 AS z FROM");
}

static void add_char_option(pt_sql *q, const char *name, char c)
{
    pt_sql_kw(q, name);
    pt_sql_text(q, (pt_sv){&c, c ? 1 : 0});
}

static void add_null_texts(pt_sql *q, const pt_read_run *run)
{
    pt_sql_kw(q, ", nullstr = [''");
    for (size_t i = 0; i < run->source->n_missing_text; i++) {
        pt_sv text = pt_sv_trim(pt_sv_of(run->source->missing_text[i]));
        if (text.len) {
            pt_sql_kw(q, ",");
            pt_sql_text(q, text);
        }
    }
    pt_sql_kw(q, "]");
}

/* read_csv over the plain text. One rejected row is enough to know that there are faults. */
static void add_read_csv(pt_sql *q, const pt_reading *r, char delimiter, char quote, bool header, size_t columns)
{
    pt_sql_kw(q, "read_csv(");
    pt_sql_text(q, pt_sv_of(r->text.path));
    pt_sql_kw(q, ", auto_detect = false, compression = 'none', comment = '', skip = 0, null_padding = false,"
                 " strict_mode = true, store_rejects = true, rejects_limit = 1, rejects_table = 'pt_csv_rejects',"
                 " rejects_scan = 'pt_csv_scans', header =");
    pt_sql_kw(q, header ? "true" : "false");
    add_char_option(q, ", delim =", delimiter);
    add_char_option(q, ", quote =", quote);
    add_char_option(q, ", escape =", quote);
    if (columns > 1)
        add_null_texts(q, r->run);
    pt_sql_kw(q, ", columns = {");
    for (size_t i = 0; i < columns; i++)
        pt_str_addf(&q->text, "%s'c%zu': 'VARCHAR'", i ? ", " : "", i);
    pt_sql_kw(q, "})");
}

/* --- the engine's reader ------------------------------------------------------------------------------------------------ */

static bool null_text_clashes(const pt_reading *r)
{
    const pt_source *s = r->run->source;

    for (size_t i = 0; i < s->n_missing_text; i++)
        if (strchr(s->missing_text[i], r->shape.delimiter) ||
            (r->shape.quote && strchr(s->missing_text[i], r->shape.quote)))
            return true;
    return false;
}

/* Whether the engine's reader may be trusted with this file. */
static bool may_be_fast(const pt_reading *r)
{
    const pt_shape *s = &r->shape;
    bool usual = s->delimiter == ',' || s->delimiter == '\t' || s->delimiter == ';' || s->delimiter == '|';

    if (r->run->careful || !r->text.valid || r->text.nul || r->text.mixed_ends)
        return false;
    /* An empty line of a one-column file is a row for the engine and none for us. */
    return r->in->format == PT_FORMAT_JSONL || (s->n > 1 && usual && !null_text_clashes(r));
}

/* Rows, refused rows, and records that the engine's reader left out. Rows of this transaction are numbered from a large
 * base that the engine chooses, until they are committed. */
static pt_rc count_rows(pt_reading *r, uint64_t *left_out, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cur;
    const pt_rows *rows;

    pt_sql_kw(&q, "SELECT CAST(count(*) AS UBIGINT), CAST(count(_reject) AS UBIGINT),"
                  " CAST(coalesce(min(rowid), 0) AS UBIGINT),");
    pt_sql_kw(&q, left_out ? "(SELECT CAST(count(*) AS UBIGINT) FROM pt_csv_rejects)" : "0::UBIGINT");
    pt_sql_kw(&q, "FROM raw.");
    pt_sql_ident(&q, r->in->table);
    pt_rc rc = pt_query(&cur, r->run->conn, &q, err);
    pt_sql_free(&q);
    if (rc != PT_OK)
        return rc;
    rc = pt_cursor_next(&rows, cur, err);
    if (rc == PT_OK && rows) {
        r->refused = *(const uint64_t *)rows->cells[1].data;
        r->rows = *(const uint64_t *)rows->cells[0].data - r->refused;
        r->first_rowid = (int64_t) * (const uint64_t *)rows->cells[2].data;
        if (left_out)
            *left_out = *(const uint64_t *)rows->cells[3].data;
    }
    pt_cursor_close(cur);
    return rc;
}

static pt_rc undo_fast(pt_reading *r, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "DROP TABLE raw.");
    pt_sql_ident(&q, r->in->table);
    pt_rc rc = pt_exec(r->run->conn, &q, NULL, err);
    pt_sql_free(&q);
    return rc == PT_OK ? pt_exec_text(r->run->conn, "DELETE FROM pt_csv_rejects", err) : rc;
}

/* *done is false when the file has faults; nothing is left behind then. */
static pt_rc read_fast(bool *done, pt_reading *r, pt_err *err)
{
    pt_sql lines = {0}, base = {0}, q = {0};
    uint64_t rejects = 0;

    if (r->in->format == PT_FORMAT_JSONL) {
        pt_sql_kw(&lines, "SELECT c0 AS j FROM");
        add_read_csv(&lines, r, '\1', 0, false, 1);
        pt_sql_kw(&lines, "WHERE trim(c0, ' \t') <> ''");
        pt_add_json_cells(&base, r, &lines);
    } else {
        pt_add_csv_cells(&base, r, r->text.edges);
        add_read_csv(&base, r, r->shape.delimiter, r->shape.quote, !r->shape.positions, r->shape.n);
    }
    pt_plan_render(&q, r->plan, r->in->table, &base);
    pt_rc rc = pt_exec(r->run->conn, &q, NULL, err);
    if (rc == PT_OK)
        rc = count_rows(r, &rejects, err);
    *done = rc == PT_OK && rejects == 0;
    if (rc == PT_OK && rejects)
        rc = undo_fast(r, err);
    pt_sql_free(&lines);
    pt_sql_free(&base);
    pt_sql_free(&q);
    return rc;
}

/* --- one file ------------------------------------------------------------------------------------------------------------ */

/* A file without a single record: a table without rows, of the same columns. */
static pt_rc read_nothing(pt_reading *r, pt_err *err)
{
    pt_sql q = {0};
    const pt_source *s = r->run->source;

    pt_sql_kw(&q, "CREATE TABLE raw.");
    pt_sql_ident(&q, r->in->table);
    pt_sql_kw(&q, "(_time TIMESTAMP WITH TIME ZONE");
    for (size_t i = 0; i < s->n_identifiers; i++) {
        pt_str name = {0};
        pt_str_addf(&name, "_id_%s", s->identifiers[i].type);
        pt_sql_kw(&q, ",");
        pt_sql_ident(&q, pt_str_cstr(&name));
        pt_sql_kw(&q, "VARCHAR");
        pt_str_free(&name);
    }
    for (size_t i = 0; i < s->n_file_columns; i++) {
        pt_sql_kw(&q, ",");
        pt_sql_ident(&q, s->columns[i].name);
        pt_sql_kw(&q, pt_sql_type(s->columns[i].type));
    }
    pt_sql_kw(&q, ", _reject USMALLINT)");
    pt_rc rc = pt_exec(r->run->conn, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

/* *counted: count_rows was already asked. */
static pt_rc read_text(pt_reading *r, bool *counted, pt_err *err)
{
    PT_TRY(pt_text_file_open(&r->text, r->in->path, r->run->source->encoding, r->run->work_dir, r->arena, err));
    if (r->in->format == PT_FORMAT_CSV)
        PT_TRY(pt_csv_shape(&r->shape, &r->text, r->in, r->run, r->arena, err));
    else
        PT_TRY(pt_json_shape(&r->shape, r, err));
    if (r->in->format == PT_FORMAT_CSV ? r->shape.n == 0 : r->records == 0)
        return read_nothing(r, err);
    PT_TRY(pt_plan_get(&r->plan, r->run, &r->shape, r->in, err));
    if (may_be_fast(r))
        PT_TRY(read_fast(counted, r, err));
    return *counted ? PT_OK : pt_read_careful(r, err);
}

static pt_rc read_file(pt_reading *r, pt_err *err)
{
    bool counted = false;
    pt_rc rc = r->in->format == PT_FORMAT_PARQUET ? pt_read_parquet(r, err) : read_text(r, &counted, err);

    if (rc == PT_OK && !counted)
        rc = count_rows(r, NULL, err);
    return rc;
}

/* As if the file had not been read. */
static pt_rc undo_file(pt_reading *r, pt_err *err)
{
    pt_sql q = {0};

    pt_text_file_close(&r->text);
    pt_sql_kw(&q, "DELETE FROM meta.rejects WHERE table_name =");
    pt_sql_bind_text(&q, pt_sv_of(r->in->table));
    pt_rc rc = pt_exec(r->run->conn, &q, NULL, err);
    pt_sql_clear(&q);
    pt_sql_kw(&q, "DROP TABLE raw.");
    pt_sql_ident(&q, r->in->table);
    if (rc == PT_OK)
        rc = pt_exec(r->run->conn, &q, NULL, err);
    pt_sql_free(&q);
    *r = (pt_reading){.run = r->run, .in = r->in, .arena = r->arena};
    return rc;
}

/* A file whose values show how others of them are to be read (31/01/2017 shows it for 03/04/2017) is read twice. */
static pt_rc read_with_rules(pt_reading *r, pt_err *err)
{
    bool learned;

    pt_rules_begin(r->run);
    PT_TRY(read_file(r, err));
    PT_TRY(pt_rules_learn(&learned, r->run, err));
    if (learned) {
        PT_TRY(undo_file(r, err));
        PT_TRY(read_file(r, err));
    }
    return pt_rules_write(r, err);
}

pt_rc pt_read_table(pt_read_run *run, pt_input *in, pt_err *err)
{
    pt_reading r = {.run = run, .in = in, .arena = pt_arena_new(0)};

    if (!r.arena)
        return pt_fail_nomem(err, "reading a file");
    pt_rc rc = read_with_rules(&r, err);
    if (rc == PT_OK)
        rc = pt_quarantine_rows(&r, err);
    in->rows = r.rows;
    in->quarantined = r.refused + r.faults;
    pt_text_file_close(&r.text);
    pt_arena_free(r.arena);
    return rc;
}
