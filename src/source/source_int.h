/* Shared inside source/. A source is read in steps, each a file: which files there are (inputs.c), what a file holds
 * (shape.c), how each column is made from it (plan.c, cast.c, expression.c), one CREATE TABLE AS (read_table.c), the rows
 * that did not fit (quarantine.c), and the view over all of it (read.c). */
#ifndef PT_SOURCE_SOURCE_INT_H
#define PT_SOURCE_SOURCE_INT_H

#include "source/codes.h"
#include "source/convert.h"
#include "source/csv.h"
#include "source/source.h"
#include "source/text_file.h"

/* --- one run of pt_source_read -------------------------------------------------------------------------------------- */

/* An SQL expression of a project file, checked and made a macro whose parameters are the columns it names. */
typedef struct pt_expression {
    const char *text, *macro;
    const char *const *names; /* in the order of the macro's parameters */
    size_t n_names;
    struct pt_expression *next;
} pt_expression;

typedef struct pt_lookup_keys pt_lookup_keys;
typedef struct pt_lookup_data pt_lookup_data;

/* The SQL functions of a column that is looked up: text of the key -> its number, number -> the value. */
typedef struct pt_lookup_function {
    const char *find, *function;
    pt_lookup_keys *keys; /* what `find` looks in; shared by the columns that look in one reference by one key */
    pt_lookup_data *data; /* what `function` looks in */
} pt_lookup_function;

typedef struct pt_cached_plan pt_cached_plan;

typedef struct pt_read_run {
    const pt_project *project;
    const pt_source *source;
    pt_conn *conn;
    const char *work_dir;
    pt_arena *arena;
    pt_hash128 definition;             /* of all but the file that decides what a table holds */
    const char *text_function;         /* trims; makes empty and missing texts NULL */
    const char **identifier_functions; /* by identifier of the source: normal form, NULL when blocked */
    pt_lookup_function *lookups;       /* by column of the source; zeroes for columns that are not looked up */
    struct pt_read_rule *rules;        /* convert and map, in the order written; rules.h */
    size_t n_rules;
    pt_expression *expressions; /* met so far */
    const char *const *wanted;  /* names the definition may take from a file */
    size_t n_wanted;
    pt_cached_plan *last_plan; /* of the file before: files of a source mostly look alike */
    bool careful;              /* read no file by the engine's own CSV reader */
    uint64_t ambiguous_keys;
} pt_read_run;

/* --- the files of a source ------------------------------------------------------------------------------------------ */

typedef struct pt_input {
    const char *path; /* to open */
    const char *name; /* relative to the project: in meta.files and messages */
    pt_file_format format;
    pt_hash128 content;
    uint64_t bytes;
    const char *table;          /* in schema raw: says what was read and how */
    bool known;                 /* the table was there before */
    uint64_t rows, quarantined; /* of its table, once that is there */
} pt_input;

pt_file_format pt_format_of(const char *path); /* by its ending */
/* All files of a source in path order, hashed. */
pt_rc pt_list_inputs(pt_input **out, size_t *n, const pt_read_run *run, pt_err *err);

/* --- what a file holds ---------------------------------------------------------------------------------------------- */

typedef struct pt_shape {
    const char **names; /* columns of the file; "" for one without a name */
    const char **types; /* SQL types; NULL: all text */
    size_t n, cap;
    size_t known;          /* JSON: the first of `names` are keys of the file; others were asked for */
    bool open_ended;       /* JSON: a name that is not among `names` may still occur */
    bool positions;        /* no header: "2" and "column2" name columns */
    char delimiter, quote; /* CSV; quote 0: none */
} pt_shape;

pt_rc pt_csv_shape(pt_shape *out, const pt_text_file *text, const pt_input *in, const pt_read_run *run, pt_arena *arena,
                   pt_err *err);
/* The column a name means: exactly, else without regard to case when only one fits, else by position. -1: none. */
int pt_shape_find(const pt_shape *shape, const char *name);
pt_rc pt_shape_add(pt_shape *shape, const char *name, pt_arena *arena, pt_err *err);
pt_rc pt_shape_add_typed(pt_shape *shape, pt_sv name, pt_sv type, pt_arena *arena, pt_err *err); /* copies */
/* Whether an open-ended file may have a column of this name, a key or a path of keys. */
bool pt_is_path(const char *name);
/* The names in a definition that may be columns of a file, without quotes. */
pt_rc pt_wanted_names(pt_read_run *run, pt_err *err);
/* "a" of `a` and of `"a"`; NULL for what can only be an expression. */
const char *pt_plain_name(const char *text, pt_arena *arena);

/* --- SQL types and conversions --------------------------------------------------------------------------------------- */

/* SQL that makes `value` (an SQL name) of SQL type `from` into `to`; NULL when there is no way. Where the result is NULL and
 * `value` is not, the value does not fit. */
typedef struct pt_cast {
    pt_type to;
    const char *format, *zone;
} pt_cast;
pt_rc pt_cast_sql(const char **out, const pt_cast *cast, const char *value, const char *from, pt_read_run *run,
                  pt_arena *arena, pt_err *err);
/* SQL for the text of a value, as identifiers and keys are compared: whole numbers without a point. */
const char *pt_text_sql(const char *value, const char *from, pt_arena *arena);
const char *pt_misfit_reason(pt_type to);

/* Defines the conversions that need no context. */
pt_rc pt_define_functions(pt_conn *conn, pt_err *err);
/* Name of the function that reads texts as dates (DATE) or instants (INSTANT), defined when new. */
pt_rc pt_define_time(const char **out, pt_type to, const char *format, const char *zone, pt_conn *conn, pt_arena *arena,
                     pt_err *err);
pt_rc pt_define_text(const char **out, const pt_source *source, pt_conn *conn, pt_arena *arena, pt_err *err);
pt_rc pt_define_identifier(const char **out, const pt_identifier_type *type, pt_conn *conn, pt_arena *arena,
                           pt_err *err);

/* Defines the functions of run->lookups from the references' views, which must be up to date. */
pt_rc pt_make_lookups(pt_read_run *run, pt_err *err);
void pt_drop_lookups(pt_read_run *run); /* frees what they hold */

/* --- expressions ----------------------------------------------------------------------------------------------------- */

/* Checks that it is an expression and nothing else, of functions that depend on nothing but their arguments. `place` is
 * where it was written. */
pt_rc pt_expression_get(const pt_expression **out, pt_read_run *run, const char *text, pt_place place, pt_err *err);
/* The SQL type of the macro's result for arguments of these types; PT_EINVAL when they do not fit. */
pt_rc pt_expression_type(const char **out, const pt_expression *e, const char *const *types, pt_read_run *run,
                         pt_arena *arena, pt_err *err);

/* --- plans ----------------------------------------------------------------------------------------------------------- */

/* A value of a file that is used: column "f<k>" of the innermost query. */
typedef struct pt_cell {
    size_t column;              /* of the shape */
    const char *name;           /* as written in the definition */
    const char *type;           /* SQL type */
    bool as_double, as_decimal; /* it is also read as a number */
} pt_cell;

/* Why a row is refused: `_reject` holds its place in the plan, from 1. */
typedef struct pt_problem {
    const char *column, *reason;
    const char *condition; /* SQL */
    size_t rule;           /* the place, from 1, of the rule of cleaning that refuses; 0: none */
} pt_problem;

/* A cell that a rule has rewritten: v<cell>_<rule>. */
typedef struct pt_rewrite {
    size_t cell, rule;
    const char *before, *after; /* SQL names */
    size_t level;
} pt_rewrite;

typedef struct pt_plan {
    pt_cell *cells;
    size_t n_cells, cap_cells;
    pt_str *levels; /* the select items that each level adds to the one inside it */
    size_t n_levels, cap_levels;
    pt_problem *problems;
    size_t n_problems, cap_problems;
    pt_rewrite *rewrites;
    size_t n_rewrites, cap_rewrites;
    pt_str *marks; /* what each column `_cleaned<n>` is or-ed from */
    size_t n_marks;
    pt_str outputs; /* the select items of the table, `_reject` and those aside */
} pt_plan;

pt_rc pt_plan_make(pt_plan *out, pt_read_run *run, pt_shape *shape, const pt_input *in, pt_arena *arena, pt_err *err);
void pt_plan_free(pt_plan *plan);
/* The plan for a shape, kept in the run for the next file; *shape is then what it was made for, with the names it added. */
pt_rc pt_plan_get(const pt_plan **out, pt_read_run *run, pt_shape *shape, const pt_input *in, pt_err *err);
void pt_plan_forget(pt_read_run *run);
/* CREATE TABLE raw.<table> AS ... over `base`, an SQL relation with the cells as columns f0, f1, ... */
void pt_plan_render(pt_sql *q, const pt_plan *plan, const char *table, const pt_sql *base);

/* --- reading one file ------------------------------------------------------------------------------------------------ */

/* Makes the table of a file and its entries in meta.rejects; counts its rows. */
pt_rc pt_read_table(pt_read_run *run, pt_input *in, pt_err *err);

/* What read_table.c chooses from: each makes raw.<table> of one open file. */
typedef struct pt_reading {
    pt_read_run *run;
    const pt_input *in;
    pt_text_file text; /* CSV and JSON */
    pt_shape shape;
    const pt_plan *plan;
    pt_arena *arena;
    uint64_t records; /* JSON: seen so far; 0 is an empty file */
    int64_t first_rowid;
    uint64_t rows;    /* good ones */
    uint64_t refused; /* rows of the table whose `_reject` is set */
    uint64_t faults;  /* records that are in meta.rejects because they are no rows */
} pt_reading;
pt_rc pt_json_shape(pt_shape *out, pt_reading *r, pt_err *err);
pt_rc pt_parquet_shape(pt_reading *r, pt_err *err);
pt_rc pt_read_parquet(pt_reading *r, pt_err *err);
/* By csv.c into a temporary table and from there. */
pt_rc pt_read_careful(pt_reading *r, pt_err *err);
/* SELECT ... AS f0, ... over the columns or the JSON value that `from` has. */
void pt_add_csv_cells(pt_sql *q, const pt_reading *r, bool trim);
void pt_add_json_cells(pt_sql *q, const pt_reading *r, const pt_sql *lines); /* `lines` has a column j */

/* Puts the r->refused rows into meta.rejects, with their line and text. */
pt_rc pt_quarantine_rows(pt_reading *r, pt_err *err);
pt_rc pt_quarantine_parquet(pt_reading *r, pt_err *err);
/* A text as it is kept in quarantine: valid UTF-8 without NUL, of bounded length. Clears `out` first. */
void pt_quarantine_text(pt_str *out, pt_sv raw);

/* A message about the file itself, with the source's place in the project. */
pt_rc pt_fail_input(pt_err *err, const pt_read_run *run, const pt_input *in, int code, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

#endif
