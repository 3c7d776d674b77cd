/* The shared real data as tables of features: read in place, nothing of it is kept. */
#ifndef TESTS_SUPPORT_REAL_TABLE_H
#define TESTS_SUPPORT_REAL_TABLE_H

#include "model/table.h"

/* Columns of numbers become numbers (TRUE and FALSE 1 and 0, empty missing), others categories; `target` becomes the class, `left_out`
 * (ends with NULL) is not read. `folder/file` in the shared data; skips the test when it is absent. In the arena. */
pt_table real_table(const char *file, char separator, const char *target, const char *const *left_out, pt_arena *a);
/* Customers of the online retailer before 2011-06-01 (recency, tenure, orders, lines, spend, quantity), and whether they bought
 * again until the data end. */
pt_table real_retail(pt_arena *a);
/* The rows whose fold (place modulo folds) is `fold`, or all others. */
pt_row_set real_fold(const pt_table *t, size_t folds, size_t fold, bool others, pt_arena *a);

#endif
