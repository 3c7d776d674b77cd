#include <string.h>

#include "base/rng.h"
#include "support/source.h"
#include "support/test.h"

/* orders that look up `category` (and more) in products by sku. */
static void open_shop(test_project *t, pt_type value, const char *by)
{
    pt_source_column *columns;

    test_project_open(t);
    t->project.n_sources = 2;
    t->sources[1] = (pt_source){.name = "products", .kind = PT_SOURCE_REFERENCE, .header = -1};
    test_from(t, 1, "products*.csv", NULL);
    TEST_COLUMNS(t, 1, "sku text", "category category", "price money", "tags list");
    t->sources[0].time = "at";
    TEST_IDENTIFIERS(t, 0, "user_id user");
    TEST_COLUMNS(t, 0, "sku text", "value text", "total money := coalesce(value, '-') || ''", "other text = sku");
    columns = (pt_source_column *)(uintptr_t)t->sources[0].columns;
    columns[1].type = value;
    columns[1].lookup = (pt_lookup){.source = "products",
                                    .column = value == PT_TYPE_LIST    ? "tags"
                                              : value == PT_TYPE_MONEY ? "price"
                                                                       : "category",
                                    .by = by};
    t->sources[0].n_columns = t->sources[0].n_file_columns = 2;
    TEST_WRITE("products-1.csv", "sku,category,price,tags\np1,toys,1.50,a;b\np2,food,2,\np1,books,9,z\n");
    TEST_WRITE("products-2.csv", "sku,category,price,tags\np3,toys,3,c\np2,food,2,\n,none,0,\n");
    TEST_WRITE("orders.csv", "user,at,sku,note\nu1,2024-01-01,p1,x\nu2,2024-01-01, p2 "
                             ",x\nu3,2024-01-01,p9,x\nu4,2024-01-01,,x\nu5,2024-01-01,p3,x\n");
    test_read_ok(t, 1);
}

TEST(source_lookup__takes_the_first_row_of_a_key)
{
    test_project t;

    open_shop(&t, PT_TYPE_CATEGORY, "sku");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id, value FROM raw.orders"), "u1|toys\nu2|food\nu3|~\nu4|~\nu5|toys\n");
    CHECK_INT(t.stats.ambiguous_keys, 1); /* p1 says two things; p2 says the same thing twice */
    test_project_close(&t);
    open_shop(&t, PT_TYPE_MONEY, "sku");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id, value FROM raw.orders"), "u1|1.50\nu2|2.00\nu3|~\nu4|~\nu5|3.00\n");
    test_project_close(&t);
    open_shop(&t, PT_TYPE_LIST, "sku");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id, value FROM raw.orders"), "u1|[a,b]\nu2|~\nu3|~\nu4|~\nu5|[c]\n");
    test_project_close(&t);
}

TEST(source_lookup__a_changed_reference_is_looked_up_again)
{
    test_project t;

    open_shop(&t, PT_TYPE_CATEGORY, "sku");
    test_read_ok(&t, 0);
    test_read_ok(&t, 1);
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.files_read, 0);
    TEST_WRITE("products-1.csv", "sku,category,price,tags\np1,games,1,\n");
    test_read_ok(&t, 1);
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.files_read, 1);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id, value FROM raw.orders"), "u1|games\nu2|food\nu3|~\nu4|~\nu5|toys\n");
    test_project_close(&t);
}

TEST(source_lookup__order_puts_references_first)
{
    test_project t;
    const uint32_t *order;

    open_shop(&t, PT_TYPE_CATEGORY, "sku");
    CHECK_INT(pt_source_order(&order, &t.project, t.arena, &t.err), PT_OK);
    CHECK_INT(order[0], 1);
    CHECK_INT(order[1], 0);
    ((pt_source_column *)(uintptr_t)t.sources[1].columns)[0].lookup =
        (pt_lookup){.source = "orders", .column = "sku", .by = "sku"};
    CHECK_INT(pt_source_order(&order, &t.project, t.arena, &t.err), PT_EINVAL);
    CHECK(strstr(t.err.msg, "E0412"));
    test_project_close(&t);
}

/* Many rows on several threads: a lookup must not change their order. */
TEST(source_lookup__keeps_rows_in_order)
{
    test_project t;
    pt_str text = {0};

    open_shop(&t, PT_TYPE_CATEGORY, "sku");
    pt_str_add(&text, "sku,user,at\n");
    for (int i = 0; i < 300000; i++)
        pt_str_addf(&text, "p%d,u%d,2024-01-01\n", i % 5, i);
    test_write("orders.csv", text.ptr, text.len);
    pt_str_free(&text);
    test_read_ok(&t, 0);
    CHECK_INT(
        test_query_int(
            t.store.conn,
            "SELECT count(*) FROM raw.orders WHERE _id_user_id = 'u' || _row AND sku = 'p' || (_row % 5) AND "
            "value IS NOT DISTINCT FROM CASE _row % 5 WHEN 1 THEN 'toys' WHEN 2 THEN 'food' WHEN 3 THEN 'toys' END"),
        300000);
    test_project_close(&t);
}

/* Keys that are numbers on one side and text on the other meet as text. */
TEST(source_lookup__keys_meet_as_text)
{
    test_project t;

    open_shop(&t, PT_TYPE_CATEGORY, "sku");
    TEST_COLUMNS(&t, 1, "sku number", "category category", "price money", "tags list");
    TEST_WRITE("products-1.csv", "sku,category,price,tags\n12.0,toys,1,\n");
    TEST_WRITE("products-2.csv", "sku,category,price,tags\n7,food,1,\n");
    TEST_WRITE("orders.csv", "user,at,sku\nu1,2024-01-01,12\nu2,2024-01-01,7\nu3,2024-01-01,07\n");
    test_read_ok(&t, 1);
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT value FROM raw.orders"), "toys\nfood\n~\n");
    test_project_close(&t);
}
