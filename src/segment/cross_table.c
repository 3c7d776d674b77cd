#include "segment/cross_table.h"

#include <math.h>

#include "base/chances.h"

/* --- figures ---------------------------------------------------------------------------------------------------------------- */

static void add_up(pt_cross_table *t)
{
    t->total = 0;
    for (size_t r = 0; r < t->n_rows; r++)
        t->row_totals[r] = 0;
    for (size_t c = 0; c < t->n_columns; c++)
        t->column_totals[c] = 0;
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t c = 0; c < t->n_columns; c++) {
            uint64_t count = t->cells[r][c].count;
            t->row_totals[r] += count;
            t->column_totals[c] += count;
            t->total += count;
        }
}

static double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static void fill_cell(pt_cross_table *t, size_t row, size_t column)
{
    pt_cross_cell *cell = &t->cells[row][column];
    double count = (double)cell->count, all = (double)t->total;
    double of_row = (double)t->row_totals[row], of_column = (double)t->column_totals[column];
    double expected = share_of(of_row * of_column, all);

    cell->row_share = share_of(count, of_row);
    cell->column_share = share_of(count, of_column);
    cell->tgi = expected > 0 ? 100 * count / expected : NAN;
    double spread = expected * (1 - of_row / all) * (1 - of_column / all);
    cell->residual = t->exclusive && spread > 0 ? (count - expected) / sqrt(spread) : NAN;
    if (expected > 0 && !(expected >= t->least_expected))
        t->least_expected = expected;
}

static size_t used(const uint64_t *totals, size_t n)
{
    size_t some = 0;

    for (size_t i = 0; i < n; i++)
        some += totals[i] > 0;
    return some;
}

/* Cramer (1946); corrected as Bergsma (2013) says. */
static void measure(pt_cross_table *t)
{
    size_t rows = used(t->row_totals, t->n_rows), columns = used(t->column_totals, t->n_columns);
    double all = (double)t->total, sum = 0;

    if (rows < 2 || columns < 2)
        return;
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t c = 0; c < t->n_columns; c++) {
            double expected = (double)t->row_totals[r] * (double)t->column_totals[c] / all;
            double off = (double)t->cells[r][c].count - expected;
            sum += expected > 0 ? off * off / expected : 0;
        }
    t->chi_square = sum;
    t->freedom = (unsigned)((rows - 1) * (columns - 1));
    t->p = pt_chi_square_p(sum, t->freedom);
    double least = (double)(rows < columns ? rows : columns) - 1;
    t->cramer_v = fmin(1, sqrt(sum / all / least));
    double fair = fmax(0, sum / all - (double)t->freedom / (all - 1));
    double r_fair = (double)rows - (double)((rows - 1) * (rows - 1)) / (all - 1);
    double c_fair = (double)columns - (double)((columns - 1) * (columns - 1)) / (all - 1);
    double room = fmin(r_fair, c_fair) - 1;
    t->cramer_v_fair = room > 0 ? fmin(1, sqrt(fair / room)) : NAN;
}

void pt_cross_table_fill(pt_cross_table *t)
{
    t->chi_square = t->p = t->cramer_v = t->cramer_v_fair = t->least_expected = NAN;
    t->freedom = 0;
    if (t->exclusive)
        add_up(t);
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t c = 0; c < t->n_columns; c++)
            fill_cell(t, r, c);
    if (t->exclusive)
        measure(t);
}

/* --- what may not be shown -------------------------------------------------------------------------------------------------- */

/* A row or a column, as cells that lie `step` apart. */
typedef struct line {
    pt_cross_cell *first;
    size_t n, step;
} line;

/* Of cells with somebody; when there are none, a cell with nobody serves: whether it is one cannot be seen then. */
static bool hide_smallest(line l)
{
    pt_cross_cell *smallest = NULL;

    for (size_t i = 0; i < l.n; i++) {
        pt_cross_cell *cell = l.first + i * l.step;
        if (!cell->hidden &&
            (!smallest || cell->count - 1 < smallest->count - 1)) /* 0 less 1 is the largest there is */
            smallest = cell;
    }
    if (smallest)
        smallest->hidden = true;
    return smallest != NULL;
}

/* Whether a further cell was hidden. A line that hides one cell gives it away by its total; one that hides fewer customers
 * than `least` gives those away. */
static bool protect(line l, uint64_t least)
{
    size_t hidden = 0;
    uint64_t customers = 0;

    for (size_t i = 0; i < l.n; i++) {
        const pt_cross_cell *cell = l.first + i * l.step;
        hidden += cell->hidden;
        customers += cell->hidden ? cell->count : 0;
    }
    return hidden > 0 && (hidden == 1 || customers < least) && hide_smallest(l);
}

static bool protect_lines(pt_cross_table *t, uint64_t least)
{
    bool changed = false;

    for (size_t r = 0; r < t->n_rows; r++)
        changed |= protect((line){&t->cells[r][0], t->n_columns, 1}, least);
    for (size_t c = 0; c < t->n_columns; c++)
        changed |= protect((line){&t->cells[0][c], t->n_rows, PT_CROSS_MOST}, least);
    return changed;
}

void pt_cross_table_hide(pt_cross_table *t, uint64_t least)
{
    t->hidden = 0;
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t c = 0; c < t->n_columns; c++)
            t->cells[r][c].hidden = t->cells[r][c].count > 0 && t->cells[r][c].count < least;
    while (protect_lines(t, least))
        continue;
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t c = 0; c < t->n_columns; c++)
            t->hidden += t->cells[r][c].hidden;
}
