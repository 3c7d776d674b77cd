#include "cli/cli.h"
#include "cli/lineagetext.h"

static const char *const formats[] = {"text", "json", "dot", "svg"};

static pt_rc read_format(int *out, const pt_cli *cli, pt_err *err)
{
    const char *given = pt_cli_option(cli, "format");

    *out = cli->json ? 1 : 0;
    if (!given)
        return PT_OK;
    for (int i = 0; i < (int)PT_COUNT(formats); i++) {
        if (strcmp(given, formats[i]) == 0) {
            *out = i;
            return PT_OK;
        }
    }
    pt_fail(err, PT_EINVAL, "--format takes text, dot, json or svg, not '%.40s'", given);
    return pt_err_hint(err, "portrait lineage %.60s --format svg > lineage.svg", cli->args[0]);
}

static pt_rc lineage(pt_cli *cli, const pt_project *p, pt_err *err)
{
    pt_deps_focus focus;
    pt_deps *deps;
    int format;

    PT_TRY(read_format(&format, cli, err));
    PT_TRY(pt_deps_build(&deps, p, cli->arena, err));
    PT_TRY(pt_deps_find(&focus, deps, pt_sv_trim(pt_sv_of(cli->args[0])), cli->arena, err));
    switch (format) {
    case 1: pt_deps_json(cli, deps, &focus); return PT_OK;
    case 2: pt_deps_dot(cli, deps, &focus); return PT_OK;
    case 3: return pt_deps_svg(cli, deps, &focus, err);
    default: pt_deps_text(cli, deps, &focus); return PT_OK;
    }
}

pt_rc pt_cmd_lineage(pt_cli *cli, pt_err *err)
{
    pt_app *app;

    PT_TRY(pt_cli_open(&app, cli, err));
    return lineage(cli, pt_app_project(app), err);
}
