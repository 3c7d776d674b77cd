#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "support/store.h"
#include "support/test.h"

static int freed;

static void count_free(void *ctx)
{
    freed++;
    free(ctx);
}

static bool to_money(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    (void)ctx;
    (void)scratch;
    return pt_money_parse(out, *(const pt_sv *)in);
}

static bool wrap(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    const pt_sv *text = in;

    if (text->len == 0)
        return false;
    pt_str_addf(scratch, "%s%.*s", (const char *)ctx, (int)text->len, text->ptr);
    *(pt_sv *)out = (pt_sv){scratch->ptr, scratch->len};
    return true;
}

static bool is_whole(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    double v = *(const double *)in;

    (void)ctx;
    (void)scratch;
    *(uint8_t *)out = v == (double)(int64_t)v;
    return true;
}

TEST(store_function__runs_inside_queries_on_many_rows)
{
    test_store t;
    pt_err err = {0};

    test_store_open(&t, NULL);
    CHECK_OK(
        pt_conn_define(t.conn, &(pt_function){"my_money", PT_TYPE_TEXT, PT_TYPE_MONEY, to_money, NULL, NULL}, &err));
    CHECK_OK(
        pt_conn_define(t.conn, &(pt_function){"my_whole", PT_TYPE_NUMBER, PT_TYPE_BOOL, is_whole, NULL, NULL}, &err));
    CHECK_STR(
        test_query_rows(
            t.conn, "SELECT my_money('12.34567'), my_money('x'), my_money(NULL), my_whole(2), my_whole(2.5::DOUBLE)"),
        "12.3457|~|~|true|false\n");
    CHECK_STR(test_query_rows(
                  t.conn,
                  "SELECT count(m), sum(m), sum(CASE WHEN range % 10 = 3 THEN NULL ELSE range END::DECIMAL(18,2)) FROM "
                  "(SELECT range, my_money(CASE WHEN range % 10 = 3 THEN 'bad' ELSE range::VARCHAR END) m FROM "
                  "range(300000))"),
              "270000|40499910000.00|40499910000.00\n");
    test_store_close(&t);
}

TEST(store_function__keeps_its_context_until_the_store_closes)
{
    test_store t;
    pt_conn *other;
    pt_err err = {0};

    freed = 0;
    test_store_open(&t, NULL);
    CHECK_OK(pt_conn_define(
        t.conn, &(pt_function){"wrap_a", PT_TYPE_TEXT, PT_TYPE_TEXT, wrap, strdup("a:"), count_free}, &err));
    CHECK_OK(pt_conn_define(
        t.conn, &(pt_function){"wrap_a", PT_TYPE_TEXT, PT_TYPE_TEXT, wrap, strdup("never:"), count_free}, &err));
    CHECK_INT(freed, 1); /* the second definition was not needed */
    CHECK_OK(pt_conn_open(&other, t.store, &err));
    CHECK_STR(test_query_rows(other, "SELECT wrap_a('x'), wrap_a(''), wrap_a(repeat('long ', 5))"),
              "a:x|~|a:long long long long long \n");
    pt_conn_close(other);
    test_store_close(&t);
    CHECK_INT(freed, 2);
}

TEST(store_function__defined_after_a_result_that_was_left)
{
    test_store t;
    pt_cursor *cur;
    const pt_rows *rows;
    pt_err err = {0};
    pt_sql q = {0};

    test_store_open(&t, NULL);
    CHECK_INT(test_query_int(t.conn, "SELECT 1"), 1);
    CHECK_OK(pt_conn_define(t.conn, &(pt_function){"f_one", PT_TYPE_TEXT, PT_TYPE_MONEY, to_money, NULL, NULL}, &err));
    CHECK_STR(test_query_rows(t.conn, "SELECT f_one('1')"), "1.00\n");
    pt_sql_kw(&q, "SELECT range::DOUBLE FROM range(100000)");
    CHECK_OK(pt_query(&cur, t.conn, &q, &err));
    CHECK_OK(pt_cursor_next(&rows, cur, &err));
    pt_cursor_close(cur);
    CHECK_OK(pt_conn_define(t.conn, &(pt_function){"f_two", PT_TYPE_TEXT, PT_TYPE_MONEY, to_money, NULL, NULL}, &err));
    CHECK_STR(test_query_rows(t.conn, "SELECT f_two('2')"), "2.00\n");
    pt_sql_free(&q);
    test_store_close(&t);
}
