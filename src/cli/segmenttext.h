/* What `portrait segment` prints beside its own answers: overlaps, who came and went. */
#ifndef PT_CLI_SEGMENTTEXT_H
#define PT_CLI_SEGMENTTEXT_H

#include "app/segments.h"
#include "cli/cli.h"
#include "cli/figures.h"
#include "cli/table.h"

/* `portrait segment overlap A B ...`; the arguments after the word. Problems in conditions go to `diags`. */
pt_rc pt_segment_overlap(pt_cli *cli, pt_app *app, const pt_crowd_options *options, pt_diags *diags, pt_err *err);

/* `portrait segment diff NAME|CONDITION` (cmd_segment_diff.c). */
pt_rc pt_segment_diff_command(pt_cli *cli, pt_app *app, const pt_crowd_options *options, pt_diags *diags, pt_err *err);

#endif
