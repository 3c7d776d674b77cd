/* Between deps.c and deps_sql.c. */
#ifndef PT_APP_DEPS_INT_H
#define PT_APP_DEPS_INT_H

#include "app/deps.h"

/* Calls fn for each name in a piece of SQL: words and names in double quotes that are no keyword, no function and no text.
 * `qualifier` is what stands before a dot, or empty. */
void deps_each_name(pt_sv sql, void (*fn)(void *ctx, pt_sv qualifier, pt_sv name), void *ctx);

#endif
