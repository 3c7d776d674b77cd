/* Reading sources while memory and disk run out: a source is read whole or left as it was, and the next attempt works. */
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "fault/inject.h"
#include "source/source.h"
#include "support/test.h"

/* Everything that reading has: a lookup, expressions, rules, dates, lists, identifiers; a file in another encoding, one
 * with faults, JSON lines, Parquet. */
static const pt_source_column product_columns[] = {{.name = "sku", .type = PT_TYPE_TEXT},
                                                   {.name = "kind", .type = PT_TYPE_CATEGORY}};
static const pt_source_column order_columns[] = {
    {.name = "amount", .type = PT_TYPE_MONEY, .from = "price * 2", .computed = true},
    {.name = "kind", .type = PT_TYPE_CATEGORY, .lookup = {"products", "kind", "sku", NULL}},
    {.name = "day", .type = PT_TYPE_DATE},
    {.name = "tags", .type = PT_TYPE_LIST},
};
static const pt_source_identifier identifiers[] = {{.type = "phone", .column = "mobile"}};
static const pt_identifier_type types[] = {{.name = "phone", .normalize = "phone_cn", .priority = 1}};
static const pt_clean_pair pairs[] = {{"衣", "clothes"}, {"无", NULL}};
static const pt_clean_rule order_rules[] = {
    {.kind = PT_CLEAN_CONVERT, .text = "convert day: date", .column = "day", .converter = "date"},
    {.kind = PT_CLEAN_CONVERT, .text = "convert price: number", .column = "price", .converter = "number else missing"}};
static const pt_clean_rule product_rules[] = {
    {.kind = PT_CLEAN_MAP, .text = "map kind", .column = "kind", .pairs = pairs, .n_pairs = 2}};
static const char *const product_files[] = {"products.csv"}, *const order_files[] = {"orders.*"};
static const char *const missing[] = {"NULL"};
static const pt_source sources[] = {
    {.name = "products",
     .kind = PT_SOURCE_REFERENCE,
     .from = product_files,
     .n_from = 1,
     .header = -1,
     .columns = product_columns,
     .n_columns = 2,
     .n_file_columns = 2,
     .clean = product_rules,
     .n_clean = 1,
     .hash = {1, 1}},
    {.name = "orders",
     .kind = PT_SOURCE_EVENT,
     .from = order_files,
     .n_from = 1,
     .header = -1,
     .missing_text = missing,
     .n_missing_text = 1,
     .time = "at",
     .identifiers = identifiers,
     .n_identifiers = 1,
     .columns = order_columns,
     .n_columns = 4,
     .n_file_columns = 4,
     .clean = order_rules,
     .n_clean = 2,
     .hash = {2, 2}},
};
static pt_project project = {
    .name = "test", .zone_name = "Asia/Shanghai", .sources = sources, .n_sources = 2, .identity = {types, 1, 100}};
static pt_err err;
static char root[256];

static void put_file(const char *name, const char *bytes, size_t n)
{
    char path[300];

    snprintf(path, sizeof path, "%s/%s", root, name);
    CHECK_OK(pt_write_file(path, bytes, n, &err));
}

#define PUT_FILE(name, literal) put_file((name), (literal), sizeof(literal) - 1)

static void write_files(pt_conn *c)
{
    char sql[600];

    PUT_FILE("products.csv", "sku,kind\ns1,\xD2\xC2\ns2,\xCE\xDE\n"); /* GB18030 */
    PUT_FILE("orders.1.csv", "mobile,at,price,day,sku,tags\n"
                             "13800138000,2017-01-01 10:00:00,\"1,000\",03/04/2017,s1,\"a;b\"\n"
                             "13900139000,2017-01-02,two,31/01/2017,s2,\n"
                             "13900139000,2017-01-02,2,never,s2,\n"
                             "13900139000,2017-01-02,1,\"unclosed\n");
    PUT_FILE("orders.2.jsonl",
             "{\"mobile\":\"13800138001\",\"at\":\"2017-01-03\",\"price\":\"1.5\",\"day\":\"2017-01-31\","
             "\"sku\":\"s1\",\"tags\":[\"x\"]}\nnot json\n");
    snprintf(sql, sizeof sql,
             "COPY (SELECT 13800138002 AS mobile, TIMESTAMP '2017-01-04' AS at, 2.5 AS price, '1/2/2017' AS day, 's2' "
             "AS sku,"
             " ['y'] AS tags) TO '%s/orders.3.parquet' (FORMAT parquet)",
             root);
    CHECK_OK(pt_exec_text(c, sql, &err));
}

static int64_t count(pt_conn *c, const char *sql)
{
    pt_sql q = {0};
    int64_t n = -1;

    pt_sql_kw(&q, sql);
    CHECK_OK(pt_query_int(&n, c, &q, &err));
    pt_sql_free(&q);
    return n;
}

/* Rows kept and set aside of all files: those of read_all, whatever happened before. */
static void check_rows(pt_conn *c)
{
    CHECK_INT(count(c, "SELECT count(*) FROM raw.orders"), 3);
    CHECK_INT(count(c, "SELECT count(*) FROM meta.quarantine"), 4);
    CHECK_INT(
        count(c, "SELECT count(*) FROM raw.orders WHERE amount = 2000 AND kind = 'clothes' AND day = '2017-04-03'"), 1);
    CHECK_INT(count(c, "SELECT CAST(sum(touched) + sum(missing) AS BIGINT) FROM meta.read_rules"), 6);
}

static pt_rc read_all(pt_conn *c)
{
    pt_read_stats stats;

    PT_TRY(pt_source_prepare(c, &err));
    PT_TRY(pt_source_read(&stats, &project, 0, c, root, &err));
    /* What cleaning makes of a source without rules of its own. */
    PT_TRY(pt_exec_text(
        c, "CREATE SCHEMA IF NOT EXISTS clean; CREATE OR REPLACE VIEW clean.products AS FROM raw.products", &err));
    return pt_source_read(&stats, &project, 1, c, root, &err);
}

/* Reading anew needs all tables gone. */
static void forget(pt_conn *c)
{
    pt_project none = project;

    none.n_sources = 0;
    CHECK_OK(pt_source_sweep(&none, c, &err));
}

static void open_all(pt_store **store, pt_conn **c)
{
    if (!pt_store_engine())
        test_skip("DuckDB's library is not here");
    snprintf(root, sizeof root, "%s", test_dir());
    project.root = root;
    CHECK_OK(pt_store_open(store, &(pt_store_options){.threads = 1, .memory = (size_t)256 << 20}, &err));
    CHECK_OK(pt_conn_open(c, *store, &err));
    write_files(*c);
}

static void under(inject_kind kind, pt_rc expected)
{
    pt_store *store;
    pt_conn *c;
    bool failed = true;

    open_all(&store, &c);
    CHECK_OK(read_all(c));
    check_rows(c);
    for (unsigned long n = 1; failed; n += inject_step(n)) {
        forget(c);
        inject_at(kind, n);
        pt_rc rc = read_all(c);
        failed = inject_end();
        if (rc != PT_OK && rc != expected)
            test_fail(__FILE__, __LINE__, "call %lu: %s '%s'", n, pt_rc_name(rc), err.msg);
        if (rc != PT_OK)
            CHECK_OK(read_all(c));
        check_rows(c);
    }
    pt_conn_close(c);
    pt_store_close(store);
}

TEST(fault_source__short_of_memory)
{
    under(INJECT_MEMORY, PT_ENOMEM);
}

TEST(fault_source__disk_full_while_transcoding)
{
    under(INJECT_DISK_FULL, PT_EIO);
}

TEST(fault_source__short_writes_are_no_failure)
{
    under(INJECT_SHORT_WRITE, PT_OK);
}

static pt_rc check_project(pt_conn *c)
{
    pt_diags d;
    pt_arena *a = pt_arena_new(0);

    if (!a)
        return pt_fail_nomem(&err, "an arena");
    pt_diags_init(&d, a);
    pt_rc rc = pt_source_check(&project, c, &d, &err);
    pt_diags_free(&d);
    pt_arena_free(a);
    return rc;
}

TEST(fault_source_check__short_of_memory)
{
    pt_store *store;
    pt_conn *c;
    bool failed = true;

    open_all(&store, &c);
    for (unsigned long n = 1; failed; n += inject_step(n)) {
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = check_project(c);
        failed = inject_end();
        CHECK(rc == PT_OK || rc == PT_ENOMEM);
    }
    pt_conn_close(c);
    pt_store_close(store);
}
