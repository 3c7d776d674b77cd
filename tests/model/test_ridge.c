/* Linear regression with an L2 penalty: scikit-learn's coefficients (Ridge on the examples of reference.py), what every learner keeps. */
#include <math.h>
#include <stdlib.h>

#include "model/learn.h"
#include "support/test.h"

extern const pt_learner pt_ridge_learner;

/* Six coefficients and the intercept, read off predictions of the corners. */
static void check_coefficients(bool weighted, double alpha, const double want[7])
{
    example_set s = example_set_new(300, 6, 0, weighted, 11);
    void *model =
        learn_fit(&pt_ridge_learner, &s.e, PT_TASK_REGRESS, (const setting[]){{"alpha", alpha}, {NULL, 0}}, 2);
    float corners[6 * 7] = {0};

    for (size_t c = 0; c < 6; c++)
        corners[c * 7 + c + 1] = 1;
    float *p = learn_predict(&pt_ridge_learner, model, &(pt_matrix){corners, 7, 6, 7});
    CHECK(fabs((double)p[0] - want[6]) < 1e-7);
    for (size_t c = 0; c < 6; c++)
        CHECK(fabs((double)p[c + 1] - (double)p[0] - want[c]) < 1e-6);
    free(p);
    pt_ridge_learner.free(model);
    example_set_free(&s);
}

TEST(model_ridge__coefficients_are_those_of_scikit_learn)
{
    check_coefficients(false, 1,
                       (const double[]){0.9678902674, 0.5112494037, 0.2549405978, -0.03440548499, -0.02741514989,
                                        -0.01334907737, -0.01048502135});
    check_coefficients(true, 25,
                       (const double[]){0.7811891665, 0.4131035958, 0.2058795484, -0.02895120202, -0.03473433358,
                                        -0.0001109494148, 0.002946068608});
}

TEST(model_ridge__keeps_what_all_learners_keep)
{
    example_set s = example_set_new(200, 4, 0, true, 3);
    void *model = learn_fit(&pt_ridge_learner, &s.e, PT_TASK_REGRESS, (const setting[]){{NULL, 0}}, 1);

    learn_check(&pt_ridge_learner, &s.e, PT_TASK_REGRESS, (const setting[]){{NULL, 0}});
    learn_check_contributions(&pt_ridge_learner, model, &s.e.x, PT_TASK_REGRESS, 1e-5);
    pt_ridge_learner.free(model);
    example_set_free(&s);
}

/* Two columns that are the same share the weight; a constant one has none. */
TEST(model_ridge__columns_that_say_the_same_share_the_weight)
{
    enum { ROWS = 50 };
    float x[3 * ROWS], y[ROWS];

    for (size_t r = 0; r < ROWS; r++) {
        x[r] = x[ROWS + r] = (float)r / ROWS;
        x[2 * ROWS + r] = 4;
        y[r] = 3 * x[r] + 1;
    }
    const pt_examples e = {.x = {x, ROWS, 3, ROWS}, .y = y};
    void *model = learn_fit(&pt_ridge_learner, &e, PT_TASK_REGRESS, (const setting[]){{"alpha", 1e-6}, {NULL, 0}}, 1);
    double weight[3];
    pt_err err;
    CHECK_OK(pt_ridge_learner.importance(weight, model, &err));
    CHECK(fabs(weight[0] - 0.5) < 1e-6 && fabs(weight[1] - 0.5) < 1e-6 && weight[2] == 0);
    float *p = learn_predict(&pt_ridge_learner, model, &e.x);
    for (size_t r = 0; r < ROWS; r++)
        CHECK(fabsf(p[r] - y[r]) < 1e-4F);
    free(p);
    pt_ridge_learner.free(model);
}

TEST(model_ridge__refuses_what_has_no_answer)
{
    example_set s = example_set_new(20, 3, 0, false, 5);
    pt_examples none = s.e;

    none.x.rows = 0;
    learn_refused(&pt_ridge_learner, &none, PT_TASK_REGRESS, PT_EINVAL, "");
    s.x[4] = NAN;
    learn_refused(&pt_ridge_learner, &s.e, PT_TASK_REGRESS, PT_EINVAL, "");
    example_set_free(&s);
}
