/* The loops of networks: what they compute, and that every instruction set gives the same bits. */
#include "model/net_kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "support/test.h"

static const char *const names[] = {"plain", "avx2", "avx512"};

static float *some(pt_rng *r, size_t n, double scale)
{
    float *v = pt_alloc64(n ? n : 1, sizeof *v);

    CHECK(v);
    for (size_t i = 0; i < n; i++)
        v[i] = (float)((pt_rng_double(r) * 2 - 1) * scale);
    return v;
}

static float *copy(const float *from, size_t n)
{
    float *v = pt_alloc64(n ? n : 1, sizeof *v);

    CHECK(v);
    memcpy(v, from, n * sizeof *v);
    return v;
}

/* The chain that net_kernels.h promises. */
static float chain(float start, pt_net_left a, size_t i, const float *b, size_t ldb, size_t j, size_t k)
{
    for (size_t l = 0; l < k; l++)
        start = fmaf(a.values[i * a.row + l * a.column], b[l * ldb + j], start);
    return start;
}

static void check_product(const pt_net_kernels *k, pt_rng *r, size_t m, size_t n, size_t depth, bool turned, bool add)
{
    size_t ldc = n + 3, ldb = n + 1;
    float *a = some(r, m * depth, 1), *b = some(r, depth * ldb, 1), *c = some(r, m * ldc, 1), *was = copy(c, m * ldc);
    pt_net_left left = turned ? (pt_net_left){a, 1, m} : (pt_net_left){a, depth, 1};

    k->multiply(c, ldc, left, b, ldb, m, n, depth, add);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < ldc; j++) {
            float want = j >= n ? was[i * ldc + j] : chain(add ? was[i * ldc + j] : 0.0f, left, i, b, ldb, j, depth);
            CHECK(memcmp(&want, &c[i * ldc + j], sizeof want) == 0);
        }
    free(a);
    free(b);
    free(c);
    free(was);
}

TEST(model_net_kernels__products_are_chains_of_fused_steps_on_every_machine)
{
    for (size_t v = 0; v < PT_COUNT(names); v++) {
        const pt_net_kernels *k = pt_net_kernels_named(names[v]);
        pt_rng r;
        pt_rng_seed(&r, 1);
        for (int i = 0; k && i < 150; i++)
            check_product(k, &r, 1 + pt_rng_below(&r, 20), 1 + pt_rng_below(&r, 120), pt_rng_below(&r, 300),
                          pt_rng_below(&r, 2), pt_rng_below(&r, 2));
    }
}

TEST(model_net_kernels__windows_may_overlap)
{
    const pt_net_kernels *k = pt_net_kernels_best();
    const float x[6] = {1, 2, 3, 4, 5, 6}, weights[2] = {10, 1};
    float y[5];

    k->multiply(y, 1, (pt_net_left){x, 1, 1}, weights, 1, 5, 1, 2, false);
    for (int i = 0; i < 5; i++)
        CHECK_DOUBLE(y[i], 10 * x[i] + x[i + 1]);
}

/* Largest distance from the truth in units of the last place of a float. */
static double off_by(float got, double want)
{
    float up = nextafterf((float)fabs(want), INFINITY);

    return fabs((double)got - want) / ((double)up - (double)(float)fabs(want));
}

TEST(model_net_kernels__tanh_and_sigmoid_are_right_to_a_few_last_places)
{
    const pt_net_kernels *k = pt_net_kernels_best();
    enum { N = 200001 };
    float *x = pt_alloc64(N, sizeof *x), *t, *s;
    double worst_tanh = 0, worst_sigmoid = 0;

    CHECK(x);
    for (int i = 0; i < N; i++)
        x[i] = (float)(i - N / 2) / (float)(N / 2) * 20.0f;
    t = copy(x, N);
    s = copy(x, N);
    k->tanh(t, N);
    k->sigmoid(s, N);
    for (int i = 0; i < N; i++) {
        if (x[i] != 0)
            worst_tanh = fmax(worst_tanh, off_by(t[i], tanh((double)x[i])));
        worst_sigmoid = fmax(worst_sigmoid, off_by(s[i], 1 / (1 + exp(-(double)x[i]))));
    }
    CHECK(worst_tanh < 3);
    CHECK(worst_sigmoid < 4);
    free(x);
    free(t);
    free(s);
}

TEST(model_net_kernels__far_out_values_saturate)
{
    const pt_net_kernels *k = pt_net_kernels_best();
    float t[4] = {-INFINITY, -200, 200, INFINITY}, s[4] = {-INFINITY, -200, 200, INFINITY};

    k->tanh(t, 4);
    k->sigmoid(s, 4);
    CHECK_DOUBLE(t[0], -1);
    CHECK_DOUBLE(t[1], -1);
    CHECK_DOUBLE(t[2], 1);
    CHECK_DOUBLE(t[3], 1);
    CHECK(s[0] >= 0 && s[0] < 1e-37f && s[1] < 1e-37f);
    CHECK_DOUBLE(s[2], 1);
    CHECK_DOUBLE(s[3], 1);
}

/* Runs every elementwise loop of `k` over the same numbers; out holds what they leave, one after the other. */
static float *all_loops(const pt_net_kernels *k, size_t rows, size_t h, size_t *n)
{
    size_t one = rows * h, four = 4 * one, at = 0;
    float *out;
    pt_rng r;
    const pt_net_adam how = {0.01f, 0.1f, 0.001f, 0.999f, 3.0f, 1e-8f, 0.7f};

    pt_rng_seed(&r, 7);
    *n = four * 2 + one * 14;
    out = some(&r, *n, 3);
#define NEXT(size) (at += (size), out + at - (size))
    float *gru = NEXT(four), *lstm = NEXT(four), *h0 = NEXT(one), *h1 = NEXT(one), *slope = NEXT(one), *c0 = NEXT(one);
    float *c1 = NEXT(one), *cell_slope = NEXT(one), *w = NEXT(one), *mean = NEXT(one), *square = NEXT(one);
    float *g = NEXT(one), *t = NEXT(one), *s = NEXT(one), *relu = NEXT(one), *sums = NEXT(one);
#undef NEXT
    for (size_t i = 0; i < one; i++)
        square[i] = fabsf(square[i]);
    k->gru(gru, h0, h1, rows, h);
    k->gru_back(gru, h0, slope, rows, h);
    k->lstm(lstm, c0, c1, h1, rows, h);
    k->lstm_back(lstm, c0, c1, slope, cell_slope, rows, h);
    k->adam(w, mean, square, g, one, &how);
    k->tanh(t, one);
    k->sigmoid(s, one);
    k->relu(relu, one);
    k->relu_back(g, relu, one);
    k->greater(h0, h1, c0, 3, one);
    k->greater_back(c1, c0, h1, 3, one);
    k->add_rows(sums, gru, h, 4 * rows, h);
    return out;
}

TEST(model_net_kernels__all_instruction_sets_give_the_same_bits)
{
    const size_t shapes[][2] = {{1, 1}, {3, 7}, {2, 16}, {5, 33}, {4, 64}};

    for (size_t i = 0; i < PT_COUNT(shapes); i++) {
        size_t n, m;
        float *want = all_loops(pt_net_kernels_named("plain"), shapes[i][0], shapes[i][1], &n);
        for (size_t v = 1; v < PT_COUNT(names); v++) {
            const pt_net_kernels *k = pt_net_kernels_named(names[v]);
            float *got = k ? all_loops(k, shapes[i][0], shapes[i][1], &m) : NULL;
            CHECK(!got || memcmp(got, want, n * sizeof *got) == 0);
            free(got);
        }
        free(want);
    }
}
