/* Sequential minimal optimisation in rounds. A round takes the variables that violate the optimality conditions most, computes the
 * kernel between them, moves pairs of them (second-order choice: Fan, Chen, Lin 2005) until they are at peace, and then tells
 * all points at once what has changed: each changed variable is a row of kernel values met with all points, block by
 * block, summed as it is computed. No row is ever stored, so nothing is read from memory but the points; libsvm's loop, one pair at
 * a time over all points, waits for memory instead. Keeping half of the variables from round to round is Zanghirati and Zanni's
 * (2003) way out of zigzags. */
#include "model/smo.h"

#include <math.h>
#include <stdlib.h>

#include "base/compare.h"

enum { WORKING = 2048, STEPS_PER_VARIABLE = 200, BLOCKS_PER_PART = 8 };

static const double inner_share = 0.05; /* of the violation a round begins with, down to which it goes */

typedef struct solver {
    const pt_smo *p;
    const pt_row_kernels *loops;
    double *sums;       /* blocks * 16: sum of weight * K at each point */
    double *alpha;      /* n */
    double most, least; /* the worst upward and downward scores */
    size_t working;
    uint32_t *chosen, *before; /* variables of this round and the last */
    size_t n_chosen, n_before;
    unsigned char *is_chosen;     /* n */
    struct candidate *candidates; /* n */
    /* of the round, each for `working` variables */
    float *values, *diagonal;
    double *score, *up, *low, *old;
    pt_blocks own; /* the chosen */
    uint32_t *row_points;
    double *factors;
    pt_support rows;
    pt_smo_counts counts;
} solver;

typedef struct candidate {
    double key;
    uint32_t variable;
} candidate;

static uint32_t point_of(const pt_smo *p, size_t variable)
{
    return p->point ? p->point[variable] : (uint32_t)variable;
}

static double score_of(const solver *s, size_t variable)
{
    return s->p->base[variable] - s->sums[point_of(s->p, variable)];
}

/* Whether sign * alpha may rise; may fall. */
static bool may_rise(const solver *s, size_t v)
{
    return s->p->sign[v] > 0 ? s->alpha[v] < s->p->upper[v] : s->alpha[v] > 0;
}

static bool may_fall(const solver *s, size_t v)
{
    return s->p->sign[v] > 0 ? s->alpha[v] > 0 : s->alpha[v] < s->p->upper[v];
}

static void look(solver *s)
{
    s->most = -INFINITY;
    s->least = INFINITY;
    for (size_t v = 0; v < s->p->n; v++) {
        double score = score_of(s, v);
        if (may_rise(s, v))
            s->most = fmax(s->most, score);
        if (may_fall(s, v))
            s->least = fmin(s->least, score);
    }
}

/* --- which variables ---------------------------------------------------------------------------------------------- */

static bool before(const candidate *a, const candidate *b)
{
    return a->key > b->key || (a->key == b->key && a->variable < b->variable);
}

/* Brings the `top` candidates that come first to the front, in any order (Hoare's FIND). 0 < top < n. */
static void select_top(candidate *c, size_t n, size_t top)
{
    ptrdiff_t left = 0, right = (ptrdiff_t)n - 1, k = (ptrdiff_t)top - 1;

    while (left < right) {
        candidate pivot = c[k];
        ptrdiff_t i = left, j = right;
        while (i <= j) {
            while (before(&c[i], &pivot))
                i++;
            while (before(&pivot, &c[j]))
                j--;
            if (i <= j) {
                candidate t = c[i];
                c[i++] = c[j];
                c[j--] = t;
            }
        }
        if (j < k)
            left = i;
        if (k < i)
            right = j;
    }
}

static void choose(solver *s, uint32_t variable)
{
    if (s->is_chosen[variable] || s->n_chosen == s->working)
        return;
    s->is_chosen[variable] = 1;
    s->chosen[s->n_chosen++] = variable;
}

/* The `most` worst violators of one side. */
static void choose_side(solver *s, bool rising, size_t most)
{
    size_t n = 0;

    for (size_t v = 0; v < s->p->n; v++) {
        double score = score_of(s, v);
        if (rising ? may_rise(s, v) && score > s->least : may_fall(s, v) && score < s->most)
            s->candidates[n++] = (candidate){rising ? score : -score, (uint32_t)v};
    }
    if (n > most)
        select_top(s->candidates, n, most);
    for (size_t i = 0; i < n && i < most; i++)
        choose(s, s->candidates[i].variable);
}

/* The worst violators of both sides, then those of the last round: first the free ones. */
static void choose_all(solver *s)
{
    size_t fresh = s->n_before ? s->working / 2 : s->working;
    uint32_t *t = s->before;

    s->before = s->chosen;
    s->chosen = t;
    s->n_before = s->n_chosen;
    s->n_chosen = 0;
    memset(s->is_chosen, 0, s->p->n);
    choose_side(s, true, fresh / 2);
    choose_side(s, false, fresh / 2);
    for (int bound = 0; bound < 2; bound++)
        for (size_t i = 0; i < s->n_before; i++) {
            bool is_free = may_rise(s, s->before[i]) && may_fall(s, s->before[i]);
            if (is_free == !bound)
                choose(s, s->before[i]);
        }
    qsort(s->chosen, s->n_chosen, sizeof *s->chosen, pt_compare_u32);
}

/* --- a round ------------------------------------------------------------------------------------------------------ */

static void set_limits(solver *s, size_t a)
{
    s->up[a] = may_rise(s, s->chosen[a]) ? 0 : -INFINITY;
    s->low[a] = may_fall(s, s->chosen[a]) ? 0 : INFINITY;
}

static pt_rc round_values(void *arg, size_t block, unsigned worker, pt_err *err)
{
    solver *s = arg;

    (void)worker;
    (void)err;
    s->loops->values(s->values + block * PT_KERNEL_LANES, s->working, s->p->kernel, &s->own, block, &s->rows);
    return PT_OK;
}

/* The chosen points side by side. */
static void copy_points(solver *s)
{
    const pt_blocks *p = s->p->points;

    s->own.n = s->n_chosen;
    s->own.blocks = (s->n_chosen + PT_KERNEL_LANES - 1) / PT_KERNEL_LANES;
    memset(s->own.values, 0, s->own.blocks * PT_KERNEL_LANES * p->columns * sizeof(float));
    for (size_t a = 0; a < s->n_chosen; a++) {
        size_t r = s->row_points[a];
        const float *from = p->values + r / PT_KERNEL_LANES * p->columns * PT_KERNEL_LANES + r % PT_KERNEL_LANES;
        float *to = s->own.values + a / PT_KERNEL_LANES * p->columns * PT_KERNEL_LANES + a % PT_KERNEL_LANES;
        for (size_t c = 0; c < p->columns; c++)
            to[c * PT_KERNEL_LANES] = from[c * PT_KERNEL_LANES];
        s->own.norms[a] = p->norms[r];
    }
}

/* Scores, limits and kernel values of the chosen. */
static pt_rc begin_round(solver *s, pt_err *err)
{
    size_t padded = (s->n_chosen + PT_KERNEL_LANES - 1) / PT_KERNEL_LANES * PT_KERNEL_LANES;

    for (size_t a = 0; a < padded; a++) {
        bool is = a < s->n_chosen;
        s->row_points[a] = is ? point_of(s->p, s->chosen[a]) : 0;
        s->score[a] = is ? score_of(s, s->chosen[a]) : 0;
        s->old[a] = is ? s->alpha[s->chosen[a]] : 0;
        s->up[a] = -INFINITY;
        s->low[a] = INFINITY;
        s->diagonal[a] = is ? pt_kernel_self(s->p->kernel, s->p->points, s->row_points[a]) : 0;
        if (is)
            set_limits(s, a);
    }
    copy_points(s);
    pt_support_pick(&s->rows, s->p->points, s->row_points, s->n_chosen);
    return pt_pool_run(s->p->pool, padded / PT_KERNEL_LANES, round_values, s, err);
}

/* How far sign * alpha can rise (fall). */
static double room(const solver *s, size_t a, bool rising)
{
    size_t v = s->chosen[a];

    return rising == (s->p->sign[v] > 0) ? s->p->upper[v] - s->alpha[v] : s->alpha[v];
}

/* Raises (lowers) sign * alpha; where that takes all the room, exactly to the bound. */
static void shift(solver *s, size_t a, double by, bool rising)
{
    size_t v = s->chosen[a];
    bool grows = rising == (s->p->sign[v] > 0);

    if (by >= room(s, a, rising))
        s->alpha[v] = grows ? s->p->upper[v] : 0;
    else
        s->alpha[v] += grows ? by : -by;
    set_limits(s, a);
}

static double curvature(const pt_pair_state *q, uint32_t i, uint32_t j)
{
    double a = (double)q->diagonal[i] + q->diagonal[j] - 2.0 * q->values[i * q->stride + j];

    return fmax(a, 1e-12);
}

/* Moves pairs until no pair of the chosen violates by more than the tolerance. */
static void move_pairs(solver *s, double tolerance)
{
    size_t padded = (s->n_chosen + PT_KERNEL_LANES - 1) / PT_KERNEL_LANES * PT_KERNEL_LANES;
    pt_pair_state q = {s->score, s->up, s->low, s->values, padded, s->working, s->diagonal};
    pt_pair_ends ends = s->loops->move(&q, 0, 0, 0);
    size_t most = s->n_chosen * STEPS_PER_VARIABLE;

    for (size_t step = 0; step < most && ends.most - ends.least >= tolerance; step++) {
        uint32_t i = ends.at, j = s->loops->second(&q, i);
        if (j == UINT32_MAX)
            return;
        double by = (s->score[i] - s->score[j]) / curvature(&q, i, j);
        by = fmin(by, fmin(room(s, i, true), room(s, j, false)));
        shift(s, i, by, true);
        shift(s, j, by, false);
        ends = s->loops->move(&q, i, j, by);
        s->counts.steps++;
    }
}

static pt_rc spread_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    solver *s = arg;
    const pt_blocks *p = s->p->points;
    size_t end = (part + 1) * BLOCKS_PER_PART;

    (void)worker;
    (void)err;
    for (size_t b = part * BLOCKS_PER_PART; b < end && b < p->blocks; b++)
        s->loops->add(s->sums + b * PT_KERNEL_LANES, s->p->kernel, p, b, &s->rows, s->factors);
    return PT_OK;
}

/* Tells all points what has changed. */
static pt_rc spread(solver *s, pt_err *err)
{
    size_t n = 0, parts = (s->p->points->blocks + BLOCKS_PER_PART - 1) / BLOCKS_PER_PART;

    for (size_t a = 0; a < s->n_chosen; a++) {
        size_t v = s->chosen[a];
        double by = s->p->sign[v] * (s->alpha[v] - s->old[a]);
        if (by == 0)
            continue;
        s->row_points[n] = point_of(s->p, v);
        s->factors[n++] = by;
    }
    if (n == 0)
        return PT_OK;
    pt_support_pick(&s->rows, s->p->points, s->row_points, n);
    for (size_t i = n; i < s->rows.groups * PT_KERNEL_GROUP; i++)
        s->factors[i] = 0;
    s->counts.rows += n;
    return pt_pool_run(s->p->pool, parts, spread_part, s, err);
}

static pt_rc one_round(solver *s, pt_err *err)
{
    const pt_smo *p = s->p;

    if (p->cancelled && p->cancelled(p->cancel_context))
        return pt_fail(err, PT_ECANCELED, "learning was stopped");
    s->counts.rounds++;
    choose_all(s);
    PT_TRY(begin_round(s, err));
    move_pairs(s, fmax(p->tolerance * 0.5, inner_share * (s->most - s->least)));
    return spread(s, err);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

/* Where free variables put the line between the classes, on average; without any, the middle of where it may be. */
static double bias_of(const solver *s)
{
    double sum = 0, low = -INFINITY, high = INFINITY;
    size_t n = 0;

    for (size_t v = 0; v < s->p->n; v++) {
        double score = score_of(s, v);
        bool rises = may_rise(s, v), falls = may_fall(s, v);
        if (rises && falls) {
            sum += score;
            n++;
        } else if (rises)
            low = fmax(low, score);
        else if (falls)
            high = fmin(high, score);
    }
    if (n)
        return sum / (double)n;
    if (isinf(low) || isinf(high))
        return isinf(low) ? (isinf(high) ? 0 : high) : low;
    return (low + high) / 2;
}

static size_t round_up(size_t n, size_t to)
{
    return (n + to - 1) / to * to;
}

static bool make_room(solver *s)
{
    const pt_smo *p = s->p;
    size_t q = p->working ? p->working : WORKING;

    s->working = q = round_up(q < p->n ? q : p->n, PT_KERNEL_LANES);
    s->sums = pt_zalloc(p->points->blocks * PT_KERNEL_LANES, sizeof *s->sums);
    s->alpha = pt_zalloc(p->n, sizeof *s->alpha);
    s->chosen = pt_zalloc(q, sizeof *s->chosen);
    s->before = pt_zalloc(q, sizeof *s->before);
    s->is_chosen = pt_zalloc(p->n, 1);
    s->candidates = pt_zalloc(p->n, sizeof *s->candidates);
    s->values = pt_alloc64(q * q, sizeof *s->values);
    s->own = (pt_blocks){.columns = p->points->columns,
                         .values = pt_alloc64(q * p->points->columns, sizeof(float)),
                         .norms = pt_zalloc(q, sizeof(float))};
    s->diagonal = pt_zalloc(q, sizeof *s->diagonal);
    s->score = pt_zalloc(q, sizeof *s->score);
    s->up = pt_zalloc(q, sizeof *s->up);
    s->low = pt_zalloc(q, sizeof *s->low);
    s->old = pt_zalloc(q, sizeof *s->old);
    s->row_points = pt_zalloc(q, sizeof *s->row_points);
    s->factors = pt_zalloc(q, sizeof *s->factors);
    return s->sums && s->alpha && s->chosen && s->before && s->is_chosen && s->candidates && s->values &&
           s->own.values && s->own.norms && s->diagonal && s->score && s->up && s->low && s->old && s->row_points &&
           s->factors && pt_support_new(&s->rows, q, p->points->columns, NULL) == PT_OK;
}

static void close_solver(solver *s)
{
    free(s->sums);
    free(s->alpha);
    free(s->chosen);
    free(s->before);
    free(s->is_chosen);
    free(s->candidates);
    free(s->values);
    free(s->diagonal);
    free(s->score);
    free(s->up);
    free(s->low);
    free(s->old);
    free(s->row_points);
    free(s->factors);
    pt_support_free(&s->rows);
    pt_blocks_free(&s->own);
}

static pt_rc run(solver *s, pt_err *err)
{
    size_t most = 1000 + s->p->n; /* rounds; reached by nothing that converges */

    for (size_t round = 0; round < most; round++) {
        look(s);
        if (s->most - s->least < s->p->tolerance)
            return PT_OK;
        PT_TRY(one_round(s, err));
    }
    return PT_OK;
}

pt_rc pt_smo_solve(double *weight, double *bias, double *alpha, pt_smo_counts *counts, const pt_smo *problem,
                   pt_err *err)
{
    solver s = {.p = problem, .loops = problem->loops ? problem->loops : pt_row_kernels_best()};
    pt_rc rc = make_room(&s) ? run(&s, err) : pt_fail_nomem(err, "support vectors");

    if (rc == PT_OK) {
        memset(weight, 0, problem->points->n * sizeof *weight);
        for (size_t v = 0; v < problem->n; v++)
            weight[point_of(problem, v)] += problem->sign[v] * s.alpha[v];
        *bias = bias_of(&s);
        if (alpha)
            memcpy(alpha, s.alpha, problem->n * sizeof *alpha);
        if (counts)
            *counts = s.counts;
    }
    close_solver(&s);
    return rc;
}
