/* Timelines: the events of one source, customer by customer and in time order within a customer, in one memory-mapped
 * file (docs/timeline-format.md). A timeline is derived data: it is written beside and renamed into place, carries its
 * format version, checksums and the hash of what made it, and is validated before it is trusted.
 *
 *   offsets[ordinals + 1]  time[events]  column 0 [events]  ...  dictionaries
 */
#ifndef PT_TIMELINE_TIMELINE_H
#define PT_TIMELINE_TIMELINE_H

#include "base/hash.h"
#include "base/pool.h"
#include "base/rows.h"

typedef struct pt_timeline_column {
    const char *name;
    pt_type type;
} pt_timeline_column;

typedef struct pt_timeline_schema {
    const char *source;
    const pt_timeline_column *columns;
    size_t n_columns;
} pt_timeline_schema;

/* --- writing ------------------------------------------------------------------------------------------------------ */

typedef struct pt_timeline_builder pt_timeline_builder;

typedef struct pt_timeline_options {
    uint32_t ordinals;    /* customers; every row's ordinal is below it */
    size_t memory;        /* bytes for rows; beyond it they go to temporary files beside the target, which have no name
                              and so are gone with the process. Dictionaries come on top. 0: 1 GiB; at least 1 MiB */
    unsigned workers;     /* threads that will call add, 0..workers-1 */
    pt_hash128 made_from; /* hash of everything the file is derived from */
} pt_timeline_options;

pt_rc pt_timeline_builder_new(pt_timeline_builder **out, const char *path, const pt_timeline_schema *schema,
                              const pt_timeline_options *options, pt_err *err);
/* Adds rows in any order. Cells: ordinal (U32), time (INSTANT; missing means "from the beginning"), sequence (U64: order
 * of arrival, breaks ties in time; unique), then the schema's columns. Copies. Calls with different `worker` may run at
 * once. An infinite number is stored as missing, and so is a list item that is missing left out. After a failure only
 * abort makes sense. */
pt_rc pt_timeline_builder_add(pt_timeline_builder *b, unsigned worker, const pt_rows *rows, pt_err *err);
/* Sorts, writes, syncs and renames. The bytes do not depend on the order of adds or the number of threads.
 * `pool` may be NULL. Frees the builder, also on failure (then the target is untouched). */
pt_rc pt_timeline_builder_finish(pt_timeline_builder *b, pt_pool *pool, pt_err *err);
void pt_timeline_builder_abort(pt_timeline_builder *b); /* NULL is fine */

/* --- reading ------------------------------------------------------------------------------------------------------ */

typedef struct pt_timeline pt_timeline;

/* Maps a file and checks its header, sizes and version; the data blocks are checked as they are first touched.
 * PT_ECORRUPT names the file and what is wrong. Any number of threads may read one timeline. */
pt_rc pt_timeline_open(pt_timeline **out, const char *path, pt_err *err);
void pt_timeline_close(pt_timeline *t);
uint32_t pt_timeline_ordinals(const pt_timeline *t);
uint64_t pt_timeline_events(const pt_timeline *t);
uint64_t pt_timeline_bytes(const pt_timeline *t);
pt_hash128 pt_timeline_made_from(const pt_timeline *t);
const pt_timeline_schema *pt_timeline_get_schema(const pt_timeline *t);
/* Earliest and latest time with a value; false when there is none. */
bool pt_timeline_span(const pt_timeline *t, int64_t *first, int64_t *last);
/* Checks (once) every block that holds the events of ordinals [first, first+n), and the dictionaries; after PT_OK the
 * arrays below may be read for those customers, and all offsets and codes in them are within bounds. */
pt_rc pt_timeline_check(pt_timeline *t, uint32_t first, uint32_t n, pt_err *err);
/* As above for some columns only (`wanted` by column; NULL: all): a program that reads three columns of twenty need not
 * wait for the others. Of a column that was not checked nothing may be read, its dictionary neither. */
pt_rc pt_timeline_check_columns(pt_timeline *t, uint32_t first, uint32_t n, const bool *wanted, pt_err *err);
/* Whole-file arrays; index events by offsets[ordinal] .. offsets[ordinal + 1]. */
const uint64_t *pt_timeline_offsets(const pt_timeline *t);
const int64_t *pt_timeline_times(const pt_timeline *t);
const pt_column *pt_timeline_columns(const pt_timeline *t);
/* What the builder saw in a column, for reports and for planning; nothing that keeps a reader within bounds may rest on
 * it. least and most (of values that are there) are 0 when there are none and for text, category and list. */
typedef struct pt_timeline_stats {
    uint64_t missing;                 /* events without a value */
    int64_t least, most;              /* bool, money, date, instant, duration */
    double least_number, most_number; /* number */
} pt_timeline_stats;
pt_timeline_stats pt_timeline_get_stats(const pt_timeline *t, size_t column);
/* Tells the system that the events of these ordinals will not be needed again soon (a scan larger than memory). */
void pt_timeline_release(pt_timeline *t, uint32_t first, uint32_t n);

/* --- one customer with rows that are not in the file yet (docs/timeline-format.md, "Room for live events") ---------- */

/* The base's dictionaries with room for texts that only new rows have. For one thread, as an evaluator is; any number of
 * overlays may share a base, which must outlive them. */
typedef struct pt_timeline_overlay pt_timeline_overlay;

/* `wanted` as in pt_timeline_check_columns: other columns are left empty. */
pt_rc pt_timeline_overlay_new(pt_timeline_overlay **out, pt_timeline *base, const bool *wanted, pt_err *err);
void pt_timeline_overlay_free(pt_timeline_overlay *o); /* NULL is fine */

/* Events of one customer, as an evaluator reads them: event e, offsets[0] <= e < offsets[1], of all arrays. */
typedef struct pt_timeline_slice {
    uint64_t offsets[2];
    const int64_t *times;
    const pt_column *columns;
} pt_timeline_slice;

/* The base's events of a customer (none when the ordinal is beyond the base) and `extra` rows of that customer, in order
 * of time; of equal times the base comes first, then by sequence. Cells as for pt_timeline_builder_add; NULL or no rows:
 * nothing is copied. The arrays live in the arena or the base; the dictionaries in the overlay, where they keep their
 * addresses and only grow: new texts get codes after the base's, and a dictionary that has some is not sorted. */
pt_rc pt_timeline_gather(pt_timeline_slice *out, pt_timeline_overlay *o, uint32_t ordinal, const pt_rows *extra,
                         pt_arena *arena, pt_err *err);

#endif
