/* Groups under limits. Components are found first, without any order; where a component breaks no rule none of its parts
 * can, so the order of its edges does not matter and it stands. The others are taken apart and settled: what people decided
 * first, then edge by edge in order of strength. A class of edges that has made a group too large is taken back
 * (docs/identity.md, "Too large"). */
#include <stdlib.h>

#include "identity/forest_int.h"

/* An edge of the class at hand that was followed, perhaps into a group that is too large. */
typedef struct suspect {
    size_t edge;
    uint32_t root, size; /* of that group */
    bool cut;
} suspect;

typedef struct settler {
    pt_identity *g;
    uint64_t *known; /* [node * n_attributes + k]: what is known of it; 0 nothing */
    size_t n_attributes;
    id_forest f;
    bool *contested; /* by node: its component breaks a rule */
    id_pins pins;
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

pt_rc id_refuse(pt_identity *g, pt_id_refused refused, pt_err *err)
{
    if (!pt_grow(&g->refused, &g->cap_refused, g->n_refused + 1, sizeof *g->refused))
        return pt_fail_nomem(err, "refused links");
    g->refused[g->n_refused++] = refused;
    return PT_OK;
}

static pt_rc refuse(settler *s, const id_edge *e, pt_id_refused why, pt_err *err)
{
    why.a = e->a;
    why.b = e->b;
    return id_refuse(s->g, why, err);
}

/* --- facts -------------------------------------------------------------------------------------------------------- */

static int by_attribute(const void *left, const void *right)
{
    const id_fact *x = left, *y = right;

    if (x->node != y->node)
        return x->node < y->node ? -1 : 1;
    if (x->attribute != y->attribute)
        return x->attribute < y->attribute ? -1 : 1;
    return x->value < y->value ? -1 : x->value > y->value;
}

/* One value a node and attribute, or none when it was told several. */
static pt_rc gather_facts(settler *s, pt_err *err)
{
    pt_identity *g = s->g;

    for (size_t i = 0; i < g->n_facts; i++)
        if (g->facts[i].attribute >= s->n_attributes)
            s->n_attributes = (size_t)g->facts[i].attribute + 1;
    if (!s->n_attributes)
        return PT_OK;
    if (!(s->known = pt_zalloc(g->n_nodes + 1, s->n_attributes * sizeof *s->known)))
        return pt_fail_nomem(err, "what is known of identifiers");
    qsort(g->facts, g->n_facts, sizeof *g->facts, by_attribute);
    for (size_t i = 0, next; i < g->n_facts; i = next) {
        const id_fact *first = &g->facts[i];
        for (next = i + 1; next < g->n_facts; next++)
            if (g->facts[next].node != first->node || g->facts[next].attribute != first->attribute)
                break;
        if (g->facts[next - 1].value == first->value)
            s->known[first->node * s->n_attributes + first->attribute] = first->value ? first->value : 1;
    }
    return PT_OK;
}

/* --- components --------------------------------------------------------------------------------------------------- */

static void join(id_forest *f, uint32_t x, uint32_t y)
{
    uint32_t a = id_find_halving(f, x), b = id_find_halving(f, y);

    if (a != b)
        id_unite(f, a, b);
}

static void find_components(settler *s)
{
    const pt_identity *g = s->g;

    for (size_t i = 0; i < g->n_edges; i++)
        join(&s->f, g->edges[i].a, g->edges[i].b);
    for (size_t i = 0; i < g->n_decisions; i++)
        if (g->decisions[i].kind != PT_ID_DIFFERENT)
            join(&s->f, g->decisions[i].a, g->decisions[i].b);
}

static bool breaks_limit(const settler *s, uint32_t root)
{
    const id_forest *f = &s->f;

    if (f->size[root] > s->g->max_component)
        return true;
    for (size_t k = 0; k < f->n_limited; k++)
        if (f->values[root * f->n_limited + k] > s->g->types[f->limited[k]].limit)
            return true;
    return false;
}

/* Roots of components in which a decision or a fact may be in the way of a link. */
static void mark_broken(settler *s)
{
    const pt_identity *g = s->g;
    id_forest *f = &s->f;

    for (size_t i = 0; i < g->n_decisions; i++) {
        const id_decision *d = &g->decisions[i];
        uint32_t root = id_find_halving(f, d->a);
        if (d->kind == PT_ID_PIN || (d->kind == PT_ID_DIFFERENT && root == id_find_halving(f, d->b)))
            s->contested[root] = true;
    }
    for (uint32_t i = 0; s->known && i < f->n; i++) {
        uint32_t root = id_find_halving(f, i);
        for (size_t k = 0; k < s->n_attributes; k++) {
            uint64_t value = s->known[i * s->n_attributes + k];
            if (value && value != f->fact[root * s->n_attributes + k])
                s->contested[root] = true;
        }
    }
}

/* Takes contested components apart into single nodes; of the edges only theirs are kept, in order. */
static pt_rc take_apart(settler *s, pt_err *err)
{
    pt_identity *g = s->g;

    if (!(s->contested = pt_zalloc((size_t)s->f.n + 1, sizeof *s->contested)))
        return pt_fail_nomem(err, "contested links");
    mark_broken(s);
    for (uint32_t i = 0; i < s->f.n; i++) {
        uint32_t root = id_find_halving(&s->f, i);
        s->contested[i] = s->contested[root] = s->contested[root] || breaks_limit(s, root);
    }
    for (size_t i = 0; i < g->n_edges; i++)
        if (s->contested[g->edges[i].a])
            g->edges[s->n_edges++] = g->edges[i];
    for (uint32_t i = 0; i < s->f.n; i++)
        if (s->contested[i])
            id_forest_single(&s->f, i);
    s->edges = g->edges;
    return id_order_edges(g, s->edges, &s->n_edges, err);
}

/* --- contested edges, class by class ------------------------------------------------------------------------------ */

static bool same_class(const pt_identity *g, const id_edge *a, const id_edge *b)
{
    return id_is_sure(a) && id_is_sure(b) && g->nodes[a->a].type == g->nodes[b->a].type &&
           g->nodes[a->b].type == g->nodes[b->b].type;
}

static bool is_refused(pt_id_refused *why, const settler *s, const id_edge *e, uint32_t a, uint32_t b)
{
    uint32_t pin = id_pinned(&s->pins, e);

    if (!pin)
        return id_forbidden(why, &s->f, a, b);
    *why = (pt_id_refused){.reason = PT_ID_PINNED, .because = pin};
    return true;
}

/* Follows edges [from, to) in order. Those that were not refused become suspects: their group may prove too large. */
static pt_rc follow(settler *s, size_t from, size_t to, pt_err *err)
{
    for (size_t i = from; i < to; i++) {
        const id_edge *e = &s->edges[i];
        uint32_t a = id_find(&s->f, e->a), b = id_find(&s->f, e->b);
        pt_id_refused why;

        if (a != b && is_refused(&why, s, e, a, b)) {
            PT_TRY(refuse(s, e, why, err));
            continue;
        }
        if (a != b)
            s->log[s->n_log++] = id_unite(&s->f, a, b);
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
        uint32_t root = id_find(&s->f, s->edges[edge].a);
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
        s->undone[i] = s->f.size[id_find(&s->f, s->log[i])] > s->g->max_component;
    for (size_t i = s->n_log; i-- > 0;)
        if (s->undone[i])
            id_detach(&s->f, s->log[i]);
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
            PT_TRY(refuse(s, e, (pt_id_refused){.reason = PT_ID_TOO_LARGE, .size = s->suspects[i].size}, err));
            continue;
        }
        a = id_find(&s->f, e->a);
        b = id_find(&s->f, e->b);
        if (a != b)
            s->log[s->n_log++] = id_unite(&s->f, a, b);
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

/* A link that is not sure never makes a group too large, and takes none apart. */
static pt_rc follow_unsure(settler *s, const id_edge *e, pt_err *err)
{
    uint32_t a = id_find(&s->f, e->a), b = id_find(&s->f, e->b), size = s->f.size[a] + s->f.size[b];
    pt_id_refused why;

    if (a == b)
        return PT_OK;
    if (is_refused(&why, s, e, a, b))
        return refuse(s, e, why, err);
    if (size > s->g->max_component)
        return refuse(s, e, (pt_id_refused){.reason = PT_ID_TOO_LARGE, .size = size}, err);
    id_unite(&s->f, a, b);
    return PT_OK;
}

static bool alloc_rounds(settler *s)
{
    size_t n = s->n_edges + 1, nodes = (size_t)s->f.n + 1;

    s->log = pt_zalloc(n, sizeof *s->log);
    s->undone = pt_zalloc(n, sizeof *s->undone);
    s->suspects = pt_zalloc(n, sizeof *s->suspects);
    s->degree = pt_zalloc(nodes, sizeof *s->degree);
    s->top = pt_zalloc(nodes, sizeof *s->top);
    return s->log && s->undone && s->suspects && s->degree && s->top;
}

static pt_rc settle_contested(settler *s, pt_err *err)
{
    size_t n = s->n_edges, from = 0;

    PT_TRY(id_follow_decisions(s->g, &s->f, s->contested, err));
    if (n == 0)
        return PT_OK;
    PT_TRY(id_pins_init(&s->pins, s->g, &s->f, s->edges, n, err));
    if (!alloc_rounds(s))
        return pt_fail_nomem(err, "contested links");
    for (size_t i = 1; i <= n; i++) {
        if (i < n && same_class(s->g, &s->edges[i], &s->edges[from]))
            continue;
        if (id_is_sure(&s->edges[from]))
            PT_TRY(settle_class(s, from, i, err));
        else
            PT_TRY(follow_unsure(s, &s->edges[from], err));
        from = i;
    }
    return PT_OK;
}

/* The forest's parents become the roots. */
static void keep_roots(settler *s)
{
    for (uint32_t i = 0; i < s->f.n; i++)
        s->f.parent[i] = id_find_halving(&s->f, i);
    s->g->root = s->f.parent;
    s->f.parent = NULL;
}

static void forget(pt_identity *g)
{
    free(g->edges);
    free(g->decisions);
    free(g->facts);
    g->edges = NULL;
    g->decisions = NULL;
    g->facts = NULL;
    g->n_edges = g->cap_edges = g->n_decisions = g->cap_decisions = g->n_facts = g->cap_facts = 0;
}

static void settler_free(settler *s)
{
    id_forest_free(&s->f);
    id_pins_free(&s->pins);
    free(s->known);
    free(s->contested);
    free(s->log);
    free(s->undone);
    free(s->suspects);
    free(s->degree);
    free(s->top);
}

static bool any_different(const pt_identity *g)
{
    for (size_t i = 0; i < g->n_decisions; i++)
        if (g->decisions[i].kind == PT_ID_DIFFERENT)
            return true;
    return false;
}

pt_rc id_settle(pt_identity *g, pt_err *err)
{
    settler s = {.g = g};
    pt_rc rc = gather_facts(&s, err);

    if (rc == PT_OK)
        rc = id_forest_init(&s.f, g, s.known, s.n_attributes, any_different(g), err);
    if (rc == PT_OK) {
        find_components(&s);
        rc = take_apart(&s, err);
    }
    if (rc == PT_OK)
        rc = settle_contested(&s, err);
    if (rc == PT_OK)
        keep_roots(&s);
    forget(g);
    settler_free(&s);
    return rc;
}
