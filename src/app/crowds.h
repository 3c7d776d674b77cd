/* Who satisfies a condition: segments typed by hand or saved, counted and spread over the values of a tag, as of the last
 * build. */
#ifndef PT_APP_CROWDS_H
#define PT_APP_CROWDS_H

#include "app/app.h"

typedef struct pt_crowd_options {
    unsigned threads;  /* 0: all cores */
    pt_cancel *cancel; /* may be NULL */
} pt_crowd_options;

/* The members that have one value of a tag (or, of a list, an item). */
typedef struct pt_crowd_part {
    pt_sv text;             /* the value; ptr NULL: see low and high, or a missing value */
    double low, high;       /* numbers, dates, times and money in their own units (base/type.h), both included */
    bool missing;           /* those without a value */
    uint64_t members, base; /* how many of the crowd and of all customers */
} pt_crowd_part;

typedef struct pt_crowd_count {
    uint64_t members, customers;
    int64_t as_of;
    const char *text; /* the condition in canonical form */
    int by;           /* tag number, -1: not asked for */
    const pt_crowd_part
        *parts; /* values by frequency among members, of lists an item each; numbers and times in order, of
                                   many values in ranges; last those without a value */
    size_t n_parts;
} pt_crowd_count;

/* Counts those for whom `condition` is true; empty: all. `by` is a tag's name, or empty. Problems in the condition go to
 * `diags`, and PT_EINVAL is returned. */
pt_rc pt_app_count(pt_crowd_count *out, pt_app *app, pt_sv condition, pt_sv by, const pt_crowd_options *options,
                   pt_diags *diags, pt_arena *arena, pt_err *err);

#endif
