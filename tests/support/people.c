#include "support/people.h"

#include "base/io.h"
#include "support/test.h"

static pt_err err;

static const char portrait_yaml[] = "name: people\n"
                                    "label: {zh: 人群, en: People}\n"
                                    "time_zone: Asia/Shanghai\n"
                                    "locale: en\n"
                                    "currency: CNY\n"
                                    "as_of: 2025-01-01\n"
                                    "privacy: {min_group: 10}\n";
static const char sources_yaml[] = "people:\n"
                                   "  from: people.csv\n"
                                   "  kind: record\n"
                                   "  customer: {user_id: id}\n"
                                   "  columns: {gender: category, age: number, country: category, province: category, "
                                   "city: category, county: category,\n"
                                   "            channel: category, sub_channel: category, campaign: category}\n"
                                   "orders:\n"
                                   "  from: orders.csv\n"
                                   "  kind: event\n"
                                   "  time: time\n"
                                   "  customer: {user_id: id}\n"
                                   "  columns: {amount: money}\n";
static const char tags_yaml[] =
    "gender: people.gender\n"
    "age: people.age\n"
    "age_band: {tiers: {young: age < 30, middle: age < 60, old: age >= 60}}\n"
    "country: people.country\n"
    "region: people.province\n"
    "city: people.city\n"
    "county: people.county\n"
    "acquisition_channel: people.channel\n"
    "acquisition_sub_channel: people.sub_channel\n"
    "acquisition_campaign: people.campaign\n"
    "recency: {value: days_since(last(orders.time))}\n"
    "purchases_365d: {value: \"if(did(orders within 365d), count(orders within 365d), missing)\"}\n"
    "spend_365d: {value: \"if(did(orders within 365d), sum(orders.amount within 365d), missing)\"}\n"
    "life_cycle: {tiers: {active: recency <= 90, sleeping: recency <= 180, lapsing: recency <= 360, lost: recency > "
    "360}}\n";

void test_people_add(test_people *t, unsigned n, const char *fields)
{
    for (unsigned i = 0; i < n; i++)
        pt_str_addf(&t->people, "p%u,%s\n", ++t->n, fields);
}

void test_people_order(test_people *t, unsigned person, const char *day, double amount)
{
    pt_str_addf(&t->orders, "p%u,%s,%.2f\n", person, day, amount);
}

static void write(const char *folder, const char *name, const char *head, const char *body)
{
    const char *path = pt_path_join(shop_arena(), folder, name);
    const char *text = pt_arena_printf(shop_arena(), "%s%s", head, body);

    CHECK(path && text);
    CHECK_OK(pt_write_file(path, text, strlen(text), &err));
}

pt_app *test_people_build(test_people *t)
{
    const char *folder = pt_path_join(shop_arena(), test_dir(), "people");
    pt_app *app;

    shop_shell("mkdir -p people/sources people/tags");
    write(folder, "portrait.yaml", portrait_yaml, "");
    write(folder, "sources/all.yaml", sources_yaml, "");
    write(folder, "tags/all.yaml", tags_yaml, "");
    write(folder, "people.csv", "id,gender,age,country,province,city,county,channel,sub_channel,campaign\n",
          pt_str_cstr(&t->people));
    write(folder, "orders.csv", "id,time,amount\n", pt_str_cstr(&t->orders));
    pt_str_free(&t->people);
    pt_str_free(&t->orders);
    CHECK_OK(pt_app_open(&app, folder, &err));
    CHECK_INT(pt_app_diags(app)->errors, 0);
    shop_build(app, 2, NULL);
    return app;
}
