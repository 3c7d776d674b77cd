#include <string.h>

#include "support/source.h"
#include "support/test.h"

static void open_orders(test_project *t)
{
    test_project_open(t);
    t->sources[0].time = "at";
    TEST_IDENTIFIERS(t, 0, "user_id user");
    TEST_WRITE("orders.csv", "user,at,price,quantity,status,Unit Price,flag\n"
                             "u1,2024-01-01 09:00,2.55,6,paid,1.10,yes\n"
                             "u2,2024-01-02 10:00,0.1,3,open,,no\n"
                             "u3,2024-01-03 11:00,,1,paid,0.05,\n");
}

static const char *values(test_project *t, const char *spec)
{
    TEST_COLUMNS(t, 0, spec);
    test_read_ok(t, 0);
    return test_rows(t, "SELECT v FROM raw.orders");
}

TEST(source_expression__columns_are_numbers_where_text_makes_no_sense)
{
    test_project t;

    open_orders(&t);
    CHECK_STR(values(&t, "v money := price * quantity"), "15.30\n0.30\n~\n");
    CHECK_STR(values(&t, "v number := quantity / 2"), "3\n1.5\n0.5\n");
    CHECK_STR(values(&t, "v text := upper(status) || '-' || quantity"), "PAID-6\nOPEN-3\nPAID-1\n");
    CHECK_STR(values(&t, "v money := CASE WHEN status = 'paid' THEN price ELSE '0' END"), "2.55\n0.00\n~\n");
    CHECK_STR(values(&t, "v money := CASE WHEN status = 'paid' THEN price ELSE 0 END"), "2.55\n0.00\n~\n");
    CHECK_STR(values(&t, "v bool := quantity > 2"), "true\ntrue\nfalse\n");
    CHECK_STR(values(&t, "v money := coalesce(price, 9.99)"), "2.55\n0.10\n9.99\n");
    CHECK_STR(values(&t, "v money := \"Unit Price\" * 100"), "110.00\n~\n5.00\n");
    CHECK_STR(values(&t, "v money = Unit Price"), "1.10\n~\n0.05\n");
    CHECK_STR(values(&t, "v number := quantity / (quantity - 3)"), "2\n~\n-0.5\n"); /* divided by zero is missing */
    CHECK_STR(values(&t, "v list := status || ',' || quantity"), "[paid,6]\n[open,3]\n[paid,1]\n");
    CHECK_STR(values(&t, "v text := if(flag = 'yes', 'A', NULL)"), "A\n~\n~\n");
    CHECK_STR(values(&t, "v number := 7"), "7\n7\n7\n");
    test_project_close(&t);
}

TEST(source_expression__declared_columns_come_first_and_in_any_order)
{
    test_project t;

    open_orders(&t);
    TEST_COLUMNS(&t, 0, "total money := amount + fee", "amount money := price * quantity", "fee money := 0.5 * n",
                 "n number = quantity", "price money := price * 2");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT total, amount, fee, n, price FROM raw.orders"),
              "33.60|30.60|3.00|6|5.10\n2.10|0.60|1.50|3|0.20\n~|~|0.50|1|~\n");
    TEST_COLUMNS(&t, 0, "a money := b + 1", "b money := a + 1");
    CHECK_INT(test_read(&t, 0), PT_EINVAL);
    CHECK(strstr(t.err.msg, "E0411"));
    test_project_close(&t);
}

TEST(source_expression__times_and_identifiers_may_be_computed)
{
    test_project t;

    open_orders(&t);
    t.sources[0].time = "replace(\"at\", '2024', '2023')";
    TEST_IDENTIFIERS(&t, 0, "user_id 'x' || user", "key lower(status) || quantity");
    TEST_COLUMNS(&t, 0, "day date := \"at\"");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _time, _id_user_id, _id_key, day FROM raw.orders"),
              "2023-01-01T01:00:00Z|xu1|paid6|2024-01-01\n2023-01-02T02:00:00Z|xu2|open3|2024-01-02\n"
              "2023-01-03T03:00:00Z|xu3|paid1|2024-01-03\n");
    test_project_close(&t);
}

TEST(source_expression__rows_for_which_it_fails_are_refused)
{
    test_project t;

    open_orders(&t);
    TEST_WRITE("orders.csv",
               "user,at,price,quantity\nu1,2024-01-01,1,2\nu2,2024-01-01,x,2\nu3,2024-01-01,2,3\nu4,2024-01-01,,3\n");
    CHECK_STR(values(&t, "v money := price * quantity"), "2.00\n6.00\n~\n");
    CHECK_STR(test_rows(&t, "SELECT line, column_name, reason FROM meta.quarantine"), "3|price|not a number\n");
    CHECK_STR(values(&t, "v number := CAST(price AS INTEGER) + 1"), "2\n3\n~\n");
    CHECK_STR(test_rows(&t, "SELECT line, column_name, reason FROM meta.quarantine"), "3|v|its expression fails\n");
    CHECK_STR(values(&t, "v date := '2024-0' || quantity || '-31'"), "2024-03-31\n2024-03-31\n");
    CHECK_STR(test_rows(&t, "SELECT line, column_name, reason FROM meta.quarantine"),
              "2|v|not a date\n3|v|not a date\n");
    test_project_close(&t);
}

TEST(source_expression__is_one_expression_over_one_row)
{
    static const struct {
        const char *text, *has;
    } bad[] = {
        {"price) FROM raw.x WHERE (1 = 1", "E0406"},
        {"1), (2", "E0406"},
        {"1; DROP TABLE meta.tables", "E0406"},
        {"(SELECT 1)", "a query inside it"},
        {"(SELECT content FROM read_text('/etc/passwd'))", "E0406"},
        {"price IN (SELECT 1)", "a query inside it"},
        {"EXISTS (SELECT 1)", "a query inside it"},
        {"sum(price::INT)", "sum() looks at many rows"},
        {"count(*)", "E0406"},
        {"row_number() OVER ()", "a window"},
        {"now()", "now() does not depend on its arguments alone"},
        {"current_date", "E04"},
        {"ago(INTERVAL 1 DAY)", "E0406"},
        {"random()", "random()"},
        {"uuid()", "uuid()"},
        {"nextval('s')", "nextval()"},
        {"current_setting('home_directory')", "current_setting()"},
        {"getvariable('x')", "getvariable()"},
        {"read_text('/etc/passwd')", "E04"},
        {"list_transform([1], lambda x: x + 1)", "a lambda"},
        {"price +", "E0406"},
        {"price -- a comment ) ", "E0405"}, /* fine as SQL; the column is what is missing */
        {"nosuchfunction(price)", "nosuchfunction"},
        {"*", "E0406"},
        {"?", "E0406"},
        {"orders.price", "a name of several parts"},
        {"pg_sleep(1)", "E0406"},
        {"price /* never closed", "E0406"},
    };
    test_project t;

    open_orders(&t);
    TEST_WRITE("orders.csv", "user,at\nu1,2024-01-01\n");
    for (size_t i = 0; i < PT_COUNT(bad); i++) {
        char spec[200];
        snprintf(spec, sizeof spec, "v text := %s", bad[i].text);
        TEST_COLUMNS(&t, 0, spec);
        pt_rc rc = test_read(&t, 0);
        if (rc != PT_EINVAL || !strstr(t.err.msg, bad[i].has))
            test_fail(__FILE__, __LINE__, "'%s' gives %s: %s", bad[i].text, pt_rc_name(rc), t.err.msg);
    }
    CHECK_INT(test_query_int(t.store.conn, "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'raw'"), 0);
    test_project_close(&t);
}

TEST(source_expression__a_comment_ends_with_its_line)
{
    test_project t;

    open_orders(&t);
    CHECK_STR(values(&t, "v money := price -- the price"), "2.55\n0.10\n~\n");
    CHECK_STR(values(&t, "v money := price /* the price */ + 1"), "3.55\n1.10\n~\n");
    test_project_close(&t);
}

TEST(source_expression__types_that_do_not_fit_are_named)
{
    test_project t;

    open_orders(&t);
    TEST_COLUMNS(&t, 0, "v text := year(\"at\")");
    CHECK_INT(test_read(&t, 0), PT_EINVAL);
    CHECK(strstr(t.err.msg, "E0410") && strstr(t.err.msg, "year") && strstr(t.err.hint, "declare the types"));
    TEST_COLUMNS(&t, 0, "v number := at2 - INTERVAL 1 DAY", "at2 instant = at");
    CHECK_INT(test_read(&t, 0), PT_EINVAL);
    TEST_COLUMNS(&t, 0, "v number := year(at2)", "at2 instant = at");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT v FROM raw.orders"), "2024\n2024\n2024\n");
    test_project_close(&t);
}
