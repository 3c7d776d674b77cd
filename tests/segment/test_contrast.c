/* Against SciPy: the table is what contrast.py prints. */
#include "segment/contrast.h"

#include <math.h>

#include "base/mem.h"
#include "base/str.h"
#include "support/test.h"

static const struct {
    uint64_t with, members, base_with, base;
    double tgi, low, high, p, q;
} cases[] = {
    {30, 100, 200, 1000, 150, 113.448070328909, 198.328626787287, 0.00840799457724931, 0.0281386229961942},
    {3, 10, 8, 100, 375, 169.178174682592, 831.224241920315, 0.031388172438469, 0.0564987103892443},
    {0, 50, 20, 1000, 0, 0, 356.737995666794, 0.618828297037885, 0.696181834167621},
    {7, 12, 9, 30, 194.444444444444, 142.729058869446, 250, 0.0125060546649752, 0.0281386229961942},
    {1, 3, 1, 10, 333.333333333333, 158.758199024516, 333.333333333333, 0.3, 0.385714285714286},
    {160, 1000, 1400, 10000, 114.285714285714, 99.9677828891357, 130.654337950866, 0.0546937217211786,
     0.0820405825817679},
    {12000, 100000, 1000000, 10000000, 120, 118.014361523405, 122.019047632132, 1.23070698782358e-99,
     1.10763628904122e-98},
    {2, 40, 2, 400, 1000, 604.59958467737, 1000, 0.00977443609022556, 0.0281386229961942},
    {51, 100, 500, 1000, 102, 85.0048931976862, 122.392954200938, 0.833028893719521, 0.833028893719521},
};

static bool near(double got, double want)
{
    return fabs(got - want) <= 1e-9 * fabs(want) + 1e-300;
}

static pt_contrast contrast(uint64_t with, uint64_t members, uint64_t base_with, uint64_t base)
{
    pt_contrast c = {.with = with, .members = members, .base_with = base_with, .base = base};

    pt_contrast_fill(&c);
    return c;
}

TEST(segment_contrast__is_what_scipy_says)
{
    enum { N = PT_COUNT(cases) };
    pt_contrast all[N], *pointers[N], *room[N];

    for (size_t i = 0; i < N; i++) {
        all[i] = contrast(cases[i].with, cases[i].members, cases[i].base_with, cases[i].base);
        pointers[i] = &all[i];
    }
    pt_contrast_correct(room, pointers, N);
    for (size_t i = 0; i < N; i++)
        if (!near(all[i].tgi, cases[i].tgi) || !near(all[i].low, cases[i].low) || !near(all[i].high, cases[i].high) ||
            !near(all[i].p, cases[i].p) || !near(all[i].q, cases[i].q))
            test_fail(__FILE__, __LINE__, "case %zu: %.15g [%.15g, %.15g] p %.15g q %.15g", i, all[i].tgi, all[i].low,
                      all[i].high, all[i].p, all[i].q);
}

TEST(segment_contrast__by_hand)
{
    pt_contrast c = contrast(20, 100, 100, 1000); /* 20 % against 10 % */
    CHECK_DOUBLE(c.tgi, 200);
    CHECK(c.low > 100 && c.low < 200 && c.high > 200);
    c = contrast(10, 100, 100, 1000); /* as everybody */
    CHECK_DOUBLE(c.tgi, 100);
    CHECK_DOUBLE(c.p, 1);
    c = contrast(5, 10, 5, 10); /* the segment is the base: nothing to compare with */
    CHECK_DOUBLE(c.tgi, 100);
    CHECK_DOUBLE(c.low, 100);
    CHECK(isnan(c.p));
    c = contrast(0, 0, 3, 10); /* nobody in the segment */
    CHECK(isnan(c.tgi) && isnan(c.p));
    c = contrast(0, 5, 0, 10); /* a value that nobody has */
    CHECK(isnan(c.tgi));
    CHECK_DOUBLE(c.p, 1);
}

TEST(segment_contrast__interval_holds_the_tgi_and_the_test_is_symmetric)
{
    for (uint64_t base = 2; base <= 24; base++)
        for (uint64_t members = 1; members < base; members++)
            for (uint64_t base_with = 1; base_with <= base; base_with++)
                for (uint64_t with = 0; with <= members && with <= base_with; with++) {
                    if (base_with - with > base - members)
                        continue;
                    pt_contrast c = contrast(with, members, base_with, base);
                    CHECK(c.low <= c.tgi && c.tgi <= c.high && c.p >= 0 && c.p <= 1);
                    /* Those without the value, and the rest instead of the segment, say the same. */
                    pt_contrast without = contrast(members - with, members, base - base_with, base);
                    pt_contrast rest = contrast(base_with - with, base - members, base_with, base);
                    CHECK(fabs(c.p - without.p) < 1e-9 && fabs(c.p - rest.p) < 1e-9);
                }
}

/* Groups apart: the table is what effect.py prints. */
static const struct {
    uint64_t with, members, base_with, base;
    double tgi, low, high, p;
} apart_cases[] = {
    {30, 100, 170, 900, 158.823529411765, 114.344649531532, 220.604231139416, 0.00840799457724931},
    {0, 50, 20, 950, 0, 0, 741.379589712315, 0.618828297037885},
    {7, 12, 0, 18, INFINITY, 136.767876121026, INFINITY, 0.000389036251105217},
    {40, 400, 40, 800, 200, 131.211585126468, 304.851130038906, 0.0010631149171586},
};

TEST(segment_contrast__of_groups_apart_is_what_scipy_says)
{
    for (size_t i = 0; i < PT_COUNT(apart_cases); i++) {
        pt_contrast c = {.with = apart_cases[i].with,
                         .members = apart_cases[i].members,
                         .base_with = apart_cases[i].base_with,
                         .base = apart_cases[i].base,
                         .apart = true};
        pt_contrast_fill(&c);
        bool only_here = isinf(apart_cases[i].tgi);
        CHECK(only_here ? isinf(c.tgi) && isinf(c.high)
                        : near(c.tgi, apart_cases[i].tgi) && near(c.high, apart_cases[i].high));
        CHECK(near(c.low, apart_cases[i].low) && near(c.p, apart_cases[i].p));
    }
    pt_contrast nobody = {.members = 10, .base = 10, .apart = true},
                empty = {.base = 10, .base_with = 3, .apart = true};
    pt_contrast_fill(&nobody);
    CHECK(isnan(nobody.tgi));
    CHECK_DOUBLE(nobody.p, 1);
    pt_contrast_fill(&empty);
    CHECK(isnan(empty.tgi) && isnan(empty.p));
}
