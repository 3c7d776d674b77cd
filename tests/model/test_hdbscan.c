/* HDBSCAN against scikit-learn (clusters.py), a case by hand, degenerate rows, and as a learner. */
#include "model/hdbscan.h"

#include <math.h>
#include <stdlib.h>

#include "support/test.h"

typedef struct data {
    float *values;
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
}

/* As lumps() of clusters.py. */
static data lumps(size_t rows, size_t columns, double spread, unsigned threads)
{
    data d = data_new(rows, columns, threads);
    uint32_t state = 1;

    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            state = (uint32_t)((state * UINT64_C(1103515245) + 12345) % (UINT64_C(1) << 31));
            double v = (double)((float)((state >> 8) % 1000) / 256 + (float)(r % 3 * 2));
            d.values[c * rows + r] = (float)(v * (r % 10 ? spread : 1) + (double)(r % 3 * 2));
        }
    return d;
}

static pt_hdbscan fit(const data *d, uint32_t least, uint32_t near)
{
    pt_hdbscan_options o = {.least = least, .near = near, .pool = d->pool};
    pt_hdbscan h;
    pt_err err = {0};

    CHECK_OK(pt_hdbscan_fit(&h, &d->x, &o, &err));
    return h;
}

static const struct {
    size_t rows, columns;
    double spread;
    uint32_t least, near, clusters;
    size_t noise;
    double probability;
    size_t sizes[6];
} references[] = {
    {600, 2, 0.25, 15, 15, 3, 36, 491.546039, {192, 187, 185}},
    {900, 3, 0.25, 10, 8, 4, 13, 765.064167, {299, 282, 276, 30}},
    {500, 2, 0.5, 5, 3, 5, 4, 483.197734, {162, 159, 154, 16, 5}},
    {400, 1, 0.1, 8, 8, 4, 11, 370.313411, {129, 125, 125, 10}},
};

static int downwards(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;

    return (x < y) - (x > y);
}

TEST(model_hdbscan__same_clusters_and_probabilities_as_scikit_learn)
{
    for (size_t i = 0; i < PT_COUNT(references); i++) {
        data d = lumps(references[i].rows, references[i].columns, references[i].spread, 2);
        pt_hdbscan h = fit(&d, references[i].least, references[i].near);
        size_t sizes[64] = {0}, noise = 0;
        double probability = 0;
        CHECK_INT(h.clusters, references[i].clusters);
        for (size_t r = 0; r < references[i].rows; r++) {
            noise += h.label[r] == PT_NOISE;
            probability += h.probability[r];
            if (h.label[r] != PT_NOISE)
                sizes[h.label[r]]++;
        }
        /* Of edges of equal length, which are many, each takes them in an order of its own:
         * a row as near to two clusters may be in either. */
        CHECK(noise + 1 >= references[i].noise && noise <= references[i].noise + 1);
        CHECK(fabs(probability - references[i].probability) < 1);
        qsort(sizes, 64, sizeof *sizes, downwards);
        for (size_t k = 0; k < 6; k++)
            CHECK(sizes[k] + 1 >= references[i].sizes[k] && sizes[k] <= references[i].sizes[k] + 1);
        pt_hdbscan_free(&h);
        data_free(&d);
    }
}

TEST(model_hdbscan__two_lumps_and_a_stray_by_hand)
{
    static const float values[] = {0, 1, 2, 100, 101, 102, 40};
    data d = data_new(7, 1, 1);

    memcpy(d.values, values, sizeof values);
    pt_hdbscan h = fit(&d, 3, 2);
    /* The stray is a lump's own until it falls out: 38 from 2, 60 from 100. The lumps part at 60. */
    CHECK_INT(h.clusters, 2);
    CHECK_INT(h.label[0], 0);
    CHECK_INT(h.label[2], 0);
    CHECK_INT(h.label[4], 1);
    CHECK_INT(h.label[6], 0);
    CHECK(fabs(h.probability[6] - 1.0 / 38) < 1e-12); /* it falls out at 1/38, the others at 1 */
    CHECK(fabs(h.birth[0] - 60) < 1e-9);
    CHECK_DOUBLE(h.reach[6], 38);
    pt_hdbscan_free(&h);
    data_free(&d);
}

TEST(model_hdbscan__one_row_equal_rows_too_many_rows)
{
    data d = data_new(300, 2, 2);
    pt_hdbscan_options o = {.least = 5, .near = 5, .pool = d.pool};
    pt_matrix none = {d.values, 0, 2, 300}, one = {d.values, 1, 2, 300}, many = {d.values, PT_HDBSCAN_MOST + 1, 2, 300};
    pt_hdbscan h;
    pt_err err = {0};

    CHECK_INT(pt_hdbscan_fit(&h, &none, &o, &err), PT_EINVAL);
    CHECK_INT(pt_hdbscan_fit(&h, &many, &o, &err), PT_EINVAL);
    CHECK_STR(err.msg, "there are more than 200000 customers, too many for hdbscan");
    CHECK_OK(pt_hdbscan_fit(&h, &one, &o, &err));
    CHECK_INT(h.label[0], PT_NOISE);
    pt_hdbscan_free(&h);
    for (size_t i = 150; i < 300; i++)
        d.values[i] = 9; /* two places, nothing between */
    h = fit(&d, 5, 5);
    CHECK_INT(h.clusters, 2);
    CHECK(h.label[0] == 0 && h.label[299] == 1);
    CHECK_DOUBLE(h.probability[17], 1);
    pt_hdbscan_free(&h);
    data_free(&d);
}

TEST(model_hdbscan__customers_scored_are_where_learning_put_them)
{
    const pt_learner *l = pt_learner_find(PT_SV("hdbscan"));
    float out[3][900];
    pt_str bytes[3] = {{0}, {0}, {0}};
    static const unsigned threads[] = {1, 2, 5};
    pt_err err = {0};
    void *again;

    for (size_t t = 0; t < 3; t++) {
        data d = lumps(900, 3, 0.25, threads[t]);
        const double parameters[] = {10, 5};
        void *model = NULL;
        pt_examples e = {.x = d.x};
        pt_fit_options o = {.parameters = parameters, .pool = d.pool};
        CHECK_OK(l->fit(&model, &e, PT_TASK_CLUSTER, &o, &err));
        CHECK_OK(l->predict(out[t], model, &d.x, d.pool, &err));
        CHECK_OK(l->save(&bytes[t], model, &err));
        pt_hdbscan h = fit(&d, 10, 5);
        for (size_t i = 0; i < 900; i++) {
            CHECK_INT(out[t][i] < 0, h.label[i] == PT_NOISE);
            CHECK(h.label[i] == PT_NOISE || h.label[0] == PT_NOISE ||
                  (out[t][i] == out[t][0]) == (h.label[i] == h.label[0]));
        }
        float far[] = {1000, 1000, 1000}, label;
        pt_matrix x = {far, 1, 3, 1};
        CHECK_OK(l->predict(&label, model, &x, d.pool, &err));
        CHECK(label < 0);
        pt_hdbscan_free(&h);
        CHECK_OK(l->load(&again, (pt_sv){bytes[t].ptr, bytes[t].len}, &err));
        CHECK_OK(l->predict(out[0], again, &d.x, d.pool, &err));
        CHECK(memcmp(out[0], out[t], sizeof out[0]) == 0);
        CHECK(bytes[t].len == bytes[0].len && memcmp(bytes[t].ptr, bytes[0].ptr, bytes[0].len) == 0);
        l->free(again);
        l->free(model);
        data_free(&d);
    }
    for (size_t n = 0; n < bytes[0].len; n += 1 + n / 20)
        CHECK_INT(l->load(&again, (pt_sv){bytes[0].ptr, n}, &err), PT_ECORRUPT);
    for (size_t t = 0; t < 3; t++)
        pt_str_free(&bytes[t]);
}
