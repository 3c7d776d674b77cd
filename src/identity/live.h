/* The identity graph resident in memory, for a server: one link or one decision at a time is followed or taken back, and only
 * what hangs together with it is settled again. Whatever the order of calls, the groups and ids are those that
 * pt_identity_resolve would give for the same links, decisions and state before (docs/identity.md, "Live"). Pure, as
 * identity.h. One thread at a time. */
#ifndef PT_IDENTITY_LIVE_H
#define PT_IDENTITY_LIVE_H

#include "identity/identity.h"

typedef struct pt_live pt_live;

pt_rc pt_live_new(pt_live **out, const pt_id_options *options, pt_err *err);
void pt_live_free(pt_live *l); /* NULL is fine */

/* What earlier builds decided, before anything else: as the functions of these names in identity.h. */
pt_rc pt_live_add_customer(pt_live *l, pt_sv id, uint32_t born, uint32_t forward, pt_err *err);
pt_rc pt_live_add_node(pt_live *l, uint32_t type, pt_sv value, uint32_t home, pt_err *err);

/* --- before and after pt_live_start ------------------------------------------------------------------------------- */

/* What an operation changed; valid until the next one. After an operation that failed, all is as it was. */
typedef struct pt_live_change {
    const uint32_t *nodes; /* whose customer is another one now, or that have one for the first time */
    size_t n_nodes;
    size_t n_touched; /* nodes that were settled again */
} pt_live_change;

/* An identifier is seen; from now on it is in a customer. */
pt_rc pt_live_see(pt_live *l, uint32_t type, pt_sv value, uint32_t *node, pt_err *err);
/* The number of an identifier that only a decision may name. */
pt_rc pt_live_name(pt_live *l, uint32_t type, pt_sv value, uint32_t *node, pt_err *err);
/* Follows a link between two nodes that are seen. *bond names it for pt_live_undo; repeats are links of their own. */
pt_rc pt_live_link(pt_live *l, uint32_t a, uint32_t b, double score, uint32_t since, uint32_t *bond, pt_err *err);
pt_rc pt_live_decide(pt_live *l, pt_id_decision kind, uint32_t a, uint32_t b, uint32_t number, uint32_t *bond,
                     pt_err *err);
/* Takes a link or a decision back. Its name may be given to another one. */
pt_rc pt_live_undo(pt_live *l, uint32_t bond, pt_err *err);

/* Settles all that was given so far; from now on every call settles what it changes. New customers are born in `build`. */
pt_rc pt_live_start(pt_live *l, uint32_t build, pt_err *err);
/* Of the last call that changed something. */
pt_live_change pt_live_changed(const pt_live *l);

/* --- looking ------------------------------------------------------------------------------------------------------ */

uint32_t pt_live_nodes(const pt_live *l);
uint32_t pt_live_customers(const pt_live *l);              /* ordinals in all */
uint32_t pt_live_ordinal(const pt_live *l, uint32_t node); /* its customer; PT_ID_NONE when not seen */
uint32_t pt_live_home(const pt_live *l, uint32_t node);    /* PT_ID_NONE: none yet */
uint32_t pt_live_forward(const pt_live *l, uint32_t ordinal);
const pt_id_text *pt_live_id(const pt_live *l, uint32_t ordinal);
/* The node of an identifier; PT_ID_NONE when there is none. */
uint32_t pt_live_find(const pt_live *l, uint32_t type, pt_sv value);

#endif
