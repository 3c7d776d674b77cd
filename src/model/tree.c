/* A decision tree (CART: Breiman, Friedman, Olshen, Stone 1984). How it is grown: tree_int.h; how it scores: forest.h. */
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "model/examples.h"
#include "model/tree_int.h"

enum {
    PARAM_CRITERION,
    PARAM_DEPTH,
    PARAM_SPLIT_ROWS,
    PARAM_LEAF_ROWS,
    PARAM_LEAVES,
    PARAM_GAIN,
    PARAM_PRUNING,
    PARAM_ALPHA
};
enum { PRUNE_BY_ALPHA, PRUNE_VALIDATED };
enum { FOLDS = 5, MOST_LEAVES = 1 << 20, MOST_ROWS = 1 << 30 };

static const char *const criteria[] = {"gini", "entropy", NULL};
static const char *const prunings[] = {"alpha", "validated", NULL};

static const pt_parameter parameters[] = {
    {"criterion", PT_PARAMETER_CHOICE, 0, 0, 1, criteria, false},
    {"max_depth", PT_PARAMETER_INTEGER, 8, 1, PT_FOREST_DEPTH, NULL, false},
    {"min_samples_split", PT_PARAMETER_INTEGER, 2, 2, MOST_ROWS, NULL, true},
    {"min_samples_leaf", PT_PARAMETER_INTEGER, 1, 1, MOST_ROWS, NULL, true},
    {"max_leaves", PT_PARAMETER_INTEGER, MOST_LEAVES, 1, MOST_LEAVES, NULL, true},
    {"min_gain", PT_PARAMETER_NUMBER, 0, 0, 1e30, NULL, false},
    {"pruning", PT_PARAMETER_CHOICE, PRUNE_BY_ALPHA, 0, 1, prunings, false},
    {"alpha", PT_PARAMETER_NUMBER, 0, 0, 1e30, NULL, false},
};

typedef struct trainer {
    const pt_fit_options *options;
    tree_limits limits;
    tree_stop stop;
    tree_rows *rows;
} trainer;

/* --- pruning by what rows say that the tree was not grown from ------------------------------------------------------- */

/* The squared distance of a row's target from what a node says; of classes summed over them (Brier's score). */
static double loss_at(const tree_rows *r, const float *values, double y)
{
    double sum = 0;

    if (!r->classes)
        return (y - (double)values[0]) * (y - (double)values[0]);
    if (tree_width(r) == 1)
        return 2 * ((y > 0) - (double)values[0]) * ((y > 0) - (double)values[0]);
    for (uint32_t k = 0; k < r->classes; k++) {
        double off = (k == (uint32_t)y) - (double)values[k];
        sum += off * off;
    }
    return sum;
}

/* Adds the loss of each node that each row comes by, were the node a leaf. */
static void add_losses(double *losses, const tree_grown *g, const float *values, const tree_rows *r,
                       const pt_examples *e, const unsigned char *records, const uint32_t *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t row = numbers ? numbers[i] : i;
        double weight = e->weight ? (double)e->weight[row] : 1, y = (double)e->y[row];
        for (uint32_t at = 0;;) {
            const tree_node *node = &g->nodes[at];
            losses[at] += weight * loss_at(r, values + at * tree_width(r), y);
            if (!node->left)
                break;
            bool left;
            if (records) {
                left = tree_goes_left(r, records + row * r->stride, node);
            } else {
                float value = pt_matrix_column(&e->x, node->column)[row];
                left = isnan(value) ? node->missing_left : value < node->split;
            }
            at = left ? node->left : node->right;
        }
    }
}

/* Adds to out[i] the loss of the subtrees left at prices[i] on rows of `e` (all, or those numbered). */
static pt_rc add_price_losses(double *out, const double *prices, size_t n_prices, const tree_grown *g,
                              const tree_path *path, const tree_rows *r, const pt_examples *e,
                              const unsigned char *records, const uint32_t *numbers, size_t n, pt_err *err)
{
    double *losses = pt_zalloc(g->n, sizeof *losses);
    float *values = pt_zalloc(g->n * tree_width(r), sizeof *values);
    pt_rc rc = losses && values ? PT_OK : pt_fail_nomem(err, "pruning a tree");

    for (size_t i = 0; rc == PT_OK && i < g->n; i++)
        tree_node_values(values + i * tree_width(r), g, r, i);
    if (rc == PT_OK) {
        add_losses(losses, g, values, r, e, records, numbers, n);
        rc = tree_losses(out, prices, n_prices, g, path, losses, err);
    }
    free(losses);
    free(values);
    return rc;
}

/* Between two prices of the path each subtree stands for all prices that give it: by their geometric mean. */
static void representative_prices(double *out, const tree_path *path)
{
    for (size_t i = 0; i + 1 < path->steps; i++)
        out[i] = sqrt(path->price[i] * path->price[i + 1]);
    out[path->steps - 1] = path->price[path->steps - 1] * 2;
}

/* The price at which the loss is least; of equals the highest. */
static double best_price(const double *prices, const double *losses, size_t n)
{
    size_t best = 0;

    for (size_t i = 1; i < n; i++)
        if (losses[i] <= losses[best])
            best = i;
    return prices[best];
}

static uint32_t fold_of(size_t row, uint64_t seed)
{
    return (uint32_t)(pt_mix64(pt_mix64(row + 1) ^ seed) % FOLDS);
}

/* Grows on the records outside a fold, adds the losses on those in it. */
static pt_rc add_fold(double *losses, const double *prices, size_t n_prices, const trainer *t, const pt_examples *e,
                      const unsigned char *records, uint32_t fold, pt_err *err)
{
    tree_rows part = *t->rows;
    uint32_t *inside = pt_zalloc(e->x.rows, sizeof *inside);
    size_t n = 0;
    tree_grown grown = {0};
    tree_path path = {0};

    part.rows = 0;
    part.records = pt_alloc64(e->x.rows + 1, part.stride);
    pt_rc rc = inside && part.records ? PT_OK : pt_fail_nomem(err, "pruning a tree");
    for (size_t r = 0; rc == PT_OK && r < e->x.rows; r++) {
        if (fold_of(r, t->options->seed) == fold)
            inside[n++] = (uint32_t)r;
        else
            memcpy(part.records + part.rows++ * part.stride, records + r * part.stride, part.stride);
    }
    if (rc == PT_OK && n && part.rows) {
        rc = tree_grow(&grown, &part, &t->limits, &t->stop, t->options->pool, err);
        if (rc == PT_OK && tree_node_sums(&grown, 0).weight > 0)
            rc = tree_path_new(&path, &grown, tree_weight(&grown, &part), err);
        if (rc == PT_OK && path.steps)
            rc = add_price_losses(losses, prices, n_prices, &grown, &path, &part, e, records, inside, n, err);
    }
    tree_path_free(&path);
    tree_grown_free(&grown);
    free(part.records);
    free(inside);
    return rc;
}

/* The price that is best on rows that were watched, or by cross-validation when none were. `records` as they were before growing. */
static pt_rc validate(double *price, const trainer *t, const tree_grown *g, const tree_path *path, const pt_examples *e,
                      const unsigned char *records, pt_err *err)
{
    const pt_examples *watched = t->options->watched;
    double *prices = pt_zalloc(2 * path->steps, sizeof *prices), *losses = prices ? prices + path->steps : NULL;
    pt_rc rc = prices ? PT_OK : pt_fail_nomem(err, "pruning a tree");

    if (rc == PT_OK)
        representative_prices(prices, path);
    if (rc == PT_OK && watched)
        rc = add_price_losses(losses, prices, path->steps, g, path, t->rows, watched, NULL, NULL, watched->x.rows, err);
    for (uint32_t fold = 0; rc == PT_OK && !watched && fold < FOLDS; fold++)
        rc = add_fold(losses, prices, path->steps, t, e, records, fold, err);
    if (rc == PT_OK)
        *price = best_price(prices, losses, path->steps);
    free(prices);
    return rc;
}

/* --- the learner ------------------------------------------------------------------------------------------------------ */

static pt_rc prune(pt_forest **out, const trainer *t, const tree_grown *g, const pt_examples *e,
                   const unsigned char *records, pt_err *err)
{
    const double *p = t->options->parameters;
    double price = p[PARAM_ALPHA];
    tree_path path = {0};

    pt_rc rc = tree_path_new(&path, g, tree_weight(g, t->rows), err);
    if (rc == PT_OK && p[PARAM_PRUNING] > PRUNE_BY_ALPHA)
        rc = validate(&price, t, g, &path, e, records, err);
    if (rc == PT_OK) {
        double least = tree_price_for(&path, (uint32_t)p[PARAM_LEAVES]);
        rc = tree_forest(out, g, &path, price > least ? price : least, t->rows, err);
    }
    tree_path_free(&path);
    return rc;
}

static pt_rc fit_rows(pt_forest **out, const trainer *t, const pt_examples *e, pt_err *err)
{
    bool again = t->options->parameters[PARAM_PRUNING] > PRUNE_BY_ALPHA && !t->options->watched;
    size_t bytes = t->rows->rows * t->rows->stride;
    unsigned char *records = again ? pt_alloc64(bytes + 1, 1) : NULL;
    tree_grown grown = {0};

    if (again && !records)
        return pt_fail_nomem(err, "pruning a tree");
    if (again)
        memcpy(records, t->rows->records, bytes);
    pt_rc rc = tree_grow(&grown, t->rows, &t->limits, &t->stop, t->options->pool, err);
    if (rc == PT_OK)
        rc = prune(out, t, &grown, e, records, err);
    tree_grown_free(&grown);
    free(records);
    return rc;
}

static pt_rc tree_fit(void **model, const pt_examples *e, pt_task task, const pt_fit_options *options, pt_err *err)
{
    const double *p = options->parameters;
    trainer t = {.options = options,
                 .limits = {.criterion = task == PT_TASK_REGRESS  ? TREE_SQUARES
                                         : p[PARAM_CRITERION] > 0 ? TREE_ENTROPY
                                                                  : TREE_GINI,
                            .depth = (uint32_t)p[PARAM_DEPTH],
                            .split_rows = (int64_t)p[PARAM_SPLIT_ROWS],
                            .leaf_rows = (int64_t)p[PARAM_LEAF_ROWS],
                            .gain = p[PARAM_GAIN]},
                 .stop = {options->cancelled, options->cancel_context}};
    pt_forest *f = NULL;

    *model = NULL;
    if (options->watched)
        PT_TRY(pt_examples_check(options->watched, task, PT_TAKES_MISSING, err));
    PT_TRY(tree_rows_new(&t.rows, e, task, options->pool, err));
    pt_rc rc = fit_rows(&f, &t, e, err);
    tree_rows_free(t.rows);
    if (rc == PT_OK)
        *model = f;
    return rc;
}

const pt_learner pt_tree_learner = {
    .name = "tree",
    .tasks = PT_TASK_CLASSIFY | PT_TASK_REGRESS,
    .wants = PT_TAKES_MISSING,
    .parameters = parameters,
    .n_parameters = PT_COUNT(parameters),
    .fit = tree_fit,
    .outputs = pt_forest_outputs,
    .predict = pt_forest_predict,
    .save = pt_forest_save,
    .load = pt_forest_load,
    .free = pt_forest_free,
    .importance = pt_forest_importance,
    .contributions = pt_forest_contributions,
};
