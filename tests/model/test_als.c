#include "model/als.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "als_reference.h"
#include "base/mem.h"
#include "base/rng.h"
#include "model/als_kernels.h"
#include "support/test.h"

enum { CUSTOMERS = 40, ITEMS = 30, FACTORS = 5 };

/* What als.py makes. */
typedef struct small {
    uint64_t offsets[CUSTOMERS + 1];
    uint32_t items[CUSTOMERS * ITEMS];
    float confidence[CUSTOMERS * ITEMS];
    float start[(CUSTOMERS + ITEMS) * FACTORS];
    pt_owned owned;
} small;

static double chance(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 40) / 16777216.0;
}

static small *small_new(void)
{
    small *s = pt_zalloc(1, sizeof *s);
    uint64_t state = 1;

    CHECK(s);
    for (uint32_t u = 0; u < CUSTOMERS; u++) {
        s->offsets[u + 1] = s->offsets[u];
        for (uint32_t i = 0; i < ITEMS; i++) {
            double x = chance(&state);
            if (x >= (u % 3 == i % 3 ? 0.5 : 0.06))
                continue;
            s->items[s->offsets[u + 1]] = i;
            s->confidence[s->offsets[u + 1]++] = (float)(1 + (int)(x * 1000) % 7);
        }
    }
    for (size_t k = 0; k < PT_COUNT(s->start); k++)
        s->start[k] = (float)(chance(&state) * 0.1);
    s->owned = (pt_owned){s->offsets, s->items, s->confidence, CUSTOMERS, ITEMS};
    return s;
}

static pt_als_options options_of(const small *s)
{
    return (pt_als_options){.factors = FACTORS,
                            .regularization = 0.05,
                            .iterations = 6,
                            .customers = s->start,
                            .items = s->start + CUSTOMERS * FACTORS};
}

static void check_near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within))
        test_fail(__FILE__, __LINE__, "%.9g is not %.9g", got, want);
}

TEST(model_als__goes_where_implicit_goes)
{
    small *s = small_new();
    pt_als_options o = options_of(s);
    pt_als a;
    pt_err err;
    double loss;

    CHECK_OK(pt_als_fit(&a, &s->owned, &o, &err));
    CHECK_OK(pt_als_loss(&loss, &a, &s->owned, &err));
    check_near(loss, reference_loss, 1e-6);
    for (size_t i = 0; i < ITEMS; i++)
        for (size_t k = 0; k < FACTORS; k++)
            check_near((double)a.items[i * a.stride + k], (double)reference_items[i * FACTORS + k], 2e-4);
    for (size_t u = 0; u < CUSTOMERS; u++)
        for (size_t k = 0; k < FACTORS; k++)
            check_near((double)a.customers[u * a.stride + k], (double)reference_customers[u * FACTORS + k], 2e-4);
    pt_als_free(&a);
    free(s);
}

/* The sum over every pair, as the objective is written. */
static double written_loss(const pt_als *a, const pt_owned *o, double regularization)
{
    double loss = 0, total = 0;

    for (uint32_t u = 0; u < o->n_customers; u++)
        for (uint32_t i = 0; i < o->n_items; i++) {
            double c = 1, p = 0, s = 0;
            for (uint64_t k = o->offsets[u]; k < o->offsets[u + 1]; k++)
                if (o->items[k] == i) {
                    c = (double)o->confidence[k];
                    p = 1;
                }
            for (unsigned k = 0; k < a->factors; k++)
                s += (double)a->customers[u * a->stride + k] * (double)a->items[i * a->stride + k];
            loss += c * (p - s) * (p - s);
            total += c;
        }
    for (size_t k = 0; k < (size_t)a->n_customers * a->stride; k++)
        loss += regularization * (double)a->customers[k] * (double)a->customers[k];
    for (size_t k = 0; k < (size_t)a->n_items * a->stride; k++)
        loss += regularization * (double)a->items[k] * (double)a->items[k];
    return loss / total;
}

TEST(model_als__minimises_what_is_written)
{
    small *s = small_new();
    double before = INFINITY, loss;
    pt_als a;
    pt_err err;

    for (unsigned n = 1; n <= 12; n++) {
        pt_als_options o = options_of(s);
        o.iterations = n;
        o.steps = 10;
        CHECK_OK(pt_als_fit(&a, &s->owned, &o, &err));
        CHECK_OK(pt_als_loss(&loss, &a, &s->owned, &err));
        check_near(loss, written_loss(&a, &s->owned, 0.05), 1e-6);
        CHECK(loss <= before + 1e-7);
        before = loss;
        pt_als_free(&a);
    }
    free(s);
}

/* At its end the gradient of a customer's vector is 0: finite differences of the loss do not fall either way. */
TEST(model_als__a_customer_ends_where_the_loss_is_flat)
{
    small *s = small_new();
    pt_als_options o = options_of(s);
    float x[16];
    pt_als a;
    pt_err err;

    CHECK_OK(pt_als_fit(&a, &s->owned, &o, &err));
    uint64_t from = s->offsets[7], n = s->offsets[8] - from;
    CHECK_OK(pt_als_customer(x, &a, s->items + from, s->confidence + from, (size_t)n, &err));
    memcpy(a.customers + 7 * a.stride, x, sizeof x);
    double best = written_loss(&a, &s->owned, 0.05);
    for (unsigned k = 0; k < FACTORS; k++)
        for (int sign = -1; sign <= 1; sign += 2) {
            a.customers[7 * a.stride + k] = x[k] + (float)sign * 0.01f;
            CHECK(written_loss(&a, &s->owned, 0.05) > best);
            a.customers[7 * a.stride + k] = x[k];
        }
    pt_als_free(&a);
    free(s);
}

TEST(model_als__is_the_same_on_any_number_of_threads)
{
    enum { N = 3000, M = 700 };
    uint64_t *offsets = pt_zalloc(N + 1, sizeof *offsets);
    uint32_t *items = pt_zalloc(N * 20, sizeof *items);
    float *confidence = pt_zalloc(N * 20, sizeof *confidence);
    pt_als first = {0};
    pt_rng r;
    pt_err err;

    CHECK(offsets && items && confidence);
    pt_rng_seed(&r, 81);
    for (uint32_t u = 0; u < N; u++) {
        offsets[u + 1] = offsets[u];
        for (uint32_t i = (uint32_t)pt_rng_below(&r, 80); i < M; i += 1 + (uint32_t)pt_rng_below(&r, 100)) {
            items[offsets[u + 1]] = i;
            confidence[offsets[u + 1]++] = (float)(1 + pt_rng_below(&r, 5));
        }
    }
    pt_owned owned = {offsets, items, confidence, N, M};
    for (unsigned threads = 1; threads <= 5; threads += threads == 1 ? 1 : 3) {
        pt_als a;
        pt_pool *pool;
        CHECK_OK(pt_pool_new(&pool, threads, &err));
        pt_als_options o = {.factors = 20, .regularization = 0.01, .iterations = 3, .seed = 5, .pool = pool};
        CHECK_OK(pt_als_fit(&a, &owned, &o, &err));
        if (threads == 1) {
            first = a;
        } else {
            CHECK(memcmp(first.items, a.items, (size_t)M * a.stride * 4) == 0);
            CHECK(memcmp(first.customers, a.customers, (size_t)N * a.stride * 4) == 0);
            CHECK(memcmp(first.gram, a.gram, (size_t)a.stride * a.stride * 4) == 0);
            pt_als_free(&a);
        }
        pt_pool_free(pool);
    }
    pt_als_free(&first);
    free(offsets);
    free(items);
    free(confidence);
}

TEST(model_als__loops_give_the_same_bits_on_every_machine)
{
    enum { ROWS = 37, STRIDE = 48, N = 9 };
    const pt_als_kernels *all[] = {pt_als_kernels_plain(), pt_als_kernels_avx2(), pt_als_kernels_avx512()};
    float *rows = pt_alloc64(ROWS * STRIDE, 4),
          *gram[2] = {pt_alloc64(STRIDE * STRIDE, 4), pt_alloc64(STRIDE * STRIDE, 4)};
    _Alignas(64) float x[2][STRIDE], scratch[3 * STRIDE], scores[2][ROWS];
    uint32_t which[N] = {1, 4, 9, 16, 25, 36, 0, 2, 30};
    float confidence[N];
    pt_rng r;

    CHECK(rows && gram[0] && gram[1]);
    pt_rng_seed(&r, 82);
    for (size_t i = 0; i < ROWS * STRIDE; i++)
        rows[i] = (float)pt_rng_double(&r) - 0.5f;
    for (size_t i = 0; i < N; i++)
        confidence[i] = 1 + (float)pt_rng_double(&r) * 10;
    for (size_t i = 1; i < PT_COUNT(all) && all[i]; i++) {
        for (int k = 0; k < 2; k++) {
            const pt_als_kernels *kernels = all[k ? i : 0];
            memset(gram[k], 0, STRIDE * STRIDE * 4);
            kernels->gram(gram[k], rows, ROWS, STRIDE);
            memset(x[k], 0, sizeof x[k]);
            kernels->improve(&(pt_als_row){x[k], gram[k], rows, which, confidence, N, STRIDE, 4, scratch});
            kernels->scores(scores[k], rows, ROWS, x[k], STRIDE);
        }
        CHECK(memcmp(gram[0], gram[1], STRIDE * STRIDE * 4) == 0);
        CHECK(memcmp(x[0], x[1], sizeof x[0]) == 0);
        CHECK(memcmp(scores[0], scores[1], sizeof scores[0]) == 0);
    }
    free(rows);
    free(gram[0]);
    free(gram[1]);
}

TEST(model_als__refuses_what_nothing_can_be_learned_from)
{
    uint64_t offsets[] = {0, 1};
    uint32_t items[] = {0};
    float confidence[] = {1};
    pt_owned o = {offsets, items, confidence, 1, 1};
    pt_als_options options = {.factors = 2, .regularization = 0.1, .iterations = 1};
    pt_als a;
    pt_err err;

    CHECK_OK(pt_als_fit(&a, &o, &options, &err));
    pt_als_free(&a);
    confidence[0] = NAN;
    CHECK_INT(pt_als_fit(&a, &o, &options, &err), PT_EINVAL);
    confidence[0] = 0;
    CHECK_INT(pt_als_fit(&a, &o, &options, &err), PT_EINVAL);
    confidence[0] = 1;
    items[0] = 1;
    CHECK_INT(pt_als_fit(&a, &o, &options, &err), PT_EINVAL);
    items[0] = 0;
    offsets[1] = 0;
    CHECK_INT(pt_als_fit(&a, &o, &options, &err), PT_EINVAL);
    offsets[1] = 1;
    options.factors = 0;
    CHECK_INT(pt_als_fit(&a, &o, &options, &err), PT_EINVAL);
    options.factors = 2;
    options.regularization = 0;
    CHECK_INT(pt_als_fit(&a, &o, &options, &err), PT_EINVAL);
}
