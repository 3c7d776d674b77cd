/* `portrait add`: tags of the catalogue, written into the project. */
#include "cli/cataloguetext.h"

/* --- which -------------------------------------------------------------------------------------------------------- */

static bool has_consent(const pt_addition_options *o)
{
    return o->purpose.en && o->consent.en;
}

/* Of a group, or of all: what the data can compute, with --collect also what must be asked or bought; nothing that the
 * law stands against. */
static size_t choose_possible(pt_cli *cli, uint32_t *wanted, const pt_catalogue_plan *plan, const char *group,
                              const pt_addition_options *options)
{
    pt_template_state last = pt_cli_option(cli, "collect") ? PT_TEMPLATE_IMPORT : PT_TEMPLATE_COMPUTABLE;
    const pt_catalogue *c = plan->catalogue;
    size_t n = 0;

    for (size_t i = 0; i < c->n_templates; i++) {
        pt_template_state state = plan->statuses[i].state;
        if (state >= PT_TEMPLATE_COMPUTABLE && state <= last && pt_cli_in_group(cli, c, c->templates[i].group, group) &&
            (!c->templates[i].needs_consent || has_consent(options)))
            wanted[n++] = (uint32_t)i;
    }
    return n;
}

static pt_rc choose(size_t *n, uint32_t *wanted, pt_cli *cli, const pt_catalogue_plan *plan,
                    const pt_addition_options *options, pt_err *err)
{
    const char *group = pt_cli_option(cli, "group"), *all = pt_cli_option(cli, "all-computable");

    *n = 0;
    if ((group != NULL) + (all != NULL) + (cli->n_args > 0) != 1) {
        pt_fail(err, PT_EINVAL, "say which tags: their names, --group or --all-computable");
        return pt_err_hint(err, "portrait tags --templates lists what there is");
    }
    if (group)
        PT_TRY(pt_cli_check_template_group(cli, plan->catalogue, group, err));
    if (group || all)
        *n = choose_possible(cli, wanted, plan, group, options);
    for (size_t i = 0; i < cli->n_args; i++)
        PT_TRY(pt_cli_template(&wanted[(*n)++], plan->catalogue, cli->args[i], err));
    return PT_OK;
}

/* --- what was done ------------------------------------------------------------------------------------------------ */

static void list_tags(pt_cli *cli, const pt_catalogue_plan *plan, const pt_addition *a)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT};
    pt_table t;

    pt_table_init(&t, cli->arena, 3, align, NULL);
    for (size_t i = 0; i < a->n_templates; i++) {
        const pt_tag_template *template = &plan->catalogue->templates[a->templates[i]];
        pt_table_row(&t, (const char *const[]){template->name,
                                               pt_label_text(&template->label, pt_lang_code(cli->lang), template->name),
                                               pt_cli_template_group(cli, plan->catalogue, template->group)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, false);
    pt_table_free(&t);
}

static void list_roles(pt_cli *cli, const pt_catalogue_plan *plan, const pt_addition *a)
{
    for (size_t i = 0; i < a->n_roles; i++) {
        uint32_t r = a->roles[i];
        const pt_role *role = &plan->catalogue->roles[r];
        pt_str_addf(&cli->out, "  %s = %s:", role->name, plan->names.sources[r].name);
        for (size_t c = 0; c < role->n_columns; c++)
            if (plan->bindings[r].columns[c] >= 0)
                pt_str_addf(&cli->out, " %s = %s;", role->columns[c].name, plan->names.sources[r].columns[c].name);
        if (cli->out.len && cli->out.ptr[cli->out.len - 1] == ';')
            cli->out.ptr[--cli->out.len] = '\0';
        pt_str_addc(&cli->out, '\n');
    }
}

static void list_files(pt_cli *cli, const pt_addition *a, bool whole)
{
    for (size_t i = 0; i < a->n_edits; i++) {
        const char *how = pt_cli_text(cli, a->is_new[i] ? PT_TEXT_ADD_FILE_NEW : PT_TEXT_ADD_FILE_CHANGED);
        pt_str_addf(&cli->out, whole ? "--- %s (%s)\n" : "  %s (%s)\n", a->edits[i].path, how);
        if (whole)
            pt_str_addf(&cli->out, "%.*s\n", (int)a->added[i].len, a->added[i].ptr);
    }
}

static void report(pt_cli *cli, const pt_catalogue_plan *plan, const pt_addition *a, bool dry)
{
    char count[32];

    pt_format_count(count, a->n_templates);
    if (a->n_templates)
        pt_str_fill(&cli->out, pt_cli_text(cli, dry ? PT_TEXT_ADD_WOULD : PT_TEXT_ADD_TAGS), (const char *[]){count},
                    1);
    list_tags(cli, plan, a);
    if (a->n_roles) {
        pt_str_add(&cli->out, pt_cli_text(cli, dry ? PT_TEXT_ADD_ROLES_WOULD : PT_TEXT_ADD_ROLES));
        list_roles(cli, plan, a);
    }
    if (a->n_questionnaires)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_ADD_QUESTIONNAIRES));
    for (size_t i = 0; i < a->n_questionnaires; i++) {
        const pt_role *role = &plan->catalogue->roles[a->questionnaires[i]];
        pt_str_addf(&cli->out, "  %s  %s\n", role->name, pt_label_text(&role->label, pt_lang_code(cli->lang), ""));
    }
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_ADD_FILES));
    list_files(cli, a, dry);
    if (!dry && a->n_templates)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_ADD_NEXT));
}

static void report_json(pt_cli *cli, const pt_catalogue_plan *plan, const pt_addition *a, bool dry)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_bool(&j, "written", !dry);
    pt_json_put_open(&j, "tags", '[');
    for (size_t i = 0; i < a->n_templates; i++)
        pt_json_cstr(&j, plan->catalogue->templates[a->templates[i]].name);
    pt_json_close(&j, ']');
    pt_json_put_open(&j, "roles_guessed", '[');
    for (size_t i = 0; i < a->n_roles; i++)
        pt_json_cstr(&j, plan->catalogue->roles[a->roles[i]].name);
    pt_json_close(&j, ']');
    pt_json_put_open(&j, "files", '[');
    for (size_t i = 0; i < a->n_edits; i++) {
        pt_json_open(&j, '{');
        pt_json_put_cstr(&j, "path", a->edits[i].path);
        pt_json_put_bool(&j, "new", a->is_new[i]);
        pt_json_put_text(&j, "added", a->added[i]);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

void pt_add_report(pt_cli *cli, const pt_catalogue_plan *plan, const pt_addition *a, bool dry)
{
    if (cli->json)
        report_json(cli, plan, a, dry);
    else
        report(cli, plan, a, dry);
}

/* --- the command -------------------------------------------------------------------------------------------------- */

static pt_rc add(pt_cli *cli, const pt_catalogue_plan *plan, const uint32_t *wanted, size_t n,
                 const pt_addition_options *options, pt_err *err)
{
    bool dry = pt_cli_option(cli, "dry-run") != NULL;
    pt_addition a;
    pt_diags diags;

    pt_diags_init(&diags, cli->arena);
    PT_TRY(pt_cli_end(cli, &diags, pt_app_add(&a, plan, wanted, n, options, !dry, &diags, cli->arena, err)));
    if (cli->json || a.n_templates)
        pt_add_report(cli, plan, &a, dry);
    else
        pt_str_add(&cli->out, pt_cli_text(cli, cli->n_args ? PT_TEXT_ADD_NOTHING : PT_TEXT_ADD_NONE_COMPUTABLE));
    if (!cli->json)
        pt_cmd_add_namesake(cli, plan);
    return PT_OK;
}

pt_rc pt_cmd_add(pt_cli *cli, pt_err *err)
{
    const char *purpose = pt_cli_option(cli, "purpose"), *consent = pt_cli_option(cli, "consent");
    pt_addition_options options = {{purpose, purpose}, {consent, consent}};
    const pt_catalogue_plan *plan;
    pt_app *app;
    size_t n;

    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_cli_plan(&plan, cli, app, err));
    if (pt_cli_option(cli, "model") || pt_cli_option(cli, "models"))
        return pt_cmd_add_model(cli, plan, err);
    uint32_t *wanted = PT_NEW_ARRAY(cli->arena, uint32_t, plan->catalogue->n_templates + cli->n_args);
    if (!wanted)
        return pt_fail_nomem(err, "the tags");
    pt_rc rc = choose(&n, wanted, cli, plan, &options, err);
    if (rc != PT_OK)
        return rc == PT_ENOTFOUND ? pt_cmd_add_hint(cli, plan, err) : rc;
    return add(cli, plan, wanted, n, &options, err);
}
