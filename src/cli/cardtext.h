/* A model's card on a terminal: sentences and tables; curves are for the page. */
#ifndef PT_CLI_CARDTEXT_H
#define PT_CLI_CARDTEXT_H

#include "app/train.h"
#include "cli/cli.h"

/* The card of a version, 0: the one in use. With --json the whole card. */
pt_rc pt_cli_card(pt_cli *cli, pt_app *app, const char *model, uint32_t version, pt_err *err);
/* Its sentences and sections. */
pt_rc pt_cli_card_body(pt_cli *cli, const pt_card *card, pt_err *err);

#endif
