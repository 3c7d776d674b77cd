/* What the rows of a source are like: measures of every column, findings (what is wrong, with the rows that show it), the
 * project's own rules, scores. All by SQL through the store, over the rows that a build uses. docs/quality.md. */
#ifndef PT_QUALITY_QUALITY_H
#define PT_QUALITY_QUALITY_H

#include "project/project.h"
#include "store/store.h"

/* --- measures ----------------------------------------------------------------------------------------------------- */

typedef enum pt_measure {
    PT_MEASURE_ROWS,
    PT_MEASURE_FILLED,
    PT_MEASURE_DISTINCT,
    PT_MEASURE_MIN,
    PT_MEASURE_MAX,
    PT_MEASURE_MEAN,
    PT_MEASURE_STDDEV,
    PT_MEASURE_P25,
    PT_MEASURE_MEDIAN,
    PT_MEASURE_P75,
    PT_MEASURE_SHORTEST,
    PT_MEASURE_LONGEST,
    PT_MEASURE_SCORE,
    PT_MEASURE_COUNT
} pt_measure;

const char *pt_measure_name(pt_measure m); /* "filled": stable */
bool pt_measure_parse(pt_measure *out, pt_sv name);

enum { PT_TOP_VALUES = 5 };

typedef struct pt_top_value {
    const char *text;
    uint64_t rows;
} pt_top_value;

typedef struct pt_quality_column {
    const char *name;       /* "amount", "time", "customer.user_id" */
    const char *sql;        /* the column of the relation, not quoted: "amount", "_time", "_id_user_id" */
    const char *identifier; /* its type, or NULL */
    pt_type type;
    bool personal;                     /* values are masked wherever they are shown */
    double measures[PT_MEASURE_COUNT]; /* NaN: none */
    double earlier[PT_MEASURE_COUNT];  /* of the build before; NaN: none */
    pt_top_value top[PT_TOP_VALUES];
    size_t n_top;
} pt_quality_column;

typedef struct pt_quality_source {
    uint32_t source;            /* its number */
    pt_quality_column *columns; /* the time (when it has one), identifiers, declared columns */
    size_t n_columns;
    uint64_t rows;
} pt_quality_source;

/* What is looked at, and as of when. */
typedef struct pt_quality_context {
    const pt_project *project;
    pt_conn *conn;
    int64_t as_of;
    pt_arena *arena; /* of the results */
} pt_quality_context;

/* The columns of a source as the report names them, without measures. */
pt_rc pt_quality_columns(pt_quality_source *out, const pt_quality_context *x, uint32_t source, pt_err *err);
/* Measures of all columns: one scan, and one more for the most frequent values. */
pt_rc pt_quality_profile(pt_quality_source *out, const pt_quality_context *x, uint32_t source, pt_err *err);

#endif
