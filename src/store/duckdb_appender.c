/* Bulk insert. The engine casts to the table's column types; the first failure sticks and is reported at the end. */
#include <stdlib.h>

#include "store/store_int.h"

struct pt_appender {
    pt_conn *conn;
    duckdb_appender handle;
    bool failed;
};

static pt_rc fail_append(const pt_appender *a, duckdb_error_type type, pt_err *err)
{
    const char *text = a->handle ? a->conn->api->appender_error(a->handle) : NULL;

    return pt_duckdb_fail(err, type, text, false);
}

pt_rc pt_appender_open(pt_appender **out, pt_conn *c, const char *schema, const char *table, pt_err *err)
{
    pt_appender *a;

    *out = NULL;
    PT_TRY(pt_conn_idle(c, err));
    PT_TRY(pt_conn_stopped(c, err));
    a = pt_zalloc(1, sizeof *a);
    if (!a)
        return pt_fail_nomem(err, "an appender");
    a->conn = c;
    if (c->api->appender_create(c->handle, schema, table, &a->handle) != DuckDBSuccess) {
        pt_rc rc = fail_append(a, DUCKDB_ERROR_CATALOG, err);
        c->api->appender_destroy(&a->handle);
        free(a);
        return rc;
    }
    *out = a;
    return PT_OK;
}

static void note(pt_appender *a, duckdb_state state)
{
    a->failed |= state != DuckDBSuccess;
}

void pt_append_text(pt_appender *a, pt_sv v)
{
    if (!v.ptr)
        pt_append_null(a);
    else if (!a->failed)
        note(a, a->conn->api->append_varchar_length(a->handle, v.ptr, v.len));
}

void pt_append_int(pt_appender *a, int64_t v)
{
    if (!a->failed)
        note(a, a->conn->api->append_int64(a->handle, v));
}

void pt_append_uint32(pt_appender *a, uint32_t v)
{
    if (!a->failed)
        note(a, a->conn->api->append_uint32(a->handle, v));
}

void pt_append_double(pt_appender *a, double v)
{
    if (!a->failed)
        note(a, a->conn->api->append_double(a->handle, v));
}

void pt_append_instant(pt_appender *a, int64_t v)
{
    if (!a->failed)
        note(a, a->conn->api->append_timestamp(a->handle, (duckdb_timestamp){v}));
}

void pt_append_bool(pt_appender *a, bool v)
{
    if (!a->failed)
        note(a, a->conn->api->append_bool(a->handle, v));
}

void pt_append_null(pt_appender *a)
{
    if (!a->failed)
        note(a, a->conn->api->append_null(a->handle));
}

void pt_append_end_row(pt_appender *a)
{
    if (!a->failed)
        note(a, a->conn->api->appender_end_row(a->handle));
}

pt_rc pt_appender_close(pt_appender *a, pt_err *err)
{
    pt_rc rc = PT_OK;

    if (!a->failed)
        note(a, a->conn->api->appender_close(a->handle));
    if (a->failed)
        rc = fail_append(a, DUCKDB_ERROR_INVALID_INPUT, err); /* may hold data values */
    a->conn->api->appender_destroy(&a->handle);
    if (rc == PT_OK)
        rc = pt_conn_stopped(a->conn, err);
    free(a);
    return rc;
}
