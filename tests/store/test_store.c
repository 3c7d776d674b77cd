#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "support/store.h"
#include "support/test.h"

static char *in_dir(char buf[256], const char *name)
{
    snprintf(buf, 256, "%s/%s", test_dir(), name);
    return buf;
}

TEST(store_open__keeps_what_was_committed)
{
    char path[256];
    test_store t;

    in_dir(path, "a.duckdb");
    test_store_open(&t, path);
    test_exec(t.conn, "CREATE TABLE x(v INTEGER); INSERT INTO x VALUES (1), (2)");
    test_exec(t.conn, "BEGIN; INSERT INTO x VALUES (3)"); /* closing rolls this back */
    test_store_close(&t);
    test_store_open(&t, path);
    CHECK_INT(test_query_int(t.conn, "SELECT sum(v) FROM x"), 3);
    test_store_close(&t);
}

TEST(store_open__refuses_a_second_store_on_the_same_file)
{
    char path[256];
    test_store t;
    pt_store *second;
    pt_err err = {0};
    pt_store_options options = {.path = in_dir(path, "a.duckdb")};

    test_store_open(&t, path);
    CHECK_INT(pt_store_open(&second, &options, &err), PT_EBUSY);
    CHECK(strstr(err.msg, "in use by another process"));
    CHECK(!second);
    test_store_close(&t);
    CHECK_OK(pt_store_open(&second, &options, &err));
    pt_store_close(second);
}

/* The child reports through its exit status; it must not return into the harness. */
static int open_in_child(const pt_store_options *options)
{
    pid_t child = fork();
    int status = 0;

    CHECK(child >= 0);
    if (child == 0) {
        pt_store *s;
        pt_err err = {0};
        pt_rc rc = pt_store_open(&s, options, &err);
        _exit(rc == PT_EBUSY && strstr(err.msg, "another process") ? 7 : 8);
    }
    CHECK(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(store_open__refuses_a_second_process)
{
    char path[256];
    test_store t;

    test_store_open(&t, in_dir(path, "a.duckdb"));
    CHECK_INT(open_in_child(&(pt_store_options){.path = path}), 7);
    CHECK_INT(open_in_child(&(pt_store_options){.path = path, .read_only = true}), 7);
    test_store_close(&t);
}

TEST(store_open__says_what_is_wrong_with_the_file)
{
    char path[256];
    pt_store *s;
    pt_err err = {0};

    if (!pt_store_engine())
        test_skip("DuckDB's library is not here");
    CHECK_OK(pt_write_file(in_dir(path, "text.duckdb"), "this is no database, only a text of some length\n", 48, &err));
    CHECK_INT(pt_store_open(&s, &(pt_store_options){.path = path}, &err), PT_ECORRUPT);
    CHECK(strstr(err.msg, "text.duckdb"));
    CHECK(pt_store_open(&s, &(pt_store_options){.path = "/nonexistent/x/a.duckdb"}, &err) != PT_OK);
    CHECK(strstr(err.msg, "/nonexistent"));
    CHECK_INT(pt_store_open(&s, &(pt_store_options){.path = in_dir(path, "none.duckdb"), .read_only = true}, &err),
              PT_EIO);
}

TEST(store_open__read_only_refuses_writes)
{
    char path[256];
    test_store t;
    pt_err err = {0};
    pt_conn *c;
    pt_store *s;

    test_store_open(&t, in_dir(path, "a.duckdb"));
    test_exec(t.conn, "CREATE TABLE x AS SELECT 5 AS v");
    test_store_close(&t);
    CHECK_OK(pt_store_open(&s, &(pt_store_options){.path = path, .read_only = true}, &err));
    CHECK_OK(pt_conn_open(&c, s, &err));
    CHECK_INT(test_query_int(c, "SELECT v FROM x"), 5);
    CHECK_INT(pt_exec_text(c, "INSERT INTO x VALUES (6)", &err), PT_EENGINE);
    pt_conn_close(c);
    pt_store_close(s);
}

TEST(store_settings__no_extension_is_fetched)
{
    test_store t;
    pt_err err = {0};

    test_store_open(&t, NULL);
    CHECK_STR(test_query_rows(t.conn, "SELECT value FROM duckdb_settings() WHERE name IN ('autoload_known_extensions', "
                                      "'autoinstall_known_extensions', 'TimeZone', 'temp_directory') ORDER BY name"),
              "UTC\nfalse\nfalse\n\n");
    CHECK(pt_exec_text(t.conn, "ATTACH 'x.db' AS y (TYPE sqlite)", &err) != PT_OK);
    test_store_close(&t);
}

TEST(store_engine__names_the_version)
{
    if (!pt_store_engine())
        test_skip("DuckDB's library is not here");
    CHECK(strncmp(pt_store_engine(), "DuckDB 1.", 9) == 0);
}

TEST(store_exec__binds_every_kind_of_value)
{
    test_store t;
    pt_sql q = {0};
    pt_err err = {0};
    int64_t changed = 0;

    test_store_open(&t, NULL);
    test_exec(t.conn, "CREATE TABLE x(a VARCHAR, b BIGINT, c DOUBLE, d TIMESTAMPTZ, e BOOLEAN, f DATE)");
    pt_sql_kw(&q, "INSERT INTO");
    pt_sql_ident(&q, "x");
    pt_sql_kw(&q, "VALUES (");
    pt_sql_bind_text(&q, PT_SV("o'Brien \"q\" ;--"));
    pt_sql_kw(&q, ",");
    pt_sql_bind_int(&q, INT64_MIN);
    pt_sql_kw(&q, ",");
    pt_sql_bind_double(&q, 0.1);
    pt_sql_kw(&q, ",");
    pt_sql_bind_instant(&q, INT64_C(1485835200000000));
    pt_sql_kw(&q, ",");
    pt_sql_bind_bool(&q, true);
    pt_sql_kw(&q, ",");
    pt_sql_bind_null(&q);
    pt_sql_kw(&q, "), (");
    pt_sql_text(&q, PT_SV("it's"));
    pt_sql_kw(&q, ", 1, 2, NULL, false, NULL)");
    CHECK_OK(pt_exec(t.conn, &q, &changed, &err));
    CHECK_INT(changed, 2);
    CHECK_STR(test_query_rows(t.conn, "SELECT a, b::VARCHAR, c, d, e, f FROM x"),
              "o'Brien \"q\" ;--|-9223372036854775808|0.1|2017-01-31T04:00:00Z|true|~\nit's|1|2|~|false|~\n");
    pt_sql_free(&q);
    test_store_close(&t);
}

TEST(store_sql__quotes_names_and_refuses_nul)
{
    test_store t;
    pt_sql q = {0};
    pt_err err = {0};

    test_store_open(&t, NULL);
    pt_sql_kw(&q, "CREATE TABLE");
    pt_sql_ident(&q, "odd \"name'); DROP");
    pt_sql_kw(&q, "AS SELECT 1 AS");
    pt_sql_ident(&q, "select");
    CHECK_OK(pt_exec(t.conn, &q, NULL, &err));
    CHECK_INT(test_query_int(t.conn, "SELECT \"select\" FROM \"odd \"\"name'); DROP\""), 1);
    pt_sql_clear(&q);
    pt_sql_kw(&q, "SELECT");
    pt_sql_text(&q, PT_SV("a\0b"));
    CHECK_INT(pt_exec(t.conn, &q, NULL, &err), PT_EINVAL);
    pt_sql_free(&q);
    test_store_close(&t);
}

TEST(store_sql__bound_text_may_hold_nul)
{
    test_store t;
    pt_sql q = {0};
    pt_err err = {0};
    int64_t n = 0;

    test_store_open(&t, NULL);
    pt_sql_kw(&q, "SELECT strlen(");
    pt_sql_bind_text(&q, PT_SV("a\0b"));
    pt_sql_kw(&q, ")");
    CHECK_OK(pt_query_int(&n, t.conn, &q, &err));
    CHECK_INT(n, 3);
    pt_sql_free(&q);
    test_store_close(&t);
}

TEST(store_errors__are_one_line_without_data_values)
{
    static const struct {
        const char *sql, *has;
    } cases[] = {
        {"SELECT CAST(v AS INTEGER) FROM (VALUES ('13812345678x')) t(v)", "convert"},
        {"SELECT CAST(v AS DATE) FROM (VALUES ('13812345678')) t(v)", "date"},
        {"SELECT strptime(v, '%Y') FROM (VALUES ('13812345678')) t(v)", "parse"},
        {"SELECT CAST(v AS TINYINT) FROM (VALUES (13812345678)) t(v)", "out of range"},
        {"SELECT v::JSON FROM (VALUES ('{13812345678')) t(v)", "JSON"},
        {"SELECT v * v * v FROM (VALUES (13812345678::BIGINT)) t(v)", "verflow"},
    };
    test_store t;

    test_store_open(&t, NULL);
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_err err = {0};
        CHECK(test_query_error(t.conn, cases[i].sql, &err) != PT_OK);
        if (!strstr(err.msg, cases[i].has) || strstr(err.msg, "1381234") || strchr(err.msg, '\n'))
            test_fail(__FILE__, __LINE__, "%s gives: %s", cases[i].sql, err.msg);
    }
    test_store_close(&t);
}

TEST(store_errors__keep_the_names_in_statements)
{
    test_store t;
    pt_err err = {0};

    test_store_open(&t, NULL);
    test_exec(t.conn, "CREATE TABLE visits(customer INTEGER)");
    CHECK_INT(test_query_error(t.conn, "SELECT custmer FROM visits", &err), PT_EENGINE);
    CHECK(strstr(err.msg, "custmer") && strstr(err.hint, "customer"));
    CHECK_INT(test_query_error(t.conn, "SELECT * FROM visit", &err), PT_EENGINE);
    CHECK(strstr(err.msg, "visit") && strstr(err.hint, "visits"));
    test_store_close(&t);
}

TEST(store_errors__blame_the_user_for_the_users_sql)
{
    test_store t;
    pt_sql q = {0};
    pt_err err = {0};

    test_store_open(&t, NULL);
    pt_sql_kw(&q, "SELECT");
    pt_sql_user(&q, PT_SV("nosuch(1) -- a comment"));
    pt_sql_kw(&q, "AS x");
    CHECK_INT(pt_exec(t.conn, &q, NULL, &err), PT_EINVAL);
    CHECK(strstr(err.msg, "nosuch"));
    pt_sql_free(&q);
    test_store_close(&t);
}

TEST(store_exec_text__stops_at_the_first_failure)
{
    test_store t;
    pt_err err = {0};

    test_store_open(&t, NULL);
    CHECK(pt_exec_text(t.conn, "CREATE TABLE a(v INTEGER); SELECT nosuch; CREATE TABLE b(v INTEGER)", &err) != PT_OK);
    CHECK_INT(test_query_int(t.conn, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'b'"), 0);
    test_store_close(&t);
}

static void *interrupt_soon(void *arg)
{
    usleep(100 * 1000);
    pt_conn_interrupt(arg);
    return NULL;
}

TEST(store_interrupt__stops_a_running_statement)
{
    test_store t;
    pt_err err = {0};
    pthread_t other;

    test_store_open(&t, NULL);
    CHECK(pthread_create(&other, NULL, interrupt_soon, t.conn) == 0);
    pt_rc rc = pt_exec_text(
        t.conn, "CREATE TABLE x AS SELECT sum(a.range * b.range) FROM range(10000000) a, range(100000) b", &err);
    pthread_join(other, NULL);
    CHECK_INT(rc, PT_ECANCELED);
    CHECK_INT(test_query_int(t.conn, "SELECT 42"), 42); /* reported once, then the connection works on */
    test_store_close(&t);
}

TEST(store_interrupt__between_statements_stops_the_next)
{
    test_store t;
    pt_err err = {0};

    test_store_open(&t, NULL);
    pt_conn_interrupt(t.conn);
    CHECK_INT(pt_exec_text(t.conn, "SELECT 1", &err), PT_ECANCELED);
    CHECK_OK(pt_exec_text(t.conn, "SELECT 1", &err));
    test_store_close(&t);
}

static void *count_rows(void *arg)
{
    test_store *t = arg;
    pt_conn *c = NULL;
    pt_sql q = {0};
    int64_t n = -1;

    if (pt_conn_open(&c, t->store, NULL) == PT_OK) {
        pt_sql_kw(&q, "SELECT count(*) FROM range(1000000) WHERE range % 3 = 0");
        pt_query_int(&n, c, &q, NULL);
    }
    pt_sql_free(&q);
    pt_conn_close(c);
    return (void *)(intptr_t)n;
}

TEST(store_conn__threads_work_on_connections_of_their_own)
{
    test_store t;
    pthread_t threads[4];

    test_store_open(&t, NULL);
    for (size_t i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, count_rows, &t) == 0);
    for (size_t i = 0; i < 4; i++) {
        void *n;
        pthread_join(threads[i], &n);
        CHECK_INT((intptr_t)n, 333334);
    }
    test_store_close(&t);
}
