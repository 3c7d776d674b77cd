/* Weight of evidence: worked by hand, against all ways to cut, categories, missing and special values, damaged bytes. */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/woe_int.h"
#include "support/test.h"

static pt_woe *numbers_of(const float *x, const float *y, size_t n, const pt_woe_options *o)
{
    pt_err err;
    pt_woe *w;
    pt_row_set all = {NULL, n};

    CHECK_OK(pt_woe_fit_numbers(&w, x, y, NULL, &all, o, &err));
    return w;
}

/* 100 customers below 10, 20 of them events; 100 above, 60 events; 50 missing, 10 events: the worth by hand, with a prior that
 * hardly counts. */
TEST(model_woe__of_two_bins_is_what_the_hand_works_out)
{
    float x[250], y[250];
    pt_woe_options o = pt_woe_preset;

    o.prior = 1e-9;
    for (int i = 0; i < 250; i++) {
        x[i] = i < 100 ? 3 : i < 200 ? 12 : NAN;
        y[i] = i < 20 || (i >= 100 && i < 160) || i >= 240;
    }
    pt_woe *w = numbers_of(x, y, 250, &o);
    CHECK_INT(w->n_ordinary, 2);
    CHECK(w->edges[0] == 12);
    double base = log(90.0 / 160);
    CHECK(fabs(w->bins[0].woe - (log(20.0 / 80) - base)) < 1e-9);
    CHECK(fabs(w->bins[1].woe - (log(60.0 / 40) - base)) < 1e-9);
    CHECK(fabs(w->bins[2].woe - (log(10.0 / 40) - base)) < 1e-9);
    double iv = (20.0 / 90 - 80.0 / 160) * w->bins[0].woe + (60.0 / 90 - 40.0 / 160) * w->bins[1].woe +
                (10.0 / 90 - 40.0 / 160) * w->bins[2].woe;
    CHECK(fabs(w->iv - iv) < 1e-12);
    CHECK_INT(pt_woe_bin_of_number(w, -1e30F), 0);
    CHECK_INT(pt_woe_bin_of_number(w, 11.99F), 0);
    CHECK_INT(pt_woe_bin_of_number(w, 12), 1);
    CHECK_INT(pt_woe_bin_of_number(w, INFINITY), 1);
    CHECK_INT(pt_woe_bin_of_number(w, NAN), 2);
    pt_woe_free(w);
}

/* The best of all ways to put n cells together, tried one by one; the bits of `cut` say behind which cells a bin ends. */
static double best_of_all(const woe_search *s, pt_woe_trend trend)
{
    double best = -INFINITY, cost = 3.841459 * (1 / s->events + 1 / s->others);

    for (unsigned cut = 0; cut < 1U << (s->n - 1); cut++) {
        double iv = 0, before = NAN, events = 0, others = 0;
        size_t bins = 0;
        bool allowed = true;
        for (size_t i = 0; i < s->n; i++) {
            events += s->cells[i].events;
            others += s->cells[i].others;
            if (i + 1 < s->n && !(cut >> i & 1))
                continue;
            double woe = woe_of(s, events, others);
            allowed = allowed && events + others >= s->least &&
                      !(trend == PT_WOE_RISING ? woe < before : trend == PT_WOE_FALLING && woe > before);
            iv += woe_iv(s, events, others);
            before = woe;
            events = others = 0;
            bins++;
        }
        if ((allowed && bins <= s->most_bins) || cut == 0)
            best = fmax(best, iv - cost * (double)(bins - 1));
    }
    return best;
}

static void try_random_cut(pt_rng *r, pt_woe_trend trend)
{
    woe_cell cells[11];
    woe_search s = {.cells = cells, .n = 1 + pt_rng_below(r, 11), .prior = 1, .most_bins = 2 + pt_rng_below(r, 6)};
    size_t ends[WOE_FINE];
    double value, iv = 0;

    for (size_t i = 0; i < s.n; i++) {
        cells[i].events = (double)pt_rng_below(r, 60) * (double)(1 + pt_rng_below(r, 8));
        cells[i].others = (double)pt_rng_below(r, 400);
        s.events += cells[i].events;
        s.others += cells[i].others;
    }
    s.events += 5; /* as if some were missing */
    s.others += 9;
    s.least = (s.events + s.others) * 0.01 * (double)pt_rng_below(r, 25);
    size_t bins = woe_best_cut(ends, &value, &s, trend);
    CHECK(fabs(value - best_of_all(&s, trend)) < 1e-9);
    CHECK_INT(ends[bins - 1], s.n);
    for (size_t b = 0, i = 0; b < bins; b++) { /* the ends are those of the value */
        woe_cell sum = {0};
        for (; i < ends[b]; i++) {
            sum.events += cells[i].events;
            sum.others += cells[i].others;
        }
        iv += woe_iv(&s, sum.events, sum.others);
    }
    CHECK(fabs(iv - 3.841459 * (1 / s.events + 1 / s.others) * (double)(bins - 1) - value) < 1e-9);
}

TEST(model_woe__cuts_are_the_best_of_all_cuts)
{
    pt_rng r;

    pt_rng_seed(&r, 17);
    for (int i = 0; i < 600; i++)
        try_random_cut(&r, i % 3 == 0 ? PT_WOE_RISING : i % 3 == 1 ? PT_WOE_FALLING : PT_WOE_FREE);
}

TEST(model_woe__bins_are_monotone_large_and_few)
{
    enum { N = 5000 };
    static float x[N], y[N];
    pt_rng r;

    pt_rng_seed(&r, 3);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < N; i++) {
            x[i] = (float)pt_rng_double(&r) * 100;
            y[i] = pt_rng_double(&r) < 0.1 + 0.3 * fabs(sin(x[i] / 30.0 + round));
        }
        pt_woe *w = numbers_of(x, y, N, &pt_woe_preset);
        CHECK(w->n_ordinary >= 1 && w->n_ordinary <= 6);
        int up = 0, down = 0;
        for (size_t b = 0; b < w->n_ordinary; b++) {
            CHECK(w->bins[b].events + w->bins[b].others >= 0.05 * N);
            up += b > 0 && w->bins[b].woe > w->bins[b - 1].woe;
            down += b > 0 && w->bins[b].woe < w->bins[b - 1].woe;
        }
        CHECK(up == 0 || down == 0);
        pt_woe_free(w);
    }
}

/* A feature that tells nothing gets one bin nearly always: chance alone does not make bins. */
TEST(model_woe__noise_is_mostly_one_bin)
{
    enum { N = 4000 };
    static float x[N], y[N];
    int plain = 0;
    pt_rng r;

    pt_rng_seed(&r, 8);
    for (int round = 0; round < 40; round++) {
        for (int i = 0; i < N; i++) {
            x[i] = (float)pt_rng_double(&r);
            y[i] = pt_rng_below(&r, 5) == 0;
        }
        pt_woe *w = numbers_of(x, y, N, &pt_woe_preset);
        plain += w->iv < 0.02;
        pt_woe_free(w);
    }
    CHECK(plain >= 36);
}

TEST(model_woe__special_values_have_bins_of_their_own)
{
    const float special[] = {-1, 999};
    pt_woe_options o = pt_woe_preset;
    float x[300], y[300];

    o.special = special;
    o.n_special = 2;
    for (int i = 0; i < 300; i++) {
        x[i] = i < 50 ? -1 : i < 60 ? 999 : (float)(i % 7);
        y[i] = i % 3 == 0 || i < 40;
    }
    pt_woe *w = numbers_of(x, y, 300, &o);
    size_t n = w->n_ordinary;
    CHECK_INT(pt_woe_bin_of_number(w, -1), n);
    CHECK_INT(pt_woe_bin_of_number(w, 999), n + 1);
    CHECK_INT(pt_woe_bin_of_number(w, NAN), n + 2);
    CHECK_INT(w->bins[n].events + w->bins[n].others, 50);
    CHECK_INT(w->bins[n + 1].events + w->bins[n + 1].others, 10);
    CHECK(w->bins[n + 2].woe == 0); /* nothing was missing: a missing value tells nothing */
    pt_woe_free(w);
}

TEST(model_woe__categories_are_grouped_by_worth)
{
    enum { N = 6000 };
    static float y[N];
    static uint32_t codes[N];
    static const double rate[] = {0.05, 0.5, 0.05, 0.2, 0.5};
    pt_err err;
    pt_woe *w;
    pt_row_set all = {NULL, N};

    for (int i = 0; i < N; i++) {
        codes[i] = i < 4 ? 6 : i % 50 == 0 ? PT_NO_CODE : (uint32_t)i % 5;
        y[i] = i / 5 % 100 < 100 * (codes[i] < 5 ? rate[codes[i]] : 0.3);
    }
    CHECK_OK(pt_woe_fit_codes(&w, codes, 8, y, NULL, &all, &pt_woe_preset, &err));
    CHECK_INT(pt_woe_bin_of_code(w, 0), pt_woe_bin_of_code(w, 2));
    CHECK_INT(pt_woe_bin_of_code(w, 1), pt_woe_bin_of_code(w, 4));
    CHECK(pt_woe_bin_of_code(w, 3) != pt_woe_bin_of_code(w, 0) && pt_woe_bin_of_code(w, 3) != pt_woe_bin_of_code(w, 1));
    CHECK(pt_woe_worth(w, pt_woe_bin_of_code(w, 1)) > pt_woe_worth(w, pt_woe_bin_of_code(w, 0)));
    CHECK_INT(pt_woe_bin_of_code(w, PT_NO_CODE), w->n_ordinary);
    CHECK_INT(pt_woe_bin_of_code(w, 6), w->rare_bin); /* 4 customers */
    CHECK_INT(pt_woe_bin_of_code(w, 7), w->rare_bin); /* none */
    CHECK_INT(pt_woe_bin_of_code(w, 4000), w->rare_bin);
    pt_woe_free(w);
}

TEST(model_woe__needs_both_classes)
{
    float x[] = {1, 2, 3}, ones[] = {1, 1, 1}, zeros[] = {0, 0, 0};
    pt_row_set all = {NULL, 3};
    pt_err err;
    pt_woe *w;

    CHECK_INT(pt_woe_fit_numbers(&w, x, ones, NULL, &all, &pt_woe_preset, &err), PT_EINVAL);
    CHECK_INT(pt_woe_fit_numbers(&w, x, zeros, NULL, &all, &pt_woe_preset, &err), PT_EINVAL);
    CHECK_INT(pt_woe_fit_numbers(&w, x, ones, NULL, &(pt_row_set){NULL, 0}, &pt_woe_preset, &err), PT_EINVAL);
}

TEST(model_woe__of_a_feature_that_is_always_missing_is_neutral)
{
    float x[] = {NAN, NAN, NAN, NAN}, y[] = {0, 1, 0, 1};
    pt_woe *w = numbers_of(x, y, 4, &pt_woe_preset);

    CHECK_INT(w->n_ordinary, 0);
    CHECK(fabs(pt_woe_worth(w, pt_woe_bin_of_number(w, NAN))) < 1e-12);
    CHECK(pt_woe_worth(w, pt_woe_bin_of_number(w, 5)) == 0);
    CHECK(fabs(w->iv) < 1e-12);
    pt_woe_free(w);
}

static void check_stored(const pt_woe *w)
{
    pt_str bytes = {0}, again = {0};
    pt_err err;
    pt_woe *back;

    CHECK_OK(pt_woe_save(&bytes, w, &err));
    CHECK_OK(pt_woe_load(&back, (pt_sv){bytes.ptr, bytes.len}, &err));
    CHECK_OK(pt_woe_save(&again, back, &err));
    CHECK(bytes.len == again.len && memcmp(bytes.ptr, again.ptr, again.len) == 0);
    pt_woe_free(back);
    for (size_t i = 0; i < bytes.len; i++) {
        CHECK_INT(pt_woe_load(&back, (pt_sv){bytes.ptr, i}, &err), PT_ECORRUPT);
        bytes.ptr[i] ^= 0x41;
        pt_rc rc = pt_woe_load(&back, (pt_sv){bytes.ptr, bytes.len}, &err);
        CHECK(rc == PT_OK || rc == PT_ECORRUPT);
        for (uint32_t k = 0; rc == PT_OK && k < 20; k++) {
            size_t bin = w->categories ? pt_woe_bin_of_code(back, k) : pt_woe_bin_of_number(back, (float)k * 9);
            CHECK(bin < pt_woe_bins(back) || bin == PT_WOE_NO_BIN);
        }
        pt_woe_free(back);
        bytes.ptr[i] ^= 0x41;
    }
    pt_str_free(&bytes);
    pt_str_free(&again);
}

TEST(model_woe__is_stored_and_damaged_bytes_are_harmless)
{
    enum { N = 900 };
    float x[N], y[N];
    uint32_t codes[N];
    pt_row_set all = {NULL, N};
    pt_err err;
    pt_rng r;
    pt_woe *w;

    pt_rng_seed(&r, 12);
    for (int i = 0; i < N; i++) {
        codes[i] = (uint32_t)pt_rng_below(&r, 9);
        x[i] = (float)pt_rng_below(&r, 100);
        y[i] = pt_rng_double(&r) < x[i] / 120 + (codes[i] == 3) * 0.1;
    }
    w = numbers_of(x, y, N, &pt_woe_preset);
    CHECK(w->n_ordinary > 2);
    check_stored(w);
    pt_woe_free(w);
    CHECK_OK(pt_woe_fit_codes(&w, codes, 12, y, NULL, &all, &pt_woe_preset, &err));
    check_stored(w);
    pt_woe_free(w);
}
