/* Order of strength. Nodes get places: by type, strongest first, then by value. Edges between places sort so that a
 * limit, which drops what comes last, drops the weakest. */
#include <stdlib.h>

#include "identity/graph_int.h"

static pt_rc place_type(pt_identity *g, uint8_t type, uint32_t base, pt_err *err)
{
    const id_values *v = &g->values[type];
    uint32_t n = pt_intern_count(v->texts);
    uint32_t *rank = pt_zalloc((size_t)n + 1, sizeof *rank);
    pt_rc rc = rank ? pt_intern_rank(v->texts, rank, err) : pt_fail_nomem(err, "the order of identifiers");

    for (uint32_t code = 1; rc == PT_OK && code <= n; code++) {
        uint32_t place = base + rank[code] - 1, node = v->node[code - 1];
        g->place[node] = place;
        g->node_at[place] = node;
    }
    free(rank);
    return rc;
}

pt_rc id_order_nodes(pt_identity *g, pt_err *err)
{
    uint32_t base = 0;

    g->node_at = pt_zalloc(g->n_nodes + 1, sizeof *g->node_at);
    g->place = pt_zalloc(g->n_nodes + 1, sizeof *g->place);
    if (!g->node_at || !g->place)
        return pt_fail_nomem(err, "the order of identifiers");
    for (size_t r = 0; r < g->n_types; r++) {
        uint8_t type = g->type_of_rank[r];
        PT_TRY(place_type(g, type, base, err));
        base += pt_intern_count(g->values[type].texts);
    }
    return PT_OK;
}

/* --- edges: a stable radix sort, one field after the other, the least important first ----------------------------- */

typedef enum edge_field { FIELD_A, FIELD_B, FIELD_SINCE, FIELD_SCORE, FIELD_CLASS, FIELD_DOUBT } edge_field;

static uint8_t rank_at(const pt_identity *g, uint32_t place)
{
    return g->rank[g->nodes[g->node_at[place]].type];
}

static uint32_t field_of(const pt_identity *g, const id_edge *e, edge_field field)
{
    uint32_t bits;

    if (field == FIELD_DOUBT && id_is_sure(e))
        return 0;
    switch (field) {
    case FIELD_A: return e->a;
    case FIELD_B: return e->b;
    case FIELD_SINCE: return id_is_sure(e) ? e->since : 0; /* likenesses are found anew by each build */
    case FIELD_SCORE:
    case FIELD_DOUBT:
        /* Floats that are not negative compare as their bits do; the complement puts the highest first. */
        memcpy(&bits, &e->score, sizeof bits);
        return ~bits;
    case FIELD_CLASS: break;
    }
    /* The weaker end counts first. */
    return (uint32_t)rank_at(g, e->b) << 8 | rank_at(g, e->a);
}

/* One pass by one byte of a field; false when all edges have the same byte, and nothing was moved. */
static bool scatter(const pt_identity *g, id_edge *to, const id_edge *from, size_t n, edge_field field, unsigned shift)
{
    size_t start[256] = {0}, at = 0;

    for (size_t i = 0; i < n; i++)
        start[field_of(g, &from[i], field) >> shift & 255]++;
    if (start[field_of(g, &from[0], field) >> shift & 255] == n)
        return false;
    for (size_t d = 0; d < 256; d++) {
        size_t count = start[d];
        start[d] = at;
        at += count;
    }
    for (size_t i = 0; i < n; i++)
        to[start[field_of(g, &from[i], field) >> shift & 255]++] = from[i];
    return true;
}

static void sort_by(const pt_identity *g, id_edge **edges, id_edge **spare, size_t n, edge_field field)
{
    for (unsigned shift = 0; shift < 32; shift += 8) {
        if (scatter(g, *spare, *edges, n, field, shift)) {
            id_edge *swap = *edges;
            *edges = *spare;
            *spare = swap;
        }
    }
}

static size_t drop_repeats(id_edge *edges, size_t n)
{
    size_t kept = 1;

    for (size_t i = 1; i < n; i++)
        if (edges[i].a != edges[kept - 1].a || edges[i].b != edges[kept - 1].b)
            edges[kept++] = edges[i];
    return kept;
}

/* From nodes to places, the stronger end first. */
static id_edge placed(const pt_identity *g, const id_edge *e)
{
    uint32_t a = g->place[e->a], b = g->place[e->b];

    return a < b ? (id_edge){a, b, e->since, e->score} : (id_edge){b, a, e->since, e->score};
}

pt_rc id_order_edges(const pt_identity *g, id_edge *edges, size_t *n, pt_err *err)
{
    id_edge *spare, *from = edges, *to;

    if (*n == 0)
        return PT_OK;
    if (!(spare = pt_zalloc(*n, sizeof *spare)))
        return pt_fail_nomem(err, "the order of links");
    to = spare;
    for (size_t i = 0; i < *n; i++)
        edges[i] = placed(g, &edges[i]);
    sort_by(g, &from, &to, *n, FIELD_SINCE);
    sort_by(g, &from, &to, *n, FIELD_SCORE);
    sort_by(g, &from, &to, *n, FIELD_B);
    sort_by(g, &from, &to, *n, FIELD_A);
    *n = drop_repeats(from, *n); /* the best score of a pair comes first */
    sort_by(g, &from, &to, *n, FIELD_SINCE);
    sort_by(g, &from, &to, *n, FIELD_SCORE);
    sort_by(g, &from, &to, *n, FIELD_CLASS);
    sort_by(g, &from, &to, *n, FIELD_DOUBT);
    for (size_t i = 0; i < *n; i++)
        edges[i] = (id_edge){g->node_at[from[i].a], g->node_at[from[i].b], from[i].since, from[i].score};
    free(spare);
    return PT_OK;
}
