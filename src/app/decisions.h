/* What people decided about who is who, by hand (`portrait identity`) or when asked (`portrait link review`): the
 * append-only table identity.decisions of the raw store (docs/identity.md, "Decisions"). Nothing in it is ever changed or
 * deleted; to take a decision back is another decision. A build applies those that stand. */
#ifndef PT_APP_DECISIONS_H
#define PT_APP_DECISIONS_H

#include "app/app.h"

typedef enum pt_decision_kind {
    PT_DECISION_SAME,      /* a and b are of one customer */
    PT_DECISION_DIFFERENT, /* they never are */
    PT_DECISION_PIN,       /* a and b are of a customer that only people change; a == b for one alone */
    PT_DECISION_UNDO       /* decision `undoes` no longer stands; it may itself be undone */
} pt_decision_kind;

const char *pt_decision_kind_name(pt_decision_kind kind); /* "same", ...: stable */

#define PT_DECISION_HAND "hand"
#define PT_DECISION_REVIEW "review"
/* Named by the program, so that what was decided holds: parts of the customers that likenesses alone would hold (docs/identity.md). */
#define PT_DECISION_ALONG "taken along"

/* An identifier in the normal form of its type, as identity.nodes has it. */
typedef struct pt_decision_end {
    pt_sv type, value;
} pt_decision_end;

/* A row. A decision may be several rows of one number, made and undone together. */
typedef struct pt_decision {
    pt_decision_kind kind;
    pt_decision_end a, b; /* not of an undo */
    uint32_t undoes;      /* of an undo */
    pt_sv rule;           /* one of the above */
    pt_sv who, why;       /* one line each; why may be empty */
    /* Set by append: */
    uint32_t number; /* 1, 2, ... in the order in which they were made */
    int64_t at;
    uint32_t build; /* the latest of identity when it was made; 0: none yet */
    bool undone;    /* set by load */
} pt_decision;

typedef struct pt_decisions {
    const pt_decision *items; /* by number; of one number what was taken along last, then by their identifiers */
    size_t n;
} pt_decisions;

enum { PT_DECISION_ROWS = 10000, PT_DECISION_WHO = 200, PT_DECISION_WHY = 2000 /* most bytes */ };

/* Makes the table. */
pt_rc pt_decisions_prepare(pt_conn *c, pt_err *err);
/* Appends rows as one decision, made at `at`; *number is its. In one statement, so that all of it or nothing is there; the
 * caller holds the data directory. PT_EINVAL for texts that are too long, not UTF-8 or more than a line, PT_ENOTFOUND for an
 * undo of what there is not. */
pt_rc pt_decisions_append(uint32_t *number, const pt_decision *rows, size_t n, int64_t at, pt_conn *c, pt_err *err);
/* All of them; none when the store has no such table. In the arena. */
pt_rc pt_decisions_load(pt_decisions *out, pt_conn *c, pt_arena *arena, pt_err *err);

/* Sets `undone` of all from what they say. By number. */
void pt_decisions_mark(pt_decision *items, size_t n);

/* Appends now, to the store of an app that was built: takes the data directory for as long as that takes (PT_EBUSY). */
pt_rc pt_app_decide(uint32_t *number, pt_app *app, const pt_decision *rows, size_t n, pt_err *err);

#endif
