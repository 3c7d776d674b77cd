/* `link:` of identity.yaml over the records of a project: which columns are compared as what, and rules and comparisons in the
 * project's own words. Part of linking.c. */
#ifndef PT_APP_LINKING_RULES_H
#define PT_APP_LINKING_RULES_H

#include "app/linking_int.h"
#include "project/link_config.h"

/* What the project says of a column (or identifier type) of a source: false when it is to be guessed. PT_LINK_IGNORED as *kind: it is
 * left out. A column that rules name is compared as `words` where its name tells nothing: `guessed` is whether it does. */
bool linking_said(int *kind, const char **as, const pt_link_config *c, const pt_source *s, uint32_t source,
                  const char *column, bool guessed);

/* The setup's rules and comparisons as the project has them; after pt_link_set_up. */
pt_rc linking_apply_rules(pt_linking *l, pt_err *err);

/* The field that a name in `link:` means: by its own name, one of its columns, or its kind. -1: it is not among the fields, perhaps
 * for telling nothing. */
int linking_field_named(const pt_linking *l, pt_sv source, pt_sv column);

#endif
