/* What rows of codes and signs tell of pairs, against every pair weighed in full. */
#include "link/bounds_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "link/sign.h"
#include "link/weigh.h"
#include "support/test.h"

enum { RECORDS = 90, VALUES = 40, TEXT = 24, COLUMNS = 7, COMPARISONS = 6, LEVELS = 4, MODELS = 60 };
enum { BARE, NAME, FAMILY, PHONE, NUMBER, LATITUDE, CATEGORY }; /* columns */

/* Random columns of every kind, and a random model of them. */
typedef struct world {
    pt_rng rng;
    uint32_t codes[COLUMNS][RECORDS], counts[COLUMNS][VALUES + 1], points[COLUMNS][VALUES * TEXT];
    uint64_t ends[COLUMNS][VALUES + 1], signs[COLUMNS][VALUES + 1], places[COLUMNS][VALUES + 1];
    double numbers[COLUMNS][VALUES + 1];
    float chances[COLUMNS][VALUES + 1];
    pt_link_column columns[COLUMNS];
    pt_link_records records;
    pt_link_level levels[COMPARISONS][LEVELS], also[COMPARISONS][LEVELS];
    pt_link_comparison comparisons[COMPARISONS];
    pt_link_model model;
} world;

static uint32_t below(world *w, uint32_t n)
{
    return (uint32_t)pt_rng_below(&w->rng, n);
}

/* Texts of few characters, so that they are often alike; phones have stars. */
static void make_texts(world *w, int column)
{
    const char *alphabet = column == PHONE ? "0123*" : "abcd";
    uint64_t end = 0;

    w->ends[column][0] = 0;
    for (uint32_t v = 1; v <= VALUES; v++) {
        uint32_t n = column == PHONE ? 6 + below(w, 2) : below(w, 12) ? 1 + below(w, 7) : below(w, TEXT);
        pt_points t = {&w->points[column][end], n};
        for (uint32_t i = 0; i < n; i++)
            w->points[column][end + i] =
                below(w, 20) ? (uint32_t)alphabet[below(w, (uint32_t)strlen(alphabet))] : 0x4e00;
        end += n;
        w->ends[column][v] = end;
        w->signs[column][v] = link_sign_of(t);
        w->places[column][v] = link_places_of(t);
    }
}

static void make_columns(world *w)
{
    for (int c = 0; c < COLUMNS; c++) {
        bool text = c == NAME || c == FAMILY || c == PHONE;
        if (text)
            make_texts(w, c);
        for (uint32_t v = 1; v <= VALUES; v++) {
            w->numbers[c][v] = below(w, 2) ? (double)below(w, 90) : pt_rng_double(&w->rng) * 90;
            w->chances[c][v] = (float)(0.001 + pt_rng_double(&w->rng) / 2);
        }
        for (uint32_t r = 0; r < RECORDS; r++)
            w->counts[c][w->codes[c][r] = below(w, 5) ? 1 + below(w, below(w, 2) ? 4 : VALUES) : 0]++;
        w->columns[c] = (pt_link_column){.name = "column",
                                         .of = -1,
                                         .n_values = VALUES,
                                         .codes = w->codes[c],
                                         .counts = w->counts[c],
                                         .chances = c == CATEGORY ? w->chances[c] : NULL,
                                         .ends = text ? w->ends[c] : NULL,
                                         .points = text ? w->points[c] : NULL,
                                         .signs = text ? w->signs[c] : NULL,
                                         .places = text ? w->places[c] : NULL,
                                         .numbers = text ? NULL : w->numbers[c]};
    }
    w->records = (pt_link_records){.n = RECORDS, .n_columns = COLUMNS, .columns = w->columns};
}

static pt_link_level random_level(world *w)
{
    static const double bounds[] = {0.7, 0.88, 0.92, 0, 1, 2, 3, 10};
    pt_link_level l = {.test = (pt_link_test)below(w, PT_LINK_TESTS),
                       .column = below(w, COLUMNS),
                       .other = below(w, COLUMNS),
                       .bound = bounds[below(w, PT_COUNT(bounds))],
                       .frequent = below(w, 6) ? 0 : CATEGORY,
                       .silent = !below(w, 8),
                       .group = below(w, 3)   ? 0
                                : below(w, 4) ? (uint8_t)below(w, PT_LINK_GROUPS)
                                              : PT_LINK_ALONE};
    return l;
}

static void make_comparison(world *w, size_t k, bool grouped)
{
    pt_link_comparison *x = &w->comparisons[k];

    *x = (pt_link_comparison){.name = "comparison",
                              .column = below(w, COLUMNS),
                              .levels = w->levels[k],
                              .n_levels = 1 + below(w, LEVELS),
                              .group = grouped ? (uint8_t)below(w, PT_LINK_GROUPS) : 0,
                              .parts = !below(w, 3),
                              .crossed = !below(w, 6),
                              .against = below(w, COLUMNS)};
    for (uint32_t i = 0; i < x->n_levels; i++) {
        w->levels[k][i] = random_level(w);
        w->also[k][i] = random_level(w);
        if (below(w, 2)) /* mostly the comparison's own column */
            w->levels[k][i].column = x->column;
        if (!below(w, 4))
            w->levels[k][i].also = &w->also[k][i];
        if (!grouped)
            w->levels[k][i].group = 0;
    }
    if (below(w, 3)) {
        w->levels[k][0] = (pt_link_level){.test = PT_LINK_SAME, .column = x->column, .silent = !below(w, 9)};
        x->by_frequency = !below(w, 3);
    }
    for (uint32_t i = 0; i <= x->n_levels; i++) {
        w->model.m[k][i] = below(w, 40) ? 0.001 + pt_rng_double(&w->rng) : 0;
        w->model.u[k][i] = below(w, 40) ? 0.001 + pt_rng_double(&w->rng) / (1 + below(w, 50)) : 0;
    }
}

/* One that fits the columns. */
static void make_model(world *w)
{
    bool grouped = below(w, 3);

    w->model = (pt_link_model){
        .n_comparisons = COMPARISONS, .comparisons = w->comparisons, .prior = 0.001 + pt_rng_double(&w->rng) / 4};
    for (size_t k = 0; k < COMPARISONS; k++) {
        pt_link_model one = {.n_comparisons = 1, .comparisons = &w->comparisons[k], .prior = 0.5};
        do
            make_comparison(w, k, grouped);
        while (pt_link_check(&one, &w->records, NULL) != PT_OK);
    }
}

/* Weights by second record; NAN where the pair was not found. */
typedef struct found {
    uint32_t a;
    bool is[RECORDS];
    double weight[RECORDS];
} found;

static bool note(void *ctx, uint32_t a, uint32_t b, double weight)
{
    found *f = ctx;

    CHECK(a == f->a && !f->is[b]);
    f->is[b] = true;
    f->weight[b] = weight;
    return true;
}

static void check_pairs(const found *f, link_weigher *weigher, uint32_t first, uint32_t n, uint64_t which, double least)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t b = first + i;
        double whole = which >> i & 1 ? link_weigh(weigher, f->a, b) : -1e300;
        CHECK(f->is[b] == (whole >= least));
        CHECK(!f->is[b] || f->weight[b] == whole);
    }
}

/* Each way of holding records against tiles, some lanes left out. */
static void check_lanes(world *w, link_bounds *bounds, link_comparer *c, link_weigher *weigher, double least)
{
    link_weigh_lanes_fn *ways[] = {link_weigh_lanes_plain(), link_weigh_lanes_avx2(), link_weigh_lanes_avx512()};
    link_lanes *lanes = link_lanes_new(bounds, c, least);
    uint32_t records[LINK_TILE];

    for (size_t way = 0; way < PT_COUNT(ways); way++) {
        if (!ways[way])
            continue;
        bounds->weigh_lanes = ways[way];
        uint32_t n = 1 + below(w, LINK_TILE), first = below(w, RECORDS - n + 1);
        for (uint32_t i = 0; i < n; i++)
            records[i] = first + i;
        link_lanes_load(lanes, records, n);
        for (uint32_t a = 0; a < RECORDS; a++) {
            found f = {.a = a};
            uint64_t which = ~UINT64_C(0) >> (LINK_TILE - n) & (pt_rng_u64(&w->rng) | pt_rng_u64(&w->rng));
            (void)link_lanes_weigh(lanes, a, which);
            CHECK(link_lanes_settle(lanes, note, &f));
            check_pairs(&f, weigher, first, n, which, least);
        }
    }
    link_lanes_free(lanes);
}

static void check_ones(link_bounds *bounds, link_comparer *c, link_weigher *weigher, double least)
{
    link_weigh_fn *ways[] = {link_weigh_plain(), link_weigh_popcnt() ? link_weigh_popcnt() : link_weigh_plain()};

    for (uint32_t a = 0; a < RECORDS; a++)
        for (uint32_t b = 0; b < RECORDS; b += 3) {
            double whole = link_weigh(weigher, a, b);
            for (size_t way = 0; way < PT_COUNT(ways); way++) {
                double weight = 0;
                CHECK(ways[way](&weight, bounds, c, a, b, least) == (whole >= least));
                CHECK(!(whole >= least) || weight == whole);
            }
        }
}

static void check_model(world *w)
{
    link_weights weights;
    link_bounds *bounds;
    link_weigher *weigher;
    pt_pool *pool;

    CHECK_INT(pt_pool_new(&pool, 1, NULL), PT_OK);
    CHECK_INT(link_weights_find(&weights, &w->model, &w->records, NULL), PT_OK);
    CHECK_INT(link_bounds_new(&bounds, &w->model, &w->records, &weights, pool, NULL), PT_OK);
    CHECK_INT(link_weigher_new(&weigher, &w->model, &w->records, NULL), PT_OK);
    link_comparer *c = link_comparer_new(&w->model, &w->records);
    for (double least = -8; least <= 8; least += 4) {
        check_lanes(w, bounds, c, weigher, least);
        check_ones(bounds, c, weigher, least);
    }
    link_comparer_free(c);
    link_weigher_free(weigher);
    link_bounds_free(bounds);
    link_weights_free(&weights);
    pt_pool_free(pool);
}

/* None is lost, none is added, and each way gives the very weight, whatever levels ask: all tests, missing values, groups,
 * frequencies, levels that never or always are of one person. */
TEST(link_bounds__leave_out_just_the_pairs_below)
{
    world *w = calloc(1, sizeof *w);

    for (uint64_t seed = 1; seed <= MODELS; seed++) {
        memset(w, 0, sizeof *w);
        pt_rng_seed(&w->rng, seed);
        make_columns(w);
        make_model(w);
        check_model(w);
    }
    free(w);
}
