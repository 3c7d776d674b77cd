/* The stage between raw rows and timelines: identifiers of all sources -> customers. Keeps the tables of schema
 * `identity` (docs/identity.md, "In the store") and writes customers.dir. */
#ifndef PT_APP_STAGE_RESOLVE_H
#define PT_APP_STAGE_RESOLVE_H

#include "app/app.h"
#include "app/generation.h"
#include "app/linking.h"

typedef struct pt_resolve_stats {
    bool kept;          /* nothing had changed: the state of the last time stands; only the first block is filled */
    uint32_t build;     /* of identity: counts the times it was settled */
    uint32_t customers; /* with an identifier */
    uint32_t ordinals;  /* in all: what a timeline needs room for */
    uint64_t identifiers;
    pt_hash128 directory; /* names the outcome: timelines made for an equal one place every row alike */

    uint32_t created, merged, split;
    uint64_t links_added, links_withdrawn; /* since the last time */
    uint64_t refused_limit, refused_large;
    uint64_t refused_decided;   /* links that a decision or a value that may not differ stands against */
    uint64_t decisions_refused; /* that a limit or a later decision stands against */

    /* Linking, where the project asks for it; of a state that was kept nothing. */
    bool linked;
    char link_reason[400];   /* why nothing was compared, in the user's words; "": it was */
    uint64_t records, pairs; /* compared; that may be one person */
    uint64_t likenesses;     /* links that follow */
    uint64_t to_review;      /* pairs for people to decide */
} pt_resolve_stats;

/* Brings identity up to date with the raw tables in one transaction, and puts customers.dir into the draft. `options` are those of
 * linking, which needs the pool. */
pt_rc pt_stage_resolve(pt_resolve_stats *out, const pt_project *p, pt_conn *c, pt_draft *draft,
                       const pt_linking_options *options, pt_err *err);

/* Appends a query with one row for each row of `source` (an event or record source) that belongs to somebody:
 *
 *   SELECT n.ordinal AS _ordinal, s.* FROM clean.<source> AS s JOIN ... AS n ON ...
 *
 * `_ordinal` (UINTEGER) is the customer of the row's strongest identifier, forwarded; below pt_resolve_stats.ordinals.
 * Rows without any identifier are left out. No order. Use it as a subquery; columns not asked for are not read. */
void pt_resolve_join(pt_sql *q, const pt_project *p, size_t source);
/* How many rows of the source pt_resolve_join leaves out. */
pt_rc pt_resolve_unplaced(uint64_t *out, const pt_project *p, size_t source, pt_conn *c, pt_err *err);

#endif
