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
    PT_MEASURE_P01,
    PT_MEASURE_P25,
    PT_MEASURE_MEDIAN,
    PT_MEASURE_P75,
    PT_MEASURE_P99,
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

/* --- findings ----------------------------------------------------------------------------------------------------- */

typedef enum pt_dimension {
    PT_DIMENSION_COMPLETENESS,
    PT_DIMENSION_UNIQUENESS,
    PT_DIMENSION_ACCURACY,
    PT_DIMENSION_CONSISTENCY,
    PT_DIMENSION_CREDIBILITY,
    PT_DIMENSION_FRESHNESS,
    PT_DIMENSION_COUNT
} pt_dimension;

typedef enum pt_finding_severity { PT_FINDING_ERROR, PT_FINDING_WARN, PT_FINDING_NOTE } pt_finding_severity;

/* The kinds are src/quality/kinds_list.h. */
typedef enum pt_finding_kind {
#define X(id, name, dimension, severity, en, zh) PT_FINDING_##id,
#include "quality/kinds_list.h"
#undef X
    PT_FINDING_COUNT
} pt_finding_kind;

enum { PT_FINDING_EXAMPLES = 3 };

/* A row that shows it. `line` is where the row begins when no text before it runs over several lines; of Parquet the
 * number of the row. */
typedef struct pt_finding_example {
    const char *file;
    uint64_t line;
    const char *value; /* masked when personal; "" when it is about no single value */
} pt_finding_example;

typedef struct pt_quality_finding {
    pt_finding_kind kind;
    pt_finding_severity severity;
    const char *column; /* NULL: of the source */
    uint64_t rows, of;  /* rows concerned, and among how many */
    double figure;      /* what these two mean is said in kinds_list.h */
    const char *detail;
    pt_finding_example examples[PT_FINDING_EXAMPLES];
    size_t n_examples;
} pt_quality_finding;

const char *pt_dimension_name(pt_dimension d); /* "completeness": stable, as the two below */
const char *pt_finding_severity_name(pt_finding_severity s);
const char *pt_finding_name(pt_finding_kind k);
pt_dimension pt_finding_dimension(pt_finding_kind k);
bool pt_finding_parse(pt_finding_kind *out, pt_sv name);
bool pt_finding_worse(const pt_quality_finding *a, const pt_quality_finding *b); /* by what they take off a score */
/* The sentence, "zh" or "en", without what it is about. */
void pt_finding_say(pt_str *out, const pt_quality_finding *f, const char *lang);

/* --- a source ----------------------------------------------------------------------------------------------------- */

typedef struct pt_quality_source {
    uint32_t source;            /* its number */
    pt_quality_column *columns; /* the time (when it has one), identifiers, declared columns */
    size_t n_columns;
    uint64_t rows;
    pt_quality_finding *findings; /* the worst first */
    size_t n_findings;
    double score, earlier_score; /* 0 to 100; NaN: none */
    uint64_t earlier_rows;
    double dimensions[PT_DIMENSION_COUNT]; /* the score of each alone */
} pt_quality_source;

/* What is looked at, and as of when. */
typedef struct pt_quality_context {
    const pt_project *project;
    pt_conn *conn;
    int64_t as_of;
    int64_t now;     /* what is later lies in the future */
    pt_arena *arena; /* of the results */
} pt_quality_context;

/* The columns of a source as the report names them, without measures. */
pt_rc pt_quality_columns(pt_quality_source *out, const pt_quality_context *x, uint32_t source, pt_err *err);
/* Measures of all columns: one scan, and one more for the most frequent values. */
pt_rc pt_quality_profile(pt_quality_source *out, const pt_quality_context *x, uint32_t source, pt_err *err);
/* Adds what is wrong to a profile, the results of the project's rules among it, and the scores. `earlier` of its columns, when
 * set, is what it is compared with. */
pt_rc pt_quality_examine(pt_quality_source *s, const pt_quality_context *x, pt_err *err);
/* The scores that follow from the findings. */
void pt_quality_score(pt_quality_source *s);

/* --- kept in the store between builds ------------------------------------------------------------------------------ */

/* Creates the tables and functions when absent; not inside a transaction. */
pt_rc pt_quality_prepare(pt_conn *c, pt_err *err);
/* Whether the report of a source was made from these inputs. */
pt_rc pt_quality_is_kept(bool *out, const pt_quality_context *x, uint32_t source, const char *inputs, pt_err *err);
pt_rc pt_quality_next_run(uint32_t *out, pt_conn *c, pt_err *err);
/* Fills what the source is compared with: its last report. */
pt_rc pt_quality_earlier(pt_quality_source *s, const pt_quality_context *x, pt_err *err);
/* Keeps the report in place of the one before, and adds its measures to meta.quality_history. */
pt_rc pt_quality_save(const pt_quality_source *s, const pt_quality_context *x, uint32_t run, const char *inputs,
                      pt_err *err);
/* The report that is kept, compared with the one before it. */
pt_rc pt_quality_load(pt_quality_source *out, const pt_quality_context *x, uint32_t source, pt_err *err);
/* Drops reports of sources that the project no longer has; the history stays. */
pt_rc pt_quality_sweep(const pt_project *p, pt_conn *c, pt_err *err);

#endif
