/* Real files: what is read must be all there is. The engine reading the same file on its own is the oracle for sums. */
#include <stdio.h>
#include <string.h>

#include "support/source.h"
#include "support/test.h"

static char *in_shared(char buf[600], const char *name)
{
    const char *shared = test_shared_data();

    if (!shared)
        test_skip("the shared data are not here");
    if (snprintf(buf, 600, "%s/%s", shared, name) >= 600 || !pt_is_file(buf))
        test_skip("this data set is not here");
    return buf;
}

TEST(source_real__online_retail)
{
    test_project t;
    char path[600], sql[1000];

    in_shared(path, "online_retail/online_retail.csv.gz");
    test_project_open(&t);
    test_from(&t, 0, path, NULL);
    t.sources[0].time = "InvoiceDate";
    t.sources[0].zone = "Europe/London";
    TEST_IDENTIFIERS(&t, 0, "customer CustomerID");
    TEST_COLUMNS(&t, 0, "invoice text = InvoiceNo", "sku text = StockCode", "what text = Description",
                 "quantity number = Quantity", "price money = UnitPrice", "amount money := UnitPrice * Quantity",
                 "country category = Country");
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.rows + t.stats.quarantined, 320705);
    CHECK_INT(test_query_int(t.store.conn, "SELECT count(*) FROM meta.quarantine WHERE reason <> 'no identifier'"), 0);
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM (SELECT amount, quantity, sku, country, what, _time FROM raw.orders EXCEPT ALL "
             "SELECT CAST(UnitPrice AS "
             "DECIMAL(18,4)) * CAST(Quantity AS DECIMAL(18,0)), CAST(Quantity AS DOUBLE), trim(StockCode), Country, "
             "nullif(trim(Description), ''), CAST(InvoiceDate AS TIMESTAMP) AT TIME ZONE 'Europe/London' FROM "
             "read_csv('%s', all_varchar = true) WHERE CustomerID IS NOT NULL)",
             path);
    CHECK_INT(test_query_int(t.store.conn, sql), 0);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM read_csv('%s', all_varchar = true) WHERE CustomerID IS NOT NULL",
             path);
    CHECK_INT(test_query_int(t.store.conn, sql), (int64_t)t.stats.rows);
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.files_read, 0);
    test_project_close(&t);
}

TEST(source_real__complete_journey_with_products_looked_up)
{
    test_project t;
    char transactions[600], products[600];
    pt_source_column *columns;

    in_shared(transactions, "complete_journey/transactions_sample.csv.gz");
    in_shared(products, "complete_journey/products.csv.gz");
    test_project_open(&t);
    t.project.n_sources = 2;
    t.sources[1] = (pt_source){.name = "products", .kind = PT_SOURCE_REFERENCE, .header = -1};
    test_from(&t, 1, products, NULL);
    TEST_COLUMNS(&t, 1, "product_id text", "department category", "brand category");
    test_from(&t, 0, transactions, NULL);
    t.sources[0].time = "transaction_timestamp";
    t.sources[0].zone = "America/New_York";
    TEST_IDENTIFIERS(&t, 0, "household household_id");
    TEST_COLUMNS(&t, 0, "basket text = basket_id", "sales money = sales_value", "quantity number", "week number",
                 "department category");
    columns = (pt_source_column *)(uintptr_t)t.sources[0].columns;
    columns[4].lookup = (pt_lookup){.source = "products", .column = "department", .by = "product_id"};
    test_read_ok(&t, 1);
    CHECK_INT(t.stats.quarantined, 0);
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT * FROM meta.quarantine"), "");
    CHECK_INT(t.stats.rows, 75000);
    CHECK_INT(t.stats.quarantined, 0);
    CHECK_STR(test_rows(&t, "SELECT sum(sales), count(DISTINCT _id_household), count(DISTINCT basket) FROM raw.orders"),
              "233935.24|2377|47243\n");
    char sql[1500];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM (SELECT basket, department FROM raw.orders EXCEPT ALL SELECT t.basket_id, "
             "p.department FROM read_csv('%s', "
             "all_varchar = true) t LEFT JOIN read_csv('%s', all_varchar = true) p USING (product_id))",
             transactions, products);
    CHECK_INT(test_query_int(t.store.conn, sql), 0);
    test_project_close(&t);
}

TEST(source_real__marketing_campaign_semicolons_and_a_mark)
{
    test_project t;
    char path[600];

    test_project_open(&t);
    test_from(&t, 0, in_shared(path, "marketing_campaign/marketing_campaign.csv"), NULL);
    t.sources[0].kind = PT_SOURCE_RECORD;
    TEST_IDENTIFIERS(&t, 0, "customer ID");
    TEST_COLUMNS(&t, 0, "born number = Year_Birth", "income money = Income", "since date = Dt_Customer",
                 "complained bool = Complain", "wines money = MntWines");
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.rows, 2240);
    CHECK_INT(t.stats.quarantined, 0);
    CHECK_STR(test_rows(&t, "SELECT count(income), sum(wines), count(*) FILTER (WHERE complained), min(since), "
                            "max(since), count(_time) FROM raw.orders"),
              "2216|680816.00|21|2012-07-30|2014-06-29|0\n");
    test_project_close(&t);
}

TEST(source_real__chinese_customer_records)
{
    static const char *const missing[] = {"-", "无", "NULL", "未知"};
    test_project t;
    char path[600], sql[800];
    pt_identifier_type types[] = {{.name = "phone", .normalize = "phone_cn"}, {.name = "email", .normalize = "email"}};

    test_project_open(&t);
    t.project.identity = (pt_identity_config){.types = types, .n_types = 2};
    test_from(&t, 0, in_shared(path, "cn_er_dev/records.csv"), NULL);
    t.sources[0].kind = PT_SOURCE_RECORD;
    t.sources[0].time = "created_at";
    t.sources[0].missing_text = missing;
    t.sources[0].n_missing_text = 4;
    TEST_IDENTIFIERS(&t, 0, "record record_id", "phone phone", "email email");
    TEST_COLUMNS(&t, 0, "name text", "gender category", "province category");
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.rows + t.stats.quarantined, 4141);
    CHECK_INT(test_query_int(t.store.conn, "SELECT count(*) FROM raw.orders WHERE regexp_matches(_id_phone, '[^0-9]') "
                                           "OR _id_email <> lower(_id_email)"),
              0);
    /* A masked number identifies nobody; every other one does. */
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM read_csv('%s', all_varchar = true) WHERE regexp_matches(phone, '[0-9０-９]') AND "
             "NOT regexp_matches(phone, '[*＊]')",
             path);
    CHECK_INT(test_query_int(t.store.conn, "SELECT count(_id_phone) FROM raw.orders"),
              test_query_int(t.store.conn, sql));
    test_project_close(&t);
}

TEST(source_real__segment_messages)
{
    test_project t;
    char path[600];

    test_project_open(&t);
    test_from(&t, 0, in_shared(path, "segment_payloads/extracted_payloads.jsonl"), NULL);
    t.sources[0].kind = PT_SOURCE_RECORD;
    TEST_COLUMNS(&t, 0, "type category", "user text := payload.userId", "event text", "line number");
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.rows, 149);
    CHECK_INT(test_query_int(t.store.conn, "SELECT count(\"user\") FROM raw.orders") > 10, 1);
    CHECK_STR(test_rows(&t, "SELECT line, \"user\" FROM raw.orders WHERE _row = 0"), "40|507f191e81\n");
    test_project_close(&t);
}
