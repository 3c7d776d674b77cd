/* A model's card on a terminal: sentences and tables; curves are for the page. */
#ifndef PT_CLI_CARDTEXT_H
#define PT_CLI_CARDTEXT_H

#include "app/train.h"
#include "cli/cli.h"

/* *version unless it is 0: then the one in use, else the latest. PT_ENOTFOUND when there is none. */
pt_rc pt_cli_card_of(uint32_t *version, pt_app *app, const char *model, pt_arena *arena, pt_err *err);
/* The card of a version, 0: as above. With --json the whole card. */
pt_rc pt_cli_card(pt_cli *cli, pt_app *app, const char *model, uint32_t version, pt_err *err);
/* Its title, sentences and sections; and those without the title. */
pt_rc pt_cli_card_text(pt_cli *cli, const pt_card *card, pt_err *err);
pt_rc pt_cli_card_body(pt_cli *cli, const pt_card *card, pt_err *err);

#endif
