/* Shared inside clean/. A source is cleaned in steps, one a rule. What a rule must learn of many rows is asked of the rows
 * that the rules before it left (learn.c, duplicates.c); then the rule is one layer of SQL around those before
 * (layers.c), and the innermost is the raw view. The outermost is the view that later stages read. What each rule did is
 * counted in one pass over all layers (report.c). */
#ifndef PT_CLEAN_CLEAN_INT_H
#define PT_CLEAN_CLEAN_INT_H

#include "clean/clean.h"
#include "clean/near.h"

/* How the rows of a step are met by what was learned. */
typedef enum pt_clean_join {
    PT_JOIN_NONE,
    PT_JOIN_GROUPS, /* table has a row a group: g0, g1, ... and v, or low and high */
    PT_JOIN_ROWS    /* table has a row for some of the source's: seq and v, or seq and kept */
} pt_clean_join;

typedef struct pt_clean_step {
    const pt_clean_rule *rule;
    unsigned number;                /* of the rule in `clean:`, from 1 */
    const pt_source_column *column; /* of the rule; NULL: none */
    const char *value;              /* fill: SQL of what a missing value becomes; NULL: nothing was learned */
    const char *low, *high;         /* outliers: SQL of the bounds; NULL: open */
    pt_clean_join join;
    const char *table;        /* in schema clean */
    const char *learned;      /* what was learned, for people; NULL: nothing, or a table of it */
    const char *const *names; /* columns of the condition */
    size_t n_names;
} pt_clean_step;

typedef struct pt_clean_run {
    const pt_project *project;
    const pt_source *source;
    pt_conn *conn;
    pt_arena *arena;
    const char *as_of;     /* SQL of the latest instant to learn from; NULL: no row is later */
    const char *made_from; /* hex: of rows, rules and instant; part of table names */
    pt_clean_step *steps;
    size_t n_steps;
    bool drops; /* some rule drops rows */
} pt_clean_run;

/* --- layers.c ------------------------------------------------------------------------------------------------------- */

/* The rows as the first n steps leave them, in brackets: the columns of the raw view, those that rules added, `time` and
 * identifiers by their types, _seq (order in the files), _dropped (number of the rule that dropped the row; NULL: none)
 * and, for step k, _b<k> the value before and _t<k> whether it was touched (where it does not drop). */
void pt_clean_rows(pt_sql *q, const pt_clean_run *run, size_t n);
/* What is left after all steps, as later stages see it. */
void pt_clean_view(pt_sql *q, const pt_clean_run *run);
/* "WHERE ..." of the rows that the steps before k may be learned from: not dropped, not later than the as-of. */
void pt_clean_where(pt_sql *q, const pt_clean_run *run);
/* Whether a step drops rows; whether it changes its column. */
bool pt_clean_drops(const pt_clean_step *step);
bool pt_clean_changes(const pt_clean_step *step);
/* The SQL name of a column that a rule names after `by`: its own, or _id_<type>. In the arena; NULL when memory is short. */
const char *pt_clean_group(const pt_clean_run *run, const char *name);
/* `_id_<type>` for an identifier of the source. */
const char *pt_clean_identifier(const pt_clean_run *run, size_t i);
/* A value of a project file as an SQL literal of the column's type. */
const char *pt_clean_literal(const pt_clean_run *run, pt_type type, const char *text);
/* Number of a row's place: order in the files. */
#define PT_CLEAN_SEQ "CAST(_file AS UBIGINT) * 1099511627776 + _row"

/* --- learn.c, duplicates.c ------------------------------------------------------------------------------------------ */

/* Sets what step k has learned from the rows that the steps before it left. */
pt_rc pt_clean_learn(pt_clean_run *run, size_t k, pt_err *err);
pt_rc pt_clean_find_duplicates(pt_clean_run *run, size_t k, pt_err *err);
pt_rc pt_clean_find_near(pt_clean_run *run, size_t k, pt_err *err);
/* Names the table of step k and begins "CREATE TABLE clean.<name> AS". */
pt_rc pt_clean_table(pt_sql *q, pt_clean_run *run, size_t k, pt_clean_join join, pt_err *err);
/* Runs and frees the statement. */
pt_rc pt_clean_exec(pt_sql *q, pt_clean_run *run, pt_err *err);
/* Whether what the rule learns depends on the as-of. */
bool pt_clean_learns_as_of(const pt_clean_rule *rule);

/* --- conditions.c --------------------------------------------------------------------------------------------------- */

/* Checks the conditions of all steps and finds the columns they name; PT_EINVAL at the rule that is wrong. */
pt_rc pt_clean_check_step(pt_clean_run *run, size_t k, pt_err *err);

/* --- report.c ------------------------------------------------------------------------------------------------------- */

/* Counts what each rule did into meta.cleaning, with examples, and puts dropped rows into meta.clean_rejects. */
pt_rc pt_clean_report(pt_clean_run *run, pt_err *err);

#endif
