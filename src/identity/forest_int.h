/* Groups while they are being settled: a forest in which a union can be taken back, and what a union would break. There is
 * no path compression while settling in order, only union by size: so a union can be taken back, newest first. */
#ifndef PT_IDENTITY_FOREST_INT_H
#define PT_IDENTITY_FOREST_INT_H

#include "identity/graph_int.h"

/* That a node may not be in the group of another one; in a list of its node's. */
typedef struct id_tie {
    uint32_t other, number; /* of the decision */
    uint32_t next;          /* tie, or PT_ID_NONE */
} id_tie;

typedef struct id_forest {
    const pt_identity *g;
    uint32_t n;
    uint32_t *parent; /* its own at a root */
    uint32_t *size; /* nodes seen below and at a root; what it was when attached elsewhere. So are the others by root */
    size_t n_limited; /* types with a limit */
    uint8_t *limited; /* the types */
    uint32_t *values; /* [root * n_limited + k]: values of limited type k */

    size_t n_attributes;
    const uint64_t *known;  /* [node * n_attributes + k]: its value; 0 none */
    uint64_t *fact;         /* [root * n_attributes + k]: the group's value */
    uint32_t *fact_holders; /* [root * n_attributes + k]: nodes that have it */

    /* Where two are different by decision (n_ties > 0): nodes with ties are in a ring through their group. */
    id_tie *ties;
    size_t n_ties, cap_ties;
    uint32_t *first_tie; /* by node */
    uint32_t *ring;      /* by node with ties: the next one of the group */
    uint32_t *tied;      /* by root: one of the ring, or PT_ID_NONE */
    uint32_t *n_tied;    /* by root */
} id_forest;

/* Every node alone. `known` may be NULL when there are no attributes; it must outlive the forest. */
pt_rc id_forest_init(id_forest *f, const pt_identity *g, const uint64_t *known, size_t n_attributes, bool ties,
                     pt_err *err);
void id_forest_free(id_forest *f);
void id_forest_single(id_forest *f, uint32_t node); /* alone again, without ties */

static inline uint32_t id_find(const id_forest *f, uint32_t i)
{
    while (f->parent[i] != i)
        i = f->parent[i];
    return i;
}

/* Shortens the way; not between a union and taking it back. */
static inline uint32_t id_find_halving(id_forest *f, uint32_t i)
{
    while (f->parent[i] != i)
        i = f->parent[i] = f->parent[f->parent[i]];
    return i;
}

/* Joins two roots; returns the one that was attached. */
uint32_t id_unite(id_forest *f, uint32_t a, uint32_t b);
/* Takes the latest union of a group back. */
void id_detach(id_forest *f, uint32_t child);
/* From now on the groups of a and b, which are not one, may not be joined. */
pt_rc id_tie_apart(id_forest *f, uint32_t a, uint32_t b, uint32_t number, pt_err *err);
/* Whether joining two roots would break a limit, a decision or a fact: fills reason, size, type, because. */
bool id_forbidden(pt_id_refused *out, const id_forest *f, uint32_t a, uint32_t b);

/* --- decide.c ----------------------------------------------------------------------------------------------------- */

/* Puts the decisions in order and follows those in contested components (by node). */
pt_rc id_follow_decisions(pt_identity *g, id_forest *f, const bool *contested, pt_err *err);

/* Who may join pinned customers. Made when decisions were followed and no link yet. Zeros when nobody is pinned. */
typedef struct id_pins {
    uint32_t *by;       /* by node: number of the decision that pins it; 0 none */
    uint32_t *decided;  /* by node: root of its group by decisions alone */
    uint32_t *leads_to; /* by node: the one such group that all its links lead to, all of them sure */
} id_pins;

pt_rc id_pins_init(id_pins *p, const pt_identity *g, const id_forest *f, const id_edge *edges, size_t n_edges,
                   pt_err *err);
void id_pins_free(id_pins *p);
/* The decision against following a link between different groups; 0 none. */
uint32_t id_pinned(const id_pins *p, const id_edge *e);

#endif
