/* Boosting: what is read out of the library's model scores and explains as the library itself does. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/library.h"
#include "model/learn.h"
#include "model/xgboost_int.h"
#include "support/test.h"

extern const pt_learner pt_xgboost_learner;

static const pt_learner *const learner = &pt_xgboost_learner;

static const xgboost_api *need_library(void)
{
    const xgboost_api *api;
    pt_err err = {0};

    if (xgboost_load(&api, &err) != PT_OK)
        test_skip(err.msg);
    return api;
}

/* Functions of the library that only this test uses. */
static struct {
    __typeof__(&XGBoosterPredictFromDMatrix) predict;
} more;
static const char *const more_symbols[] = {"XGBoosterPredictFromDMatrix"};
static const char *const more_files[] = {"libxgboost.so.0", "libxgboost.so", NULL};
static pt_library more_library = {.name = "XGBoost",
                                  .file = "libxgboost.so",
                                  .files = more_files,
                                  .variable = "PORTRAIT_XGBOOST",
                                  .package = "libxgboost0",
                                  .symbols = more_symbols,
                                  .n_symbols = 1,
                                  .table = &more};

static DMatrixHandle matrix_of(const xgboost_api *api, const pt_examples *e)
{
    char text[256];
    DMatrixHandle m;

    snprintf(
        text, sizeof text,
        "{\"data\": [%zu, true], \"shape\": [%zu, %zu], \"strides\": [4, %zu], \"typestr\": \"<f4\", \"version\": 3}",
        (size_t)(uintptr_t)e->x.values, e->x.rows, e->x.columns, e->x.stride * 4);
    CHECK(api->XGDMatrixCreateFromDense(text, "{\"missing\": NaN}", &m) == 0);
    CHECK(api->XGDMatrixSetFloatInfo(m, "label", e->y, e->x.rows) == 0);
    CHECK(!e->weight || api->XGDMatrixSetFloatInfo(m, "weight", e->weight, e->x.rows) == 0);
    return m;
}

/* The library's numbers for a kind of prediction: 1 scores, 2 contributions. */
static const float *library_says(BoosterHandle b, DMatrixHandle m, int type)
{
    char config[160];
    const bst_ulong *shape;
    bst_ulong dimensions;
    const float *result;

    snprintf(
        config, sizeof config,
        "{\"type\": %d, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, \"strict_shape\": true}",
        type);
    CHECK(more.predict(b, m, config, &shape, &dimensions, &result) == 0);
    return result;
}

static void check_scores(const pt_forest *f, const pt_matrix *x, const float *want)
{
    size_t n = x->rows * (f->link == PT_LINK_SOFTMAX ? f->outputs : 1);
    float *got = calloc(n, sizeof *got);
    pt_pool *pool;
    pt_err err = {0};

    CHECK(got);
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    CHECK_OK(pt_forest_scores(got, f, x, pool, &err));
    for (size_t i = 0; i < n; i++)
        CHECK(fabsf(got[i] - want[i]) <= 2e-6f * (1 + fabsf(want[i])));
    pt_pool_free(pool);
    free(got);
}

/* The library's contributions are of every class, ours of the one that is scored highest. */
static void check_contributions(const pt_forest *f, const pt_matrix *x, const float *scores, const float *want)
{
    size_t width = x->columns + 1, groups = f->link == PT_LINK_SOFTMAX ? f->outputs : 1;
    float *got = calloc(x->rows * width, sizeof *got);
    pt_pool *pool;
    pt_err err = {0};

    CHECK(got);
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    CHECK_OK(pt_forest_contributions(got, f, x, pool, &err));
    for (size_t r = 0; r < x->rows; r++) {
        size_t k = 0;
        for (size_t i = 1; i < groups; i++)
            k = scores[r * groups + i] > scores[r * groups + k] ? i : k;
        for (size_t c = 0; c < width; c++) {
            float theirs = want[(r * groups + k) * width + c];
            if (fabsf(got[r * width + c] - theirs) > 2e-4f)
                test_fail(__FILE__, __LINE__, "row %zu column %zu: %g, XGBoost %g", r, c, (double)got[r * width + c],
                          (double)theirs);
        }
    }
    pt_pool_free(pool);
    free(got);
}

typedef struct library_case {
    uint32_t classes;
    const char *objective, *base;
    pt_forest shape;
} library_case;

static BoosterHandle train(const xgboost_api *api, DMatrixHandle m, const library_case *c)
{
    BoosterHandle b;
    char classes[16];

    snprintf(classes, sizeof classes, "%u", c->classes);
    CHECK(api->XGBoosterCreate(&m, 1, &b) == 0);
    const char *const settings[][2] = {
        {"objective", c->objective}, {"base_score", c->base}, {"eta", "0.3"},   {"max_depth", "5"},
        {"tree_method", "exact"},    {"num_class", classes},  {"gamma", "0.5"}, {"nthread", "2"}};
    for (size_t i = 0; i < PT_COUNT(settings); i++)
        if (strcmp(settings[i][0], "num_class") != 0 || c->classes > 2)
            CHECK(api->XGBoosterSetParam(b, settings[i][0], settings[i][1]) == 0);
    for (int round = 0; round < 12; round++)
        CHECK(api->XGBoosterUpdateOneIter(b, round, m) == 0);
    return b;
}

static const library_case cases[] = {
    {2, "binary:logistic", "0.5", {.link = PT_LINK_LOGIT, .columns = 6, .outputs = 2, .base = 0}},
    {3, "multi:softprob", "0.5", {.link = PT_LINK_SOFTMAX, .columns = 6, .outputs = 3, .base = 0.5f}},
    {0, "reg:squarederror", "2.5", {.link = PT_LINK_VALUE, .columns = 6, .outputs = 1, .base = 2.5f}},
};

TEST(model_xgboost__scores_and_explains_as_the_library_does)
{
    const xgboost_api *api = need_library();
    pt_err err = {0};

    CHECK_OK(pt_library_load(&more_library, &err));
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        example_set s = example_set_new(700, 6, cases[i].classes, i == 1, 60 + i);
        for (size_t at = 0; at < 700 * 6; at += 5)
            s.x[at] = NAN;
        DMatrixHandle m = matrix_of(api, &s.e);
        BoosterHandle b = train(api, m, &cases[i]);
        const char *bytes;
        bst_ulong n;
        pt_forest *f;
        CHECK(api->XGBoosterSaveModelToBuffer(b, "{\"format\": \"ubj\"}", &n, &bytes) == 0);
        CHECK_OK(xgboost_read(&f, &cases[i].shape, 12, (pt_sv){bytes, n}, &err));
        size_t groups = cases[i].classes > 2 ? cases[i].classes : 1;
        float *scores = calloc(700 * groups, sizeof *scores);
        CHECK(scores);
        memcpy(scores, library_says(b, m, 1), 700 * groups * sizeof *scores);
        check_scores(f, &s.e.x, scores);
        check_contributions(f, &s.e.x, scores, library_says(b, m, 2));
        free(scores);
        pt_forest_free(f);
        api->XGBoosterFree(b);
        api->XGDMatrixFree(m);
        example_set_free(&s);
    }
}

TEST(model_xgboost__bytes_that_are_no_model_are_refused)
{
    const xgboost_api *api = need_library();
    example_set s = example_set_new(200, 6, 2, false, 70);
    DMatrixHandle m = matrix_of(api, &s.e);
    BoosterHandle b = train(api, m, &cases[0]);
    const char *bytes;
    bst_ulong n;
    pt_err err = {0};
    pt_forest *f;

    CHECK(api->XGBoosterSaveModelToBuffer(b, "{\"format\": \"ubj\"}", &n, &bytes) == 0);
    char *copy = malloc(n);
    CHECK(copy);
    for (size_t cut = 0; cut < n; cut += cut < 200 ? 1 : 97) {
        char *exact = malloc(cut + 1);
        CHECK(exact);
        memcpy(exact, bytes, cut);
        if (xgboost_read(&f, &cases[0].shape, 12, (pt_sv){exact, cut}, &err) == PT_OK)
            pt_forest_free(f); /* what is left out comes after the trees */
        free(exact);
    }
    CHECK_INT(xgboost_read(&f, &cases[0].shape, 12, (pt_sv){bytes, n / 2}, &err), PT_EENGINE);
    CHECK_INT(xgboost_read(&f, &cases[0].shape, 13, (pt_sv){bytes, n}, &err), PT_EENGINE); /* there are 12 */
    memcpy(copy, bytes, n);
    for (size_t i = 0; i < n; i += i < 400 ? 1 : 41) {
        copy[i] = (char)(copy[i] ^ 0x41);
        if (xgboost_read(&f, &cases[0].shape, 12, (pt_sv){copy, n}, &err) == PT_OK)
            pt_forest_free(f);
        copy[i] = bytes[i];
    }
    free(copy);
    api->XGBoosterFree(b);
    api->XGDMatrixFree(m);
    example_set_free(&s);
}

TEST(model_xgboost__threads_storage_and_damage)
{
    need_library();
    example_set two = example_set_new(1500, 5, 2, false, 71), three = example_set_new(900, 5, 3, true, 72);
    example_set value = example_set_new(900, 5, 0, true, 73);
    setting few[] = {{"n_estimators", 8}, {"subsample", 0.7}, {"colsample_bytree", 0.7}, {NULL, 0}};

    for (size_t i = 0; i < 1500 * 5; i += 6)
        two.x[i] = NAN;
    learn_check(learner, &two.e, PT_TASK_CLASSIFY, few);
    learn_check(learner, &three.e, PT_TASK_CLASSIFY, few);
    learn_check(learner, &value.e, PT_TASK_REGRESS, few);
    example_set_free(&two);
    example_set_free(&three);
    example_set_free(&value);
}

TEST(model_xgboost__contributions_add_up)
{
    need_library();
    example_set two = example_set_new(500, 5, 2, false, 74), value = example_set_new(500, 5, 0, false, 75);
    setting few[] = {{"n_estimators", 30}, {NULL, 0}};
    void *a = learn_fit(learner, &two.e, PT_TASK_CLASSIFY, few, 2),
         *b = learn_fit(learner, &value.e, PT_TASK_REGRESS, few, 2);

    learn_check_contributions(learner, a, &two.e.x, PT_TASK_CLASSIFY, 1e-4);
    learn_check_contributions(learner, b, &value.e.x, PT_TASK_REGRESS, 1e-4);
    learner->free(a);
    learner->free(b);
    example_set_free(&two);
    example_set_free(&value);
}

TEST(model_xgboost__learns_what_no_line_parts)
{
    need_library();
    example_set s = example_set_ring(3000, 3, 76), fresh = example_set_ring(3000, 3, 77);
    void *model = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, NULL, 2);

    CHECK(learn_accuracy(learner, model, &fresh.e) > 0.93);
    learner->free(model);
    example_set_free(&s);
    example_set_free(&fresh);
}

/* Fits with rows watched; the curve lives in the arena. */
static pt_forest *fit_watched(const pt_examples *e, const pt_examples *watched, const setting *settings,
                              pt_arena *arena, pt_curve *curve)
{
    double parameters[32];
    pt_pool *pool;
    pt_err err = {0};
    void *model;

    learn_parameters(parameters, learner, settings);
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    pt_fit_options o = {
        .parameters = parameters, .seed = 7, .pool = pool, .watched = watched, .arena = arena, .curve = curve};
    CHECK_OK(learner->fit(&model, e, PT_TASK_CLASSIFY, &o, &err));
    pt_pool_free(pool);
    return model;
}

TEST(model_xgboost__stops_when_watched_rows_get_no_better)
{
    need_library();
    example_set s = example_set_new(400, 5, 2, false, 78), watched = example_set_new(400, 5, 2, false, 79);
    setting settings[] = {{"n_estimators", 500}, {"learning_rate", 0.5}, {"early_stopping_rounds", 10}, {NULL, 0}};
    pt_arena *arena = pt_arena_new(0);
    pt_curve curve = {0};
    pt_forest *f = fit_watched(&s.e, &watched.e, settings, arena, &curve);

    CHECK(curve.n < 500 && curve.n == curve.best + 11);
    CHECK_INT(f->n_trees, curve.best + 1);
    for (size_t i = 0; i < curve.n; i++)
        CHECK(curve.watched[i] >= curve.watched[curve.best]);
    CHECK(curve.train[curve.n - 1] < curve.train[0]);
    /* The loss that was kept is that of what was kept. */
    float *says = learn_predict(learner, f, &watched.e.x);
    double loss = 0;
    for (size_t r = 0; r < 400; r++)
        loss -= log((double)says[2 * r + (watched.y[r] > 0)]) / 400;
    CHECK(fabs(loss - curve.watched[curve.best]) < 1e-4);
    free(says);
    learner->free(f);
    pt_arena_free(arena);
    example_set_free(&s);
    example_set_free(&watched);
}

TEST(model_xgboost__odd_input)
{
    need_library();
    float x[] = {1, 1, 1, 1, NAN, NAN, NAN, NAN}, y[] = {0, 1, 0, 1}, same[] = {1, 1, 1, 1};
    pt_examples e = {.x = {x, 4, 2, 4}, .y = y, .n_classes = 2};
    void *model = learn_fit(learner, &e, PT_TASK_CLASSIFY, NULL, 1);
    float *out = learn_predict(learner, model, &e.x);

    CHECK(fabsf(out[1] - 0.5f) < 1e-6f); /* nothing to split by */
    free(out);
    learner->free(model);
    e.y = same;
    learn_refused(learner, &e, PT_TASK_CLASSIFY, PT_EINVAL, "class");
    learn_refused(learner, &(pt_examples){.x = {x, 0, 2, 4}, .y = y, .n_classes = 2}, PT_TASK_CLASSIFY, PT_EINVAL,
                  "no customers");
    y[2] = INFINITY;
    learn_refused(learner, &(pt_examples){.x = e.x, .y = y}, PT_TASK_REGRESS, PT_EINVAL, "target");
}

TEST(model_xgboost__many_rows_are_cut_by_some_of_them)
{
    need_library();
    example_set s = example_set_ring(140000, 3, 80);
    setting few[] = {{"n_estimators", 30}, {"learning_rate", 0.3}, {NULL, 0}};
    void *model = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, few, 2);

    CHECK(learn_accuracy(learner, model, &s.e) > 0.93);
    learner->free(model);
    example_set_free(&s);
}
