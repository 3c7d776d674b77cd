#include "model/learn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

float lcg_next(lcg *g)
{
    g->state = g->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (float)(g->state >> 40) / 16777216.0f;
}

static example_set room(size_t rows, size_t columns, uint32_t classes)
{
    example_set s = {.x = pt_zalloc(rows * columns, sizeof(float)),
                     .y = pt_zalloc(rows, sizeof(float)),
                     .w = pt_zalloc(rows, sizeof(float))};

    CHECK(s.x && s.y && s.w);
    s.e = (pt_examples){.x = {s.x, rows, columns, rows}, .y = s.y, .n_classes = classes};
    return s;
}

example_set example_set_new(size_t rows, size_t columns, uint32_t classes, bool weighted, uint64_t seed)
{
    example_set s = room(rows, columns, classes);
    lcg g = {seed};

    for (size_t r = 0; r < rows; r++) {
        float score = 0;
        for (size_t c = 0; c < columns; c++) {
            s.x[c * rows + r] = lcg_next(&g) * 2 - 1;
            if (c < 4) /* powers of two: exact in any order */
                score += s.x[c * rows + r] * (float)(4 >> c) / 4;
        }
        score += lcg_next(&g) - 0.5f;
        float at = floorf((score + 1) * (float)classes / 2);
        s.y[r] = classes == 0 ? score : at < 0 ? 0 : at >= (float)classes ? (float)classes - 1 : at;
        s.w[r] = lcg_next(&g) + 0.5f;
    }
    s.e.weight = weighted ? s.w : NULL;
    return s;
}

example_set example_set_ring(size_t rows, size_t columns, uint64_t seed)
{
    example_set s = room(rows, columns, 2);
    lcg g = {seed};

    for (size_t r = 0; r < rows; r++) {
        float squares = 0;
        for (size_t c = 0; c < columns; c++) {
            float v = lcg_next(&g) * 2 - 1;
            s.x[c * rows + r] = v;
            squares += v * v;
        }
        s.y[r] = squares + (lcg_next(&g) - 0.5f) * 0.2f < (float)columns / 3;
    }
    return s;
}

void example_set_free(example_set *s)
{
    free(s->x);
    free(s->y);
    free(s->w);
}

void learn_parameters(double *out, const pt_learner *l, const setting *settings)
{
    for (size_t i = 0; i < l->n_parameters; i++)
        out[i] = l->parameters[i].preset;
    for (const setting *s = settings; s && s->name; s++) {
        int at = pt_learner_parameter(l, pt_sv_of(s->name));
        CHECK(at >= 0);
        out[at] = s->value;
    }
}

static pt_rc fit_with(void **model, const pt_learner *l, const pt_examples *e, pt_task task, const setting *settings,
                      unsigned threads, pt_err *err)
{
    double parameters[32];
    pt_pool *pool;

    learn_parameters(parameters, l, settings);
    PT_TRY(pt_pool_new(&pool, threads, err));
    pt_fit_options o = {.parameters = parameters, .seed = 7, .pool = pool};
    pt_rc rc = l->fit(model, e, task, &o, err);
    pt_pool_free(pool);
    return rc;
}

void *learn_fit(const pt_learner *l, const pt_examples *e, pt_task task, const setting *settings, unsigned threads)
{
    pt_err err;
    void *model = NULL;

    CHECK_OK(fit_with(&model, l, e, task, settings, threads, &err));
    CHECK(model);
    return model;
}

static float *predict_on(const pt_learner *l, const void *model, const pt_matrix *x, unsigned threads)
{
    pt_err err;
    pt_pool *pool;
    float *out = pt_zalloc(x->rows * l->outputs(model) + 1, sizeof *out);

    CHECK(out);
    CHECK_OK(pt_pool_new(&pool, threads, &err));
    CHECK_OK(l->predict(out, model, x, pool, &err));
    pt_pool_free(pool);
    return out;
}

float *learn_predict(const pt_learner *l, const void *model, const pt_matrix *x)
{
    return predict_on(l, model, x, 2);
}

void learn_refused(const pt_learner *l, const pt_examples *e, pt_task task, pt_rc code, const char *part_of_message)
{
    pt_err err = {0};
    void *model = NULL;

    CHECK_INT(fit_with(&model, l, e, task, NULL, 2, &err), code);
    CHECK(model == NULL);
    if (!strstr(err.msg, part_of_message))
        test_fail(__FILE__, __LINE__, "'%s' does not say '%s'", err.msg, part_of_message);
}

static pt_str saved(const pt_learner *l, const void *model)
{
    pt_err err;
    pt_str out = {0};

    CHECK_OK(l->save(&out, model, &err));
    return out;
}

static void check_harmless(const pt_learner *l, pt_sv bytes, const pt_matrix *x, bool must_fail)
{
    pt_err err = {0};
    void *model = NULL;
    pt_rc rc = l->load(&model, bytes, &err);

    CHECK(rc == PT_OK || rc == PT_ECORRUPT);
    CHECK(!must_fail || rc == PT_ECORRUPT);
    CHECK((rc == PT_OK) == (model != NULL));
    if (rc == PT_OK) { /* what is loaded can be used: a number may be another one, no more */
        pt_pool *pool;
        float *out = pt_zalloc(x->rows * l->outputs(model) + 1, sizeof *out);
        CHECK_OK(pt_pool_new(&pool, 1, &err));
        CHECK(out);
        rc = l->predict(out, model, x, pool, &err);
        CHECK(rc == PT_OK || rc == PT_EINVAL || rc == PT_ECORRUPT);
        pt_pool_free(pool);
        free(out);
    }
    l->free(model);
}

static void check_damage(const pt_learner *l, const pt_str *bytes, const pt_matrix *x)
{
    char *copy = pt_zalloc(bytes->len + 1, 1);
    pt_matrix few = *x;
    size_t cut = bytes->len / 97 + 1, change = bytes->len / 211 + 1;

    few.rows = few.rows < 20 ? few.rows : 20;
    CHECK(copy);
    memcpy(copy, bytes->ptr, bytes->len);
    check_harmless(l, (pt_sv){copy, bytes->len + 1}, &few, true);
    for (size_t n = 0; n < bytes->len; n += n < 64 ? 1 : cut) {
        char *exact = pt_zalloc(n + 1, 1); /* so that reading past the end is noticed */
        CHECK(exact);
        memcpy(exact, copy, n);
        check_harmless(l, (pt_sv){exact, n}, &few, true);
        free(exact);
    }
    for (size_t i = 0; i < bytes->len; i += i < 96 ? 1 : change)
        for (int bit = 0; bit < 8; bit += 7) {
            copy[i] = (char)(copy[i] ^ (1 << bit));
            check_harmless(l, (pt_sv){copy, bytes->len}, &few, false);
            copy[i] = bytes->ptr[i];
        }
    free(copy);
}

static void check_sums(const pt_learner *l, const void *model, const pt_matrix *x, const float *out)
{
    size_t n = l->outputs(model);

    for (size_t r = 0; r < x->rows; r++) {
        double sum = 0;
        for (size_t k = 0; k < n; k++) {
            CHECK(out[r * n + k] >= 0);
            sum += out[r * n + k];
        }
        CHECK(fabs(sum - 1) < 1e-5);
    }
}

void learn_check(const pt_learner *l, const pt_examples *e, pt_task task, const setting *settings)
{
    static const unsigned threads[] = {1, 2, 5};
    pt_err err;
    pt_str first = {0};
    void *again = NULL, *model = NULL;

    for (size_t i = 0; i < PT_COUNT(threads); i++) {
        l->free(model);
        model = learn_fit(l, e, task, settings, threads[i]);
        pt_str bytes = saved(l, model);
        if (i == 0)
            first = bytes;
        else {
            CHECK_INT(bytes.len, first.len);
            CHECK(memcmp(bytes.ptr, first.ptr, first.len) == 0);
            pt_str_free(&bytes);
        }
    }
    CHECK_OK(l->load(&again, (pt_sv){first.ptr, first.len}, &err));
    pt_str bytes = saved(l, again);
    CHECK_INT(bytes.len, first.len);
    CHECK(memcmp(bytes.ptr, first.ptr, first.len) == 0);
    float *one = predict_on(l, model, &e->x, 1), *five = predict_on(l, again, &e->x, 5);
    CHECK(memcmp(one, five, e->x.rows * l->outputs(model) * sizeof *one) == 0);
    if (task == PT_TASK_CLASSIFY)
        check_sums(l, model, &e->x, one);
    check_damage(l, &first, &e->x);
    free(one);
    free(five);
    pt_str_free(&bytes);
    pt_str_free(&first);
    l->free(model);
    l->free(again);
}

void learn_check_contributions(const pt_learner *l, const void *model, const pt_matrix *x, pt_task task, double within)
{
    pt_err err;
    pt_pool *pool;
    size_t width = x->columns + 1, n = l->outputs(model);
    float *parts = pt_zalloc(x->rows * width, sizeof *parts), *out = learn_predict(l, model, x);

    CHECK_OK(pt_pool_new(&pool, 2, &err));
    CHECK(parts);
    CHECK_OK(l->contributions(parts, model, x, pool, &err));
    for (size_t r = 0; r < x->rows; r++) {
        double sum = 0, score = out[r * n];
        for (size_t c = 0; c < width; c++)
            sum += parts[r * width + c];
        if (task == PT_TASK_CLASSIFY)
            score = log((double)out[r * n + 1]) - log((double)out[r * n]);
        CHECK(fabs(sum - score) <= within * fmax(1, fabs(score)));
    }
    pt_pool_free(pool);
    free(parts);
    free(out);
}

double learn_accuracy(const pt_learner *l, const void *model, const pt_examples *e)
{
    size_t n = l->outputs(model), right = 0;
    float *out = learn_predict(l, model, &e->x);

    for (size_t r = 0; r < e->x.rows; r++) {
        size_t best = 0;
        for (size_t k = 1; k < n; k++)
            best = out[r * n + k] > out[r * n + best] ? k : best;
        right += best == (size_t)e->y[r];
    }
    free(out);
    return (double)right / (double)e->x.rows;
}
