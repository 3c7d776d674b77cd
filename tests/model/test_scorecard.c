/* Credit risk cards: points by hand, which characteristics are kept, the whole way from a table of features to points. */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/learn.h"
#include "model/pipeline.h"
#include "model/scorecard.h"
#include "model/woe.h"
#include "support/portfolio.h"
#include "support/test.h"

/* 600 points at 50 to 1, 20 points double the odds; each characteristic has its share of what is left over. */
TEST(model_scorecard__points_are_what_the_hand_works_out)
{
    const uint32_t columns[] = {0, 1};
    const double weights[] = {0.8, 1.2};
    pt_scorecard s = {
        .n = 2, .column = columns, .weight = weights, .intercept = -3, .base_score = 600, .odds = 50, .pdo = 20};
    double factor = 20 / log(2), offset = 600 - factor * log(50);

    CHECK(fabs(pt_scorecard_score(&s, 1.0 / 51) - 600) < 1e-9);
    CHECK(fabs(pt_scorecard_score(&s, 1.0 / 101) - 620) < 1e-9);
    CHECK(fabs(pt_scorecard_points(&s, 0, 0.5) - ((offset + factor * 3) / 2 - factor * 0.4)) < 1e-9);
    double z = -3 + 0.8 * 0.5 + 1.2 * -0.2;
    CHECK(fabs(pt_scorecard_points(&s, 0, 0.5) + pt_scorecard_points(&s, 1, -0.2) -
               pt_scorecard_score(&s, 1 / (1 + exp(-z)))) < 1e-9);
}

/* Columns 0 and 1 tell the class, 2 is column 0 once more, 3 is noise. */
static example_set planted(size_t rows)
{
    example_set s = example_set_new(rows, 4, 2, false, 5);
    pt_rng r;

    pt_rng_seed(&r, 3);
    for (size_t i = 0; i < rows; i++) {
        s.y[i] = pt_rng_double(&r) < 1 / (1 + exp(-((double)s.x[i] + (double)s.x[rows + i])));
        s.x[2 * rows + i] = s.x[i] + s.x[3 * rows + i] * 0.1F;
    }
    return s;
}

TEST(model_scorecard__keeps_what_tells_and_is_not_said_twice)
{
    example_set s = planted(4000);
    void *model = learn_fit(&pt_scorecard_learner, &s.e, PT_TASK_CLASSIFY, NULL, 2);
    pt_scorecard c = pt_scorecard_of(model);

    CHECK_INT(c.n, 2);
    CHECK((c.column[0] == 0 || c.column[0] == 1) && c.column[1] != 3 && c.column[0] + c.column[1] != 2);
    CHECK(c.weight[0] > 0 && c.weight[1] > 0 && c.iv[3] < 0.02 && c.iv[0] > 0.1);
    pt_scorecard_learner.free(model);
    example_set_free(&s);
}

/* A characteristic that is good news by itself, but would be bad news beside the others, does not get points the wrong way round. */
TEST(model_scorecard__has_no_weights_the_wrong_way_round)
{
    enum { N = 4000 };
    example_set s = example_set_new(N, 2, 2, false, 9);
    const setting settings[] = {{"most_correlation", 1}, {NULL, 0}};
    pt_rng r;

    pt_rng_seed(&r, 7);
    for (size_t i = 0; i < N; i++) {
        s.y[i] = pt_rng_double(&r) < 1 / (1 + exp(-(2 * (double)s.x[i])));
        s.x[N + i] = s.x[i] + s.x[N + i] * 0.3F - s.y[i] * 0.1F; /* follows column 0, less the outcome */
    }
    void *model = learn_fit(&pt_scorecard_learner, &s.e, PT_TASK_CLASSIFY, settings, 2);
    pt_scorecard c = pt_scorecard_of(model);
    CHECK(c.iv[1] > 0.02);
    CHECK_INT(c.n, 1);
    CHECK_INT(c.column[0], 0);
    pt_scorecard_learner.free(model);
    example_set_free(&s);
}

TEST(model_scorecard__keeps_what_every_learner_must)
{
    example_set s = planted(2500);

    learn_check(&pt_scorecard_learner, &s.e, PT_TASK_CLASSIFY, NULL);
    void *model = learn_fit(&pt_scorecard_learner, &s.e, PT_TASK_CLASSIFY, NULL, 2);
    learn_check_contributions(&pt_scorecard_learner, model, &s.e.x, PT_TASK_CLASSIFY, 1e-4);
    pt_scorecard_learner.free(model);
    s.e.n_classes = 3;
    learn_refused(&pt_scorecard_learner, &s.e, PT_TASK_CLASSIFY, PT_EINVAL, "two classes");
    s.e.n_classes = 2;
    for (size_t i = 0; i < 2500; i++)
        s.x[i] = s.x[2500 + i] = s.x[5000 + i] = 1; /* and noise */
    learn_refused(&pt_scorecard_learner, &s.e, PT_TASK_CLASSIFY, PT_EINVAL, "information value");
    example_set_free(&s);
}

/* --- from features to points -------------------------------------------------------------------------------------- */

static pt_pipeline *fit_card(const pt_table *t, pt_pool *pool)
{
    pt_err err;
    pt_pipeline *p;
    pt_row_set all = pt_all_rows(t);
    pt_pipeline_options o = {
        .learner = &pt_scorecard_learner, .task = PT_TASK_CLASSIFY, .preparation = pt_preparation_preset, .pool = pool};

    CHECK_OK(pt_pipeline_fit(&p, t, &all, &o, &err));
    return p;
}

TEST(model_scorecard__points_of_bins_add_up_to_the_score_of_the_probability)
{
    pt_err err;
    pt_pool *pool;
    portfolio *f = portfolio_new();
    pt_row_set all = pt_all_rows(&f->table);
    float *out = pt_zalloc(2 * PORTFOLIO_ROWS, sizeof *out), *again = pt_zalloc(2 * PORTFOLIO_ROWS, sizeof *again);
    pt_str bytes = {0};
    pt_pipeline *back;

    CHECK_OK(pt_pool_new(&pool, 2, &err));
    pt_pipeline *p = fit_card(&f->table, pool);
    CHECK_OK(pt_pipeline_predict(out, p, &f->table, &all, pool, &err));
    pt_scorecard c = pt_scorecard_of(pt_pipeline_model(p));
    CHECK_INT(c.n, 3);
    for (size_t r = 0; r < PORTFOLIO_ROWS; r += 7) {
        double points = 0;
        for (size_t i = 0; i < 3; i++) {
            const char *const *names;
            const pt_woe *w = pt_pipeline_woe(p, c.column[i], &names);
            CHECK(w && fabs(w->iv - c.iv[i]) < 0.01 * w->iv); /* the prior's customers aside */
            const char *job = f->job[r] < 4 ? f->features[2].names[f->job[r]] : NULL;
            uint32_t code = PT_NO_CODE;
            for (uint32_t k = 0; job && i == 2 && k < w->n_names; k++)
                code = strcmp(names[k], job) == 0 ? k : code;
            size_t bin = i == 2 ? pt_woe_bin_of_code(w, code) : pt_woe_bin_of_number(w, i ? f->income[r] : f->age[r]);
            points += pt_scorecard_points(&c, i, pt_woe_worth(w, bin));
        }
        CHECK(fabs(points - pt_scorecard_score(&c, out[2 * r + 1])) < 0.01);
    }
    CHECK_OK(pt_pipeline_save(&bytes, p, &err));
    CHECK_OK(pt_pipeline_load(&back, (pt_sv){bytes.ptr, bytes.len}, &err));
    CHECK_OK(pt_pipeline_predict(again, back, &f->table, &all, pool, &err));
    CHECK(memcmp(out, again, 2 * PORTFOLIO_ROWS * sizeof *out) == 0);
    for (size_t i = 0; i < bytes.len; i += 13) { /* cut, or changed: refused or harmless */
        pt_pipeline *damaged;
        CHECK_INT(pt_pipeline_load(&damaged, (pt_sv){bytes.ptr, i}, &err), PT_ECORRUPT);
        bytes.ptr[i] ^= 0x10;
        if (pt_pipeline_load(&damaged, (pt_sv){bytes.ptr, bytes.len}, &err) == PT_OK)
            pt_pipeline_free(damaged);
        bytes.ptr[i] ^= 0x10;
    }
    pt_str_free(&bytes);
    pt_pipeline_free(p);
    pt_pipeline_free(back);
    pt_pool_free(pool);
    free(out);
    free(again);
    free(f);
}

/* A young customer without a known income in trade pays for all three; nobody is charged less than nothing, and the best in each
 * nothing at all. */
TEST(model_scorecard__costs_are_points_short_of_the_best)
{
    pt_err err;
    pt_pool *pool;
    portfolio *f = portfolio_new();
    pt_row_set all = pt_all_rows(&f->table);
    float *cost = pt_zalloc(3 * PORTFOLIO_ROWS, sizeof *cost), *out = pt_zalloc(2 * PORTFOLIO_ROWS, sizeof *out),
          least[3] = {1, 1, 1};
    double most = 0;

    f->age[0] = 19;
    f->income[0] = 100;
    f->job[0] = 2;
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    pt_pipeline *p = fit_card(&f->table, pool);
    CHECK_OK(pt_scorecard_costs(cost, p, &f->table, &all, pool, &err));
    CHECK_OK(pt_pipeline_predict(out, p, &f->table, &all, pool, &err));
    pt_scorecard c = pt_scorecard_of(pt_pipeline_model(p));
    for (size_t i = 0; i < 3; i++) {
        const char *const *names;
        const pt_woe *w = pt_pipeline_woe(p, c.column[i], &names);
        double best = -INFINITY;
        for (size_t b = 0; b < pt_woe_bins(w); b++)
            if (w->bins[b].events + w->bins[b].others > 0)
                best = fmax(best, pt_scorecard_points(&c, i, w->bins[b].woe));
        most += best;
    }
    for (size_t r = 0; r < PORTFOLIO_ROWS; r++) {
        double sum = 0;
        for (size_t i = 0; i < 3; i++) {
            CHECK(cost[r * 3 + i] > -0.01F);
            least[i] = fminf(least[i], cost[r * 3 + i]);
            sum += cost[r * 3 + i];
        }
        CHECK(fabs(most - sum - pt_scorecard_score(&c, out[2 * r + 1])) < 0.02); /* costs explain the whole score */
    }
    CHECK(least[0] < 0.01F && least[1] < 0.01F && least[2] < 0.01F);
    CHECK(cost[0] > 5 && cost[1] > 5 && cost[2] > 5);
    pt_pipeline_free(p);
    pt_pool_free(pool);
    free(cost);
    free(out);
    free(f);
}
