#include "support/source.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

TEST(source_read__types_times_and_identifiers)
{
    test_project t;

    test_project_open(&t);
    TEST_WRITE("orders.csv", "user,ordered_at,price,quantity,channel,paid\n"
                             "u1,2024-01-01 08:00:00,12.345,2,app,yes\n"
                             "u2,2024-01-01T08:00:00Z,0.1,3, web ,0\n"
                             " u3 ,2024/1/2,5,,,\n");
    t.sources[0].time = "ordered_at";
    TEST_IDENTIFIERS(&t, 0, "user_id user");
    TEST_COLUMNS(&t, 0, "price money", "quantity number", "way category = channel", "paid bool",
                 "amount money := price * quantity", "day date = ordered_at");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "FROM raw.orders"), "0|0|2024-01-01T00:00:00Z|u1|12.345|2|app|true|24.69|2024-01-01\n"
                                                "0|1|2024-01-01T08:00:00Z|u2|0.10|3|web|false|0.30|2024-01-01\n"
                                                "0|2|2024-01-01T16:00:00Z|u3|5.00|~|~|~|~|2024-01-02\n");
    CHECK_INT(t.stats.rows, 3);
    CHECK_INT(t.stats.files_read, 1);
    CHECK_INT(t.stats.quarantined, 0);
    test_project_close(&t);
}

/* An event source with one identifier, a time and an amount: the shape of most tests. */
static void open_orders(test_project *t)
{
    test_project_open(t);
    t->sources[0].time = "at";
    TEST_IDENTIFIERS(t, 0, "user_id user");
    TEST_COLUMNS(t, 0, "amount money", "note text");
}

TEST(source_read__rows_that_do_not_fit_go_to_quarantine)
{
    test_project t;

    open_orders(&t);
    TEST_WRITE("orders.csv", "user,at,amount,note\n"
                             "u1,2024-01-01,1,a\n"
                             "u2,2024-01-01,1;2,b\n"       /* no amount */
                             "u3,someday,3,c\n"            /* no date */
                             "u4,,4,d\n"                   /* no time */
                             ",2024-01-01,5,e\n"           /* no identifier */
                             "u6,2024-01-01,6\n"           /* too few */
                             "u7,2024-01-01,7,g,h\n"       /* too many */
                             "u8,12000-01-01,8,\"i\nj\"\n" /* over two lines, out of range */
                             "u9,2024-01-01,9,\"k\"l\n"    /* text after a quote */
                             "u10,2024-01-01,10,m\n");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id, amount, note FROM raw.orders"), "u1|1.00|a\nu10|10.00|m\n");
    CHECK_STR(test_rows(&t, "SELECT source, file, line, column_name, reason, replace(raw, chr(10), '/') FROM "
                            "meta.quarantine ORDER BY line"),
              "orders|orders.csv|3|amount|not an amount|u2,2024-01-01,1;2,b\n"
              "orders|orders.csv|4|at|not a date and time|u3,someday,3,c\n"
              "orders|orders.csv|5|at|no time|u4,,4,d\n"
              "orders|orders.csv|6|user_id|no identifier|,2024-01-01,5,e\n"
              "orders|orders.csv|7|~|fewer fields than the header: 3, not 4|u6,2024-01-01,6\n"
              "orders|orders.csv|8|~|more fields than the header: 5, not 4|u7,2024-01-01,7,g,h\n"
              "orders|orders.csv|9|at|not a date and time|u8,12000-01-01,8,\"i/j\"\n"
              "orders|orders.csv|11|~|text after a closing quote|u9,2024-01-01,9,\"k\"l\n");
    CHECK_INT(t.stats.rows, 2);
    CHECK_INT(t.stats.quarantined, 8);
    test_project_close(&t);
}

TEST(source_read__only_what_changed_is_read_again)
{
    test_project t;

    open_orders(&t);
    TEST_WRITE("orders-1.csv", "user,at,amount,note\nu1,2024-01-01,1,a\n");
    TEST_WRITE("orders-2.csv", "user,at,amount,note\nu2,2024-01-02,2,b\nu3,2024-01-03,x,c\n");
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.files_read, 2);
    CHECK_INT(t.stats.rows_read, 2);
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.files_read, 0);
    CHECK_INT(t.stats.files_kept, 2);
    CHECK_INT(t.stats.rows_read, 0);
    CHECK_INT(t.stats.rows, 2);
    CHECK_INT(t.stats.quarantined, 1);
    TEST_WRITE("orders-2.csv", "user,at,amount,note\nu2,2024-01-02,20,b\n");
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.files_read, 1);
    CHECK_INT(t.stats.quarantined, 0);
    CHECK_STR(test_rows(&t, "SELECT _file, _row, amount FROM raw.orders"), "0|0|1.00\n1|0|20.00\n");
    CHECK_STR(test_rows(&t, "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'raw'"), "2\n");
    char path[512];
    snprintf(path, sizeof path, "%s/orders-1.csv", test_dir());
    CHECK(remove(path) == 0);
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.files_removed, 1);
    CHECK_STR(test_rows(&t, "SELECT _file, amount FROM raw.orders"), "0|20.00\n");
    CHECK_STR(test_rows(&t, "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'raw'"), "1\n");
    test_project_close(&t);
}
