#include "support/portfolio.h"

#include <math.h>

#include "base/mem.h"
#include "base/rng.h"
#include "support/test.h"

portfolio *portfolio_new(void)
{
    static const char *const jobs[] = {"clerk", "farmer", "trader", "teacher"}, *const classes[] = {"false", "true"};
    portfolio *p = pt_zalloc(1, sizeof *p);
    pt_rng r;

    CHECK(p);
    pt_rng_seed(&r, 11);
    for (size_t i = 0; i < PORTFOLIO_ROWS; i++) {
        p->age[i] = 18 + (float)pt_rng_below(&r, 50);
        p->income[i] = pt_rng_below(&r, 10) == 0 ? NAN : (float)pt_rng_below(&r, 20000);
        p->job[i] = pt_rng_below(&r, 20) == 0 ? PT_NO_CODE : (uint32_t)pt_rng_below(&r, 4);
        double z = -1.5 - (p->age[i] - 40) * 0.04 + (isnan(p->income[i]) ? 0.8 : -(p->income[i] - 10000) / 8000) +
                   (p->job[i] == 2 ? 0.7 : 0);
        p->bad[i] = pt_rng_double(&r) < 1 / (1 + exp(-z));
    }
    p->features[0] = (pt_feature){.name = "age", .kind = PT_FEATURE_NUMBER, .numbers = p->age};
    p->features[1] = (pt_feature){.name = "income", .kind = PT_FEATURE_NUMBER, .numbers = p->income};
    p->features[2] =
        (pt_feature){.name = "job", .kind = PT_FEATURE_CATEGORY, .codes = p->job, .names = jobs, .n_names = 4};
    p->table = (pt_table){.rows = PORTFOLIO_ROWS,
                          .n_features = 3,
                          .features = p->features,
                          .target = p->bad,
                          .classes = classes,
                          .n_classes = 2};
    return p;
}
