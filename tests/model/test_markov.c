#include "model/markov.h"

#include <math.h>

#include "base/rng.h"
#include "support/test.h"

static pt_err err;

static bool near(double got, double want, double by)
{
    return fabs(got - want) <= by * fmax(1, fabs(want));
}

TEST(model_markov__by_hand)
{
    /* Rain and sun: stays rainy half of the time, sunny nine of ten: one day of six is rainy. */
    static const double p[] = {0.5, 0.5, 0.1, 0.9}, start[] = {1, 0};
    double share[2], steps[2];

    CHECK_OK(pt_markov_long_run(share, p, start, 2, &err));
    CHECK(near(share[0], 1.0 / 6, 1e-12) && near(share[1], 5.0 / 6, 1e-12));
    CHECK_OK(pt_markov_first_passage(steps, p, 2, 0, &err));
    CHECK(steps[0] == 0 && near(steps[1], 10, 1e-12));
    CHECK_OK(pt_markov_first_passage(steps, p, 2, 1, &err));
    CHECK(near(steps[0], 2, 1e-12));
}

TEST(model_markov__circles_and_dead_ends)
{
    static const double circle[] = {0, 1, 0, 0, 0, 1, 1, 0, 0}, one[] = {1, 0, 0};
    /* From 0 to either end; who is lost stays lost. */
    static const double ends[] = {0.5, 0.3, 0.2, 0, 1, 0, 0, 0, 1};
    double share[3], steps[3];

    CHECK_OK(pt_markov_long_run(share, circle, one, 3, &err));
    for (size_t i = 0; i < 3; i++)
        CHECK(near(share[i], 1.0 / 3, 1e-12));
    CHECK_OK(pt_markov_first_passage(steps, circle, 3, 0, &err));
    CHECK(steps[1] == 2 && steps[2] == 1);
    CHECK_OK(pt_markov_long_run(share, ends, one, 3, &err));
    CHECK(near(share[0], 0, 1e-12) && near(share[1], 0.6, 1e-12) && near(share[2], 0.4, 1e-12));
    CHECK_OK(pt_markov_first_passage(steps, ends, 3, 1, &err));
    CHECK(isinf(steps[0]) && steps[1] == 0 && isinf(steps[2]));
    CHECK_INT(pt_markov_long_run(share, ends, one, 65, &err), PT_EINVAL);
    CHECK_INT(pt_markov_first_passage(steps, ends, 65, 0, &err), PT_EINVAL);
}

/* Steps to a state are one and the mean of those from where the step leads; the long run does not change by a step. */
TEST(model_markov__solves_its_own_equations)
{
    double p[PT_MARKOV_MOST * PT_MARKOV_MOST], start[PT_MARKOV_MOST], share[PT_MARKOV_MOST], steps[PT_MARKOV_MOST];
    pt_rng r;

    pt_rng_seed(&r, 3);
    for (int round = 0; round < 100; round++) {
        size_t n = 1 + pt_rng_below(&r, PT_MARKOV_MOST), to = pt_rng_below(&r, n);
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            start[i] = 1.0 / (double)n;
            for (size_t j = 0; j < n; j++)
                sum += p[i * n + j] = pt_rng_below(&r, 3) || j == (i + 1) % n ? pt_rng_gamma(&r, 0.3) + 1e-9 : 0;
            for (size_t j = 0; j < n; j++)
                p[i * n + j] /= sum;
        }
        CHECK_OK(pt_markov_long_run(share, p, start, n, &err));
        CHECK_OK(pt_markov_first_passage(steps, p, n, to, &err));
        double all = 0;
        for (size_t j = 0; j < n; j++) {
            double after = 0, mean = 1;
            for (size_t i = 0; i < n; i++)
                after += share[i] * p[i * n + j];
            for (size_t i = 0; i < n; i++)
                mean += p[j * n + i] * steps[i];
            all += share[j];
            CHECK(near(after, share[j], 1e-9));
            CHECK(j == to ? steps[j] == 0 : near(mean, steps[j], 1e-9));
        }
        CHECK(near(all, 1, 1e-12));
    }
}
