#include "identity/forest_int.h"

#include <stdlib.h>

void id_forest_free(id_forest *f)
{
    free(f->parent);
    free(f->size);
    free(f->limited);
    free(f->values);
    free(f->fact);
    free(f->fact_holders);
    free(f->ties);
    free(f->first_tie);
    free(f->ring);
    free(f->tied);
    free(f->n_tied);
}

void id_forest_single(id_forest *f, uint32_t node)
{
    const id_node *n = &f->g->nodes[node];

    f->parent[node] = node;
    f->size[node] = n->seen;
    for (size_t k = 0; k < f->n_limited; k++)
        f->values[node * f->n_limited + k] = n->seen && n->type == f->limited[k];
    for (size_t k = 0; k < f->n_attributes; k++) {
        size_t at = node * f->n_attributes + k;
        f->fact[at] = f->known[at];
        f->fact_holders[at] = f->known[at] != 0;
    }
    if (f->tied) {
        f->first_tie[node] = f->tied[node] = PT_ID_NONE;
        f->n_tied[node] = 0;
    }
}

static bool alloc_groups(id_forest *f)
{
    size_t n = (size_t)f->n + 1;

    f->parent = pt_zalloc(n, sizeof *f->parent);
    f->size = pt_zalloc(n, sizeof *f->size);
    f->limited = pt_zalloc(f->g->n_types, 1);
    if (!f->parent || !f->size || !f->limited)
        return false;
    for (size_t t = 0; t < f->g->n_types; t++)
        if (f->g->types[t].limit)
            f->limited[f->n_limited++] = (uint8_t)t;
    f->values = pt_zalloc(f->n * f->n_limited + 1, sizeof *f->values);
    f->fact = pt_zalloc(f->n * f->n_attributes + 1, sizeof *f->fact);
    f->fact_holders = pt_zalloc(f->n * f->n_attributes + 1, sizeof *f->fact_holders);
    return f->values && f->fact && f->fact_holders;
}

static bool alloc_ties(id_forest *f)
{
    size_t n = (size_t)f->n + 1;

    f->first_tie = pt_zalloc(n, sizeof *f->first_tie);
    f->ring = pt_zalloc(n, sizeof *f->ring);
    f->tied = pt_zalloc(n, sizeof *f->tied);
    f->n_tied = pt_zalloc(n, sizeof *f->n_tied);
    return f->first_tie && f->ring && f->tied && f->n_tied;
}

pt_rc id_forest_init(id_forest *f, const pt_identity *g, const uint64_t *known, size_t n_attributes, bool ties,
                     pt_err *err)
{
    *f = (id_forest){.g = g, .n = (uint32_t)g->n_nodes, .known = known, .n_attributes = n_attributes};
    if (!alloc_groups(f) || (ties && !alloc_ties(f)))
        return pt_fail_nomem(err, "groups of identifiers");
    for (uint32_t i = 0; i < f->n; i++)
        id_forest_single(f, i);
    return PT_OK;
}

/* --- rings: of all nodes with ties in a group --------------------------------------------------------------------- */

/* Two rings become one when the successors of any two of their nodes are swapped, and two again when they are swapped
 * back. */
static void swap_successors(id_forest *f, uint32_t x, uint32_t y)
{
    uint32_t next = f->ring[x];

    f->ring[x] = f->ring[y];
    f->ring[y] = next;
}

static void join_rings(id_forest *f, uint32_t to, uint32_t from)
{
    if (!f->n_tied[from])
        return;
    if (f->n_tied[to])
        swap_successors(f, f->tied[to], f->tied[from]);
    else
        f->tied[to] = f->tied[from];
    f->n_tied[to] += f->n_tied[from];
}

static void part_rings(id_forest *f, uint32_t from, uint32_t child)
{
    if (!f->n_tied[child])
        return;
    f->n_tied[from] -= f->n_tied[child];
    if (f->n_tied[from])
        swap_successors(f, f->tied[from], f->tied[child]);
    else
        f->tied[from] = PT_ID_NONE;
}

static void enter_ring(id_forest *f, uint32_t node)
{
    uint32_t root = id_find(f, node);

    if (f->first_tie[node] != PT_ID_NONE)
        return;
    f->ring[node] = node;
    if (f->n_tied[root])
        swap_successors(f, f->tied[root], node);
    else
        f->tied[root] = node;
    f->n_tied[root]++;
}

static void add_tie(id_forest *f, uint32_t node, uint32_t other, uint32_t number)
{
    enter_ring(f, node);
    f->ties[f->n_ties] = (id_tie){other, number, f->first_tie[node]};
    f->first_tie[node] = (uint32_t)f->n_ties++;
}

pt_rc id_tie_apart(id_forest *f, uint32_t a, uint32_t b, uint32_t number, pt_err *err)
{
    if (!pt_grow(&f->ties, &f->cap_ties, f->n_ties + 2, sizeof *f->ties))
        return pt_fail_nomem(err, "decisions");
    add_tie(f, a, b, number);
    add_tie(f, b, a, number);
    return PT_OK;
}

/* The latest decision between the groups of two roots; 0 none. */
static uint32_t kept_apart(const id_forest *f, uint32_t a, uint32_t b)
{
    uint32_t number = 0;

    if (!f->tied || !f->n_tied[a] || !f->n_tied[b])
        return 0;
    uint32_t fewer = f->n_tied[a] < f->n_tied[b] ? a : b, more = fewer == a ? b : a;
    uint32_t node = f->tied[fewer];
    do {
        for (uint32_t t = f->first_tie[node]; t != PT_ID_NONE; t = f->ties[t].next)
            if (f->ties[t].number > number && id_find(f, f->ties[t].other) == more)
                number = f->ties[t].number;
        node = f->ring[node];
    } while (node != f->tied[fewer]);
    return number;
}

/* --- unions ------------------------------------------------------------------------------------------------------- */

uint32_t id_unite(id_forest *f, uint32_t a, uint32_t b)
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
    for (size_t k = 0; k < f->n_attributes; k++) {
        size_t to = a * f->n_attributes + k, from = b * f->n_attributes + k;
        if (!f->fact_holders[to])
            f->fact[to] = f->fact[from];
        f->fact_holders[to] += f->fact_holders[from];
    }
    if (f->tied)
        join_rings(f, a, b);
    return b;
}

void id_detach(id_forest *f, uint32_t child)
{
    uint32_t parent = f->parent[child];

    f->parent[child] = child;
    f->size[parent] -= f->size[child];
    for (size_t k = 0; k < f->n_limited; k++)
        f->values[parent * f->n_limited + k] -= f->values[child * f->n_limited + k];
    for (size_t k = 0; k < f->n_attributes; k++)
        f->fact_holders[parent * f->n_attributes + k] -= f->fact_holders[child * f->n_attributes + k];
    if (f->tied)
        part_rings(f, parent, child);
}

/* --- what a union would break ------------------------------------------------------------------------------------- */

static bool over_limit(pt_id_refused *out, const id_forest *f, uint32_t a, uint32_t b)
{
    for (size_t k = 0; k < f->n_limited; k++) {
        uint32_t count = f->values[a * f->n_limited + k] + f->values[b * f->n_limited + k];
        if (count > f->g->types[f->limited[k]].limit) {
            *out = (pt_id_refused){.reason = PT_ID_OVER_LIMIT, .size = count, .type = f->limited[k]};
            return true;
        }
    }
    return false;
}

static bool other_fact(pt_id_refused *out, const id_forest *f, uint32_t a, uint32_t b)
{
    for (size_t k = 0; k < f->n_attributes; k++) {
        size_t x = a * f->n_attributes + k, y = b * f->n_attributes + k;
        if (f->fact_holders[x] && f->fact_holders[y] && f->fact[x] != f->fact[y]) {
            *out = (pt_id_refused){.reason = PT_ID_OTHER_FACT, .type = (uint8_t)k};
            return true;
        }
    }
    return false;
}

bool id_forbidden(pt_id_refused *out, const id_forest *f, uint32_t a, uint32_t b)
{
    uint32_t number = kept_apart(f, a, b);

    *out = (pt_id_refused){0};
    if (number) {
        *out = (pt_id_refused){.reason = PT_ID_APART, .because = number};
        return true;
    }
    return over_limit(out, f, a, b) || other_fact(out, f, a, b);
}
