/* What several commands say of tags: titles, unknown names, lineage as text and as JSON. */
#ifndef PT_CLI_TAGTEXT_H
#define PT_CLI_TAGTEXT_H

#include "cli/cli.h"

/* "spend  累计消费" on a line. */
void pt_cli_title(pt_cli *cli, const pt_project *p, uint32_t tag);
/* Fails with `code` and names the nearest tag there is. */
pt_rc pt_cli_unknown_tag(const pt_project *p, pt_sv name, pt_rc code, pt_err *err);
/* Whether a tag is in a group: its path or what is shown for it, or of one above; NULL holds all tags. */
bool pt_cli_tag_in_group(pt_cli *cli, const pt_project *p, uint32_t tag, const char *group);
/* PT_ENOTFOUND, with the nearest, when no tag is in the group. */
pt_rc pt_cli_check_tag_group(pt_cli *cli, const pt_project *p, const char *group, pt_err *err);
/* tagversion.c. Prints the earlier definition that "spend@v1" means and gives PT_TAG_SHOWN; gives the tag's number when
 * the present one is meant, -1 when the name means none. */
enum { PT_TAG_SHOWN = -2 };
int pt_cli_tag_version(pt_cli *cli, const pt_project *p, pt_sv name);
/* How old a tag may grow, its versions, its confidence: a line each, for those that are said. */
void pt_cli_tag_upkeep(pt_cli *cli, const pt_project *p, uint32_t tag);
void pt_lineage_print(pt_cli *cli, const pt_project *p, const pt_lineage *l);
/* The key "lineage" and its object. */
void pt_lineage_json(pt_json *j, const pt_project *p, const pt_lineage *l);

#endif
