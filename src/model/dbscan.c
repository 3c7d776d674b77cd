#include "model/dbscan.h"

#include <math.h>
#include <stdlib.h>

#include "model/boxtree.h"

enum { LEAVES = 64 }; /* that a thread takes at a time */

typedef struct list {
    uint32_t *nodes;
    size_t n, cap;
} list;

typedef struct worker {
    list near;    /* leaves near the one that is looked at */
    float *point; /* columns */
} worker;

typedef struct run {
    const pt_dbscan_options *o;
    pt_boxtree t;
    uint32_t *leaves; /* nodes */
    size_t n_leaves;
    uint8_t *core;    /* by place */
    uint8_t *whole;   /* by node, of leaves: all core rows are known to be in one cluster */
    uint32_t *parent; /* by place: of the sets of places that are in one cluster; a root's is itself */
    const float *weight;
    pt_within within;
    double reach; /* squared eps and a little more: for boxes */
    worker *workers;
} run;

static void point_of(float *point, const pt_boxtree *t, size_t place)
{
    for (size_t c = 0; c < t->columns; c++)
        point[c] = t->x[c * t->stride + place];
}

/* Leaves within eps of a leaf. */
static pt_rc find_near(list *out, const run *r, size_t leaf, pt_err *err)
{
    uint32_t stack[512];
    size_t n = 0;
    list more = {0}; /* beyond the stack: trees of skewed data are deep */
    pt_rc rc = PT_OK;

    out->n = 0;
    stack[n++] = 0;
    while (rc == PT_OK && (n || more.n)) {
        uint32_t node = more.n ? more.nodes[--more.n] : stack[--n];
        if (pt_box_apart(&r->t, node, leaf) > r->reach)
            continue;
        if (!r->t.nodes[node].right) {
            if (!pt_grow(&out->nodes, &out->cap, out->n + 1, sizeof *out->nodes))
                rc = pt_fail_nomem(err, "clustering");
            else
                out->nodes[out->n++] = node;
            continue;
        }
        const uint32_t children[] = {r->t.nodes[node].right, node + 1};
        for (int i = 0; rc == PT_OK && i < 2; i++) {
            if (n < PT_COUNT(stack) && !more.n)
                stack[n++] = children[i];
            else if (pt_grow(&more.nodes, &more.cap, more.n + 1, sizeof *more.nodes))
                more.nodes[more.n++] = children[i];
            else
                rc = pt_fail_nomem(err, "clustering");
        }
    }
    free(more.nodes);
    return rc;
}

/* --- core rows ------------------------------------------------------------------------------------------------------------------- */

static double weight_of(const run *r, size_t begin, uint64_t bits)
{
    double sum = 0;

    if (!r->weight)
        return (double)__builtin_popcountll(bits);
    for (; bits; bits &= bits - 1)
        sum += (double)r->weight[r->t.order[begin + (size_t)__builtin_ctzll(bits)]];
    return sum;
}

/* Weight of the rows of a leaf within eps of a point. */
static double weight_near(const run *r, const float *point, size_t leaf)
{
    const pt_box_node *node = &r->t.nodes[leaf];
    double sum = 0;

    for (size_t at = node->begin; at < node->end; at += 64) {
        size_t n = node->end - at < 64 ? node->end - at : 64;
        sum += weight_of(r, at, pt_box_near(&r->t, point, at, n, &r->within));
    }
    return sum;
}

static double weight_of_leaf(const run *r, size_t leaf)
{
    const pt_box_node *node = &r->t.nodes[leaf];
    double sum = 0;

    if (!r->weight)
        return (double)(node->end - node->begin);
    for (size_t i = node->begin; i < node->end; i++)
        sum += (double)r->weight[r->t.order[i]];
    return sum;
}

static bool is_tight(const run *r, size_t leaf)
{
    return pt_box_diagonal(&r->t, leaf) <= r->within.squared;
}

static bool is_core(const run *r, const worker *w, size_t leaf, bool tight, double own)
{
    double sum = tight ? own : weight_near(r, w->point, leaf);

    for (size_t i = 0; i < w->near.n && sum < r->o->least; i++) {
        size_t node = w->near.nodes[i];
        if (node != leaf && pt_box_from(&r->t, w->point, node) <= r->reach)
            sum += weight_near(r, w->point, node);
    }
    return sum >= r->o->least;
}

static pt_rc core_of_leaf(run *r, worker *w, size_t leaf, pt_err *err)
{
    const pt_box_node *node = &r->t.nodes[leaf];
    bool tight = is_tight(r, leaf);
    double own = weight_of_leaf(r, leaf);

    if (tight && own >= r->o->least) {
        memset(r->core + node->begin, 1, node->end - node->begin);
        return PT_OK;
    }
    PT_TRY(find_near(&w->near, r, leaf, err));
    for (size_t i = node->begin; i < node->end; i++) {
        point_of(w->point, &r->t, i);
        r->core[i] = is_core(r, w, leaf, tight, own);
    }
    return PT_OK;
}

/* --- one cluster ----------------------------------------------------------------------------------------------------------------- */

/* Sets that threads join at the same time: a root is only ever linked below one of a lower place (compare and swap), so the sets
 * that come out do not depend on who was first (Jayanti, Tarjan 2016). */
static uint32_t root_of(run *r, uint32_t place)
{
    for (;;) {
        uint32_t up = __atomic_load_n(&r->parent[place], __ATOMIC_ACQUIRE);
        if (up == place)
            return place;
        uint32_t above = __atomic_load_n(&r->parent[up], __ATOMIC_ACQUIRE);
        if (above != up)
            __atomic_compare_exchange_n(&r->parent[place], &up, above, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
        place = above;
    }
}

static void join(run *r, uint32_t a, uint32_t b)
{
    for (;;) {
        a = root_of(r, a);
        b = root_of(r, b);
        if (a == b)
            return;
        uint32_t high = a > b ? a : b, low = a > b ? b : a, expected = high;
        if (__atomic_compare_exchange_n(&r->parent[high], &expected, low, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return;
    }
}

static uint64_t core_bits(const run *r, size_t begin, size_t n)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < n; i++)
        bits |= (uint64_t)r->core[begin + i] << i;
    return bits;
}

/* Joins a core row with those of a leaf within eps; whether there is one. Of a leaf that is whole one is enough. */
static bool join_leaf(run *r, const float *point, uint32_t place, size_t leaf, bool whole)
{
    const pt_box_node *node = &r->t.nodes[leaf];
    bool found = false;

    for (size_t at = node->begin; at < node->end; at += 64) {
        size_t n = node->end - at < 64 ? node->end - at : 64;
        uint64_t core = core_bits(r, at, n);
        uint64_t bits = core ? pt_box_near(&r->t, point, at, n, &r->within) & core : 0;
        for (; bits; bits &= bits - 1) {
            join(r, place, (uint32_t)(at + (size_t)__builtin_ctzll(bits)));
            found = true;
            if (whole)
                return true;
        }
    }
    return found;
}

/* The first core row of a leaf; its end when there is none. */
static uint32_t first_core(const run *r, size_t leaf)
{
    uint32_t at = r->t.nodes[leaf].begin;

    while (at < r->t.nodes[leaf].end && !r->core[at])
        at++;
    return at;
}

/* The core rows of a leaf among themselves. */
static pt_rc join_within(run *r, worker *w, size_t leaf, pt_err *err)
{
    uint32_t first = first_core(r, leaf), end = r->t.nodes[leaf].end;
    bool tight = is_tight(r, leaf), whole = true;

    (void)err;
    for (uint32_t i = first; i < end; i++) {
        if (r->core[i] && tight) {
            join(r, first, i);
        } else if (r->core[i]) {
            point_of(w->point, &r->t, i);
            join_leaf(r, w->point, i, leaf, false);
        }
    }
    for (uint32_t i = first; i < end; i++)
        whole = whole && (!r->core[i] || root_of(r, i) == root_of(r, first));
    r->whole[leaf] = whole;
    return PT_OK;
}

/* All pairs of a leaf and another one. Of a leaf that is whole one pair is enough. */
static void join_leaves(run *r, worker *w, size_t leaf, size_t other)
{
    const pt_box_node *node = &r->t.nodes[leaf];
    bool whole = r->whole[leaf], other_whole = r->whole[other];
    uint32_t mine = first_core(r, leaf), first = first_core(r, other);

    if (first == r->t.nodes[other].end || (whole && other_whole && root_of(r, mine) == root_of(r, first)))
        return;
    for (uint32_t i = mine; i < node->end; i++) {
        if (!r->core[i] || (other_whole && root_of(r, i) == root_of(r, first)))
            continue;
        point_of(w->point, &r->t, i);
        if (pt_box_from(&r->t, w->point, other) > r->reach)
            continue;
        if (join_leaf(r, w->point, i, other, other_whole) && whole && other_whole)
            return;
    }
}

static pt_rc join_near(run *r, worker *w, size_t leaf, pt_err *err)
{
    if (first_core(r, leaf) == r->t.nodes[leaf].end)
        return PT_OK;
    PT_TRY(find_near(&w->near, r, leaf, err));
    for (size_t i = 0; i < w->near.n; i++)
        if (w->near.nodes[i] > leaf)
            join_leaves(r, w, leaf, w->near.nodes[i]);
    return PT_OK;
}

/* --- rows that are not core -------------------------------------------------------------------------------------------------------- */

/* The place of the nearest core row within eps, of equally near ones that of the first row; UINT32_MAX for none. */
static uint32_t nearest_core(const run *r, const worker *w)
{
    uint32_t best = UINT32_MAX;
    double least = r->within.squared;

    for (size_t l = 0; l < w->near.n; l++) {
        const pt_box_node *node = &r->t.nodes[w->near.nodes[l]];
        if (pt_box_from(&r->t, w->point, w->near.nodes[l]) > r->reach)
            continue;
        for (size_t at = node->begin; at < node->end; at += 64) {
            size_t n = node->end - at < 64 ? node->end - at : 64;
            uint64_t bits = core_bits(r, at, n);
            bits = bits ? pt_box_near(&r->t, w->point, at, n, &r->within) & bits : 0;
            for (; bits; bits &= bits - 1) {
                uint32_t i = (uint32_t)(at + (size_t)__builtin_ctzll(bits));
                double d = pt_box_squared(&r->t, w->point, i);
                if (d < least || (d == least && (best == UINT32_MAX || r->t.order[i] < r->t.order[best]))) {
                    least = d;
                    best = i;
                }
            }
        }
    }
    return best;
}

/* Their parent becomes the core row they go with, or UINT32_MAX. Nobody looks for a root there. */
static pt_rc place_border(run *r, worker *w, size_t leaf, pt_err *err)
{
    const pt_box_node *node = &r->t.nodes[leaf];
    bool found = false;

    for (size_t i = node->begin; i < node->end; i++) {
        if (r->core[i])
            continue;
        if (!found)
            PT_TRY(find_near(&w->near, r, leaf, err));
        found = true;
        point_of(w->point, &r->t, i);
        r->parent[i] = nearest_core(r, w);
    }
    return PT_OK;
}

/* --- as a whole -------------------------------------------------------------------------------------------------------------------- */

typedef struct step {
    run *r;
    pt_rc (*of_leaf)(run *r, worker *w, size_t leaf, pt_err *err);
} step;

static pt_rc leaves_part(void *arg, size_t part, unsigned index, pt_err *err)
{
    step *s = arg;
    run *r = s->r;
    size_t end = (part + 1) * LEAVES < r->n_leaves ? (part + 1) * LEAVES : r->n_leaves;

    if (r->o->cancelled && r->o->cancelled(r->o->cancel_context))
        return pt_fail(err, PT_ECANCELED, "learning was stopped");
    for (size_t i = part * LEAVES; i < end; i++)
        PT_TRY(s->of_leaf(r, &r->workers[index], r->leaves[i], err));
    return PT_OK;
}

static pt_rc each_leaf(run *r, pt_rc (*of_leaf)(run *, worker *, size_t, pt_err *), pt_err *err)
{
    step s = {r, of_leaf};

    return pt_pool_run(r->o->pool, (r->n_leaves + LEAVES - 1) / LEAVES, leaves_part, &s, err);
}

static pt_rc list_leaves(run *r, pt_err *err)
{
    for (size_t i = 0; i < r->t.n_nodes; i++)
        r->n_leaves += !r->t.nodes[i].right;
    r->leaves = pt_alloc64(r->n_leaves, sizeof *r->leaves);
    if (!r->leaves)
        return pt_fail_nomem(err, "clustering");
    for (size_t i = 0, n = 0; i < r->t.n_nodes; i++)
        if (!r->t.nodes[i].right)
            r->leaves[n++] = (uint32_t)i;
    return PT_OK;
}

static pt_rc run_new(run *r, const pt_matrix *x, pt_err *err)
{
    PT_TRY(pt_boxtree_new(&r->t, x, r->o->eps, err));
    PT_TRY(list_leaves(r, err));
    r->core = pt_zalloc(x->rows, sizeof *r->core);
    r->parent = pt_alloc64(x->rows, sizeof *r->parent);
    r->workers = pt_zalloc(pt_pool_threads(r->o->pool), sizeof *r->workers);
    r->whole = pt_zalloc(r->t.n_nodes, sizeof *r->whole);
    if (!r->core || !r->parent || !r->workers || !r->whole)
        return pt_fail_nomem(err, "clustering");
    for (unsigned i = 0; i < pt_pool_threads(r->o->pool); i++) {
        r->workers[i].point = pt_zalloc(x->columns, sizeof(float));
        if (!r->workers[i].point)
            return pt_fail_nomem(err, "clustering");
    }
    for (size_t i = 0; i < x->rows; i++)
        r->parent[i] = (uint32_t)i;
    return PT_OK;
}

static void run_free(run *r)
{
    for (unsigned i = 0; r->workers && i < pt_pool_threads(r->o->pool); i++) {
        free(r->workers[i].near.nodes);
        free(r->workers[i].point);
    }
    free(r->workers);
    free(r->core);
    free(r->whole);
    free(r->parent);
    free(r->leaves);
    pt_boxtree_free(&r->t);
}

/* Clusters are numbered by their first core row. */
static pt_rc hand_over(pt_dbscan *out, run *r, pt_err *err)
{
    size_t n = r->t.n;
    uint32_t *number;

    /* Boxes and values are not needed any more: memory at most is what was taken so far. */
    free(r->t.x);
    free(r->t.boxes);
    free(r->t.nodes);
    r->t.x = r->t.boxes = NULL;
    r->t.nodes = NULL;
    out->label = pt_alloc64(n, sizeof *out->label);
    out->core = pt_zalloc(n, sizeof *out->core);
    if (!out->label || !out->core)
        return pt_fail_nomem(err, "clustering");
    /* What a row's label is before clusters have numbers: the place of its set's root. */
    for (size_t i = 0; i < n; i++) {
        bool none = !r->core[i] && r->parent[i] == UINT32_MAX;
        out->core[r->t.order[i]] = r->core[i];
        out->label[r->t.order[i]] = none ? PT_NOISE : root_of(r, r->core[i] ? (uint32_t)i : r->parent[i]);
    }
    number = r->parent; /* not needed any more */
    memset(number, 0xff, n * sizeof *number);
    for (size_t row = 0; row < n; row++)
        if (out->core[row] && number[out->label[row]] == UINT32_MAX)
            number[out->label[row]] = out->clusters++;
    for (size_t row = 0; row < n; row++)
        out->label[row] = out->label[row] == PT_NOISE ? PT_NOISE : number[out->label[row]];
    return PT_OK;
}

void pt_dbscan_free(pt_dbscan *d)
{
    free(d->label);
    free(d->core);
    *d = (pt_dbscan){0};
}

pt_rc pt_dbscan_fit(pt_dbscan *out, const pt_matrix *x, const float *weight, const pt_dbscan_options *options,
                    pt_err *err)
{
    run r = {.o = options, .weight = weight};

    *out = (pt_dbscan){0};
    if (x->rows == 0)
        return pt_fail(err, PT_EINVAL, "there are no customers to learn from");
    if (x->columns == 0)
        return pt_fail(err, PT_EINVAL, "there are no features to learn from");
    if (x->rows >= UINT32_MAX)
        return pt_fail(err, PT_EINVAL, "there are more rows than can be learned from");
    PT_ASSERT(options->eps > 0 && options->least > 0);
    r.within = pt_within_of(options->eps, x->columns);
    r.reach = r.within.squared * (1 + 1e-12);
    pt_rc rc = run_new(&r, x, err);
    if (rc == PT_OK)
        rc = each_leaf(&r, core_of_leaf, err);
    if (rc == PT_OK)
        rc = each_leaf(&r, join_within, err);
    if (rc == PT_OK)
        rc = each_leaf(&r, join_near, err);
    if (rc == PT_OK)
        rc = each_leaf(&r, place_border, err);
    if (rc == PT_OK)
        rc = hand_over(out, &r, err);
    run_free(&r);
    if (rc != PT_OK)
        pt_dbscan_free(out);
    return rc;
}

pt_rc pt_clusters_by_size(uint32_t *rank, const uint32_t *label, size_t rows, uint32_t clusters, pt_err *err)
{
    uint64_t *sizes = pt_zalloc((size_t)clusters + 1, sizeof *sizes);

    if (!sizes)
        return pt_fail_nomem(err, "clustering");
    for (size_t i = 0; i < rows; i++)
        sizes[label[i] == PT_NOISE ? clusters : label[i]]++;
    for (uint32_t a = 0; a < clusters; a++) {
        rank[a] = 0;
        for (uint32_t b = 0; b < clusters; b++)
            rank[a] += sizes[b] > sizes[a] || (sizes[b] == sizes[a] && b < a);
    }
    free(sizes);
    return PT_OK;
}
