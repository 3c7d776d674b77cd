/* Lloyd's iterations with bounds.
 *
 * Of each row an upper bound of the distance to its own centre and a lower bound of the distances to all others are kept: Hamerly's
 * method (2010). With more than eight centres there is also a lower bound for each group of them, looked at where the first does not
 * do: Yinyang k-means (Ding and others 2015). When a centre has
 * moved by m, upper bounds of its rows rise by m and lower bounds of its group sink by the largest such m; a row whose upper bound is
 * still below its lower bounds keeps its centre, and nothing of it is read. Bounds are kept relative to all moves so far, so
 * that those of rows that are not looked at need not be written either. With one group only their difference is kept.
 *
 * Centres are put into panels of eight such that near ones are together; a group is a few panels. Sums of clusters change by the rows
 * that move, part by part, in double precision.
 *
 * With eight centres or fewer (kmeans_columns.h) working out all distances of sixteen rows is so cheap that rows are read in their
 * order, column by column as they came, sixteen that all keep their centre left out. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "model/kmeans_int.h"

enum { MOST_GROUPS = 16, NOBODY = UINT16_MAX };

typedef struct run {
    const pt_points *p;
    uint32_t k, panels, groups;
    bool first, plain;
    float widen;     /* distances are known but for this share */
    float *centres;  /* by place in the panels */
    float *panel;    /* the same, as kernels want them */
    uint16_t *order; /* place -> number of the centre */
    uint16_t *label; /* rows: the place of their centre */
    float *upper;    /* rows: bound of the distance to it, less moved[label] at the time; NULL of one group */
    float *lower;    /* rows: bound of the distance to all others, and sunk at the time; of one group less `upper` */
    float *by_group; /* rows * groups: to all others of a group, and sunk_group[group] at the time; NULL of one group */
    double *all_moved, *all_sunk, most_sunk; /* so far, by place, by group, of all groups */
    float *moved, *sunk_group, sunk, slop;   /* the same rounded up; the error of adding and subtracting them */
    double *sums, *weight;                   /* of the clusters: k * columns, k */
    int64_t *count;                          /* rows of weight */
    double *change;                          /* parts * (k * (columns + 2)): sums, weights, counts */
    size_t *moves;                           /* parts: rows that changed their centre */
} run;

/* What is worked out of the rows of a tile that may have another centre. */
typedef struct tile {
    uint32_t list[PT_KMEANS_TILE + 8]; /* rows, from the tile's first */
    size_t n;
    float best[PT_KMEANS_TILE + 8];     /* squared distance to the nearest centre so far */
    uint16_t place[PT_KMEANS_TILE + 8]; /* its place */
    uint32_t some[PT_KMEANS_TILE + 8];  /* those of `list` that a group is asked about: rows, ... */
    uint32_t which[PT_KMEANS_TILE + 8]; /* ... and where in `list` */
    float least[PT_KMEANS_TILE + 8];    /* of these in the group: nearest, second nearest, place */
    float second[PT_KMEANS_TILE + 8];
    uint16_t nearest[PT_KMEANS_TILE + 8];
    float one[PT_KMEANS_TILE + 8], two[PT_KMEANS_TILE + 8]; /* of a panel */
    uint32_t of[PT_KMEANS_TILE + 8];
} tile;

static uint32_t group_of(const run *r, uint32_t place)
{
    return (place / PT_PANEL) * r->groups / r->panels;
}

/* First panel of a group; that of `groups` is the end. */
static uint32_t group_begin(const run *r, uint32_t group)
{
    return (group * r->panels + r->groups - 1) / r->groups;
}

/* Nearest and second nearest centre of a group, for the `n` rows of t->some. */
static void ask_group(tile *t, const run *r, const float *rows, uint32_t group, size_t n)
{
    size_t columns = r->p->columns, whole = (n + 7) & ~(size_t)7;

    for (size_t i = n; i < whole; i++)
        t->some[i] = t->some[n - 1];
    for (uint32_t p = group_begin(r, group); p < group_begin(r, group + 1); p++) {
        bool only = p == group_begin(r, group);
        r->p->kernels->nearest(t->one, t->two, t->of, rows, columns, t->some, whole,
                               r->panel + (size_t)p * columns * PT_PANEL);
        for (size_t i = 0; i < n; i++) {
            float least = only ? INFINITY : t->least[i], second = only ? INFINITY : t->second[i];
            bool nearer = only || t->one[i] < least;
            float next = nearer ? t->two[i] : t->one[i], before = nearer ? least : second;
            t->second[i] = next < before ? next : before;
            t->least[i] = nearer ? t->one[i] : least;
            t->nearest[i] = nearer ? (uint16_t)(p * PT_PANEL + t->of[i]) : t->nearest[i];
        }
    }
}

static float as_lower(const run *r, float squared, uint32_t group)
{
    return sqrtf(squared) * (1 - r->widen) + r->sunk_group[group];
}

/* Takes in what ask_group found: the nearest centre may be a new one, and bounds are what distances are. */
static void take_group(tile *t, const run *r, size_t begin, uint32_t group, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t at = t->which[i];
        float *lower = r->by_group + (begin + t->some[i]) * r->groups;
        if (t->least[i] < t->best[at] || t->place[at] == NOBODY) {
            if (t->place[at] != NOBODY) {
                uint32_t old = group_of(r, t->place[at]);
                lower[old] = as_lower(r, t->best[at], old);
            }
            lower[group] = as_lower(r, t->second[i], group);
            t->best[at] = t->least[i];
            t->place[at] = t->nearest[i];
        } else {
            lower[group] = as_lower(r, t->least[i], group);
        }
    }
}

/* Those of the tile's list whose centre is in the group: it comes first, then fewer others need to be asked. */
static size_t of_own_group(tile *t, const run *r, const uint16_t *label, uint32_t group)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++) {
        t->some[n] = t->list[i];
        t->which[n] = (uint32_t)i;
        n += group_of(r, label[t->list[i]]) == group;
    }
    return n;
}

/* Those whose nearest centre may be in the group, which they have not asked yet. */
static size_t of_other_group(tile *t, const run *r, size_t begin, const uint16_t *label, uint32_t group)
{
    const float *lower = r->by_group + begin * r->groups + group;
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++) {
        uint32_t row = t->list[i];
        bool asked = !r->first && group_of(r, label[row]) == group;
        float upper = sqrtf(t->best[i]) * (1 + r->widen);
        t->some[n] = row;
        t->which[n] = (uint32_t)i;
        n += !asked && (r->first || r->plain || !(upper + r->slop < lower[row * r->groups] - r->sunk_group[group]));
    }
    return n;
}

/* The least of the bounds by group. */
static float least_bound(const run *r, size_t row)
{
    const float *lower = r->by_group + row * r->groups;
    float least = lower[0] - r->sunk_group[0];

    for (uint32_t g = 1; g < r->groups; g++)
        least = lower[g] - r->sunk_group[g] < least ? lower[g] - r->sunk_group[g] : least;
    return least;
}

static void ask(tile *t, const run *r, size_t begin)
{
    const float *rows = r->p->rows + begin * r->p->columns;
    const uint16_t *label = r->label + begin;

    for (size_t i = 0; i < t->n; i++) {
        t->best[i] = INFINITY;
        t->place[i] = NOBODY;
    }
    for (int own = r->first ? 0 : 1; own >= 0; own--) {
        for (uint32_t g = 0; g < r->groups; g++) {
            size_t n = own ? of_own_group(t, r, label, g) : of_other_group(t, r, begin, label, g);
            if (n == 0)
                continue;
            ask_group(t, r, rows, g, n);
            take_group(t, r, begin, g, n);
        }
    }
    for (size_t i = 0; i < t->n; i++)
        r->lower[begin + t->list[i]] = least_bound(r, begin + t->list[i]) + r->sunk;
}

static void add_row(double *change, const run *r, uint32_t place, size_t row, double sign)
{
    size_t columns = r->p->columns;
    const float *x = pt_point(r->p, row);
    double weight = sign * pt_point_weight(r->p, row), *sums = change + place * columns;

    for (size_t c = 0; c < columns; c++)
        sums[c] += weight * (double)x[c];
    change[r->k * columns + place] += weight;
    change[r->k * (columns + 1) + place] += weight > 0 ? 1 : weight < 0 ? -1 : 0;
}

/* Writes down which centre the rows of the list have now, and what that changes of the clusters' sums. */
static size_t move(tile *t, const run *r, size_t begin, double *change)
{
    float wide = 1 + r->widen;
    size_t moves = 0;

    for (size_t i = 0; r->upper && i < t->n; i++)
        r->upper[begin + t->list[i]] = sqrtf(t->best[i]) * wide - r->moved[t->place[i]];
    for (size_t i = 0; i < t->n; i++) {
        size_t row = begin + t->list[i];
        uint16_t was = r->label[row], is = t->place[i];
        if (was == is)
            continue;
        if (was != NOBODY)
            add_row(change, r, was, row, -1);
        add_row(change, r, is, row, 1);
        r->label[row] = is;
        moves++;
    }
    return moves;
}

/* The rows of a tile that may have another centre than before. */
static size_t find_suspects(tile *t, const run *r, size_t begin, size_t n)
{
    if (r->first || r->plain) {
        for (size_t i = 0; i < n; i++)
            t->list[i] = (uint32_t)i;
        return n;
    }
    size_t found = r->p->kernels->suspects(t->list, r->upper + begin, r->label + begin, r->lower + begin, n, r->moved,
                                           r->sunk, r->slop);
    size_t kept = 0;
    for (size_t i = 0; i < found; i++) {
        size_t row = begin + t->list[i];
        float least = least_bound(r, row);
        bool safe = r->upper[row] + r->moved[r->label[row]] + r->slop < least;
        r->lower[row] = safe ? least + r->sunk : r->lower[row];
        t->list[kept] = t->list[i];
        kept += !safe;
    }
    return kept;
}

static size_t change_size(const run *r)
{
    return r->k * (r->p->columns + 2);
}

static size_t assign_rows(const run *r, size_t begin, size_t end, double *change)
{
    size_t moves = 0;
    tile t;

    for (size_t at = begin; at < end; at += PT_KMEANS_TILE) {
        t.n = find_suspects(&t, r, at, end - at < PT_KMEANS_TILE ? end - at : PT_KMEANS_TILE);
        if (t.n == 0)
            continue;
        ask(&t, r, at);
        moves += move(&t, r, at, change);
    }
    return moves;
}

/* --- eight centres or fewer --------------------------------------------------------------------------------------------------- */

static bool was_somewhere(uint32_t place)
{
    return place != NOBODY;
}

static pt_settling settling_of(const run *r)
{
    pt_settling s = {
        .panel = r->panel, .sunk = r->sunk, .narrow = 1 - r->widen, .wide = 1 + r->widen, .all = r->first || r->plain};

    for (uint32_t j = 0; j < r->k; j++) {
        s.moved[j] = r->moved[j];
        s.lost[j] = r->moved[j] + (r->sunk + r->slop);
    }
    return s;
}

typedef struct changes {
    uint32_t changed[PT_KMEANS_TILE + PT_SETTLE_ROWS], was[PT_KMEANS_TILE + PT_SETTLE_ROWS];
    size_t n, begin; /* row begin + changed[i] was in was[i] */
} changes;

/* sum[place * step + row % lanes] */
static inline void add_values(double *sum, size_t step, size_t lanes, const run *r, const float *x, const changes *of)
{
    const double *weight = r->p->weight ? r->p->weight + of->begin : NULL;
    const uint16_t *label = r->label + of->begin;

    for (size_t i = 0; i < of->n; i++) {
        size_t row = of->changed[i], lane = row % lanes;
        double value = (double)x[row] * (weight ? weight[row] : 1);
        sum[label[row] * step + lane] += value;
        if (was_somewhere(of->was[i]))
            sum[of->was[i] * step + lane] -= value;
    }
}

/* Sums of the clusters change by one column of these rows. Of many, eight sums of each cluster are made side by side: rows of a
 * cluster often follow each other, and need not wait. */
static void add_column(double *change, const run *r, size_t column, const changes *of)
{
    enum { MANY = 64 };
    const float *x = r->p->x.values + column * r->p->x.stride + of->begin;
    double sum[PT_PANEL * 8] = {0};

    if (of->n < MANY) {
        add_values(change + column, r->p->columns, 1, r, x, of);
        return;
    }
    if (r->first && !r->p->weight && of->n % 8 == 0)
        pt_columns_kernels_best()->add_by_label(sum, x, r->label + of->begin, of->n);
    else
        add_values(sum, 8, 8, r, x, of);
    for (size_t j = 0; j < r->k; j++)
        for (size_t l = 0; l < 8; l++)
            change[j * r->p->columns + column] += sum[j * 8 + l];
}

static void add_weights(double *change, const run *r, const changes *of)
{
    double *weights = change + r->k * r->p->columns, *counts = weights + r->k;

    for (size_t i = 0; i < of->n; i++) {
        size_t row = of->begin + of->changed[i];
        double weight = pt_point_weight(r->p, row), counted = weight > 0;
        weights[r->label[row]] += weight;
        counts[r->label[row]] += counted;
        if (was_somewhere(of->was[i])) {
            weights[of->was[i]] -= weight;
            counts[of->was[i]] -= counted;
        }
    }
}

static size_t settle_rows(const run *r, size_t begin, size_t end, double *change)
{
    const pt_settling s = settling_of(r);
    const pt_matrix *x = &r->p->x;
    changes of;
    size_t moves = 0;

    for (size_t at = begin; at < end; at += PT_KMEANS_TILE) {
        of.begin = at;
        of.n = pt_columns_kernels_best()->settle(of.changed, of.was, r->lower + at, r->label + at, x->values + at,
                                                 x->stride, x->columns,
                                                 end - at < PT_KMEANS_TILE ? end - at : PT_KMEANS_TILE, &s);
        for (size_t c = 0; of.n && c < x->columns; c++)
            add_column(change, r, c, &of);
        add_weights(change, r, &of);
        moves += of.n;
    }
    return moves;
}

/* --- all parts ------------------------------------------------------------------------------------------------------------------ */

static pt_rc assign_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    run *r = arg;
    size_t begin, end = pt_points_part(r->p, part, &begin);
    double *change = r->change + part * change_size(r);

    (void)worker, (void)err;
    memset(change, 0, change_size(r) * sizeof *change);
    r->moves[part] = r->panels == 1 ? settle_rows(r, begin, end, change) : assign_rows(r, begin, end, change);
    return PT_OK;
}

/* Every row to its nearest centre; *moves is how many have another one than before. */
static pt_rc assign(run *r, size_t *moves, pt_err *err)
{
    size_t columns = r->p->columns;

    PT_TRY(pt_pool_run(r->p->pool, r->p->parts, assign_part, r, err));
    *moves = 0;
    for (size_t part = 0; part < r->p->parts; part++) {
        const double *change = r->change + part * change_size(r);
        *moves += r->moves[part];
        for (size_t i = 0; r->moves[part] && i < r->k * columns; i++)
            r->sums[i] += change[i];
        for (size_t j = 0; r->moves[part] && j < r->k; j++) {
            r->weight[j] += change[r->k * columns + j];
            r->count[j] += (int64_t)change[r->k * (columns + 1) + j];
        }
    }
    r->first = false;
    return PT_OK;
}

/* --- clusters without rows -------------------------------------------------------------------------------------------------- */

static double squared(const pt_points *p, size_t row, const float *centre)
{
    double sum = 0;

    for (size_t c = 0; c < p->columns; c++) {
        double apart = (double)pt_point_value(p, row, c) - (double)centre[c];
        sum += apart * apart;
    }
    return sum;
}

/* The row farthest from its centre; SIZE_MAX when all lie on theirs. Rows that are alone stay where they are. */
static size_t farthest(const run *r)
{
    size_t best = SIZE_MAX;
    double most = 0;

    for (size_t i = 0; i < r->p->n; i++) {
        if (r->count[r->label[i]] < 2 || pt_point_weight(r->p, i) <= 0)
            continue;
        double d = squared(r->p, i, r->centres + r->label[i] * r->p->columns);
        if (d > most) {
            most = d;
            best = i;
        }
    }
    return best;
}

static void give_row(run *r, size_t row, uint32_t place)
{
    size_t columns = r->p->columns;
    uint32_t was = r->label[row];
    double weight = pt_point_weight(r->p, row);

    for (size_t c = 0; c < columns; c++) {
        double x = (double)pt_point_value(r->p, row, c) * weight;
        r->sums[was * columns + c] -= x;
        r->sums[place * columns + c] = x;
    }
    r->weight[was] -= weight;
    r->count[was]--;
    r->weight[place] = weight;
    r->count[place] = 1;
    r->label[row] = (uint16_t)place;
    if (r->upper)
        r->upper[row] = INFINITY; /* nothing is known of it */
    r->lower[row] = -INFINITY;
    for (uint32_t g = 0; r->by_group && g < r->groups; g++)
        r->by_group[row * r->groups + g] = -INFINITY;
}

static size_t fill_empty(run *r)
{
    size_t filled = 0;

    for (uint32_t j = 0; j < r->k; j++) {
        size_t row;
        if (r->count[j] == 0 && (row = farthest(r)) != SIZE_MAX) {
            give_row(r, row, j);
            filled++;
        }
    }
    return filled;
}

/* --- the centres move --------------------------------------------------------------------------------------------------------- */

static float round_up(double v)
{
    return nextafterf((float)v, INFINITY);
}

/* How far the bounds are off now, for every row at once. */
static void sink_bounds(run *r, const double *moves)
{
    float most_moved = 0;
    double largest = 0;

    for (uint32_t g = 0; g < r->groups; g++) {
        double in_group = 0;
        for (uint32_t j = group_begin(r, g) * PT_PANEL; j < group_begin(r, g + 1) * PT_PANEL && j < r->k; j++) {
            in_group = fmax(in_group, moves[j]);
            r->all_moved[j] += moves[j];
            r->moved[j] = round_up(r->all_moved[j]);
            most_moved = fmaxf(most_moved, r->moved[j]);
        }
        largest = fmax(largest, in_group);
        r->all_sunk[g] += in_group;
        r->sunk_group[g] = round_up(r->all_sunk[g]);
    }
    r->most_sunk += largest;
    r->sunk = round_up(r->most_sunk);
    r->slop = 16 * FLT_EPSILON * (most_moved + r->sunk) + FLT_MIN * 1e19F; /* squares below FLT_MIN are lost */
}

/* Centres become the means of their rows; the sum of their squared moves. */
static double move_centres(run *r, double *moves)
{
    size_t columns = r->p->columns;
    double total = 0;

    for (uint32_t j = 0; j < r->k; j++) {
        double sum = 0;
        for (size_t c = 0; r->count[j] > 0 && c < columns; c++) {
            float *centre = &r->centres[j * columns + c], was = *centre;
            *centre = (float)(r->sums[j * columns + c] / r->weight[j]);
            sum += ((double)*centre - (double)was) * ((double)*centre - (double)was);
        }
        moves[j] = sqrt(sum) * (1 + 1e-12);
        total += sum;
    }
    pt_kmeans_panels(r->panel, r->centres, r->k, columns);
    sink_bounds(r, moves);
    return total;
}

/* The inertia with the means as centres: all squares less those of the means. */
static double inertia_of_means(const run *r)
{
    double sum = r->p->squares;

    for (uint32_t j = 0; j < r->k; j++)
        for (size_t c = 0; r->count[j] > 0 && c < r->p->columns; c++) {
            double s = r->sums[j * r->p->columns + c];
            sum -= s * s / r->weight[j];
        }
    return sum > 0 ? sum : 0;
}

/* --- the beginning and the end ----------------------------------------------------------------------------------------------- */

/* Puts centres that are near each other into one panel: the first that is left and the seven nearest to it. */
static void order_centres(run *r, const float *centres)
{
    size_t columns = r->p->columns;

    for (uint32_t j = 0; j < r->k; j++)
        r->order[j] = (uint16_t)j;
    for (uint32_t at = 0; r->panels > 1 && at < r->k; at++) {
        uint32_t best = at;
        double least = INFINITY;
        const float *head = centres + r->order[at / PT_PANEL * PT_PANEL] * columns;
        for (uint32_t j = at; at % PT_PANEL && j < r->k; j++) {
            double d = 0;
            for (size_t c = 0; c < columns; c++) {
                double apart = (double)head[c] - (double)centres[r->order[j] * columns + c];
                d += apart * apart;
            }
            if (d < least) {
                least = d;
                best = j;
            }
        }
        uint16_t chosen = r->order[best];
        r->order[best] = r->order[at];
        r->order[at] = chosen;
    }
    for (uint32_t j = 0; j < r->k; j++)
        memcpy(r->centres + j * columns, centres + r->order[j] * columns, columns * sizeof *centres);
}

typedef struct sum {
    const run *r;
    double *of_part;
} sum;

/* Four sums side by side: an addition need not wait for the one before it. */
static double part_inertia(const run *r, size_t begin, size_t end)
{
    const pt_points *p = r->p;
    double sums[4] = {0};

    for (size_t c = 0; c < p->columns; c++) {
        const float *x = p->x.values + c * p->x.stride, *centre = r->centres + c;
        for (size_t i = begin; i < end; i++) {
            double apart = (double)x[i] - (double)centre[r->label[i] * p->columns];
            sums[i % 4] += apart * apart * pt_point_weight(p, i);
        }
    }
    return sums[0] + sums[1] + sums[2] + sums[3];
}

static pt_rc inertia_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    sum *s = arg;
    size_t begin, end = pt_points_part(s->r->p, part, &begin);

    (void)worker, (void)err;
    s->of_part[part] = part_inertia(s->r, begin, end);
    return PT_OK;
}

/* Of the rows and centres as they are, from the sums of the clusters: the squares of x - c are those of x less 2cx, plus those of c. */
static double inertia_of_sums(const run *r)
{
    size_t columns = r->p->columns;
    double total = r->p->squares;

    for (uint32_t j = 0; j < r->k; j++)
        for (size_t c = 0; r->count[j] > 0 && c < columns; c++) {
            double centre = (double)r->centres[j * columns + c];
            total += centre * (centre * r->weight[j] - 2 * r->sums[j * columns + c]);
        }
    return total;
}

/* Row by row only where clusters are so small, as seen from 0, that little would be left of the sums' digits. */
static pt_rc measure_inertia(double *out, const run *r, pt_err *err)
{
    sum s = {.r = r};

    *out = inertia_of_sums(r);
    if (*out >= r->p->squares / 1024)
        return PT_OK;
    s.of_part = pt_zalloc(r->p->parts, sizeof *s.of_part);
    if (!s.of_part)
        return pt_fail_nomem(err, "clustering");
    pt_rc rc = pt_pool_run(r->p->pool, r->p->parts, inertia_part, &s, err);
    *out = 0;
    for (size_t part = 0; part < r->p->parts; part++)
        *out += s.of_part[part];
    free(s.of_part);
    return rc;
}

static pt_rc run_new(run *r, const pt_kmeans *m, const pt_points *p, bool plain)
{
    size_t n = p->n, columns = p->columns, k = m->k, parts = p->parts;

    *r = (run){.p = p, .k = m->k, .panels = (m->k + PT_PANEL - 1) / PT_PANEL, .first = true, .plain = plain};
    r->groups = r->panels < MOST_GROUPS ? r->panels : MOST_GROUPS;
    r->widen = (float)(columns + 16) * FLT_EPSILON / 2;
    r->centres = pt_zalloc(k * columns, sizeof(float));
    r->panel = pt_alloc64((size_t)r->panels * columns * PT_PANEL, sizeof(float));
    r->order = pt_zalloc(k, sizeof(uint16_t));
    r->label = pt_alloc64(n, sizeof(uint16_t));
    r->upper = r->groups > 1 ? pt_alloc64(n, sizeof(float)) : NULL;
    r->lower = pt_alloc64(n, sizeof(float));
    r->by_group = r->groups > 1 ? pt_alloc64(n * r->groups, sizeof(float)) : NULL;
    r->all_moved = pt_zalloc(k, sizeof(double));
    r->all_sunk = pt_zalloc(r->groups, sizeof(double));
    r->moved = pt_zalloc(k, sizeof(float));
    r->sunk_group = pt_zalloc(r->groups, sizeof(float));
    r->sums = pt_zalloc(k * columns, sizeof(double));
    r->weight = pt_zalloc(k, sizeof(double));
    r->count = pt_zalloc(k, sizeof(int64_t));
    r->change = pt_alloc64(parts * k * (columns + 2), sizeof(double));
    r->moves = pt_zalloc(parts, sizeof(size_t));
    bool ok = r->centres && r->panel && r->order && r->label && r->lower &&
              ((r->upper && r->by_group) || r->groups == 1) && r->all_moved && r->all_sunk && r->moved &&
              r->sunk_group && r->sums && r->weight && r->count && r->change && r->moves;
    return ok ? PT_OK : PT_ENOMEM;
}

static void run_free(run *r)
{
    void *const all[] = {r->centres,  r->panel, r->order,      r->label, r->upper,  r->lower, r->by_group, r->all_moved,
                         r->all_sunk, r->moved, r->sunk_group, r->sums,  r->weight, r->count, r->change,   r->moves};

    for (size_t i = 0; i < PT_COUNT(all); i++)
        free(all[i]);
}

static pt_rc iterate(run *r, pt_kmeans *m, double least_move, const pt_kmeans_options *o, pt_err *err)
{
    double *moves = pt_zalloc(r->k, sizeof *moves);
    size_t moved = 1;
    pt_rc rc = moves ? PT_OK : pt_fail_nomem(err, "clustering");

    m->iterations = 0;
    m->converged = false;
    while (rc == PT_OK && !m->converged && m->iterations < o->most_iterations) {
        if (o->cancelled && o->cancelled(o->cancel_context))
            rc = pt_fail(err, PT_ECANCELED, "learning was stopped");
        if (rc == PT_OK)
            rc = assign(r, &moved, err);
        if (rc != PT_OK)
            break;
        moved += fill_empty(r);
        double total = move_centres(r, moves);
        m->inertias[m->iterations++] = inertia_of_means(r);
        m->converged = moved == 0 || total <= least_move;
    }
    /* Rows are to be with the centres as they are now. */
    if (rc == PT_OK && moved > 0)
        rc = assign(r, &moved, err);
    free(moves);
    return rc;
}

typedef struct naming {
    const run *r;
    uint32_t *label;
} naming;

static pt_rc name_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    naming *n = arg;
    const run *r = n->r;
    size_t begin, end = pt_points_part(r->p, part, &begin);

    (void)worker, (void)err;
    if (r->panels == 1) /* their order stayed */
        for (size_t i = begin; i < end; i++)
            n->label[i] = r->label[i];
    else
        for (size_t i = begin; i < end; i++)
            n->label[i] = r->order[r->label[i]];
    return PT_OK;
}

/* From places to the numbers of the centres. */
static pt_rc hand_over(const run *r, pt_kmeans *m, pt_err *err)
{
    size_t columns = r->p->columns;
    naming n = {r, m->label};

    for (uint32_t j = 0; j < r->k; j++) {
        memcpy(m->centres + r->order[j] * columns, r->centres + j * columns, columns * sizeof *m->centres);
        m->sizes[r->order[j]] = r->count[j] > 0 ? r->weight[j] : 0;
    }
    return m->label ? pt_pool_run(r->p->pool, r->p->parts, name_part, &n, err) : PT_OK;
}

pt_rc pt_kmeans_iterate(pt_kmeans *m, const pt_points *p, const pt_kmeans_options *options, pt_err *err)
{
    run r;
    pt_rc rc = run_new(&r, m, p, options->plain);

    if (rc != PT_OK)
        pt_fail_nomem(err, "clustering");
    if (rc == PT_OK) {
        memset(r.label, 0xff, p->n * sizeof *r.label);
        order_centres(&r, m->centres);
        pt_kmeans_panels(r.panel, r.centres, r.k, p->columns);
    }
    if (rc == PT_OK)
        rc = iterate(&r, m, options->tolerance * p->variance, options, err);
    if (rc == PT_OK)
        rc = measure_inertia(&m->inertia, &r, err);
    if (rc == PT_OK)
        rc = hand_over(&r, m, err);
    run_free(&r);
    return rc;
}
