/* Which links of likeness hold a customer together: `show --why`. */
#ifndef PT_APP_LIKENESSES_H
#define PT_APP_LIKENESSES_H

#include "app/app.h"

typedef struct pt_likeness {
    pt_profile_identifier a, b;
    const char *rule; /* "name+birth" */
    double score;     /* probability, as it was recorded */
} pt_likeness;

typedef struct pt_likenesses {
    const pt_likeness *items; /* the surest first */
    size_t n;
} pt_likenesses;

/* Of the links that stand those between identifiers of one customer. None when the project does not link, or a build holds the store.
 * In the arena. */
pt_rc pt_app_likenesses(pt_likenesses *out, const pt_app *app, uint32_t ordinal, pt_arena *arena, pt_err *err);

#endif
