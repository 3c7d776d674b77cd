/* Trends as tables with sparklines, and as JSON: what --trend of tags, segment and quality prints. */
#ifndef PT_CLI_TRENDTEXT_H
#define PT_CLI_TRENDTEXT_H

#include "app/trend.h"
#include "cli/cli.h"

pt_rc pt_cli_tag_trend(pt_cli *cli, pt_app *app, uint32_t tag, pt_err *err);
/* An instant as a day, where it is midnight in the project's zone. */
const char *pt_cli_day(const pt_cli *cli, const pt_project *p, int64_t instant);
/* `label` is what people call the segment. */
pt_rc pt_cli_segment_trend(pt_cli *cli, pt_app *app, const char *segment, const char *label, pt_err *err);
/* Of all sources; `source` not NULL: of that one. */
pt_rc pt_cli_quality_trend(pt_cli *cli, pt_app *app, const char *source, pt_err *err);

#endif
