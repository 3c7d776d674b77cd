/* `portrait init --from FILE ... [DIR]`. */
#ifndef PT_CLI_INIT_FROM_H
#define PT_CLI_INIT_FROM_H

#include "cli/cli.h"

pt_rc pt_cli_init_from(pt_cli *cli, const char *first, pt_err *err);

#endif
