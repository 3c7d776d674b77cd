#include "model/spanning.h"

#include <math.h>
#include <stdlib.h>

#include "base/roots.h"

enum { NOBODY = UINT32_MAX, SOME = 256 }; /* rows that a thread takes at a time */

/* Rows by their places in the tree. All distances are squared. */
typedef struct spanning {
    const pt_boxtree *t;
    const pt_span_options *o;
    double *reach;       /* places */
    double *node_reach;  /* nodes: the least of their rows */
    uint32_t *part;      /* places: the first place of the part it is in */
    uint32_t *node_part; /* nodes: the part of all rows; NOBODY when they are of several */
    double *near;        /* places: nobody of another part is nearer */
    uint32_t *nearest;   /* places: who is that near; NOBODY: not known */
    uint32_t *way;       /* parts, by first place: the place in it where the way to another one begins */
    uint64_t *least;     /* parts, by first place: the bits of what its rows found so far in this round */
    pt_span_edge *edges;
    size_t n_edges;
} spanning;

/* --- the nearest row of another part --------------------------------------------------------------------------------------------- */

typedef struct search {
    const spanning *s;
    const float *point;
    double reach, bound, near;
    uint32_t part, nearest;
} search;

static double at_least(const search *q, uint32_t node)
{
    const spanning *s = q->s;

    if (s->node_part[node] == q->part)
        return INFINITY;
    return fmax(fmax(pt_box_from(s->t, q->point, node), s->node_reach[node]), q->reach);
}

static bool is_hopeless(const search *q, double least)
{
    return least > q->bound || least >= q->near;
}

/* The nearer child first. What is found does not depend on the bound, if it is not above: that may only hide others. */
static void look(search *q, uint32_t node)
{
    const spanning *s = q->s;
    const pt_box_node *b = &s->t->nodes[node];

    if (!b->right) {
        for (uint32_t i = b->begin; i < b->end; i++) {
            if (s->part[i] == q->part)
                continue;
            double d = fmax(fmax(pt_box_squared(s->t, q->point, i), s->reach[i]), q->reach);
            if (d < q->near) {
                q->near = d;
                q->nearest = i;
            }
        }
        return;
    }
    double left = at_least(q, node + 1), right = at_least(q, b->right);
    bool first = left <= right;
    if (!is_hopeless(q, first ? left : right))
        look(q, first ? node + 1 : b->right);
    if (!is_hopeless(q, first ? right : left))
        look(q, first ? b->right : node + 1);
}

/* Doubles that are not negative are in the order of their bits. */
static uint64_t bits_of(double v)
{
    uint64_t bits;

    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static double of_bits(uint64_t bits)
{
    double v;

    memcpy(&v, &bits, sizeof v);
    return v;
}

static void offer(spanning *s, uint32_t part, double d)
{
    uint64_t bits = bits_of(d), now = __atomic_load_n(&s->least[part], __ATOMIC_RELAXED);

    while (bits < now &&
           !__atomic_compare_exchange_n(&s->least[part], &now, bits, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
}

/* What other threads have found meanwhile spares work and changes nothing of what is found in the end. */
static void find(spanning *s, float *point, uint32_t place)
{
    uint32_t part = s->part[place];
    double bound = of_bits(__atomic_load_n(&s->least[part], __ATOMIC_RELAXED));

    if (s->nearest[place] != NOBODY && s->part[s->nearest[place]] == part)
        s->nearest[place] = NOBODY;
    if (s->nearest[place] == NOBODY && s->near[place] <= bound) {
        search q = {s, point, s->reach[place], bound, INFINITY, part, NOBODY};
        for (size_t c = 0; c < s->t->columns; c++)
            point[c] = s->t->x[c * s->t->stride + place];
        look(&q, 0);
        bool found = q.near <= bound; /* else there may be a nearer one that was left out, but not below the bound */
        s->nearest[place] = found ? q.nearest : NOBODY;
        s->near[place] = found ? q.near : bound;
    }
    if (s->nearest[place] != NOBODY)
        offer(s, part, s->near[place]);
}

static pt_rc find_some(void *arg, size_t index, unsigned worker, pt_err *err)
{
    spanning *s = arg;
    size_t end = (index + 1) * SOME < s->t->n ? (index + 1) * SOME : s->t->n;
    float *point = pt_alloc64(s->t->columns, sizeof *point);

    (void)worker;
    if (!point)
        return pt_fail_nomem(err, "clustering");
    pt_rc rc = s->o->cancelled && s->o->cancelled(s->o->cancel_context)
                   ? pt_fail(err, PT_ECANCELED, "learning was stopped")
                   : PT_OK;
    for (size_t i = index * SOME; rc == PT_OK && i < end; i++)
        find(s, point, (uint32_t)i);
    free(point);
    return rc;
}

/* --- joining ----------------------------------------------------------------------------------------------------------------------- */

/* Of each part the first row whose way to another part is the shortest. */
static void choose_ways(spanning *s)
{
    for (size_t i = 0; i < s->t->n; i++)
        s->way[i] = NOBODY;
    for (uint32_t i = 0; i < s->t->n; i++)
        if (s->nearest[i] != NOBODY && s->way[s->part[i]] == NOBODY && bits_of(s->near[i]) == s->least[s->part[i]])
            s->way[s->part[i]] = i;
}

/* Ways that are equally long may form a ring: then the last of them is not needed. */
static void join_parts(spanning *s)
{
    choose_ways(s);
    for (uint32_t i = 0; i < s->t->n; i++) {
        uint32_t from = s->way[i];
        if (from == NOBODY)
            continue;
        uint32_t a = pt_root(s->part, from), b = pt_root(s->part, s->nearest[from]);
        if (a == b)
            continue;
        s->part[a > b ? a : b] = a > b ? b : a;
        s->edges[s->n_edges++] = (pt_span_edge){s->t->order[from], s->t->order[s->nearest[from]], sqrt(s->near[from])};
    }
    /* A part's first place is its name, and comes before the others. */
    for (size_t i = 0; i < s->t->n; i++)
        s->part[i] = s->part[s->part[i]];
    for (size_t i = 0; i < s->t->n; i++)
        s->least[i] = bits_of(INFINITY);
}

/* Children come after their parents. */
static void name_nodes(spanning *s)
{
    for (size_t node = s->t->n_nodes; node-- > 0;) {
        const pt_box_node *of = &s->t->nodes[node];
        uint32_t part = of->right ? s->node_part[node + 1] : s->part[of->begin];
        bool one = of->right ? s->node_part[of->right] == part : true;
        for (uint32_t i = of->begin + 1; !of->right && i < of->end; i++)
            one = one && s->part[i] == part;
        s->node_part[node] = one ? part : NOBODY;
    }
}

/* --- as a whole -------------------------------------------------------------------------------------------------------------------- */

static void measure_nodes(spanning *s)
{
    for (size_t node = s->t->n_nodes; node-- > 0;) {
        const pt_box_node *of = &s->t->nodes[node];
        double least = of->right ? fmin(s->node_reach[node + 1], s->node_reach[of->right]) : INFINITY;
        for (uint32_t i = of->begin; !of->right && i < of->end; i++)
            least = fmin(least, s->reach[i]);
        s->node_reach[node] = least;
    }
}

static pt_rc spanning_new(spanning *s, const double *squared_reach, pt_err *err)
{
    size_t n = s->t->n;

    s->reach = pt_alloc64(n, sizeof *s->reach);
    s->near = pt_alloc64(n, sizeof *s->near);
    s->least = pt_alloc64(n, sizeof *s->least);
    s->part = pt_alloc64(n, sizeof *s->part);
    s->nearest = pt_alloc64(n, sizeof *s->nearest);
    s->way = pt_alloc64(n, sizeof *s->way);
    s->node_reach = pt_alloc64(s->t->n_nodes, sizeof *s->node_reach);
    s->node_part = pt_alloc64(s->t->n_nodes, sizeof *s->node_part);
    if (!s->reach || !s->near || !s->least || !s->part || !s->nearest || !s->way || !s->node_reach || !s->node_part)
        return pt_fail_nomem(err, "clustering");
    for (size_t i = 0; i < n; i++) {
        s->reach[i] = s->near[i] = squared_reach[s->t->order[i]];
        s->least[i] = bits_of(INFINITY);
        s->part[i] = (uint32_t)i;
        s->nearest[i] = NOBODY;
    }
    measure_nodes(s);
    return PT_OK;
}

static void spanning_free(spanning *s)
{
    void *const all[] = {s->reach, s->near, s->least, s->part, s->nearest, s->way, s->node_reach, s->node_part};

    for (size_t i = 0; i < PT_COUNT(all); i++)
        free(all[i]);
}

pt_rc pt_spanning_tree(pt_span_edge *out, const pt_boxtree *t, const double *squared_reach, const pt_span_options *o,
                       pt_err *err)
{
    spanning s = {.t = t, .o = o, .edges = out};
    pt_rc rc = spanning_new(&s, squared_reach, err);

    while (rc == PT_OK && s.n_edges + 1 < t->n) {
        name_nodes(&s);
        rc = pt_pool_run(o->pool, (t->n + SOME - 1) / SOME, find_some, &s, err);
        if (rc == PT_OK)
            join_parts(&s);
    }
    spanning_free(&s);
    return rc;
}
