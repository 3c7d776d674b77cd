/* Silhouette, Davies-Bouldin, adjusted Rand. */
#include "model/measures_clusters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/chances.h"

enum { PART_ROWS = 64 };

static int32_t count_groups(const int32_t *group, size_t n)
{
    int32_t groups = 0;

    for (size_t i = 0; i < n; i++)
        groups = group[i] >= groups ? group[i] + 1 : groups;
    return groups;
}

/* --- silhouette ----------------------------------------------------------------------------------------------------- */

typedef struct silhouettes {
    const pt_matrix *x;
    const int32_t *group;
    int32_t groups;
    const float *by_row; /* the matrix, row by row */
    const double *sizes; /* of groups */
    double *out;         /* of each row; NaN: not counted */
} silhouettes;

/* Sums of the distances of a row to all rows of each group. Differences are taken, not norms and products: values far from 0 would
 * leave no digits. */
static void distances(double *sums, const silhouettes *s, size_t row)
{
    const size_t columns = s->x->columns;
    const float *from = s->by_row + row * columns;

    memset(sums, 0, (size_t)s->groups * sizeof *sums);
    for (size_t other = 0; other < s->x->rows; other++) {
        const float *to = s->by_row + other * columns;
        double squares = 0;
        if (s->group[other] < 0)
            continue;
        for (size_t c = 0; c < columns; c++) {
            const double away = (double)from[c] - (double)to[c];
            squares += away * away;
        }
        sums[s->group[other]] += sqrt(squares);
    }
}

static double silhouette_of(const silhouettes *s, size_t row, const double *sums)
{
    const int32_t own = s->group[row];
    double nearest = INFINITY;

    if (s->sizes[own] < 2)
        return 0;
    for (int32_t g = 0; g < s->groups; g++)
        if (g != own && s->sizes[g] > 0)
            nearest = fmin(nearest, sums[g] / s->sizes[g]);
    const double within = sums[own] / (s->sizes[own] - 1);
    const double larger = fmax(within, nearest);
    return larger > 0 ? (nearest - within) / larger : 0;
}

static pt_rc silhouette_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const silhouettes *s = (const silhouettes *)arg;
    double *sums = (double *)pt_zalloc((size_t)s->groups, sizeof *sums);

    (void)worker;
    if (!sums)
        return pt_fail_nomem(err, "measures");
    for (size_t row = index * PART_ROWS; row < s->x->rows && row < (index + 1) * PART_ROWS; row++) {
        s->out[row] = NAN;
        if (s->group[row] < 0)
            continue;
        distances(sums, s, row);
        s->out[row] = silhouette_of(s, row, sums);
    }
    free(sums);
    return PT_OK;
}

static void sum_up(pt_measured *out, const double *of_rows, size_t n)
{
    double counted = 0, sum = 0, squares = 0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(of_rows[i])) {
            counted++;
            sum += of_rows[i];
        }
    const double mean = sum / counted;
    for (size_t i = 0; i < n; i++)
        if (!isnan(of_rows[i]))
            squares += (of_rows[i] - mean) * (of_rows[i] - mean);
    const double error = counted > 1 ? PT_Z95 * sqrt(squares / (counted - 1) / counted) : NAN;
    *out = (pt_measured){"silhouette", mean, mean - error, mean + error};
}

pt_rc pt_silhouette(pt_measured *out, const pt_matrix *x, const int32_t *group, pt_pool *pool, pt_err *err)
{
    silhouettes s = {x, group, count_groups(group, x->rows), NULL, NULL, NULL};
    pt_arena *arena = pt_arena_new(0);
    float *by_row = arena ? PT_NEW_ARRAY(arena, float, x->rows * x->columns + 1) : NULL;
    double *sizes = arena ? PT_NEW_ARRAY(arena, double, (size_t)s.groups + 1) : NULL;
    int32_t used = 0;
    pt_rc rc = PT_OK;

    *out = (pt_measured){"silhouette", NAN, NAN, NAN};
    s.out = arena ? PT_NEW_ARRAY(arena, double, x->rows + 1) : NULL;
    if (!by_row || !sizes || !s.out) {
        pt_arena_free(arena);
        return pt_fail_nomem(err, "measures");
    }
    for (size_t i = 0; i < x->rows; i++)
        if (group[i] >= 0)
            sizes[group[i]]++;
    for (size_t c = 0; c < x->columns; c++)
        for (size_t r = 0; r < x->rows; r++)
            by_row[r * x->columns + c] = pt_matrix_column(x, c)[r];
    for (int32_t g = 0; g < s.groups; g++)
        used += sizes[g] > 0;
    s.by_row = by_row;
    s.sizes = sizes;
    if (used > 1) {
        rc = pt_pool_run(pool, (x->rows + PART_ROWS - 1) / PART_ROWS, silhouette_part, &s, err);
        sum_up(out, s.out, x->rows);
    }
    pt_arena_free(arena);
    return rc;
}

/* --- Davies-Bouldin ------------------------------------------------------------------------------------------------- */

static double centre_distance(const double *a, const double *b, size_t columns)
{
    double squares = 0;

    for (size_t c = 0; c < columns; c++)
        squares += (a[c] - b[c]) * (a[c] - b[c]);
    return sqrt(squares);
}

static void find_centres(double *centres, double *sizes, const pt_matrix *x, const int32_t *group, int32_t groups)
{
    for (size_t r = 0; r < x->rows; r++) {
        if (group[r] < 0)
            continue;
        sizes[group[r]]++;
        for (size_t c = 0; c < x->columns; c++)
            centres[(size_t)group[r] * x->columns + c] += (double)pt_matrix_column(x, c)[r];
    }
    for (int32_t g = 0; g < groups; g++)
        for (size_t c = 0; c < x->columns && sizes[g] > 0; c++)
            centres[(size_t)g * x->columns + c] /= sizes[g];
}

static double worst_overlaps(const double *centres, const double *sizes, const double *widths, int32_t groups,
                             size_t columns)
{
    double sum = 0, used = 0;

    for (int32_t a = 0; a < groups; a++) {
        double worst = 0;
        for (int32_t b = 0; b < groups; b++) {
            const double apart = centre_distance(centres + (size_t)a * columns, centres + (size_t)b * columns, columns);
            if (b != a && sizes[a] > 0 && sizes[b] > 0 && apart > 0)
                worst = fmax(worst, (widths[a] / sizes[a] + widths[b] / sizes[b]) / apart);
        }
        sum += worst;
        used += sizes[a] > 0;
    }
    return used > 1 ? sum / used : NAN;
}

pt_rc pt_davies_bouldin(double *out, const pt_matrix *x, const int32_t *group, pt_err *err)
{
    const int32_t groups = count_groups(group, x->rows);
    double *centres = (double *)pt_zalloc((size_t)groups + 1, (x->columns + 2) * sizeof *centres);
    double *sizes, *widths;

    if (!centres)
        return pt_fail_nomem(err, "measures");
    sizes = centres + (size_t)groups * x->columns;
    widths = sizes + groups;
    find_centres(centres, sizes, x, group, groups);
    for (size_t r = 0; r < x->rows; r++) {
        double squares = 0;
        if (group[r] < 0)
            continue;
        for (size_t c = 0; c < x->columns; c++)
            squares += pow((double)pt_matrix_column(x, c)[r] - centres[(size_t)group[r] * x->columns + c], 2);
        widths[group[r]] += sqrt(squares);
    }
    *out = worst_overlaps(centres, sizes, widths, groups, x->columns);
    free(centres);
    return PT_OK;
}

/* --- adjusted Rand -------------------------------------------------------------------------------------------------- */

static double pairs(double n)
{
    return n * (n - 1) / 2;
}

pt_rc pt_adjusted_rand(double *out, const int32_t *a, const int32_t *b, size_t n, pt_err *err)
{
    const size_t rows = (size_t)count_groups(a, n) + 1; /* place 0: of none */
    const size_t columns = (size_t)count_groups(b, n) + 1;
    double *counts = (double *)pt_zalloc(rows * columns + rows + columns, sizeof *counts);
    double *of_a, *of_b;
    double both = 0, in_a = 0, in_b = 0;

    if (!counts)
        return pt_fail_nomem(err, "measures");
    of_a = counts + rows * columns;
    of_b = of_a + rows;
    for (size_t i = 0; i < n; i++) {
        counts[(size_t)(a[i] + 1) * columns + (size_t)(b[i] + 1)]++;
        of_a[a[i] + 1]++;
        of_b[b[i] + 1]++;
    }
    for (size_t i = 0; i < rows * columns; i++)
        both += pairs(counts[i]);
    for (size_t i = 0; i < rows; i++)
        in_a += pairs(of_a[i]);
    for (size_t i = 0; i < columns; i++)
        in_b += pairs(of_b[i]);
    const double by_chance = n > 1 ? in_a * in_b / pairs((double)n) : 0;
    const double most = (in_a + in_b) / 2;
    *out = most == by_chance ? 1 : (both - by_chance) / (most - by_chance);
    free(counts);
    return PT_OK;
}
