/* Figures against scikit-learn (measures.py beside this file made the numbers), by hand, and what must not matter. */
#include "model/measures.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "model/bootstrap.h"
#include "model/ranking.h"
#include "support/test.h"

enum { N = 200 };

typedef struct expected {
    const char *name;
    double value;
} expected;

static const expected binary[] = {
    {"auc", 0.644921718185},   {"pr_auc", 0.585541717863},    {"log_loss", 0.756948774923},
    {"brier", 0.260600000203}, {"ece", 0.150000004768},       {"ks", 0.224809313529},
    {"accuracy", 0.6},         {"precision", 0.572916666667}, {"recall", 0.585106382979},
    {"f1", 0.578947368421}};
static const expected several[] = {
    {"auc", 0.496141895923},       {"pr_auc", 0.331399038577}, {"log_loss", 1.24335739226},
    {"brier", 0.736681989382},     {"ece", 0.162559943199},    {"accuracy", 0.35},
    {"precision", 0.343240740741}, {"recall", 0.343400351319}, {"f1", 0.337674242344}};
static const expected values[] = {
    {"rmse", 3.75499677658}, {"mae", 3.24000000954}, {"mape", 0.352400004864}, {"r2", 0.899404346943}};
static const double delong_error = 0.0387170275409;

static float predicted[3 * N], actual[N];

static pt_outcome two_classes(void)
{
    for (int i = 0; i < N; i++) {
        const float score = (float)((i * 37 + 11) % 50) / 50.0F;
        predicted[2 * i] = 1 - score;
        predicted[2 * i + 1] = score;
        actual[i] = (i * i * 13 + i * 7) % 101 < 101 * (0.2 + 0.5 * (double)score);
    }
    return (pt_outcome){N, 2, predicted, actual, NULL};
}

static pt_outcome three_classes(void)
{
    for (int i = 0; i < N; i++) {
        float sum = 0;
        for (int k = 0; k < 3; k++)
            sum += predicted[3 * i + k] = (float)(1 + (i * (k + 3) * 31) % 23);
        for (int k = 0; k < 3; k++)
            predicted[3 * i + k] /= sum;
        actual[i] = (float)((i * i + 3 * i) % 7 % 3);
    }
    return (pt_outcome){N, 3, predicted, actual, NULL};
}

static pt_outcome some_values(void)
{
    for (int i = 0; i < N; i++) {
        actual[i] = (float)(i * 17 % 41);
        predicted[i] = actual[i] + (float)(i * 29 % 13) - 6;
    }
    return (pt_outcome){N, 1, predicted, actual, NULL};
}

typedef pt_rc (*measure_fn)(const pt_measured **, size_t *, const pt_outcome *, const pt_measure_options *, pt_arena *,
                            pt_err *);

static const pt_measured *measure(measure_fn fn, const pt_outcome *o, unsigned threads, size_t *n, pt_arena *a)
{
    pt_err err;
    const pt_measured *m;
    pt_measure_options options = {.seed = 7};

    CHECK_OK(pt_pool_new(&options.pool, threads, &err));
    CHECK_OK(fn(&m, n, o, &options, a, &err));
    pt_pool_free(options.pool);
    return m;
}

static const pt_measured *measure_one(measure_fn fn, const pt_outcome *o, const char *name, pt_arena *a)
{
    size_t n;
    const pt_measured *all = measure(fn, o, 1, &n, a);

    return pt_measured_find(all, n, name);
}

static void check_all(measure_fn fn, const pt_outcome *o, const expected *want, size_t n_want)
{
    pt_arena *a = pt_arena_new(0);
    size_t n;
    const pt_measured *m = measure(fn, o, 1, &n, a);

    for (size_t i = 0; i < n_want; i++) {
        const pt_measured *got = pt_measured_find(m, n, want[i].name);
        CHECK(got);
        if (fabs(got->value - want[i].value) > 1e-6)
            test_fail(__FILE__, __LINE__, "%s is %.9g, wanted %.9g", got->name, got->value, want[i].value);
        CHECK(got->low <= got->value && got->value <= got->high);
    }
    pt_arena_free(a);
}

TEST(model_measures__are_those_of_scikit_learn)
{
    pt_outcome o = two_classes();

    check_all(pt_measure_classes, &o, binary, PT_COUNT(binary));
    o = three_classes();
    check_all(pt_measure_classes, &o, several, PT_COUNT(several));
    o = some_values();
    check_all(pt_measure_values, &o, values, PT_COUNT(values));
}

TEST(model_measures__interval_of_auc_is_delongs)
{
    pt_arena *a = pt_arena_new(0);
    const pt_outcome o = two_classes();
    const pt_measured *auc = measure_one(pt_measure_classes, &o, "auc", a);

    CHECK(fabs(auc->high - auc->value - 1.959963984540054 * delong_error) < 1e-9);
    CHECK(fabs(auc->value - auc->low - 1.959963984540054 * delong_error) < 1e-9);
    pt_arena_free(a);
}

TEST(model_measures__same_bytes_on_any_threads)
{
    pt_arena *a = pt_arena_new(0);
    const pt_outcome o = two_classes();
    size_t n;
    const pt_measured *one = measure(pt_measure_classes, &o, 1, &n, a);

    for (unsigned threads = 2; threads <= 5; threads += 3) {
        const pt_measured *more = measure(pt_measure_classes, &o, threads, &n, a);
        for (size_t i = 0; i < n; i++)
            CHECK(more[i].value == one[i].value && more[i].low == one[i].low && more[i].high == one[i].high);
    }
    pt_arena_free(a);
}

/* Drawing whole groups of equal rows tells more honestly how little is known: ten times each row, ten times the variance. */
TEST(model_measures__groups_widen_intervals)
{
    enum { TIMES = 10 };
    pt_arena *a = pt_arena_new(0);
    static float p[N * TIMES], y[N * TIMES];
    static uint32_t group[N * TIMES];
    pt_outcome o = some_values();

    for (size_t i = 0; i < N * TIMES; i++) {
        p[i] = predicted[i % N];
        y[i] = actual[i % N];
        group[i] = (uint32_t)(i % N);
    }
    o = (pt_outcome){N * TIMES, 1, p, y, NULL};
    const pt_measured *rows = measure_one(pt_measure_values, &o, "mae", a);
    o.group = group;
    const pt_measured *groups = measure_one(pt_measure_values, &o, "mae", a);
    const double wider = (groups->high - groups->low) / (rows->high - rows->low);
    CHECK(wider > 2.4 && wider < 4.2); /* sqrt(10) is 3.16 */
    pt_arena_free(a);
}

/* Of 400 samples of a known rate, near 95 in 100 intervals hold it. The seed is fixed. */
TEST(model_measures__intervals_hold_the_truth_as_often_as_they_say)
{
    enum { SAMPLES = 400, ROWS = 300 };
    pt_rng rng;
    float p[2 * ROWS], y[ROWS];
    const pt_outcome o = {ROWS, 2, p, y, NULL};
    int held = 0, held_auc = 0, held_brier = 0;

    pt_rng_seed(&rng, 3);
    for (int s = 0; s < SAMPLES; s++) {
        pt_arena *a = pt_arena_new(0);
        size_t n;
        for (int i = 0; i < ROWS; i++) {
            y[i] = pt_rng_double(&rng) < 0.5 ? 0.0F : 1.0F;
            p[2 * i + 1] = (float)(pt_rng_double(&rng) * (y[i] > 0 ? 1 : 0.5)); /* AUC 0.75; 3 in 4 on the right side */
            p[2 * i] = 1 - p[2 * i + 1];
        }
        const pt_measured *m = measure(pt_measure_classes, &o, 1, &n, a);
        const pt_measured *right = pt_measured_find(m, n, "accuracy");
        const pt_measured *auc = pt_measured_find(m, n, "auc");
        held += right->low <= 0.75 && 0.75 <= right->high;
        held_auc += auc->low <= 0.75 && 0.75 <= auc->high;
        const pt_measured *brier = pt_measured_find(m, n, "brier");
        held_brier += brier->low <= 5.0 / 24 && 5.0 / 24 <= brier->high;
        pt_arena_free(a);
    }
    CHECK(held_brier >= SAMPLES * 92 / 100 && held_brier <= SAMPLES * 98 / 100); /* (1/3 + 1/12) / 2 */
    CHECK(held >= SAMPLES * 92 / 100 && held <= SAMPLES * 98 / 100);
    CHECK(held_auc >= SAMPLES * 92 / 100 && held_auc <= SAMPLES * 98 / 100);
}

TEST(model_measures__auc_counts_ties_half)
{
    pt_err err;
    double auc;

    CHECK_OK(pt_auc(&auc, (const float[]){1, 2, 2, 3}, (const uint8_t[]){0, 0, 1, 1}, 4, &err));
    CHECK_DOUBLE(auc, 0.875); /* 3.5 of 4 pairs */
    CHECK_OK(pt_auc(&auc, (const float[]){5, 5, 5}, (const uint8_t[]){0, 1, 1}, 3, &err));
    CHECK_DOUBLE(auc, 0.5);
    CHECK_OK(pt_auc(&auc, (const float[]){-0.0F, 0}, (const uint8_t[]){0, 1}, 2, &err));
    CHECK_DOUBLE(auc, 0.5);
    CHECK_OK(pt_auc(&auc, (const float[]){1, 2}, (const uint8_t[]){1, 1}, 2, &err));
    CHECK(isnan(auc));
}

/* Against the roots of (auc - x)^2 = z^2 V(x) as Python finds them. */
TEST(model_measures__interval_of_an_auc_by_its_numbers)
{
    static const struct {
        double auc, hits, others, low, high;
    } known[] = {{1, 2, 3, 0.4389123890958571, 1},
                 {1, 4, 4, 0.5822840455834577, 1},
                 {1, 5, 10, 0.716546324706023, 1},
                 {0, 4, 4, 0, 1 - 0.5822840455834577},
                 {0.8, 20, 30, 0.6433456145211156, 0.8941462416513686}};
    double low, high;

    for (size_t i = 0; i < PT_COUNT(known); i++) {
        pt_auc_interval(&low, &high, known[i].auc, known[i].hits, known[i].others);
        CHECK(fabs(low - known[i].low) < 1e-9);
        CHECK(fabs(high - known[i].high) < 1e-9);
    }
    pt_auc_interval(&low, &high, 1, 3, 0);
    CHECK(isnan(low) && isnan(high));
}

/* All hits first among five rows is no proof, though no draw says otherwise; among groups it is the groups that count. */
TEST(model_measures__a_perfect_auc_of_few_rows_proves_little)
{
    static const float came[] = {1, 0, 1, 0, 0};
    static const float both[] = {0.1F, 0.9F, 0.9F, 0.1F, 0.2F, 0.8F, 0.8F, 0.2F, 0.7F, 0.3F};
    static const uint32_t pairs[] = {0, 0, 1, 1, 2};
    pt_arena *a = pt_arena_new(0);
    pt_outcome o = {5, 2, both, came, NULL};

    const pt_measured *auc = measure_one(pt_measure_classes, &o, "auc", a);
    CHECK_DOUBLE(auc->value, 1);
    CHECK(auc->low > 0.43 && auc->low < 0.44);
    o.group = pairs;
    CHECK(measure_one(pt_measure_classes, &o, "auc", a)->low < auc->low);
    pt_arena_free(a);
}

TEST(model_measures__one_class_has_no_auc)
{
    pt_arena *a = pt_arena_new(0);
    pt_outcome o = two_classes();
    size_t n;

    memset(actual, 0, sizeof actual);
    const pt_measured *m = measure(pt_measure_classes, &o, 1, &n, a);
    CHECK(isnan(pt_measured_find(m, n, "auc")->value) && isnan(pt_measured_find(m, n, "auc")->low));
    CHECK(isfinite(pt_measured_find(m, n, "log_loss")->value));
    o.n = 0;
    pt_err err;
    CHECK(pt_measure_classes(&m, &n, &o, &(pt_measure_options){0}, a, &err) == PT_EINVAL);
    pt_arena_free(a);
}

/* Twenty rows, 0.975 down to 0.025 by steps of 0.05; hits are the 1st, 2nd, 3rd, 5th. */
TEST(model_measures__lift_and_calibration_by_hand)
{
    enum { ROWS = 20 };
    pt_err err;
    float p[2 * ROWS], y[ROWS] = {1, 1, 1, 0, 1};
    const pt_outcome o = {ROWS, 2, p, y, NULL};
    pt_arena *a = pt_arena_new(0);
    pt_class_curves c;
    uint64_t confusion[4];

    for (int i = 0; i < ROWS; i++) {
        p[2 * i + 1] = (float)(0.975 - 0.05 * i);
        p[2 * i] = 1 - p[2 * i + 1];
    }
    CHECK_OK(pt_measure_curves(&c, &o, 1, a, &err));
    CHECK(c.lift[0].rows == 2 && c.lift[0].hits == 2 && c.lift[0].rate == 1 && c.lift[0].lift == 5 &&
          c.lift[0].gain == 0.5);
    CHECK(c.lift[1].hits == 1 && c.lift[1].lift == 2.5 && c.lift[1].gain == 0.75 && c.lift[1].cumulative_lift == 3.75);
    CHECK(c.lift[9].gain == 1 && c.lift[9].cumulative_lift == 1 && c.lift[9].hits == 0);
    CHECK(c.calibration[9].rows == 2 && fabs(c.calibration[9].predicted - 0.95) < 1e-6 && c.calibration[9].actual == 1);
    CHECK(c.calibration[8].rows == 2 && c.calibration[8].actual == 0.5);
    CHECK(c.roc[0].x == 0 && c.roc[0].y == 0 && c.roc[c.n_roc - 1].x == 1 && c.roc[c.n_roc - 1].y == 1);
    CHECK(c.pr[1].x == 0.25 && c.pr[1].y == 1);
    pt_measure_confusion(confusion, &o, 0.8);
    CHECK(confusion[0] == 15 && confusion[1] == 1 && confusion[2] == 1 && confusion[3] == 3);
    pt_measure_confusion(confusion, &o, 0.85);
    CHECK(confusion[0] == 16 && confusion[1] == 0 && confusion[2] == 1 && confusion[3] == 3);
    pt_arena_free(a);
}
