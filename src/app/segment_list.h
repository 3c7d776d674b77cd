/* Segments that are lists of ids: a file, and who of its ids is a customer. */
#ifndef PT_APP_SEGMENT_LIST_H
#define PT_APP_SEGMENT_LIST_H

#include "app/app.h"
#include "identity/identity.h"

typedef struct pt_segment_list {
    uint64_t ids;     /* lines, or rows with a value */
    uint64_t unknown; /* of which these belong to no customer */
    uint64_t members; /* customers that the others are: fewer when several ids are one customer's */
    pt_hash128 bytes; /* of the file */
} pt_segment_list;

/* Sets a bit for each customer of the list, those who have merged since as the customer they are now part of. `out` may be
 * NULL. PT_ENOTFOUND without the file. */
pt_rc pt_segment_list_members(uint64_t *bits, pt_segment_list *out, const pt_project *p, const pt_segment *s,
                              const pt_directory *d, pt_cancel *cancel, pt_err *err);
/* PT_ENOTFOUND when the file of a list is not there. */
pt_rc pt_segment_lists_exist(const pt_project *p, pt_err *err);
/* The hash of the file's bytes, as a build would find it; zero without the file. */
pt_rc pt_segment_list_hash(pt_hash128 *out, const pt_project *p, const pt_segment *s, pt_err *err);

#endif
