/* Inside identity/: the graph, and the steps of pt_identity_resolve in order. */
#ifndef PT_IDENTITY_GRAPH_INT_H
#define PT_IDENTITY_GRAPH_INT_H

#include "base/intern.h"
#include "identity/identity.h"

typedef struct id_node {
    uint32_t code; /* of the value, among those of its type */
    uint8_t type;
    bool seen;
} id_node;

/* `a` and `b` are nodes; while id_order_edges sorts them, places. */
typedef struct id_edge {
    uint32_t a, b;
    uint32_t since;
    float score;
} id_edge;

/* What is not sure (a likeness of records) is followed last. */
static inline bool id_is_sure(const id_edge *e)
{
    return e->score >= 1;
}

typedef struct id_decision {
    uint32_t a, b; /* nodes, the stronger first once sorted */
    uint32_t number;
    uint8_t kind; /* pt_id_decision */
} id_decision;

typedef struct id_fact {
    uint32_t node, attribute;
    uint64_t value;
} id_fact;

typedef struct id_values {
    pt_intern *texts;
    uint32_t *node; /* by code - 1 */
    size_t cap;
} id_values;

struct pt_identity {
    size_t n_types;
    pt_id_type *types; /* names owned */
    uint32_t max_component;
    uint8_t *rank; /* by type: 0 strongest */
    uint8_t *type_of_rank;
    id_values *values; /* by type */
    id_node *nodes;
    size_t n_nodes, cap_nodes;
    uint32_t *home; /* by node */
    size_t cap_home;
    id_edge *edges;
    size_t n_edges, cap_edges;
    id_decision *decisions;
    size_t n_decisions, cap_decisions;
    id_fact *facts;
    size_t n_facts, cap_facts;
    pt_id_text *ids; /* by ordinal; these three grow together */
    uint32_t *born, *forward;
    size_t n_customers, cap_ids, cap_born, cap_forward;

    /* Set by resolve. A place is a node's position in the order of strength. */
    uint32_t *node_at; /* by place */
    uint32_t *place;   /* by node */
    uint32_t *root;    /* by node: any one node of its group */
    uint32_t *ordinal; /* by node */
    pt_id_refused *refused;
    size_t n_refused, cap_refused;
    pt_id_result result;
    bool resolved;
};

/* Step 1, order.c: node_at and place. */
pt_rc id_order_nodes(pt_identity *g, pt_err *err);
/* Sorts edges into the order in which they are followed, the stronger end of each as `a`, and drops repeats. */
pt_rc id_order_edges(const pt_identity *g, id_edge *edges, size_t *n, pt_err *err);
/* Step 2, settle.c: root and refused. Forgets edges, decisions and facts. */
pt_rc id_settle(pt_identity *g, pt_err *err);
pt_rc id_refuse(pt_identity *g, pt_id_refused refused, pt_err *err);
/* The id of a new customer. */
pt_id_text id_text_of(uint32_t ordinal);
/* Step 3, customers.c: homes, ordinals, forwards, new customers, counts. */
pt_rc id_assign(pt_identity *g, uint32_t build, pt_err *err);

#endif
