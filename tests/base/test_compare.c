#include "base/compare.h"

#include <math.h>
#include <stdint.h>

#include "support/test.h"

TEST(base_compare__numbers_rise)
{
    const double d[] = {-INFINITY, -1.5, 0, 0.25, INFINITY};
    const int64_t i[] = {INT64_MIN, -1, 0, 1, INT64_MAX}; /* differences overflow */
    const uint64_t u[] = {0, 1, UINT32_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX};
    const uint32_t w[] = {0, 1, INT32_MAX, (uint32_t)INT32_MAX + 1, UINT32_MAX};

    for (int a = 0; a < 5; a++)
        for (int b = 0; b < 5; b++) {
            int want = (a > b) - (a < b);
            CHECK_INT(pt_compare_doubles(&d[a], &d[b]), want);
            CHECK_INT(pt_compare_i64(&i[a], &i[b]), want);
            CHECK_INT(pt_compare_u64(&u[a], &u[b]), want);
            CHECK_INT(pt_compare_u32(&w[a], &w[b]), want);
        }
}

TEST(base_compare__places_are_found_among_equal_numbers)
{
    const double sorted[] = {-1, 2, 2, 2, 5, INFINITY};
    const double sought[] = {-INFINITY, -1, 0, 2, 3, 5, 6, INFINITY};

    for (size_t n = 0; n <= 6; n++)
        for (size_t i = 0; i < 8; i++) {
            size_t below = 0, up_to = 0;
            for (size_t k = 0; k < n; k++) {
                below += sorted[k] < sought[i];
                up_to += sorted[k] <= sought[i];
            }
            CHECK_INT(pt_count_below(sorted, n, sought[i]), below);
            CHECK_INT(pt_count_up_to(sorted, n, sought[i]), up_to);
        }
}
