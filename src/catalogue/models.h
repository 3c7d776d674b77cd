/* Templates of models: files of catalogue/models/, which become files of a project's models/ with its own sources and columns. */
#ifndef PT_CATALOGUE_MODELS_H
#define PT_CATALOGUE_MODELS_H

#include "catalogue/catalogue.h"

typedef struct pt_model_template {
    const char *name;    /* "churn": of the file and of its model */
    pt_label label;      /* what it foresees, in a sentence */
    pt_sv text;          /* of the file, without its two lines of comment; roles and columns in braces */
    const char *missing; /* what of it the project lacks, "purchases.amount"; NULL: nothing */
    bool present;        /* the project has a model of this name */
} pt_model_template;

/* All of the catalogue, in order of name. */
pt_rc pt_catalogue_models(const pt_model_template **out, size_t *n, const pt_catalogue_plan *plan, pt_arena *arena,
                          pt_err *err);
/* As pt_catalogue_add: models/<name>.yaml, and the roles that were guessed. PT_EINVAL when something is missing or the project has a
 * model or a file of this name. */
pt_rc pt_catalogue_add_model(pt_addition *out, const pt_catalogue_plan *plan, const pt_model_template *model,
                             pt_arena *arena, pt_err *err);

#endif
