/* Changes of definitions as lines: plan and diff share it. */
#ifndef PT_CLI_CHANGETEXT_H
#define PT_CLI_CHANGETEXT_H

#include "app/definitions.h"
#include "cli/cli.h"

/* "  changed  tag spend_365d", then how it read before and reads now. */
void pt_changes_print(pt_cli *cli, const pt_definition_change *changes, size_t n);
/* A member "definitions": a list of objects. */
void pt_changes_json(pt_json *j, const pt_definition_change *changes, size_t n);

#endif
