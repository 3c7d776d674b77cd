/* Shared by columns.c (of records), derive.c (that follow from others), kinds.c. */
#ifndef PT_LINK_COLUMNS_INT_H
#define PT_LINK_COLUMNS_INT_H

#include "link/columns.h"

pt_rc link_no_memory(pt_err *err);
pt_rc link_new_column(pt_link_table *t, const char *name, int32_t of, uint32_t *number, pt_err *err);
/* As pt_link_add_texts, of a column that no test is made of: its characters are not laid out. */
pt_rc link_add_values(pt_link_table *t, const char *name, const pt_sv *values, uint32_t n, uint32_t *column,
                      pt_err *err);
/* Characters and what tests are told of them beforehand, of a column that has its texts. */
pt_rc link_lay_out(pt_link_table *t, uint32_t number, pt_err *err);

#endif
