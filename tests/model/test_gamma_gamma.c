/* Against the formula by mpmath (the table is what buying.py prints), and against the published results on CDNOW. */
#include "model/gamma_gamma.h"

#include <math.h>
#include <string.h>

#include "support/buyers.h"
#include "support/test.h"

static pt_err err;

static const struct {
    double p[PT_SPENDING], likelihood;
} wanted[] = {
    {{6.25, 3.74, 15.44}, -33.060646235175294},
    {{0.5, 20.0, 300.0}, -43.510623859318202},
};

static const uint32_t x[] = {1, 2, 0, 7, 40, 1};
static const double mean[] = {20, 35.5, -7, 12.25, 80, 0.5}; /* the third is passed over */

static void near(const char *what, double got, double want, double by)
{
    if (!(fabs(got - want) <= by * fabs(want)))
        test_fail(__FILE__, __LINE__, "%s: %.15g, not %.15g", what, got, want);
}

TEST(model_gamma_gamma__is_what_the_formula_says)
{
    pt_spending s = {PT_COUNT(x), x, mean};
    double value, slope[3], curve[9];
    pt_pool *pool = NULL;

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    for (size_t i = 0; i < PT_COUNT(wanted); i++) {
        const double *p = wanted[i].p;
        CHECK_OK(pt_gamma_gamma_likelihood(&s, pool, p, &value, slope, curve, &err));
        near("likelihood", value, wanted[i].likelihood, 1e-13);
        for (size_t k = 0; k < 3; k++) {
            double up[3], down[3], v[2], d[2][3], c[9], h = p[k] * 1e-5;
            memcpy(up, p, sizeof up);
            memcpy(down, p, sizeof down);
            up[k] += h;
            down[k] -= h;
            CHECK_OK(pt_gamma_gamma_likelihood(&s, pool, up, &v[0], d[0], c, &err));
            CHECK_OK(pt_gamma_gamma_likelihood(&s, pool, down, &v[1], d[1], c, &err));
            CHECK(fabs((v[0] - v[1]) / (2 * h) - slope[k]) < 1e-5 * (1 + fabs(slope[k])));
            for (size_t j = 0; j < 3; j++)
                CHECK(fabs((d[0][j] - d[1][j]) / (2 * h) - curve[k * 3 + j]) < 1e-5 * (1 + fabs(curve[k * 3 + j])));
        }
    }
    pt_pool_free(pool);
}

TEST(model_gamma_gamma__fits_cdnow_as_published)
{
    static const double first_ten[] = {24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17};
    pt_pool *pool = NULL;
    pt_estimate e;
    test_buyers b;

    test_buyers_cdnow(&b);
    CHECK_OK(pt_pool_new(&pool, 1, &err));
    pt_spending s = {b.n, b.x, b.mean};
    CHECK_OK(pt_gamma_gamma_fit(&e, &s, pool, &err));
    CHECK(e.converged);
    near("p", e.value[0], 6.2488, 1e-4);
    near("q", e.value[1], 3.7446, 1e-4);
    near("v", e.value[2], 15.4477, 1e-4);
    near("likelihood", e.log_likelihood, -4055.923, 1e-6);
    near("mean of all", pt_gamma_gamma_expected(e.value, 0, 0), 35.171, 1e-4);
    for (size_t i = 0; i < PT_COUNT(first_ten); i++)
        near("mean of one", pt_gamma_gamma_expected(e.value, b.x[i], b.mean[i]), first_ten[i], 1e-3);
    /* In another currency v is as many times as large, and nothing else changes. */
    pt_estimate in_yen;
    for (size_t i = 0; i < b.n; i++)
        b.mean[i] *= 1000;
    CHECK_OK(pt_gamma_gamma_fit(&in_yen, &s, pool, &err));
    near("p", in_yen.value[0], e.value[0], 1e-6);
    near("q", in_yen.value[1], e.value[1], 1e-6);
    near("v", in_yen.value[2], 1000 * e.value[2], 1e-6);
    pt_pool_free(pool);
    test_buyers_free(&b);
}

TEST(model_gamma_gamma__same_bytes_on_any_number_of_threads)
{
    static const unsigned threads[] = {1, 2, 5};
    pt_estimate first, e;
    test_buyers b;

    test_buyers_invent(&b, 100000, 4);
    pt_spending s = {b.n, b.x, b.mean};
    for (size_t i = 0; i < PT_COUNT(threads); i++) {
        pt_pool *pool = NULL;
        CHECK_OK(pt_pool_new(&pool, threads[i], &err));
        CHECK_OK(pt_gamma_gamma_fit(&e, &s, pool, &err));
        pt_pool_free(pool);
        if (i == 0)
            first = e;
        CHECK(memcmp(e.value, first.value, sizeof e.value) == 0 && e.log_likelihood == first.log_likelihood);
    }
    /* invented with p 6, q 4, v 15 */
    CHECK(fabs(log(e.value[0] / 6)) < 4 * e.log_error[0] && fabs(log(e.value[1] / 4)) < 4 * e.log_error[1] &&
          fabs(log(e.value[2] / 15)) < 4 * e.log_error[2]);
    CHECK(e.log_error[0] < 0.1);
    test_buyers_free(&b);
}

TEST(model_gamma_gamma__refuses_what_nothing_can_be_learned_from)
{
    static const uint32_t none[] = {0, 0}, some[] = {3, 2};
    static const double nothing[] = {5, 0}, endless[] = {5, INFINITY}, missing[] = {NAN, 4}, same[] = {5, 5};
    const struct {
        const uint32_t *x;
        const double *mean;
    } wrong[] = {{none, same}, {some, nothing}, {some, endless}, {some, missing}, {some, same}};
    pt_pool *pool = NULL;
    pt_estimate e;

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    for (size_t i = 0; i < PT_COUNT(wrong); i++) {
        pt_spending s = {2, wrong[i].x, wrong[i].mean};
        CHECK_INT(pt_gamma_gamma_fit(&e, &s, pool, &err), PT_EINVAL);
    }
    CHECK(isinf(pt_gamma_gamma_expected((const double[]){1, 0.5, 3}, 0, 0)));
    CHECK(pt_gamma_gamma_expected((const double[]){1, 0.5, 3}, 2, 4) > 0);
    pt_pool_free(pool);
}
