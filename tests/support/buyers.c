#include "support/buyers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "support/test.h"

static void start(test_buyers *b, size_t n)
{
    *b = (test_buyers){.arena = pt_arena_new(0), .n = n};
    CHECK(b->arena != NULL);
    b->x = PT_NEW_ARRAY(b->arena, uint32_t, n);
    b->last = PT_NEW_ARRAY(b->arena, uint32_t, n);
    b->age = PT_NEW_ARRAY(b->arena, uint32_t, n);
    b->mean = PT_NEW_ARRAY(b->arena, double, n);
    CHECK(b->x && b->last && b->age && b->mean);
}

static void finish(test_buyers *b, double ticks)
{
    pt_err err = {0};

    CHECK_OK(pt_buyers_collapse(&b->buyers, NULL, b->x, b->last, b->age, b->n, ticks, b->arena, &err));
}

void test_buyers_free(test_buyers *b)
{
    pt_arena_free(b->arena);
}

void test_buyers_cdnow(test_buyers *b)
{
    const char *deps = getenv("DEPS");
    double last, age, mean;
    char path[1024], line[256];
    unsigned id, x;

    snprintf(path, sizeof path, "%s%s/data/cdnow/cdnow_customers_summary_with_transactions.csv",
             deps && *deps ? deps : test_source_dir(), deps && *deps ? "" : "/.deps");
    FILE *f = fopen(path, "r");
    if (!f)
        test_skip("the buyers of CDNOW are not here (deps/install demo)");
    start(b, 3000);
    b->n = 0;
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "%u,%u,%lf,%lf,%lf", &id, &x, &last, &age, &mean) == 5 && b->n < 3000) {
            b->x[b->n] = x;
            b->last[b->n] = (uint32_t)lround(100 * last);
            b->age[b->n] = (uint32_t)lround(100 * age);
            b->mean[b->n++] = mean;
        }
    fclose(f);
    finish(b, 100);
}

/* --- random numbers of the distributions ------------------------------------------------------------------------------------- */

static double exponential(pt_rng *r)
{
    return -log1p(-pt_rng_double(r));
}

static double normal(pt_rng *r)
{
    double radius = sqrt(2 * exponential(r));

    return radius * cos(6.283185307179586 * pt_rng_double(r));
}

/* Marsaglia and Tsang (2000). */
double test_gamma(pt_rng *r, double shape)
{
    if (shape < 1)
        return test_gamma(r, shape + 1) * pow(1 - pt_rng_double(r), 1 / shape);
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double z = normal(r), v = pow(1 + c * z, 3);
        if (v > 0 && log(1 - pt_rng_double(r)) < 0.5 * z * z + d - d * v + d * log(v))
            return d * v;
    }
}

void test_buyers_of(test_buyers *b, const double *p, size_t n, uint64_t seed)
{
    pt_rng r;

    pt_rng_seed(&r, seed);
    start(b, n);
    for (size_t i = 0; i < n; i++) {
        double rate = test_gamma(&r, p[0]) / p[1] / 7, stay = test_gamma(&r, p[3]), go = test_gamma(&r, p[2]);
        double stops = go / (go + stay), nu = test_gamma(&r, 4) / 15, time = 0;
        b->age[i] = 100 + (uint32_t)pt_rng_below(&r, 400);
        while ((time += exponential(&r) / rate) < b->age[i]) {
            b->x[i]++;
            b->last[i] = (uint32_t)time;
            b->mean[i] += test_gamma(&r, 6) / nu;
            if (pt_rng_double(&r) < stops)
                break;
        }
        b->mean[i] /= b->x[i] ? b->x[i] : 1;
    }
    finish(b, 7);
}

void test_buyers_invent(test_buyers *b, size_t n, uint64_t seed)
{
    test_buyers_of(b, (const double[]){0.243, 4.414, 0.793, 2.426}, n, seed);
}
