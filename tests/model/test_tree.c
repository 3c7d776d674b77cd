/* Decision trees: by hand, against scikit-learn (reference_tree.py), against a search that tries everything, and what must not
 * matter. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/forest.h"
#include "model/learn.h"
#include "model/reference_tree.h"
#include "model/tree_kernels.h"
#include "support/test.h"

extern const pt_learner pt_tree_learner;

static const pt_learner *const learner = &pt_tree_learner;

/* --- by hand --------------------------------------------------------------------------------------------------------- */

TEST(model_tree__splits_where_the_classes_part)
{
    /* Column 1 tells nothing; column 0 parts the classes between 3 and 10. */
    float x[] = {1, 2, 3, 10, 11, 12, /**/ 1, 2, 1, 2, 1, 2}, y[] = {0, 0, 0, 1, 1, 1}, other[] = {6.4f, 6.6f, 0, 0};
    pt_examples e = {.x = {x, 6, 2, 6}, .y = y, .n_classes = 2};
    pt_forest *f = learn_fit(learner, &e, PT_TASK_CLASSIFY, NULL, 1);

    CHECK_INT(f->n_nodes, 3);
    CHECK_INT(pt_node_column(&f->nodes[0]), 0);
    float *out = learn_predict(learner, f, &(pt_matrix){other, 2, 2, 2});
    CHECK_DOUBLE(out[1], 0); /* at most 6.5 */
    CHECK_DOUBLE(out[3], 1);
    double importance[2];
    CHECK_INT(learner->importance(importance, f, NULL), PT_OK);
    CHECK_DOUBLE(importance[0], 1);
    free(out);
    learner->free(f);
}

TEST(model_tree__a_leaf_says_the_mean_of_its_rows)
{
    float x[] = {1, 2, 3, 4}, y[] = {1, 2, 9, 10}, w[] = {1, 3, 1, 1};
    setting one[] = {{"max_depth", 1}, {NULL, 0}};
    pt_examples e = {.x = {x, 4, 1, 4}, .y = y, .weight = w};
    pt_forest *f = learn_fit(learner, &e, PT_TASK_REGRESS, one, 2);
    float *out = learn_predict(learner, f, &e.x);

    CHECK(fabsf(out[0] - 1.75f) < 1e-6f && out[1] == out[0]);
    CHECK(fabsf(out[2] - 9.5f) < 1e-6f && out[3] == out[2]);
    free(out);
    learner->free(f);
}

TEST(model_tree__missing_goes_where_it_fits)
{
    /* Rows without the value behave like the high ones, or like nobody else. */
    float x[] = {1, 2, 3, 4, NAN, NAN}, high[] = {0, 0, 1, 1, 1, 1}, alone[] = {0, 0, 0, 0, 1, 1};
    float ask[] = {NAN, 1, 3.5f, 100};
    pt_examples e = {.x = {x, 6, 1, 6}, .y = high, .n_classes = 2};
    pt_forest *f = learn_fit(learner, &e, PT_TASK_CLASSIFY, NULL, 1);
    float *out = learn_predict(learner, f, &(pt_matrix){ask, 4, 1, 4});

    CHECK_INT(f->n_nodes, 3);
    CHECK(out[1] == 1 && out[3] == 0 && out[5] == 1 && out[7] == 1);
    free(out);
    learner->free(f);
    e.y = alone;
    f = learn_fit(learner, &e, PT_TASK_CLASSIFY, NULL, 1);
    out = learn_predict(learner, f, &(pt_matrix){ask, 4, 1, 4});
    CHECK_INT(f->n_nodes, 3);
    CHECK(out[1] == 1 && out[3] == 0 && out[5] == 0 && out[7] == 0);
    free(out);
    learner->free(f);
}

TEST(model_tree__missing_where_none_was_goes_with_most)
{
    float x[] = {1, 2, 3, 4, 5}, y[] = {0, 1, 1, 1, 1}, ask[] = {NAN};
    pt_examples e = {.x = {x, 5, 1, 5}, .y = y, .n_classes = 2};
    pt_forest *f = learn_fit(learner, &e, PT_TASK_CLASSIFY, NULL, 1);
    float *out = learn_predict(learner, f, &(pt_matrix){ask, 1, 1, 1});

    CHECK_DOUBLE(out[1], 1);
    free(out);
    learner->free(f);
}

/* --- scikit-learn ---------------------------------------------------------------------------------------------------- */

static void check_reference(const reference_node *want, size_t n, uint32_t classes, bool weighted, bool gaps,
                            double criterion)
{
    example_set s = example_set_new(600, 5, classes, weighted, 3);
    setting settings[] = {{"criterion", criterion}, {"max_depth", 4}, {"min_samples_leaf", 9}, {NULL, 0}};

    for (size_t r = 1; gaps && r < 600; r += 5)
        s.x[r] = NAN;
    pt_forest *f = learn_fit(learner, &s.e, classes ? PT_TASK_CLASSIFY : PT_TASK_REGRESS, settings, 2);
    CHECK_INT(f->n_nodes, n);
    for (uint32_t i = 0; i < n; i++) {
        bool leaf = pt_node_is_leaf(f->nodes, i);
        CHECK_INT(leaf ? -1 : (int)pt_node_column(&f->nodes[i]), want[i].column);
        float value = f->width > 1 ? f->leaves[(size_t)f->leaf[i] * f->width + 1] : f->nodes[i].value;
        if (leaf ? fabs(value - want[i].value) > 1e-6 : fabs(f->nodes[i].split - want[i].split) > 1e-6)
            test_fail(__FILE__, __LINE__, "node %u: %.9g, %.9g", i, (double)f->nodes[i].split, (double)value);
    }
    learner->free(f);
    example_set_free(&s);
}

TEST(model_tree__is_scikit_learns_on_small_data)
{
    check_reference(by_gini, PT_COUNT(by_gini), 2, false, false, 0);
    check_reference(by_entropy, PT_COUNT(by_entropy), 2, true, false, 1);
    check_reference(by_squares, PT_COUNT(by_squares), 0, true, false, 0);
    check_reference(by_gaps, PT_COUNT(by_gaps), 2, false, true, 0);
    check_reference(by_classes, PT_COUNT(by_classes), 3, true, false, 0);
}

TEST(model_tree__prunes_as_scikit_learn_does)
{
    static const struct {
        double alpha;
        uint32_t leaves;
    } cases[] = {
        {0.00054403588, 35}, {0.00125128252, 28}, {0.00253993651, 22}, {0.00441982373, 13}, {0.00727663169, 6}};
    example_set s = example_set_new(600, 5, 2, false, 3);

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        setting by_alpha[] = {{"max_depth", 6}, {"min_samples_leaf", 3}, {"alpha", cases[i].alpha}, {NULL, 0}};
        setting by_leaves[] = {{"max_depth", 6}, {"min_samples_leaf", 3}, {"max_leaves", cases[i].leaves}, {NULL, 0}};
        pt_forest *f = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, by_alpha, 1);
        CHECK_INT(f->n_nodes, 2 * cases[i].leaves - 1);
        learner->free(f);
        f = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, by_leaves, 1);
        CHECK_INT(f->n_nodes, 2 * cases[i].leaves - 1);
        learner->free(f);
    }
    example_set_free(&s);
}

/* --- a search that tries everything ------------------------------------------------------------------------------------ */

/* Grows by trying every value of every column and both ways for what is missing; predicts the rows it was given. */
typedef struct naive {
    const pt_examples *e;
    size_t leaf_rows;
    float *out; /* of each row: the share of class 1, or the mean */
} naive;

static double squares_of(const naive *a, const size_t *rows, size_t n, double *weight, double *mean)
{
    double w = 0, s = 0, q = 0;

    for (size_t i = 0; i < n; i++) {
        double wi = a->e->weight ? a->e->weight[rows[i]] : 1, y = a->e->y[rows[i]];
        w += wi, s += wi * y, q += wi * y * y;
    }
    *weight = w;
    *mean = w > 0 ? s / w : 0;
    return w > 0 ? q - s * s / w : 0;
}

static size_t part(const naive *a, size_t *left, size_t *right, const size_t *rows, size_t n, size_t column,
                   float split, bool missing_left)
{
    const float *v = pt_matrix_column(&a->e->x, column);
    size_t n_left = 0, n_right = 0;

    for (size_t i = 0; i < n; i++) {
        bool goes = isnan(v[rows[i]]) ? missing_left : v[rows[i]] <= split;
        if (goes)
            left[n_left++] = rows[i];
        else
            right[n_right++] = rows[i];
    }
    return n_left;
}

static void grow_naive(const naive *a, size_t *rows, size_t n, unsigned depth)
{
    size_t *left = calloc(2 * n, sizeof *left), *right = left + n, best_column = 0;
    double weight, mean, whole = squares_of(a, rows, n, &weight, &mean), best = whole - 1e-9;
    float best_split = 0;
    bool best_missing = false;

    CHECK(left);
    for (size_t c = 0; depth && c < a->e->x.columns; c++)
        for (size_t i = 0; i < n; i++)
            for (int m = 0; m < 2; m++) {
                float split = pt_matrix_column(&a->e->x, c)[rows[i]];
                size_t k = isnan(split) ? 0 : part(a, left, right, rows, n, c, split, m);
                if (k < a->leaf_rows || n - k < a->leaf_rows)
                    continue;
                double w, u, loss = squares_of(a, left, k, &w, &u) + squares_of(a, right, n - k, &w, &u);
                if (loss < best - 1e-9) {
                    best = loss;
                    best_column = c;
                    best_split = split;
                    best_missing = m;
                }
            }
    if (best < whole - 1e-8) {
        size_t k = part(a, left, right, rows, n, best_column, best_split, best_missing);
        grow_naive(a, left, k, depth - 1);
        grow_naive(a, right, n - k, depth - 1);
    }
    for (size_t i = 0; i < n && !(best < whole - 1e-8); i++)
        a->out[rows[i]] = (float)mean;
    free(left);
}

/* Sum of squares of what a model says of the rows it was learned from. */
static double loss_on(const pt_examples *e, const float *says, size_t stride)
{
    double sum = 0;

    for (size_t r = 0; r < e->x.rows; r++) {
        double off = (double)e->y[r] - (double)says[r * stride];
        sum += (e->weight ? (double)e->weight[r] : 1) * off * off;
    }
    return sum;
}

static void check_naive(size_t rows, size_t columns, uint32_t values, bool classes, bool weighted, uint64_t seed)
{
    example_set s = example_set_new(rows, columns, classes ? 2 : 0, weighted, seed);
    naive a = {&s.e, 4, calloc(rows, sizeof *a.out)};
    size_t *all = calloc(rows, sizeof *all);
    setting settings[] = {{"max_depth", 4}, {"min_samples_leaf", 4}, {NULL, 0}};
    pt_rng g;

    CHECK(a.out && all);
    pt_rng_seed(&g, seed);
    for (size_t i = 0; i < rows * columns; i++)
        s.x[i] = pt_rng_below(&g, 9) == 0 ? NAN : floorf(s.x[i] * (float)values);
    for (size_t r = 0; r < rows; r++)
        all[r] = r;
    grow_naive(&a, all, rows, 4);
    pt_forest *f = learn_fit(learner, &s.e, classes ? PT_TASK_CLASSIFY : PT_TASK_REGRESS, settings, 2);
    float *out = learn_predict(learner, f, &s.e.x);
    double got = loss_on(&s.e, out + (classes ? 1 : 0), classes ? 2 : 1), want = loss_on(&s.e, a.out, 1);
    if (!(fabs(got - want) <= 1e-5 * want))
        test_fail(__FILE__, __LINE__, "rows %zu values %u seed %d: loss %.9g, the naive search %.9g", rows, values,
                  (int)seed, got, want);
    free(out);
    free(all);
    free(a.out);
    learner->free(f);
    example_set_free(&s);
}

TEST(model_tree__finds_what_trying_everything_finds)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        check_naive(40, 3, 5, seed % 2, seed % 3 == 0, seed);
        check_naive(90, 2, 1000, seed % 2, seed % 3 == 0, seed);
        check_naive(500, 2, 20, seed % 2, seed % 3 == 0, seed); /* enough rows for cells */
    }
}

/* --- what must not matter ----------------------------------------------------------------------------------------------- */

static void check_same(const float *a, const float *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        CHECK_DOUBLE(a[i], b[i]);
}

TEST(model_tree__the_order_of_rows_does_not_matter)
{
    example_set s = example_set_new(700, 4, 3, true, 8), t = example_set_new(700, 4, 3, true, 8);

    for (size_t r = 0; r < 700; r++) {
        size_t to = r * 11 % 700;
        for (size_t c = 0; c < 4; c++)
            t.x[c * 700 + to] = s.x[c * 700 + r];
        t.y[to] = s.y[r];
        t.w[to] = s.w[r];
    }
    void *a = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, NULL, 1),
         *b = learn_fit(learner, &t.e, PT_TASK_CLASSIFY, NULL, 1);
    float *x = learn_predict(learner, a, &s.e.x), *y = learn_predict(learner, b, &s.e.x);
    check_same(x, y, 700 * 3);
    free(x);
    free(y);
    learner->free(a);
    learner->free(b);
    example_set_free(&s);
    example_set_free(&t);
}

TEST(model_tree__the_scale_of_a_feature_does_not_matter)
{
    example_set s = example_set_new(900, 4, 2, false, 9), t = example_set_new(900, 4, 2, false, 9);

    for (size_t i = 0; i < 900 * 4; i++)
        t.x[i] *= 1024;
    void *a = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, NULL, 1),
         *b = learn_fit(learner, &t.e, PT_TASK_CLASSIFY, NULL, 1);
    float *x = learn_predict(learner, a, &s.e.x), *y = learn_predict(learner, b, &t.e.x);
    check_same(x, y, 900 * 2);
    free(x);
    free(y);
    learner->free(a);
    learner->free(b);
    example_set_free(&s);
    example_set_free(&t);
}

TEST(model_tree__a_weight_of_two_is_the_row_twice)
{
    example_set s = example_set_new(400, 4, 2, true, 10), t = example_set_new(800, 4, 2, false, 10);
    setting settings[] = {{"max_depth", 5}, {NULL, 0}};

    for (size_t r = 0; r < 400; r++) {
        s.w[r] = 2;
        for (size_t copy = 0; copy < 2; copy++) {
            for (size_t c = 0; c < 4; c++)
                t.x[c * 800 + 2 * r + copy] = s.x[c * 400 + r];
            t.y[2 * r + copy] = s.y[r];
        }
    }
    void *a = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, settings, 1);
    void *b = learn_fit(learner, &t.e, PT_TASK_CLASSIFY, settings, 1);
    float *x = learn_predict(learner, a, &s.e.x), *y = learn_predict(learner, b, &s.e.x);
    check_same(x, y, 400 * 2);
    free(x);
    free(y);
    learner->free(a);
    learner->free(b);
    example_set_free(&s);
    example_set_free(&t);
}

TEST(model_tree__swapped_classes_swap_the_shares)
{
    example_set s = example_set_new(500, 4, 2, false, 12), t = example_set_new(500, 4, 2, false, 12);

    for (size_t r = 0; r < 500; r++)
        t.y[r] = 1 - t.y[r];
    void *a = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, NULL, 1),
         *b = learn_fit(learner, &t.e, PT_TASK_CLASSIFY, NULL, 1);
    float *x = learn_predict(learner, a, &s.e.x), *y = learn_predict(learner, b, &s.e.x);
    for (size_t r = 0; r < 500; r++)
        CHECK(fabsf(x[2 * r] - y[2 * r + 1]) < 1e-6f);
    free(x);
    free(y);
    learner->free(a);
    learner->free(b);
    example_set_free(&s);
    example_set_free(&t);
}

TEST(model_tree__threads_storage_and_damage)
{
    example_set two = example_set_new(3000, 9, 2, false, 20), three = example_set_new(2000, 5, 3, true, 21);
    example_set value = example_set_new(2500, 5, 0, true, 22), ring = example_set_ring(70000, 3, 23);
    setting validated[] = {{"pruning", 1}, {NULL, 0}};

    learn_check(learner, &two.e, PT_TASK_CLASSIFY, NULL);
    learn_check(learner, &three.e, PT_TASK_CLASSIFY, validated);
    learn_check(learner, &value.e, PT_TASK_REGRESS, NULL);
    learn_check(learner, &ring.e, PT_TASK_CLASSIFY, NULL); /* codes by quantiles, several workers at a level */
    example_set_free(&two);
    example_set_free(&three);
    example_set_free(&value);
    example_set_free(&ring);
}

/* --- many rows ------------------------------------------------------------------------------------------------------------ */

TEST(model_tree__quantiles_cost_next_to_nothing)
{
    /* 70,000 rows have their values cut into 255 ranges, 60,000 of them each value apart. */
    example_set many = example_set_ring(70000, 3, 31);
    setting settings[] = {{"max_depth", 8}, {"min_samples_leaf", 20}, {NULL, 0}};
    pt_examples fewer = many.e;

    fewer.x.rows = 60000;
    void *a = learn_fit(learner, &many.e, PT_TASK_CLASSIFY, settings, 2);
    void *b = learn_fit(learner, &fewer, PT_TASK_CLASSIFY, settings, 2);
    CHECK(fabs(learn_accuracy(learner, a, &fewer) - learn_accuracy(learner, b, &fewer)) < 0.01);
    CHECK(learn_accuracy(learner, a, &fewer) > 0.9);
    learner->free(a);
    learner->free(b);
    example_set_free(&many);
}

TEST(model_tree__a_value_that_most_rows_have_is_told_from_the_next)
{
    enum { ROWS = 70000 };
    float *x = calloc(ROWS, sizeof *x), *y = calloc(ROWS, sizeof *y);
    pt_rng g;

    CHECK(x && y);
    pt_rng_seed(&g, 5);
    for (size_t r = 0; r < ROWS; r++) { /* two in three never bought */
        x[r] = r % 3 ? 0 : (float)pt_rng_double(&g);
        y[r] = r % 3 == 0;
    }
    pt_examples e = {.x = {x, ROWS, 1, ROWS}, .y = y, .n_classes = 2};
    pt_forest *f = learn_fit(learner, &e, PT_TASK_CLASSIFY, NULL, 2);
    float *out = learn_predict(learner, f, &e.x);
    for (size_t r = 0; r < ROWS; r++)
        CHECK_DOUBLE(out[2 * r + 1], y[r]);
    free(out);
    free(x);
    free(y);
    learner->free(f);
}

TEST(model_tree__kernels_agree_on_every_machine)
{
    enum { N = 1003 };
    float values[N], edges[TREE_CODES];
    uint8_t want[N], got[N];
    pt_rng g;

    pt_rng_seed(&g, 4);
    for (size_t i = 0; i < TREE_CODES; i++)
        edges[i] = i < 200 ? (float)i / 10 : INFINITY;
    for (size_t i = 0; i < N; i++) {
        values[i] = pt_rng_below(&g, 7) == 0 ? NAN : (float)(pt_rng_double(&g) * 25 - 2);
        values[i] = pt_rng_below(&g, 5) ? values[i] : edges[pt_rng_below(&g, 200)];
        unsigned code = 0;
        for (size_t k = 0; k < 200; k++)
            code += edges[k] <= values[i];
        want[i] = isnan(values[i]) ? TREE_MISSING : (uint8_t)code;
    }
    for (unsigned k = 0; tree_kernels_nth(k); k++) {
        tree_kernels_nth(k)->encode(got, values, N, edges);
        for (size_t i = 0; i < N; i++)
            CHECK_INT(got[i], want[i]);
    }
}

/* --- pruning by other rows ------------------------------------------------------------------------------------------------ */

TEST(model_tree__validated_pruning_leaves_nothing_of_noise)
{
    example_set s = example_set_new(1500, 5, 2, false, 40);
    setting grown[] = {{"max_depth", 12}, {NULL, 0}}, pruned[] = {{"max_depth", 12}, {"pruning", 1}, {NULL, 0}};
    pt_rng g;

    pt_rng_seed(&g, 41);
    for (size_t r = 0; r < 1500; r++)
        s.y[r] = (float)pt_rng_below(&g, 2);
    pt_forest *a = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, grown, 2);
    pt_forest *b = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, pruned, 2);
    CHECK(a->n_nodes > 300);
    CHECK(b->n_nodes < 20);
    learner->free(a);
    learner->free(b);
    example_set_free(&s);
}

TEST(model_tree__validated_pruning_is_better_on_new_rows)
{
    example_set s = example_set_new(2000, 5, 2, false, 42), fresh = example_set_new(4000, 5, 2, false, 43);
    setting grown[] = {{"max_depth", 20}, {NULL, 0}}, pruned[] = {{"max_depth", 20}, {"pruning", 1}, {NULL, 0}};
    pt_forest *a = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, grown, 2);
    pt_forest *b = learn_fit(learner, &s.e, PT_TASK_CLASSIFY, pruned, 2);

    CHECK(b->n_nodes < a->n_nodes / 2);
    CHECK(learn_accuracy(learner, b, &fresh.e) > learn_accuracy(learner, a, &fresh.e));
    learner->free(a);
    learner->free(b);
    example_set_free(&s);
    example_set_free(&fresh);
}

/* --- input that has no answer, or an odd one ------------------------------------------------------------------------------- */

TEST(model_tree__odd_input)
{
    float x[] = {1, 1, 1, 1, NAN, NAN, NAN, NAN}, y[] = {0, 1, 0, 1}, same[] = {1, 1, 1, 1},
          infinite[] = {1, 2, INFINITY, 4};
    float none[] = {0, 0, 0, 0};
    pt_examples e = {.x = {x, 4, 2, 4}, .y = y, .n_classes = 2};
    pt_forest *f = learn_fit(learner, &e, PT_TASK_CLASSIFY, NULL, 2); /* nothing to split by */
    float *out = learn_predict(learner, f, &e.x);

    CHECK_INT(f->n_nodes, 1);
    CHECK_DOUBLE(out[1], 0.5);
    free(out);
    learner->free(f);
    e.y = same;
    learn_refused(learner, &e, PT_TASK_CLASSIFY, PT_EINVAL, "class");
    f = learn_fit(learner, &(pt_examples){.x = e.x, .y = same}, PT_TASK_REGRESS, NULL, 2); /* nothing to tell apart */
    CHECK_INT(f->n_nodes, 1);
    CHECK_DOUBLE(f->nodes[0].value, 1);
    learner->free(f);
    learn_refused(learner, &(pt_examples){.x = {infinite, 4, 1, 4}, .y = y, .n_classes = 2}, PT_TASK_CLASSIFY,
                  PT_EINVAL, "infinite");
    learn_refused(learner, &(pt_examples){.x = {x, 0, 2, 4}, .y = y, .n_classes = 2}, PT_TASK_CLASSIFY, PT_EINVAL,
                  "no customers");
    learn_refused(learner, &(pt_examples){.x = {x, 4, 0, 4}, .y = y, .n_classes = 2}, PT_TASK_CLASSIFY, PT_EINVAL,
                  "no features");
    learn_refused(learner, &(pt_examples){.x = e.x, .y = y, .n_classes = 2, .weight = none}, PT_TASK_CLASSIFY,
                  PT_EINVAL, "weights");
}

TEST(model_tree__fewer_rows_than_features)
{
    example_set s = example_set_new(3, 40, 0, false, 50);
    pt_forest *f = learn_fit(learner, &s.e, PT_TASK_REGRESS, NULL, 2);
    float *out = learn_predict(learner, f, &s.e.x);

    for (size_t r = 0; r < 3; r++)
        CHECK(fabsf(out[r] - s.y[r]) < 1e-6f);
    free(out);
    learner->free(f);
    example_set_free(&s);
}

TEST(model_tree__two_columns_that_say_nothing_alone)
{
    /* Exclusive or: the first split gains nothing, the second everything. */
    float x[] = {0, 0, 1, 1, /**/ 0, 1, 0, 1}, y[] = {0, 1, 1, 0};
    pt_examples e = {.x = {x, 4, 2, 4}, .y = y, .n_classes = 2};
    void *f = learn_fit(learner, &e, PT_TASK_CLASSIFY, NULL, 1);

    CHECK_DOUBLE(learn_accuracy(learner, f, &e), 1);
    learner->free(f);
}

static bool at_once(void *context)
{
    (void)context;
    return true;
}

TEST(model_tree__can_be_stopped)
{
    example_set s = example_set_new(5000, 4, 2, false, 60);
    double parameters[32];
    pt_err err = {0};
    pt_pool *pool;
    void *model;

    learn_parameters(parameters, learner, NULL);
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    pt_fit_options o = {.parameters = parameters, .pool = pool, .cancelled = at_once};
    CHECK_INT(learner->fit(&model, &s.e, PT_TASK_CLASSIFY, &o, &err), PT_ECANCELED);
    CHECK(!model);
    pt_pool_free(pool);
    example_set_free(&s);
}
