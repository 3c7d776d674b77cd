/* What a build would do, before it does it: each planted change is found, and only that. */
#include <string.h>

#include "app/plan.h"
#include "support/project.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

static const char sources[] =
    "orders:\n  from: data/o-*.csv\n  kind: event\n  time: at\n  customer: {id: id}\n  columns:\n    amount: money\n"
    "    city: text\n    group: {type: text, lookup: goods.group by sku}\n  clean:\n    - drop when amount is missing\n"
    "goods: {from: data/goods.csv, kind: reference, columns: {sku: text, group: text}}\n"
    "people: {from: data/people.csv, kind: record, customer: {id: id}, columns: {born: date}}\n";
static const char tags[] = "spend: sum(orders.amount)\ndouble_spend: spend * 2\nhome: last(orders.city)\n"
                           "kind: mode(orders.group)\nborn: people.born\n"
                           "asked: {sql: 'SELECT DISTINCT customer, 1 AS value FROM people', type: number}\n";

static pt_app *open_here(void)
{
    pt_app *app;

    CHECK_OK(pt_app_open(&app, test_dir(), &err));
    CHECK_INT(pt_app_diags(app)->errors, 0);
    return app;
}

static void write_all(void)
{
    write_project_file("portrait.yaml", "name: shop\ntime_zone: UTC\nas_of: 2024-07-01\n");
    write_project_file("sources/s.yaml", sources);
    write_project_file("tags/t.yaml", tags);
    write_project_file("data/o-1.csv", "id,at,amount,city,sku\n1,2024-05-01,10,x,a\n2,2024-05-02,20,y,b\n");
    write_project_file("data/o-2.csv", "id,at,amount,city,sku\n1,2024-05-03,30,x,a\n");
    write_project_file("data/goods.csv", "sku,group\na,tea\nb,nuts\n");
    write_project_file("data/people.csv", "id,born\n1,1990-01-01\n");
}

static void build_all(void)
{
    pt_app *app;

    write_all();
    shop_build(app = open_here(), 1, NULL);
    pt_app_close(app);
}

static const pt_plan *plan_of(pt_app **app)
{
    const pt_plan *plan;

    CHECK_OK(pt_app_build_plan(&plan, *app = open_here(), shop_arena(), &err));
    return plan;
}

/* Names of changes and of tags that change with them: "tag spend; double_spend". */
static const char *said(const pt_plan *plan, pt_app *app)
{
    pt_str text = {0};

    for (size_t i = 0; i < plan->n_changes; i++)
        pt_str_addf(&text, "%s%s", i ? ", " : "", plan->changes[i].name);
    for (size_t i = 0; i < plan->n_tags; i++)
        pt_str_addf(&text, "%s%s", i ? ", " : "; ", pt_app_project(app)->tags[plan->tags[i].tag].name);
    const char *copy = pt_arena_strdup(shop_arena(), pt_str_cstr(&text));
    pt_str_free(&text);
    return copy;
}

static bool last_unversioned; /* whether the last change found was of a tag without a raised version */

/* With one file written anew: what is said, how many files are read, and whether customers are settled again. */
static void check_change(const char *file, const char *text, const char *want, uint64_t reads, bool customers)
{
    uint64_t read = 0;
    pt_app *app;

    write_all();
    write_project_file(file, text);
    const pt_plan *plan = plan_of(&app);
    CHECK_STR(said(plan, app), want);
    for (size_t i = 0; i < plan->n_sources; i++)
        read += plan->sources[i].n_read;
    CHECK_INT(read, reads);
    CHECK_INT(plan->customers_again, customers);
    last_unversioned = plan->n_changes > 0 && plan->unversioned[0];
    pt_app_close(app);
}

/* `text` with one part of it replaced. */
static const char *with(const char *text, const char *part, const char *other)
{
    const char *at = strstr(text, part);

    CHECK(at != NULL);
    return pt_arena_printf(shop_arena(), "%.*s%s%s", (int)(at - text), text, other, at + strlen(part));
}

TEST(app_plan__without_a_build_everything_is_new)
{
    pt_app *app;

    write_all();
    const pt_plan *plan = plan_of(&app);
    CHECK(plan->generation == NULL && plan->n_changes > 10 && plan->n_tags == 0);
    for (size_t i = 0; i < plan->n_changes; i++)
        CHECK_INT(plan->changes[i].kind, PT_CHANGE_NEW);
    CHECK_INT(plan->sources[0].n_new, 2);
    CHECK_INT(plan->timelines_again, 2);
    pt_app_close(app);
}

TEST(app_plan__nothing_changed_is_nothing)
{
    pt_app *app;

    build_all();
    write_all(); /* other time stamps, the same bytes */
    const pt_plan *plan = plan_of(&app);
    CHECK_STR(said(plan, app), "");
    CHECK_STR(plan->generation, "g000001");
    CHECK_INT(plan->bytes_read, 0);
    CHECK_INT(plan->timelines_kept, 2);
    CHECK_INT(plan->tags_with_data, 0);
    CHECK(!plan->customers_again);
    pt_app_close(app);
}

TEST(app_plan__each_planted_change_is_found_and_only_that)
{
    build_all();
    check_change("tags/t.yaml", with(tags, "sum(orders.amount)", "avg(orders.amount)"), "tag spend; double_spend", 0,
                 false);
    CHECK(last_unversioned);
    check_change("tags/t.yaml",
                 with(tags, "spend: sum(orders.amount)", "spend: {value: avg(orders.amount), version: 2}"),
                 "tag spend; double_spend", 0, false);
    CHECK(!last_unversioned);
    check_change("tags/t.yaml", with(tags, "spend * 2", "spend*2   # twice"), "", 0, false);
    check_change("tags/t.yaml", with(tags, "spend: sum(orders.amount)", "spend: {value: sum(orders.amount), label: x}"),
                 "", 0, false);
    check_change("tags/t.yaml", with(tags, "home: last", "house: last"), "tag home, tag house", 0, false);
    check_change("tags/t.yaml", with(tags, "1 AS value", "2 AS value"), "tag asked", 0, false);
    check_change("sources/s.yaml", with(sources, "amount: money", "amount: {type: money, from: amount * 2}"),
                 "column orders.amount; spend, double_spend", 2, true);
    check_change(
        "sources/s.yaml", with(sources, "    - drop when amount is missing", "    - fill city: mode"),
        "rule orders drop when amount is missing, rule orders fill city: mode; spend, double_spend, home, kind", 0,
        true);
    check_change("sources/s.yaml", with(sources, "group: text}}", "group: {type: text, from: lower(grp)}}}"),
                 "column goods.group; kind", 3, true);
    check_change("portrait.yaml", "name: shop\ntime_zone: Asia/Shanghai\nas_of: 2024-07-01\n",
                 "project; spend, double_spend, home, kind, born, asked", 4, true);
    check_change("identity.yaml", "types: {id: {priority: 1, limit: 3}}\n",
                 "identity; spend, double_spend, home, kind, born, asked", 0, true);
}

TEST(app_plan__files_new_changed_and_gone)
{
    pt_app *app;

    build_all();
    write_project_file("data/o-2.csv", "id,at,amount,city,sku\n1,2024-05-03,31,x,a\n");
    write_project_file("data/o-3.csv", "id,at,amount,city,sku\n3,2024-05-03,31,x,a\n");
    shop_shell("rm data/o-1.csv");
    const pt_plan *plan = plan_of(&app);
    CHECK_STR(said(plan, app), "");
    CHECK_INT(plan->sources[0].n_new, 1);
    CHECK_INT(plan->sources[0].n_changed, 1);
    CHECK_INT(plan->sources[0].n_gone, 1);
    CHECK_INT(plan->sources[0].n_same, 0);
    CHECK_STR(plan->sources[0].files[0].path, "data/o-1.csv");
    CHECK_INT(plan->sources[0].files[0].state, PT_INPUT_GONE);
    CHECK_INT(plan->sources[0].n_read, 2);
    CHECK_INT(plan->sources[2].n_read, 0);
    CHECK_INT(plan->tags_with_data, 4);
    CHECK_INT(plan->timelines_kept, 1);
    CHECK(plan->customers_again);
    pt_app_close(app);
}
