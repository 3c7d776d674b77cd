/* Shared by export.c and the writers of formats. */
#ifndef PT_APP_EXPORT_INT_H
#define PT_APP_EXPORT_INT_H

#include "app/crowd_query.h"
#include "app/export.h"
#include "app/purposes.h"

#define PT_EXPORT_IDENTIFIER UINT32_MAX

typedef struct pt_export_column {
    const char *title;
    uint32_t tag; /* PT_EXPORT_IDENTIFIER: a column of identifiers */
    const pt_column *values;
} pt_export_column;

typedef struct pt_export {
    const pt_export_options *options;
    const pt_project *project;
    pt_crowd_query *query;
    pt_purpose_view purpose;
    const char *id_title;
    const pt_export_column *columns; /* beside the id */
    size_t n_columns;
    const uint64_t *members;
    uint64_t rows; /* how many will be written */
    pt_arena *arena;
} pt_export;

/* Takes the first name off "a, b". */
pt_sv pt_export_next_name(pt_sv *list);
/* The columns of options->identifiers, appended to x->columns. export_identifiers.c */
pt_rc pt_export_add_identifiers(pt_export *x, pt_err *err);

/* Writes the rows of an export; NULL in `path` is standard output. */
typedef pt_rc pt_export_writer(const pt_export *x, pt_err *err);
pt_export_writer pt_export_text, pt_export_parquet, pt_export_xlsx;

/* Goes over the members, rising. */
typedef struct pt_export_walk {
    const pt_export *x;
    uint32_t next;
    uint64_t left;
} pt_export_walk;

pt_export_walk pt_export_begin(const pt_export *x);
/* False after the last row; PT_ECANCELED by way of *rc when the export is to stop. */
bool pt_export_next(pt_export_walk *w, uint32_t *ordinal, pt_rc *rc, pt_err *err);

#endif
