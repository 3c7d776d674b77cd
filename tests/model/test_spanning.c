/* Spanning trees against Prim's method over all pairs. */
#include "model/spanning.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "support/test.h"

typedef struct rows {
    float *values;
    pt_matrix x;
    double *reach; /* squared */
    uint32_t *close;
    size_t near;
    pt_boxtree tree;
} rows;

static rows rows_new(size_t n, size_t columns, size_t near, bool lattice, pt_rng *rng)
{
    rows r = {.values = pt_zalloc(n * columns, sizeof(float)),
              .reach = pt_zalloc(n, sizeof(double)),
              .close = pt_zalloc(n * near, sizeof(uint32_t)),
              .near = near};
    pt_err err = {0};
    pt_box_found found[32];
    float point[8];

    CHECK(r.values && r.reach && r.close);
    r.x = (pt_matrix){r.values, n, columns, n};
    for (size_t i = 0; i < n * columns; i++)
        r.values[i] =
            lattice ? (float)pt_rng_below(rng, 9) : (float)(pt_rng_double(rng) + (double)pt_rng_below(rng, 3));
    CHECK_OK(pt_boxtree_new(&r.tree, &r.x, 0, &err));
    for (size_t i = 0; i < n; i++) {
        for (size_t c = 0; c < columns; c++)
            point[c] = r.values[c * n + i];
        size_t k = pt_box_nearest(found, near, &r.tree, point);
        r.reach[i] = found[k - 1].squared;
        for (size_t j = 0; j < near; j++)
            r.close[i * near + j] = j < k ? found[j].row : PT_SPAN_NOBODY;
    }
    return r;
}

static void rows_free(rows *r)
{
    pt_boxtree_free(&r->tree);
    free(r->values);
    free(r->reach);
    free(r->close);
}

static pt_span_edge *span(const rows *r, unsigned threads, bool order)
{
    pt_span_edge *edges = pt_zalloc(r->x.rows, sizeof *edges);
    pt_pool *pool = NULL;
    pt_err err = {0};

    CHECK(edges);
    CHECK_OK(pt_pool_new(&pool, threads, &err));
    pt_span_options o = {.pool = pool};
    CHECK_OK(pt_spanning_tree(edges, &r->tree, r->reach, &o, &err));
    if (order && r->x.rows > 1)
        CHECK_OK(pt_spanning_order(edges, &r->x, r->reach, r->close, r->near, &err));
    pt_pool_free(pool);
    return edges;
}

static double apart(const rows *r, size_t a, size_t b)
{
    double sum = 0;

    for (size_t c = 0; c < r->x.columns; c++) {
        double d = (double)pt_matrix_column(&r->x, c)[a] - (double)pt_matrix_column(&r->x, c)[b];
        sum += d * d;
    }
    return sqrt(fmax(fmax(sum, r->reach[a]), r->reach[b]));
}

static pt_span_edge *prim(const rows *r)
{
    size_t n = r->x.rows;
    pt_span_edge *edges = pt_zalloc(n, sizeof *edges);
    double *least = pt_zalloc(n, sizeof *least);
    uint32_t *from = pt_zalloc(n, sizeof *from), row = 0;
    bool *taken = pt_zalloc(n, sizeof *taken);

    CHECK(edges && least && from && taken);
    for (size_t i = 0; i < n; i++)
        least[i] = INFINITY;
    for (size_t e = 0; e + 1 < n; e++) {
        uint32_t best = UINT32_MAX;
        taken[row] = true;
        for (uint32_t i = 0; i < n; i++) {
            double d = taken[i] ? INFINITY : apart(r, row, i);
            if (d < least[i]) {
                least[i] = d;
                from[i] = row;
            }
            if (!taken[i] && (best == UINT32_MAX || least[i] < least[best]))
                best = i;
        }
        row = best;
        edges[e] = (pt_span_edge){from[row], row, least[row]};
    }
    free(least);
    free(from);
    free(taken);
    return edges;
}

static int by_distance(const void *a, const void *b)
{
    const pt_span_edge *x = a, *y = b;

    return (x->distance > y->distance) - (x->distance < y->distance);
}

static uint32_t root_of(const uint32_t *up, uint32_t row)
{
    while (up[row] != row)
        row = up[row];
    return row;
}

/* Joins all rows, and no edge is too many. */
static void check_tree(const pt_span_edge *edges, const rows *r)
{
    uint32_t *up = pt_zalloc(r->x.rows, sizeof *up);

    CHECK(up);
    for (uint32_t i = 0; i < r->x.rows; i++)
        up[i] = i;
    for (size_t i = 0; i + 1 < r->x.rows; i++) {
        uint32_t a = root_of(up, edges[i].a), b = root_of(up, edges[i].b);
        CHECK(a != b);
        CHECK_DOUBLE(edges[i].distance, apart(r, edges[i].a, edges[i].b));
        up[a] = b;
    }
    free(up);
}

TEST(model_spanning__is_the_shortest_tree)
{
    static const size_t sizes[] = {1, 2, 3, 17, 60, 300, 700};
    pt_rng rng;

    pt_rng_seed(&rng, 41);
    for (size_t round = 0; round < 6 * PT_COUNT(sizes); round++) {
        size_t n = sizes[round % PT_COUNT(sizes)];
        rows r = rows_new(n, 1 + round % 5, 1 + round % 11, round % 2, &rng);
        pt_span_edge *own = span(&r, 1 + (unsigned)(round % 3), round % 4 < 2), *all = prim(&r);
        check_tree(own, &r);
        qsort(own, n - 1, sizeof *own, by_distance);
        qsort(all, n - 1, sizeof *all, by_distance);
        for (size_t i = 0; i + 1 < n; i++)
            CHECK_DOUBLE(own[i].distance, all[i].distance);
        free(own);
        free(all);
        rows_free(&r);
    }
}

/* Many edges are as long as the reach of a row; which one is in the tree decides what falls out of a cluster. */
TEST(model_spanning__of_equal_trees_the_one_of_prim)
{
    pt_rng rng;

    pt_rng_seed(&rng, 43);
    for (size_t round = 0; round < 30; round++) {
        size_t n = 20 + 23 * round;
        rows r = rows_new(n, 1 + round % 4, 1 + round % 13, false, &rng);
        pt_span_edge *own = span(&r, 2, true), *all = prim(&r);
        for (size_t i = 0; i + 1 < n; i++) {
            CHECK_INT(own[i].a, all[i].a);
            CHECK_INT(own[i].b, all[i].b);
            CHECK_DOUBLE(own[i].distance, all[i].distance);
        }
        free(own);
        free(all);
        rows_free(&r);
    }
}

TEST(model_spanning__same_edges_on_any_number_of_threads)
{
    pt_rng rng;

    pt_rng_seed(&rng, 47);
    for (size_t round = 0; round < 6; round++) {
        rows r = rows_new(3000, 1 + round % 3, 5, round % 2, &rng);
        pt_span_edge *one = span(&r, 1, false), *five = span(&r, 5, false);
        for (size_t i = 0; i + 1 < 3000; i++)
            CHECK(one[i].a == five[i].a && one[i].b == five[i].b);
        free(one);
        free(five);
        rows_free(&r);
    }
}
