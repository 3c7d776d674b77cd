#include "app/purposes.h"

#include <stdlib.h>

#include "base/io.h"
#include "store/store.h"

static pt_rc find_purpose(const pt_purpose **out, const pt_project *p, const char *name, pt_arena *arena, pt_err *err)
{
    size_t n = p->identity.n_purposes;
    const char **names = PT_NEW_ARRAY(arena, const char *, n);

    if (!names)
        return pt_fail_nomem(err, "purposes");
    for (size_t i = 0; i < n; i++) {
        names[i] = p->identity.purposes[i].name;
        if (strcmp(names[i], name) == 0) {
            *out = &p->identity.purposes[i];
            return PT_OK;
        }
    }
    pt_fail(err, PT_ENOTFOUND, "identity.yaml has no purpose '%s'", name);
    int near = n ? pt_nearest(pt_sv_of(name), names, n) : -1;
    return near >= 0 ? pt_err_hint(err, "did you mean '%s'?", names[near])
                     : pt_err_hint(err, "write `purposes: {%s: exact}`", name);
}

/* --- rows ------------------------------------------------------------------------------------------------------------- */

typedef pt_rc rows_fn(pt_purpose_view *v, const pt_rows *rows, pt_err *err);

static pt_rc take_persons(pt_purpose_view *v, const pt_rows *rows, pt_err *err)
{
    const uint32_t *ordinal = rows->cells[0].data, *person = rows->cells[1].data;

    (void)err;
    for (size_t i = 0; i < rows->n; i++)
        if (ordinal[i] < v->n && person[i] < v->n)
            v->person[ordinal[i]] = person[i];
    return PT_OK;
}

static bool add_key(pt_str *key, pt_sv type, pt_sv value)
{
    pt_str_clear(key);
    pt_str_addsv(key, type);
    pt_str_addc(key, '\n');
    pt_str_addsv(key, value);
    return !key->failed;
}

static pt_rc take_withheld(pt_purpose_view *v, const pt_rows *rows, pt_err *err)
{
    const pt_sv *type = rows->cells[0].data, *value = rows->cells[1].data;
    pt_str key = {0};
    bool kept = true;

    for (size_t i = 0; i < rows->n && kept; i++)
        kept = add_key(&key, type[i], value[i]) && pt_intern_add(v->withheld, (pt_sv){key.ptr, key.len});
    pt_str_free(&key);
    return kept ? PT_OK : pt_fail_nomem(err, "identifiers that are withheld");
}

static pt_rc read_rows(pt_purpose_view *v, const char *sql, rows_fn *take, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows = NULL;

    pt_sql_kw(&q, sql);
    pt_sql_bind_text(&q, pt_sv_of(v->purpose->name));
    pt_rc rc = pt_query(&cursor, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = take(v, rows, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

/* A purpose that was written after the last build would allow everything: it is not settled yet. */
static pt_rc check_settled(const pt_purpose_view *v, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    int64_t n = 0;

    pt_sql_kw(
        &q, "SELECT (SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'identity' AND table_name = 'purposes')");
    pt_rc rc = pt_query_int(&n, c, &q, err);
    pt_sql_clear(&q);
    if (rc == PT_OK && n) {
        pt_sql_kw(&q, "SELECT count(*) FROM identity.purposes WHERE purpose =");
        pt_sql_bind_text(&q, pt_sv_of(v->purpose->name));
        pt_sql_kw(&q, "AND least =");
        pt_sql_bind_double(&q, v->purpose->least);
        rc = pt_query_int(&n, c, &q, err);
    }
    pt_sql_free(&q);
    if (rc != PT_OK || n)
        return rc;
    pt_fail(err, PT_ENOTFOUND, "no build has settled the purpose '%s' as it is now", v->purpose->name);
    return pt_err_hint(err, "run portrait build");
}

static pt_rc read_all(pt_purpose_view *v, pt_conn *c, pt_err *err)
{
    PT_TRY(check_settled(v, c, err));
    PT_TRY(read_rows(v, "SELECT ordinal, person FROM identity.same_person WHERE purpose =", take_persons, c, err));
    return read_rows(v, "SELECT type, value FROM identity.withheld WHERE purpose =", take_withheld, c, err);
}

/* --- opening ---------------------------------------------------------------------------------------------------------- */

pt_rc pt_purpose_open(pt_purpose_view *out, const pt_project *p, const char *name, uint32_t ordinals, pt_arena *arena,
                      pt_err *err)
{
    pt_store *store = NULL;
    pt_conn *conn = NULL;

    *out = (pt_purpose_view){.n = ordinals};
    if (!name)
        return PT_OK;
    PT_TRY(find_purpose(&out->purpose, p, name, arena, err));
    const char *path = pt_arena_printf(arena, "%s/store.duckdb", p->data_dir);
    out->person = PT_NEW_ARRAY(arena, uint32_t, ordinals);
    out->met = PT_NEW_ARRAY(arena, uint64_t, pt_members_words(ordinals));
    out->withheld = pt_intern_new();
    if (!path || !out->person || !out->met || !out->withheld) {
        pt_purpose_close(out);
        return pt_fail_nomem(err, "a purpose");
    }
    for (uint32_t o = 0; o < ordinals; o++)
        out->person[o] = o;
    pt_store_options options = {.path = path, .read_only = true, .threads = 1};
    pt_rc rc = pt_store_open(&store, &options, err);
    if (rc == PT_OK)
        rc = pt_conn_open(&conn, store, err);
    if (rc == PT_OK)
        rc = read_all(out, conn, err);
    pt_conn_close(conn);
    pt_store_close(store);
    if (rc != PT_OK)
        pt_purpose_close(out);
    return rc;
}

void pt_purpose_close(pt_purpose_view *v)
{
    pt_intern_free(v->withheld);
    v->withheld = NULL;
}

/* --- asking ----------------------------------------------------------------------------------------------------------- */

bool pt_purpose_allows(const pt_purpose_view *v, pt_sv type, pt_sv value)
{
    pt_str key = {0};

    if (!v->purpose)
        return true;
    /* Where memory is short nothing goes out that may be withheld. */
    bool allowed = add_key(&key, type, value) && !pt_intern_find(v->withheld, (pt_sv){key.ptr, key.len});
    pt_str_free(&key);
    return allowed;
}

static bool has(const uint64_t *members, uint32_t o)
{
    return members[o / 64] >> (o % 64) & 1;
}

void pt_purpose_once_each(const pt_purpose_view *v, uint64_t *members)
{
    if (!v->purpose)
        return;
    memset(v->met, 0, pt_members_words(v->n) * sizeof *v->met);
    for (uint32_t o = 0; o < v->n; o++) {
        uint64_t person = (uint64_t)1 << (v->person[o] % 64), *met = &v->met[v->person[o] / 64];
        if (!has(members, o))
            continue;
        if (*met & person)
            members[o / 64] &= ~((uint64_t)1 << (o % 64));
        *met |= person;
    }
}

bool pt_purpose_identifier(pt_sv *out, const pt_purpose_view *v, const pt_directory *d, uint32_t ordinal, uint32_t type)
{
    pt_sv value, name = pt_sv_of(pt_directory_type_name(d, type));
    uint32_t of;

    for (uint32_t k = 0; pt_directory_identifier(d, ordinal, k, &of, &value); k++)
        if (of == type && pt_purpose_allows(v, name, value)) {
            *out = value;
            return true;
        }
    return false;
}
