/* k-means against cases worked out by hand, against itself without bounds, and against scikit-learn (clusters.py). */
#include "model/kmeans.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/kmeans_columns.h"
#include "model/kmeans_kernels.h"
#include "model/kmeans_number.h"
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

static pt_kmeans_options options_of(const data *d, uint32_t k)
{
    return (pt_kmeans_options){.k = k, .starts = 1, .most_iterations = 1000, .seed = 7, .pool = d->pool};
}

/* Lumps of rows around as many centres, overlapping. */
static data lumps(size_t rows, size_t columns, uint32_t n, unsigned threads, uint64_t seed)
{
    data d = data_new(rows, columns, threads);
    pt_rng rng;
    float centres[64 * 64];

    CHECK(n * columns <= PT_COUNT(centres));
    pt_rng_seed(&rng, seed);
    for (size_t i = 0; i < n * columns; i++)
        centres[i] = (float)(pt_rng_double(&rng) * 6);
    for (size_t r = 0; r < rows; r++) {
        size_t of = (size_t)pt_rng_below(&rng, n);
        for (size_t c = 0; c < columns; c++) {
            double sum = -3;
            for (int i = 0; i < 6; i++)
                sum += pt_rng_double(&rng);
            d.values[c * rows + r] = centres[of * columns + c] + (float)sum;
        }
    }
    return d;
}

static pt_kmeans fit(const data *d, const float *weight, const pt_kmeans_options *o)
{
    pt_kmeans m;
    pt_err err = {0};

    CHECK_OK(pt_kmeans_fit(&m, &d->x, weight, true, o, &err));
    return m;
}

static void check_same(const pt_kmeans *a, const pt_kmeans *b, size_t rows)
{
    CHECK_INT(a->k, b->k);
    CHECK_INT(a->iterations, b->iterations);
    CHECK(memcmp(a->centres, b->centres, a->k * a->columns * sizeof(float)) == 0);
    CHECK(memcmp(a->label, b->label, rows * sizeof *a->label) == 0);
    CHECK_DOUBLE(a->inertia, b->inertia);
}

TEST(model_kmeans__six_points_by_hand)
{
    data d = data_new(6, 1, 1);
    const float values[] = {1, 2, 3, 10, 11, 12}, initial[] = {1, 2};
    pt_kmeans_options o = options_of(&d, 2);

    memcpy(d.values, values, sizeof values);
    o.initial = initial;
    pt_kmeans m = fit(&d, NULL, &o);
    /* {1}, {2 3 10 11 12} -> centres 1, 7.6 -> {1 2 3}, {10 11 12} -> 2, 11, which stay. */
    CHECK_INT(m.iterations, 3);
    CHECK(m.converged);
    CHECK_DOUBLE(m.centres[0], 2);
    CHECK_DOUBLE(m.centres[1], 11);
    CHECK_DOUBLE(m.inertia, 4);
    CHECK_DOUBLE(m.sizes[0], 3);
    CHECK_INT(m.label[2], 0);
    CHECK_INT(m.label[3], 1);
    CHECK(fabs(m.inertias[0] - 89.2) < 1e-6); /* of {1}, {2 3 10 11 12} with their means */
    pt_kmeans_free(&m);
    data_free(&d);
}

TEST(model_kmeans__bounds_spare_work_and_change_nothing)
{
    static const struct {
        size_t rows, columns;
        uint32_t k;
    } shapes[] = {{5000, 2, 5},   {5000, 8, 8},  {3000, 3, 9}, {4000, 16, 32},
                  {3000, 2, 150}, {9000, 1, 12}, {700, 40, 33}};

    for (size_t s = 0; s < PT_COUNT(shapes); s++) {
        data d = lumps(shapes[s].rows, shapes[s].columns, 12, 1, s + 1);
        pt_kmeans_options o = options_of(&d, shapes[s].k);
        pt_kmeans with = fit(&d, NULL, &o);
        o.plain = true;
        pt_kmeans without = fit(&d, NULL, &o);
        CHECK(with.iterations > 2);
        check_same(&with, &without, shapes[s].rows);
        pt_kmeans_free(&with);
        pt_kmeans_free(&without);
        data_free(&d);
    }
}

TEST(model_kmeans__same_bytes_on_any_number_of_threads)
{
    static const uint32_t ks[] = {6, 70};

    for (size_t i = 0; i < PT_COUNT(ks); i++) {
        data one = lumps(40000, 4, 9, 1, 3), two = lumps(40000, 4, 9, 2, 3), five = lumps(40000, 4, 9, 5, 3);
        const data *all[] = {&one, &two, &five};
        pt_kmeans m[3];
        for (size_t t = 0; t < 3; t++) {
            pt_kmeans_options o = options_of(all[t], ks[i]);
            o.starts = 2;
            o.tolerance = 1e-3;
            m[t] = fit(all[t], NULL, &o);
        }
        for (size_t t = 1; t < 3; t++)
            check_same(&m[0], &m[t], 40000);
        for (size_t t = 0; t < 3; t++)
            pt_kmeans_free(&m[t]);
        data_free(&one);
        data_free(&two);
        data_free(&five);
    }
}

TEST(model_kmeans__every_instruction_set_gives_the_same_bits)
{
    const pt_kmeans_kernels *all[] = {pt_kmeans_kernels_plain(), pt_kmeans_kernels_avx2()};
    enum { ROWS = 48, MOST = 37 };
    float rows[ROWS * MOST], panel[PT_PANEL * MOST], best[2][ROWS], second[2][ROWS], d[2][ROWS * PT_PANEL];
    float upper[ROWS], lower[ROWS], moved[PT_PANEL];
    uint16_t label[ROWS];
    uint32_t list[ROWS + 1], which[2][ROWS], found[2][ROWS + 1];
    pt_rng rng;

    pt_rng_seed(&rng, 5);
    for (size_t columns = 1; columns <= MOST; columns += 4) {
        for (size_t i = 0; i < ROWS * MOST; i++)
            rows[i] = (float)pt_rng_below(&rng, 8) + (float)((double)pt_rng_below(&rng, 2) * pt_rng_double(&rng));
        for (size_t i = 0; i < PT_PANEL * MOST; i++)
            panel[i] = i % PT_PANEL >= 6 ? INFINITY : (float)(pt_rng_below(&rng, 8));
        for (uint32_t i = 0; i < ROWS; i++) {
            list[i] = (uint32_t)pt_rng_below(&rng, ROWS);
            label[i] = (uint16_t)pt_rng_below(&rng, PT_PANEL);
            upper[i] = (float)pt_rng_below(&rng, 5);
            lower[i] = i % 7 == 0 ? INFINITY : (float)pt_rng_below(&rng, 9);
            moved[i % PT_PANEL] = (float)pt_rng_double(&rng);
        }
        for (size_t k = 1; k < PT_COUNT(all); k++) {
            if (!all[k])
                continue;
            for (size_t v = 0; v < 2; v++) {
                const pt_kmeans_kernels *of = all[v ? k : 0];
                of->nearest(best[v], second[v], which[v], rows, columns, list, ROWS, panel);
                of->distances(d[v], rows, columns, list, ROWS, panel);
            }
            CHECK(memcmp(best[0], best[1], sizeof best[0]) == 0);
            CHECK(memcmp(second[0], second[1], sizeof second[0]) == 0);
            CHECK(memcmp(which[0], which[1], sizeof which[0]) == 0);
            CHECK(memcmp(d[0], d[1], sizeof d[0]) == 0);
            size_t n = all[0]->suspects(found[0], upper, label, lower, ROWS, moved, 0.5F, 0.01F);
            CHECK_INT(all[k]->suspects(found[1], upper, label, lower, ROWS, moved, 0.5F, 0.01F), n);
            CHECK(memcmp(found[0], found[1], n * sizeof *list) == 0);
        }
    }
}

/* What an instruction set makes of rows that lie in columns. */
typedef struct settled {
    uint32_t changed[160], was[160];
    float slack[140];
    uint16_t label[140];
    size_t n;
    double by_label[PT_PANEL * 8], sum[8], square[8];
} settled;

enum { SETTLE_ROWS = 139, SETTLE_STRIDE = 150 };

static void settle_random(float *x, pt_settling *s, float *panel, settled *at, size_t columns, pt_rng *rng)
{
    for (size_t i = 0; i < SETTLE_STRIDE * columns; i++)
        x[i] = (float)pt_rng_below(rng, 8) + (float)((double)pt_rng_below(rng, 2) * pt_rng_double(rng));
    for (size_t i = 0; i < PT_PANEL * columns; i++)
        panel[i] = i % PT_PANEL >= 6 ? INFINITY : (float)(pt_rng_below(rng, 8));
    *s = (pt_settling){.panel = panel, .sunk = 0.375F, .narrow = 0.999999F, .wide = 1.000001F};
    for (size_t j = 0; j < PT_PANEL; j++) {
        s->moved[j] = (float)pt_rng_double(rng);
        s->lost[j] = s->moved[j] + 0.5F;
    }
    *at = (settled){0};
    for (size_t i = 0; i < SETTLE_ROWS; i++) {
        at->label[i] = (uint16_t)pt_rng_below(rng, 6);
        /* most sixteens are safe as a whole */
        at->slack[i] = pt_rng_below(rng, 20) ? 9 : (float)pt_rng_double(rng) * 2;
    }
}

TEST(model_kmeans__settling_is_the_same_with_every_instruction_set)
{
    const pt_columns_kernels *all[] = {pt_columns_kernels_plain(), pt_columns_kernels_avx2(),
                                       pt_columns_kernels_avx512()};
    enum { MOST = 19 };
    float x[SETTLE_STRIDE * MOST], panel[PT_PANEL * MOST];
    pt_settling s;
    settled begin;
    pt_rng rng;
    size_t changed = 0, safe = 0;

    pt_rng_seed(&rng, 15);
    for (size_t round = 0; round < 60; round++) {
        size_t columns = 1 + round % MOST, n = round % 3 ? SETTLE_ROWS : SETTLE_ROWS - 11;
        settled out[3];
        settle_random(x, &s, panel, &begin, columns, &rng);
        s.all = round % 5 == 0;
        for (size_t k = 0; k < PT_COUNT(all); k++) {
            if (!all[k])
                continue;
            out[k] = begin;
            settled *o = &out[k];
            o->n = all[k]->settle(o->changed, o->was, o->slack, o->label, x, SETTLE_STRIDE, columns, n, &s);
            all[k]->add_by_label(o->by_label, x, o->label, 136);
            all[k]->add_up(o->sum, o->square, x, 136, 2.5F);
            CHECK_INT(o->n, out[0].n);
            CHECK(memcmp(o->changed, out[0].changed, o->n * sizeof *o->changed) == 0);
            CHECK(memcmp(o->was, out[0].was, o->n * sizeof *o->was) == 0);
            CHECK(memcmp(o->slack, out[0].slack, sizeof o->slack) == 0);
            CHECK(memcmp(o->label, out[0].label, sizeof o->label) == 0);
            CHECK(memcmp(o->by_label, out[0].by_label, sizeof o->by_label) == 0);
            CHECK(memcmp(o->sum, out[0].sum, sizeof o->sum) == 0 &&
                  memcmp(o->square, out[0].square, sizeof o->square) == 0);
        }
        changed += out[0].n;
        for (size_t i = 0; i < n; i++)
            safe += out[0].slack[i] == begin.slack[i];
    }
    CHECK(changed > 500 && safe > 500);
}

/* Far from 0, where the sums of squares have few digits left of the inertia. */
TEST(model_kmeans__the_inertia_of_rows_far_from_nought_is_exact)
{
    data near = lumps(4000, 3, 4, 1, 9), far = lumps(4000, 3, 4, 1, 9);

    for (size_t i = 0; i < 4000 * 3; i++) {
        near.values[i] = floorf(near.values[i] * 64); /* so that nothing is lost in adding */
        far.values[i] = near.values[i] + 1048576;
    }
    pt_kmeans_options o = options_of(&near, 4), p = options_of(&far, 4);
    pt_kmeans a = fit(&near, NULL, &o), b = fit(&far, NULL, &p);
    CHECK(fabs(a.inertia / b.inertia - 1) < 1e-3); /* centres are of single precision */
    double sum = 0;
    for (size_t i = 0; i < 4000; i++)
        for (size_t c = 0; c < 3; c++) {
            double apart = (double)far.values[c * 4000 + i] - (double)b.centres[b.label[i] * 3 + c];
            sum += apart * apart;
        }
    CHECK(fabs(b.inertia / sum - 1) < 1e-12);
    sum = 0;
    for (size_t i = 0; i < 4000; i++)
        for (size_t c = 0; c < 3; c++) {
            double apart = (double)near.values[c * 4000 + i] - (double)a.centres[a.label[i] * 3 + c];
            sum += apart * apart;
        }
    CHECK(fabs(a.inertia / sum - 1) < 1e-9);
    pt_kmeans_free(&a);
    pt_kmeans_free(&b);
    data_free(&near);
    data_free(&far);
}

TEST(model_kmeans__equal_rows_are_merged_without_a_difference)
{
    data d = data_new(20000, 3, 2);
    pt_rng rng;

    pt_rng_seed(&rng, 11);
    for (size_t i = 0; i < 20000 * 3; i++)
        d.values[i] = (float)(1 + pt_rng_below(&rng, 5)) * 0.7F;
    pt_kmeans_options o = options_of(&d, 6);
    float initial[18];
    for (size_t i = 0; i < 18; i++)
        initial[i] = (float)(1 + i * 7 % 5) * 0.7F + (float)i * 0.003F;
    o.initial = initial;
    pt_kmeans merged = fit(&d, NULL, &o);
    CHECK_INT(merged.different, 125);
    o.plain = true;
    pt_kmeans plain = fit(&d, NULL, &o);
    CHECK_INT(plain.different, 20000);
    CHECK_INT(merged.iterations, plain.iterations);
    CHECK(fabs(merged.inertia - plain.inertia) < 1e-9 * plain.inertia);
    for (size_t i = 0; i < 20000; i++)
        CHECK_INT(merged.label[i], plain.label[i]);
    for (uint32_t j = 0; j < 6; j++)
        CHECK_DOUBLE(merged.sizes[j], plain.sizes[j]);
    pt_kmeans_free(&merged);
    pt_kmeans_free(&plain);
    data_free(&d);
}

TEST(model_kmeans__a_value_the_first_rows_lack_is_merged_too)
{
    data d = data_new(20000, 3, 2);
    float *weight = pt_alloc64(20000, sizeof *weight);
    pt_rng rng;

    pt_rng_seed(&rng, 12);
    for (size_t i = 0; i < 20000 * 3; i++)
        d.values[i] = (float)pt_rng_below(&rng, 9) - 3;
    for (size_t i = 0; i < 20000; i++)
        weight[i] = (float)pt_rng_below(&rng, 4);
    pt_kmeans_options o = options_of(&d, 5);
    float initial[15];
    for (size_t i = 0; i < 15; i++)
        initial[i] = (float)(i * 7 % 9) - 3 + (float)i * 0.003F;
    o.initial = initial;
    for (size_t late = 0; late < 2; late++) {
        d.values[20000 + 19000] = late ? 55.5F : d.values[20000 + 19000];
        o.plain = false;
        pt_kmeans merged = fit(&d, weight, &o);
        CHECK(merged.different == 729 + late);
        o.plain = true;
        pt_kmeans plain = fit(&d, weight, &o);
        CHECK_INT(merged.iterations, plain.iterations);
        CHECK(fabs(merged.inertia - plain.inertia) < 1e-9 * plain.inertia);
        CHECK(memcmp(merged.label, plain.label, 20000 * sizeof *plain.label) == 0);
        for (uint32_t j = 0; j < 5; j++)
            CHECK_DOUBLE(merged.sizes[j], plain.sizes[j]);
        pt_kmeans_free(&merged);
        pt_kmeans_free(&plain);
    }
    free(weight);
    data_free(&d);
}

/* Two columns of two values each: cell 3 + (0 or 1) + 10 * (0 or 1). */
TEST(model_kmeans__cells_are_the_same_with_every_instruction_set)
{
    const pt_kmeans_kernels *all[] = {pt_kmeans_kernels_plain(), pt_kmeans_kernels_avx2()};
    enum { N = 203, STRIDE = 210 };
    pt_code code[2] = {{.factor = 0x9e3779b1, .bits = PT_CODE_FEWEST_BITS},
                       {.factor = 0x9e3779b1 * 3, .bits = PT_CODE_FEWEST_BITS}};
    const float known[] = {0.5F, 7};
    float x[2 * STRIDE];

    for (size_t c = 0; c < 2; c++) {
        memset(code[c].value, 0x55, sizeof code[c].value);
        for (uint32_t i = 0; i < 2; i++) {
            uint32_t bits;
            memcpy(&bits, &known[i], sizeof bits);
            code[c].value[pt_code_slot(&code[c], bits)] = bits;
            code[c].code[pt_code_slot(&code[c], bits)] = c ? 10 * i : 3 + i;
        }
        for (size_t i = 0; i < N; i++)
            x[c * STRIDE + i] = known[c ? i % 2 : i * i / 3 % 2];
    }
    for (size_t k = 0; k < 2 && all[k]; k++) {
        for (size_t strange = 0; strange <= 2 * N; strange++) {
            uint16_t cell[N];
            size_t at = strange / N * STRIDE + strange % N;
            float before = x[at % PT_COUNT(x)];
            x[at % PT_COUNT(x)] = strange < 2 * N ? 3.25F : before;
            CHECK(all[k]->cells(cell, x, STRIDE, 2, N, code) == (strange == 2 * N));
            x[at % PT_COUNT(x)] = before;
            for (size_t i = 0; strange == 2 * N && i < N; i++)
                CHECK_INT(cell[i], 3 + i * i / 3 % 2 + 10 * (i % 2));
        }
    }
}

TEST(model_kmeans__a_weight_is_so_many_rows)
{
    data few = lumps(600, 3, 5, 1, 21), many = data_new(1800, 3, 1);
    float weight[600], initial[12];
    size_t n = 0;

    for (size_t i = 0; i < 600; i++) {
        weight[i] = (float)(i % 7); /* 0 takes no part */
        for (size_t t = 0; t < i % 7; t++, n++)
            for (size_t c = 0; c < 3; c++)
                many.values[c * 1800 + n] = few.values[c * 600 + i];
    }
    many.x.rows = n;
    CHECK(n <= 1800);
    for (size_t i = 0; i < 12; i++)
        initial[i] = few.values[i % 3 * 600 + i / 3];
    pt_kmeans_options o = options_of(&few, 4);
    o.initial = initial;
    pt_kmeans a = fit(&few, weight, &o), b = fit(&many, NULL, &o);
    CHECK_INT(a.iterations, b.iterations);
    CHECK(fabs(a.inertia - b.inertia) < 1e-9 * b.inertia);
    for (size_t j = 0; j < 4; j++)
        CHECK_DOUBLE(a.sizes[j], b.sizes[j]);
    for (size_t i = 0; i < 12; i++)
        CHECK(fabsf(a.centres[i] - b.centres[i]) < 1e-5F);
    pt_kmeans_free(&a);
    pt_kmeans_free(&b);
    data_free(&few);
    data_free(&many);
}

TEST(model_kmeans__renaming_centres_renames_clusters)
{
    data d = lumps(3000, 4, 11, 1, 31);
    float initial[44], turned[44];

    for (size_t j = 0; j < 11; j++)
        for (size_t c = 0; c < 4; c++)
            initial[j * 4 + c] = turned[(10 - j) * 4 + c] = d.values[c * 3000 + j];
    pt_kmeans_options o = options_of(&d, 11);
    o.initial = initial;
    pt_kmeans a = fit(&d, NULL, &o);
    o.initial = turned;
    pt_kmeans b = fit(&d, NULL, &o);
    CHECK(fabs(a.inertia - b.inertia) < 1e-9 * a.inertia);
    for (size_t i = 0; i < 3000; i++)
        CHECK_INT(a.label[i], 10 - b.label[i]);
    pt_kmeans_free(&a);
    pt_kmeans_free(&b);
    data_free(&d);
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
    uint32_t k;
    double inertia;
    uint32_t sizes[64];
} references[] = {
    {300, 2, 3, 643.745159718, {95, 119, 86}},
    {1000, 5, 7, 4929.56323668, {108, 151, 196, 116, 155, 150, 124}},
    {3000, 9, 20, 24771.4935936, {144, 146, 159, 161, 133, 172, 143, 143, 185, 134,
                                  165, 169, 142, 126, 150, 126, 138, 165, 146, 153}},
    {2000, 3, 64, 876.455603288, {25, 25, 43, 36, 26, 32, 17, 31, 45, 26, 32, 40, 32, 18, 47, 20,
                                  27, 33, 32, 44, 26, 36, 27, 36, 23, 29, 34, 39, 35, 30, 25, 39,
                                  33, 33, 52, 29, 39, 28, 37, 18, 18, 33, 34, 29, 38, 28, 29, 33,
                                  36, 33, 22, 55, 21, 33, 39, 18, 30, 30, 33, 20, 35, 18, 36, 20}},
};

TEST(model_kmeans__same_clusters_as_scikit_learn_from_the_same_centres)
{
    for (size_t i = 0; i < PT_COUNT(references); i++) {
        size_t rows = references[i].rows, columns = references[i].columns;
        data d = numbered(rows, columns);
        float initial[64 * 9];
        for (size_t j = 0; j < references[i].k; j++)
            for (size_t c = 0; c < columns; c++)
                initial[j * columns + c] = d.values[c * rows + j];
        pt_kmeans_options o = options_of(&d, references[i].k);
        o.initial = initial;
        pt_kmeans m = fit(&d, NULL, &o);
        if (!(fabs(m.inertia - references[i].inertia) <= 1e-6 * references[i].inertia))
            test_fail(__FILE__, __LINE__, "case %zu: %.9g is not %.9g", i, m.inertia, references[i].inertia);
        for (uint32_t j = 0; j < m.k; j++)
            CHECK_DOUBLE(m.sizes[j], references[i].sizes[j]);
        pt_kmeans_free(&m);
        data_free(&d);
    }
}

TEST(model_kmeans__chosen_centres_find_lumps_far_apart)
{
    static const uint32_t ks[] = {4, 64};

    for (size_t i = 0; i < PT_COUNT(ks); i++) {
        size_t rows = 8000;
        data d = data_new(rows, 2, 2);
        pt_rng rng;
        pt_rng_seed(&rng, 9);
        for (size_t r = 0; r < rows; r++) {
            d.values[r] = (float)(r % ks[i] % 8 * 100) + (float)pt_rng_double(&rng);
            d.values[rows + r] = (float)(r % ks[i] / 8 * 100) + (float)pt_rng_double(&rng);
        }
        for (int init = PT_KMEANS_AUTO; init <= PT_KMEANS_PARALLEL; init++) {
            pt_kmeans_options o = options_of(&d, ks[i]);
            o.init = (pt_kmeans_init)init;
            o.starts = 3;
            pt_kmeans m = fit(&d, NULL, &o);
            CHECK_INT(m.k, ks[i]);
            CHECK(m.inertia < 0.2 * (double)rows); /* variance 1/12 in each of two columns */
            pt_kmeans_free(&m);
        }
        data_free(&d);
    }
}

TEST(model_kmeans__mini_batches_come_near)
{
    data d = lumps(30000, 5, 6, 2, 41);
    pt_kmeans_options o = options_of(&d, 6);
    o.starts = 3;
    pt_kmeans all = fit(&d, NULL, &o);
    o.batch = 1024;
    pt_kmeans some = fit(&d, NULL, &o);
    CHECK(some.inertia < all.inertia * 1.05);
    CHECK(some.inertia > all.inertia * 0.999);
    double sizes = 0;
    for (uint32_t j = 0; j < some.k; j++)
        sizes += some.sizes[j];
    CHECK_DOUBLE(sizes, 30000);
    pt_kmeans_free(&all);
    pt_kmeans_free(&some);
    data_free(&d);
}

TEST(model_kmeans__fewer_different_rows_than_centres)
{
    data d = data_new(500, 2, 1);

    for (size_t r = 0; r < 500; r++) {
        d.values[r] = (float)(r % 3);
        d.values[500 + r] = 4;
    }
    for (int init = PT_KMEANS_PLUSPLUS; init <= PT_KMEANS_PARALLEL; init++) {
        pt_kmeans_options o = options_of(&d, 9);
        o.init = (pt_kmeans_init)init;
        pt_kmeans m = fit(&d, NULL, &o);
        CHECK_INT(m.k, 3);
        CHECK_DOUBLE(m.inertia, 0);
        pt_kmeans_free(&m);
    }
    data_free(&d);
}

TEST(model_kmeans__an_empty_cluster_takes_the_row_farthest_from_its_centre)
{
    data d = data_new(5, 1, 1);
    const float values[] = {0, 1, 2, 3, 10}, initial[] = {1, 100, 200};
    pt_kmeans_options o = options_of(&d, 3);

    memcpy(d.values, values, sizeof values);
    o.initial = initial;
    pt_kmeans m = fit(&d, NULL, &o);
    /* All rows are nearest to 1; the second centre takes 10, the third then 3. */
    CHECK_DOUBLE(m.centres[0], 1);
    CHECK_DOUBLE(m.centres[1], 10);
    CHECK_DOUBLE(m.centres[2], 3);
    pt_kmeans_free(&m);
    data_free(&d);
}

TEST(model_kmeans__what_cannot_be_clustered_is_said)
{
    data d = data_new(4, 2, 1);
    pt_kmeans_options o = options_of(&d, 2);
    pt_kmeans m;
    pt_err err = {0};
    const float weight[] = {0, 0, 0, 0};

    pt_matrix none = {d.values, 0, 2, 4}, narrow = {d.values, 4, 0, 4};
    CHECK_INT(pt_kmeans_fit(&m, &none, NULL, true, &o, &err), PT_EINVAL);
    CHECK_STR(err.msg, "there are no customers to learn from");
    CHECK_INT(pt_kmeans_fit(&m, &narrow, NULL, true, &o, &err), PT_EINVAL);
    CHECK_INT(pt_kmeans_fit(&m, &d.x, weight, true, &o, &err), PT_EINVAL);
    CHECK_STR(err.msg, "all weights are 0: there is nothing to learn from");
    for (size_t i = 0; i < 8; i++)
        d.values[i] = i % 2 ? 3e38F : -3e38F;
    CHECK_INT(pt_kmeans_fit(&m, &d.x, NULL, true, &o, &err), PT_EINVAL);
    CHECK_STR(err.msg, "values are too large to measure distances between customers");
    data_free(&d);
}

TEST(model_kmeans__the_number_of_lumps_is_found)
{
    static const uint32_t numbers[] = {2, 3, 5, 7};

    for (size_t i = 0; i < PT_COUNT(numbers); i++) {
        size_t rows = 1500;
        data d = data_new(rows, 2, 2);
        pt_rng rng;
        pt_err err = {0};
        pt_rng_seed(&rng, i);
        for (size_t r = 0; r < rows; r++) {
            double angle = (double)(r % numbers[i]) / numbers[i] * 6.2831853;
            d.values[r] = (float)(cos(angle) * 10 + pt_rng_double(&rng) + pt_rng_double(&rng));
            d.values[rows + r] = (float)(sin(angle) * 10 + pt_rng_double(&rng) + pt_rng_double(&rng));
        }
        for (int by = PT_KMEANS_BY_SILHOUETTE; by <= PT_KMEANS_BY_ELBOW; by++) {
            pt_kmeans_options o = options_of(&d, 0);
            uint32_t k = 0;
            o.starts = 3;
            if (by == PT_KMEANS_BY_ELBOW && numbers[i] != 3)
                continue; /* an elbow is a matter of the eye: only a sharp one is asked for */
            CHECK_OK(pt_kmeans_number(&k, NULL, (pt_kmeans_by)by, 9, &d.x, &o, &err));
            CHECK_INT(k, numbers[i]);
        }
        data_free(&d);
    }
}

TEST(model_kmeans__data_without_lumps_are_one_cluster_by_their_gap)
{
    data d = data_new(800, 2, 2);
    pt_kmeans_options o = options_of(&d, 0);
    pt_kmeans_tried tried;
    pt_rng rng;
    uint32_t k = 0;
    pt_err err = {0};

    pt_rng_seed(&rng, 77);
    for (size_t i = 0; i < 1600; i++)
        d.values[i] = (float)pt_rng_double(&rng);
    CHECK_OK(pt_kmeans_number(&k, &tried, PT_KMEANS_BY_GAP, 6, &d.x, &o, &err));
    CHECK_INT(k, 1);
    CHECK_INT(tried.first, 1);
    for (size_t i = 0; i < 1600; i++)
        d.values[i] = 3; /* one row, many times */
    for (int by = PT_KMEANS_BY_SILHOUETTE; by <= PT_KMEANS_BY_ELBOW; by++) {
        CHECK_OK(pt_kmeans_number(&k, NULL, (pt_kmeans_by)by, 6, &d.x, &o, &err));
        CHECK_INT(k, 1);
    }
    data_free(&d);
}

/* --- the learner -------------------------------------------------------------------------------------------------------------- */

static void *learn(const data *d, double k)
{
    const pt_learner *l = pt_learner_find(PT_SV("kmeans"));
    double parameters[16];
    void *model = NULL;
    pt_err err = {0};

    CHECK(l && l->n_parameters <= PT_COUNT(parameters));
    for (size_t i = 0; i < l->n_parameters; i++)
        parameters[i] = l->parameters[i].preset;
    parameters[pt_learner_parameter(l, PT_SV("k"))] = k;
    pt_examples e = {.x = d->x};
    pt_fit_options o = {.parameters = parameters, .seed = 3, .pool = d->pool};
    CHECK_OK(l->fit(&model, &e, PT_TASK_CLUSTER, &o, &err));
    return model;
}

TEST(model_kmeans__the_largest_cluster_is_the_first_and_comes_back_from_bytes)
{
    const pt_learner *l = pt_learner_find(PT_SV("kmeans"));
    data d = lumps(5000, 3, 4, 2, 51);
    void *model = learn(&d, 4), *again;
    float *label = pt_zalloc(10000, sizeof *label);
    size_t sizes[4] = {0};
    pt_str bytes = {0};
    pt_err err = {0};

    CHECK_OK(l->predict(label, model, &d.x, d.pool, &err));
    for (size_t i = 0; i < 5000; i++)
        sizes[(size_t)label[i]]++;
    CHECK(sizes[0] >= sizes[1] && sizes[1] >= sizes[2] && sizes[2] >= sizes[3] && sizes[3] > 0);
    CHECK_OK(l->save(&bytes, model, &err));
    CHECK_OK(l->load(&again, (pt_sv){bytes.ptr, bytes.len}, &err));
    CHECK_OK(l->predict(label + 5000, again, &d.x, d.pool, &err));
    CHECK(memcmp(label, label + 5000, 5000 * sizeof *label) == 0);
    l->free(model);
    l->free(again);
    pt_str_free(&bytes);
    free(label);
    data_free(&d);
}

TEST(model_kmeans__damaged_bytes_are_refused)
{
    const pt_learner *l = pt_learner_find(PT_SV("kmeans"));
    data d = lumps(200, 2, 3, 1, 61);
    void *model = learn(&d, 3), *again;
    pt_str bytes = {0};
    pt_err err = {0};

    CHECK_OK(l->save(&bytes, model, &err));
    for (size_t n = 0; n < bytes.len; n++)
        CHECK_INT(l->load(&again, (pt_sv){bytes.ptr, n}, &err), PT_ECORRUPT);
    for (size_t i = 0; i < bytes.len; i++) {
        bytes.ptr[i] ^= 1 << i % 8;
        pt_rc rc = l->load(&again, (pt_sv){bytes.ptr, bytes.len}, &err);
        CHECK(rc == PT_ECORRUPT ||
              (rc == PT_OK && i >= bytes.len - 3 * 2 * sizeof(float))); /* a number may be another */
        if (rc == PT_OK)
            l->free(again);
        bytes.ptr[i] ^= 1 << i % 8;
    }
    l->free(model);
    pt_str_free(&bytes);
    data_free(&d);
}
