/* Cleaning: the rules of `clean:` that act over whole sources, after reading (docs/cleaning.md). A source is cleaned by a
 * view `clean.<source>` over `raw.<source>`: the same columns, then those that rules add. What rules need to know of the
 * whole source (a median, the rows that are duplicates) is worked out once and kept in tables of the schema `clean` until
 * the rows, the rules or the instant change. Everything after cleaning reads the view. */
#ifndef PT_CLEAN_CLEAN_H
#define PT_CLEAN_CLEAN_H

#include "project/project.h"
#include "store/store.h"

/* Creates the schema and tables when absent. After pt_source_prepare. */
pt_rc pt_clean_prepare(pt_conn *c, pt_err *err);

/* Checks what can be checked without data: the conditions of rules. Problems go to `diags`. `c` may be a connection to a
 * store in memory. */
pt_rc pt_clean_check(const pt_project *p, pt_conn *c, pt_diags *diags, pt_err *err);

/* Brings `clean.<source>` up to date, in one transaction. No row later than `as_of` has an effect on any other. */
pt_rc pt_clean_source(const pt_project *p, size_t source, int64_t as_of, pt_conn *c, pt_err *err);

/* The time of the latest row that the rules before the first one that learns from others leave: an event that is plainly
 * wrong (`drop when time > '2030-01-01'`) must not be what a build is as of. PT_I64_MISSING when there is none. */
pt_rc pt_clean_last_event(int64_t *out, const pt_project *p, size_t source, pt_conn *c, pt_err *err);

/* Whether a column is sensitive or identifies somebody: its values are masked wherever they are shown. */
bool pt_clean_is_private(const pt_source *s, const char *column);

/* The hash of all that the rows of `clean.<source>` came from: what timelines and customers are made from. */
pt_rc pt_clean_hash(pt_hash128 *out, const pt_project *p, size_t source, pt_conn *c, pt_err *err);

/* Drops what belongs to sources that the project no longer has. */
pt_rc pt_clean_sweep(const pt_project *p, pt_conn *c, pt_err *err);

#endif
