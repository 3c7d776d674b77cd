#include "cli/membershiptext.h"

pt_rc pt_cmd_why_not(pt_cli *cli, pt_err *err)
{
    pt_explain_options options = {.customer = pt_sv_of(pt_cli_option(cli, "customer"))};
    const pt_membership *m;
    pt_diags diags;
    pt_app *app;

    if (!options.customer.len) {
        pt_fail(err, PT_EINVAL, "say which customer");
        return pt_err_hint(err, "--customer ID");
    }
    PT_TRY(pt_cli_open(&app, cli, err));
    const pt_project *p = pt_app_project(app);
    PT_TRY(pt_cli_as_of(&options.as_of, &options.has_as_of, cli, p, err));
    pt_diags_init(&diags, cli->arena);
    pt_rc rc = pt_app_membership(&m, app, pt_sv_of(cli->args[0]), &options, &diags, cli->arena, err);
    if (rc == PT_OK && cli->json)
        pt_cli_membership_json(cli, p, m);
    else if (rc == PT_OK)
        pt_cli_why_not(cli, p, m);
    return pt_cli_end(cli, &diags, rc);
}
