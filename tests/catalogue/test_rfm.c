/* R, F and M from orders to segments, built as a user would build them, against what is known of them: the bounds of the R
 * package rfm, the eight classes of the Chinese convention, and SQL written straight over the same orders. */
#include "app/view.h"
#include "base/io.h"
#include "base/rng.h"
#include "support/everything.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

/* --- ten segments ------------------------------------------------------------------------------------------------- */

/* The rules of the R package rfm: bounds of R, and of F and M, in order; the first that fits gives the name. */
static const struct {
    const char *name;
    int r_low, r_high, fm_low, fm_high;
} segments[] = {{"champions", 4, 5, 4, 5},      {"loyal", 2, 5, 3, 5},
                {"potential", 3, 5, 1, 3},      {"new", 4, 5, 1, 1},
                {"promising", 3, 4, 1, 1},      {"need_attention", 2, 3, 2, 3},
                {"about_to_sleep", 2, 3, 1, 2}, {"at_risk", 1, 2, 2, 5},
                {"cannot_lose", 1, 1, 4, 5},    {"lost", 1, 2, 1, 2},
                {"others", 1, 5, 1, 5}};

static const char *segment_of(int r, int f, int m)
{
    for (size_t i = 0; i < PT_COUNT(segments); i++)
        if (r >= segments[i].r_low && r <= segments[i].r_high && f >= segments[i].fm_low && f <= segments[i].fm_high &&
            m >= segments[i].fm_low && m <= segments[i].fm_high)
            return segments[i].name;
    return "";
}

TEST(catalogue_rfm__segments_have_the_bounds_of_the_r_package)
{
    static const char *const wanted[] = {"rfm_segment"};
    pt_str rows = {0};
    char who[16];

    pt_str_add(&rows, "who,r,f,m\n");
    for (int i = 0; i < 125; i++)
        pt_str_addf(&rows, "%d%d%d,%d,%d,%d\n", i / 25 + 1, i / 5 % 5 + 1, i % 5 + 1, i / 25 + 1, i / 5 % 5 + 1,
                    i % 5 + 1);
    write_project_file("data/scores.csv", pt_str_cstr(&rows));
    pt_str_free(&rows);
    write_project_file("portrait.yaml", "name: scores\nas_of: 2024-01-01\n");
    write_project_file("sources/scores.yaml",
                       "scores:\n  from: data/scores.csv\n  kind: record\n  customer: {who: who}\n"
                       "  columns: {r: number, f: number, m: number}\n");
    write_project_file("tags/scores.yaml", "r_score: scores.r\nf_score: scores.f\nm_score: scores.m\n");
    add_templates(wanted, 1);
    pt_app *app = build_project();
    for (int r = 1; r <= 5; r++) {
        for (int f = 1; f <= 5; f++) {
            for (int m = 1; m <= 5; m++) {
                snprintf(who, sizeof who, "%d%d%d", r, f, m);
                CHECK_STR(value_of(app, who, "rfm_segment"), segment_of(r, f, m));
            }
        }
    }
    pt_app_close(app);
}

/* --- eight classes ------------------------------------------------------------------------------------------------ */

/* Means by hand: R (10*4 + 100*4)/8 = 55, F (10*4 + 2*4)/8 = 6, M (900*4 + 100*4)/8 = 500. Customers on the
 * mean itself (R 55, F 6, M 500) leave it where it is and are high in all three. */
static const struct {
    const char *who;
    int r, f, m;
    const char *class, *zh;
} classes[] = {
    {"a", 10, 10, 900, "important_value", "重要价值"},  {"b", 100, 10, 900, "important_keep", "重要保持"},
    {"c", 10, 2, 900, "important_develop", "重要发展"}, {"d", 100, 2, 900, "important_win_back", "重要挽留"},
    {"e", 10, 10, 100, "general_value", "一般价值"},    {"f", 100, 10, 100, "general_keep", "一般保持"},
    {"g", 10, 2, 100, "general_develop", "一般发展"},   {"h", 100, 2, 100, "general_win_back", "一般挽留"},
    {"i", 55, 6, 500, "important_value", "重要价值"},
};

static const char *label_of(const pt_app *app, const char *tag, const char *value)
{
    const pt_project *p = pt_app_project(app);
    const pt_tag *t = &p->tags[pt_project_find_tag(p, pt_sv_of(tag))];

    for (size_t i = 0; i < t->n_tier_labels; i++)
        if (strcmp(t->tier_labels[i].name, value) == 0)
            return t->tier_labels[i].label.zh;
    return "";
}

/* With the limits as they ship: R within 60 days is 3 or more, F from 4, M from 500. */
TEST(catalogue_rfm__classes_split_at_means_and_at_limits)
{
    static const char *const wanted[] = {"rfm_class", "rfm_class_fixed"};
    pt_str rows = {0};

    pt_str_add(&rows, "who,r,f,m\n");
    for (size_t i = 0; i < PT_COUNT(classes); i++)
        pt_str_addf(&rows, "%s,%d,%d,%d\n", classes[i].who, classes[i].r, classes[i].f, classes[i].m);
    write_project_file("data/sums.csv", pt_str_cstr(&rows));
    pt_str_free(&rows);
    write_project_file("portrait.yaml", "name: sums\nas_of: 2024-01-01\n");
    write_project_file("sources/sums.yaml", "sums:\n  from: data/sums.csv\n  kind: record\n  customer: {who: who}\n"
                                            "  columns: {r: number, f: number, m: money}\n");
    write_project_file("tags/sums.yaml", "rfm_recency: sums.r\nrfm_frequency: sums.f\nrfm_monetary: sums.m\n");
    add_templates(wanted, 2);
    pt_app *app = build_project();
    for (size_t i = 0; i < PT_COUNT(classes); i++) {
        CHECK_STR(value_of(app, classes[i].who, "rfm_class"), classes[i].class);
        CHECK_STR(value_of(app, classes[i].who, "rfm_class_fixed"), classes[i].class);
        CHECK_STR(label_of(app, "rfm_class", classes[i].class), classes[i].zh);
    }
    pt_app_close(app);
}

/* --- against SQL -------------------------------------------------------------------------------------------------- */

/* The same figures in plain SQL: nothing of the tags is used. */
static const char oracle[] =
    "sql_recency:\n"
    "  type: number\n"
    "  sql: |\n"
    "    SELECT customer, date_diff('day', max(time AT TIME ZONE 'UTC')::DATE, ($as_of AT TIME ZONE 'UTC')::DATE) AS "
    "value\n"
    "    FROM orders GROUP BY customer\n"
    "sql_life_cycle:\n"
    "  type: category\n"
    "  sql: |\n"
    "    SELECT customer, CASE WHEN d <= 90 THEN 'active' WHEN d <= 180 THEN 'sleeping' WHEN d <= 360 THEN 'lapsing'\n"
    "      ELSE 'lost' END AS value FROM (SELECT customer,\n"
    "      date_diff('day', max(time AT TIME ZONE 'UTC')::DATE, ($as_of AT TIME ZONE 'UTC')::DATE) AS d\n"
    "      FROM orders GROUP BY customer)\n"
    "sql_class:\n"
    "  type: category\n"
    "  sql: |\n"
    "    WITH rfm AS (SELECT customer, count(DISTINCT number) AS f, sum(amount) AS m,\n"
    "        date_diff('day', max(time AT TIME ZONE 'UTC')::DATE, ($as_of AT TIME ZONE 'UTC')::DATE) AS r\n"
    "      FROM orders WHERE time > $as_of - INTERVAL 365 DAY GROUP BY customer),\n"
    "    high AS (SELECT customer, r <= avg(r) OVER () AS r, f >= avg(f) OVER () AS f,\n"
    "        m::DOUBLE >= avg(m::DOUBLE) OVER () AS m FROM rfm)\n"
    "    SELECT customer, CASE WHEN m THEN 'important_' ELSE 'general_' END || CASE WHEN r AND f THEN 'value'\n"
    "      WHEN f THEN 'keep' WHEN r THEN 'develop' ELSE 'win_back' END AS value FROM high\n"
    "sql_score:\n"
    "  type: number\n"
    "  sql: |\n"
    "    WITH rfm AS (SELECT customer, count(DISTINCT number) AS f, sum(amount)::DOUBLE AS m,\n"
    "        date_diff('day', max(time AT TIME ZONE 'UTC')::DATE, ($as_of AT TIME ZONE 'UTC')::DATE) AS r\n"
    "      FROM orders WHERE time > $as_of - INTERVAL 365 DAY GROUP BY customer),\n"
    "    cuts AS (SELECT quantile_cont(r, [0.2, 0.4, 0.6, 0.8]) AS r, quantile_cont(f, [0.2, 0.4, 0.6, 0.8]) AS f,\n"
    "        quantile_cont(m, [0.2, 0.4, 0.6, 0.8]) AS m FROM rfm)\n"
    "    SELECT customer, 100 * (5 - len(list_filter(cuts.r, q -> rfm.r > q)))\n"
    "      + 10 * (1 + len(list_filter(cuts.f, q -> rfm.f > q))) + 1 + len(list_filter(cuts.m, q -> rfm.m > q)) AS "
    "value\n"
    "    FROM rfm, cuts\n"
    "sql_tier:\n"
    "  type: category\n"
    "  sql: |\n"
    "    WITH spend AS (SELECT customer, coalesce(sum(amount) FILTER (time > $as_of - INTERVAL 365 DAY), 0) AS m\n"
    "      FROM orders GROUP BY customer),\n"
    "    running AS (SELECT customer, m, sum(m) OVER () AS total,\n"
    "        coalesce(sum(m) OVER (ORDER BY m DESC RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 0) - m AS "
    "before\n"
    "      FROM spend)\n"
    "    SELECT customer, CASE WHEN m <= 0 THEN 'none' WHEN before < 0.5 * total THEN 'high'\n"
    "      WHEN before < 0.8 * total THEN 'middle' ELSE 'low' END AS value FROM running\n";

/* Orders of one to three rows over two years; some customers bought long ago only. */
static void write_orders(int customers)
{
    pt_rng rng;
    pt_str rows = {0};

    pt_rng_seed(&rng, 20240101);
    pt_str_add(&rows, "who,at,number,amount\n");
    for (int c = 0, number = 0; c < customers; c++) {
        int n = 1 + (int)(pt_rng_below(&rng, 12) * pt_rng_below(&rng, 3));
        int oldest = 30 + (int)pt_rng_below(&rng, 650);
        for (int i = 0; i < n; i++, number++) {
            int day = (int)pt_rng_below(&rng, (uint64_t)oldest), minute = (int)pt_rng_below(&rng, 1440);
            for (uint64_t row = 0, all = 1 + pt_rng_below(&rng, 3); row < all; row++)
                pt_str_addf(&rows, "%d,%04d-%02d-%02d %02d:%02d:00,o%d,%d.%02d\n", c, 2022 + day / 336,
                            1 + day % 336 / 28, 1 + day % 28, minute / 60, minute % 60, number,
                            (int)pt_rng_below(&rng, 400), (int)pt_rng_below(&rng, 100));
        }
    }
    CHECK(!rows.failed);
    write_project_file("data/orders.csv", pt_str_cstr(&rows));
    pt_str_free(&rows);
}

static size_t compare(pt_app *app, const char *tag, const char *with)
{
    const pt_project *p = pt_app_project(app);
    const pt_column *a, *b;
    pt_view *v;
    size_t known = 0;

    CHECK_OK(pt_app_view(&v, app, &err));
    CHECK_OK(pt_view_column(&a, v, shop_tag(app, tag), &err));
    CHECK_OK(pt_view_column(&b, v, shop_tag(app, with), &err));
    for (uint32_t o = 0; o < v->n_ordinals; o++) {
        const char *want = shop_value(p, b, o);
        test_eq_str(__FILE__, __LINE__, tag, shop_value(p, a, o), want);
        known += strcmp(want, "\\N") != 0;
    }
    return known;
}

TEST(catalogue_rfm__orders_give_what_sql_gives)
{
    static const char *const wanted[] = {"rfm_class", "rfm_score", "life_cycle", "value_tier"};

    write_orders(600);
    write_project_file("portrait.yaml", "name: orders\nas_of: 2023-12-20\n");
    write_project_file("sources/orders.yaml",
                       "orders:\n  from: data/orders.csv\n  kind: event\n  time: at\n  customer: {who: who}\n"
                       "  columns: {number: text, amount: money}\n");
    write_project_file("tags/oracle.yaml", oracle);
    write_project_file("portrait.yaml", "name: orders\nas_of: 2023-12-20\n"
                                        "roles:\n  purchases: {source: orders, amount: amount, order: number}\n");
    add_templates(wanted, 4);
    pt_app *app = build_project();
    CHECK_INT(compare(app, "recency", "sql_recency"), 600);
    CHECK_INT(compare(app, "life_cycle", "sql_life_cycle"), 600);
    CHECK_INT(compare(app, "value_tier", "sql_tier"), 600);
    size_t recent = compare(app, "rfm_class", "sql_class");
    CHECK(recent > 200 && recent < 600);
    CHECK_INT(compare(app, "rfm_score", "sql_score"), recent);
    pt_app_close(app);
}
