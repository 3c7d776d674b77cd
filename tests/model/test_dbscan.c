/* DBSCAN against its definition, row by row, against scikit-learn (clusters.py), and cases worked out by hand. */
#include "model/dbscan.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/boxtree.h"
#include "support/test.h"

typedef struct data {
    float *values, *weight;
    pt_matrix x;
    pt_pool *pool;
} data;

static data data_new(size_t rows, size_t columns, unsigned threads)
{
    data d = {.values = pt_zalloc(rows * columns + 1, sizeof(float))};
    pt_err err = {0};

    CHECK(d.values);
    d.x = (pt_matrix){d.values, rows, columns, rows};
    CHECK_OK(pt_pool_new(&d.pool, threads, &err));
    return d;
}

static void data_free(data *d)
{
    pt_pool_free(d->pool);
    free(d->values);
    free(d->weight);
}

static pt_dbscan fit(const data *d, double eps, double least)
{
    pt_dbscan_options o = {.eps = eps, .least = least, .pool = d->pool};
    pt_dbscan m;
    pt_err err = {0};

    CHECK_OK(pt_dbscan_fit(&m, &d->x, d->weight, &o, &err));
    return m;
}

static double squared(const data *d, size_t a, size_t b)
{
    double sum = 0;

    for (size_t c = 0; c < d->x.columns; c++) {
        double apart = (double)pt_matrix_column(&d->x, c)[a] - (double)pt_matrix_column(&d->x, c)[b];
        sum += apart * apart;
    }
    return sum;
}

/* The definition. */
static void by_definition(const data *d, double eps, double least, bool *core, uint32_t *label, uint32_t *clusters)
{
    size_t n = d->x.rows;
    uint32_t *stack = pt_zalloc(n, sizeof *stack);

    *clusters = 0;
    for (size_t a = 0; a < n; a++) {
        double weight = 0;
        for (size_t b = 0; b < n; b++)
            weight += squared(d, a, b) <= eps * eps ? (d->weight ? (double)d->weight[b] : 1) : 0;
        core[a] = weight >= least;
        label[a] = PT_NOISE;
    }
    for (uint32_t first = 0; first < n; first++) {
        size_t depth = 0;
        if (!core[first] || label[first] != PT_NOISE)
            continue;
        label[first] = *clusters;
        stack[depth++] = first;
        while (depth) {
            size_t a = stack[--depth];
            for (uint32_t b = 0; b < n; b++)
                if (core[b] && label[b] == PT_NOISE && squared(d, a, b) <= eps * eps) {
                    label[b] = *clusters;
                    stack[depth++] = b;
                }
        }
        ++*clusters;
    }
    for (size_t a = 0; a < n; a++) {
        double nearest = eps * eps;
        for (size_t b = 0; !core[a] && b < n; b++)
            if (core[b] && (squared(d, a, b) < nearest || (label[a] == PT_NOISE && squared(d, a, b) <= nearest))) {
                nearest = squared(d, a, b);
                label[a] = label[b];
            }
    }
    free(stack);
}

static void check_definition(const data *d, double eps, double least)
{
    size_t n = d->x.rows;
    bool *core = pt_zalloc(n, sizeof *core);
    uint32_t *label = pt_zalloc(n, sizeof *label), clusters;
    pt_dbscan m = fit(d, eps, least);

    by_definition(d, eps, least, core, label, &clusters);
    CHECK_INT(m.clusters, clusters);
    for (size_t i = 0; i < n; i++) {
        CHECK_INT(m.core[i], core[i]);
        CHECK_INT(m.label[i], label[i]);
    }
    pt_dbscan_free(&m);
    free(core);
    free(label);
}

TEST(model_dbscan__is_what_its_definition_says)
{
    pt_rng rng;

    pt_rng_seed(&rng, 17);
    for (int round = 0; round < 60; round++) {
        size_t rows = 1 + (size_t)pt_rng_below(&rng, 400), columns = 1 + (size_t)pt_rng_below(&rng, 5);
        bool grid = pt_rng_below(&rng, 3) == 0; /* many distances that are eps to the last bit */
        data d = data_new(rows, columns, 1 + (unsigned)pt_rng_below(&rng, 3));
        for (size_t i = 0; i < rows * columns; i++)
            d.values[i] =
                grid ? (float)pt_rng_below(&rng, 9) * 0.25F
                     : (float)(pt_rng_double(&rng) * pt_rng_double(&rng) * 4) + (float)pt_rng_below(&rng, 2) * 3;
        if (pt_rng_below(&rng, 3) == 0) {
            d.weight = pt_zalloc(rows, sizeof *d.weight);
            for (size_t i = 0; i < rows; i++)
                d.weight[i] = (float)pt_rng_below(&rng, 4) / 2;
        }
        check_definition(&d, grid ? 0.25 * (double)(1 + pt_rng_below(&rng, 3)) : 0.05 + pt_rng_double(&rng),
                         1 + (double)pt_rng_below(&rng, 12));
        data_free(&d);
    }
}

/* As data() of clusters.py. */
static data numbered(size_t rows, size_t columns)
{
    data d = data_new(rows, columns, 2);
    uint32_t state = 1;

    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            state = (uint32_t)((state * UINT64_C(1103515245) + 12345) % (UINT64_C(1) << 31));
            d.values[c * rows + r] = (float)((state >> 8) % 1000) / 256 + (float)(r % 3 * 2);
        }
    return d;
}

static const struct {
    size_t rows, columns;
    double eps, least;
    size_t core;
    uint32_t clusters;
    size_t noise, sizes[6];
} references[] = {
    {3000, 2, 0.08, 5, 311, 103, 2290, {17, 11, 10, 8, 6, 6}},
    {3000, 3, 0.3, 6, 203, 68, 2384, {23, 17, 9, 9, 9, 8}},
    {1500, 6, 1.2, 8, 0, 0, 1500, {0}},
    {2000, 1, 0.001, 3, 560, 166, 1440, {6, 5, 5, 5, 5, 5}},
};

static int downwards(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;

    return (x < y) - (x > y);
}

TEST(model_dbscan__same_core_rows_and_clusters_as_scikit_learn)
{
    for (size_t i = 0; i < PT_COUNT(references); i++) {
        size_t rows = references[i].rows, core = 0, noise = 0;
        data d = numbered(rows, references[i].columns);
        pt_dbscan m = fit(&d, references[i].eps, references[i].least);
        size_t *sizes = pt_zalloc(m.clusters + 6, sizeof *sizes);
        for (size_t r = 0; r < rows; r++) {
            core += m.core[r];
            noise += m.label[r] == PT_NOISE;
            if (m.core[r])
                sizes[m.label[r]]++;
        }
        CHECK_INT(core, references[i].core);
        CHECK_INT(m.clusters, references[i].clusters);
        CHECK_INT(noise, references[i].noise);
        qsort(sizes, m.clusters, sizeof *sizes, downwards);
        for (size_t k = 0; k < 6; k++)
            CHECK_INT(sizes[k], references[i].sizes[k]);
        free(sizes);
        pt_dbscan_free(&m);
        data_free(&d);
    }
}

TEST(model_dbscan__eight_points_by_hand)
{
    /* 0 1 2 . . 5 6 7 8 . . . . . . 15: ends have too few near them but are near a core row. */
    static const float values[] = {0, 1, 2, 5, 6, 7, 15, 8};
    data d = data_new(8, 1, 1);

    memcpy(d.values, values, sizeof values);
    pt_dbscan m = fit(&d, 1, 3);
    static const bool core[] = {false, true, false, false, true, true, false, false};
    static const uint32_t label[] = {0, 0, 0, 1, 1, 1, PT_NOISE, 1};
    CHECK_INT(m.clusters, 2);
    for (size_t i = 0; i < 8; i++) {
        CHECK_INT(m.core[i], core[i]);
        CHECK_INT(m.label[i], label[i]);
    }
    pt_dbscan_free(&m);
    data_free(&d);
}

TEST(model_dbscan__same_bytes_on_any_number_of_threads)
{
    pt_dbscan m[3];
    static const unsigned threads[] = {1, 2, 5};
    size_t rows = 30000;

    for (size_t t = 0; t < 3; t++) {
        data d = data_new(rows, 3, threads[t]);
        pt_rng rng;
        pt_rng_seed(&rng, 23);
        for (size_t i = 0; i < rows * 3; i++)
            d.values[i] = (float)(pt_rng_double(&rng) + pt_rng_double(&rng) * pt_rng_double(&rng));
        m[t] = fit(&d, 0.03, 8);
        data_free(&d);
    }
    CHECK(m[0].clusters > 10);
    for (size_t t = 1; t < 3; t++) {
        CHECK_INT(m[0].clusters, m[t].clusters);
        CHECK(memcmp(m[0].label, m[t].label, rows * sizeof *m[0].label) == 0);
        CHECK(memcmp(m[0].core, m[t].core, rows * sizeof *m[0].core) == 0);
    }
    for (size_t t = 0; t < 3; t++)
        pt_dbscan_free(&m[t]);
}

TEST(model_dbscan__equal_rows_far_values_and_nothing_at_all)
{
    data d = data_new(5000, 2, 2);
    pt_dbscan_options o = {.eps = 1e-20, .least = 5000, .pool = d.pool};
    pt_matrix none = {d.values, 0, 2, 5000};
    pt_dbscan m;
    pt_err err = {0};

    m = fit(&d, 1e-20, 5000);
    CHECK_INT(m.clusters, 1);
    CHECK(m.core[0] && m.core[4999]);
    pt_dbscan_free(&m);
    m = fit(&d, 1e-20, 5001);
    CHECK_INT(m.clusters, 0);
    CHECK_INT(m.label[7], PT_NOISE);
    pt_dbscan_free(&m);
    for (size_t i = 0; i < 5000; i++)
        d.values[i] = (i % 2 ? 1.0F : -1.0F) * powf(2, (float)(i % 250) - 125);
    m = fit(&d, 1e30, 2); /* a deep tree: every halving leaves few rows behind */
    CHECK(m.clusters >= 1);
    pt_dbscan_free(&m);
    CHECK_INT(pt_dbscan_fit(&m, &none, NULL, &o, &err), PT_EINVAL);
    CHECK_STR(err.msg, "there are no customers to learn from");
    data_free(&d);
}

/* What the header says of a tree, row by row. */
static void check_tree(const pt_boxtree *t, const pt_matrix *x, double diagonal)
{
    uint8_t *seen = pt_zalloc(x->rows, 1);
    uint32_t next = 0;

    CHECK(seen);
    for (size_t i = 0; i < x->rows; i++) {
        CHECK(t->order[i] < x->rows && !seen[t->order[i]]);
        seen[t->order[i]] = 1;
        for (size_t c = 0; c < x->columns; c++)
            CHECK(t->x[c * t->stride + i] == pt_matrix_column(x, c)[t->order[i]]);
    }
    for (size_t node = 0; node < t->n_nodes; node++) {
        const pt_box_node *of = &t->nodes[node];
        for (size_t c = 0; c < x->columns; c++) {
            float low = INFINITY, high = -INFINITY;
            for (size_t i = of->begin; i < of->end; i++) {
                low = fminf(low, t->x[c * t->stride + i]);
                high = fmaxf(high, t->x[c * t->stride + i]);
            }
            CHECK(low == pt_box_low(t, node)[c] && high == pt_box_high(t, node)[c]);
        }
        double across = pt_box_diagonal(t, node);
        bool leaf = of->end - of->begin <= PT_BOX_ROWS || across <= diagonal * diagonal || across == 0;
        CHECK(leaf == !of->right);
        if (leaf) {
            CHECK_INT(of->begin, next);
            next = of->end;
        } else {
            CHECK_INT(t->nodes[node + 1].begin, of->begin);
            CHECK_INT(t->nodes[node + 1].end, t->nodes[of->right].begin);
            CHECK_INT(t->nodes[of->right].end, of->end);
            CHECK(t->nodes[node + 1].end > of->begin && t->nodes[of->right].begin < of->end);
        }
    }
    CHECK_INT(next, x->rows);
    free(seen);
}

TEST(model_boxtree__holds_every_row_once_in_boxes_that_fit)
{
    static const size_t sizes[] = {1, 2, 16, 17, 127, 128, 129, 200, 640, 5000};
    pt_rng rng;
    pt_err err = {0};

    pt_rng_seed(&rng, 31);
    for (size_t round = 0; round < 3 * PT_COUNT(sizes); round++) {
        size_t rows = sizes[round % PT_COUNT(sizes)], columns = 1 + round % 4;
        float *values = pt_zalloc(rows * columns, sizeof *values);
        pt_matrix x = {values, rows, columns, rows};
        pt_boxtree t;
        CHECK(values);
        for (size_t i = 0; i < rows * columns; i++) {
            double v = pt_rng_double(&rng);
            values[i] = round % 3 == 0 ? (float)v : round % 3 == 1 ? (float)exp(40 * v) : floorf((float)v * 6);
        }
        double diagonal = round % 2 ? 0 : 0.3;
        CHECK_OK(pt_boxtree_new(&t, &x, diagonal, &err));
        check_tree(&t, &x, diagonal);
        pt_boxtree_free(&t);
        free(values);
    }
}

TEST(model_boxtree__finds_the_nearest_and_those_within)
{
    pt_rng rng;

    pt_rng_seed(&rng, 29);
    for (int round = 0; round < 20; round++) {
        size_t rows = 1 + (size_t)pt_rng_below(&rng, 300), columns = 1 + (size_t)pt_rng_below(&rng, 4);
        data d = data_new(rows, columns, 1);
        pt_boxtree t;
        pt_err err = {0};
        for (size_t i = 0; i < rows * columns; i++)
            d.values[i] = (float)pt_rng_below(&rng, 20) * 0.3F;
        CHECK_OK(pt_boxtree_new(&t, &d.x, 0.5, &err));
        for (int q = 0; q < 20; q++) {
            float point[4];
            size_t of = (size_t)pt_rng_below(&rng, rows), k = 1 + (size_t)pt_rng_below(&rng, 9);
            pt_box_found found[9];
            for (size_t c = 0; c < columns; c++)
                point[c] = d.values[c * rows + of];
            size_t n = pt_box_nearest(found, k, &t, point);
            CHECK_INT(n, k < rows ? k : rows);
            for (size_t i = 0; i < n; i++) {
                size_t before = 0; /* rows nearer, or as near and earlier */
                for (size_t r = 0; r < rows; r++)
                    before += squared(&d, of, r) < found[i].squared ||
                              (squared(&d, of, r) == found[i].squared && r < found[i].row);
                CHECK_INT(before, i);
            }
            pt_within w = pt_within_of(0.3 * (double)(1 + pt_rng_below(&rng, 6)), columns);
            size_t begin = (size_t)pt_rng_below(&rng, rows), m = rows - begin < 64 ? rows - begin : 64;
            CHECK(pt_box_near(&t, point, begin, m, &w) == pt_box_near_plain(&t, point, begin, m, &w));
        }
        pt_boxtree_free(&t);
        data_free(&d);
    }
}

/* --- the learner -------------------------------------------------------------------------------------------------------------- */

static void *learn(const data *d, double eps, double least)
{
    const pt_learner *l = pt_learner_find(PT_SV("dbscan"));
    double parameters[2];
    void *model = NULL;
    pt_err err = {0};

    parameters[pt_learner_parameter(l, PT_SV("eps"))] = eps;
    parameters[pt_learner_parameter(l, PT_SV("min_rows"))] = least;
    pt_examples e = {.x = d->x};
    pt_fit_options o = {.parameters = parameters, .seed = 3, .pool = d->pool};
    CHECK_OK(l->fit(&model, &e, PT_TASK_CLUSTER, &o, &err));
    return model;
}

TEST(model_dbscan__customers_scored_are_where_learning_put_them)
{
    const pt_learner *l = pt_learner_find(PT_SV("dbscan"));
    data d = numbered(2000, 2);
    pt_dbscan m = fit(&d, 0.1, 6);
    void *model = learn(&d, 0.1, 6), *again;
    float out[2000], other[2000];
    size_t sizes[2000] = {0};
    pt_str bytes = {0};
    pt_err err = {0};

    CHECK(m.clusters > 2);
    CHECK_OK(l->predict(out, model, &d.x, d.pool, &err));
    for (size_t i = 0; i < 2000; i++) {
        CHECK_INT(out[i] < 0, m.label[i] == PT_NOISE);
        if (out[i] >= 0)
            sizes[(size_t)out[i]]++;
        for (size_t j = 0; j < i; j++)
            CHECK(m.label[i] == PT_NOISE || (out[i] == out[j]) == (m.label[i] == m.label[j]));
    }
    for (size_t c = 1; c < m.clusters; c++)
        CHECK(sizes[c] <= sizes[c - 1]);
    CHECK_OK(l->save(&bytes, model, &err));
    CHECK_OK(l->load(&again, (pt_sv){bytes.ptr, bytes.len}, &err));
    CHECK_OK(l->predict(other, again, &d.x, d.pool, &err));
    CHECK(memcmp(out, other, sizeof out) == 0);
    l->free(again);
    for (size_t n = 0; n < bytes.len; n += 7)
        CHECK_INT(l->load(&again, (pt_sv){bytes.ptr, n}, &err), PT_ECORRUPT);
    for (size_t i = 0; i < 60; i++) { /* what is counted, and the first numbers */
        bytes.ptr[i] ^= (char)0x80;
        if (l->load(&again, (pt_sv){bytes.ptr, bytes.len}, &err) == PT_OK)
            l->free(again);
        bytes.ptr[i] ^= (char)0x80;
    }
    pt_str_free(&bytes);
    l->free(model);
    pt_dbscan_free(&m);
    data_free(&d);
}

TEST(model_dbscan__eps_left_out_finds_lumps)
{
    const pt_learner *l = pt_learner_find(PT_SV("dbscan"));
    data d = data_new(3000, 2, 2);
    pt_rng rng;
    pt_err err = {0};
    float out[3000];
    size_t noise = 0;

    pt_rng_seed(&rng, 31);
    for (size_t i = 0; i < 3000; i++)
        for (size_t c = 0; c < 2; c++)
            d.values[c * 3000 + i] = i % 50 == 0
                                         ? (float)pt_rng_double(&rng) * 40 /* strewn about */
                                         : (float)(pt_rng_double(&rng) + pt_rng_double(&rng)) + (float)(i % 3 * 15);
    void *model = learn(&d, 0, 10);
    CHECK_OK(l->predict(out, model, &d.x, d.pool, &err));
    for (size_t i = 0; i < 3000; i++) {
        noise += out[i] < 0;
        CHECK(i % 50 == 0 || out[i] == out[i % 3 + 3]);
    }
    CHECK(out[3] != out[4] && out[4] != out[5]);
    CHECK(noise > 40 && noise <= 60);
    l->free(model);
    data_free(&d);
}
