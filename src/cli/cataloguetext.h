/* What `add` and `tags` share when they speak of the catalogue. */
#ifndef PT_CLI_CATALOGUETEXT_H
#define PT_CLI_CATALOGUETEXT_H

#include "app/catalogue.h"
#include "cli/cli.h"

/* The plan of the opened project; prints the problems of its roles. */
pt_rc pt_cli_plan(const pt_catalogue_plan **out, pt_cli *cli, pt_app *app, pt_err *err);
/* A template by its name or its label in either language; names the nearest when there is none. */
pt_rc pt_cli_template(uint32_t *out, const pt_catalogue *c, const char *name, pt_err *err);
/* Whether a group's path, or what is shown for it, is `group` or below it; true for NULL. */
bool pt_cli_in_group(pt_cli *cli, const pt_catalogue *c, const char *path, const char *group);
/* PT_ENOTFOUND when no template is in the group. */
pt_rc pt_cli_check_template_group(pt_cli *cli, const pt_catalogue *c, const char *group, pt_err *err);
/* "消费行为/消费频次" */
const char *pt_cli_template_group(pt_cli *cli, const pt_catalogue *c, const char *path);
const char *pt_cli_state_text(const pt_cli *cli, pt_template_state state);

/* `tags` with --templates, --roles, --view. */
pt_rc pt_tags_templates(pt_cli *cli, pt_app *app, pt_err *err);
pt_rc pt_tags_roles(pt_cli *cli, pt_app *app, pt_err *err);
pt_rc pt_tags_view(pt_cli *cli, pt_app *app, pt_err *err);

/* What add did or would do, as text or JSON. */
void pt_add_report(pt_cli *cli, const pt_catalogue_plan *plan, const pt_addition *a, bool dry);
/* `add --model NAME`, `add --models`. */
pt_rc pt_cmd_add_model(pt_cli *cli, const pt_catalogue_plan *plan, pt_err *err);
/* After `add`: that a word names a model of the catalogue as well. */
void pt_cmd_add_namesake(pt_cli *cli, const pt_catalogue_plan *plan);
/* After `add` found no template: says so when what was asked for is a model. Returns the code of `err`. */
pt_rc pt_cmd_add_hint(pt_cli *cli, const pt_catalogue_plan *plan, pt_err *err);

#endif
