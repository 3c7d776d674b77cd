/* Stored models: whatever the bytes, loading refuses them or gives a model that can be used. Every learner is offered the bytes; bins of
 * weight of evidence, calibrations and XGBoost's own format too. */
#include <stdlib.h>

#include "model/calibration.h"
#include "model/learner.h"
#include "model/woe.h"
#include "model/xgboost_int.h"

enum { ROWS = 5, MOST_COLUMNS = 8, MOST_OUTPUTS = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Those that check that rows have the columns they were fitted on: any number may be tried. */
static bool checks_columns(const pt_learner *l)
{
    static const char *const names[] = {"logistic", "linear_svm", "svm",  "naive_bayes",
                                        "knn",      "scorecard",  "tree", "xgboost"};

    for (size_t i = 0; i < PT_COUNT(names); i++)
        if (pt_sv_eq(pt_sv_of(names[i]), pt_sv_of(l->name)))
            return true;
    return false;
}

static void predict(const pt_learner *l, const void *model, pt_pool *pool)
{
    static const float values[ROWS * MOST_COLUMNS] = {0, 1, -1, 3e4F, 0.5F, 1, 1, 0, 2, -7};
    size_t outputs = l->outputs(model);
    pt_err err;

    if (!checks_columns(l) || outputs > MOST_OUTPUTS)
        return;
    float *out = malloc(ROWS * (outputs + MOST_COLUMNS + 1) * sizeof *out);
    for (size_t columns = 1; out && columns <= MOST_COLUMNS; columns++) {
        pt_matrix x = {values, ROWS, columns, ROWS};
        pt_rc rc = l->predict(out, model, &x, pool, &err);
        PT_ASSERT(rc == PT_OK || rc == PT_EINVAL || rc == PT_ENOMEM);
        if (rc == PT_OK && l->contributions)
            (void)l->contributions(out, model, &x, pool, &err);
    }
    free(out);
}

static void use_learner(const pt_learner *l, pt_sv bytes, pt_pool *pool)
{
    pt_err err;
    void *model = NULL;
    pt_rc rc = l->load(&model, bytes, &err);

    PT_ASSERT(rc == PT_OK || ((rc == PT_ECORRUPT || rc == PT_ENOMEM || rc == PT_EENGINE) && !model));
    if (rc == PT_OK) {
        pt_str again = {0};
        predict(l, model, pool);
        rc = l->save(&again, model, &err);
        PT_ASSERT(rc == PT_ENOMEM || (rc == PT_OK && again.len == bytes.len));
        pt_str_free(&again);
    }
    l->free(model);
}

static void use_parts(pt_sv bytes)
{
    pt_woe *woe;
    pt_calibration calibration;

    if (pt_woe_load(&woe, bytes, NULL) == PT_OK) {
        for (uint32_t k = 0; k < 9; k++)
            if (woe->categories)
                (void)pt_woe_worth(woe, pt_woe_bin_of_code(woe, k));
            else
                (void)pt_woe_worth(woe, pt_woe_bin_of_number(woe, (float)k - 4));
        pt_woe_free(woe);
    }
    pt_forest shape = {.link = PT_LINK_SOFTMAX, .columns = 3, .outputs = 3}, *forest;
    if (xgboost_read(&forest, &shape, 1, bytes, NULL) == PT_OK) {
        pt_str saved = {0};
        void *again = NULL;
        pt_rc rc = pt_forest_save(&saved, forest, NULL);
        PT_ASSERT(rc != PT_OK || pt_forest_load(&again, (pt_sv){saved.ptr, saved.len}, NULL) != PT_ECORRUPT);
        pt_forest_free(again);
        pt_str_free(&saved);
        pt_forest_free(forest);
    }
    if (pt_calibration_load(&calibration, bytes, NULL) == PT_OK) {
        double p = pt_calibration_apply(&calibration, 0.3);
        PT_ASSERT(p >= 0 && p <= 1);
        pt_calibration_free(&calibration);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    pt_sv all = {(const char *)bytes, n};
    pt_pool *pool;
    size_t count;
    const pt_learner *const *learners = pt_learners(&count);

    if (pt_pool_new(&pool, 1, NULL) != PT_OK)
        return 0;
    for (size_t i = 0; i < count; i++)
        use_learner(learners[i], all, pool);
    use_parts(all);
    pt_pool_free(pool);
    return 0;
}
