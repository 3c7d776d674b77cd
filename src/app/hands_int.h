/* Shared by hands.c (from what people ask to decisions) and hands_change.c (what decisions will change). */
#ifndef PT_APP_HANDS_INT_H
#define PT_APP_HANDS_INT_H

#include "app/hands.h"
#include "app/resolve_int.h"
#include "app/view.h"

/* An identifier of the component. */
typedef struct hand_node {
    pt_sv type, value;
    uint32_t kind;   /* place in the project's types */
    uint32_t home;   /* ordinal, or PT_ID_NONE */
    bool seen;       /* in the last build */
    uint32_t before; /* ordinal in the last build; PT_ID_NONE */
    uint32_t after;  /* ordinal, or from hand_component.n_ordinals on for new ones; PT_ID_NONE */
} hand_node;

typedef struct hand_link {
    uint32_t a, b; /* nodes */
    double score;
    uint32_t since;
} hand_link;

typedef struct hand_owner {
    uint32_t ordinal, born, forward;
    uint32_t forward_after; /* as hand_node.after */
    const char *id;
} hand_owner;

/* All that hangs together with some identifiers by links and decisions, whether they are followed or not: what becomes of these
 * does not depend on anything else. */
typedef struct hand_component {
    const pt_project *project;
    const pt_directory *directory; /* of the last build */
    pt_arena *arena;
    hand_node *nodes; /* strongest first */
    size_t n_nodes;
    hand_link *links;
    size_t n_links;
    hand_owner *owners; /* customers that are home of a node, by ordinal */
    size_t n_owners;
    uint32_t n_ordinals;
    uint32_t build; /* the next one */
    bool too_large;
    bool sure_only; /* settle as if there were no likenesses */
} hand_component;

enum { HAND_MOST_NODES = 20000 };

/* Around the identifiers that `rows` name, with the links that stand and the decisions of `all`. */
pt_rc hand_gather(hand_component *out, const pt_view *v, const pt_decisions *all, const pt_decision *rows,
                  size_t n_rows, pt_conn *c, pt_arena *arena, pt_err *err);
/* The place of an identifier in `nodes`; -1 when it is not there. */
int64_t hand_find(const hand_component *h, const pt_decision_end *end);
/* Settles the component under `decisions`: fills `after`, and the decisions among them that were refused (NULL: not asked). */
pt_rc hand_settle(hand_component *h, const pt_decisions *decisions, pt_hand_refused **refused, size_t *n_refused,
                  pt_err *err);
/* Compares before and after. */
pt_rc hand_compare(pt_hand_change *out, const hand_component *h, pt_conn *c, pt_err *err);

#endif
