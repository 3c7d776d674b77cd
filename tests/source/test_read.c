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

TEST(source_read__the_same_contents_twice_are_two_files)
{
    test_project t;

    open_orders(&t);
    TEST_WRITE("orders-1.csv", "user,at,amount,note\nu1,2024-01-01,1,a\nu2,2024-01-01,x,a\n");
    TEST_WRITE("orders-2.csv", "user,at,amount,note\nu1,2024-01-01,1,a\nu2,2024-01-01,x,a\n");
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.rows, 2);
    CHECK_INT(t.stats.quarantined, 2);
    CHECK_STR(test_rows(&t, "SELECT _file, _row FROM raw.orders"), "0|0\n1|0\n");
    CHECK_STR(test_rows(&t, "SELECT file, line FROM meta.quarantine ORDER BY file"),
              "orders-1.csv|3\norders-2.csv|3\n");
    test_project_close(&t);
}

TEST(source_read__the_hash_says_whether_anything_changed)
{
    test_project t;
    pt_hash128 first, second, third;

    open_orders(&t);
    TEST_WRITE("orders.csv", "user,at,amount,note\nu1,2024-01-01,1,a\n");
    test_read_ok(&t, 0);
    CHECK_INT(pt_source_hash(&first, &t.project, 0, t.store.conn, &t.err), PT_OK);
    test_read_ok(&t, 0);
    CHECK_INT(pt_source_hash(&second, &t.project, 0, t.store.conn, &t.err), PT_OK);
    CHECK(memcmp(&first, &second, sizeof first) == 0);
    TEST_WRITE("orders.csv", "user,at,amount,note\nu1,2024-01-01,2,a\n");
    test_read_ok(&t, 0);
    CHECK_INT(pt_source_hash(&second, &t.project, 0, t.store.conn, &t.err), PT_OK);
    CHECK(memcmp(&first, &second, sizeof first) != 0);
    TEST_WRITE("orders.csv", "user,at,amount,note\nu1,2024-01-01,1,a\n");
    t.project.zone_name = "UTC"; /* decides what a time without an offset means */
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.files_read, 1);
    CHECK_INT(pt_source_hash(&third, &t.project, 0, t.store.conn, &t.err), PT_OK);
    CHECK(memcmp(&first, &third, sizeof first) != 0);
    test_project_close(&t);
}

TEST(source_read__blocked_identifiers_are_none)
{
    static const char *const blocked[] = {"test*", "0"};
    test_project t;
    pt_identifier_type types[] = {{.name = "user_id", .normalize = "lower", .blocked = blocked, .n_blocked = 2}};

    open_orders(&t);
    t.project.identity = (pt_identity_config){.types = types, .n_types = 1};
    TEST_IDENTIFIERS(&t, 0, "user_id user", "device note");
    TEST_WRITE("orders.csv",
               "user,at,amount,note\nU1,2024-01-01,1,d1\nTest 7,2024-01-01,2,d2\n0,2024-01-01,3,\n,2024-01-01,4,\n");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id, _id_device FROM raw.orders"), "u1|d1\n~|d2\n");
    CHECK_STR(test_rows(&t, "SELECT line, reason FROM meta.quarantine ORDER BY line"),
              "4|its identifier is blocked or empty\n5|no identifier\n");
    types[0].n_blocked = 1;
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.files_read, 1);
    CHECK_INT(t.stats.rows, 3);
    test_project_close(&t);
}

TEST(source_read__required_columns)
{
    test_project t;

    open_orders(&t);
    ((pt_source_column *)(uintptr_t)t.sources[0].columns)[0].required = true;
    TEST_WRITE("orders.csv", "user,at,amount,note\nu1,2024-01-01,,a\nu2,2024-01-01,1,\n");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id FROM raw.orders"), "u2\n");
    CHECK_STR(test_rows(&t, "SELECT line, column_name, reason FROM meta.quarantine"), "2|amount|missing\n");
    test_project_close(&t);
}

TEST(source_read__interrupted_it_leaves_what_was_there)
{
    test_project t;

    open_orders(&t);
    TEST_WRITE("orders-1.csv", "user,at,amount,note\nu1,2024-01-01,1,a\n");
    test_read_ok(&t, 0);
    TEST_WRITE("orders-2.csv", "user,at,amount,note\nu2,2024-01-01,2,b\n");
    pt_conn_interrupt(t.store.conn);
    CHECK_INT(test_read(&t, 0), PT_ECANCELED);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id FROM raw.orders"), "u1\n");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id FROM raw.orders"), "u1\nu2\n");
    test_project_close(&t);
}

TEST(source_read__many_small_files)
{
    test_project t;

    open_orders(&t);
    for (int i = 0; i < 150; i++) {
        char name[40], text[200];
        int n = snprintf(text, sizeof text, "user,at,amount,note\nu%d,2024-01-01,%d,a\nv%d,2024-01-01,%s,b\n", i, i, i,
                         i % 50 ? "1" : "x");
        snprintf(name, sizeof name, "orders-%04d.csv", i);
        test_write(name, text, (size_t)n);
    }
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.files, 150);
    CHECK_INT(t.stats.rows, 297);
    CHECK_INT(t.stats.quarantined, 3);
    CHECK_STR(
        test_rows(&t, "SELECT count(*), count(DISTINCT _file), sum(amount) FILTER (WHERE _row = 0) FROM raw.orders"),
        "297|150|11175.00\n");
    test_project_close(&t);
}

TEST(source_sweep__sources_that_are_gone_leave_nothing)
{
    test_project t;

    open_orders(&t);
    t.project.n_sources = 2;
    t.sources[1] = t.sources[0];
    t.sources[1].name = "returns";
    TEST_WRITE("orders.csv", "user,at,amount,note\nu1,2024-01-01,1,a\nu2,2024-01-01,x,a\n");
    test_read_ok(&t, 0);
    test_read_ok(&t, 1);
    CHECK_INT(pt_source_sweep(&t.project, t.store.conn, &t.err), PT_OK);
    CHECK_STR(test_rows(&t, "SELECT count(*) FROM meta.quarantine"), "2\n");
    t.project.n_sources = 1;
    CHECK_INT(pt_source_sweep(&t.project, t.store.conn, &t.err), PT_OK);
    CHECK_STR(test_rows(&t, "SELECT DISTINCT source FROM meta.quarantine"), "orders\n");
    CHECK_STR(
        test_rows(&t, "SELECT (SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'raw'), (SELECT count(*) FROM "
                      "duckdb_views() WHERE schema_name = 'raw'), (SELECT count(*) FROM meta.rejects), (SELECT "
                      "count(*) FROM meta.tables)"),
        "1|1|1|1\n");
    CHECK_STR(test_rows(&t, "SELECT _id_user_id FROM raw.orders"), "u1\n");
    test_project_close(&t);
}

TEST(source_check__finds_all_problems_without_files)
{
    test_project t;
    pt_diags diags;
    pt_str text = {0};

    open_orders(&t);
    TEST_COLUMNS(&t, 0, "a money := price *", "b number := sum(price)", "c date", "d money := price * 2",
                 "e text := Unit Price");
    ((pt_source_column *)(uintptr_t)t.sources[0].columns)[2].format = "%Q";
    TEST_IDENTIFIERS(&t, 0, "user_id (SELECT 1)", "device note");
    t.sources[0].encoding = "klingon";
    pt_diags_init(&diags, t.arena);
    CHECK_INT(pt_source_check(&t.project, t.store.conn, &diags, &t.err), PT_OK);
    CHECK_INT(diags.errors, 5);
    pt_diags_print(&diags, &text, false);
    CHECK(strstr(text.ptr, "E0406: 'price *' is not an expression over one row: syntax error"));
    CHECK(strstr(text.ptr, "sum() looks at many rows") && strstr(text.ptr, "E0409") &&
          strstr(text.ptr, "a query inside it"));
    CHECK(strstr(text.ptr, "E0407: there is no encoding 'klingon'"));
    pt_str_free(&text);
    pt_diags_free(&diags);
    test_project_close(&t);
}
