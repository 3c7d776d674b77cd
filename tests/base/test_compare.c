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
