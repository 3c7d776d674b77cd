/* Against SciPy: the tables are what tests/segment/effect.py prints. */
#include "base/chances.h"

#include <math.h>

#include "base/mem.h"
#include "support/test.h"

static const struct {
    double x, freedom, p;
} students[] =
    {
        {0, 5, 1},
        {1, 1, 0.5},
        {2.5, 3.7, 0.0718220229118268},
        {-2.5, 3.7, 0.0718220229118268},
        {4, 30, 0.000381845636083756},
        {12, 8, 2.14386674768877e-06},
        {0.3, 1000.5, 0.764239473012733},
        {6, 250000, 1.97587457097285e-09},
        {40, 1000000.0, 0},
        {1.96, 1000000000000.0, 0.0499957902967182},
},
  squares[] = {
      {0, 1, 1},
      {3.84, 1, 0.0500435212487052},
      {0.5, 2, 0.778800783071405},
      {10, 4, 0.0404276819945128},
      {100, 121, 0.918266608735135},
      {150, 121, 0.0379309353056717},
      {30, 3, 1.38005703129326e-06},
      {900, 20, 7.85935043969589e-178},
      {2000, 121, 0},
};

static bool near(double got, double want, double by)
{
    if (isinf(want) || isinf(got))
        return got == want;
    return fabs(got - want) <= by * fabs(want) + 1e-300;
}

TEST(base_chances__are_what_scipy_says)
{
    for (size_t i = 0; i < PT_COUNT(students); i++)
        if (!near(pt_student_p(students[i].x, students[i].freedom), students[i].p, 1e-9))
            test_fail(__FILE__, __LINE__, "Student %zu: %.15g", i, pt_student_p(students[i].x, students[i].freedom));
    for (size_t i = 0; i < PT_COUNT(squares); i++)
        if (!near(pt_chi_square_p(squares[i].x, squares[i].freedom), squares[i].p, 1e-9))
            test_fail(__FILE__, __LINE__, "chi-square %zu: %.15g", i,
                      pt_chi_square_p(squares[i].x, squares[i].freedom));
}

TEST(base_chances__of_what_makes_no_sense)
{
    CHECK(isnan(pt_student_p(NAN, 3)) && isnan(pt_student_p(1, 0)) && isnan(pt_student_p(1, -1)));
    CHECK(isnan(pt_chi_square_p(NAN, 3)) && isnan(pt_chi_square_p(1, 0)));
    CHECK_DOUBLE(pt_chi_square_p(-1, 3), 1);
    CHECK_DOUBLE(pt_student_p(INFINITY, 3), 0);
    CHECK_DOUBLE(pt_normal_p(0), 1);
}

static const struct {
    double a, b, x, want;
} betas[] = {
    {0.5, 0.5, 0.3, 0.369010119565545}, {2, 3, 0.5, 0.6875},
    {30, 4, 0.9, 0.576943664125693},    {0.001, 5, 0.01, 0.997441069087113},
    {400, 300, 0.6, 0.937387524601459}, {7.5, 0.2, 0.999, 0.595491343315225},
};

TEST(base_chances__of_the_beta_distribution)
{
    for (size_t i = 0; i < PT_COUNT(betas); i++) {
        double x = betas[i].x, got = pt_incomplete_beta(betas[i].a, betas[i].b, x, 1 - x);
        if (!(fabs(got - betas[i].want) <= 1e-12 * betas[i].want))
            test_fail(__FILE__, __LINE__, "case %zu: %.15g, not %.15g", i, got, betas[i].want);
        double other = pt_incomplete_beta(betas[i].b, betas[i].a, 1 - x, x);
        CHECK(fabs(got + other - 1) < 1e-12);
    }
    CHECK_DOUBLE(pt_incomplete_beta(2, 3, 0, 1), 0);
    CHECK_DOUBLE(pt_incomplete_beta(2, 3, 1, 0), 1);
}
