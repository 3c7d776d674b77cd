/* Preparation and learner as one. A spy stands for the learner where the claim is about what a learner is given. */
#include "model/pipeline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "support/test.h"

enum { ROWS = 8, MOST_SPIED = 64 };

/* What the spy was last fitted on. */
static struct {
    size_t rows, columns;
    float x[MOST_SPIED * MOST_SPIED];
    float weight[MOST_SPIED];
    bool weighted;
} spied;

static pt_rc spy_fit(void **model, const pt_examples *e, pt_task task, const pt_fit_options *options, pt_err *err)
{
    (void)task;
    (void)options;
    (void)err;
    spied.rows = e->x.rows;
    spied.columns = e->x.columns;
    CHECK(e->x.rows * e->x.columns <= PT_COUNT(spied.x));
    for (size_t c = 0; c < e->x.columns; c++)
        memcpy(spied.x + c * e->x.rows, pt_matrix_column(&e->x, c), e->x.rows * sizeof(float));
    spied.weighted = e->weight != NULL;
    for (size_t r = 0; e->weight && r < e->x.rows; r++)
        spied.weight[r] = e->weight[r];
    *model = malloc(1);
    CHECK(*model);
    return PT_OK;
}

static size_t spy_outputs(const void *model)
{
    (void)model;
    return 1;
}

/* The sum of all columns, so that what is given to predictions is seen too. */
static pt_rc spy_predict(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    (void)model;
    (void)pool;
    (void)err;
    for (size_t r = 0; r < x->rows; r++) {
        out[r] = 0;
        for (size_t c = 0; c < x->columns; c++)
            out[r] += pt_matrix_column(x, c)[r];
    }
    return PT_OK;
}

static pt_learner spy(unsigned wants)
{
    return (pt_learner){.name = "spy",
                        .tasks = PT_TASK_CLASSIFY | PT_TASK_REGRESS | PT_TASK_CLUSTER,
                        .wants = wants,
                        .fit = spy_fit,
                        .outputs = spy_outputs,
                        .predict = spy_predict,
                        .free = free};
}

static float column(size_t c, size_t r)
{
    CHECK(c < spied.columns && r < spied.rows);
    return spied.x[c * spied.rows + r];
}

/* Everything frequent enough to count, in tables of a few rows. */
static pt_preparation eager(void)
{
    pt_preparation p = pt_preparation_preset;

    p.rare_rows = 1;
    p.rare_share = 0;
    return p;
}

static const float spend[ROWS] = {1, 2, NAN, 3, 4, 5, NAN, 9};
static const char *const cities[] = {"Beijing", "Chengdu", "Dalian"};
static const uint32_t city[ROWS] = {0, 0, 0, 1, 1, 2, PT_NO_CODE, 0};
static const uint64_t basket_offsets[ROWS + 1] = {0, 2, 3, 3, 4, 5, 5, 6, 7};
static const uint32_t basket_items[] = {0, 1, 0, 0, 1, 0, 0};
static const char *const goods[] = {"wine", "rice"};
static const float bought[ROWS] = {1, 0, 1, 1, 0, 0, 0, 1};
static const char *const outcomes[] = {"false", "true"};

static const pt_feature features[] = {
    {.name = "spend", .kind = PT_FEATURE_NUMBER, .numbers = spend},
    {.name = "city", .kind = PT_FEATURE_CATEGORY, .codes = city, .names = cities, .n_names = 3},
    {.name = "basket",
     .kind = PT_FEATURE_LIST,
     .offsets = basket_offsets,
     .items = basket_items,
     .names = goods,
     .n_names = 2},
};

static pt_table table_of(const pt_feature *f, size_t n)
{
    return (pt_table){
        .rows = ROWS, .n_features = n, .features = f, .target = bought, .classes = outcomes, .n_classes = 2};
}

/* What a spy is given of the whole table. */
static void look(const pt_table *t, unsigned wants, const pt_preparation *preparation, pt_task task)
{
    pt_err err;
    pt_pool *pool;
    pt_pipeline *p;
    const pt_learner learner = spy(wants);
    const pt_row_set rows = pt_all_rows(t);

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    pt_pipeline_options o = {.learner = &learner, .task = task, .preparation = *preparation, .seed = 1, .pool = pool};
    CHECK_OK(pt_pipeline_fit(&p, t, &rows, &o, &err));
    pt_pipeline_free(p);
    pt_pool_free(pool);
}

TEST(model_pipeline__fills_numbers_with_the_median_and_marks_them)
{
    const pt_preparation p = eager();
    const pt_table t = table_of(features, 1);

    look(&t, 0, &p, PT_TASK_CLASSIFY);
    CHECK_INT(spied.columns, 2);
    CHECK(column(0, 0) == 1 && column(0, 7) == 9);
    CHECK(column(0, 2) == 3.5F && column(0, 6) == 3.5F); /* of 1 2 3 4 5 9 */
    for (size_t r = 0; r < ROWS; r++)
        CHECK(column(1, r) == (r == 2 || r == 6 ? 1.0F : 0.0F));
    look(&t, PT_TAKES_MISSING, &p, PT_TASK_CLASSIFY);
    CHECK_INT(spied.columns, 1);
    CHECK(isnan(column(0, 2)) && column(0, 3) == 3);
}

/* Filled: 1 2 3.5 3 4 5 3.5 9, mean 3.875, population variance 5.046875. */
TEST(model_pipeline__scales_after_filling)
{
    const pt_preparation p = eager();
    const pt_table t = table_of(features, 1);

    look(&t, PT_WANTS_SCALED, &p, PT_TASK_CLUSTER);
    CHECK_INT(spied.columns, 1); /* no marks among distances */
    CHECK(fabs((double)column(0, 0) - (1 - 3.875) / sqrt(5.046875)) < 1e-6);
    CHECK(fabs((double)column(0, 2) - (3.5 - 3.875) / sqrt(5.046875)) < 1e-6);
}

TEST(model_pipeline__makes_columns_of_names_and_items)
{
    const pt_preparation p = eager();
    const pt_table t = table_of(features + 1, 2);
    const float want[7][ROWS] = {{1, 1, 1, 0, 0, 0, 0, 1}, {0, 0, 0, 1, 1, 0, 0, 0}, {0, 0, 0, 0, 0, 1, 0, 0},
                                 {0, 0, 0, 0, 0, 0, 1, 0}, /* missing */
                                 {1, 0, 0, 0, 1, 0, 0, 0}, {1, 1, 0, 1, 0, 0, 1, 1}, {2, 1, 0, 1, 1, 0, 1, 1}};

    look(&t, PT_WANTS_ONE_HOT, &p, PT_TASK_CLASSIFY);
    CHECK_INT(spied.columns, 7);
    for (size_t c = 0; c < 7; c++)
        for (size_t r = 0; r < ROWS; r++)
            CHECK(column(c, r) == want[c][r]);
}

TEST(model_pipeline__takes_rare_names_together)
{
    pt_preparation p = eager();
    const pt_table t = table_of(features + 1, 1);

    p.rare_rows = 2;
    look(&t, PT_WANTS_ONE_HOT, &p, PT_TASK_CLASSIFY);
    CHECK_INT(spied.columns, 2); /* Beijing, Chengdu; Dalian and the missing are too few even together with nobody */
    p.most_names = 1;
    look(&t, PT_WANTS_ONE_HOT, &p, PT_TASK_CLUSTER);
    CHECK_INT(spied.columns, 2); /* Beijing, others */
    CHECK(column(1, 3) == 1 && column(1, 5) == 1 && column(1, 6) == 0 && column(1, 0) == 0);
}

TEST(model_pipeline__ranks_names)
{
    pt_preparation p = eager();
    pt_feature f = features[1];
    const pt_table t = table_of(&f, 1);

    p.encoding = PT_ENCODE_ORDINAL;
    look(&t, PT_TAKES_MISSING, &p, PT_TASK_CLASSIFY);
    CHECK(column(0, 0) == 0 && column(0, 3) == 1 && column(0, 5) == 2 && isnan(column(0, 6))); /* by how frequent */
    f.codes = (const uint32_t[ROWS]){2, 2, 2, 2, 1, 1, 0, 0};
    look(&t, 0, &p, PT_TASK_CLASSIFY);
    CHECK(column(0, 0) == 0 && column(0, 4) == 2 && column(0, 6) == 1); /* 2 and 2: the earlier name first */
    f.ordered = true;
    look(&t, 0, &p, PT_TASK_CLASSIFY);
    CHECK(column(0, 0) == 2 && column(0, 4) == 1 && column(0, 6) == 0);
}

/* With a name of its own for each row and no shrinkage, rates that were not cross-fitted would be the target itself. */
TEST(model_pipeline__rates_of_names_do_not_leak)
{
    enum { MANY = 60 };
    pt_err err;
    pt_pool *pool;
    static char texts[MANY / 2][8];
    static const char *names[MANY / 2];
    static uint32_t codes[MANY];
    static float target[MANY];
    pt_preparation settings = eager();
    const pt_learner learner = spy(0);
    pt_pipeline *p;
    float out[MANY];
    double same = 0;

    for (uint32_t i = 0; i < MANY; i++) {
        (void)snprintf(texts[i / 2], sizeof texts[0], "n%02u", i / 2);
        names[i / 2] = texts[i / 2];
        codes[i] = i / 2;
        target[i] = (float)(i % 2); /* each name once with each outcome: nothing to learn */
    }
    const pt_feature f = {
        .name = "shop", .kind = PT_FEATURE_CATEGORY, .codes = codes, .names = names, .n_names = MANY / 2};
    const pt_table t = {.rows = MANY, .n_features = 1, .features = &f, .target = target, .n_classes = 2};
    const pt_row_set rows = pt_all_rows(&t);
    settings.encoding = PT_ENCODE_TARGET;
    settings.shrinkage = 2;
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    pt_pipeline_options o = {
        .learner = &learner, .task = PT_TASK_CLASSIFY, .preparation = settings, .seed = 1, .pool = pool};
    CHECK_OK(pt_pipeline_fit(&p, &t, &rows, &o, &err));
    for (size_t r = 0; r < MANY; r++) /* a row whose twin is in another fold sees the twin's outcome, never its own */
        same += ((double)column(0, r) - 0.5) * ((double)target[r] - 0.5);
    CHECK(same < 0);
    CHECK_OK(pt_pipeline_predict(out, p, &t, &rows, pool, &err));
    for (size_t r = 0; r < MANY; r++)
        CHECK(fabsf(out[r] - 0.5F) < 1e-6F); /* (1 + 0.5 * 2) / (2 + 2) */
    pt_pipeline_free(p);
    pt_pool_free(pool);
}

TEST(model_pipeline__knows_names_by_text_and_bears_new_ones)
{
    pt_err err;
    pt_pool *pool;
    const pt_preparation settings = eager();
    const pt_learner learner = spy(PT_WANTS_ONE_HOT);
    const pt_table t = table_of(features + 1, 1);
    const pt_row_set rows = pt_all_rows(&t);
    static const char *const later_names[] = {"Erlian", "Dalian", "Beijing"};
    static const uint32_t later_codes[] = {0, 1, 2};
    static const float other[] = {5, 5, 5};
    const pt_feature later[] = {
        {.name = "spend", .kind = PT_FEATURE_NUMBER, .numbers = other},
        {.name = "city", .kind = PT_FEATURE_CATEGORY, .codes = later_codes, .names = later_names, .n_names = 3}};
    const pt_table scored = {.rows = 3, .n_features = 2, .features = later};
    const pt_table wrong = {.rows = 3, .n_features = 1, .features = later};
    const pt_row_set three = pt_all_rows(&scored);
    pt_pipeline *p;
    float out[3];

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    pt_pipeline_options o = {
        .learner = &learner, .task = PT_TASK_CLASSIFY, .preparation = settings, .seed = 1, .pool = pool};
    CHECK_OK(pt_pipeline_fit(&p, &t, &rows, &o, &err));
    CHECK_OK(pt_pipeline_predict(out, p, &scored, &three, pool, &err));
    CHECK(out[0] == 0 && out[1] == 1 && out[2] == 1); /* sums of the columns: a new name is in none */
    CHECK(pt_pipeline_predict(out, p, &wrong, &three, pool, &err) == PT_EINVAL);
    CHECK_STR(err.msg, "the model needs the feature 'city', which is not there");
    pt_pipeline_free(p);
    pt_pool_free(pool);
}

TEST(model_pipeline__balances_classes)
{
    pt_preparation p = eager();
    static const float rare[ROWS] = {1, 0, 0, 0, 0, 0, 0, 1};
    pt_table t = table_of(features, 1);

    t.target = rare;
    p.balance_classes = true;
    look(&t, 0, &p, PT_TASK_CLASSIFY);
    CHECK(spied.weighted);
    CHECK(fabsf(spied.weight[0] - 2) < 1e-6F && fabsf(spied.weight[1] - 4.0F / 6) < 1e-6F);
}

TEST(model_pipeline__says_what_cannot_be_learned)
{
    pt_err err;
    pt_pool *pool;
    pt_pipeline *p;
    static const float same[ROWS] = {3, 3, 3, 3, 3, 3, 3, 3};
    static const float none[ROWS] = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    const pt_feature flat[] = {{.name = "a", .kind = PT_FEATURE_NUMBER, .numbers = same},
                               {.name = "b", .kind = PT_FEATURE_NUMBER, .numbers = none}};
    pt_table t = table_of(flat, 2);
    pt_row_set rows = pt_all_rows(&t);
    pt_pipeline_options o = {
        .learner = pt_learner_find(PT_SV("majority")), .task = PT_TASK_CLASSIFY, .preparation = pt_preparation_preset};

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    o.pool = pool;
    CHECK(pt_pipeline_fit(&p, &t, &rows, &o, &err) == PT_EINVAL);
    CHECK_STR(err.msg, "nothing can be learned: no feature differs from row to row");
    rows.n = 0;
    CHECK(pt_pipeline_fit(&p, &t, &rows, &o, &err) == PT_EINVAL);
    CHECK_STR(err.msg, "there are no rows to learn from");
    o.task = PT_TASK_CLUSTER;
    CHECK(pt_pipeline_fit(&p, &t, &rows, &o, &err) == PT_EINVAL);
    t.n_classes = 1;
    o.task = PT_TASK_CLASSIFY;
    CHECK(pt_pipeline_fit(&p, &t, &rows, &o, &err) == PT_EINVAL);
    pt_pool_free(pool);
}

/* --- storage ------------------------------------------------------------------------------------------------------- */

static void fit_majority(pt_pipeline **p, pt_pool *pool, const pt_table *t)
{
    pt_err err;
    const pt_row_set rows = pt_all_rows(t);
    pt_pipeline_options o = {.learner = pt_learner_find(PT_SV("majority")),
                             .task = PT_TASK_CLASSIFY,
                             .preparation = eager(),
                             .seed = 1,
                             .pool = pool};

    o.preparation.encoding = PT_ENCODE_TARGET;
    CHECK_OK(pt_pipeline_fit(p, t, &rows, &o, &err));
}

TEST(model_pipeline__is_the_same_after_storage)
{
    pt_err err;
    pt_pool *pool;
    pt_pipeline *p;
    pt_pipeline *again;
    pt_str bytes = {0}, twice = {0};
    const pt_table t = table_of(features, 3);
    const pt_row_set rows = pt_all_rows(&t);
    float out[2 * ROWS];

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    fit_majority(&p, pool, &t);
    CHECK_OK(pt_pipeline_save(&bytes, p, &err));
    CHECK_OK(pt_pipeline_load(&again, (pt_sv){bytes.ptr, bytes.len}, &err));
    CHECK_OK(pt_pipeline_save(&twice, again, &err));
    CHECK(pt_sv_eq((pt_sv){bytes.ptr, bytes.len}, (pt_sv){twice.ptr, twice.len}));
    CHECK_STR(pt_pipeline_class(again, 1), "true");
    CHECK_STR(pt_pipeline_feature(again, 1).most_frequent, "Beijing");
    CHECK(pt_pipeline_feature(again, 0).median == 3.5F && pt_pipeline_feature(again, 0).missing == 0.25);
    CHECK_OK(pt_pipeline_predict(out, again, &t, &rows, pool, &err));
    CHECK(out[0] == 0.5F && out[1] == 0.5F);
    pt_pipeline_free(p);
    pt_pipeline_free(again);
    pt_str_free(&bytes);
    pt_str_free(&twice);
    pt_pool_free(pool);
}

/* Any byte changed is found by the checksum; with the checksum made good, bounds must hold by themselves. */
TEST(model_pipeline__refuses_damaged_bytes)
{
    pt_err err;
    pt_pool *pool;
    pt_pipeline *p;
    pt_str bytes = {0};
    const pt_table t = table_of(features, 3);
    const pt_row_set rows = pt_all_rows(&t);
    float out[2 * ROWS];
    size_t taken = 0;

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    fit_majority(&p, pool, &t);
    CHECK_OK(pt_pipeline_save(&bytes, p, &err));
    pt_pipeline_free(p);
    for (size_t i = 0; i < bytes.len; i++) {
        CHECK(pt_pipeline_load(&p, (pt_sv){bytes.ptr, i}, &err) == PT_ECORRUPT);
        bytes.ptr[i] ^= 0x41;
        CHECK(pt_pipeline_load(&p, (pt_sv){bytes.ptr, bytes.len}, &err) == PT_ECORRUPT);
        if (i < bytes.len - 8) {
            char sum[8];
            const uint64_t good = pt_hash64(bytes.ptr, bytes.len - 8);
            memcpy(sum, bytes.ptr + bytes.len - 8, 8);
            memcpy(bytes.ptr + bytes.len - 8, &good, 8);
            if (pt_pipeline_load(&p, (pt_sv){bytes.ptr, bytes.len}, &err) == PT_OK) {
                (void)pt_pipeline_predict(out, p, &t, &rows, pool, &err);
                pt_pipeline_free(p);
                taken++;
            }
            memcpy(bytes.ptr + bytes.len - 8, sum, 8);
        }
        bytes.ptr[i] ^= 0x41;
    }
    CHECK(taken < bytes.len); /* numbers may be other numbers */
    pt_str_free(&bytes);
    pt_pool_free(pool);
}
