/* Shapley values of trees against their definition: every coalition of columns, each worth what Lundberg and others say it is. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/forest.h"
#include "model/learn.h"
#include "model/tree_kernels.h"
#include "support/test.h"

extern const pt_learner pt_tree_learner;

static const pt_learner *const learner = &pt_tree_learner;

/* What a node is worth to those who know the columns of `known`; of class k where leaves have several numbers. */
static double worth(const pt_forest *f, uint32_t tree, uint32_t at, const float *row, unsigned known, uint32_t k)
{
    const pt_node *n = f->nodes + f->first[tree] + at;
    const float *cover = f->cover + f->first[tree];
    uint32_t c = pt_node_column(n);

    if (pt_node_is_leaf(f->nodes + f->first[tree], at))
        return f->width > 1 ? f->leaves[(size_t)f->leaf[f->first[tree] + at] * f->width + k] : n->value;
    if (known >> c & 1) {
        bool left = isnan(row[c]) ? (n->column & PT_NODE_MISSING_LEFT) != 0 : row[c] < n->split;
        return worth(f, tree, n->left + !left, row, known, k);
    }
    double l = cover[n->left], r = cover[n->left + 1];
    return (l * worth(f, tree, n->left, row, known, k) + r * worth(f, tree, n->left + 1, row, known, k)) / (l + r);
}

static double worth_of_all(const pt_forest *f, const float *row, unsigned known, uint32_t k)
{
    double sum = (double)f->base;

    for (uint32_t t = 0; t < f->n_trees; t++)
        if (f->link != PT_LINK_SOFTMAX || t % f->outputs == k)
            sum += worth(f, t, 0, row, known, k);
    return sum;
}

static double shapley(const pt_forest *f, const float *row, uint32_t column, uint32_t k)
{
    unsigned n = f->columns;
    double sum = 0;

    for (unsigned known = 0; known < 1u << n; known++) {
        if (known >> column & 1)
            continue;
        /* The share of orders in which these columns come first, then this one. */
        double ways = 1;
        unsigned size = (unsigned)__builtin_popcount(known);
        for (unsigned i = 1; i <= size; i++)
            ways *= (double)i / (double)(n - i);
        sum += ways / n * (worth_of_all(f, row, known | 1u << column, k) - worth_of_all(f, row, known, k));
    }
    return sum;
}

static void check_rows(const pt_forest *f, const pt_matrix *x)
{
    size_t width = f->columns + 1;
    float *out = calloc(x->rows * width, sizeof *out), *shares = learn_predict(learner, f, x), row[16];
    pt_pool *pool;
    pt_err err = {0};

    CHECK(out);
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    CHECK_OK(learner->contributions(out, f, x, pool, &err));
    for (size_t r = 0; r < x->rows; r++) {
        uint32_t k = 0;
        for (uint32_t i = 1; f->outputs > 2 && i < f->outputs; i++)
            k = shares[r * f->outputs + i] > shares[r * f->outputs + k] ? i : k;
        for (uint32_t c = 0; c < f->columns; c++)
            row[c] = pt_matrix_column(x, c)[r];
        for (uint32_t c = 0; c < f->columns; c++) {
            double want = shapley(f, row, c, k);
            if (!(fabs(out[r * width + c] - want) <= 2e-6 * (1 + fabs(want))))
                test_fail(__FILE__, __LINE__, "row %zu column %u: %.9g, by definition %.9g", r, c,
                          (double)out[r * width + c], want);
        }
        CHECK(fabs(out[r * width + f->columns] - worth_of_all(f, row, 0, k)) < 2e-6);
    }
    pt_pool_free(pool);
    free(out);
    free(shares);
}

static void check_tree(size_t rows, size_t columns, uint32_t classes, double depth, uint64_t seed)
{
    example_set s = example_set_new(rows, columns, classes, seed % 2, seed);
    setting settings[] = {{"max_depth", depth}, {NULL, 0}};

    for (size_t i = seed; i < rows * columns; i += 7)
        s.x[i] = NAN;
    pt_forest *f = learn_fit(learner, &s.e, classes ? PT_TASK_CLASSIFY : PT_TASK_REGRESS, settings, 2);
    pt_matrix few = s.e.x;
    few.rows = 37; /* not a multiple of the lanes */
    check_rows(f, &few);
    learner->free(f);
    example_set_free(&s);
}

TEST(model_tree_shap__is_what_the_definition_says)
{
    for (uint64_t seed = 1; seed <= 4; seed++) {
        check_tree(300, 5, 2, 4, seed);
        check_tree(300, 3, 0, 9, seed); /* columns come again on the way down */
        check_tree(300, 6, 3, 6, seed);
        check_tree(400, 1, 2, 20, seed);
    }
}

TEST(model_tree_shap__a_leaf_alone_says_its_value)
{
    float x[] = {1, 1, 1}, y[] = {2, 3, 4}, out[6];
    pt_examples e = {.x = {x, 3, 1, 3}, .y = y};
    void *f = learn_fit(learner, &e, PT_TASK_REGRESS, NULL, 1);
    pt_pool *pool;
    pt_err err = {0};

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    CHECK_OK(learner->contributions(out, f, &e.x, pool, &err));
    CHECK_DOUBLE(out[0], 0);
    CHECK_DOUBLE(out[1], 3);
    pt_pool_free(pool);
    learner->free(f);
}

TEST(model_tree_shap__adds_up_on_deep_trees)
{
    example_set s = example_set_ring(3000, 8, 9);
    setting settings[] = {{"max_depth", 40}, {NULL, 0}};
    pt_forest *f = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, settings, 2);
    size_t width = 9;
    float *out = calloc(3000 * width, sizeof *out), *says = learn_predict(learner, f, &s.e.x);
    pt_pool *pool;
    pt_err err = {0};

    CHECK(out);
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    CHECK_OK(learner->contributions(out, f, &s.e.x, pool, &err));
    for (size_t r = 0; r < 3000; r++) {
        double sum = 0;
        for (size_t c = 0; c < width; c++)
            sum += (double)out[r * width + c];
        CHECK(fabs(sum - (double)says[2 * r + 1]) < 1e-5);
    }
    pt_pool_free(pool);
    free(out);
    free(says);
    learner->free(f);
    example_set_free(&s);
}
TEST(model_tree_shap__kernels_agree_on_every_machine)
{
    _Alignas(64) float values[3 * TREE_LANES], want[3 * TREE_LANES] = {0}, got[3 * TREE_LANES];
    tree_step steps[] = {{-1, 0.5f, 0, 0, 0.3f}, {0, INFINITY, 1, 1, 0.6f}, {-INFINITY, 0.2f, 2, 0, 0.9f}};
    float points[] = {0.2113249f, 0.7886751f}, weights[] = {0.5f, 0.5f};
    lcg g = {3};

    for (size_t i = 0; i < PT_COUNT(values); i++)
        values[i] = i % 11 == 0 ? NAN : lcg_next(&g) * 2 - 1;
    tree_kernels_plain()->shares(want, values, steps, 3, 1.7f, points, weights, 2);
    for (unsigned k = 0; tree_kernels_nth(k); k++) {
        memset(got, 0, sizeof got);
        tree_kernels_nth(k)->shares(got, values, steps, 3, 1.7f, points, weights, 2);
        CHECK(memcmp(want, got, sizeof got) == 0);
    }
}
