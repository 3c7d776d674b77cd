/* What a project says of linking in its own words: expressions that keys are made of, levels of comparisons. Read and checked here;
 * rules_apply.c makes rules and comparisons of columns of them. docs/linking.md, "Rules of your own".
 *
 *   phone                                 the value of a column, written alike as its kind says
 *   prefix(pinyin(name), 4)               functions of it: pt_link_functions
 *   soundex(family(name)) + year(birth)   both; a record that lacks one has no key
 *   qgrams(email, 5)                      several keys a record
 *
 *   same    jaro_winkler 0.92    edits 1 of pinyin(name)    within 30d    within 2% and same of city    swapped with first_name */
#ifndef PT_LINK_RULES_H
#define PT_LINK_RULES_H

#include "base/diag.h"
#include "link/link.h"

typedef struct pt_link_function pt_link_function; /* rules_functions.c */

enum { PT_LINK_EXPR_COLUMNS_MAX = 16 }; /* that one expression names, repeats counted */

/* An expression over columns. Immutable; in the arena it was read into. Its value of a record is any number of texts. */
typedef struct pt_link_expr {
    const pt_link_function *function; /* of `args`; NULL: a column, or all of `args` together (+) when there are any */
    uint32_t n_args;
    const struct pt_link_expr *const *args;
    double numbers[2];    /* of a function that takes them */
    pt_sv source, column; /* a column as written; source.len 0: `column` alone */
    pt_place place;       /* of the column or the function's name */
    bool several;         /* may give more than one text a record */
} pt_link_expr;

typedef struct pt_link_level_rule {
    pt_link_test test;
    double bound;
    const pt_link_expr *of;    /* what is compared; NULL: the column of the comparison */
    const pt_link_expr *other; /* SWAPPED: with which column; INSIDE: in what, NULL: the same */
    const struct pt_link_level_rule *also;
} pt_link_level_rule;

/* *out is NULL when the text has problems, which are then in `diags`. Fails only for want of memory. Names of columns are anybody's:
 * pt_link_expr_columns gives them out to be checked. */
pt_rc pt_link_read_expr(const pt_link_expr **out, pt_sv text, pt_place place, pt_diags *diags, pt_arena *arena,
                        pt_err *err);
pt_rc pt_link_read_level(const pt_link_level_rule **out, pt_sv text, pt_place place, pt_diags *diags, pt_arena *arena,
                         pt_err *err);

/* Calls `see` for each column that is named. */
void pt_link_expr_columns(const pt_link_expr *e, void *ctx, void (*see)(void *ctx, const pt_link_expr *column));
void pt_link_level_columns(const pt_link_level_rule *level, void *ctx,
                           void (*see)(void *ctx, const pt_link_expr *column));

#endif
