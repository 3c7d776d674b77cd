/* How a customer came to be: `portrait identity history` and `show`. Read from the log of the raw store (docs/identity.md, "In
 * the store"). */
#ifndef PT_APP_IDENTITY_HISTORY_H
#define PT_APP_IDENTITY_HISTORY_H

#include "app/decisions.h"

typedef enum pt_past_kind {                   /* in the order in which a build does them */
                            PT_PAST_BORN,     /* customer `id` was made */
                            PT_PAST_SEEN,     /* identifier `a` was first seen, and counted to `id` */
                            PT_PAST_LINKED,   /* `a` and `b` by `source`, `rule`, with `score` */
                            PT_PAST_UNLINKED, /* nothing in `source` says so any more */
                            PT_PAST_MOVED,    /* `a` left `id` for `other` */
                            PT_PAST_MERGED,   /* customer `id` became part of `other` */
                            PT_PAST_PARTED,   /* customer `id` is one of its own again */
                            PT_PAST_REFUSED, /* the link or decision between `a` and `b` was not followed in the latest build: `reason` */
                            PT_PAST_DECIDED /* after that build: `decision` */
} pt_past_kind;

const char *pt_past_kind_name(pt_past_kind kind); /* "born", ...: stable */

typedef struct pt_past_event {
    pt_past_kind kind;
    uint32_t build; /* of identity */
    int64_t at;     /* PT_I64_MISSING where no time was kept */
    pt_decision_end a, b;
    pt_sv id, other;
    pt_sv source, rule;
    double score;
    bool ended; /* of a link: not standing any more; of a decision: undone */
    pt_sv reason;
    uint32_t number;             /* of the decision that was refused; 0: a link */
    uint32_t because;            /* decision against it; 0 none */
    const pt_decision *decision; /* its rows about these identifiers; the first of them */
} pt_past_event;

typedef struct pt_past_story {
    const char *id;              /* the customer it is about, as it is now */
    const char *asked;           /* the id that was asked for, when it forwards to that; else NULL */
    const pt_decision_end *of;   /* the identifier that was asked for; NULL: the whole customer */
    const pt_past_event *events; /* oldest first */
    size_t n;
    bool cut; /* there are more than are listed */
} pt_past_story;

enum { PT_PAST_MOST = 1000 /* events of one kind */ };

/* `who` as for pt_app_profile: a customer's id tells of the customer and all that became part of it, an identifier of itself. */
pt_rc pt_app_past(pt_past_story *out, pt_app *app, pt_sv who, pt_arena *arena, pt_err *err);

#endif
