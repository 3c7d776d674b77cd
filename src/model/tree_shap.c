/* Shapley values of trees. What is explained is the game of Lundberg and others (2020, "path-dependent"): a row's coalition of
 * columns is worth the mean over the ways that the others may take, by cover. Such a game is a sum over leaves of products over the
 * columns on the way, and the Shapley value of a product is an integral (Owen 1972): for a leaf of value v, with o 1 where the row
 * keeps to the way at a step and z the step's share of cover,
 *
 *     phi_i = v (o_i - z_i) * integral over t in [0, 1] of the product over j != i of (z_j (1 - t) + o_j t).
 *
 * The integrand is a polynomial whose degree is the steps less one: Gauss and Legendre's quadrature of half as many points is exact.
 * Nothing cancels, and 16 rows are done at once. */
#include <math.h>
#include <stdlib.h>

#include "model/examples.h"
#include "model/forest.h"
#include "model/tree_kernels.h"

enum {
    PART = 1024, /* rows of a task */
    MOST_POINTS = PT_FOREST_DEPTH / 2 + 1,
    FLUSH = 512 /* ways whose float sums are added up before they join the double sums */
};

/* The way to a leaf. */
typedef struct way {
    size_t first; /* of its steps */
    uint32_t n, output, leaf;
    float value; /* where the forest's width is 1 */
} way;

typedef struct shap {
    const pt_forest *f;
    const pt_matrix *x;
    float *out;
    uint32_t *used; /* the columns on the ways */
    uint32_t *place;
    size_t n_used;
    tree_step *steps;
    size_t n_steps, cap_steps;
    way *ways;
    size_t n_ways, cap_ways;
    double *base;              /* of each output: what no column adds */
    const uint32_t *explained; /* of each row, the output; NULL: the first */
    float points[MOST_POINTS + 1][MOST_POINTS], weights[MOST_POINTS + 1][MOST_POINTS]; /* of so many points */
} shap;

/* --- quadrature ------------------------------------------------------------------------------------------------------- */

/* The Legendre polynomial of degree n, and its derivative. */
static double legendre(double x, size_t n, double *slope)
{
    double last = 1, now = x;

    for (size_t k = 2; k <= n; k++) {
        double next = ((2 * (double)k - 1) * x * now - ((double)k - 1) * last) / (double)k;
        last = now;
        now = next;
    }
    *slope = (double)n * (x * now - last) / (x * x - 1);
    return now;
}

/* Points and weights over [0, 1]: the polynomial's zeros by Newton's method, from Tricomi's first guess. */
static void fill_points(float *points, float *weights, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double x = cos(3.14159265358979323846 * ((double)i + 0.75) / ((double)n + 0.5)), slope;
        for (int round = 0; round < 50; round++) {
            double change = legendre(x, n, &slope) / slope;
            x -= change;
            if (fabs(change) < 1e-15)
                break;
        }
        legendre(x, n, &slope);
        points[i] = (float)((1 - x) / 2);
        weights[i] = (float)(1 / ((1 - x * x) * slope * slope));
    }
}

static void fill_all_points(shap *s)
{
    s->points[1][0] = 0.5F;
    s->weights[1][0] = 1;
    for (size_t n = 2; n <= MOST_POINTS; n++)
        fill_points(s->points[n], s->weights[n], n);
}

/* --- ways ------------------------------------------------------------------------------------------------------------- */

static uint32_t place_of(shap *s, uint32_t column)
{
    if (!s->place[column]) {
        s->used[s->n_used] = column;
        s->place[column] = (uint32_t)++s->n_used;
    }
    return s->place[column] - 1;
}

/* Adds a split to the way: one that has the column already becomes narrower. */
static void narrow(tree_step *steps, uint32_t *n, uint32_t column, const pt_node *node, bool left, float share)
{
    bool missing = left == ((node->column & PT_NODE_MISSING_LEFT) != 0);
    uint32_t i = 0;

    while (i < *n && steps[i].column != column)
        i++;
    if (i == *n)
        steps[(*n)++] = (tree_step){-INFINITY, INFINITY, column, 1, 1};
    tree_step *s = &steps[i];
    if (left && node->split < s->high)
        s->high = node->split;
    if (!left && node->split > s->low)
        s->low = node->split;
    s->missing = s->missing && missing;
    s->share *= share;
}

typedef struct place {
    uint32_t node, n; /* steps so far */
    tree_step steps[PT_FOREST_DEPTH];
} place;

static pt_rc add_way(shap *s, const place *at, uint32_t tree, pt_err *err)
{
    const pt_forest *f = s->f;
    uint32_t node = f->first[tree] + at->node;
    uint32_t output = f->link == PT_LINK_SOFTMAX ? tree % f->outputs : 0;
    double all = 1;

    for (uint32_t i = 0; i < at->n; i++)
        all *= (double)at->steps[i].share;
    for (uint32_t k = 0; k < f->width; k++)
        s->base[f->width > 1 ? k : output] +=
            all * (double)(f->width > 1 ? f->leaves[(size_t)f->leaf[node] * f->width + k] : f->nodes[node].value);
    if (at->n == 0)
        return PT_OK;
    if (!pt_grow(&s->steps, &s->cap_steps, s->n_steps + at->n, sizeof *s->steps) ||
        !pt_grow(&s->ways, &s->cap_ways, s->n_ways + 1, sizeof *s->ways))
        return pt_fail_nomem(err, "explaining trees");
    memcpy(s->steps + s->n_steps, at->steps, at->n * sizeof *s->steps);
    s->ways[s->n_ways++] = (way){s->n_steps, at->n, output, f->width > 1 ? f->leaf[node] : 0, f->nodes[node].value};
    s->n_steps += at->n;
    return PT_OK;
}

/* Left first, so that the stack holds at most one node a level. */
static pt_rc add_tree(shap *s, uint32_t tree, place *stack, pt_err *err)
{
    const pt_node *nodes = s->f->nodes + s->f->first[tree];
    const float *cover = s->f->cover + s->f->first[tree];
    size_t n = 1;

    stack[0].node = 0;
    stack[0].n = 0;
    while (n) {
        place *right = &stack[n - 1], *left = &stack[n];
        uint32_t at = right->node;
        if (pt_node_is_leaf(nodes, at)) {
            PT_TRY(add_way(s, right, tree, err));
            n--;
            continue;
        }
        uint32_t column = place_of(s, pt_node_column(&nodes[at])), child = nodes[at].left;
        float all = cover[child] + cover[child + 1];
        *left = *right;
        right->node = child + 1;
        left->node = child;
        narrow(right->steps, &right->n, column, &nodes[at], false, cover[child + 1] / all);
        narrow(left->steps, &left->n, column, &nodes[at], true, cover[child] / all);
        n++;
    }
    return PT_OK;
}

static pt_rc add_ways(shap *s, pt_err *err)
{
    const pt_forest *f = s->f;
    place *stack = pt_zalloc(PT_FOREST_DEPTH + 2, sizeof *stack);
    pt_rc rc = PT_OK;

    s->used = pt_zalloc(2 * (size_t)f->columns, sizeof *s->used);
    s->base = pt_zalloc(f->outputs, sizeof *s->base);
    if (!stack || !s->used || !s->base)
        rc = pt_fail_nomem(err, "explaining trees");
    else
        s->place = s->used + f->columns;
    for (uint32_t k = 0; rc == PT_OK && k < f->outputs; k++)
        s->base[k] = (double)f->base;
    for (uint32_t t = 0; rc == PT_OK && t < f->n_trees; t++)
        rc = add_tree(s, t, stack, err);
    free(stack);
    return rc;
}

/* --- rows ------------------------------------------------------------------------------------------------------------- */

typedef struct room {
    float *values, *sums; /* a used column: TREE_LANES rows */
    double *all;
} room;

static void gather(const shap *s, const room *m, const size_t *rows, size_t n)
{
    for (size_t u = 0; u < s->n_used; u++) {
        const float *column = pt_matrix_column(s->x, s->used[u]);
        for (size_t i = 0; i < TREE_LANES; i++)
            m->values[u * TREE_LANES + i] = i < n ? column[rows[i]] : NAN;
    }
}

static void flush(const shap *s, const room *m)
{
    for (size_t i = 0; i < s->n_used * TREE_LANES; i++) {
        m->all[i] += (double)m->sums[i];
        m->sums[i] = 0;
    }
}

/* At most TREE_LANES rows, of one output. */
static void explain_rows(const shap *s, const room *m, const size_t *rows, size_t n, uint32_t output)
{
    const pt_forest *f = s->f;
    const tree_kernels *kernels = tree_kernels_best();
    size_t width = (size_t)f->columns + 1;

    gather(s, m, rows, n);
    memset(m->sums, 0, s->n_used * TREE_LANES * sizeof *m->sums);
    memset(m->all, 0, s->n_used * TREE_LANES * sizeof *m->all);
    for (size_t w = 0; w < s->n_ways; w++) {
        const way *a = &s->ways[w];
        size_t points = (a->n + 1) / 2;
        if (f->link == PT_LINK_SOFTMAX && a->output != output)
            continue;
        float value = f->width > 1 ? f->leaves[(size_t)a->leaf * f->width + output] : a->value;
        kernels->shares(m->sums, m->values, s->steps + a->first, a->n, value, s->points[points], s->weights[points],
                        points);
        if (w % FLUSH == FLUSH - 1)
            flush(s, m);
    }
    flush(s, m);
    for (size_t i = 0; i < n; i++) {
        float *to = s->out + rows[i] * width;
        memset(to, 0, width * sizeof *to);
        for (size_t u = 0; u < s->n_used; u++)
            to[s->used[u]] = (float)m->all[u * TREE_LANES + i];
        to[f->columns] = (float)s->base[output];
    }
}

static pt_rc explain_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    const shap *s = arg;
    size_t from = part * PART, end = from + PART < s->x->rows ? from + PART : s->x->rows;
    size_t lanes = (s->n_used + 1) * TREE_LANES;
    room m = {pt_alloc64(2 * lanes, sizeof *m.values), NULL, pt_alloc64(lanes, sizeof *m.all)};
    uint32_t outputs = s->explained ? s->f->outputs : 1;

    (void)worker;
    m.sums = m.values ? m.values + lanes : NULL;
    for (uint32_t k = 0; m.values && m.all && k < outputs; k++) {
        size_t rows[TREE_LANES], n = 0;
        for (size_t r = from; r < end; r++) {
            if (s->explained && s->explained[r] != k)
                continue;
            rows[n++] = r;
            if (n == TREE_LANES) {
                explain_rows(s, &m, rows, n, k);
                n = 0;
            }
        }
        if (n)
            explain_rows(s, &m, rows, n, k);
    }
    bool able = m.values && m.all;
    free(m.values);
    free(m.all);
    return able ? PT_OK : pt_fail_nomem(err, "explaining trees");
}

/* The output that each row scores highest. */
static pt_rc find_highest(uint32_t **out, const shap *s, pt_pool *pool, pt_err *err)
{
    size_t outputs = s->f->outputs, rows = s->x->rows;
    float *scores = pt_alloc64(rows * outputs + 1, sizeof *scores);

    *out = pt_zalloc(rows + 1, sizeof **out);
    pt_rc rc =
        scores && *out ? pt_forest_scores(scores, s->f, s->x, pool, err) : pt_fail_nomem(err, "explaining trees");
    for (size_t r = 0; rc == PT_OK && r < rows; r++)
        for (uint32_t k = 1; k < outputs; k++)
            if (scores[r * outputs + k] > scores[r * outputs + (*out)[r]])
                (*out)[r] = k;
    free(scores);
    return rc;
}

pt_rc pt_forest_contributions(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    shap *s = pt_zalloc(1, sizeof *s);
    uint32_t *explained = NULL;

    if (!s)
        return pt_fail_nomem(err, "explaining trees");
    s->f = model;
    s->x = x;
    s->out = out;
    fill_all_points(s);
    pt_rc rc = pt_matrix_check(x, s->f->columns, PT_TAKES_MISSING, err);
    if (rc == PT_OK)
        rc = add_ways(s, err);
    if (rc == PT_OK && s->f->outputs > 2)
        rc = find_highest(&explained, s, pool, err);
    s->explained = explained;
    if (rc == PT_OK)
        rc = pt_pool_run(pool, (x->rows + PART - 1) / PART, explain_part, s, err);
    free(explained);
    free(s->used);
    free(s->base);
    free(s->steps);
    free(s->ways);
    free(s);
    return rc;
}
