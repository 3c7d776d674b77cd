#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "support/store.h"
#include "support/test.h"

TEST(store_cursor__converts_every_type)
{
    static const struct {
        const char *expr, *text;
        pt_type type;
    } cases[] = {
        {"true", "true", PT_TYPE_BOOL},
        {"(-7)::TINYINT", "-7", PT_TYPE_NUMBER},
        {"(-300)::SMALLINT", "-300", PT_TYPE_NUMBER},
        {"(-70000)::INTEGER", "-70000", PT_TYPE_NUMBER},
        {"9007199254740991::BIGINT", "9007199254740991", PT_TYPE_NUMBER},
        {"200::UTINYINT", "200", PT_TYPE_NUMBER},
        {"60000::USMALLINT", "60000", PT_TYPE_NUMBER},
        {"4294967294::UINTEGER", "4294967294", PT_TYPE_NUMBER},
        {"18446744073709551614::UBIGINT", "18446744073709551614", PT_TYPE_NUMBER},
        {"(-5)::HUGEINT", "-5", PT_TYPE_NUMBER},
        {"36893488147419103232::HUGEINT", "3.6893488147419103e+19", PT_TYPE_NUMBER},
        {"0.5::FLOAT", "0.5", PT_TYPE_NUMBER},
        {"0.1::DOUBLE", "0.1", PT_TYPE_NUMBER},
        {"'inf'::DOUBLE", "~", PT_TYPE_NUMBER},
        {"'nan'::FLOAT", "~", PT_TYPE_NUMBER},
        {"12.3456::DECIMAL(18,4)", "12.3456", PT_TYPE_MONEY},
        {"(-1.5)::DECIMAL(4,1)", "-1.50", PT_TYPE_MONEY},
        {"7::DECIMAL(9,0)", "7.00", PT_TYPE_MONEY},
        {"(-0.0001)::DECIMAL(38,4)", "-0.0001", PT_TYPE_MONEY},
        {"922337203685477.5807::DECIMAL(38,4)", "922337203685477.5807", PT_TYPE_MONEY},
        {"0.12345::DECIMAL(18,5)", "0.12345", PT_TYPE_NUMBER},
        {"DATE '2017-01-31'", "2017-01-31", PT_TYPE_DATE},
        {"DATE '0001-01-01'", "0001-01-01", PT_TYPE_DATE},
        {"TIMESTAMP '2017-01-31 10:00:00.000001'", "2017-01-31T10:00:00.000001Z", PT_TYPE_INSTANT},
        {"TIMESTAMPTZ '2017-01-31 10:00:00+08'", "2017-01-31T02:00:00Z", PT_TYPE_INSTANT},
        {"TIMESTAMP_S '2017-01-31 10:00:00'", "2017-01-31T10:00:00Z", PT_TYPE_INSTANT},
        {"TIMESTAMP_MS '2017-01-31 10:00:00.001'", "2017-01-31T10:00:00.001000Z", PT_TYPE_INSTANT},
        {"TIMESTAMP_NS '1969-12-31 23:59:59.999999999'", "1969-12-31T23:59:59.999999Z", PT_TYPE_INSTANT},
        {"''", "", PT_TYPE_TEXT},
        {"'客户画像'", "客户画像", PT_TYPE_TEXT},
        {"'b'::ENUM('a', 'b')", "b", PT_TYPE_TEXT},
        {"['a', NULL, 'b']", "[a,b]", PT_TYPE_LIST},
        {"[]::VARCHAR[]", "[]", PT_TYPE_LIST},
    };
    test_store t;

    test_store_open(&t, NULL);
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        char sql[256], want[128];
        pt_cursor *cur;
        pt_err err = {0};
        pt_sql q = {0};
        snprintf(sql, sizeof sql, "SELECT %s AS v UNION ALL SELECT NULL", cases[i].expr);
        pt_sql_kw(&q, sql);
        CHECK_OK(pt_query(&cur, t.conn, &q, &err));
        CHECK_STR(pt_cursor_name(cur, 0), "v");
        CHECK_INT(pt_cursor_type(cur, 0), cases[i].type);
        pt_cursor_close(cur);
        pt_sql_free(&q);
        bool u32 = strstr(cases[i].expr, "UINTEGER"), u64 = strstr(cases[i].expr, "UBIGINT");
        snprintf(want, sizeof want, "%s\n%s\n", cases[i].text, u32 ? "4294967295" : u64 ? "18446744073709551615" : "~");
        CHECK_STR(test_query_rows(t.conn, sql), want);
    }
    test_store_close(&t);
}

TEST(store_cursor__refuses_what_has_no_counterpart)
{
    static const struct {
        const char *expr, *has;
    } cases[] = {
        {"INTERVAL 1 DAY", "'v'"},
        {"TIME '10:00'", "'v'"},
        {"{'a': 1}", "'v'"},
        {"[1, 2]", "'v'"},
        {"'a'::BLOB", "'v'"},
        {"99999999999999999999::DECIMAL(38,4)", "too large"},
        {"DATE '12000-01-01'", "years 1 to 9999"},
        {"'infinity'::DATE", "years 1 to 9999"},
        {"'infinity'::TIMESTAMP", "years 1 to 9999"},
        {"TIMESTAMP '0044-03-15 (BC) 00:00:00'", "years 1 to 9999"},
    };
    test_store t;

    test_store_open(&t, NULL);
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        char sql[256];
        pt_err err = {0};
        snprintf(sql, sizeof sql, "SELECT %s AS v", cases[i].expr);
        pt_rc rc = test_query_error(t.conn, sql, &err);
        if (rc != PT_EINVAL || !strstr(err.msg, cases[i].has))
            test_fail(__FILE__, __LINE__, "%s gives %s: %s", sql, pt_rc_name(rc), err.msg);
    }
    test_store_close(&t);
}

TEST(store_cursor__an_empty_result_has_columns_and_no_rows)
{
    test_store t;
    pt_cursor *cur;
    const pt_rows *rows;
    pt_err err = {0};
    pt_sql q = {0};

    test_store_open(&t, NULL);
    pt_sql_kw(&q, "SELECT 1::DOUBLE AS a, 'x' AS b WHERE false");
    CHECK_OK(pt_query(&cur, t.conn, &q, &err));
    CHECK_INT(pt_cursor_columns(cur), 2);
    CHECK_OK(pt_cursor_next(&rows, cur, &err));
    CHECK(!rows);
    CHECK_OK(pt_cursor_next(&rows, cur, &err));
    CHECK(!rows);
    pt_cursor_close(cur);
    pt_sql_free(&q);
    test_store_close(&t);
}

TEST(store_cursor__streams_many_rows_in_order)
{
    test_store t;
    pt_cursor *cur;
    const pt_rows *rows;
    pt_err err = {0};
    pt_sql q = {0};
    uint64_t n = 0, batches = 0;

    test_store_open(&t, NULL);
    test_exec(
        t.conn,
        "CREATE TABLE x AS SELECT range::UBIGINT AS i, CASE WHEN range % 7 = 0 THEN NULL ELSE range * 0.5 END::DOUBLE"
        " AS d, CASE WHEN range % 5 = 0 THEN NULL ELSE 'row number ' || range END AS s FROM range(1000000)");
    pt_sql_kw(&q, "SELECT i, d, s FROM x");
    CHECK_OK(pt_query(&cur, t.conn, &q, &err));
    while (CHECK_OK(pt_cursor_next(&rows, cur, &err)), rows) {
        const uint64_t *id = rows->cells[0].data;
        const double *d = rows->cells[1].data;
        const pt_sv *s = rows->cells[2].data;
        for (size_t i = 0; i < rows->n; i++, n++) {
            char want[64];
            size_t len = (size_t)snprintf(want, sizeof want, "row number %llu", (unsigned long long)n);
            CHECK(id[i] == n);
            CHECK(n % 7 == 0 ? isnan(d[i]) : d[i] == (double)n * 0.5);
            CHECK(n % 5 == 0 ? !s[i].ptr : pt_sv_eq(s[i], (pt_sv){want, len}));
        }
        batches++;
    }
    CHECK_INT(n, 1000000);
    CHECK(batches > 100);
    pt_cursor_close(cur);
    pt_sql_free(&q);
    test_store_close(&t);
}

TEST(store_cursor__long_texts_come_whole)
{
    test_store t;
    pt_err err = {0};
    pt_sql q = {0};
    pt_arena *a = pt_arena_new(0);
    char *text;

    test_store_open(&t, NULL);
    pt_sql_kw(&q, "SELECT repeat('画', 5000000) || 'z'");
    CHECK_OK(pt_query_text(&text, t.conn, &q, a, &err));
    CHECK_INT(strlen(text), 15000001);
    CHECK(strncmp(text, "画画", 6) == 0 && text[15000000] == 'z');
    pt_sql_free(&q);
    pt_arena_free(a);
    test_store_close(&t);
}

/* Lists against a text made by the engine from the same rows. */
TEST(store_cursor__lists_agree_with_their_text_form)
{
    test_store t;
    char first[4096];

    test_store_open(&t, NULL);
    test_exec(t.conn,
              "CREATE TABLE x AS SELECT CASE WHEN range % 11 = 3 THEN NULL ELSE list_transform(range(range % 4), "
              "lambda k: 'item ' || (k + range)) END AS l, range AS i FROM range(50)");
    snprintf(first, sizeof first, "%s", test_query_rows(t.conn, "SELECT l FROM x ORDER BY i"));
    CHECK_STR(test_query_rows(t.conn, "SELECT coalesce('[' || array_to_string(l, ',') || ']', '~') FROM x ORDER BY i"),
              first);
    test_store_close(&t);
}

TEST(store_cursor__nulls_agree_with_the_engine_on_random_data)
{
    test_store t;
    pt_rng rng;

    test_store_open(&t, NULL);
    pt_rng_seed(&rng, 42);
    for (int round = 0; round < 20; round++) {
        char sql[400];
        pt_sql q = {0};
        pt_cursor *cur;
        const pt_rows *rows;
        pt_err err = {0};
        double sum = 0;
        int64_t count = 0, n = (int64_t)pt_rng_below(&rng, 9000), modulus = 1 + (int64_t)pt_rng_below(&rng, 5);
        snprintf(sql, sizeof sql,
                 "SELECT CASE WHEN hash(range + %d) %% %lld = 0 THEN NULL ELSE range END AS v FROM range(%lld)", round,
                 (long long)modulus, (long long)n);
        pt_sql_kw(&q, sql);
        CHECK_OK(pt_query(&cur, t.conn, &q, &err));
        while (CHECK_OK(pt_cursor_next(&rows, cur, &err)), rows)
            for (size_t i = 0; i < rows->n; i++) {
                double v = ((const double *)rows->cells[0].data)[i];
                count += !isnan(v);
                sum += isnan(v) ? 0 : v;
            }
        pt_cursor_close(cur);
        pt_sql_free(&q);
        char check[500], want[100];
        snprintf(check, sizeof check, "SELECT count(v), coalesce(sum(v), 0) FROM (%s)", sql);
        snprintf(want, sizeof want, "%lld|%.0f\n", (long long)count, sum);
        CHECK_STR(test_query_rows(t.conn, check), want);
    }
    test_store_close(&t);
}

TEST(store_cursor__a_failure_in_mid_stream_is_reported)
{
    test_store t;
    pt_err err = {0};

    test_store_open(&t, NULL);
    CHECK_INT(test_query_error(
                  t.conn, "SELECT CASE WHEN range = 400000 THEN error('boom') ELSE 'x' END FROM range(500000)", &err),
              PT_EENGINE);
    CHECK(strstr(err.msg, "boom"));
    CHECK_INT(test_query_int(t.conn, "SELECT 1"), 1);
    test_store_close(&t);
}

TEST(store_cursor__holds_its_connection_until_closed)
{
    test_store t;
    pt_cursor *cur;
    const pt_rows *rows;
    pt_err err = {0};
    pt_sql q = {0};

    test_store_open(&t, NULL);
    pt_sql_kw(&q, "SELECT range::DOUBLE FROM range(100000)");
    CHECK_OK(pt_query(&cur, t.conn, &q, &err));
    CHECK_OK(pt_cursor_next(&rows, cur, &err));
    CHECK_INT(pt_exec_text(t.conn, "SELECT 1", &err), PT_EINTERNAL);
    pt_cursor_close(cur);
    CHECK_OK(pt_exec_text(t.conn, "SELECT 1", &err));
    pt_sql_free(&q);
    test_store_close(&t);
}

TEST(store_cursor__interrupt_ends_the_stream)
{
    test_store t;
    pt_cursor *cur;
    const pt_rows *rows;
    pt_err err = {0};
    pt_sql q = {0};

    test_store_open(&t, NULL);
    pt_sql_kw(&q, "SELECT range::DOUBLE FROM range(100000000)");
    CHECK_OK(pt_query(&cur, t.conn, &q, &err));
    CHECK_OK(pt_cursor_next(&rows, cur, &err));
    pt_conn_interrupt(t.conn);
    CHECK_INT(pt_cursor_next(&rows, cur, &err), PT_ECANCELED);
    CHECK(!rows);
    pt_cursor_close(cur);
    CHECK_INT(test_query_int(t.conn, "SELECT 1"), 1);
    pt_sql_free(&q);
    test_store_close(&t);
}

TEST(store_query__one_value_or_not_found)
{
    test_store t;
    pt_err err = {0};
    pt_sql q = {0};
    pt_arena *a = pt_arena_new(0);
    int64_t v;
    char *text;

    test_store_open(&t, NULL);
    pt_sql_kw(&q, "SELECT 1 WHERE false");
    CHECK_INT(pt_query_int(&v, t.conn, &q, &err), PT_ENOTFOUND);
    pt_sql_clear(&q);
    pt_sql_kw(&q, "SELECT NULL::INTEGER");
    CHECK_INT(pt_query_int(&v, t.conn, &q, &err), PT_ENOTFOUND);
    pt_sql_clear(&q);
    pt_sql_kw(&q, "SELECT NULL::VARCHAR");
    CHECK_INT(pt_query_text(&text, t.conn, &q, a, &err), PT_ENOTFOUND);
    pt_sql_clear(&q);
    pt_sql_kw(&q, "SELECT 1");
    CHECK_INT(pt_query_text(&text, t.conn, &q, a, &err), PT_EINVAL);
    CHECK_OK(pt_query_int(&v, t.conn, &q, &err));
    CHECK_INT(v, 1);
    pt_sql_free(&q);
    pt_arena_free(a);
    test_store_close(&t);
}
