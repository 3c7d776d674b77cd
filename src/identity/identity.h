/* Who is who: identifiers -> graph -> customers. Pure: observations and the earlier state in, decisions and the new
 * state out; the same input gives the same output, whatever the order of observations. docs/identity.md.
 * A node is an identifier (type, value). An edge says two nodes belong to one customer: how surely (score), since when.
 * A customer is a group of nodes connected by the edges that limits allow. */
#ifndef PT_IDENTITY_IDENTITY_H
#define PT_IDENTITY_IDENTITY_H

#include "base/hash.h"
#include "base/rows.h"

enum { PT_ID_TYPES_MAX = 127, PT_ID_SIZE = 16 };
#define PT_ID_NONE UINT32_MAX

typedef struct pt_id_type {
    const char *name;
    int priority;   /* 1 strongest; types of one priority are ordered by name */
    uint32_t limit; /* values of this type a customer may have; 0 none */
} pt_id_type;

typedef struct pt_id_options {
    const pt_id_type *types; /* copied */
    size_t n_types;          /* at most PT_ID_TYPES_MAX */
    uint32_t max_component;  /* nodes a customer may have; 0 any number */
} pt_id_options;

/* A stable customer id: 1..15 bytes, the rest zeros. */
typedef struct pt_id_text {
    char text[PT_ID_SIZE];
} pt_id_text;

static inline pt_sv pt_id_sv(const pt_id_text *id)
{
    return (pt_sv){id->text, strnlen(id->text, PT_ID_SIZE)};
}

typedef struct pt_identity pt_identity; /* one thread at a time */

pt_rc pt_identity_new(pt_identity **out, const pt_id_options *options, pt_err *err);
void pt_identity_free(pt_identity *g); /* NULL is fine */

/* --- the state before: what earlier builds decided ---------------------------------------------------------------- */

/* Customer `ordinal` has the stable id `id`, made in build `born`; `forward` is the ordinal it was merged into, or its
 * own. Ordinals come in order 0, 1, 2, ...; `forward` may name one that comes later. */
pt_rc pt_identity_add_customer(pt_identity *g, pt_sv id, uint32_t born, uint32_t forward, pt_err *err);
/* Identifier `value` of type `type` was first counted to customer `home`, which was added before. */
pt_rc pt_identity_add_node(pt_identity *g, uint32_t type, pt_sv value, uint32_t home, pt_err *err);

/* --- this build --------------------------------------------------------------------------------------------------- */

/* An identifier was seen. Nodes are numbered in order of first appearance here or in add_node. */
pt_rc pt_identity_see(pt_identity *g, uint32_t type, pt_sv value, uint32_t *node, pt_err *err);
/* Two identifiers belong together, with `score` 0..1, since build `since`. Repeats are fine: the best score counts. Links with a
 * score below 1 are followed after all others. */
pt_rc pt_identity_link(pt_identity *g, uint32_t a, uint32_t b, double score, uint32_t since, pt_err *err);

/* --- decisions of people, and facts ------------------------------------------------------------------------------- */

/* The number of an identifier that a decision names, whether or not it is seen in this build. One that is not seen is in
 * no customer, but decisions hold through it: what is the same as it is the same. */
pt_rc pt_identity_name(pt_identity *g, uint32_t type, pt_sv value, uint32_t *node, pt_err *err);

/* The number of an identifier that is known already. */
bool pt_identity_find(const pt_identity *g, uint32_t type, pt_sv value, uint32_t *node);

typedef enum pt_id_decision {
    PT_ID_SAME,      /* of one customer; followed before all links */
    PT_ID_DIFFERENT, /* never of one customer */
    PT_ID_PIN        /* as PT_ID_SAME, and links to others are not followed; a == b pins one alone */
} pt_id_decision;

/* Where decisions contradict each other, the one with the higher number holds. Repeats are fine. */
pt_rc pt_identity_decide(pt_identity *g, pt_id_decision kind, uint32_t a, uint32_t b, uint32_t number, pt_err *err);

enum { PT_ID_ATTRIBUTES_MAX = 64 };
/* What is known of a node: its value of attribute `k` < PT_ID_ATTRIBUTES_MAX, as a hash. A customer never has two values of
 * one attribute. A node that was told two different ones tells none. */
pt_rc pt_identity_fact(pt_identity *g, uint32_t node, uint32_t attribute, uint64_t value, pt_err *err);

/* --- settling ----------------------------------------------------------------------------------------------------- */

typedef enum pt_id_reason {
    PT_ID_OVER_LIMIT,
    PT_ID_TOO_LARGE,
    PT_ID_APART,       /* a decision keeps two identifiers of the joined customer apart */
    PT_ID_PINNED,      /* one end is pinned */
    PT_ID_OTHER_FACT,  /* the two sides have different values of an attribute */
    PT_ID_CONTRADICTED /* of a decision that two are different: a later one says they are the same */
} pt_id_reason;

/* A link or a decision that was not followed. */
typedef struct pt_id_refused {
    uint32_t a, b;     /* nodes; a is the stronger */
    uint32_t size;     /* values of `type`, or nodes (too large), that the joined customer would have had */
    uint32_t decision; /* what was refused is the decision of this number; 0: a link */
    uint32_t because;  /* PT_ID_APART, PT_ID_PINNED: number of the decision against it */
    uint8_t reason;    /* pt_id_reason */
    uint8_t type;      /* over which type's limit; which attribute */
} pt_id_refused;

typedef struct pt_id_result {
    uint32_t n_nodes; /* known before or seen now */
    uint32_t n_seen;
    const uint32_t *node_home;    /* by node; gone nodes keep the home they had; PT_ID_NONE: named, but never seen */
    const uint32_t *node_ordinal; /* by node: its customer now; PT_ID_NONE when not seen in this build */
    uint32_t n_customers;         /* ordinals in all, merged ones included */
    const uint32_t *forward;      /* by ordinal: itself, or the customer it is now part of */
    const uint32_t *born;         /* by ordinal */
    const pt_id_text *ids;        /* by ordinal */
    uint32_t n_new;               /* customers made in this build: the last n_new ordinals */
    uint32_t n_merged;            /* earlier customers that forward since this build */
    uint32_t n_split;             /* earlier customers that came apart */
    uint32_t n_live;              /* customers with an identifier */
    const pt_id_refused *refused; /* decisions, the latest first; links in order of strength */
    size_t n_refused;
} pt_id_result;

/* Settles customers, once. docs/identity.md, "Which links are followed" and "Ids and ordinals", is the definition.
 * The result is valid until the graph is freed. */
pt_rc pt_identity_resolve(const pt_id_result **out, pt_identity *g, uint32_t build, pt_err *err);
pt_sv pt_identity_node_value(const pt_identity *g, uint32_t node, uint32_t *type);

/* --- the customer directory: what serving reads (a file in app/; bytes here) -------------------------------------- */

typedef struct pt_directory pt_directory;

/* Writes ids, forwards, and the identifiers of every customer through `sink`, in order. */
pt_rc pt_directory_write(const pt_identity *g, const pt_id_result *r,
                         pt_rc (*sink)(void *ctx, const void *bytes, size_t n, pt_err *err), void *ctx, pt_err *err);
/* A view over bytes that must outlive it, 64-byte aligned. Checks header and bounds now, contents when they are first
 * touched; then a lookup that meets damage finds nothing and pt_directory_damage tells. Any number of threads. */
pt_rc pt_directory_open(pt_directory **out, const void *bytes, size_t n, pt_err *err);
void pt_directory_close(pt_directory *d); /* NULL is fine */
/* PT_ECORRUPT once a lookup has met a damaged block. */
pt_rc pt_directory_damage(const pt_directory *d, pt_err *err);
/* Checks every block. */
pt_rc pt_directory_verify(const pt_directory *d, pt_err *err);
/* Names the contents: equal for equal directories. */
pt_hash128 pt_directory_fingerprint(const pt_directory *d);
uint32_t pt_directory_ordinals(const pt_directory *d);
uint32_t pt_directory_live(const pt_directory *d); /* customers with an identifier */
uint64_t pt_directory_identifiers(const pt_directory *d);
size_t pt_directory_types(const pt_directory *d);                       /* strongest first */
const char *pt_directory_type_name(const pt_directory *d, size_t type); /* "" when out of range */
pt_sv pt_directory_id(const pt_directory *d, uint32_t ordinal);
uint64_t pt_directory_id_hash(const pt_directory *d, uint32_t ordinal); /* pt_hash64 of the id */
const uint64_t *pt_directory_id_hashes(const pt_directory *d);          /* by ordinal; NULL when damaged */
uint32_t pt_directory_forward(const pt_directory *d, uint32_t ordinal);
/* Ordinal (forwarded) of a stable id, or of an identifier value of the given type (-1: any type, by priority).
 * PT_ID_NONE when unknown. */
uint32_t pt_directory_find_id(const pt_directory *d, pt_sv id);
uint32_t pt_directory_find(const pt_directory *d, int type, pt_sv value);
/* The k-th identifier of a customer, strongest first; false past the last. */
bool pt_directory_identifier(const pt_directory *d, uint32_t ordinal, uint32_t k, uint32_t *type, pt_sv *value);

#endif
