#include "base/io.h"
#include "cli/cli.h"
#include "report/report.h"

/* "-": to standard output, as it is. Else beside the file and then in its place. */
static pt_rc write_report(pt_cli *cli, const pt_report *r, const char *path, pt_err *err)
{
    char figures[32], bytes[32];
    pt_str html = {0};

    if (strcmp(path, "-") == 0) {
        pt_report_html(&cli->out, r);
        return pt_str_check(&cli->out, err);
    }
    pt_report_html(&html, r);
    pt_rc rc = pt_str_check(&html, err);
    if (rc == PT_OK)
        rc = pt_write_file(path, pt_str_cstr(&html), html.len, err);
    if (rc == PT_OK)
        PT_CLI_SAY(cli, REPORT_DONE, path, pt_format_count(figures, r->n_figures), pt_format_bytes(bytes, html.len));
    pt_str_free(&html);
    return rc;
}

pt_rc pt_cmd_report(pt_cli *cli, pt_err *err)
{
    const char *out = pt_cli_option(cli, "out"), *segment = pt_cli_option(cli, "segment");
    pt_report_options options = {.lang = pt_lang_code(cli->lang), .segment = pt_sv_of(segment ? segment : "")};
    pt_report report;
    pt_diags diags;
    pt_app *app;

    PT_TRY(pt_cli_threads(&options.threads, cli, err));
    PT_TRY(pt_cli_open(&app, cli, err));
    pt_diags_init(&diags, cli->arena);
    pt_rc rc = pt_report_gather(&report, app, &options, &diags, cli->arena, err);
    if (rc == PT_OK && cli->json)
        pt_report_json(&cli->out, &report);
    else if (rc == PT_OK)
        rc = write_report(cli, &report, out ? out : "report.html", err);
    return pt_cli_end(cli, &diags, rc);
}
