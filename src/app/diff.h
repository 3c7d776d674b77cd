/* What changed from one kept generation to another: definitions, distributions of tags, customers who moved between the values of
 * a tag, customers who came and went, figures of the data. docs/diff.md explains the measures and thresholds. */
#ifndef PT_APP_DIFF_H
#define PT_APP_DIFF_H

#include "app/app.h"
#include "app/definitions.h"

typedef enum pt_moved { PT_MOVED_NOT, PT_MOVED_SOME, PT_MOVED_MUCH } pt_moved;

typedef enum pt_diff_kind {
    PT_DIFF_COVERAGE, /* values cannot be compared: another type, or too many different ones; only coverage counts */
    PT_DIFF_PSI,      /* of shares of values, missing among them */
    PT_DIFF_KS        /* greatest distance of the cumulative shares */
} pt_diff_kind;

/* One value's share of all customers, or of a list's items; ptr NULL: missing. */
typedef struct pt_diff_share {
    pt_sv value;
    double before, after;
} pt_diff_share;

/* Customers of both generations, by the value they had and have. */
typedef struct pt_diff_moves {
    const pt_sv *values; /* ptr NULL: missing, the last */
    size_t n;
    const uint64_t *counts; /* [before * n + after] */
    uint64_t moved;
} pt_diff_moves;

typedef struct pt_diff_tag {
    const char *name;
    int tag; /* of the project as it is; -1: no longer in it */
    bool in_before, in_after;
    bool redefined; /* its definition has changed */
    pt_diff_kind measure;
    double distance;                  /* PSI or KS */
    double limit;                     /* what chance alone hardly exceeds, for so many customers */
    double known_before, known_after; /* shares of customers with a value */
    bool has_means;
    pt_type type;
    double mean_before, mean_after; /* of numbers; dates and the like in their own units */
    const pt_diff_share *shares;    /* the values whose shares moved most */
    size_t n_shares;
    pt_moved moved;
    const pt_diff_moves *moves; /* of tags with steps or few values; NULL for others */
} pt_diff_tag;

typedef struct pt_diff_count {
    const char *name;     /* "rows.orders" */
    double before, after; /* NaN: not there */
} pt_diff_count;

typedef struct pt_diff {
    const char *from, *to; /* generations */
    int64_t as_of_from, as_of_to, built_from, built_to;
    const pt_definition_change *changes;
    size_t n_changes;
    uint64_t customers_from, customers_to, customers_new, customers_gone, customers_merged;
    const pt_diff_tag *tags; /* the worst first */
    size_t n_tags;
    const pt_diff_count *counts; /* that differ, the most first */
    size_t n_counts;
} pt_diff;

/* `from` and `to`: names of generations, NULL for the one before the last and the last. PT_ENOTFOUND when there is no such. */
pt_rc pt_app_diff(const pt_diff **out, pt_app *app, const char *from, const char *to, pt_arena *arena, pt_err *err);

#endif
