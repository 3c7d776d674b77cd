#include <stdlib.h>
#include <string.h>

#include "support/source.h"
#include "support/test.h"

static void open_orders(test_project *t, const char *from)
{
    test_project_open(t);
    test_from(t, 0, from, NULL);
    t->sources[0].time = "at";
    TEST_IDENTIFIERS(t, 0, "user_id user");
    TEST_COLUMNS(t, 0, "amount money", "note text");
}

static const char *const three_rows = "u1|1.50|a\nu2|2.00|b\nu3|~|~\n";

static void check_three(test_project *t)
{
    test_read_ok(t, 0);
    CHECK_STR(test_rows(t, "SELECT _id_user_id, amount, note FROM raw.orders"), three_rows);
    CHECK_INT(t->stats.rows, 3);
    CHECK_INT(t->stats.quarantined, 0);
    test_project_close(t);
}

TEST(source_csv__delimiters_are_found)
{
    static const char *const texts[] = {
        "user,at,amount,note\nu1,2024-01-01,1.5,a\nu2,2024-01-01,2,b\nu3,2024-01-01,,\n",
        "user;at;amount;note\nu1;2024-01-01;1.5;a\nu2;2024-01-01;2;b\nu3;2024-01-01;;\n",
        "user\tat\tamount\tnote\nu1\t2024-01-01\t1.5\ta\nu2\t2024-01-01\t2\tb\nu3\t2024-01-01\t\t\n",
        "user|at|amount|note\nu1|2024-01-01|1.5|a\nu2|2024-01-01|2|b\nu3|2024-01-01||\n",
        "\xEF\xBB\xBFuser,at,amount,note\r\nu1,2024-01-01,1.5,a\r\nu2,2024-01-01,2,b\r\nu3,2024-01-01,,",
        "user,at,amount,note\ru1,2024-01-01,1.5,a\ru2,2024-01-01,2,b\ru3,2024-01-01,,\r",
        "\"note\",\"user\",\"at\",\"amount\"\n\"a\",\"u1\",\"2024-01-01\",\"1.5\"\n\"b\",\"u2\",\"2024-01-01\",\"2\"\n,"
        "u3,2024-01-01,\"\"\n",
        "USER,At,Amount,NOTE,more\nu1,2024-01-01,1.5,a,x\nu2,2024-01-01,2,b,y\nu3,2024-01-01,,,z\n",
        " user , at , amount , note \n u1 ,  2024-01-01\t,\t1.5, a \nu2 ,2024-01-01 , 2 ,\xE3\x80\x80"
        "b\xE3\x80\x80\nu3,2024-01-01,  ,\" \"\n",
        "user,at,amount,note\nu1,2024-01-01,1.5,a\r\nu2,2024-01-01,2,b\nu3,2024-01-01,,\n",
        "user,at,amount,note\n\n\nu1,2024-01-01,1.5,a,\n\nu2,2024-01-01,2,b,\nu3,2024-01-01,,,\n\n",
    };

    for (size_t i = 0; i < PT_COUNT(texts); i++) {
        test_project t;
        open_orders(&t, "orders.csv");
        test_write("orders.csv", texts[i], strlen(texts[i]));
        check_three(&t);
    }
}

TEST(source_csv__declared_dialects)
{
    test_project t;

    open_orders(&t, "orders.txt");
    t.sources[0].delimiter = "^";
    t.sources[0].quote = "'";
    TEST_WRITE("orders.txt", "user^at^amount^note\nu1^2024-01-01^1.5^'a'\n'u2'^2024-01-01^2^b\nu3^2024-01-01^^''\n");
    check_three(&t);
    open_orders(&t, "orders.txt");
    t.sources[0].quote = "";
    t.sources[0].delimiter = "tab";
    TEST_COLUMNS(&t, 0, "note text");
    TEST_WRITE("orders.txt", "user\tat\tnote\nu1\t2024-01-01\t6\" nail\nu2\t2024-01-01\t\"q\"\n");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id, note FROM raw.orders"), "u1|6\" nail\nu2|\"q\"\n");
    test_project_close(&t);
}

TEST(source_csv__without_header_columns_have_positions)
{
    test_project t;

    open_orders(&t, "orders.csv");
    t.sources[0].time = "2";
    TEST_IDENTIFIERS(&t, 0, "user_id 1");
    TEST_COLUMNS(&t, 0, "amount money = column3", "note text = 4", "double money := column3 * 2");
    TEST_WRITE("orders.csv", "u1,2024-01-01,1.5,a\nu2,2024-01-01,2,b\n");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id, amount, note, double FROM raw.orders"),
              "u1|1.50|a|3.00\nu2|2.00|b|4.00\n");
    t.sources[0].header = 1; /* the first row is one, whatever it holds */
    t.sources[0].hash.hi++;
    CHECK_INT(test_read(&t, 0), PT_EINVAL);
    CHECK(strstr(t.err.msg, "E0405"));
    test_project_close(&t);
}

TEST(source_csv__header_can_be_denied)
{
    test_project t;

    open_orders(&t, "orders.csv");
    t.sources[0].header = 0;
    t.sources[0].time = "column2";
    TEST_IDENTIFIERS(&t, 0, "user_id column1");
    TEST_COLUMNS(&t, 0, "amount money = column3");
    TEST_WRITE("orders.csv", "u1,2024-01-01,1.5\nu2,2024-01-01,2\n");
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.rows, 2);
    test_project_close(&t);
}

TEST(source_csv__missing_texts_are_missing)
{
    static const char *const missing[] = {"NULL", "n/a", "-"};
    test_project t;

    open_orders(&t, "orders*.csv");
    t.sources[0].missing_text = missing;
    t.sources[0].n_missing_text = 3;
    TEST_WRITE("orders-1.csv", "user,at,amount,note\nu1,2024-01-01,NULL,n/a\nu2,2024-01-01,-,x\nNULL,2024-01-01,1,x\n");
    TEST_WRITE("orders-2.csv", "user,at,amount,note\nu1,2024-01-01, NULL , n/a \nu2,2024-01-01,\"-\",null\n");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id, amount, note FROM raw.orders"), "u1|~|~\nu2|~|x\nu1|~|~\nu2|~|null\n");
    CHECK_STR(test_rows(&t, "SELECT reason FROM meta.quarantine"), "no identifier\n");
    test_project_close(&t);
}

TEST(source_csv__empty_files_have_no_rows)
{
    static const char *const texts[] = {"", "user,at,amount,note", "user,at,amount,note\n", "\n\n", "\xEF\xBB\xBF"};

    for (size_t i = 0; i < PT_COUNT(texts); i++) {
        test_project t;
        open_orders(&t, "orders.csv");
        test_write("orders.csv", texts[i], strlen(texts[i]));
        test_read_ok(&t, 0);
        CHECK_STR(test_rows(&t, "SELECT * FROM raw.orders"), "");
        CHECK_INT(t.stats.rows, 0);
        test_project_close(&t);
    }
}

/* --- compression ------------------------------------------------------------------------------------------------------- */

static void shell(const char *in_dir)
{
    char command[600];

    snprintf(command, sizeof command, "cd %s && %s", test_dir(), in_dir);
    if (system(command) != 0)
        test_skip("a command of this test is not here");
}

TEST(source_csv__gzip_and_zstd)
{
    test_project t;
    static const char text[] = "user,at,amount,note\nu1,2024-01-01,1.5,a\nu2,2024-01-01,2,b\nu3,2024-01-01,,\n";

    open_orders(&t, "orders.csv.gz");
    test_write("orders.csv", text, sizeof text - 1);
    shell("gzip -f orders.csv");
    check_three(&t);
    open_orders(&t, "orders.csv.gz");
    test_write("a", "user,at,amount,note\nu1,2024-01-01,1.5,a\n", 40);
    test_write("b", "u2,2024-01-01,2,b\nu3,2024-01-01,,\n", 34);
    shell("gzip -c a > orders.csv.gz && gzip -c b >> orders.csv.gz"); /* members one after another */
    check_three(&t);
    open_orders(&t, "orders.csv.zst");
    test_write("orders.csv", text, sizeof text - 1);
    shell("zstd -q --rm -f orders.csv 2>/dev/null");
    check_three(&t);
}

TEST(source_csv__cut_off_gzip_is_an_error_and_changes_nothing)
{
    test_project t;

    open_orders(&t, "orders.csv.gz");
    TEST_WRITE("orders.csv", "user,at,amount,note\nu1,2024-01-01,1.5,a\nu2,2024-01-01,2,b\nu3,2024-01-01,,\n");
    shell("gzip -kf orders.csv");
    test_read_ok(&t, 0);
    shell("head -c 50 orders.csv.gz > x && mv x orders.csv.gz");
    CHECK_INT(test_read(&t, 0), PT_EINVAL);
    CHECK(strstr(t.err.msg, "E0408") && strstr(t.err.msg, "orders.csv.gz"));
    CHECK_STR(test_rows(&t, "SELECT _id_user_id, amount, note FROM raw.orders"), three_rows);
    test_project_close(&t);
}

/* --- JSON lines -------------------------------------------------------------------------------------------------------- */

TEST(source_json__keys_paths_and_lists)
{
    test_project t;

    open_orders(&t, "events.jsonl");
    TEST_COLUMNS(&t, 0, "amount money", "title text := page.title", "tags list", "n number := amount * 2", "vip bool");
    TEST_WRITE("events.jsonl",
               "{\"user\": \"u1\", \"at\": \"2024-01-01T00:00:00Z\", \"amount\": 0.1, \"page\": {\"title\": \"首页\"}, "
               "\"tags\": [\"a\", \"b\", \"a\"], \"vip\": true}\n"
               "\n"
               "{\"at\": \"2024-01-02T00:00:00+08:00\", \"user\": 42, \"amount\": null, \"tags\": []}\r\n"
               "   \n"
               "{\"user\": \"u3\", \"at\": \"2024-01-02\", \"amount\": \"12.50\", \"tags\": \"x;y\", \"page\": \"no "
               "object\", \"vip\": \"否\"}");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT * FROM raw.orders"), "0|0|2024-01-01T00:00:00Z|u1|0.10|首页|[a,b]|0.2|true\n"
                                                         "0|1|2024-01-01T16:00:00Z|42|~|~|[]|~|~\n"
                                                         "0|2|2024-01-01T16:00:00Z|u3|12.50|~|[x,y]|25|false\n");
    test_project_close(&t);
}

TEST(source_json__bad_lines_go_to_quarantine)
{
    test_project t;

    open_orders(&t, "events.jsonl");
    TEST_WRITE("events.jsonl", "{\"user\":\"u1\",\"at\":\"2024-01-01\",\"amount\":1,\"note\":\"a\"}\n"
                               "{\"user\":\"u2\",\"at\":\"2024-01-01\"\n"
                               "\n"
                               "[1,2]\n"
                               "not json\n"
                               "{\"user\":\"u5\",\"at\":\"2024-01-01\",\"note\":\"\xC4\xFF\"}\n"
                               "{\"user\":\"u6\",\"at\":\"2024-01-01\",\"note\":\"x\0y\"}\n"
                               "{\"user\":\"u7\",\"at\":\"2024-01-01\",\"amount\":\"lots\"}\n"
                               "{\"user\":\"u8\",\"at\":\"2024-01-01\",\"amount\":8}{\"user\":\"u9\"}\n"
                               "{\"user\":\"u9\",\"at\":\"2024-01-01\",\"amount\":9}\n");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _row, _id_user_id, amount FROM raw.orders"), "0|u1|1.00\n6|u9|9.00\n");
    CHECK_STR(test_rows(&t, "SELECT line, column_name, reason FROM meta.quarantine ORDER BY line"),
              "2|~|not a JSON object\n4|~|not a JSON object\n5|~|not a JSON object\n"
              "6|~|bytes that are not valid in the file's encoding\n7|~|a NUL byte\n8|amount|not an amount\n9|~|not a "
              "JSON object\n");
    CHECK_INT(t.stats.rows + t.stats.quarantined, 9);
    test_project_close(&t);
}

TEST(source_json__an_array_is_not_lines)
{
    test_project t;

    open_orders(&t, "events.json");
    TEST_WRITE("events.json", "[{\"user\":\"u1\",\"at\":\"2024-01-01\"},\n{\"user\":\"u2\"}]");
    CHECK_INT(test_read(&t, 0), PT_EINVAL);
    CHECK(strstr(t.err.msg, "E0404") && strstr(t.err.msg, "array"));
    test_project_close(&t);
}

/* --- Parquet ------------------------------------------------------------------------------------------------------------- */

static void write_parquet(test_project *t, const char *select)
{
    char sql[2000];

    snprintf(sql, sizeof sql, "COPY (%s) TO '%s/orders.parquet' (FORMAT parquet)", select, test_dir());
    test_exec(t->store.conn, sql);
}

TEST(source_parquet__types_come_from_the_file)
{
    test_project t;

    open_orders(&t, "orders.parquet");
    TEST_COLUMNS(&t, 0, "amount money", "rate number", "small money = f", "qty number", "day date", "flag bool",
                 "tags list", "note text", "total money := amount * qty");
    write_parquet(&t, "SELECT * FROM (VALUES"
                      " (17850.0::DOUBLE, TIMESTAMP '2024-01-01 08:00:00', 0.1::DOUBLE, 0.5::FLOAT, 0.1::FLOAT, "
                      "3::BIGINT, DATE '2024-02-29', true, ['a','b','a'], ' x '),"
                      " (2.0, TIMESTAMP '2024-06-01 00:00:00', 'nan'::DOUBLE, NULL, NULL, 4, NULL, NULL, NULL, ''),"
                      " (3.0, NULL, 1, 1, 1, 1, NULL, false, [], 'no time'),"
                      " (NULL, TIMESTAMP '2024-06-01 00:00:00', 1, 1, 1, 1, NULL, false, [], 'no user'),"
                      " (5.0, TIMESTAMP '2024-06-01 00:00:00', 1e18, 1, 1, 1, NULL, false, [], 'too much')"
                      ") v(\"user\", \"at\", amount, rate, f, qty, day, flag, tags, note)");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT * FROM raw.orders"),
              "0|0|2024-01-01T00:00:00Z|17850|0.10|0.5|0.10|3|2024-02-29|true|[a,b]|x|0.30\n"
              "0|1|2024-05-31T16:00:00Z|2|~|~|~|4|~|~|~|~|~\n");
    CHECK_STR(test_rows(&t, "SELECT line, column_name, reason, raw LIKE '%\"qty\":1%' FROM meta.quarantine"),
              "3|at|no time|true\n4|user_id|no identifier|true\n5|amount|not an amount|true\n");
    test_project_close(&t);
}

/* What is kept and set aside of 300,000 orders, whose file has row groups of this size. */
static const char *orders_in_groups(int group)
{
    test_project t;
    char sql[1000];

    open_orders(&t, "orders.parquet");
    TEST_COLUMNS(&t, 0, "amount money", "note text");
    snprintf(
        sql, sizeof sql,
        "COPY (SELECT 'u' || i %% 1000 AS \"user\", TIMESTAMP '2024-01-01 00:00:00' + INTERVAL (i) SECOND AS \"at\","
        " CASE WHEN i %% 70000 = 5 THEN 1e18 ELSE i * 0.07 END AS amount, ' n' || i AS note FROM range(300000) s(i))"
        " TO '%s/orders.parquet' (FORMAT parquet, ROW_GROUP_SIZE %d)",
        test_dir(), group);
    test_exec(t.store.conn, sql);
    test_read_ok(&t, 0);
    const char *kept = test_rows(&t, "SELECT count(*)::VARCHAR, count(*) FILTER (amount = (_row * 0.07)::DECIMAL(18,4))"
                                     "::VARCHAR, count(*) FILTER (note = 'n' || _row)::VARCHAR FROM raw.orders");
    CHECK_STR(kept, "299995|299995|299995\n");
    const char *aside = test_rows(&t, "SELECT string_agg(line, ',' ORDER BY line) FROM meta.quarantine");
    CHECK_STR(aside, "6,70006,140006,210006,280006\n");
    const char *digest = test_rows(&t, "SELECT md5(string_agg(o::VARCHAR, chr(10) ORDER BY _row)) FROM raw.orders o");
    digest = strdup(digest);
    test_project_close(&t);
    return digest;
}

TEST(source_parquet__row_groups_change_nothing)
{
    const char *one = orders_in_groups(300000), *many = orders_in_groups(2048);

    CHECK_STR(one, many);
    free((void *)(uintptr_t)one);
    free((void *)(uintptr_t)many);
}

TEST(source_parquet__a_damaged_file_is_an_error)
{
    test_project t;

    open_orders(&t, "orders.parquet");
    TEST_WRITE("orders.parquet", "PAR1 this is none");
    CHECK_INT(test_read(&t, 0), PT_EINVAL);
    CHECK(strstr(t.err.msg, "E0408"));
    test_project_close(&t);
}

TEST(source_parquet__zoned_times_and_decimals)
{
    test_project t;

    open_orders(&t, "orders.parquet");
    TEST_COLUMNS(&t, 0, "amount money", "day date = at", "wide money");
    write_parquet(&t, "SELECT 'u1' AS \"user\", TIMESTAMPTZ '2024-01-01 20:00:00+00' AS \"at\", 12.3456::DECIMAL(18,4) "
                      "AS amount, 1.23456::DECIMAL(38,5) AS wide");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT * FROM raw.orders"), "0|0|2024-01-01T20:00:00Z|u1|12.3456|2024-01-02|1.2346\n");
    test_project_close(&t);
}
