/* Rules against SQL written for each by hand, over random rows. */
#include <stdlib.h>

#include "base/io.h"
#include "base/rng.h"
#include "source/source.h"
#include "support/quality.h"
#include "support/test.h"

static const char project_yaml[] = "name: shop\ntime_zone: Asia/Shanghai\n";

static const char source_yaml[] = "products:\n"
                                  "  from: products.csv\n"
                                  "  kind: reference\n"
                                  "  columns: {sku: text}\n"
                                  "orders:\n"
                                  "  from: orders.csv\n"
                                  "  kind: event\n"
                                  "  time: at\n"
                                  "  customer: {user_id: user}\n"
                                  "  columns: {order_id: text, sku: text, amount: money, n: number, day: date, "
                                  "channel: category, phone: text, paid: bool}\n"
                                  "  quality:\n"
                                  "    - unique order_id\n"
                                  "    - error: unique user_id, sku\n"
                                  "    - unique order_id >= 0.9\n"
                                  "    - complete phone >= 0.95\n"
                                  "    - amount between 0 and 100.5\n"
                                  "    - day between 2024-01-05 and 2024-01-20\n"
                                  "    - time between 2024-01-05 and 2024-01-20\n"
                                  "    - channel in [app, \"the web\"]\n"
                                  "    - n in [1, 2, 3]\n"
                                  "    - paid in [true]\n"
                                  "    - format phone phone_cn\n"
                                  "    - format sku /s[0-9]+/\n"
                                  "    - reference sku in products.sku\n"
                                  "    - expect amount >= n or channel is missing\n"
                                  "    - expect (day <= time) >= 0.2\n"
                                  "    - rows >= 501\n"
                                  "    - rows <= 499\n"
                                  "    - fresh time within 1d\n"
                                  "    - fresh day within 400d\n";

static void add_row(pt_str *out, pt_rng *rng, int i)
{
    static const char *const channels[] = {"app", "the web", "App", ""};
    static const char *const phones[] = {"13812345678", "", "12345", "021-62345678"};

    pt_str_addf(out, "o%d,u%u,s%u,%d.%02u,%u,2024-01-%02u,2024-01-%02u 0%u:30:00,%s,%s,%s\n",
                i - (int)(pt_rng_below(rng, 20) == 0), (unsigned)pt_rng_below(rng, 50), (unsigned)pt_rng_below(rng, 60),
                (int)pt_rng_below(rng, 130) - 10, (unsigned)pt_rng_below(rng, 100), (unsigned)pt_rng_below(rng, 5),
                1 + (unsigned)pt_rng_below(rng, 28), 1 + (unsigned)pt_rng_below(rng, 28),
                (unsigned)pt_rng_below(rng, 10), channels[pt_rng_below(rng, 4)], phones[pt_rng_below(rng, 4)],
                pt_rng_below(rng, 3) ? "yes" : "no");
}

static void write_shop(void)
{
    pt_rng rng;
    pt_str orders = {0}, products = {0};

    pt_rng_seed(&rng, 7);
    pt_str_add(&orders, "order_id,user,sku,amount,n,day,at,channel,phone,paid\n");
    for (int i = 0; i < 500; i++)
        add_row(&orders, &rng, i);
    pt_str_add(&products, "sku\n");
    for (int i = 0; i < 55; i++)
        pt_str_addf(&products, "s%d\n", i);
    write_project_file("portrait.yaml", project_yaml);
    write_project_file("sources/s.yaml", source_yaml);
    write_project_file("orders.csv", pt_str_cstr(&orders));
    write_project_file("products.csv", pt_str_cstr(&products));
    pt_str_free(&orders);
    pt_str_free(&products);
}

/* Rows that break a rule, by SQL; -1: the rule holds. */
static const struct {
    const char *rule, *sql;
} oracle[] = {
    {"unique order_id", "SELECT count(*) - count(DISTINCT order_id) FROM raw.orders"},
    {"unique user_id, sku", "SELECT count(*) - count(DISTINCT _id_user_id || '/' || sku) FROM raw.orders"},
    {"unique order_id >= 0.9", "SELECT -1"},
    {"complete phone >= 0.95", "SELECT count(*) - count(phone) FROM raw.orders"},
    {"amount between 0 and 100.5", "SELECT count(*) FROM raw.orders WHERE amount < 0 OR amount > 100.5"},
    {"day between 2024-01-05 and 2024-01-20",
     "SELECT count(*) FROM raw.orders WHERE day < DATE '2024-01-05' OR day > DATE '2024-01-20'"},
    /* the project's midnight is 16:00 of the day before in UTC */
    {"time between 2024-01-05 and 2024-01-20",
     "SELECT count(*) FROM raw.orders WHERE epoch(_time) < 1704384000 OR epoch(_time) > 1705680000"},
    {"channel in [app, \"the web\"]", "SELECT count(*) FROM raw.orders WHERE channel = 'App'"},
    {"n in [1, 2, 3]", "SELECT count(*) FROM raw.orders WHERE n IN (0, 4)"},
    {"paid in [true]", "SELECT count(*) FROM raw.orders WHERE NOT paid"},
    {"format phone phone_cn", "SELECT count(*) FROM raw.orders WHERE phone = '12345'"},
    {"format sku /s[0-9]+/", "SELECT -1"},
    {"reference sku in products.sku", "SELECT count(*) FROM raw.orders WHERE CAST(sku[2:] AS INTEGER) >= 55"},
    {"expect amount >= n or channel is missing",
     "SELECT count(*) FROM raw.orders WHERE amount < n AND channel IS NOT NULL"},
    {"expect (day <= time) >= 0.2", "SELECT -1"},
    {"rows >= 501", "SELECT 500"},
    {"rows <= 499", "SELECT 500"},
    {"fresh time within 1d", "SELECT 500"},
    {"fresh day within 400d", "SELECT -1"},
};

static const pt_quality_finding *broken(const examined *e, const char *rule)
{
    const pt_quality_source *s = examined_source(e, "orders");

    for (size_t i = 0; i < s->n_findings; i++)
        if (s->findings[i].kind == PT_FINDING_RULE && strcmp(s->findings[i].detail, rule) == 0)
            return &s->findings[i];
    return NULL;
}

TEST(quality_rules__count_what_plain_sql_counts)
{
    examined e;

    write_shop();
    examine_project(&e, "2024-03-01");
    CHECK_INT(e.loaded.project->sources[1].n_quality, PT_COUNT(oracle));
    for (size_t i = 0; i < PT_COUNT(oracle); i++) {
        const pt_quality_finding *f = broken(&e, oracle[i].rule);
        int64_t want = test_query_int(e.store.conn, oracle[i].sql);
        if ((f ? (int64_t)f->rows : -1) != want)
            test_fail(__FILE__, __LINE__, "%s: %lld rows, not %lld", oracle[i].rule, f ? (long long)f->rows : -1,
                      (long long)want);
    }
    examine_close(&e);
}

TEST(quality_rules__show_the_first_rows_that_break_them)
{
    examined e;
    char line[40];

    write_shop();
    examine_project(&e, "2024-03-01");
    const pt_quality_finding *f = broken(&e, "amount between 0 and 100.5");
    CHECK(f && f->n_examples == 3);
    CHECK_STR(f->examples[0].file, "orders.csv");
    int64_t first = test_query_int(e.store.conn, "SELECT min(_row) FROM raw.orders WHERE amount < 0 OR amount > 100.5");
    CHECK_INT(f->examples[0].line, first + 2); /* rows are counted from 0, and line 1 is the header */
    snprintf(line, sizeof line, "%s", f->examples[0].value);
    CHECK(strtod(line, NULL) < 0 || strtod(line, NULL) > 100.5);
    CHECK_STR(pt_finding_severity_name(broken(&e, "unique user_id, sku")->severity), "error");
    CHECK_STR(pt_finding_severity_name(f->severity), "warn");
    examine_close(&e);
}

TEST(quality_rules__a_condition_is_one_expression_over_declared_columns)
{
    static const char *const wrong[] = {"amount > (select 1)", "count(*) > 1", "nosuch > 1", "current_date > day",
                                        "read_text('/etc/passwd') = ''"};

    write_shop();
    for (size_t i = 0; i < PT_COUNT(wrong); i++) {
        test_store store;
        loaded l;
        pt_err err = {0};
        load_clean(&l);
        test_store_open(&store, NULL);
        pt_rc rc = pt_source_check_condition(&l.project->sources[1], wrong[i], (pt_place){0}, store.conn, &err);
        CHECK_INT(rc, PT_EINVAL);
        CHECK(err.msg[0]);
        test_store_close(&store);
        unload(&l);
    }
}
