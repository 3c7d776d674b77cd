/* Funnels, paths, cohorts and heat maps of the example project against SQL over its files. Both sides write their figures as
 * lines; groups are as small as they are. */
#include "app/app_int.h"
#include "app/journeys.h"
#include "base/io.h"
#include "base/money.h"
#include "retail/retail.h"
#include "support/store.h"
#include "support/test.h"

static pt_err err;
static const pt_journey_options options = {.threads = 2};

static const test_example *example(void)
{
    const test_example *e = test_retail_example();

    e->app->project->min_group = 1;
    return e;
}

/* What a query over tables.sql gives, as lines. */
static const char *ask(const test_example *e, const char *sql)
{
    pt_sql path = {0};
    test_store t;
    pt_sv tables;

    test_store_open(&t, NULL);
    pt_sql_kw(&path, "SET file_search_path =");
    pt_sql_text(&path, pt_sv_of(e->data));
    CHECK_OK(pt_exec(t.conn, &path, NULL, &err));
    pt_sql_free(&path);
    const char *file = pt_path_join(e->arena, test_source_dir(), "tests/retail/tables.sql");
    CHECK_OK(pt_read_file(&tables, file, 0, e->arena, &err));
    CHECK_OK(pt_exec_text(t.conn, tables.ptr, &err));
    const char *rows = pt_arena_strdup(e->arena, test_query_rows(t.conn, sql));
    test_store_close(&t);
    CHECK(rows && *rows);
    return rows;
}

static void check_lines(pt_str *got, const char *want)
{
    CHECK_STR(pt_str_cstr(got), want);
    pt_str_free(got);
}

TEST(retail_journeys__funnel_is_what_joins_say)
{
    const test_example *e = example();
    const pt_sv steps[] = {pt_sv_of("campaigns"), pt_sv_of("transactions where coupon_discount > 0"),
                           pt_sv_of("coupon_redemptions")};
    pt_funnel_question q = {steps, 3, 60 * PT_DAY, PT_I32_MISSING, PT_I32_MISSING, false, {0}};
    pt_funnel funnel;
    pt_diags diags;
    pt_str got = {0};

    pt_diags_init(&diags, e->arena);
    CHECK_OK(pt_app_funnel(&funnel, e->app, &q, &options, &diags, e->arena, &err));
    for (size_t i = 0; i < funnel.n_steps; i++)
        pt_str_addf(&got, "%zu|%llu\n", i + 1, (unsigned long long)funnel.steps[i].customers);
    check_lines(&got,
                ask(e,
                    "WITH coupons AS (SELECT DISTINCT household_id, instant FROM purchases WHERE coupon_discount > 0), "
                    "two AS (SELECT DISTINCT m.household_id, m.instant AS start, c.instant AS at FROM mailings m "
                    "JOIN coupons c ON c.household_id = m.household_id AND c.instant > m.instant "
                    "AND c.instant <= m.instant + INTERVAL 1440 HOUR), "
                    "three AS (SELECT two.household_id FROM two JOIN redemptions r "
                    "ON r.household_id = two.household_id AND r.instant > two.at "
                    "AND r.instant <= two.start + INTERVAL 1440 HOUR) "
                    "SELECT 1, count(DISTINCT household_id) FROM mailings UNION ALL "
                    "SELECT 2, count(DISTINCT household_id) FROM two UNION ALL "
                    "SELECT 3, count(DISTINCT household_id) FROM three ORDER BY 1"));
}

TEST(retail_journeys__first_step_after_a_campaign_is_what_a_union_says)
{
    const test_example *e = example();
    pt_paths_question q = {.event = pt_sv_of("campaigns"), .after = 1, .within = 3 * PT_DAY, .gap = INT64_MAX};
    pt_paths paths;
    pt_diags diags;
    pt_str got = {0};

    pt_diags_init(&diags, e->arena);
    CHECK_OK(pt_app_paths(&paths, e->app, &q, &options, &diags, e->arena, &err));
    for (size_t i = 0; i < paths.after.n_nodes; i++) {
        const pt_path_node *n = &paths.after.nodes[i];
        int source = paths.labels[n->label].source;
        pt_str_addf(&got, "%s|%llu\n", source < 0 ? "nothing" : pt_app_project(e->app)->sources[source].name,
                    (unsigned long long)n->customers);
    }
    check_lines(
        &got,
        ask(e, "WITH starts AS (SELECT household_id, min(instant) AS start FROM mailings GROUP BY 1), "
               "events AS (SELECT household_id, instant, 'transactions' AS name, 0 AS place FROM purchases "
               "UNION ALL SELECT household_id, instant, 'campaigns', 1 FROM mailings "
               "UNION ALL SELECT household_id, instant, 'coupon_redemptions', 2 FROM redemptions), "
               "nexts AS (SELECT s.household_id, arg_min(name, epoch_us(instant) * 4 + place) AS name FROM starts s "
               "LEFT JOIN events e ON e.household_id = s.household_id AND e.instant > s.start "
               "AND e.instant <= s.start + INTERVAL 72 HOUR GROUP BY 1) "
               "SELECT coalesce(name, 'nothing'), count(*) AS n FROM nexts GROUP BY 1 ORDER BY n DESC, 1"));
}

static void add_cells(pt_str *got, const pt_cohort *c)
{
    char date[40];

    for (size_t i = 0; i < c->n_rows; i++)
        for (size_t k = 0; k < c->rows[i].n_cells; k++)
            if (c->rows[i].cells[k].active)
                pt_str_addf(got, "%s|%zu|%llu|%llu|%.2f\n", pt_date_format(date, c->rows[i].start), k,
                            (unsigned long long)c->rows[i].customers, (unsigned long long)c->rows[i].cells[k].active,
                            c->rows[i].cells[k].sum);
}

TEST(retail_journeys__retention_by_month_is_what_groups_say)
{
    const test_example *e = example();
    pt_cohort_question q = {.event = pt_sv_of("transactions"),
                            .periods = 12,
                            .sum = pt_sv_of("sales_value"),
                            .from = PT_I32_MISSING,
                            .to = PT_I32_MISSING};
    pt_cohort cohort;
    pt_diags diags;
    pt_str got = {0};

    pt_diags_init(&diags, e->arena);
    CHECK_OK(pt_app_cohort(&cohort, e->app, &q, &options, &diags, e->arena, &err));
    add_cells(&got, &cohort);
    check_lines(
        &got,
        ask(e,
            "WITH firsts AS (SELECT household_id, min(date_trunc('month', day)) AS first FROM purchases GROUP BY 1), "
            "sizes AS (SELECT first, count(*) AS n FROM firsts GROUP BY 1) "
            "SELECT strftime(first, '%Y-%m-%d'), date_diff('month', first, date_trunc('month', day)) AS k, "
            "any_value(n), count(DISTINCT household_id), printf('%.2f', sum(amount)::DOUBLE) "
            "FROM purchases JOIN firsts USING (household_id) JOIN sizes USING (first) "
            "WHERE day < today() GROUP BY first, k ORDER BY first, k"));
}

TEST(retail_journeys__retention_by_week_is_what_groups_say)
{
    const test_example *e = example();
    pt_cohort_question q = {.event = pt_sv_of("transactions where coupon_discount > 0"),
                            .every = PT_EVERY_WEEK,
                            .periods = 20,
                            .sum = pt_sv_of("quantity"),
                            .from = PT_I32_MISSING,
                            .to = PT_I32_MISSING};
    pt_cohort cohort;
    pt_diags diags;
    pt_str got = {0};

    pt_diags_init(&diags, e->arena);
    CHECK_OK(pt_app_cohort(&cohort, e->app, &q, &options, &diags, e->arena, &err));
    add_cells(&got, &cohort);
    check_lines(
        &got,
        ask(e, "WITH coupons AS (SELECT *, date_trunc('week', day) AS week FROM purchases WHERE coupon_discount > 0), "
               "firsts AS (SELECT household_id, min(week) AS first FROM coupons GROUP BY 1), "
               "sizes AS (SELECT first, count(*) AS n FROM firsts GROUP BY 1) "
               "SELECT strftime(first, '%Y-%m-%d'), date_diff('day', first, week) // 7 AS k, any_value(n), "
               "count(DISTINCT household_id), printf('%.2f', sum(quantity)::DOUBLE) "
               "FROM coupons JOIN firsts USING (household_id) JOIN sizes USING (first) "
               "WHERE day < today() GROUP BY first, k HAVING k <= 20 ORDER BY first, k"));
}

TEST(retail_journeys__hours_of_the_week_are_what_groups_say)
{
    const test_example *e = example();
    pt_heatmap map;
    pt_diags diags;
    pt_str got = {0};

    pt_diags_init(&diags, e->arena);
    CHECK_OK(pt_app_heatmap(&map, e->app, pt_sv_of("transactions"), &options, &diags, e->arena, &err));
    for (size_t i = 0; i < 7 * 24; i++)
        if (map.cells[i / 24][i % 24].events)
            pt_str_addf(&got, "%zu|%zu|%llu|%llu\n", i / 24 + 1, i % 24,
                        (unsigned long long)map.cells[i / 24][i % 24].events,
                        (unsigned long long)map.cells[i / 24][i % 24].customers);
    check_lines(&got,
                ask(e, "SELECT isodow(local_at) AS d, hour(local_at) AS h, count(*), count(DISTINCT household_id) "
                       "FROM purchases GROUP BY 1, 2 ORDER BY 1, 2"));
}
