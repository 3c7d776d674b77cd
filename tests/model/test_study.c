/* Studies on made-up customers whose outcome is known to follow from two features and chance. */
#include "model/study.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/made_up.h"
#include "support/test.h"

enum { ROWS = MADE_UP_ROWS };

static pt_table customers(size_t n_features)
{
    return made_up_customers(n_features).table;
}

static const char *name_of(const pt_table *t, size_t feature)
{
    return t->features[feature].name;
}

static pt_study_plan plan_of(const pt_table *t, const pt_candidate *c, size_t n)
{
    return (pt_study_plan){.task = PT_TASK_CLASSIFY,
                           .train = t,
                           .candidates = c,
                           .n_candidates = n,
                           .validation = {.by = PT_SPLIT_STRATIFIED, .folds = 4},
                           .seed = 1};
}

static pt_candidate candidate(const char *name)
{
    pt_candidate c = {.name = name, .learner = pt_learner_find(pt_sv_of(name)), .preparation = pt_preparation_preset};

    CHECK(c.learner);
    return c;
}

static void run(pt_study *out, pt_study_plan *plan, unsigned threads, pt_arena *a)
{
    pt_err err;

    CHECK_OK(pt_pool_new(&plan->pool, threads, &err));
    CHECK_OK(pt_model_study(out, plan, a, &err));
    pt_pool_free(plan->pool);
}

TEST(model_study__finds_what_tells_and_what_does_not)
{
    pt_arena *a = pt_arena_new(0);
    const pt_table t = customers(5);
    const pt_candidate c[] = {candidate("logistic")};
    pt_study_plan plan = plan_of(&t, c, 1);
    pt_study s;

    run(&s, &plan, 2, a);
    CHECK_INT(s.n_candidates, 2); /* the baseline came along */
    CHECK_STR(s.candidates[1].name, "majority");
    CHECK_INT(s.chosen, 0);
    const pt_measured *auc = pt_measured_find(s.figures, s.n_figures, "auc");
    const pt_measured *flat = pt_measured_find(s.candidates[1].validation, s.candidates[1].n_validation, "auc");
    CHECK(auc->low > 0.75 && auc->high < 0.90);
    CHECK(flat->value < auc->low);
    CHECK_INT(s.n_leaks, 0);
    CHECK_STR(name_of(&t, s.importance[0].feature), "orders");
    CHECK(s.importance[0].low > 0);
    for (size_t i = 0; i < s.n_importance; i++)
        if (strcmp(name_of(&t, s.importance[i].feature), "noise") == 0)
            CHECK(fabs(s.importance[i].permutation) < 0.01);
    CHECK_INT(s.n_importance, 4); /* gender is set aside */
    CHECK_INT(s.n_fairness, 2);
    CHECK(s.fairness[0].rows + s.fairness[1].rows == ROWS);
    CHECK_STR(s.fairness[0].name, "f");
    CHECK_STR(name_of(&t, s.dependence[0].feature), "orders");
    CHECK(s.dependence[0].mean[0] > 0.8 && s.dependence[0].mean[s.dependence[0].n - 1] < 0.2);
    CHECK(s.confusion[0] + s.confusion[1] + s.confusion[2] + s.confusion[3] == ROWS);
    CHECK(pt_pipeline_threshold(s.pipeline) == s.threshold && s.threshold > 0.2 && s.threshold < 0.8);
    pt_study_free(&s);
    pt_arena_free(a);
}

TEST(model_study__catches_a_planted_leak)
{
    pt_arena *a = pt_arena_new(0);
    const pt_table t = customers(6);
    const pt_candidate c[] = {candidate("logistic")};
    pt_study_plan plan = plan_of(&t, c, 1);
    pt_study s;

    run(&s, &plan, 1, a);
    CHECK_INT(s.n_leaks, 1);
    CHECK_STR(name_of(&t, s.leaks[0].feature), "leak");
    CHECK(s.leaks[0].value > 0.99);
    pt_study_free(&s);
    pt_arena_free(a);
}

/* A value that is missing for exactly those who left is a leak too, and so is a category. */
TEST(model_study__catches_leaks_of_any_kind)
{
    pt_arena *a = pt_arena_new(0);
    const made_up people = made_up_customers(6);
    const pt_table t = people.table;
    const pt_candidate c[] = {candidate("majority")};
    pt_study_plan plan = plan_of(&t, c, 1);
    pt_study s;

    for (size_t i = 0; i < ROWS; i++) {
        people.leak[i] = people.target[i] > 0 ? NAN : people.noise[i];
        people.city[i] = people.target[i] > 0 ? 2 : 0;
    }
    run(&s, &plan, 1, a);
    CHECK_INT(s.n_leaks, 2);
    CHECK_STR(name_of(&t, s.leaks[0].feature), "city");
    CHECK_STR(name_of(&t, s.leaks[1].feature), "leak");
    pt_study_free(&s);
    pt_arena_free(a);
}

TEST(model_study__same_bytes_on_any_threads)
{
    const pt_table t = customers(5);
    const pt_candidate c[] = {candidate("logistic")};
    pt_str first = {0};

    for (unsigned threads = 1; threads <= 5; threads += threads == 1 ? 1 : 3) {
        pt_arena *a = pt_arena_new(0);
        pt_err err;
        pt_study_plan plan = plan_of(&t, c, 1);
        pt_study s;
        pt_str bytes = {0};
        plan.tuning = (pt_tuning){.search = PT_SEARCH_RANDOM, .trials = 3, .folds = 2};
        run(&s, &plan, threads, a);
        CHECK_OK(pt_pipeline_save(&bytes, s.pipeline, &err));
        for (size_t i = 0; i < s.n_figures; i++)
            pt_str_addf(&bytes, "%a %a %a\n", s.figures[i].value, s.figures[i].low, s.figures[i].high);
        for (size_t i = 0; i < s.n_importance; i++)
            pt_str_addf(&bytes, "%zu %a %a\n", s.importance[i].feature, s.importance[i].permutation,
                        s.importance[i].shap);
        if (threads == 1) {
            first = bytes;
        } else {
            CHECK(pt_sv_eq((pt_sv){bytes.ptr, bytes.len}, (pt_sv){first.ptr, first.len}));
            pt_str_free(&bytes);
        }
        pt_study_free(&s);
        pt_arena_free(a);
    }
    pt_str_free(&first);
}

TEST(model_study__measures_on_a_later_day)
{
    pt_arena *a = pt_arena_new(0);
    const pt_table t = customers(5);
    const pt_row_set early = {NULL, ROWS / 2};
    uint32_t places[ROWS / 2];
    const pt_row_set late = {places, ROWS / 2};
    const pt_candidate c[] = {candidate("majority"), candidate("logistic")};
    pt_table train, test;
    pt_err err;
    pt_study s;

    for (uint32_t i = 0; i < ROWS / 2; i++)
        places[i] = ROWS / 2 + i;
    CHECK_OK(pt_table_gather(&train, &t, &early, a, &err));
    CHECK_OK(pt_table_gather(&test, &t, &late, a, &err));
    pt_study_plan plan = plan_of(&train, c, 2);
    plan.test = &test;
    run(&s, &plan, 2, a);
    CHECK_STR(s.part, "test");
    CHECK_INT(s.chosen, 1);
    CHECK_INT(s.n_candidates, 2);
    CHECK(s.confusion[0] + s.confusion[1] + s.confusion[2] + s.confusion[3] == ROWS / 2);
    pt_study_free(&s);
    pt_arena_free(a);
}

TEST(model_study__says_what_cannot_be_learned)
{
    pt_arena *a = pt_arena_new(0);
    const made_up people = made_up_customers(5);
    pt_table t = people.table;
    const pt_candidate c[] = {candidate("logistic")};
    pt_study_plan plan = plan_of(&t, c, 1);
    pt_study s;
    pt_err err;

    CHECK_OK(pt_pool_new(&plan.pool, 1, &err));
    plan.measure = "beauty";
    CHECK(pt_model_study(&s, &plan, a, &err) == PT_EINVAL);
    CHECK_STR(err.msg, "this task has no measure 'beauty'");
    plan.measure = NULL;
    plan.n_candidates = 0;
    CHECK(pt_model_study(&s, &plan, a, &err) == PT_EINVAL);
    CHECK_STR(err.msg, "there is no algorithm to train");
    plan.n_candidates = 1;
    memset(people.target, 0, ROWS * sizeof *people.target);
    CHECK(pt_model_study(&s, &plan, a, &err) == PT_EINVAL);
    CHECK_STR(err.msg, "every row has the same outcome: there is nothing to tell apart");
    t.rows = 0;
    CHECK(pt_model_study(&s, &plan, a, &err) == PT_EINVAL);
    pt_pool_free(plan.pool);
    pt_arena_free(a);
}

static bool stop_at_once(void *context)
{
    (void)context;
    return true;
}

TEST(model_study__can_be_stopped)
{
    pt_arena *a = pt_arena_new(0);
    const pt_table t = customers(5);
    const pt_candidate c[] = {candidate("logistic")};
    pt_study_plan plan = plan_of(&t, c, 1);
    pt_study s;
    pt_err err;

    plan.cancelled = stop_at_once;
    CHECK_OK(pt_pool_new(&plan.pool, 1, &err));
    CHECK(pt_model_study(&s, &plan, a, &err) == PT_ECANCELED);
    pt_pool_free(plan.pool);
    pt_arena_free(a);
}
