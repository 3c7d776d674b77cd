/* Rules of a decision tree as people read them, as JSON, and as a tag of tiers. */
#ifndef PT_CLI_TREETEXT_H
#define PT_CLI_TREETEXT_H

#include "app/tree_text.h"
#include "cli/cli.h"

/* With --json a list of rules. */
void pt_cli_tree_rules(pt_cli *cli, const pt_project *p, const pt_tree_rule_set *rules);
/* YAML of a tag <model>_rules. */
pt_rc pt_cli_tree_tiers(pt_cli *cli, const pt_project *p, const pt_model_def *model, const pt_tree_rule_set *rules,
                        pt_err *err);

#endif
