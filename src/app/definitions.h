/* What a project defines, piece by piece, as texts that are equal exactly when the pieces mean the same: kept in the manifest of
 * each generation, so that a later plan or diff can say what has changed since and how it read before.
 *
 *   "tag spend_365d"         the expression as lang prints it, or the query; then what else decides values
 *   "column orders.amount"   type and where it comes from
 *   "rows orders"            files, format, time, identifiers with their normal forms
 *   "rule orders drop when amount is missing"   each line of `clean`; the pairs of a map
 *   "read orders", "clean orders"               hashes of all that reading, and cleaning after it, depend on
 *   "version spend_365d"     its declared version
 *   "segment at_risk"        its condition, or the file of its ids and a hash of the file
 *   "circle household"       what its customers share, how many there may be
 *   "identity", "project"    types, limits, blocked values; the zone */
#ifndef PT_APP_DEFINITIONS_H
#define PT_APP_DEFINITIONS_H

#include "app/generation.h"
#include "project/project.h"

/* Sorted by name. The project must be sound. */
pt_rc pt_definitions_of(const pt_manifest_text **out, size_t *n, const pt_project *p, pt_arena *arena, pt_err *err);
/* False for hashes and versions, which say nothing of their own. */
bool pt_definition_is_shown(const char *name);
/* The text of that name, or NULL. */
const char *pt_definition_find(const pt_manifest_text *list, size_t n, const char *name);

typedef enum pt_change_kind { PT_CHANGE_NEW, PT_CHANGE_CHANGED, PT_CHANGE_GONE } pt_change_kind;

typedef struct pt_definition_change {
    pt_change_kind kind;
    const char *name;           /* "tag spend_365d" */
    const char *before, *after; /* NULL: not there */
} pt_definition_change;

/* What differs between two sorted lists, by name. */
pt_rc pt_definitions_compare(const pt_definition_change **out, size_t *n_out, const pt_manifest_text *before,
                             size_t n_before, const pt_manifest_text *after, size_t n_after, pt_arena *arena,
                             pt_err *err);

#endif
