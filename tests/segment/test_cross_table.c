/* Against SciPy: the table is what effect.py prints. What is hidden: against all tables that are possible. */
#include "segment/cross_table.h"

#include <math.h>

#include "base/mem.h"
#include "base/rng.h"
#include "support/test.h"

enum { MOST = 4 };

static const struct {
    size_t rows, columns;
    uint64_t counts[MOST][MOST];
    double chi_square, p, freedom, v, fair, least, residual, tgi;
} cases[] = {
    {2,
     2,
     {{30, 10}, {20, 40}},
     16.6666666666667,
     4.45570906040561e-05,
     1,
     0.408248290463863,
     0.397697454487859,
     20,
     4.08248290463863,
     150},
    {2,
     3,
     {{12, 5, 9}, {4, 14, 6}},
     8.7972334682861,
     0.0122943344794694,
     2,
     0.419457589472073,
     0.371407480598028,
     7.2,
     2.23311495746928,
     144.230769230769},
    {3,
     3,
     {{100, 200, 300}, {110, 190, 310}, {90, 205, 290}},
     2.72650606176803,
     0.60458442484731,
     4,
     0.0275585275478192,
     0,
     97.7715877437326,
     -0.0373560913948045,
     99.7222222222222},
    {3,
     4,
     {{3, 0, 5, 1}, {0, 8, 2, 2}, {4, 1, 0, 9}},
     30.4596560846561,
     3.21375819157672e-05,
     6,
     0.659649864751381,
     0.607111246453789,
     1.8,
     1.16023870223064,
     166.666666666667},
};

static bool near(double got, double want, double by)
{
    if (isinf(want) || isinf(got))
        return got == want;
    return fabs(got - want) <= by * fabs(want) + 1e-300;
}

static void load(pt_cross_table *t, size_t rows, size_t columns, const uint64_t counts[MOST][MOST])
{
    *t = (pt_cross_table){.n_rows = rows, .n_columns = columns, .exclusive = true};
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            t->cells[r][c].count = counts[r][c];
}

TEST(segment_cross_table__is_what_scipy_says)
{
    pt_cross_table t;

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        load(&t, cases[i].rows, cases[i].columns, cases[i].counts);
        pt_cross_table_fill(&t);
        CHECK(near(t.chi_square, cases[i].chi_square, 1e-12) && near(t.p, cases[i].p, 1e-9));
        CHECK(near(t.freedom, cases[i].freedom, 0) && near(t.cramer_v, cases[i].v, 1e-12));
        CHECK(near(t.cramer_v_fair, cases[i].fair, 1e-12) && near(t.least_expected, cases[i].least, 1e-12));
        CHECK(near(t.cells[0][0].residual, cases[i].residual, 1e-11) && near(t.cells[0][0].tgi, cases[i].tgi, 1e-12));
    }
}

TEST(segment_cross_table__by_hand)
{
    static const uint64_t counts[MOST][MOST] = {{30, 10}, {20, 40}};
    pt_cross_table t;

    load(&t, 2, 2, counts);
    pt_cross_table_fill(&t);
    CHECK_INT(t.total, 100);
    CHECK_INT(t.row_totals[1], 60);
    CHECK_INT(t.column_totals[0], 50);
    CHECK_DOUBLE(t.cells[0][1].row_share, 0.25);
    CHECK_DOUBLE(t.cells[0][1].column_share, 0.2);
    CHECK_DOUBLE(t.cells[0][1].tgi, 50); /* independent: 40 * 50 / 100 = 20 */
}

TEST(segment_cross_table__without_anything_to_test)
{
    static const uint64_t one_row[MOST][MOST] = {{30, 10}}, empty[MOST][MOST] = {{0, 0}, {0, 0}},
                          one_used[MOST][MOST] = {{30, 10}, {0, 0}};
    pt_cross_table t;

    load(&t, 1, 2, one_row);
    pt_cross_table_fill(&t);
    CHECK(isnan(t.p) && isnan(t.cramer_v));
    load(&t, 2, 2, empty);
    pt_cross_table_fill(&t);
    CHECK(isnan(t.p) && isnan(t.cells[0][0].row_share) && isnan(t.cells[0][0].tgi));
    load(&t, 2, 2, one_used);
    pt_cross_table_fill(&t);
    CHECK(isnan(t.p) && isnan(t.cells[1][0].tgi));
}

/* Whether a line that hides something leaves open what: two cells at least, of `least` customers in all, or everything. */
static bool keeps_its_secret(const pt_cross_cell *first, size_t n, size_t step, uint64_t least)
{
    size_t hidden = 0;
    uint64_t sum = 0;

    for (size_t i = 0; i < n; i++) {
        hidden += first[i * step].hidden;
        sum += first[i * step].hidden ? first[i * step].count : 0;
    }
    return hidden == 0 || hidden == n || (hidden > 1 && sum >= least);
}

TEST(segment_cross_table__what_is_hidden_does_not_follow_from_the_rest)
{
    enum { LEAST = 10 };
    pt_rng r;

    pt_rng_seed(&r, 11);
    for (int round = 0; round < 3000; round++) {
        pt_cross_table t = {.n_rows = 2 + pt_rng_below(&r, 5), .n_columns = 2 + pt_rng_below(&r, 5), .exclusive = true};
        for (size_t i = 0; i < t.n_rows; i++)
            for (size_t k = 0; k < t.n_columns; k++)
                t.cells[i][k].count = pt_rng_below(&r, 3) ? 10 + pt_rng_below(&r, 100) : pt_rng_below(&r, 12);
        pt_cross_table_fill(&t);
        pt_cross_table_hide(&t, LEAST);
        size_t hidden = 0;
        for (size_t i = 0; i < t.n_rows; i++)
            for (size_t k = 0; k < t.n_columns; k++) {
                const pt_cross_cell *c = &t.cells[i][k];
                hidden += c->hidden;
                CHECK(c->hidden || c->count == 0 || c->count >= LEAST);
            }
        CHECK_INT(t.hidden, hidden);
        for (size_t i = 0; i < t.n_rows; i++)
            CHECK(keeps_its_secret(&t.cells[i][0], t.n_columns, 1, LEAST));
        for (size_t k = 0; k < t.n_columns; k++)
            CHECK(keeps_its_secret(&t.cells[0][k], t.n_rows, PT_CROSS_MOST, LEAST));
    }
}
