/* Groups under limits. Components are found first, without any order; where a component breaks no limit none of its
 * parts can, so the order of its edges does not matter and it stands. The others are taken apart and settled edge by
 * edge in order of strength.
 * The forest has no path compression while settling in order, only union by size: so a union can be taken back, newest
 * first, when a class of edges has made a group too large (docs/identity.md, "Too large"). */
#include <stdlib.h>

#include "identity/graph_int.h"

typedef struct forest {
    uint32_t n;
    uint32_t *parent; /* its own at a root */
    uint32_t *size;   /* nodes below and at a root; what it was when attached elsewhere */
    size_t n_limited; /* types with a limit */
    uint8_t *limited; /* the types */
    uint32_t *values; /* [node * n_limited + k]: values of limited type k; as size */
} forest;

/* An edge of the class at hand that was followed, perhaps into a group that is too large. */
typedef struct suspect {
    size_t edge;
    uint32_t root, size; /* of that group */
    bool cut;
} suspect;

typedef struct settler {
    pt_identity *g;
    forest f;
    id_edge *edges; /* the graph's, once only contested ones are left, in order */
    size_t n_edges;
    uint32_t *log; /* roots attached by the class at hand, in order */
    size_t n_log;
    suspect *suspects;
    size_t n_suspects;
    bool *undone;     /* by log entry */
    uint32_t *degree; /* by node; zero between rounds */
    uint32_t *top;    /* by root: the highest degree in the group; zero between rounds */
} settler;

static void forest_free(forest *f)
{
    free(f->parent);
    free(f->size);
    free(f->limited);
    free(f->values);
}

static void make_single(forest *f, const pt_identity *g, uint32_t node)
{
    f->parent[node] = node;
    f->size[node] = 1;
    for (size_t k = 0; k < f->n_limited; k++)
        f->values[node * f->n_limited + k] = g->nodes[node].type == f->limited[k];
}

static pt_rc forest_init(forest *f, const pt_identity *g, pt_err *err)
{
    f->n = (uint32_t)g->n_nodes;
    f->parent = pt_zalloc((size_t)f->n + 1, sizeof *f->parent);
    f->size = pt_zalloc((size_t)f->n + 1, sizeof *f->size);
    f->limited = pt_zalloc(g->n_types, 1);
    if (!f->parent || !f->size || !f->limited)
        return pt_fail_nomem(err, "groups of identifiers");
    for (size_t t = 0; t < g->n_types; t++)
        if (g->types[t].limit)
            f->limited[f->n_limited++] = (uint8_t)t;
    f->values = pt_zalloc((size_t)f->n * f->n_limited + 1, sizeof *f->values);
    if (!f->values)
        return pt_fail_nomem(err, "groups of identifiers");
    for (uint32_t i = 0; i < f->n; i++)
        make_single(f, g, i);
    return PT_OK;
}

static uint32_t find(const forest *f, uint32_t i)
{
    while (f->parent[i] != i)
        i = f->parent[i];
    return i;
}

static uint32_t find_halving(forest *f, uint32_t i)
{
    while (f->parent[i] != i)
        i = f->parent[i] = f->parent[f->parent[i]];
    return i;
}

/* Joins two roots; returns the one that was attached. */
static uint32_t unite(forest *f, uint32_t a, uint32_t b)
{
    if (f->size[a] < f->size[b]) {
        uint32_t swap = a;
        a = b;
        b = swap;
    }
    f->parent[b] = a;
    f->size[a] += f->size[b];
    for (size_t k = 0; k < f->n_limited; k++)
        f->values[a * f->n_limited + k] += f->values[b * f->n_limited + k];
    return b;
}

static void detach(forest *f, uint32_t child)
{
    uint32_t parent = f->parent[child];

    f->parent[child] = child;
    f->size[parent] -= f->size[child];
    for (size_t k = 0; k < f->n_limited; k++)
        f->values[parent * f->n_limited + k] -= f->values[child * f->n_limited + k];
}

/* The first limited type of which both together have too many values, or -1. */
static int over_limit(const settler *s, uint32_t a, uint32_t b, uint32_t *count)
{
    const forest *f = &s->f;

    for (size_t k = 0; k < f->n_limited; k++) {
        *count = f->values[a * f->n_limited + k] + f->values[b * f->n_limited + k];
        if (*count > s->g->types[f->limited[k]].limit)
            return (int)k;
    }
    return -1;
}

static bool contested(const settler *s, uint32_t root)
{
    const forest *f = &s->f;

    if (f->size[root] > s->g->max_component)
        return true;
    for (size_t k = 0; k < f->n_limited; k++)
        if (f->values[root * f->n_limited + k] > s->g->types[f->limited[k]].limit)
            return true;
    return false;
}

static pt_rc refuse(settler *s, const id_edge *e, pt_id_reason reason, uint32_t size, uint8_t type, pt_err *err)
{
    pt_identity *g = s->g;

    if (!pt_grow(&g->refused, &g->cap_refused, g->n_refused + 1, sizeof *g->refused))
        return pt_fail_nomem(err, "refused links");
    g->refused[g->n_refused++] = (pt_id_refused){e->a, e->b, size, (uint8_t)reason, type};
    return PT_OK;
}

/* --- components --------------------------------------------------------------------------------------------------- */

static void find_components(settler *s)
{
    const pt_identity *g = s->g;
    forest *f = &s->f;

    for (size_t i = 0; i < g->n_edges; i++) {
        uint32_t a = find_halving(f, g->edges[i].a), b = find_halving(f, g->edges[i].b);
        if (a != b)
            unite(f, a, b);
    }
}

/* Takes contested components apart into single nodes; of the edges only theirs are kept, in order. */
static pt_rc take_apart(settler *s, pt_err *err)
{
    pt_identity *g = s->g;
    bool *is_contested = pt_zalloc((size_t)s->f.n + 1, sizeof *is_contested);

    if (!is_contested)
        return pt_fail_nomem(err, "contested links");
    for (uint32_t i = 0; i < s->f.n; i++)
        is_contested[i] = contested(s, find_halving(&s->f, i));
    for (size_t i = 0; i < g->n_edges; i++)
        if (is_contested[g->edges[i].a])
            g->edges[s->n_edges++] = g->edges[i];
    for (uint32_t i = 0; i < s->f.n; i++)
        if (is_contested[i])
            make_single(&s->f, g, i);
    free(is_contested);
    s->edges = g->edges;
    return id_order_edges(g, s->edges, &s->n_edges, err);
}

/* --- contested edges, class by class ------------------------------------------------------------------------------ */

static bool same_class(const pt_identity *g, const id_edge *a, const id_edge *b)
{
    return g->nodes[a->a].type == g->nodes[b->a].type && g->nodes[a->b].type == g->nodes[b->b].type;
}

/* Follows edges [from, to) in order. Those that were not refused become suspects: their group may prove too large. */
static pt_rc follow(settler *s, size_t from, size_t to, pt_err *err)
{
    for (size_t i = from; i < to; i++) {
        const id_edge *e = &s->edges[i];
        uint32_t a = find(&s->f, e->a), b = find(&s->f, e->b), count;
        int k = a == b ? -1 : over_limit(s, a, b, &count);

        if (k >= 0) {
            PT_TRY(refuse(s, e, PT_ID_OVER_LIMIT, count, s->f.limited[k], err));
            continue;
        }
        if (a != b)
            s->log[s->n_log++] = unite(&s->f, a, b);
        s->suspects[s->n_suspects++].edge = i;
    }
    return PT_OK;
}

/* Keeps the suspects whose group is too large. */
static void keep_too_large(settler *s)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->n_suspects; i++) {
        size_t edge = s->suspects[i].edge;
        uint32_t root = find(&s->f, s->edges[edge].a);
        if (s->f.size[root] > s->g->max_component)
            s->suspects[kept++] = (suspect){.edge = edge, .root = root, .size = s->f.size[root]};
    }
    s->n_suspects = kept;
}

static void raise(uint32_t *value, uint32_t least)
{
    if (*value < least)
        *value = least;
}

/* Marks the suspects at a hub: an identifier with more than half as many of them as the most linked one of the group. */
static void mark_hubs(settler *s)
{
    for (size_t i = 0; i < s->n_suspects; i++) {
        const id_edge *e = &s->edges[s->suspects[i].edge];
        s->degree[e->a]++;
        s->degree[e->b]++;
    }
    for (size_t i = 0; i < s->n_suspects; i++) {
        const id_edge *e = &s->edges[s->suspects[i].edge];
        raise(&s->top[s->suspects[i].root], s->degree[e->a]);
        raise(&s->top[s->suspects[i].root], s->degree[e->b]);
    }
    for (size_t i = 0; i < s->n_suspects; i++) {
        const id_edge *e = &s->edges[s->suspects[i].edge];
        uint32_t half = s->top[s->suspects[i].root] / 2;
        s->suspects[i].cut = s->degree[e->a] > half || s->degree[e->b] > half;
    }
    for (size_t i = 0; i < s->n_suspects; i++) {
        const id_edge *e = &s->edges[s->suspects[i].edge];
        s->degree[e->a] = s->degree[e->b] = s->top[s->suspects[i].root] = 0;
    }
}

/* Takes back the unions of this class in groups that are too large. A union that was made on top of another is later in
 * the log, so going backwards every parent is a root again when its child leaves it. */
static void undo_too_large(settler *s)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->n_log; i++)
        s->undone[i] = s->f.size[find(&s->f, s->log[i])] > s->g->max_component;
    for (size_t i = s->n_log; i-- > 0;)
        if (s->undone[i])
            detach(&s->f, s->log[i]);
    for (size_t i = 0; i < s->n_log; i++)
        if (!s->undone[i])
            s->log[kept++] = s->log[i];
    s->n_log = kept;
}

/* Follows the suspects again without those of hubs. They are fewer than before, so no limit can be broken. */
static pt_rc follow_again(settler *s, pt_err *err)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->n_suspects; i++) {
        const id_edge *e = &s->edges[s->suspects[i].edge];
        uint32_t a, b;

        if (s->suspects[i].cut) {
            PT_TRY(refuse(s, e, PT_ID_TOO_LARGE, s->suspects[i].size, 0, err));
            continue;
        }
        a = find(&s->f, e->a);
        b = find(&s->f, e->b);
        if (a != b)
            s->log[s->n_log++] = unite(&s->f, a, b);
        s->suspects[kept++] = s->suspects[i];
    }
    s->n_suspects = kept;
    return PT_OK;
}

/* Each round the highest degree in a group at least halves: at most 32 rounds. */
static pt_rc settle_class(settler *s, size_t from, size_t to, pt_err *err)
{
    s->n_log = s->n_suspects = 0;
    PT_TRY(follow(s, from, to, err));
    for (keep_too_large(s); s->n_suspects; keep_too_large(s)) {
        mark_hubs(s);
        undo_too_large(s);
        PT_TRY(follow_again(s, err));
    }
    return PT_OK;
}

static pt_rc settle_contested(settler *s, pt_err *err)
{
    size_t n = s->n_edges, from = 0;

    if (n == 0)
        return PT_OK;
    s->log = pt_zalloc(n + 1, sizeof *s->log);
    s->undone = pt_zalloc(n + 1, sizeof *s->undone);
    s->suspects = pt_zalloc(n + 1, sizeof *s->suspects);
    s->degree = pt_zalloc((size_t)s->f.n + 1, sizeof *s->degree);
    s->top = pt_zalloc((size_t)s->f.n + 1, sizeof *s->top);
    if (!s->log || !s->undone || !s->suspects || !s->degree || !s->top)
        return pt_fail_nomem(err, "contested links");
    for (size_t i = 1; i <= n; i++) {
        if (i < n && same_class(s->g, &s->edges[i], &s->edges[from]))
            continue;
        PT_TRY(settle_class(s, from, i, err));
        from = i;
    }
    return PT_OK;
}

/* The forest's parents become the roots. */
static void keep_roots(settler *s)
{
    for (uint32_t i = 0; i < s->f.n; i++)
        s->f.parent[i] = find_halving(&s->f, i);
    s->g->root = s->f.parent;
    s->f.parent = NULL;
}

static void forget_edges(pt_identity *g)
{
    free(g->edges);
    g->edges = NULL;
    g->n_edges = g->cap_edges = 0;
}

pt_rc id_settle(pt_identity *g, pt_err *err)
{
    settler s = {.g = g};
    pt_rc rc = forest_init(&s.f, g, err);

    if (rc == PT_OK) {
        find_components(&s);
        rc = take_apart(&s, err);
    }
    if (rc == PT_OK)
        rc = settle_contested(&s, err);
    if (rc == PT_OK)
        keep_roots(&s);
    forget_edges(g);
    forest_free(&s.f);
    free(s.log);
    free(s.undone);
    free(s.suspects);
    free(s.degree);
    free(s.top);
    return rc;
}
