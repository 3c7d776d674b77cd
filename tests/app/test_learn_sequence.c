/* `task: sequence` over a project of its own: customers who viewed and then put into the cart buy within a week, those who did it the
 * other way about do not. Counts are the same on both sides: only the order tells them apart. */
#include <stdlib.h>
#include <string.h>

#include "app/learn_sequence_int.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/rng.h"
#include "base/time.h"
#include "support/project.h"
#include "support/shop.h"
#include "support/test.h"

enum { CUSTOMERS = 500 };

static pt_err err;

static void add_event(pt_str *csv, int customer, int month, int day, const char *page, int seconds, bool until_july)
{
    if (!until_july || month < 7)
        pt_str_addf(csv, "u%03d,2024-%02d-%02dT10:00:%02dZ,%s,%d\n", customer, month, day, seconds, page,
                    1 + seconds % 7);
}

/* Two events in either order at a month's end, and what came of them at the next one's beginning. */
static void add_month(pt_str *csv, pt_rng *r, int customer, int month, bool until_july)
{
    bool buys = pt_rng_below(r, 2);

    if (customer % 10 == 0 && month == 6) /* not in the population as of July: no event since May */
        return;
    for (int i = 0; i < 3; i++) /* before the 25th */
        add_event(csv, customer, month, 5 + i * 6, pt_rng_below(r, 2) ? "home" : "help", i, until_july);
    add_event(csv, customer, month, 26, buys ? "view" : "cart", 10, until_july);
    add_event(csv, customer, month, 28, buys ? "cart" : "view", 11, until_july);
    if (buys)
        add_event(csv, customer, month + 1, 3, "buy", 12, until_july);
    add_event(csv, customer, month + 1, 4, buys ? "mail" : "shop", 13, until_july); /* what comes next, a category */
}

static void write_project(const char *dir, bool until_july, const char *model)
{
    pt_str csv = {0}, path = {0};
    pt_rng r;

    pt_rng_seed(&r, 5);
    pt_str_add(&csv, "user,at,page,length\n");
    for (int c = 0; c < CUSTOMERS; c++)
        for (int month = 4; month <= 6; month++)
            add_month(&csv, &r, c, month, until_july);
    const char *const files[][2] = {
        {"portrait.yaml", "name: visits\ntime_zone: UTC\nlocale: en\ncurrency: EUR\nas_of: 2024-08-01\n"},
        {"identity.yaml", "types: {user: {priority: 1}}\n"},
        {"sources/visits.yaml", "visits:\n  from: visits.csv\n  kind: event\n  time: at\n  customer: {user: user}\n"
                                "  columns: {page: category, length: number}\n"},
        {"tags/visits.yaml", "visits_30d: {value: count(visits within 30d)}\n"},
        {"models/buys.yaml", model},
        {"visits.csv", pt_str_cstr(&csv)},
    };
    for (size_t i = 0; i < PT_COUNT(files); i++) {
        pt_str_clear(&path);
        pt_str_addf(&path, "%s/%s", dir, files[i][0]);
        write_project_file(pt_str_cstr(&path), files[i][1]);
    }
    pt_str_free(&csv);
    pt_str_free(&path);
}

#define MODEL(network, target)                                                                                       \
    "buys:\n  task: sequence\n  source: visits\n  network: " network                                                 \
    "\n  population: visits_30d > 2\n  target: " target                                                              \
    "\n  train: {as_of: [2024-05-01, 2024-06-01]}\n  test: 2024-07-01\n  length: 16\n  hidden: 16\n  embedding: 6\n" \
    "  epochs: 40\n  batch: 64\n  learning_rate: 0.01\n"

static const char gru_buys[] = MODEL("gru", "did(visits where page = 'buy' within next 7d)");
static const char lstm_buys[] = MODEL("lstm", "did(visits where page = 'buy' within next 7d)");
static const char cnn_buys[] = MODEL("cnn", "did(visits where page = 'buy' within next 7d)");
static const char gru_page[] = MODEL("gru", "last(visits.page within next 4d)");

typedef struct opened {
    pt_app *app;
    pt_view *view;
    const pt_model_def *def;
} opened;

static opened open_project(const char *dir, bool until_july, const char *model)
{
    opened o;
    char path[600];

    write_project(dir, until_july, model);
    snprintf(path, sizeof path, "%s/%s", test_dir(), dir);
    CHECK_OK(pt_app_open(&o.app, path, &err));
    CHECK_INT(pt_app_diags(o.app)->errors, 0);
    shop_build(o.app, 2, NULL);
    o.view = shop_view(o.app);
    CHECK_INT(pt_app_project(o.app)->n_models, 1);
    o.def = &pt_app_project(o.app)->models[0];
    return o;
}

static const pt_learn_kind *kind_of(const opened *o)
{
    const pt_learn_kind *k = pt_learn_kind_of(o->def);

    CHECK_STR(k->task, "sequence");
    return k;
}

static pt_learned train(const opened *o, unsigned threads)
{
    pt_learned out = {0};
    pt_learn_request r = {.view = o->view,
                          .def = o->def,
                          .train = o->def->train,
                          .n_train = o->def->n_train,
                          .has_test = true,
                          .test = o->def->test,
                          .seed = 1,
                          .arena = shop_arena()};

    CHECK_INT(r.n_train, 2);
    CHECK_OK(pt_pool_new(&r.pool, threads, &err));
    CHECK_OK(kind_of(o)->train(&out, &r, &err));
    pt_pool_free(r.pool);
    return out;
}

static double measure(const pt_card *card, const char *name, const char *part)
{
    for (size_t i = 0; i < card->n_measures; i++)
        if (strcmp(card->measures[i].name, name) == 0 && strcmp(card->measures[i].part, part) == 0)
            return card->measures[i].value;
    test_fail(__FILE__, __LINE__, "no %s of %s", name, part);
}

/* The outputs of every customer as of the first of July, by number. */
static void score(pt_column columns[PT_SEQUENCE_OUTPUTS], const opened *o, const pt_learned *learned)
{
    const bool wanted[PT_SEQUENCE_OUTPUTS] = {true, true, true};
    pt_score_request r = {
        .view = o->view, .def = o->def, .as_of = o->def->test, .wanted = wanted, .arena = shop_arena()};
    void *model;

    CHECK_OK(pt_pool_new(&r.pool, 2, &err));
    CHECK_OK(kind_of(o)->open(&model, (pt_sv){learned->bytes.ptr, learned->bytes.len}, o->def, &err));
    CHECK_OK(kind_of(o)->score(columns, model, &r, &err));
    kind_of(o)->close(model);
    pt_pool_free(r.pool);
}

static double probability_of(const opened *o, const pt_column *columns, int customer)
{
    char who[20];
    uint32_t ordinal;

    snprintf(who, sizeof who, "user:u%03d", customer);
    CHECK_OK(pt_view_find(&ordinal, o->view, pt_sv_of(who), &err));
    return ((const double *)columns[PT_SEQUENCE_PROBABILITY].data)[ordinal];
}

static void check_learns(const char *model, double least)
{
    opened o = open_project("visits", false, model);
    pt_learned learned = train(&o, 2);

    CHECK_STR(learned.measure, "auc");
    CHECK(measure(&learned.card, "auc", "train") > least);
    CHECK(measure(&learned.card, "auc", "test") > least);
    CHECK(learned.card.n_facts > 5 && learned.card.n_sentences >= 1 && learned.card.n_sections == 1);
    pt_str_free(&learned.bytes);
    pt_app_close(o.app);
}

TEST(app_learn_sequence__a_gru_sees_the_order_of_events)
{
    check_learns(gru_buys, 0.97);
}

TEST(app_learn_sequence__an_lstm_sees_the_order_of_events)
{
    check_learns(lstm_buys, 0.97);
}

TEST(app_learn_sequence__a_cnn_sees_the_order_of_days)
{
    check_learns(cnn_buys, 0.95);
}

TEST(app_learn_sequence__foresees_a_category)
{
    opened o = open_project("visits", false, gru_page);
    pt_learned learned = train(&o, 2);
    pt_column columns[PT_SEQUENCE_OUTPUTS];

    CHECK_STR(learned.measure, "accuracy");
    CHECK(measure(&learned.card, "accuracy", "test") > 0.95);
    score(columns, &o, &learned);
    size_t mail = 0, shop = 0;
    for (uint32_t i = 0; i < o.view->n_ordinals; i++) {
        uint32_t code = pt_column_code(&columns[PT_SEQUENCE_CLASS], i);
        pt_sv name = code ? pt_dict_text(columns[PT_SEQUENCE_CLASS].dict, code) : PT_SV("");
        mail += pt_sv_eq(name, PT_SV("mail"));
        shop += pt_sv_eq(name, PT_SV("shop"));
    }
    CHECK_INT(mail + shop, CUSTOMERS - CUSTOMERS / 10);
    CHECK(mail > CUSTOMERS / 3 && shop > CUSTOMERS / 3);
    pt_str_free(&learned.bytes);
    pt_app_close(o.app);
}

TEST(app_learn_sequence__same_bytes_on_any_threads)
{
    opened o = open_project("visits", false, gru_buys);
    pt_learned one = train(&o, 1), three = train(&o, 3);

    CHECK(one.bytes.len == three.bytes.len && memcmp(one.bytes.ptr, three.bytes.ptr, one.bytes.len) == 0);
    pt_str_free(&one.bytes);
    pt_str_free(&three.bytes);
    pt_app_close(o.app);
}

/* Probabilities as of a day are the same in a project whose files end with that day. */
TEST(app_learn_sequence__scores_rest_on_nothing_after_the_day)
{
    opened o = open_project("visits", false, gru_buys), past = open_project("past", true, gru_buys);
    pt_learned learned = train(&o, 2);
    pt_column now[PT_SEQUENCE_OUTPUTS], then[PT_SEQUENCE_OUTPUTS];
    bool differ = false;

    score(now, &o, &learned);
    score(then, &past, &learned);
    for (int c = 0; c < CUSTOMERS; c++) {
        double p = probability_of(&o, now, c);
        if (c % 10 == 0) {
            CHECK(isnan(p));
            continue;
        }
        CHECK_DOUBLE(p, probability_of(&past, then, c));
        CHECK(p >= 0 && p <= 1);
        differ |= p > 0.9;
    }
    CHECK(differ);
    pt_str_free(&learned.bytes);
    pt_app_close(o.app);
    pt_app_close(past.app);
}

TEST(app_learn_sequence__damaged_bytes_are_refused)
{
    opened o = open_project("visits", false, gru_buys);
    pt_learned learned = train(&o, 2);
    void *model;

    for (size_t i = 0; i < learned.bytes.len; i += 7) {
        learned.bytes.ptr[i] ^= 8;
        CHECK_INT(kind_of(&o)->open(&model, (pt_sv){learned.bytes.ptr, learned.bytes.len}, o.def, &err), PT_ECORRUPT);
        learned.bytes.ptr[i] ^= 8;
        CHECK_INT(kind_of(&o)->open(&model, (pt_sv){learned.bytes.ptr, i}, o.def, &err), PT_ECORRUPT);
    }
    pt_str_free(&learned.bytes);
    pt_app_close(o.app);
}
