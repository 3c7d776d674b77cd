/* Against the published formulas by mpmath (the tables are what buying.py prints), and against the published results on CDNOW. */
#include "model/buying.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/rng.h"
#include "model/gamma_gamma.h"
#include "support/buyers.h"
#include "support/test.h"

static pt_err err;

static const struct {
    const pt_buying_model *model;
    double p[PT_BUYING];
    pt_buyer c;
    double time, likelihood, alive, expected;
} customers[] = {
    {&pt_bgnbd, {0.243, 4.414, 0.793, 2.426}, {0, 0, 40}, 39.0, -0.56103194281385813, 1.0, 0.19057328988867968},
    {&pt_bgnbd,
     {0.243, 4.414, 0.793, 2.426},
     {2, 30.25, 38.75},
     1.0,
     -9.451278553759766,
     0.72540325025045056,
     0.037482135569477733},
    {&pt_bgnbd,
     {0.243, 4.414, 0.793, 2.426},
     {1, 1.5, 39},
     250.0,
     -4.4355860978297748,
     0.20428998279896958,
     0.80728724008921466},
    {&pt_bgnbd,
     {0.243, 4.414, 0.793, 2.426},
     {26, 30.875, 31},
     39.0,
     -37.726924421596212,
     0.96924993308047039,
     20.75688495621607},
    {&pt_bgnbd,
     {0.243, 4.414, 0.793, 2.426},
     {3, 2, 30},
     1.0,
     -8.4071412687361103,
     0.023459332649603672,
     0.0021935263093041374},
    {&pt_bgnbd,
     {0.243, 4.414, 0.793, 2.426},
     {120, 35, 38},
     250.0,
     3.2927827746663288,
     0.022107596518500465,
     6.3568693815129717},
    {&pt_bgnbd,
     {0.243, 4.414, 0.793, 2.426},
     {7, 5, 5},
     39.0,
     -11.168739051379665,
     0.91398199370864519,
     14.150552224892713},
    {&pt_bgnbd, {2.5, 11.25, 1.5, 0.25}, {0, 0, 40}, 39.0, -3.7908687234202211, 1.0, 0.85736787621277563},
    {&pt_bgnbd,
     {2.5, 11.25, 1.5, 0.25},
     {2, 30.25, 38.75},
     1.0,
     -10.789983486632962,
     0.26487069241951752,
     0.023325612379197881},
    {&pt_bgnbd,
     {2.5, 11.25, 1.5, 0.25},
     {1, 1.5, 39},
     250.0,
     -2.0949286353105613,
     0.0013695030056853063,
     0.0035014067739510471},
    {&pt_bgnbd,
     {2.5, 11.25, 1.5, 0.25},
     {26, 30.875, 31},
     39.0,
     -40.932702258266958,
     0.93928433722979262,
     14.578086923785932},
    {&pt_bgnbd,
     {2.5, 11.25, 1.5, 0.25},
     {3, 2, 30},
     1.0,
     -8.1356905659262831,
     0.0028985859371708231,
     0.00037710918819529681},
    {&pt_bgnbd,
     {2.5, 11.25, 1.5, 0.25},
     {120, 35, 38},
     250.0,
     -11.797371074734368,
     0.034786794239978317,
     5.0134219879331086},
    {&pt_bgnbd, {2.5, 11.25, 1.5, 0.25}, {7, 5, 5}, 39.0, -13.209589816463487, 0.80645161290322581, 6.2362745686524375},
    {&pt_bgnbd, {0.05, 100, 0.01, 3}, {0, 0, 40}, 39.0, -0.016823611831060647, 1.0, 0.013922103393064399},
    {&pt_bgnbd,
     {0.05, 100, 0.01, 3},
     {2, 30.25, 38.75},
     1.0,
     -12.831647581280154,
     0.99716215234332284,
     0.014732523531175329},
    {&pt_bgnbd,
     {0.05, 100, 0.01, 3},
     {1, 1.5, 39},
     250.0,
     -7.9453727122394204,
     0.99538421374074832,
     1.8731901036006183},
    {&pt_bgnbd,
     {0.05, 100, 0.01, 3},
     {26, 30.875, 31},
     39.0,
     -71.595807305611947,
     0.99963399809808525,
     7.74263157085782},
    {&pt_bgnbd, {0.05, 100, 0.01, 3}, {3, 2, 30}, 1.0, -16.848464224727382, 0.99582640470716922, 0.023363015075241311},
    {&pt_bgnbd,
     {0.05, 100, 0.01, 3},
     {120, 35, 38},
     250.0,
     -141.0290405929567,
     0.99885433474408562,
     215.93952284242678},
    {&pt_bgnbd, {0.05, 100, 0.01, 3}, {7, 5, 5}, 39.0, -28.888124012142204, 0.99889012208657048, 2.6121072852443137},
    {&pt_pareto_nbd,
     {0.553, 10.578, 0.606, 11.669},
     {0, 0, 40},
     39.0,
     -0.52472751031937332,
     0.28873245957105664,
     0.10268398715171045},
    {&pt_pareto_nbd,
     {0.553, 10.578, 0.606, 11.669},
     {2, 30.25, 38.75},
     1.0,
     -9.5452727992306657,
     0.86742836907959645,
     0.044627301300674354},
    {&pt_pareto_nbd,
     {0.553, 10.578, 0.606, 11.669},
     {1, 1.5, 39},
     250.0,
     -4.4195208649076008,
     0.16194164097456815,
     0.66342721130466116},
    {&pt_pareto_nbd,
     {0.553, 10.578, 0.606, 11.669},
     {26, 30.875, 31},
     39.0,
     -39.131904122439896,
     0.99815085611932654,
     20.121705482440041},
    {&pt_pareto_nbd,
     {0.553, 10.578, 0.606, 11.669},
     {3, 2, 30},
     1.0,
     -8.9381187399153055,
     0.054951207949870994,
     0.0047769698682023545},
    {&pt_pareto_nbd,
     {0.553, 10.578, 0.606, 11.669},
     {120, 35, 38},
     250.0,
     -10.017244839400024,
     0.083118668307033146,
     26.788506076551261},
    {&pt_pareto_nbd, {0.553, 10.578, 0.606, 11.669}, {7, 5, 5}, 39.0, -12.488282998306092, 1.0, 12.475719197444464},
    {&pt_pareto_nbd,
     {2.5, 1.25, 0.25, 80},
     {0, 0, 40},
     39.0,
     -5.9268453031403486,
     0.054161233390257993,
     0.12341442164015981},
    {&pt_pareto_nbd,
     {2.5, 1.25, 0.25, 80},
     {2, 30.25, 38.75},
     1.0,
     -13.939117837098167,
     0.9678524995444401,
     0.10876919234716113},
    {&pt_pareto_nbd,
     {2.5, 1.25, 0.25, 80},
     {1, 1.5, 39},
     250.0,
     -7.76640541418248,
     0.022559382959930068,
     0.41606439390201488},
    {&pt_pareto_nbd,
     {2.5, 1.25, 0.25, 80},
     {26, 30.875, 31},
     39.0,
     -32.58448942163595,
     0.99970218330339848,
     33.127405681625125},
    {&pt_pareto_nbd,
     {2.5, 1.25, 0.25, 80},
     {3, 2, 30},
     1.0,
     -8.3883493476294761,
     0.0016759406676336972,
     0.00029463163256760579},
    {&pt_pareto_nbd,
     {2.5, 1.25, 0.25, 80},
     {120, 35, 38},
     250.0,
     18.105387138669313,
     0.082971086745354149,
     54.871149559906816},
    {&pt_pareto_nbd, {2.5, 1.25, 0.25, 80}, {7, 5, 5}, 39.0, -5.4621706324531812, 1.0, 56.400241604422091},
    {&pt_pareto_nbd,
     {0.5, 300, 3, 0.5},
     {0, 0, 40},
     39.0,
     -0.00041568556793757091,
     1.7682621145060232e-6,
     3.899189593480708e-8},
    {&pt_pareto_nbd,
     {0.5, 300, 3, 0.5},
     {2, 30.25, 38.75},
     1.0,
     -24.336725224714532,
     0.47165032007465636,
     0.0033521686714639035},
    {&pt_pareto_nbd,
     {0.5, 300, 3, 0.5},
     {1, 1.5, 39},
     250.0,
     -10.568196879098006,
     0.00010941059977304029,
     9.3833265409047105e-6},
    {&pt_pareto_nbd,
     {0.5, 300, 3, 0.5},
     {26, 30.875, 31},
     39.0,
     -104.26618059628183,
     0.98808343136588723,
     0.99719157359563683},
    {&pt_pareto_nbd,
     {0.5, 300, 3, 0.5},
     {3, 2, 30},
     1.0,
     -21.348367559971642,
     0.00040949804597774327,
     4.1385324405104618e-6},
    {&pt_pareto_nbd,
     {0.5, 300, 3, 0.5},
     {120, 35, 38},
     250.0,
     -256.60034234601495,
     0.66300179287662971,
     4.469016001200061},
    {&pt_pareto_nbd, {0.5, 300, 3, 0.5}, {7, 5, 5}, 39.0, -40.282133611788565, 1.0, 0.066589952833410254},
};

static void near(size_t i, const char *what, double got, double want, double by)
{
    if (!(fabs(got - want) <= by * fmax(fabs(want), 1e-12)))
        test_fail(__FILE__, __LINE__, "case %zu, %s: %.15g, not %.15g", i, what, got, want);
}

TEST(model_buying__is_what_the_formulas_say)
{
    pt_pool *pool = NULL;
    double value, slope[PT_BUYING], curve[PT_BUYING * PT_BUYING];

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    for (size_t i = 0; i < PT_COUNT(customers); i++) {
        const pt_buyer *c = &customers[i].c;
        uint32_t x = (uint32_t)c->x, last = (uint32_t)(c->last * 1000), age = (uint32_t)(c->age * 1000);
        pt_arena *arena = pt_arena_new(0);
        pt_buyers buyers;
        CHECK_OK(pt_buyers_collapse(&buyers, NULL, &x, &last, &age, 1, 1000, arena, &err));
        CHECK_OK(customers[i].model->likelihood(&buyers, pool, customers[i].p, &value, slope, curve, &err));
        near(i, "likelihood", value, customers[i].likelihood, 1e-11);
        near(i, "alive", customers[i].model->alive(customers[i].p, c), customers[i].alive, 1e-10);
        near(i, "expected", customers[i].model->expected(customers[i].p, c, customers[i].time), customers[i].expected,
             1e-10);
        pt_arena_free(arena);
    }
    pt_pool_free(pool);
}

TEST(model_buying__chances_add_up_to_one_and_to_what_is_expected)
{
    enum { MOST = 4000 };
    static double chances[MOST];

    for (size_t i = 0; i < PT_COUNT(customers); i++) {
        double all = 0, mean = 0;
        customers[i].model->chances(chances, MOST, customers[i].p, &customers[i].c, customers[i].time);
        for (size_t k = 0; k < MOST; k++) {
            CHECK(chances[k] >= 0);
            all += chances[k];
            mean += (double)k * chances[k];
        }
        near(i, "sum", all, 1, 1e-9);
        near(i, "mean", mean, customers[i].expected, 1e-6);
        const pt_buyer anybody = {0};
        mean = 0;
        customers[i].model->chances(chances, MOST, customers[i].p, &anybody, customers[i].time);
        for (size_t k = 0; k < MOST; k++)
            mean += (double)k * chances[k];
        near(i, "mean of anybody", mean, customers[i].model->expected_new(customers[i].p, customers[i].time), 1e-5);
    }
}

TEST(model_buying__chances_are_the_published_ones)
{
    const double bgnbd[] = {0.243, 4.414, 0.793, 2.426};
    pt_buyer anybody = {0};
    double chances[11];

    /* lifetimes 0.11.3, tests/test_estimation.py */
    pt_bgnbd.chances(chances, 11, bgnbd, &anybody, 2);
    near(0, "P(X(2) = 10)", chances[10], 1.07869e-07, 1e-5);
    pt_bgnbd.chances(chances, 1, bgnbd, &anybody, 39);
    near(1, "P(X(39) = 0)", chances[0], 0.5737864, 1e-5);
    CHECK(pt_bgnbd.alive(bgnbd, &anybody) == 1);
}

/* --- slopes and second derivatives, against differences --------------------------------------------------------------------- */

static void check_derivatives(const pt_buying_model *model, const pt_buyers *buyers, pt_pool *pool, const double *p)
{
    double value, slope[4], curve[16];

    CHECK_OK(model->likelihood(buyers, pool, p, &value, slope, curve, &err));
    for (size_t i = 0; i < 4; i++) {
        double up[4], down[4], v[2], s[2][4], c[16], h = p[i] * 1e-4;
        memcpy(up, p, sizeof up);
        memcpy(down, p, sizeof down);
        up[i] += h;
        down[i] -= h;
        CHECK_OK(model->likelihood(buyers, pool, up, &v[0], s[0], c, &err));
        CHECK_OK(model->likelihood(buyers, pool, down, &v[1], s[1], c, &err));
        double scale = fabs(value) / p[i];
        if (!(fabs((v[0] - v[1]) / (2 * h) - slope[i]) < 1e-6 * scale))
            test_fail(__FILE__, __LINE__, "%s, slope by %s: %g, not %g", model->name, model->parameters[i], slope[i],
                      (v[0] - v[1]) / (2 * h));
        for (size_t j = 0; j < 4; j++)
            if (!(fabs((s[0][j] - s[1][j]) / (2 * h) - curve[i * 4 + j]) < 1e-6 * scale / p[j]))
                test_fail(__FILE__, __LINE__, "%s, second derivative %zu %zu: %g, not %g", model->name, i, j,
                          curve[i * 4 + j], (s[0][j] - s[1][j]) / (2 * h));
    }
}

TEST(model_buying__derivatives_are_differences)
{
    static const double p[][4] = {{0.243, 4.414, 0.793, 2.426}, {2, 30, 3, 0.5}, {0.7, 1, 0.05, 9}, {1, 12, 1, 12}};
    pt_pool *pool = NULL;
    test_buyers b;

    test_buyers_invent(&b, 500, 3);
    CHECK_OK(pt_pool_new(&pool, 1, &err));
    for (size_t i = 0; i < PT_COUNT(p); i++) {
        check_derivatives(&pt_bgnbd, &b.buyers, pool, p[i]);
        check_derivatives(&pt_pareto_nbd, &b.buyers, pool, p[i]);
    }
    pt_pool_free(pool);
    test_buyers_free(&b);
}

/* --- fits -------------------------------------------------------------------------------------------------------------------- */

TEST(model_buying__fits_cdnow_as_published)
{
    pt_pool *pool = NULL;
    pt_estimate e;
    test_buyers b;

    test_buyers_cdnow(&b);
    CHECK_OK(pt_pool_new(&pool, 1, &err));
    CHECK_INT(b.n, 2357);
    CHECK_OK(pt_buying_fit(&e, &pt_bgnbd, &b.buyers, pool, &err));
    CHECK(e.converged);
    near(0, "r", e.value[0], 0.2425929, 1e-5);
    near(0, "alpha", e.value[1], 4.4135316, 1e-5);
    near(0, "a", e.value[2], 0.7928861, 1e-5);
    near(0, "b", e.value[3], 2.4257537, 1e-5);
    near(0, "likelihood", e.log_likelihood, -9582.4256, 1e-8);
    pt_buyer c = {2, 30.43, 38.86};
    near(0, "E[Y(39)]", pt_bgnbd.expected(e.value, &c, 39), 1.22591, 1e-5);
    double time[] = {0.1429, 1, 3, 31.8571, 32, 78}, want[] = {.007816, .053185, .150632, 1.040494, 1.043737, 1.857972};
    for (size_t i = 0; i < PT_COUNT(time); i++)
        near(i, "E[X(t)]", pt_bgnbd.expected_new(e.value, time[i]), want[i], 1e-4);
    double all = 0;
    for (size_t i = 0; i < b.buyers.n; i++) {
        c = pt_buyers_at(&b.buyers, i);
        all += b.buyers.count[i] * pt_bgnbd.expected(e.value, &c, 39);
    }
    near(0, "expected in the second 39 weeks", all, 1653.42, 1e-5);

    CHECK_OK(pt_buying_fit(&e, &pt_pareto_nbd, &b.buyers, pool, &err));
    CHECK(e.converged);
    near(1, "r", e.value[0], 0.553276, 1e-4);
    near(1, "alpha", e.value[1], 10.577612, 1e-4);
    near(1, "s", e.value[2], 0.606214, 1e-4);
    near(1, "beta", e.value[3], 11.667913, 1e-4);
    near(1, "likelihood", e.log_likelihood, -9594.9739, 1e-7);
    c = (pt_buyer){26, 30.86, 31};
    near(1, "E[Y(52)]", pt_pareto_nbd.expected(e.value, &c, 52), 25.46, 1e-3);
    pt_pool_free(pool);
    test_buyers_free(&b);
}

/* The likelihood is that of (a, b) as well wherever it is flat; errors are those of the second derivatives, which a fit of other
 * customers from the same parameters should show. */
TEST(model_buying__finds_the_parameters_that_made_the_data)
{
    static const double want[] = {0.8, 6, 0.7, 3};
    pt_pool *pool = NULL;
    pt_estimate e;
    test_buyers b;
    int within = 0;

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    for (uint64_t seed = 1; seed <= 10; seed++) {
        test_buyers_of(&b, want, 4000, seed);
        CHECK_OK(pt_buying_fit(&e, &pt_bgnbd, &b.buyers, pool, &err));
        CHECK(e.converged);
        for (size_t i = 0; i < PT_BUYING; i++)
            within += fabs(log(e.value[i] / want[i])) < 1.96 * e.log_error[i];
        test_buyers_free(&b);
    }
    CHECK(within >= 34); /* of 40; fewer than 34 has a chance of 1 in 1,000 */
    pt_pool_free(pool);
}

TEST(model_buying__same_bytes_on_any_number_of_threads)
{
    static const unsigned threads[] = {1, 2, 5};
    pt_estimate first, e;
    test_buyers b;

    test_buyers_invent(&b, 60000, 9);
    CHECK(b.buyers.n > 20000);
    for (size_t i = 0; i < PT_COUNT(threads); i++) {
        pt_pool *pool = NULL;
        CHECK_OK(pt_pool_new(&pool, threads[i], &err));
        CHECK_OK(pt_buying_fit(&e, &pt_bgnbd, &b.buyers, pool, &err));
        pt_pool_free(pool);
        if (i == 0)
            first = e;
        CHECK(memcmp(e.value, first.value, sizeof e.value) == 0 && e.log_likelihood == first.log_likelihood);
    }
    test_buyers_free(&b);
}

TEST(model_buying__does_not_depend_on_the_order_of_customers_or_the_unit_of_time)
{
    pt_pool *pool = NULL;
    pt_estimate e, days;
    test_buyers b;
    pt_buyers turned;

    test_buyers_invent(&b, 3000, 5);
    CHECK_OK(pt_pool_new(&pool, 1, &err));
    for (size_t i = 0; i < b.n / 2; i++) {
        uint32_t *of[] = {b.x, b.last, b.age};
        for (size_t f = 0; f < 3; f++) {
            uint32_t kept = of[f][i];
            of[f][i] = of[f][b.n - 1 - i];
            of[f][b.n - 1 - i] = kept;
        }
    }
    CHECK_OK(pt_buyers_collapse(&turned, NULL, b.x, b.last, b.age, b.n, 1, b.arena, &err));
    for (size_t k = 0; k < 2; k++) {
        const pt_buying_model *model = k ? &pt_pareto_nbd : &pt_bgnbd;
        CHECK_OK(pt_buying_fit(&e, model, &b.buyers, pool, &err)); /* in weeks */
        CHECK_OK(pt_buying_fit(&days, model, &turned, pool, &err));
        near(k, "first", days.value[0], e.value[0], 1e-5);
        near(k, "second", days.value[1], 7 * e.value[1], 1e-5);
        near(k, "third", days.value[2], e.value[2], 1e-5);
        near(k, "fourth", days.value[3], (k ? 7 : 1) * e.value[3], 1e-5);
    }
    pt_pool_free(pool);
    test_buyers_free(&b);
}

TEST(model_buying__refuses_what_nothing_can_be_learned_from)
{
    static uint32_t none[] = {0, 0, 0}, age[] = {10, 20, 30}, one[] = {1, 0, 0}, late[] = {11, 0, 0},
                    many[] = {1u << 21};
    pt_arena *arena = pt_arena_new(0);
    pt_pool *pool = NULL;
    pt_estimate e;
    pt_buyers b;

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    CHECK_OK(pt_buyers_collapse(&b, NULL, none, none, age, 3, 7, arena, &err));
    CHECK_INT(pt_buying_fit(&e, &pt_bgnbd, &b, pool, &err), PT_EINVAL);
    CHECK_INT(pt_buying_fit(&e, &pt_pareto_nbd, &b, pool, &err), PT_EINVAL);
    CHECK_OK(pt_buyers_collapse(&b, NULL, none, none, age, 0, 7, arena, &err));
    CHECK_INT(pt_buying_fit(&e, &pt_bgnbd, &b, pool, &err), PT_EINVAL);
    CHECK_INT(pt_buyers_collapse(&b, NULL, one, late, age, 3, 7, arena, &err), PT_EINVAL);
    CHECK_INT(pt_buyers_collapse(&b, NULL, none, late, age, 1, 7, arena, &err), PT_EINVAL);
    CHECK_INT(pt_buyers_collapse(&b, NULL, many, many, many, 1, 7, arena, &err), PT_EINVAL);
    CHECK_INT(pt_buyers_collapse(&b, NULL, one, one, age, 3, 0, arena, &err), PT_EINVAL);
    /* Nobody ever stops: the fit says that the data do not tell how rarely. */
    uint32_t x[40], at[40];
    for (uint32_t i = 0; i < 40; i++)
        x[i] = 5 + i % 7, at[i] = 100 + i;
    CHECK_OK(pt_buyers_collapse(&b, NULL, x, at, at, 40, 7, arena, &err));
    CHECK_OK(pt_buying_fit(&e, &pt_bgnbd, &b, pool, &err));
    for (size_t i = 0; i < PT_BUYING; i++)
        CHECK(isfinite(e.value[i]) && e.value[i] > 0);
    pt_pool_free(pool);
    pt_arena_free(arena);
}

TEST(model_buying__collapse_counts_equal_customers_once)
{
    static uint32_t x[] = {1, 0, 1, 2, 1}, last[] = {5, 0, 5, 9, 4}, age[] = {9, 9, 9, 9, 9}, of[5];
    pt_arena *arena = pt_arena_new(0);
    pt_buyers b;

    CHECK_OK(pt_buyers_collapse(&b, of, x, last, age, 5, 7, arena, &err));
    CHECK_INT(b.n, 4);
    CHECK_INT(b.customers, 5);
    CHECK(b.count[of[0]] == 2 && of[0] == of[2] && of[1] == 0 && of[3] == 3 && of[4] == 1);
    for (size_t i = 0; i < 5; i++)
        CHECK(b.x[of[i]] == x[i] && b.last[of[i]] == last[i] && b.age[of[i]] == age[i]);
    pt_arena_free(arena);
}

TEST(model_buying__by_name)
{
    CHECK(pt_buying_model_find(PT_SV("bgnbd")) == &pt_bgnbd);
    CHECK(pt_buying_model_find(PT_SV("pareto_nbd")) == &pt_pareto_nbd);
    CHECK(pt_buying_model_find(PT_SV("")) == NULL);
}
