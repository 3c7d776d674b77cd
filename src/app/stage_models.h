/* Tags that models give, in a build: the approved versions score all customers. */
#ifndef PT_APP_STAGE_MODELS_H
#define PT_APP_STAGE_MODELS_H

#include "app/stage_tags.h"

/* The approved versions of the project's models, read once a build. */
typedef struct pt_stage_models {
    void **models;        /* by model; NULL: no version is approved, or it cannot be used */
    uint32_t *versions;   /* by model; 0 likewise */
    const char **reasons; /* by model: why there are no values, in the user's words; NULL when there are */
} pt_stage_models;

/* What cannot be used is a reason, not a failure. Closed with the arena. */
pt_rc pt_models_open(pt_stage_models *out, const pt_build *b, pt_arena *arena, pt_err *err);
/* All that the values follow from, for the hash of the tags. */
void pt_models_hash(pt_str *out, const pt_stage_models *m, const pt_build *b);
/* Whether a model gives values: statistics over them must be worked out again then. */
bool pt_models_any(const pt_stage_models *m, const pt_project *p);
/* Puts the values of model tags, by tag number, into `external`; `base` has the statistics that features use. */
pt_rc pt_models_score(pt_column *external, const pt_stage_models *m, pt_build *b, const pt_base_set *base,
                      pt_arena *arena, pt_err *err);

/* What became of each model, into the build's result. */
pt_rc pt_models_tell(const pt_build *b, const pt_stage_models *m, pt_err *err);

#endif
