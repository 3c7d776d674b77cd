#include "base/rng.h"

#include <math.h>

#include "support/test.h"

/* splitmix64(0) begins e220a8397b1dcdaf, 6e789e6aa1b965f4 (Vigna's splitmix64.c); with the state 1, 2, 3, 4
 * xoshiro256++ begins 41943041, 58720359, 3588806011781223 (the vector used by rand_xoshiro's tests). */
TEST(base_rng__is_xoshiro256pp)
{
    pt_rng r = {{1, 2, 3, 4}};

    CHECK(pt_rng_u64(&r) == 41943041);
    CHECK(pt_rng_u64(&r) == 58720359);
    CHECK(pt_rng_u64(&r) == UINT64_C(3588806011781223));
    pt_rng_seed(&r, 0);
    CHECK(r.s[0] == UINT64_C(0xe220a8397b1dcdaf) && r.s[1] == UINT64_C(0x6e789e6aa1b965f4));
}

TEST(base_rng__below_is_even)
{
    enum { SIDES = 6, THROWS = 60000 };
    pt_rng r;
    int counts[SIDES] = {0};

    pt_rng_seed(&r, 1);
    for (int i = 0; i < THROWS; i++) {
        uint64_t v = pt_rng_below(&r, SIDES);
        CHECK(v < SIDES);
        counts[v]++;
    }
    const double fair = (double)THROWS / SIDES;
    double chi2 = 0;
    for (int i = 0; i < SIDES; i++)
        chi2 += pow(counts[i] - fair, 2) / fair;
    CHECK(chi2 < 20.5); /* 5 degrees of freedom: 0.1 % of honest dice exceed it; the seed is fixed */
    CHECK(pt_rng_below(&r, 1) == 0);
    for (int i = 0; i < 100; i++)
        CHECK(pt_rng_below(&r, UINT64_C(1) << 63) < UINT64_C(1) << 63);
}

TEST(base_rng__doubles_fill_the_unit_interval)
{
    pt_rng r;
    double sum = 0, least = 1, most = 0;

    pt_rng_seed(&r, 2);
    for (int i = 0; i < 100000; i++) {
        double v = pt_rng_double(&r);
        sum += v;
        least = fmin(least, v);
        most = fmax(most, v);
    }
    CHECK(least >= 0 && least < 0.001 && most < 1 && most > 0.999);
    CHECK(fabs(sum / 100000 - 0.5) < 0.005);
}

/* Mean and variance of many: four standard errors are exceeded by chance once in 16,000. */
static void check_moments(double (*draw)(pt_rng *r, double shape), double shape, double mean, double variance,
                          double fourth)
{
    enum { MANY = 100000 };
    double sum = 0, squares = 0;
    pt_rng r;

    pt_rng_seed(&r, 11);
    for (int i = 0; i < MANY; i++) {
        double v = draw(&r, shape) - mean;
        sum += v;
        squares += v * v;
    }
    CHECK(fabs(sum / MANY) < 4 * sqrt(variance / MANY));
    CHECK(fabs(squares / MANY - variance) < 4 * sqrt((fourth - variance * variance) / MANY));
}

static double draw_exponential(pt_rng *r, double shape)
{
    (void)shape;
    return pt_rng_exponential(r);
}

static double draw_normal(pt_rng *r, double shape)
{
    (void)shape;
    return pt_rng_normal(r);
}

TEST(base_rng__distributions_have_their_moments)
{
    check_moments(draw_exponential, 0, 1, 1, 9);
    check_moments(draw_normal, 0, 0, 1, 3);
    for (double shape = 0.1; shape < 50; shape *= 3.7)
        check_moments(pt_rng_gamma, shape, shape, shape, 3 * shape * shape + 6 * shape);
}
