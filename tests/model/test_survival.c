/* Against lifelines (the figures are what survival.py prints), and cases by hand. */
#include "model/survival.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/newton.h"
#include "support/test.h"

enum { N = 120, P = 3 };

static pt_err err;
static double time[N];
static uint8_t happened[N];
static uint32_t group[N], half[N];
static float x[P * N];
static const pt_spans spans = {N, time, happened};
static const pt_matrix matrix = {x, N, P, N};

/* As survival.py. */
static void invent(void)
{
    for (size_t i = 0; i < N; i++) {
        x[i] = (float)((i * 37) % 101) / 10;
        x[N + i] = (float)((i * 61) % 17);
        x[2 * N + i] = i % 3 == 0;
        time[i] = 1.0 + (double)((i * i * 7 + i * 13) % 50) + floor((double)x[i]);
        happened[i] = (i * 29) % 7 != 0;
        group[i] = i % 4;
        half[i] = i % 2;
    }
}

static void near(const char *what, double got, double want, double by)
{
    if (!(fabs(got - want) <= by * fabs(want)))
        test_fail(__FILE__, __LINE__, "%s: %.12g, not %.12g", what, got, want);
}

/* --- the curve --------------------------------------------------------------------------------------------------------------- */

TEST(model_survival__curve_is_what_lifelines_says)
{
    static const double at[] = {3, 10.5, 25, 40, 58},
                        want[] = {0.958050847458, 0.740389644853, 0.503489495025, 0.255632414068, 0.0138376520436},
                        low[] = {0.902154904643, 0.650033271963, 0.407403039668, 0.177204553992, 0.00122717228442},
                        high[] = {0.982322634891, 0.810783971281, 0.591927636054, 0.341238215945, 0.0650037210695};
    pt_arena *arena = pt_arena_new(0);
    pt_survival_curve c;

    invent();
    CHECK_OK(pt_kaplan_meier(&c, &spans, NULL, 0, arena, &err));
    for (size_t i = 0; i < PT_COUNT(at); i++) {
        size_t k = 0;
        while (k + 1 < c.n && c.time[k + 1] <= at[i])
            k++;
        near("survival", pt_survival_at(&c, at[i]), want[i], 1e-11);
        near("low", c.low[k], low[i], 1e-10);
        near("high", c.high[k], high[i], 1e-10);
    }
    CHECK_DOUBLE(pt_survival_quantile(&c, 0.5), 26);
    CHECK_DOUBLE(pt_survival_at(&c, 0), 1);
    pt_arena_free(arena);
}

TEST(model_survival__curve_by_hand)
{
    /* Of 5: one event at 1, one leaves at 2, two events at 3, one leaves at 4: 4/5, then 4/5 * 1/3. */
    static const double t[] = {3, 1, 4, 3, 2};
    static const uint8_t e[] = {1, 1, 0, 1, 0};
    static const uint32_t rows[] = {1, 2};
    pt_arena *arena = pt_arena_new(0);
    pt_survival_curve c;
    pt_spans s = {5, t, e};

    CHECK_OK(pt_kaplan_meier(&c, &s, NULL, 0, arena, &err));
    CHECK_INT(c.n, 2);
    CHECK_DOUBLE(c.time[0], 1);
    CHECK_DOUBLE(c.at_risk[1], 3);
    CHECK_DOUBLE(c.events[1], 2);
    CHECK(fabs(c.survival[0] - 0.8) < 1e-15 && fabs(c.survival[1] - 0.8 / 3) < 1e-15);
    CHECK_DOUBLE(pt_survival_quantile(&c, 0.2), 1);
    CHECK_DOUBLE(pt_survival_quantile(&c, 0.5), 3);
    CHECK_DOUBLE(pt_survival_quantile(&c, 0.9), INFINITY);
    CHECK_OK(pt_kaplan_meier(&c, &s, rows, 2, arena, &err));
    CHECK_INT(c.n, 1);
    CHECK_DOUBLE(c.survival[0], 0.5);
    pt_arena_free(arena);
}

/* --- groups ------------------------------------------------------------------------------------------------------------------ */

TEST(model_survival__log_rank_is_what_lifelines_says)
{
    double observed[4], expected[4];
    pt_log_rank t;

    invent();
    CHECK_OK(pt_log_rank_test(&t, observed, expected, &spans, group, 4, &err));
    near("statistic", t.statistic, 0.743954153932, 1e-10);
    near("p", t.p, 0.862819962457, 1e-10);
    CHECK_INT(t.freedom, 3);
    near("sum", observed[0] + observed[1] + observed[2] + observed[3],
         expected[0] + expected[1] + expected[2] + expected[3], 1e-12);
    CHECK_OK(pt_log_rank_test(&t, NULL, NULL, &spans, half, 2, &err));
    near("statistic", t.statistic, 0.51317074993, 1e-10);
    near("p", t.p, 0.473769474795, 1e-10);
    /* A group with nobody in it changes nothing. */
    for (size_t i = 0; i < N; i++)
        half[i] *= 2;
    CHECK_OK(pt_log_rank_test(&t, NULL, NULL, &spans, half, 3, &err));
    near("statistic", t.statistic, 0.51317074993, 1e-10);
    CHECK_INT(t.freedom, 1);
    for (size_t i = 0; i < N; i++)
        half[i] = 0;
    CHECK_OK(pt_log_rank_test(&t, NULL, NULL, &spans, half, 2, &err));
    CHECK(isnan(t.p) && t.freedom == 0);
    CHECK_INT(pt_log_rank_test(&t, NULL, NULL, &spans, group, 3, &err), PT_EINVAL);
    CHECK_INT(pt_log_rank_test(&t, NULL, NULL, &spans, group, 65, &err), PT_EINVAL);
}

/* --- Cox --------------------------------------------------------------------------------------------------------------------- */

static pt_cox fit(const pt_matrix *m, const pt_spans *s, pt_ties ties, unsigned threads)
{
    pt_pool *pool = NULL;
    pt_cox c;

    CHECK_OK(pt_pool_new(&pool, threads, &err));
    pt_cox_options options = {ties, 0, pool};
    CHECK_OK(pt_cox_fit(&c, m, s, &options, &err));
    pt_pool_free(pool);
    return c;
}

TEST(model_survival__cox_is_what_lifelines_says)
{
    static const double efron[] = {-0.0941270357831, 0.00489633351577, -0.0607660000516},
                        errors[] = {0.0361808890486, 0.019665004994, 0.215511734232},
                        breslow[] = {-0.0916572120471, 0.00559538564794, -0.0632259456558},
                        ten[] = {0.64735165365, 0.761175919056, 0.701980807849},
                        thirty[] = {0.248882342846, 0.417800333672, 0.322494039336};
    static const size_t rows[] = {0, 7, 50};
    double risk[N];

    invent();
    pt_cox c = fit(&matrix, &spans, PT_TIES_EFRON, 1);
    CHECK(c.converged);
    for (size_t i = 0; i < P; i++) {
        near("coefficient", c.coefficient[i], efron[i], 1e-6);
        near("error", c.error[i], errors[i], 1e-6);
    }
    near("likelihood", c.log_likelihood, -387.567466144, 1e-11);
    near("of none", c.null_log_likelihood, -391.22691397, 1e-11);
    near("concordance", c.concordance, 0.595866240968, 1e-11);
    pt_cox_risks(risk, &c, &matrix);
    for (size_t i = 0; i < PT_COUNT(rows); i++) {
        near("S(10)", pt_cox_survival(&c, risk[rows[i]], 10), ten[i], 1e-6);
        near("S(30)", pt_cox_survival(&c, risk[rows[i]], 30), thirty[i], 1e-6);
        double median = pt_cox_quantile(&c, risk[rows[i]], 0.5);
        CHECK(pt_cox_survival(&c, risk[rows[i]], median) <= 0.5 &&
              pt_cox_survival(&c, risk[rows[i]], median - 0.5) > 0.5);
    }
    pt_cox_free(&c);
    c = fit(&matrix, &spans, PT_TIES_BRESLOW, 1);
    for (size_t i = 0; i < P; i++)
        near("coefficient", c.coefficient[i], breslow[i], 1e-5);
    near("likelihood", c.log_likelihood, -390.185749022, 1e-11);
    pt_cox_free(&c);
}

TEST(model_survival__cox_does_not_depend_on_order_scale_or_threads)
{
    static float other[P * N];
    static double t[N];
    static uint8_t e[N];

    invent();
    for (size_t i = 0; i < N; i++) {
        size_t from = (i * 77) % N; /* 77 and 120 have no common divisor */
        t[i] = time[from] * 24;
        e[i] = happened[from];
        for (size_t k = 0; k < P; k++)
            other[k * N + i] = x[k * N + from] * (k == 1 ? 1000 : 1) + (k == 1 ? 5 : 0);
    }
    pt_spans turned = {N, t, e};
    pt_matrix m = {other, N, P, N};
    pt_cox a = fit(&matrix, &spans, PT_TIES_EFRON, 1), b = fit(&m, &turned, PT_TIES_EFRON, 1);
    near("coefficient", b.coefficient[0], a.coefficient[0], 1e-6);
    near("coefficient", b.coefficient[1] * 1000, a.coefficient[1], 1e-4);
    near("concordance", b.concordance, a.concordance, 1e-12);
    pt_cox_free(&b);
    for (unsigned threads = 2; threads <= 5; threads += 3) {
        b = fit(&matrix, &spans, PT_TIES_EFRON, threads);
        CHECK(memcmp(a.coefficient, b.coefficient, P * sizeof(double)) == 0);
        CHECK(memcmp(a.hazard, b.hazard, a.n_times * sizeof(double)) == 0 && a.log_likelihood == b.log_likelihood);
        pt_cox_free(&b);
    }
    pt_cox_free(&a);
}

TEST(model_survival__cox_finds_the_coefficients_that_made_the_data)
{
    enum { MANY = 20000 };
    static float m[2 * MANY];
    static double t[MANY];
    static uint8_t e[MANY];
    static const double want[] = {0.7, -0.3};
    pt_rng r;

    pt_rng_seed(&r, 7);
    for (size_t i = 0; i < MANY; i++) {
        m[i] = (float)pt_rng_double(&r);
        m[MANY + i] = (float)pt_rng_below(&r, 5);
        double rate = exp(want[0] * m[i] + want[1] * m[MANY + i]), ends = -log1p(-pt_rng_double(&r)) / rate;
        double leaves = 3 * pt_rng_double(&r);
        e[i] = ends < leaves;
        t[i] = floor(100 * fmin(ends, leaves)) / 100;
    }
    pt_cox c = fit(&(pt_matrix){m, MANY, 2, MANY}, &(pt_spans){MANY, t, e}, PT_TIES_EFRON, 2);
    for (size_t i = 0; i < 2; i++)
        CHECK(fabs(c.coefficient[i] - want[i]) < 4 * c.error[i] && c.error[i] < 0.05);
    pt_cox_free(&c);
}

TEST(model_survival__of_degenerate_rows)
{
    static float one[4 * N];
    static uint8_t never[N];
    pt_pool *pool = NULL;
    pt_cox c;

    invent();
    CHECK_OK(pt_pool_new(&pool, 1, &err));
    pt_cox_options options = {PT_TIES_EFRON, 0, pool};
    pt_spans nobody = {N, time, never}, none = {0, time, happened};
    CHECK_INT(pt_cox_fit(&c, &matrix, &nobody, &options, &err), PT_EINVAL);
    CHECK_INT(pt_cox_fit(&c, &(pt_matrix){x, 0, P, N}, &none, &options, &err), PT_EINVAL);
    /* A constant column, one twice, and one that orders the times perfectly. */
    for (size_t i = 0; i < N; i++) {
        one[i] = 3;
        one[N + i] = one[2 * N + i] = x[i];
        one[3 * N + i] = (float)-time[i];
    }
    CHECK_OK(pt_cox_fit(&c, &(pt_matrix){one, N, 3, N}, &spans, &options, &err));
    CHECK(c.coefficient[0] == 0 && isnan(c.error[0]));
    CHECK(isfinite(c.coefficient[1]) && isfinite(c.coefficient[2]));
    pt_cox_free(&c);
    CHECK_OK(pt_cox_fit(&c, &(pt_matrix){one, N, 4, N}, &spans, &options, &err));
    CHECK(isfinite(c.coefficient[3]) && c.concordance > 0.99);
    pt_cox_free(&c);
    CHECK_OK(pt_cox_fit(&c, &(pt_matrix){x, N, 0, N}, &spans, &options, &err)); /* no columns: the curve of all */
    near("likelihood", c.log_likelihood, c.null_log_likelihood, 1e-15);
    CHECK_DOUBLE(c.concordance, 0.5);
    pt_cox_free(&c);
    x[5] = NAN;
    CHECK_INT(pt_cox_fit(&c, &matrix, &spans, &options, &err), PT_EINVAL);
    x[5] = 1;
    time[3] = -1;
    CHECK_INT(pt_cox_fit(&c, &matrix, &spans, &options, &err), PT_EINVAL);
    pt_pool_free(pool);
}

TEST(model_survival__a_ridge_draws_coefficients_to_nothing)
{
    pt_pool *pool = NULL;
    pt_cox free_one, held;

    invent();
    CHECK_OK(pt_pool_new(&pool, 1, &err));
    free_one = fit(&matrix, &spans, PT_TIES_EFRON, 1);
    pt_cox_options options = {PT_TIES_EFRON, 10, pool};
    CHECK_OK(pt_cox_fit(&held, &matrix, &spans, &options, &err));
    CHECK(fabs(held.coefficient[0]) < 0.1 * fabs(free_one.coefficient[0]));
    pt_cox_free(&held);
    pt_cox_free(&free_one);
    pt_pool_free(pool);
}

/* --- concordance ------------------------------------------------------------------------------------------------------------- */

TEST(model_survival__concordance_counts_pairs)
{
    pt_rng r;

    pt_rng_seed(&r, 5);
    for (int round = 0; round < 200; round++) {
        double t[30], risk[30], pairs = 0, right = 0, got;
        uint8_t e[30];
        size_t n = 1 + pt_rng_below(&r, 30);
        for (size_t i = 0; i < n; i++) {
            t[i] = (double)pt_rng_below(&r, 10);
            risk[i] = (double)pt_rng_below(&r, 6);
            e[i] = pt_rng_below(&r, 3) > 0;
        }
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < n; k++)
                if (e[i] && (t[i] < t[k] || (t[i] == t[k] && !e[k]))) {
                    pairs++;
                    right += risk[i] > risk[k] ? 1 : risk[i] == risk[k] ? 0.5 : 0;
                }
        CHECK_OK(pt_concordance(&got, &(pt_spans){n, t, e}, risk, &err));
        CHECK_DOUBLE(got, pairs > 0 ? right / pairs : NAN);
    }
}

/* --- bytes ------------------------------------------------------------------------------------------------------------------- */

TEST(model_survival__cox_is_read_as_it_was_written)
{
    pt_str bytes = {0}, again = {0};
    pt_cox read;

    invent();
    pt_cox c = fit(&matrix, &spans, PT_TIES_EFRON, 1);
    pt_cox_save(&bytes, &c);
    CHECK_OK(pt_cox_load(&read, (pt_sv){bytes.ptr, bytes.len}, &err));
    pt_cox_save(&again, &read);
    CHECK(again.len == bytes.len && memcmp(again.ptr, bytes.ptr, bytes.len) == 0);
    pt_cox_free(&read);
    for (size_t cut = 0; cut < bytes.len; cut += 1 + cut / 16)
        CHECK_INT(pt_cox_load(&read, (pt_sv){bytes.ptr, cut}, &err), PT_ECORRUPT);
    for (size_t at = 0; at < bytes.len; at++) { /* never outside, whatever is damaged */
        bytes.ptr[at] = (char)(bytes.ptr[at] ^ 0x41);
        if (pt_cox_load(&read, (pt_sv){bytes.ptr, bytes.len}, &err) == PT_OK)
            pt_cox_free(&read);
        bytes.ptr[at] = (char)(bytes.ptr[at] ^ 0x41);
    }
    pt_str_free(&bytes);
    pt_str_free(&again);
    pt_cox_free(&c);
}

/* --- Newton ------------------------------------------------------------------------------------------------------------------ */

/* -(1 - x)^2 - 100 (y - x^2)^2, greatest at (1, 1) after a bent ridge. */
static pt_rc rosenbrock(void *context, const double *p, double *value, double *slope, double *curve, pt_err *e)
{
    double a = 1 - p[0], b = p[1] - p[0] * p[0];

    (void)context;
    (void)e;
    *value = -a * a - 100 * b * b;
    slope[0] = 2 * a + 400 * b * p[0];
    slope[1] = -200 * b;
    curve[0] = -2 + 400 * b - 800 * p[0] * p[0];
    curve[1] = curve[2] = 400 * p[0];
    curve[3] = -200;
    return PT_OK;
}

TEST(model_newton__climbs_to_the_top_or_to_a_bound)
{
    static const double low[] = {-5, -5}, high[] = {0.5, 5};
    double p[] = {-1.2, 1};
    pt_newton how = {.n = 2};
    pt_newton_result r;

    CHECK_OK(pt_newton_maximise(&r, &how, rosenbrock, NULL, p, NULL, NULL, &err));
    CHECK(r.converged && fabs(p[0] - 1) < 1e-6 && fabs(p[1] - 1) < 1e-6);
    p[0] = -1.2;
    p[1] = 1;
    how = (pt_newton){.n = 2, .low = low, .high = high};
    CHECK_OK(pt_newton_maximise(&r, &how, rosenbrock, NULL, p, NULL, NULL, &err));
    CHECK(r.converged && p[0] == 0.5 && fabs(p[1] - 0.25) < 1e-6);
}
