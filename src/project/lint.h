/* What project files may not say of customers: sensitive personal information without a purpose and a consent, what is
 * inferred of that kind, and names that insult. docs/catalogue.md#lint. */
#ifndef PT_PROJECT_LINT_H
#define PT_PROJECT_LINT_H

#include "base/str.h"

/* A kind of information that the law protects most. */
typedef struct pt_sensitive_kind {
    const char *name;         /* "religion": as messages say it */
    const char *const *words; /* English words and phrases, in lower case, words apart by one space; ends with NULL */
    const char *const *terms; /* Chinese, wherever they stand in a text; ends with NULL */
    const char *const *but;   /* texts that hold a word or term and mean something else; ends with NULL */
} pt_sensitive_kind;

extern const pt_sensitive_kind pt_sensitive_kinds[]; /* ends with name NULL */

/* The kind that a name or label tells of, NULL when none. Names are taken apart at '_' and between letters and digits. */
const pt_sensitive_kind *pt_text_sensitive(const char *text);
/* The word in the text that insults or discriminates, NULL when none. */
const char *pt_text_insult(const char *text);

#endif
