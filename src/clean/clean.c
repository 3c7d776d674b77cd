/* Which sources need cleaning again, and the view that later stages read. */
#include "clean/clean.h"

#include "source/source.h"

pt_rc pt_clean_prepare(pt_conn *c, pt_err *err)
{
    return pt_exec_text(c,
                        "CREATE SCHEMA IF NOT EXISTS clean;"
                        "CREATE TABLE IF NOT EXISTS meta.cleaned (source VARCHAR, made_from VARCHAR)",
                        err);
}

/* --- what was done ------------------------------------------------------------------------------------------------ */

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

static pt_rc write_made_from(const char *source, const char *made_from, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "DELETE FROM meta.cleaned WHERE source =");
    pt_sql_bind_text(&q, pt_sv_of(source));
    pt_rc rc = pt_exec(c, &q, NULL, err);
    pt_sql_clear(&q);
    pt_sql_kw(&q, "INSERT INTO meta.cleaned VALUES (");
    pt_sql_bind_text(&q, pt_sv_of(source));
    pt_sql_kw(&q, ",");
    pt_sql_bind_text(&q, pt_sv_of(made_from));
    pt_sql_kw(&q, ")");
    if (rc == PT_OK)
        rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

/* --- the view ----------------------------------------------------------------------------------------------------- */

static pt_rc make_view(const pt_source *s, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    pt_str name = {0};

    pt_sql_kw(&q, "CREATE OR REPLACE VIEW clean.");
    pt_sql_ident(&q, s->name);
    pt_sql_kw(&q, "AS SELECT _file, _row, _time");
    for (size_t i = 0; i < s->n_identifiers; i++) {
        pt_str_clear(&name);
        pt_str_addf(&name, "_id_%s", s->identifiers[i].type);
        pt_sql_kw(&q, ",");
        pt_sql_ident(&q, pt_str_cstr(&name));
    }
    for (size_t i = 0; i < s->n_columns; i++) {
        pt_sql_kw(&q, ",");
        pt_sql_ident(&q, s->columns[i].name);
    }
    pt_sql_kw(&q, "FROM raw.");
    pt_sql_ident(&q, s->name);
    q.text.failed |= name.failed;
    pt_rc rc = pt_exec(c, &q, NULL, err);
    pt_str_free(&name);
    pt_sql_free(&q);
    return rc;
}

static pt_rc clean_source(const pt_project *p, size_t source, pt_conn *c, pt_arena *a, pt_err *err)
{
    const pt_source *s = &p->sources[source];
    pt_hash128 wanted;
    char hex[33], *found;

    PT_TRY(pt_source_hash(&wanted, p, source, c, err));
    pt_hash128_hex(hex, wanted);
    PT_TRY(read_made_from(&found, s->name, c, a, err));
    if (strcmp(found, hex) == 0)
        return PT_OK;
    PT_TRY(make_view(s, c, err));
    return write_made_from(s->name, hex, c, err);
}

pt_rc pt_clean_source(const pt_project *p, size_t source, int64_t as_of, pt_conn *c, pt_err *err)
{
    pt_arena *a = pt_arena_new(0);
    pt_err ignored;

    (void)as_of;
    if (!a)
        return pt_fail_nomem(err, "cleaning");
    pt_rc rc = pt_exec_text(c, "BEGIN", err);
    if (rc == PT_OK) {
        rc = clean_source(p, source, c, a, err);
        if (rc == PT_OK)
            rc = pt_exec_text(c, "COMMIT", err);
        if (rc != PT_OK)
            pt_exec_text(c, "ROLLBACK", &ignored);
    }
    pt_arena_free(a);
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

/* --- sources that are gone ---------------------------------------------------------------------------------------- */

static pt_rc drop_views(char *lines, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    pt_rc rc = PT_OK;

    for (char *save = NULL, *name = strtok_r(lines, "\n", &save); rc == PT_OK && name;
         name = strtok_r(NULL, "\n", &save)) {
        pt_sql_clear(&q);
        pt_sql_kw(&q, "DROP VIEW IF EXISTS clean.");
        pt_sql_ident(&q, name);
        rc = pt_exec(c, &q, NULL, err);
        pt_sql_clear(&q);
        pt_sql_kw(&q, "DELETE FROM meta.cleaned WHERE source =");
        pt_sql_bind_text(&q, pt_sv_of(name));
        if (rc == PT_OK)
            rc = pt_exec(c, &q, NULL, err);
    }
    pt_sql_free(&q);
    return rc;
}

pt_rc pt_clean_sweep(const pt_project *p, pt_conn *c, pt_err *err)
{
    pt_arena *a = pt_arena_new(0);
    pt_sql q = {0};
    char *gone;

    if (!a)
        return pt_fail_nomem(err, "cleaning");
    pt_sql_kw(&q, "SELECT coalesce(string_agg(source, chr(10)), '') FROM meta.cleaned WHERE source NOT IN (''");
    for (size_t i = 0; i < p->n_sources; i++) {
        pt_sql_kw(&q, ",");
        pt_sql_text(&q, pt_sv_of(p->sources[i].name));
    }
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_query_text(&gone, c, &q, a, err);
    pt_sql_free(&q);
    if (rc == PT_OK)
        rc = drop_views(gone, c, err);
    pt_arena_free(a);
    return rc;
}
