/* Recommendations of the shop: what they rest on, against loops over its timeline; the same bytes; damage. */
#include "app/recommend.h"

#include <math.h>
#include <stdlib.h>

#include "app/learn.h"
#include "app/recommend_model.h"
#include "base/rng.h"
#include "support/project.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

static const char model_file[] = "next:\n"
                                 "  task: recommend\n"
                                 "  events: orders where amount > 20\n"
                                 "  item: orders.sku\n"
                                 "  name: orders.category\n"
                                 "  like: [orders.category]\n"
                                 "  never: [S3]\n"
                                 "  min_customers: 3\n"
                                 "  population: orders_all >= 2\n"
                                 "  consent: random_bucket('c', 10) < 8\n"
                                 "  keep: 4\n"
                                 "  tags: {next_skus: items, next_sku: best, next_reason: reason}\n";

static pt_view *open_shop(const char *models)
{
    pt_app *app = shop_open(900);

    CHECK(!app || true);
    shop_shell("mkdir -p shop/models");
    write_project_file("shop/models/next.yaml", models);
    app = shop_open_again();
    shop_build(app, 1, NULL);
    return shop_view(app);
}

static pt_tastes_request request_of(pt_view *v, int64_t as_of)
{
    return (pt_tastes_request){.view = v,
                               .def = &v->project->models[0],
                               .as_of = as_of,
                               .after = PT_I64_MISSING,
                               .end = v->n_ordinals,
                               .arena = shop_arena()};
}

/* The same by a plain loop over all events. */
static double naive_weight(const pt_view *v, uint32_t ordinal, pt_sv sku, int64_t as_of, int64_t after)
{
    const pt_source *s = &v->project->sources[pt_project_find_source(v->project, PT_SV("orders"))];
    const pt_events *e = &v->events[s - v->project->sources];
    const pt_column *item = &e->columns[pt_source_find_column(s, PT_SV("sku"))];
    const int64_t *amount = e->columns[pt_source_find_column(s, PT_SV("amount"))].data;
    double sum = 0;

    for (uint64_t i = e->offsets[ordinal]; i < e->offsets[ordinal + 1]; i++) {
        uint32_t code = pt_column_code(item, i);
        if (!code || amount[i] == PT_I64_MISSING || amount[i] <= 20 * PT_MONEY_UNIT || e->time[i] > as_of ||
            (after != PT_I64_MISSING && e->time[i] <= after) || !pt_sv_eq(pt_dict_text(item->dict, code), sku))
            continue;
        double age = e->time[i] == PT_I64_MISSING ? INFINITY : (double)(as_of - e->time[i]) / (90.0 * (double)PT_DAY);
        sum += fmax(1.0 / 64, exp2(-age));
    }
    return sum;
}

static void check_tastes(pt_view *v, int64_t as_of, int64_t after)
{
    pt_tastes_request r = request_of(v, as_of);
    double *popularity;
    pt_items items;
    pt_tastes t;
    size_t pairs = 0;

    CHECK_OK(pt_items_find(&items, &popularity, &r, &err));
    CHECK(items.n > 3);
    r.after = after;
    CHECK_OK(pt_tastes_gather(&t, &items, &r, &err));
    for (uint32_t c = 0; c < v->n_ordinals; c++) {
        uint64_t at = t.offsets[c];
        for (uint32_t i = 0; i < items.n; i++) {
            double want = naive_weight(v, c, items.texts[i], as_of, after);
            bool has = at < t.offsets[c + 1] && t.items[at] == i;
            CHECK(has == (want > 0));
            if (!has)
                continue;
            CHECK(fabs((double)t.weights[at] - want) < 1e-5 * want);
            at++;
            pairs++;
        }
        CHECK_INT(at, t.offsets[c + 1]);
    }
    CHECK(pairs > 100);
    for (uint32_t i = 0; i < items.n && after == PT_I64_MISSING; i++) {
        double sum = 0, customers = 0;
        for (uint32_t c = 0; c < v->n_ordinals; c++) {
            double w = naive_weight(v, c, items.texts[i], as_of, PT_I64_MISSING);
            sum += w;
            customers += w > 0;
        }
        CHECK(customers >= 3);
        CHECK(fabs(popularity[i] - sum) < 1e-9 * sum);
    }
    pt_tastes_free(&t);
}

TEST(app_recommend__rests_on_what_was_bought_up_to_the_day)
{
    pt_view *v = open_shop(model_file);

    check_tastes(v, v->as_of, PT_I64_MISSING);
    check_tastes(v, v->as_of - 200 * PT_DAY, PT_I64_MISSING);
    check_tastes(v, v->as_of, v->as_of - 200 * PT_DAY);
}

static pt_learn_request learn_request(pt_view *v, pt_pool *pool)
{
    return (pt_learn_request){.view = v,
                              .def = &v->project->models[0],
                              .data_end = v->as_of,
                              .has_test = true,
                              .test = v->as_of - 60 * PT_DAY,
                              .seed = 3,
                              .pool = pool,
                              .arena = shop_arena()};
}

TEST(app_recommend__learns_the_same_bytes_on_any_number_of_threads)
{
    pt_view *v = open_shop(model_file);
    const pt_learn_kind *kind = pt_learn_kind_of(&v->project->models[0]);
    pt_str first = {0};

    CHECK_STR(kind->task, "recommend");
    for (unsigned threads = 1; threads <= 5; threads += 2) {
        pt_learned learned;
        pt_pool *pool;
        CHECK_OK(pt_pool_new(&pool, threads, &err));
        pt_learn_request r = learn_request(v, pool);
        CHECK_OK(kind->train(&learned, &r, &err));
        CHECK(learned.card.n_measures > 10 && learned.card.n_facts > 4 && learned.card.n_sentences > 0);
        if (threads == 1) {
            first = learned.bytes;
        } else {
            CHECK_INT(learned.bytes.len, first.len);
            CHECK(memcmp(learned.bytes.ptr, first.ptr, first.len) == 0);
            pt_str_free(&learned.bytes);
        }
        pt_pool_free(pool);
    }
    pt_str_free(&first);
}

static bool has_bought(const pt_view *v, uint32_t ordinal, pt_sv sku)
{
    return naive_weight(v, ordinal, sku, v->as_of, PT_I64_MISSING) > 0;
}

TEST(app_recommend__tags_hold_what_is_new_allowed_and_agreed_to)
{
    pt_view *v = open_shop(model_file);
    const pt_model_def *def = &v->project->models[0];
    const pt_learn_kind *kind = pt_learn_kind_of(def);
    pt_column columns[4];
    bool wanted[4] = {true, true, true, true};
    pt_learned learned;
    pt_pool *pool;
    void *model;
    size_t some = 0, none = 0;

    CHECK_OK(pt_pool_new(&pool, 2, &err));
    pt_learn_request r = learn_request(v, pool);
    CHECK_OK(kind->train(&learned, &r, &err));
    CHECK_OK(kind->open(&model, (pt_sv){learned.bytes.ptr, learned.bytes.len}, def, &err));
    pt_score_request s = {
        .view = v, .def = def, .as_of = v->as_of, .wanted = wanted, .pool = pool, .arena = shop_arena()};
    CHECK_OK(kind->score(columns, model, &s, &err));
    const pt_column *agreed, *orders;
    uint32_t consent = def->settings[PT_RECOMMEND_CONSENT].items[0].tag;
    CHECK_OK(pt_learn_columns(&agreed, v, &consent, 1, v->as_of, pool, NULL, shop_arena(), &err));
    CHECK_OK(pt_view_column(&orders, v, (uint32_t)pt_project_find_tag(v->project, PT_SV("orders_all")), &err));
    for (uint32_t c = 0; c < v->n_ordinals; c++) {
        const pt_column *items = &columns[0];
        bool may = ((const uint8_t *)agreed->data)[c] == 1 && ((const double *)orders->data)[c] >= 2;
        uint64_t from = items->offsets[c], n = items->offsets[c + 1] - from;
        CHECK(n <= 4);
        CHECK(may || n == 0);
        some += n > 0;
        none += n == 0;
        for (uint64_t k = from; k < from + n; k++) {
            pt_sv sku = pt_dict_text(items->dict, pt_column_code(items, k));
            CHECK(!has_bought(v, c, sku));
            CHECK(!pt_sv_eq(sku, PT_SV("S3")));
            CHECK(items->weights[k] > 0 && (k == from || items->weights[k] <= items->weights[k - 1]));
        }
        if (n) {
            CHECK_INT(pt_column_code(&columns[1], c), pt_column_code(items, from));
            CHECK_DOUBLE(((const double *)columns[3].data)[c], items->weights[from]);
            CHECK(pt_column_code(&columns[2], c) > 0);
        } else {
            CHECK(pt_column_missing(&columns[1], c) && pt_column_missing(&columns[2], c) &&
                  pt_column_missing(&columns[3], c));
        }
    }
    CHECK(some > 20 && none > 20);
    kind->close(model);
    pt_str_free(&learned.bytes);
    pt_pool_free(pool);
}

TEST(app_recommend__what_is_not_available_is_not_offered)
{
    pt_view *v = open_shop("next:\n  task: recommend\n  events: orders\n  item: orders.sku\n  min_customers: 1\n"
                           "  available: orders where category = 'tea' within 60d\n  tags: {n: best}\n");
    pt_tastes_request r = request_of(v, v->as_of);
    const pt_source *s = &v->project->sources[pt_project_find_source(v->project, PT_SV("orders"))];
    const pt_events *e = &v->events[s - v->project->sources];
    const pt_column *sku = &e->columns[pt_source_find_column(s, PT_SV("sku"))],
                    *category = &e->columns[pt_source_find_column(s, PT_SV("category"))];
    uint64_t *excluded;
    double *popularity;
    pt_items items;
    size_t offered = 0;

    CHECK_OK(pt_items_find(&items, &popularity, &r, &err));
    CHECK_OK(pt_items_excluded(&excluded, &items, &r, &err));
    for (uint32_t i = 0; i < items.n; i++) {
        bool there = false;
        for (uint64_t k = 0; k < e->offsets[v->n_ordinals]; k++)
            there |= pt_column_code(sku, k) && pt_column_code(category, k) && e->time[k] <= v->as_of &&
                     e->time[k] > v->as_of - 60 * PT_DAY &&
                     pt_sv_eq(pt_dict_text(sku->dict, pt_column_code(sku, k)), items.texts[i]) &&
                     pt_sv_eq(pt_dict_text(category->dict, pt_column_code(category, k)), PT_SV("tea"));
        CHECK(there == !(excluded[i / 64] >> (i % 64) & 1));
        offered += there;
    }
    CHECK(offered > 0 && offered < items.n);
}

TEST(app_recommend__damaged_models_are_refused)
{
    pt_view *v = open_shop(model_file);
    pt_tastes_request r = request_of(v, v->as_of);
    pt_recommend_model *m, *back;
    pt_str bytes = {0};
    pt_rng rng;

    CHECK_OK(pt_recommend_learn(&m, &r, NULL, 1, &err));
    CHECK_OK(pt_recommend_model_save(&bytes, m, &err));
    for (size_t n = 0; n < bytes.len; n += 1 + n / 30) {
        CHECK_INT(pt_recommend_model_load(&back, (pt_sv){bytes.ptr, n}, &err), PT_ECORRUPT);
        pt_recommend_model_free(back);
    }
    pt_rng_seed(&rng, 93);
    for (int round = 0; round < 1500; round++) {
        size_t at = pt_rng_below(&rng, bytes.len);
        char was = bytes.ptr[at];
        bytes.ptr[at] = (char)pt_rng_u64(&rng);
        pt_rc rc = pt_recommend_model_load(&back, (pt_sv){bytes.ptr, bytes.len}, &err);
        CHECK(rc == PT_OK || rc == PT_ECORRUPT);
        pt_recommend_model_free(back);
        bytes.ptr[at] = was;
    }
    pt_str_free(&bytes);
    pt_recommend_model_free(m);
}
