/* Calibration: by hand, against trying everything, and stored. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/calibration.h"
#include "support/test.h"

static pt_calibration fit(pt_calibration_kind kind, const double *score, const float *event, const float *weight,
                          size_t n)
{
    pt_err err;
    pt_calibration c;

    CHECK_OK(pt_calibration_fit(&c, kind, score, event, weight, n, &err));
    return c;
}

TEST(model_calibration__isotonic_pools_neighbours)
{
    const double score[] = {3, 1, 2, 4, 5, 2};
    const float event[] = {0, 0, 1, 1, 1, 1};
    pt_calibration c = fit(PT_CALIBRATE_ISOTONIC, score, event, NULL, 6);

    CHECK(pt_calibration_apply(&c, 1) == 0 && pt_calibration_apply(&c, -100) == 0);
    CHECK(fabs(pt_calibration_apply(&c, 2) - 2.0 / 3) < 1e-12); /* 2, 2 and 3 are one level */
    CHECK(fabs(pt_calibration_apply(&c, 3) - 2.0 / 3) < 1e-12);
    CHECK(pt_calibration_apply(&c, 4) == 1 && pt_calibration_apply(&c, 9) == 1);
    CHECK(fabs(pt_calibration_apply(&c, 1.5) - 1.0 / 3) < 1e-12);
    pt_calibration_free(&c);
}

/* No rising assignment of the levels 0, 1/12, ..., 1 has a smaller squared error. */
TEST(model_calibration__isotonic_is_the_best_rising_function)
{
    enum { N = 6, LEVELS = 13 };
    pt_rng r;

    pt_rng_seed(&r, 2);
    for (int round = 0; round < 30; round++) {
        double score[N], best = INFINITY, own = 0;
        float event[N], weight[N];
        int level[N] = {0};
        for (int i = 0; i < N; i++) {
            score[i] = i;
            event[i] = i == 0 ? (float)(round % 2) : i == 1 ? (float)(1 - round % 2) : (float)pt_rng_below(&r, 2);
            weight[i] = 1 + (float)pt_rng_below(&r, 3);
        }
        pt_calibration c = fit(PT_CALIBRATE_ISOTONIC, score, event, weight, N);
        for (int i = 0; i < N; i++)
            own += weight[i] * pow(event[i] - pt_calibration_apply(&c, i), 2);
        for (;;) { /* all rising sequences of levels */
            double sum = 0;
            for (int i = 0; i < N; i++)
                sum += weight[i] * pow(event[i] - level[i] / (LEVELS - 1.0), 2);
            best = fmin(best, sum);
            int i = N - 1;
            while (i >= 0 && level[i] == LEVELS - 1)
                i--;
            if (i < 0)
                break;
            level[i]++;
            for (int j = i + 1; j < N; j++)
                level[j] = level[i];
        }
        CHECK(own <= best + 1e-12);
        pt_calibration_free(&c);
    }
}

/* A score that is already the log odds gets slope 1 and intercept 0; one that is twice as sure gets slope 1/2. */
TEST(model_calibration__platt_undoes_what_was_done_to_the_odds)
{
    enum { N = 200000 };
    double *score = calloc(N, sizeof *score);
    float *event = calloc(N, sizeof *event);
    pt_rng r;

    CHECK(score && event);
    pt_rng_seed(&r, 6);
    for (int i = 0; i < N; i++) {
        double odds = pt_rng_double(&r) * 6 - 3;
        event[i] = pt_rng_double(&r) < 1 / (1 + exp(-odds));
        score[i] = 2 * odds + 1;
    }
    pt_calibration c = fit(PT_CALIBRATE_PLATT, score, event, NULL, N);
    CHECK(fabs(c.slope - 0.5) < 0.02 && fabs(c.intercept + 0.5) < 0.02);
    pt_calibration_free(&c);
    free(score);
    free(event);
}

/* Where the classes part, the drawn-in targets keep the odds finite: of n alike on each side they are (n + 1) : 1. */
TEST(model_calibration__platt_of_separable_scores_is_finite)
{
    const double score[] = {-1, -1, -1, 1, 1, 1};
    const float event[] = {0, 0, 0, 1, 1, 1};
    pt_calibration c = fit(PT_CALIBRATE_PLATT, score, event, NULL, 6);

    CHECK(fabs(pt_calibration_apply(&c, 1) - 0.8) < 1e-6 && fabs(pt_calibration_apply(&c, -1) - 0.2) < 1e-6);
    pt_calibration_free(&c);
}

TEST(model_calibration__refuses_one_class_and_what_is_no_number)
{
    const double score[] = {1, NAN};
    const float event[] = {0, 1}, none[] = {0, 0};
    pt_calibration c;
    pt_err err;

    CHECK_INT(pt_calibration_fit(&c, PT_CALIBRATE_PLATT, score, event, NULL, 2, &err), PT_EINVAL);
    CHECK_INT(pt_calibration_fit(&c, PT_CALIBRATE_ISOTONIC, score, none, NULL, 1, &err), PT_EINVAL);
    CHECK_INT(pt_calibration_fit(&c, PT_CALIBRATE_ISOTONIC, score, none, NULL, 0, &err), PT_EINVAL);
}

TEST(model_calibration__is_stored_and_damaged_bytes_are_harmless)
{
    const double score[] = {3, 1, 2, 4, 5, 2};
    const float event[] = {0, 0, 1, 1, 1, 1};

    for (int kind = PT_CALIBRATE_PLATT; kind <= PT_CALIBRATE_ISOTONIC; kind++) {
        pt_calibration c = fit(kind, score, event, NULL, 6), back;
        pt_str bytes = {0}, again = {0};
        pt_err err;
        CHECK_OK(pt_calibration_save(&bytes, &c, &err));
        CHECK_OK(pt_calibration_load(&back, (pt_sv){bytes.ptr, bytes.len}, &err));
        CHECK_OK(pt_calibration_save(&again, &back, &err));
        CHECK(bytes.len == again.len && memcmp(bytes.ptr, again.ptr, bytes.len) == 0);
        pt_calibration_free(&back);
        for (size_t i = 0; i < bytes.len; i++) {
            CHECK_INT(pt_calibration_load(&back, (pt_sv){bytes.ptr, i}, &err), PT_ECORRUPT);
            bytes.ptr[i] ^= 0x55;
            if (pt_calibration_load(&back, (pt_sv){bytes.ptr, bytes.len}, &err) == PT_OK) {
                double p = pt_calibration_apply(&back, 2.5);
                CHECK(p >= 0 && p <= 1);
            }
            pt_calibration_free(&back);
            bytes.ptr[i] ^= 0x55;
        }
        pt_calibration_free(&c);
        pt_str_free(&bytes);
        pt_str_free(&again);
    }
}
