/* Columns of records from texts: distinct values numbered, their characters laid out for tests. Everything is in one arena. */
#ifndef PT_LINK_COLUMNS_H
#define PT_LINK_COLUMNS_H

#include "link/link.h"

enum { PT_LINK_COLUMNS_MAX = 128 }; /* as pt_link_mask has bits */

/* Zero-initialised but for `arena`, and `pool` where there is one. */
typedef struct pt_link_table {
    pt_arena *arena;
    pt_pool *pool;           /* works values out; NULL: the caller's thread does. Columns are the same either way */
    pt_link_records records; /* of `columns` */
    pt_link_column columns[PT_LINK_COLUMNS_MAX];
    const pt_sv *texts[PT_LINK_COLUMNS_MAX]; /* by column, by code: the distinct values */
    /* Asked now and then while values are worked out; when it says so that ends with PT_ECANCELED. NULL: nobody is asked. */
    bool (*stop)(const void *ctx);
    const void *stop_ctx;
} pt_link_table;

/* A column of n values, one a record; an empty text is missing. All columns have the same n. *column is its number. */
pt_rc pt_link_add_texts(pt_link_table *t, const char *name, const pt_sv *values, uint32_t n, uint32_t *column,
                        pt_err *err);

/* Values of which each record has one: texts[codes[record]], borrowed for as long as the table is there. Code 0, and an empty text:
 * missing. Codes may have any order and gaps. */
typedef struct pt_link_coded {
    const pt_sv *texts; /* by code, n_texts + 1 */
    uint32_t n_texts;
    const uint32_t *codes; /* by record; borrowed while the column is added */
    bool distinct;         /* no text is there twice */
    bool
        untested; /* no test will be made of the column: its characters are not laid out. It is there for what is derived of it */
} pt_link_coded;

/* The same column as pt_link_add_texts makes of the values. */
pt_rc pt_link_add_coded(pt_link_table *t, const char *name, const pt_link_coded *values, uint32_t n, uint32_t *column,
                        pt_err *err);

enum { PT_LINK_ITEMS_MAX = 32 };

/* Whether several threads may work out values with one ctx at the same time. */
typedef enum pt_link_sharing {
    PT_LINK_ONE_THREAD,    /* the caller's, value by value in order */
    PT_LINK_ASCII_THREADS, /* of values that are ASCII, which do not touch ctx */
    PT_LINK_ANY_THREADS
} pt_link_sharing;

/* How a value follows from another one; one of the three. A text is written to `out` (nothing: missing), a number returned (NaN:
 * missing), items written to out[PT_LINK_ITEMS_MAX] in any order, repeats included, and counted (0: missing). */
typedef struct pt_link_derivation {
    const char *name;
    void *ctx;
    void (*text)(void *ctx, pt_str *out, pt_sv value);
    double (*number)(void *ctx, pt_sv value);
    size_t (*items)(void *ctx, uint32_t *out, pt_sv value);
    pt_link_sharing sharing;
} pt_link_derivation;

/* A column whose values follow from those of `from`: worked out once for each distinct value. */
pt_rc pt_link_derive(pt_link_table *t, uint32_t from, const pt_link_derivation *d, uint32_t *column, pt_err *err);

#endif
