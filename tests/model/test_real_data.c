/* The same methods on the same folds of real data as scikit-learn (real_data.py beside this file made the numbers): AUC, F1 and
 * silhouette within 0.005. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/measures_clusters.h"
#include "model/pipeline.h"
#include "support/real_table.h"
#include "support/test.h"

enum { FOLDS = 5 };

#define TOLERANCE 0.005

typedef struct reference {
    const char *data, *method;
    size_t rows, hits;
    double auc;
    double f1; /* NaN: support vectors are calibrated here, and by their sign there */
} reference;

static const reference references[] = {
    {"online_shoppers", "logistic", 12330, 1908, 0.894292, 0.506565},
    {"online_shoppers", "tree", 12330, 1908, 0.914604, 0.647210},
    {"marketing_campaign", "logistic", 2240, 334, 0.876336, 0.536087},
    {"marketing_campaign", "tree", 2240, 334, 0.726842, 0.420101},
    {"marketing_campaign", "knn", 2240, 334, 0.832915, 0.360787},
    {"marketing_campaign", "svm", 2240, 334, 0.879034, NAN},
    {"online_retail", "logistic", 2718, 1349, 0.745466, 0.649234},
    {"online_retail", "tree", 2718, 1349, 0.738940, 0.655327},
    {"online_retail", "naive_bayes", 2718, 1349, 0.736968, 0.439891},
    {"online_retail", "knn", 2718, 1349, 0.727572, 0.652870},
    {"online_retail", "svm", 2718, 1349, 0.741315, NAN},
};

static pt_table data_of(const char *name, pt_arena *a)
{
    if (strcmp(name, "online_shoppers") == 0)
        return real_table("online_shoppers/online_shoppers_intention.csv", ',', "Revenue", (const char *const[]){NULL},
                          a);
    if (strcmp(name, "marketing_campaign") == 0)
        return real_table("marketing_campaign/marketing_campaign.csv", ';', "Response",
                          (const char *const[]){"ID", "Dt_Customer", "Z_CostContact", "Z_Revenue", NULL}, a);
    return real_retail(a);
}

/* Every name a column, as there; nothing is rare. */
static pt_preparation as_there(void)
{
    pt_preparation p = pt_preparation_preset;

    p.encoding = PT_ENCODE_ONE_HOT;
    p.rare_rows = 1;
    p.rare_share = 0;
    return p;
}

static void set(double *parameters, const pt_learner *l, const char *name, double value)
{
    const int i = pt_learner_parameter(l, pt_sv_of(name));

    if (i >= 0)
        parameters[i] = value;
}

static void hold_out(double *auc, double *f1, const pt_table *t, const pt_learner *l, pt_pool *pool, pt_arena *a)
{
    pt_err err;
    double parameters[32];
    pt_pipeline_options o = {.learner = l,
                             .task = PT_TASK_CLASSIFY,
                             .parameters = parameters,
                             .preparation = as_there(),
                             .seed = 1,
                             .pool = pool};

    *auc = *f1 = 0;
    for (size_t i = 0; i < l->n_parameters; i++)
        parameters[i] = l->parameters[i].preset;
    if (strcmp(l->name, "tree") == 0)
        set(parameters, l, "max_depth", 5);
    for (size_t f = 0; f < FOLDS; f++) {
        const pt_row_set fitted = real_fold(t, FOLDS, f, true, a), held = real_fold(t, FOLDS, f, false, a);
        float *predicted = PT_NEW_ARRAY(a, float, 2 * held.n), *actual = PT_NEW_ARRAY(a, float, held.n);
        const pt_outcome outcome = {held.n, 2, predicted, actual, NULL};
        const pt_measured *m;
        pt_pipeline *p;
        size_t n;
        CHECK_OK(pt_pipeline_fit(&p, t, &fitted, &o, &err));
        CHECK_OK(pt_pipeline_predict(predicted, p, t, &held, pool, &err));
        for (size_t i = 0; i < held.n; i++)
            actual[i] = t->target[held.rows[i]];
        CHECK_OK(pt_measure_classes(&m, &n, &outcome, &(pt_measure_options){.draws = 10, .pool = pool}, a, &err));
        *auc += pt_measured_find(m, n, "auc")->value / FOLDS;
        *f1 += pt_measured_find(m, n, "f1")->value / FOLDS;
        pt_pipeline_free(p);
    }
}

static void check_near(const char *what, const char *data, const char *method, double got, double want)
{
    if (!isnan(want) && !(fabs(got - want) <= TOLERANCE))
        test_fail(__FILE__, __LINE__, "%s of %s on %s is %.6f, scikit-learn's %.6f", what, method, data, got, want);
}

static void check_reference(const reference *r, const pt_table *t, pt_pool *pool, pt_arena *a)
{
    const pt_learner *l = pt_learner_find(pt_sv_of(r->method));
    size_t hits = 0;
    double auc, f1;

    CHECK(l);
    for (size_t i = 0; i < t->rows; i++)
        hits += t->target[i] > 0;
    CHECK_INT(t->rows, r->rows);
    CHECK_INT(hits, r->hits);
    hold_out(&auc, &f1, t, l, pool, a);
    check_near("AUC", r->data, r->method, auc, r->auc);
    check_near("F1", r->data, r->method, f1, r->f1);
}

static void check_data(const char *name)
{
    pt_err err;
    pt_arena *a = pt_arena_new(0);
    pt_pool *pool;
    const pt_table t = data_of(name, a);

    CHECK_OK(pt_pool_new(&pool, 2, &err));
    for (size_t i = 0; i < PT_COUNT(references); i++)
        if (strcmp(references[i].data, name) == 0)
            check_reference(&references[i], &t, pool, a);
    pt_pool_free(pool);
    pt_arena_free(a);
}

TEST(model_real_data__online_shoppers_as_scikit_learn)
{
    check_data("online_shoppers");
}

TEST(model_real_data__marketing_campaign_as_scikit_learn)
{
    check_data("marketing_campaign");
}

TEST(model_real_data__online_retail_as_scikit_learn)
{
    check_data("online_retail");
}

/* k-means of card holders: the best of many starts is the same grouping, or one as good. */
TEST(model_real_data__card_holders_as_scikit_learn)
{
    static const struct {
        double k, silhouette;
    } want[] = {{3, 0.250599}, {4, 0.197679}, {7, 0.214646}};
    pt_err err;
    pt_arena *a = pt_arena_new(0);
    pt_pool *pool;
    const pt_table t = real_table("cc_general/CC_GENERAL.csv", ',', NULL, (const char *const[]){"CUST_ID", NULL}, a);
    const pt_row_set rows = pt_all_rows(&t);
    const pt_learner *l = pt_learner_find(PT_SV("kmeans"));
    double parameters[16];
    float *predicted = PT_NEW_ARRAY(a, float, t.rows);
    int32_t *group = PT_NEW_ARRAY(a, int32_t, t.rows);

    CHECK_INT(t.rows, 8950);
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    for (size_t i = 0; i < l->n_parameters; i++)
        parameters[i] = l->parameters[i].preset;
    set(parameters, l, "starts", 50);
    for (size_t w = 0; w < PT_COUNT(want); w++) {
        pt_pipeline_options o = {.learner = l,
                                 .task = PT_TASK_CLUSTER,
                                 .parameters = parameters,
                                 .preparation = pt_preparation_preset,
                                 .seed = 1,
                                 .pool = pool};
        pt_pipeline *p;
        pt_matrix x;
        float *columns;
        pt_measured m;
        set(parameters, l, "k", want[w].k);
        CHECK_OK(pt_pipeline_fit(&p, &t, &rows, &o, &err));
        CHECK_OK(pt_pipeline_predict(predicted, p, &t, &rows, pool, &err));
        CHECK_OK(pt_pipeline_columns(&x, &columns, p, &t, &rows, pool, &err));
        CHECK_INT(x.columns, 17);
        for (size_t i = 0; i < t.rows; i++)
            group[i] = (int32_t)predicted[i];
        CHECK_OK(pt_silhouette(&m, &x, group, pool, &err));
        check_near("silhouette", "cc_general", "kmeans", m.value, want[w].silhouette);
        free(columns);
        pt_pipeline_free(p);
    }
    pt_pool_free(pool);
    pt_arena_free(a);
}
