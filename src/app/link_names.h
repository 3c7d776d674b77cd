/* What linking itself calls columns and blocking rules, in both languages. What a project calls its columns stays as it is. */
#ifndef PT_APP_LINK_NAMES_H
#define PT_APP_LINK_NAMES_H

#include "app/linking.h"
#include "app/model_card.h"

/* A comparison's or column's name. */
pt_card_text pt_link_column_text(const pt_linking *l, const char *name);
/* Of an expression that a project has written: "user(email)". In the arena; len 0 when the column is of none. */
pt_rc pt_link_expression_of(pt_sv *out, const pt_link_column *c, pt_arena *arena, pt_err *err);
/* A blocking rule of the setup. In the arena. */
pt_rc pt_link_rule_text(pt_card_text *out, const pt_linking *l, size_t rule, pt_arena *arena, pt_err *err);
/* The name of the blocking rule that is called so in either language; the text itself where there is none. */
pt_rc pt_link_rule_named(const char **out, const pt_linking *l, const char *text, pt_arena *arena, pt_err *err);

#endif
