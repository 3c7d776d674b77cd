/* The store adapter while memory runs out: every call says so, nothing leaks (under ASan), the connection stays usable. */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "fault/inject.h"
#include "store/store.h"
#include "support/test.h"

static pt_err err;

static bool call_upper(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    pt_sv s = *(const pt_sv *)in;

    (void)ctx;
    for (size_t i = 0; i < s.len; i++)
        pt_str_addc(scratch, (char)(s.ptr[i] >= 'a' && s.ptr[i] <= 'z' ? s.ptr[i] - 32 : s.ptr[i]));
    *(pt_sv *)out = (pt_sv){pt_str_cstr(scratch), scratch->len};
    return true;
}

static pt_rc append_rows(pt_conn *c)
{
    pt_appender *a;

    PT_TRY(
        pt_exec_text(c, "CREATE OR REPLACE TABLE t (a VARCHAR, b BIGINT, c DOUBLE, d TIMESTAMPTZ, e BOOLEAN)", &err));
    PT_TRY(pt_appender_open(&a, c, NULL, "t", &err));
    for (int i = 0; i < 3000; i++) {
        pt_append_text(a, PT_SV("a longer text than fits inline"));
        pt_append_int(a, i);
        pt_append_double(a, i / 2.0);
        pt_append_instant(a, i * PT_SECOND);
        if (i % 2)
            pt_append_bool(a, true);
        else
            pt_append_null(a);
        pt_append_end_row(a);
    }
    return pt_appender_close(a, &err);
}

/* Binds of all kinds, and a result with all types that a cursor hands on. */
static pt_rc read_rows(pt_conn *c)
{
    pt_sql q = {0};
    pt_cursor *cur;
    const pt_rows *rows;
    uint64_t n = 0;

    pt_sql_kw(&q, "SELECT fault_upper(a), b, c, d, e, CAST(b AS DECIMAL(18,4)), CAST(d AS DATE), [a, NULL, 'x'],"
                  " CAST(b AS UBIGINT), CAST(b AS UINTEGER) FROM t WHERE b <>");
    pt_sql_bind_int(&q, -1);
    pt_sql_kw(&q, "AND a <>");
    pt_sql_bind_text(&q, PT_SV("another text"));
    pt_sql_kw(&q, "AND c <>");
    pt_sql_bind_double(&q, -1);
    pt_sql_kw(&q, "AND d <>");
    pt_sql_bind_instant(&q, -1);
    pt_sql_kw(&q, "AND coalesce(e, true) =");
    pt_sql_bind_bool(&q, true);
    pt_sql_kw(&q, "AND coalesce(");
    pt_sql_bind_null(&q);
    pt_sql_kw(&q, ", 1) = 1");
    pt_rc rc = pt_query(&cur, c, &q, &err);
    pt_sql_free(&q);
    if (rc != PT_OK)
        return rc;
    while ((rc = pt_cursor_next(&rows, cur, &err)) == PT_OK && rows)
        n += rows->n;
    pt_cursor_close(cur);
    CHECK(rc != PT_OK || n == 3000);
    return rc;
}

static pt_rc ask_one(pt_conn *c)
{
    pt_sql q = {0};
    char *text;
    pt_arena *a = pt_arena_new(0);

    if (!a)
        return pt_fail_nomem(&err, "an arena");
    pt_sql_kw(&q, "SELECT max(a) FROM t");
    pt_rc rc = pt_query_text(&text, c, &q, a, &err);
    pt_sql_free(&q);
    pt_arena_free(a);
    return rc;
}

static pt_rc use(pt_conn *c)
{
    PT_TRY(pt_conn_define(c, &(pt_function){"fault_upper", PT_TYPE_TEXT, PT_TYPE_TEXT, call_upper, NULL, NULL}, &err));
    PT_TRY(append_rows(c));
    PT_TRY(read_rows(c));
    return ask_one(c);
}

static pt_rc open_and_use(void)
{
    pt_store *store;
    pt_conn *c;

    PT_TRY(pt_store_open(&store, &(pt_store_options){.threads = 1, .memory = (size_t)128 << 20}, &err));
    pt_rc rc = pt_conn_open(&c, store, &err);
    if (rc == PT_OK) {
        rc = use(c);
        pt_conn_close(c);
    }
    pt_store_close(store);
    return rc;
}

TEST(fault_store__short_of_memory_from_the_start)
{
    bool failed = true;

    if (!pt_store_engine())
        test_skip("DuckDB's library is not here");
    for (unsigned long n = 1; failed; n += inject_step(n)) {
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = open_and_use();
        failed = inject_end();
        if (rc != (failed ? PT_ENOMEM : PT_OK))
            test_fail(__FILE__, __LINE__, "allocation %lu: %s '%s'", n, pt_rc_name(rc), err.msg);
    }
}

TEST(fault_store__a_connection_goes_on_after_it)
{
    pt_store *store;
    pt_conn *c;
    bool failed = true;

    if (!pt_store_engine())
        test_skip("DuckDB's library is not here");
    CHECK_OK(pt_store_open(&store, &(pt_store_options){.threads = 1, .memory = (size_t)128 << 20}, &err));
    CHECK_OK(pt_conn_open(&c, store, &err));
    for (unsigned long n = 1; failed; n += inject_step(n)) {
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = use(c);
        failed = inject_end();
        CHECK_INT(rc, failed ? PT_ENOMEM : PT_OK);
        CHECK_OK(use(c));
    }
    pt_conn_close(c);
    pt_store_close(store);
}
