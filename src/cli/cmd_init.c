#include "cli/cli.h"
#include "cli/init_data.h"
#include "cli/init_from.h"

pt_rc pt_cmd_init(pt_cli *cli, pt_err *err)
{
    const char *name = pt_cli_option(cli, "template"), *from = pt_cli_option(cli, "from");
    uint64_t customers, seed;
    char count[32];
    pt_json j;

    if (from && !name)
        return pt_cli_init_from(cli, from, err);
    if (from || cli->n_args != 1) {
        pt_fail(err, PT_EINVAL,
                from ? "a project is made from files or from a template" : "name one folder for the project");
        return pt_err_hint(err, "portrait init --help");
    }
    const char *dir = cli->args[0];
    if (!name)
        name = "retail";
    PT_TRY(pt_cli_init_data_check(&customers, &seed, cli, name, err));
    PT_TRY(pt_project_init(dir, name, err));
    PT_TRY(pt_cli_init_data(cli, dir, name, customers, seed, err));
    if (!cli->json) {
        PT_CLI_SAY(cli, INIT_DONE, name, dir);
        if (customers)
            PT_CLI_SAY(cli, INIT_DATA, pt_format_count(count, customers));
        PT_CLI_SAY(cli, INIT_NEXT, dir);
        return PT_OK;
    }
    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "dir", dir);
    pt_json_put_cstr(&j, "template", name);
    pt_json_put_int(&j, "customers", (int64_t)customers);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
    return PT_OK;
}
