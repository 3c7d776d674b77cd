#include "support/made_up.h"

#include <math.h>

#include "base/rng.h"

static float orders[MADE_UP_ROWS], spend[MADE_UP_ROWS], noise[MADE_UP_ROWS], leak[MADE_UP_ROWS], target[MADE_UP_ROWS];
static uint32_t gender[MADE_UP_ROWS], city[MADE_UP_ROWS];
static uint64_t ids[MADE_UP_ROWS];
static const char *const genders[] = {"f", "m"};
static const char *const cities[] = {"Beijing", "Chengdu", "Dalian"};

static const pt_feature features[MADE_UP_FEATURES] = {
    {.name = "orders", .kind = PT_FEATURE_NUMBER, .numbers = orders},
    {.name = "spend", .kind = PT_FEATURE_NUMBER, .numbers = spend},
    {.name = "noise", .kind = PT_FEATURE_NUMBER, .numbers = noise},
    {.name = "city", .kind = PT_FEATURE_CATEGORY, .codes = city, .names = cities, .n_names = 3},
    {.name = "gender", .kind = PT_FEATURE_CATEGORY, .codes = gender, .names = genders, .n_names = 2, .aside = true},
    {.name = "leak", .kind = PT_FEATURE_NUMBER, .numbers = leak},
};

/* log odds = 2 - 2 * orders, and 1 more in Dalian. */
made_up made_up_customers(size_t n_features)
{
    pt_rng rng;

    pt_rng_seed(&rng, 5);
    for (size_t i = 0; i < MADE_UP_ROWS; i++) {
        orders[i] = (float)(pt_rng_double(&rng) * 3);
        spend[i] = orders[i] * 10 + (float)(pt_rng_double(&rng) * 20);
        noise[i] = (float)pt_rng_double(&rng);
        city[i] = (uint32_t)pt_rng_below(&rng, 3);
        gender[i] = (uint32_t)pt_rng_below(&rng, 2);
        ids[i] = i;
        const double odds = 2 - 2 * (double)orders[i] + (city[i] == 2);
        target[i] = pt_rng_double(&rng) < 1 / (1 + exp(-odds)) ? 1.0F : 0.0F;
        leak[i] = target[i] * 2 + (float)pt_rng_double(&rng);
    }
    return (made_up){orders,
                     spend,
                     noise,
                     leak,
                     target,
                     city,
                     gender,
                     {.rows = MADE_UP_ROWS,
                      .n_features = n_features,
                      .features = features,
                      .target = target,
                      .n_classes = 2,
                      .ids = ids}};
}
