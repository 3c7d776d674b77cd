#include "model/hdbscan.h"

#include <math.h>
#include <stdlib.h>

#include "base/roots.h"
#include "model/boxtree.h"
#include "model/spanning.h"

enum { NONE = UINT32_MAX, PART = 64, MOST_CLOSE = 1 << 26 };
static const double deepest = 1e150; /* what stands for 1 / 0 */

/* An edge of the spanning tree; then a node of the dendrogram, which joins two: rows are nodes 0..n-1, edges n.. . */
typedef struct edge {
    uint32_t a, b, size;
    double distance;
} edge;

typedef struct cluster {
    uint32_t parent;
    double birth, death; /* as 1 / distance */
    double stability;
    bool chosen;
} cluster;

typedef struct run {
    const pt_matrix *x;
    const pt_hdbscan_options *o;
    pt_boxtree tree;
    double *reach, *squared; /* rows: distance to the near-th nearest, and its square */
    uint32_t *close;         /* rows: the near nearest; of so many that they would not fit none */
    edge *edges;             /* n - 1, rising */
    cluster *clusters;
    size_t n_clusters, clusters_cap;
    uint32_t *of_row; /* the cluster that a row falls out of, ... */
    double *falls;    /* ... and where */
} run;

/* --- how far the near-th row is ------------------------------------------------------------------------------------------------ */

static pt_rc reach_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    run *r = arg;
    size_t end = (part + 1) * PART < r->x->rows ? (part + 1) * PART : r->x->rows;
    pt_box_found *found = pt_zalloc(r->o->near, sizeof *found);
    float *point = pt_zalloc(r->x->columns, sizeof *point);

    (void)worker;
    for (size_t i = part * PART; found && point && i < end; i++) {
        for (size_t c = 0; c < r->x->columns; c++)
            point[c] = pt_matrix_column(r->x, c)[i];
        size_t n = pt_box_nearest(found, r->o->near, &r->tree, point);
        r->squared[i] = found[n - 1].squared;
        for (size_t k = 0; r->close && k < r->o->near; k++)
            r->close[i * r->o->near + k] = k < n ? found[k].row : PT_SPAN_NOBODY;
        r->reach[i] = sqrt(r->squared[i]);
    }
    bool ok = found && point;
    free(found);
    free(point);
    return ok ? PT_OK : pt_fail_nomem(err, "clustering");
}

/* --- the spanning tree ------------------------------------------------------------------------------------------------------------ */

static pt_rc span(run *r, pt_err *err)
{
    size_t n = r->x->rows;
    pt_span_edge *edges = pt_alloc64(n, sizeof *edges);
    pt_span_options o = {r->o->pool, r->o->cancelled, r->o->cancel_context};
    pt_rc rc = edges ? pt_spanning_tree(edges, &r->tree, r->squared, &o, err) : pt_fail_nomem(err, "clustering");

    if (rc == PT_OK && n > 1)
        rc = pt_spanning_order(edges, r->x, r->squared, r->close, r->close ? r->o->near : 0, err);
    for (size_t i = 0; rc == PT_OK && i + 1 < n; i++)
        r->edges[i] = (edge){edges[i].a, edges[i].b, 0, edges[i].distance};
    free(edges);
    return rc;
}

static int rising(const void *a, const void *b)
{
    const edge *x = a, *y = b;

    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

/* Edges become the nodes of the dendrogram. */
static pt_rc link_rows(run *r, pt_err *err)
{
    size_t n = r->x->rows;
    uint32_t *parent = pt_zalloc(2 * n, sizeof *parent);

    if (!parent)
        return pt_fail_nomem(err, "clustering");
    qsort(r->edges, n - 1, sizeof *r->edges, rising);
    for (uint32_t i = 0; i < 2 * n; i++)
        parent[i] = i;
    for (size_t i = 0; i + 1 < n; i++) {
        uint32_t a = pt_root(parent, r->edges[i].a), b = pt_root(parent, r->edges[i].b), node = (uint32_t)(n + i);
        r->edges[i].a = a;
        r->edges[i].b = b;
        r->edges[i].size = (a < n ? 1 : r->edges[a - n].size) + (b < n ? 1 : r->edges[b - n].size);
        parent[a] = parent[b] = node;
    }
    free(parent);
    return PT_OK;
}

/* --- clusters: branches of at least so many rows ------------------------------------------------------------------------------------- */

typedef struct visit {
    uint32_t node, cluster;
    double falls; /* rows below fall out there; NaN: they stay */
} visit;

typedef struct visits {
    visit *items;
    size_t n, cap;
} visits;

static bool push(visits *v, uint32_t node, uint32_t of, double falls)
{
    if (!pt_grow(&v->items, &v->cap, v->n + 1, sizeof *v->items))
        return false;
    v->items[v->n++] = (visit){node, of, falls};
    return true;
}

static bool new_cluster(run *r, uint32_t *out, uint32_t parent, double birth)
{
    if (!pt_grow(&r->clusters, &r->clusters_cap, r->n_clusters + 1, sizeof *r->clusters))
        return false;
    *out = (uint32_t)r->n_clusters;
    r->clusters[r->n_clusters++] = (cluster){.parent = parent, .birth = birth};
    return true;
}

static uint32_t size_of(const run *r, uint32_t node)
{
    return node < r->x->rows ? 1 : r->edges[node - r->x->rows].size;
}

static void leave(run *r, uint32_t of, double at, double rows)
{
    cluster *c = &r->clusters[of];

    c->stability += (at - c->birth) * rows;
    c->death = fmax(c->death, at);
}

static bool split(run *r, visits *v, const visit *at)
{
    const edge *e = &r->edges[at->node - r->x->rows];
    double depth = e->distance > 0 ? fmin(1 / e->distance, deepest) : deepest;
    uint32_t children[2] = {e->a, e->b};
    bool both = size_of(r, e->a) >= r->o->least && size_of(r, e->b) >= r->o->least;

    for (int i = 0; i < 2; i++) {
        uint32_t of = at->cluster, size = size_of(r, children[i]);
        bool falls = !both && size < r->o->least;
        if (both) {
            leave(r, of, depth, size);
            if (!new_cluster(r, &of, at->cluster, depth))
                return false;
        }
        if (!push(v, children[i], of, falls ? depth : (double)NAN))
            return false;
    }
    return true;
}

static pt_rc condense(run *r, pt_err *err)
{
    size_t n = r->x->rows;
    visits v = {0};
    uint32_t root;
    bool ok = new_cluster(r, &root, NONE, 0) && push(&v, (uint32_t)(2 * n - 2), root, (double)NAN);

    while (ok && v.n) {
        visit at = v.items[--v.n];
        if (at.node < n) {
            r->of_row[at.node] = at.cluster;
            r->falls[at.node] = isnan(at.falls) ? deepest : at.falls;
            leave(r, at.cluster, r->falls[at.node], 1);
        } else if (!isnan(at.falls)) {
            const edge *e = &r->edges[at.node - n];
            ok = push(&v, e->a, at.cluster, at.falls) && push(&v, e->b, at.cluster, at.falls);
        } else {
            ok = split(r, &v, &at);
        }
    }
    free(v.items);
    return ok ? PT_OK : pt_fail_nomem(err, "clustering");
}

/* A cluster stays when it is worth more than what it parts into; the root never does. */
static pt_rc choose(run *r, pt_err *err)
{
    double *below = pt_zalloc(r->n_clusters, sizeof *below);

    if (!below)
        return pt_fail_nomem(err, "clustering");
    for (size_t i = r->n_clusters; i-- > 1;) {
        cluster *c = &r->clusters[i];
        c->chosen = c->stability >= below[i];
        below[c->parent] += fmax(c->stability, below[i]);
    }
    free(below);
    /* Parents come first: what lies in a chosen one is not one of its own. */
    for (size_t i = 1; i < r->n_clusters; i++) {
        uint32_t up = r->clusters[i].parent;
        while (up != NONE && !r->clusters[up].chosen)
            up = r->clusters[up].parent;
        if (up != NONE)
            r->clusters[i].chosen = false;
    }
    return PT_OK;
}

static pt_rc hand_over(pt_hdbscan *out, run *r, pt_err *err)
{
    size_t n = r->x->rows;
    uint32_t *number = pt_alloc64(r->n_clusters, sizeof *number);

    out->label = pt_alloc64(n, sizeof *out->label);
    out->probability = pt_zalloc(n, sizeof *out->probability);
    out->birth = pt_zalloc(r->n_clusters, sizeof *out->birth);
    if (!number || !out->label || !out->probability || !out->birth) {
        free(number);
        return pt_fail_nomem(err, "clustering");
    }
    memset(number, 0xff, r->n_clusters * sizeof *number);
    for (size_t i = 0; i < n; i++) {
        uint32_t of = r->of_row[i];
        while (of != NONE && !r->clusters[of].chosen)
            of = r->clusters[of].parent;
        out->label[i] = PT_NOISE;
        if (of == NONE)
            continue;
        if (number[of] == NONE) {
            number[of] = out->clusters++;
            out->birth[number[of]] = 1 / r->clusters[of].birth;
        }
        out->label[i] = number[of];
        out->probability[i] = fmin(r->falls[i] / r->clusters[of].death, 1);
    }
    free(number);
    out->reach = r->reach;
    r->reach = NULL;
    return PT_OK;
}

/* --- as a whole ------------------------------------------------------------------------------------------------------------------------ */

void pt_hdbscan_free(pt_hdbscan *h)
{
    free(h->label);
    free(h->probability);
    free(h->reach);
    free(h->birth);
    *h = (pt_hdbscan){0};
}

static pt_rc run_new(run *r, pt_err *err)
{
    size_t n = r->x->rows;

    r->reach = pt_zalloc(n, sizeof *r->reach);
    r->squared = pt_zalloc(n, sizeof *r->squared);
    r->edges = pt_zalloc(n, sizeof *r->edges);
    bool fits = n * r->o->near <= MOST_CLOSE;
    r->close = fits ? pt_alloc64(n * r->o->near, sizeof *r->close) : NULL;
    r->of_row = pt_zalloc(n, sizeof *r->of_row);
    r->falls = pt_zalloc(n, sizeof *r->falls);
    if (!r->reach || !r->squared || (fits && !r->close) || !r->edges || !r->of_row || !r->falls)
        return pt_fail_nomem(err, "clustering");
    PT_TRY(pt_boxtree_new(&r->tree, r->x, 0, err));
    return pt_pool_run(r->o->pool, (n + PART - 1) / PART, reach_part, r, err);
}

static void run_free(run *r)
{
    pt_boxtree_free(&r->tree);
    free(r->reach);
    free(r->squared);
    free(r->close);
    free(r->edges);
    free(r->clusters);
    free(r->of_row);
    free(r->falls);
}

pt_rc pt_hdbscan_fit(pt_hdbscan *out, const pt_matrix *x, const pt_hdbscan_options *options, pt_err *err)
{
    run r = {.x = x, .o = options};

    *out = (pt_hdbscan){0};
    if (x->rows == 0)
        return pt_fail(err, PT_EINVAL, "there are no customers to learn from");
    if (x->columns == 0)
        return pt_fail(err, PT_EINVAL, "there are no features to learn from");
    if (x->rows > PT_HDBSCAN_MOST)
        return pt_fail(err, PT_EINVAL, "there are more than %d customers, too many for hdbscan", PT_HDBSCAN_MOST);
    PT_ASSERT(options->least >= 2 && options->near >= 1);
    pt_rc rc = run_new(&r, err);
    if (rc == PT_OK)
        rc = span(&r, err);
    if (rc == PT_OK && x->rows > 1)
        rc = link_rows(&r, err);
    if (rc == PT_OK)
        rc = condense(&r, err);
    if (rc == PT_OK)
        rc = choose(&r, err);
    if (rc == PT_OK)
        rc = hand_over(out, &r, err);
    run_free(&r);
    if (rc != PT_OK)
        pt_hdbscan_free(out);
    return rc;
}
