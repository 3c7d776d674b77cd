#include "support/buyers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/rng.h"
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

void test_buyers_of(test_buyers *b, const double *p, size_t n, uint64_t seed)
{
    pt_rng r;

    pt_rng_seed(&r, seed);
    start(b, n);
    for (size_t i = 0; i < n; i++) {
        double rate = pt_rng_gamma(&r, p[0]) / p[1] / 7, stay = pt_rng_gamma(&r, p[3]), go = pt_rng_gamma(&r, p[2]);
        double stops = go / (go + stay), nu = pt_rng_gamma(&r, 4) / 15, time = 0;
        b->age[i] = 100 + (uint32_t)pt_rng_below(&r, 400);
        while ((time += pt_rng_exponential(&r) / rate) < b->age[i]) {
            b->x[i]++;
            b->last[i] = (uint32_t)time;
            b->mean[i] += pt_rng_gamma(&r, 6) / nu;
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
