/* Ranked lists by hand. */
#include "model/measure_rank.h"

#include <math.h>

#include "support/test.h"

static double value_of(const pt_measured *m, size_t n, const char *name)
{
    const pt_measured *found = pt_measured_find(m, n, name);

    CHECK(found);
    return found->value;
}

/* The first customer gets 3, 1, 2 and bought 1, 2, 7; the second 3, 4 and no third, and bought 3; of the third nothing came. */
TEST(model_measure_rank__by_hand)
{
    pt_err err;
    pt_pool *pool;
    pt_arena *a = pt_arena_new(0);
    const pt_measured *m;
    size_t n;
    const pt_rankings in = {.customers = 3,
                            .items = 10,
                            .k = 3,
                            .ranked = (const uint32_t[]){3, 1, 2, 3, 4, UINT32_MAX, 3, 1, 2},
                            .offsets = (const uint64_t[]){0, 3, 4, 4},
                            .relevant = (const uint32_t[]){1, 2, 7, 3},
                            .popularity = (const uint64_t[]){0, 8, 4, 16, 2, 0, 0, 0, 0, 0},
                            .training_customers = 16};
    const double ideal = 1 + 1 / log2(3) + 0.5;

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    CHECK_OK(pt_measure_rankings(&m, &n, &in, &(pt_measure_options){.pool = pool}, a, &err));
    CHECK(fabs(value_of(m, n, "precision") - (2.0 / 3 + 1.0 / 3) / 2) < 1e-6);
    CHECK(fabs(value_of(m, n, "recall") - (2.0 / 3 + 1) / 2) < 1e-6);
    CHECK(fabs(value_of(m, n, "ndcg") - ((1 / log2(3) + 0.5) / ideal + 1) / 2) < 1e-6);
    CHECK(fabs(value_of(m, n, "map") - ((0.5 + 2.0 / 3) / 3 + 1) / 2) < 1e-6);
    CHECK(fabs(value_of(m, n, "hit_rate") - 1) < 1e-6);
    CHECK(fabs(value_of(m, n, "coverage") - 0.4) < 1e-12);
    CHECK(fabs(value_of(m, n, "novelty") - (0.0 * 3 + 1 * 2 + 2 * 2 + 3) / 8) < 1e-12);
    pt_pool_free(pool);
    pt_arena_free(a);
}

TEST(model_measure_rank__nothing_came)
{
    pt_err err;
    pt_arena *a = pt_arena_new(0);
    const pt_measured *m;
    size_t n;
    const pt_rankings in = {
        .customers = 1, .items = 3, .k = 1, .ranked = (const uint32_t[]){0}, .offsets = (const uint64_t[]){0, 0}};

    CHECK(pt_measure_rankings(&m, &n, &in, &(pt_measure_options){0}, a, &err) == PT_EINVAL);
    pt_arena_free(a);
}
