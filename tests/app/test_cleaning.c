/* What a build says of cleaning, against what its store holds. */
#include "base/io.h"
#include "support/shop.h"
#include "support/store.h"
#include "support/test.h"

static pt_err err;

/* The shop, whose orders have rules; they stand before `visits`, the source that follows. */
static pt_app *open_with_rules(void)
{
    static const char rules[] =
        "  clean:\n    - drop when amount is missing\n    - flag big when amount > 500\n"
        "    - fill channel: mode by category\n    - cap price: iqr 0.5\n    - fill note: previous\n"
        "    - dedupe by order_id keep newest\n    - dedupe near note 0.9 by sku\n";
    char path[512];

    pt_app_close(shop_open(300));
    snprintf(path, sizeof path, "%s/rules", test_dir());
    CHECK_OK(pt_write_file(path, rules, strlen(rules), &err));
    shop_shell("sed -i '/^visits:/e cat rules' shop/sources/all.yaml");
    return shop_open_again();
}

static const pt_build_source *source(const pt_build_result *r, const char *name)
{
    for (size_t i = 0; i < r->n_sources; i++)
        if (strcmp(r->sources[i].name, name) == 0)
            return &r->sources[i];
    test_fail(__FILE__, __LINE__, "no source %s", name);
    return NULL;
}

TEST(app_cleaning__every_row_is_kept_or_in_quarantine)
{
    pt_app *app = open_with_rules();
    pt_build_result r = shop_build(app, 2, NULL);
    const pt_build_source *orders = source(&r, "orders");
    test_store t;
    char path[512];

    CHECK_INT(r.cleaning.n_rules, 7);
    CHECK(orders->dropped > 0 && r.cleaning.rules[0].dropped > 0);
    snprintf(path, sizeof path, "%s/store.duckdb", pt_app_project(app)->data_dir);
    test_store_open(&t, path);
    CHECK_INT(test_query_int(t.conn, "SELECT count(*) FROM clean.orders"), orders->read.rows - orders->dropped);
    CHECK_INT(test_query_int(t.conn, "SELECT count(*) FROM meta.quarantine WHERE source = 'orders'"),
              orders->read.quarantined + orders->dropped);
    CHECK_INT(test_query_int(t.conn, "SELECT count(*) FROM raw.orders r ANTI JOIN clean.orders c USING (_file, _row)"),
              orders->dropped);
    test_store_close(&t);
    CHECK_INT(orders->events, orders->read.rows - orders->dropped);
    pt_app_close(app);
}

static uint64_t cleaned_again(const pt_build_result *r, const char *name)
{
    return !source(r, name)->timeline_kept;
}

TEST(app_cleaning__is_done_again_only_for_what_changed)
{
    pt_app *app = open_with_rules();
    pt_build_result r = shop_build(app, 2, "2017-06-01");

    r = shop_build(app, 2, "2017-06-01");
    CHECK(!cleaned_again(&r, "orders"));
    r = shop_build(app, 2, "2017-03-01"); /* other rows to learn from */
    CHECK(cleaned_again(&r, "orders"));
    CHECK(!cleaned_again(&r, "visits"));
    pt_app_close(app);
    shop_shell("sed -i 's/amount > 500/amount > 400/' shop/sources/all.yaml");
    app = shop_open_again();
    r = shop_build(app, 2, "2017-03-01");
    CHECK(cleaned_again(&r, "orders"));
    CHECK_INT(source(&r, "orders")->read.files_read, 0);
    pt_app_close(app);
}
