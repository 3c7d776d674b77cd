/* Cards of studies: as JSON, as a page in both languages, stored and read again. */
#include "report/card.h"

#include <math.h>
#include <string.h>

#include "app/card_draft.h"
#include "app/study_card.h"
#include "base/hash.h"
#include "support/made_up.h"
#include "support/test.h"

typedef struct carded {
    pt_arena *arena;
    pt_pool *pool;
    pt_study study;
    pt_card card;
} carded;

static void make_card(carded *c, size_t n_features)
{
    pt_err err;
    const made_up people = made_up_customers(n_features);
    const pt_candidate candidates[] = {
        {.name = "logistic", .learner = pt_learner_find(PT_SV("logistic")), .preparation = pt_preparation_preset},
        {.name = "tree", .learner = pt_learner_find(PT_SV("tree")), .preparation = pt_preparation_preset}};
    pt_study_plan plan = {.task = PT_TASK_CLASSIFY,
                          .train = &people.table,
                          .candidates = candidates,
                          .n_candidates = 2,
                          .validation = {.by = PT_SPLIT_STRATIFIED, .folds = 3},
                          .seed = 1,
                          .min_group = 20};

    *c = (carded){.arena = pt_arena_new(0)};
    CHECK_OK(pt_pool_new(&c->pool, 2, &err));
    plan.pool = c->pool;
    CHECK_OK(pt_model_study(&c->study, &plan, c->arena, &err));
    CHECK_OK(pt_card_of_study(&c->card, &c->study, &plan, NULL, c->arena, &err));
    pt_card_draft d = {.card = &c->card, .arena = c->arena};
    pt_card_add_fact(&d, "population", pt_card_both("建模人群", "Population"),
                     pt_card_same("orders_365d > 0 </script><b>"));
    CHECK(!d.failed);
    c->card.model = "churn";
    c->card.label = pt_card_both("流失预测", "Churn");
    c->card.task = "classify";
    c->card.version = 3;
}

static void free_card(carded *c)
{
    pt_study_free(&c->study);
    pt_pool_free(c->pool);
    pt_arena_free(c->arena);
}

static size_t times(const char *text, const char *word)
{
    size_t n = 0;

    for (const char *at = text; (at = strstr(at, word)) != NULL; at += strlen(word))
        n++;
    return n;
}

TEST(report_card__is_a_page_in_both_languages)
{
    pt_err err;
    carded c;
    pt_str zh = {0}, en = {0};

    make_card(&c, 6);
    CHECK_OK(pt_card_html(&zh, &c.card, "零售", "zh", &err));
    CHECK_OK(pt_card_html(&en, &c.card, "Retail", "en", &err));
    CHECK(strstr(zh.ptr, "流失预测，第 3 版") && strstr(en.ptr, "Churn, version 3: learned by"));
    CHECK(strstr(zh.ptr, "ROC 曲线") && strstr(en.ptr, "ROC curve"));
    CHECK(strstr(zh.ptr, "特征“leak”单独就几乎能说出结果") &&
          strstr(en.ptr, "&#39;leak&#39; alone all but tells the outcome"));
    CHECK(strstr(en.ptr, "orders_365d &gt; 0 &lt;/script&gt;&lt;b&gt;"));
    CHECK_INT(times(en.ptr, "</script>"), 3); /* the data, ECharts, report.js: nothing from the card ends one */
    CHECK_INT(times(en.ptr, "<figure"), times(zh.ptr, "<figure"));
    CHECK(times(en.ptr, "<figure") >= 10);
    pt_str_free(&zh);
    pt_str_free(&en);
    free_card(&c);
}

TEST(report_card__is_the_same_after_storage)
{
    pt_err err;
    carded c;
    pt_str bytes = {0}, first = {0}, second = {0};
    pt_card again;

    make_card(&c, 5);
    pt_card_save(&bytes, &c.card);
    CHECK_OK(pt_card_load(&again, (pt_sv){bytes.ptr, bytes.len}, c.arena, &err));
    pt_card_json(&first, &c.card);
    pt_card_json(&second, &again);
    CHECK_STR(second.ptr, first.ptr);
    pt_str_clear(&first);
    pt_str_clear(&second);
    CHECK_OK(pt_card_html(&first, &c.card, "Retail", "en", &err));
    CHECK_OK(pt_card_html(&second, &again, "Retail", "en", &err));
    CHECK(first.len == second.len && memcmp(first.ptr, second.ptr, first.len) == 0);
    pt_str_free(&bytes);
    pt_str_free(&first);
    pt_str_free(&second);
    free_card(&c);
}

TEST(report_card__refuses_damaged_bytes)
{
    pt_err err;
    carded c;
    pt_str bytes = {0}, page = {0};
    pt_card again;

    make_card(&c, 5);
    pt_card_save(&bytes, &c.card);
    for (size_t i = 0; i < bytes.len - 8; i += 7) {
        pt_arena *a = pt_arena_new(0);
        char sum[8];
        bytes.ptr[i] ^= 0x21;
        CHECK(pt_card_load(&again, (pt_sv){bytes.ptr, bytes.len}, a, &err) == PT_ECORRUPT);
        const uint64_t good = pt_hash64(bytes.ptr, bytes.len - 8);
        memcpy(sum, bytes.ptr + bytes.len - 8, 8);
        memcpy(bytes.ptr + bytes.len - 8, &good, 8);
        if (pt_card_load(&again, (pt_sv){bytes.ptr, bytes.len}, a, &err) == PT_OK && i % 77 == 0) {
            pt_str_clear(&page);
            CHECK_OK(pt_card_html(&page, &again, "x", "zh", &err)); /* other words, other numbers: still a page */
        }
        memcpy(bytes.ptr + bytes.len - 8, sum, 8);
        bytes.ptr[i] ^= 0x21;
        pt_arena_free(a);
    }
    pt_str_free(&bytes);
    pt_str_free(&page);
    free_card(&c);
}

/* As many rows as before, but orders are twice as many: that feature has moved, and the predictions with it. */
TEST(report_card__tells_what_has_moved)
{
    pt_err err;
    carded c;
    pt_card later = {.model = "churn", .task = "classify"};
    pt_str json = {0};
    made_up people;

    make_card(&c, 4);
    people = made_up_customers(4);
    for (size_t i = 0; i < MADE_UP_ROWS; i++)
        people.orders[i] *= 2;
    CHECK_OK(pt_card_of_evaluation(&later, c.study.pipeline, &people.table, 1, NULL, c.pool, c.arena, &err));
    CHECK_STR(later.measures[0].name, "auc");
    CHECK_STR(later.measures[0].part, "later");
    CHECK_INT(later.n_sections, 2);
    CHECK_STR(later.sections[1].key, "drift");
    CHECK_INT(later.sections[1].n_sentences, 2);
    CHECK(later.sections[1].sentences[0].warning && later.sections[1].sentences[1].warning);
    CHECK_STR(later.sections[1].tables[0].cells[0].text.en, "orders");
    CHECK(later.sections[1].tables[0].cells[1].number > 0.5);
    CHECK(later.sections[1].tables[0].cells[6].number < 0.01); /* the next one has not */
    pt_card_json(&json, &later);
    CHECK(strstr(json.ptr, "\"part\":\"later\""));
    people = made_up_customers(4);
    pt_card same = {.model = "churn", .task = "classify"};
    CHECK_OK(pt_card_of_evaluation(&same, c.study.pipeline, &people.table, 1, NULL, c.pool, c.arena, &err));
    CHECK(!same.sections[1].sentences[0].warning);
    CHECK(same.sections[1].tables[0].cells[1].number < 1e-9); /* the same rows: nothing has moved */
    pt_str_free(&json);
    free_card(&c);
}
