/* What would make a leaf of a condition what it is not, in words. */
#ifndef PT_CLI_NEEDTEXT_H
#define PT_CLI_NEEDTEXT_H

#include "app/render.h"
#include "app/requirement.h"
#include "cli/cli.h"

/* "spend_365d is 620, needs at least 1000: 380 more", appended without a line's end. */
void pt_cli_need(pt_cli *cli, const pt_project *p, const pt_catalog *catalog, const pt_requirement *r, bool want);

#endif
