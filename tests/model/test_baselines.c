/* Linear support vector machines, naive Bayes, nearest neighbours. */
#include <math.h>
#include <stdlib.h>

#include "model/learn.h"
#include "model/logit.h"
#include "support/test.h"

extern const pt_learner pt_linear_svm_learner, pt_naive_bayes_learner, pt_knn_learner;

/* --- linear support vectors --------------------------------------------------------------------------------------- */

/* The gradient of |w|^2 / 2 + c * sum weight * max(0, 1 - y score)^2, worked out row by row, is 0 at the solution. */
TEST(model_linear_svm__ends_where_the_gradient_is_nothing)
{
    enum { N = 500, D = 4 };
    pt_err err;
    pt_pool *pool;
    example_set s = example_set_new(N, D, 2, true, 3);
    uint32_t label[N];
    double beta[D + 1], gradient[D + 1] = {0}, c = 0.7;

    for (size_t r = 0; r < N; r++)
        label[r] = (uint32_t)s.y[r];
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    pt_logit problem = {.x = s.e.x, .label = label, .weight = s.w, .classes = 2, .l2 = 1 / c, .hinge = true};
    pt_fit_options o = {.pool = pool};
    CHECK_OK(pt_logit_solve(beta, &problem, &o, &err));
    for (size_t r = 0; r < N; r++) {
        double y = label[r] ? 1 : -1, score = beta[D];
        for (size_t i = 0; i < D; i++)
            score += beta[i] * s.x[i * N + r];
        double gap = fmax(0, 1 - y * score);
        for (size_t i = 0; i <= D; i++)
            gradient[i] -= 2 * c * s.w[r] * y * gap * (i < D ? s.x[i * N + r] : 1);
    }
    for (size_t i = 0; i <= D; i++)
        CHECK(fabs(gradient[i] + (i < D ? beta[i] : 0)) < 1e-6);
    pt_pool_free(pool);
    example_set_free(&s);
}

TEST(model_linear_svm__keeps_what_every_learner_must)
{
    example_set two = example_set_new(3000, 5, 2, true, 1), four = example_set_new(900, 5, 4, false, 2);
    const setting sparse[] = {{"penalty", 1}, {"c", 0.1}, {"folds", 0}, {NULL, 0}};

    learn_check(&pt_linear_svm_learner, &two.e, PT_TASK_CLASSIFY, NULL);
    learn_check(&pt_linear_svm_learner, &four.e, PT_TASK_CLASSIFY, sparse);
    void *model = learn_fit(&pt_linear_svm_learner, &two.e, PT_TASK_CLASSIFY, NULL, 2);
    learn_check_contributions(&pt_linear_svm_learner, model, &two.e.x, PT_TASK_CLASSIFY, 1e-4);
    CHECK(learn_accuracy(&pt_linear_svm_learner, model, &two.e) > 0.85);
    pt_linear_svm_learner.free(model);
    model = learn_fit(&pt_linear_svm_learner, &four.e, PT_TASK_CLASSIFY, NULL, 2);
    CHECK(learn_accuracy(&pt_linear_svm_learner, model, &four.e) > 0.5);
    pt_linear_svm_learner.free(model);
    example_set_free(&two);
    example_set_free(&four);
}

/* --- naive Bayes -------------------------------------------------------------------------------------------------- */

TEST(model_naive_bayes__of_normal_features_is_what_the_reference_has)
{
    static const double want[] = {0.4306821,   0.56866526, 0.00065263821, 0.3787078,    0.59791468, 0.023377523,
                                  0.050297479, 0.53757322, 0.4121293,     0.0017562655, 0.20402438, 0.79421935};
    example_set s = example_set_new(300, 4, 3, true, 9);
    void *model = learn_fit(&pt_naive_bayes_learner, &s.e, PT_TASK_CLASSIFY, NULL, 2);
    float *out = learn_predict(&pt_naive_bayes_learner, model, &s.e.x);

    for (size_t i = 0; i < PT_COUNT(want); i++)
        CHECK(fabs(out[i] - want[i]) < 1e-6);
    free(out);
    pt_naive_bayes_learner.free(model);
    example_set_free(&s);
}

/* 6 rows of class 0, one with the mark; 2 of class 1, both with it: with one row added to each count, by hand. */
TEST(model_naive_bayes__of_marks_counts_shares)
{
    float x[] = {1, 0, 0, 0, 0, 0, 1, 1}, y[] = {0, 0, 0, 0, 0, 0, 1, 1}, ask[] = {1, NAN};
    pt_examples e = {.x = {x, 8, 1, 8}, .y = y, .n_classes = 2};
    pt_matrix asked = {ask, 2, 1, 2};
    void *model = learn_fit(&pt_naive_bayes_learner, &e, PT_TASK_CLASSIFY, NULL, 1);
    float *out = learn_predict(&pt_naive_bayes_learner, model, &asked);
    double none = 0.75 * 2 / 8, event = 0.25 * 3 / 4;

    CHECK(fabs(out[1] - event / (event + none)) < 1e-6);
    CHECK(fabs(out[3] - 0.25) < 1e-6); /* missing: as many as there are */
    free(out);
    pt_naive_bayes_learner.free(model);
}

TEST(model_naive_bayes__keeps_what_every_learner_must)
{
    example_set s = example_set_new(900, 5, 2, true, 1);

    for (size_t r = 0; r < 900; r++) {
        s.x[r] = r % 7 == 0 ? NAN : s.x[r];
        s.x[900 + r] = s.x[900 + r] > 0;
        s.x[1800 + r] = 4; /* constant */
    }
    learn_check(&pt_naive_bayes_learner, &s.e, PT_TASK_CLASSIFY, NULL);
    void *model = learn_fit(&pt_naive_bayes_learner, &s.e, PT_TASK_CLASSIFY, NULL, 2);
    learn_check_contributions(&pt_naive_bayes_learner, model, &s.e.x, PT_TASK_CLASSIFY, 1e-3);
    pt_naive_bayes_learner.free(model);
    example_set_free(&s);
}

/* --- neighbours --------------------------------------------------------------------------------------------------- */

static const float *sort_key;

static int by_key(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;

    if (sort_key[x] != sort_key[y])
        return sort_key[x] < sort_key[y] ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* Values of few kinds, so that ties abound: against sorting all rows by distance and then by number. */
TEST(model_knn__finds_the_nearest_and_of_ties_the_first)
{
    enum { N = 211, K = 7 };
    example_set s = example_set_new(N, 3, 3, false, 4);
    const setting settings[] = {{"k", K}, {NULL, 0}};
    float distance[N];
    size_t order[N];

    for (size_t i = 0; i < 3 * (size_t)N; i++)
        s.x[i] = roundf(s.x[i] * 2);
    void *model = learn_fit(&pt_knn_learner, &s.e, PT_TASK_CLASSIFY, settings, 2);
    float *out = learn_predict(&pt_knn_learner, model, &s.e.x);
    for (size_t q = 0; q < N; q++) {
        int count[3] = {0};
        for (size_t r = 0; r < N; r++) {
            distance[r] = 0;
            for (size_t c = 0; c < 3; c++)
                distance[r] += powf(s.x[c * N + r] - s.x[c * N + q], 2);
            order[r] = r;
        }
        sort_key = distance;
        qsort(order, N, sizeof *order, by_key);
        for (size_t i = 0; i < K; i++)
            count[(int)s.y[order[i]]]++;
        for (size_t k = 0; k < 3; k++)
            CHECK(fabsf(out[q * 3 + k] - (float)count[k] / K) < 1e-6F);
    }
    free(out);
    pt_knn_learner.free(model);
    example_set_free(&s);
}

TEST(model_knn__votes_by_distance_and_weight)
{
    float x[] = {0, 1, 3}, y[] = {10, 20, 40}, w[] = {1, 2, 1}, ask[] = {0.5F, 1};
    pt_examples e = {.x = {x, 3, 1, 3}, .y = y, .weight = w};
    pt_matrix asked = {ask, 2, 1, 2};
    const setting settings[] = {{"k", 3}, {"weights", 1}, {NULL, 0}};
    void *model = learn_fit(&pt_knn_learner, &e, PT_TASK_REGRESS, settings, 1);
    float *out = learn_predict(&pt_knn_learner, model, &asked);
    double a = 1 / 0.5, b = 2 / 0.5, c = 1 / 2.5;

    CHECK(fabs(out[0] - (10 * a + 20 * b + 40 * c) / (a + b + c)) < 1e-5);
    CHECK(out[1] == 20); /* on the spot */
    free(out);
    pt_knn_learner.free(model);
}

TEST(model_knn__keeps_what_every_learner_must)
{
    example_set s = example_set_new(150, 3, 3, true, 1), v = example_set_new(40, 2, 0, false, 2);
    const setting more_than_rows[] = {{"k", 1000}, {"weights", 1}, {NULL, 0}};

    learn_check(&pt_knn_learner, &s.e, PT_TASK_CLASSIFY, NULL);
    learn_check(&pt_knn_learner, &v.e, PT_TASK_REGRESS, more_than_rows);
    example_set_free(&s);
    example_set_free(&v);
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

TEST(model_baselines__refuse_what_nothing_can_be_learned_from)
{
    const pt_learner *all[] = {&pt_linear_svm_learner, &pt_naive_bayes_learner, &pt_knn_learner};
    example_set s = example_set_new(20, 2, 2, false, 8);

    for (size_t i = 0; i < PT_COUNT(all); i++) {
        pt_examples e = s.e;
        float ones[20];
        for (size_t r = 0; r < 20; r++)
            ones[r] = 1;
        e.y = ones;
        learn_refused(all[i], &e, PT_TASK_CLASSIFY, PT_EINVAL, "one class");
        e.n_classes = 5000;
        learn_refused(all[i], &e, PT_TASK_CLASSIFY, PT_EINVAL, "5000 classes");
        e = s.e;
        e.x.rows = 0;
        learn_refused(all[i], &e, PT_TASK_CLASSIFY, PT_EINVAL, "no customers");
    }
    example_set_free(&s);
}
