/* Identity by hand: `portrait identity merge`, `split`, `pin`, `unpin`, `undo`, `list`. A decision is appended to the log at
 * once (app/decisions.h) and applied by the next build; what that will change is worked out here (docs/identity.md,
 * "Decisions"). */
#ifndef PT_APP_HANDS_H
#define PT_APP_HANDS_H

#include "app/decisions.h"
#include "identity/identity.h"

typedef enum pt_hand_act { PT_HAND_MERGE, PT_HAND_SPLIT, PT_HAND_PIN, PT_HAND_UNPIN, PT_HAND_UNDO } pt_hand_act;

typedef struct pt_hand_request {
    pt_hand_act act;
    const char *const *args; /* customers as people write them; of a split one customer, then identifiers of it */
    size_t n_args;
    uint32_t undoes; /* of an undo, which has no args */
    pt_sv by, why;
    bool dry_run; /* nothing is appended */
} pt_hand_request;

/* A customer before or after. */
typedef struct pt_hand_customer {
    const char *id; /* NULL: one that the build will make */
    uint32_t identifiers;
    uint64_t rows;        /* of all sources, as they were built */
    const char *survivor; /* of one before that is gone after: the id it forwards to; else NULL */
} pt_hand_customer;

/* An identifier of these customers. */
typedef struct pt_hand_identifier {
    pt_sv type, value;
    size_t before, after; /* places in `before` and `after` */
} pt_hand_identifier;

/* A decision that stands and will not be followed. */
typedef struct pt_hand_refused {
    const pt_decision *decision;
    pt_id_reason reason;
    const char *type; /* over whose limit; NULL otherwise */
    uint32_t size;    /* as in pt_id_refused */
    uint32_t because; /* the decision against it; 0 none */
} pt_hand_refused;

/* What the next build changes, as far as it is decided by hand: customers that are not as they were. */
typedef struct pt_hand_change {
    bool unknown;    /* too much hangs together to say */
    bool rows_known; /* false when sources are not as they were when the last build ran */
    const pt_hand_customer *before, *after;
    size_t n_before, n_after;
    const pt_hand_identifier *identifiers; /* strongest first */
    size_t n_identifiers;
    const pt_hand_refused *refused; /* of this decision's rows */
    size_t n_refused;
} pt_hand_change;

typedef struct pt_hand_result {
    uint32_t number; /* of the decision; that it would have, on a dry run */
    const pt_decision *rows;
    size_t n_rows;
    pt_hand_change change;
} pt_hand_result;

/* PT_ENOTFOUND for a customer, identifier or decision that is not there, PT_EINVAL where there is nothing to decide, PT_EBUSY
 * while another process holds the data directory. In the arena. */
pt_rc pt_app_hand(pt_hand_result *out, pt_app *app, const pt_hand_request *request, pt_arena *arena, pt_err *err);

typedef struct pt_hand_entry {
    const pt_decision *rows; /* of one number */
    size_t n_rows;
    uint32_t undone_by;  /* 0: it stands */
    bool waits;          /* no build has applied it yet */
    const char *refused; /* why the last build did not follow it (identity.refused.reason); NULL: it did */
} pt_hand_entry;

typedef struct pt_hand_list {
    const pt_hand_entry *items;
    size_t n;
} pt_hand_list;

pt_rc pt_app_hands(pt_hand_list *out, pt_app *app, pt_arena *arena, pt_err *err);

#endif
