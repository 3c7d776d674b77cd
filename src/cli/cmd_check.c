#include "cli/cli.h"

/* Circles are worked out, not read. */
static size_t sources_read(const pt_project *p)
{
    size_t n = 0;

    for (size_t s = 0; s < p->n_sources; s++)
        n += !p->sources[s].circle;
    return n;
}

/* Warnings do not fail a check. Errors end it with exit code 1: the check itself was done. */
pt_rc pt_cmd_check(pt_cli *cli, pt_err *err)
{
    const char *dir = pt_cli_option(cli, "project");
    char sources[32], tags[32];
    pt_app *app;

    PT_TRY(pt_app_open(&app, dir ? dir : ".", err));
    pt_rc rc = pt_app_check(app, err);
    if (rc != PT_OK) {
        pt_app_close(app);
        return rc;
    }
    const pt_diags *diags = pt_app_diags(app);
    const pt_project *p = pt_app_project(app);
    if (!pt_cli_option(cli, "lang") && p->locale)
        cli->lang = pt_lang_parse(p->locale);
    if (cli->json || diags->n)
        pt_cli_add_problems(cli, diags, &cli->out);
    else
        PT_CLI_SAY(cli, CHECK_OK, p->name, pt_format_count(sources, sources_read(p)), pt_format_count(tags, p->n_tags));
    cli->quiet_failure = true;
    size_t errors = diags->errors;
    pt_app_close(app);
    return errors ? pt_fail(err, PT_EPROBLEM, "the project has problems") : PT_OK;
}
