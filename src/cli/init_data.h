/* The data of a template, for `portrait init`. */
#ifndef PT_CLI_INIT_DATA_H
#define PT_CLI_INIT_DATA_H

#include "cli/cli.h"

/* --customers and --seed, or what the template has by itself; customers is 0 for a template without data. */
pt_rc pt_cli_init_data_check(uint64_t *customers, uint64_t *seed, const pt_cli *cli, const char *name, pt_err *err);
/* Writes DIR/data; nothing for a template without data. */
pt_rc pt_cli_init_data(const pt_cli *cli, const char *dir, const char *name, uint64_t customers, uint64_t seed,
                       pt_err *err);

#endif
