#include "model/hazard.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "support/test.h"

enum { N = 3000 };

static pt_err err;
static float amount[N];
static uint32_t city[N];
static double time[N];
static uint8_t happened[N];
static const char *const cities[] = {"Beijing", "Wuhan", "Xian"};
static const pt_feature features[] = {
    {.name = "amount", .kind = PT_FEATURE_NUMBER, .numbers = amount},
    {.name = "city", .kind = PT_FEATURE_CATEGORY, .names = cities, .n_names = 3, .codes = city}};
static const pt_table table = {.rows = N, .n_features = 2, .features = features};
static const pt_spans spans = {N, time, happened};

/* Twice as fast in Wuhan as elsewhere; a tenth of amounts are not known. */
static void invent(void)
{
    pt_rng r;

    pt_rng_seed(&r, 6);
    for (size_t i = 0; i < N; i++) {
        amount[i] = pt_rng_below(&r, 10) ? (float)pt_rng_normal(&r) * 3 + 50 : NAN;
        city[i] = (uint32_t)pt_rng_below(&r, 4) % 3; /* half in Beijing */
        double rate = (city[i] == 1 ? 2 : 1) * exp(isnan(amount[i]) ? 0 : 0.1 * (amount[i] - 50));
        double ends = pt_rng_exponential(&r) / rate;
        happened[i] = ends < 2;
        time[i] = ceil(100 * fmin(ends, 2));
    }
}

static pt_hazard *fit(unsigned threads)
{
    pt_hazard *h = NULL;
    pt_pool *pool = NULL;

    CHECK_OK(pt_pool_new(&pool, threads, &err));
    pt_hazard_options o = {PT_TIES_EFRON, 1e-6, 1, pool};
    CHECK_OK(pt_hazard_fit(&h, &table, &spans, &o, &err));
    pt_pool_free(pool);
    return h;
}

TEST(model_hazard__knows_names_missing_values_and_scales)
{
    invent();
    pt_hazard *h = fit(1);
    bool found[3] = {false};

    for (size_t i = 0; i < pt_hazard_n_effects(h); i++) {
        pt_hazard_effect e = pt_hazard_effect_of(h, i);
        if (e.kind == PT_HAZARD_NAME && strcmp(e.name, "Wuhan") == 0) {
            CHECK(e.low < 2 && e.high > 2 && e.low > 1.5);
            found[0] = true;
        }
        if (e.kind == PT_HAZARD_NAME && strcmp(e.name, "Beijing") == 0) { /* what others are compared with */
            CHECK(e.ratio == 1 && isnan(e.low));
            found[1] = true;
        }
        if (e.kind == PT_HAZARD_NUMBER && strcmp(e.feature, "amount") == 0) {
            CHECK(e.low < exp(0.3) && e.high > exp(0.3) && e.z > 5); /* 3 is a standard deviation */
            found[2] = true;
        }
    }
    CHECK(found[0] && found[1] && found[2]);
    pt_hazard_free(h);
}

TEST(model_hazard__same_after_storing_and_on_any_number_of_threads)
{
    static const unsigned threads[] = {1, 2, 5};
    static double risks[2][N];
    pt_str bytes[3] = {{0}, {0}, {0}};
    pt_pool *pool = NULL;

    invent();
    CHECK_OK(pt_pool_new(&pool, 1, &err));
    for (size_t i = 0; i < 3; i++) {
        pt_hazard *h = fit(threads[i]);
        CHECK_OK(pt_hazard_save(&bytes[i], h, &err));
        CHECK(bytes[i].len == bytes[0].len && memcmp(bytes[i].ptr, bytes[0].ptr, bytes[0].len) == 0);
        if (i == 0)
            CHECK_OK(pt_hazard_risks(risks[0], h, &table, pool, &err));
        pt_hazard_free(h);
    }
    pt_hazard *read = NULL;
    CHECK_OK(pt_hazard_load(&read, (pt_sv){bytes[0].ptr, bytes[0].len}, &err));
    CHECK_OK(pt_hazard_risks(risks[1], read, &table, pool, &err));
    CHECK(memcmp(risks[0], risks[1], sizeof risks[0]) == 0);
    pt_hazard_free(read);
    for (size_t at = 0; at < bytes[0].len; at++) {
        CHECK(pt_hazard_load(&read, (pt_sv){bytes[0].ptr, at}, &err) == PT_ECORRUPT);
        bytes[0].ptr[at] = (char)(bytes[0].ptr[at] ^ 0x81);
        if (pt_hazard_load(&read, (pt_sv){bytes[0].ptr, bytes[0].len}, &err) == PT_OK)
            pt_hazard_free(read);
        bytes[0].ptr[at] = (char)(bytes[0].ptr[at] ^ 0x81);
    }
    for (size_t i = 0; i < 3; i++)
        pt_str_free(&bytes[i]);
    pt_pool_free(pool);
}

TEST(model_hazard__names_what_is_not_there)
{
    const pt_table other = {.rows = N, .n_features = 1, .features = features};
    static double risks[N];
    pt_pool *pool = NULL;

    invent();
    pt_hazard *h = fit(1);
    CHECK_OK(pt_pool_new(&pool, 1, &err));
    CHECK_INT(pt_hazard_risks(risks, h, &other, pool, &err), PT_EINVAL);
    CHECK(strstr(err.msg, "city") != NULL);
    pt_pool_free(pool);
    pt_hazard_free(h);
}
