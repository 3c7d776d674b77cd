/* `init --from`: what it writes passes check and build, on small files of every kind and on real ones. */
#include "app/starter.h"

#include "app/app.h"
#include "base/io.h"
#include "support/project.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

static void build_project(const char *dir)
{
    pt_build_options options = {.threads = 2};
    pt_build_result result;
    pt_app *app;

    CHECK_OK(pt_app_open(&app, dir, &err));
    CHECK_OK(pt_app_check(app, &err));
    CHECK_INT(pt_app_diags(app)->errors, 0);
    CHECK_OK(pt_app_build(&result, app, &options, shop_arena(), &err));
    CHECK(result.customers > 0 && result.n_tags > 0);
    for (size_t i = 0; i < result.n_broken_rules; i++)
        test_fail(__FILE__, __LINE__, "%s: %s does not hold", result.broken_rules[i].source,
                  result.broken_rules[i].rule);
    pt_app_close(app);
}

static const char *in_dir(const char *name)
{
    return pt_path_join(shop_arena(), test_dir(), name);
}

static void start(pt_starter_result *out, const char *dir, const char *const *paths, size_t n, const char *lang)
{
    CHECK_OK(pt_app_starter(out, in_dir(dir), paths, n, lang, shop_arena(), &err));
}

static pt_sv file_of(const char *path)
{
    pt_sv text;

    CHECK_OK(pt_read_file(&text, in_dir(path), 0, shop_arena(), &err));
    return text;
}

static void says(const char *path, const char *line)
{
    if (!strstr(file_of(path).ptr, line))
        test_fail(__FILE__, __LINE__, "%s does not say '%s':\n%s", path, line, file_of(path).ptr);
}

/* --- small files --------------------------------------------------------------------------------------------------------- */

static void write_orders(void)
{
    pt_str out = {0};

    pt_str_add(&out, "OrderNo,CustomerID,Order Time,sku,Unit Price,qty,paid,Channel,time,note\n");
    for (int i = 0; i < 60; i++)
        pt_str_addf(&out, "%05d,C%d,2024-0%d-1%d 10:%02d:00,s%d,%d.50,%d,%s,%s,x%d,%s\n", i, i % 20, 1 + i % 6, i % 9,
                    i, i % 5, i, i % 3, i % 2 ? "yes" : "no", i % 3 ? "app" : "web", i, i % 4 ? "fine" : "N/A");
    write_project_file("orders 2024.csv", pt_str_cstr(&out));
    pt_str_free(&out);
}

static void write_members(void)
{
    pt_str out = {0};

    for (int i = 0; i < 20; i++)
        pt_str_addf(&out,
                    "{\"customer_id\": \"C%d\", \"phone\": \"139000%05d\", \"email\": \"m%d@mail.cn\", \"birthday\": "
                    "\"19%d-02-03\", "
                    "\"城市\": \"%s\"}\n",
                    i, i * 77, i, 60 + i, i % 2 ? "北京" : "上海");
    write_project_file("members.jsonl", pt_str_cstr(&out));
    pt_str_clear(&out);
    pt_str_add(&out, "sku\tcategory\n");
    for (int i = 0; i < 30; i++)
        pt_str_addf(&out, "s%d\t%s\n", i, i % 2 ? "food" : "tools");
    write_project_file("products.tsv", pt_str_cstr(&out));
    pt_str_free(&out);
}

TEST(starter_guess__three_files_become_a_project_that_builds)
{
    pt_starter_result r;

    write_orders();
    write_members();
    const char *paths[] = {in_dir("orders 2024.csv"), in_dir("members.jsonl"), in_dir("products.tsv")};
    start(&r, "shop", paths, 3, "en");
    CHECK_INT(r.n_sources, 3);
    CHECK_STR(r.sources[0].name, "orders_2024");
    CHECK_INT(r.sources[0].kind, PT_SOURCE_EVENT);
    CHECK_INT(r.sources[1].kind, PT_SOURCE_RECORD);
    CHECK_INT(r.sources[2].kind, PT_SOURCE_REFERENCE);
    says("shop/sources/orders_2024.yaml", "time: '\"Order Time\"'");
    says("shop/sources/orders_2024.yaml", "customer_id: '\"CustomerID\"'");
    says("shop/sources/orders_2024.yaml", "Unit_Price: {type: money, from: '\"Unit Price\"'}");
    says("shop/sources/orders_2024.yaml", "OrderNo: text");
    says("shop/sources/orders_2024.yaml", "paid: bool");
    says("shop/sources/orders_2024.yaml", "missing: ['N/A']");
    says("shop/sources/orders_2024.yaml", "category: {type: category, lookup: products.category by sku}");
    says("shop/sources/orders_2024.yaml", "time_value: {type: text, from: '\"time\"'}");
    says("shop/sources/members.yaml", "birthday: {type: date, sensitivity: personal}");
    says("shop/sources/members.yaml", "phone: '\"phone\"'");
    says("shop/identity.yaml", "phone: {priority: ");
    says("shop/portrait.yaml", "as_of: last_event");
    build_project(in_dir("shop"));
}

TEST(starter_guess__comments_are_in_the_language_asked_for)
{
    pt_starter_result r;

    write_orders();
    const char *paths[] = {in_dir("orders 2024.csv")};
    start(&r, "zh", paths, 1, "zh");
    says("zh/sources/orders_2024.yaml", "# 事件（event）");
    says("zh/portrait.yaml", "locale: zh");
    build_project(in_dir("zh"));
}

TEST(starter_guess__a_file_without_header_or_customers_builds_too)
{
    pt_starter_result r;
    pt_str out = {0};

    for (int i = 0; i < 50; i++)
        pt_str_addf(&out, "%d;%d.5;red;2024-01-%02d\n", i, i % 7, 1 + i % 28);
    write_project_file("raw.csv", pt_str_cstr(&out));
    pt_str_free(&out);
    const char *paths[] = {in_dir("raw.csv")};
    start(&r, "raw", paths, 1, "en");
    says("raw/sources/raw.yaml", "header: false");
    says("raw/sources/raw.yaml", "row: md5(");
    build_project(in_dir("raw"));
}

TEST(starter_guess__nothing_is_overwritten)
{
    pt_starter_result r;

    write_orders();
    const char *paths[] = {in_dir("orders 2024.csv")};
    write_project_file("there/identity.yaml", "mine: true\n");
    CHECK_INT(pt_app_starter(&r, in_dir("there"), paths, 1, "en", shop_arena(), &err), PT_EINVAL);
    CHECK(strstr(err.msg, "identity.yaml"));
    CHECK_STR(file_of("there/identity.yaml").ptr, "mine: true\n");
    CHECK(!pt_is_file(in_dir("there/portrait.yaml")));
}

TEST(starter_guess__files_that_cannot_be_are_named)
{
    pt_starter_result r;

    write_project_file("empty.csv", "");
    const char *none[] = {in_dir("none.csv")}, *empty[] = {in_dir("empty.csv")};
    CHECK_INT(pt_app_starter(&r, in_dir("a"), none, 1, "en", shop_arena(), &err), PT_ENOTFOUND);
    CHECK(strstr(err.msg, "none.csv"));
    CHECK_INT(pt_app_starter(&r, in_dir("b"), empty, 1, "en", shop_arena(), &err), PT_EINVAL);
    CHECK(strstr(err.msg, "empty.csv"));
}

/* --- real files ------------------------------------------------------------------------------------------------------------- */

static void start_real(const char *const *names, size_t n)
{
    const char *paths[16];
    pt_starter_result r;

    if (!test_shared_data())
        test_skip("no shared data");
    for (size_t i = 0; i < n; i++)
        paths[i] = pt_path_join(shop_arena(), test_shared_data(), names[i]);
    start(&r, "real", paths, n, "en");
    CHECK_INT(r.n_sources, n);
    build_project(in_dir("real"));
}

#define REAL(id, ...)                                     \
    TEST(starter_real__##id)                              \
    {                                                     \
        static const char *const names[] = {__VA_ARGS__}; \
        start_real(names, PT_COUNT(names));               \
    }

REAL(online_retail, "online_retail/online_retail.csv.gz")
REAL(marketing_campaign, "marketing_campaign/marketing_campaign.csv")
REAL(clickstream_shop, "clickstream_shop/ecom.csv.gz")
REAL(cn_er, "cn_er_dev/records.csv")
REAL(cc_general, "cc_general/CC_GENERAL.csv")
REAL(online_shoppers, "online_shoppers/online_shoppers_intention.csv")
REAL(complete_journey, "complete_journey/campaign_descriptions.csv", "complete_journey/campaigns.csv",
     "complete_journey/coupon_redemptions.csv", "complete_journey/coupons.csv.gz", "complete_journey/demographics.csv",
     "complete_journey/products.csv.gz", "complete_journey/promotions_sample.csv.gz",
     "complete_journey/transactions_sample.csv.gz")
