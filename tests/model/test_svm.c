/* Support vector machines: by hand, against libsvm (reference_svm.py), conditions of the optimum, and the learner. */
#include <math.h>
#include <stdlib.h>

#include "model/learn.h"
#include "model/smo.h"
#include "model/svm_int.h"
#include "support/test.h"

extern const pt_learner pt_svm_learner;

typedef struct solution {
    pt_blocks points;
    size_t n, support; /* variables; points of weight */
    int8_t *sign;
    double *base, *upper, *alpha, *weight, bias;
    uint32_t *point;
} solution;

static void solution_free(solution *s)
{
    pt_blocks_free(&s->points);
    free(s->sign);
    free(s->base);
    free(s->upper);
    free(s->alpha);
    free(s->weight);
    free(s->point);
}

/* epsilon below 0: classification of y 0 and 1. */
static solution solve(const pt_examples *e, const pt_kernel *k, double c, double epsilon, double tolerance,
                      size_t working)
{
    pt_err err;
    pt_pool *pool;
    size_t rows = e->x.rows, n = epsilon < 0 ? rows : 2 * rows;
    solution s = {.n = n,
                  .sign = pt_zalloc(n, 1),
                  .base = pt_zalloc(n, sizeof(double)),
                  .upper = pt_zalloc(n, sizeof(double)),
                  .alpha = pt_zalloc(n, sizeof(double)),
                  .weight = pt_zalloc(rows, sizeof(double)),
                  .point = pt_zalloc(n, sizeof(uint32_t))};

    CHECK(s.sign && s.base && s.upper && s.alpha && s.weight && s.point);
    CHECK_OK(pt_pool_new(&pool, 2, &err));
    CHECK_OK(pt_blocks_new(&s.points, &e->x, k, &err));
    for (size_t v = 0; v < n; v++) {
        size_t r = v % rows;
        s.point[v] = (uint32_t)r;
        s.sign[v] = epsilon < 0 ? (e->y[r] == 1 ? 1 : -1) : v < rows ? 1 : -1;
        s.base[v] = epsilon < 0 ? s.sign[v] : e->y[r] - s.sign[v] * epsilon;
        s.upper[v] = c * (e->weight ? e->weight[r] : 1);
    }
    pt_smo problem = {.points = &s.points,
                      .kernel = k,
                      .n = n,
                      .point = s.point,
                      .sign = s.sign,
                      .base = s.base,
                      .upper = s.upper,
                      .tolerance = tolerance,
                      .working = working,
                      .pool = pool};
    CHECK_OK(pt_smo_solve(s.weight, &s.bias, s.alpha, NULL, &problem, &err));
    for (size_t r = 0; r < rows; r++)
        s.support += s.weight[r] != 0;
    pt_pool_free(pool);
    return s;
}

static double value_at(const solution *s, const pt_examples *e, const pt_kernel *k, size_t at)
{
    double sum = s->bias;

    for (size_t r = 0; r < e->x.rows; r++) {
        double dot = 0, squares = 0;
        for (size_t c = 0; c < e->x.columns; c++) {
            double a = pt_matrix_column(&e->x, c)[r], b = pt_matrix_column(&e->x, c)[at];
            dot += a * b;
            squares += (a - b) * (a - b);
        }
        double value = k->kind == PT_KERNEL_RBF      ? exp(-k->gamma * squares)
                       : k->kind == PT_KERNEL_LINEAR ? dot
                                                     : pow(k->gamma * dot + k->coef0, k->degree);
        sum += s->weight[r] * value;
    }
    return sum;
}

/* Points at -1 and 1 of a line: the widest gap is 2, the multipliers 1/2, the line goes through 0. */
TEST(model_svm__of_two_points_is_the_middle)
{
    float x[] = {-1, 1}, y[] = {0, 1};
    pt_examples e = {.x = {x, 2, 1, 2}, .y = y, .n_classes = 2};
    pt_kernel k = {PT_KERNEL_LINEAR, 0, 0, 1};
    solution s = solve(&e, &k, 10, -1, 1e-6, 0);

    CHECK(fabs(s.alpha[0] - 0.5) < 1e-9 && fabs(s.alpha[1] - 0.5) < 1e-9 && fabs(s.bias) < 1e-9);
    solution_free(&s);
}

typedef struct reference {
    const char *name;
    int support;
    double bias, values[5];
} reference;

static const reference references[] = {
    {"rbf", 133, -3.64761952, {-0.942475424, 4.63962531, 0.664981547, 2.23429916, -2.17652813}},
    {"polynomial", 245, 2.28538263, {-0.575815769, 1.77370087, 0.327220172, 0.969857437, -1.41930634}},
    {"weighted", 119, -4.10085619, {-0.886372219, 5.18673993, 0.66912081, 2.57427405, -2.84556132}},
    {"linear", 99, 0.15395537, {-0.450136968, 0.0881337205, 0.227786582, 3.15061962, 1.13571022}},
    {"regression", 232, -0.244514342, {-0.426149207, -0.0307497457, 0.0480247275, 0.555561285, 0.0577034356}},
};

static void check_reference(const char *name, const pt_examples *e, pt_kernel k, double c, double epsilon)
{
    for (size_t i = 0; i < PT_COUNT(references); i++) {
        const reference *want = &references[i];
        if (strcmp(want->name, name) != 0)
            continue;
        for (size_t working = 16; working <= 2048; working *= 8) { /* in many rounds and in one: the same optimum */
            solution s = solve(e, &k, c, epsilon, 1e-5, working);
            CHECK(labs((long)s.support - want->support) <= 1);
            CHECK(fabs(s.bias - want->bias) < 2e-4);
            for (size_t r = 0; r < 5; r++)
                CHECK(fabs(value_at(&s, e, &k, r) - want->values[r]) < 2e-4);
            solution_free(&s);
        }
        return;
    }
    CHECK(false);
}

TEST(model_svm__finds_what_libsvm_finds)
{
    example_set s = example_set_ring(400, 3, 5), t = example_set_new(300, 4, 2, false, 9),
                v = example_set_new(300, 4, 0, false, 9);

    check_reference("rbf", &s.e, (pt_kernel){PT_KERNEL_RBF, 0.8, 0, 1}, 2, -1);
    check_reference("polynomial", &s.e, (pt_kernel){PT_KERNEL_POLYNOMIAL, 0.5, 1, 2}, 0.5, -1);
    for (size_t r = 0; r < 400; r++)
        s.w[r] = 0.5F + (float)(r % 3);
    s.e.weight = s.w;
    check_reference("weighted", &s.e, (pt_kernel){PT_KERNEL_RBF, 0.8, 0, 1}, 2, -1);
    check_reference("linear", &t.e, (pt_kernel){PT_KERNEL_LINEAR, 0, 0, 1}, 1, -1);
    check_reference("regression", &v.e, (pt_kernel){PT_KERNEL_RBF, 0.5, 0, 1}, 1, 0.1);
    example_set_free(&s);
    example_set_free(&t);
    example_set_free(&v);
}

/* Whoever is well on the right side has no weight, whoever is on the wrong side all of it, and the weights add up to 0. */
TEST(model_svm__keeps_the_conditions_of_the_optimum)
{
    for (uint64_t seed = 1; seed < 8; seed++) {
        example_set s = example_set_ring(200 + 100 * seed, 2 + seed % 3, seed);
        pt_kernel k = {seed % 2 ? PT_KERNEL_RBF : PT_KERNEL_POLYNOMIAL, 0.7, 1, 3};
        solution a = solve(&s.e, &k, 1, -1, 1e-4, 64);
        double sum = 0;
        for (size_t r = 0; r < a.n; r++) {
            double margin = a.sign[r] * value_at(&a, &s.e, &k, r);
            CHECK(a.alpha[r] >= 0 && a.alpha[r] <= a.upper[r]);
            CHECK(a.alpha[r] > 0 || margin > 1 - 1e-3);
            CHECK(a.alpha[r] < a.upper[r] || margin < 1 + 1e-3);
            sum += a.weight[r];
        }
        CHECK(fabs(sum) < 1e-9);
        solution_free(&a);
        example_set_free(&s);
    }
}

/* --- loops -------------------------------------------------------------------------------------------------------- */

typedef struct loop_results {
    double sums[48];
    float values[40 * 48];
    double score[48];
    uint32_t second;
    pt_pair_ends ends;
} loop_results;

static loop_results run_loops(const pt_row_kernels *loops, const pt_kernel *k, const pt_blocks *p,
                              const pt_support *rows)
{
    loop_results out = {0};
    double factors[40] = {0}, up[48], low[48];
    float diagonal[48];
    lcg g = {2};

    for (size_t i = 0; i < 37; i++)
        factors[i] = lcg_next(&g) - 0.5;
    for (size_t b = 0; b < p->blocks; b++) {
        loops->add(out.sums + 16 * b, k, p, b, rows, factors);
        loops->values(out.values + 16 * b, 48, k, p, b, rows);
    }
    for (size_t i = 0; i < 48; i++) {
        up[i] = i % 3 ? 0 : -INFINITY;
        low[i] = i % 4 ? 0 : INFINITY;
        diagonal[i] = i < 37 ? pt_kernel_self(k, p, i) : 1;
        out.score[i] = lcg_next(&g);
    }
    pt_pair_state s = {out.score, up, low, out.values, 48, 48, diagonal};
    out.second = loops->second(&s, 7);
    out.ends = loops->move(&s, 7, 11, 0.25);
    return out;
}

TEST(model_svm__loops_of_all_instruction_sets_give_the_same_bits)
{
    example_set s = example_set_new(37, 5, 2, false, 3);
    pt_kernel kernels[] = {
        {PT_KERNEL_RBF, 0.4, 0, 1}, {PT_KERNEL_POLYNOMIAL, 0.3, 0.5, 3}, {PT_KERNEL_LINEAR, 0, 0, 1}};
    uint32_t which[37];
    pt_blocks p;
    pt_support rows;
    pt_err err;

    for (uint32_t i = 0; i < 37; i++)
        which[i] = i;
    for (size_t k = 0; k < PT_COUNT(kernels); k++) {
        CHECK_OK(pt_blocks_new(&p, &s.e.x, &kernels[k], &err));
        CHECK_OK(pt_support_new(&rows, 37, 5, &err));
        pt_support_pick(&rows, &p, which, 37);
        loop_results want = run_loops(pt_row_kernels_nth(0), &kernels[k], &p, &rows);
        for (unsigned i = 1; pt_row_kernels_nth(i); i++) {
            loop_results got = run_loops(pt_row_kernels_nth(i), &kernels[k], &p, &rows);
            CHECK(memcmp(got.sums, want.sums, sizeof got.sums) == 0);
            CHECK(memcmp(got.values, want.values, sizeof got.values) == 0);
            CHECK(memcmp(got.score, want.score, sizeof got.score) == 0);
            CHECK_INT(got.second, want.second);
            CHECK_INT(got.ends.at, want.ends.at);
            CHECK(got.ends.most == want.ends.most && got.ends.least == want.ends.least);
        }
        for (size_t r = 0; r < 37; r++) /* and they are kernel values: of a point with itself, and either way round */
            for (size_t c = 0; c < 37; c++) {
                CHECK(want.values[r * 48 + c] == want.values[c * 48 + r]);
                CHECK(r != c || fabsf(want.values[r * 48 + r] - pt_kernel_self(&kernels[k], &p, r)) < 1e-5F);
            }
        pt_support_free(&rows);
        pt_blocks_free(&p);
    }
    example_set_free(&s);
}

/* --- the learner -------------------------------------------------------------------------------------------------- */

TEST(model_svm__coupling_gives_back_what_pairs_came_from)
{
    double p[] = {0.5, 0.3, 0.15, 0.05}, r[16], out[4];

    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            r[i * 4 + j] = p[i] / (p[i] + p[j]);
    svm_couple(out, r, 4);
    for (int i = 0; i < 4; i++)
        CHECK(fabs(out[i] - p[i]) < 1e-6);
}

TEST(model_svm__keeps_what_every_learner_must)
{
    example_set ring = example_set_ring(300, 3, 5), three = example_set_new(250, 3, 3, true, 2),
                line = example_set_new(200, 3, 0, true, 4);
    const setting polynomial[] = {{"kernel", 2}, {"degree", 2}, {"folds", 0}, {NULL, 0}};

    learn_check(&pt_svm_learner, &ring.e, PT_TASK_CLASSIFY, NULL);
    learn_check(&pt_svm_learner, &three.e, PT_TASK_CLASSIFY, polynomial);
    learn_check(&pt_svm_learner, &line.e, PT_TASK_REGRESS, NULL);
    example_set_free(&ring);
    example_set_free(&three);
    example_set_free(&line);
}

TEST(model_svm__learns_what_no_line_parts)
{
    example_set train = example_set_ring(1500, 3, 5), later = example_set_ring(1000, 3, 6);
    const setting strong[] = {{"c", 10}, {"gamma", 3}, {NULL, 0}};
    void *model = learn_fit(&pt_svm_learner, &train.e, PT_TASK_CLASSIFY, strong, 2);

    CHECK(learn_accuracy(&pt_svm_learner, model, &later.e) > 0.93);
    pt_svm_learner.free(model);
    example_set_free(&train);
    example_set_free(&later);
}

/* The target in other units gives the same line in those units. */
TEST(model_svm__regression_is_the_same_in_any_unit)
{
    example_set s = example_set_new(400, 3, 0, false, 6);
    void *one = learn_fit(&pt_svm_learner, &s.e, PT_TASK_REGRESS, NULL, 2);
    float *first = learn_predict(&pt_svm_learner, one, &s.e.x);
    double residual = 0;

    for (size_t r = 0; r < 400; r++) {
        residual += fabs((double)first[r] - (double)s.y[r]) / 400;
        s.y[r] = s.y[r] * 1000 + 5;
    }
    CHECK(residual < 0.3);
    void *two = learn_fit(&pt_svm_learner, &s.e, PT_TASK_REGRESS, NULL, 2);
    float *second = learn_predict(&pt_svm_learner, two, &s.e.x);
    for (size_t r = 0; r < 400; r++)
        CHECK(fabsf(second[r] - (first[r] * 1000 + 5)) < 5);
    free(first);
    free(second);
    pt_svm_learner.free(one);
    pt_svm_learner.free(two);
    example_set_free(&s);
}

TEST(model_svm__of_points_all_alike_gives_their_shares)
{
    float x[40] = {0}, y[40];
    pt_examples e = {.x = {x, 40, 1, 40}, .y = y, .n_classes = 2};

    for (int i = 0; i < 40; i++)
        y[i] = i % 4 == 0;
    void *model = learn_fit(&pt_svm_learner, &e, PT_TASK_CLASSIFY, NULL, 2);
    float *out = learn_predict(&pt_svm_learner, model, &e.x);
    CHECK(fabsf(out[1] - 0.25F) < 0.05F);
    free(out);
    pt_svm_learner.free(model);
}

TEST(model_svm__of_one_row_of_each_class_works)
{
    float x[] = {-1, 1, 4}, y[] = {0, 1, 2}, same[] = {5, 5, 5};
    pt_examples e = {.x = {x, 3, 1, 3}, .y = y, .n_classes = 3};
    void *model = learn_fit(&pt_svm_learner, &e, PT_TASK_CLASSIFY, NULL, 1);

    pt_svm_learner.free(model);
    e.y = same;
    e.n_classes = 0;
    model = learn_fit(&pt_svm_learner, &e, PT_TASK_REGRESS, NULL, 1); /* a target that never changes */
    float *out = learn_predict(&pt_svm_learner, model, &e.x);
    CHECK(fabsf(out[0] - 5) < 0.11F);
    free(out);
    pt_svm_learner.free(model);
}

TEST(model_svm__refuses_what_nothing_can_be_learned_from)
{
    example_set s = example_set_new(20, 2, 2, false, 8);

    s.x[3] = NAN;
    learn_refused(&pt_svm_learner, &s.e, PT_TASK_CLASSIFY, PT_EINVAL, "feature 1 has missing");
    s.x[3] = 0;
    for (size_t r = 0; r < 20; r++)
        s.y[r] = 1;
    learn_refused(&pt_svm_learner, &s.e, PT_TASK_CLASSIFY, PT_EINVAL, "one class");
    s.e.x.rows = 300001; /* refused before anything is read */
    s.e.x.columns = 0;
    learn_refused(&pt_svm_learner, &s.e, PT_TASK_CLASSIFY, PT_EINVAL, "no features");
    example_set_free(&s);
}
