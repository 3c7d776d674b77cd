/* What `portrait doctor` says of links and decisions in the store: are they readable, about records that are there, and is there enough
 * to link? */
#ifndef PT_APP_IDENTITY_CHECKUP_H
#define PT_APP_IDENTITY_CHECKUP_H

#include "app/app.h"
#include "store/store.h"

/* The gravest thing there is to say, in the arena. NULL: there is nothing to say, the project neither links nor was anything decided; or
 * memory was short. */
const char *pt_identity_checkup(pt_health *health, const pt_project *p, pt_conn *c, pt_arena *arena);

#endif
