/* The tasks `value` and `survival` over built projects: the buyers of CDNOW as published, from their transactions; and invented customers
 * whose waits are known. */
#include <math.h>
#include <stdlib.h>

#include "app/learn.h"
#include "base/io.h"
#include "base/rng.h"
#include "project/kind_survival.h"
#include "project/kind_value.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

static const char cdnow_portrait[] = "name: cdnow\ntime_zone: UTC\nlocale: en\ncurrency: USD\nas_of: 1998-07-01\n";
static const char cdnow_sources[] = "orders:\n"
                                    "  from: orders.csv\n"
                                    "  kind: event\n"
                                    "  time: date\n"
                                    "  customer: {user_id: id}\n"
                                    "  columns: {amount: money, cds: number}\n";
static const char cdnow_tags[] = "orders_all: {value: count(orders)}\n";
static const char cdnow_models[] = "worth:\n"
                                   "  task: value\n"
                                   "  purchases: orders\n"
                                   "  amount: orders.amount\n"
                                   "  horizon: 273d\n"
                                   "  holdout: 273d\n"
                                   "  discount: 0\n"
                                   "still:\n"
                                   "  task: value\n"
                                   "  purchases: orders where cds > 0\n"
                                   "  algorithm: pareto_nbd\n"
                                   "  holdout: 0d\n";

static void write(const char *folder, const char *name, const char *text)
{
    const char *path = pt_path_join(shop_arena(), folder, name);

    CHECK_OK(pt_write_file(path, text, strlen(text), &err));
}

static pt_app *build(const char *name, const char *portrait, const char *sources, const char *tags, const char *models,
                     const char *csv)
{
    const char *folder = pt_path_join(shop_arena(), test_dir(), name);
    pt_app *app;

    shop_shell(pt_arena_printf(shop_arena(), "mkdir -p %s/sources %s/tags %s/models", name, name, name));
    write(folder, "portrait.yaml", portrait);
    write(folder, "sources/all.yaml", sources);
    write(folder, "tags/all.yaml", tags);
    write(folder, "models/all.yaml", models);
    write(folder, "orders.csv", csv);
    CHECK_OK(pt_app_open(&app, folder, &err));
    CHECK_INT(pt_app_diags(app)->errors, 0);
    shop_build(app, 2, NULL);
    return app;
}

/* CDNOW_sample.txt: number in all, number in the sample, yyyymmdd, CDs, dollars. */
static pt_app *cdnow(void)
{
    const char *deps = getenv("DEPS");
    char path[1024], line[256];
    unsigned id, sample, date, cds;
    pt_str csv = {0};
    double amount;

    snprintf(path, sizeof path, "%s%s/data/cdnow/CDNOW_sample.txt", deps && *deps ? deps : test_source_dir(),
             deps && *deps ? "" : "/.deps");
    FILE *f = fopen(path, "r");
    if (!f)
        test_skip("the buyers of CDNOW are not here (deps/install demo)");
    pt_str_add(&csv, "id,date,cds,amount\n");
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "%u %u %u %u %lf", &id, &sample, &date, &cds, &amount) == 5)
            pt_str_addf(&csv, "c%u,%u-%02u-%02u,%u,%.2f\n", sample, date / 10000, date / 100 % 100, date % 100, cds,
                        amount);
    fclose(f);
    const char *text = pt_arena_strdup(shop_arena(), pt_str_cstr(&csv));
    pt_str_free(&csv);
    return build("cdnow", cdnow_portrait, cdnow_sources, cdnow_tags, cdnow_models, text);
}

static const pt_model_def *model(pt_app *app, const char *name)
{
    const pt_project *p = pt_app_project(app);

    for (size_t i = 0; i < p->n_models; i++)
        if (strcmp(p->models[i].name, name) == 0)
            return &p->models[i];
    test_fail(__FILE__, __LINE__, "no model %s", name);
}

static int64_t day(pt_app *app, const char *text)
{
    int32_t date;

    CHECK(pt_date_parse(&date, pt_sv_of(text)));
    return pt_zone_midnight(pt_app_project(app)->zone, date);
}

static pt_learn_request request(pt_app *app, const char *name, int64_t data_end, pt_pool *pool)
{
    return (pt_learn_request){.view = shop_view(app),
                              .def = model(app, name),
                              .data_end = data_end,
                              .seed = 1,
                              .pool = pool,
                              .arena = shop_arena()};
}

static double measure(const pt_card *card, const char *name, const char *part)
{
    for (size_t i = 0; i < card->n_measures; i++)
        if (strcmp(card->measures[i].name, name) == 0 && strcmp(card->measures[i].part, part) == 0)
            return card->measures[i].value;
    test_fail(__FILE__, __LINE__, "no measure %s of %s", name, part);
}

static const pt_card_table *table(const pt_card *card, const char *key)
{
    for (size_t s = 0; s < card->n_sections; s++)
        for (size_t t = 0; t < card->sections[s].n_tables; t++)
            if (strcmp(card->sections[s].tables[t].key, key) == 0)
                return &card->sections[s].tables[t];
    test_fail(__FILE__, __LINE__, "no table %s", key);
}

static bool near(double got, double want, double by)
{
    return fabs(got - want) <= by * fabs(want);
}

/* Times in whole days give parameters that differ from those of the published file, which has weeks of two digits, in the fourth
 * place. */
TEST(app_learn_value__fits_the_transactions_of_cdnow_as_published)
{
    static const double want[] = {.243, 4.414, .793, 2.426, 6.25, 3.74, 15.44};
    pt_app *app = cdnow();
    pt_pool *pool = NULL;
    pt_learned learned = {0};

    CHECK_OK(pt_pool_new(&pool, 2, &err));
    pt_learn_request r = request(app, "worth", day(app, "1997-10-01"), pool);
    const pt_learn_kind *kind = pt_learn_kind_of(r.def);
    CHECK_STR(kind->task, "value");
    CHECK_OK(kind->train(&learned, &r, &err));
    CHECK_STR(learned.algorithm, "bgnbd");
    const pt_card_table *t = table(&learned.card, "parameters");
    CHECK_INT(t->n_rows, 7);
    for (size_t i = 0; i < 7; i++) {
        double value = t->cells[i * 4 + 1].number;
        if (!near(value, want[i], 2e-3))
            test_fail(__FILE__, __LINE__, "%s is %g, not %g", t->cells[i * 4].text.en, value, want[i]);
        CHECK(t->cells[i * 4 + 2].number < value && t->cells[i * 4 + 3].number > value);
    }

    /* The 39 weeks after: 1,653 purchases were expected, 1,882 happened. */
    void *m = NULL;
    pt_card card = {0};
    CHECK_OK(kind->open(&m, (pt_sv){learned.bytes.ptr, learned.bytes.len}, r.def, &err));
    r.data_end = day(app, "1998-07-01");
    r.has_test = true;
    r.test = day(app, "1997-10-01");
    CHECK_OK(kind->evaluate(&card, m, &r, &err));
    CHECK(strstr(card.sentences[0].text.en, "1653 purchases were expected, 1882 happened") ||
          strstr(card.sentences[0].text.en, "1654 purchases were expected, 1882 happened"));
    CHECK(measure(&card, "mae", "later") > 0.5 && measure(&card, "mae", "later") < 1.1);

    /* Customer 1 of the sample: two repeats, the last after 30.43 weeks, seen for 38.86. */
    pt_column columns[PT_VALUE_OUTPUTS];
    bool wanted[PT_VALUE_OUTPUTS];
    uint32_t ordinal;
    for (size_t i = 0; i < PT_VALUE_OUTPUTS; i++)
        wanted[i] = true;
    pt_score_request s = {r.view, r.def, r.test, wanted, pool, NULL, shop_arena()};
    CHECK_OK(kind->score(columns, m, &s, &err));
    CHECK_OK(pt_view_find(&ordinal, r.view, PT_SV("user_id:c1"), &err));
    CHECK(near(((const double *)columns[PT_VALUE_EXPECTED].data)[ordinal], 1.226, 5e-3));
    CHECK(near((double)((const int64_t *)columns[PT_VALUE_SPEND].data)[ordinal] / 10000, 24.65, 5e-3));
    double value = (double)((const int64_t *)columns[PT_VALUE_VALUE].data)[ordinal] / 10000;
    CHECK(near(value, 1.226 * 24.65, 1e-2));
    CHECK((double)((const int64_t *)columns[PT_VALUE_HIGH].data)[ordinal] / 10000 > value);
    CHECK(((const int64_t *)columns[PT_VALUE_LOW].data)[ordinal] >= 0);
    CHECK(near(((const double *)columns[PT_VALUE_ALIVE].data)[ordinal], 0.7266, 5e-3));

    /* Damaged bytes are found, or make another model, never more. */
    for (size_t at = 0; at < learned.bytes.len; at++) {
        void *other = NULL;
        learned.bytes.ptr[at] = (char)(learned.bytes.ptr[at] ^ 0x55);
        if (kind->open(&other, (pt_sv){learned.bytes.ptr, learned.bytes.len}, r.def, &err) == PT_OK)
            kind->close(other);
        learned.bytes.ptr[at] = (char)(learned.bytes.ptr[at] ^ 0x55);
        CHECK_INT(kind->open(&other, (pt_sv){learned.bytes.ptr, at}, r.def, &err), PT_ECORRUPT);
    }
    kind->close(m);
    pt_str_free(&learned.bytes);
    pt_pool_free(pool);
    pt_app_close(app);
}

TEST(app_learn_value__same_bytes_on_any_number_of_threads)
{
    static const unsigned threads[] = {1, 2, 5};
    static const char *const names[] = {"worth", "still"};
    pt_app *app = cdnow();

    for (size_t k = 0; k < PT_COUNT(names); k++) {
        pt_str first = {0};
        for (size_t i = 0; i < PT_COUNT(threads); i++) {
            pt_learned learned = {0};
            pt_pool *pool = NULL;
            CHECK_OK(pt_pool_new(&pool, threads[i], &err));
            pt_learn_request r = request(app, names[k], day(app, "1998-07-01"), pool);
            CHECK_OK(pt_learn_kind_of(r.def)->train(&learned, &r, &err));
            if (i == 0)
                pt_str_addn(&first, learned.bytes.ptr, learned.bytes.len);
            CHECK(first.len == learned.bytes.len && memcmp(first.ptr, learned.bytes.ptr, first.len) == 0);
            pt_str_free(&learned.bytes);
            pt_pool_free(pool);
        }
        pt_str_free(&first);
    }
    pt_app_close(app);
}

/* --- survival ---------------------------------------------------------------------------------------------------------------- */

static const char waits_portrait[] = "name: waits\ntime_zone: UTC\nlocale: en\ncurrency: USD\nas_of: 2025-01-01\n";
static const char waits_sources[] = "orders:\n"
                                    "  from: orders.csv\n"
                                    "  kind: event\n"
                                    "  time: date\n"
                                    "  customer: {user_id: id}\n"
                                    "  columns: {amount: money, channel: category}\n";
static const char waits_tags[] = "amount: {value: \"avg(orders.amount)\"}\n"
                                 "channel: {value: last(orders.channel)}\n"
                                 "noise: {value: \"random_bucket('noise', 50)\"}\n";
static const char waits_models[] = "next_order:\n"
                                   "  task: survival\n"
                                   "  event: orders\n"
                                   "  horizon: 60d\n"
                                   "  by: channel\n"
                                   "  features: [amount, channel, noise]\n"
                                   "  tags: {order_soon: chance, order_wait: median}\n";

/* Customers order about every 30 days (app) or 90 days (shop), whatever they spend. */
static pt_app *waits(void)
{
    pt_str csv = {0};
    pt_rng r;

    pt_rng_seed(&r, 4);
    pt_str_add(&csv, "id,date,channel,amount\n");
    for (int c = 0; c < 1500; c++) {
        bool app = c % 2;
        char text[32];
        for (double at = 90 * pt_rng_double(&r); at < 500; at += (app ? 30 : 90) * pt_rng_exponential(&r))
            pt_str_addf(&csv, "c%d,%s,%s,%d\n", c, pt_date_format(text, 19358 + (int)at), app ? "app" : "shop",
                        10 + (int)pt_rng_below(&r, 90)); /* 19358: 2023-01-01 */
    }
    const char *text = pt_arena_strdup(shop_arena(), pt_str_cstr(&csv));
    pt_str_free(&csv);
    return build("waits", waits_portrait, waits_sources, waits_tags, waits_models, text);
}

TEST(app_learn_survival__finds_what_moves_the_wait)
{
    pt_app *app = waits();
    pt_learned learned = {0};
    pt_pool *pool = NULL;

    CHECK_OK(pt_pool_new(&pool, 2, &err));
    pt_learn_request r = request(app, "next_order", day(app, "2024-05-01"), pool);
    const pt_learn_kind *kind = pt_learn_kind_of(r.def);
    CHECK_STR(kind->task, "survival");
    CHECK_OK(kind->train(&learned, &r, &err));
    CHECK(measure(&learned.card, "concordance", "test") > 0.6);
    CHECK(measure(&learned.card, "brier", "test") < 0.2);
    const pt_card_table *t = table(&learned.card, "effects");
    CHECK(strncmp(t->cells[0].text.en, "channel = ", 10) == 0); /* the strongest */
    CHECK(strstr(learned.card.sentences[learned.card.n_sentences - 1].text.en, "log-rank") != NULL);

    void *m = NULL;
    pt_column columns[PT_SURVIVAL_OUTPUTS];
    const bool wanted[PT_SURVIVAL_OUTPUTS] = {true, true, true, true};
    CHECK_OK(kind->open(&m, (pt_sv){learned.bytes.ptr, learned.bytes.len}, r.def, &err));
    pt_score_request s = {r.view, r.def, day(app, "2024-05-01"), wanted, pool, NULL, shop_arena()};
    CHECK_OK(kind->score(columns, m, &s, &err));
    uint32_t in_app, in_shop;
    CHECK_OK(pt_view_find(&in_app, r.view, PT_SV("user_id:c1"), &err));
    CHECK_OK(pt_view_find(&in_shop, r.view, PT_SV("user_id:c2"), &err));
    const double *chance = columns[PT_SURVIVAL_CHANCE].data;
    const int64_t *median = columns[PT_SURVIVAL_MEDIAN].data;
    /* 1 - e^(-60/30), 1 - e^(-60/90); medians 30 ln 2 and 90 ln 2, in begun days. */
    CHECK(fabs(chance[in_app] - 0.865) < 0.06 && fabs(chance[in_shop] - 0.487) < 0.06);
    CHECK(llabs(median[in_app] - 21 * PT_DAY) < 7 * PT_DAY && llabs(median[in_shop] - 62 * PT_DAY) < 14 * PT_DAY);
    pt_card card = {0};
    r.test = day(app, "2024-02-01");
    r.has_test = true;
    CHECK_OK(kind->evaluate(&card, m, &r, &err));
    CHECK(measure(&card, "concordance", "later") > 0.6);
    for (size_t at = 0; at < learned.bytes.len; at += 7) {
        void *other = NULL;
        learned.bytes.ptr[at] = (char)(learned.bytes.ptr[at] ^ 0x55);
        if (kind->open(&other, (pt_sv){learned.bytes.ptr, learned.bytes.len}, r.def, &err) == PT_OK)
            kind->close(other);
        learned.bytes.ptr[at] = (char)(learned.bytes.ptr[at] ^ 0x55);
    }
    kind->close(m);
    pt_str_free(&learned.bytes);
    pt_pool_free(pool);
    pt_app_close(app);
}
