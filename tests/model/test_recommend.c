#include "model/recommend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "support/test.h"

enum { CUSTOMERS = 300, ITEMS = 60 };

typedef struct made {
    uint64_t offsets[CUSTOMERS + 1];
    uint32_t items[CUSTOMERS * ITEMS], group[ITEMS];
    float confidence[CUSTOMERS * ITEMS];
    double popularity[ITEMS];
    pt_recommend_data data;
} made;

/* Three kinds of customers, each of whom like a third of the items. */
static made *made_new(void)
{
    made *m = pt_zalloc(1, sizeof *m);
    pt_rng r;

    CHECK(m);
    pt_rng_seed(&r, 91);
    for (uint32_t u = 0; u < CUSTOMERS; u++) {
        m->offsets[u + 1] = m->offsets[u];
        for (uint32_t i = 0; i < ITEMS; i++) {
            if (pt_rng_below(&r, 100) >= (u % 3 == i % 3 ? 35 : 4))
                continue;
            m->items[m->offsets[u + 1]] = i;
            m->confidence[m->offsets[u + 1]++] = (float)(1 + pt_rng_below(&r, 3));
            m->popularity[i] += 1;
        }
    }
    for (uint32_t i = 0; i < ITEMS; i++)
        m->group[i] = 1 + i % 6;
    m->data = (pt_recommend_data){.owned = {m->offsets, m->items, m->confidence, CUSTOMERS, ITEMS},
                                  .popularity = m->popularity,
                                  .attributes = {m->group},
                                  .n_attributes = 1};
    return m;
}

static pt_recommend_options options_with(const double weights[PT_WAYS])
{
    pt_recommend_options o = {.als = {.factors = 8, .regularization = 0.1, .iterations = 8, .seed = 1},
                              .alpha = 5,
                              .near = {.most = 20, .significance = 0.01, .min_both = 1}};

    memcpy(o.weights, weights, sizeof o.weights);
    return o;
}

static const double all_ways[PT_WAYS] = {1, 1, 0.5, 0.2, 0.3};

static pt_recommender fit(const made *m, const double weights[PT_WAYS], pt_pool *pool)
{
    pt_recommend_options o = options_with(weights);
    pt_recommender r;
    pt_err err;

    o.als.pool = o.near.pool = pool;
    CHECK_OK(pt_recommender_fit(&r, &m->data, &o, &err));
    return r;
}

static pt_basket_of basket_of(const made *m, uint32_t u)
{
    uint64_t from = m->offsets[u];

    return (pt_basket_of){
        .items = m->items + from, .confidence = m->confidence + from, .n = (size_t)(m->offsets[u + 1] - from)};
}

static size_t recommend(pt_recommendation *out, size_t most, const pt_recommender *r, const pt_basket_of *b)
{
    pt_recommend_scratch *scratch;
    size_t n;
    pt_err err;

    CHECK_OK(pt_recommend_scratch_new(&scratch, r, &err));
    CHECK_OK(pt_recommend(out, &n, most, r, NULL, b, scratch, &err));
    pt_recommend_scratch_free(scratch);
    return n;
}

static bool owns(const pt_basket_of *b, uint32_t item)
{
    for (size_t k = 0; k < b->n; k++)
        if (b->items[k] == item)
            return true;
    return false;
}

TEST(model_recommend__near_items_are_those_of_the_definition)
{
    made *m = made_new();
    pt_neighbours_options o = {.most = 7, .significance = 0.001, .min_both = 2};
    pt_neighbours similar, rules;
    pt_err err;

    CHECK_OK(pt_neighbours_fit(&similar, &rules, &m->data.owned, &o, &err));
    for (uint32_t a = 0; a < ITEMS; a++) {
        double cosine[ITEMS] = {0};
        double has[ITEMS] = {0}, both[ITEMS] = {0};
        for (uint32_t u = 0; u < CUSTOMERS; u++) {
            pt_basket_of b = basket_of(m, u);
            for (uint32_t i = 0; i < ITEMS; i++) {
                has[i] += owns(&b, i);
                both[i] += owns(&b, a) && owns(&b, i);
            }
        }
        for (uint32_t i = 0; i < ITEMS; i++)
            cosine[i] = i == a || both[i] < 2 ? 0 : both[i] / sqrt(has[a] * has[i]);
        for (uint64_t k = similar.offsets[a]; k < similar.offsets[a + 1]; k++) {
            uint32_t best = 0;
            for (uint32_t i = 1; i < ITEMS; i++)
                if ((float)cosine[i] > (float)cosine[best])
                    best = i;
            CHECK_INT(similar.near[k], best);
            CHECK(fabs((double)similar.weights[k] - cosine[best]) < 1e-6);
            cosine[best] = 0;
        }
        CHECK_INT(similar.offsets[a + 1] - similar.offsets[a], 7);
        for (uint64_t k = rules.offsets[a]; k < rules.offsets[a + 1]; k++) {
            uint32_t i = rules.near[k];
            CHECK(fabs((double)rules.weights[k] - both[i] / has[a]) < 1e-6);
            CHECK(both[i] * CUSTOMERS > has[a] * has[i]); /* more often than by chance */
            CHECK(i % 3 == a % 3);
        }
    }
    pt_neighbours_free(&similar);
    pt_neighbours_free(&rules);
    free(m);
}

/* Every way must see the three kinds of customers; popularity cannot. */
TEST(model_recommend__each_way_finds_what_was_planted)
{
    made *m = made_new();

    for (int way = 0; way < PT_WAYS; way++) {
        double weights[PT_WAYS] = {0};
        size_t right = 0, n = 0;
        weights[way] = 1;
        pt_recommender r = fit(m, weights, NULL);
        for (uint32_t u = 0; u < CUSTOMERS; u++) {
            pt_recommendation out[5];
            pt_basket_of b = basket_of(m, u);
            size_t got = recommend(out, 5, &r, &b);
            for (size_t i = 0; i < got; i++) {
                CHECK_INT(out[i].way, way);
                CHECK(!owns(&b, out[i].item));
                CHECK(i == 0 || out[i].score <= out[i - 1].score);
                right += out[i].item % 3 == u % 3;
            }
            n += got;
        }
        CHECK(n > 4 * CUSTOMERS);
        if (way != PT_WAY_POPULAR)
            CHECK(right * 100 > n * 80);
        pt_recommender_free(&r);
    }
    free(m);
}

TEST(model_recommend__scores_are_the_weighted_sum_of_ways)
{
    made *m = made_new();
    pt_recommender r = fit(m, all_ways, NULL);
    pt_basket_of b = basket_of(m, 4);
    pt_recommendation out[ITEMS];
    float most[PT_WAYS] = {0};

    b.again = true;
    size_t n = recommend(out, ITEMS, &r, &b);
    CHECK_INT(n, ITEMS);
    for (size_t i = 0; i < n; i++) {
        float sum = 0;
        for (int w = 0; w < PT_WAYS; w++) {
            sum += out[i].parts[w];
            most[w] = out[i].parts[w] > most[w] ? out[i].parts[w] : most[w];
            CHECK(out[i].parts[w] <= out[i].parts[out[i].way]);
        }
        CHECK(fabsf(sum - out[i].score) < 1e-5f);
    }
    for (int w = 0; w < PT_WAYS; w++)
        CHECK(fabs((double)most[w] - all_ways[w]) < 1e-5); /* the highest of each way adds its weight */
    pt_recommender_free(&r);
    free(m);
}

TEST(model_recommend__keeps_out_what_is_excluded_and_says_why)
{
    made *m = made_new();
    pt_recommender r = fit(m, all_ways, NULL);
    pt_basket_of b = basket_of(m, 10);
    pt_recommendation out[10], fewer[10];
    uint64_t excluded = 0;

    CHECK_INT(recommend(out, 10, &r, &b), 10);
    for (size_t i = 0; i < 10; i++)
        CHECK(out[i].way == PT_WAY_POPULAR || (out[i].because != UINT32_MAX && owns(&b, out[i].because)));
    excluded = UINT64_C(1) << out[0].item | UINT64_C(1) << out[2].item;
    b.excluded = &excluded;
    CHECK_INT(recommend(fewer, 8, &r, &b), 8);
    CHECK_INT(fewer[0].item, out[1].item);
    for (size_t i = 1; i < 8; i++)
        CHECK_INT(fewer[i].item, out[i + 2].item);
    pt_recommender_free(&r);
    free(m);
}

TEST(model_recommend__who_has_nothing_gets_what_is_popular)
{
    made *m = made_new();
    pt_recommender r = fit(m, all_ways, NULL);
    pt_basket_of nothing = {0};
    pt_recommendation out[3];
    uint32_t best = 0;

    for (uint32_t i = 1; i < ITEMS; i++)
        best = m->popularity[i] > m->popularity[best] ? i : best;
    CHECK_INT(recommend(out, 3, &r, &nothing), 3);
    CHECK_INT(out[0].item, best);
    CHECK_INT(out[0].way, PT_WAY_POPULAR);
    CHECK_INT(out[0].because, UINT32_MAX);
    CHECK_INT(recommend(out, 0, &r, &nothing), 0);
    pt_recommender_free(&r);
    free(m);
}

static void check_same(const pt_recommender *a, const pt_recommender *b)
{
    pt_str x = {0}, y = {0};
    pt_err err;

    CHECK_OK(pt_recommender_save(&x, a, &err));
    CHECK_OK(pt_recommender_save(&y, b, &err));
    CHECK_INT(x.len, y.len);
    CHECK(memcmp(x.ptr, y.ptr, x.len) == 0);
    pt_str_free(&x);
    pt_str_free(&y);
}

TEST(model_recommend__is_the_same_on_any_number_of_threads)
{
    made *m = made_new();
    pt_recommender one = fit(m, all_ways, NULL);
    pt_err err;

    for (unsigned threads = 2; threads <= 5; threads += 3) {
        pt_pool *pool;
        CHECK_OK(pt_pool_new(&pool, threads, &err));
        pt_recommender many = fit(m, all_ways, pool);
        check_same(&one, &many);
        pt_recommender_free(&many);
        pt_pool_free(pool);
    }
    pt_recommender_free(&one);
    free(m);
}

TEST(model_recommend__comes_back_from_bytes_and_damage_is_found)
{
    made *m = made_new();
    pt_recommender r = fit(m, all_ways, NULL), back;
    pt_recommendation before[10], after[10];
    pt_basket_of b = basket_of(m, 3);
    pt_str bytes = {0};
    pt_rng rng;
    pt_err err;

    CHECK_OK(pt_recommender_save(&bytes, &r, &err));
    CHECK_OK(pt_recommender_load(&back, (pt_sv){bytes.ptr, bytes.len}, &err));
    CHECK_INT(recommend(before, 10, &r, &b), 10);
    CHECK_INT(recommend(after, 10, &back, &b), 10);
    for (int i = 0; i < 10; i++) {
        CHECK_INT(before[i].item, after[i].item);
        CHECK_DOUBLE((double)before[i].score, (double)after[i].score);
        CHECK_INT(before[i].because, after[i].because);
    }
    pt_recommender_free(&back);
    for (size_t n = 0; n < bytes.len; n += 1 + n / 50) /* cut short */
        CHECK_INT(pt_recommender_load(&back, (pt_sv){bytes.ptr, n}, &err), PT_ECORRUPT);
    pt_rng_seed(&rng, 92);
    for (int round = 0; round < 2000; round++) { /* wrong anywhere: refused, or nothing leads outside */
        size_t at = pt_rng_below(&rng, bytes.len);
        char was = bytes.ptr[at];
        bytes.ptr[at] = (char)pt_rng_u64(&rng);
        if (pt_recommender_load(&back, (pt_sv){bytes.ptr, bytes.len}, &err) == PT_OK) {
            recommend(after, 10, &back, &b);
            pt_recommender_free(&back);
        }
        bytes.ptr[at] = was;
    }
    pt_str_free(&bytes);
    pt_recommender_free(&r);
    free(m);
}
