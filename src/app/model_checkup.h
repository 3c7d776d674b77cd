/* What `portrait doctor` says of a project's models: can builds use the versions in use, and can they be trained here? */
#ifndef PT_APP_MODEL_CHECKUP_H
#define PT_APP_MODEL_CHECKUP_H

#include "app/app.h"

/* The gravest thing there is to say, in the arena. NULL: memory was short. */
const char *pt_model_checkup(pt_health *health, const pt_project *p, pt_arena *arena);

#endif
