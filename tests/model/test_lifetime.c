/* Against the models themselves, and against customers drawn by chance. */
#include "model/lifetime.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "support/buyers.h"
#include "support/test.h"

static pt_err err;

static const pt_lifetime_plan cdnow = {.model = &pt_bgnbd,
                                       .buying = {0.243, 4.414, 0.793, 2.426},
                                       .spends = true,
                                       .spending = {6.25, 3.74, 15.44},
                                       .horizon = 52,
                                       .discount = 0.002,
                                       .coverage = 0.8};
static const pt_buyer customers[] = {{0, 0, 30}, {1, 5, 30}, {3, 30, 31}, {26, 30.875, 31}, {8, 20, 31}};

static pt_lifetime one(const pt_lifetime_plan *plan, const pt_buyer *c)
{
    uint32_t x = (uint32_t)c->x, last = (uint32_t)(c->last * 1000), age = (uint32_t)(c->age * 1000);
    pt_arena *arena = pt_arena_new(0);
    pt_pool *pool = NULL;
    pt_buyers b;
    pt_lifetime l;

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    CHECK_OK(pt_buyers_collapse(&b, NULL, &x, &last, &age, 1, 1000, arena, &err));
    CHECK_OK(pt_lifetimes(&l, plan, &b, pool, &err));
    pt_pool_free(pool);
    pt_arena_free(arena);
    return l;
}

static void near(size_t i, const char *what, double got, double want, double by)
{
    if (!(fabs(got - want) <= by * fmax(fabs(want), 1e-12)))
        test_fail(__FILE__, __LINE__, "case %zu, %s: %.15g, not %.15g", i, what, got, want);
}

TEST(model_lifetime__is_what_the_model_expects)
{
    pt_lifetime_plan plans[2] = {cdnow, cdnow};

    plans[1].model = &pt_pareto_nbd;
    memcpy(plans[1].buying, (double[]){0.553, 10.578, 0.606, 11.669}, sizeof plans[1].buying);
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < PT_COUNT(customers); i++) {
            const pt_buyer *c = &customers[i];
            pt_lifetime l = one(&plans[k], c);
            double sum = 0, before = 0;
            near(i, "alive", l.alive, plans[k].model->alive(plans[k].buying, c), 1e-12);
            near(i, "expected", l.expected, plans[k].model->expected(plans[k].buying, c, 52), 1e-9);
            for (int t = 1; t <= 52000; t++) { /* a thousandth of a week at a time */
                double now = plans[k].model->expected(plans[k].buying, c, t / 1000.0);
                if (t % 20 == 0) {
                    sum += (now - before) * exp(-0.002 * (t - 10) / 1000.0);
                    before = now;
                }
                t += t % 20 == 0 ? 19 : 0;
            }
            near(i, "discounted", l.discounted, sum, 1e-6);
            CHECK(l.discounted < l.expected && l.low <= l.expected + 1 && l.high + 1 >= l.expected);
        }
}

TEST(model_lifetime__intervals_hold_what_they_say)
{
    enum { DRAWS = 20000 };
    pt_rng r;

    pt_rng_seed(&r, 1);
    for (size_t i = 0; i < PT_COUNT(customers); i++) {
        const pt_buyer *c = &customers[i];
        const double *p = cdnow.buying, *s = cdnow.spending, mean = 30;
        pt_lifetime_plan plan = cdnow;
        plan.discount = 0;
        pt_lifetime l = one(&plan, c);
        pt_lifetime_value v = pt_lifetime_value_of(&plan, &l, c->x, mean);
        int below = 0, above = 0, few = 0, many = 0;
        double sum = 0;
        for (int d = 0; d < DRAWS; d++) {
            double rate = pt_rng_gamma(&r, p[0] + c->x) / (p[1] + c->age), go = pt_rng_gamma(&r, p[2]);
            double stops = go / (go + pt_rng_gamma(&r, p[3] + c->x)), spent = 0, time = 0;
            double nu = pt_rng_gamma(&r, s[1] + s[0] * c->x) / (s[2] + c->x * mean);
            int n = 0;
            bool alive = pt_rng_double(&r) < l.alive;
            while (alive && (time += pt_rng_gamma(&r, 1) / rate) < plan.horizon) {
                n++;
                spent += pt_rng_gamma(&r, s[0]) / nu;
                alive = pt_rng_double(&r) >= stops;
            }
            sum += spent;
            below += spent < v.low;
            above += spent > v.high;
            few += n < l.low;
            many += n > l.high;
        }
        near(i, "value", sum / DRAWS, v.value, 0.05);
        CHECK(above > 0.09 * DRAWS && above < 0.11 * DRAWS);
        CHECK(v.low == 0 || (below > 0.09 * DRAWS && below < 0.11 * DRAWS));
        CHECK(many <= 0.105 * DRAWS && few <= 0.105 * DRAWS);
    }
}

TEST(model_lifetime__without_spending_there_is_no_value)
{
    pt_lifetime_plan plan = cdnow;

    plan.spends = false;
    pt_lifetime l = one(&plan, &customers[1]);
    pt_lifetime_value v = pt_lifetime_value_of(&plan, &l, 1, 20);
    CHECK(isnan(v.value) && isnan(v.low) && isnan(v.high) && l.expected > 0);
}

TEST(model_lifetime__same_bytes_on_any_number_of_threads)
{
    static const unsigned threads[] = {1, 2, 5};
    test_buyers b;

    test_buyers_invent(&b, 3000, 2);
    pt_lifetime *out[3];
    for (size_t i = 0; i < PT_COUNT(threads); i++) {
        pt_pool *pool = NULL;
        out[i] = PT_NEW_ARRAY(b.arena, pt_lifetime, b.buyers.n);
        CHECK(out[i] != NULL);
        CHECK_OK(pt_pool_new(&pool, threads[i], &err));
        CHECK_OK(pt_lifetimes(out[i], &cdnow, &b.buyers, pool, &err));
        CHECK(memcmp(out[i], out[0], b.buyers.n * sizeof *out[i]) == 0);
        pt_pool_free(pool);
    }
    test_buyers_free(&b);
}

TEST(model_lifetime__refuses_plans_that_make_no_sense)
{
    pt_lifetime_plan wrong[] = {cdnow, cdnow, cdnow, cdnow};
    pt_pool *pool = NULL;
    pt_lifetime l;
    pt_buyers none = {.ticks = 1};

    wrong[0].horizon = 0;
    wrong[1].discount = -1;
    wrong[2].coverage = 1;
    wrong[3].horizon = NAN;
    CHECK_OK(pt_pool_new(&pool, 1, &err));
    for (size_t i = 0; i < PT_COUNT(wrong); i++)
        CHECK_INT(pt_lifetimes(&l, &wrong[i], &none, pool, &err), PT_EINVAL);
    CHECK_OK(pt_lifetimes(&l, &cdnow, &none, pool, &err));
    pt_pool_free(pool);
}
