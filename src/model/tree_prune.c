/* Cost-complexity pruning (Breiman, Friedman, Olshen, Stone 1984, chapter 3): a subtree is worth its leaves while what it takes
 * off the impurity is more than a price for each leaf. As the price rises, nodes become leaves one after the other, weakest first. */
#include <math.h>
#include <stdlib.h>

#include "model/tree_int.h"

typedef struct link {
    double strength; /* the fall of impurity below a node, for each leaf more than one */
    uint32_t node;
} link;

typedef struct pruner {
    const tree_grown *g;
    uint32_t *parent, *leaves;
    double *gain; /* below a node */
    link *heap;   /* weakest first; strengths may have risen since */
    size_t n;
} pruner;

static bool weaker(const link *a, const link *b)
{
    return a->strength < b->strength || (a->strength == b->strength && a->node > b->node);
}

static void sift_down(pruner *p, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < p->n; at = child) {
        if (child + 1 < p->n && weaker(&p->heap[child + 1], &p->heap[child]))
            child++;
        if (!weaker(&p->heap[child], &p->heap[at]))
            return;
        link swap = p->heap[at];
        p->heap[at] = p->heap[child];
        p->heap[child] = swap;
    }
}

static double strength_of(const pruner *p, uint32_t node)
{
    return p->gain[node] / (double)(p->leaves[node] - 1);
}

/* Sums from the leaves up; children come after their parents. */
static void measure(pruner *p)
{
    const tree_node *nodes = p->g->nodes;

    for (size_t i = p->g->n; i-- > 0;) {
        p->leaves[i] = 1;
        p->gain[i] = 0;
        if (!nodes[i].left)
            continue;
        p->leaves[i] = p->leaves[nodes[i].left] + p->leaves[nodes[i].right];
        p->gain[i] = nodes[i].gain + p->gain[nodes[i].left] + p->gain[nodes[i].right];
        p->parent[nodes[i].left] = p->parent[nodes[i].right] = (uint32_t)i;
    }
    for (size_t i = 0; i < p->g->n; i++)
        if (nodes[i].left)
            p->heap[p->n++] = (link){strength_of(p, (uint32_t)i), (uint32_t)i};
    for (size_t i = p->n / 2; i-- > 0;)
        sift_down(p, i);
}

static void collapse(pruner *p, uint32_t node)
{
    double gain = p->gain[node];
    uint32_t leaves = p->leaves[node] - 1;

    for (uint32_t at = node;; at = p->parent[at]) {
        p->gain[at] -= gain;
        p->leaves[at] -= leaves;
        if (at == 0)
            return;
    }
}

/* Whether an ancestor became a leaf before. */
static bool is_gone(const pruner *p, const tree_path *path, uint32_t node)
{
    while (node != 0) {
        node = p->parent[node];
        if (path->cut[node] < INFINITY)
            return true;
    }
    return false;
}

static void walk(pruner *p, tree_path *path, double weight)
{
    double price = 0;

    path->price[0] = 0;
    path->leaves[0] = p->leaves[0];
    path->steps = 1;
    while (p->n) {
        link weakest = p->heap[0];
        double now = p->leaves[weakest.node] > 1 ? strength_of(p, weakest.node) : -1;
        if (path->cut[weakest.node] < INFINITY || is_gone(p, path, weakest.node)) {
            p->heap[0] = p->heap[--p->n];
        } else if (now > weakest.strength) {
            p->heap[0].strength = now;
        } else {
            price = now / weight > price ? now / weight : price;
            path->cut[weakest.node] = price;
            collapse(p, weakest.node);
            path->steps += path->price[path->steps - 1] < price;
            path->price[path->steps - 1] = price;
            path->leaves[path->steps - 1] = p->leaves[0];
            p->heap[0] = p->heap[--p->n];
        }
        sift_down(p, 0);
    }
}

pt_rc tree_path_new(tree_path *out, const tree_grown *g, double weight, pt_err *err)
{
    pruner p = {.g = g};
    size_t n = g->n + 1;

    *out = (tree_path){pt_zalloc(n, sizeof *out->cut), pt_zalloc(n, sizeof *out->price),
                       pt_zalloc(n, sizeof *out->leaves), 0};
    p.parent = pt_zalloc(2 * n, sizeof *p.parent);
    p.gain = pt_zalloc(n, sizeof *p.gain);
    p.heap = pt_zalloc(n, sizeof *p.heap);
    bool able = out->cut && out->price && out->leaves && p.parent && p.gain && p.heap;
    if (able) {
        p.leaves = p.parent + n;
        for (size_t i = 0; i < g->n; i++)
            out->cut[i] = INFINITY;
        measure(&p);
        walk(&p, out, weight);
    } else {
        tree_path_free(out);
    }
    free(p.parent);
    free(p.gain);
    free(p.heap);
    return able ? PT_OK : pt_fail_nomem(err, "pruning a tree");
}

void tree_path_free(tree_path *p)
{
    free(p->cut);
    free(p->price);
    free(p->leaves);
    *p = (tree_path){0};
}

double tree_price_for(const tree_path *p, uint32_t leaves)
{
    size_t i = 0;

    while (i + 1 < p->steps && p->leaves[i] > leaves)
        i++;
    return p->price[i];
}

/* --- what the subtrees are worth on other rows ----------------------------------------------------------------------- */

typedef struct event {
    double price, change;
} event;

static int by_price(const void *a, const void *b)
{
    const event *x = a, *y = b;

    if (x->price != y->price)
        return x->price < y->price ? -1 : 1;
    return (x->change > y->change) - (x->change < y->change);
}

/* Node i is a leaf from its cut on, until an ancestor is one: then its loss counts. */
static size_t make_events(event *events, const tree_grown *g, const tree_path *p, const double *losses, double *until)
{
    size_t n = 0;

    until[0] = INFINITY;
    for (size_t i = 0; i < g->n; i++) {
        double from = g->nodes[i].left ? p->cut[i] : 0;
        if (from < until[i]) {
            events[n++] = (event){from, losses[i]};
            if (until[i] < INFINITY)
                events[n++] = (event){until[i], -losses[i]};
        }
        double bound = g->nodes[i].left && p->cut[i] < until[i] ? p->cut[i] : until[i];
        if (g->nodes[i].left)
            until[g->nodes[i].left] = until[g->nodes[i].right] = bound;
    }
    qsort(events, n, sizeof *events, by_price);
    return n;
}

pt_rc tree_losses(double *out, const double *prices, size_t n, const tree_grown *g, const tree_path *p,
                  const double *losses, pt_err *err)
{
    event *events = pt_zalloc(2 * g->n, sizeof *events);
    double *until = pt_zalloc(g->n, sizeof *until), sum = 0;

    if (events && until) {
        size_t m = make_events(events, g, p, losses, until), at = 0;
        for (size_t i = 0; i < n; i++) {
            while (at < m && events[at].price <= prices[i])
                sum += events[at++].change;
            out[i] += sum;
        }
    }
    bool able = events && until;
    free(events);
    free(until);
    return able ? PT_OK : pt_fail_nomem(err, "pruning a tree");
}

/* --- what is left ----------------------------------------------------------------------------------------------------- */

static void put_leaf(pt_forest *f, size_t at, uint32_t *leaves, const tree_grown *g, const tree_rows *r, size_t node)
{
    f->nodes[at] = (pt_node){INFINITY, PT_NODE_MISSING_LEFT, (uint32_t)at, 0};
    if (f->width == 1) {
        tree_node_values(&f->nodes[at].value, g, r, node);
        return;
    }
    tree_node_values(f->leaves + (size_t)*leaves * f->width, g, r, node);
    f->leaf[at] = (*leaves)++;
}

/* Level by level; *order says which node lies where. */
static void put_nodes(pt_forest *f, uint32_t *order, const tree_grown *g, const tree_path *p, double price,
                      const tree_rows *r)
{
    uint32_t next = 1, leaves = 0;
    uint8_t *depth = &f->depth[0];
    uint32_t level_end = 1;

    order[0] = 0;
    for (uint32_t at = 0; at < f->n_nodes; at++) {
        const tree_node *n = &g->nodes[order[at]];
        if (at == level_end) {
            level_end = next;
            ++*depth;
        }
        f->cover[at] = (float)((double)tree_node_sums(g, order[at]).weight * r->weight_unit);
        if (!n->left || p->cut[order[at]] <= price) {
            put_leaf(f, at, &leaves, g, r, order[at]);
            continue;
        }
        f->nodes[at] = (pt_node){n->split, n->column | (n->missing_left ? PT_NODE_MISSING_LEFT : 0), next, 0};
        f->importance[n->column] += n->gain;
        order[next++] = n->left;
        order[next++] = n->right;
    }
}

static uint32_t leaves_at(const tree_path *p, double price)
{
    size_t i = 0;

    while (i + 1 < p->steps && p->price[i + 1] <= price)
        i++;
    return p->leaves[i];
}

pt_rc tree_forest(pt_forest **out, const tree_grown *g, const tree_path *p, double price, const tree_rows *r,
                  pt_err *err)
{
    uint32_t leaves = leaves_at(p, price);
    pt_forest shape = {.link = r->classes ? PT_LINK_SHARE : PT_LINK_VALUE,
                       .columns = r->columns,
                       .outputs = r->classes ? r->classes : 1,
                       .width = (uint32_t)tree_width(r),
                       .n_trees = 1,
                       .n_nodes = 2 * leaves - 1,
                       .n_leaves = r->kind == TREE_CLASSES ? leaves : 0};
    uint32_t *order = pt_zalloc(shape.n_nodes, sizeof *order);
    pt_rc rc = order ? pt_forest_new(out, &shape, err) : pt_fail_nomem(err, "a tree");

    if (rc == PT_OK) {
        (*out)->first[1] = shape.n_nodes;
        put_nodes(*out, order, g, p, price, r);
        pt_forest_scale_importance(*out);
    }
    free(order);
    return rc;
}
