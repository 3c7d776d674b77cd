/* The members of a segment with their tags, written out: for mailing systems, spreadsheets, other programs. Members come in
 * the order of their ordinals, so the same build gives the same bytes. */
#ifndef PT_APP_EXPORT_H
#define PT_APP_EXPORT_H

#include "app/crowds.h"

typedef enum pt_export_format {
    PT_EXPORT_IDS,
    PT_EXPORT_CSV,
    PT_EXPORT_PARQUET,
    PT_EXPORT_XLSX,
    PT_EXPORT_FORMATS
} pt_export_format;
extern const char *const pt_export_formats[PT_EXPORT_FORMATS]; /* "ids", "csv", "parquet", "xlsx" */

typedef struct pt_export_options {
    pt_crowd_options crowd;
    pt_export_format format;
    const char *path; /* written beside and renamed; NULL: standard output (ids and csv alone) */
    pt_sv tags;       /* names with commas between; empty: all but those on sensitive information */
    bool sensitive;   /* those too */
    bool labels;      /* titles of columns are labels in `lang`, else names of tags; spreadsheets have labels always */
    bool mark;        /* CSV begins with a byte order mark, by which Excel knows UTF-8 */
    uint64_t limit;   /* the most rows; 0: no limit */
    const char *purpose; /* of identity.yaml: each person once, and only identifiers sure enough for it; NULL: none */
    pt_sv identifiers;   /* types with commas between: columns with the strongest value of each */
    const char *lang;
} pt_export_options;

typedef struct pt_export_result {
    uint64_t members; /* of the segment; persons, where a purpose was named */
    uint64_t rows;    /* written */
    size_t columns;   /* tags written */
    size_t withheld;  /* tags on sensitive information that were left out */
} pt_export_result;

/* Problems in the condition go to `diags`, and PT_EINVAL is returned. */
pt_rc pt_app_export(pt_export_result *out, pt_app *app, pt_sv condition, const pt_export_options *options,
                    pt_diags *diags, pt_arena *arena, pt_err *err);

#endif
