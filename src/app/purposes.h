/* Purposes of identity.yaml (docs/purposes.md), as the last build settled them: read from the store. */
#ifndef PT_APP_PURPOSES_H
#define PT_APP_PURPOSES_H

#include "app/view.h"
#include "base/intern.h"

typedef struct pt_purpose_view {
    const pt_purpose *purpose; /* NULL: none was named, everything is allowed */
    uint32_t *person;          /* by ordinal: the customer who stands for this person */
    uint64_t *met;             /* bits by ordinal, for pt_purpose_once_each */
    uint32_t n;                /* ordinals */
    pt_intern *withheld;       /* "type\nvalue" */
} pt_purpose_view;

/* The purpose called `name` (NULL: none). PT_ENOTFOUND when the project has none of that name, or the last build knew none; PT_EBUSY
 * while a build is at work. `ordinals`: of the customers that will be asked about. */
pt_rc pt_purpose_open(pt_purpose_view *out, const pt_project *p, const char *name, uint32_t ordinals, pt_arena *arena,
                      pt_err *err);
void pt_purpose_close(pt_purpose_view *v); /* a zeroed one is fine */
bool pt_purpose_allows(const pt_purpose_view *v, pt_sv type, pt_sv value);
/* Of `members` (bits by ordinal, cleared in place) one customer a person is left: the oldest member. */
void pt_purpose_once_each(const pt_purpose_view *v, uint64_t *members);
/* The strongest identifier of that type that a customer may be reached by; false when there is none. */
bool pt_purpose_identifier(pt_sv *out, const pt_purpose_view *v, const pt_directory *d, uint32_t ordinal,
                           uint32_t type);

#endif
