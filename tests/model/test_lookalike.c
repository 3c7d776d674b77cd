/* Customers like a seed: who is planted is found, figures are what they say, bytes come back. */
#include "model/lookalike.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "support/test.h"

enum { ROWS = 4000 };

/* A fifth of all customers are of a kind (two numbers and a city tell, with noise); half of those are in the seed. */
typedef struct world {
    float *spend, *visits, *noise;
    uint32_t *city;
    pt_feature features[4];
    pt_table table;
    bool *kind, *seed;
    pt_pool *pool;
} world;

static double normal(pt_rng *rng)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += pt_rng_double(rng);
    return sum;
}

static world world_new(unsigned threads, double apart)
{
    static const char *const cities[] = {"Beijing", "Chengdu", "Wuhan"};
    world w = {.spend = pt_zalloc(ROWS, sizeof(float)),
               .visits = pt_zalloc(ROWS, sizeof(float)),
               .noise = pt_zalloc(ROWS, sizeof(float)),
               .city = pt_zalloc(ROWS, sizeof(uint32_t)),
               .kind = pt_zalloc(ROWS, sizeof(bool)),
               .seed = pt_zalloc(ROWS, sizeof(bool))};
    pt_rng rng;
    pt_err err = {0};

    CHECK(w.spend && w.visits && w.noise && w.city && w.kind && w.seed);
    CHECK_OK(pt_pool_new(&w.pool, threads, &err));
    pt_rng_seed(&rng, 4);
    for (size_t i = 0; i < ROWS; i++) {
        w.kind[i] = pt_rng_below(&rng, 5) == 0;
        w.seed[i] = w.kind[i] && pt_rng_below(&rng, 2) == 0;
        double lean = w.kind[i] ? apart : 0;
        w.spend[i] = (float)(normal(&rng) + lean);
        w.visits[i] = (float)(normal(&rng) + lean);
        w.noise[i] = (float)normal(&rng);
        w.city[i] = (uint32_t)(w.kind[i] && pt_rng_below(&rng, 2) && apart > 0 ? 1 : pt_rng_below(&rng, 3));
    }
    w.features[0] = (pt_feature){.name = "spend", .kind = PT_FEATURE_NUMBER, .numbers = w.spend};
    w.features[1] = (pt_feature){.name = "visits", .kind = PT_FEATURE_NUMBER, .numbers = w.visits};
    w.features[2] = (pt_feature){.name = "noise", .kind = PT_FEATURE_NUMBER, .numbers = w.noise};
    w.features[3] =
        (pt_feature){.name = "city", .kind = PT_FEATURE_CATEGORY, .names = cities, .n_names = 3, .codes = w.city};
    return w;
}

static void world_free(world *w)
{
    free(w->spend);
    free(w->visits);
    free(w->noise);
    free(w->city);
    free(w->kind);
    free(w->seed);
    pt_pool_free(w->pool);
}

static pt_lookalike *fit(world *w, const char *learner)
{
    pt_lookalike_options o = {.learner = pt_learner_find(pt_sv_of(learner)), .seed = 3, .pool = w->pool};
    pt_lookalike *l = NULL;
    pt_err err = {0};

    w->table = (pt_table){.rows = ROWS, .n_features = 4, .features = w->features};
    CHECK(o.learner);
    CHECK_OK(pt_lookalike_fit(&l, &w->table, w->seed, &o, &err));
    return l;
}

static float *score(const world *w, const pt_lookalike *l)
{
    float *out = pt_zalloc(ROWS, sizeof *out);
    pt_row_set all = pt_all_rows(&w->table);
    pt_err err = {0};

    CHECK(out);
    CHECK_OK(pt_lookalike_score(out, l, &w->table, &all, w->pool, &err));
    return out;
}

/* Of the others above the score of the n-th, the share who are of the kind. */
static double kind_above(const world *w, const float *s, float threshold)
{
    double n = 0, kind = 0;

    for (size_t i = 0; i < ROWS; i++)
        if (!w->seed[i] && s[i] >= threshold) {
            n++;
            kind += w->kind[i];
        }
    return n > 0 ? kind / n : 0;
}

TEST(model_lookalike__those_of_the_kind_come_first_and_are_counted_right)
{
    static const char *const learners[] = {"logistic", "knn"};

    for (size_t k = 0; k < PT_COUNT(learners); k++) {
        world w = world_new(2, 2.5);
        pt_lookalike *l = fit(&w, learners[k]);
        float *s = score(&w, l);
        const pt_lookalike_depth *d = pt_lookalike_depths(l);
        /* Of about 3,600 others a ninth are of the kind. */
        CHECK(pt_lookalike_auc(l) > 0.88);
        CHECK(fabs(pt_lookalike_share(l) - 1.0 / 9) < 0.05);
        CHECK(kind_above(&w, s, 0.7F) > 0.7);
        CHECK(d[0].share < d[1].share && d[PT_LOOKALIKE_DEPTHS - 1].share == 1);
        CHECK(d[3].found > 0.55); /* the first tenth: by chance 0.1 */
        CHECK_DOUBLE(round(d[PT_LOOKALIKE_DEPTHS - 1].found * 1e9), 1e9);
        for (size_t i = 1; i < PT_LOOKALIKE_DEPTHS; i++) {
            CHECK(d[i].found >= d[i - 1].found);
            CHECK(d[i].precision <= d[i - 1].precision + 1e-9);
        }
        free(s);
        pt_lookalike_free(l);
        world_free(&w);
    }
}

TEST(model_lookalike__a_seed_without_anything_in_common_finds_nobody)
{
    world w = world_new(1, 0);
    pt_lookalike *l = fit(&w, "logistic");

    CHECK(fabs(pt_lookalike_auc(l) - 0.5) < 0.06);
    CHECK(pt_lookalike_depths(l)[3].found < 0.2);
    pt_lookalike_free(l);
    world_free(&w);
}

TEST(model_lookalike__same_bytes_on_any_number_of_threads_and_back)
{
    pt_str bytes[3] = {{0}, {0}, {0}};
    static const unsigned threads[] = {1, 2, 5};
    pt_err err = {0};

    for (size_t t = 0; t < 3; t++) {
        world w = world_new(threads[t], 1.5);
        pt_lookalike *l = fit(&w, "logistic"), *again = NULL;
        CHECK_OK(pt_lookalike_save(&bytes[t], l, &err));
        CHECK_OK(pt_lookalike_load(&again, (pt_sv){bytes[t].ptr, bytes[t].len}, &err));
        float *a = score(&w, l), *b = score(&w, again);
        CHECK(memcmp(a, b, ROWS * sizeof *a) == 0);
        CHECK_DOUBLE(pt_lookalike_auc(again), pt_lookalike_auc(l));
        free(a);
        free(b);
        pt_lookalike_free(l);
        pt_lookalike_free(again);
        world_free(&w);
        CHECK_INT(bytes[t].len, bytes[0].len);
        CHECK(memcmp(bytes[t].ptr, bytes[0].ptr, bytes[0].len) == 0);
    }
    pt_lookalike *again = NULL;
    for (size_t n = 0; n < bytes[0].len; n += 1 + n / 40)
        CHECK_INT(pt_lookalike_load(&again, (pt_sv){bytes[0].ptr, n}, &err), PT_ECORRUPT);
    for (size_t i = 0; i < bytes[0].len; i += 1 + i / 40) {
        bytes[0].ptr[i] ^= 0x40;
        if (pt_lookalike_load(&again, (pt_sv){bytes[0].ptr, bytes[0].len}, &err) == PT_OK)
            pt_lookalike_free(again);
        bytes[0].ptr[i] ^= 0x40;
    }
    for (size_t t = 0; t < 3; t++)
        pt_str_free(&bytes[t]);
}

TEST(model_lookalike__seeds_that_cannot_do_are_said)
{
    world w = world_new(1, 1);
    pt_lookalike_options o = {.learner = pt_learner_find(PT_SV("logistic")), .pool = w.pool};
    pt_lookalike *l = NULL;
    pt_err err = {0};

    w.table = (pt_table){.rows = ROWS, .n_features = 4, .features = w.features};
    memset(w.seed, 0, ROWS * sizeof *w.seed);
    w.seed[0] = true;
    CHECK_INT(pt_lookalike_fit(&l, &w.table, w.seed, &o, &err), PT_EINVAL);
    CHECK_STR(err.msg, "the seed has 1 customers: too few to tell what they have in common (at least 20)");
    memset(w.seed, 1, ROWS * sizeof *w.seed);
    CHECK_INT(pt_lookalike_fit(&l, &w.table, w.seed, &o, &err), PT_EINVAL);
    CHECK_STR(err.msg, "all customers but 0 are in the seed: there is nobody to choose from");
    world_free(&w);
}
