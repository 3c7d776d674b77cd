/* pt_source_read: which tables a source needs, reading those that are missing, and the view over them; all in one
 * transaction, so that a failure leaves the source as it was. */
#include "base/log.h"
#include "source/rules.h"

/* Part of every table's name: raised when the same file would now be read to other rows. */
#define READER_VERSION 1

pt_rc pt_source_prepare(pt_conn *c, pt_err *err)
{
    PT_TRY(pt_define_functions(c, err));
    return pt_exec_text(
        c,
        "CREATE SCHEMA IF NOT EXISTS raw; CREATE SCHEMA IF NOT EXISTS meta;"
        "CREATE TABLE IF NOT EXISTS meta.tables (table_name VARCHAR, source VARCHAR, rows UBIGINT, quarantined "
        "UBIGINT);"
        "CREATE TABLE IF NOT EXISTS meta.inputs (source VARCHAR, path VARCHAR, file_number UINTEGER, content_hash "
        "VARCHAR,"
        " bytes UBIGINT, table_name VARCHAR);"
        "CREATE TABLE IF NOT EXISTS meta.rejects (table_name VARCHAR, line UBIGINT, column_name VARCHAR, reason "
        "VARCHAR,"
        " raw VARCHAR);"
        "CREATE TABLE IF NOT EXISTS meta.table_rules (table_name VARCHAR, rule UINTEGER, text VARCHAR, touched UBIGINT,"
        " missing UBIGINT, quarantined UBIGINT);"
        "CREATE TABLE IF NOT EXISTS meta.table_examples (table_name VARCHAR, rule UINTEGER, hash UBIGINT, before "
        "VARCHAR, after VARCHAR);"
        "CREATE VIEW IF NOT EXISTS meta.read_rules AS SELECT i.source, r.rule, any_value(r.text) AS text,"
        " CAST(sum(r.touched) AS UBIGINT) AS touched, CAST(sum(r.missing) AS UBIGINT) AS missing,"
        " CAST(sum(r.quarantined) AS UBIGINT) AS quarantined FROM meta.table_rules r JOIN meta.inputs i USING"
        " (table_name) GROUP BY i.source, r.rule;"
        "CREATE VIEW IF NOT EXISTS meta.read_examples AS SELECT DISTINCT i.source, e.rule, e.hash, e.before, e.after"
        " FROM meta.table_examples e JOIN meta.inputs i USING (table_name)"
        " QUALIFY dense_rank() OVER (PARTITION BY i.source, e.rule ORDER BY e.hash) <= 3;"
        "CREATE VIEW IF NOT EXISTS meta.files AS SELECT i.source, i.path, i.file_number, i.content_hash, i.bytes, "
        "t.rows,"
        " t.quarantined FROM meta.inputs i JOIN meta.tables t USING (table_name);"
        "CREATE TABLE IF NOT EXISTS meta.cleaned (source VARCHAR, made_from VARCHAR);"
        "CREATE TABLE IF NOT EXISTS meta.clean_rejects (source VARCHAR, file_number UINTEGER, line UBIGINT, column_name"
        " VARCHAR, reason VARCHAR, raw VARCHAR);"
        "CREATE OR REPLACE VIEW meta.quarantine AS SELECT i.source, i.path AS file, r.line, r.column_name, r.reason,"
        " r.raw FROM meta.rejects r JOIN meta.inputs i USING (table_name) UNION ALL SELECT i.source, i.path, r.line,"
        " r.column_name, r.reason, r.raw FROM meta.clean_rejects r JOIN meta.inputs i USING (source, file_number)",
        err);
}

/* --- the definition ------------------------------------------------------------------------------------------------------ */

static const pt_identifier_type *identifier_type(const pt_project *p, const char *name)
{
    for (size_t i = 0; i < p->identity.n_types; i++)
        if (strcmp(p->identity.types[i].name, name) == 0)
            return &p->identity.types[i];
    return NULL;
}

/* What the cleaned rows of a reference were made from; empty when it was never cleaned. */
static pt_rc add_cleaned(pt_str *key, const char *reference, const pt_read_run *run, pt_err *err)
{
    pt_sql q = {0};
    char *made_from = NULL;

    pt_sql_kw(&q, "SELECT coalesce(max(made_from), '') FROM meta.cleaned WHERE source =");
    pt_sql_bind_text(&q, pt_sv_of(reference));
    pt_rc rc = pt_query_text(&made_from, run->conn, &q, run->arena, err);
    pt_sql_free(&q);
    if (rc == PT_OK)
        pt_str_addf(key, "reference %s\n", made_from);
    return rc;
}

static pt_rc hash_lookups(pt_str *key, const pt_read_run *run, pt_err *err)
{
    const pt_source *s = run->source;

    for (size_t i = 0; i < s->n_file_columns; i++) {
        const char *name = s->columns[i].lookup.source;
        int other = name ? pt_project_find_source(run->project, pt_sv_of(name)) : -1;
        if (other < 0)
            continue;
        PT_TRY(add_cleaned(key, name, run, err));
    }
    return PT_OK;
}

/* Everything outside the file that its rows depend on. */
static pt_rc hash_definition(pt_read_run *run, pt_err *err)
{
    const pt_source *s = run->source;
    pt_str key = {0};

    pt_str_addf(&key, "%d\n%s\n", READER_VERSION, run->project->zone_name);
    pt_str_addn(&key, (const char *)&s->hash, sizeof s->hash);
    for (size_t i = 0; i < s->n_identifiers; i++)
        pt_str_addf(&key, "%s\n", run->identifier_functions[i]); /* named by normal form and blocked values */
    pt_rc rc = hash_lookups(&key, run, err);
    if (rc == PT_OK)
        rc = pt_str_check(&key, err);
    if (rc == PT_OK)
        run->definition = pt_hash128_of(key.ptr, key.len);
    pt_str_free(&key);
    return rc;
}

static pt_rc define_identifiers(pt_read_run *run, pt_err *err)
{
    const pt_source *s = run->source;

    for (size_t i = 0; i < s->n_identifiers; i++) {
        const pt_identifier_type *type = identifier_type(run->project, s->identifiers[i].type);
        pt_identifier_type plain = {.name = s->identifiers[i].type};
        PT_TRY(pt_define_identifier(&run->identifier_functions[i], type ? type : &plain, run->conn, run->arena, err));
    }
    return PT_OK;
}

/* All readers of dates and instants that a plan may ask for. Functions are defined outside the transaction, since one that
 * is rolled back would take them along. */
static pt_rc define_times(pt_read_run *run, pt_err *err)
{
    const pt_source *s = run->source;
    const char *zone = s->zone ? s->zone : run->project->zone_name, *name;

    for (size_t i = 0; i < s->n_file_columns; i++) {
        const pt_source_column *c = &s->columns[i];
        const char *own = c->zone ? c->zone : zone;
        if (c->type != PT_TYPE_DATE && c->type != PT_TYPE_INSTANT)
            continue;
        PT_TRY(pt_define_time(&name, c->type, c->format, own, run->conn, run->arena, err));
        PT_TRY(pt_define_time(&name, c->type, NULL, own, run->conn, run->arena, err));
    }
    if (!s->time)
        return PT_OK;
    PT_TRY(pt_define_time(&name, PT_TYPE_INSTANT, s->time_format, zone, run->conn, run->arena, err));
    return pt_define_time(&name, PT_TYPE_INSTANT, NULL, zone, run->conn, run->arena, err);
}

static pt_rc open_run(pt_read_run *run, pt_err *err)
{
    const pt_source *s = run->source;
    pt_arena *a = run->arena;

    run->identifier_functions = PT_NEW_ARRAY(a, const char *, s->n_identifiers);
    run->lookups = PT_NEW_ARRAY(a, pt_lookup_function, s->n_file_columns);
    if (!run->identifier_functions || !run->lookups)
        return pt_fail_nomem(err, "a source");
    if (s->encoding)
        PT_TRY(pt_encoding_check(s->encoding, err));
    PT_TRY(pt_wanted_names(run, err));
    PT_TRY(pt_define_text(&run->text_function, s, run->conn, a, err));
    PT_TRY(define_identifiers(run, err));
    PT_TRY(define_times(run, err));
    return hash_definition(run, err);
}

/* --- tables -------------------------------------------------------------------------------------------------------------- */

static pt_rc mark_known(pt_input *inputs, size_t n, const pt_read_run *run, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cur;
    const pt_rows *rows;

    pt_sql_kw(&q, "SELECT table_name FROM meta.tables WHERE source =");
    pt_sql_bind_text(&q, pt_sv_of(run->source->name));
    pt_rc rc = pt_query(&cur, run->conn, &q, err);
    pt_sql_free(&q);
    if (rc != PT_OK)
        return rc;
    while ((rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows)
        for (size_t k = 0; k < rows->n; k++)
            for (size_t i = 0; i < n; i++)
                inputs[i].known |= pt_sv_eq(((const pt_sv *)rows->cells[0].data)[k], pt_sv_of(inputs[i].table));
    pt_cursor_close(cur);
    return rc;
}

static bool is_repeat(const pt_input *inputs, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(inputs[k].table, inputs[i].table) == 0)
            return true;
    return false;
}

static pt_rc read_new(pt_read_stats *stats, pt_read_run *run, pt_input *inputs, size_t n, pt_err *err)
{
    for (size_t i = 0; i < n; i++) {
        if (inputs[i].known) {
            stats->files_kept++;
            continue;
        }
        stats->files_read++;
        if (is_repeat(inputs, i))
            continue; /* the same contents under another name: one table serves both */
        PT_TRY(pt_read_table(run, &inputs[i], err));
    }
    return PT_OK;
}

/* Files that were there before and are not now. */
static pt_rc count_removed(pt_read_stats *stats, const pt_read_run *run, const pt_input *inputs, size_t n, pt_err *err)
{
    pt_sql q = {0};
    int64_t removed = 0;

    pt_sql_kw(&q, "SELECT count(*) FROM meta.inputs WHERE source =");
    pt_sql_bind_text(&q, pt_sv_of(run->source->name));
    pt_sql_kw(&q, "AND path NOT IN (''");
    for (size_t i = 0; i < n; i++) {
        pt_sql_kw(&q, ",");
        pt_sql_text(&q, pt_sv_of(inputs[i].name));
    }
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_query_int(&removed, run->conn, &q, err);
    pt_sql_free(&q);
    stats->files_removed = (uint64_t)removed;
    return rc;
}

static pt_rc write_tables(const pt_read_run *run, const pt_input *inputs, size_t n, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, run->conn, "meta", "tables", err));
    for (size_t i = 0; i < n; i++) {
        if (inputs[i].known || is_repeat(inputs, i))
            continue;
        pt_append_text(a, pt_sv_of(inputs[i].table));
        pt_append_text(a, pt_sv_of(run->source->name));
        pt_append_int(a, (int64_t)inputs[i].rows);
        pt_append_int(a, (int64_t)inputs[i].quarantined);
        pt_append_end_row(a);
    }
    return pt_appender_close(a, err);
}

static pt_rc exec_for_source(const pt_read_run *run, const char *before, const char *after, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, before);
    pt_sql_bind_text(&q, pt_sv_of(run->source->name));
    pt_sql_kw(&q, after);
    pt_rc rc = pt_exec(run->conn, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc write_inputs(const pt_read_run *run, const pt_input *inputs, size_t n, pt_err *err)
{
    pt_appender *a;
    char hex[33];

    PT_TRY(exec_for_source(run, "DELETE FROM meta.inputs WHERE source =", "", err));
    PT_TRY(pt_appender_open(&a, run->conn, "meta", "inputs", err));
    for (size_t i = 0; i < n; i++) {
        pt_hash128_hex(hex, inputs[i].content);
        pt_append_text(a, pt_sv_of(run->source->name));
        pt_append_text(a, pt_sv_of(inputs[i].name));
        pt_append_int(a, (int64_t)i);
        pt_append_text(a, pt_sv_of(hex));
        pt_append_int(a, (int64_t)inputs[i].bytes);
        pt_append_text(a, pt_sv_of(inputs[i].table));
        pt_append_end_row(a);
    }
    return pt_appender_close(a, err);
}

/* --- what is no longer needed ------------------------------------------------------------------------------------------ */

/* One line of text a name. */
static pt_rc drop_each(pt_conn *conn, char *lines, const char *what, pt_err *err)
{
    pt_sql q = {0};
    pt_rc rc = PT_OK;

    for (char *save = NULL, *name = strtok_r(lines, "\n", &save); rc == PT_OK && name;
         name = strtok_r(NULL, "\n", &save)) {
        pt_sql_clear(&q);
        pt_sql_kw(&q, what);
        pt_sql_ident(&q, name);
        rc = pt_exec(conn, &q, NULL, err);
    }
    pt_sql_free(&q);
    return rc;
}

/* Tables that no input uses any more, of this source or (source NULL) of any. */
static pt_rc drop_unused(pt_conn *conn, const char *source, pt_arena *arena, pt_err *err)
{
    pt_sql q = {0};
    char *list = NULL;

    pt_sql_kw(&q, "SELECT coalesce(string_agg(table_name, chr(10)), '') FROM meta.tables WHERE table_name NOT IN"
                  " (SELECT table_name FROM meta.inputs)");
    if (source) {
        pt_sql_kw(&q, "AND source =");
        pt_sql_bind_text(&q, pt_sv_of(source));
    }
    pt_rc rc = pt_query_text(&list, conn, &q, arena, err);
    pt_sql_free(&q);
    if (rc != PT_OK || !*list)
        return rc;
    PT_TRY(drop_each(conn, list, "DROP TABLE IF EXISTS raw.", err));
    return pt_exec_text(conn,
                        "DELETE FROM meta.rejects WHERE table_name NOT IN (SELECT table_name FROM meta.inputs);"
                        "DELETE FROM meta.table_rules WHERE table_name NOT IN (SELECT table_name FROM meta.inputs);"
                        "DELETE FROM meta.table_examples WHERE table_name NOT IN (SELECT table_name FROM meta.inputs);"
                        "DELETE FROM meta.tables WHERE table_name NOT IN (SELECT table_name FROM meta.inputs)",
                        err);
}

/* Views of sources that are gone first, then their inputs, then the tables that nothing uses. */
static pt_rc sweep(const pt_project *p, pt_conn *c, pt_arena *arena, pt_err *err)
{
    pt_sql q = {0};
    char *list = NULL;

    pt_sql_kw(&q, "SELECT coalesce(string_agg(DISTINCT source, chr(10)), '') FROM meta.inputs WHERE source NOT IN (''");
    for (size_t i = 0; i < p->n_sources; i++) {
        pt_sql_kw(&q, ",");
        pt_sql_text(&q, pt_sv_of(p->sources[i].name));
    }
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_query_text(&list, c, &q, arena, err);
    const char *again = rc == PT_OK ? pt_arena_strdup(arena, list) : NULL;
    if (rc == PT_OK && !again)
        rc = pt_fail_nomem(err, "sources that are gone");
    if (rc == PT_OK)
        rc = drop_each(c, list, "DROP VIEW IF EXISTS raw.", err);
    if (rc == PT_OK) {
        pt_sql_clear(&q);
        pt_sql_kw(&q, "DELETE FROM meta.inputs WHERE list_contains(string_split(");
        pt_sql_bind_text(&q, pt_sv_of(again));
        pt_sql_kw(&q, ", chr(10)), source)");
        rc = pt_exec(c, &q, NULL, err);
    }
    pt_sql_free(&q);
    return rc == PT_OK ? drop_unused(c, NULL, arena, err) : rc;
}

pt_rc pt_source_sweep(const pt_project *p, pt_conn *c, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_err ignored;

    if (!arena)
        return pt_fail_nomem(err, "sources that are gone");
    pt_rc rc = pt_exec_text(c, "BEGIN", err);
    if (rc == PT_OK) {
        rc = sweep(p, c, arena, err);
        if (rc == PT_OK)
            rc = pt_exec_text(c, "COMMIT", err);
        if (rc != PT_OK)
            pt_exec_text(c, "ROLLBACK", &ignored);
    }
    pt_arena_free(arena);
    return rc;
}

/* --- the view ------------------------------------------------------------------------------------------------------------ */

static void add_view_part(pt_sql *q, const pt_read_run *run, const pt_input *in, size_t number)
{
    const pt_source *s = run->source;
    pt_str name = {0};

    pt_sql_kw(q, number ? "UNION ALL SELECT" : "SELECT");
    pt_str_addf(&q->text, "CAST(%zu AS UINTEGER) AS _file, CAST(rowid AS UBIGINT) AS _row, _time", number);
    for (size_t i = 0; i < s->n_identifiers; i++) {
        pt_str_clear(&name);
        pt_str_addf(&name, "_id_%s", s->identifiers[i].type);
        pt_sql_kw(q, ",");
        pt_sql_ident(q, pt_str_cstr(&name));
    }
    for (size_t i = 0; i < s->n_file_columns; i++) {
        pt_sql_kw(q, ",");
        pt_sql_ident(q, s->columns[i].name);
    }
    pt_sql_kw(q, "FROM raw.");
    pt_sql_ident(q, in->table);
    pt_sql_kw(q, "WHERE _reject IS NULL");
    q->text.failed |= name.failed;
    pt_str_free(&name);
}

/* The view of an optional source whose files are absent: its columns, and no row. */
static void add_empty_view(pt_sql *q, const pt_read_run *run)
{
    const pt_source *s = run->source;
    pt_str name = {0};

    pt_sql_kw(q, "SELECT CAST(NULL AS UINTEGER) AS _file, CAST(NULL AS UBIGINT) AS _row, CAST(NULL AS");
    pt_sql_kw(q, pt_sql_type(PT_TYPE_INSTANT));
    pt_sql_kw(q, ") AS _time");
    for (size_t i = 0; i < s->n_identifiers; i++) {
        pt_str_clear(&name);
        pt_str_addf(&name, "_id_%s", s->identifiers[i].type);
        pt_sql_kw(q, ", CAST(NULL AS VARCHAR) AS");
        pt_sql_ident(q, pt_str_cstr(&name));
    }
    for (size_t i = 0; i < s->n_file_columns; i++) {
        pt_sql_kw(q, ", CAST(NULL AS");
        pt_sql_kw(q, pt_sql_type(s->columns[i].type));
        pt_sql_kw(q, ") AS");
        pt_sql_ident(q, s->columns[i].name);
    }
    pt_sql_kw(q, "WHERE false");
    q->text.failed |= name.failed;
    pt_str_free(&name);
}

static pt_rc make_view(const pt_read_run *run, const pt_input *inputs, size_t n, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "CREATE OR REPLACE VIEW raw.");
    pt_sql_ident(&q, run->source->name);
    pt_sql_kw(&q, "AS");
    if (n == 0)
        add_empty_view(&q, run);
    for (size_t i = 0; i < n; i++)
        add_view_part(&q, run, &inputs[i], i);
    pt_rc rc = pt_exec(run->conn, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

/* --- the whole ----------------------------------------------------------------------------------------------------------- */

static pt_rc sum_files(pt_read_stats *stats, const pt_read_run *run, const pt_input *inputs, size_t n, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cur;
    const pt_rows *rows;

    pt_sql_kw(&q, "SELECT CAST(file_number AS UINTEGER), rows, quarantined FROM meta.files WHERE source =");
    pt_sql_bind_text(&q, pt_sv_of(run->source->name));
    pt_rc rc = pt_query(&cur, run->conn, &q, err);
    pt_sql_free(&q);
    if (rc != PT_OK)
        return rc;
    while ((rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows) {
        for (size_t i = 0; i < rows->n; i++) {
            uint32_t number = ((const uint32_t *)rows->cells[0].data)[i];
            uint64_t count = ((const uint64_t *)rows->cells[1].data)[i];
            stats->rows += count;
            stats->rows_read += number < n && !inputs[number].known ? count : 0;
            stats->quarantined += ((const uint64_t *)rows->cells[2].data)[i];
        }
    }
    pt_cursor_close(cur);
    stats->files = n;
    return rc;
}

static pt_rc update(pt_read_stats *stats, pt_read_run *run, pt_input *inputs, size_t n, pt_err *err)
{
    PT_TRY(read_new(stats, run, inputs, n, err));
    PT_TRY(write_tables(run, inputs, n, err));
    PT_TRY(count_removed(stats, run, inputs, n, err));
    PT_TRY(write_inputs(run, inputs, n, err));
    PT_TRY(make_view(run, inputs, n, err));
    PT_TRY(drop_unused(run->conn, run->source->name, run->arena, err));
    return sum_files(stats, run, inputs, n, err);
}

static pt_rc in_transaction(pt_read_stats *stats, pt_read_run *run, pt_input *inputs, size_t n, pt_err *err)
{
    pt_err ignored;
    pt_rc rc;

    *stats = (pt_read_stats){0};
    run->expressions = NULL; /* their macros went with the transaction before */
    pt_plan_forget(run);
    PT_TRY(pt_exec_text(run->conn, "BEGIN", err));
    rc = update(stats, run, inputs, n, err);
    if (rc == PT_OK)
        rc = pt_exec_text(run->conn, "COMMIT", err);
    if (rc != PT_OK)
        pt_exec_text(run->conn, "ROLLBACK", &ignored);
    return rc;
}

static pt_rc read_source(pt_read_stats *out, pt_read_run *run, pt_err *err)
{
    pt_input *inputs;
    size_t n;
    bool all_known = true;

    PT_TRY(open_run(run, err));
    PT_TRY(pt_list_inputs(&inputs, &n, run, err));
    PT_TRY(mark_known(inputs, n, run, err));
    for (size_t i = 0; i < n; i++)
        all_known &= inputs[i].known;
    if (!all_known) {
        PT_TRY(pt_make_lookups(run, err));
        PT_TRY(pt_rules_open(run, err));
    }
    pt_rc rc = in_transaction(out, run, inputs, n, err);
    if (rc == PT_EENGINE && !all_known) {
        /* The engine's reader stops at some faults that only it sees; csv.c does not. */
        pt_log(PT_LOG_INFO, "source", "source=%s again=careful", run->source->name);
        run->careful = true;
        rc = in_transaction(out, run, inputs, n, err);
    }
    out->ambiguous_keys = run->ambiguous_keys;
    return rc;
}

pt_rc pt_source_read(pt_read_stats *out, const pt_project *p, size_t source, pt_conn *c, const char *work_dir,
                     pt_err *err)
{
    pt_read_run run = {
        .project = p, .source = &p->sources[source], .conn = c, .work_dir = work_dir, .arena = pt_arena_new(0)};

    if (!run.arena)
        return pt_fail_nomem(err, "a source");
    pt_rc rc = read_source(out, &run, err);
    pt_plan_forget(&run);
    if (run.lookups)
        pt_drop_lookups(&run);
    pt_rules_close(&run);
    pt_arena_free(run.arena);
    return rc;
}
