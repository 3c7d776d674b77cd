/* Logistic regression: reference results by scikit-learn (reference.py), derivatives, invariances, input that has no answer. */
#include <math.h>
#include <stdlib.h>

#include "model/learn.h"
#include "model/logit.h"
#include "support/test.h"

extern const pt_learner pt_logistic_learner;

static const double binary_l2[] = {4.24953532,   2.11064608,    0.986682743, -0.159568965,
                                   -0.039036089, -0.0750098511, 0.218734362};
static const double binary_l2_weighted[] = {5.6706919,    2.80642942,    1.45554474, -0.243704479,
                                            -0.315764962, -0.0447909914, 0.145737881};
static const double binary_l1[] = {2.88750984, 1.06377383, 0.0825855016, 0, 0, 0, 0.17481371};
static const double binary_elastic_net[] = {2.846928, 1.26647122, 0.561646449, 0, 0, 0, 0.146540106};
static const double three_l2[] = {-3.65872274,  -2.16153675,   -1.20021821, 0.0480786385, 0.223523075,   0.21904417,
                                  -0.382911439, -0.107308913,  0.203796518, 0.173641575,  -0.0248869746, -0.0976153576,
                                  -0.172496067, 0.84122883,    3.76603165,  1.95774024,   1.02657663,    -0.0231916639,
                                  -0.125907717, -0.0465481029, -0.458317392};
static const double three_l1[] = {
    -2.66981942, -1.71566954, -0.760586796, 0, 0, 0, -0.231542835, 0, 0, 0, 0, 0, 0, 0.607752113,
    3.15410101,  1.33074271,  0.329060297,  0, 0, 0, -0.376209279};

static uint32_t *labels_of(const pt_examples *e)
{
    uint32_t *label = pt_zalloc(e->x.rows, sizeof *label);

    CHECK(label);
    for (size_t r = 0; r < e->x.rows; r++)
        label[r] = (uint32_t)e->y[r];
    return label;
}

/* Coefficients of the fit; free(). */
static double *solve(const pt_examples *e, double l1, double l2)
{
    pt_err err;
    pt_pool *pool;
    uint32_t *label = labels_of(e);
    size_t n = pt_logit_scores(e->n_classes) * (e->x.columns + 1);
    double *beta = pt_zalloc(n, sizeof *beta);

    CHECK(beta);
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    pt_logit problem = {e->x, label, e->weight, e->n_classes, l1, l2, false};
    pt_fit_options o = {.pool = pool};
    CHECK_OK(pt_logit_solve(beta, &problem, &o, &err));
    pt_pool_free(pool);
    free(label);
    return beta;
}

static void check_reference(uint32_t classes, bool weighted, double c, double l1_share, const double *want)
{
    example_set s = example_set_new(300, 6, classes, weighted, 11);
    double *beta = solve(&s.e, l1_share / c, (1 - l1_share) / c);

    for (size_t i = 0; i < pt_logit_scores(classes) * 7; i++) {
        if (!(fabs(beta[i] - want[i]) <= 1e-6))
            test_fail(__FILE__, __LINE__, "coefficient %zu is %.9g, not %.9g", i, beta[i], want[i]);
        CHECK(want[i] != 0 || beta[i] == 0); /* sparse where the reference is */
    }
    free(beta);
    example_set_free(&s);
}

TEST(model_logistic__l2_is_the_optimum_of_the_reference)
{
    check_reference(2, false, 1, 0, binary_l2);
    check_reference(2, true, 10, 0, binary_l2_weighted);
    check_reference(3, true, 1, 0, three_l2);
}

TEST(model_logistic__l1_and_elastic_net_are_the_optimum_of_the_reference)
{
    check_reference(2, false, 0.1, 1, binary_l1);
    check_reference(2, true, 0.2, 0.3, binary_elastic_net);
    check_reference(3, false, 0.2, 1, three_l1);
}

/* One feature of 0 and 1, hardly any penalty: the odds of the two groups can be counted. */
TEST(model_logistic__of_a_table_of_two_by_two_is_the_log_odds)
{
    float x[] = {0, 0, 0, 0, 1, 1, 1, 1, 1}, y[] = {0, 0, 0, 1, 1, 1, 1, 1, 0};
    pt_examples e = {.x = {x, 9, 1, 9}, .y = y, .n_classes = 2};
    double *beta = solve(&e, 0, 1e-9);

    CHECK(fabs(beta[1] - log(1.0 / 3)) < 1e-6);
    CHECK(fabs(beta[0] + beta[1] - log(5.0 - 1)) < 1e-6);
    free(beta);
}

static void check_gradient(pt_logit_state *s, pt_pool *pool, const double *gradient, double *beta, size_t i)
{
    pt_err err;
    double scratch[64], up, down, h = 1e-5, was = beta[i];

    beta[i] = was + h;
    CHECK_OK(pt_logit_look(&up, scratch, s, beta, pool, &err));
    beta[i] = was - h;
    CHECK_OK(pt_logit_look(&down, scratch, s, beta, pool, &err));
    beta[i] = was;
    CHECK(fabs((up - down) / (2 * h) - gradient[i]) < 1e-5 * fmax(1, fabs(gradient[i])));
}

static void check_curvature(pt_logit_state *s, pt_pool *pool, const double *hessian, double *beta, size_t n, size_t i)
{
    pt_err err;
    double up[64], down[64], loss, h = 1e-5, was = beta[i];

    beta[i] = was + h;
    CHECK_OK(pt_logit_look(&loss, up, s, beta, pool, &err));
    beta[i] = was - h;
    CHECK_OK(pt_logit_look(&loss, down, s, beta, pool, &err));
    beta[i] = was;
    for (size_t j = 0; j < n; j++) {
        double want = (up[j] - down[j]) / (2 * h);
        CHECK(fabs(want - hessian[i * n + j]) < 1e-4 * fmax(1, fabs(want)));
    }
}

static void check_derivatives(uint32_t classes)
{
    pt_err err;
    pt_pool *pool;
    pt_logit_state *state;
    example_set s = example_set_new(5000, 5, classes, true, 3);
    uint32_t *label = labels_of(&s.e), which[64];
    pt_logit problem = {s.e.x, label, s.e.weight, classes, 0, 0, false};
    size_t n = pt_logit_scores(classes) * 6;
    double beta[64], gradient[64], hessian[64 * 64], loss;
    lcg g = {5};

    for (size_t i = 0; i < n; i++) {
        beta[i] = lcg_next(&g) - 0.5;
        which[i] = (uint32_t)i;
    }
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    CHECK_OK(pt_logit_state_new(&state, &problem, &err));
    CHECK_OK(pt_logit_look(&loss, gradient, state, beta, pool, &err));
    CHECK_OK(pt_logit_hessian(hessian, state, which, n, pool, &err));
    for (size_t i = 0; i < n; i++) {
        check_gradient(state, pool, gradient, beta, i);
        check_curvature(state, pool, hessian, beta, n, i);
    }
    pt_logit_state_free(state);
    pt_pool_free(pool);
    free(label);
    example_set_free(&s);
}

TEST(model_logistic__derivatives_are_those_of_finite_differences)
{
    check_derivatives(2);
    check_derivatives(4);
}

/* More coefficients than are moved at a time: at the optimum no subgradient is left. */
static void check_wide(double l1, double l2)
{
    example_set s = example_set_new(400, 700, 2, false, 21);
    double *beta = solve(&s.e, l1, l2), gradient[701], loss;
    uint32_t *label = labels_of(&s.e);
    pt_logit problem = {s.e.x, label, NULL, 2, l1, l2, false};
    pt_logit_state *state;
    pt_pool *pool;
    pt_err err;

    CHECK_OK(pt_pool_new(&pool, 2, &err));
    CHECK_OK(pt_logit_state_new(&state, &problem, &err));
    CHECK_OK(pt_logit_look(&loss, gradient, state, beta, pool, &err));
    for (size_t i = 0; i < 700; i++) {
        double g = gradient[i] + l2 * beta[i];
        double left = beta[i] == 0 ? fmax(0, fabs(g) - l1) : fabs(g + (beta[i] > 0 ? l1 : -l1));
        CHECK(left < 1e-5);
    }
    CHECK(fabs(gradient[700]) < 1e-5);
    pt_logit_state_free(state);
    pt_pool_free(pool);
    free(label);
    free(beta);
    example_set_free(&s);
}

TEST(model_logistic__with_more_features_than_rows_still_ends_at_the_optimum)
{
    check_wide(0, 1);
    check_wide(2, 0);
    check_wide(1, 0.5);
}

TEST(model_logistic__keeps_what_every_learner_must)
{
    example_set two = example_set_new(3000, 5, 2, true, 1), four = example_set_new(2500, 5, 4, false, 2);
    const setting sparse[] = {{"penalty", 1}, {"c", 0.1}, {NULL, 0}};

    learn_check(&pt_logistic_learner, &two.e, PT_TASK_CLASSIFY, NULL);
    learn_check(&pt_logistic_learner, &four.e, PT_TASK_CLASSIFY, sparse);
    example_set_free(&two);
    example_set_free(&four);
}

TEST(model_logistic__contributions_add_up_to_the_log_odds)
{
    example_set s = example_set_new(500, 5, 2, false, 4);
    void *model = learn_fit(&pt_logistic_learner, &s.e, PT_TASK_CLASSIFY, NULL, 2);
    double importance[5], sum = 0;
    pt_err err;

    learn_check_contributions(&pt_logistic_learner, model, &s.e.x, PT_TASK_CLASSIFY, 1e-4);
    CHECK_OK(pt_logistic_learner.importance(importance, model, &err));
    for (size_t c = 0; c < 5; c++)
        sum += importance[c];
    CHECK(fabs(sum - 1) < 1e-12 && importance[0] > importance[1] && importance[1] > importance[2]);
    pt_logistic_learner.free(model);
    example_set_free(&s);
}

/* A weight of 2 is a row that is there twice; rows in another order and classes the other way round change nothing but names. */
TEST(model_logistic__takes_weights_order_and_names_for_what_they_are)
{
    enum { N = 200 };
    example_set s = example_set_new(N, 3, 2, false, 6), twice = example_set_new(2 * N, 3, 2, false, 6);
    float weights[N], flipped[N];

    for (size_t r = 0; r < N; r++) {
        weights[r] = 1 + (float)(r % 2);
        flipped[r] = 1 - s.y[r];
        for (size_t c = 0; c < 3; c++) /* from the end, every odd row doubled by the row behind it */
            twice.x[c * 2 * N + 2 * (N - 1 - r)] = twice.x[c * 2 * N + 2 * (N - 1 - r) + 1] = s.x[c * N + r];
        twice.y[2 * (N - 1 - r)] = twice.y[2 * (N - 1 - r) + 1] = s.y[r];
        twice.w[2 * (N - 1 - r)] = 1;
        twice.w[2 * (N - 1 - r) + 1] = (float)(r % 2);
    }
    s.e.weight = weights;
    twice.e.weight = twice.w;
    double *one = solve(&s.e, 0, 1), *two = solve(&twice.e, 0, 1);
    s.e.y = flipped;
    double *other = solve(&s.e, 0, 1);
    for (size_t i = 0; i < 4; i++)
        CHECK(fabs(one[i] - two[i]) < 1e-8 && fabs(one[i] + other[i]) < 1e-8);
    free(one);
    free(two);
    free(other);
    example_set_free(&s);
    example_set_free(&twice);
}

TEST(model_logistic__of_separable_classes_and_constant_columns_is_finite)
{
    float x[] = {-2, -1, 1, 2, 5, 5, 5, 5}, y[] = {0, 0, 1, 1};
    pt_examples e = {.x = {x, 4, 2, 4}, .y = y, .n_classes = 2};
    const setting weak[] = {{"c", 1e6}, {NULL, 0}};
    void *model = learn_fit(&pt_logistic_learner, &e, PT_TASK_CLASSIFY, weak, 1);
    float *out = learn_predict(&pt_logistic_learner, model, &e.x);

    CHECK(out[1] < 0.01F && out[7] > 0.99F);
    free(out);
    pt_logistic_learner.free(model);
}

TEST(model_logistic__gives_an_absent_class_no_probability)
{
    example_set s = example_set_new(200, 3, 2, false, 9);
    s.e.n_classes = 4;
    for (size_t r = 0; r < 200; r++)
        s.y[r] = s.y[r] == 0 ? 0 : 2;
    void *model = learn_fit(&pt_logistic_learner, &s.e, PT_TASK_CLASSIFY, NULL, 1);
    float *out = learn_predict(&pt_logistic_learner, model, &s.e.x);

    for (size_t r = 0; r < 200; r++)
        CHECK(out[r * 4 + 1] == 0 && out[r * 4 + 3] == 0 && fabsf(out[r * 4] + out[r * 4 + 2] - 1) < 1e-6F);
    CHECK(learn_accuracy(&pt_logistic_learner, model, &s.e) > 0.8);
    free(out);
    pt_logistic_learner.free(model);
    example_set_free(&s);
}

TEST(model_logistic__refuses_what_nothing_can_be_learned_from)
{
    example_set s = example_set_new(20, 2, 2, false, 8);
    const pt_learner *l = &pt_logistic_learner;
    pt_examples e = s.e;
    float zeros[20] = {0};

    e.x.rows = 0;
    learn_refused(l, &e, PT_TASK_CLASSIFY, PT_EINVAL, "no customers");
    e = s.e;
    e.x.columns = 0;
    learn_refused(l, &e, PT_TASK_CLASSIFY, PT_EINVAL, "no features");
    e = s.e;
    e.weight = zeros;
    learn_refused(l, &e, PT_TASK_CLASSIFY, PT_EINVAL, "all weights are 0");
    e = s.e;
    e.y = zeros;
    learn_refused(l, &e, PT_TASK_CLASSIFY, PT_EINVAL, "one class");
    s.x[3] = INFINITY;
    learn_refused(l, &s.e, PT_TASK_CLASSIFY, PT_EINVAL, "feature 1 has infinite");
    s.x[3] = NAN;
    learn_refused(l, &s.e, PT_TASK_CLASSIFY, PT_EINVAL, "feature 1 has missing");
    s.x[3] = 0;
    s.y[4] = 2;
    learn_refused(l, &s.e, PT_TASK_CLASSIFY, PT_EINVAL, "not one of the 2");
    s.y[4] = NAN;
    learn_refused(l, &s.e, PT_TASK_CLASSIFY, PT_EINVAL, "target is missing");
    example_set_free(&s);
}
