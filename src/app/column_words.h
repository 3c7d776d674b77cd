/* Columns known by their names. */
#ifndef PT_APP_COLUMN_WORDS_H
#define PT_APP_COLUMN_WORDS_H

#include "base/str.h"

enum { PT_COLUMN_FOLDED = 300 };

/* Lower case, and without what stands between words: CustomerID, CUSTOMER_ID and "customer id" are all customerid. Returns the
 * length; a name that is longer than there is room is cut. */
size_t pt_column_fold(char out[PT_COLUMN_FOLDED], const char *name);
/* The place of a name in a list of folded words with spaces between them, from 1; 0 when it is none of them. */
int pt_column_word(const char *name, const char *words);

#endif
