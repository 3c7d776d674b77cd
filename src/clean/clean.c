/* Which sources need cleaning again, and the view that later stages read. */
#include "clean/clean_int.h"
#include "source/source.h"

/* Raised when the same rules would now leave other rows. */
enum { CLEANER_VERSION = 1 };

pt_rc pt_clean_prepare(pt_conn *c, pt_err *err)
{
    return pt_exec_text(
        c,
        "CREATE SCHEMA IF NOT EXISTS clean;"
        "CREATE TABLE IF NOT EXISTS meta.clean_tables (source VARCHAR, table_name VARCHAR);"
        "CREATE TABLE IF NOT EXISTS meta.cleaning (source VARCHAR, rule UINTEGER, text VARCHAR, kind VARCHAR,"
        " column_name VARCHAR, rows UBIGINT, touched UBIGINT, dropped UBIGINT, learned VARCHAR);"
        "CREATE TABLE IF NOT EXISTS meta.cleaning_examples (source VARCHAR, rule UINTEGER, file_number UINTEGER,"
        " line UBIGINT, before VARCHAR, after VARCHAR)",
        err);
}

/* --- what was done -------------------------------------------------------------------------------------------------- */

/* "" when the source was never cleaned. */
static pt_rc read_made_from(char **out, const char *source, pt_conn *c, pt_arena *a, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT coalesce(max(made_from), '') FROM meta.cleaned WHERE source =");
    pt_sql_bind_text(&q, pt_sv_of(source));
    pt_rc rc = pt_query_text(out, c, &q, a, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc exec_for_source(const char *sql, const char *source, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, sql);
    pt_sql_bind_text(&q, pt_sv_of(source));
    pt_rc rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc drop_tables(const char *source, pt_conn *c, pt_arena *a, pt_err *err)
{
    pt_sql q = {0};
    char *list = NULL, *save = NULL;

    pt_sql_kw(&q, "SELECT coalesce(string_agg(table_name, chr(10)), '') FROM meta.clean_tables WHERE source =");
    pt_sql_bind_text(&q, pt_sv_of(source));
    pt_rc rc = pt_query_text(&list, c, &q, a, err);
    for (char *name = rc == PT_OK ? strtok_r(list, "\n", &save) : NULL; rc == PT_OK && name;
         name = strtok_r(NULL, "\n", &save)) {
        pt_sql_clear(&q);
        pt_sql_kw(&q, "DROP TABLE IF EXISTS clean.");
        pt_sql_ident(&q, name);
        rc = pt_exec(c, &q, NULL, err);
    }
    pt_sql_free(&q);
    return rc;
}

/* All that an earlier cleaning of the source left, the view aside. */
static pt_rc forget(const char *source, pt_conn *c, pt_arena *a, pt_err *err)
{
    static const char *const tables[] = {
        "DELETE FROM meta.clean_tables WHERE source =", "DELETE FROM meta.cleaned WHERE source =",
        "DELETE FROM meta.cleaning WHERE source =", "DELETE FROM meta.cleaning_examples WHERE source =",
        "DELETE FROM meta.clean_rejects WHERE source ="};

    PT_TRY(drop_tables(source, c, a, err));
    for (size_t i = 0; i < PT_COUNT(tables); i++)
        PT_TRY(exec_for_source(tables[i], source, c, err));
    return PT_OK;
}

static pt_rc write_done(const pt_clean_run *run, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, run->conn, "meta", "clean_tables", err));
    for (size_t k = 0; k < run->n_steps; k++) {
        if (!run->steps[k].table)
            continue;
        pt_append_text(a, pt_sv_of(run->source->name));
        pt_append_text(a, pt_sv_of(run->steps[k].table));
        pt_append_end_row(a);
    }
    PT_TRY(pt_appender_close(a, err));
    PT_TRY(pt_appender_open(&a, run->conn, "meta", "cleaned", err));
    pt_append_text(a, pt_sv_of(run->source->name));
    pt_append_text(a, pt_sv_of(run->made_from));
    pt_append_end_row(a);
    return pt_appender_close(a, err);
}

/* --- steps ---------------------------------------------------------------------------------------------------------- */

static pt_rc make_steps(pt_clean_run *run, pt_err *err)
{
    const pt_source *s = run->source;

    run->steps = PT_NEW_ARRAY(run->arena, pt_clean_step, s->n_clean);
    if (!run->steps)
        return pt_fail_nomem(err, "cleaning");
    for (size_t i = 0; i < s->n_clean; i++) {
        const pt_clean_rule *r = &s->clean[i];
        int column = r->column ? pt_source_find_column(s, pt_sv_of(r->column)) : -1;
        if (pt_clean_reads(r))
            continue;
        pt_clean_step *step = &run->steps[run->n_steps++];
        *step =
            (pt_clean_step){.rule = r, .number = (unsigned)i + 1, .column = column >= 0 ? &s->columns[column] : NULL};
        run->drops |= pt_clean_drops(step);
    }
    return PT_OK;
}

/* Looks at one row at a time. */
static bool is_plain(const pt_clean_rule *r)
{
    return !pt_clean_learns_as_of(r) && !(r->kind == PT_CLEAN_FILL && r->fill == PT_FILL_PREVIOUS);
}

/* The latest row that rules may learn from: what they learn is the same for every as-of that has no other. run->as_of is
 * set only where some row is later. */
static pt_rc find_as_of(pt_clean_run *run, int64_t as_of, pt_str *made_from, pt_err *err)
{
    char text[48];
    pt_sql q = {0};
    bool learns = false;
    char *latest;

    for (size_t k = 0; k < run->n_steps; k++)
        learns |= pt_clean_learns_as_of(run->steps[k].rule);
    if (!learns || !run->source->time)
        return PT_OK;
    pt_instant_format(text, as_of, pt_zone_utc());
    pt_sql_kw(
        &q,
        "SELECT coalesce(CAST(max(_time) FILTER (_time <= i) AS VARCHAR), '') || CASE WHEN max(_time) > any_value(i)"
        " THEN ' then later' ELSE '' END FROM (SELECT _time, TIMESTAMPTZ");
    pt_sql_text(&q, pt_sv_of(text));
    pt_sql_kw(&q, "AS i FROM raw.");
    pt_sql_ident(&q, run->source->name);
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_query_text(&latest, run->conn, &q, run->arena, err);
    pt_sql_free(&q);
    if (rc == PT_ENOTFOUND)
        return PT_OK; /* no row at all */
    if (rc != PT_OK)
        return rc;
    pt_str_addf(made_from, "as of %s\n", latest);
    if (strstr(latest, "later") && !(run->as_of = pt_arena_printf(run->arena, "TIMESTAMPTZ '%s'", text)))
        return pt_fail_nomem(err, "cleaning");
    return PT_OK;
}

/* Rows, rules, and the instant where they depend on it. Without rules it is what the raw rows were made from. */
static pt_rc find_made_from(pt_clean_run *run, size_t source, int64_t as_of, pt_err *err)
{
    pt_hash128 rows, rules = run->source->clean_hash;
    pt_str s = {0};
    char hex[33];

    PT_TRY(pt_source_hash(&rows, run->project, source, run->conn, err));
    pt_hash128_hex(hex, rows);
    pt_str_addf(&s, "cleaner %d\nrows %s\n", CLEANER_VERSION, hex);
    pt_hash128_hex(hex, rules);
    pt_str_addf(&s, "rules %s\n", hex);
    pt_rc rc = find_as_of(run, as_of, &s, err);
    if (rc == PT_OK)
        rc = pt_str_check(&s, err);
    pt_hash128_hex(hex, run->n_steps ? pt_hash128_of(pt_str_cstr(&s), s.len) : rows);
    pt_str_free(&s);
    run->made_from = pt_arena_strdup(run->arena, hex);
    return rc == PT_OK && !run->made_from ? pt_fail_nomem(err, "cleaning") : rc;
}

/* --- the whole ------------------------------------------------------------------------------------------------------ */

static pt_rc make_view(pt_clean_run *run, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "CREATE OR REPLACE VIEW clean.");
    pt_sql_ident(&q, run->source->name);
    pt_sql_kw(&q, "AS");
    pt_clean_view(&q, run);
    return pt_clean_exec(&q, run, err);
}

static pt_rc clean_again(pt_clean_run *run, pt_err *err)
{
    PT_TRY(forget(run->source->name, run->conn, run->arena, err));
    for (size_t k = 0; k < run->n_steps; k++)
        PT_TRY(pt_clean_check_step(run, k, err));
    for (size_t k = 0; k < run->n_steps; k++)
        PT_TRY(pt_clean_learn(run, k, err));
    PT_TRY(make_view(run, err));
    if (run->n_steps)
        PT_TRY(pt_clean_report(run, err));
    return write_done(run, err);
}

static pt_rc in_transaction(pt_clean_run *run, pt_err *err)
{
    pt_err ignored;
    pt_rc rc = pt_exec_text(run->conn, "BEGIN", err);

    if (rc != PT_OK)
        return rc;
    rc = clean_again(run, err);
    if (rc == PT_OK)
        rc = pt_exec_text(run->conn, "COMMIT", err);
    if (rc != PT_OK)
        pt_exec_text(run->conn, "ROLLBACK", &ignored);
    return rc;
}

static pt_rc clean_source(pt_clean_run *run, size_t source, int64_t as_of, pt_err *err)
{
    char *found;

    PT_TRY(make_steps(run, err));
    PT_TRY(find_made_from(run, source, as_of, err));
    PT_TRY(read_made_from(&found, run->source->name, run->conn, run->arena, err));
    return strcmp(found, run->made_from) == 0 ? PT_OK : in_transaction(run, err);
}

pt_rc pt_clean_source(const pt_project *p, size_t source, int64_t as_of, pt_conn *c, pt_err *err)
{
    pt_clean_run run = {.project = p, .source = &p->sources[source], .conn = c, .arena = pt_arena_new(0)};

    if (!run.arena)
        return pt_fail_nomem(err, "cleaning");
    pt_rc rc = clean_source(&run, source, as_of, err);
    pt_arena_free(run.arena);
    return rc;
}

/* Steps up to the first that must learn something are layers as they stand. */
static pt_rc find_last_event(int64_t *out, pt_clean_run *run, pt_err *err)
{
    pt_sql q = {0};
    size_t n = 0;

    *out = PT_I64_MISSING;
    PT_TRY(make_steps(run, err));
    for (; n < run->n_steps && is_plain(run->steps[n].rule); n++) {
        PT_TRY(pt_clean_check_step(run, n, err));
        PT_TRY(pt_clean_learn(run, n, err));
    }
    pt_sql_kw(&q, "SELECT max(_time) FROM");
    pt_clean_rows(&q, run, n);
    pt_sql_kw(&q, "WHERE _dropped IS NULL");
    pt_rc rc = pt_query_int(out, run->conn, &q, err);
    pt_sql_free(&q);
    if (rc != PT_ENOTFOUND)
        return rc;
    *out = PT_I64_MISSING;
    return PT_OK;
}

pt_rc pt_clean_last_event(int64_t *out, const pt_project *p, size_t source, pt_conn *c, pt_err *err)
{
    pt_clean_run run = {.project = p, .source = &p->sources[source], .conn = c, .arena = pt_arena_new(0)};

    if (!run.arena)
        return pt_fail_nomem(err, "cleaning");
    pt_rc rc = find_last_event(out, &run, err);
    pt_arena_free(run.arena);
    return rc;
}

static pt_rc check_source(pt_clean_run *run, pt_diags *diags, pt_err *err)
{
    PT_TRY(make_steps(run, err));
    for (size_t k = 0; k < run->n_steps; k++) {
        pt_err problem = {0};
        pt_rc rc = pt_clean_check_step(run, k, &problem);
        PT_TRY(pt_note_problem(diags, rc, &problem, run->steps[k].rule->condition_place, err));
    }
    return PT_OK;
}

pt_rc pt_clean_check(const pt_project *p, pt_conn *c, pt_diags *diags, pt_err *err)
{
    pt_rc rc = PT_OK;

    for (size_t s = 0; rc == PT_OK && s < p->n_sources; s++) {
        pt_clean_run run = {.project = p, .source = &p->sources[s], .conn = c, .arena = pt_arena_new(0)};
        if (!run.arena)
            return pt_fail_nomem(err, "the check");
        rc = check_source(&run, diags, err);
        pt_arena_free(run.arena);
    }
    return rc;
}

pt_rc pt_clean_hash(pt_hash128 *out, const pt_project *p, size_t source, pt_conn *c, pt_err *err)
{
    pt_arena *a = pt_arena_new(0);
    char *hex;

    *out = (pt_hash128){0};
    if (!a)
        return pt_fail_nomem(err, "cleaning");
    pt_rc rc = read_made_from(&hex, p->sources[source].name, c, a, err);
    if (rc == PT_OK)
        *out = pt_hash128_of(hex, strlen(hex));
    pt_arena_free(a);
    return rc;
}

/* --- sources that are gone ------------------------------------------------------------------------------------------ */

static pt_rc drop_source(const char *name, pt_conn *c, pt_arena *a, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "DROP VIEW IF EXISTS clean.");
    pt_sql_ident(&q, name);
    pt_rc rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    return rc == PT_OK ? forget(name, c, a, err) : rc;
}

static pt_rc sweep(const pt_project *p, pt_conn *c, pt_arena *a, pt_err *err)
{
    pt_sql q = {0};
    char *gone, *save = NULL;

    pt_sql_kw(&q, "SELECT coalesce(string_agg(source, chr(10)), '') FROM meta.cleaned WHERE source NOT IN (''");
    for (size_t i = 0; i < p->n_sources; i++) {
        pt_sql_kw(&q, ",");
        pt_sql_text(&q, pt_sv_of(p->sources[i].name));
    }
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_query_text(&gone, c, &q, a, err);
    pt_sql_free(&q);
    for (char *name = rc == PT_OK ? strtok_r(gone, "\n", &save) : NULL; rc == PT_OK && name;
         name = strtok_r(NULL, "\n", &save))
        rc = drop_source(name, c, a, err);
    return rc;
}

pt_rc pt_clean_sweep(const pt_project *p, pt_conn *c, pt_err *err)
{
    pt_arena *a = pt_arena_new(0);

    if (!a)
        return pt_fail_nomem(err, "cleaning");
    pt_rc rc = sweep(p, c, a, err);
    pt_arena_free(a);
    return rc;
}
