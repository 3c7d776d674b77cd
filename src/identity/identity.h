/* Who is who: identifiers -> graph -> customers. Pure: observations and the earlier state in, decisions and the new state
 * out; the same input gives the same output, whatever the order of observations. docs/identity.md.
 *
 * A node is an identifier (type, value). An edge says two nodes belong to one customer: who said so (source, rule), how
 * surely (score), since when. A customer is a connected component under the limits. Edges are append-only. */
#ifndef PT_IDENTITY_IDENTITY_H
#define PT_IDENTITY_IDENTITY_H

#include "base/rows.h"

typedef struct pt_id_type {
    const char *name;
    int priority;   /* 1 strongest */
    uint32_t limit; /* values of this type a customer may have; 0 none */
} pt_id_type;

typedef struct pt_id_options {
    const pt_id_type *types;
    size_t n_types;
    uint32_t max_component; /* nodes; larger components are reported and not merged */
} pt_id_options;

typedef struct pt_identity pt_identity;

pt_rc pt_identity_new(pt_identity **out, const pt_id_options *options, pt_err *err);
void pt_identity_free(pt_identity *g);

/* --- the state before: what earlier builds decided ----------------------------------------------------------------- */

/* Customer `ordinal` has the stable id `id`, made in build `born`; `forward` is the ordinal it was merged into, or its
 * own. Ordinals come in order 0, 1, 2, ... */
pt_rc pt_identity_add_customer(pt_identity *g, pt_sv id, uint32_t born, uint32_t forward, pt_err *err);
/* Identifier `value` of type `type` belonged to customer `ordinal`. */
pt_rc pt_identity_add_node(pt_identity *g, uint32_t type, pt_sv value, uint32_t ordinal, pt_err *err);

/* --- this build ---------------------------------------------------------------------------------------------------- */

/* An identifier was seen. */
pt_rc pt_identity_see(pt_identity *g, uint32_t type, pt_sv value, uint32_t *node, pt_err *err);
/* Two identifiers were seen together (in one row of `source`). The edge is kept once for each pair and source. */
pt_rc pt_identity_link(pt_identity *g, uint32_t a, uint32_t b, uint32_t source, double score, pt_err *err);

typedef struct pt_id_refused {
    uint32_t a, b;    /* nodes of the edge that was not followed, or 0,0 */
    uint32_t size;    /* nodes of the component that was not merged */
    enum { PT_ID_OVER_LIMIT, PT_ID_TOO_LARGE } reason;
    uint32_t type;    /* over which limit */
} pt_id_refused;

typedef struct pt_id_result {
    uint32_t n_nodes;
    const uint32_t *node_ordinal;  /* by node */
    uint32_t n_customers;          /* ordinals in all, merged ones included */
    const uint32_t *forward;       /* by ordinal: itself, or the customer it is now part of */
    const pt_sv *ids;              /* by ordinal */
    uint32_t n_new, n_merged, n_split, n_live;
    const pt_id_refused *refused;
    size_t n_refused;
} pt_id_result;

/* Settles customers. Edges are followed in order of strength (types' priority, then score, then first seen, then value), so
 * that a limit drops the weakest. A component keeps the oldest customer id among its nodes; others forward to it. A split
 * leaves the id with the part that holds its strongest identifier. New customers get the next ordinals in order of their
 * strongest identifier. Valid until the graph is freed. */
pt_rc pt_identity_resolve(const pt_id_result **out, pt_identity *g, uint32_t build, pt_err *err);
pt_sv pt_identity_node_value(const pt_identity *g, uint32_t node, uint32_t *type);

/* --- the customer directory: what serving reads (a file in app/; bytes here) ------------------------------------------ */

typedef struct pt_directory pt_directory;
/* Writes ordinals, ids, forwards, and the identifier -> ordinal hash through `sink`. */
pt_rc pt_directory_write(const pt_identity *g, const pt_id_result *r,
                         pt_rc (*sink)(void *ctx, const void *bytes, size_t n, pt_err *err), void *ctx, pt_err *err);
/* A view over bytes that must outlive it; validates. Any number of threads. */
pt_rc pt_directory_open(pt_directory **out, const void *bytes, size_t n, pt_err *err);
void pt_directory_close(pt_directory *d);
uint32_t pt_directory_ordinals(const pt_directory *d);
size_t pt_directory_types(const pt_directory *d);
const char *pt_directory_type_name(const pt_directory *d, size_t type);
pt_sv pt_directory_id(const pt_directory *d, uint32_t ordinal);
uint64_t pt_directory_id_hash(const pt_directory *d, uint32_t ordinal); /* pt_hash64 of the id */
const uint64_t *pt_directory_id_hashes(const pt_directory *d);          /* by ordinal */
uint32_t pt_directory_forward(const pt_directory *d, uint32_t ordinal);
/* Ordinal (forwarded) of a stable id, or of an identifier value of the given type (-1: any type, by priority).
 * UINT32_MAX when unknown. */
uint32_t pt_directory_find_id(const pt_directory *d, pt_sv id);
uint32_t pt_directory_find(const pt_directory *d, int type, pt_sv value);
/* The k-th identifier of a customer; false past the last. */
bool pt_directory_identifier(const pt_directory *d, uint32_t ordinal, uint32_t k, uint32_t *type, pt_sv *value);

#endif
