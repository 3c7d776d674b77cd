/* Finding customers by ids and identifiers as people write them: once by `show`, a million times for a list of ids. */
#ifndef PT_APP_FINDER_H
#define PT_APP_FINDER_H

#include "identity/identity.h"
#include "project/project.h"

typedef struct pt_finder pt_finder;

/* Both must outlive it. One thread. */
pt_rc pt_finder_new(pt_finder **out, const pt_project *p, const pt_directory *d, pt_err *err);
void pt_finder_free(pt_finder *f); /* NULL is fine */
/* The customer that has a value of a type; PT_ID_NONE when nobody has. */
pt_rc pt_finder_value(uint32_t *out, pt_finder *f, const char *type, pt_sv value, pt_err *err);
/* The customer of a stable id, of "TYPE:VALUE", or of a value of any type, strongest first; PT_ID_NONE when there is none. */
pt_rc pt_finder_any(uint32_t *out, pt_finder *f, pt_sv who, pt_err *err);
/* Whether `who`, as "TYPE:VALUE" or as a value, is the identifier `value` of type `type` (of the directory). */
pt_rc pt_finder_names(bool *out, pt_finder *f, pt_sv who, uint32_t type, pt_sv value, pt_err *err);

#endif
