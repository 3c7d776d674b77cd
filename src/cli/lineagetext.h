/* The part of a project's graph around what was asked, in the four formats of `portrait lineage`. */
#ifndef PT_CLI_LINEAGETEXT_H
#define PT_CLI_LINEAGETEXT_H

#include "app/deps.h"
#include "cli/cli.h"

/* What a node is called in the user's language: a tag by its name and label, the card, others by their name. */
const char *pt_dep_title(const pt_cli *cli, const pt_deps *d, uint32_t node);
void pt_deps_text(pt_cli *cli, const pt_deps *d, const pt_deps_focus *f);
void pt_deps_json(pt_cli *cli, const pt_deps *d, const pt_deps_focus *f);
void pt_deps_dot(pt_cli *cli, const pt_deps *d, const pt_deps_focus *f);
pt_rc pt_deps_svg(pt_cli *cli, const pt_deps *d, const pt_deps_focus *f, pt_err *err);

#endif
