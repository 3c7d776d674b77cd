/* Against mpmath: the tables are what buying.py prints. */
#include "model/special.h"

#include <math.h>

#include "support/test.h"

static const struct {
    double x, ln_gamma, digamma, trigamma;
} gammas[] = {
    {1e-6, 13.815509980749432, -1000000.57721402, 1000000000001.645},
    {0.1, 2.2527126517342059, -10.423754940411076, 101.43329915079275},
    {0.5, 0.57236494292470009, -1.9635100260214235, 4.9348022005446793},
    {1, 0.0, -0.57721566490153286, 1.6449340668482264},
    {1.4616321449683623, -0.12148629053584961, -9.2412655217294275e-17, 0.96767224544762125},
    {2, 0.0, 0.42278433509846714, 0.64493406684822644},
    {9.99, 12.779315214350193, 2.2507003728312011, 0.10527695014824178},
    {10, 12.80182748008147, 2.2517525890667211, 0.10516633568168575},
    {123.456, 469.60554712992948, 4.8118293238289854, 0.0081329458342781978},
    {1e6, 12815504.569147612, 13.815510057964191, 1.0000005000001667e-6},
};

static const struct {
    double a, b, c, z, want;
} hypergeometrics[] = {
    {2.243, 4.426, 4.219, 0.47, 4.4930369340116198}, {0.243, 2.426, 2.219, 0.99, 4.3752613674085372},
    {30.5, 12.25, 11.75, 0.6, 3046252644840.882},    {0.5, 0.3, -0.4, 0.5, 0.46109859518040523},
    {100.25, 102.5, 101.3, 0.3, 5166319062100378.9}, {0.01, 0.02, 0.03, 0.5, 1.0046212587550698},
    {3, 1e-3, 2, 0.999, 1.5098940374432799},         {5, 7, 6.5, 0, 1.0},
    {250, 260, 255, 0.9, 9.1539714750374334e+254},
};

static void near(size_t i, const char *what, double got, double want, double by)
{
    if (!(fabs(got - want) <= by * fmax(fabs(want), 1)))
        test_fail(__FILE__, __LINE__, "case %zu, %s: %.17g, not %.17g", i, what, got, want);
}

TEST(model_special__gamma_and_its_derivatives)
{
    for (size_t i = 0; i < PT_COUNT(gammas); i++) {
        near(i, "ln gamma", pt_ln_gamma(gammas[i].x), gammas[i].ln_gamma, 1e-14);
        near(i, "digamma", pt_digamma(gammas[i].x), gammas[i].digamma, 1e-14);
        near(i, "trigamma", pt_trigamma(gammas[i].x), gammas[i].trigamma, 1e-14);
    }
}

TEST(model_special__tables_are_what_the_functions_say)
{
    double value[2000], first[2000], second[2000];

    for (double from = 1e-5; from < 1000; from *= 7.3) {
        pt_ln_gamma_table(value, first, second, from, PT_COUNT(value));
        for (size_t k = 0; k < PT_COUNT(value); k += k < 5 ? 1 : 199) {
            double want = pt_ln_gamma(from + (double)k);
            CHECK(fabs(value[k] - want) < 1e-14 * value[PT_COUNT(value) - 1]);
            near(k, "digamma", first[k], pt_digamma(from + (double)k), 1e-13);
            near(k, "trigamma", second[k], pt_trigamma(from + (double)k), 1e-13);
        }
    }
    pt_ln_gamma_table(value, NULL, NULL, 0.5, 1);
    near(0, "ln gamma", value[0], pt_ln_gamma(0.5), 0);
}

TEST(model_special__hypergeometric)
{
    for (size_t i = 0; i < PT_COUNT(hypergeometrics); i++)
        near(i, "2F1",
             pt_hypergeometric(hypergeometrics[i].a, hypergeometrics[i].b, hypergeometrics[i].c, hypergeometrics[i].z),
             hypergeometrics[i].want, 1e-12);
    near(0, "(1 - z)^-a", pt_hypergeometric(2.5, 3, 3, 0.75), pow(0.25, -2.5), 1e-14);
    near(1, "-ln(1 - z) / z", pt_hypergeometric(1, 1, 2, 0.5), 2 * log(2), 1e-14);
    CHECK(isnan(pt_hypergeometric(1, 1, 2, 1)) && isnan(pt_hypergeometric(1, 1, 2, -0.1)));
    CHECK(isnan(pt_hypergeometric(1, 1, 2, NAN)));
}
