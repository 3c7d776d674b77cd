/* Gradient boosting of trees (Friedman 2001; Chen and Guestrin 2016), trained by XGBoost's library. */
#include <math.h>
#include <stdlib.h>

#include "model/examples.h"
#include "model/xgboost_int.h"

enum {
    PARAM_ROUNDS,
    PARAM_RATE,
    PARAM_DEPTH,
    PARAM_CHILD_WEIGHT,
    PARAM_SUBSAMPLE,
    PARAM_COLSAMPLE,
    PARAM_LAMBDA,
    PARAM_ALPHA,
    PARAM_GAMMA,
    PARAM_BINS,
    PARAM_PATIENCE
};

/* Names as XGBoost's users know them. */
static const pt_parameter parameters[] = {
    {"n_estimators", PT_PARAMETER_INTEGER, 200, 1, 10000, NULL, true},
    {"learning_rate", PT_PARAMETER_NUMBER, 0.1, 0.001, 1, NULL, true},
    {"max_depth", PT_PARAMETER_INTEGER, 6, 1, 16, NULL, false},
    {"min_child_weight", PT_PARAMETER_NUMBER, 1, 0, 1e9, NULL, true},
    {"subsample", PT_PARAMETER_NUMBER, 1, 0.05, 1, NULL, false},
    {"colsample_bytree", PT_PARAMETER_NUMBER, 1, 0.05, 1, NULL, false},
    {"reg_lambda", PT_PARAMETER_NUMBER, 1, 0, 1e9, NULL, true},
    {"reg_alpha", PT_PARAMETER_NUMBER, 0, 0, 1e9, NULL, true},
    {"gamma", PT_PARAMETER_NUMBER, 0, 0, 1e9, NULL, true},
    {"max_bin", PT_PARAMETER_INTEGER, 256, 2, 65535, NULL, true},
    {"early_stopping_rounds", PT_PARAMETER_INTEGER, 20, 0, 10000, NULL, false},
};

/* Sums of gradients are made a thread at a time, so a model depends on how many there are: always as many. */
#define THREADS "4"

enum { RANGE_ROWS = 65536 }; /* by which columns are cut, where there are many more */

typedef struct booster {
    const xgboost_api *api;
    const pt_examples *examples;
    const pt_fit_options *options;
    pt_task task;
    DMatrixHandle proxy, train, watched;
    BoosterHandle handle;
    const pt_matrix *given_x; /* what a pass over the examples is given ... */
    bool given;               /* ... and has been */
    float base;               /* what each sum begins with */
    double *curve[2];         /* loss by round: of the examples, of those watched */
    size_t rounds, best;
} booster;

static pt_rc check(const booster *b, int code, pt_err *err)
{
    char first[160];

    if (code == 0)
        return PT_OK;
    const char *text = b->api->XGBGetLastError();
    size_t n = strcspn(text, "\n");
    snprintf(first, sizeof first, "%.*s", (int)n, text);
    return pt_fail(err, PT_EENGINE, "XGBoost: %s", first);
}

/* --- data ----------------------------------------------------------------------------------------------------------------- */

/* The columns where they lie, in the words of NumPy's array interface. */
static void describe(char out[256], const pt_matrix *x)
{
    snprintf(
        out, 256,
        "{\"data\": [%zu, true], \"shape\": [%zu, %zu], \"strides\": [%zu, %zu], \"typestr\": \"<f4\", \"version\": 3}",
        (size_t)(uintptr_t)x->values, x->rows, x->columns, sizeof(float), x->stride * sizeof(float));
}

static pt_rc set_target(const booster *b, DMatrixHandle m, const pt_examples *e, pt_err *err)
{
    PT_TRY(check(b, b->api->XGDMatrixSetFloatInfo(m, "label", e->y, e->x.rows), err));
    if (e->weight)
        PT_TRY(check(b, b->api->XGDMatrixSetFloatInfo(m, "weight", e->weight, e->x.rows), err));
    return PT_OK;
}

static int give_next(DataIterHandle handle)
{
    booster *b = handle;
    char interface[256];

    if (b->given)
        return 0;
    b->given = true;
    describe(interface, b->given_x);
    if (b->api->XGProxyDMatrixSetDataDense(b->proxy, interface) != 0)
        return 0;
    return b->given_x != &b->examples->x || set_target(b, b->proxy, b->examples, NULL) == PT_OK;
}

static void begin_again(DataIterHandle handle)
{
    booster *b = handle;

    b->given = false;
}

/* A matrix of codes; `ranges` says how columns are cut, or is NULL: then all rows are asked. */
static pt_rc give_codes(booster *b, DMatrixHandle *out, const pt_matrix *x, DMatrixHandle ranges, pt_err *err)
{
    char config[128];

    snprintf(config, sizeof config, "{\"missing\": NaN, \"nthread\": " THREADS ", \"max_bin\": %d}",
             (int)b->options->parameters[PARAM_BINS]);
    b->given_x = x;
    b->given = false;
    return check(
        b, b->api->XGQuantileDMatrixCreateFromCallback(b, b->proxy, ranges, begin_again, give_next, config, out), err);
}

/* Every so-manieth row: XGBoost's sketch of all takes longer than many rounds. Without weights, which are few rows' matter. */
static pt_rc give_ranges(booster *b, DMatrixHandle *out, pt_err *err)
{
    const pt_matrix *x = &b->examples->x;
    pt_matrix few = {.rows = RANGE_ROWS, .columns = x->columns, .stride = RANGE_ROWS};
    float *values = pt_alloc64(RANGE_ROWS * x->columns, sizeof *values);

    if (!values)
        return pt_fail_nomem(err, "boosting");
    few.values = values;
    for (size_t c = 0; c < x->columns; c++)
        for (size_t r = 0; r < RANGE_ROWS; r++)
            values[c * RANGE_ROWS + r] = pt_matrix_column(x, c)[(uint64_t)r * x->rows / RANGE_ROWS];
    pt_rc rc = give_codes(b, out, &few, NULL, err);
    free(values);
    return rc;
}

/* The examples as codes of a byte or two, without a copy in floats; those watched as they are. */
static pt_rc give_data(booster *b, pt_err *err)
{
    const pt_examples *watched = b->options->watched;
    char interface[256];
    DMatrixHandle ranges = NULL;

    PT_TRY(check(b, b->api->XGProxyDMatrixCreate(&b->proxy), err));
    if (b->examples->x.rows > 2 * RANGE_ROWS)
        PT_TRY(give_ranges(b, &ranges, err));
    pt_rc rc = give_codes(b, &b->train, &b->examples->x, ranges, err);
    if (ranges)
        b->api->XGDMatrixFree(ranges);
    if (rc != PT_OK || !watched)
        return rc;
    describe(interface, &watched->x);
    PT_TRY(check(
        b, b->api->XGDMatrixCreateFromDense(interface, "{\"missing\": NaN, \"nthread\": " THREADS "}", &b->watched),
        err));
    return set_target(b, b->watched, watched, err);
}

/* --- settings ------------------------------------------------------------------------------------------------------------- */

static pt_rc set_text(const booster *b, const char *name, const char *value, pt_err *err)
{
    return check(b, b->api->XGBoosterSetParam(b->handle, name, value), err);
}

static pt_rc set_number(const booster *b, const char *name, double value, pt_err *err)
{
    char text[32];

    pt_format_double(text, value);
    return set_text(b, name, text, err);
}

/* Where sums begin: the mean; of two classes the log odds of its share. Of more, each class begins alike. */
static pt_rc set_base(booster *b, pt_err *err)
{
    const pt_examples *e = b->examples;
    double sum = 0, weights = 0;

    for (size_t r = 0; r < e->x.rows; r++) {
        double w = e->weight ? (double)e->weight[r] : 1;
        sum += w * (double)e->y[r];
        weights += w;
    }
    float mean = (float)(sum / weights);
    if (b->task == PT_TASK_CLASSIFY && e->n_classes > 2)
        mean = 0.5F;
    b->base = b->task == PT_TASK_CLASSIFY && e->n_classes == 2 ? -logf(1 / mean - 1) : mean;
    return set_number(b, "base_score", (double)mean, err);
}

static const char *metric_of(const booster *b)
{
    return b->task == PT_TASK_REGRESS ? "rmse" : b->examples->n_classes > 2 ? "mlogloss" : "logloss";
}

static pt_rc set_parameters(booster *b, pt_err *err)
{
    /* Names of the library, which its users' names stand for. */
    static const struct {
        const char *name;
        int parameter;
    } numbers[] = {{"eta", PARAM_RATE},
                   {"max_depth", PARAM_DEPTH},
                   {"min_child_weight", PARAM_CHILD_WEIGHT},
                   {"subsample", PARAM_SUBSAMPLE},
                   {"colsample_bytree", PARAM_COLSAMPLE},
                   {"lambda", PARAM_LAMBDA},
                   {"alpha", PARAM_ALPHA},
                   {"gamma", PARAM_GAMMA},
                   {"max_bin", PARAM_BINS}};
    bool several = b->task == PT_TASK_CLASSIFY && b->examples->n_classes > 2;

    PT_TRY(set_text(b, "booster", "gbtree", err));
    PT_TRY(set_text(b, "tree_method", "hist", err));
    PT_TRY(set_text(b, "nthread", THREADS, err));
    PT_TRY(set_text(b, "objective",
                    b->task == PT_TASK_REGRESS ? "reg:squarederror"
                    : several                  ? "multi:softprob"
                                               : "binary:logistic",
                    err));
    if (several)
        PT_TRY(set_number(b, "num_class", b->examples->n_classes, err));
    PT_TRY(set_text(b, "eval_metric", metric_of(b), err));
    PT_TRY(set_number(b, "seed", (double)(b->options->seed & INT32_MAX), err));
    for (size_t i = 0; i < PT_COUNT(numbers); i++)
        PT_TRY(set_number(b, numbers[i].name, b->options->parameters[numbers[i].parameter], err));
    return set_base(b, err);
}

/* --- rounds ----------------------------------------------------------------------------------------------------------------- */

/* "[3]\ttrain-logloss:0.51\twatched-logloss:0.53" */
static bool read_loss(double *out, const char *text, const char *name)
{
    const char *at = strstr(text, name), *colon = at ? strchr(at, ':') : NULL;

    return colon && pt_parse_double(out, (pt_sv){colon + 1, strcspn(colon + 1, "\t\n")});
}

static pt_rc measure(booster *b, size_t round, pt_err *err)
{
    DMatrixHandle data[] = {b->train, b->watched};
    const char *names[] = {"train", "watched"}, *text;

    PT_TRY(check(b, b->api->XGBoosterEvalOneIter(b->handle, (int)round, data, names, b->watched ? 2 : 1, &text), err));
    for (size_t i = 0; i < (b->watched ? 2 : 1); i++)
        if (!read_loss(&b->curve[i][round], text, names[i]))
            return pt_fail(err, PT_EENGINE, "XGBoost: no loss in what it says of a round");
    return PT_OK;
}

/* Until no round has been better for as long as patience lasts. */
static pt_rc boost(booster *b, pt_err *err)
{
    size_t most = (size_t)b->options->parameters[PARAM_ROUNDS];
    size_t patience = b->watched ? (size_t)b->options->parameters[PARAM_PATIENCE] : 0;
    bool measured = b->watched || b->options->curve;

    for (b->rounds = 0; b->rounds < most; b->rounds++) {
        size_t round = b->rounds;
        if (b->options->cancelled && b->options->cancelled(b->options->cancel_context))
            return pt_fail(err, PT_ECANCELED, "learning was stopped");
        PT_TRY(check(b, b->api->XGBoosterUpdateOneIter(b->handle, (int)round, b->train), err));
        if (measured)
            PT_TRY(measure(b, round, err));
        if (!b->watched || b->curve[1][round] < b->curve[1][b->best])
            b->best = round;
        if (patience && round - b->best >= patience) {
            b->rounds++;
            break;
        }
    }
    return PT_OK;
}

static pt_rc keep_curve(const booster *b, pt_err *err)
{
    const pt_fit_options *o = b->options;
    double *kept = o->curve ? PT_NEW_ARRAY(o->arena, double, 2 * b->rounds) : NULL;

    if (!o->curve)
        return PT_OK;
    if (!kept)
        return pt_fail_nomem(err, "the losses of boosting");
    memcpy(kept, b->curve[0], b->rounds * sizeof *kept);
    memcpy(kept + b->rounds, b->curve[1], b->rounds * sizeof *kept);
    *o->curve = (pt_curve){.measure = b->task == PT_TASK_REGRESS ? "rmse" : "log_loss",
                           .n = b->rounds,
                           .train = kept,
                           .watched = b->watched ? kept + b->rounds : NULL,
                           .best = b->best};
    return PT_OK;
}

/* --- the learner -------------------------------------------------------------------------------------------------------------- */

static pt_rc read_forest(pt_forest **out, const booster *b, pt_err *err)
{
    const char *bytes;
    bst_ulong n;
    bool classes = b->task == PT_TASK_CLASSIFY;
    pt_forest shape = {.link = !classes                      ? PT_LINK_VALUE
                               : b->examples->n_classes == 2 ? PT_LINK_LOGIT
                                                             : PT_LINK_SOFTMAX,
                       .columns = (uint32_t)b->examples->x.columns,
                       .outputs = classes ? b->examples->n_classes : 1,
                       .base = b->base};

    PT_TRY(check(b, b->api->XGBoosterSaveModelToBuffer(b->handle, "{\"format\": \"ubj\"}", &n, &bytes), err));
    return xgboost_read(out, &shape, b->best + 1, (pt_sv){bytes, n}, err);
}

static pt_rc train(pt_forest **out, booster *b, pt_err *err)
{
    size_t most = (size_t)b->options->parameters[PARAM_ROUNDS];

    b->curve[0] = pt_zalloc(2 * most, sizeof **b->curve);
    if (!b->curve[0])
        return pt_fail_nomem(err, "the losses of boosting");
    b->curve[1] = b->curve[0] + most;
    PT_TRY(give_data(b, err));
    PT_TRY(check(b, b->api->XGBoosterCreate((DMatrixHandle[]){b->train}, 1, &b->handle), err));
    PT_TRY(set_parameters(b, err));
    PT_TRY(boost(b, err));
    PT_TRY(keep_curve(b, err));
    return read_forest(out, b, err);
}

static void booster_free(booster *b)
{
    if (b->handle)
        b->api->XGBoosterFree(b->handle);
    if (b->train)
        b->api->XGDMatrixFree(b->train);
    if (b->watched)
        b->api->XGDMatrixFree(b->watched);
    if (b->proxy)
        b->api->XGDMatrixFree(b->proxy);
    free(b->curve[0]);
}

static pt_rc xgboost_fit(void **model, const pt_examples *e, pt_task task, const pt_fit_options *options, pt_err *err)
{
    booster b = {.examples = e, .options = options, .task = task};
    pt_forest *f = NULL;

    *model = NULL;
    PT_TRY(pt_examples_check(e, task, PT_TAKES_MISSING, err));
    PT_TRY(pt_examples_check_classes(e, task, err));
    if (options->watched)
        PT_TRY(pt_examples_check(options->watched, task, PT_TAKES_MISSING, err));
    PT_TRY(xgboost_load(&b.api, err));
    pt_rc rc = train(&f, &b, err);
    booster_free(&b);
    if (rc == PT_OK)
        *model = f;
    return rc;
}

static pt_rc xgboost_ready(pt_err *err)
{
    const xgboost_api *api;

    return xgboost_load(&api, err);
}

const pt_learner pt_xgboost_learner = {
    .name = "xgboost",
    .tasks = PT_TASK_CLASSIFY | PT_TASK_REGRESS,
    .wants = PT_TAKES_MISSING,
    .parameters = parameters,
    .n_parameters = PT_COUNT(parameters),
    .fit = xgboost_fit,
    .outputs = pt_forest_outputs,
    .predict = pt_forest_predict,
    .save = pt_forest_save,
    .load = pt_forest_load,
    .free = pt_forest_free,
    .ready = xgboost_ready,
    .importance = pt_forest_importance,
    .contributions = pt_forest_contributions,
};
