/* Decisions of people are followed before all links: docs/identity.md, "Decisions". */
#include <stdlib.h>

#include "identity/forest_int.h"

/* --- in order: the latest first ----------------------------------------------------------------------------------- */

static int by_number(const void *left, const void *right)
{
    const id_decision *x = left, *y = right;

    if (x->number != y->number)
        return x->number > y->number ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

/* Their ends are places while they are sorted, the stronger first. */
static void order_decisions(pt_identity *g)
{
    size_t kept = 0;

    for (size_t i = 0; i < g->n_decisions; i++) {
        id_decision *d = &g->decisions[i];
        uint32_t a = g->place[d->a], b = g->place[d->b];
        d->a = a < b ? a : b;
        d->b = a < b ? b : a;
    }
    if (g->n_decisions)
        qsort(g->decisions, g->n_decisions, sizeof *g->decisions, by_number);
    for (size_t i = 0; i < g->n_decisions; i++)
        if (!i || by_number(&g->decisions[i], &g->decisions[kept - 1]) != 0)
            g->decisions[kept++] = g->decisions[i];
    g->n_decisions = kept;
    for (size_t i = 0; i < kept; i++) {
        g->decisions[i].a = g->node_at[g->decisions[i].a];
        g->decisions[i].b = g->node_at[g->decisions[i].b];
    }
}

/* --- followed ----------------------------------------------------------------------------------------------------- */

static pt_rc refuse(pt_identity *g, const id_decision *d, pt_id_refused why, pt_err *err)
{
    why.a = d->a;
    why.b = d->b;
    why.decision = d->number;
    return id_refuse(g, why, err);
}

static pt_rc follow_same(pt_identity *g, id_forest *f, const id_decision *d, pt_err *err)
{
    uint32_t a = id_find(f, d->a), b = id_find(f, d->b);
    pt_id_refused why;

    if (a == b)
        return PT_OK;
    if (id_forbidden(&why, f, a, b))
        return refuse(g, d, why, err);
    if (f->size[a] + f->size[b] > g->max_component)
        return refuse(g, d, (pt_id_refused){.reason = PT_ID_TOO_LARGE, .size = f->size[a] + f->size[b]}, err);
    id_unite(f, a, b);
    return PT_OK;
}

static pt_rc follow_different(pt_identity *g, id_forest *f, const id_decision *d, pt_err *err)
{
    if (id_find(f, d->a) == id_find(f, d->b))
        return refuse(g, d, (pt_id_refused){.reason = PT_ID_CONTRADICTED}, err);
    return id_tie_apart(f, d->a, d->b, d->number, err);
}

pt_rc id_follow_decisions(pt_identity *g, id_forest *f, const bool *contested, pt_err *err)
{
    order_decisions(g);
    for (size_t i = 0; i < g->n_decisions; i++) {
        const id_decision *d = &g->decisions[i];
        if (!contested[d->a]) /* nothing in the way, and followed already; or nothing to keep apart */
            continue;
        if (d->kind == PT_ID_DIFFERENT)
            PT_TRY(follow_different(g, f, d, err));
        else
            PT_TRY(follow_same(g, f, d, err));
    }
    return PT_OK;
}

/* --- pins --------------------------------------------------------------------------------------------------------- */

void id_pins_free(id_pins *p)
{
    free(p->by);
    free(p->decided);
    free(p->leads_to);
}

static bool any_pin(const pt_identity *g)
{
    for (size_t i = 0; i < g->n_decisions; i++)
        if (g->decisions[i].kind == PT_ID_PIN)
            return true;
    return false;
}

enum { NOWHERE = UINT32_MAX, SEVERAL = UINT32_MAX - 1 };

static void lead(id_pins *p, uint32_t from, uint32_t to, bool surely)
{
    uint32_t group = surely ? p->decided[to] : (uint32_t)SEVERAL;

    if (p->leads_to[from] == NOWHERE)
        p->leads_to[from] = group;
    else if (p->leads_to[from] != group)
        p->leads_to[from] = SEVERAL;
}

/* An identifier that a decision is about is nobody's leaf. */
static void mark_decided(id_pins *p, const pt_identity *g)
{
    for (size_t i = 0; i < g->n_decisions; i++) {
        const id_decision *d = &g->decisions[i];
        if (d->kind == PT_ID_PIN) { /* the latest first: the first one stays */
            p->by[d->a] = p->by[d->a] ? p->by[d->a] : d->number;
            p->by[d->b] = p->by[d->b] ? p->by[d->b] : d->number;
        } else if (d->kind == PT_ID_SAME) {
            p->leads_to[d->a] = p->leads_to[d->b] = SEVERAL;
        }
    }
}

pt_rc id_pins_init(id_pins *p, const pt_identity *g, const id_forest *f, const id_edge *edges, size_t n_edges,
                   pt_err *err)
{
    size_t n = g->n_nodes + 1;

    *p = (id_pins){0};
    if (!any_pin(g))
        return PT_OK;
    p->by = pt_zalloc(n, sizeof *p->by);
    p->decided = pt_zalloc(n, sizeof *p->decided);
    p->leads_to = pt_zalloc(n, sizeof *p->leads_to);
    if (!p->by || !p->decided || !p->leads_to)
        return pt_fail_nomem(err, "pinned customers");
    for (uint32_t i = 0; i < g->n_nodes; i++) {
        p->decided[i] = id_find(f, i);
        p->leads_to[i] = NOWHERE;
    }
    mark_decided(p, g);
    for (size_t i = 0; i < n_edges; i++) {
        lead(p, edges[i].a, edges[i].b, edges[i].score >= 1);
        lead(p, edges[i].b, edges[i].a, edges[i].score >= 1);
    }
    return PT_OK;
}

uint32_t id_pinned(const id_pins *p, const id_edge *e)
{
    uint32_t a = p->by ? p->by[e->a] : 0, b = p->by ? p->by[e->b] : 0;

    if (!a && !b)
        return 0;
    if (!a && p->leads_to[e->a] == p->decided[e->b])
        return 0;
    if (!b && p->leads_to[e->b] == p->decided[e->a])
        return 0;
    return a > b ? a : b;
}
