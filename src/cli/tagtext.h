/* What several commands say of tags: titles, unknown names, lineage as text and as JSON. */
#ifndef PT_CLI_TAGTEXT_H
#define PT_CLI_TAGTEXT_H

#include "cli/cli.h"

/* "spend  累计消费" on a line. */
void pt_cli_title(pt_cli *cli, const pt_project *p, uint32_t tag);
/* Fails with `code` and names the nearest tag there is. */
pt_rc pt_cli_unknown_tag(const pt_project *p, pt_sv name, pt_rc code, pt_err *err);
void pt_lineage_print(pt_cli *cli, const pt_project *p, const pt_lineage *l);
/* The key "lineage" and its object. */
void pt_lineage_json(pt_json *j, const pt_project *p, const pt_lineage *l);

#endif
