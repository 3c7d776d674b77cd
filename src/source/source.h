/* Reading: files of a source -> typed tables in the raw store. Each file is a table of its own, named by the hash of its
 * contents and of the source's definition, so a build reads only files that are new or changed and a file that is gone
 * leaves no rows. A row that does not fit goes to quarantine with file, line, column and reason. docs/store.md. */
#ifndef PT_SOURCE_SOURCE_H
#define PT_SOURCE_SOURCE_H

#include "project/project.h"
#include "store/store.h"

typedef struct pt_read_stats {
    uint64_t files, files_read, files_kept, files_removed;
    uint64_t rows;           /* in the source now */
    uint64_t rows_read;      /* in this run */
    uint64_t quarantined;    /* in the source now */
    uint64_t ambiguous_keys; /* keys of looked-up references with several values, of which the first counted */
} pt_read_stats;

/* Creates the store's own schemas and tables when absent. */
pt_rc pt_source_prepare(pt_conn *c, pt_err *err);

/* Brings one source up to date in one transaction. Reference sources must be read and cleaned (clean/) before those that look them up (see
 * pt_source_order). `work_dir` is for temporary files (transcoding). */
pt_rc pt_source_read(pt_read_stats *out, const pt_project *p, size_t source, pt_conn *c, const char *work_dir,
                     pt_err *err);
/* Drops the tables and views of sources that the project no longer has. */
pt_rc pt_source_sweep(const pt_project *p, pt_conn *c, pt_err *err);
/* Checks what can be checked without the files: expressions, time formats, encodings. Problems go to `diags`. `c` may be
 * a connection to a store in memory. */
pt_rc pt_source_check(const pt_project *p, pt_conn *c, pt_diags *diags, pt_err *err);
/* Whether the condition of a rule is one expression over the columns of its source: asked before it becomes part of any
 * statement. PT_EINVAL when not. Not inside a transaction. */
pt_rc pt_source_check_condition(const pt_source *s, const char *text, pt_place place, pt_conn *conn, pt_err *err);
/* Checks that `text`, written at `place`, is one SQL expression over one row, of functions that depend on nothing but their
 * arguments; PT_EINVAL says why it is not. *names are the columns it names, in the arena. */
pt_rc pt_source_expression(const char *const **names, size_t *n, const char *text, pt_place place, pt_conn *c,
                           pt_arena *a, pt_err *err);
/* What was found wrong with the project (pt_fail_code) becomes a report; any other failure is passed on in `err`. */
pt_rc pt_note_problem(pt_diags *diags, pt_rc rc, const pt_err *problem, pt_place place, pt_err *err);
/* The SQL type in which values of a type are stored. */
const char *pt_sql_type(pt_type type);
/* Defines pt_is_phone_cn, pt_is_email and pt_is_id_card: of a text, whether it is one. Not inside a transaction. */
pt_rc pt_source_define_forms(pt_conn *c, pt_err *err);
/* Source numbers, each after the references it looks up. */
pt_rc pt_source_order(const uint32_t **out, const pt_project *p, pt_arena *a, pt_err *err);

/* The hash of all that a source's rows came from (definition, file contents, looked-up references): what a timeline was
 * made from. */
pt_rc pt_source_hash(pt_hash128 *out, const pt_project *p, size_t source, pt_conn *c, pt_err *err);

/* The form in which identifiers of a type are stored, compared and looked up. Immutable; any thread. */
typedef struct pt_normalizer pt_normalizer;
pt_rc pt_normalizer_new(pt_normalizer **out, const pt_identifier_type *type, pt_err *err);
void pt_normalizer_free(pt_normalizer *n); /* NULL is fine */
/* False when the value is empty or blocked, and identifies nobody. *out lies in `value` or in `scratch`. */
bool pt_normalizer_apply(pt_sv *out, const pt_normalizer *n, pt_sv value, pt_str *scratch);

/* After pt_source_read every source is a view `raw.<source>` with columns:
 *   _file UINTEGER (order of files), _row UBIGINT (order in the file), _time TIMESTAMPTZ (NULL: from the beginning),
 *   _id_<type> VARCHAR for each identifier type (normalised; NULL: none or blocked), then the declared columns typed
 *   BOOLEAN, DOUBLE, DECIMAL(18,4), DATE, TIMESTAMPTZ, VARCHAR, VARCHAR[].
 * Quarantined rows are in `meta.quarantine(source, file, line, column_name, reason, raw)`; files in `meta.files`. */

extern const pt_diag_info pt_source_diag_infos[]; /* ends with code 0 */

#endif
