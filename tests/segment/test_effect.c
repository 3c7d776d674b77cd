/* Against SciPy and Cliff's own definition: the table is what effect.py prints. */
#include "segment/effect.h"

#include <math.h>

#include "base/mem.h"
#include "base/rng.h"
#include "support/test.h"

enum { MOST = 10 };

static const struct {
    size_t n;
    uint64_t a[MOST], b[MOST];
    double want[9];
} cases[] = {
    {4,
     {3, 5, 2, 0},
     {1, 4, 6, 2},
     {-0.946477745074202, -1.78678356893765, -0.106171921210755, 0.25, -0.5, -0.775506634676154, -0.0645250469074752,
      0.0269315090939178, 0.0358012088459558}},
    {6,
     {0, 0, 30, 12, 5, 1},
     {25, 40, 20, 5, 0, 0},
     {1.76497876766536, 1.35912370148815, 2.17083383384256, 0.888888888888889, 0.777777777777778, 0.667545220813202,
      0.854646277743618, 1.8370747205221e-17, 5.01911809424585e-15}},
    {10,
     {50, 20, 10, 5, 2, 1, 1, 0, 0, 3},
     {80, 20, 9, 4, 0, 1, 0, 0, 0, 0},
     {0.426995047616033, 0.150232673257817, 0.70375742197425, 0.590722730739893, 0.181445461479786, 0.0429346925669583,
      0.313112761817217, 0.00504991451162194, 0.00937077098576382}},
    {2,
     {2, 1},
     {1, 2},
     {-0.46065886596178, -1.76384636845693, 0.842528636533365, 0.333333333333333, -0.333333333333333,
      -0.849833720659992, 0.509760944963057, 0.518518518518518, 0.619256754176862}},
    {4,
     {400, 300, 200, 100},
     {100, 200, 300, 400},
     {-0.99912463251936, -1.092053820738, -0.906195444300717, 0.25, -0.5, -0.539971943918443, -0.457777784015638,
      6.12499434656851e-99, 6.09284725793656e-89}},
};

static bool near(double got, double want, double by)
{
    if (isinf(want) || isinf(got))
        return got == want;
    return fabs(got - want) <= by * fabs(want) + 1e-300;
}

/* Of values 0, 1, 2, ... */
static pt_moments moments(const uint64_t *counts, size_t n)
{
    pt_moments m = {0};

    for (size_t v = 0; v < n; v++)
        for (uint64_t i = 0; i < counts[v]; i++)
            m = pt_moments_join(m, (pt_moments){1, (double)v, 0});
    return m;
}

static pt_effect effect(const uint64_t *a, const uint64_t *b, size_t n)
{
    pt_moments x = moments(a, n), y = moments(b, n);
    pt_effect e;

    pt_effect_of(&e, &x, &y, a, b, n);
    return e;
}

TEST(segment_effect__is_what_scipy_says)
{
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_effect e = effect(cases[i].a, cases[i].b, cases[i].n);
        double got[] = {e.d,         e.d_low,      e.d_high,  e.superiority, e.delta,
                        e.delta_low, e.delta_high, e.p_means, e.p_ranks};
        for (size_t k = 0; k < PT_COUNT(got); k++)
            if (!near(got[k], cases[i].want[k], 1e-7))
                test_fail(__FILE__, __LINE__, "case %zu, figure %zu: %.15g, not %.15g", i, k, got[k], cases[i].want[k]);
    }
}

TEST(segment_effect__by_hand)
{
    uint64_t a[] = {2, 0, 2}, b[] = {0, 4, 0}; /* 0 0 2 2 against 1 1 1 1: as often above as below */
    pt_effect e = effect(a, b, 3);

    CHECK_DOUBLE(e.d, 0);
    CHECK_DOUBLE(e.superiority, 0.5);
    CHECK_DOUBLE(e.delta, 0);
    CHECK_DOUBLE(e.p_means, 1);
    pt_moments m = moments(a, 3);
    CHECK_DOUBLE(m.mean, 1);
    CHECK_DOUBLE(m.squares, 4);
    CHECK_DOUBLE(pt_moments_deviation(&m), sqrt(4.0 / 3));
}

TEST(segment_effect__says_nothing_of_nobody)
{
    uint64_t nobody[] = {0, 0}, one[] = {1, 0}, all_alike[] = {5, 0};
    pt_effect e = effect(nobody, all_alike, 2);

    CHECK(isnan(e.d) && isnan(e.delta) && isnan(e.superiority) && isnan(e.p_means) && isnan(e.p_ranks));
    e = effect(nobody, nobody, 2);
    CHECK(isnan(e.d) && isnan(e.p_ranks));
    e = effect(one, all_alike, 2); /* no spread at all */
    CHECK(isnan(e.d) && isnan(e.p_means) && isnan(e.p_ranks));
    CHECK_DOUBLE(e.delta, 0);
    pt_moments m = moments(one, 2);
    CHECK(isnan(pt_moments_deviation(&m)));
}

TEST(segment_effect__turns_round_with_the_groups)
{
    pt_rng r;

    pt_rng_seed(&r, 7);
    for (int round = 0; round < 500; round++) {
        uint64_t a[6], b[6];
        for (size_t i = 0; i < 6; i++) {
            a[i] = pt_rng_below(&r, 20);
            b[i] = pt_rng_below(&r, 20);
        }
        pt_effect x = effect(a, b, 6), y = effect(b, a, 6);
        CHECK(fabs(x.d + y.d) < 1e-9 && fabs(x.delta + y.delta) < 1e-9 && fabs(x.p_means - y.p_means) < 1e-9);
        CHECK(fabs(x.p_ranks - y.p_ranks) < 1e-9 && fabs(x.delta_low + y.delta_high) < 1e-9);
        CHECK(x.delta_low <= x.delta && x.delta <= x.delta_high && x.delta_low >= -1 && x.delta_high <= 1);
    }
}
