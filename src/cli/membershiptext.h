/* Membership of one customer as text and as JSON (docs/why.md). */
#ifndef PT_CLI_MEMBERSHIPTEXT_H
#define PT_CLI_MEMBERSHIPTEXT_H

#include "app/membership.h"
#include "app/rule_sizes.h"
#include "cli/cli.h"

/* The verdict, what decides it, the rule with all that was found. */
void pt_cli_membership(pt_cli *cli, const pt_project *p, const pt_membership *m);
/* The verdict and the shortest ways in. */
void pt_cli_why_not(pt_cli *cli, const pt_project *p, const pt_membership *m);
/* Both, as one object. */
void pt_cli_membership_json(pt_cli *cli, const pt_project *p, const pt_membership *m);

/* A segment's rule with how many customers each part keeps; JSON with --json (rulesizetext.c). */
void pt_cli_rule_sizes(pt_cli *cli, const pt_project *p, const pt_rule_sizes *sizes);

#endif
