/* Shared inside quality/. */
#ifndef PT_QUALITY_QUALITY_INT_H
#define PT_QUALITY_QUALITY_INT_H

#include "quality/quality.h"

/* FROM ... WHERE: the rows of a source that a build uses, up to the as-of. More conditions may follow after AND. */
void quality_from(pt_sql *q, const pt_quality_context *x, uint32_t source);

static inline bool quality_is_ordered(pt_type t)
{
    return t == PT_TYPE_NUMBER || t == PT_TYPE_MONEY || t == PT_TYPE_DATE || t == PT_TYPE_INSTANT;
}

static inline bool quality_is_amount(pt_type t)
{
    return t == PT_TYPE_NUMBER || t == PT_TYPE_MONEY;
}

/* A result of numbers: one call of `row` for each row, with its values as doubles (NaN: NULL). */
typedef struct quality_numbers {
    void *ctx;
    pt_rc (*row)(void *ctx, const double *values, size_t n, pt_err *err);
} quality_numbers;
pt_rc quality_query_numbers(pt_conn *c, const pt_sql *q, const quality_numbers *to, pt_err *err);
/* The only row of a result of numbers. */
pt_rc quality_query_row(double *values, size_t n, pt_conn *c, const pt_sql *q, pt_err *err);

/* Text of cell `column` in row `row`, in the arena; "" when NULL. NULL when memory is short. */
const char *quality_cell(const pt_rows *rows, size_t column, size_t row, pt_arena *arena);
double quality_number(const pt_rows *rows, size_t column, size_t row);

/* --- gathering findings (findings.c) ------------------------------------------------------------------------------- */

typedef struct quality_suspect quality_suspect;

typedef struct quality_job {
    const pt_quality_context *x;
    pt_quality_source *s;
    size_t cap; /* of s->findings */
    quality_suspect *suspects;
    size_t n_suspects, cap_suspects;
    bool nomem;              /* sticky */
    pt_quality_finding lost; /* what quality_add returns then */
} quality_job;

/* A new finding with the kind's severity; `column` -1: of the source. Never NULL. */
pt_quality_finding *quality_add(quality_job *j, pt_finding_kind kind, int column);
const char *quality_masked(pt_sv value, pt_arena *arena);

/* --- suspects: conditions on one row, all counted in one scan (suspects.c) ----------------------------------------- */

struct quality_suspect {
    pt_finding_kind kind;
    int column;      /* whose values are examples and whose filled rows are counted; -1: none, all rows */
    bool of_all;     /* counted among all rows though it has a column */
    bool by_value;   /* the condition is about the column's value alone, and dear: asked once for each different one */
    const char *sql; /* true for a row that is wrong */
    double least, most; /* shares of the rows counted: a finding when more than `least` and at most `most` are wrong */
    uint64_t at_least;  /* and this many rows */
    double figure;
    const char *detail;
    bool by_severity; /* `severity` counts, not the kind's */
    pt_finding_severity severity;
};

/* A backtick in a condition stands for the column, quoted. Texts that are not our own go through quality_quoted. */
void quality_suspect_add(quality_job *j, quality_suspect suspect);
const char *quality_condition(quality_job *j, int column, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
const char *quality_kept(quality_job *j, pt_sql *q);        /* its text, which holds no binds; q is then empty */
const char *quality_quoted(quality_job *j, pt_sv text);     /* 'text' */
const char *quality_name(quality_job *j, const char *name); /* "name" */
const char *quality_number_text(quality_job *j, double v);  /* for SQL */
/* Counts all suspects and makes findings of those that stand; then there are none. */
pt_rc quality_suspects_try(quality_job *j, pt_err *err);
/* Rows that show a finding: those for which `sql` is true. */
pt_rc quality_examples(quality_job *j, pt_quality_finding *f, int column, const char *sql, pt_err *err);
/* The same from a query of (_file, _row, value), which is ordered and cut here. */
pt_rc quality_examples_of(quality_job *j, pt_quality_finding *f, bool masked, const pt_sql *rows, pt_err *err);

/* --- what is looked for -------------------------------------------------------------------------------------------- */

/* Bits of what pt_text_faults(text) gives in SQL (texts.c). */
enum { TEXT_PLACEHOLDER = 1, TEXT_GARBLED = 2, TEXT_INVISIBLE = 4, TEXT_MARKUP = 8, TEXT_TEST = 16, TEXT_MASHED = 32 };

pt_rc quality_define_texts(pt_conn *c, pt_err *err);                            /* also pt_text_shape(text) */
const char *quality_format_sql(quality_job *j, const char *format, int column); /* true for values of the format */
/* Whether a column is called by one of the words (separated by spaces), as a whole or as a part between underscores. */
bool quality_is_called(const char *name, const char *words);
/* SQL for the number of an instant's local day, and the text of such a day. */
const char *quality_day_sql(quality_job *j, const char *instant);
const char *quality_day_text(quality_job *j, double day);

pt_rc quality_rules(quality_job *j, pt_err *err);     /* rules.c */
pt_rc quality_texts(quality_job *j, pt_err *err);     /* probe_text.c */
pt_rc quality_amounts(quality_job *j, pt_err *err);   /* probe_number.c */
pt_rc quality_times(quality_job *j, pt_err *err);     /* probe_time.c */
pt_rc quality_days(quality_job *j, pt_err *err);      /* probe_days.c */
pt_rc quality_rows(quality_job *j, pt_err *err);      /* probe_rows.c */
pt_rc quality_relations(quality_job *j, pt_err *err); /* probe_relations.c */
pt_rc quality_behaviour(quality_job *j, pt_err *err); /* probe_behaviour.c */
pt_rc quality_sources(quality_job *j, pt_err *err);   /* probe_sources.c */
void quality_drift(quality_job *j);                   /* drift.c */

#endif
