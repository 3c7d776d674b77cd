/* Where sources of merged tags disagree, as lines and a matrix: build, `tags NAME` and quality share it. */
#ifndef PT_CLI_CONFLICTTEXT_H
#define PT_CLI_CONFLICTTEXT_H

#include "app/conflicts.h"
#include "cli/cli.h"

/* "merged: trusted of crm.gender (trust 0.9), ..." */
void pt_merge_print(pt_cli *cli, const pt_project *p, const pt_merge *m);
/* One line a tag with differing values. */
void pt_conflicts_summary(pt_cli *cli, const pt_project *p, const pt_conflict *c, size_t n);
/* How often which sources disagree, and customers to look at. */
void pt_conflicts_matrix(pt_cli *cli, const pt_project *p, const pt_conflict *c);
/* The same of all tags with differing values, the worst first. */
void pt_conflicts_worst(pt_cli *cli, const pt_project *p, const pt_conflict *c, size_t n);
/* A member "conflicts": a list of objects. */
void pt_conflicts_json(pt_json *j, pt_cli *cli, const pt_project *p, const pt_conflict *c, size_t n);

#endif
