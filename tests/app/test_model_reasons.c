/* Why, in words. */
#include "app/model_reasons.h"

#include <math.h>
#include <string.h>

#include "support/made_up.h"
#include "support/test.h"

typedef struct reasoned {
    pt_arena *arena;
    pt_pool *pool;
    pt_pipeline *pipeline;
    made_up people;
    float added[6];
} reasoned;

static void fit(reasoned *r)
{
    pt_err err;

    *r = (reasoned){.arena = pt_arena_new(0), .people = made_up_customers(4)};
    CHECK_OK(pt_pool_new(&r->pool, 1, &err));
    const pt_row_set all = pt_all_rows(&r->people.table);
    const pt_pipeline_options o = {.learner = pt_learner_find(PT_SV("logistic")),
                                   .task = PT_TASK_CLASSIFY,
                                   .preparation = pt_preparation_preset,
                                   .seed = 1,
                                   .pool = r->pool};
    for (size_t i = 0; i < MADE_UP_ROWS; i++)
        r->people.orders[i] = floorf(r->people.orders[i] * 4);
    CHECK_OK(pt_pipeline_fit(&r->pipeline, &r->people.table, &all, &o, &err));
}

static const char *first_reason(reasoned *r, const char *lang, size_t *n, pt_reason *out, size_t most)
{
    pt_err err;
    const uint32_t row = 0;
    const pt_row_set one = {&row, 1};
    const pt_reasons_of of = {.pipeline = r->pipeline, .table = &r->people.table, .lang = lang};

    CHECK_OK(pt_pipeline_contributions(r->added, r->pipeline, &r->people.table, &one, r->pool, &err));
    CHECK_OK(pt_model_reasons(out, n, most, &of, row, r->added, r->arena, &err));
    CHECK(*n >= 1);
    return out[0].text;
}

static void free_fit(reasoned *r)
{
    pt_pipeline_free(r->pipeline);
    pt_pool_free(r->pool);
    pt_arena_free(r->arena);
}

/* The median of orders is 6: a customer of one order has 5 fewer, which is what speaks for leaving. */
TEST(app_model_reasons__compare_with_what_is_usual)
{
    reasoned r;
    pt_reason out[3];
    size_t n;

    fit(&r);
    CHECK(pt_pipeline_feature(r.pipeline, 0).median == 6);
    r.people.orders[0] = 1;
    CHECK_STR(first_reason(&r, "en", &n, out, 3), "orders: 1, 5 fewer than usual");
    CHECK(out[0].contribution > 0);
    CHECK_STR(first_reason(&r, "zh", &n, out, 3), "orders为 1，比通常少 5");
    CHECK(n <= 3);
    r.people.orders[0] = 11;
    CHECK_STR(first_reason(&r, "en", &n, out, 1), "orders: 11, 5 more than usual");
    CHECK(out[0].contribution < 0 && n == 1);
    free_fit(&r);
}

/* The first reason when `orders`, usually 6, is a tag of that type and unit. */
static const char *said(reasoned *r, const char *lang, pt_type type, const pt_tag *tag, float v)
{
    pt_err err;
    pt_reason out[5];
    size_t n;
    const uint32_t row = 0;
    const pt_row_set one = {&row, 1};
    const pt_type types[MADE_UP_FEATURES] = {type};
    const pt_project project = {.tags = (pt_tag *)(uintptr_t)tag, .n_tags = 1, .currency = "CNY"};
    const pt_reasons_of of = {r->pipeline, &r->people.table, types, &project, lang};

    r->people.orders[0] = v;
    CHECK_OK(pt_pipeline_contributions(r->added, r->pipeline, &r->people.table, &one, r->pool, &err));
    CHECK_OK(pt_model_reasons(out, &n, 5, &of, row, r->added, r->arena, &err));
    for (size_t i = 0; i < n; i++)
        if (strcmp(out[i].feature, "orders") == 0)
            return out[i].text;
    return "nothing";
}

TEST(app_model_reasons__numbers_are_written_as_what_they_are)
{
    const pt_tag counted = {.name = "orders", .label = {"订单数", "Orders"}, .unit = {"单", "baskets"}};
    const pt_tag boxed = {.name = "orders", .label = {"订单数", "Orders"}, .unit = {"箱", "boxes"}};
    const pt_tag share = {.name = "orders", .label = {"占比", "Share"}, .unit = {"percent", "percent"}};
    const pt_tag plain = {.name = "orders", .label = {"消费", "Spend"}};
    reasoned r;

    fit(&r);
    CHECK_STR(said(&r, "en", PT_TYPE_NUMBER, &counted, 1), "Orders: 1 basket, 5 fewer than usual");
    CHECK_STR(said(&r, "en", PT_TYPE_NUMBER, &counted, 7), "Orders: 7 baskets, 1 more than usual");
    CHECK_STR(said(&r, "zh", PT_TYPE_NUMBER, &counted, 1), "订单数为 1 单，比通常少 5 单");
    CHECK_STR(said(&r, "en", PT_TYPE_NUMBER, &boxed, 1), "Orders: 1 box, 5 fewer than usual");
    CHECK_STR(said(&r, "en", PT_TYPE_NUMBER, &counted, 1.5F), "Orders: 1.50 baskets, 4.50 less than usual");
    CHECK_STR(said(&r, "en", PT_TYPE_NUMBER, &counted, 12345), "Orders: 12,345 baskets, 12,339 more than usual");
    CHECK_STR(said(&r, "zh", PT_TYPE_NUMBER, &counted, 12345), "订单数为 1.2万 单，比通常多 1.2万 单");
    CHECK_STR(said(&r, "zh", PT_TYPE_MONEY, &plain, 250000000), "消费为 2.5亿 元，比通常多 2.5亿 元");
    CHECK_STR(said(&r, "en", PT_TYPE_MONEY, &plain, 584.25F), "Spend: 584 CNY, 578 more than usual");
    CHECK_STR(said(&r, "en", PT_TYPE_MONEY, &plain, 12.5F), "Spend: 12.50 CNY, 6.50 more than usual");
    CHECK_STR(said(&r, "en", PT_TYPE_NUMBER, &share, 6.25F), "Share: 625.0%, 25.0 points more than usual");
    CHECK_STR(said(&r, "zh", PT_TYPE_NUMBER, &share, 0.25F), "占比为 25.0%，比通常低 575.0 个百分点");
    CHECK_STR(said(&r, "en", PT_TYPE_DURATION, &plain, 1), "Spend: 1 day, 5 less than usual");
    CHECK_STR(said(&r, "zh", PT_TYPE_DURATION, &plain, 7.5F), "消费为 7.50 天，比通常长 1.50 天");
    free_fit(&r);
}

TEST(app_model_reasons__dates_are_days_ago)
{
    const pt_tag tag = {.name = "orders", .label = {"最近购买", "Last purchase"}};
    reasoned r;

    fit(&r);
    CHECK_STR(said(&r, "en", PT_TYPE_DATE, &tag, 41), "Last purchase: 41 days ago, usually 6 days ago");
    CHECK_STR(said(&r, "zh", PT_TYPE_DATE, &tag, 41), "最近购买：41 天前，通常 6 天前");
    CHECK_STR(said(&r, "en", PT_TYPE_INSTANT, &tag, 0.9F), "Last purchase: 1 day ago, usually 6 days ago");
    CHECK_STR(said(&r, "en", PT_TYPE_DATE, &tag, 0), "Last purchase: the same day, usually 6 days ago");
    CHECK_STR(said(&r, "zh", PT_TYPE_DATE, &tag, 0), "最近购买：当天，通常 6 天前");
    CHECK_STR(said(&r, "en", PT_TYPE_DATE, &tag, -3), "Last purchase: in 3 days, usually 6 days ago");
    CHECK_STR(said(&r, "en", PT_TYPE_BOOL, &tag, 1), "Last purchase: yes");
    free_fit(&r);
}

TEST(app_model_reasons__say_what_is_missing)
{
    reasoned r;
    pt_reason out[4];
    size_t n;
    bool said = false;

    fit(&r);
    r.people.orders[0] = 0;
    r.people.city[0] = PT_NO_CODE;
    r.people.spend[0] = NAN;
    (void)first_reason(&r, "en", &n, out, 4);
    for (size_t i = 0; i < n; i++)
        said |= strcmp(out[i].text, "city: not known") == 0;
    CHECK(said);
    free_fit(&r);
}

/* Contributions add up to the score, whichever way a learner is asked. */
TEST(app_model_reasons__add_up_to_the_score)
{
    static const char *const learners[] = {"logistic", "tree", "naive_bayes"};
    reasoned r;
    pt_err err;

    fit(&r);
    pt_pipeline_free(r.pipeline);
    r.pipeline = NULL;
    const pt_row_set all = pt_all_rows(&r.people.table);
    for (size_t l = 0; l < PT_COUNT(learners); l++) {
        const pt_learner *learner = pt_learner_find(pt_sv_of(learners[l]));
        CHECK(learner);
        const pt_pipeline_options o = {.learner = learner,
                                       .task = PT_TASK_CLASSIFY,
                                       .preparation = pt_preparation_preset,
                                       .seed = 1,
                                       .pool = r.pool};
        pt_pipeline *p;
        float *added = PT_NEW_ARRAY(r.arena, float, (size_t)MADE_UP_ROWS * 5);
        float *predicted = PT_NEW_ARRAY(r.arena, float, (size_t)MADE_UP_ROWS * 2);
        CHECK_OK(pt_pipeline_fit(&p, &r.people.table, &all, &o, &err));
        CHECK_OK(pt_pipeline_contributions(added, p, &r.people.table, &all, r.pool, &err));
        CHECK_OK(pt_pipeline_predict(predicted, p, &r.people.table, &all, r.pool, &err));
        for (size_t i = 0; i < MADE_UP_ROWS; i += 37) {
            double sum = 0;
            const double chance = (double)predicted[2 * i + 1];
            for (size_t f = 0; f < 5; f++)
                sum += (double)added[i * 5 + f];
            if (chance > 0.001 && chance < 0.999 && strcmp(learners[l], "tree") != 0)
                CHECK(fabs(sum - log(chance / (1 - chance))) < 1e-3);
        }
        pt_pipeline_free(p);
    }
    free_fit(&r);
}
