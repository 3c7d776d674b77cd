/* What cleaning did, rule by rule: for the summary of a build, a dry run, and whoever shows the store. */
#ifndef PT_APP_CLEANING_H
#define PT_APP_CLEANING_H

#include "store/store.h"

typedef struct pt_cleaning_example {
    const char *file; /* NULL where values and not rows were changed (convert, map) */
    uint64_t line;    /* the row's number in the file */
    const char *before,
        *after; /* private values masked; NULL: missing. Of dropped duplicates, `after` is the row kept */
} pt_cleaning_example;

enum { PT_CLEANING_EXAMPLES = 3 };

typedef struct pt_cleaning_rule {
    const char *source, *text;
    const char *kind; /* "convert", "map", "drop", "flag", "fill", "cap", "dedupe" */
    unsigned number;  /* in `clean:`, from 1 */
    uint64_t rows;    /* that the rule saw */
    uint64_t touched;
    uint64_t dropped;    /* into quarantine; of convert: rows that could not be read (pt_read_stats counts those too) */
    uint64_t unread;     /* convert with `else`: rows that stay though their value could not be read */
    const char *learned; /* the value or bounds learned of many rows; NULL: none, one a group, or private */
    pt_cleaning_example examples[PT_CLEANING_EXAMPLES];
    size_t n_examples;
} pt_cleaning_rule;

typedef struct pt_cleaning {
    const pt_cleaning_rule *rules; /* by source and number */
    size_t n_rules;
} pt_cleaning;

/* From a store whose sources were read and cleaned. */
pt_rc pt_cleaning_read(pt_cleaning *out, pt_conn *c, pt_arena *a, pt_err *err);

#endif
