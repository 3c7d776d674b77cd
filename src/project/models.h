/* Between the files that read models/: models.c (a model and its common keys), models_settings.c (algorithms and what a kind may
 * set), models_check.c (expressions). */
#ifndef PT_PROJECT_MODELS_H
#define PT_PROJECT_MODELS_H

#include "project/load.h"

/* An expression of a model, kept until tags and segments are known. */
typedef struct pt_pending_expression {
    struct pt_pending_expression *next;
    pt_lang_tag twin;           /* as the module of learning has it */
    pt_model_expression *whole; /* where the answer goes: of the model itself, */
    pt_setting_item *item;      /* or of a setting */
    pt_setting_type type;       /* of a setting; PT_SETTING_CONDITION of a population, PT_SETTING_VALUE of a target */
    const char *model;
} pt_pending_expression;

/* A mapping of a model file under reading. */
typedef struct pt_model_reading {
    pt_fields fields;
    pt_model_def *def;
} pt_model_reading;

/* Keeps an expression for models_check.c. `role` ("population") is what problems call it. */
pt_pending_expression *pt_model_expression_later(pt_model_reading *r, const pt_yaml *value, const char *role,
                                                 pt_setting_type type);
bool pt_yaml_as_number(pt_loader *l, double *out, const pt_yaml *value, const char *key, double low, double high,
                       bool whole);
bool pt_field_number(const pt_fields *f, double *out, const char *key, double low, double high, bool whole);
/* Tags by name, that no model gives; false when one is wrong. */
bool pt_yaml_as_tags(pt_loader *l, const uint32_t **out, size_t *n, const pt_yaml *value, const char *key);

void pt_model_read_algorithms(pt_model_reading *r);
void pt_model_read_settings(pt_model_reading *r);

#endif
