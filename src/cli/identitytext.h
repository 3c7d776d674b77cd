/* Identifiers, decisions and changes of customers in words and as JSON: what `portrait identity` says. */
#ifndef PT_CLI_IDENTITYTEXT_H
#define PT_CLI_IDENTITYTEXT_H

#include "app/hands.h"
#include "cli/cli.h"

/* --by, or the user of the machine. */
pt_sv pt_cli_decider(const pt_cli *cli);
/* "phone:13800000000", in the arena of `cli`. */
const char *pt_cli_identifier(const pt_cli *cli, pt_sv type, pt_sv value);
void pt_cli_identifier_json(pt_json *j, const char *key, pt_sv type, pt_sv value);
/* One row in words, in the arena of `cli`. */
const char *pt_cli_decision(const pt_cli *cli, const pt_decision *d);
void pt_cli_decision_json(pt_json *j, const pt_decision *d);
/* Why something was not followed, from identity.refused.reason. */
const char *pt_cli_refusal(const pt_cli *cli, const char *reason);
/* What the next build changes. */
void pt_cli_change(pt_cli *cli, const pt_hand_change *change);
void pt_cli_change_json(pt_json *j, const pt_hand_change *change);
void pt_cli_decisions(pt_cli *cli, const pt_project *p, const pt_hand_list *list);
void pt_cli_decisions_json(pt_cli *cli, const pt_project *p, const pt_hand_list *list);

#endif
