/* `portrait models MODEL rules` and `tiers`: what a stored decision tree says. */
#ifndef PT_APP_MODEL_RULES_H
#define PT_APP_MODEL_RULES_H

#include "app/app.h"
#include "app/tree_text.h"

/* Of the version in use. PT_ENOTFOUND when none is, PT_EINVAL when it is no tree. Everything lives as long as the arena. */
pt_rc pt_app_model_rules(pt_tree_rule_set *out, pt_app *app, const char *model, pt_arena *arena, pt_err *err);

#endif
