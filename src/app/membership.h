/* Why a customer is, or is not, in a segment: the condition as a tree, each leaf true, false or missing, what was found,
 * the events that prove it, what would make it otherwise, and when it changes by time alone (docs/why.md). */
#ifndef PT_APP_MEMBERSHIP_H
#define PT_APP_MEMBERSHIP_H

#include "app/app.h"
#include "app/requirement.h"
#include "segment/logic.h"

/* What a leaf rests on: a tag, an aggregate or a sequence, and what it is for this customer. */
typedef struct pt_ground {
    int tag; /* -1: an aggregate, sequence or funnel */
    const char *text;
    pt_column value;        /* row 0 */
    const char *definition; /* of a tag: canonical text; NULL when a query or a list gives it */
    const pt_proof *proofs; /* the aggregates in it (of a tag: in its definition), with their events */
    size_t n_proofs;
    const struct pt_ground *parts; /* the tags that a tag's definition uses, with their values; no further */
    size_t n_parts;
} pt_ground;

typedef struct pt_leaf_finding {
    const char *text;
    int segment;   /* a list or static segment that the leaf is; -1: it is none */
    uint8_t value; /* 0, 1 or PT_BOOL_MISSING */
    bool decisive;
    const pt_ground *grounds;
    size_t n_grounds;
    pt_requirement require[2]; /* to be false, to be true; that of the value it has is not filled in */
    int64_t changes_at;        /* by time alone; INT64_MAX: not for 400 days */
    uint8_t changes_to;
} pt_leaf_finding;

typedef struct pt_membership {
    const char *text; /* the condition in canonical form */
    int segment;      /* number of the saved segment that was asked about; -1: an expression */
    pt_sv customer;   /* the stable id */
    int64_t as_of;
    uint8_t verdict; /* the evaluator's: 1 is a member */
    int64_t changes_at;
    uint8_t changes_to;
    pt_logic_tree tree;
    const pt_leaf_finding *leaves; /* by leaf of the tree */
    const pt_path *paths;          /* of one who is no member: the smallest sets of changes that would make one */
    size_t n_paths;
    const pt_catalog *catalog; /* what trees refer to */
    const pt_events *events;   /* by source number: where proofs point */
} pt_membership;

/* `what` is a condition or the name of a saved segment. Problems in it go to `diags`, and PT_EINVAL is returned. */
pt_rc pt_app_membership(const pt_membership **out, pt_app *app, pt_sv what, const pt_explain_options *options,
                        pt_diags *diags, pt_arena *arena, pt_err *err);

/* Whether `what` is a condition and no tag's name: what is explained as membership. Problems are not reported. */
bool pt_app_is_condition(pt_app *app, pt_sv what, pt_arena *arena);

#endif
