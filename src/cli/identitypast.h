/* `portrait identity history` and `show`: what happened to a customer's identifiers, in words and as JSON. */
#ifndef PT_CLI_IDENTITYPAST_H
#define PT_CLI_IDENTITYPAST_H

#include "app/identity_history.h"
#include "cli/cli.h"

void pt_cli_past(pt_cli *cli, const pt_project *p, const pt_past_story *story);
/* Only what holds now. */
void pt_cli_past_now(pt_cli *cli, const pt_project *p, const pt_past_story *story);
void pt_cli_past_json(pt_cli *cli, const pt_project *p, const pt_past_story *story, bool now);

#endif
