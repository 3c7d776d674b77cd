/* What cleaning did, as text and as JSON. */
#ifndef PT_CLI_CLEANINGTEXT_H
#define PT_CLI_CLEANINGTEXT_H

#include "app/dry_run.h"
#include "base/json.h"
#include "cli/cli.h"

/* One line a rule; nothing when there are no rules. */
void pt_cleaning_table(pt_cli *cli, const pt_cleaning *cleaning);
/* Each rule with its examples, before -> after. */
void pt_cleaning_examples(pt_cli *cli, const pt_cleaning *cleaning);
/* A dry run, whole. */
void pt_dry_run_print(pt_cli *cli, const pt_project *p, const pt_dry_run *r);
void pt_dry_run_json(pt_cli *cli, const pt_project *p, const pt_dry_run *r);
/* The key "cleaning" of an object: a list of rules with their examples. */
void pt_cleaning_json(pt_json *j, const pt_cleaning *cleaning);

#endif
