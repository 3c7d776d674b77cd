#include <stdlib.h>

#include "app/durations.h"
#include "base/compare.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/type.h"
#include "support/test.h"

TEST(app_durations__median_is_within_a_thousandth)
{
    static int64_t all[5000];
    pt_rng r;

    pt_rng_seed(&r, 7);
    for (int round = 0; round < 200; round++) {
        pt_durations one = {0}, two = {0};
        size_t n = 1 + pt_rng_below(&r, PT_COUNT(all));
        unsigned size = 1 + (unsigned)pt_rng_below(&r, 62);
        for (size_t i = 0; i < n; i++) {
            all[i] = (int64_t)(pt_rng_u64(&r) >> (64 - size));
            CHECK(pt_durations_add(i % 3 ? &one : &two, all[i]));
        }
        CHECK(pt_durations_merge(&one, &two));
        qsort(all, n, sizeof *all, pt_compare_i64);
        int64_t want = all[(n - 1) / 2], got = pt_durations_median(&one);
        CHECK(got <= want && want - got <= want / 1024);
        pt_durations_free(&one);
        pt_durations_free(&two);
    }
}

TEST(app_durations__days_are_exact)
{
    pt_durations d = {0};

    CHECK(pt_durations_median(&d) == PT_I64_MISSING);
    for (int64_t day = 1; day <= 365; day++)
        CHECK(pt_durations_add(&d, day * 86400000000));
    CHECK_INT(pt_durations_median(&d), INT64_C(183) * 86400000000);
    pt_durations_free(&d);
}

TEST(app_durations__the_longest_has_a_place)
{
    pt_durations d = {0};

    CHECK(pt_durations_add(&d, INT64_MAX));
    CHECK(pt_durations_median(&d) == INT64_MAX);
    pt_durations_free(&d);
}
