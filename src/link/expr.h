/* What an expression gives of values. Shared by keys and levels that follow from rules. */
#ifndef PT_LINK_EXPR_H
#define PT_LINK_EXPR_H

#include "link/apply.h"
#include "link/rules_int.h"

/* An expression whose columns are known: numbers of the setup's table. */
typedef struct link_bound {
    const pt_link_expr *expr;
    const pt_link_setup *setup;
    size_t n;
    const pt_link_expr *leaves[PT_LINK_EXPR_COLUMNS_MAX];
    uint32_t columns[PT_LINK_EXPR_COLUMNS_MAX];
    bool absent; /* a column is not there: no record has a value */
    bool single; /* all columns are one */
    pt_sv value; /* that is at hand, while running */
} link_bound;

void link_bind(link_bound *out, const pt_link_expr *e, const pt_link_setup *s, const pt_link_naming *naming);
/* What is given of a record, or of one value of a single column. `out` is emptied first. */
void link_run(link_words *out, link_bound *b, uint32_t record);
void link_run_value(link_words *out, link_bound *b, pt_sv value);
/* "prefix(name, 3)" */
void link_expr_print(pt_str *out, const pt_link_expr *e);
/* The values of a field by the order in which fields were added; -1: there is no such field. */
int link_find_column(const pt_link_setup *s, const pt_link_naming *naming, pt_sv source, pt_sv column);
/* The comparison of such a field; -1: none any more. */
int link_find_comparison(const pt_link_setup *s, uint32_t given);

#endif
