#include <string.h>

#include "base/rng.h"
#include "support/store.h"
#include "support/test.h"

TEST(store_appender__stores_every_kind_of_value)
{
    test_store t;
    pt_appender *a;
    pt_err err = {0};

    test_store_open(&t, NULL);
    test_exec(t.conn,
              "CREATE SCHEMA s; CREATE TABLE s.x(a VARCHAR, b BIGINT, c UINTEGER, d DOUBLE, e TIMESTAMPTZ, f BOOLEAN)");
    CHECK_OK(pt_appender_open(&a, t.conn, "s", "x", &err));
    pt_append_text(a, PT_SV("画'\"\n"));
    pt_append_int(a, INT64_MIN);
    pt_append_uint32(a, 4000000000u);
    pt_append_double(a, 0.1);
    pt_append_instant(a, INT64_C(1485835200000001));
    pt_append_bool(a, true);
    pt_append_end_row(a);
    pt_append_text(a, (pt_sv){0});
    for (int i = 0; i < 5; i++)
        pt_append_null(a);
    pt_append_end_row(a);
    pt_append_text(a, PT_SV(""));
    for (int i = 0; i < 5; i++)
        pt_append_null(a);
    pt_append_end_row(a);
    CHECK_OK(pt_appender_close(a, &err));
    CHECK_STR(
        test_query_rows(t.conn, "SELECT a, b::VARCHAR, c::BIGINT, d, e, f FROM s.x"),
        "画'\"\n|-9223372036854775808|4000000000|0.1|2017-01-31T04:00:00.000001Z|true\n~|~|~|~|~|~\n|~|~|~|~|~\n");
    test_store_close(&t);
}

TEST(store_appender__many_rows_sum_up)
{
    test_store t;
    pt_appender *a;
    pt_err err = {0};
    pt_rng rng;
    int64_t sum = 0;

    test_store_open(&t, NULL);
    test_exec(t.conn, "CREATE TABLE x(v BIGINT, s VARCHAR)");
    CHECK_OK(pt_appender_open(&a, t.conn, "main", "x", &err));
    pt_rng_seed(&rng, 7);
    for (int i = 0; i < 300000; i++) {
        int64_t v = (int64_t)pt_rng_below(&rng, 1000000);
        char text[40];
        int n = snprintf(text, sizeof text, "a text that is not inlined %lld", (long long)v);
        sum += v;
        pt_append_int(a, v);
        pt_append_text(a, (pt_sv){text, (size_t)n});
        pt_append_end_row(a);
    }
    CHECK_OK(pt_appender_close(a, &err));
    CHECK_INT(test_query_int(t.conn, "SELECT sum(v) FROM x"), sum);
    CHECK_INT(test_query_int(t.conn, "SELECT sum(CAST(s[28:] AS BIGINT)) FROM x"), sum);
    test_store_close(&t);
}

TEST(store_appender__belongs_to_the_transaction)
{
    test_store t;
    pt_appender *a;
    pt_err err = {0};

    test_store_open(&t, NULL);
    test_exec(t.conn, "CREATE TABLE x(v BIGINT); BEGIN");
    CHECK_OK(pt_appender_open(&a, t.conn, "main", "x", &err));
    pt_append_int(a, 1);
    pt_append_end_row(a);
    CHECK_OK(pt_appender_close(a, &err));
    CHECK_INT(test_query_int(t.conn, "SELECT count(*) FROM x"), 1);
    test_exec(t.conn, "ROLLBACK");
    CHECK_INT(test_query_int(t.conn, "SELECT count(*) FROM x"), 0);
    test_store_close(&t);
}

TEST(store_appender__reports_the_first_failure_at_the_end)
{
    test_store t;
    pt_appender *a;
    pt_err err = {0};

    test_store_open(&t, NULL);
    CHECK(pt_appender_open(&a, t.conn, "main", "nosuch", &err) != PT_OK);
    CHECK(strstr(err.msg, "nosuch"));
    test_exec(t.conn, "CREATE TABLE x(v INTEGER)");
    CHECK_OK(pt_appender_open(&a, t.conn, "main", "x", &err));
    pt_append_text(a, PT_SV("13812345678x"));
    pt_append_end_row(a);
    pt_append_int(a, 2);
    pt_append_end_row(a);
    CHECK_INT(pt_appender_close(a, &err), PT_EENGINE);
    CHECK(!strstr(err.msg, "13812345678"));
    test_exec(t.conn, "CREATE TABLE two(v INTEGER, w INTEGER)");
    CHECK_OK(pt_appender_open(&a, t.conn, "main", "two", &err));
    pt_append_int(a, 1);
    pt_append_end_row(a); /* one value short */
    CHECK_INT(pt_appender_close(a, &err), PT_EENGINE);
    CHECK_INT(test_query_int(t.conn, "SELECT count(*) FROM two"), 0);
    test_store_close(&t);
}
