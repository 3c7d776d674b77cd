/* What `train` and `models` say of versions. */
#ifndef PT_CLI_MODELTEXT_H
#define PT_CLI_MODELTEXT_H

#include "app/train.h"
#include "cli/cli.h"
#include "cli/trendtext.h"

/* "2017-06-01, 2017-09-01", in the arena. */
const char *pt_model_days(const pt_cli *cli, const pt_project *p, const pt_model_version *v);
/* "log_loss 0.412 (0.398 .. 0.431), test". */
/* When it was trained, to the minute; "" when the log does not say. */
const char *pt_model_trained(const pt_cli *cli, const pt_project *p, const pt_model_version *v);
const char *pt_model_figure(const pt_cli *cli, const pt_model_version *v);
/* "v2" or "2". */
pt_rc pt_model_version_read(uint32_t *out, const char *text, pt_err *err);
/* The card as a page in the program's language, or as JSON when the file is called so; says that it did. */
/* By how the file's name ends: a page, JSON, text; others are PT_EINVAL. */
pt_rc pt_model_card_path(const char *path, pt_err *err);
pt_rc pt_model_card_write(pt_cli *cli, const pt_card *card, const pt_project *p, const char *path, pt_err *err);
/* Keys of an object that is open. */
void pt_model_version_json(pt_json *j, const pt_project *p, const pt_model_version *v);

#endif
