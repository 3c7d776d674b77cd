/* Where the values of a profile come from, as lines for people and as JSON: `show --why`. */
#ifndef PT_CLI_WHYTEXT_H
#define PT_CLI_WHYTEXT_H

#include "app/likenesses.h"
#include "app/why.h"
#include "cli/cli.h"

void pt_why_print(pt_cli *cli, const pt_project *p, const pt_profile *profile, const pt_whys *whys);
/* A member "why": tag -> what its value comes from. */
void pt_why_json(pt_json *j, const pt_project *p, const pt_whys *whys);

/* Links of likeness between the customer's identifiers; nothing when there are none. */
void pt_likenesses_print(pt_cli *cli, const pt_likenesses *all);
/* A member "likenesses". */
void pt_likenesses_json(pt_json *j, const pt_likenesses *all);

#endif
