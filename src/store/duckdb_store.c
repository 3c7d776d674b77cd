/* Stores, connections and statements over DuckDB's C API. Thin on purpose: bind, step, translate errors. */
#include <stdlib.h>
#include <unistd.h>

#include "store/store_int.h"

/* --- stores -------------------------------------------------------------------------------------------------------- */

/* Nothing is fetched from anywhere, and nothing is read from or written to the user's home. */
static const char *const fixed_settings[][2] = {
    {"autoinstall_known_extensions", "false"}, {"autoload_known_extensions", "false"},
    {"allow_community_extensions", "false"},   {"allow_persistent_secrets", "false"},
    {"preserve_insertion_order", "true"},
};

static size_t default_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);

    return pages > 0 && page > 0 ? (size_t)pages / 10 * 6 * (size_t)page : (size_t)4 << 30;
}

static pt_rc set(const duckdb_api *api, duckdb_config config, const char *name, const char *value, pt_err *err)
{
    if (api->set_config(config, name, value) != DuckDBSuccess)
        return pt_fail(err, PT_EENGINE, "DuckDB does not take the setting %s", name);
    return PT_OK;
}

static pt_rc set_all(const duckdb_api *api, duckdb_config config, const pt_store_options *o, pt_err *err)
{
    char number[32];

    for (size_t i = 0; i < PT_COUNT(fixed_settings); i++)
        PT_TRY(set(api, config, fixed_settings[i][0], fixed_settings[i][1], err));
    snprintf(number, sizeof number, "%zuKiB", (o->memory ? o->memory : default_memory()) / 1024);
    PT_TRY(set(api, config, "memory_limit", number, err));
    if (o->threads) {
        snprintf(number, sizeof number, "%u", o->threads);
        PT_TRY(set(api, config, "threads", number, err));
    }
    if (o->temp_dir)
        PT_TRY(set(api, config, "temp_directory", o->temp_dir, err));
    else if (!o->path)
        PT_TRY(set(api, config, "temp_directory", "", err)); /* else it spills into the working directory */
    return set(api, config, "access_mode", o->read_only ? "READ_ONLY" : "AUTOMATIC", err);
}

static pt_rc fail_open(pt_err *err, const char *path, const char *text)
{
    if (text && strstr(text, "lock"))
        return pt_fail(err, PT_EBUSY, "the store %s is in use by another process", path);
    if (text && (strstr(text, "not a valid DuckDB") || strstr(text, "Corrupt") || strstr(text, "Serialization")))
        return pt_fail(err, PT_ECORRUPT, "%s is not a DuckDB file, or a damaged one", path);
    if (text && strstr(text, "IO Error"))
        return pt_duckdb_fail(err, DUCKDB_ERROR_IO, text, false);
    return pt_duckdb_fail(err, DUCKDB_ERROR_INVALID, text, false);
}

/* The engine's own lock keeps other processes out but not a second store on the same file in this one. */
static pt_rc take_lock(pt_store *s, const pt_store_options *o, pt_err *err)
{
    pt_str path = {0};
    pt_rc rc;

    if (!o->path || o->read_only)
        return PT_OK;
    pt_str_addf(&path, "%s.lock", o->path);
    rc = pt_str_check(&path, err);
    if (rc == PT_OK)
        rc = pt_lock_take(&s->lock, path.ptr, err);
    if (rc == PT_EBUSY)
        rc = pt_fail(err, PT_EBUSY, "the store %s is in use by another process", o->path);
    s->locked = rc == PT_OK;
    pt_str_free(&path);
    return rc;
}

static pt_rc open_database(pt_store *s, const pt_store_options *o, pt_err *err)
{
    duckdb_config config = NULL;
    char *text = NULL;
    pt_rc rc;

    if (s->api->create_config(&config) != DuckDBSuccess)
        return pt_fail_nomem(err, "the store's settings");
    rc = set_all(s->api, config, o, err);
    if (rc == PT_OK && s->api->open_ext(o->path, &s->db, config, &text) != DuckDBSuccess) {
        rc = fail_open(err, o->path ? o->path : "in memory", text);
        s->db = NULL;
    }
    s->api->free(text);
    s->api->destroy_config(&config);
    return rc;
}

pt_rc pt_store_open(pt_store **out, const pt_store_options *options, pt_err *err)
{
    pt_store *s = pt_zalloc(1, sizeof *s);
    pt_rc rc;

    *out = NULL;
    if (!s)
        return pt_fail_nomem(err, "the store");
    pthread_mutex_init(&s->guard, NULL);
    rc = pt_duckdb_load(&s->api, err);
    if (rc == PT_OK)
        rc = take_lock(s, options, err);
    if (rc == PT_OK)
        rc = open_database(s, options, err);
    if (rc != PT_OK) {
        pt_store_close(s);
        return rc;
    }
    *out = s;
    return PT_OK;
}

void pt_store_close(pt_store *s)
{
    if (!s)
        return;
    if (s->db)
        s->api->close(&s->db);
    if (s->locked)
        pt_lock_release(&s->lock);
    while (s->defined) {
        defined_name *next = s->defined->next;
        free(s->defined);
        s->defined = next;
    }
    pthread_mutex_destroy(&s->guard);
    free(s);
}

/* --- connections --------------------------------------------------------------------------------------------------- */

pt_rc pt_conn_open(pt_conn **out, pt_store *s, pt_err *err)
{
    pt_conn *c = pt_zalloc(1, sizeof *c);

    *out = NULL;
    if (!c)
        return pt_fail_nomem(err, "a connection");
    c->api = s->api;
    c->store = s;
    if (s->api->connect(s->db, &c->handle) != DuckDBSuccess) {
        free(c);
        return pt_fail(err, PT_EENGINE, "DuckDB refused a connection");
    }
    /* Text without an offset is read by sources with their own zone; nothing may depend on the machine's. */
    pt_rc rc = pt_exec_text(c, "SET TimeZone = 'UTC'", err);
    if (rc != PT_OK) {
        pt_conn_close(c);
        return rc;
    }
    *out = c;
    return PT_OK;
}

pt_rc pt_conn_open_beside(pt_conn **out, pt_conn *c, pt_err *err)
{
    return pt_conn_open(out, c->store, err);
}

void pt_conn_close(pt_conn *c)
{
    if (!c)
        return;
    PT_ASSERT(!c->open_cursor);
    c->api->disconnect(&c->handle);
    free(c);
}

void pt_conn_interrupt(pt_conn *c)
{
    atomic_store(&c->stop, true);
    c->api->interrupt(c->handle);
}

pt_rc pt_conn_stopped(pt_conn *c, pt_err *err)
{
    return atomic_exchange(&c->stop, false) ? pt_fail(err, PT_ECANCELED, "interrupted") : PT_OK;
}

pt_rc pt_conn_idle(const pt_conn *c, pt_err *err)
{
    if (c->open_cursor)
        return pt_fail(err, PT_EINTERNAL, "a result is still being read on this connection");
    return PT_OK;
}

/* --- statements ---------------------------------------------------------------------------------------------------- */

static duckdb_state bind_one(const duckdb_api *api, duckdb_prepared_statement st, idx_t i, const struct pt_bind *b)
{
    switch (b->kind) {
    case BIND_TEXT: return api->bind_varchar_length(st, i, b->text, b->len);
    case BIND_INT: return api->bind_int64(st, i, b->integer);
    case BIND_DOUBLE: return api->bind_double(st, i, b->number);
    case BIND_INSTANT: return api->bind_timestamp_tz(st, i, (duckdb_timestamp){b->integer});
    case BIND_BOOL: return api->bind_boolean(st, i, b->integer != 0);
    case BIND_NULL: break;
    }
    return api->bind_null(st, i);
}

pt_rc pt_conn_prepare(duckdb_prepared_statement *out, pt_conn *c, const pt_sql *q, pt_err *err)
{
    duckdb_prepared_statement st = NULL;
    pt_rc rc = PT_OK;

    *out = NULL;
    PT_TRY(pt_str_check(&q->text, err));
    if (q->nul)
        return pt_fail(err, PT_EINVAL, "a name or text in a statement has a NUL byte");
    PT_TRY(pt_conn_idle(c, err));
    PT_TRY(pt_conn_stopped(c, err));
    if (c->api->prepare(c->handle, pt_str_cstr(&q->text), &st) != DuckDBSuccess) {
        const char *text = c->api->prepare_error(st);
        /* The kind of error is only in the text. */
        bool names = text && (strstr(text, "Parser Error") == text || strstr(text, "Catalog Error") == text);
        rc = pt_duckdb_fail(err, names ? DUCKDB_ERROR_CATALOG : DUCKDB_ERROR_BINDER, text, q->user);
    }
    for (size_t i = 0; rc == PT_OK && i < q->n_binds; i++)
        if (bind_one(c->api, st, i + 1, &q->binds[i]) != DuckDBSuccess)
            rc = pt_fail(err, PT_EENGINE, "DuckDB does not take value %zu of a statement", i + 1);
    if (rc != PT_OK) {
        c->api->destroy_prepare(&st);
        return rc;
    }
    *out = st;
    return PT_OK;
}

pt_rc pt_exec(pt_conn *c, const pt_sql *q, int64_t *changed, pt_err *err)
{
    duckdb_prepared_statement st;
    duckdb_result result;
    pt_rc rc;

    PT_TRY(pt_conn_prepare(&st, c, q, err));
    if (c->api->execute_prepared(st, &result) != DuckDBSuccess)
        rc = pt_duckdb_fail_result(err, c->api, &result, q->user);
    else
        rc = pt_conn_stopped(c, err);
    if (rc == PT_ECANCELED)
        atomic_store(&c->stop, false);
    if (rc == PT_OK && changed)
        *changed = (int64_t)c->api->rows_changed(&result);
    c->api->destroy_result(&result);
    c->api->destroy_prepare(&st);
    return rc;
}

pt_rc pt_exec_text(pt_conn *c, const char *sql, pt_err *err)
{
    duckdb_result result;
    pt_rc rc;

    PT_TRY(pt_conn_idle(c, err));
    PT_TRY(pt_conn_stopped(c, err));
    if (c->api->query(c->handle, sql, &result) != DuckDBSuccess)
        rc = pt_duckdb_fail_result(err, c->api, &result, false);
    else
        rc = pt_conn_stopped(c, err);
    if (rc == PT_ECANCELED)
        atomic_store(&c->stop, false);
    c->api->destroy_result(&result);
    return rc;
}
